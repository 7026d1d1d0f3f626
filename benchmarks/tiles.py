"""scipy on square tiles with a halo: the rows a careful user gets without a compiler.

Tiles lie side by side; each is answered on the streets within the cut-off around it, so that no
way is cut. Searches of many sites in one tile go to scipy in parts, as its answers are dense.
"""

import time
from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.catchments.search import Rows
from geo.crs import LocalFrame
from geo.streets import Network
from geo.streets.network import Float64, Int64

SIZES_M = (1000.0, 1400.0, 2000.0, 2800.0, 4000.0, 5600.0, 8000.0)
PART = 256
"""Sites of one call of scipy at most."""


class Tiles:
    """Rows from some nodes to all nodes within a cut-off.

    Parameters
    ----------
    net
        The streets.
    arcs
        Their costs in mm, the shortest of parallel ones.
    nodes
        Sites.
    cutoff_m
        Cut-off, inclusive.
    """

    def __init__(self, net: Network, arcs: csr_array, nodes: Int64, cutoff_m: float) -> None:
        frame = LocalFrame(float(net.node_lon.mean()), float(net.node_lat.mean()))
        x, y = frame.to_m(net.node_lon, net.node_lat)
        self.x, self.y = x - x.min(), y - y.min()
        self.arcs, self.nodes, self.cutoff_m = arcs, nodes, cutoff_m
        self.by_x = np.argsort(self.x)
        self.sorted_x = self.x[self.by_x]

    def best_s(self, expected: Rows) -> tuple[float, float]:
        """Return the CPU seconds of all rows, and of the searches alone, each at its best size.

        The rows must be the expected ones as integers.
        """
        best = np.inf, np.inf
        for size_m in SIZES_M:
            start = time.process_time()
            rows, search_s = self.rows(size_m)
            whole_s = time.process_time() - start
            assert all(np.array_equal(*parts) for parts in zip(rows, expected, strict=True))
            best = min(best[0], whole_s), min(best[1], search_s)
        return best

    def rows(self, size_m: float) -> tuple[Rows, float]:
        """Return the rows with tiles of this size, and the CPU seconds of the searches alone."""
        order, tiles = self._tiles(size_m)
        sizes, points, costs, search_s = [], [], [], 0.0
        for first, last, left_m, low_m in tiles:
            inside, part = self._cut(left_m, low_m, size_m)
            sites = np.searchsorted(inside, self.nodes[order[first:last]])
            for k in range(0, len(sites), PART):
                start = time.process_time()
                dense = dijkstra(part, indices=sites[k : k + PART], limit=self.cutoff_m * 1000)
                search_s += time.process_time() - start
                site, place = np.nonzero(dense < np.inf)
                sizes.append(np.bincount(site, minlength=len(dense)))
                points.append(inside[place].astype(np.int32))
                costs.append(dense[site, place].astype(np.int32))
        parts = (np.concatenate(part) for part in (sizes, points, costs))
        return _in_order(order, *parts), search_s

    def _tiles(self, size_m: float) -> tuple[Int64, Iterator[tuple[int, int, float, float]]]:
        """Return the sites by tile; of each tile the first, the one after the last, its corner."""
        column, row = ((place[self.nodes] // size_m).astype(np.int64) for place in (self.x, self.y))
        order = np.lexsort((row, column))
        changes = (np.diff(column[order]) != 0) | (np.diff(row[order]) != 0)
        edges = np.concatenate(([0], np.flatnonzero(changes) + 1, [len(order)])).tolist()
        first = order[edges[:-1]]
        corners = (column[first] * size_m).tolist(), (row[first] * size_m).tolist()
        return order, zip(edges[:-1], edges[1:], *corners, strict=True)

    def _cut(self, left_m: float, low_m: float, size_m: float) -> tuple[Int64, csr_array]:
        """Return the nodes of a tile and its halo, and the arcs among them."""
        ends = np.array([left_m - self.cutoff_m, left_m + size_m + self.cutoff_m])
        strip = self.by_x[slice(*np.searchsorted(self.sorted_x, ends).tolist())]
        y: Float64 = self.y[strip]
        near = (y >= low_m - self.cutoff_m) & (y <= low_m + size_m + self.cutoff_m)
        inside = np.sort(strip[near])
        return inside, self.arcs[inside][:, inside]


def _in_order(order: Int64, size: Int64, point: np.ndarray, cost: np.ndarray) -> Rows:
    """Return the rows in the order of the sites."""
    indptr = np.zeros(len(order) + 1, dtype=np.int64)
    indptr[order + 1] = size
    np.cumsum(indptr, out=indptr)
    before = np.cumsum(size) - size
    to = np.repeat(indptr[order] - before, size) + np.arange(len(point))
    out = np.empty_like(point), np.empty_like(cost)
    out[0][to], out[1][to] = point, cost
    return indptr, *out
