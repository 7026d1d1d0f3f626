"""How many walkers take each street, if everybody walks to somebody near by on a shortest way.

Betweenness of edges by Brandes' accumulation [1]_, with a limit on the length of ways, ends that
bear weights, and, where origins are many, pivots drawn for all of them [2]_. Ways of equal length
(to the millimetre) share the walkers as there are ways.

.. [1] U. Brandes (2001), A faster algorithm for betweenness centrality, Journal of Mathematical
   Sociology 25(2); variants: Social Networks 30(2), 2008.
.. [2] U. Brandes and C. Pich (2007), Centrality estimation in large networks, International Journal
   of Bifurcation and Chaos 17(7). There pivots are drawn evenly; here in proportion to weights.
"""

# The inner kernels take what numba infers; their arguments are parts of those of `walkers`.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: ANN001, ANN202

import numpy as np

from geo.catchments.street import limit_mm
from geo.streets import Attached, Network
from geo.streets.compiled import kernel
from geo.streets.network import Float64, Int64

_FAR = np.iinfo(np.int64).max // 2
_NODE_BITS = 32
_NODE = (1 << _NODE_BITS) - 1


def walkers(
    net: Network,
    origins: Float64,
    goals: Float64,
    *,
    cutoff_m: float,
    most_origins: int,
    seed: int = 0,
) -> Float64:
    """Return float64[m]: how many people walk along each edge of a walking network.

    Everybody at an origin walks to one goal within the cut-off, chosen in proportion to the goals'
    weights; who has none but where he is stays.

    Parameters
    ----------
    origins
        float64[n]: people at each node, >= 0.
    goals
        float64[n]: how much each node draws, >= 0.
    cutoff_m
        Longest way, metres, inclusive.
    most_origins
        With more origins than this, so many pivots stand for all of them, drawn by systematic
        sampling in proportion to the people: the expectation is that of all origins.
    seed
        Of the draw; the same seed gives the same figures.

    Raises
    ------
    ValueError
        The network is not for walking, or the cut-off is no distance.
    """
    if net.meta.profile != "walk":
        msg = f"walkers do not go by a network of profile {net.meta.profile!r}"
        raise ValueError(msg)
    flow = np.zeros(net.edges)
    pivots, people = _pivots(origins, most_origins, seed)
    streets = (net.ptr, net.arc_head, net.arc_cost, net.arc_edge)
    _flow(streets, limit_mm(cutoff_m), pivots, people, goals, flow)
    return flow


def at_nodes(net: Network, places: Attached, weights: Float64) -> Float64:
    """Return float64[n]: the weights of attached points, each at the nearer end of its street.

    Points that are not attached count nowhere; one on several streets counts on the nearest.
    """
    _, first = np.unique(places.point, return_index=True)
    rows = first[places.ok[first]]
    edge, pos = places.edge[rows], places.pos_mm[rows].astype(np.int64)
    near_u = 2 * pos <= net.edge_cost_mm[edge]
    node = np.where(near_u, net.edge_u[edge], net.edge_v[edge])
    found = np.bincount(node, weights=weights[places.point[rows]], minlength=net.nodes)
    return np.asarray(found, dtype=np.float64)


def less_walked(net: Network, flow: Float64) -> Float64:
    """Return float64[m]: the share of all street, by length, that fewer people walk along (<).

    Islands and closed streets are no part of it. A rank has no scale: it does not hang on how many
    people there are, nor on how far all of them walk.
    """
    part = np.flatnonzero(net.edge_open & ~net.edge_island)
    order = part[np.argsort(flow[part], kind="stable")]
    length = np.concatenate(([0.0], np.cumsum(net.edge_cost_mm[order], dtype=np.float64)))
    below = length[np.searchsorted(flow[order], flow, side="left")]
    return below / length[-1] if length[-1] else np.zeros(net.edges)


def _pivots(origins: Float64, most: int, seed: int) -> tuple[Int64, Float64]:
    """Return nodes to search from and how many people each stands for."""
    nodes = np.flatnonzero(origins > 0)
    if len(nodes) <= most:
        return nodes, origins[nodes]
    upto = np.cumsum(origins[nodes])
    step = upto[-1] / most
    spots = (np.arange(most) + np.random.default_rng(seed).random()) * step
    drawn = np.minimum(np.searchsorted(upto, spots, side="right"), len(nodes) - 1)
    places, times = np.unique(drawn, return_counts=True)
    return nodes[places], times * step


@kernel
def _push(heap, size, key):
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key


@kernel
def _pop(heap, size):
    """Return the least key; one fewer remain."""
    least, last = heap[0], heap[size - 1]
    at, end = 0, size - 1
    while 2 * at + 1 < end:
        below = 2 * at + 1
        if below + 1 < end and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= last:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = last
    return least


@kernel
def _reach(source, limit, streets, costs, ways, order, heap):
    """Fill costs and numbers of shortest ways of what is within the limit; return how much is."""
    ptr, head, cost, _ = streets
    costs[source], ways[source] = 0, 1.0
    heap[0] = source
    size, reached = 1, 0
    while size > 0:
        key = _pop(heap, size)
        size -= 1
        node, here = key & _NODE, key >> _NODE_BITS
        if here > costs[node]:
            continue
        order[reached] = node
        reached += 1
        for arc in range(ptr[node], ptr[node + 1]):
            other, there = np.int64(head[arc]), here + cost[arc]
            if there < costs[other] and there <= limit:
                costs[other], ways[other] = there, ways[node]
                _push(heap, size, there << _NODE_BITS | other)
                size += 1
            elif there == costs[other]:
                ways[other] += ways[node]
    return reached


@kernel
def _carry(people, streets, goals, costs, ways, carried, order, flow):
    """Send the people of the first of `order` to the others, the farthest first."""
    ptr, head, cost, edge = streets
    drawn = 0.0
    for place in range(1, len(order)):
        drawn += goals[order[place]]
    for place in range(len(order) - 1, 0, -1):
        if drawn <= 0.0:
            break
        node = order[place]
        arriving = carried[node] + people * goals[node] / drawn
        for arc in range(ptr[node], ptr[node + 1]):
            before = np.int64(head[arc])
            if costs[before] + cost[arc] == costs[node]:
                part = arriving * ways[before] / ways[node]
                flow[edge[arc] >> 1] += part
                carried[before] += part


@kernel
def _flow(streets, limit, pivots, people, goals, flow):
    """Add to `flow` what everybody walks; work arrays are allocated once."""
    nodes = len(streets[0]) - 1
    costs = np.full(nodes, _FAR, np.int64)
    ways, carried = np.zeros(nodes), np.zeros(nodes)
    order = np.empty(nodes, np.int64)
    heap = np.empty(len(streets[1]) + 1, np.int64)
    for pivot in range(len(pivots)):
        reached = _reach(pivots[pivot], limit, streets, costs, ways, order, heap)
        found = order[:reached]
        _carry(people[pivot], streets, goals, costs, ways, carried, found, flow)
        for node in found:
            costs[node], ways[node], carried[node] = _FAR, 0.0, 0.0
