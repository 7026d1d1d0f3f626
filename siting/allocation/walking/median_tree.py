"""The proof of a p-median by branch and bound: a site is opened or ruled out, prices bound each.

Of the branches not looked at, the one with the least bound is next (best first). Its bound comes
from prices of demand points, begun where those of the branch before it ended (Lagrangian
relaxation of the assignments; Christofides & Beasley 1982; Beasley 1985); what the prices rule out
or open is settled there, and the site that was among the best in the most rounds is branched on.
With few new sites this takes tens of branches where a solver of linear programs has 100,000
unknowns: opening one takes most of what is left away.
"""

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from siting.allocation.problem import Bools, Float64
from siting.allocation.walking.median_bound import Volume, fixed_walks
from siting.allocation.walking.walks import Walks

ROUNDS = 60
"""Rounds of prices for one branch."""


@dataclass(frozen=True)
class Goal:
    """When a branch need not be looked at any more.

    Attributes
    ----------
    gap
        Share (0..1) of the best plan's cost: a bound this near is good enough.
    whole
        Whether every plan costs a whole number: bounds are raised to the next one.
    """

    gap: float
    whole: bool

    def raised(self, bound: float) -> float:
        """Return a bound, up to the next whole number where every plan costs one."""
        return float(np.ceil(bound * (1 - 1e-9) - 1e-9)) if self.whole else bound

    def enough(self, bound: float, value: float) -> bool:
        """Tell whether a (raised) bound is near enough to the best plan's cost."""
        return value - bound <= self.gap * value

    def near(self, value: float) -> float:
        """Return the share of the best plan's cost within which a bound closes a branch."""
        return max(self.gap, (1 - 1e-6) / value if self.whole and value > 0 else 0.0)

    def reached(self, value: float) -> float:
        """Return what a better plan costs at most."""
        return value - (0.5 if self.whole else 0.0)


@dataclass(frozen=True)
class Proof:
    """What branching found.

    Attributes
    ----------
    sites
        Candidates of a plan that costs less than the one it began with, ascending; None: none.
    value
        Of the best plan.
    bound
        No plan costs less.
    """

    sites: tuple[int, ...] | None
    value: float
    bound: float


@dataclass(frozen=True, eq=False, order=False)
class _Branch:
    """A part of all plans.

    Attributes
    ----------
    bound
        No plan in it costs less.
    opened
        Candidates that all of them have.
    left
        bool[columns of the root]: which they choose the others among.
    prices
        float64[rows of the root]: where its bound begins.
    shares
        float64[columns of the root]: in which share of the rounds each was among the best.
    """

    bound: float
    opened: tuple[int, ...]
    left: Bools
    prices: Float64 = field(repr=False)
    shares: Float64 = field(repr=False)


def branched(
    volume: Volume,
    value: float,
    goal: Goal,
    *,
    deadline: float,
    told: Callable[[tuple[int, ...] | None, float], None] | None = None,
) -> Proof:
    """Return the best plan of a problem, as far as time allows, and a bound on every plan.

    Parameters
    ----------
    volume
        The problem, and prices to begin with.
    value
        Cost of the best plan known.
    goal
        When a branch is closed.
    deadline
        A reading of `time.monotonic()`.
    told
        Told of better plans, and of bounds as they rise.
    """
    tree = _Tree(volume, value, goal, told)
    return tree.run(deadline)


