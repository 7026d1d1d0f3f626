"""The nearest site of every demand point in one pass, and the k nearest from rows."""

# The inner kernels take what numba infers; their arguments are parts of those of `_pass`.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: ANN001, ANN202

import numpy as np

from geo.catchments.graph import Direction
from geo.catchments.kernel import (
    AT_U,
    D_DOWN,
    D_LEG,
    D_POINT,
    D_POS,
    D_UP,
    DOWN,
    EDGE,
    HERE,
    LEG,
    POINT,
    POS,
    UP,
    U,
)
from geo.catchments.matrix import ABSENT, Travel
from geo.catchments.places import site_rows
from geo.catchments.search import QUEUE_ROOM, Rows
from geo.catchments.street import StreetSearch
from geo.streets import Attached, Network
from geo.streets.compiled import COMPILED, kernel
from geo.streets.network import Int32, Int64

# A key is the cost and the number of the site in one: the lower key is the lower cost, and of
# equal costs the lower site.
_SITE_BITS = 32
_SITE_MASK = (1 << _SITE_BITS) - 1


def nearest(
    net: Network,
    sites: Attached,
    demand: Attached,
    *,
    cutoff_m: float | None = None,
    cutoff_s: float | None = None,
    direction: Direction = "to_site",
    compiled: bool = COMPILED,
) -> tuple[Int32, Int32]:
    """Return the lowest cost of every demand point, and its site: int32[points] each.

    One search from all sites at once; equal to the column minima of the rows. `ABSENT` (-1) in
    both where no site is within the cut-off. Of sites at the same cost the lowest number counts.

    Parameters
    ----------
    net, sites, demand, cutoff_m, cutoff_s, direction
        See `geo.catchments.street_rows`.
    compiled
        Whether numba computes; both ways give the same integers.
    """
    street = StreetSearch(net, demand, cutoff_m=cutoff_m, cutoff_s=cutoff_s, direction=direction)
    return nearest_in(street, sites, compiled=compiled)


def nearest_in(
    street: StreetSearch, sites: Attached, *, compiled: bool = COMPILED
) -> tuple[Int32, Int32]:
    """Return what `nearest` does, from a search prepared before."""
    search = street.search
    if not compiled:
        return _from_rows(street.rows(sites, compiled=False), search.index.points)
    placed = site_rows(street.net, sites, street.direction)
    on_street = np.flatnonzero(placed[:, EDGE] >= 0)
    order = on_street[np.argsort(placed[on_street, EDGE], kind="stable")]
    index = search.index
    room = 2 * len(placed) + search.graph.nodes + QUEUE_ROOM
    while True:
        best, fits = _pass(
            (search.graph.ptr, search.graph.arcs),
            search.graph.band,
            search.limit,
            (index.item_ptr, index.items, index.home_ptr, index.home),
            placed[order],
            sites.point[order].astype(np.int64),
            index.points,
            room,
        )
        if fits:
            break
        room *= 2
    return _split(best, search.limit)


def k_nearest(travel: Travel, k: int) -> tuple[Int32, Int32]:
    """Return the k nearest sites of every demand point, nearest first, and their costs.

    Parameters
    ----------
    travel
        The rows to choose from.
    k
        How many, at least 1.

    Returns
    -------
    tuple of int32[points, k]
        Sites, and costs in the unit of `travel`; `ABSENT` (-1) in both where fewer than k are
        within the cut-off. Of sites at the same cost the lowest numbers count.

    Raises
    ------
    ValueError
        `k` is less than 1.
    """
    if k < 1:
        msg = f"{k} nearest sites"
        raise ValueError(msg)
    site = np.repeat(np.arange(travel.sites, dtype=np.int32), np.diff(travel.indptr))
    order = np.lexsort((site, travel.cost, travel.demand))
    point = travel.demand[order]
    size = np.bincount(point, minlength=travel.points)
    rank = np.arange(len(point)) - np.repeat(np.cumsum(size) - size, size)
    near = rank < k
    sites, costs = (np.full((travel.points, k), ABSENT, dtype=np.int32) for _ in range(2))
    sites[point[near], rank[near]] = site[order[near]]
    costs[point[near], rank[near]] = travel.cost[order[near]]
    return sites, costs


def _from_rows(rows: Rows, points: int) -> tuple[Int32, Int32]:
    indptr, demand, cost = rows
    site = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    far = np.iinfo(np.int64).max
    best = np.full(points, far, dtype=np.int64)
    np.minimum.at(best, demand, (cost.astype(np.int64) << _SITE_BITS) | site)
    return _split(best, np.iinfo(np.int32).max)


