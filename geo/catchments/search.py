"""Rows from sites to one set of demand points: prepared once, computed in blocks and threads."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from geo.catchments import fallback, kernel
from geo.catchments.graph import SearchGraph
from geo.catchments.places import DemandIndex
from geo.streets.compiled import COMPILED
from geo.streets.network import Int32, Int64

BLOCK_ENTRIES = 1 << 20
"""Entries of one block at least, 8 bytes each; a block always holds one full row."""

QUEUE_ROOM = 1 << 12
"""Room of a queue at first, beyond one place per node; it doubles when needed."""

CACHE_LINE = 16
"""int32 of one line of the processor's cache."""

SITES_PER_THREAD = 256
"""Fewer sites are not worth another thread: their rows take less time than its start."""

PARTS_PER_THREAD = 4

PARTS_AHEAD = 2
"""Parts of a stream per thread that are being computed, or are computed and not yet taken."""

Rows = tuple[Int64, Int32, Int32]
"""CSR: indptr, demand point, cost in the unit of the network; sorted by demand point."""


WorkArrays = tuple[Int32, Int32, Int32, Int32, Int32, Int32, Int32]


@dataclass(frozen=True)
class Block:
    """Rows of some sites, in the order in which they were computed.

    Attributes
    ----------
    sites
        int64[s]: numbers of the sites.
    indptr, demand, cost
        Their rows.
    """

    sites: Int64
    indptr: Int64
    demand: Int32
    cost: Int32


class Workspace:
    """The work arrays of one thread, for one graph, one set of demand points and one limit."""

    def __init__(self, graph: SearchGraph, index: DemandIndex, limit: int) -> None:
        rows = graph.nodes + kernel.further_rows(graph.ptr) + 2
        state = _aligned(rows)
        kernel.lay_out(graph.ptr, graph.arcs, index.item_ptr, limit, state)
        half = (max(index.points - 1, 1).bit_length() + 1) // 2
        found, found_cost = (np.empty(index.most + kernel.STEP, dtype=np.int32) for _ in range(2))
        self._state = state
        self._after = (
            found,
            found_cost,
            np.empty((2, 1 << half), dtype=np.int32),
            np.empty((index.most, 2), dtype=np.int32),
        )
        self._queues = _queues(graph.nodes + QUEUE_ROOM)

    @property
    def arrays(self) -> WorkArrays:
        """The arrays as the kernel takes them."""
        return (self._state, *self._queues, *self._after)

    def grow(self) -> None:
        """Give the queue and the pile twice the room."""
        self._queues = _queues(2 * len(self._queues[0]))


