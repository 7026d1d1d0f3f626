"""A cheap cover before any solver runs: greedy, then local search with weights on rows.

Greedy: Chvatal 1979. Local search: a cover loses a column; while rows are uncovered, a random one
of them picks the column that adds the most weight a yuan; rows that stay uncovered grow heavier, so
that what is hard to cover decides (RWLS; Gao, Weise & Li, "An efficient local search heuristic with
row weighting for the unicost set covering problem", EJOR 2015; here with costs).
"""

# Kernels take what numba infers; what calls them is typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# One loop each, by measurement: calls out of it cost more than they tell.
# ruff: noqa: ANN001, ANN202, C901, FBT003, PLR0912, PLR0913, PLR0915, PLR0917

import heapq

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.streets.compiled import COMPILED, kernel
from siting.allocation.cover.dominance import Cover
from siting.allocation.problem import Bools

INTERPRETED = 100
"""Without machine code the same search takes so many times fewer steps."""

DRAWN = 250
"""Open columns weighed before one is closed: of 60 the search stalls half a per cent higher."""

_MODULUS = 2_147_483_647


def greedy_cover(left: Cover) -> Bools:
    """Return bool[k]: a cover; the most rows a yuan first, ties to the first; none superfluous."""
    chosen = np.zeros(left.columns, dtype=bool)
    uncovered = np.ones(left.rows, dtype=bool)
    price = np.maximum(left.cost, 1)
    gains = np.diff(left.cover.indptr) / price
    heap = [(-gain, column) for column, gain in enumerate(gains.tolist())]
    heapq.heapify(heap)
    missing = left.rows
    while missing:
        _, column = heapq.heappop(heap)
        rows = _rows_of(left, column)
        new = int(uncovered[rows].sum())
        now = (-new / price[column], column)
        if new and heap and now > heap[0]:
            heapq.heappush(heap, now)
            continue
        if new:
            chosen[column] = True
            uncovered[rows] = False
            missing -= new
    return without_superfluous(left, chosen)


def without_superfluous(left: Cover, chosen: Bools) -> Bools:
    """Return a cover without columns whose rows the others cover; the dearest, last goes first."""
    times = chosen.astype(float) @ left.cover
    kept = chosen.copy()
    for column in sorted(np.flatnonzero(chosen).tolist(), key=lambda c: (-left.cost[c], -c)):
        rows = _rows_of(left, column)
        if (times[rows] > 1).all():
            kept[column] = False
            times[rows] -= 1
    return kept


def covers(left: Cover, chosen: Bools) -> bool:
    """Tell whether `chosen` covers every row."""
    return bool((chosen.astype(float) @ left.cover > 0).all())


def _rows_of(left: Cover, column: int) -> NDArray[np.int32]:
    part = slice(left.cover.indptr[column], left.cover.indptr[column + 1])
    rows: NDArray[np.int32] = left.cover.indices[part]
    return rows


