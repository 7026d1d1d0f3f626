"""Who sits where: workers of every window allotted to the seats of open stations within reach.

In each window as many as can be find a seat: a maximum flow from demand to stations (Ford &
Fulkerson 1956; scipy's is Dinic's), exact in whole units. Demand that the same sites reach is one
row, and for a plan rows that the same open sites reach are one. The windows do not depend on each
other.

What one more site adds is at most its seats, and at most whoever within its reach might find a seat
by it: those who lie on the source's side of the minimum cut, seated or not. Others are seated
whatever opens.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from siting.allocation.lazy_search import Goal
from siting.allocation.problem import Bools, Float64, Int64

MOST_UNITS = 2**31 - 1
"""No window may have more units of demand, nor of seats: flows are 32 bits wide."""


@dataclass(frozen=True, eq=False)
class Seated:
    """All windows of one plan.

    Attributes
    ----------
    totals
        int64[t]: units that sit.
    movable
        bool[r, t]: rows that a further site may give a seat to, or that may leave one to others.
    flows
        Per window int64[n, r]: units of each row that sit at each of n open sites.
    """

    totals: Int64
    movable: Bools
    flows: tuple[sparse.csr_array, ...] = ()


def seat(reach: sparse.csr_array, heads: Int64, seats: Int64, *, by_row: bool = False) -> Seated:
    """Return as many as can be seated.

    Parameters
    ----------
    reach
        Sparse [n, r]: which open sites are within reach of which rows.
    heads
        int64[r, t]: units in each row and window.
    seats
        int64[n, t]: units that each site seats; of both sums at most `MOST_UNITS` in a window.
    by_row
        Whether flows are asked for.

    Notes
    -----
    All windows are one network: 0 is the source, then every window's rows, then every window's
    sites, the last is the sink.
    """
    (sites, rows), windows = reach.shape, heads.shape[1]
    pairs = sparse.coo_array(reach)
    site, row = (np.tile(part.astype(np.int64), windows) for part in pairs.coords)
    window = np.repeat(np.arange(windows), len(pairs.data))
    first, sink = 1 + rows * windows, 1 + (rows + sites) * windows
    row_node, site_node = 1 + window * rows + row, first + window * sites + site
    of_rows, of_sites = np.arange(1, first), np.arange(first, sink)
    start = np.concatenate([np.zeros(first - 1, dtype=np.int64), row_node, of_sites])
    end = np.concatenate([of_rows, site_node, np.full(sink - first, sink)])
    between = np.minimum(heads[row, window], seats[site, window])
    room = np.concatenate([heads.T.ravel(), between, seats.T.ravel()])
    some = room > 0
    arcs = (room[some].astype(np.int32), (start[some], end[some]))
    graph = sparse.csr_array(arcs, shape=(sink + 1, sink + 1))
    graph.sort_indices()
    whole = sparse.csr_array(maximum_flow(graph, 0, sink).flow)
    left = sparse.csr_array(graph - whole)
    left.data[left.data < 0] = 0
    left.eliminate_zeros()
    reached = np.zeros(sink + 1, dtype=bool)
    reached[breadth_first_order(left, 0, return_predecessors=False)] = True
    last = slice(whole.indptr[sink], whole.indptr[sink + 1])
    into = np.zeros(sink + 1, dtype=np.int64)
    into[whole.indices[last]] = -whole.data[last].astype(np.int64)
    return Seated(
        totals=into[first:sink].reshape(windows, sites).sum(axis=1),
        movable=reached[1:first].reshape(windows, rows).T,
        flows=tuple(_flows(whole, rows, sites, windows)) if by_row else (),
    )


def _flows(
    whole: sparse.csr_array, rows: int, sites: int, windows: int
) -> Iterator[sparse.csr_array]:
    for window in range(windows):
        row, site = 1 + window * rows, 1 + windows * rows + window * sites
        part = whole[row : row + rows, site : site + sites]
        yield sparse.csr_array(part.T).astype(np.int64)


def sums(flows: tuple[sparse.csr_array, ...], sites: int, points: int) -> tuple[Int64, Int64]:
    """Return int64[n, t] and int64[d, t]: units that sit in each window, by site and by point."""
    by_site = [np.asarray(flow.sum(axis=1)) for flow in flows]
    by_point = [np.asarray(flow.sum(axis=0)) for flow in flows]
    return (
        np.array(by_site, dtype=np.int64).reshape(len(flows), sites).T,
        np.array(by_point, dtype=np.int64).reshape(len(flows), points).T,
    )


class Seating(Goal):
    """The seats of existing stations and of a plan of columns, window by window.

    Attributes
    ----------
    reach
        Sparse float64[e + k, r]: existing stations, then columns.
    heads
        int64[r, t].
    seats
        int64[e + k, t].
    hours
        float64[t]: what a unit that sits in each window counts.
    existing
        e.
    """

    def __init__(
        self, reach: sparse.csr_array, heads: Int64, seats: Int64, hours: Float64, existing: int
    ) -> None:
        """Begin with nobody seated."""
        self.reach, self.heads, self.seats, self.hours = reach, heads, seats, hours
        self.existing = existing
        self._columns = sparse.csr_array(reach[existing:])
        self._known: dict[tuple[int, ...], Seated] = {}

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.reach.shape[0]) - self.existing

    def opened(self, plan: list[int]) -> Int64:
        """Return the rows of `reach` that are open: existing stations, then `plan`."""
        return np.concatenate([np.arange(self.existing), self.existing + np.array(plan, dtype=int)])

    def allotted(self, plan: list[int]) -> tuple[sparse.csr_array, ...]:
        """Return who sits where in every window, row by row; sites as in `opened`."""
        opened = self.opened(plan)
        reach = sparse.csr_array(self.reach[opened])
        return seat(reach, self.heads, self.seats[opened], by_row=True).flows

    def seated(self, plan: list[int]) -> Seated:
        """Return how many sit in every window."""
        key = tuple(sorted(plan))
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[key] = self._merged(self.opened(list(key)))
        return self._known[key]

    def value(self, plan: list[int]) -> float:
        """Return what those who sit count, all windows together."""
        totals = self.seated(plan).totals.tolist()
        return float(sum(h * total for h, total in zip(self.hours.tolist(), totals, strict=True)))

    def most_beside(self, plan: list[int]) -> Float64:
        """Return float64[k]: what each column adds to `plan` at most."""
        found = self.seated(plan)
        movable = np.where(found.movable, self.heads, 0).astype(float)
        standing = self.heads.sum(axis=0) - found.totals
        gains = np.minimum(self._columns @ movable, self.seats[self.existing :])
        most: Float64 = np.minimum(gains, standing) @ self.hours
        most[plan] = 0.0
        return most

    def _merged(self, opened: Int64) -> Seated:
        reach = sparse.csr_array(self.reach[opened])
        group, first = _groups(reach)
        near = np.flatnonzero(group >= 0)
        into = sparse.csr_array(
            (np.ones(len(near), dtype=np.int64), (group[near], near)),
            shape=(len(first), len(group)),
        )
        merged = sparse.csr_array(reach[:, first])
        found = seat(merged, into @ self.heads, self.seats[opened])
        # Whoever is out of reach of all may yet find a seat by another.
        movable = np.ones(self.heads.shape, dtype=bool)
        movable[near] = found.movable[group[near]]
        return Seated(found.totals, movable)


def _groups(reach: sparse.csr_array) -> tuple[Int64, Int64]:
    """Return the group of each row (-1: no open site reaches it), and a row of each group.

    A group is what exactly the same open sites reach.
    """
    by_row = sparse.csr_array(reach.T)
    by_row.sort_indices()
    sites, rows = reach.shape
    counts = np.diff(by_row.indptr)
    group = np.full(rows, -1, dtype=np.int64)
    first: list[Int64] = [np.empty(0, dtype=np.int64)]
    for size in np.unique(counts[counts > 0]).tolist():
        some = np.flatnonzero(counts == size)
        key = np.zeros(len(some), dtype=np.int64)
        for place in range(size):
            # Equal so far is one number, smaller than the rows: no product overflows.
            pair = key * sites + by_row.indices[by_row.indptr[some] + place]
            _, at, key = np.unique(pair, return_index=True, return_inverse=True)
        group[some] = key + sum(len(part) for part in first)
        first.append(some[at])
    return group, np.concatenate(first)


_MOST_KNOWN = 512
"""Plans whose seating is kept."""
