"""Rows of walking costs by a bounded search from each site: the compiled way.

Delta-stepping [1]_: nodes wait in buckets of equal width, first in first out, and leave one when a
shorter way is found; a node may be looked at again within its bucket, so that the labels end exact.

All work arrays are allocated before the loop over sites. The state of a node is one row of one
array, and each bucket is a row behind them, the head of a ring: a node is taken out of a ring
without asking which one it is, one cache line is touched per node, and the small kernels take one
array only; with eight arrays between them they were six times slower.

.. [1] U. Meyer and P. Sanders (2003), Delta-stepping: a parallelizable shortest path algorithm,
   Journal of Algorithms 49.
"""

# The inner kernels take what numba infers; their arguments are arrays of `rows`, which is typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: ANN001, ANN202, PLR0913, PLR0917

import numpy as np

from geo.streets.compiled import kernel
from geo.streets.network import Int32, Int64, UInt32

BUCKET_MM = 25_600
"""Width of a bucket; flat between 12 m and 100 m."""

FAR = np.iinfo(np.int32).max
"""Label of what was not reached; costs stay below it."""

# Columns of the state. A node is in a ring where BEFORE is not -1. Column SEEN has nothing to do
# with its row: it lists the nodes that were reached, to be forgotten after the row.
LABEL, BEFORE, AFTER, SEEN = 0, 1, 2, 3
# Columns of the demand points as sorted by edge.
POSITION, LEG, POINT = 0, 1, 2
# Columns of what a site reaches: the lowest cost per demand point, and the list of points reached.
BEST, HIT = 0, 1


@kernel
def _offer(node, cost, nodes, state, seen):
    """Give `node` a cost if it is lower than its label, and move it to the ring of that cost."""
    label = state[node, LABEL]
    if cost >= label:
        return seen
    if label == FAR:
        state[seen, SEEN] = node
        seen += 1
    state[node, LABEL] = cost
    before = state[node, BEFORE]
    if before >= 0:
        if cost // BUCKET_MM == label // BUCKET_MM:
            return seen
        after = state[node, AFTER]
        state[before, AFTER] = after
        state[after, BEFORE] = before
    ring = nodes + cost // BUCKET_MM
    last = state[ring, BEFORE]
    state[last, AFTER] = node
    state[node, BEFORE] = last
    state[node, AFTER] = ring
    state[ring, BEFORE] = node
    return seen


@kernel
def _hit(point, cost, reach, found):
    """Keep the lower cost of a demand point."""
    known = reach[point, BEST]
    if cost >= known:
        return found
    if known == FAR:
        reach[found, HIT] = point
        found += 1
    reach[point, BEST] = cost
    return found


@kernel
def _meet(base, low, high, edge_cost, backwards, limit, demand, reach, found):
    """Reach the demand points of one edge from one of its ends, nearest first."""
    for step in range(high - low):
        item = high - 1 - step if backwards else low + step
        along = edge_cost - demand[item, POSITION] if backwards else demand[item, POSITION]
        if base + along > limit:
            break
        cost = base + along + demand[item, LEG]
        if cost <= limit:
            found = _hit(demand[item, POINT], cost, reach, found)
    return found


@kernel
def _home(start, base, low, high, limit, demand, reach):
    """Reach the demand points of the site's own edge directly along it."""
    found = 0
    for item in range(low, high):
        cost = base + abs(demand[item, POSITION] - start) + demand[item, LEG]
        if cost <= limit:
            found = _hit(demand[item, POINT], cost, reach, found)
    return found


@kernel
def _search(limit, nodes, ptr, head, cost_mm, code, first, demand, state, reach, seen, found):
    """Walk on from the nodes in the rings, nearest ring first, up to the limit."""
    for ring in range(nodes, len(state)):
        while state[ring, AFTER] != ring:
            node = np.int64(state[ring, AFTER])
            after = state[node, AFTER]
            state[ring, AFTER] = after
            state[after, BEFORE] = ring
            state[node, BEFORE] = -1
            cost = state[node, LABEL]
            for arc in range(np.int64(ptr[node]), np.int64(ptr[node + 1])):
                edge, length = np.int64(code[arc]) >> 1, cost_mm[arc]
                low, high = first[edge], first[edge + 1]
                if low < high:
                    found = _meet(
                        cost, low, high, length, code[arc] & 1, limit, demand, reach, found
                    )
                if cost + length <= limit:
                    seen = _offer(np.int64(head[arc]), cost + length, nodes, state, seen)
    return seen, found


@kernel
def _write(reach, found, out, used):
    """Write one row, sorted by demand point, and forget it."""
    points = np.sort(reach[:found, HIT])
    for k in range(found):
        out[used + k, 0] = points[k]
        out[used + k, 1] = reach[points[k], BEST]
        reach[points[k], BEST] = FAR
    return used + found


@kernel
def rows(
    graph: tuple[UInt32, UInt32, Int32, UInt32],
    ends: tuple[UInt32, UInt32, Int32],
    first: Int64,
    demand: Int32,
    points: int,
    sites: Int32,
    first_site: int,
    limit: int,
    out: Int32,
    out_size: Int64,
) -> tuple[int, int]:
    """Fill rows from `first_site` on, until all are done or the next one might not fit.

    Parameters
    ----------
    graph
        ptr, arc_head, arc_cost, arc_edge of the network.
    ends
        edge_u, edge_v, edge_cost_mm.
    first, demand
        Attached demand points sorted by edge and position: CSR by edge, and position, leg, number.
    points
        Number of demand points, attached or not.
    sites
        edge, position, leg per site; edge -1: an empty row.
    first_site
        Where to go on.
    limit
        Highest cost, inclusive, millimetres.
    out
        Demand point and cost per entry, filled from 0 on; has room for `points` entries at least.
    out_size
        Entries per site.

    Returns
    -------
    tuple of int
        The next site, and the entries filled.
    """
    ptr, head, cost_mm, code = graph
    edge_u, edge_v, edge_cost = ends
    nodes = len(ptr) - 1
    state = np.full((nodes + limit // BUCKET_MM + 1, 4), -1, np.int32)
    state[:nodes, LABEL] = FAR
    for ring in range(nodes, len(state)):
        state[ring, BEFORE] = state[ring, AFTER] = ring
    reach = np.full((points, 2), FAR, np.int32)
    used = 0
    for site in range(first_site, len(sites)):
        if used + points > len(out):
            return site, used
        edge, start, base = np.int64(sites[site, 0]), sites[site, 1], sites[site, 2]
        if edge < 0:
            continue
        found = _home(start, base, first[edge], first[edge + 1], limit, demand, reach)
        seen, rest = 0, edge_cost[edge] - start
        if base + start <= limit:
            seen = _offer(np.int64(edge_u[edge]), base + start, nodes, state, seen)
        if base + rest <= limit:
            seen = _offer(np.int64(edge_v[edge]), base + rest, nodes, state, seen)
        seen, found = _search(
            limit, nodes, ptr, head, cost_mm, code, first, demand, state, reach, seen, found
        )
        used = _write(reach, found, out, used)
        out_size[site] = found
        for k in range(seen):
            state[state[k, SEEN], LABEL] = FAR
    return len(sites), used
