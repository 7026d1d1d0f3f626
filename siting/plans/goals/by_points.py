"""Rule points as the second goal of plans for second stations, seats and short walks.

Among plans that give up at most the tolerance of what they seek (0.5 % unless told otherwise, never
more than a tenth of what the plan brings) the one with the most points is taken
(`siting.allocation.second_goal`). What was given up is told beside the figure.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np

from siting.allocation.backup import BackupPlan
from siting.allocation.bound import EXACT
from siting.allocation.capacity import CapacityPlan
from siting.allocation.held import Keeper
from siting.allocation.lazy_search import Goal, in_order
from siting.allocation.problem import Problem
from siting.allocation.second_goal import Exact, PointsPlan, floor_of, more_points
from siting.plans.goals.task import Limits
from siting.results import CandidateScore, Status
from words import Lang, percent, say

_Plan = TypeVar("_Plan", BackupPlan, CapacityPlan)

FIRST_SHARE: Final = 0.7
"""Of the time limit, for the first goal where points are the second."""


@dataclass(frozen=True)
class ByPoints:
    """What points made of a plan.

    Attributes
    ----------
    chosen
        Candidates, the most gained first.
    before, after
        Sums of the points of the plan that seeks its goal alone, and of `chosen`.
    finished
        Whether it is proved that no plan within the tolerance has more.
    tolerance
        Share (0..1) of what is sought that might be given up.
    lost
        What was given up, in the worth of the first goal.
    """

    chosen: tuple[int, ...]
    before: float
    after: float
    finished: bool
    tolerance: float
    lost: float = 0.0

    @property
    def moved(self) -> bool:
        """Whether another plan was taken for its points."""
        return self.after > self.before

    def status(self, first: Status) -> Status:
        """Return what is proved of the plan, where so much is of the one that seeks its goal."""
        return "within_gap" if self.lost > 0 and first == "optimal" else first

    def taken(self, found: _Plan, worth: Callable[[tuple[int, ...]], float]) -> _Plan:
        """Return a plan with the sites that were taken for their points, and their figures.

        Parameters
        ----------
        worth
            What any set of candidates counts, as `found` counts it.
        """
        if not self.moved:
            return found
        values = [worth(self.chosen[:size]) for size in range(len(self.chosen) + 1)]
        return replace(
            found,
            chosen=self.chosen,
            gains=tuple(np.diff(values).tolist()),
            after=values[-1],
            status=self.status(found.status),
        )

    def said(self, lang: Lang) -> str:
        """Return what points took, in words."""
        facts = {
            "tolerance": percent(self.tolerance),
            "before": f"{self.before:.1f}",
            "after": f"{self.after:.1f}",
        }
        key = "points_moved" if self.moved else "points_same"
        told = say(f"plan_goals.{key}", lang, **facts)
        if self.finished:
            return told
        return told + (" " if lang == "en" else "") + say("plan_goals.points_open", lang)


def counts(scores: tuple[CandidateScore, ...] | None, limits: Limits) -> bool:
    """Tell whether points are a second goal."""
    return scores is not None and limits.tolerance > 0 and any(one.points for one in scores)


def by_points(
    goal: Goal,
    problem: Problem,
    chosen: tuple[int, ...],
    *,
    exact: Callable[[], Exact | None],
    limits: Limits,
    time_limit_s: float,
) -> ByPoints:
    """Return the plan with the most points among those nearly as good as `chosen`.

    Parameters
    ----------
    goal
        The first goal, of all candidates; more is better.
    problem
        Limits, wishes and points.
    exact
        Makes the model of the first goal, for the search's own process.
    time_limit_s
        Of this search.
    """
    best = goal.value(list(chosen))
    floor = floor_of(goal.value([]), best, limits.tolerance)
    found: PointsPlan = Keeper(limits.looked_at).run(
        more_points,
        *(goal, problem, chosen, floor),
        exact=exact,
        time_limit_s=min(max(time_limit_s, _LEAST_S), _MOST_S),
        seed=limits.seed,
    )
    before = float(problem.points[list(chosen)].sum())
    if found.points <= before:
        return ByPoints(chosen, before, before, found.finished, limits.tolerance)
    ordered = tuple(in_order(goal, list(found.chosen)))
    lost = best - goal.value(list(ordered))
    lost = lost if lost > EXACT * max(abs(best), 1.0) else 0.0
    return ByPoints(ordered, before, found.points, found.finished, limits.tolerance, lost)


_LEAST_S, _MOST_S = 1.0, 10.0
