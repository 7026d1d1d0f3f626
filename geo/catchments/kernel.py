"""Rows of costs by a bounded search from each site: the compiled way.

Delta-stepping [1]_ with wide bands: nodes of the present band wait in a queue, first in first out,
those of later bands in a pile; where a shorter way is found a node waits again, so that
the labels end exact. What makes it fast on streets, where some 40 nodes lie within 500 m:

- No branch depends on a comparison of costs, which a processor would guess wrong once per arc: a
  node is always written behind the queue, and the queue grows by 1 or by 0. Against branches and
  buckets this halves the time.
- Places are unsigned: of a signed one the compiler must ask each time whether it counts from the
  end. The labels of a row's three heads, no two of which are the same, are read before any is
  written. Together a fifth of the search.
- The cut-off is the label of what was not reached, so that one comparison decides both.
- A node is one row of half a cache line: its label, the place of its items, and room for exactly
  three arcs, so that no loop has a length to be guessed. Empty room holds an arc to the node itself
  at no cost, which betters nothing; a node with more arcs goes on, at no cost, in a row behind.
  Loops and the longer of parallel arcs lead nowhere and are in no row.
- The queue is also the list of nodes to read and to forget.
- A demand point within an edge is an item of both its ends and is taken at the cheaper one: neither
  a list of edges seen nor a table of demand points is touched.
- Short rows are sorted by counting how many points come before each, long ones by two passes of a
  radix sort; both are free of branches.
- All work arrays are allocated once per thread, none in here.

.. [1] U. Meyer and P. Sanders (2003), Delta-stepping: a parallelizable shortest path algorithm,
   Journal of Algorithms 49.
"""

# The inner kernels take what numba infers; their arguments are parts of those of `rows`, which is
# typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: ANN001, ANN202, PLR0913, PLR0917

import numpy as np

from geo.streets.compiled import kernel
from geo.streets.network import Int32, Int64

SHORT_ROW = 128
"""Rows up to this length are sorted by counting."""

STEP = 32
"""Counting takes so many points at once: whole vectors of every processor."""

# Columns of a site, of a demand point within an edge, and of an item of a node: see `places`.
EDGE, U, AT_U, V, AT_V, POS, UP, DOWN, LEG = range(9)
D_POS, D_UP, D_DOWN, D_LEG, D_POINT, D_AT_U, D_AT_V = range(7)
HERE, THERE, OTHER, POINT, ON = range(5)

# Columns of the state of a node; ROOM arcs of two columns each follow from ARCS on.
LABEL, ITEMS, ARCS = range(3)
ROOM = 3
WIDTH = ARCS + 2 * ROOM
FAR = np.iinfo(np.int32).max
FULL = -1
"""The queue was full: it needs more room."""


@kernel
def _leads(node, arc, ptr, arcs):
    """Return whether an arc is no loop, and the first of the shortest to its head."""
    if arcs[arc, 0] == node:
        return False
    for other in range(ptr[node], ptr[node + 1]):
        if arcs[other, 0] == arcs[arc, 0] and (
            arcs[other, 1] < arcs[arc, 1] or (arcs[other, 1] == arcs[arc, 1] and other < arc)
        ):
            return False
    return True


@kernel
def further_rows(ptr: Int32) -> int:
    """Return how many rows suffice for arcs that have no room in the row of their node."""
    rows = 0
    for node in range(len(ptr) - 1):
        rows += max(ptr[node + 1] - ptr[node] - 2, 0) // (ROOM - 1)
    return rows


@kernel
def lay_out(ptr: Int32, arcs: Int32, item_ptr: Int32, limit: int, state: Int32) -> None:
    """Fill the state of all nodes, nothing being reached.

    Parameters
    ----------
    ptr, arcs
        Of the `SearchGraph` of n nodes.
    item_ptr
        int32[n + 2] of the `DemandIndex`.
    limit
        Highest cost, inclusive.
    state
        int32[n + `further_rows` + 2, `WIDTH`], to be filled: nodes, node n that is nowhere, the
        rows that nodes go on in, and one more, where the items of the last end.
    """
    nodes = len(ptr) - 1
    for row in range(len(state)):
        state[row, LABEL] = limit + 1
        state[row, ITEMS] = item_ptr[min(row, nodes + 1)]
        for k in range(ROOM):
            state[row, ARCS + 2 * k] = row
            state[row, ARCS + 2 * k + 1] = 0
    further = nodes + 1
    for node in range(nodes):
        left = 0
        for arc in range(ptr[node], ptr[node + 1]):
            left += _leads(node, arc, ptr, arcs)
        row, free = node, ARCS
        for arc in range(ptr[node], ptr[node + 1]):
            if not _leads(node, arc, ptr, arcs):
                continue
            if free == WIDTH - 2 and left > 1:
                state[row, free] = further
                row, free = further, ARCS
                further += 1
            state[row, free] = arcs[arc, 0]
            state[row, free + 1] = arcs[arc, 1]
            free += 2
            left -= 1


