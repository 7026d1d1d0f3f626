"""What may be done at each place: sensible things together, as exclusive alternatives.

Things done at one station do not add up: longer hours and an open door may each win nobody, and
both together many. Every combination that is of use is therefore a bundle of its own, with its own
cost, and at most one bundle is chosen at a station. Services are combined by what groups need, not
one by one: of all services that meet the same needs the cheapest set stands for them.

A blank in the record of a station that exists is a question and not a thing to be bought: what is
not on record is not changed. Of a place that is to open, blanks are taken to be as usual.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from geo.reference import read_list
from geo.tables import split_list
from siting.candidates.kinds import kind_rules
from siting.costs import Prices, kind_of, longer_hours
from siting.coverage.cells import Cells
from siting.coverage.levels import Filter, Terms
from siting.coverage.mends import TO_OPEN
from siting.filters import EVERYBODY, Need, Passed, need_of, offers, opened
from siting.plans.after_plan import with_defaults
from siting.what_if import EVERYBODY_ENTERS

ActionKind = Literal["open", "hours", "access", "services", "reopen", "move"]
ACTIONS: tuple[ActionKind, ...] = get_args(ActionKind)
"""`open`: a candidate, or a station that is planned; `reopen`: one that is suspended."""

_ANY_WEEK = ""


@dataclass(frozen=True)
class Record:
    """What of a record decides whom a station serves, as it is once something is done."""

    kind: str
    hours: str
    access: str
    services: str


@dataclass(frozen=True)
class Step:
    """One thing done.

    Attributes
    ----------
    action
        What.
    detail
        The kind that is opened, the step of longer hours, or the services added.
    cost_yuan, cost_assumed
        What it costs; whether that is our assumption, not the record's or the planner's figure.
    """

    action: ActionKind
    detail: tuple[str, ...]
    cost_yuan: int
    cost_assumed: bool


@dataclass(frozen=True)
class Bundle:
    """Things done at one station or candidate.

    Attributes
    ----------
    site
        The row of the travel matrix whose record it is: stations, then candidates.
    place
        The row where it then stands: another one only for a station that moves.
    record
        As it then is.
    steps
        What is done; none: it stays as it is.
    assumed
        What is blank and was taken to be usual.
    """

    site: int
    place: int
    record: Record
    steps: tuple[Step, ...] = ()
    assumed: tuple[Filter, ...] = ()

    @property
    def cost_yuan(self) -> int:
        """All steps together."""
        return sum(step.cost_yuan for step in self.steps)

    @property
    def cost_assumed(self) -> bool:
        """Whether any of it is assumed."""
        return any(step.cost_assumed for step in self.steps)


@dataclass(frozen=True, eq=False)
class Menu:
    """What may be done, and what it costs.

    Attributes
    ----------
    actions
        Those that may be taken.
    needs
        What the groups of a demand table need in its windows, each once.
    own_kinds
        Whether a candidate opens as the kind of its record only.
    """

    actions: frozenset[ActionKind]
    prices: Prices
    terms: Terms
    needs: tuple[Need, ...]
    own_kinds: bool = False
    _added: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def at_station(self, site: int, record: Record) -> list[Bundle]:
        """Return what may be done at a station that counts, without moving it."""
        return [b for b in self._improved(Bundle(site, site, record)) if b.steps]

    def at_idle(self, site: int, state: str, opened: "Opened") -> list[Bundle]:
        """Return what may be done at a station that does not count and may be opened."""
        action: ActionKind = "reopen" if TO_OPEN[state] == "reopen" else "open"
        if action not in self.actions:
            return []
        kind = opened.record.kind
        price = (
            self.prices.action("reopen")
            if action == "reopen"
            else self.prices.kind(kind, opened.host_type)
        )
        step = Step(action, () if action == "reopen" else (kind,), *price)
        return list(self._improved(Bundle(site, site, opened.record, (step,), opened.assumed)))

    def at_candidate(self, site: int, ways: Iterable["Opened"]) -> list[Bundle]:
        """Return the kinds of stations that may be opened at a candidate."""
        if "open" not in self.actions:
            return []
        found = []
        for way in itertools.islice(ways, 1 if self.own_kinds else None):
            kind = way.record.kind
            price = (
                self.prices.kind(kind, way.host_type)
                if way.own_cost_yuan is None
                else (way.own_cost_yuan, False)
            )
            step = Step("open", (kind,), *price)
            found.append(Bundle(site, site, way.record, (step,), way.assumed))
        return found

    def moved(self, stays: Bundle, places: Iterable[int]) -> list[Bundle]:
        """Return a station carried to each of some places, its record as it is."""
        step = Step("move", (), *self.prices.action("move"))
        return [replace(stays, place=place, steps=(step,)) for place in places]

    def _improved(self, first: Bundle) -> Iterator[Bundle]:
        """Yield a bundle with every sensible combination of longer hours, open door, services."""
        record = first.record
        if record.kind in read_list("reference/actions")["kinds"]["no_room"]:
            yield first
            return
        for hours, access, services in itertools.product(
            self._hours(record), self._access(record), self._services(record)
        ):
            told = [step for _, step in (hours, access, services) if step is not None]
            after = replace(record, hours=hours[0], access=access[0], services=services[0])
            yield replace(first, record=after, steps=(*first.steps, *told))

    def _hours(self, record: Record) -> list[tuple[str, Step | None]]:
        found: list[tuple[str, Step | None]] = [(record.hours, None)]
        monday, share = self.terms.monday, self.terms.open_share
        known = opened(record.hours, _ANY_WEEK, monday, share) != (Passed.UNVERIFIED,)
        if "hours" in self.actions and known:
            found += [
                (more.hours, Step("hours", (more.code,), *self.prices.action(more.code)))
                for more in longer_hours()
                if more.hours != record.hours
            ]
        return found

    def _access(self, record: Record) -> list[tuple[str, Step | None]]:
        found: list[tuple[str, Step | None]] = [(record.access, None)]
        rights = split_list(record.access)
        listed = read_list("reference/access")
        known = bool(rights) or self.terms.kind_defaults
        open_to_all = any(EVERYBODY in listed.get(right, {}).get("groups", ()) for right in rights)
        if "access" in self.actions and known and not open_to_all:
            step = Step("access", (), *self.prices.action("access"))
            found.append((";".join([*rights, EVERYBODY_ENTERS]), step))
        return found

    def _services(self, record: Record) -> list[tuple[str, Step | None]]:
        found: list[tuple[str, Step | None]] = [(record.services, None)]
        held = split_list(record.services)
        if "services" in self.actions and held:
            found += [
                (";".join([*held, *added]), Step("services", added, *self.prices.services(added)))
                for added in self._additions(record.services)
            ]
        return found

    def _additions(self, services: str) -> list[tuple[str, ...]]:
        known = self._added.get(services)
        if known is None:
            known = self._added[services] = additions(services, self.needs, self.prices)
        return known


def menu(actions: Iterable[ActionKind], prices: Prices, terms: Terms, cells: Cells) -> Menu:
    """Return what may be done for the demand of some cells."""
    needs = dict.fromkeys(
        need_of(group, window) for group in cells.groups for window in cells.windows
    )
    return Menu(frozenset(actions), prices, terms, tuple(needs))


def all_bundles(
    stations: pd.DataFrame, candidates: pd.DataFrame, usable: Sequence[bool], offered: Menu
) -> list[Bundle]:
    """Return everything that may be done where things stand, station by station.

    Parameters
    ----------
    usable
        bool[stations + candidates]: stations that count, and candidates that may be chosen.
    """
    found: list[Bundle] = []
    idle = opened_as_usual(stations)
    for site, (record, state) in enumerate(zip(records(stations), stations["state"], strict=True)):
        if usable[site]:
            found += offered.at_station(site, record)
        elif state in TO_OPEN:
            found += offered.at_idle(site, state, idle[site])
    for number, ways in enumerate(opened_as_any_kind(candidates)):
        site = len(stations) + number
        if usable[site]:
            found += offered.at_candidate(site, ways)
    return found


def movable(
    stations: pd.DataFrame, candidates: pd.DataFrame, usable: Sequence[bool], offered: Menu
) -> dict[int, list[int]]:
    """Return for each station that may be carried elsewhere the rows where it may stand.

    Containers go to candidates of their own unit that suit a container; one of no unit goes to any.
    """
    if "move" not in offered.actions:
        return {}
    rule = read_list("reference/actions")["move"]
    suits = [
        {str(kind), *kinds_at(str(host))}
        for kind, host in zip(candidates["kind"], candidates["host_type"], strict=True)
    ]
    free = np.array(usable[len(stations) :], dtype=bool)
    found = {}
    for site, (kind, town) in enumerate(zip(stations["kind"], stations["town"], strict=True)):
        if not usable[site] or kind not in rule["kinds"]:
            continue
        may = free & np.array([kind in kinds for kinds in suits], dtype=bool)
        if rule["within_unit"] and town:
            may &= (candidates["town"] == town).to_numpy()
        if may.any():
            found[site] = (len(stations) + np.flatnonzero(may)).tolist()
    return found


def records(sites: pd.DataFrame) -> list[Record]:
    """Return stations or candidates as they stand."""
    columns = (sites[name].astype(str) for name in ("kind", "hours", "access", "services"))
    return [Record(*each) for each in zip(*columns, strict=True)]


@dataclass(frozen=True)
class Opened:
    """A place that is to open, as one kind of station.

    Attributes
    ----------
    record
        With its blanks as usual.
    own_cost_yuan
        What its record says that it costs; None: nothing.
    assumed
        What was blank.
    """

    record: Record
    host_type: str
    own_cost_yuan: int | None
    assumed: tuple[Filter, ...]


def opened_as_usual(sites: pd.DataFrame) -> list[Opened]:
    """Return stations or candidates with their blanks as usual for their kind and host."""
    kinds = [kind_of(*each) for each in zip(sites["kind"], sites["host_type"], strict=True)]
    filled, assumed = with_defaults(sites.assign(kind=pd.Series(kinds, sites.index, dtype="str")))
    costs = sites["cost_yuan"] if "cost_yuan" in sites else pd.Series(pd.NA, sites.index)
    columns = (records(filled), sites["host_type"], costs, sites["id"])
    return [
        Opened(record, str(host), None if pd.isna(cost) else int(cost), assumed.get(str(name), ()))
        for record, host, cost, name in zip(*columns, strict=True)
    ]


def opened_as_any_kind(candidates: pd.DataFrame) -> list[list[Opened]]:
    """Return candidates as each kind of station that may be opened there, their own kind first."""
    found = [[way] for way in opened_as_usual(candidates)]
    hosts = candidates["host_type"].astype(str)
    others: dict[str, list[int]] = {}
    for number, ([own], host) in enumerate(zip(found, hosts, strict=True)):
        for kind in kinds_at(host):
            if kind != own.record.kind:
                others.setdefault(kind, []).append(number)
    for kind, numbers in others.items():
        # Hours are the host's; who may enter is as usual for the kind.
        bare = candidates.iloc[numbers].assign(kind=kind, access="")
        for number, way in zip(numbers, opened_as_usual(bare), strict=True):
            found[number].append(_with_services_of(kind, replace(way, own_cost_yuan=None)))
    return found


def _with_services_of(kind: str, way: Opened) -> Opened:
    """Return a place that also holds what a kind usually holds."""
    held = split_list(way.record.services)
    usual = read_list("reference/kinds")[kind].get("services", ())
    more = [name for name in usual if name not in held]
    if not more:
        return way
    record = replace(way.record, services=";".join([*held, *more]))
    return replace(way, record=record, assumed=tuple(dict.fromkeys([*way.assumed, "services"])))


def kinds_at(host_type: str) -> tuple[str, ...]:
    """Return the kinds of stations that suit a kind of host: data/reference/kind_rules.toml."""
    rules = kind_rules()
    known = {code for rule in rules for code in rule.host_types}
    host = host_type if host_type in known else ""
    return tuple(dict.fromkeys(rule.kind for rule in rules if host in rule.host_types))


def additions(services: str, needs: Sequence[Need], prices: Prices) -> list[tuple[str, ...]]:
    """Return sets of services to add, so that every set of needs is met as cheaply as can be.

    Parameters
    ----------
    services
        What a station offers.
    needs
        What groups need; those that it meets already are left out.
    """
    unmet = [need for need in needs if offers(services, need) == Passed.NO]
    found: dict[tuple[str, ...], None] = {}
    for size in range(1, len(unmet) + 1):
        for some in itertools.combinations(unmet, size):
            found[_cheapest(services, some, prices)] = None
    return list(found)


def _cheapest(services: str, needs: Sequence[Need], prices: Prices) -> tuple[str, ...]:
    """Return the cheapest services that meet some needs; of several the fewest, then by name."""
    held = set(split_list(services))
    lines = {line for need in needs for line in need if not held.intersection(line)}
    sets = {tuple(sorted(set(picked))) for picked in itertools.product(*sorted(lines))}
    return min(sets, key=lambda some: (prices.services(some)[0], len(some), some))
