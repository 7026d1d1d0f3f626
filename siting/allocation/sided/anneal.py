"""Simulated annealing on swaps that keeps to quotas and is driven to floors, compiled.

As `anneal`, with what a plan must keep to besides. Quotas are kept at every step: a site whose
quota is full comes in only for a site of that quota, and none leaves a quota that has no more than
its least. What a floor lacks counts against a plan with a price that rises while the floor is not
reached and falls back where it is (oscillation; Glover & Hao 2011); only plans that reach all
floors are kept. For choosing who gives way, rows weigh what they are worth at the relaxation's
prices, raised for floors that stay out of reach; the change itself is weighed exactly.
"""

# The kernels take what numba infers; `sided_annealed`, which calls them, is typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# One loop, by measurement: calls out of it cost more than they tell.
# ruff: noqa: ANN001, ANN202, C901, PLR0912, PLR0913, PLR0915, PLR0917

from dataclasses import dataclass

import numpy as np

from geo.streets.compiled import kernel
from siting.allocation.anneal import COLD, DROP_EVERY, HOT, SAMPLE, SHARING
from siting.allocation.problem import Float64, Int64
from siting.allocation.reduce import Reduced
from siting.allocation.sided.prices import rates

_LOOK_EVERY, _PRICE_EVERY = 256, 1024
_LIFT, _AMPLE, _MOST_PRICE = 0.02, 1.02, 1e3
_RISE, _FALL, _MOST_RISE = 1.1, 0.97, 1e4
_LEAST_BONUS = 100.0
_EXACT = 1e-10


@dataclass(frozen=True, eq=False)
class Course:
    """How a search goes.

    Attributes
    ----------
    pool
        int64[]: columns that may be opened.
    scale
        The weight that a site is worth at the margin; temperatures are shares of it.
    floor_prices
        float64[f], >= 0: what a unit of each floor is worth, in weight.
    steps
        Sites drawn.
    seed
        Of the draws: the same seed, the same plan.
    """

    pool: Int64
    scale: float
    floor_prices: Float64
    steps: int
    seed: int


def sided_annealed(
    reduced: Reduced, start: list[int], course: Course, *, any_plan: bool = False
) -> list[int]:
    """Return the best plan met in the colder half that keeps to everything; none: `start`.

    Parameters
    ----------
    start
        Within the limits and quotas' most; what else it keeps to is bettered on the way.
    any_plan
        Whether the first plan that keeps to everything is enough.
    """
    most = min(reduced.new, reduced.columns)
    if not len(course.pool) or not most:
        return start
    chosen = np.zeros(most, dtype=np.int64)
    chosen[: len(start)] = start
    everything = float(reduced.cost_yuan.sum())
    money = everything if reduced.budget_yuan is None else float(reduced.budget_yuan)
    sides = reduced.sides
    by_column, by_row = sides.by_column, sides.by_row
    priced = reduced.weights + by_row @ course.floor_prices
    count = _run(
        reduced.cover.indptr.astype(np.uint32),
        reduced.cover.indices.astype(np.uint32),
        reduced.weights,
        priced,
        reduced.cost_yuan.astype(np.float64),
        (by_column.indptr.astype(np.int64), by_column.indices.astype(np.int64)),
        (sides.least, sides.most, np.minimum(np.diff(sides.members.indptr), most)),
        (by_row.indptr.astype(np.int64), by_row.indices.astype(np.int64), by_row.data),
        (sides.needed, course.floor_prices, rates(reduced)),
        course.pool,
        chosen,
        len(start),
        money - float(reduced.cost_yuan[start].sum()),
        reduced.budget_yuan is not None,
        max(course.scale, 1e-9),
        course.steps,
        course.seed % 2**32,
        any_plan,
    )
    found: list[int] = chosen[:count].tolist()
    return found if count >= 0 else start


