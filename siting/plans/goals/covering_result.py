"""A plan that covers a share of the workers for the least, frozen."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from siting.allocation.least import Least
from siting.plan_results import ForGoal, NeedServed, OwnGoal, SelectedSite
from siting.results import Measure, Method, Status, Stopped, Unattached, plain
from words import Lang

Sought = Literal["stations", "money"]
Why = Literal["off_streets", "ruled_out", "farther", "nothing_near"]
"""Why nobody can cover a demand point: it is not on the streets; a candidate within the cut-off may
not be opened; the nearest that may be is beyond the cut-off; none is within `LOOKED_M`."""


@dataclass(frozen=True)
class CoveringSite(SelectedSite):
    """One site; `workers_only` are within the cut-off of it and of no other open station."""

    workers_only: float

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the command line's JSON."""
        return {**super().as_dict(lang), "workers_only": plain(self.workers_only)}


@dataclass(frozen=True)
class Uncoverable:
    """A demand point that neither a station nor any candidate that may be opened covers.

    Attributes
    ----------
    id, town
        As the table has them.
    workers
        Average present workers.
    why
        As `Why`.
    by
        The nearest candidate (or station) that `why` speaks of; "" without one.
    cutoff_needed_m
        The smallest cut-off within which `by` covers the point, metres; None without one.
    """

    id: str
    town: str
    workers: float
    why: Why
    by: str
    cutoff_needed_m: float | None

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        needed = None if self.cutoff_needed_m is None else plain(self.cutoff_needed_m)
        return {**asdict(self), "workers": plain(self.workers), "cutoff_needed_m": needed}


@dataclass(frozen=True, eq=False)
class CoveringPlan(Least, ForGoal):
    """The least with which a share of the workers is covered, with its proof.

    Attributes
    ----------
    sought
        What is kept low: new stations, or yuan.
    target
        Share (0..1) of all workers that was asked for; None: everybody whom some candidate reaches.
    selected
        The most workers gained first.
    value, bound
        New stations or yuan; no plan that covers what is asked for takes less than `bound`.
    workers_total, workers_covered_before, workers_covered_after, workers_target
        Average present workers (heads without windows), within the cut-off (nominal); the target is
        what had to be covered.
    uncoverable
        Most workers first.
    status
        As of every plan; `infeasible`: all candidates together do not reach the share.
    remark_zh, remark_en
        What is to be said of the plan as a whole.
    stated_need
        Requests that decided with the workers, by the rules; None: none did.
    """

    sought: Sought
    target: float | None
    selected: tuple[CoveringSite, ...]
    value: int
    bound: int
    workers_total: float
    workers_covered_before: float
    workers_covered_after: float
    workers_target: float
    uncoverable: tuple[Uncoverable, ...]
    status: Status
    seconds: float
    method: Method
    measure: Measure
    rules: str | None
    parameters: Mapping[str, object]
    unattached_candidates: Mapping[str, Unattached]
    remark_zh: str = ""
    remark_en: str = ""
    stopped: Stopped | None = None
    stated_need: NeedServed | None = None

    @property
    def goal(self) -> OwnGoal:
        """What it kept low."""
        return OwnGoal(
            objective=self.sought,
            unit="yuan" if self.sought == "money" else "stations",
            before=0,
            after=self.value,
            bound=self.bound,
            gap=self.gap,
            target=self.target,
        )

    @property
    def workers_uncoverable(self) -> float:
        """Average present workers at the points that nothing covers."""
        return sum(point.workers for point in self.uncoverable)

    @property
    def cutoff_needed_m(self) -> float | None:
        """The smallest cut-off at which every point could be covered, metres; None: not known."""
        needed = [point.cutoff_needed_m for point in self.uncoverable]
        known = [metres for metres in needed if metres is not None]
        return max(known) if known and len(known) == len(needed) else None

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the command line's JSON."""
        whole = self.workers_total or 1.0
        return {
            **self.answered(lang),
            "stated_need": None if self.stated_need is None else self.stated_need.as_dict(),
            "target": self.target,
            "workers_target": plain(self.workers_target),
            "needed": self.value,
            "needed_bound": self.bound,
            "needed_unit": "yuan" if self.sought == "money" else "stations",
            "workers_total": plain(self.workers_total),
            "workers_covered_before": plain(self.workers_covered_before),
            "workers_covered_after": plain(self.workers_covered_after),
            "coverage_after": self.workers_covered_after / whole,
            "gap": self.gap,
            "uncoverable": [point.as_dict() for point in self.uncoverable],
            "workers_uncoverable": plain(self.workers_uncoverable),
            "cutoff_needed_m": (
                None if self.cutoff_needed_m is None else plain(self.cutoff_needed_m)
            ),
        }