@dataclass(frozen=True, eq=False)
class Search:
    """What rows are computed from; see `geo.catchments.street` for how it is made.

    Attributes
    ----------
    graph, index
        The arcs and the demand points.
    limit
        Highest cost, inclusive, in the unit of the network.
    """

    graph: SearchGraph
    index: DemandIndex
    limit: int
    _spare: deque[Workspace] = field(default_factory=deque, repr=False)

    def rows(self, sites: Int32, *, threads: int | None = None, compiled: bool = COMPILED) -> Rows:
        """Return the rows of `sites` (int32[s, 9], see `places.site_rows`).

        Parameters
        ----------
        sites
            int32[s, 9], see `places.site_rows`; edge -1: an empty row.
        threads
            None: as many as there are cores, but not more than the work is worth.
        compiled
            Whether numba computes; both ways give the same integers.
        """
        if not compiled:
            return fallback.rows(self.graph, self.index, sites, self.limit)
        order = _by_street(sites)
        size = np.zeros(len(sites), dtype=np.int64)
        count = _threads(threads, len(order))
        parts = count * PARTS_PER_THREAD
        blocks = list(self._blocks(sites, order, count, parts=parts, ahead=parts))
        for block in blocks:
            size[block.sites] = np.diff(block.indptr)
        indptr = np.zeros(len(sites) + 1, dtype=np.int64)
        np.cumsum(size, out=indptr[1:])
        if len(blocks) == 1 and np.array_equal(order, np.arange(len(sites))):
            return indptr, blocks[0].demand, blocks[0].cost
        out = np.empty(indptr[-1], dtype=np.int32), np.empty(indptr[-1], dtype=np.int32)

        def put(block: Block) -> None:
            part, sizes = (0, len(block.sites)), np.diff(block.indptr)
            kernel.scatter(block.sites, indptr, sizes, part, (block.demand, block.cost), out)

        if count <= 1:
            for block in blocks:
                put(block)
        else:
            with ThreadPoolExecutor(count) as pool:
                list(pool.map(put, blocks))
        return indptr, out[0], out[1]

    def blocks(
        self, sites: Int32, *, threads: int | None = None, compiled: bool = COMPILED
    ) -> Iterator[Block]:
        """Yield the rows of `sites` in blocks, for results that would not fit in memory.

        Sites come in the order of their streets; those on no street come not at all. A block has at
        most some `BLOCK_ENTRIES` entries, or one site; threads are ahead of who takes the blocks by
        the rows of a few hundred sites, not by all.
        """
        if not compiled:
            for chunk, some in fallback.chunks(self.graph, self.index, sites, self.limit):
                yield Block(chunk, *fallback.joined(some))
            return
        order = _by_street(sites)
        count = _threads(threads, len(order))
        parts = max(-(-len(order) // SITES_PER_THREAD), 1)
        yield from self._blocks(sites, order, count, parts=parts, ahead=PARTS_AHEAD * count)

    def _blocks(
        self, sites: Int32, order: Int64, count: int, *, parts: int, ahead: int
    ) -> Iterator[Block]:
        ordered = sites[order]
        if count <= 1:
            yield from self._part(ordered, order, (0, len(order)))
            return

        def answer(part: tuple[int, int]) -> list[Block]:
            return list(self._part(ordered, order, part))

        edges = np.linspace(0, len(order), parts + 1).astype(int).tolist()
        jobs: deque[Future[list[Block]]] = deque()
        with ThreadPoolExecutor(count) as pool:
            for part in pairwise(edges):
                if len(jobs) == ahead:
                    yield from jobs.popleft().result()
                jobs.append(pool.submit(answer, part))
            while jobs:
                yield from jobs.popleft().result()

    def _part(self, sites: Int32, order: Int64, part: tuple[int, int]) -> Iterator[Block]:
        try:
            work = self._spare.pop()
        except IndexError:
            work = Workspace(self.graph, self.index, self.limit)
        index = self.index
        demand = (index.items, index.home_ptr, index.home)
        size = np.zeros(len(sites), dtype=np.int64)
        low, high = part
        room = max(BLOCK_ENTRIES, index.most)
        while low < high:
            # Pages of the room that is left over are never touched.
            out = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
            following, used = kernel.rows(
                self.graph.band,
                self.limit,
                demand,
                index.shared,
                sites,
                (low, high),
                work.arrays,
                out,
                size,
            )
            if used == kernel.FULL:
                work.grow()
                continue
            indptr = np.zeros(following - low + 1, dtype=np.int64)
            np.cumsum(size[low:following], out=indptr[1:])
            yield Block(order[low:following], indptr, out[0][:used], out[1][:used])
            low = following
        self._spare.append(work)


def _queues(room: int) -> tuple[Int32, Int32]:
    return np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)


def _aligned(rows: int) -> Int32:
    """Return room for the state of nodes, no row across two cache lines."""
    room = np.empty(rows * kernel.WIDTH + CACHE_LINE, dtype=np.int32)
    first = -(room.ctypes.data // room.itemsize) % CACHE_LINE
    return room[first : first + rows * kernel.WIDTH].reshape(rows, kernel.WIDTH)


def _threads(asked: int | None, sites: int) -> int:
    return min(_cores(), sites // SITES_PER_THREAD) if asked is None else asked


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _by_street(sites: Int32) -> Int64:
    """Return the numbers of the sites that are on a street, neighbours one after the other.

    They find their streets in the processor's cache.
    """
    on = np.flatnonzero(sites[:, kernel.EDGE] >= 0)
    edge = sites[on, kernel.EDGE].astype(np.int64)
    if (edge[1:] >= edge[:-1]).all():
        return on
    # Sorting whole keys is several times faster than sorting an index.
    key = edge << 32 | on
    key.sort()
    order: Int64 = key & 0xFFFFFFFF
    return order
