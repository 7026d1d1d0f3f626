"""A plan that keeps to side constraints: greedy, what is asked for first; then swaps."""

import time

import numpy as np

from siting.allocation.problem import Bools, Float64
from siting.allocation.reduce import Reduced
from siting.allocation.search import money_left, uncovered_rows, value

_SWAP_MARGIN = 1e-9


def keeps_to_sides(reduced: Reduced, plan: list[int]) -> bool:
    """Tell whether a plan keeps to the side constraints (the limits are another matter)."""
    return reduced.sides.kept(plan, covered_rows(reduced, plan))


def covered_rows(reduced: Reduced, plan: list[int]) -> Bools:
    """Return bool[r]: the rows that a plan covers."""
    covered = np.zeros(len(reduced.weights), dtype=bool)
    for column in plan:
        covered[reduced.rows_of(column)] = True
    return covered


def sided_greedy(reduced: Reduced, chosen: list[int]) -> list[int]:
    """Return `chosen` and what greedily follows: quotas, then floors, then the most weight.

    What is returned is within the limits, quotas' most and pairs; whether it reaches quotas' least
    and floors, `keeps_to_sides` says.
    """
    plan = list(chosen)
    while len(plan) < reduced.new:
        best = _next(reduced, plan)
        if best is None:
            return plan
        plan.append(best)
    return plan


def sided_improve(reduced: Reduced, chosen: list[int], deadline: float) -> list[int]:
    """Return `chosen`, which keeps to everything, after swaps, until none wins or time is up."""
    plan, better = list(chosen), True
    while better and time.monotonic() < deadline:
        better = False
        for place in range(len(plan)):
            if time.monotonic() >= deadline:
                break
            swapped = _swapped(reduced, plan, place)
            if swapped is not None:
                plan, better = swapped, True
    return plan


def _next(reduced: Reduced, plan: list[int]) -> int | None:
    sides = reduced.sides
    free = _free(reduced, plan)
    open_rows = ~covered_rows(reduced, plan)
    wanted = sides.wanted(plan)
    if wanted.any():
        return _best(reduced.cover @ (reduced.weights * open_rows), free & wanted, least=-1.0)
    short = sides.lacking(~open_rows)
    counts = reduced.weights
    if short.any():
        # Shares of what is lacking, so that no floor hides behind a larger one.
        counts = sides.by_row @ np.divide(1.0, short, out=np.zeros(len(short)), where=short > 0)
    return _best(reduced.cover @ (counts * open_rows), free, least=0.0)


def _free(reduced: Reduced, plan: list[int]) -> Bools:
    """Return bool[k]: columns that may join a plan."""
    free = reduced.sides.open_to(plan)
    free &= reduced.cost_yuan <= money_left(reduced, plan)
    free[plan] = False
    return free


def _best(gains: Float64, free: Bools, *, least: float) -> int | None:
    gains = np.where(free, gains, -np.inf)
    best = int(np.argmax(gains)) if len(gains) else 0
    return best if len(gains) and gains[best] > least else None


def _swapped(reduced: Reduced, plan: list[int], place: int) -> list[int] | None:
    """Return the plan with the best other site at `place`; None where none wins."""
    rest = plan[:place] + plan[place + 1 :]
    gains = np.where(_free(reduced, rest), reduced.cover @ uncovered_rows(reduced, rest), -np.inf)
    present = value(reduced, plan) - value(reduced, rest)
    for column in np.argsort(-gains, kind="stable")[: len(plan) + 1].tolist():
        if gains[column] <= present * (1 + _SWAP_MARGIN):
            return None
        swapped = [*plan[:place], column, *plan[place + 1 :]]
        if keeps_to_sides(reduced, swapped):
            return swapped
    return None
