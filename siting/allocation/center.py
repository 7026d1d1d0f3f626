"""The p-center: `new` sites beside the existing ones, so that the longest walk is least.

Hakimi 1964. No walk is longer than R if and only if `new` sites cover, within R, all that the
existing ones leave: a set covering. R is halved between what is proved too short and what a plan
reaches (Minieka 1970). Few demand points decide, so a growing sample of them is covered; whatever
is too short for the sample is too short for all, and a plan for the sample that leaves somebody
farther brings those into it (Chen & Chen 2009).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from geo.catchments import ABSENT
from geo.errors import InfeasibleError
from siting.allocation.cover_engine import best_cover
from siting.allocation.dominance import Cover
from siting.allocation.least import Least, least_status, now_and_then
from siting.allocation.problem import Int64
from siting.allocation.walks import WalkProblem
from siting.results import Status

DEFAULT_TIME_LIMIT_S = 30.0
FIRST_POINTS = 300
"""Demand points in the first sample."""

FIRST_PROBE_SHARE, PROOF_SHARE = 0.04, 0.1
"""Shares of the time that one probe may take: while looking for plans, and for proofs."""

Unreachable = Literal["refuse", "leave_out"]


@dataclass(frozen=True)
class CenterPlan(Least):
    """A plan with its proof.

    Attributes
    ----------
    chosen
        New sites, ascending; fewer than asked for where more would not shorten the longest walk.
    value
        The longest walk of anybody counted, in the unit of the costs, recomputed from the travel
        matrix.
    bound
        Every plan of so many sites leaves somebody with a walk this long; <= `value`.
    status
        `optimal` only where `value` equals `bound`; `within_gap`: as near as was asked for;
        `time_limit`: time was up before the proof was.
    farthest
        Demand points that walk `value`.
    left_out
        Demand points with weight that no site reaches at all; not counted, as was asked for.
    seconds
        Wall clock.
    """

    chosen: tuple[int, ...]
    value: int
    bound: int
    status: Status
    farthest: tuple[int, ...]
    left_out: tuple[int, ...]
    seconds: float


def p_center(
    problem: WalkProblem,
    *,
    unreachable: Unreachable = "refuse",
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    first_share: float = 1.0,
    seed: int = 0,
    watch: Callable[[CenterPlan], None] | None = None,
) -> CenterPlan:
    """Return the best plan met, and a bound on every plan.

    Parameters
    ----------
    problem
        What is open and what may be; its penalty is not read.
    unreachable
        What becomes of demand points with weight that no site reaches: `refuse`, or `leave_out`,
        and the plan lists them.
    gap
        Share (0..1) of the value: the search stops at a bound this near.
    time_limit_s
        Wall clock; the best plan so far is returned when it is up.
    first_share
        Share (0..1) of the time in which a first plan must be met.
    seed
        Of every draw: the same seed, the same plan, unless time was up.
    watch
        Told now and then what would be returned if all ended then.

    Raises
    ------
    InfeasibleError
        Some point is out of reach of everything, so many sites cannot reach all, or no plan that
        does was met in time.
    """
    begun = time.monotonic()
    reached = problem.travel.covered(problem.existing | problem.allowed)
    lost = np.flatnonzero(~reached & (problem.weights > 0))
    if len(lost) and unreachable == "refuse":
        raise InfeasibleError("siting_walk_center_unreached", points=len(lost))
    counted = np.flatnonzero(reached & (problem.weights > 0))
    search = _Center(problem, counted, gap=gap, deadline=begun + time_limit_s, seed=seed)

    def report(sites: tuple[int, ...], proved: float) -> CenterPlan:
        walked = problem.travel.nearest(problem.opened(sites))
        value = int(walked[counted].max(initial=0))
        bound = min(int(proved), value)
        return CenterPlan(
            chosen=sites,
            value=value,
            bound=bound,
            status=least_status(value, bound, gap),
            farthest=tuple(counted[walked[counted] == value].tolist()),
            left_out=tuple(lost.tolist()),
            seconds=time.monotonic() - begun,
        )

    if watch is not None:
        search.told = now_and_then(lambda sites, proved: watch(report(sites, proved)))
    search.run(first_share)
    return report(search.plan, search.bound)


class _Center:
    """Radii between what is proved too short and what the best plan reaches."""

    def __init__(
        self, problem: WalkProblem, counted: Int64, *, gap: float, deadline: float, seed: int
    ) -> None:
        travel = problem.travel
        self.problem, self.counted, self.seed, self.gap = problem, counted, seed, gap
        self.begun, self.deadline = time.monotonic(), deadline
        self.already = travel.nearest(problem.existing)
        self.choice = np.flatnonzero(problem.choice)
        ways = travel.take(self.choice)
        shape = (len(self.choice), travel.points)
        # Costs start at 0, which a sparse matrix would lose: 1 is added to all.
        by_site = sparse.csr_array((ways.cost + 1, ways.demand, ways.indptr), shape)
        self.by_point = sparse.csr_array(by_site.T)
        open_now = self.already[self.counted]
        self.lengths = np.concatenate([ways.cost, open_now[open_now != ABSENT]])
        self.last = int(self.lengths.max(initial=0))
        # What is proved too short lies below `low`; the best plan reaches `high`.
        self.low, self.high = self._first_low(), self.last + 1
        self.plan: tuple[int, ...] = ()
        self.told = now_and_then(None)
        self.sample = self._first_sample()

    @property
    def bound(self) -> int:
        """The longest walk of every plan is this long."""
        return self.low

    def run(self, first_share: float) -> None:
        """Look for plans, then for proofs, until both meet or time is up."""
        whole = self.deadline - self.begun
        if self._probe(self.last, whole * first_share) != "plan":
            if self.low > self.last:
                raise InfeasibleError("siting_walk_center_too_few", new=self.problem.new)
            raise InfeasibleError("siting_walk_center_no_plan", seconds=whole * first_share)
        self._find(whole * FIRST_PROBE_SHARE)
        share = PROOF_SHARE
        while self._open():
            self._prove(whole * share)
            share *= 2

    def _open(self) -> bool:
        near = self.high - self.bound <= self.gap * self.high
        return not near and self.low < self.high and time.monotonic() < self.deadline

    def _find(self, limit_s: float) -> None:
        """Halve upwards from what is not decided in time."""
        low = self.low
        while low < self.high and self._open():
            middle = (low + self.high) // 2
            if self._probe(middle, limit_s) != "plan":
                low = max(middle + 1, self.low)

    def _prove(self, limit_s: float) -> None:
        """Halve downwards from what is not decided in time."""
        high = self.high
        while self.low < high and self._open():
            middle = (self.low + high) // 2
            if self._probe(middle, limit_s) != "short":
                high = min(middle, self.high)

    def _probe(self, radius: int, limit_s: float) -> Literal["plan", "short", "open"]:
        """Decide whether a radius is enough; take the plan or raise what is too short."""
        deadline = min(time.monotonic() + limit_s, self.deadline)
        while True:
            cover = self._cover(radius)
            if cover is None:
                self.low = max(self.low, self._longer(radius))
                return "short"
            found = best_cover(
                cover, gap=0.0, deadline=deadline, seed=self.seed, enough=self.problem.new
            )
            if found.bound > self.problem.new:
                self.low = max(self.low, self._longer(radius))
                if self.high <= self.last:  # there is a plan
                    self.told(self.plan, self.bound)
                return "short"
            if found.cost > self.problem.new:
                return "open"
            if self._take(found.sites, radius):
                self.told(self.plan, self.bound)
                return "plan"
            if time.monotonic() > deadline:
                return "open"

    def _take(self, sites: tuple[int, ...], radius: int) -> bool:
        """Keep a plan for the sample if it serves all; else add whom it leaves to the sample."""
        opened = self.problem.opened(sites)
        walked = self.problem.travel.nearest(opened)[self.counted].astype(np.int64)
        walked[walked == ABSENT] = np.iinfo(np.int64).max
        worst = int(walked.max(initial=0))
        if worst > radius:
            self._add(walked, radius)
        if worst < self.high:
            self.high, self.plan = worst, sites
        return worst <= radius

    def _add(self, walked: Int64, radius: int) -> None:
        """Add the points farthest beyond the radius, each out of reach of those before it."""
        beyond = np.flatnonzero(walked > radius)
        order = self.counted[beyond[np.argsort(-walked[beyond], kind="stable")]]
        near = self.by_point[order]
        near.data = (near.data <= radius + 1).astype(float)
        added: list[int] = []
        seen = np.zeros(len(self.choice), dtype=bool)
        for at, point in enumerate(order.tolist()):
            sites = near.indices[near.indptr[at] : near.indptr[at + 1]]
            within = sites[near.data[near.indptr[at] : near.indptr[at + 1]] > 0]
            if not seen[within].any():
                added.append(point)
                seen[within] = True
        self.sample = np.union1d(self.sample, added)

    def _cover(self, radius: int) -> Cover | None:
        """Return the covering of the sample within a radius; None: somebody has no site in it."""
        served = (self.already[self.sample] != ABSENT) & (self.already[self.sample] <= radius)
        near = sparse.csr_array(self.by_point[self.sample[~served]])
        near.data = (near.data <= radius + 1).astype(float)
        near.eliminate_zeros()
        if (np.diff(near.indptr) == 0).any():
            return None
        by_site = sparse.csr_array(near.T)
        by_site.sort_indices()
        useful = np.flatnonzero(np.diff(by_site.indptr) > 0)
        ones = np.ones(len(useful), dtype=np.int64)
        return Cover(self.choice[useful], sparse.csr_array(by_site[useful]), ones)

    def _longer(self, radius: int) -> int:
        """Return the shortest walk that is longer; none is: more than the last."""
        longer = self.lengths[self.lengths > radius]
        return int(longer.min(initial=self.last + 1))

    def _first_low(self) -> int:
        """Return the radius below which somebody has no site at all."""
        everything = self.problem.travel.nearest(self.problem.existing | self.problem.allowed)
        return int(everything[self.counted].max(initial=0))

    def _first_sample(self) -> Int64:
        draws = np.random.default_rng(self.seed)
        size = min(FIRST_POINTS, len(self.counted))
        return np.sort(draws.choice(self.counted, size, replace=False))
