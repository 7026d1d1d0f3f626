"""Rows whose worth grows with the number of open sites that reach them, each site for less.

A row that n open sites reach is worth the sum of the first n of its levels; levels do not rise, so
the worth is concave in n. Levels (w) are plain covering; (w, b) with b <= w is backup coverage
(Hogan & ReVelle 1986); w (1 - q) q^(n - 1) is expected coverage where every site is out of use with
probability q (Daskin 1983). Columns may be in groups, each with its own most.
"""

import heapq
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from siting.allocation.problem import Float64, Int64


@dataclass(frozen=True, eq=False)
class Rows:
    """k columns and r rows with l levels.

    Attributes
    ----------
    cover
        sparse float64[k, r]: 1 where a column reaches a row.
    levels
        float64[r, l], >= 0, not rising along a row.
    group
        int64[k]: of each column.
    most
        int64[g]: at most so many columns of each group.
    cost
        float64[k], yuan.
    budget
        Yuan for all columns together; infinite without a budget.
    """

    cover: sparse.csr_array
    levels: Float64
    group: Int64
    most: Int64
    cost: Float64
    budget: float

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.group)

    def counts(self, plan: list[int]) -> Int64:
        """Return int64[r]: how many columns of a plan reach each row."""
        return np.asarray(self.cover[plan].sum(axis=0)).ravel().astype(np.int64)

    def value(self, plan: list[int]) -> float:
        """Return what a plan is worth, by counting."""
        taken = np.arange(self.levels.shape[1]) < self.counts(plan)[:, None]
        return float(self.levels[taken].sum())

    def next_level(self, counts: Int64) -> Float64:
        """Return float64[r]: what one more site that reaches a row is worth there."""
        return self._level(counts)

    def last_level(self, counts: Int64) -> Float64:
        """Return float64[r]: what is lost of a row with one of the sites that reach it."""
        return np.where(counts > 0, self._level(counts - 1), 0.0)

    def gains(self, plan: list[int]) -> Float64:
        """Return float64[k]: what each column would add to a plan."""
        gains: Float64 = self.cover @ self.next_level(self.counts(plan))
        return gains

    def losses(self, plan: list[int]) -> Float64:
        """Return float64[n]: what a plan would lose without each of its columns."""
        losses: Float64 = self.cover[plan] @ self.last_level(self.counts(plan))
        return losses

    def within(self, plan: list[int]) -> bool:
        """Tell whether a plan keeps to the groups' most and to the budget."""
        taken = np.bincount(self.group[plan], minlength=len(self.most))
        return bool((taken <= self.most).all()) and float(self.cost[plan].sum()) <= self.budget

    def rows_of(self, column: int) -> Int64:
        """Return the rows that a column reaches."""
        part = slice(self.cover.indptr[column], self.cover.indptr[column + 1])
        rows: Int64 = self.cover.indices[part]
        return rows

    def _level(self, counts: Int64) -> Float64:
        most = self.levels.shape[1]
        place = np.clip(counts, 0, most - 1)
        return np.where(counts < most, self.levels[np.arange(len(counts)), place], 0.0)


def greedy_plan(rows: Rows, chosen: list[int], *, per_yuan: bool = False) -> list[int]:
    """Return `chosen` and, greedily, every further column that limits allow and that adds.

    Lazy gains (CELF; Leskovec et al. 2007): worth is submodular, so that gains only fall.
    """
    plan, counts = list(chosen), rows.counts(chosen)
    taken = np.bincount(rows.group[plan], minlength=len(rows.most))
    money = rows.budget - float(rows.cost[plan].sum())
    price = np.maximum(rows.cost, 1.0) if per_yuan else np.ones(rows.columns)
    first = (rows.cover @ rows.next_level(counts)) / price
    heap = [(-gain, column) for column, gain in enumerate(first.tolist()) if gain > 0]
    heapq.heapify(heap)
    inside = set(plan)
    while heap:
        _, column = heapq.heappop(heap)
        group = rows.group[column]
        if column in inside or rows.cost[column] > money or taken[group] >= rows.most[group]:
            continue
        reached = rows.rows_of(column)
        gain = float(_worth(rows, reached, counts[reached]).sum()) / price[column]
        if gain <= 0:
            continue
        if heap and (-gain, column) > heap[0]:
            heapq.heappush(heap, (-gain, column))
            continue
        plan.append(column)
        inside.add(column)
        counts[reached] += 1
        taken[group] += 1
        money -= float(rows.cost[column])
    return plan


def _worth(rows: Rows, reached: Int64, counts: Int64) -> Float64:
    most = rows.levels.shape[1]
    return np.where(counts < most, rows.levels[reached, np.minimum(counts, most - 1)], 0.0)
