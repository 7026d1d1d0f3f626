"""Tables of heads: who works where, by enterprises, along streets, and where people speak up.

A table of heads has the columns of demand without windows: how many work at a place when everybody
is there, and `shift`: how enterprises work, "" where nobody says. `in_windows` turns heads into
workers per window by a profile of presence (`siting.demand.presence`).
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.intake.shifts import plain_shift
from geo.reference import read_list
from geo.streets import Network
from geo.tables import columns, empty_table
from siting.demand.presence import DEFAULT_SHIFT, ENTERPRISE_GROUP, Profile, shipped_profile
from siting.windows import windows

Float64 = NDArray[np.float64]

SWEEPER_GROUP: Final = "sweeper"
SWEPT: Final = ("trunk", "primary", "secondary", "tertiary")
"""Classes of streets that are swept by hand: an assumption."""
STREET_STEP_M: Final = 250.0
"""Longest stretch of street that one demand point stands for."""
NEED_PREFIX: Final = "need-"
"""How the ids begin of demand that was stated, not counted."""


def enterprise_heads(
    enterprises: pd.DataFrame, shift: str = DEFAULT_SHIFT, shift_of: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return heads of the enterprises, one row each; those without a head count give none.

    `shift` of a row is what the enterprise's own column says; `shift_known` tells whether it, or
    `shift_of`, says anything that can be read.

    Parameters
    ----------
    shift, shift_of
        Of those that say nothing, and of single enterprises by id: codes of
        data/reference/shifts.toml or times, as `plain_shift` reads them.

    Raises
    ------
    InputError
        An unknown shift, or an id that no enterprise has.
    """
    chosen = dict(shift_of or {})
    unknown = sorted(set(chosen) - set(enterprises["id"]))
    if unknown:
        raise InputError("siting_unknown_enterprise", id=unknown[0])
    for given in (shift, *chosen.values()):
        if plain_shift(given) is None:
            known = "、".join(read_list("reference/shifts"))
            raise InputError("siting_unknown_shift", shift=given, known=known)
    counted = enterprises[enterprises["workers"].fillna(0) > 0]
    heads = counted[["id", "lon", "lat", "town"]].copy()
    heads["workers"] = counted["workers"].astype(float)
    heads["group"] = ENTERPRISE_GROUP
    own = counted["shift"].fillna("") if "shift" in counted else pd.Series("", index=counted.index)
    stated = [
        plain_shift(chosen.get(name, text)) for name, text in zip(counted["id"], own, strict=True)
    ]
    heads["shift"] = [known or shift for known in stated]
    heads["shift_known"] = [known is not None for known in stated]
    return conforming(heads)


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
    return conforming(heads)


def need_heads(needs: pd.DataFrame, heads_each: float) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return stated need as rows of heads, and how many records do not speak for siting.

    Only topics that speak for siting count (rest, water, heat, charging, places), and only records
    that name a group: nobody else has a presence. A record without a number is one.

    Parameters
    ----------
    needs
        Columns of `needs` in the schema.
    heads_each
        What one record stands for, heads: an assumption.

    Returns
    -------
    tuple
        Heads, their ids marked by `NEED_PREFIX`; records left out: `topic`, `group`.

    Raises
    ------
    InputError
        The number is negative or not finite.
    """
    if not (np.isfinite(heads_each) and heads_each >= 0):
        raise InputError("siting_heads", heads=heads_each)
    records = needs["records"].astype(float).fillna(1.0)
    speaks = about_siting(needs)
    named = needs["group"].isin(list(read_list("reference/groups")))
    left_out = {"topic": int(records[~speaks].sum()), "group": int(records[speaks & ~named].sum())}
    kept = needs[speaks & named & (records > 0)]
    heads = kept[["lon", "lat", "town", "group"]].copy()
    heads["id"] = NEED_PREFIX + kept["id"].astype(str)
    heads["workers"] = records[kept.index] * heads_each
    return conforming(heads), left_out


def about_siting(needs: pd.DataFrame) -> pd.Series:
    """Return which records speak for siting, bool[row]."""
    topics = read_list("reference/topics")
    return needs["topic"].isin([code for code, topic in topics.items() if topic["siting"]])


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables of heads as one; an id may stand in one of them only.

    Raises
    ------
    InputError
        Two rows have the same id, group and window: they would count twice.
    """
    if not parts:
        return empty_table("demand")
    heads = pd.concat([conforming(part) for part in parts], ignore_index=True)
    twice = heads.duplicated(["id", "group", "window"])
    if twice.any():
        raise InputError("siting_heads_twice", id=heads["id"][twice].iloc[0])
    return heads


def in_windows(heads: pd.DataFrame, profile: Profile | None = None) -> pd.DataFrame:
    """Return demand by window: heads x the share of their group that is present; none of nobody.

    Rows that have a window already stay as they are. Enterprise workers are present by their
    `shift`, where the table has that column and it says one; without, by day.

    Parameters
    ----------
    profile
        None: the one that ships.

    Raises
    ------
    InputError
        A group without a profile; the lists disagree with the windows.
    """
    known = profile or shipped_profile()
    plain_rows = heads[heads["window"].eq("")]
    shifts = plain_rows["shift"] if "shift" in heads else pd.Series("", index=plain_rows.index)
    keys = list(zip(plain_rows["group"], shifts.fillna(""), strict=True))
    of_key = {key: known.of(*key).shares for key in dict.fromkeys(keys)}
    shares = np.array([of_key[key] for key in keys]).reshape(len(keys), len(windows()))
    spread = plain_rows.loc[plain_rows.index.repeat(len(windows()))].copy()
    spread["window"] = list(windows()) * len(keys)
    spread["workers"] = (plain_rows["workers"].to_numpy(dtype=float)[:, None] * shares).ravel()
    kept = pd.concat([heads[heads["window"].ne("")], spread[spread["workers"] > 0]])
    return kept[[column.name for column in columns("demand")]].reset_index(drop=True)


def conforming(heads: pd.DataFrame) -> pd.DataFrame:
    """Return heads with every column of demand, `shift` and `shift_known`."""
    table = empty_table("demand")
    found = heads.reset_index(drop=True).reindex(columns=[*table.columns, "shift", "shift_known"])
    for name in ("town", "group", "window", "shift"):
        found[name] = found[name].astype(object).where(found[name].notna(), "").astype("str")
    found["workers"] = found["workers"].astype(float)
    found["shift_known"] = found["shift_known"].eq(other=True)
    return found
