"""A feasible plan before any solver runs: greedy with lazy gains (CELF), then swaps.

CELF: Leskovec et al., "Cost-effective outbreak detection in networks" (KDD 2007); with a budget the
better of greedy by gain and greedy by gain per yuan. Swaps: Teitz & Bart (1968). Ties go to the
candidate that comes first in the table.
"""

import heapq
import math
import time

import numpy as np
from numpy.typing import NDArray

from siting.allocation.problem import Float64
from siting.allocation.reduce import Reduced

# A swap must win more than rounding can invent.
_SWAP_MARGIN = 1e-9


def greedy(reduced: Reduced, *, per_yuan: bool) -> list[int]:
    """Return columns in the order in which each adds the most (or the most per yuan)."""
    return complete(reduced, [], per_yuan=per_yuan)


def complete(
    reduced: Reduced, chosen: list[int], *, per_yuan: bool = False, enough: float = math.inf
) -> list[int]:
    """Return `chosen` and, greedily, every further column that limits allow and that adds.

    None is added once the plan covers the weight `enough`.
    """
    plan, taken = list(chosen), set(chosen)
    uncovered = uncovered_rows(reduced, plan)
    missing = enough - float(reduced.weights.sum() - uncovered.sum())
    price = np.maximum(reduced.cost_yuan, 1) if per_yuan else np.ones(reduced.columns)
    upper = (reduced.cover @ uncovered) / price
    heap = [(-gain, column) for column, gain in enumerate(upper.tolist()) if gain > 0]
    heapq.heapify(heap)
    money = money_left(reduced, plan)
    while heap and len(plan) < reduced.new and missing > 0:
        _, column = heapq.heappop(heap)
        if reduced.cost_yuan[column] > money or column in taken:
            continue
        gain = float(uncovered[reduced.rows_of(column)].sum()) / price[column]
        if gain <= 0:
            continue
        if heap and (-gain, column) > heap[0]:
            heapq.heappush(heap, (-gain, column))
            continue
        plan.append(column)
        money -= int(reduced.cost_yuan[column])
        missing -= gain * float(price[column])
        uncovered[reduced.rows_of(column)] = 0.0
    return plan


def tidy(reduced: Reduced, chosen: list[int]) -> list[int]:
    """Return a plan at least as good, in which every site adds somebody to the others.

    Of two sites that could go, the one with fewer rule points goes, then the later one.
    """
    plan = list(chosen)
    while True:
        clash = useless_set(reduced, plan)
        if clash:
            plan.remove(clash[0])
            continue
        fuller = complete(reduced, plan)
        if len(fuller) == len(plan):
            return plan
        plan = fuller


def improve(reduced: Reduced, chosen: list[int], deadline: float) -> list[int]:
    """Return `chosen` after swaps of one site for another, until none wins or time is up."""
    plan = list(chosen)
    improved = True
    while improved and time.monotonic() < deadline:
        improved = False
        for place in range(len(plan)):
            if time.monotonic() >= deadline:
                break
            better = _best_swap(reduced, plan, place)
            if better is not None:
                plan[place] = better
                improved = True
    return plan


def in_marginal_order(reduced: Reduced, chosen: list[int]) -> list[int]:
    """Return `chosen`, most additional workers first; one that adds nobody ends the list."""
    uncovered = reduced.weights.copy()
    heap = [(-float(uncovered[reduced.rows_of(column)].sum()), column) for column in chosen]
    heapq.heapify(heap)
    ordered: list[int] = []
    while heap:
        _, column = heapq.heappop(heap)
        gain = float(uncovered[reduced.rows_of(column)].sum())
        if heap and (-gain, column) > heap[0]:
            heapq.heappush(heap, (-gain, column))
            continue
        if gain <= 0:
            break
        ordered.append(column)
        uncovered[reduced.rows_of(column)] = 0.0
    return ordered


def useless_set(reduced: Reduced, chosen: list[int]) -> tuple[int, ...]:
    """Return a site that adds nobody to the others in `chosen`, with as few of them as show it.

    Empty if every site adds somebody.
    """
    times = np.zeros(len(reduced.weights), dtype=np.int64)
    for column in chosen:
        times[reduced.rows_of(column)] += 1
    for column in sorted(chosen, key=lambda site: (reduced.points[site], -site)):
        rows = reduced.rows_of(column)
        if (times[rows] > 1).all():
            return (
                column,
                *_covering(reduced, rows, [other for other in chosen if other != column]),
            )
    return ()


def value(reduced: Reduced, chosen: list[int]) -> float:
    """Return the weight of the rows that `chosen` covers."""
    return float(reduced.weights.sum() - uncovered_rows(reduced, chosen).sum())


def uncovered_rows(reduced: Reduced, chosen: list[int]) -> Float64:
    """Return float64[r]: the weight of the rows that `chosen` leaves, 0 where it covers."""
    uncovered = reduced.weights.copy()
    for column in chosen:
        uncovered[reduced.rows_of(column)] = 0.0
    return uncovered


def money_left(reduced: Reduced, chosen: list[int]) -> float:
    """Return what the budget leaves after `chosen`, yuan; infinite without a budget."""
    if reduced.budget_yuan is None:
        return float("inf")
    return reduced.budget_yuan - float(reduced.cost_yuan[chosen].sum())


def marginal_bound(reduced: Reduced, chosen: list[int]) -> float:
    """Return an upper bound on the value of any plan, from the gains left after `chosen`.

    Coverage is submodular: no plan beats `chosen` by more than the sum of its sites' single gains
    (Nemhauser, Wolsey & Fisher 1978). With a budget the sum is that of the fractional knapsack.
    """
    best = most_within(reduced, reduced.cover @ uncovered_rows(reduced, chosen))
    return min(value(reduced, chosen) + best, float(reduced.weights.sum()))


def most_within(reduced: Reduced, gains: Float64) -> float:
    """Return the most that columns within the limits can add up to, in fractions with a budget.

    Parameters
    ----------
    gains
        float64[k], >= 0: of each column.
    """
    best = float(np.sort(gains)[::-1][: reduced.new].sum())
    if reduced.budget_yuan is None:
        return best
    return min(best, _fractional_knapsack(gains, reduced.cost_yuan, reduced.budget_yuan))


def _covering(reduced: Reduced, rows: NDArray[np.int32], others: list[int]) -> list[int]:
    """Return few of `others` that together cover `rows`: greedily, the most rows first."""
    left, few = set(rows.tolist()), []
    while left:
        best = max(
            others, key=lambda other: len(left.intersection(reduced.rows_of(other).tolist()))
        )
        few.append(best)
        left.difference_update(reduced.rows_of(best).tolist())
    return few


def _best_swap(reduced: Reduced, plan: list[int], place: int) -> int | None:
    """Return the column that should stand at `place` instead; None: the present one."""
    rest = plan[:place] + plan[place + 1 :]
    gains = reduced.cover @ uncovered_rows(reduced, rest)
    present = float(gains[plan[place]])
    gains[rest] = -1.0
    gains[reduced.cost_yuan > money_left(reduced, rest)] = -1.0
    best = int(np.argmax(gains))
    return best if gains[best] > present * (1 + _SWAP_MARGIN) else None


def _fractional_knapsack(gains: Float64, cost: NDArray[np.int64], budget: int) -> float:
    free = float(gains[cost == 0].sum())
    priced = np.flatnonzero(cost > 0)
    order = priced[np.argsort(-gains[priced] / cost[priced], kind="stable")]
    spent = np.cumsum(cost[order])
    share = np.clip((budget - (spent - cost[order])) / cost[order], 0.0, 1.0)
    return free + float((share * gains[order]).sum())
