"""Rows of walking costs by a bounded search from each site: the compiled way.

Delta-stepping [1]_: nodes wait in buckets of equal width, first in first out, and leave one when a
shorter way is found; a node may be looked at again within its bucket, so that the labels end exact.
All work arrays are allocated before the loop over sites.

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
"""Label of a node that was not reached; costs stay below it."""


@kernel
def _offer(node, cost, label, where, queue, touched, count):
    """Give `node` a cost if it is lower than its label, and move it to the bucket of that cost."""
    if cost >= label[node]:
        return count
    if label[node] == FAR:
        touched[count] = node
        count += 1
    label[node] = cost
    old, new = where[node], cost // BUCKET_MM
    if old != new:
        before, after, head, tail = queue
        if old >= 0:
            left, right = before[node], after[node]
            if left >= 0:
                after[left] = right
            else:
                head[old] = right
            if right >= 0:
                before[right] = left
            else:
                tail[old] = left
        last = tail[new]
        before[node], after[node] = last, -1
        if last >= 0:
            after[last] = node
        else:
            head[new] = node
        tail[new] = node
        where[node] = new
    return count


@kernel
def _hit(item, cost, best, hits, count):
    """Keep the lower cost of a demand point."""
    if cost >= best[item]:
        return count
    if best[item] == FAR:
        hits[count] = item
        count += 1
    best[item] = cost
    return count


@kernel
def _meet(base, edge, backwards, edge_cost, limit, demand, best, hits, count):
    """Reach the demand points of one edge from one of its ends, nearest first."""
    first, position, leg, point = demand
    low, high = first[edge], first[edge + 1]
    for step in range(high - low):
        item = high - 1 - step if backwards else low + step
        along = edge_cost - position[item] if backwards else position[item]
        if base + along > limit:
            break
        if base + along + leg[item] <= limit:
            count = _hit(point[item], base + along + leg[item], best, hits, count)
    return count


@kernel
def _home(site, edge, limit, demand, best, hits):
    """Reach the demand points of the site's own edge directly along it."""
    start, base = site
    first, position, leg, point = demand
    count = 0
    for item in range(first[edge], first[edge + 1]):
        cost = base + abs(position[item] - start) + leg[item]
        if cost <= limit:
            count = _hit(point[item], cost, best, hits, count)
    return count


@kernel
def _leave(site, edge, ends, limit, label, where, queue, touched):
    """Walk from the site to both ends of its edge."""
    start, base = site
    edge_u, edge_v, edge_cost = ends
    count = 0
    if base + start <= limit:
        count = _offer(edge_u[edge], base + start, label, where, queue, touched, count)
    rest = base + edge_cost[edge] - start
    if rest <= limit:
        count = _offer(edge_v[edge], rest, label, where, queue, touched, count)
    return count


@kernel
def _pop(bucket, where, queue):
    """Take the first node out of a bucket that is not empty."""
    before, after, head, tail = queue
    node = head[bucket]
    head[bucket] = after[node]
    if after[node] >= 0:
        before[after[node]] = -1
    else:
        tail[bucket] = -1
    where[node] = -1
    return node


@kernel
def _scan(node, graph, demand, limit, label, where, queue, touched, seen, best, hits, found):
    """Walk on from a node: to the demand points of its streets, and to their other ends."""
    ptr, arc_head, arc_cost, arc_edge = graph
    first = demand[0]
    cost = label[node]
    for arc in range(ptr[node], ptr[node + 1]):
        edge, backwards = arc_edge[arc] >> 1, arc_edge[arc] & 1
        if first[edge] < first[edge + 1]:
            found = _meet(cost, edge, backwards, arc_cost[arc], limit, demand, best, hits, found)
        onward = cost + arc_cost[arc]
        if onward <= limit:
            seen = _offer(arc_head[arc], onward, label, where, queue, touched, seen)
    return seen, found


@kernel
def _write(best, hits, found, out_demand, out_cost, used):
    """Write one row, sorted by demand point, and forget it."""
    hits[:found].sort()
    for k in range(found):
        out_demand[used + k] = hits[k]
        out_cost[used + k] = best[hits[k]]
        best[hits[k]] = FAR
    return used + found


@kernel
def rows(
    graph: tuple[UInt32, UInt32, Int32, UInt32],
    ends: tuple[UInt32, UInt32, Int32],
    demand: tuple[Int64, Int32, Int32, Int32],
    sites: tuple[Int32, Int32, Int32],
    first_site: int,
    limit: int,
    points: int,
    out: tuple[Int32, Int32, Int64],
) -> tuple[int, int]:
    """Fill rows from `first_site` on, until all are done or the next one might not fit.

    Parameters
    ----------
    graph
        ptr, arc_head, arc_cost_mm, arc_edge of the network.
    ends
        edge_u, edge_v, edge_cost_mm.
    demand
        Demand points sorted by edge and position: CSR by edge, position, leg, number of the point.
    sites
        edge, position, leg; edge -1: an empty row.
    first_site
        Where to go on.
    limit
        Highest cost, inclusive, millimetres.
    points
        Number of demand points, attached or not.
    out
        Demand points and costs, filled from 0 on, with room for `points` entries at least; entries
        per site.

    Returns
    -------
    tuple of int
        The next site, and the entries filled.
    """
    out_demand, out_cost, out_size = out
    nodes, buckets = len(graph[0]) - 1, limit // BUCKET_MM + 1
    label, where = np.full(nodes, FAR, np.int32), np.full(nodes, -1, np.int32)
    queue = (
        np.full(nodes, -1, np.int32),
        np.full(nodes, -1, np.int32),
        np.full(buckets, -1, np.int32),
        np.full(buckets, -1, np.int32),
    )
    touched = np.empty(nodes, np.int32)
    best, hits = np.full(points, FAR, np.int32), np.empty(points, np.int32)
    used = 0
    for i in range(first_site, len(sites[0])):
        if used + points > len(out_demand):
            return i, used
        edge = sites[0][i]
        if edge < 0:
            continue
        site = (sites[1][i], sites[2][i])
        found = _home(site, edge, limit, demand, best, hits)
        seen = _leave(site, edge, ends, limit, label, where, queue, touched)
        for bucket in range(buckets):
            while queue[2][bucket] >= 0:
                node = _pop(bucket, where, queue)
                seen, found = _scan(
                    node,
                    graph,
                    demand,
                    limit,
                    label,
                    where,
                    queue,
                    touched,
                    seen,
                    best,
                    hits,
                    found,
                )
        used = _write(best, hits, found, out_demand, out_cost, used)
        out_size[i] = found
        for k in range(seen):
            label[touched[k]] = FAR
    return len(sites[0]), used
