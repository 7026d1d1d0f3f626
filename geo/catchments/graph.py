"""What a search runs over: arcs in the direction of the search, in one array."""

from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np

from geo.streets import Network
from geo.streets.network import Int32

Direction = Literal["to_site", "from_site"]
"""Who travels: demand points to the site, or from the site to demand points."""

BAND_ARCS = 5
"""Width of a band in mean arcs; the time is flat between 3 and 7 (Porto, 300 m to 3 km)."""


MAX_LIMIT = 1_000_000_000
"""Highest cut-off, mm or ms. No arc costs more than just beyond it: sums of two fit in int32."""


@dataclass(frozen=True, eq=False)
class SearchGraph:
    """The arcs that a search from a site follows.

    Attributes
    ----------
    ptr
        int32[n + 1]; the arcs of node i are ptr[i] .. ptr[i + 1].
    arcs
        int32[a, 2]: the node at the other end, and the cost in the unit of the network.
    band
        Width of a band of costs; see `geo.catchments.kernel`.
    """

    ptr: Int32
    arcs: Int32
    band: int

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.ptr) - 1


_GRAPHS: WeakKeyDictionary[Network, dict[Direction, SearchGraph]] = WeakKeyDictionary()


def search_graph(net: Network, direction: Direction) -> SearchGraph:
    """Return the arcs to search from sites, kept as long as the network.

    Costs from everywhere to a site are costs from the site along reversed arcs.
    """
    known = _GRAPHS.setdefault(net, {})
    if direction not in known:
        known[direction] = _build(net, backwards=direction == "to_site")
    return known[direction]


def same_both_ways(net: Network) -> bool:
    """Return whether every street costs the same in both directions, as for walking."""
    return bool(np.array_equal(net.edge_forward, net.edge_backward))


def _build(net: Network, *, backwards: bool) -> SearchGraph:
    ptr, head, cost = net.ptr, net.arc_head, net.arc_cost
    if backwards and not same_both_ways(net):
        order = np.argsort(head, kind="stable")
        degree = ptr[1:].astype(np.int64) - ptr[:-1]
        tail = np.repeat(np.arange(net.nodes, dtype=np.uint32), degree)
        ptr = np.zeros_like(ptr)
        np.cumsum(np.bincount(head, minlength=net.nodes), out=ptr[1:])
        head, cost = tail[order], cost[order]
    band = BAND_ARCS * round(float(cost.mean())) if len(cost) else 0
    arcs = np.column_stack((head.astype(np.int32), np.minimum(cost, MAX_LIMIT + 1)))
    return SearchGraph(ptr.astype(np.int32), arcs, max(band, 1))
