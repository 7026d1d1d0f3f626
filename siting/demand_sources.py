"""Demand from what is known: head counts, shifts, lengths of street, official totals.

A table of heads has the columns of demand without windows: how many work at a place when everybody
is there. `calibrated` scales it to official totals per unit, `in_windows` turns it into workers per
window. Shares of presence are data (reference/presence.toml, shifts.toml), all of them assumed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.reference import read_list
from geo.streets import Network
from geo.tables import columns, empty_table
from siting.coverage.shares import in_order, unit_order
from siting.results import plain
from siting.windows import windows

Float64 = NDArray[np.float64]
Source = Literal["enterprises", "heads", "streets"]

ENTERPRISE_GROUP = "enterprise"
SWEEPER_GROUP = "sweeper"
DEFAULT_SHIFT = "day"
STREET_STEP_M = 250.0
"""Longest stretch of street that one demand point stands for."""

FAR_FACTOR = 2.0
"""A factor of at least this (>=), or of at most its inverse, is called far: grids here err so."""


@dataclass(frozen=True)
class Factor:
    """Heads of one unit before and after calibration.

    Attributes
    ----------
    town
        The unit; "" is outside all units.
    before, after
        Heads.
    official
        What they were to sum up to; None: nobody gave a total, and nothing was changed.
    """

    town: str
    before: float
    after: float
    official: float | None

    @property
    def factor(self) -> float | None:
        """What every row of the unit was multiplied by; None where there was nothing to scale."""
        if self.official is None:
            return 1.0
        return self.official / self.before if self.before else None

    @property
    def far(self) -> bool:
        """Whether sources and total differ twofold or more (>=), or the sources have nobody."""
        if self.factor is None:
            return bool(self.official)
        return self.factor >= FAR_FACTOR or self.factor <= 1 / FAR_FACTOR

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        factor, official = self.factor, self.official
        return {
            "town": self.town,
            "before": plain(self.before),
            "official": None if official is None else plain(official),
            "factor": None if factor is None else plain(factor),
            "after": plain(self.after),
            "far": self.far,
        }


def enterprise_heads(
    enterprises: pd.DataFrame, shift: str = DEFAULT_SHIFT, shift_of: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return heads of the enterprises, one row each; those without a head count give none.

    Parameters
    ----------
    shift, shift_of
        Codes of data/reference/shifts.toml: of all, and of single enterprises by id. They go into
        the column `shift`, which `in_windows` reads.

    Raises
    ------
    InputError
        An unknown shift, or an id that no enterprise has.
    """
    chosen = dict(shift_of or {})
    unknown = sorted(set(chosen) - set(enterprises["id"]))
    if unknown:
        raise InputError("siting_unknown_enterprise", id=unknown[0])
    for code in (shift, *chosen.values()):
        _shift(code)
    counted = enterprises[enterprises["workers"].fillna(0) > 0]
    heads = counted[["id", "lon", "lat", "town"]].copy()
    heads["workers"] = counted["workers"].astype(float)
    heads["group"] = ENTERPRISE_GROUP
    heads["shift"] = [chosen.get(name, shift) for name in counted["id"]]
    return _conforming(heads)


