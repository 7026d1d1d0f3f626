"""The p-center: `new` sites beside the existing ones, so that the longest walk is least.

Hakimi 1964. No walk is longer than R if and only if `new` sites cover, within R, all that the
existing ones leave: a set covering. R is halved between what is proved too short and what a plan
reaches (Minieka 1970). Few demand points decide, so a growing sample of them is covered: a plan for
the sample that leaves somebody farther brings those into it (Chen & Chen 2009). Plans come from
local search with weights on rows, proofs (and plans that it does not meet) from branch and bound;
both with little effort for every R first, then with more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation.cover.dominance import Cover
from siting.allocation.cover.search import RowWeighting, greedy_cover
from siting.allocation.least import Least, least_status, now_and_then
from siting.allocation.problem import Bools, Int64
from siting.allocation.walking.center_proof import Answer, Decision
from siting.allocation.walking.center_ways import CenterWays, Within
from siting.allocation.walking.walks import WalkProblem
from siting.results import Status

DEFAULT_TIME_LIMIT_S = 30.0
FIRST_POINTS = 300
"""Demand points in the first sample."""

MOST_POINTS = 1000
"""Demand points that come into it at once."""

FIRST_STEPS, FIRST_NODES, FIRST_NEAR = 20_000, 1, 5e-3
"""Steps of local search and nodes of a proof for one radius, and radii (share) told apart."""

MORE, MORE_NODES = 4, 32
"""In every later turn so many times the steps and the nodes; radii `MORE` times nearer."""

STEPS_AT_ONCE = 1000
"""Steps between two looks at the cover and the clock."""

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
    ways = CenterWays(problem)
    lost = np.flatnonzero(~ways.counted & (problem.weights > 0))
    if len(lost) and unreachable == "refuse":
        raise InfeasibleError("siting_walk_center_unreached", points=len(lost))
    counted = np.flatnonzero(ways.counted)
    search = _Center(ways, problem.new, gap=gap, deadline=begun + time_limit_s, seed=seed)

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
        self, ways: CenterWays, new: int, *, gap: float, deadline: float, seed: int
    ) -> None:
        self.ways, self.new, self.seed, self.gap = ways, new, seed, gap
        self.begun, self.deadline = time.monotonic(), deadline
        self.last = ways.last
        # What is proved too short lies below `low`; the best plan reaches `high`.
        self.low = int(ways.nearest[ways.counted].max(initial=0))
        self.high = self.last + 1
        self.plan: tuple[int, ...] = ()
        self.told = now_and_then(None)
        counted = np.flatnonzero(ways.counted)
        size = min(FIRST_POINTS, len(counted))
        self._sample = np.sort(np.random.default_rng(seed).choice(counted, size, replace=False))
        self._undecided: dict[int, Decision] = {}
        self._tight = self._sample[:0]

    @property
    def bound(self) -> int:
        """The longest walk of every plan is this long."""
        return self.low

    def run(self, first_share: float) -> None:
        """Look for plans and for proofs in turns, until both meet or time is up."""
        limit_s = (self.deadline - self.begun) * first_share
        if not self._begin(self.begun + limit_s):
            if self.low > self.last:
                raise InfeasibleError("siting_walk_center_too_few", new=self.new)
            raise InfeasibleError("siting_walk_center_no_plan", seconds=limit_s)
        turn = 0
        while self._open():
            if not turn or self._undecided:  # else proofs alone decide every radius
                self._find(turn)
            self._prove(turn)
            turn += 1

    def _begin(self, until: float) -> bool:
        """Meet a plan at all, or prove that there is none; say whether one was met."""
        if self._met(Within(self.ways, self.last), FIRST_STEPS, until):
            return True
        return self._decide(self.last, None, until) == "plan"

    def _open(self) -> bool:
        near = self.high - self.bound <= self.gap * self.high
        return not near and self.low < self.high and time.monotonic() < self.deadline

    def _find(self, turn: int) -> None:
        """Look for plans, halving upwards from where none is met."""
        low, steps = self.low, FIRST_STEPS * MORE**turn
        while low < self.high - self._resolution(turn) and self._open():
            middle = (low + self.high) // 2
            if not self._met(Within(self.ways, middle), steps, self.deadline):
                low = middle + 1

    def _prove(self, turn: int) -> None:
        """Look for proofs, halving downwards from what is not decided."""
        high, nodes = self.high, FIRST_NODES * MORE_NODES**turn
        while self.low < high - self._resolution(turn) and self._open():
            middle = (self.low + high) // 2
            if self._decide(middle, nodes, self.deadline) != "short":
                high = min(middle, self.high)

    def _resolution(self, turn: int) -> int:
        """Return how far apart radii must lie to be told apart."""
        return int(FIRST_NEAR / MORE**turn * self.high)

    def _met(self, near: Within, steps: int, until: float) -> bool:
        """Look for a plan within a radius by local search, the sample growing; keep it."""
        chosen = np.zeros(len(self.ways.site), dtype=bool)
        while True:
            points = self._sample[near.open[self._sample]]
            found = _few(near.cover(points), chosen, self.new, steps, self.seed, until)
            if found is None:
                return False
            chosen = found
            if self._take(np.flatnonzero(chosen), near):
                return True

    def _take(self, columns: Int64, near: Within) -> bool:
        """Keep a plan for the sample if it serves all; else add whom it leaves to the sample."""
        walked = np.where(self.ways.counted, self.ways.walked(columns), 0)
        worst = int(walked.max(initial=0))
        if worst < self.high:
            self.high, self.plan = worst, tuple(self.ways.site[columns].tolist())
            self.told(self.plan, self.bound)
        beyond = np.flatnonzero(walked > near.radius)
        order = beyond[np.argsort(-walked[beyond], kind="stable")]
        every = np.ones(len(self.ways.site), dtype=bool)
        added = near.apart(order, every, often=1, most=MOST_POINTS)
        self._sample = np.union1d(self._sample, added)
        return worst <= near.radius

    def _decide(self, radius: int, nodes: int | None, until: float) -> Answer:
        """Go on with the proof that a radius is too short, or the plan that it is not."""
        decision = self._undecided.pop(radius, None) or self._asked(radius)
        answer = decision.run(nodes, until)
        self._tight = decision.rows
        if decision.plan is not None:
            self._take(decision.plan, decision.near)
        elif answer == "short":
            self.low = max(self.low, self.ways.longer(radius))
            if self.high <= self.last:  # there is a plan
                self.told(self.plan, self.bound)
        else:
            self._undecided[radius] = decision
        kept = {at: one for at, one in self._undecided.items() if self.low <= at < self.high}
        self._undecided = kept
        return answer

    def _asked(self, radius: int) -> Decision:
        near = Within(self.ways, radius)
        rows = np.union1d(self._sample, self._tight)
        return Decision(near, rows[near.open[rows]], self.new)


def _few(left: Cover, known: Bools, new: int, steps: int, seed: int, until: float) -> Bools | None:
    """Return bool[k]: a cover of at most `new` columns, sought from the columns `known`."""
    rest = left.part(~known, known)
    chosen = known | np.isin(left.site, rest.site[greedy_cover(rest)])
    search = RowWeighting(left, chosen, seed)
    while search.cost > new and steps > 0 and time.monotonic() < until:
        search.run(STEPS_AT_ONCE)
        steps -= STEPS_AT_ONCE
    return search.best if search.cost <= new else None