@kernel
def _start(site, limit, state, queue):
    """Label the ends of the site's street."""
    last = np.uint64(0)
    for end in range(2):
        node, cost = np.uint32(site[U + 2 * end]), site[AT_U + 2 * end]
        if cost <= limit and cost < state[node, LABEL]:
            state[node, LABEL] = cost
            queue[last] = node
            last += np.uint64(1)
    return last


@kernel
def _walk(last, band, state, queue, pile):
    """Walk on to everything within the limit; return the ends of the queue and of the pile.

    And whether they had room.
    """
    none, one = np.uint64(0), np.uint64(1)
    end = np.uint64(len(queue) - ROOM - 1)
    first, later = none, none
    ceiling = np.int32(band)
    while True:
        while first < last:
            node = np.uint32(queue[first])
            first += one
            if last > end or later > end:
                return last, later, False
            cost = state[node, LABEL]
            a, to_a = np.uint32(state[node, ARCS]), np.int32(cost + state[node, ARCS + 1])
            b, to_b = np.uint32(state[node, ARCS + 2]), np.int32(cost + state[node, ARCS + 3])
            c, to_c = np.uint32(state[node, ARCS + 4]), np.int32(cost + state[node, ARCS + 5])
            known_a, known_b, known_c = state[a, LABEL], state[b, LABEL], state[c, LABEL]
            state[a, LABEL] = min(to_a, known_a)
            state[b, LABEL] = min(to_b, known_b)
            state[c, LABEL] = min(to_c, known_c)
            queue[last] = pile[later] = a
            last += np.uint64(to_a < min(known_a, ceiling))
            later += np.uint64((to_a < known_a) & (to_a >= ceiling))
            queue[last] = pile[later] = b
            last += np.uint64(to_b < min(known_b, ceiling))
            later += np.uint64((to_b < known_b) & (to_b >= ceiling))
            queue[last] = pile[later] = c
            last += np.uint64(to_c < min(known_c, ceiling))
            later += np.uint64((to_c < known_c) & (to_c >= ceiling))
        if later == none:
            return last, later, True
        floor, ceiling = ceiling, np.int32(min(ceiling + band, FAR))
        if last + later > end:
            return last, later, False
        waiting, later = later, none
        for k in range(waiting):
            head = pile[k]
            label = state[np.uint32(head), LABEL]
            near = label < ceiling
            queue[last] = pile[later] = head
            # Below the floor a shorter way was found in the band that is done.
            last += np.uint64((label >= floor) & near)
            later += np.uint64(not near)


@kernel
def _at_home(site, limit, home_ptr, home, state, found, found_cost):
    """Reach the demand points within the site's own street, along it or around."""
    edge = site[EDGE]
    count = np.uint64(0)
    label_u = np.int64(state[np.uint32(site[U]), LABEL])
    label_v = np.int64(state[np.uint32(site[V]), LABEL])
    for k in range(home_ptr[edge], home_ptr[edge + 1]):
        cost = min(label_u + home[k, D_AT_U], label_v + home[k, D_AT_V])
        legs = np.int64(site[LEG]) + home[k, D_LEG]
        if home[k, D_POS] == site[POS]:
            cost = min(cost, legs)
        elif home[k, D_POS] < site[POS] and site[UP] >= 0:
            cost = min(cost, legs + site[UP] - home[k, D_UP])
        elif home[k, D_POS] > site[POS] and site[DOWN] >= 0:
            cost = min(cost, legs + home[k, D_DOWN] - site[DOWN])
        if cost <= limit:
            found[count] = home[k, D_POINT]
            found_cost[count] = cost
            count += np.uint64(1)
    return count


@kernel
def _distinct(last, state, queue):
    """Keep each row of the queue once, its label marked as ~label; return how many there are."""
    kept = np.uint64(0)
    for k in range(last):
        node = queue[k]
        label = state[np.uint32(node), LABEL]
        state[np.uint32(node), LABEL] = min(label, ~label)
        queue[kept] = node
        kept += np.uint64(label >= 0)
    return kept


@kernel
def _collect(count, edge, last, limit, items, state, queue, found, found_cost):
    """Reach the demand points of all marked nodes, except those of the site's own street."""
    for k in range(last):
        node = np.uint32(queue[k])
        cost = np.int64(~state[node, LABEL])
        low, high = state[node, ITEMS], state[node + np.uint32(1), ITEMS]
        for item in range(np.uint32(low), np.uint32(high)):
            other = np.uint32(items[item, OTHER])
            here = cost + items[item, HERE]
            label = state[other, LABEL]
            there = np.int64(max(label, ~label)) + items[item, THERE]
            found[count] = items[item, POINT]
            found_cost[count] = here
            cheaper = (here < there) | ((here == there) & (node < other))
            count += np.uint64((here <= limit) & (items[item, ON] != edge) & cheaper)
    return count


@kernel
def _sort_short(count, found, found_cost, at, out_point, out_cost):
    """Write a row of distinct points in their order: each after those that are smaller."""
    whole = (count + STEP - 1) & -STEP
    for k in range(count, whole):
        found[k] = FAR
    for k in range(count):
        point, before = found[k], np.int32(0)
        for j in range(whole):
            before = np.int32(before + np.int32(found[j] < point))
        place = np.uint64(at) + np.uint64(before)
        out_point[place] = point
        out_cost[place] = found_cost[k]


