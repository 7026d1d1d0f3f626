"""Two goals at once: plans of which none is worse than another in both.

Of one goal the most is sought while the other is at least so much, for rising thresholds (the
epsilon-constraint method; Haimes, Lasdon & Wismer 1971). A plan found so may still be beaten at
equal worth: the threshold is moved just beyond what it has of the other goal and the most sought
again. A point is proved to be on the front where its plan has the most at its threshold and the
bound beyond it is lower: then every other plan has less of one of the goals.

    money        weight covered; yuan not spent
    points       rule points of the open sites; weight covered
    least_share  weight covered; the least share of any town (or group) that is covered
"""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation.bound import EXACT
from siting.allocation.engine import within
from siting.allocation.milp import PointsGoal, solve_milp
from siting.allocation.problem import Floor, Problem
from siting.allocation.reduce import reduce_problem
from siting.allocation.solve import Solution, solve

STEPS = 10
"""So many thresholds."""

POINTS_LOSS = 0.05
"""With rule points, plans that cover at most this share less than the best are looked at."""

SHARE_STEP = 1e-6
"""A least share (or, in fractions of workers, this share of a weight) must rise so far to count."""

_HALF_A_WORKER = 0.5
_REPEATS = 5


@dataclass(frozen=True)
class Probe:
    """The plan with the most of one goal at a threshold of the other.

    Attributes
    ----------
    chosen
        Candidates.
    goal, bound
        What it has of the first goal, and the most that any plan has at the threshold.
    kept
        What it has of the other; more is better.
    """

    chosen: tuple[int, ...]
    goal: float
    bound: float
    kept: float


@dataclass(frozen=True)
class FrontPoint:
    """A plan of the front.

    Attributes
    ----------
    chosen
        Candidates.
    after
        Weight covered.
    other
        The other goal: yuan, points, or the least share (0..1).
    proved
        Whether it is proved that no plan is better in one goal and not worse in the other.
    """

    chosen: tuple[int, ...]
    after: float
    other: float
    proved: bool


Seek = Callable[[float], Probe | None]
Watch = Callable[[tuple[FrontPoint, ...]], None]
"""Told of the front so far."""

_Found = list[tuple[Probe, bool]]


def front_of_money(
    problem: Problem,
    *,
    steps: int = STEPS,
    time_limit_s: float,
    seed: int = 0,
    watch: Watch | None = None,
) -> tuple[FrontPoint, ...]:
    """Return plans from the one that covers the most down to the one that costs nothing.

    Parameters
    ----------
    steps
        So many budgets, equally far apart.
    time_limit_s
        For all together.
    watch
        Told of the front so far.

    Examples
    --------
    >>> problem = Problem(
    ...     weights=np.array([10.0, 20.0, 30.0]),
    ...     covered=np.zeros(3, dtype=bool),
    ...     indptr=np.array([0, 2, 3]),
    ...     demand=np.array([0, 1, 2], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 5000]),
    ...     allowed=np.ones(2, dtype=bool),
    ...     new=1,
    ... )
    >>> [(p.after, p.other, p.proved) for p in front_of_money(problem, time_limit_s=9.0)]
    [(0.0, 0.0, True), (30.0, 2000.0, True)]
    """
    plain = replace(problem, points=np.empty(0))
    limit_s = time_limit_s / (2 * steps + 2)

    def seek(least: float) -> Probe | None:
        if least > 0:
            return None
        budget = problem.budget_yuan if least == -math.inf else int(-least)
        found = _solved(plain, limit_s, seed, budget_yuan=budget)
        return (
            None
            if found is None
            else _probe(found, -float(problem.cost_yuan[list(found.chosen)].sum()))
        )

    first = seek(-math.inf)
    if first is None:
        return ()
    levels = [-math.inf, *(first.kept * (1 - step / steps) for step in range(1, steps + 1))]
    whole = (float(math.ceil(x)) if x > -math.inf else x for x in levels)
    return _front(
        seek,
        whole,
        _one_more,
        lambda points: tuple(
            FrontPoint(p.chosen, p.goal, -p.kept, proved) for p, proved in reversed(points)
        ),
        watch,
    )


def front_of_points(
    problem: Problem,
    *,
    steps: int = STEPS,
    time_limit_s: float,
    seed: int = 0,
    watch: Watch | None = None,
) -> tuple[FrontPoint, ...]:
    """Return plans from the one with the most rule points up to the one that covers the most.

    None covers less than 1 - `POINTS_LOSS` of the best plan. A site may be in one of them for its
    points alone.
    """
    limit_s = time_limit_s / (2 * steps + 2)
    best = _solved(problem, limit_s, seed, points=np.empty(0))
    if best is None or not best.chosen:
        return ()
    reduced = reduce_problem(problem)
    place = {int(site): column for column, site in enumerate(reduced.site)}
    start = [place[site] for site in best.chosen]
    most = float(reduced.points.sum())

    def seek(least: float) -> Probe | None:
        if least > best.bound * (1 + EXACT):
            return None
        floor = PointsGoal(min(least, best.after) - reduced.base)
        if least > best.after:
            floor = PointsGoal(least - reduced.base)
        begin = start if least <= best.after else []
        outcome = solve_milp(reduced, begin, second=floor, time_limit_s=limit_s, seed=seed)
        if outcome.infeasible:
            return None
        plan = outcome.columns
        bound = min(outcome.bound, most) if math.isfinite(outcome.bound) else most
        if plan is None or not within(reduced, plan):
            return Probe((), -math.inf, bound, least)
        chosen = reduced.sites(plan)
        points = float(problem.points[list(chosen)].sum())
        return Probe(chosen, points, max(bound, points), problem.value(chosen))

    whole = bool((problem.weights == np.floor(problem.weights)).all())
    step = _HALF_A_WORKER if whole else SHARE_STEP * best.after
    span = np.linspace(1 - POINTS_LOSS, 1, steps) * best.after
    return _front(
        seek,
        span.tolist(),
        lambda kept: kept + step,
        lambda points: tuple(FrontPoint(p.chosen, p.kept, p.goal, proved) for p, proved in points),
        watch,
    )


