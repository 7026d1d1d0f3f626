"""At least a share of the weight at the least cost: search from above, bound from below.

Demand that the same candidates reach is one row. Greedy, then maximal covering within a number of
sites (or a budget) that is halved towards the bound, for as long as it still covers the weight
asked for; columns fixed by their reduced costs; HiGHS on what is left, from the best plan.

The bound: every row has a price u_r in [0, q w_r], where q is the price of weight; no plan that
covers `target` costs less than

    q target - sum (q w_r - u_r) + sum over columns of min(0, c_j - prices of its rows),

recomputed by `priced_share` from the prices alone, with the best q for their shares.
"""

import math
import time
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from siting.allocation import anneal
from siting.allocation.cover.bound import ROUNDING, CoverPrices, fixed_cover, least_possible
from siting.allocation.cover.dominance import Cover
from siting.allocation.cover.engine import EXACT_NONZEROS, Covered
from siting.allocation.cover.milp import ShareGoal, solve_cover
from siting.allocation.least import Told, now_and_then
from siting.allocation.problem import Bools, Float64, Int64, Problem
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.saddle import Saddle, dot
from siting.allocation.search import complete, improve

MET = 1e-9
"""A weight is met when it is met up to this share: it is a sum of floating-point numbers."""

NEAR = 1e-6
MOST_STEPS = 20_000
TOLD_STEPS = 200
"""After so many steps whoever watches is told of the bound."""

STEPS_A_COLUMN = 300
POOL_MARGIN = 0.3
"""Columns whose reduced cost is below this share of their cost are drawn in the search."""

CORE_SHARE = 1e-3
CORE_LIMIT_SHARE = 0.2
_RELAX_SHARE, _SEARCH_SHARE = 0.4, 0.6


@dataclass(frozen=True, eq=False)
class ShareCover:
    """Rows of which weight `target` is to be covered.

    Attributes
    ----------
    left
        Columns, rows and costs.
    goal
        Weights of the rows, and the weight asked for.
    """

    left: Cover
    goal: ShareGoal

    def weight(self, chosen: Bools) -> float:
        """Return the weight of the rows that `chosen` (bool[k]) covers."""
        return float(self.goal.weights[chosen.astype(float) @ self.left.cover > 0].sum())

    def meets(self, chosen: Bools) -> bool:
        """Tell whether `chosen` covers what is asked for."""
        return self.weight(chosen) >= self.goal.target - MET * float(self.goal.weights.sum())

    def cost(self, chosen: Bools) -> int:
        """Return what `chosen` costs."""
        return int(self.left.cost[chosen].sum())


def cheapest_share(
    whole: Cover,
    weights: Float64,
    target: float,
    *,
    gap: float,
    deadline: float,
    seed: int,
    watch: Told | None = None,
) -> Covered:
    """Return a cheap plan that covers weight `target`, and a bound on every such plan.

    Parameters
    ----------
    whole
        Rows and columns; all columns together cover `target`.
    weights
        float64[r], > 0.
    target
        Weight; nothing is needed where it is not above 0.
    gap
        Share of the cost: a bound this near is good enough.
    deadline
        A reading of `time.monotonic()`.
    seed
        Of every draw.
    watch
        Told of plans and bounds on the way.
    """
    if target <= MET * float(weights.sum()):
        return Covered((), 0, 0, finished=True)
    merged = _merged(whole, weights)
    left = Cover(whole.site[merged.site], merged.cover, merged.cost_yuan)
    left.cover.sort_indices()
    task = ShareCover(left, ShareGoal(merged.weights, target))
    search = _ShareSearch(task, merged, gap=gap, deadline=deadline, seed=seed)
    search.told = None if watch is None else now_and_then(watch)
    return search.run()


def _merged(left: Cover, weights: Float64) -> Reduced:
    """Return maximal covering of the same rows, those that the same columns reach merged."""
    task = Problem(
        weights=weights,
        covered=np.zeros(left.rows, dtype=bool),
        indptr=left.cover.indptr.astype(np.int64),
        demand=left.cover.indices.astype(np.int32),
        cost_yuan=left.cost,
        allowed=np.ones(left.columns, dtype=bool),
        new=left.columns,
    )
    return reduce_problem(task)


