"""A plan that makes walks short, frozen: the mean walk, or the longest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from siting.plan_results import ForGoal, NeedServed, OwnGoal, SelectedSite
from siting.results import Measure, Method, Status, Stopped, Unattached, plain
from words import Lang

Shortened = Literal["median", "center"]
"""What is kept short: the mean walk of all workers (p-median), or the longest one (p-center)."""

_METRES = (
    "mean_walk_m_before",
    "mean_walk_m_after",
    "worst_walk_m_before",
    "worst_walk_m_after",
    "bound_m",
)


@dataclass(frozen=True)
class WalkingSite(SelectedSite):
    """One site.

    Attributes
    ----------
    mean_saved_m
        By how much it shortens the mean walk, in the plan's order.
    workers_nearest
        Average present workers who have no nearer open station.
    farthest_m
        The longest walk of theirs, metres.
    """

    mean_saved_m: float
    workers_nearest: float
    farthest_m: float

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            **super().as_dict(lang),
            "mean_saved_m": plain(self.mean_saved_m),
            "workers_nearest": plain(self.workers_nearest),
            "farthest_m": plain(self.farthest_m),
        }


@dataclass(frozen=True)
class Farthest:
    """A demand point: its workers, and their walk to the nearest open station; None: too far."""

    id: str
    workers: float
    walk_m: float | None

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        walk = None if self.walk_m is None else plain(self.walk_m)
        return {"id": self.id, "workers": plain(self.workers), "walk_m": walk}


@dataclass(frozen=True, eq=False)
class WalkingPlan(ForGoal):
    """New stations, the walks before and after, and a bound below those of every such plan.

    Attributes
    ----------
    shortened
        What is kept short, and what `bound_m` bounds.
    new
        So many new stations were asked for.
    walk_m
        Walks are followed so far, metres; whoever has no open station within it counts as walking
        so far in means, and is listed in `unreached`.
    selected
        The one that shortens the mean walk the most first.
    mean_walk_m_before, mean_walk_m_after
        Of all workers, each as long as the hours present say.
    worst_walk_m_before, worst_walk_m_after
        The longest walk of anybody whom some site reaches at all; None: some of them have no open
        station within `walk_m`.
    bound_m
        No plan of so many sites has a shorter mean (longest) walk; None: nothing is known.
    workers_total, workers_covered_before, workers_covered_after
        Average present workers (heads without windows); covered is within the cut-off, as always.
    workers_unreached_before, workers_unreached_after
        Without an open station within `walk_m`.
    farthest
        Whom the longest walk is of; after the plan.
    unreached
        Points without an open station within `walk_m` after the plan, most workers first.
    out_of_reach
        Of these, whom no site reaches that may be opened.
    status
        As of every plan; `infeasible`: so many sites cannot bring everybody within `walk_m`.
    """

    shortened: Shortened
    new: int
    walk_m: float
    selected: tuple[WalkingSite, ...]
    mean_walk_m_before: float
    mean_walk_m_after: float
    worst_walk_m_before: float | None
    worst_walk_m_after: float | None
    bound_m: float | None
    workers_total: float
    workers_covered_before: float
    workers_covered_after: float
    workers_unreached_before: float
    workers_unreached_after: float
    farthest: tuple[Farthest, ...]
    unreached: tuple[Farthest, ...]
    out_of_reach: tuple[str, ...]
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
        """Which walk it kept short."""
        mean = self.shortened == "median"
        return OwnGoal(
            objective=self.shortened,
            unit="metres",
            before=self.mean_walk_m_before if mean else self.worst_walk_m_before,
            after=self.value_m,
            bound=self.bound_m,
            gap=self.gap,
        )

    @property
    def value_m(self) -> float | None:
        """The walk that was to be short, after the plan; None without a plan."""
        if self.shortened == "median":
            return self.mean_walk_m_after
        return self.worst_walk_m_after

    @property
    def gap(self) -> float | None:
        """Share of `value_m` by which a better plan might be better; None: nothing is known."""
        if self.value_m is None or self.bound_m is None:
            return None
        return max(self.value_m - self.bound_m, 0.0) / self.value_m if self.value_m else 0.0

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the command line's JSON."""
        metres = {name: getattr(self, name) for name in _METRES}
        return {
            **self.answered(lang),
            "walk_m": plain(self.walk_m),
            **{name: None if value is None else plain(value) for name, value in metres.items()},
            "workers_total": plain(self.workers_total),
            "workers_covered_before": plain(self.workers_covered_before),
            "workers_covered_after": plain(self.workers_covered_after),
            "workers_unreached_before": plain(self.workers_unreached_before),
            "workers_unreached_after": plain(self.workers_unreached_after),
            "farthest": [point.as_dict() for point in self.farthest],
            "unreached": [point.as_dict() for point in self.unreached],
            "out_of_reach": list(self.out_of_reach),
            "gap": self.gap,
        }
