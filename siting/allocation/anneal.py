"""Simulated annealing on swaps, compiled: many small changes to a plan, the best plan kept.

A step draws a site that is not open and weighs it against some open ones. Of every row it is known
whether no open site reaches it, or several, or which one alone (its slot), so that what a swap wins
takes one pass over the rows of the site that is drawn, without a branch for each row (Whitaker 1983
for the p-median; swaps as in Teitz & Bart 1968; Kirkpatrick, Gelatt & Vecchi 1983). The number of
open sites that reach a row and the sum of their numbers, which tell the slot where one is left,
are touched only when a plan changes.
"""

# The kernel takes what numba infers; `annealed`, which calls it, is typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# One loop, by measurement: calls out of it cost more than they tell.
# ruff: noqa: ANN001, ANN202, C901, PLR0912, PLR0913, PLR0915, PLR0917

import numpy as np

import jobs
from geo.streets.compiled import COMPILED, kernel
from siting.allocation.problem import Int64
from siting.allocation.products import unsigned
from siting.allocation.reduce import Reduced

AVAILABLE = COMPILED
"""Without machine code the search swaps by matrices instead: see `search.improve`."""

COMPILE_S = 300.0
"""Compiling takes ten seconds where there is no machine code on the disk yet, on a busy machine
more."""

SAMPLE = 25
"""So many open sites are weighed against the one that is drawn, and those that share rows with it
with a chance of 7 in 10 each: which is a chance of its own, beside the temperature."""

SHARING = 0.7
DROP_EVERY = 64
HOT, COLD = 0.12, 0.003


def annealed(
    reduced: Reduced, start: list[int], pool: Int64, *, scale: float, steps: int, seed: int
) -> list[int]:
    """Return columns of the best plan met in the colder half: another than `start`, for merging.

    Parameters
    ----------
    start
        A plan within the limits.
    pool
        int64[]: columns that may be opened.
    scale
        The weight that a site is worth at the margin; temperatures are shares of it.
    steps
        Sites drawn.
    seed
        Of the draws: the same seed, the same plan.
    """
    most = min(reduced.new, reduced.columns)
    if not len(pool) or not most or not start:
        return start
    chosen = np.zeros(most, dtype=np.int64)
    chosen[: len(start)] = start
    everything = float(reduced.cost_yuan.sum())
    money = everything if reduced.budget_yuan is None else float(reduced.budget_yuan)
    count = _run(
        *unsigned(reduced.cover),
        reduced.weights,
        reduced.cost_yuan.astype(np.float64),
        pool,
        chosen,
        len(start),
        money - float(reduced.cost_yuan[start].sum()),
        reduced.budget_yuan is not None,
        max(scale, 1e-9) * HOT,
        max(scale, 1e-9) * COLD,
        steps,
        seed % 2**32,
    )
    found: list[int] = chosen[:count].tolist()
    return found


def at_hand() -> bool:
    """Tell whether machine code is at hand; have another process compile it for the disk if not.

    Who must answer soon swaps without it until it is.
    """
    if not COMPILED or bool(getattr(_run, "signatures", None)):
        return COMPILED
    if not _COMPILING:
        _COMPILING.append(jobs.start(compile_kernel, wall_s=COMPILE_S))
    return _COMPILING[0].over()


def compile_kernel() -> None:
    """Compile: the function of a job."""
    one, none = np.ones(1), np.zeros(1, dtype=np.int64)
    cover = (np.array([0, 1], dtype=np.uint32), np.zeros(1, dtype=np.uint32))
    _run(*cover, one, one, none, none.copy(), 1, 0.0, False, 1.0, 0.5, 1, 0)  # noqa: FBT003 -- a kernel's arguments have no names


_COMPILING: "list[jobs.Job[None]]" = []


