"""A good p-median before any solver runs: greedy, then annealed swaps, compiled.

Of every demand point the nearest two open sites are known. What opening a site wins, and what that
takes off the loss of closing each other one, comes from one pass over the ways to it (Whitaker
1983; Resende & Werneck 2007; as FasterPAM does for medoids, Schubert & Rousseeuw 2021); a swap is
made if it wins, or by chance while the search is hot (Kirkpatrick, Gelatt & Vecchi 1983).
"""

# Kernels take what numba infers; what calls them is typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# One loop each, by measurement: calls out of it cost more than they tell.
# ruff: noqa: ANN001, ANN202, C901, PLR0912, PLR0913, PLR0915, PLR0917

import numpy as np
from numpy.typing import NDArray

from geo.streets.compiled import COMPILED, kernel
from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.saddle import dot
from siting.allocation.walking.walks import WalkProblem, Walks

Int32 = NDArray[np.int32]

INTERPRETED = 100
"""Without machine code the same search takes so many times fewer steps."""

_MODULUS = 2_147_483_647


def greedy_median(problem: WalkProblem, cap: Int64) -> tuple[tuple[int, ...], float]:
    """Return sites, each of which wins the most beside those before it, and a bound on all plans.

    Gains only fall from site to site, so old ones are bounds (lazy as CELF; Leskovec et al. 2007);
    no plan costs less than this one less the greatest gains beside it (Nemhauser, Wolsey & Fisher
    1978).

    Parameters
    ----------
    cap
        int64[d]: what each point costs at most (`siting.allocation.walking.walks.caps_of`).
    """
    sites = np.flatnonzero(problem.choice)
    new = min(problem.new, len(sites))
    near = cap.astype(np.float64)
    gains = np.array([_won(problem, site, near) for site in sites.tolist()])
    stale, chosen = np.zeros(len(sites), dtype=bool), np.zeros(len(sites), dtype=bool)
    while chosen.sum() < new:
        best = int(np.argmax(gains))
        if stale[best]:
            gains[best], stale[best] = _won(problem, int(sites[best]), near), False
            continue
        point, cost = _ways(problem, int(sites[best]))
        near[point] = np.minimum(near[point], cost)
        chosen[best], gains[best], stale[:] = True, -1.0, True
    most = np.sort(np.maximum(gains, 0.0))[::-1][:new]
    bound = dot(problem.weights, near) - float(most.sum())
    return tuple(sites[chosen].tolist()), max(bound, 0.0)


def _ways(problem: WalkProblem, site: int) -> tuple[Int32, Int32]:
    """Return the points within reach of a site, and their costs."""
    travel = problem.travel
    part = slice(travel.indptr[site], travel.indptr[site + 1])
    return travel.demand[part], travel.cost[part]


def _won(problem: WalkProblem, site: int, near: Float64) -> float:
    """Return the weighted cost that a site saves whoever walks `near` (float64[d])."""
    point, cost = _ways(problem, site)
    if COMPILED:
        return float(_saved(point, cost, problem.weights, near))
    return dot(problem.weights[point], np.maximum(near[point] - cost, 0.0))