class RowWeighting:
    """The local search, to be run on and on; the best cover so far is always at hand."""

    def __init__(self, left: Cover, start: Bools, seed: int) -> None:
        """Begin at the cover `start` (bool[k]); the same seed, the same covers."""
        self.left = left
        self.best = start.copy()
        self._now = start.copy()
        by_row = sparse.csr_array(left.cover.T)
        self._matrices = tuple(
            array.astype(np.uint32)
            for matrix in (left.cover, by_row)
            for array in (matrix.indptr, matrix.indices)
        )
        self._weight = np.ones(left.rows, dtype=np.int64)
        self._state = np.array([seed % (_MODULUS - 1) + 1], dtype=np.int64)

    @property
    def cost(self) -> int:
        """Cost of the best cover so far."""
        return int(self.left.cost[self.best].sum())

    def run(self, steps: int) -> bool:
        """Take `steps` steps from where the last ones ended; say if a cheaper cover was met."""
        if not self.best.any():
            return False
        before = self.cost
        steps = steps if COMPILED else max(steps // INTERPRETED, 1)
        site_ptr, site_rows, row_ptr, row_sites = self._matrices
        _run(
            site_ptr, site_rows, row_ptr, row_sites,
            self.left.cost, self.best, self._now, self._weight, self._state, steps,
        )  # fmt: skip
        return self.cost < before


@kernel
def _draw(state, below):  # pragma: no cover - machine code
    """Return a number in 0 .. below - 1 (Park & Miller 1988)."""
    state[0] = state[0] * 48271 % 2147483647
    return state[0] % below


@kernel
def _flip(
    site_ptr, site_rows, row_ptr, row_sites, weight, times, sums, score, missing, where, count,
    column, opens,
):  # fmt: skip  # pragma: no cover - machine code
    """Open or close a column; keep scores, times and the list of uncovered rows; return its length.

    A score is what opening adds or closing takes away, in weights of rows.
    """
    score[column] = 0
    for q in range(site_ptr[column], site_ptr[column + 1]):
        row = site_rows[q]
        if opens:
            times[row] += 1
            sums[row] += column
            if times[row] == 1:
                score[column] += weight[row]
                for z in range(row_ptr[row], row_ptr[row + 1]):
                    if row_sites[z] != column:
                        score[row_sites[z]] -= weight[row]
                count -= 1
                last = missing[count]
                missing[where[row]] = last
                where[last] = where[row]
            elif times[row] == 2:
                score[sums[row] - column] -= weight[row]
        else:
            times[row] -= 1
            sums[row] -= column
            if times[row] == 0:
                score[column] += weight[row]
                for z in range(row_ptr[row], row_ptr[row + 1]):
                    if row_sites[z] != column:
                        score[row_sites[z]] += weight[row]
                missing[count] = row
                where[row] = count
                count += 1
            elif times[row] == 1:
                score[sums[row]] += weight[row]
    return count


@kernel
def _to_close(score, cost, stamp, plan, size, barred, state):  # pragma: no cover - machine code
    """Return the place of the column that loses the least weight a yuan; the oldest of equals.

    Of `DRAWN` that follow each other from a drawn place; of all where the plan is this small.
    """
    best = -1
    begin = 0 if size <= DRAWN else _draw(state, size)
    for z in range(min(size, DRAWN)):
        at = begin + z
        if at >= size:
            at -= size
        column = plan[at]
        if column == barred:
            continue
        if best < 0:
            best = at
            continue
        other = plan[best]
        one, two = score[column] * cost[other], score[other] * cost[column]
        if one < two or (one == two and stamp[column] < stamp[other]):
            best = at
    return best


@kernel
def _touch(site_ptr, site_rows, touched, now, column):  # pragma: no cover - machine code
    """Note that a column of these rows was opened or closed."""
    for q in range(site_ptr[column], site_ptr[column + 1]):
        touched[site_rows[q]] = now


@kernel
def _is_free(site_ptr, site_rows, touched, closed, column):  # pragma: no cover - machine code
    """Tell whether a column beside it has moved since it was closed (configuration checking)."""
    for q in range(site_ptr[column], site_ptr[column + 1]):
        if touched[site_rows[q]] > closed[column]:
            return True
    return False


@kernel
def _run(
    site_ptr, site_rows, row_ptr, row_sites, cost, best, now_open, weight, state, steps
):  # pragma: no cover - machine code
    columns, rows = len(site_ptr) - 1, len(row_ptr) - 1
    times = np.zeros(rows, np.int64)
    sums = np.zeros(rows, np.int64)
    missing = np.arange(rows)
    where = np.arange(rows)
    score = np.zeros(columns, np.int64)
    stamp = np.zeros(columns, np.int64)
    # When a column of a row moved last, and when a column was closed last, in moves.
    touched = np.zeros(rows, np.int64)
    closed = np.full(columns, -1, np.int64)
    now = 0
    plan = np.empty(columns, np.int64)
    for column in range(columns):
        for q in range(site_ptr[column], site_ptr[column + 1]):
            score[column] += weight[site_rows[q]]
    count, size, spent, least = rows, 0, 0, 0
    for column in range(columns):
        if best[column]:
            least += cost[column]
        if now_open[column]:
            count = _flip(
                site_ptr, site_rows, row_ptr, row_sites, weight, times, sums, score, missing,
                where, count, column, True,
            )  # fmt: skip
            plan[size] = column
            size += 1
            spent += cost[column]
    barred = -1
    for step in range(1, steps + 1):
        while count == 0 and size > 0:
            if spent < least:
                least = spent
                best[:] = False
                for z in range(size):
                    best[plan[z]] = True
            # The cover is known: go on below it.
            at = 0
            for z in range(size):
                one = score[plan[z]] * cost[plan[at]]
                two = score[plan[at]] * cost[plan[z]]
                if one < two or (one == two and stamp[plan[z]] < stamp[plan[at]]):
                    at = z
            column = plan[at]
            count = _flip(
                site_ptr, site_rows, row_ptr, row_sites, weight, times, sums, score, missing,
                where, count, column, False,
            )  # fmt: skip
            size -= 1
            plan[at] = plan[size]
            spent -= cost[column]
            stamp[column] = step
            now += 1
            closed[column] = now
            _touch(site_ptr, site_rows, touched, now, column)
        if count == 0:
            break
        at = _to_close(score, cost, stamp, plan, size, barred, state)
        if at >= 0:
            column = plan[at]
            count = _flip(
                site_ptr, site_rows, row_ptr, row_sites, weight, times, sums, score, missing,
                where, count, column, False,
            )  # fmt: skip
            size -= 1
            plan[at] = plan[size]
            spent -= cost[column]
            stamp[column] = step
            now += 1
            closed[column] = now
            _touch(site_ptr, site_rows, touched, now, column)
        barred = -1
        while count > 0:
            row = missing[_draw(state, count)]
            column = -1
            for z in range(row_ptr[row], row_ptr[row + 1]):
                other = row_sites[z]
                if not _is_free(site_ptr, site_rows, touched, closed, other):
                    continue
                if column < 0:
                    column = other
                    continue
                one, two = score[other] * cost[column], score[column] * cost[other]
                if one > two or (one == two and stamp[other] < stamp[column]):
                    column = other
            if column < 0 or spent + cost[column] >= least:
                break
            count = _flip(
                site_ptr, site_rows, row_ptr, row_sites, weight, times, sums, score, missing,
                where, count, column, True,
            )  # fmt: skip
            plan[size] = column
            size += 1
            spent += cost[column]
            stamp[column] = step
            barred = column
            now += 1
            _touch(site_ptr, site_rows, touched, now, column)
            for z in range(count):
                weight[missing[z]] += 1
                for y in range(row_ptr[missing[z]], row_ptr[missing[z] + 1]):
                    score[row_sites[y]] += 1
    now_open[:] = False
    for z in range(size):
        now_open[plan[z]] = True
