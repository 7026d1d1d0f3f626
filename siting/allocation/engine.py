"""The most weight within the limits: search from below, bound from above, until they meet.

Greedy -> linear relaxation -> a line of plans: swaps annealed for a short time among the sites that
the relaxation does not rule out, and what comes of it merged with the plans before
(`siting.allocation.merging`), again and again -> the exact solver on the sites that the
relaxation opens in part (RENS; Berthold 2014) -> columns fixed by their reduced costs -> the exact
solver on what is left; where that is too much for it, more lines from the start, each merged with
the best plan when it no longer gets better, while time lasts. Every bound and the best plan are
kept: what is returned is the best of both.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation import anneal
from siting.allocation.bound import EXACT, Relaxation
from siting.allocation.fixing import Part, fixed, part_of
from siting.allocation.merging import MOST_PLANS, Merging
from siting.allocation.milp import (
    MilpOutcome,
    MilpWatch,
    least_given,
    solve_by_branching,
    solve_milp,
)
from siting.allocation.problem import Int64
from siting.allocation.reduce import Reduced
from siting.allocation.search import (
    greedy,
    improve,
    marginal_bound,
    money_left,
    tidy,
    value,
)
from siting.allocation.sided.anneal import Course, sided_annealed
from siting.allocation.sided.floor_sites import with_implied_quotas
from siting.allocation.sided.search import keeps_to_sides, sided_greedy, sided_improve

FIRST_NEAR, LAST_NEAR = 5e-4, 1e-6
LAST_STEPS = 2000
"""Where many plans are as good the relaxation comes no nearer; branching finds its corner."""

NEARER = 10
"""The relaxation comes so much nearer than the plan need be: a loose one draws too many sites."""

ROUNDS = 10
"""A line is so long before the exact solver is asked for the whole."""

STEPS_A_COLUMN, DRIVEN_STEPS_A_COLUMN = 80, 300
"""Many short ways make a line; the first one to floors needs to be longer."""

MOST_STEPS = 6_000_000
POOL_MARGIN = 0.02
"""Columns whose margin is above minus this share of a site's price are drawn in the search."""

START_SCALE = 0.3
"""Share of the mean weight of the largest catchments: what a site is worth before prices are
known."""

FLOOR_COLUMNS = 30
"""So many columns that count most in a floor are drawn, whatever their margins."""

CORE_SHARE = 1e-3
CORE_COLUMNS = 400
CORE_LIMIT_S = 3.0
SMALL_NONZEROS = 20_000
"""Up to this size plain swaps will do: the exact solver follows at once, and nothing need be
compiled."""

EXACT_NONZEROS = 60_000
"""Up to this size the exact solver is worth its time on the whole of what is left."""

MERGE_LIMIT_S = 10.0
IDLE_ROUNDS = 12
"""So many plans in a row that better nothing end a line."""

POLISHED = 40
"""Between two lines the relaxation comes so much nearer than the plan is."""

LATE_NONZEROS = 160_000
"""Up to this size the exact solver has the second half of the time."""

_RELAX_SHARE, _SEARCH_SHARE, _IMPLY_SHARE = 0.3, 0.2, 0.1
_LATE_SHARE, _POLISH_SHARE = 0.5, 0.25


@dataclass(frozen=True)
class Found:
    """The best plan, a bound on every plan, and whether all was done.

    `exhausted`: not all was done though there was time: looking on had long found nothing better.
    """

    plan: list[int]
    bound: float
    finished: bool
    exhausted: bool = False


Watch = Callable[[Found], None]
"""Told what would be returned if the search ended now, whenever that is better."""


def best_plan(
    reduced: Reduced,
    *,
    gap: float,
    time_limit_s: float,
    seed: int,
    start: list[int] | None = None,
    watch: Watch | None = None,
) -> Found:
    """Return a plan of columns and a bound on the weight of its rows.

    Parameters
    ----------
    gap
        Share of the bound: a plan this near is good enough.
    time_limit_s
        Wall clock.
    seed
        Of every draw.
    start
        A plan to begin with, if it keeps to everything.
    watch
        Told of plans and bounds on the way; what it is told need not be completed.
    """
    search = _Search(reduced, gap=gap, time_limit_s=time_limit_s, seed=seed, watch=watch)
    return search.run(start or [])


def within(reduced: Reduced, plan: list[int]) -> bool:
    """Tell whether a plan keeps to the limits and to the side constraints."""
    limits = len(plan) <= reduced.new and money_left(reduced, plan) >= 0
    return limits and keeps_to_sides(reduced, plan)


