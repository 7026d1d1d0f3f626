"""A year's work in figures: built, asked for, spent, checked; what nobody told is None, never 0.

Stations tell what was built, by unit, kind, area and sector 片区, and what was spent. Targets,
checks, tasks and the last report are a register's: without one they are None.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final, Self

import pandas as pd

from geo.reference import read_list
from siting.coverage import read_demand
from siting.haves_audit import StationHaves, station_haves
from siting.model import Inputs, Parameters
from siting.planning import BUILT_IN_RULES, Rules
from siting.progress.checks import Hazards, OpenHazard, Tasks, hazards_of, tasks_of
from siting.progress.key_places import KeyPlace, KeyPlaces, key_places
from siting.progress.units import (
    Progress,
    Row,
    UnitsTogether,
    is_open,
    opened_by_month,
    opened_in,
    progress_of,
)
from siting.rules import read_rules
from siting.rules.areas import classify
from siting.rules.places import Ground, Places

REGISTERED: Final = ("units", "targets", "haves", "inspections", "tasks")
"""Tables of a register that a year's work reads beside the stations."""


@dataclass(frozen=True)
class Part:
    """Stations of one kind, area or sector; `code` "" where nobody said which."""

    code: str
    built: int
    open_now: int


@dataclass(frozen=True)
class Money:
    """Money put into stations, whole yuan.

    Attributes
    ----------
    year_yuan
        On days of the year; None: no sum has a day.
    total_yuan
        In all; None: no station has a sum.
    told, blank
        Open stations with a sum, and without.
    undated_yuan
        What of the total has no day.
    """

    year_yuan: int | None
    total_yuan: int | None
    told: int
    blank: int
    undated_yuan: int


@dataclass(frozen=True)
class LastReport:
    """What the last report said, by name of the figure, and records changed since, by kind."""

    made_on: date
    figures: Mapping[str, float]
    changed: Mapping[str, int]


@dataclass(frozen=True)
class YearWork(UnitsTogether):
    """A year's work up to a day.

    Attributes
    ----------
    until
        The last day that counts 截止日期.
    registered
        Whether a register told it; otherwise only what the table of stations says is known.
    units
        One per unit.
    kinds, areas, sectors
        Open stations by kind, by area of the siting rules (each in the first that it lies in), and
        by sector.
    months
        Stations opened in the year by the end of each month.
    key_places
        None: neither firms nor venues are on record.
    haves
        The seven haves of every open station; None without a register.
    """

    until: date
    registered: bool
    units: tuple[Progress, ...]
    kinds: tuple[Part, ...]
    areas: tuple[Part, ...]
    sectors: tuple[Part, ...]
    months: tuple[int, ...]
    money: Money
    key_places: KeyPlaces | None = None
    haves: tuple[StationHaves, ...] | None = None
    hazards: Hazards | None = None
    tasks: Tasks | None = None
    last: LastReport | None = None

    @property
    def year(self) -> int:
        """The year that is reported on."""
        return self.until.year

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        told: dict[str, Any] = _plain(asdict(self))
        return told

    @classmethod
    def from_dict(cls, held: Mapping[str, Any]) -> Self:
        """Return what `as_dict` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError
            It is not what `as_dict` wrote.
        """
        places, haves, hazards, tasks, last = (
            held[name] for name in ("key_places", "haves", "hazards", "tasks", "last")
        )
        return cls(
            until=date.fromisoformat(held["until"]),
            registered=bool(held["registered"]),
            units=tuple(Progress(**{**unit, "due": _day(unit["due"])}) for unit in held["units"]),
            months=tuple(held["months"]),
            money=Money(**held["money"]),
            key_places=None if places is None else _places(places),
            haves=None if haves is None else tuple(_haves(item) for item in haves),
            hazards=None if hazards is None else _hazards(hazards),
            tasks=None if tasks is None else Tasks(**tasks),
            last=None if last is None else LastReport(**{**last, "made_on": _day(last["made_on"])}),
            **{
                name: tuple(Part(**part) for part in held[name])
                for name in ("kinds", "areas", "sectors")
            },
        )