@kernel
def _sort_long(count, found, found_cost, digits, draft, at, out_point, out_cost):
    """Write a row in the order of its points, by the lower and then the higher half of the bits."""
    size = digits.shape[1]
    mask, shift = np.uint32(size - 1), 0
    while 1 << shift < size:
        shift += 1
    digits[:] = 0
    for k in range(count):
        digits[0, np.uint32(found[k]) & mask] += 1
        digits[1, np.uint32(found[k]) >> shift] += 1
    low, high = np.int32(0), np.int32(0)
    for k in range(size):
        digits[0, k], low = low, np.int32(low + digits[0, k])
        digits[1, k], high = high, np.int32(high + digits[1, k])
    for k in range(count):
        digit = np.uint32(found[k]) & mask
        place = np.uint64(digits[0, digit])
        digits[0, digit] += 1
        draft[place, 0] = found[k]
        draft[place, 1] = found_cost[k]
    for k in range(count):
        digit = np.uint32(draft[k, 0]) >> shift
        place = np.uint64(at) + np.uint64(digits[1, digit])
        digits[1, digit] += 1
        out_point[place] = draft[k, 0]
        out_cost[place] = draft[k, 1]


@kernel
def _merge(at, count, out_point, out_cost):
    """Keep the lowest cost of each point of a sorted row; return the entries left."""
    left = np.int64(0)
    for k in range(at, at + count):
        if left and out_point[at + left - 1] == out_point[k]:
            out_cost[at + left - 1] = min(out_cost[at + left - 1], out_cost[k])
        else:
            out_point[at + left] = out_point[k]
            out_cost[at + left] = out_cost[k]
            left += 1
    return left


@kernel
def rows(
    band: int,
    limit: int,
    demand: tuple[Int32, Int32, Int32],
    shared: bool,  # noqa: FBT001 - numba takes no keyword-only arguments
    sites: Int32,
    part: tuple[int, int],
    work: tuple[Int32, Int32, Int32, Int32, Int32, Int32, Int32],
    out: tuple[Int32, Int32],
    out_size: Int64,
) -> tuple[int, np.int64]:
    """Fill the rows of some sites, until all are done or the next one does not fit.

    Parameters
    ----------
    band
        Of the `SearchGraph`.
    limit
        Highest cost, inclusive.
    demand, shared
        items, home_ptr, home of the `DemandIndex`; whether to merge entries of a point.
    sites
        int32[s, 9]: see `places.site_rows`; all on streets.
    part
        First site, and the one after the last.
    work
        state, queue, pile, found, found_cost, digits, draft of a `Workspace`; left as found.
    out
        Demand points and costs, filled from 0 on; must have room for the longest row.
    out_size
        Entries per site.

    Returns
    -------
    tuple of int and int64
        The next site and the entries filled; entries FULL: the queue was too short for it.
    """
    items, home_ptr, home = demand
    state, queue, pile, found, found_cost, digits, draft = work
    out_point, out_cost = out
    far = np.int32(limit + 1)
    used = np.int64(0)
    for number in range(part[0], part[1]):
        site = sites[number]
        start = _start(site, limit, state, queue)
        last, later, fits = _walk(start, band, state, queue, pile)
        reached = np.uint64(0)
        if fits:
            reached = _at_home(site, limit, home_ptr, home, state, found, found_cost)
            last = _distinct(last, state, queue)
            edge = site[EDGE]
            reached = _collect(reached, edge, last, limit, items, state, queue, found, found_cost)
        for k in range(last):
            state[np.uint32(queue[k]), LABEL] = far
        for k in range(later):
            state[np.uint32(pile[k]), LABEL] = far
        count = np.int64(reached)
        if not fits or used + count > len(out_point):
            return number, used if fits or used else np.int64(FULL)
        if count <= SHORT_ROW and not shared:
            _sort_short(count, found, found_cost, used, out_point, out_cost)
        else:
            _sort_long(count, found, found_cost, digits, draft, used, out_point, out_cost)
        if shared:
            count = _merge(used, count, out_point, out_cost)
        out_size[number] = count
        used += count
    return part[1], used


@kernel
def scatter(
    order: Int64,
    start: Int64,
    size: Int64,
    part: tuple[int, int],
    block: tuple[Int32, Int32],
    out: tuple[Int32, Int32],
) -> None:
    """Copy the rows of a block to where they belong.

    Parameters
    ----------
    order
        The number of each site in the order of the computation.
    start
        Where the row of a site begins, by its number.
    size
        Entries per site, in the order of the computation.
    part
        First site of the block, and the one after its last.
    block, out
        Demand points and costs.
    """
    block_point, block_cost = block
    out_point, out_cost = out
    at = np.uint64(0)
    for k in range(part[0], part[1]):
        to, count = np.uint64(start[order[k]]), np.uint64(size[k])
        # One array after the other: four streams at once get into each other's way in the cache.
        for step in range(count):
            out_point[to + step] = block_point[at + step]
        for step in range(count):
            out_cost[to + step] = block_cost[at + step]
        at += count
