"""Exact reductions: no plan's value changes, and the problem becomes small.

Demand that the same set of candidates reaches is one row with the sum of the weights (Chen, Lv
et al., arXiv 2409.09834, call it isomorphic aggregation; the sets themselves are compared, not
their hashes). Covered, weightless and uncoverable demand has no row; candidates that reach no row
have no column. What a row counts in each floor is summed like its weight: a row is covered as a
whole or not at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import reverse_cuthill_mckee

from siting.allocation.problem import Bools, Float64, Int64, Problem
from siting.allocation.sided.sides import Sides, sides_of
from siting.sums import sum_by

LARGE_NONZEROS = 500_000
"""From this size on rows are put in an order that is kind to the processor's cache."""

_BLOCK = 4_000_000
"""So many incidences are looked at at a time."""

_LINKS = 5


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
    inside = _inside(problem)
    weights = np.where(problem.covered, 0.0, problem.weights)
    reach = Reach(problem.indptr, problem.demand, len(weights))
    useful = reach.counts(_counting(weights, inside)) > 0
    for quota in problem.quotas:
        useful[list(quota.sites)] |= quota.least > 0
    site = np.flatnonzero(useful & problem.payable)
    merged, summed, kinds = merge_rows(reach.of(site), weights, inside)
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


@dataclass(frozen=True, eq=False)
class Reach:
    """What each column reaches, looked at a few million incidences at a time.

    Attributes
    ----------
    indptr, demand
        int[k + 1] and int[nnz]: column j reaches demand[indptr[j] : indptr[j + 1]].
    points
        Number of points, d.
    """

    indptr: NDArray[np.integer]
    demand: NDArray[np.integer]
    points: int

    @classmethod
    def by(cls, cover: sparse.csr_array) -> Self:
        """Return the reach of the rows of a sparse array."""
        return cls(cover.indptr, cover.indices, int(cover.shape[1]))

    @property
    def columns(self) -> int:
        """Number of columns, k."""
        return len(self.indptr) - 1

    def of(self, columns: Int64) -> "Reach":
        """Return the reach of some columns, in their order; of all without a copy."""
        if len(columns) == self.columns:
            return self
        ones = np.ones(len(self.demand), dtype=np.int8)
        shape = (self.columns, self.points)
        indptr = self.indptr.astype(self.demand.dtype)
        whole = sparse.csr_array((ones, self.demand, indptr), shape=shape)
        return Reach.by(whole[columns])

    def counts(self, which: Bools) -> Int64:
        """Return int64[k]: how many of the points that are `which` each column reaches."""
        found = [block @ which.astype(np.int64) for _, block in self.blocks(np.int64)]
        return np.concatenate([np.empty(0, dtype=np.int64), *found])

    def blocks(self, kind: type[np.generic]) -> Iterator[tuple[slice, sparse.csr_array]]:
        """Yield columns and sparse `kind`[some, d]: 1 where a column reaches a point."""
        start = 0
        while start < self.columns:
            first = int(self.indptr[start])
            end = int(np.searchsorted(self.indptr, first + _BLOCK, side="right")) - 1
            end = max(end, start + 1)
            inside = slice(first, int(self.indptr[end]))
            parts = (
                np.ones(inside.stop - inside.start, dtype=kind),
                self.demand[inside],
                (self.indptr[start : end + 1] - first).astype(self.demand.dtype),
            )
            block = sparse.csr_array(parts, shape=(end - start, self.points))
            if not block.has_canonical_format:
                block = block.copy()
                block.sum_duplicates()
                block.data[:] = 1
            yield slice(start, end), block
            start = end


def merge_rows(
    reach: Reach, weights: Float64, inside: sparse.csr_array
) -> tuple[sparse.csr_array, Float64, sparse.csr_array]:
    """Return columns x merged rows, the weight of each, and what each counts in each floor.

    Parameters
    ----------
    reach
        Of k columns to d points.
    weights
        float64[d]; points that count nowhere are left out.
    inside
        sparse float64[f, d].
    """
    same = same_reach(reach, _counting(weights, inside))
    merged = np.flatnonzero(same.row >= 0)
    rows = len(same.first)
    summed = sum_by(same.row[merged], weights[merged], rows)
    floors = sparse.csr_array((inside.shape[0], rows))
    if inside.shape[0]:
        into = sparse.csr_array(
            (np.ones(len(merged)), (merged, same.row[merged])), shape=(len(weights), rows)
        )
        floors = (inside @ into).tocsr()
    return same.cover, summed, floors


def streamed(parts: Iterable[tuple[Float64, Reach]]) -> tuple[Float64, Reach]:
    """Return few points that stand for very many, which are looked at part by part.

    Plans cover the same weight of these as of those; weight that no column reaches has no point.

    Parameters
    ----------
    parts
        float64[d], and the reach of the same columns to these points; one part after the other.
    """
    weights, covers = [], []
    for some, reach in parts:
        cover, summed, _ = merge_rows(reach, some, sparse.csr_array((0, len(some))))
        weights.append(summed)
        covers.append(cover)
    whole = Reach.by(sparse.hstack(covers, format="csr"))
    cover, summed, _ = merge_rows(
        whole, np.concatenate(weights), sparse.csr_array((0, whole.points))
    )
    return summed, Reach.by(cover)