def street_heads(
    net: Network, workers: float, classes: Sequence[str], group: str = SWEEPER_GROUP
) -> pd.DataFrame:
    """Return `workers` heads spread over the streets of some OSM classes by length.

    Every street is cut into equal stretches of at most `STREET_STEP_M`; its heads stand in the
    middle of each, as many as its share of the whole length. Carriageways count each: each is
    swept. Ids tell the place.

    Raises
    ------
    InputError
        No open street is of these classes, or the number is negative or not finite.
    """
    codes = [code for code, name in enumerate(net.classes) if name in set(classes)]
    edges = np.flatnonzero(np.isin(net.edge_class, codes) & net.edge_open & (net.edge_cost_mm > 0))
    if not len(edges):
        raise InputError("siting_no_street_of_class", classes="、".join(classes))
    if not (np.isfinite(workers) and workers >= 0):
        raise InputError("siting_heads", heads=workers)
    length = net.edge_cost_mm[edges].astype(np.float64)
    number = np.ceil(length / (STREET_STEP_M * 1000)).astype(np.int64)
    owner = np.repeat(np.arange(len(edges)), number)
    lon, lat = np.empty(len(owner)), np.empty(len(owner))
    ends = np.cumsum(number)
    for edge, whole, end, count in zip(edges.tolist(), length, ends, number, strict=True):
        at = (np.arange(count) + 0.5) * whole / count
        line = slice(net.geom_ptr[edge], net.geom_ptr[edge + 1])
        mine = slice(end - count, end)
        lon[mine] = np.interp(at, net.geom_mm[line], net.geom_lon[line])
        lat[mine] = np.interp(at, net.geom_mm[line], net.geom_lat[line])
    share = (length / number)[owner] / length.sum()
    heads = pd.DataFrame({"lon": lon, "lat": lat, "workers": workers * share})
    heads["id"] = [
        f"street-{x:.6f}-{y:.6f}-{edge}"
        for x, y, edge in zip(lon, lat, edges[owner].tolist(), strict=True)
    ]
    heads["town"], heads["group"] = "", group
    return _conforming(heads)


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables of heads as one; an id may stand in one of them only.

    Raises
    ------
    InputError
        Two rows have the same id, group and window: they would count twice.
    """
    if not parts:
        return empty_table("demand")
    heads = pd.concat([_conforming(part) for part in parts], ignore_index=True)
    twice = heads.duplicated(["id", "group", "window"])
    if twice.any():
        raise InputError("siting_heads_twice", id=heads["id"][twice].iloc[0])
    return heads


def calibrated(
    heads: pd.DataFrame, official: Mapping[str, float]
) -> tuple[pd.DataFrame, tuple[Factor, ...]]:
    """Return heads scaled so that each unit sums to its official total, and the factors.

    A unit without an official total stays as it is; one without anybody in the sources cannot be
    scaled, and its factor says so. "" is outside all units.

    Parameters
    ----------
    heads
        Without windows: heads of several windows cannot be summed.
    official
        Unit -> heads.

    Raises
    ------
    InputError
        The table has windows, or a total is negative or not finite.
    """
    if heads["window"].ne("").any():
        raise InputError("siting_heads_have_windows")
    wrong = [total for total in official.values() if not (np.isfinite(total) and total >= 0)]
    if wrong:
        raise InputError("siting_heads", heads=wrong[0])
    sums = heads.groupby("town", sort=False)["workers"].sum()
    before = {str(town): float(heads_there) for town, heads_there in sums.items()}
    factors = {}
    for town in dict.fromkeys([*before, *official]):
        had, total = before.get(town, 0.0), official.get(town)
        after = had if total is None or not had else float(total)
        factors[town] = Factor(town, had, after, total)
    scale = {town: item.factor or 0.0 for town, item in factors.items()}
    table = heads.copy()
    table["workers"] = heads["workers"] * heads["town"].map(scale).astype(float)
    return table, in_order(factors.values(), lambda item: item.town, unit_order())


def in_windows(heads: pd.DataFrame) -> pd.DataFrame:
    """Return demand by window: heads x the share of their group that is present; none of nobody.

    Rows that have a window already stay as they are. Enterprise workers are present by their
    `shift`, where the table has that column and it says one; without, by day.

    Raises
    ------
    InputError
        A group without a profile, or an unknown shift; the lists disagree with the windows.
    """
    codes = _profile_windows()
    plain_rows = heads[heads["window"].eq("")]
    shifts = plain_rows["shift"] if "shift" in heads else pd.Series("", index=plain_rows.index)
    keys = list(zip(plain_rows["group"], shifts.fillna(""), strict=True))
    shares = np.array([_presence(*key) for key in keys]).reshape(len(keys), len(codes))
    spread = plain_rows.loc[plain_rows.index.repeat(len(codes))].copy()
    spread["window"] = list(codes) * len(keys)
    spread["workers"] = (plain_rows["workers"].to_numpy(dtype=float)[:, None] * shares).ravel()
    kept = pd.concat([heads[heads["window"].ne("")], spread[spread["workers"] > 0]])
    return kept[[column.name for column in columns("demand")]].reset_index(drop=True)


def _presence(group: str, shift: str) -> tuple[float, ...]:
    """Return the share of a group that is present in each window of the list."""
    if group == ENTERPRISE_GROUP:
        return _shift(shift or DEFAULT_SHIFT)
    known = read_list("reference/presence")["groups"]
    if group not in known:
        raise InputError("siting_no_presence", group=group, known="、".join(known))
    return _shares(known[group], group)


def _shift(code: str) -> tuple[float, ...]:
    known = read_list("reference/shifts")
    if code not in known:
        raise InputError("siting_unknown_shift", shift=code, known="、".join(known))
    return _shares(known[code]["presence"], code)


def _shares(given: Sequence[float], name: str) -> tuple[float, ...]:
    shares = tuple(float(share) for share in given)
    if len(shares) != len(_profile_windows()) or not all(0 <= share <= 1 for share in shares):
        raise InputError("siting_presence_shares", name=name)
    return shares


@cache
def _profile_windows() -> tuple[str, ...]:
    codes = tuple(read_list("reference/presence")["windows"])
    if set(codes) != set(windows()):
        raise InputError("siting_presence_shares", name="windows")
    return codes


def _conforming(heads: pd.DataFrame) -> pd.DataFrame:
    """Return heads with every column of demand and `shift`."""
    table = empty_table("demand")
    names = [*table.columns, "shift"]
    found = heads.reset_index(drop=True).reindex(columns=names)
    for name in ("town", "group", "window", "shift"):
        found[name] = found[name].astype(object).where(found[name].notna(), "").astype("str")
    found["workers"] = found["workers"].astype(float)
    return found
