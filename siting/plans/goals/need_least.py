"""Stated need where a plan seeks the least: among plans that cost no more, the most requests.

A target of the workers is of the workers: requests are no part of it, and no yuan more is spent on
them. But where several plans are enough for the same number of stations, or the same money, the one
that serves the most requests in the area of the rule is taken; of those the one that covers the
most workers.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation import Covering, CoveringProblem, Floor, Problem, Solution
from siting.allocation.least import least_status
from siting.allocation.problem import Bools, Int64
from siting.plans.stated_need import Deciding, NeedRows

SHARE_OF_A_RECORD = 0.5
"""All workers together weigh this share of one record: they never decide first."""

PART_OF_A_RECORD = 1e-3
"""Two plans differ by no less where records are no whole numbers."""

_MET = 1e-9
"""Share of all weight that a target may be missed by: it is a sum of floating-point numbers."""


def serving_most(
    problem: CoveringProblem,
    found: Covering,
    needs: NeedRows,
    *,
    columns: Int64,
    opened: Bools,
    search: Callable[..., Solution],
    time_limit_s: float,
    seed: int,
) -> tuple[Covering, Deciding]:
    """Return, of the plans that meet a target at no more cost, the one with the most requests.

    Parameters
    ----------
    problem
        Covering for the least.
    found
        The least that was found: no plan may cost more.
    needs
        The requests.
    columns
        The site of each candidate in `needs`.
    opened
        bool[sites]: what is open whatever is chosen.
    search
        `siting.allocation.solve`, or what has it run elsewhere.
    time_limit_s, seed
        Of the search.
    """
    asked = needs.added_to(_at_no_more(problem, found, needs), columns, opened)
    try:
        better = search(asked, time_limit_s=time_limit_s, seed=seed)
    except InfeasibleError:  # no plan in time: what was found is one
        return found, Deciding(needs, proved=False, second=True)
    if better.after > asked.value(found.chosen) and _meets(problem, better.chosen):
        found = _instead(problem, found, better)
    served = asked.value(found.chosen) - _of_the_workers(asked, len(problem.weights), found)
    proved = better.bound < served + _unit(needs) * (1.0 - _MET)
    return found, Deciding(needs, proved, second=True)


def _instead(problem: CoveringProblem, found: Covering, better: Solution) -> Covering:
    value = int(problem.cost[list(better.chosen)].sum())
    bound = min(found.bound, value)
    reached = problem.reached(better.chosen)
    return replace(
        found,
        chosen=tuple(sorted(better.chosen)),
        value=value,
        bound=bound,
        status=least_status(value, bound, 0.0),
        after=float(problem.weights[reached].sum()),
        seconds=found.seconds + better.seconds,
    )


def _of_the_workers(asked: Problem, points: int, found: Covering) -> float:
    """Return what a plan has of the first `points` rows: those of workers."""
    reached = asked.reached(found.chosen)
    return float(asked.weights[:points][reached[:points]].sum())


def _unit(needs: NeedRows) -> float:
    """Return by how much plans with different numbers of requests differ at least."""
    whole = bool((needs.records == np.floor(needs.records)).all())
    return needs.rule.workers_each * needs.hours * (1.0 if whole else PART_OF_A_RECORD)


def _at_no_more(problem: CoveringProblem, found: Covering, needs: NeedRows) -> Problem:
    """Return maximal covering of the workers, at what was found at most and with the target met."""
    reachable = problem.reached(np.flatnonzero(problem.allowed)) & (problem.weights > 0)
    points = reachable if problem.share is None else np.ones_like(reachable)
    share = 1.0 if problem.share is None else problem.share
    whole = float(problem.weights.sum()) or 1.0
    money = problem.goal == "money"
    return Problem(
        weights=problem.weights * (SHARE_OF_A_RECORD * _unit(needs) / whole),
        covered=problem.covered,
        indptr=problem.indptr,
        demand=problem.demand,
        cost_yuan=problem.cost_yuan,
        allowed=problem.allowed,
        new=None if money else found.value,
        budget_yuan=found.value if money else None,
        floors=(Floor("", points, share * (1.0 - _MET), problem.weights),),
    )


def _meets(problem: CoveringProblem, chosen: tuple[int, ...]) -> bool:
    covered = float(problem.weights[problem.reached(chosen)].sum())
    return covered >= problem.target * (1.0 - _MET)