def completed(reduced: Reduced, plan: list[int]) -> list[int]:
    """Return a plan at least as good with every site that limits allow and that adds.

    Without side constraints, sites that add nobody to the others give way.
    """
    if reduced.sides.empty:
        return tidy(reduced, plan)
    fuller = sided_greedy(reduced, plan)
    return fuller if within(reduced, fuller) else plan


class _Search:
    """The best plan and bound so far, and the stages that better them."""

    def __init__(
        self,
        reduced: Reduced,
        *,
        gap: float,
        time_limit_s: float,
        seed: int,
        watch: Watch | None = None,
    ) -> None:
        self.reduced = reduced
        self.tight = reduced
        self.watch = watch
        self.gap = max(gap, EXACT)
        self.begun, self.limit_s = time.monotonic(), time_limit_s
        self.seed = seed
        self.sided = not reduced.sides.empty
        self.met: list[tuple[float, list[int]]] = []
        self.line: tuple[float, list[int]] = (0.0, [])
        self.first = self.line
        self.merging = Merging(reduced)
        self.drawn = -1
        self.plan: list[int] = []
        self.value = 0.0
        self.bound = float(reduced.weights.sum())

    def run(self, start: list[int]) -> Found:
        """Go through the stages until the plan is near enough or time is up."""
        self._begin()
        self._take(start)
        if self.plan:
            self.bound = min(self.bound, marginal_bound(self.reduced, self.plan))
        else:
            self.bound = 0.0  # every column adds something and can be paid: none is asked for
        if self._done():
            return self._found(finished=True)
        self._tell()
        self._imply()
        relaxation = Relaxation(self.tight, self.plan)
        relaxation.run(near=max(FIRST_NEAR, self.gap / NEARER), deadline=self._until(_RELAX_SHARE))
        self._tighten(relaxation)
        self.line = self.first = (self.value, self.plan)
        self.merging = Merging(self.tight)
        self._search(relaxation)
        if not self._done():
            self._core(relaxation)
        if not self._done():
            relaxation.run(
                near=LAST_NEAR,
                deadline=self._until(_RELAX_SHARE * 2),
                reached=self.value,
                most_steps=LAST_STEPS,
            )
            self._tighten(relaxation)
        finished = self._done() or self._prove(relaxation)
        return self._found(finished=finished)

    def _begin(self) -> None:
        """Take the first plan; one that keeps to side constraints may need the exact solver."""
        if self.sided:
            start = sided_greedy(self.reduced, [])
            if not keeps_to_sides(self.reduced, start):
                start = self._any_plan(start)
            self.plan, self.value = start, value(self.reduced, start)
            return
        self._take(greedy(self.reduced, per_yuan=False))
        if self.reduced.budget_yuan is not None:
            self._take(greedy(self.reduced, per_yuan=True))

    def _any_plan(self, start: list[int]) -> list[int]:
        """Return some plan that keeps to everything, or say what cannot be kept to together."""
        if anneal.AVAILABLE and self.reduced.cover.nnz > SMALL_NONZEROS:
            self._imply()
            start = self._driven(start)
            if within(self.reduced, start):
                return start
        given = least_given(self.reduced, time_limit_s=self._left_s(), seed=self.seed)
        if given.columns is not None and not given.short and within(self.reduced, given.columns):
            return given.columns
        if not given.proved:
            raise InfeasibleError("siting_plan_none_in_time", seconds=self.limit_s)
        asked = ", ".join(f"{one.name} ({one.possible / one.asked:.0%})" for one in given.short)
        raise InfeasibleError("siting_plan_conflict", requirements=asked, unmet=given.short)

    def _imply(self) -> None:
        """Find once how many sites each floor needs at least."""
        if len(self.reduced.sides.needed) and self.tight is self.reduced:
            limit_s = _IMPLY_SHARE * self._left_s()
            self.tight = with_implied_quotas(self.reduced, limit_s=limit_s, seed=self.seed)

    def _driven(self, start: list[int]) -> list[int]:
        """Return a plan that swaps have driven to what it must keep to, or `start`."""
        columns = np.arange(self.reduced.columns)
        gains = np.sort(self.reduced.cover @ self.reduced.weights)
        course = Course(
            pool=columns,
            scale=float(gains[-self.reduced.new :].mean()) * START_SCALE,
            floor_prices=np.zeros(len(self.reduced.sides.needed)),
            steps=min(DRIVEN_STEPS_A_COLUMN * len(columns), MOST_STEPS),
            seed=self.seed,
        )
        return sided_annealed(self.tight, start, course, any_plan=True)

    def _found(self, *, finished: bool) -> Found:
        exhausted = not finished and self._left_s() > 0
        return Found(completed(self.reduced, self.plan), self.bound, finished, exhausted)

    def _tell(self) -> None:
        if self.watch is not None:
            self.watch(Found(list(self.plan), self.bound, finished=False))

    def _done(self) -> bool:
        return self.bound - self.value <= self.gap * self.bound

    def _until(self, share: float) -> float:
        """Return the reading of the clock when `share` of the time is up."""
        return self.begun + share * self.limit_s

    def _left_s(self) -> float:
        return self.begun + self.limit_s - time.monotonic()

    def _take(self, plan: list[int]) -> bool:
        """Keep `plan` if it is within the limits and truly better; say so."""
        if not within(self.reduced, plan):
            return False
        reached = value(self.reduced, plan)
        if reached <= self.value * (1 + EXACT):
            return False
        self.plan, self.value = plan, reached
        self._tell()
        return True

    def _tighten(self, relaxation: Relaxation) -> None:
        self._bound_by(relaxation.best.upper)

    def _bound_by(self, upper: float) -> None:
        """Keep a bound if it is better."""
        before, self.bound = self.bound, max(min(self.bound, upper), self.value)
        if self.bound < before:
            self._tell()

    def _search(self, relaxation: Relaxation) -> None:
        """Anneal several times and merge; small problems, or without machine code: plain swaps."""
        if not anneal.AVAILABLE or self.reduced.cover.nnz <= SMALL_NONZEROS:
            swaps = sided_improve if self.sided else improve
            self._take(swaps(self.reduced, self.plan, self._until(2 * _SEARCH_SHARE)))
            return
        for _ in range(ROUNDS):
            if self._done() or time.monotonic() > self._until(2 * _SEARCH_SHARE):
                return
            self._lengthen(relaxation)
            if not self._done():
                # A bound that is looser than the plan is bad would keep the search from ending.
                deadline = self._until(2 * _SEARCH_SHARE)
                relaxation.run(near=self.gap / 10, deadline=deadline, reached=self.value)
                self._tighten(relaxation)

    def _lengthen(self, relaxation: Relaxation) -> bool:
        """Meet one more plan and merge it with the line; say whether the line got better."""
        plan = self._annealed(relaxation, self.line[1])
        self._take(plan)
        new = (value(self.reduced, plan), plan)
        best, other = (new, self.line) if new[0] > self.line[0] else (self.line, new)
        found = self._merged(best[1], [other[1]])
        before, self.line = self.line[0], (value(self.reduced, found), found)
        self.met = sorted([new, *self.met], key=lambda met: -met[0])[:MOST_PLANS]
        return self.line[0] > before * (1 + EXACT)

    def _annealed(self, relaxation: Relaxation, start: list[int]) -> list[int]:
        pool = self._pool(relaxation)
        steps, scale = min(STEPS_A_COLUMN * len(pool), MOST_STEPS), self._scale(relaxation)
        self.drawn += 1
        seed = self.seed + self.drawn
        if self.sided:
            course = Course(pool, scale, relaxation.side_prices.floors, steps, seed)
            return sided_annealed(self.tight, start, course)
        return anneal.annealed(self.reduced, start, pool, scale=scale, steps=steps, seed=seed)

    def _merged(self, plan: list[int], others: list[list[int]]) -> list[int]:
        """Return what is put together of plans, and take it."""

        def exact(part: Part, best: list[int]) -> list[int]:
            limit_s = min(MERGE_LIMIT_S, self._left_s())
            if limit_s <= 0:
                return best
            start = part.start(best)
            outcome = self._solved(part, start, limit_s)
            found = best if outcome.columns is None else part.whole(outcome.columns)
            better = value(self.reduced, found) > value(self.reduced, best)
            return found if better and within(self.reduced, found) else best

        found = self.merging.merged(plan, others, exact)
        if value(self.reduced, found) > self.value:
            self._take(completed(self.reduced, found))
        return found

    def _scale(self, relaxation: Relaxation) -> float:
        """Return the weight that a site is worth at the margin."""
        proof = relaxation.best
        cost = float(self.reduced.cost_yuan[self.plan].mean())
        return proof.site_price + proof.yuan_price * cost

    def _pool(self, relaxation: Relaxation) -> Int64:
        margins = relaxation.best.margins(self.reduced)
        drawn = margins >= -POOL_MARGIN * self._scale(relaxation)
        for floor in range(len(self.reduced.sides.needed)):
            counts = self.reduced.cover @ self.reduced.sides.inside[[floor]].toarray()[0]
            drawn[np.argsort(-counts, kind="stable")[:FLOOR_COLUMNS]] = True
        return np.flatnonzero(drawn)

    def _core(self, relaxation: Relaxation) -> None:
        """Solve exactly among the columns of the plan and those that the relaxation opens."""
        keep = relaxation.shares > CORE_SHARE
        keep[self.plan] = True
        if keep.sum() <= CORE_COLUMNS:
            nothing = np.zeros_like(keep)
            limit_s = min(CORE_LIMIT_S, self._left_s() * _SEARCH_SHARE)
            self._exact(part_of(self.tight, keep, nothing), limit_s)

    def _bound_inside(self, part: Part, bound: float) -> None:
        """Take a bound on a part that has every better plan as one on the whole."""
        if math.isfinite(bound):
            self._bound_by(bound + part.reduced.base - self.reduced.base)

    def _exact(self, part: Part, limit_s: float, *, whole: bool = False) -> MilpOutcome:
        """Run the exact solver on a part, from the best plan; take what it finds.

        `whole`: every better plan is in the part, and what the solver has is told on the way.
        """

        def met(columns: list[int] | None, bound: float) -> None:
            if columns is not None:
                self._take(part.whole(columns))
            self._bound_inside(part, bound)

        told = met if whole and self.watch is not None else None
        near = self.gap * self.bound if whole else 0.0
        outcome = self._solved(part, part.start(self.plan), limit_s, near=near, watch=told)
        if outcome.columns is not None:
            self._take(completed(self.reduced, part.whole(outcome.columns)))
        return outcome

    def _solved(
        self,
        part: Part,
        start: list[int],
        limit_s: float,
        *,
        near: float = 0.0,
        watch: MilpWatch | None = None,
    ) -> MilpOutcome:
        """Solve a part exactly: by branching, or by HiGHS where floors keep bounds far from plans.

        A start that lacks what is taken is none; then only what beats the best plan is sought.
        """
        if len(self.reduced.sides.needed):
            return solve_milp(
                part.reduced, start, time_limit_s=limit_s, seed=self.seed, watch=watch
            )
        return solve_by_branching(
            part.reduced,
            start if within(part.reduced, start) else None,
            beyond=self.value - (part.reduced.base - self.reduced.base),
            near=near,
            time_limit_s=limit_s,
            watch=watch,
        )

    def _prove(self, relaxation: Relaxation) -> bool:
        """Fix columns and solve what is left, or merge more plans; say whether all was done."""
        never, always = fixed(self.reduced, relaxation.best, self.value)
        cheap = money_left(self.reduced, np.flatnonzero(always).tolist()) >= 0
        if always.sum() > self.reduced.new or not cheap:
            self.bound = self.value  # what every better plan has is more than any plan may have
            return True
        part = part_of(self.tight, ~never & ~always, always)
        if part.reduced.cover.nnz > EXACT_NONZEROS:
            late = part.reduced.cover.nnz <= LATE_NONZEROS
            self._more(relaxation, self._until(_LATE_SHARE if late else 1.0))
            return self._done() or (late and self._left_s() > 0 and self._rest(relaxation))
        return self._rest(relaxation)

    def _rest(self, relaxation: Relaxation) -> bool:
        """Solve what is left exactly; say whether all was done."""
        never, always = fixed(self.reduced, relaxation.best, self.value)
        part = part_of(self.tight, ~never & ~always, always)
        if not part.reduced.columns:
            self._take(list(part.taken))
            self.bound = self.value
            return True
        outcome = self._exact(part, self._left_s(), whole=True)
        if outcome.infeasible:
            self.bound = self.value  # nothing but the plan there is keeps to everything
            return True
        self._bound_inside(part, outcome.bound)
        return outcome.finished or self._done()

    def _more(self, relaxation: Relaxation, until: float) -> None:
        """Follow lines to their ends, one after the other, and merge each with the best plan."""
        while anneal.AVAILABLE and time.monotonic() < until and not self._done():
            idle = 0
            while idle < IDLE_ROUNDS and time.monotonic() < until and not self._done():
                idle = 0 if self._lengthen(relaxation) else idle + 1
            self._merged(self.plan, [self.line[1], *(plan for _, plan in self.met)])
            self.line, self.met = self.first, []
            # The bound has its turn: a share of the time, and no nearer than the plan can use.
            apart, now = self.bound - self.value, time.monotonic()
            deadline = min(now + _POLISH_SHARE * (now - self.begun), until)
            relaxation.run(near=apart / self.bound / POLISHED, deadline=deadline)
            self._tighten(relaxation)
