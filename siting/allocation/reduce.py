"""Exact reductions: no plan's value changes, and the problem becomes small.

Demand that the same set of candidates reaches is one row with the sum of the weights (Chen, Lv
et al., arXiv 2409.09834, call it isomorphic aggregation; the sets themselves are compared, not
their hashes). Covered, weightless and uncoverable demand has no row; candidates that reach no row
have no column.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from siting.allocation.problem import Bools, Float64, Int64, Problem
from siting.allocation.sides import Sides, sides_of
from siting.sums import sum_by


@dataclass(frozen=True, eq=False)
class Reduced:
    """r merged demand rows by k useful candidates.

    Attributes
    ----------
    site
        int64[k]: the candidate of each column, ascending.
    cover
        sparse float64[k, r]: 1 where a column covers a row (rows of the matrix are sites).
    weights
        float64[r], > 0.
    cost_yuan, points
        Per column.
    new
        At most so many columns.
    budget_yuan
        At most so much money; None: no limit.
    base
        Weight that the existing stations cover.
    sides
        What a plan must also keep to. Rows of different floors are not merged.
    """

    site: Int64
    cover: sparse.csr_array
    weights: Float64
    cost_yuan: Int64
    points: Float64
    new: int
    budget_yuan: int | None
    base: float
    sides: Sides

    @property
    def columns(self) -> int:
        """Number of useful candidates."""
        return len(self.site)

    def rows_of(self, column: int) -> NDArray[np.int32]:
        """Return the rows that a column covers."""
        part = slice(self.cover.indptr[column], self.cover.indptr[column + 1])
        rows: NDArray[np.int32] = self.cover.indices[part]
        return rows

    def sites(self, columns: list[int]) -> tuple[int, ...]:
        """Return the candidates of `columns`."""
        return tuple(int(self.site[column]) for column in columns)


def reduce_problem(problem: Problem) -> Reduced:
    """Return the reduced problem."""
    catchments = catchments_of(problem)
    open_demand = (problem.weights > 0) & ~problem.covered
    useful = catchments @ open_demand.astype(float) > 0
    for quota in problem.quotas:
        useful[list(quota.sites)] |= quota.least > 0
    site = np.flatnonzero(useful & problem.payable)
    weights = np.where(open_demand, problem.weights, 0.0)
    inside = np.zeros((len(problem.floors), len(weights)), dtype=bool)
    for number, floor in enumerate(problem.floors):
        inside[number] = floor.points
    merged, summed, kinds = merge_rows(catchments[site].T.tocsr(), weights, inside)
    limit = len(site) if problem.new is None else min(problem.new, len(site))
    points = problem.points if len(problem.points) else np.zeros(problem.candidates)
    return Reduced(
        site=site,
        cover=merged,
        weights=summed,
        cost_yuan=problem.cost_yuan[site],
        points=points[site],
        new=limit,
        budget_yuan=money_of(problem, site),
        base=float(problem.weights[problem.covered].sum()),
        sides=sides_of(problem, site, kinds),
    )


def money_of(problem: Problem, site: Int64) -> int | None:
    """Return the budget, no more than everything costs: any whole number then fits into floats."""
    if problem.budget_yuan is None:
        return None
    everything: int = sum(problem.cost_yuan[site].tolist())
    return min(problem.budget_yuan, everything)


def catchments_of(problem: Problem) -> sparse.csr_array:
    """Return sparse float64[s, d]: 1 where a candidate reaches a point."""
    ones = np.ones(len(problem.demand))
    shape = (problem.candidates, len(problem.weights))
    return sparse.csr_array((ones, problem.demand, problem.indptr), shape=shape)


def merge_rows(
    by_demand: sparse.csr_array, weights: Float64, inside: Bools
) -> tuple[sparse.csr_array, Float64, Bools]:
    """Return columns x merged rows, the weight of each merged row, and the floors it is in.

    Parameters
    ----------
    by_demand
        d demand rows x columns.
    weights
        float64[d]; rows without weight are left out.
    inside
        bool[f, d]: floors; rows of different floors are not merged.
    """
    row, kept = same_reach(by_demand, weights > 0, inside)
    merged = row >= 0
    return (
        by_demand[kept].T.tocsr(),
        sum_by(row[merged], weights[merged], len(kept)),
        inside[:, kept],
    )


def same_reach(by_demand: sparse.csr_array, used: Bools, inside: Bools) -> tuple[Int64, Int64]:
    """Return int64[d]: the merged row of each point, -1 without one; and the first point of each.

    Parameters
    ----------
    by_demand
        d demand rows x columns.
    used
        bool[d]: points that may have a row; one that nothing reaches has none.
    inside
        bool[f, d]: points of different floors are in different rows.
    """
    by_demand.sort_indices()
    indptr, indices = by_demand.indptr, by_demand.indices
    kinds = np.ascontiguousarray(inside.T)
    row_by_set: dict[bytes, int] = {}
    row = np.full(len(used), -1, dtype=np.int64)
    kept: list[int] = []
    for point in np.flatnonzero(used & (np.diff(indptr) > 0)).tolist():
        reached_by = indices[indptr[point] : indptr[point + 1]].tobytes() + kinds[point].tobytes()
        row[point] = row_by_set.setdefault(reached_by, len(kept))
        if row[point] == len(kept):
            kept.append(point)
    return row, np.array(kept, dtype=np.int64)
