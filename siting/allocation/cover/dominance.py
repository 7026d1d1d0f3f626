"""Exact reductions of a set covering problem: what is left has a best plan of the same cost.

Demand that is reached whenever some other demand is (its set of sites holds the other's) needs no
row. A site whose rows another reaches too, at no higher cost, needs no column. A row with one site
makes that site essential. The three are repeated until none applies (Roth 1969; Toregas & ReVelle
1973 for locations).
"""

# Kernels take what numba infers; what calls them is typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# One loop each, by measurement: calls out of it cost more than they tell.
# ruff: noqa: ANN001, ANN202

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from geo.streets.compiled import COMPILED, kernel
from siting.allocation.problem import Bools, Int64

WORTH = 0.01
"""The reductions are repeated while they take away this share of what is left."""

_BLOCK = 2000
"""Sets compared at once without machine code."""


@dataclass(frozen=True, eq=False)
class Cover:
    """r rows to be covered by k columns at the least cost.

    Attributes
    ----------
    site
        int64[k]: the candidate of each column, ascending.
    cover
        sparse float64[k, r]: 1 where a column covers a row, sorted indices.
    cost
        int64[k], >= 0.
    taken
        Candidates that some best plan has, whatever else it has; their rows are gone.
    """

    site: Int64
    cover: sparse.csr_array
    cost: Int64
    taken: tuple[int, ...] = ()

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.site)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.cover.shape[1])

    def sites(self, columns: Bools) -> tuple[int, ...]:
        """Return the candidates of the columns marked, and those taken before; ascending."""
        return tuple(sorted([*self.taken, *self.site[columns].tolist()]))

    def part(self, columns: Bools, taken: Bools) -> "Cover":
        """Return what is left to decide among `columns` when all of `taken` are open.

        Parameters
        ----------
        columns, taken
            bool[k], nothing in both; every row keeps a column or is covered by one taken.
        """
        rows = np.flatnonzero(taken.astype(float) @ self.cover == 0)
        keep = np.flatnonzero(columns)
        left = sparse.csr_array(self.cover[keep][:, rows])
        useful = np.diff(left.indptr) > 0
        left = sparse.csr_array(left[np.flatnonzero(useful)])
        left.sort_indices()
        kept = keep[useful]
        taken_sites = (*self.taken, *self.site[taken].tolist())
        return Cover(self.site[kept], left, self.cost[kept], taken_sites)


def reduce_cover(whole: Cover) -> Cover:
    """Return the smaller problem; a best plan of it, with `taken`, is a best plan of `whole`."""
    left = _open_free(whole)
    while left.rows:
        size = left.rows + left.columns
        left = _take_essential(left)
        left = _drop_rows(left)
        left = _drop_columns(left)
        if left.rows + left.columns >= size * (1 - WORTH):
            break
    return left