class SwapSearch:
    """Annealed swaps over one problem, to be run on and on."""

    def __init__(self, walks: Walks, seed: int) -> None:
        """Lay the ways out by site and by point; the same seed, the same plans."""
        self.walks = walks
        indptr, point, cost = walks.by_site()
        self._by_site = (indptr.astype(np.uint32), point, cost.astype(np.float64))
        self._by_point = (
            walks.indptr.astype(np.uint32),
            walks.column,
            walks.cost.astype(np.float64),
        )
        self._cap = walks.cap.astype(np.float64)
        self._state = np.array([seed % (_MODULUS - 1) + 1], dtype=np.int64)

    def annealed(self, start: Bools, pool: Int64, *, hot: float, cold: float, steps: int) -> Bools:
        """Return the best plan met from `start`, and what only winning swaps make of it.

        Parameters
        ----------
        start
            bool[k]: as many columns as are to be open.
        pool
            int64[]: columns that may be opened.
        hot, cold
            First and last temperature, in weighted cost; 0: only swaps that win are made.
        steps
            Columns drawn.
        """
        plan = np.flatnonzero(start)
        if not len(plan) or len(plan) >= self.walks.columns:
            return start
        steps = steps if COMPILED else max(steps // INTERPRETED, 1)
        _run(
            *self._by_site,
            *self._by_point,
            self.walks.weights,
            self._cap,
            plan,
            pool,
            hot,
            cold,
            steps,
            self._state,
        )
        chosen = np.zeros(self.walks.columns, dtype=bool)
        chosen[plan] = True
        return chosen


@kernel
def _saved(point, cost, weights, near):  # pragma: no cover - machine code
    total = 0.0
    for q in range(len(point)):
        saved = near[point[q]] - cost[q]
        if saved > 0.0:
            total += weights[point[q]] * saved
    return total


@kernel
def _draw(state, below):  # pragma: no cover - machine code
    """Return a number in 0 .. below - 1 (Park & Miller 1988)."""
    state[0] = state[0] * 48271 % 2147483647
    return state[0] % below


@kernel
def _look(
    ptr, column, cost, cap, place, first, second, first_at, second_at, point
):  # pragma: no cover - machine code
    """Find the nearest two open sites of a point; none: the cap, at place -1."""
    first[point] = cap[point]
    second[point] = cap[point]
    first_at[point] = -1
    second_at[point] = -1
    found = 0
    for q in range(ptr[point], ptr[point + 1]):
        at = place[column[q]]
        if at < 0:
            continue
        if found == 0:
            first[point] = cost[q]
            first_at[point] = at
            found = 1
        else:
            second[point] = cost[q]
            second_at[point] = at
            break


@kernel
def _run(
    site_ptr, site_point, site_cost, ptr, column, cost, weights, cap, plan, pool, hot, cold, steps,
    state,
):  # fmt: skip  # pragma: no cover - machine code
    points, count = len(cap), len(plan)
    place = np.full(len(site_ptr) - 1, -1, np.int64)
    for at in range(count):
        place[plan[at]] = at
    first, second = np.empty(points), np.empty(points)
    first_at, second_at = np.empty(points, np.int64), np.empty(points, np.int64)
    loss = np.zeros(count)
    spared = np.zeros(count)
    total = 0.0
    for point in range(points):
        _look(ptr, column, cost, cap, place, first, second, first_at, second_at, point)
        total += weights[point] * first[point]
        if first_at[point] >= 0:
            loss[first_at[point]] += weights[point] * (second[point] - first[point])
    best = total
    kept = plan.copy()
    heat = hot
    cool = (cold / hot) ** (1.0 / steps) if hot > 0.0 else 0.0
    for step in range(steps):
        heat *= cool
        site = pool[_draw(state, len(pool))] if hot > 0.0 else pool[step % len(pool)]
        if place[site] >= 0:
            continue
        gain = 0.0
        spared[:] = 0.0
        for q in range(site_ptr[site], site_ptr[site + 1]):
            point = site_point[q]
            way = site_cost[q]
            if way >= second[point]:
                continue
            if way < first[point]:
                gain += weights[point] * (first[point] - way)
                if first_at[point] >= 0:
                    spared[first_at[point]] += weights[point] * (second[point] - first[point])
            else:
                spared[first_at[point]] += weights[point] * (second[point] - way)
        out = 0
        for at in range(1, count):
            if loss[at] - spared[at] < loss[out] - spared[out]:
                out = at
        won = gain - loss[out] + spared[out]
        if won <= 1e-9 * total:
            if heat <= 0.0 or won == 0.0:
                continue
            if _draw(state, 1000000) >= 1000000.0 * np.exp(won / heat):
                continue
        total -= won
        gone = plan[out]
        # What the points of both sites lose by closing is counted anew.
        for z in range(2):
            moved = gone if z == 0 else site
            for q in range(site_ptr[moved], site_ptr[moved + 1]):
                point = site_point[q]
                if z == 1 and site_cost[q] >= second[point]:
                    continue
                if z == 0 and first_at[point] != out and second_at[point] != out:
                    continue
                if first_at[point] >= 0:
                    loss[first_at[point]] -= weights[point] * (second[point] - first[point])
            if z == 0:
                place[gone] = -1
            else:
                place[site] = out
                plan[out] = site
            for q in range(site_ptr[moved], site_ptr[moved + 1]):
                point = site_point[q]
                if z == 1 and site_cost[q] >= second[point]:
                    continue
                if z == 0 and first_at[point] != out and second_at[point] != out:
                    continue
                _look(ptr, column, cost, cap, place, first, second, first_at, second_at, point)
                if first_at[point] >= 0:
                    loss[first_at[point]] += weights[point] * (second[point] - first[point])
        if total < best * (1.0 - 1e-12):
            best = total
            kept[:] = plan
    plan[:] = kept
