"""The cheapest cover: reduce, search from above, bound from below, fix, until they meet.

Dominance and essential columns -> greedy -> local search with weights on rows -> linear relaxation
-> columns fixed by their reduced costs, and dominance again -> HiGHS on what is left, from the best
cover; where that is too large for it, more local search while time lasts.
"""

import math
import time
from dataclasses import dataclass

import numpy as np

from siting.allocation.cover_bound import CoverRelaxation, fixed_cover, least_possible
from siting.allocation.cover_milp import solve_cover
from siting.allocation.cover_search import RowWeighting, covers, greedy_cover, without_superfluous
from siting.allocation.dominance import Cover, reduce_cover
from siting.allocation.problem import Bools

EXACT_NONZEROS = 400_000
"""Up to this size the exact solver is worth its time on what is left."""

FIRST_NEAR, LAST_NEAR = 1e-3, 1e-6
FIRST_STEPS, LAST_STEPS = 2000, 20_000
SEARCH_FLIPS = 2_000_000
"""About so many rows are looked at in one round of local search."""

ROUNDS_WITHOUT_GAIN = 6
_RELAX_SHARE = 0.5
_SEARCH_SHARE = 0.25


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
    whole: Cover, *, gap: float, deadline: float, seed: int, enough: int | None = None
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
    enough
        Who only asks whether so much money is enough: stop when that is decided either way.
    """
    return _Engine(whole, gap=gap, deadline=deadline, seed=seed, enough=enough).run()


class _Engine:
    """The best cover and bound so far, and the stages that better them."""

    def __init__(
        self, whole: Cover, *, gap: float, deadline: float, seed: int, enough: int | None
    ) -> None:
        self.begun, self.deadline = time.monotonic(), deadline
        self.gap, self.seed, self.enough = gap, seed, enough
        self.whole = whole
        self.left = reduce_cover(whole)
        self.base = self._cost_of(self.left.taken)
        self.sites = self.left.taken
        self.cost: float = self.base
        self.bound = self.base

    def run(self) -> Covered:
        """Go through the stages until the cover is good enough or time is up."""
        if not self.left.rows:
            return self._found(finished=True)
        search = RowWeighting(self.left, greedy_cover(self.left), self.seed)
        self.cost, self.sites = math.inf, ()
        self._take(self.left, search.best)
        self._search(search, self._until(_SEARCH_SHARE))
        relaxation = CoverRelaxation(self.left)
        self._relax(relaxation, FIRST_NEAR, FIRST_STEPS)
        if self._done():
            return self._found(finished=True)
        self._search(search, self._until(_SEARCH_SHARE * 2))
        self._relax(relaxation, LAST_NEAR, LAST_STEPS)
        finished = self._done() or self._prove(relaxation, search)
        return self._found(finished=finished)

    def _found(self, *, finished: bool) -> Covered:
        return Covered(self.sites, int(self.cost), int(min(self.bound, self.cost)), finished)

    def _done(self) -> bool:
        if self.enough is not None and not self.bound <= self.enough < self.cost:
            return True
        return self.cost - self.bound <= self.gap * self.cost

    def _until(self, share: float) -> float:
        """Return the reading of the clock when `share` of the time is up."""
        return self.begun + share * (self.deadline - self.begun)

    def _left_s(self) -> float:
        return self.deadline - time.monotonic()

    def _cost_of(self, sites: tuple[int, ...]) -> int:
        return int(self.whole.cost[np.searchsorted(self.whole.site, sites)].sum())

    def _take(self, left: Cover, chosen: Bools) -> None:
        """Keep a cover if it is one and truly cheaper."""
        if not covers(left, chosen):
            return
        sites = left.sites(chosen)
        cost = self._cost_of(sites)
        if cost < self.cost:
            self.cost, self.sites = cost, sites

    def _steps(self) -> int:
        """Return how many steps one round of local search takes."""
        flips = self.left.cover.nnz / max(self.left.columns, 1)
        degree = self.left.cover.nnz / max(self.left.rows, 1)
        return max(round(SEARCH_FLIPS / max(float(flips * degree**0.5), 1.0)), 2000)

    def _search(self, search: RowWeighting, until: float) -> None:
        idle = 0
        while idle < ROUNDS_WITHOUT_GAIN and time.monotonic() < until and not self._done():
            idle = 0 if search.run(self._steps()) else idle + 1
            self._take(search.left, without_superfluous(search.left, search.best))

    def _relax(self, relaxation: CoverRelaxation, near: float, most: int) -> None:
        """Run the relaxation; its bound counts with what was taken before."""
        target = self.cost - self.base
        if self.enough is not None:
            target = min(target, self.enough + 1 - self.base)
        until = self._until(_RELAX_SHARE)
        relaxation.run(near=near, deadline=until, most=most, target=target)
        inside = least_possible(self.left, relaxation.best.lower)
        self.bound = max(self.bound, self.base + inside)

    def _prove(self, relaxation: CoverRelaxation, search: RowWeighting) -> bool:
        """Fix columns and solve what is left, or search on; say whether all was done."""
        reached = int(self.cost) - self.base
        if self.enough is not None:
            reached = min(reached, self.enough + 1 - self.base)
        never, always = fixed_cover(self.left, relaxation.best, reached)
        if not covers(self.left, ~never):
            self.bound = self.base + reached  # no cheaper cover has columns enough
            return True
        part = reduce_cover(self.left.part(~never & ~always, always))
        if part.cover.nnz > EXACT_NONZEROS:
            self._search(search, self.deadline)
            return self._done()
        return self._exact(part, reached)

    def _exact(self, part: Cover, reached: int) -> bool:
        """Run the exact solver on a part that holds every cover cheaper than `reached`."""
        taken = self._cost_of(part.taken)
        if not part.rows:
            self._take(part, np.zeros(part.columns, dtype=bool))
            self.bound = max(self.bound, min(taken, self.base + reached))
            return True
        start = greedy_cover(part)
        known = np.isin(part.site, self.sites)
        if covers(part, known) and part.cost[known].sum() <= part.cost[start].sum():
            start = known
        outcome = solve_cover(part, start, time_limit_s=self._left_s(), seed=self.seed)
        if outcome.chosen is not None:
            self._take(part, outcome.chosen)
        if math.isfinite(outcome.bound):
            inside = taken + least_possible(part, outcome.bound)
            self.bound = max(self.bound, min(inside, self.base + reached))
        return outcome.finished or self._done()
