"""Who sits where: workers of every window allotted to the seats of open stations within reach.

In each window as many as can be find a seat: a maximum flow from demand to stations (Ford &
Fulkerson 1956; scipy's is Dinic's), exact in whole units. Demand that the same sites reach is one
row, and for a plan rows that the same open sites reach are one. The windows do not depend on each
other.

What one more site adds is at most its seats, and at most whoever within its reach might find a seat
by it: those who lie on the source's side of the minimum cut, seated or not. Others are seated
whatever opens.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from siting.allocation.lazy_search import Goal
from siting.allocation.problem import Bools, Float64, Int64
from siting.sums import sum_by

MOST_UNITS = 2**31 - 1
"""No window may have more units of demand, nor of seats: flows are 32 bits wide."""


@dataclass(frozen=True, eq=False)
class Seated:
    """One window of one plan.

    Attributes
    ----------
    flow
        int64[n, r]: units of each row that sit at each of n open sites.
    movable
        bool[r]: rows that a further site may give a seat to, or that may leave one to others.
    """

    flow: sparse.csr_array
    movable: Bools

    @property
    def total(self) -> int:
        """Units that sit."""
        return int(self.flow.data.sum(dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Counted:
    """How many sit in one window of one plan, and bool[r] as in `Seated`."""

    total: int
    movable: Bools


def seat(reach: sparse.csr_array, heads: Int64, seats: Int64) -> Seated:
    """Return as many as can be seated.

    Parameters
    ----------
    reach
        Sparse [n, r]: which open sites are within reach of which rows.
    heads
        int64[r]: units in each row.
    seats
        int64[n]: units that each site seats; of both sums at most `MOST_UNITS`.
    """
    sites, rows = reach.shape
    # 0: source; 1 .. r: rows; r + 1 .. r + n: sites; the last: sink.
    arcs = sparse.coo_array(reach)
    counts = arcs.coords
    site, row = counts[0].astype(np.int64), counts[1].astype(np.int64)
    sink = rows + sites + 1
    start = np.concatenate([np.zeros(rows, dtype=np.int64), 1 + row, rows + 1 + np.arange(sites)])
    end = np.concatenate([1 + np.arange(rows), rows + 1 + site, np.full(sites, sink)])
    room = np.concatenate([heads, np.minimum(heads[row], seats[site]), seats])
    some = room > 0
    graph = sparse.csr_array(
        (room[some].astype(np.int32), (start[some], end[some])), shape=(sink + 1, sink + 1)
    )
    graph.sort_indices()
    whole = sparse.csr_array(maximum_flow(graph, 0, sink).flow)
    left = sparse.csr_array(graph - whole)
    left.data[left.data < 0] = 0
    left.eliminate_zeros()
    near = breadth_first_order(left, 0, return_predecessors=False)
    reached = np.zeros(sink + 1, dtype=bool)
    reached[near] = True
    flow = sparse.csr_array(whole[1 : rows + 1, rows + 1 : sink].T).astype(np.int64)
    return Seated(flow, reached[1 : rows + 1])


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
        self._known: dict[tuple[int, ...], tuple[Counted, ...]] = {}

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.reach.shape[0]) - self.existing

    def opened(self, plan: list[int]) -> Int64:
        """Return the rows of `reach` that are open: existing stations, then `plan`."""
        return np.concatenate([np.arange(self.existing), self.existing + np.array(plan, dtype=int)])

    def allotted(self, plan: list[int]) -> tuple[Seated, ...]:
        """Return who sits where in every window, row by row; sites as in `opened`."""
        opened = self.opened(plan)
        reach = sparse.csr_array(self.reach[opened])
        return tuple(
            seat(reach, self.heads[:, window], self.seats[opened, window])
            for window in range(len(self.hours))
        )

    def seated(self, plan: list[int]) -> tuple[Counted, ...]:
        """Return how many sit in every window."""
        key = tuple(sorted(plan))
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[key] = self._counted(self.opened(list(key)))
        return self._known[key]

    def value(self, plan: list[int]) -> float:
        """Return what those who sit count, all windows together."""
        totals = [found.total for found in self.seated(plan)]
        return float(sum(h * total for h, total in zip(self.hours.tolist(), totals, strict=True)))

    def most_beside(self, plan: list[int]) -> Float64:
        """Return float64[k]: what each column adds to `plan` at most."""
        found = self.seated(plan)
        most = np.zeros(self.columns)
        for window, hours in enumerate(self.hours.tolist()):
            movable = np.where(found[window].movable, self.heads[:, window], 0).astype(float)
            standing = int(self.heads[:, window].sum()) - found[window].total
            gains = np.minimum(self._columns @ movable, self.seats[self.existing :, window])
            most += hours * np.minimum(gains, standing)
        most[plan] = 0.0
        return most

    def _counted(self, opened: Int64) -> tuple[Counted, ...]:
        reach = sparse.csr_array(self.reach[opened])
        group, first = _groups(reach)
        near = group >= 0
        merged = sparse.csr_array(reach[:, first])
        out = []
        for window in range(len(self.hours)):
            heads = sum_by(group[near], self.heads[near, window].astype(float), len(first))
            found = seat(merged, heads.astype(np.int64), self.seats[opened, window])
            movable = np.ones(len(group), dtype=bool)  # whoever is out of reach may yet find a seat
            movable[near] = found.movable[group[near]]
            out.append(Counted(found.total, movable))
        return tuple(out)


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