def parts_of(left: Cover, least: int) -> list[Cover]:
    """Return parts that have no row in common, the smallest first; `taken` is in none of them.

    The best covers of the parts together are the best cover of the whole. Parts with fewer than
    `least` incidences are put together until they have as many.
    """
    if not left.rows:
        return []
    both = sparse.block_array([[None, left.cover], [left.cover.T, None]], format="csr")
    number, label = connected_components(both, directed=False)
    of_column, of_row = label[: left.columns], label[left.columns :]
    size = np.bincount(of_column, weights=np.diff(left.cover.indptr), minlength=number)
    order = np.argsort(size, kind="stable")
    # A part is closed by the component with which it has enough.
    begun = np.concatenate([[0.0], np.cumsum(size[order])[:-1]])
    group = np.empty(number, dtype=np.int64)
    group[order] = np.where(size[order] >= least, number + np.arange(number), begun // least)
    return [
        _restricted(left, np.flatnonzero(group[of_column] == one), group[of_row] == one)
        for one in np.unique(group).tolist()
    ]


def _restricted(left: Cover, columns: Int64, rows: Bools) -> Cover:
    cover = sparse.csr_array(left.cover[columns][:, np.flatnonzero(rows)])
    cover.sort_indices()
    return Cover(left.site[columns], cover, left.cost[columns])


def _open_free(left: Cover) -> Cover:
    """Open what costs nothing; tidying drops what is not needed of it."""
    free = left.cost == 0
    return left.part(~free, free) if free.any() else left


def _take_essential(left: Cover) -> Cover:
    by_row = left.cover.T.tocsr()
    single = np.diff(by_row.indptr) == 1
    essential = np.zeros(left.columns, dtype=bool)
    essential[by_row.indices[by_row.indptr[:-1][single]]] = True
    return left.part(~essential, essential) if essential.any() else left


def _drop_rows(left: Cover) -> Cover:
    by_row = sparse.csr_array(left.cover.T)
    by_row.sort_indices()
    keep = np.flatnonzero(~_holding(by_row, left.cover))
    cover = sparse.csr_array(by_row[keep].T)
    cover.sort_indices()
    return Cover(left.site, cover, left.cost, left.taken)


def _drop_columns(left: Cover) -> Cover:
    by_row = sparse.csr_array(left.cover.T)
    by_row.sort_indices()
    return left.part(~_held(left.cover, by_row, left.cost), np.zeros(left.columns, dtype=bool))


def _holding(sets: sparse.csr_array, by_item: sparse.csr_array) -> Bools:
    """Return bool[]: sets that hold another set, or equal an earlier one."""
    size = np.diff(sets.indptr)
    if not COMPILED:
        return _holding_by_products(sets, size)
    dropped = np.zeros(len(size), dtype=bool)
    order = np.argsort(size, kind="stable")
    _mark_holding(*_arrays(sets), *_arrays(by_item), order, _signatures(sets), dropped)
    return dropped


def _held(sets: sparse.csr_array, by_item: sparse.csr_array, cost: Int64) -> Bools:
    """Return bool[]: sets that lie in another one that costs no more; of equals the first stays."""
    size: Int64 = np.diff(sets.indptr)
    if not COMPILED:
        return np.asarray(_held_by_products(sets, size, cost) | (size == 0), dtype=np.bool_)
    dropped: Bools = size == 0
    _mark_held(*_arrays(sets), *_arrays(by_item), cost, _signatures(sets), dropped)
    return dropped


def _arrays(matrix: sparse.csr_array) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    return matrix.indptr.astype(np.uint32), matrix.indices.astype(np.uint32)


def _signatures(sets: sparse.csr_array) -> NDArray[np.uint64]:
    """Return uint64[]: a bit for every item; a set lies in another only if its bits do."""
    spread = (sets.indices.astype(np.uint64) * np.uint64(2654435761)) >> np.uint64(7)
    bits = np.uint64(1) << (spread % np.uint64(64))
    out = np.zeros(sets.shape[0], dtype=np.uint64)
    some = np.flatnonzero(np.diff(sets.indptr))
    if len(some):
        out[some] = np.bitwise_or.reduceat(bits, sets.indptr[:-1][some])
    return out


@kernel
def _lies_in(indptr, items, one, other):  # pragma: no cover - machine code
    """Tell whether the sorted set `one` lies in the sorted set `other`."""
    at, last = indptr[other], indptr[other + 1]
    for q in range(indptr[one], indptr[one + 1]):
        while at < last and items[at] < items[q]:
            at += 1
        if at == last or items[at] != items[q]:
            return False
        at += 1
    return True


@kernel
def _rarest(indptr, items, by_ptr, one):  # pragma: no cover - machine code
    """Return the item of a set that the fewest sets have."""
    best = items[indptr[one]]
    for q in range(indptr[one], indptr[one + 1]):
        item = items[q]
        if by_ptr[item + 1] - by_ptr[item] < by_ptr[best + 1] - by_ptr[best]:
            best = item
    return best


@kernel
def _mark_holding(
    indptr, items, by_ptr, by_sets, order, bits, dropped
):  # pragma: no cover - machine code
    for one in order:
        size = indptr[one + 1] - indptr[one]
        if dropped[one] or size == 0:
            continue
        item = _rarest(indptr, items, by_ptr, one)
        for q in range(by_ptr[item], by_ptr[item + 1]):
            other = by_sets[q]
            if other == one or dropped[other] or bits[one] & ~bits[other]:
                continue
            if indptr[other + 1] - indptr[other] < size:
                continue
            if _lies_in(indptr, items, one, other):
                dropped[other] = True


@kernel
def _mark_held(
    indptr, items, by_ptr, by_sets, cost, bits, dropped
):  # pragma: no cover - machine code
    for one in range(len(indptr) - 1):
        size = indptr[one + 1] - indptr[one]
        if dropped[one] or size == 0:
            continue
        item = _rarest(indptr, items, by_ptr, one)
        for q in range(by_ptr[item], by_ptr[item + 1]):
            other = by_sets[q]
            if other == one or dropped[other] or bits[one] & ~bits[other]:
                continue
            larger = indptr[other + 1] - indptr[other]
            if larger < size or cost[other] > cost[one]:
                continue
            if larger == size and cost[other] == cost[one] and other > one:
                continue
            if _lies_in(indptr, items, one, other):
                dropped[one] = True
                break


def _holding_by_products(sets: sparse.csr_array, size: Int64) -> Bools:
    """Return what `_mark_holding` marks, by counting what sets have in common, in blocks."""
    dropped = np.zeros(len(size), dtype=bool)
    for one, other in _pairs_lying_in(sets, size):
        later = (size[one] < size[other]) | (one < other)
        dropped[other[later & (size[one] > 0)]] = True
    return dropped


def _held_by_products(sets: sparse.csr_array, size: Int64, cost: Int64) -> Bools:
    dropped = np.zeros(len(size), dtype=bool)
    for one, other in _pairs_lying_in(sets, size):
        same = (size[one] == size[other]) & (cost[one] == cost[other])
        worse = (cost[other] <= cost[one]) & (~same | (other < one))
        dropped[one[worse]] = True
    return dropped


def _pairs_lying_in(sets: sparse.csr_array, size: Int64) -> list[tuple[Int64, Int64]]:
    """Return pairs of different sets of which the first lies in the second, block by block."""
    pairs = []
    for begin in range(0, len(size), _BLOCK):
        common = (sets[begin : begin + _BLOCK] @ sets.T).tocoo()
        one, other = common.row.astype(np.int64) + begin, common.col.astype(np.int64)
        inside = (common.data == size[one]) & (one != other)
        pairs.append((one[inside], other[inside]))
    return pairs
