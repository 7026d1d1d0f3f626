"""Of plans for short walks: ways with some sites open, rule points, how many sites suffice."""

from functools import partial

import numpy as np

from geo.catchments import ABSENT
from geo.errors import InfeasibleError
from siting.allocation import Covering, CoveringProblem, MedianPlan, WalkProblem, cover
from siting.allocation.held import Keeper
from siting.allocation.problem import Bools, Int64, Problem
from siting.allocation.second_goal import median_model
from siting.allocation.worths import Walked
from siting.plans.goals.by_points import ByPoints, by_points
from siting.plans.goals.choice import Choice
from siting.plans.goals.task import Limits
from siting.sites import SiteTravel

ENOUGH_S = 5.0
"""Seconds in which it is looked for how many sites bring everybody within reach."""

_MM = 1000.0


def median_points(
    walks: SiteTravel,
    choice: Choice,
    problem: WalkProblem,
    found: MedianPlan,
    limits: Limits,
    left_s: float,
) -> ByPoints:
    """Return what rule points make of a plan; its candidates are numbered as the table has them."""
    rows, first, weights = walks.candidate_matrix(), walks.stations, walks.demand.point_hours
    task = Problem(
        weights=weights,
        covered=np.zeros(len(weights), dtype=bool),
        indptr=rows.indptr,
        demand=rows.demand,
        cost_yuan=np.zeros(rows.sites, dtype=np.int64),
        allowed=choice.allowed & ~choice.required,
        new=problem.new,
        points=np.array([score.points for score in choice.scores or ()], dtype=np.float64),
    )
    return by_points(
        Walked(rows, weights, problem.walked(())),
        task,
        tuple(site - first for site in found.chosen),
        exact=partial(median_model, problem, first),
        limits=limits,
        time_limit_s=left_s,
    )


def enough_sites(
    walks: SiteTravel, choice: Choice, opened: Bools, keeper: Keeper, seed: int
) -> int | None:
    """Return how many new sites bring within reach whomever some candidate reaches.

    Parameters
    ----------
    opened
        bool[sites]: existing stations, and candidates asked for: these are counted in.

    Notes
    -----
    The fewest that were found in time; None: none were.
    """
    rows = walks.candidate_matrix()
    problem = CoveringProblem(
        weights=walks.demand.point_hours,
        covered=walks.matrix.covered(opened),
        indptr=rows.indptr,
        demand=rows.demand,
        cost_yuan=np.zeros(rows.sites, dtype=np.int64),
        allowed=choice.allowed & ~choice.required,
    )
    try:
        found: Covering = keeper.run(cover, problem, time_limit_s=ENOUGH_S, seed=seed)
    except InfeasibleError:
        return None
    return int(choice.required.sum()) + int(found.value)


class Ways:
    """Walks of all demand points with some sites open."""

    def __init__(self, walks: SiteTravel, choice: Choice, walk_m: float, opened: Bools) -> None:
        """Find the nearest open site of every point, up to `walk_m` metres."""
        self.weights = walks.demand.point_hours
        self.near: Int64 = walks.matrix.nearest(opened).astype(np.int64)
        self.counted = np.where(self.near == ABSENT, walk_m * _MM, self.near).astype(float)
        total = float((self.weights * self.counted).sum())
        self.mean_m = total / (choice.total or 1.0) / _MM
        near = choice.sites.matrix.covered(opened)
        self.covered = float(self.weights[near].sum())
        self.unreached = float(self.weights[self.near == ABSENT].sum())

    def worst_m(self, reachable: Bools) -> float | None:
        """Return the longest walk of whom some site reaches; None: some have no open one."""
        walks = self.near[reachable & (self.weights > 0)]
        if (walks == ABSENT).any():
            return None
        return float(walks.max(initial=0)) / _MM

    def farthest(self, reachable: Bools) -> list[int]:
        """Return the points that walk the longest; none where somebody is not reached."""
        counts = reachable & (self.weights > 0)
        worst = self.near[counts].max(initial=0)
        if (self.near[counts] == ABSENT).any():
            return []
        return np.flatnonzero(counts & (self.near == worst)).tolist()