@kernel
def _close(plan, groups, counted, at):
    """Close the site at a place of the plan; the place stays open for another."""
    indptr, rows, priced, times, sums, loss, place, chosen = plan
    gptr, gids, gcount, gopen, gstart = groups
    fptr, fids, fdata, have, floss = counted
    site = chosen[at]
    place[site] = -1
    for q in range(indptr[site], indptr[site + 1]):
        row = rows[q]
        times[row] -= 1
        sums[row] -= site
        if times[row] == 1:
            other = place[sums[row]]
            loss[other] += priced[row]
            for z in range(fptr[row], fptr[row + 1]):
                floss[other, fids[z]] += fdata[z]
        elif times[row] == 0:
            for z in range(fptr[row], fptr[row + 1]):
                have[fids[z]] -= fdata[z]
    for z in range(gptr[site], gptr[site + 1]):
        g = gids[z]
        gcount[g] -= 1
        last = gstart[g] + gcount[g]
        here = gstart[g]
        while gopen[here] != site:
            here += 1
        gopen[here] = gopen[last]


@kernel
def _open(plan, groups, counted, at, site):
    """Open a site at a place of the plan."""
    indptr, rows, priced, times, sums, loss, place, chosen = plan
    gptr, gids, gcount, gopen, gstart = groups
    fptr, fids, fdata, have, floss = counted
    chosen[at] = site
    place[site] = at
    alone = 0.0
    floss[at, :] = 0.0
    for q in range(indptr[site], indptr[site + 1]):
        row = rows[q]
        if times[row] == 0:
            alone += priced[row]
            for z in range(fptr[row], fptr[row + 1]):
                have[fids[z]] += fdata[z]
                floss[at, fids[z]] += fdata[z]
        elif times[row] == 1:
            other = place[sums[row]]
            loss[other] -= priced[row]
            for z in range(fptr[row], fptr[row + 1]):
                floss[other, fids[z]] -= fdata[z]
        times[row] += 1
        sums[row] += site
    loss[at] = alone
    for z in range(gptr[site], gptr[site + 1]):
        g = gids[z]
        gopen[gstart[g] + gcount[g]] = site
        gcount[g] += 1


@kernel
def _drop(plan, groups, counted, at, count):
    """Close the site at a place and put the last one there; return how many are left."""
    loss, place, chosen = plan[5], plan[6], plan[7]
    floss = counted[4]
    _close(plan, groups, counted, at)
    last = count - 1
    if at != last:
        chosen[at] = chosen[last]
        loss[at] = loss[last]
        floss[at, :] = floss[last, :]
        place[chosen[at]] = at
    return last


@kernel
def _price(plan, by_row, weights, prices, count):
    """Weigh rows anew at other prices of floors, and what sites of the plan lose with them."""
    indptr, rows, priced, times, _sums, loss, _place, chosen = plan
    fptr, fids, fdata = by_row
    for row in range(len(weights)):
        priced[row] = weights[row]
        for z in range(fptr[row], fptr[row + 1]):
            priced[row] += prices[fids[z]] * fdata[z]
    for at in range(count):
        site = chosen[at]
        alone = 0.0
        for q in range(indptr[site], indptr[site + 1]):
            if times[rows[q]] == 1:
                alone += priced[rows[q]]
        loss[at] = alone


@kernel
def _may_leave(gptr, gids, gcount, least, mine, mark, full, site):
    """Tell whether a site may give way: its quotas have enough, and those that are full get room.

    `mine` has `mark` for the quotas of the site that comes in, `full` of them are full and have
    minus `mark`.
    """
    freed = 0
    for z in range(gptr[site], gptr[site + 1]):
        g = gids[z]
        if mine[g] == -mark:
            freed += 1
        elif mine[g] != mark and gcount[g] <= least[g]:
            return False
    return freed == full


@kernel
def _penalty(needed, have, change, pen, prices):
    """Return what a change of what floors have adds to the goal beyond what rows are priced at."""
    found = 0.0
    for f in range(len(needed)):
        if change[f] != 0.0:
            before = max(needed[f] - have[f], 0.0)
            after = max(needed[f] - have[f] - change[f], 0.0)
            found += pen[f] * (before - after) - prices[f] * change[f]
    return found


