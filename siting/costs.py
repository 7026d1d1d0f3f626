"""What a station at a candidate costs: its own figure, or its kind's default, then marked.

What it costs to mend a gap at a station that exists is our assumption, in data/reference. A planner
may state figures of his own for kinds and for what is done at stations: `Prices`.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import FileRefusedError, InputError
from geo.reference import read_list
from siting.hours import open_shares
from siting.windows import Window, window

# The kind of a candidate of which neither kind nor host is known.
DEFAULT_KIND = "street_front"
LARGEST_YUAN = 1_000_000_000
"""More for one thing is a slip of the pen."""

_EACH = "services.each."
_MOSTLY = 0.5
_ORDINARY_WEEK = date(2026, 11, 16)
"""Any week without holidays: agreed hours are the same in all of them."""


@dataclass(frozen=True)
class Prices:
    """What a planner says that kinds and actions cost; the lists say the rest.

    Attributes
    ----------
    own
        Whole yuan by the name of a section: `street_front`, `access`, `hours.to.day`,
        `services.each.water`.
    """

    own: Mapping[str, int] = field(default_factory=dict)

    def kind(self, kind: str, host_type: str) -> tuple[int, bool]:
        """Return what a station of a kind at a host costs, yuan, and whether that is assumed."""
        meant = kind_of(kind, host_type)
        if meant in self.own:
            return self.own[meant], False
        return default_cost_yuan(kind, host_type), True

    def action(self, name: str) -> tuple[int, bool]:
        """Return what `access`, `reopen`, `move` or `hours.to.X` costs, and whether assumed."""
        return self._of(name)

    def services(self, added: Iterable[str]) -> tuple[int, bool]:
        """Return what it costs to offer some services more, and whether any of it is assumed."""
        told = [self._service(name) for name in added]
        return sum(yuan for yuan, _ in told), any(assumed for _, assumed in told)

    def _service(self, name: str) -> tuple[int, bool]:
        key = _EACH + name
        if key in self.own or key in _listed():
            return self._of(key)
        return self._of("services")

    def _of(self, key: str) -> tuple[int, bool]:
        return (self.own[key], False) if key in self.own else (_listed()[key], True)


SHIPPED = Prices()
"""Nothing but what the lists say."""


def read_prices(path: Path) -> Prices:
    """Return the prices of a file, in TOML: sections of kinds.toml and actions.toml.

    What else stands in these sections is left out: a copy of the lists may be edited.

    Raises
    ------
    OSError
        It cannot be read.
    FileRefusedError
        It is no TOML.
    InputError
        A section that the lists do not have; a cost that is not whole yuan from 0 on.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileRefusedError(
            "siting_prices_unread", file=path.name, problem=str(error)
        ) from error
    own = dict(_costs(content))
    for key, yuan in own.items():
        if not _known(key):
            raise InputError("siting_prices_unknown", file=path.name, name=key)
        if type(yuan) is not int or not 0 <= yuan <= LARGEST_YUAN:
            raise InputError("siting_prices_figure", file=path.name, name=key, cost=yuan)
    return Prices(own)


def priced(candidates: pd.DataFrame, prices: Prices) -> pd.DataFrame:
    """Return candidates with the planner's own price of their kind where they state no cost."""
    kinds = [
        kind_of(kind, host)
        for kind, host in zip(candidates["kind"], candidates["host_type"], strict=True)
    ]
    own = pd.Series(
        [prices.own.get(kind) for kind in kinds],
        index=candidates.index,
        dtype=candidates["cost_yuan"].dtype,
    )
    return candidates.assign(cost_yuan=candidates["cost_yuan"].fillna(own))


def costs_yuan(candidates: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return int64[c] yuan, and bool[c]: the record gives no cost, its kind's default stands in.

    The kind is the record's, else the one that its host type usually has, else `street_front`.
    """
    own = candidates["cost_yuan"]
    assumed = own.isna().to_numpy(dtype=bool)
    defaults = [
        default_cost_yuan(kind, host)
        for kind, host in zip(candidates["kind"], candidates["host_type"], strict=True)
    ]
    known = own.to_numpy(dtype=float, na_value=0.0)
    return np.where(assumed, defaults, known).astype(np.int64), assumed


def kind_of(kind: str, host_type: str) -> str:
    """Return the kind of a record, else the one that its host type usually has, else a default."""
    if kind in read_list("reference/kinds"):
        return kind
    usual: str = read_list("reference/host_types").get(host_type, {}).get("kind", DEFAULT_KIND)
    return usual


def default_cost_yuan(kind: str, host_type: str) -> int:
    """Return what a station of a kind costs, yuan; of a blank kind, of the host's usual one.

    A host that has much of it already costs less than its kind: what host_types.toml says counts
    for a station of the host's usual kind.
    """
    meant = kind_of(kind, host_type)
    host = read_list("reference/host_types").get(host_type, {})
    if meant == host.get("kind") and "cost_yuan" in host:
        return int(host["cost_yuan"])
    return int(read_list("reference/kinds")[meant]["cost_yuan"])


def action_cost_yuan(name: str) -> int:
    """Return what a door for everybody, or opening again costs, yuan: assumptions."""
    return SHIPPED.action(name)[0]


@dataclass(frozen=True)
class LongerHours:
    """How long a door may be open by agreement.

    Attributes
    ----------
    code
        `hours.to.X`, as prices name it.
    hours
        OSM `opening_hours`.
    """

    code: str
    hours: str


@cache
def longer_hours() -> tuple[LongerHours, ...]:
    """Return the steps of data/reference/actions.toml, in their order."""
    steps = read_list("reference/actions")["hours"]["to"]
    return tuple(LongerHours(f"hours.to.{code}", step["hours"]) for code, step in steps.items())


def hours_cost_yuan(windows: Iterable[str]) -> int:
    """Return what it costs to be open in some windows too, yuan: an assumption.

    That is the cheapest step that is open for at least half (>=) of each on all its days.
    """
    wanted = [window(code) for code in windows if code]
    costs = [
        SHIPPED.action(step.code)[0]
        for step in longer_hours()
        if all(_mostly_open(step.hours, each) for each in wanted)
    ]
    return min(costs, default=SHIPPED.action(longer_hours()[-1].code)[0])


def _mostly_open(hours: str, when: Window) -> bool:
    shares = open_shares(hours, when, _ORDINARY_WEEK)
    return all(share is not None and share >= _MOSTLY for share in shares)


def services_cost_yuan(services: Iterable[str]) -> int:
    """Return what it costs to offer some services more, yuan: an assumption."""
    return SHIPPED.services(services)[0]


@cache
def _listed() -> dict[str, int]:
    """Return every price of the two lists by the name of its section."""
    return dict(_costs({**read_list("reference/kinds"), **read_list("reference/actions")}))


def _known(key: str) -> bool:
    service = key.removeprefix(_EACH)
    return key in _listed() or (service != key and service in read_list("reference/services"))


def _costs(content: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the costs of a list and of its sections by name, whatever they are."""
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _costs(value, f"{before}{name}.")
        elif name == "cost_yuan":
            yield before.removesuffix("."), value
        elif before == _EACH:
            yield before + name, value
