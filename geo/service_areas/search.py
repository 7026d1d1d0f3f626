"""What is left of the cut-off at the nodes that a site, or any of several, reaches."""

import heapq

import numpy as np

from geo.streets import Attached, Network
from geo.streets.compiled import kernel
from geo.streets.network import Int32, Int64, UInt32


def nodes_within(net: Network, sites: Attached, limit_mm: int) -> tuple[Int64, Int32]:
    """Return the nodes within the cut-off of any site, and what is left of it everywhere.

    The search keeps one integer per node of the network, of which it touches only the reached ones:
    memory that is never touched is never given out by the operating system.

    Parameters
    ----------
    net
        Streets that people walk: the same cost in both directions.
    sites
        Points attached to `net`; those not attached, or on a street now closed, reach nothing.
    limit_mm
        Cut-off, inclusive; the sites' access legs count.

    Returns
    -------
    nodes, more_mm
        The reached nodes, and int32[n]: one more than cut-off minus cost, 0 where not reached.
    """
    live = on_open_streets(net, sites)
    edge, pos = sites.edge[live], sites.pos_mm[live].astype(np.int64)
    left = limit_mm - sites.leg_mm[live].astype(np.int64)
    starts = np.concatenate((net.edge_u[edge], net.edge_v[edge])).astype(np.int64)
    there = np.concatenate((left - pos, left - (net.edge_cost_mm[edge] - pos)))
    within = there >= 0
    more = np.zeros(net.nodes, dtype=np.int32)
    graph = (net.ptr, net.arc_head, net.arc_edge, net.edge_cost_mm)
    nodes = _spread(graph, starts[within], there[within] + 1, more)
    return nodes, more


def on_open_streets(net: Network, sites: Attached) -> Int64:
    """Return the rows of sites that are on a street that is open: it may be closed since."""
    live = np.flatnonzero(sites.ok)
    return live[net.edge_forward[sites.edge[live]] >= 0]


@kernel
def _spread(
    graph: tuple[UInt32, UInt32, UInt32, Int32], starts: Int64, start_more: Int64, more: Int32
) -> Int64:
    """Fill `more` by Dijkstra's algorithm, and return the nodes in the order of their costs."""
    ptr, head, code, length_mm = graph
    # A first entry tells the compiler what the lists hold.
    heap = [(np.int64(1), np.int64(-1))]
    nodes = [np.int64(-1)]
    for i in range(len(starts)):
        heapq.heappush(heap, (-start_more[i], starts[i]))
    while heap[0][0] < 0:
        negative, node = heapq.heappop(heap)
        if more[node] != 0:
            continue
        more[node] = -negative
        nodes.append(node)
        for arc in range(np.int64(ptr[node]), np.int64(ptr[node + 1])):
            there = -negative - length_mm[np.int64(code[arc]) >> 1]
            to = np.int64(head[arc])
            if there > 0 and more[to] == 0:
                heapq.heappush(heap, (-there, to))
    return np.array(nodes[1:], dtype=np.int64)
