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

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geo.catchments.street import limit_mm
from geo.streets import Attached, Network
from geo.streets.compiled import kernel
from geo.streets.network import Float64, Int32, Int64

_FAR = np.iinfo(np.int64).max // 2
_NODE_BITS = 32
_NODE = (1 << _NODE_BITS) - 1


@dataclass(frozen=True, eq=False)
class Walked:
    """How many people walk along each piece of street; places cut streets into q pieces.

    Attributes
    ----------
    edge, from_mm, to_mm
        int64[q]: the edge of each piece, and its ends from `edge_u`; in the order of edges and
        along them. Closed streets and islands have none.
    people
        float64[q].
    """

    edge: Int64
    from_mm: Int64
    to_mm: Int64
    people: Float64

    @cached_property
    def less_walked(self) -> Float64:
        """float64[q]: the share of all street, by length, that fewer people walk along (<).

        A rank has no scale: it hangs neither on how many people there are nor on how far all walk.
        """
        order = np.argsort(self.people, kind="stable")
        length = np.concatenate(([0], np.cumsum((self.to_mm - self.from_mm)[order])))
        below = length[np.searchsorted(self.people[order], self.people, side="left")]
        return np.asarray(below / max(int(length[-1]), 1), dtype=np.float64)

    def pieces_at(self, edge: Int32, pos_mm: Int32) -> tuple[Int64, Int64]:
        """Return the pieces before and behind positions on edges that have pieces.

        They are one piece but where two meet.
        """
        key = _key(edge, pos_mm)
        behind = np.searchsorted(_key(self.edge, self.from_mm), key, side="right") - 1
        before = np.searchsorted(_key(self.edge, self.to_mm), key, side="left")
        return before, behind


def walkers(
    net: Network,
    places: Attached,
    origins: Float64,
    goals: Float64,
    *,
    cutoff_m: float,
    most_origins: int,
    seed: int = 0,
) -> Walked:
    """Return how many people walk along each piece of street of a walking network.

    Everybody at a place walks to another within the cut-off, chosen in proportion to the goals'
    weights; who has none but where he is stays. Places stand at their exact position on the nearest
    street; access legs are no part of a way.

    Parameters
    ----------
    places
        p points attached to `net`; those that are not attached count nowhere.
    origins
        float64[p]: people at each place, >= 0.
    goals
        float64[p]: how much each place draws, >= 0.
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
    limit = limit_mm(cutoff_m)
    _, first = np.unique(places.point, return_index=True)
    rows = first[places.ok[first]]
    cut = _cut(net, places.edge[rows].astype(np.int64), places.pos_mm[rows].astype(np.int64))
    nodes = len(cut.streets[0]) - 1
    of_place = places.point[rows]
    people, drawn = (
        np.bincount(cut.node, weights=values[of_place], minlength=nodes).astype(np.float64)
        for values in (origins, goals)
    )
    pivots, stand_for = _pivots(people, most_origins, seed)
    flow = np.zeros(len(cut.edge))
    _flow(cut.streets, limit, pivots, stand_for, drawn, flow)
    return Walked(cut.edge, cut.from_mm, cut.to_mm, flow)


@dataclass(frozen=True, eq=False)
class _Cut:
    """Streets cut at places: arcs (ptr, head, cost, piece), pieces, and the node of each place."""

    streets: tuple[Int64, Int64, Int64, Int64]
    edge: Int64
    from_mm: Int64
    to_mm: Int64
    node: Int64


def _cut(net: Network, edge: Int64, pos: Int64) -> _Cut:
    """Return the streets cut at positions; at the end of a street they are at its node."""
    length = net.edge_cost_mm.astype(np.int64)
    inside = (pos > 0) & (pos < length[edge])
    cuts, number = np.unique(_key(edge[inside], pos[inside]), return_inverse=True)
    node = np.where(pos <= 0, net.edge_u[edge], net.edge_v[edge]).astype(np.int64)
    node[inside] = net.nodes + number
    kept = np.flatnonzero(net.edge_open & ~net.edge_island)
    of = np.concatenate((kept, cuts >> _NODE_BITS))
    start = np.concatenate((np.zeros(len(kept), dtype=np.int64), cuts & _NODE))
    tail = np.concatenate((net.edge_u[kept].astype(np.int64), net.nodes + np.arange(len(cuts))))
    order = np.argsort(_key(of, start), kind="stable")
    of, start, tail = of[order], start[order], tail[order]
    last = np.append(of[1:] != of[:-1], True)[: len(of)]
    end = np.where(last, length[of], np.roll(start, -1))
    tip = np.where(last, net.edge_v[of].astype(np.int64), np.roll(tail, -1))
    ends = np.concatenate((tail, tip))
    arcs = np.argsort(ends, kind="stable")
    ptr = np.zeros(net.nodes + len(cuts) + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=len(ptr) - 1), out=ptr[1:])
    cost = np.maximum(np.tile(end - start, 2), 1)[arcs]
    piece = np.tile(np.arange(len(of)), 2)[arcs]
    streets = (ptr, np.concatenate((tip, tail))[arcs], cost, piece)
    return _Cut(streets, of, start, end, node)


def _key(edge: Int64 | Int32, pos: Int64 | Int32) -> Int64:
    """Return one number for a position on an edge; in the order of edges and along them."""
    return np.asarray(edge, dtype=np.int64) << _NODE_BITS | np.asarray(pos, dtype=np.int64)


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
            other, there = head[arc], here + cost[arc]
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
    ptr, head, cost, piece = streets
    drawn = 0.0
    for place in range(1, len(order)):
        drawn += goals[order[place]]
    for place in range(len(order) - 1, 0, -1):
        if drawn <= 0.0:
            break
        node = order[place]
        arriving = carried[node] + people * goals[node] / drawn
        for arc in range(ptr[node], ptr[node + 1]):
            before = head[arc]
            if costs[before] + cost[arc] == costs[node]:
                part = arriving * ways[before] / ways[node]
                flow[piece[arc]] += part
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
