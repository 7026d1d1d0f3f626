"""Demand made of several sources: each person once, calibrated, by window, and what it is made of.

Order matters: what comes first counts; a later source adds only those of a group whom nothing
before it counts near by (`overlaps`), unless the planner says that it counts others. Sweepers are a
total: those in other sources are taken off it before it is spread. Stated need comes last, is
outside every calibration and adds rows only where nobody of its group is counted within
`NEED_REACH_M`; its rows bear ids of their own (`NEED_PREFIX`).
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.tables import columns, empty_table
from siting.demand.calibration import Factor, calibrated
from siting.demand.overlaps import only_new
from siting.demand.presence import ENTERPRISE_GROUP, Profile, shipped_profile
from siting.demand.sources import conforming, in_windows, joined
from siting.windows import windows

SourceKind = Literal["enterprises", "heads", "streets", "needs"]

NEED_REACH_M: Final = 500.0
"""Who speaks up is looked for among those counted within this, metres (<=): an assumption."""
FORMAT: Final = 1
"""Of what a demand layer says of its sources."""


@dataclass(frozen=True, eq=False)
class HeadSource:
    """One table of heads and where it comes from.

    Attributes
    ----------
    name, date
        What people call the source, and the day its numbers are of; "" where nobody says.
    heads
        Columns of demand, and `shift` for enterprises; rows with a window stay as they are.
    apart
        Whether it counts people whom no source before it counts: then nothing is taken off.
    """

    name: str
    kind: SourceKind
    heads: pd.DataFrame
    date: str = ""
    apart: bool = False


@dataclass(frozen=True)
class SourceFacts:
    """What one source gives to a demand.

    Attributes
    ----------
    points
        Places with anybody.
    given, twice, heads
        Heads in the source; whom a source before it counts already; heads that enter the demand,
        after calibration. Heads of rows that have windows are not known: they count nothing here.
    worker_hours
        A week's.
    shift_assumed, presence_assumed
        Shares (0..1) of the heads whose shift nobody states, and of the worker-hours that rest on
        an assumed presence.
    heads_assumed
        Whether the heads themselves are an assumption: stated need.
    """

    name: str
    kind: SourceKind
    date: str
    points: int
    given: float
    twice: float
    heads: float
    worker_hours: float
    shift_assumed: float
    presence_assumed: float
    heads_assumed: bool


@dataclass(frozen=True)
class Made:
    """What a demand is made of: kept with it.

    Attributes
    ----------
    factors
        Before and after calibration, one per unit; none: nothing was calibrated.
    own_profile
        Whether the district's own profile of presence was used.
    """

    sources: tuple[SourceFacts, ...]
    factors: tuple[Factor, ...] = ()
    own_profile: bool = False

    def as_json(self) -> str:
        """Return it as the text that a demand layer carries."""
        held = {
            "format": FORMAT,
            "sources": [asdict(source) for source in self.sources],
            "factors": [asdict(factor) for factor in self.factors],
            "own_profile": self.own_profile,
        }
        return json.dumps(held, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, eq=False)
class Built:
    """A demand and what it is made of.

    Attributes
    ----------
    demand
        Columns of `demand`, by window.
    heads
        What it was spread from: heads after calibration, without rows that had windows.
    """

    demand: pd.DataFrame
    heads: pd.DataFrame
    made: Made


@dataclass(frozen=True, eq=False)
class Official:
    """Official totals.

    Attributes
    ----------
    totals
        Unit -> heads.
    groups
        Whom they count; none: everybody.
    """

    totals: Mapping[str, float] = field(default_factory=dict)
    groups: Collection[str] = ()


def build(
    sources: Sequence[HeadSource],
    official: Official | None = None,
    profile: Profile | None = None,
) -> Built:
    """Return the demand that some sources make up.

    Parameters
    ----------
    sources
        In the order in which they count.
    profile
        The district's own presence; None: the one that ships.

    Raises
    ------
    InputError
        Two rows have the same id, group and window; a group has no profile; a total is no number.
    """
    presence = profile or shipped_profile()
    parts = once_each(sources)
    windowed = [part[part["window"].ne("")] for part in parts]
    bare = [part[part["window"].eq("")] for part in parts]
    scaled, factors = _calibrated(sources, bare, official or Official())
    facts, spread = [], []
    for source, timed, once, heads in zip(sources, windowed, bare, scaled, strict=True):
        demand = pd.concat([_of_demand(timed), in_windows(heads, presence)], ignore_index=True)
        spread.append(demand)
        facts.append(_facts(source, float(once["workers"].sum()), heads, demand, presence))
    every = [part for part in spread if len(part)]
    demand = pd.concat(every, ignore_index=True) if every else empty_table("demand")
    held = joined(scaled)
    made = Made(tuple(facts), factors, profile is not None)
    return Built(demand, held, made)


def once_each(sources: Sequence[HeadSource]) -> list[pd.DataFrame]:
    """Return the heads of each source without those whom a source before it counts.

    Rows left without anybody are gone. Rows with windows are whole: nobody knows whose heads they
    are.

    Raises
    ------
    InputError
        Two rows have the same id, group and window, or nobody can tell whether people are counted
        twice: rows with windows of a group that another source counts, too.
    """
    parts: list[pd.DataFrame] = []
    for source in sources:
        heads = conforming(source.heads)
        before = joined(parts)
        _refuse_hidden(source, heads, before)
        before = before[before["window"].eq("")]
        if source.kind == "streets":
            heads["workers"] *= _share_left(heads, before)
        elif not source.apart:
            within = NEED_REACH_M if source.kind == "needs" else None
            new = only_new(heads, before, within)
            heads["workers"] = np.where(heads["window"].eq(""), new, heads["workers"])
        parts.append(heads[heads["workers"] > 0].reset_index(drop=True))
    joined(parts)
    return parts


def _refuse_hidden(source: HeadSource, heads: pd.DataFrame, before: pd.DataFrame) -> None:
    """Refuse what cannot be compared: workers by window of a group that another source counts."""
    timed = [set(part.loc[part["window"].ne(""), "group"]) for part in (heads, before)]
    shared = (timed[0] & set(before["group"])) | (timed[1] & set(heads["group"]))
    if shared and not source.apart:
        raise InputError("siting_windows_overlap", source=source.name, group=min(shared))


def _share_left(heads: pd.DataFrame, before: pd.DataFrame) -> float:
    """Return the share of a total spread over streets that no source before it counts."""
    total = float(heads["workers"].sum())
    counted = float(before.loc[before["group"].isin(heads["group"].unique()), "workers"].sum())
    return max(0.0, 1 - counted / total) if total else 0.0


def _calibrated(
    sources: Sequence[HeadSource], parts: Sequence[pd.DataFrame], official: Official
) -> tuple[list[pd.DataFrame], tuple[Factor, ...]]:
    """Return the heads of each source after calibration; stated need is no count and stays."""
    if not official.totals:
        return list(parts), ()
    counts = [source.kind != "needs" for source in sources]
    sizes = [len(part) for part, counted in zip(parts, counts, strict=True) if counted]
    every = joined([part for part, counted in zip(parts, counts, strict=True) if counted])
    table, factors = calibrated(every, official.totals, official.groups)
    scaled = iter([table.iloc[start:end] for start, end in pairwise(np.cumsum([0, *sizes]))])
    return [
        next(scaled) if counted else part for part, counted in zip(parts, counts, strict=True)
    ], factors


def worker_hours(demand: pd.DataFrame) -> float:
    """Return the worker-hours of a week of a demand by window; rows without one have none."""
    hours = {code: window.hours_per_week for code, window in windows().items()}
    return float((demand["workers"] * demand["window"].map(hours).astype(float).fillna(0)).sum())


def made_of(text: str) -> Made | None:
    """Return what a demand layer says of its sources; None: it says nothing that we can read."""
    try:
        held = json.loads(text)
        if held["format"] != FORMAT:
            return None
        sources = tuple(SourceFacts(**source) for source in held["sources"])
        factors = tuple(Factor(**factor) for factor in held["factors"])
        return Made(sources, factors, bool(held["own_profile"]))
    except (ValueError, TypeError, KeyError):
        return None


def _facts(
    source: HeadSource, once: float, heads: pd.DataFrame, demand: pd.DataFrame, profile: Profile
) -> SourceFacts:
    """Return what a source gives; `once`: its heads that no source before it counts."""
    bare = source.heads["window"].eq("")
    given = float(source.heads.loc[bare, "workers"].sum())
    entered, hours = float(heads["workers"].sum()), worker_hours(demand)
    known = heads["shift_known"] | heads["group"].ne(ENTERPRISE_GROUP)
    keys = list(zip(heads["group"], heads["shift"], strict=True))
    assumed = {key: profile.of(*key).assumed for key in dict.fromkeys(keys)}
    guessed = heads[np.array([assumed[key] for key in keys], dtype=np.bool_)]
    return SourceFacts(
        name=source.name,
        kind=source.kind,
        date=source.date,
        points=int(demand["id"].nunique()),
        given=given,
        twice=given - once,
        heads=entered,
        worker_hours=hours,
        shift_assumed=_share(float(heads.loc[~known, "workers"].sum()), entered),
        presence_assumed=_share(worker_hours(in_windows(guessed, profile)), hours),
        heads_assumed=source.kind == "needs",
    )


def _of_demand(heads: pd.DataFrame) -> pd.DataFrame:
    return heads[[column.name for column in columns("demand")]]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
