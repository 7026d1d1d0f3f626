"""The next best plans, and what in a plan could be otherwise at next to no price.

The next best plan is the best that has another site in the place of one (or more) of every plan
before it: at most n - 1 of its n sites, at least 1 of the others (cuts as in Balas & Jeroslow 1972;
a plan that only leaves out a site is none). Which
sites no near-best plan lacks is asked of each in turn: the best plan without it is bounded from
above. Swaps of one site are recounted, all of them, by `siting.allocation.exchange`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation.exchange import Exchange
from siting.allocation.problem import Problem, Quota
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S, Solution, solve

NEAR = 0.005
"""A plan that covers at least 1 - this of what the best one covers is near-best."""

Need = Literal["needed", "free", "unknown"]

_EXACT = 1e-9


@dataclass(frozen=True)
class Swap:
    """A candidate that could stand in for a site of a plan.

    Attributes
    ----------
    site
        The candidate.
    price
        Weight that the plan would cover less; below 0: it would cover more.
    """

    site: int
    price: float


@dataclass(frozen=True)
class Standing:
    """How firmly a site stands in a plan.

    Attributes
    ----------
    site
        Of the plan.
    swaps
        What could stand in for it alone within the tolerance, the cheapest first.
    need
        `needed`: proved to be in every near-best plan; `free`: some near-best plan is without it;
        `unknown`: neither was shown in time.
    """

    site: int
    swaps: tuple[Swap, ...]
    need: Need


@dataclass(frozen=True)
class Ranked:
    """One of the best plans.

    Attributes
    ----------
    solution
        The plan, and the bound on all plans but those that were found before it.
    proved
        Whether it is proved that no plan but those before it covers more.
    """

    solution: Solution
    proved: bool


def best_plans(
    problem: Problem,
    first: Solution,
    count: int,
    *,
    differ: int = 1,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    watch: Callable[[tuple[Ranked, ...]], None] | None = None,
) -> tuple[Ranked, ...]:
    """Return up to `count` plans, the best first; fewer where there are no more.

    Parameters
    ----------
    first
        The best plan, of the same problem without rule points.
    differ
        Every plan has at least so many other sites than each plan before it, and lacks as many.
    time_limit_s
        For all together: each plan may take what the others leave of it, in equal parts.
    watch
        Told of those found so far.

    Examples
    --------
    >>> problem = Problem(
    ...     weights=np.array([10.0, 20.0, 30.0]),
    ...     covered=np.zeros(3, dtype=bool),
    ...     indptr=np.array([0, 1, 2, 3]),
    ...     demand=np.array([0, 1, 2], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 2000, 2000]),
    ...     allowed=np.ones(3, dtype=bool),
    ...     new=2,
    ... )
    >>> plans = best_plans(problem, solve(problem), 5)
    >>> [(plan.solution.chosen, plan.solution.after, plan.proved) for plan in plans]
    [((2, 1), 50.0, True), ((2, 0), 40.0, True), ((1, 0), 30.0, True)]
    """
    task = replace(problem, points=np.empty(0))
    deadline = time.monotonic() + time_limit_s
    found = [Ranked(first, first.status == "optimal")]
    while len(found) < count and len(found[-1].solution.chosen) >= differ:
        if watch is not None:
            watch(_by_rank(found))
        left_s = (deadline - time.monotonic()) / (count - len(found))
        if left_s <= 0:
            break
        cuts = _other_than(task, found[-1].solution.chosen, differ)
        task = replace(task, quotas=(*task.quotas, *cuts))
        try:
            solution = solve(task, time_limit_s=left_s, seed=seed)
        except InfeasibleError:
            break
        if not solution.chosen:
            break
        proved = found[-1].proved and solution.status == "optimal"
        found.append(Ranked(solution, proved))
    return _by_rank(found)


def _by_rank(found: list[Ranked]) -> tuple[Ranked, ...]:
    """Return plans by what they cover: one not proved may cover fewer than one found after it."""
    return tuple(sorted(found, key=lambda ranked: -ranked.solution.after))


def standings(
    problem: Problem,
    chosen: tuple[int, ...],
    *,
    near: float = NEAR,
    most: int = 5,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    watch: Callable[[tuple[Standing, ...]], None] | None = None,
) -> tuple[Standing, ...]:
    """Return how firmly each site of a plan stands in it.

    Parameters
    ----------
    near
        Share (0..1) of what the plan covers: a plan that covers at most so much less is near-best.
    most
        At most so many swaps of each site.
    time_limit_s
        For all sites together; what is not shown by then is unknown.
    watch
        Told of all sites, as far as is known then.
    """
    deadline = time.monotonic() + time_limit_s
    after = problem.value(chosen)
    counted = Exchange(problem, chosen)
    swaps = [_swaps(counted, position, near * after) for position in range(len(chosen))]
    found = [
        Standing(site, some[:most], "free" if some else "unknown")
        for site, some in zip(chosen, swaps, strict=True)
    ]
    for position, standing in enumerate(found):
        if watch is not None:
            watch(tuple(found))
        if standing.need == "unknown":
            left = (deadline - time.monotonic()) / (len(chosen) - position)
            need = _need(problem, standing.site, (1 - near) * after, left, seed)
            found[position] = replace(standing, need=need)
    return tuple(found)


def _swaps(counted: Exchange, position: int, dearest: float) -> tuple[Swap, ...]:
    """Return what may stand in for a site and takes at most `dearest` from the plan."""
    prices = counted.lost[position] - counted.gains_without(position)
    free = counted.problem.allowed.copy()
    free[list(counted.chosen)] = False
    for limit in counted.limits(position):
        free &= ~limit.broken
    margin = _EXACT * max(counted.problem.value(counted.chosen), 1.0)
    within = np.flatnonzero(free & (prices <= dearest + margin))
    order = within[np.argsort(prices[within], kind="stable")]
    return tuple(Swap(int(site), float(prices[site])) for site in order)


def _need(problem: Problem, site: int, least: float, limit_s: float, seed: int) -> Need:
    """Tell whether some plan without a site covers `least`."""
    if limit_s <= 0:
        return "unknown"
    allowed = problem.allowed.copy()
    allowed[site] = False
    try:
        without = replace(problem, points=np.empty(0), allowed=allowed)
        other = solve(without, time_limit_s=limit_s, seed=seed)
    except InfeasibleError as error:
        if error.code == "siting_plan_none_in_time":
            return "unknown"
        # No other candidate may be opened, or none keeps to all: only building nothing is left.
        enough = _keeps_empty(problem) and problem.value(()) >= least * (1 - _EXACT)
        return "free" if enough else "needed"
    if other.after >= least * (1 - _EXACT):
        return "free"
    return "needed" if other.bound < least * (1 - _EXACT) else "unknown"


def _keeps_empty(problem: Problem) -> bool:
    """Tell whether building nothing keeps to the side constraints."""
    quotas = all(quota.least <= 0 for quota in problem.quotas)
    return quotas and all(problem.lacking(floor) <= _EXACT for floor in problem.floors)


def _other_than(problem: Problem, chosen: tuple[int, ...], differ: int) -> tuple[Quota, Quota]:
    others = tuple(site for site in np.flatnonzero(problem.allowed).tolist() if site not in chosen)
    return (
        Quota("", tuple(sorted(chosen)), most=len(chosen) - differ),
        Quota("", others, least=differ),
    )
