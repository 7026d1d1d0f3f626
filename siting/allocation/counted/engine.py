"""The best plan for rows with levels, and a bound on every plan.

Greedy -> relaxation -> annealed swaps among the columns that it does not rule out -> plans met on
the way are merged: what they have in common stays, the exact solver chooses among the columns of
any (tour merging; Cook & Seymour 2003) -> columns fixed by what they are worth beyond their price
-> the exact solver on what is left, where that is small; else more annealing while it helps. The
best plan and the best bound of all stages are returned.
"""

import math
import time
from collections.abc import Sequence

import numpy as np

from siting.allocation.bound import EXACT
from siting.allocation.counted import anneal as counted_anneal
from siting.allocation.counted.bound import CountedRelaxation
from siting.allocation.counted.milp import solve_rows
from siting.allocation.counted.rows import Rows, greedy_plan
from siting.allocation.engine import SMALL_NONZEROS, Found, Watch, best_plan, within
from siting.allocation.problem import Bools, Int64
from siting.allocation.reduce import Reduced

FIRST_NEAR, LAST_NEAR = 2e-4, 1e-6
FIRST_STEPS, LAST_STEPS = 2_000, 20_000
BATCH = 4
"""So many plans are met before they are merged."""

ROUNDS = 3
IDLE_ROUNDS = 3
STEPS_A_COLUMN = 600
LEAST_STEPS, MOST_STEPS = 20_000, 2_000_000
MERGED = 8
"""So many of the best plans are merged."""

MERGE_LIMIT_S, MERGE_SHARE = 2.0, 0.2
POOL_MARGIN = 0.005
"""Columns whose margin is above minus this share of a site's price are drawn in the search."""

EXACT_NONZEROS = 60_000
"""Up to this size (reached rows times their levels) the exact solver is worth its time."""

_SWAP_MARGIN = 1e-9
_RELAX_SHARE, _SEARCH_SHARE = 0.3, 0.5


def best_rows(
    reduced: Reduced,
    rows: Rows,
    *,
    sided: bool,
    starts: Sequence[list[int]] = (),
    gap: float = 0.0,
    time_limit_s: float,
    seed: int = 0,
    watch: Watch | None = None,
) -> Found:
    """Return a plan of columns and a bound on what any plan is worth.

    Parameters
    ----------
    reduced
        The same columns and rows, with limits and side constraints.
    rows
        What counts.
    sided
        Whether a plan must keep to the side constraints of `reduced`; if not, they say no more than
        the groups of `rows`.
    starts
        Plans known already; those within the limits are begun from.
    gap
        Share of the bound: a plan this near is good enough.
    time_limit_s
        Wall clock.
    seed
        Of every draw.
    watch
        Told on the way what would be returned if all ended then.

    Raises
    ------
    InfeasibleError
        No plan keeps to the side constraints.
    """
    search = _Search(reduced, rows, sided=sided, gap=gap, limit_s=time_limit_s, seed=seed)
    search.watch = watch
    return search.run(starts)