def year_work(
    inputs: Inputs,
    parameters: Parameters,
    tables: Mapping[str, pd.DataFrame] | None = None,
    *,
    until: date,
    rules: Rules = BUILT_IN_RULES,
    last: LastReport | None = None,
) -> YearWork:
    """Return a year's work up to a day.

    Parameters
    ----------
    inputs, parameters
        Stations, firms and venues; within which cut-off a station reaches a key place.
    tables
        A register's (`Reader.tables`), of which `REGISTERED` are read; None: there is none.
    until
        The last day that counts; its year is reported on.
    rules
        Which areas there are.
    last
        The last report.

    Raises
    ------
    InputError
        Inputs, parameters or rules that cannot be used.
    """
    stations, year = rows_of(inputs.stations), until.year
    found_in = station_areas(inputs, parameters, rules)
    areas = {s["id"]: area for s, area in zip(stations, found_in, strict=True)}
    held = {name: [] if tables is None else rows_of(tables[name]) for name in REGISTERED}
    found = YearWork(
        until=until,
        registered=tables is not None,
        units=progress_of(held["units"], held["targets"], stations, year, today=until),
        kinds=_parts(stations, lambda s: str(s["kind"]), until, _order("reference/kinds")),
        areas=_parts(stations, lambda s: areas[s["id"]], until, _areas(rules)),
        sectors=_parts(stations, lambda s: str(s["sector"]), until),
        months=opened_by_month(stations, year, today=until),
        money=_money(stations, until),
        key_places=key_places(inputs, parameters, rules),
        last=last,
    )
    if tables is None:
        return found
    return replace(
        found,
        haves=station_haves(inputs.stations, tables["haves"]),
        hazards=hazards_of(held["inspections"], year, today=until),
        tasks=tasks_of(held["tasks"], today=until),
    )


def station_areas(inputs: Inputs, parameters: Parameters, rules: Rules) -> tuple[str, ...]:
    """Return the first area, in the order of the rules, that each station lies in; "": in none.

    Raises
    ------
    InputError
        Rules or demand that cannot be used.
    """
    table, book = inputs.stations, read_rules(rules)
    if table.empty:
        return ()
    lon, lat = (table[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    ground = Ground(inputs, read_demand(inputs.demand, parameters), book)
    lies = classify(ground, Places(lon, lat, tuple(table["host_type"])), inputs.area_zones).lies
    return tuple(
        str(book.rules[int(held.argmax())].area_type) if held.any() else "" for held in lies.T
    )


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table by column; a number that is missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in plain.to_dict("records")]


def _parts(
    stations: Sequence[Row],
    named: Callable[[Row], str],
    until: date,
    order: Sequence[str] = (),
) -> tuple[Part, ...]:
    """Return the stations by what `named` says: in `order`, then others, the nameless last."""
    built = Counter(named(s) for s in stations if opened_in(s, until.year, until))
    open_now = Counter(named(s) for s in stations if is_open(s))
    codes = {*built, *open_now}
    others = sorted(codes - {*order, ""})
    listed = [code for code in (*order, *others, "") if code in codes]
    return tuple(Part(code, built[code], open_now[code]) for code in listed)


def _money(stations: Sequence[Row], until: date) -> Money:
    told = [s for s in stations if s["invested_yuan"] is not None]
    sums = [(int(s["invested_yuan"]), str(s["invested_on"])) for s in told]
    known = [(yuan, day) for yuan, day in sums if day <= until.isoformat()]
    dated = [yuan for yuan, day in known if day]
    of_year = [yuan for yuan, day in known if day[:4] == str(until.year)]
    return Money(
        year_yuan=sum(of_year) if dated else None,
        total_yuan=sum(yuan for yuan, _ in known) if known else None,
        told=sum(is_open(s) for s in told),
        blank=sum(is_open(s) and s["invested_yuan"] is None for s in stations),
        undated_yuan=sum(yuan for yuan, day in known if not day),
    )


def _order(name: str) -> tuple[str, ...]:
    return tuple(read_list(name))


def _areas(rules: Rules) -> tuple[str, ...]:
    return tuple(str(rule.area_type) for rule in read_rules(rules).rules)


def _plain(value: Any) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _places(held: Mapping[str, Any]) -> KeyPlaces:
    return KeyPlaces(held["known"], tuple(KeyPlace(**place) for place in held["unreached"]))


def _haves(held: Mapping[str, Any]) -> StationHaves:
    codes = {name: tuple(held[name]) for name in ("missing", "unchecked")}
    return StationHaves(station=held["station"], standing=held["standing"], **codes)


def _hazards(held: Mapping[str, Any]) -> Hazards:
    left = tuple(
        OpenHazard(**{**item, "deadline": _day(item["deadline"])}) for item in held["open"]
    )
    return Hazards(inspections=held["inspections"], closed=held["closed"], open=left)
