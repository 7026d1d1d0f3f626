"""The same rows by scipy, for platforms without numba: the same integers, more time.

scipy writes one label per node of the graph and site; so that the graph is small, neighbouring
sites are taken together, and of the graph what one search from all of them reaches.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.catchments.graph import SearchGraph
from geo.catchments.places import HOME_COLUMNS, ITEM_COLUMNS, SITE_COLUMNS, DemandIndex
from geo.streets.network import Float64, Int32, Int64

CHUNK = 64
"""Neighbouring sites that share a part of the graph."""

EDGE, U, AT_U, V, AT_V, POS, UP, DOWN, LEG = range(len(SITE_COLUMNS))
D_POS, D_UP, D_DOWN, D_LEG, D_POINT, D_AT_U, D_AT_V = range(len(HOME_COLUMNS))
HERE, THERE, OTHER, POINT, ON = range(len(ITEM_COLUMNS))


Row = tuple[Int32, Int32]
"""Demand points and costs of one site."""


def rows(
    graph: SearchGraph, index: DemandIndex, sites: Int32, limit: int
) -> tuple[Int64, Int32, Int32]:
    """Return the CSR rows (indptr, demand, cost) of `sites`; see `geo.catchments.search`.

    Costs are whole numbers in float64, exact up to 2^53.
    """
    found: dict[int, Row] = {}
    for chunk, some in chunks(graph, index, sites, limit):
        found |= dict(zip(chunk.tolist(), some, strict=True))
    nothing = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    return joined([found.get(site, nothing) for site in range(len(sites))])


def chunks(
    graph: SearchGraph, index: DemandIndex, sites: Int32, limit: int
) -> Iterator[tuple[Int64, list[Row]]]:
    """Yield the numbers of neighbouring sites that are on a street, and their rows."""
    whole = shortest_arcs(graph)
    on_street = np.flatnonzero(sites[:, EDGE] >= 0)
    order = on_street[np.argsort(sites[on_street, EDGE], kind="stable")]
    for low in range(0, len(order), CHUNK):
        chunk = order[low : low + CHUNK]
        yield chunk, _chunk(whole, index, sites[chunk], limit)


def joined(every: list[Row]) -> tuple[Int64, Int32, Int32]:
    """Return rows one after the other: indptr, demand, cost."""
    indptr = np.zeros(len(every) + 1, dtype=np.int64)
    np.cumsum([len(point) for point, _ in every], out=indptr[1:])
    nothing = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    point, cost = (np.concatenate(part) for part in zip(nothing, *every, strict=True))
    return indptr, point, cost


def _chunk(whole: csr_array, index: DemandIndex, sites: Int32, limit: int) -> list[Row]:
    ends = np.unique(sites[:, [U, V]])
    near = dijkstra(whole, indices=ends, limit=float(limit), min_only=True)
    nodes = np.flatnonzero(np.isfinite(near))
    part = whole[nodes][:, nodes]
    cost = dijkstra(part, indices=np.searchsorted(nodes, ends), limit=float(limit))
    item, place = _items_of(index, nodes)
    out = []
    for site in sites:
        from_u, from_v = (cost[np.searchsorted(ends, site[end])] for end in (U, V))
        label = np.minimum(from_u + float(site[AT_U]), from_v + float(site[AT_V]))
        total = label[place] + index.items[item, HERE]
        elsewhere = index.items[item, ON] != site[EDGE]
        home = slice(*index.home_ptr[site[EDGE] : site[EDGE] + 2].tolist())
        around = [label[np.searchsorted(nodes, site[end])] for end in (U, V)]
        direct = _at_home(index.home[home].astype(np.float64), site, around)
        points = np.concatenate((index.items[item[elsewhere], POINT], index.home[home, D_POINT]))
        out.append(_row(points, np.concatenate((total[elsewhere], direct)), limit))
    return out


def _at_home(home: Float64, site: Int32, around: list[float]) -> Float64:
    """Return the costs of the demand points within the site's own street."""
    before, after = home[:, D_POS] < site[POS], home[:, D_POS] > site[POS]
    along = np.zeros(len(home))
    along[before] = site[UP] - home[before, D_UP] if site[UP] >= 0 else np.inf
    along[after] = home[after, D_DOWN] - site[DOWN] if site[DOWN] >= 0 else np.inf
    ways = (along + home[:, D_LEG] + site[LEG], around[0] + home[:, D_AT_U])
    nearest: Float64 = np.minimum.reduce((*ways, around[1] + home[:, D_AT_V]))
    return nearest


def _items_of(index: DemandIndex, nodes: NDArray[np.integer]) -> tuple[Int64, Int64]:
    """Return the items of some nodes, and for each the place of its node among them."""
    first = index.item_ptr[nodes].astype(np.int64)
    size = index.item_ptr[nodes + 1] - first
    place = np.repeat(np.arange(len(nodes)), size)
    before = np.cumsum(size) - size
    return np.arange(len(place)) + (first - before)[place], place


def _row(points: Int32, cost: Float64, limit: int) -> Row:
    """Return the lowest cost per point, up to the limit, sorted by point."""
    near = cost <= limit
    points, cost = points[near], cost[near]
    order = np.lexsort((cost, points))
    points, cost = points[order], cost[order]
    first = np.ones(len(points), dtype=bool)
    first[1:] = points[1:] != points[:-1]
    return points[first], cost[first].astype(np.int32)


def shortest_arcs(graph: SearchGraph) -> csr_array:
    """Return the graph with the shortest of parallel arcs: scipy would add them up."""
    tail = np.repeat(np.arange(graph.nodes), np.diff(graph.ptr))
    head, cost = graph.arcs.T
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    keep = first & (tail != head)
    shape = (graph.nodes, graph.nodes)
    return csr_array((cost[keep].astype(np.float64), (tail[keep], head[keep])), shape=shape)