class SameReach(NamedTuple):
    """Points by the columns that reach them.

    Attributes
    ----------
    row
        int64[d]: the merged row of each point, -1 without one.
    first
        int64[r]: the first point of each row.
    cover
        sparse float64[k, r]: 1 where a column covers a row.
    """

    row: Int64
    first: Int64
    cover: sparse.csr_array


def same_reach(reach: Reach, used: Bools) -> SameReach:
    """Return the points merged that the same columns reach.

    Points are put together by the sum of random numbers of their columns; then it is counted for
    every column that it reaches all points of a row or none, and drawn anew if not.

    Parameters
    ----------
    used
        bool[d]: points that may have a row; one that nothing reaches has none.
    """
    row, first, cover = _put_together(reach, used)
    if cover.nnz >= LARGE_NONZEROS:
        near = _side_by_side(cover)
        place = np.full(len(first) + 1, -1, dtype=np.int64)
        place[near] = np.arange(len(first))
        row, first = place[row], first[near]
        cover.indices = place.astype(cover.indices.dtype)[cover.indices]
    cover.has_sorted_indices = False
    cover.sort_indices()
    return SameReach(row, first, sparse.csr_array(cover, dtype=np.float64))


def _put_together(reach: Reach, used: Bools) -> tuple[Int64, Int64, sparse.csr_array]:
    """Return what `same_reach` does, rows in the order of their first points."""
    reached = np.zeros(reach.points, dtype=bool)
    reached[reach.demand] = True
    which = np.flatnonzero(used & reached)
    cover, seed = None, 0
    while cover is None:
        row, first = _grouped(_keys(reach, seed)[which], which, reach.points)
        cover, seed = _covering(reach, row, len(first)), seed + 1
    return row, first, cover


def _keys(reach: Reach, seed: int) -> NDArray[np.uint64]:
    """Return uint64[d]: for each point the sum of random numbers of the columns that reach it."""
    drawn = np.random.default_rng(seed).integers(2**64, size=reach.columns, dtype=np.uint64)
    keys = np.zeros(reach.points, dtype=np.uint64)
    for columns, block in reach.blocks(np.uint64):
        keys += block.T @ drawn[columns]
    return keys


def _grouped(keys: NDArray[np.uint64], which: Int64, points: int) -> tuple[Int64, Int64]:
    """Return int64[d]: a row for each key, -1 elsewhere; int64[r]: the first point of each row."""
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    row = np.full(points, -1, dtype=np.int64)
    row[which] = place[group]
    return row, which[first[order]]


def _covering(reach: Reach, row: Int64, rows: int) -> sparse.csr_array | None:
    """Return sparse int8[k, r]: 1 where a column reaches all of a row; None: some only in part."""
    inside = row >= 0
    size = np.bincount(row[inside], minlength=rows)
    starts = np.zeros(len(row) + 1, dtype=np.int32)
    np.cumsum(inside, out=starts[1:])
    ones = np.ones(int(starts[-1]), dtype=np.int32)
    parts = (ones, row[inside].astype(np.int32), starts)
    into = sparse.csr_array(parts, shape=(len(row), rows))
    found = [sparse.csr_array((0, rows), dtype=np.int8)]
    for _, block in reach.blocks(np.int32):
        counts = (block @ into).tocsr()
        if (counts.data != size[counts.indices]).any():
            return None
        found.append(counts.astype(np.int8))
        found[-1].data[:] = 1
    return sparse.vstack(found, format="csr")


def _side_by_side(cover: sparse.csr_array) -> Int64:
    """Return int64[r]: the rows in an order in which those of one column stand together.

    Reverse Cuthill-McKee on rows and columns (George & Liu 1981): whoever runs through the rows of
    a column then finds most of them in the processor's cache. A few columns of each row tell as
    much as all.
    """
    columns, rows = cover.shape
    few = _some_of_each(cover.T.tocsr())
    turned = few.T.tocsr()
    # Rows, then columns, as one symmetric pattern; put together by hand, for it is large.
    indices = np.concatenate([few.indices + np.int32(rows), turned.indices])
    indptr = np.concatenate([few.indptr[:-1], turned.indptr + few.indptr[-1]])
    ones = np.ones(len(indices), dtype=np.int8)
    both = sparse.csr_matrix((ones, indices, indptr), shape=(rows + columns,) * 2)
    order = reverse_cuthill_mckee(both, symmetric_mode=True)
    found: Int64 = order[order < rows].astype(np.int64)
    return found


def _some_of_each(turned: sparse.csr_array) -> sparse.csr_array:
    """Return the pattern of a sparse array with at most so many entries a row, evenly spread."""
    first, size = turned.indptr[:-1], np.diff(turned.indptr)
    spread = np.arange(_LINKS, dtype=turned.indptr.dtype)[:, None]
    # Rows with fewer entries have some twice; they are put together.
    at = first + (size - 1) * spread // (_LINKS - 1)
    starts = np.arange(0, _LINKS * len(size) + 1, _LINKS, dtype=turned.indices.dtype)
    ones = np.ones(_LINKS * len(size), dtype=np.int8)
    few = sparse.csr_array((ones, turned.indices[at].T.ravel(), starts), shape=turned.shape)
    few.sum_duplicates()
    return few