class _Tree:
    """Branches not looked at yet, and the best plan met."""

    def __init__(
        self,
        volume: Volume,
        value: float,
        goal: Goal,
        told: Callable[[tuple[int, ...] | None, float], None] | None,
    ) -> None:
        self.root, self.whole = volume, volume.walks
        self.value, self.goal, self.told = value, goal, told
        self.sites: tuple[int, ...] | None = None
        self._begun = goal.raised(volume.best.lower)
        # The least bound of what was closed because it was near enough.
        self._closed = value
        self._heap: list[tuple[float, int, _Branch]] = []
        self._count = 0

    def run(self, deadline: float) -> Proof:
        """Look at branches until none is left, or time is up."""
        every = np.ones(self.whole.columns, dtype=bool)
        self._push(_Branch(self._begun, (), every, self.root.prices, self.root.shares))
        while self._heap and time.monotonic() < deadline:
            bound, _, branch = heapq.heappop(self._heap)
            if self.goal.enough(bound, self.value):
                self._closed = min(self._closed, bound)
                continue
            self._tell(None, bound)
            self._split(branch, deadline)
        left = min((one[0] for one in self._heap), default=self.value)
        return Proof(self.sites, self.value, min(self._closed, left, self.value))

    def _push(self, branch: _Branch) -> None:
        self._count += 1
        heapq.heappush(self._heap, (branch.bound, self._count, branch))

    def _tell(self, better: tuple[int, ...] | None, bound: float) -> None:
        if self.told is not None:
            self.told(better, min(bound, self._closed))

    def _split(self, branch: _Branch, deadline: float) -> None:
        """Open the site that was among the best most often; rule it out."""
        taken = np.isin(self.whole.site, branch.opened)
        walks = self.whole.part(branch.left, taken)
        if self._settled(walks, branch.opened):
            return
        column = int(np.argmax(branch.shares[np.searchsorted(self.whole.site, walks.site)]))
        rest = np.ones(walks.columns, dtype=bool)
        rest[column] = False
        for opens in (True, False):
            if time.monotonic() >= deadline:
                self._push(branch)  # what it has left out is bounded by it
                return
            opened = (*branch.opened, int(walks.site[column])) if opens else branch.opened
            self._bound(walks.part(rest, ~rest & opens), opened, branch)

    def _settled(self, walks: Walks, opened: tuple[int, ...]) -> bool:
        """Say whether nothing is left to choose, and keep the plan that this is."""
        if walks.new and walks.new < walks.columns and len(walks.cost):
            return False
        fill = walks.site[: walks.new].tolist()
        self._take(walks.total(np.arange(walks.columns) < walks.new), (*opened, *fill))
        return True

    def _take(self, cost: float, sites: tuple[int, ...]) -> None:
        if cost < self.value:
            self.value, self.sites = cost, tuple(sorted(sites))
            self._tell(self.sites, self._begun)

    def _bound(self, walks: Walks, opened: tuple[int, ...], before: _Branch) -> None:
        """Bound what is left of a branch; keep it unless its bound closes it."""
        if self._settled(walks, opened):
            return
        at = np.searchsorted(self.whole.point, walks.point)
        volume = self.root.inside(walks, before.prices[at])
        near = self.goal.near(self.value)
        volume.run(reached=self.value, near=near, deadline=np.inf, most=ROUNDS)
        best = np.argsort(-volume.shares, kind="stable")[: walks.new]
        chosen = np.zeros(walks.columns, dtype=bool)
        chosen[best] = True
        self._take(walks.total(chosen), (*opened, *walks.site[best].tolist()))
        bound = max(self.goal.raised(volume.best.lower), before.bound)
        if self.goal.enough(bound, self.value):
            self._closed = min(self._closed, bound)
            return
        self._push(self._fixed(volume, bound, opened, before))

    def _fixed(
        self, volume: Volume, bound: float, opened: tuple[int, ...], before: _Branch
    ) -> _Branch:
        """Return a branch with what its prices open or rule out in it."""
        walks = volume.walks
        never, always = fixed_walks(walks, volume.best, self.goal.reached(self.value))
        column = np.searchsorted(self.whole.site, walks.site)
        left, shares = np.zeros(self.whole.columns, dtype=bool), np.zeros(self.whole.columns)
        left[column] = ~never & ~always
        shares[column] = volume.shares
        prices = before.prices.copy()
        prices[np.searchsorted(self.whole.point, walks.point)] = volume.prices
        return _Branch(bound, (*opened, *walks.site[always].tolist()), left, prices, shares)
