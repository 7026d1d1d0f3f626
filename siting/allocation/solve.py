"""Reduction, search, proof; then rule points as the second goal. What is claimed is recomputed."""

import math
import time
from dataclasses import dataclass, replace

import numpy as np

from siting.allocation.bound import EXACT
from siting.allocation.engine import Found, Watch, best_plan, completed, within
from siting.allocation.milp import PointsGoal, solve_milp
from siting.allocation.problem import Problem
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.search import in_marginal_order, useless_set, value
from siting.results import Status, Stopped

# A bound computed in floating point is moved up by this share before it is printed.
BOUND_MARGIN = 1e-9
# Rules may not cost more of what the best plan adds than this, however much is covered already.
MAX_SHARE_OF_GAIN = 0.1
# So many sets with a useless site are ruled out in turn, then the best plan so far stands.
MAX_CUTS = 50
DEFAULT_TIME_LIMIT_S = 30.0
_FIRST_GOAL_SHARE = 0.7


@dataclass(frozen=True)
class Solution:
    """A plan with its proof, in the weights of the problem.

    Attributes
    ----------
    chosen
        Candidates, most additional weight first.
    gains
        What each adds in that order; they sum to `after` - `before`.
    before, after
        Weight covered without and with `chosen`, recomputed from the catchments.
    bound
        No plan within the limits covers more; >= `after`.
    status
        `optimal` only where `after` equals `bound`; `within_gap`: the rules took a plan below it;
        `time_limit`: the search was stopped before the proof was there.
    points
        Sum of the rule points of `chosen`.
    seconds
        Wall clock.
    stopped
        Where the status is `time_limit`: by what.
    points_left
        Nothing covers more, but the search for more rule points was cut short.
    """

    chosen: tuple[int, ...]
    gains: tuple[float, ...]
    before: float
    after: float
    bound: float
    status: Status
    points: float
    seconds: float
    stopped: Stopped | None = None
    points_left: bool = False


def solve(
    problem: Problem,
    *,
    tolerance: float = 0.0,
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
) -> Solution:
    """Return a plan, a bound on every plan, and what is proved.

    Parameters
    ----------
    problem
        With `points`, these are the second goal.
    tolerance
        Share (0..1) of the best coverage that may be given up for more points; never more than a
        tenth of what the best plan adds.
    gap
        Share (0..1) of the bound: the search stops at a plan this near.
    time_limit_s
        Wall clock; the best plan so far is returned when it is up.
    seed
        Of HiGHS.
    """
    started = time.monotonic()
    reduced = reduce_problem(problem)
    found = searched(reduced, tolerance=tolerance, gap=gap, time_limit_s=time_limit_s, seed=seed)
    return reported(problem, reduced, found, started=started)


def searched(
    reduced: Reduced,
    *,
    tolerance: float,
    gap: float,
    time_limit_s: float,
    seed: int,
    start: list[int] | None = None,
    watch: Watch | None = None,
) -> Found:
    """Return the plan for both goals, a bound on its weight, and whether all was done.

    Parameters
    ----------
    start
        A plan to begin with, if it keeps to everything.
    watch
        Told on the way what would be returned if all ended then.
    """
    begun = time.monotonic()
    second = tolerance > 0 and bool(reduced.points.any())
    found = best_plan(
        reduced,
        gap=gap,
        time_limit_s=time_limit_s * (_FIRST_GOAL_SHARE if second else 1.0),
        seed=seed,
        start=start,
        watch=watch,
    )
    if not (second and found.plan):
        return found
    if watch is not None:
        watch(replace(found, finished=False))
    plan, done = _second_goal(reduced, found.plan, tolerance, begun + time_limit_s, seed)
    return replace(found, plan=plan, finished=found.finished and done)


def _second_goal(
    reduced: Reduced, best: list[int], tolerance: float, deadline: float, seed: int
) -> tuple[list[int], bool]:
    """Return the plan with the most points among those that give up little weight.

    A plan in which some site adds nobody does not count. The model cannot say that of a set as
    a whole, so such sets are ruled out one by one as they turn up: what is useless beside some
    sites is useless beside more.
    """
    gain = value(reduced, best)
    loss = min(tolerance * (reduced.base + gain), MAX_SHARE_OF_GAIN * gain)
    goal = PointsGoal(gain - loss)
    plan = best
    for _ in range(MAX_CUTS):
        left = deadline - time.monotonic()
        outcome = solve_milp(reduced, best, second=goal, time_limit_s=left, seed=seed)
        found = outcome.columns
        if found is None or not _within(reduced, found, floor=goal.floor):
            return plan, outcome.finished
        plan = _with_more_points(reduced, plan, completed(reduced, found))
        clash = useless_set(reduced, found) if reduced.sides.empty else ()
        if not clash:
            # A site that completes a plan may make one with points useless: then it stays as it is.
            plan = _with_more_points(reduced, plan, found)
        if not clash or not outcome.finished:
            return plan, outcome.finished
        goal = replace(goal, apart=(*goal.apart, clash))
    return plan, False


def _with_more_points(reduced: Reduced, plan: list[int], other: list[int]) -> list[int]:
    return other if reduced.points[other].sum() > reduced.points[plan].sum() else plan


def _within(reduced: Reduced, plan: list[int], *, floor: float) -> bool:
    """Check a solver's plan by ourselves: limits, and the weight it must have."""
    return within(reduced, plan) and value(reduced, plan) >= floor * (1 - EXACT)


def reported(
    problem: Problem,
    reduced: Reduced,
    found: Found,
    *,
    started: float,
    stopped: Stopped | None = None,
) -> Solution:
    """Return what was found as a plan of candidates, all figures recomputed from their catchments.

    Parameters
    ----------
    started
        A reading of `time.monotonic()`.
    stopped
        By what the search was stopped; None: it ended by itself.
    """
    plan = found.plan
    ordered = in_marginal_order(reduced, plan)
    # What a side constraint asks for is opened even where it adds nobody.
    asked = [column for column in plan if column not in ordered] if problem.sided else []
    chosen = reduced.sites([*ordered, *asked])
    values = problem.values(chosen)
    before, after = float(values[0]), float(values[-1])
    limit = _safe_bound(problem, reduced.base + found.bound, after)
    status = _status(after, limit, finished=found.finished)
    by_itself: Stopped = "search" if found.exhausted else "time"
    return Solution(
        chosen=chosen,
        gains=tuple(np.diff(values).tolist()),
        before=before,
        after=after,
        bound=limit,
        status=status,
        points=float(problem.points[list(chosen)].sum()) if len(problem.points) else 0.0,
        seconds=time.monotonic() - started,
        stopped=(stopped or by_itself) if status == "time_limit" else None,
        points_left=status == "optimal" and not found.finished and bool(problem.points.any()),
    )


def _safe_bound(problem: Problem, bound: float, after: float) -> float:
    """Return a bound that rounding cannot have made too small; never below `after`."""
    if bound - after <= EXACT * abs(bound):
        return after
    safe = bound * (1 + BOUND_MARGIN)
    if _whole(problem):
        safe = float(math.floor(safe))
    return max(min(safe, float(problem.weights.sum())), after)


def _whole(problem: Problem) -> bool:
    return bool((problem.weights == np.floor(problem.weights)).all())


def _status(after: float, bound: float, *, finished: bool) -> Status:
    if after >= bound:
        return "optimal"
    return "within_gap" if finished else "time_limit"
