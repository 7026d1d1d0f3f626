"""Coverage against the mean walk: plans of which none is better in one and not worse in the other.

A plan with n new sites costs `alpha` for each unit of weight x way, and `beta` for each unit of
weight beyond the cut-off. Both grow with the way alone, so that it is a p-median of other costs:
its proof is a proof that the plan lies on the front. Weights are those of the line between two
plans next to each other, until no plan lies beyond it (Aneja & Nair 1979, "Bicriteria
transportation problem"). So every plan on the convex part of the front is met; those in its dents,
which no weights make the best, are not. Costs are whole numbers: ways count to a few centimetres.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from siting.allocation.median import p_median
from siting.allocation.pareto import FrontPoint, Watch
from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.walking.walks import WalkProblem

MOST_POINTS = 9
"""So many plans are sought at most."""

_TOP = 2.0e9
"""Costs are whole numbers up to here."""

_EDGE = 1e-4
"""At the ends the other goal counts so little, as a share of what decides."""

_EXACT = 1e-7


@dataclass(frozen=True, eq=False)
class _Met:
    """A plan: its sites, the weight it covers, the weight x way that it leaves, and its proof."""

    chosen: tuple[int, ...]
    covered: float
    walked: float
    proved: bool


def front_of_walk(
    problem: WalkProblem,
    near: Int64,
    *,
    cutoff: int,
    most: int = MOST_POINTS,
    time_limit_s: float,
    seed: int = 0,
    watch: Watch | None = None,
) -> tuple[FrontPoint, ...]:
    """Return plans from the one that covers the most to the one with the least mean walk.

    Parameters
    ----------
    problem
        Ways of all sites, with a penalty for whoever is beyond reach of all open ones.
    near
        int64[sites]: the number by which each site is known in the answer.
    cutoff
        Inclusive, in the unit of the ways: whoever is within it is covered.
    most
        So many plans are sought at most.
    time_limit_s
        Wall clock, for all together.
    watch
        Told of the front so far.

    Raises
    ------
    InfeasibleError
        As `p_median`.
    """
    search = _Search(problem, cutoff, time.monotonic() + time_limit_s, most, seed)
    search.told = lambda met: None if watch is None else watch(_points(met, near))
    return _points(search.run(), near)


class _Search:
    def __init__(
        self, problem: WalkProblem, cutoff: int, deadline: float, most: int, seed: int
    ) -> None:
        self.problem, self.cutoff, self.seed = problem, cutoff, seed
        self.deadline, self.left = deadline, most
        self.penalty = problem.penalty or int(problem.travel.cost.max(initial=0))
        self.total = float(problem.weights.sum())
        self.met: list[_Met] = []
        self.told: Callable[[list[_Met]], None] = lambda _: None

    def run(self) -> list[_Met]:
        """Return the front: its ends, then what lies beyond the lines between neighbours."""
        # A whole walk of the longest kind weighs less than one more who is covered, and the other
        # way round, so that each end is the best of its goal, and nearly the best of the other.
        first = self._best(_EDGE, float(self.penalty))
        last = self._best(1.0, _EDGE)
        lines = [(first, last)]
        while lines and self.left > 0 and time.monotonic() < self.deadline:
            lines.sort(key=lambda pair: self._apart(*pair))
            lines += self._between(*lines.pop())
        return self.met

    def _apart(self, one: _Met, two: _Met) -> float:
        """Return how far from each other two plans are, as a share of both ranges."""
        return (one.covered - two.covered) / (self.total or 1.0) + (one.walked - two.walked) / (
            self.total * self.penalty or 1.0
        )

    def _between(self, one: _Met, two: _Met) -> list[tuple[_Met, _Met]]:
        """Return the lines on either side of the plan that lies farthest beyond the line."""
        alpha, beta = one.covered - two.covered, one.walked - two.walked
        if alpha <= _EXACT * self.total or beta <= _EXACT * self.total:
            return []
        found = self._best(alpha, beta)
        gained = alpha * (two.walked - found.walked) + beta * (found.covered - two.covered)
        if gained <= _EXACT * (alpha * abs(two.walked) + beta * abs(two.covered)):
            return []
        return [(one, found), (found, two)]

    def _best(self, alpha: float, beta: float) -> _Met:
        """Return the plan that costs the least with such weights."""
        self.left -= 1
        scale = _TOP / (alpha * self.penalty + beta)
        travel = self.problem.travel
        costs = self._cost(travel.cost.astype(np.float64), scale, alpha, beta)
        penalty = self._cost(np.array([float(self.penalty)]), scale, alpha, beta)
        asked = replace(
            self.problem,
            travel=replace(travel, cost=costs.astype(np.int32)),
            penalty=int(penalty[0]),
        )
        shares = max(self.left + 1, 1)
        limit_s = max((self.deadline - time.monotonic()) / shares, 0.1)
        plan = p_median(asked, time_limit_s=limit_s, seed=self.seed)
        found = self._counted(plan.chosen, proved=plan.status == "optimal")
        self.met.append(found)
        self.told(self.met)
        return found

    def _cost(self, ways: Float64, scale: float, alpha: float, beta: float) -> Int64:
        blended = alpha * ways + np.where(ways > self.cutoff, beta, 0.0)
        return np.rint(scale * blended).astype(np.int64)

    def _counted(self, chosen: tuple[int, ...], *, proved: bool) -> _Met:
        """Return a plan as its ways say."""
        ways, weights = self.problem.walked(chosen), self.problem.weights
        covered: Bools = ways <= self.cutoff
        return _Met(chosen, float(weights[covered].sum()), float((weights * ways).sum()), proved)


def _points(met: list[_Met], near: Int64) -> tuple[FrontPoint, ...]:
    """Return the plans of which none is worse than another in both goals."""
    kept: dict[tuple[float, float], _Met] = {}
    for one in met:
        if not any(_beats(two, one) for two in met):
            held = kept.get((one.covered, one.walked))
            kept[one.covered, one.walked] = one if held is None or one.proved else held
    return tuple(
        FrontPoint(tuple(near[list(one.chosen)].tolist()), one.covered, one.walked, one.proved)
        for one in sorted(kept.values(), key=lambda one: one.covered)
    )


def _beats(one: _Met, two: _Met) -> bool:
    better = one.covered >= two.covered and one.walked <= two.walked
    return better and (one.covered, one.walked) != (two.covered, two.walked)
