"""Annealed swaps for rows with levels and columns in groups, compiled.

A step draws a column that is not open and weighs it against some open ones of its group. What each
open column would be missed for is known at every moment; of the best of those weighed, what it
shares with the one drawn is counted before the swap is decided (Kirkpatrick, Gelatt & Vecchi 1983).
"""

# The kernel takes what numba infers; `annealed_rows`, which calls it, is typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# One loop, by measurement: calls out of it cost more than they tell.
# ruff: noqa: ANN001, ANN202, C901, PLR0912, PLR0913, PLR0915, PLR0917

import numpy as np
from scipy import sparse

from geo.streets.compiled import COMPILED, kernel
from siting.allocation.counted.rows import Rows
from siting.allocation.problem import Float64, Int64

AVAILABLE = COMPILED
"""Without machine code the search swaps by matrices instead: see `counted.engine`."""

SAMPLE = 25
"""So many open columns of the same group are weighed against the one that is drawn."""

_DROP_EVERY = 64
_HOT, _COLD = 0.15, 0.003
_LEAST_SCALE = 1e-3


def annealed_rows(
    rows: Rows, start: list[int], pool: Int64, *, scale: Float64, steps: int, seed: int
) -> list[int]:
    """Return the best plan met in the colder half: another than `start`, for merging.

    Parameters
    ----------
    start
        A plan within the limits.
    pool
        int64[]: columns that may be opened.
    scale
        float64[g]: what a site of each group is worth at the margin; temperatures are shares of it.
    steps
        Columns drawn.
    seed
        Of the draws: the same seed, the same plan.
    """
    if not len(pool) or not start:
        return start
    by_row = sparse.csr_array(rows.cover.T)
    budget = rows.budget if np.isfinite(rows.budget) else float(rows.cost.sum())
    chosen = np.zeros(int(np.minimum(rows.most, rows.columns).sum()), dtype=np.int64)
    chosen[: len(start)] = start
    count = _run(
        rows.cover.indptr.astype(np.uint32),
        rows.cover.indices.astype(np.uint32),
        by_row.indptr.astype(np.uint32),
        by_row.indices.astype(np.uint32),
        # One level more, worth nothing: how many sites reach a row need not be asked.
        np.hstack([rows.levels, np.zeros((len(rows.levels), 1))]),
        rows.group,
        rows.most,
        rows.cost,
        budget,
        np.isfinite(rows.budget),
        pool,
        chosen,
        len(start),
        np.maximum(scale, _LEAST_SCALE * max(float(scale.max()), _LEAST_SCALE)),
        steps,
        seed % 2**32,
    )
    found: list[int] = chosen[:count].tolist()
    return found


@kernel
def _change(indptr, rows, by_row, columns, levels, counts, loss, place, site, way):
    """Open (way 1) or close (way -1) a column; keep the losses of all that are open."""
    last = levels.shape[1] - 1
    for q in range(indptr[site], indptr[site + 1]):
        row = rows[q]
        before = counts[row]
        after = before + way
        counts[row] = after
        was = levels[row, min(before - 1, last)] if before > 0 else 0.0
        now = levels[row, min(after - 1, last)] if after > 0 else 0.0
        if was == now:
            continue
        for z in range(by_row[row], by_row[row + 1]):
            other = columns[z]
            if place[other] >= 0:
                loss[other] += now - was


@kernel
def _loss(indptr, rows, levels, counts, site):
    last = levels.shape[1] - 1
    lost = 0.0
    for q in range(indptr[site], indptr[site + 1]):
        if counts[rows[q]] > 0:
            lost += levels[rows[q], min(counts[rows[q]] - 1, last)]
    return lost


@kernel
def _run(
    indptr,
    rows,
    by_row,
    columns,
    levels,
    group,
    most,
    cost,
    money,
    paid,
    pool,
    chosen,
    count,
    scale,
    steps,
    seed,
):  # pragma: no cover - machine code
    np.random.seed(seed)  # noqa: NPY002 - numba's own generator, inside the kernel only
    width = len(indptr) - 1
    last = levels.shape[1] - 1
    place = np.full(width, -1, np.int64)
    counts = np.zeros(len(levels), np.int64)
    loss = np.zeros(width)
    stamp = np.full(len(levels), -1, np.int64)
    free = most.copy()
    start = chosen[:count].copy()
    for at in range(count):
        _change(indptr, rows, by_row, columns, levels, counts, loss, place, start[at], 1)
        place[start[at]] = at
        free[group[start[at]]] -= 1
        money -= cost[start[at]]
    for at in range(count):
        loss[start[at]] = _loss(indptr, rows, levels, counts, start[at])
    value = 0.0
    best = -np.inf
    kept, kept_count = chosen.copy(), count
    heat = _HOT
    cool = (_COLD / _HOT) ** (1.0 / steps)
    for step in range(steps):
        heat *= cool
        out = -1
        if paid and count > 1 and step % _DROP_EVERY == 0:
            out = chosen[np.random.randint(count)]  # noqa: NPY002
            if np.random.random() < np.exp(-loss[out] / (heat * scale[group[out]])):  # noqa: NPY002
                value -= loss[out]
                at = place[out]
                place[out] = -1
                _change(indptr, rows, by_row, columns, levels, counts, loss, place, out, -1)
                free[group[out]] += 1
                money += cost[out]
                count -= 1
                if at != count:
                    chosen[at] = chosen[count]
                    place[chosen[at]] = at
        site = pool[np.random.randint(len(pool))]  # noqa: NPY002
        if place[site] >= 0:
            continue
        gain = 0.0
        for q in range(indptr[site], indptr[site + 1]):
            row = rows[q]
            stamp[row] = step
            gain += levels[row, min(counts[row], last)]
        mine = group[site]
        if free[mine] > 0 and cost[site] <= money:
            if gain > 0.0:
                _change(indptr, rows, by_row, columns, levels, counts, loss, place, site, 1)
                place[site] = count
                chosen[count] = site
                loss[site] = _loss(indptr, rows, levels, counts, site)
                count += 1
                free[mine] -= 1
                money -= cost[site]
                value += gain
        elif count > 0:
            out = -1
            least = np.inf
            for _ in range(SAMPLE):
                other = chosen[np.random.randint(count)]  # noqa: NPY002
                if free[mine] <= 0 and group[other] != mine:
                    continue
                if loss[other] < least and cost[site] <= money + cost[other]:
                    least = loss[other]
                    out = other
            if out < 0:
                continue
            for q in range(indptr[out], indptr[out + 1]):
                row = rows[q]
                if stamp[row] == step and counts[row] > 0:
                    least -= levels[row, min(counts[row] - 1, last)]
                    least += levels[row, min(counts[row], last)]
            won = gain - least
            if won >= 0.0 or np.random.random() < np.exp(won / (heat * scale[mine])):  # noqa: NPY002
                at = place[out]
                place[out] = -1
                _change(indptr, rows, by_row, columns, levels, counts, loss, place, out, -1)
                _change(indptr, rows, by_row, columns, levels, counts, loss, place, site, 1)
                place[site] = at
                chosen[at] = site
                loss[site] = _loss(indptr, rows, levels, counts, site)
                free[group[out]] += 1
                free[mine] -= 1
                money += cost[out] - cost[site]
                value += won
        if step >= steps // 2 and value > best:
            best = value
            kept_count = count
            kept[:count] = chosen[:count]
    chosen[:] = kept
    return kept_count
