"""The cheapest cover: reduce, take apart, search from above, bound from below, until both meet.

Dominance and essential columns; then every part that shares no row with the others by itself:
greedy -> local search with weights on rows, several times -> HiGHS among the sites of any of these
covers -> linear relaxation -> columns fixed by their reduced costs, and dominance again -> HiGHS on
what is left, from the best cover; where that is too large for it, more local search while time
lasts.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from siting.allocation.cover.bound import CoverRelaxation, fixed_cover, least_possible
from siting.allocation.cover.dominance import Cover, parts_of, reduce_cover
from siting.allocation.cover.milp import solve_cover
from siting.allocation.cover.search import RowWeighting, covers, greedy_cover, without_superfluous
from siting.allocation.least import Told, now_and_then
from siting.allocation.problem import Bools

EXACT_NONZEROS = 400_000
"""Up to this size the exact solver is worth its time on what is left."""

EASY_NONZEROS = 2000
"""Up to this size it needs no help; parts that are smaller are solved together."""

MERGED_NONZEROS = 6000
"""Up to this size the choice among the sites of several covers is solved exactly."""

RUNS, STEPS_A_COLUMN = 2, 75
"""Local searches that are merged, and how long each one is."""

MOST_STEPS = 100_000
"""Steps between two looks at the clock."""

FIRST_NEAR, LAST_NEAR = 3e-3, 1e-6
FIRST_STEPS, LAST_STEPS = 2000, 20_000
TOLD_STEPS = 200
"""After so many of them whoever watches is told of the bound."""

ROUNDS_WITHOUT_GAIN = 6
_FIRST_SHARE, _MERGE_SHARE = 0.8, 0.5
_RELAX_SHARE, _SEARCH_SHARE = 0.3, 0.5


@dataclass(frozen=True)
class Covered:
    """The cheapest cover met, a bound on every cover, and whether all was done.

    Attributes
    ----------
    sites
        Candidates, ascending.
    cost
        Of these sites.
    bound
        No cover costs less.
    finished
        False: time was up.
    """

    sites: tuple[int, ...]
    cost: int
    bound: int
    finished: bool


def best_cover(
    whole: Cover,
    *,
    gap: float,
    deadline: float,
    seed: int,
    watch: Told | None = None,
) -> Covered:
    """Return a cheap cover of all rows, each of which some column covers, and a bound.

    Parameters
    ----------
    whole
        The problem.
    gap
        Share of the cost: a bound this near is good enough.
    deadline
        A reading of `time.monotonic()`.
    seed
        Of every draw.
    watch
        Told of covers and bounds on the way.
    """
    search = _Engine(whole, gap=gap, deadline=deadline, seed=seed)
    search.told = None if watch is None else now_and_then(watch)
    return search.run()


class _Engine:
    """All parts, and what is known of their sum."""

    def __init__(self, whole: Cover, *, gap: float, deadline: float, seed: int) -> None:
        self.deadline, self.gap = deadline, gap
        self.told: Told | None = None
        left = reduce_cover(whole)
        self.taken = left.taken
        self.base = int(whole.cost[np.searchsorted(whole.site, left.taken)].sum())
        self.parts = [_Part(self, part, seed) for part in parts_of(left, EASY_NONZEROS)]

    @property
    def cost(self) -> int:
        """Of the best cover so far."""
        return self.base + sum(part.cost for part in self.parts)

    @property
    def bound(self) -> int:
        """No cover costs less."""
        return self.base + sum(part.bound for part in self.parts)

    def done(self) -> bool:
        """Tell whether the cover is near enough."""
        return self.cost - self.bound <= self.gap * self.cost

    def run(self) -> Covered:
        """Go through all parts twice, until the cover is good enough or time is up."""
        self.tell()
        now = time.monotonic()
        self._each(_Part.begin, now + _FIRST_SHARE * (self.deadline - now))
        self._each(_Part.finish, self.deadline)
        finished = self.done() or all(part.finished for part in self.parts)
        return Covered(self.sites, self.cost, self.bound, finished)

    @property
    def sites(self) -> tuple[int, ...]:
        """Candidates of the best cover so far, ascending."""
        return tuple(sorted([*self.taken, *(site for part in self.parts for site in part.sites)]))

    def tell(self) -> None:
        """Tell of the best cover and bound so far."""
        if self.told is not None:
            self.told(self.sites, self.bound)

    def _each(self, stage: Callable[["_Part", float], None], deadline: float) -> None:
        """Let every part have its share of the time, the smallest first."""
        left = float(sum(part.left.cover.nnz for part in self.parts))
        for part in self.parts:
            if self.done():
                return
            now, size = time.monotonic(), part.left.cover.nnz
            stage(part, now + max(deadline - now, 0.0) * size / left)
            left -= size


class _Part:
    """The best cover and bound of one part so far, and the stages that better them."""

    def __init__(self, engine: _Engine, left: Cover, seed: int) -> None:
        self.engine, self.left, self.seed = engine, left, seed
        self.plan = greedy_cover(left)
        self.bound = 0
        self.finished = False
        self._search: RowWeighting | None = None
        self._relaxation: CoverRelaxation | None = None

    @property
    def cost(self) -> int:
        """Of the best cover so far."""
        return int(self.left.cost[self.plan].sum())

    @property
    def sites(self) -> tuple[int, ...]:
        """Candidates of that cover."""
        return self.left.sites(self.plan)

    def begin(self, until: float) -> None:
        """Search a little, and bound; solve exactly what is easy."""
        if self._over(until):
            return
        if self.left.cover.nnz <= EASY_NONZEROS:
            self._exact(self.left, until)
            return
        start, plans = self.plan, []
        for run in range(RUNS):
            if self._over(until):
                return
            self._search = RowWeighting(self.left, start, self.seed + run)
            self._walk(STEPS_A_COLUMN * self.left.columns, until)
            plans.append(self._search.best.copy())
            if not run:
                self._relaxation = CoverRelaxation(self.left)
                self._relax(FIRST_NEAR, FIRST_STEPS, until)
        self._merge(plans, until)

    def finish(self, until: float) -> None:
        """Search and bound on, fix columns and solve what is left."""
        if self._over(until):
            return
        begun = time.monotonic()
        self._search_on(_share_of(begun, until, _SEARCH_SHARE - _RELAX_SHARE))
        self._relaxation = self._relaxation or CoverRelaxation(self.left)
        self._relax(LAST_NEAR, LAST_STEPS, _share_of(begun, until, _SEARCH_SHARE))
        if not self._over(until):
            self._prove(self._relaxation, until)

    def _over(self, until: float) -> bool:
        done = self.bound >= self.cost or self.engine.done()
        self.finished = self.finished or done
        return done or time.monotonic() >= until

    def _take(self, left: Cover, chosen: Bools) -> bool:
        """Keep a cover of this part, or of what is left of it, if it is one and truly cheaper."""
        if not covers(left, chosen):
            return False
        plan = np.isin(self.left.site, left.sites(chosen))
        better = int(self.left.cost[plan].sum()) < self.cost
        if better:
            self.plan = plan
            self.engine.tell()
        return better

    def _raise_bound(self, bound: int) -> None:
        self.bound = max(self.bound, min(bound, self.cost))
        self.engine.tell()

    def _walk(self, steps: int, until: float) -> bool:
        """Take so many steps of local search; say whether a cheaper cover was met."""
        search = self._search or RowWeighting(self.left, self.plan, self.seed)
        self._search, better = search, False
        while steps > 0 and not self._over(until):
            search.run(min(steps, MOST_STEPS))
            steps -= MOST_STEPS
            found = self._take(self.left, without_superfluous(self.left, search.best))
            better = better or found
        return better

    def _search_on(self, until: float) -> None:
        idle = 0
        while idle < ROUNDS_WITHOUT_GAIN and not self._over(until):
            idle = 0 if self._walk(STEPS_A_COLUMN * self.left.columns, until) else idle + 1

    def _merge(self, plans: list[Bools], until: float) -> None:
        """Solve the choice among the sites of several covers; what all of them have stays."""
        if len(plans) < 2 or self._over(until):
            return
        common, some = np.logical_and.reduce(plans), np.logical_or.reduce(plans)
        part = reduce_cover(self.left.part(some & ~common, common))
        if part.cover.nnz > MERGED_NONZEROS:
            return
        chosen, _, _ = self._solved(part, _share_of(time.monotonic(), until, _MERGE_SHARE))
        self._take(part, chosen)

    def _relax(self, near: float, most: int, until: float) -> None:
        relaxation, going = self._relaxation, True
        while relaxation is not None and going:
            steps = min(TOLD_STEPS, most)
            relaxation.run(near=near, deadline=until, most=steps, target=self.cost)
            self._raise_bound(least_possible(self.left, relaxation.best.lower))
            most -= steps
            going = most > 0 and time.monotonic() < until and not relaxation.near_enough()

    def _prove(self, relaxation: CoverRelaxation, until: float) -> None:
        """Fix columns and solve what is left, or search on."""
        goal = self.cost
        never, always = fixed_cover(self.left, relaxation.best, goal)
        if not covers(self.left, ~never):
            self._raise_bound(goal)  # no cheaper cover has columns enough
            return
        part = reduce_cover(self.left.part(~never & ~always, always))
        if part.cover.nnz > EXACT_NONZEROS:
            self._search_on(until)
            return
        self._exact(part, until)

    def _exact(self, part: Cover, until: float) -> None:
        """Run the exact solver on a part that holds every cover cheaper than the goal."""
        goal = self.cost
        chosen, bound, self.finished = self._solved(part, until)
        self._take(part, chosen)
        self._raise_bound(min(bound, goal))

    def _solved(self, part: Cover, until: float) -> tuple[Bools, int, bool]:
        """Return the best cover of a part, a bound on its covers, and whether both meet."""
        start = np.isin(part.site, self.sites)
        if not part.rows:
            return start & False, self._cost_of(part.taken), True
        other = greedy_cover(part)
        if not covers(part, start) or part.cost[other].sum() < part.cost[start].sum():
            start = other
        left_s = until - time.monotonic()
        outcome = solve_cover(part, start, time_limit_s=left_s, seed=self.seed)
        chosen = start if outcome.chosen is None else outcome.chosen
        if not math.isfinite(outcome.bound):
            return chosen, 0, outcome.finished
        inside = least_possible(part, outcome.bound)
        return chosen, self._cost_of(part.taken) + inside, outcome.finished

    def _cost_of(self, sites: tuple[int, ...]) -> int:
        return int(self.left.cost[np.isin(self.left.site, sites)].sum())


def _share_of(begun: float, until: float, share: float) -> float:
    """Return the reading of the clock when a share of the time is up."""
    return begun + share * (until - begun)