def front_of_least_share(
    problem: Problem,
    groups: tuple[Floor, ...],
    *,
    steps: int = STEPS,
    time_limit_s: float,
    seed: int = 0,
    watch: Watch | None = None,
) -> tuple[FrontPoint, ...]:
    """Return plans from the one that covers the most to the one with the greatest least share.

    Parameters
    ----------
    groups
        Whose shares count; their own `share` is left aside, and so is a group without weight.
    """
    plain = replace(problem, points=np.empty(0))
    groups = tuple(group for group in groups if problem.counted(group).any())
    limit_s = time_limit_s / (2 * steps + 2)

    def seek(least: float) -> Probe | None:
        floors = tuple(replace(group, share=least) for group in groups) if least > 0 else ()
        if least > 1:
            return None
        found = _solved(plain, limit_s, seed, floors=(*problem.floors, *floors))
        return None if found is None else _probe(found, least_share(problem, groups, found.chosen))

    first = seek(0.0) if groups else None
    if first is None:
        return ()
    everywhere = tuple(np.flatnonzero(problem.payable).tolist())
    highest = least_share(problem, groups, everywhere)
    levels = [0.0, *np.linspace(first.kept, highest, steps + 1)[1:].tolist()]
    return _front(
        seek,
        levels,
        lambda kept: kept + SHARE_STEP,
        lambda points: tuple(FrontPoint(p.chosen, p.goal, p.kept, proved) for p, proved in points),
        watch,
    )


def least_share(problem: Problem, groups: tuple[Floor, ...], chosen: tuple[int, ...]) -> float:
    """Return the least share (0..1) of any group that a plan covers."""
    reached = problem.reached(chosen)
    inside = [problem.counted(group) for group in groups]
    return min(float(weights[reached].sum() / weights.sum()) for weights in inside)


def _front(
    seek: Seek,
    levels: Iterable[float],
    beyond: Callable[[float], float],
    made: Callable[[_Found], tuple[FrontPoint, ...]],
    watch: Watch | None,
) -> tuple[FrontPoint, ...]:
    """Return plans by rising thresholds, each with whether it is proved to be on the front."""
    points: _Found = []
    ahead: Probe | None = None
    for least in levels:
        if points and points[-1][0].kept >= least:
            continue
        # What was sought beyond the point before has the most here, too, if it reaches so far.
        known = ahead is not None and ahead.chosen and ahead.kept >= least
        probe = ahead if known else seek(least)
        if probe is None:
            break
        if probe.goal == -math.inf:
            continue
        for _ in range(_REPEATS):
            ahead = seek(beyond(probe.kept))
            if ahead is None or ahead.goal < probe.goal * (1 - EXACT):
                break
            probe = replace(ahead, bound=min(ahead.bound, probe.bound))
        best = probe.goal >= probe.bound * (1 - EXACT)
        alone = ahead is None or ahead.bound < probe.goal * (1 - EXACT)
        points.append((probe, best and alone))
        if watch is not None:
            watch(made(_undominated(points)))
        if ahead is None:
            break
    return made(_undominated(points))


def _undominated(points: _Found) -> _Found:
    return [
        (one, proved)
        for one, proved in points
        if not any(
            other.goal >= one.goal
            and other.kept >= one.kept
            and (other.goal, other.kept) != (one.goal, one.kept)
            for other, _ in points
        )
    ]


def _one_more(kept: float) -> float:
    """Return the next whole number above."""
    return math.floor(kept) + 1.0


def _probe(found: Solution, kept: float) -> Probe:
    return Probe(found.chosen, found.after, found.bound, kept)


def _solved(problem: Problem, limit_s: float, seed: int, **changes: Any) -> Solution | None:  # noqa: ANN401 -- fields of a problem
    """Return the best plan of a problem with other fields; None: none keeps to everything."""
    begun = time.monotonic()
    try:
        return solve(replace(problem, **changes), time_limit_s=limit_s, seed=seed)
    except InfeasibleError as error:
        if error.code == "siting_plan_none_in_time":
            bound = float(problem.weights.sum())
            return Solution(
                (), (), 0.0, -math.inf, bound, "time_limit", 0.0, time.monotonic() - begun
            )
        if error.code == "siting_plan_budget_small":
            nothing = problem.value(())
            return Solution((), (), nothing, nothing, nothing, "optimal", 0.0, 0.0)
        return None