def priced_share(task: ShareCover, shares: Float64) -> tuple[CoverPrices, float]:
    """Return the bound that `shares` (float64[r], 0..1: price / (q weight)) prove, and the best q.

    With the shares fixed the bound is concave in q: a fractional knapsack, filled by cost for each
    unit of worth.
    """
    weights, cost = task.goal.weights, task.left.cost.astype(float)
    worth = task.left.cover @ (weights * shares)
    asked = task.goal.target - float((weights * (1.0 - shares)).sum())
    useful = np.flatnonzero(worth > 0)
    order = useful[np.argsort(cost[useful] / worth[useful], kind="stable")]
    filled = np.cumsum(worth[order])
    place = int(np.searchsorted(filled, asked))
    if asked <= 0 or not len(order):
        return CoverPrices(0.0, cost), 0.0
    last = order[min(place, len(order) - 1)]
    unit = float(cost[last] / worth[last])
    reduced_cost = cost - unit * worth
    lower = unit * asked + float(np.minimum(reduced_cost, 0.0).sum())
    return CoverPrices(lower, reduced_cost), unit


class ShareRelaxation(Saddle):
    """The linear relaxation: x of columns and y of rows against prices of rows and of weight.

    Attributes
    ----------
    best
        The best bound so far.
    shares
        float64[r]: the shares of prices that prove it.
    opened
        float64[k]: the latest relaxed plan.
    """

    def __init__(self, task: ShareCover) -> None:
        """Begin with nothing open, and every row at its full price."""
        self.task = task
        left = task.left
        self._by_site, self._by_row = left.cover, sparse.csr_array(left.cover.T)
        self._scale = task.goal.weights / float(task.goal.weights.mean())
        self._asked = task.goal.target / float(task.goal.weights.mean())
        self._cost = left.cost.astype(float)
        self._x_step = 1.0 / np.maximum(np.diff(self._by_site.indptr), 1)
        self._y_step = 1.0 / (1.0 + self._scale)
        self._u_step = 1.0 / (1.0 + np.diff(self._by_row.indptr))
        self._q_step = 1.0 / float(self._scale.sum())
        self.shares = np.ones(left.rows)
        self.best, unit = priced_share(task, self.shares)
        self.opened = np.zeros(left.columns)
        self._gap, self._stop_at = np.inf, np.inf
        price = unit * float(task.goal.weights.mean())
        start = np.concatenate([0.5 * price * self._scale, [price]])
        super().__init__(np.zeros(left.columns + left.rows), start, max(price, 1e-9))

    def run(self, *, deadline: float, stop_at: float, most: int = MOST_STEPS) -> None:
        """Step until both sides meet, time is up, the bound is above `stop_at`, or `most` times."""
        self._stop_at = stop_at
        self.run_until(deadline, most)

    def near_enough(self) -> bool:
        """Tell whether more steps are of no use."""
        return self._gap <= NEAR * max(self.best.lower, 1.0) or self.best.lower > self._stop_at

    def next_point(self, x: Float64, u: Float64) -> tuple[Float64, Float64]:
        """Return the point after one step."""
        columns = self.task.left.columns
        opened, covered, price, unit = x[:columns], x[columns:], u[:-1], float(u[-1])
        pull = self._by_site @ price - self._cost
        new_x = np.clip(opened + self._x_step / self.balance * pull, 0.0, 1.0)
        gain = unit * self._scale - price
        new_y = np.clip(covered + self._y_step / self.balance * gain, 0.0, 1.0)
        ahead_x, ahead_y = 2.0 * new_x - opened, 2.0 * new_y - covered
        short = ahead_y - self._by_row @ ahead_x
        new_u = np.maximum(price + self._u_step * self.balance * short, 0.0)
        missing = self._asked - dot(self._scale, ahead_y)
        new_q = max(unit + self._q_step * self.balance * missing, 0.0)
        return np.concatenate([new_x, new_y]), np.concatenate([new_u, [new_q]])

    def apart(self, x: Float64, u: Float64) -> float:
        """Return how far a plan made of `x`, fined for what it misses, is above the bound."""
        unit = max(float(u[-1]), 1e-12)
        shares = np.clip(u[:-1] / (unit * self._scale), 0.0, 1.0)
        found, best_unit = priced_share(self.task, shares)
        if found.lower > self.best.lower:
            self.best, self.shares = found, shares
        opened = x[: self.task.left.columns]
        covered = np.minimum(self._by_row @ opened, 1.0)
        missing = max(self._asked - dot(self._scale, covered), 0.0)
        fine = 2.0 * best_unit * float(self.task.goal.weights.mean()) * missing
        self.opened = opened
        self._gap = dot(self._cost, opened) + fine - self.best.lower
        return dot(self._cost, opened) + fine - found.lower


