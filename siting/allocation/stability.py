"""How firmly a plan stands where demand is not known exactly: plans under many shaken demands.

In each draw the weight of every demand point is multiplied by a factor whose logarithm is normal,
and rule points may be others, too. Small problems are solved; larger ones are searched by swaps
from the plan and from greedy, so that what the plan loses is at least what is found; and at most
what a bound says: prices of the unshaken relaxation, in proportion to the new weights, bound every
plan of the draw (weak duality).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation.bound import EXACT, Relaxation, priced
from siting.allocation.engine import SMALL_NONZEROS, completed
from siting.allocation.problem import Float64, Floor, Problem
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.search import greedy, improve, value
from siting.allocation.sided.search import keeps_to_sides, sided_greedy, sided_improve
from siting.allocation.solve import solve

DRAWS = 100
SPREAD = 0.2
"""Spread of the logarithm of a factor: two thirds of them lie within a fifth of 1."""

DRAW_LIMIT_S = 2.0
_RELAX_NEAR = 1e-3


@dataclass(frozen=True, eq=False)
class Stability:
    """What became of a plan under shaken demand.

    Attributes
    ----------
    draws
        How many were made before time was up.
    chosen_share
        float64[s]: in which share (0..1) of the draws each candidate is in the plan found.
    regret
        float64[draws]: what the plan found covers more than the plan asked about, >= 0.
    regret_bound
        float64[draws]: no plan of the draw covers more than so much more; >= `regret`.
    total
        float64[draws]: all weight.
    """

    draws: int
    chosen_share: Float64
    regret: Float64
    regret_bound: Float64
    total: Float64


def stability(  # noqa: PLR0913 - what a draw is made from, each by name
    problem: Problem,
    chosen: tuple[int, ...],
    *,
    draws: int = DRAWS,
    spread: float = SPREAD,
    points: Sequence[Float64] = (),
    tolerance: float = 0.0,
    time_limit_s: float = 60.0,
    seed: int = 0,
    watch: Callable[[Stability], None] | None = None,
) -> Stability:
    """Return how often each candidate is chosen, and what the plan loses, under shaken demand.

    Floors are asked of demand as it is: a plan that keeps to them keeps to them in every draw.

    Parameters
    ----------
    chosen
        The plan.
    spread
        Of the logarithm of the factors.
    points
        Rule points for each draw; none: they do not count.
    tolerance
        As for `solve`, where there are points.
    time_limit_s
        For all draws; those that are not made are not counted.
    seed
        Of the factors: the same seed, the same draws.
    watch
        Told of what the draws so far show.

    Examples
    --------
    >>> problem = Problem(
    ...     weights=np.array([10.0, 10.0, 900.0]),
    ...     covered=np.zeros(3, dtype=bool),
    ...     indptr=np.array([0, 1, 2, 3]),
    ...     demand=np.array([0, 1, 2], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 2000, 2000]),
    ...     allowed=np.ones(3, dtype=bool),
    ...     new=2,
    ... )
    >>> found = stability(problem, (2, 0), draws=40)
    >>> float(found.chosen_share[2]), bool(0.3 < found.chosen_share[0] < 0.7)
    (1.0, True)
    """
    deadline = time.monotonic() + time_limit_s
    shaking = _Shaking(problem, chosen, tolerance, seed)
    random = np.random.default_rng(seed)
    times = np.zeros(problem.candidates)
    rows: list[tuple[float, float, float]] = []
    for draw in range(draws):
        if watch is not None:
            watch(_shown(rows, times))
        if time.monotonic() > deadline:
            break
        factor = np.exp(spread * random.standard_normal(len(problem.weights)))
        task = replace(shaking.task, weights=problem.weights * factor)
        if len(points):
            task = replace(task, points=points[draw])
        found, upper = shaking.plan(task)
        now = task.value(chosen)
        after = task.value(found)
        times[list(found)] += 1
        rows.append((max(after - now, 0.0), max(upper - now, 0.0), float(task.weights.sum())))
    return _shown(rows, times)


def _shown(rows: list[tuple[float, float, float]], times: Float64) -> Stability:
    """Return what some draws show."""
    made = np.array(rows).reshape(-1, 3)
    return Stability(
        draws=len(rows),
        chosen_share=times / max(len(rows), 1),
        regret=made[:, 0],
        regret_bound=np.maximum(made[:, 1], made[:, 0]),
        total=made[:, 2],
    )


class _Shaking:
    """What all draws have in common."""

    def __init__(
        self, problem: Problem, chosen: tuple[int, ...], tolerance: float, seed: int
    ) -> None:
        floors = tuple(_as_it_is(problem, floor) for floor in problem.floors)
        self.task = replace(problem, points=np.empty(0), floors=floors)
        self.chosen, self.tolerance, self.seed = chosen, tolerance, seed
        reduced = reduce_problem(self.task)
        self._small = reduced.cover.nnz <= SMALL_NONZEROS
        self._duals = np.ones(len(reduced.weights))
        if not self._small:
            relaxation = Relaxation(reduced, _columns(reduced, chosen))
            relaxation.run(near=_RELAX_NEAR, deadline=time.monotonic() + DRAW_LIMIT_S)
            self._duals = relaxation.prices / reduced.weights

    def plan(self, task: Problem) -> tuple[tuple[int, ...], float]:
        """Return the plan for a draw, and a bound on every plan of it."""
        if self._small or len(task.points):
            tolerance = self.tolerance if len(task.points) else 0.0
            try:
                found = solve(task, tolerance=tolerance, time_limit_s=DRAW_LIMIT_S, seed=self.seed)
            except InfeasibleError:  # nothing kept to all in so little time
                return self.chosen, float(task.weights.sum())
            return found.chosen, found.bound
        reduced = reduce_problem(task)
        plan = _quick(reduced, _columns(reduced, self.chosen))
        upper = priced(reduced, self._duals * reduced.weights).upper
        return reduced.sites(plan), (reduced.base + upper) * (1 + EXACT)


def _quick(reduced: Reduced, now: list[int]) -> list[int]:
    """Return the better of what swaps make of a plan and of greedy."""
    deadline = time.monotonic() + DRAW_LIMIT_S
    if reduced.sides.empty:
        starts = [completed(reduced, now), greedy(reduced, per_yuan=False)]
        found = [improve(reduced, start, deadline) for start in starts]
    else:
        starts = [now, sided_greedy(reduced, [])]
        kept = [start for start in starts if keeps_to_sides(reduced, start)]
        found = [sided_improve(reduced, start, deadline) for start in kept] or [now]
    return max(found, key=lambda plan: value(reduced, plan))


def _columns(reduced: Reduced, chosen: tuple[int, ...]) -> list[int]:
    place = {int(site): column for column, site in enumerate(reduced.site)}
    return [place[site] for site in chosen if site in place]


def _as_it_is(problem: Problem, floor: Floor) -> Floor:
    return replace(floor, weights=problem.counted(floor))