def _split(best: Int64, limit: int) -> tuple[Int32, Int32]:
    cost, site = best >> _SITE_BITS, best & _SITE_MASK
    found = cost <= limit
    found &= best != np.iinfo(np.int64).max
    return tuple(np.where(found, part, ABSENT).astype(np.int32) for part in (cost, site))  # type: ignore[return-value]


@kernel
def _labels(graph, band, limit, sites, number, queue, pile):
    """Return the lowest key of every node (far beyond the limit), and whether the room did."""
    ptr, arcs = graph
    far = np.int64(limit + 1) << _SITE_BITS
    label = np.full(len(ptr), far, np.int64)
    room = np.int64(len(queue)) - 1
    waiting = np.int64(0)
    for k in range(len(sites)):
        for end in range(2):
            node, cost = np.uint32(sites[k, U + 2 * end]), np.int64(sites[k, AT_U + 2 * end])
            key = (cost << _SITE_BITS) | number[k]
            if key < label[node]:
                label[node] = key
                pile[waiting, 0] = node
                pile[waiting, 1] = key
                waiting += 1
    ceiling, first, last = np.int64(0), np.int64(0), np.int64(0)
    while waiting:
        ceiling += np.int64(band) << _SITE_BITS
        top, first, last = np.int64(0), np.int64(0), np.int64(0)
        for k in range(waiting):
            head, key = np.uint32(pile[k, 0]), pile[k, 1]
            live, near = label[head] == key, key < ceiling
            queue[last] = head
            last += live & near
            pile[top, 0] = head
            pile[top, 1] = key
            top += live & (not near)
        while first < last:
            node = np.uint32(queue[first])
            first += 1
            low, high = np.uint32(ptr[node]), np.uint32(ptr[node + np.uint32(1)])
            if max(last, top) + np.int64(high) - np.int64(low) > room:
                return label, False
            here = label[node]
            for arc in range(low, high):
                head = np.uint32(arcs[arc, 0])
                key = here + (np.int64(arcs[arc, 1]) << _SITE_BITS)
                better, near = key < label[head], key < ceiling
                label[head] = key if better else label[head]
                queue[last] = head
                last += better & near
                pile[top, 0] = head
                pile[top, 1] = key
                top += better & (not near)
        waiting = top
    return label, True


@kernel
def _at_home(limit, sites, number, home_ptr, home, best):
    """Take the way along the street from sites to the demand points of the same street."""
    for k in range(len(sites)):
        edge = sites[k, EDGE]
        for d in range(home_ptr[edge], home_ptr[edge + 1]):
            along = np.int64(-1)
            if home[d, D_POS] == sites[k, POS]:
                along = np.int64(0)
            elif home[d, D_POS] < sites[k, POS] and sites[k, UP] >= 0:
                along = np.int64(sites[k, UP]) - home[d, D_UP]
            elif home[d, D_POS] > sites[k, POS] and sites[k, DOWN] >= 0:
                along = np.int64(home[d, D_DOWN]) - sites[k, DOWN]
            cost = along + home[d, D_LEG] + sites[k, LEG]
            if along >= 0 and cost <= limit:
                point = home[d, D_POINT]
                best[point] = min(best[point], (cost << _SITE_BITS) | number[k])


@kernel
def _pass(
    graph: tuple[Int32, Int32],
    band: int,
    limit: int,
    demand: tuple[Int32, Int32, Int32, Int32],
    sites: Int32,
    number: Int64,
    points: int,
    room: int,
) -> tuple[Int64, bool]:
    """Return the lowest key of every demand point, and whether the queues had room."""
    item_ptr, items, home_ptr, home = demand
    queue, pile = np.empty(room, np.int32), np.empty((room, 2), np.int64)
    label, fits = _labels(graph, band, limit, sites, number, queue, pile)
    best = np.full(points, np.int64(limit + 1) << _SITE_BITS, np.int64)
    for node in range(len(label) - 1):
        for item in range(item_ptr[node], item_ptr[node + 1]):
            # The sum of more would not fit in a key.
            if items[item, HERE] <= limit:
                key = label[node] + (np.int64(items[item, HERE]) << _SITE_BITS)
                point = items[item, POINT]
                best[point] = min(best[point], key)
    _at_home(limit, sites, number, home_ptr, home, best)
    return best, fits
