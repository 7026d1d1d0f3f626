"""The p-median: `new` sites beside the existing ones, so that the weighted walk is least.

Hakimi 1964; ReVelle & Swain 1970. Greedy -> annealed swaps -> prices of demand points, which bound
every plan and tell which sites matter -> swaps among those -> sites fixed by what they would cost
-> on what is left, from the best plan, branching on sites where few are to be opened, HiGHS where
many are and it is small enough; else more swaps.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from siting.allocation.least import Least, least_status, now_and_then
from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.saddle import dot
from siting.allocation.walking.median_bound import Volume, fixed_walks
from siting.allocation.walking.median_milp import solve_median
from siting.allocation.walking.median_search import SwapSearch, greedy_median
from siting.allocation.walking.median_tree import Goal, branched
from siting.allocation.walking.walks import WalkProblem, Walks, caps_of, walks_of
from siting.results import Status

DEFAULT_TIME_LIMIT_S = 30.0
EXACT = 1e-9
"""A value this near the bound (share) is the bound: both are sums of floating-point numbers."""

STEPS_A_COLUMN = 40
WAYS_A_ROUND = 100_000_000
"""So many ways are looked at in one round of swaps."""

NEARBY = 1.5
"""Swaps weigh ways up to so many times the second nearest of the plan, then all are counted."""

HOT, COLD = 0.2, 0.002
"""Temperatures, as shares of the cost that one site saves."""

POOL_SHARE = 0.01
"""Sites that were among the best in this share of the rounds are drawn when the search goes on."""

ROUNDS = 4000
EXACT_ENTRIES = 150_000
"""Up to so many ways the exact solver is worth its time on what is left."""

TREE_SITES, TREE_ENTRIES = 30, 2_000_000
"""Up to so many sites to be opened, and ways, branching on sites is."""

IDLE_ROUNDS = 4
_SWAP_SHARE, _PRICE_SHARE = 0.2, 0.5
_OFF_BY = 0.1


@dataclass(frozen=True)
class MedianPlan(Least):
    """A plan with its proof, in weight x cost.

    Attributes
    ----------
    chosen
        New sites, ascending.
    value
        Weighted cost, the penalties included, recomputed from the travel matrix.
    bound
        No plan of so many sites costs less; <= `value`.
    status
        `optimal` only where `value` equals `bound`; `within_gap`: as near as was asked for;
        `time_limit`: time was up before the proof was.
    mean
        `value` / all weight: the mean walk, penalties counted as walks.
    unreached
        Demand points with weight beyond the cut-off of every open site: they count as the penalty.
    seconds
        Wall clock.
    """

    chosen: tuple[int, ...]
    value: float
    bound: float
    status: Status
    mean: float
    unreached: tuple[int, ...]
    seconds: float


def p_median(
    problem: WalkProblem,
    *,
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    watch: Callable[[MedianPlan], None] | None = None,
) -> MedianPlan:
    """Return the best plan met, and a bound on every plan.

    Parameters
    ----------
    problem
        What is open and what may be.
    gap
        Share (0..1) of the value: the search stops at a bound this near.
    time_limit_s
        Wall clock; the best plan so far is returned when it is up.
    seed
        Of every draw: the same seed, the same plan, unless time was up.
    watch
        Told now and then what would be returned if all ended then.

    Raises
    ------
    InfeasibleError
        Without a penalty, where some plan leaves a demand point with weight unreached.
    """
    begun = time.monotonic()

    def told(sites: tuple[int, ...], bound: float) -> None:
        if watch is not None:
            watch(_report(problem, sites, bound, gap, begun))

    cap = caps_of(problem)
    sites, bound = greedy_median(problem, cap)
    told(sites, bound)
    if time.monotonic() - begun >= time_limit_s:
        return _report(problem, sites, bound, gap, begun)
    search = _Median(
        walks_of(problem, cap), sites, bound,
        gap=gap, begun=begun, deadline=begun + time_limit_s, seed=seed,
        whole=bool((problem.weights == np.floor(problem.weights)).all()),
    )  # fmt: skip
    search.told = now_and_then(told)
    search.run()
    return _report(problem, search.sites, search.bound, gap, begun)


def _report(
    problem: WalkProblem, chosen: tuple[int, ...], bound: float, gap: float, begun: float
) -> MedianPlan:
    walked = problem.walked(chosen)
    value = dot(problem.weights, np.maximum(walked, 0))
    bound = value if value - bound <= EXACT * value else bound
    beyond = problem.travel.nearest(problem.opened(chosen)) < 0
    return MedianPlan(
        chosen=chosen,
        value=value,
        bound=bound,
        status=least_status(value, bound, gap),
        mean=value / float(problem.weights.sum() or 1.0),
        unreached=tuple(np.flatnonzero(beyond & (problem.weights > 0)).tolist()),
        seconds=time.monotonic() - begun,
    )


class _Median:
    """The best plan and bound so far, and the stages that better them."""

    def __init__(
        self,
        walks: Walks,
        sites: tuple[int, ...],
        bound: float,
        *,
        gap: float,
        begun: float,
        deadline: float,
        seed: int,
        whole: bool,
    ) -> None:
        self.walks = walks
        self.gap = max(gap, EXACT)
        self.begun, self.deadline, self.seed = begun, deadline, seed
        self.plan = np.isin(walks.site, sites)
        self.value = walks.total(self.plan)
        self.bound = min(bound, self.value)
        # Of larger numbers what sums are off by is no small part of one.
        self.whole = whole and EXACT * self.value < _OFF_BY
        self.told = now_and_then(None)
        self._step_s = 0.0

    @property
    def sites(self) -> tuple[int, ...]:
        """Candidates of the best plan so far, ascending."""
        return tuple(self.walks.site[self.plan].tolist())

    def run(self) -> None:
        """Go through the stages until the plan is near enough or time is up."""
        if not 0 < self.walks.new < self.walks.columns:
            self.bound = self.value
            return
        swaps = self._swaps()
        volume = Volume.beside(self.walks, self.plan)
        for stage in (
            lambda: self._descend(swaps),
            lambda: self._price(volume, ROUNDS // 4),
            lambda: self._swap(swaps, volume, self._until(_SWAP_SHARE)),
            lambda: self._price(volume, ROUNDS),
            lambda: self._swap(swaps, volume, self._until(_PRICE_SHARE + _SWAP_SHARE)),
            lambda: self._prove(volume, swaps),
        ):
            if self._over():
                return
            stage()

    def _done(self) -> bool:
        return self.value - self.bound <= self.gap * self.value

    def _over(self) -> bool:
        return self._done() or time.monotonic() >= self.deadline

    def _until(self, share: float) -> float:
        """Return the reading of the clock when `share` of the time is up."""
        return self.begun + share * (self.deadline - self.begun)

    def _take(self, plan: Bools) -> bool:
        cost = self.walks.total(plan)
        better = cost < self.value * (1 - EXACT)
        if better:
            self.plan, self.value = plan, cost
            self.told(self.sites, min(self.bound, cost))
        return better

    def _raise_bound(self, bound: float) -> None:
        """Keep a bound; up to whole numbers where every plan costs one."""
        if self.whole:
            bound = float(math.ceil(bound * (1 - EXACT) - EXACT))
        self.bound = min(max(self.bound, bound), self.value)
        self.told(self.sites, self.bound)

    def _swaps(self) -> SwapSearch:
        """Return a search among ways not much longer than the second nearest of the plan."""
        _, second = self.walks.nearest_two(self.plan)
        return SwapSearch(self.walks.nearby((NEARBY * second).astype(np.int64) + 1), self.seed)

    def _descend(self, swaps: SwapSearch) -> bool:
        """Make swaps that win, each site tried in turn."""
        pool = np.arange(self.walks.columns)
        return self._take(swaps.annealed(self.plan, pool, hot=0.0, cold=0.0, steps=3 * len(pool)))

    def _price(self, volume: Volume, rounds: int) -> None:
        until = self._until(_PRICE_SHARE)
        volume.run(
            reached=self.value,
            near=self.gap / 3,
            deadline=until,
            most=rounds,
            told=self._raise_bound,
        )
        self._raise_bound(volume.best.lower)

    def _swap(self, swaps: SwapSearch, volume: Volume, until: float) -> None:
        """Anneal among the sites that matter until that no longer helps."""
        matter = volume.shares > POOL_SHARE
        matter |= self.plan
        pool = np.flatnonzero(matter)
        saved = (self.walks.total(np.zeros_like(self.plan)) - self.value) / self.walks.new
        idle = 0
        while idle < IDLE_ROUNDS and time.monotonic() < until and not self._done():
            begun, steps = time.monotonic(), self._steps(swaps, len(pool))
            hot, cold = HOT * saved, COLD * saved
            met = swaps.annealed(self.plan, pool, hot=hot, cold=cold, steps=steps)
            self._step_s = (time.monotonic() - begun) / steps
            idle = 0 if self._take(met) else idle + 1
        if time.monotonic() < self.deadline:
            self._descend(swaps)

    def _steps(self, swaps: SwapSearch, drawn: int) -> int:
        """Return how many steps one round takes: a few seconds, and not beyond the end."""
        ways = len(swaps.walks.cost) / self.walks.columns
        steps = min(STEPS_A_COLUMN * drawn, max(round(WAYS_A_ROUND / max(ways, 1.0)), 1000))
        left_s = self.deadline - time.monotonic()
        if not self._step_s or self._step_s * steps <= left_s:
            return steps
        return max(int(left_s / self._step_s), 1)

    def _prove(self, volume: Volume, swaps: SwapSearch) -> None:
        """Fix sites and settle what is left; where that is too large, swap on."""
        reached = self.value - (0.5 if self.whole else 0.0)
        never, always = fixed_walks(self.walks, volume.best, reached)
        part = self.walks.part(~never & ~always, always)
        if not part.new or not part.columns or part.new >= part.columns:
            self._take(always | ~never)
            self._raise_bound(self.value)
            return
        inside = np.searchsorted(self.walks.site, part.site)
        entries = len(part.cost)
        if entries <= TREE_ENTRIES and (part.new <= TREE_SITES or entries > EXACT_ENTRIES):
            self._branch(volume.inside(part), volume.shares[inside], always)
        elif entries <= EXACT_ENTRIES:
            self._solve(part, inside, always)
        else:
            self._swap(swaps, volume, self.deadline)

    def _branch(self, volume: Volume, shares: Float64, always: Bools) -> None:
        """Open sites or rule them out, one after the other, on what is left."""
        volume.shares = shares
        fixed = tuple(self.walks.site[always].tolist())

        def told(sites: tuple[int, ...] | None, bound: float) -> None:
            if sites is not None:
                self._take(np.isin(self.walks.site, (*fixed, *sites)))
            self._raise_bound(bound)

        goal = Goal(self.gap, self.whole)
        proof = branched(volume, self.value, goal, deadline=self.deadline, told=told)
        told(proof.sites, proof.bound)

    def _solve(self, part: Walks, inside: Int64, always: Bools) -> None:
        """Have HiGHS solve what is left."""
        start = self.plan[inside]
        left_s = self.deadline - time.monotonic()
        outcome = solve_median(part, start, time_limit_s=left_s, seed=self.seed)
        if outcome.chosen is not None:
            plan = always.copy()
            plan[inside[outcome.chosen]] = True
            self._take(plan)
        if math.isfinite(outcome.bound):
            self._raise_bound(outcome.bound)