@kernel
def _run(
    indptr, rows, weights, priced, cost, by_column, quotas, by_row, floors, pool, chosen, count,
    money, paid, scale, steps, seed, any_plan,
):  # fmt: skip  # pragma: no cover - machine code
    np.random.seed(seed)  # noqa: NPY002 - numba's own generator, inside the kernel only
    most_open = len(chosen)
    least, most, room = quotas
    needed, prices, rates = floors
    prices, priced = prices.copy(), priced.copy()
    pen = prices + rates
    place = np.full(len(indptr) - 1, -1, np.int64)
    times = np.zeros(len(weights), np.int32)
    sums = np.zeros(len(weights), np.int64)
    loss = np.zeros(most_open)
    gstart = np.zeros(len(least) + 1, np.int64)
    for g in range(len(least)):
        gstart[g + 1] = gstart[g] + room[g]
    have = np.zeros(len(needed))
    plan = (indptr, rows, priced, times, sums, loss, place, chosen)
    groups = (
        by_column[0],
        by_column[1],
        np.zeros(len(least), np.int64),
        np.zeros(gstart[-1] + 1, np.int64),
        gstart,
    )
    counted = (by_row[0], by_row[1], by_row[2], have, np.zeros((most_open, len(needed))))
    gptr, gids, gcount, gopen, _ = groups
    fptr, fids, fdata, _, floss = counted
    mine = np.zeros(len(least), np.int64)
    change = np.zeros(len(needed))
    shared = np.zeros(most_open)
    sharing = np.empty(most_open, np.int64)
    for at in range(count):
        _open(plan, groups, counted, at, chosen[at])
    best = -np.inf
    kept, kept_count = chosen.copy(), -1
    hot, cold = scale * HOT, scale * COLD
    heat = hot
    cool = (cold / hot) ** (1.0 / steps)
    value = 0.0
    for row in range(len(weights)):
        if times[row] > 0:
            value += weights[row]
    moved = True
    for step in range(steps):
        heat *= cool
        mark = step + 1
        if step % _LOOK_EVERY == 0:
            for f in range(len(needed)):
                if have[f] < needed[f] * (1.0 - _EXACT):
                    pen[f] = min(pen[f] * _RISE, rates[f] * _MOST_RISE)
                else:
                    pen[f] = max(pen[f] * _FALL, prices[f] + rates[f])
        if step % _PRICE_EVERY == 0 and len(needed) > 0:
            for f in range(len(needed)):
                if have[f] < needed[f] * (1.0 - _EXACT):
                    prices[f] = min(prices[f] * _RISE + _LIFT * rates[f], rates[f] * _MOST_PRICE)
                elif have[f] > needed[f] * _AMPLE:
                    prices[f] *= _FALL
            _price(plan, by_row, weights, prices, count)
        if (paid or len(least) > 0) and count > 1 and step % DROP_EVERY == 0:
            at = np.random.randint(count)  # noqa: NPY002
            if _may_leave(gptr, gids, gcount, least, mine, mark, 0, chosen[at]):
                lost = 0.0
                for f in range(len(needed)):
                    change[f] = -floss[at, f]
                    lost += prices[f] * floss[at, f]
                won = _penalty(needed, have, change, pen, prices) - loss[at]
                if np.random.random() < np.exp(min(won / heat, 0.0)):  # noqa: NPY002
                    value -= loss[at] - lost
                    money += cost[chosen[at]]
                    count = _drop(plan, groups, counted, at, count)
                    moved = True
        site = pool[np.random.randint(len(pool))]  # noqa: NPY002
        if place[site] >= 0:
            continue
        full, first, short = 0, -1, 0
        for z in range(gptr[site], gptr[site + 1]):
            g = gids[z]
            mine[g] = mark
            if gcount[g] >= most[g]:
                mine[g] = -mark
                full += 1
                first = g
            elif gcount[g] < least[g]:
                short += 1
        if full > 0 and most[first] <= 0:
            continue
        gain = 0.0
        owners = 0
        change[:] = 0.0
        for q in range(indptr[site], indptr[site + 1]):
            row = rows[q]
            if times[row] == 0:
                gain += priced[row]
                for z in range(fptr[row], fptr[row + 1]):
                    change[fids[z]] += fdata[z]
            elif times[row] == 1:
                at = place[sums[row]]
                if shared[at] == 0.0:
                    sharing[owners] = at
                    owners += 1
                shared[at] += priced[row]
        bonus = _LEAST_BONUS * scale * short
        if full == 0 and count < most_open and cost[site] <= money:
            if gain > 0.0 or short > 0:
                spent = 0.0
                for f in range(len(needed)):
                    spent += prices[f] * change[f]
                _open(plan, groups, counted, count, site)
                count += 1
                money -= cost[site]
                value += gain - spent
                moved = True
        elif count > 0:
            out = -1
            lowest = np.inf
            if full > 0:
                drawn = min(gcount[first], SAMPLE)
                for z in range(drawn):
                    pick = z if drawn == gcount[first] else np.random.randint(gcount[first])  # noqa: NPY002
                    at = place[gopen[gstart[first] + pick]]
                    if (
                        loss[at] - shared[at] < lowest
                        and cost[site] <= money + cost[chosen[at]]
                        and _may_leave(gptr, gids, gcount, least, mine, mark, full, chosen[at])
                    ):
                        lowest = loss[at] - shared[at]
                        out = at
            else:
                for _ in range(SAMPLE):
                    at = np.random.randint(count)  # noqa: NPY002
                    if (
                        loss[at] - shared[at] < lowest
                        and cost[site] <= money + cost[chosen[at]]
                        and _may_leave(gptr, gids, gcount, least, mine, mark, 0, chosen[at])
                    ):
                        lowest = loss[at] - shared[at]
                        out = at
                for z in range(owners):
                    at = sharing[z]
                    if np.random.random() > SHARING:  # noqa: NPY002
                        continue
                    if (
                        loss[at] - shared[at] < lowest
                        and cost[site] <= money + cost[chosen[at]]
                        and _may_leave(gptr, gids, gcount, least, mine, mark, 0, chosen[at])
                    ):
                        lowest = loss[at] - shared[at]
                        out = at
            if out >= 0:
                won = gain - lowest
                traded = 0.0
                if len(needed) > 0:
                    for f in range(len(needed)):
                        change[f] -= floss[out, f]
                    if shared[out] > 0.0:
                        for q in range(indptr[site], indptr[site + 1]):
                            row = rows[q]
                            if times[row] == 1 and place[sums[row]] == out:
                                for z in range(fptr[row], fptr[row + 1]):
                                    change[fids[z]] += fdata[z]
                    for f in range(len(needed)):
                        traded += prices[f] * change[f]
                    won_all = won + _penalty(needed, have, change, pen, prices) + bonus
                else:
                    won_all = won + bonus
                if won_all >= 0.0 or np.random.random() < np.exp(won_all / heat):  # noqa: NPY002
                    money += cost[chosen[out]] - cost[site]
                    _close(plan, groups, counted, out)
                    _open(plan, groups, counted, out, site)
                    value += won - traded
                    moved = True
        for z in range(owners):
            shared[sharing[z]] = 0.0
        if moved and (any_plan or (step >= steps // 2 and value > best)):
            moved = False
            keeps = True
            for f in range(len(needed)):
                if have[f] < needed[f] * (1.0 - _EXACT):
                    keeps = False
                    break
            if keeps:
                for g in range(len(least)):
                    if gcount[g] < least[g]:
                        keeps = False
                        break
            if keeps:
                best = value
                kept_count = count
                kept[:count] = chosen[:count]
                if any_plan:
                    break
    chosen[:] = kept
    return kept_count