class _ShareSearch:
    """The cheapest plan and the best bound so far."""

    def __init__(
        self, task: ShareCover, limited: Reduced, *, gap: float, deadline: float, seed: int
    ) -> None:
        self.task, self.gap, self.seed = task, gap, seed
        self.limited = limited
        self.begun, self.deadline = time.monotonic(), deadline
        self.unit = math.gcd(*task.left.cost.tolist()) or 1
        self.plan = np.ones(task.left.columns, dtype=bool)
        self.value = task.cost(self.plan)
        self.bound = 0
        self.told: Told | None = None

    def run(self) -> Covered:
        """Go through the stages until the plan is near enough or time is up."""
        self._take(self._greedy())
        relaxation = ShareRelaxation(self.task)
        if time.monotonic() >= self.deadline:
            self._bounded(relaxation)
            return Covered(self._sites, self.value, self.bound, finished=self._done())
        self._relax(relaxation)
        self._halve(relaxation)
        if not self._done():
            self._core(relaxation)
        finished = self._done() or self._prove(relaxation)
        return Covered(self._sites, self.value, self.bound, finished=finished)

    @property
    def _sites(self) -> tuple[int, ...]:
        return self.task.left.sites(self.plan)

    def _relax(self, relaxation: ShareRelaxation) -> None:
        """Bound, and tell on the way."""
        until, going = self._until(_RELAX_SHARE), True
        while going:
            stop_at = self.value - self.unit
            relaxation.run(deadline=until, stop_at=stop_at, most=TOLD_STEPS)
            self._bounded(relaxation)
            going = relaxation.steps < MOST_STEPS and time.monotonic() < until
            going = going and not relaxation.near_enough()

    def _bounded(self, relaxation: ShareRelaxation) -> None:
        """Keep what the relaxation proves so far, and tell."""
        self.bound = min(least_possible(self.task.left, relaxation.best.lower), self.value)
        self._tell()

    def _done(self) -> bool:
        return self.value - self.bound <= self.gap * self.value

    def _until(self, share: float) -> float:
        return self.begun + share * (self.deadline - self.begun)

    def _take(self, chosen: Bools) -> bool:
        """Keep a plan without what it does not need, if it meets the goal and costs less."""
        if not self.task.meets(chosen):
            return False
        plan = self._slim(chosen)
        cost = self.task.cost(plan)
        better = cost < self.value or (cost == self.value and plan.sum() < self.plan.sum())
        if better:
            self.plan, self.value = plan, cost
            self._tell()
        return better

    def _tell(self) -> None:
        if self.told is not None:
            self.told(self._sites, min(self.bound, self.value))

    def _slim(self, chosen: Bools) -> Bools:
        """Return `chosen` without columns that the goal does not need: the least useful first."""
        left, weights = self.task.left, self.task.goal.weights
        times = chosen.astype(float) @ left.cover
        spare = self.task.weight(chosen) - self.task.goal.target + MET * float(weights.sum())
        alone = left.cover @ np.where(times == 1, weights, 0.0)
        plan = chosen.copy()
        for column in np.flatnonzero(chosen)[np.argsort(alone[chosen], kind="stable")].tolist():
            rows = left.cover.indices[left.cover.indptr[column] : left.cover.indptr[column + 1]]
            loss = float(weights[rows[times[rows] == 1]].sum())
            if loss <= spare:
                plan[column] = False
                times[rows] -= 1
                spare -= loss
        return plan

    def _limited(self, most: int) -> Reduced:
        """Return maximal covering with cost `most` at most."""
        left = self.task.left
        alike = bool((left.cost == left.cost[0]).all())
        sites = most // max(int(left.cost[0]), 1) if alike else left.columns
        return replace(
            self.limited,
            new=min(sites, left.columns),
            budget_yuan=None if alike else most,
        )

    def _greedy(self) -> Bools:
        """Return a plan, the most weight a yuan first, until the goal is met."""
        goal = self.task.goal  # half of what `meets` forgives: gains are summed in another order
        enough = goal.target - 0.5 * MET * float(goal.weights.sum())
        most = self._limited(self.value)
        return self._marked(complete(most, [], per_yuan=True, enough=enough))

    def _marked(self, columns: list[int]) -> Bools:
        chosen = np.zeros(self.task.left.columns, dtype=bool)
        chosen[columns] = True
        return chosen

    def _halve(self, relaxation: ShareRelaxation) -> None:
        """Look for the least cost with which maximal covering still meets the goal."""
        low, rounds = self.bound, 0
        until = self._until(_SEARCH_SHARE)
        while low < self.value and time.monotonic() < until and not self._done():
            middle = (low + self.value - self.unit) // 2 // self.unit * self.unit
            middle = max(middle, low)
            if not self._take(self._within(middle, relaxation, rounds, until)):
                low = middle + self.unit
            rounds += 1

    def _within(self, most: int, relaxation: ShareRelaxation, rounds: int, until: float) -> Bools:
        limited = self._limited(most)
        start = complete(limited, [], per_yuan=limited.budget_yuan is not None)
        if not anneal.AVAILABLE:
            return self._marked(improve(limited, start, until))
        rest = relaxation.best.reduced_cost <= POOL_MARGIN * np.maximum(self.task.left.cost, 1)
        rest[start] = True
        pool = np.flatnonzero(rest)
        typical = float(self.task.goal.target) / max(len(start), 1)
        found = anneal.annealed(
            limited,
            start,
            pool,
            scale=0.3 * typical,
            steps=STEPS_A_COLUMN * len(pool),
            seed=self.seed + rounds,
        )
        return self._marked(complete(limited, found))

    def _core(self, relaxation: ShareRelaxation) -> None:
        """Solve exactly among the columns of the plan and those that the relaxation opens."""
        keep = self.plan | (relaxation.opened > CORE_SHARE)
        limit_s = CORE_LIMIT_SHARE * (self.deadline - time.monotonic())
        self._exact(keep, np.zeros_like(keep), limit_s)

    def _prove(self, relaxation: ShareRelaxation) -> bool:
        """Fix columns, solve what is left; say whether all was done."""
        never, always = fixed_cover(self.task.left, relaxation.best, self.value)
        if not self.task.meets(~never):
            self.bound = self.value  # without the columns of no cheaper plan there is none
            return True
        return self._exact(~never & ~always, always, self.deadline - time.monotonic(), whole=True)

    def _exact(self, keep: Bools, always: Bools, limit_s: float, *, whole: bool = False) -> bool:
        """Solve the choice among `keep` beside `always`; `whole`: it holds every cheaper plan."""
        part, columns = self._part(keep, always)
        base = self.task.cost(always)
        if part is None:
            self._take(always)
            self.bound = max(self.bound, min(base, self.value)) if whole else self.bound
            return True
        if part.left.cover.nnz > EXACT_NONZEROS:
            return False
        start = self.plan[columns]
        if not part.meets(start):
            start = np.ones(len(columns), dtype=bool)
        outcome = solve_cover(
            part.left, start, goal=part.goal, time_limit_s=limit_s, seed=self.seed
        )
        if outcome.chosen is not None:
            self._take(always | self._marked(columns[outcome.chosen].tolist()))
        if whole and math.isfinite(outcome.bound):
            inside = base + least_possible(part.left, outcome.bound)
            self.bound = max(self.bound, min(inside, self.value))
        return outcome.finished or self._done()

    def _part(self, keep: Bools, always: Bools) -> tuple[ShareCover | None, Int64]:
        """Return the choice among `keep` when all of `always` are open, and its columns.

        None: nothing is left to choose.
        """
        left, goal = self.task.left, self.task.goal
        open_rows = always.astype(float) @ left.cover > 0
        target = goal.target - float(goal.weights[open_rows].sum())
        columns = np.flatnonzero(keep)
        if target <= ROUNDING * goal.target:
            return None, columns
        chosen = Cover(columns, left.cover[columns], left.cost[columns])
        merged = _merged(chosen, np.where(open_rows, 0.0, goal.weights))
        columns = columns[merged.site]
        part = Cover(left.site[columns], merged.cover, merged.cost_yuan)
        return ShareCover(part, ShareGoal(merged.weights, target)), columns
