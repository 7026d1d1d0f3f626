"""Sparse rows of walking costs along streets, whichever engine computes them."""

import math

import numpy as np

from geo.catchments import fallback, kernel
from geo.streets import Attached, Network
from geo.streets.compiled import COMPILED
from geo.streets.network import Int32, Int64

BLOCK_ENTRIES = 1 << 20
"""Entries of one block at least, 8 bytes each; a block always holds one full row."""

MAX_CUTOFF_M = 1_000_000.0
"""Costs are int32 millimetres."""


def limit_mm(cutoff_m: float) -> int:
    """Return the cut-off in whole millimetres.

    Raises
    ------
    ValueError
        It is negative, not finite, or beyond 1,000 km.
    """
    if not (math.isfinite(cutoff_m) and 0 <= cutoff_m <= MAX_CUTOFF_M):
        msg = f"the cut-off is {cutoff_m} m"
        raise ValueError(msg)
    return round(cutoff_m * 1000)


def engine() -> str:
    """Return what computes the rows here: `numba`, or `scipy` where there is no numba.

    Both give the same integers.
    """
    return "numba" if COMPILED else "scipy"


def street_rows(
    net: Network,
    sites: Attached,
    demand: Attached,
    *,
    cutoff_m: float,
    compiled: bool = COMPILED,
) -> tuple[Int64, Int32, Int32]:
    """Return the CSR rows (indptr, demand, cost in mm) of sites x demand points.

    An entry's cost is the site's access leg + the shortest way along streets between the exact
    positions + the demand point's access leg; entries cost at most the cut-off (<=). Points that
    are not attached have no entries.

    Parameters
    ----------
    net
        The streets.
    sites, demand
        Points attached to `net`.
    cutoff_m
        Metres, inclusive.
    compiled
        Whether numba computes; both ways give the same integers.
    """
    limit = limit_mm(cutoff_m)
    if compiled:
        return _compiled_rows(net, sites, demand, limit)
    site, point, cost = fallback.rows(net, sites, demand, limit)
    return _indptr(np.bincount(site, minlength=len(sites.edge))), point, cost


def _compiled_rows(
    net: Network, sites: Attached, demand: Attached, limit: int
) -> tuple[Int64, Int32, Int32]:
    first, points = _by_edge(net, demand)
    # Neighbouring sites one after the other find their streets in the processor's cache.
    order = np.lexsort((sites.pos_mm, sites.edge))
    site = np.column_stack((sites.edge, sites.pos_mm, sites.leg_mm))[order]
    graph = (net.ptr, net.arc_head, net.arc_cost, net.arc_edge)
    ends = (net.edge_u, net.edge_v, net.edge_cost_mm)
    count = len(demand.edge)
    out = np.empty((max(BLOCK_ENTRIES, count), 2), dtype=np.int32)
    size = np.zeros(len(order), dtype=np.int64)
    blocks = [out[:0]]
    done = 0
    while done < len(order):
        done, used = kernel.rows(graph, ends, first, points, count, site, done, limit, out, size)
        blocks.append(out[:used].copy())
    sizes = np.empty_like(size)
    sizes[order] = size
    indptr = _indptr(sizes)
    entries = np.empty((indptr[-1], 2), dtype=np.int32)
    entries[_scatter(indptr, order, size)] = np.concatenate(blocks)
    point, cost = (np.ascontiguousarray(column) for column in entries.T)
    return indptr, point, cost


def _by_edge(net: Network, demand: Attached) -> tuple[Int64, Int32]:
    """Return the attached demand points by edge and position, as the kernel takes them."""
    on_street = np.flatnonzero(demand.ok).astype(np.int32)
    order = on_street[np.lexsort((demand.pos_mm[on_street], demand.edge[on_street]))]
    first = _indptr(np.bincount(demand.edge[order], minlength=net.edges))
    return first, np.column_stack((demand.pos_mm[order], demand.leg_mm[order], order))


def _scatter(indptr: Int64, order: Int64, size: Int64) -> Int64:
    """Return where the entries of rows computed in `order` belong."""
    start = np.repeat(indptr[:-1][order], size)
    before = np.concatenate(([0], np.cumsum(size)))[:-1]
    target: Int64 = start + np.arange(len(start)) - np.repeat(before, size)
    return target


def _indptr(sizes: Int64) -> Int64:
    out = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=out[1:])
    return out