@kernel
def _draw(state):
    """Return the next 64 random bits (xorshift64*; Vigna 2016)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return x * np.uint64(0x2545F4914F6CDD1D)


@kernel
def _below(state, most):
    """Return a random whole number from 0 to below `most`."""
    return np.int64(((_draw(state) >> np.uint64(32)) * np.uint64(most)) >> np.uint64(32))


@kernel
def _chance(state):
    """Return a random number from 0 to below 1."""
    return np.float64(_draw(state) >> np.uint64(11)) * 2.0**-53


@kernel
def _close(plan, at):
    """Close the site at a place of the plan; the place stays open for another."""
    indptr, rows, weights, times, sums, slot, loss, place, chosen = plan
    site = chosen[at]
    place[site] = -1
    for q in range(indptr[site], indptr[site + 1]):
        row = rows[q]
        times[row] -= 1
        sums[row] -= site
        if times[row] == 1:
            slot[row] = place[sums[row]]
            loss[slot[row]] += weights[row]
        elif times[row] == 0:
            slot[row] = len(chosen)


@kernel
def _open(plan, at, site):
    """Open a site at a place of the plan."""
    indptr, rows, weights, times, sums, slot, loss, place, chosen = plan
    chosen[at] = site
    place[site] = at
    alone = 0.0
    for q in range(indptr[site], indptr[site + 1]):
        row = rows[q]
        if times[row] == 0:
            alone += weights[row]
            slot[row] = at
        elif times[row] == 1:
            loss[slot[row]] -= weights[row]
            slot[row] = len(chosen) + 1
        times[row] += 1
        sums[row] += site
    loss[at] = alone


@kernel
def _drop(plan, at, count):
    """Close the site at a place and put the last one there; return how many are left."""
    indptr, rows, _weights, times, _sums, slot, loss, place, chosen = plan
    _close(plan, at)
    last = count - 1
    if at != last:
        site = chosen[last]
        chosen[at] = site
        loss[at] = loss[last]
        place[site] = at
        for q in range(indptr[site], indptr[site + 1]):
            if times[rows[q]] == 1:
                slot[rows[q]] = at
    return last


@kernel
def _run(
    indptr, rows, weights, cost, pool, chosen, count, money, paid, hot, cold, steps, seed
):  # pragma: no cover - machine code
    state = np.empty(1, np.uint64)
    state[0] = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x1234567)
    most = len(chosen)
    place = np.full(len(indptr) - 1, -1, np.int64)
    # Rows that none and that several reach have a slot of their own, behind the places.
    slot = np.full(len(weights), most, np.int32)
    loss = np.zeros(most)
    sums = np.zeros(len(weights), np.int64)
    plan = (
        indptr,
        rows,
        weights,
        np.zeros(len(weights), np.int32),
        sums,
        slot,
        loss,
        place,
        chosen,
    )
    shared = np.zeros(most + 2)
    sharing = np.empty(most + 2, np.int64)
    for at in range(count):
        _open(plan, at, chosen[at])
    value = 0.0
    best = -np.inf
    kept, kept_count = chosen.copy(), count
    heat = hot
    cool = (cold / hot) ** (1.0 / steps)
    for step in range(steps):
        heat *= cool
        if paid and count > 1 and step % DROP_EVERY == 0:
            at = _below(state, count)
            if _chance(state) < np.exp(-loss[at] / heat):
                value -= loss[at]
                money += cost[chosen[at]]
                count = _drop(plan, at, count)
        site = pool[_below(state, len(pool))]
        if place[site] >= 0:
            continue
        owners = 0
        for q in range(indptr[site], indptr[site + 1]):
            row = rows[q]
            at = slot[row]
            if shared[at] == 0.0:
                sharing[owners] = at
                owners += 1
            shared[at] += weights[row]
        gain = shared[most]
        if count < most and cost[site] <= money:
            if gain > 0.0:
                _open(plan, count, site)
                count += 1
                money -= cost[site]
                value += gain
        elif count > 0:
            out = -1
            least = np.inf
            for _ in range(SAMPLE):
                at = _below(state, count)
                if loss[at] - shared[at] < least and cost[site] <= money + cost[chosen[at]]:
                    least = loss[at] - shared[at]
                    out = at
            for z in range(owners):
                at = sharing[z]
                if at >= count or loss[at] - shared[at] >= least:
                    continue
                if _chance(state) <= SHARING and cost[site] <= money + cost[chosen[at]]:
                    least = loss[at] - shared[at]
                    out = at
            won = gain - least
            if out >= 0 and (won >= 0.0 or _chance(state) < np.exp(won / heat)):
                money += cost[chosen[out]] - cost[site]
                _close(plan, out)
                _open(plan, out, site)
                value += won
        for z in range(owners):
            shared[sharing[z]] = 0.0
        if step >= steps // 2 and value > best:
            best = value
            kept_count = count
            kept[:count] = chosen[:count]
    chosen[:] = kept
    return kept_count
