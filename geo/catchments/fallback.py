"""The same rows by scipy, for platforms without numba: the same integers, more time."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.streets import Attached, Network
from geo.streets.network import Int32

CHUNK_LABELS = 8_000_000
"""Labels per call of scipy (64 MB): each site takes two dense rows of all nodes."""


def rows(
    net: Network, sites: Attached, demand: Attached, limit_mm: int
) -> tuple[Int32, Int32, Int32]:
    """Return, per entry in order of sites and demand points: site, demand point, cost (<= limit).

    Costs are whole millimetres in float64, exact up to 2^53.
    """
    graph = shortest_arcs(net)
    reached = np.flatnonzero(demand.ok)
    edge = demand.edge[reached]
    to_u = demand.pos_mm[reached].astype(np.float64)
    to_v = net.edge_cost_mm[edge] - to_u
    leg = demand.leg_mm[reached]
    parts = []
    live = np.flatnonzero(sites.ok)
    size = max(1, CHUNK_LABELS // (2 * net.nodes))
    for low in range(0, len(live), size):
        chunk = live[low : low + size]
        ends = np.concatenate((net.edge_u[sites.edge[chunk]], net.edge_v[sites.edge[chunk]]))
        nodes, place = np.unique(ends.astype(np.int64), return_inverse=True)
        cost = dijkstra(graph, indices=nodes, limit=float(limit_mm))
        for k, site in enumerate(chunk.tolist()):
            home, base, pos = sites.edge[site], sites.leg_mm[site], float(sites.pos_mm[site])
            rest = net.edge_cost_mm[home] - pos
            node = base + np.minimum(cost[place[k]] + pos, cost[place[k + len(chunk)]] + rest)
            total = np.minimum(node[net.edge_u[edge]] + to_u, node[net.edge_v[edge]] + to_v)
            same = edge == home
            total[same] = np.minimum(total[same], base + np.abs(to_u[same] - pos))
            total += leg
            near = np.flatnonzero(total <= limit_mm)
            parts.append((np.full(len(near), site), reached[near], total[near]))
    columns = [np.concatenate(part) for part in zip(*parts, strict=True)] or [np.zeros(0)] * 3
    first, second, third = (column.astype(np.int32) for column in columns)
    return first, second, third


def shortest_arcs(net: Network) -> csr_array:
    """Return the graph with the shortest of parallel arcs: scipy would add them up."""
    start = net.ptr.astype(np.int64)
    tail = np.repeat(np.arange(net.nodes), start[1:] - start[:-1])
    head = net.arc_head.astype(np.int64)
    order = np.lexsort((net.arc_cost, head, tail))
    tail, head, cost = tail[order], head[order], net.arc_cost[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    keep = first & (tail != head)
    shape = (net.nodes, net.nodes)
    return csr_array((cost[keep].astype(np.float64), (tail[keep], head[keep])), shape=shape)
