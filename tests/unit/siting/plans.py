"""Small allocation problems, and their best value by trying every plan."""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from siting.allocation import Problem


def problem(
    catchments: Sequence[Sequence[int]],
    weights: Sequence[float],
    *,
    covered: Sequence[int] = (),
    new: int | None = None,
    budget_yuan: int | None = None,
    cost: Sequence[int] | None = None,
    forbidden: Sequence[int] = (),
    points: ArrayLike = (),
) -> Problem:
    """Return a problem from lists of demand points per candidate; sites cost 2,000 yuan each."""
    sites = len(catchments)
    already = np.zeros(len(weights), dtype=bool)
    already[list(covered)] = True
    allowed = np.ones(sites, dtype=bool)
    allowed[list(forbidden)] = False
    return Problem(
        weights=np.array(weights, dtype=float),
        covered=already,
        indptr=np.cumsum([0, *map(len, catchments)]),
        demand=np.array([d for part in catchments for d in sorted(part)], dtype=np.int32),
        cost_yuan=np.array([2000] * sites if cost is None else cost, dtype=np.int64),
        allowed=allowed,
        new=new,
        budget_yuan=budget_yuan,
        points=np.asarray(points, dtype=float),
    )


def plans(task: Problem) -> list[tuple[int, ...]]:
    """Return every plan within the limits."""
    sites = np.flatnonzero(task.allowed).tolist()
    most = len(sites) if task.new is None else min(task.new, len(sites))
    every = itertools.chain.from_iterable(
        itertools.combinations(sites, size) for size in range(most + 1)
    )
    budget = float("inf") if task.budget_yuan is None else task.budget_yuan
    return [plan for plan in every if task.cost_yuan[list(plan)].sum() <= budget]


def best_value(task: Problem) -> float:
    """Return the most weight that any plan covers."""
    return max(task.value(plan) for plan in plans(task))
