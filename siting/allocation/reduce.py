"""Exact reductions: no plan's value changes, and the problem becomes small.

Demand that the same set of candidates reaches is one row with the sum of the weights (Chen, Lv
et al., arXiv 2409.09834, call it isomorphic aggregation; the sets themselves are compared, not
their hashes). Covered, weightless and uncoverable demand has no row; candidates that reach no row
have no column. What a row counts in each floor is summed like its weight: a row is covered as a
whole or not at all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import reverse_cuthill_mckee

from siting.allocation.problem import Bools, Float64, Int64, Problem
from siting.allocation.sides import Sides, sides_of
from siting.sums import sum_by

LARGE_NONZEROS = 1_000_000
"""From this size on rows are put in an order that is kind to the processor's cache."""


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
        float64[r], >= 0; 0 only for rows that count in a floor alone.
    cost_yuan, points
        Per column.
    new
        At most so many columns.
    budget_yuan
        At most so much money; None: no limit.
    base
        Weight that the existing stations cover.
    sides
        What a plan must also keep to.
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
    inside = _inside(problem)
    weights = np.where(problem.covered, 0.0, problem.weights)
    useful = catchments @ _counting(weights, inside).astype(float) > 0
    for quota in problem.quotas:
        useful[list(quota.sites)] |= quota.least > 0
    site = np.flatnonzero(useful & problem.payable)
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


def _inside(problem: Problem) -> sparse.csr_array:
    """Return sparse float64[f, d]: what each point that is open yet counts in each floor."""
    found = sparse.csr_array((len(problem.floors), len(problem.weights)))
    if problem.floors:
        counted = [np.where(problem.covered, 0.0, problem.counted(f)) for f in problem.floors]
        found = sparse.vstack([sparse.csr_array(row[None, :]) for row in counted], format="csr")
    return found


def _counting(weights: Float64, inside: sparse.csr_array) -> Bools:
    """Return bool[d]: points that count, in the goal or in some floor."""
    return np.asarray((weights > 0) | (inside.sum(axis=0) > 0))


def merge_rows(
    by_demand: sparse.csr_array, weights: Float64, inside: sparse.csr_array
) -> tuple[sparse.csr_array, Float64, sparse.csr_array]:
    """Return columns x merged rows, the weight of each, and what each counts in each floor.

    Parameters
    ----------
    by_demand
        d demand rows x columns.
    weights
        float64[d]; rows that count nowhere are left out.
    inside
        sparse float64[f, d].
    """
    row, kept = same_reach(by_demand, _counting(weights, inside))
    merged = np.flatnonzero(row >= 0)
    into = sparse.csr_array(
        (np.ones(len(merged)), (merged, row[merged])), shape=(len(row), len(kept))
    )
    summed = sum_by(row[merged], weights[merged], len(kept))
    return by_demand[kept].T.tocsr(), summed, (inside @ into).tocsr()


def same_reach(
    by_demand: sparse.csr_array, used: Bools, inside: Bools | None = None
) -> tuple[Int64, Int64]:
    """Return int64[d]: the merged row of each point, -1 without one; and the first point of each.

    Parameters
    ----------
    by_demand
        d demand rows x columns.
    used
        bool[d]: points that may have a row; one that nothing reaches has none.
    inside
        bool[f, d]: points of different kinds are in different rows; None: all are of one kind.
    """
    by_demand.sort_indices()
    indptr, indices = by_demand.indptr, by_demand.indices
    kinds = np.empty((len(used), 0)) if inside is None else np.ascontiguousarray(inside.T)
    row_by_set: dict[bytes, int] = {}
    row = np.full(len(used), -1, dtype=np.int64)
    kept: list[int] = []
    for point in np.flatnonzero(used & (np.diff(indptr) > 0)).tolist():
        reached_by = indices[indptr[point] : indptr[point + 1]].tobytes() + kinds[point].tobytes()
        row[point] = row_by_set.setdefault(reached_by, len(kept))
        if row[point] == len(kept):
            kept.append(point)
    first = np.array(kept, dtype=np.int64)
    if indptr[-1] < LARGE_NONZEROS:
        return row, first
    near = _side_by_side(by_demand[first])
    place = np.full(len(first) + 1, -1, dtype=np.int64)
    place[near] = np.arange(len(first))
    return place[row], first[near]


def _side_by_side(rows: sparse.csr_array) -> Int64:
    """Return int64[r]: the rows in an order in which those of one column stand together.

    Reverse Cuthill-McKee on rows and columns (George & Liu 1981): whoever runs through the rows of
    a column then finds most of them in the processor's cache.
    """
    count = rows.shape[0]
    both = sparse.block_array([[None, rows], [rows.T, None]], format="csr")
    order = reverse_cuthill_mckee(sparse.csr_matrix(both), symmetric_mode=True)
    found: Int64 = order[order < count].astype(np.int64)
    return found