class _Search:
    """The best plan and bound so far, and the stages that better them."""

    def __init__(
        self, reduced: Reduced, rows: Rows, *, sided: bool, gap: float, limit_s: float, seed: int
    ) -> None:
        self.reduced, self.rows, self.sided, self.seed = reduced, rows, sided, seed
        self.gap = max(gap, EXACT)
        self.begun, self.limit_s = time.monotonic(), limit_s
        # Small problems: the exact solver follows at once, and nothing need be compiled.
        small = rows.cover.nnz <= SMALL_NONZEROS
        self.anneals = counted_anneal.AVAILABLE and not sided and not small
        self.plan: list[int] = []
        self.value = 0.0
        self.bound = float(rows.levels.sum())
        self.met: list[tuple[float, list[int]]] = []
        self.watch: Watch | None = None

    def run(self, starts: Sequence[list[int]]) -> Found:
        """Go through the stages until the plan is near enough or time is up."""
        self._begin(starts)
        if self.rows.columns == 0:
            return Found([], 0.0, finished=True)
        self._tell()
        relaxation = CountedRelaxation(self.rows, self.plan)
        # However wide a gap will do: which columns are drawn in the search hangs on good prices.
        relaxation.run(near=FIRST_NEAR, deadline=self._at(_RELAX_SHARE), most=FIRST_STEPS)
        self._tighten(relaxation)
        for _ in range(ROUNDS if self.anneals else 1):
            if self._done() or time.monotonic() > self._at(_SEARCH_SHARE):
                break
            self._search(relaxation)
        if not self._done():
            relaxation.run(
                near=LAST_NEAR,
                deadline=self._at(2 * _RELAX_SHARE),
                most=LAST_STEPS,
                reached=self.value,
            )
            self._tighten(relaxation)
        finished = self._done() or self._prove(relaxation)
        return Found(self.plan, self.bound, finished)

    def _begin(self, starts: Sequence[list[int]]) -> None:
        if self.sided:
            first = best_plan(self.reduced, gap=1.0, time_limit_s=self.limit_s, seed=self.seed)
            self.plan, self.value = first.plan, self.rows.value(first.plan)
        else:
            self._take(greedy_plan(self.rows, []))
            if np.isfinite(self.rows.budget):
                self._take(greedy_plan(self.rows, [], per_yuan=True))
        for start in starts:
            self._take(start if self.sided else greedy_plan(self.rows, start))

    def _take(self, plan: list[int]) -> bool:
        """Keep `plan` if it is within the limits and truly better; say so."""
        worth = self.rows.value(plan)
        if worth <= self.value * (1 + EXACT) or not self._within(plan):
            return False
        self.plan, self.value = plan, worth
        self._tell()
        return True

    def _within(self, plan: list[int]) -> bool:
        return self.rows.within(plan) and (not self.sided or within(self.reduced, plan))

    def _done(self) -> bool:
        return self.bound - self.value <= self.gap * self.bound

    def _at(self, share: float) -> float:
        return self.begun + share * self.limit_s

    def _left_s(self) -> float:
        return self._at(1.0) - time.monotonic()

    def _tighten(self, relaxation: CountedRelaxation) -> None:
        self.bound = max(min(self.bound, relaxation.best.upper), self.value)
        self._tell()

    def _tell(self) -> None:
        if self.watch is not None:
            self.watch(Found(self.plan, max(self.bound, self.value), finished=False))

    def _search(self, relaxation: CountedRelaxation) -> bool:
        """Look for a better plan from the best: annealed swaps, or plain ones; say if there is."""
        if not self.anneals:
            return self._take(self._swapped(self._at(1.0)))
        proof = relaxation.best
        pool: Int64 = np.flatnonzero(proof.margins >= -POOL_MARGIN * proof.place[self.rows.group])
        steps = min(max(STEPS_A_COLUMN * len(pool), LEAST_STEPS), MOST_STEPS)
        before = self.value
        for _ in range(BATCH):
            seed = self.seed + len(self.met)
            found = counted_anneal.annealed_rows(
                self.rows, self.plan, pool, scale=proof.place, steps=steps, seed=seed
            )
            self.met.append((self.rows.value(found), found))
            self._take(greedy_plan(self.rows, found))
            if time.monotonic() > self._at(1.0):
                return self.value > before
        self._merge()
        return self.value > before

    def _merge(self) -> None:
        """Keep what the best plans met have in common; choose exactly among their other columns."""
        best = sorted(self.met, key=lambda met: -met[0])[:MERGED]
        times = np.zeros(self.rows.columns, dtype=np.int64)
        for _, plan in [*best, (self.value, self.plan)]:
            times[plan] += 1
        taken = times == len(best) + 1
        limit_s = min(MERGE_LIMIT_S, MERGE_SHARE * self.limit_s, self._left_s())
        if taken.sum() < (times > 0).sum() and limit_s > 0:
            self._exact(times > 0, taken, limit_s)

    def _exact(self, keep: Bools, taken: Bools, limit_s: float) -> None:
        """Take the exact solver's plan among some columns if it is better."""
        outcome = solve_rows(
            self.reduced,
            self.rows,
            self.plan,
            keep,
            taken,
            time_limit_s=limit_s,
            seed=self.seed,
        )
        if outcome.columns is not None:
            self._take(outcome.columns)

    def _swapped(self, deadline: float) -> list[int]:
        """Return the plan after the best swaps, until none wins or time is up."""
        plan, better = list(self.plan), True
        while better and time.monotonic() < deadline:
            better = False
            for place in range(len(plan)):
                swapped = self._swap(plan, place)
                if swapped is not None:
                    plan, better = swapped, True
        return plan

    def _swap(self, plan: list[int], place: int) -> list[int] | None:
        rest = plan[:place] + plan[place + 1 :]
        gains = self.rows.gains(rest)
        present = gains[plan[place]]
        gains[rest] = -np.inf
        for column in np.argsort(-gains, kind="stable")[: len(plan) + 1].tolist():
            if gains[column] <= present * (1 + _SWAP_MARGIN):
                return None
            swapped = [*plan[:place], column, *plan[place + 1 :]]
            if self._within(swapped):
                return swapped
        return None

    def _prove(self, relaxation: CountedRelaxation) -> bool:
        """Rule columns out and solve what is left, or search on; say whether all is done."""
        margins = relaxation.best.margins
        spare = max(relaxation.best.upper - self.value * (1 + EXACT), 0.0)
        keep: Bools = margins >= -spare
        keep[self.plan] = True
        depth = (self.rows.levels > 0).sum(axis=1).astype(np.float64)
        if float((self.rows.cover[np.flatnonzero(keep)] @ depth).sum()) > EXACT_NONZEROS:
            self._more(relaxation)
            return self._done()
        outcome = solve_rows(
            self.reduced,
            self.rows,
            self.plan,
            keep,
            np.zeros_like(keep),
            time_limit_s=self._left_s(),
            seed=self.seed,
        )
        if outcome.columns is not None:
            self._take(outcome.columns)
        if outcome.infeasible:
            self.bound = self.value
        elif math.isfinite(outcome.bound):
            self.bound = max(min(self.bound, outcome.bound), self.value)
        return outcome.finished or self._done()

    def _more(self, relaxation: CountedRelaxation) -> None:
        idle = 0
        while idle < IDLE_ROUNDS and self._left_s() > 0 and not self._done():
            idle = 0 if self._search(relaxation) else idle + 1
            if not self.anneals:
                return
