"""Coverage and scores, frozen: the one set of numbers for map, reports and command line.

Plans are in `siting.plan_results`.

Workers are average present workers: worker-hours divided by the hours of the windows counted.
Without windows there is one window, and they are plain heads. Unattached, unreachable and
uncoverable demand stays in the denominator. Shares are fractions.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from siting.score_parts import AreaFound, CriterionScore, RankRange, WhatIf
from words import Lang

Method = Literal["street", "straight_line"]
Measure = Literal["workers", "worker_hours"]
Status = Literal["optimal", "within_gap", "time_limit", "infeasible", "given"]
"""`given`: people decided it, and nothing was sought."""
Stopped = Literal["time", "search", "memory", "crash", "cancelled"]
"""Why there is no proof: time was up; looking on had long found nothing better; the solver needed
more memory than it may have, or died; whoever asked had it stopped."""
Unattached = Literal["too_far", "island"]
"""Why a candidate is not on the streets: none within the cap, or only one that leads nowhere."""

AreaType = Literal["enterprise_cluster", "central_urban", "function_zone", "sparse", "special"]


@dataclass(frozen=True)
class ShareRow:
    """Workers and covered ones of one unit, group or window; `name` "" is "outside all units"."""

    name: str
    workers: float
    covered: float

    @property
    def coverage(self) -> float:
        """Covered share; 0 where there are no workers."""
        return self.covered / self.workers if self.workers else 0.0


@dataclass(frozen=True)
class ThinRule:
    """When street data around a demand point is called thin; see `siting.coverage.thin`.

    Attributes
    ----------
    radius_m
        Of the circle in which both are counted, metres, as the crow flies.
    street_below_km_per_km2
        Less open street than this (<).
    workers_from_per_km2
        At least so many average present workers (>=).
    """

    radius_m: float
    street_below_km_per_km2: float
    workers_from_per_km2: float


@dataclass(frozen=True)
class Bracket:
    """Coverage by the same stations, cut-off and measure, with distances measured in two ways.

    Attributes
    ----------
    workers_total, workers_covered_street
        Of the result that the bracket belongs to.
    workers_covered_straight_line
        Workers within the cut-off (<=) by the straight line x 1.35; more or fewer than by streets.
    thin_workers, thin_demand
        Workers, and ids of the demand points that have any, where there are many workers around
        and little street: distances along streets may be too long there.
    thin_rule
        What that means.
    """

    workers_total: float
    workers_covered_street: float
    workers_covered_straight_line: float
    thin_workers: float
    thin_demand: tuple[str, ...]
    thin_rule: ThinRule

    @property
    def thin_points(self) -> int:
        """How many demand points are where street data is thin."""
        return len(self.thin_demand)

    @property
    def coverage_straight_line(self) -> float:
        """Covered share by straight lines; 0 without demand."""
        return self._share(self.workers_covered_straight_line)

    @property
    def thin_share(self) -> float:
        """Share of workers where street data is thin; 0 without demand."""
        return self._share(self.thin_workers)

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "workers_covered_street": plain(self.workers_covered_street),
            "workers_covered_straight_line": plain(self.workers_covered_straight_line),
            "coverage_straight_line": self.coverage_straight_line,
            "thin_workers": plain(self.thin_workers),
            "thin_share": self.thin_share,
            "thin_points": self.thin_points,
            "thin_rule": {name: plain(value) for name, value in asdict(self.thin_rule).items()},
        }

    def _share(self, workers: float) -> float:
        return workers / self.workers_total if self.workers_total else 0.0


@dataclass(frozen=True, eq=False)
class CoverageResult:
    """Nominal coverage: by distance only, each worker once however many stations reach him.

    `row_covered` has one boolean per row of the demand table, `point_lon` … one entry per distinct
    demand point (`point_workers`, `point_covered` in average present workers): what maps draw.
    `nearest_m` is the walking distance to the nearest station per point, NaN beyond the cut-off.
    `bracket` is None in straight lines, and where nobody asked (`siting.coverage.bracketed`).
    """

    workers_total: float
    workers_covered: float
    worker_hours_total: float
    worker_hours_covered: float
    hours_per_week: float
    measure: Measure
    cutoff_m: float
    method: Method
    stations: int
    unreachable_stations: tuple[str, ...]
    unsnapped_demand: tuple[str, ...]
    unsnapped_workers: float
    towns: tuple[ShareRow, ...]
    groups: tuple[ShareRow, ...]
    windows: tuple[ShareRow, ...]
    row_covered: NDArray[np.bool_]
    point_id: tuple[str, ...]
    point_lon: NDArray[np.float64]
    point_lat: NDArray[np.float64]
    point_workers: NDArray[np.float64]
    point_covered: NDArray[np.float64]
    nearest_m: NDArray[np.float64]
    bracket: Bracket | None = None

    @property
    def coverage(self) -> float:
        """Covered worker-hours / all worker-hours; 0 without demand."""
        if not self.worker_hours_total:
            return 0.0
        return self.worker_hours_covered / self.worker_hours_total

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "workers_total": plain(self.workers_total),
            "workers_covered": plain(self.workers_covered),
            "coverage": self.coverage,
            "cutoff_m": plain(self.cutoff_m),
            "method": self.method,
            "measure": self.measure,
            "worker_hours_total": plain(self.worker_hours_total),
            "worker_hours_covered": plain(self.worker_hours_covered),
            "hours_per_week": plain(self.hours_per_week),
            "stations": self.stations,
            "unreachable_stations": list(self.unreachable_stations),
            "unsnapped_demand": list(self.unsnapped_demand),
            "unsnapped_workers": plain(self.unsnapped_workers),
            "towns": [_share_dict("town", row) for row in self.towns],
            "bracket": None if self.bracket is None else self.bracket.as_dict(),
        }


@dataclass(frozen=True)
class Evidence:
    """One measured fact that speaks for a candidate.

    Attributes
    ----------
    area_type
        The siting rule that it belongs to.
    measure
        Name of the measure, a key of the rule file.
    value, unit
        The figure, in the unit that the rule file states.
    subject
        What was measured: an enterprise, a street, a venue; "" where there is nothing to name.
    proxy
        True where the measure only stands in for what the rule asks (it is then said so).
    reach_m
        How far the measure looked: on foot, or as the crow flies for a density.
    tag
        A size that the figure reaches and that bears a name (百人以上); None: none.
    """

    area_type: AreaType
    measure: str
    value: float
    unit: str
    subject: str = ""
    proxy: bool = False
    reach_m: float | None = None
    tag: float | None = None


class Saying(Protocol):
    """Something that can be said in each language; equal are those that say the same."""

    def __call__(self, lang: Lang) -> str:
        """Return the sentence."""


@dataclass(frozen=True)
class CandidateScore:
    """What the siting rules say of one candidate; `evidence[0]` is of the rule that decided.

    `area_types` begins with that rule's; both are empty where the place is in no area. `areas` says
    why it is in them. `criteria` has the points (0..100) of every criterion of that rule and of the
    common ones, `breakdown` how they add up to `points` (0..100). `what_if` are changes that raise
    the rank, the best first. `excluded` names criteria whose filter is broken: it is never chosen.
    `rank_range` is None where weights and demand were not shaken.
    `workers_gained` are average present workers whom no station reaches and this one would.
    `unattached` says why streets do not reach the candidate; None: they do, or there are none.
    `rules` and `rules_version` name the rule file that gave the points, `rules_dated` the day since
    which they are a district's own; "" for files. `says` tells all this as a sentence.
    """

    id: str
    area_types: tuple[AreaType, ...]
    evidence: tuple[Evidence, ...]
    criteria: Mapping[str, float]
    points: float
    rank: int
    says: Saying
    workers_gained: float = 0.0
    unattached: Unattached | None = None
    rules: str = ""
    rules_version: int = 0
    rules_dated: str = ""
    areas: tuple[AreaFound, ...] = ()
    breakdown: tuple[CriterionScore, ...] = ()
    what_if: tuple[WhatIf, ...] = ()
    excluded: tuple[str, ...] = ()
    rank_range: RankRange | None = None

    @property
    def sentence_zh(self) -> str:
        """What can be read out, in Chinese."""
        return self.says("zh")

    @property
    def sentence_en(self) -> str:
        """What can be read out, in English."""
        return self.says("en")

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "id": self.id,
            "area_types": list(self.area_types),
            "evidence": [
                {
                    "area_type": item.area_type,
                    "measure": item.measure,
                    "value": plain(item.value),
                    "unit": item.unit,
                    "subject": item.subject,
                    "proxy": item.proxy,
                    "reach_m": item.reach_m if item.reach_m is None else plain(item.reach_m),
                    "tag": item.tag if item.tag is None else plain(item.tag),
                }
                for item in self.evidence
            ],
            "criteria": {name: plain(value) for name, value in self.criteria.items()},
            "points": self.points,
            "rank": self.rank,
            "workers_gained": plain(self.workers_gained),
            "unattached": self.unattached,
            "rules": self.rules,
            "rules_version": self.rules_version,
            "rules_dated": self.rules_dated or None,
            "areas": [_tidy(asdict(area)) for area in self.areas],
            "breakdown": [_tidy(asdict(item)) for item in self.breakdown],
            "what_if": [_tidy(asdict(change)) for change in self.what_if],
            "excluded": list(self.excluded),
            "rank_range": None if self.rank_range is None else _tidy(asdict(self.rank_range)),
            "sentence_zh": self.sentence_zh,
            "sentence_en": self.sentence_en,
        }


@dataclass(frozen=True)
class AreaRow:
    """Demand in areas of one type; `area_type` "" is in none.

    Attributes
    ----------
    points
        Demand points.
    workers
        Average present workers.
    """

    area_type: AreaType | Literal[""]
    points: int
    workers: float

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "area_type": self.area_type,
            "points": self.points,
            "workers": plain(self.workers),
        }


def plain(value: float) -> float | int:
    """Return an integer for a whole number, else six decimals: JSON without 0.30000000000000004."""
    rounded = round(float(value), 6)
    return int(rounded) if rounded.is_integer() else rounded


def _tidy(found: Mapping[str, object]) -> dict[str, object]:
    """Return the same with numbers as JSON writes them."""
    return {key: _tidied(value) for key, value in found.items()}


def _tidied(value: object) -> object:
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_tidied(item) for item in value]
    return _tidy(value) if isinstance(value, Mapping) else value


def _share_dict(key: str, row: ShareRow) -> dict[str, object]:
    return {
        key: row.name,
        "workers": plain(row.workers),
        "covered": plain(row.covered),
        "coverage": row.coverage,
    }
