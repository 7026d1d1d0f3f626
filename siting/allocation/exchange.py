"""What each site of a plan is worth, and what could stand in its place: recounted, no solver.

A swap closes one site of a plan and opens one candidate outside it. For every site all swaps are
counted at once: what a candidate adds beside the whole plan, and what of the site's own it reaches.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from siting.allocation.problem import Bools, Float64, Int64, Problem
from siting.sums import sum_by

_EXACT = 1e-9

LimitKind = Literal["budget", "quota", "apart", "floor"]


@dataclass(frozen=True, eq=False)
class Limit:
    """One limit of a problem, and the candidates that may not stand in for a site because of it.

    Attributes
    ----------
    number
        Of the quota or floor in the problem; 0 for the others.
    broken
        bool[s].
    """

    kind: LimitKind
    number: int
    broken: Bools


@dataclass(eq=False)
class Exchange:
    """A plan with n sites of a problem with s candidates and d demand points.

    Attributes
    ----------
    chosen
        Candidates, in any order.
    alone
        float64[n]: what each would add to the existing stations if it alone were opened.
    gained
        float64[n]: what it adds to the existing stations and the sites before it.
    lost
        float64[n]: what the plan would lose without it, nothing else changed.

    Examples
    --------
    >>> problem = Problem(
    ...     weights=np.array([10.0, 20.0, 30.0]),
    ...     covered=np.zeros(3, dtype=bool),
    ...     indptr=np.array([0, 2, 3, 5]),
    ...     demand=np.array([0, 1, 2, 1, 2], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 2000, 2000]),
    ...     allowed=np.ones(3, dtype=bool),
    ...     new=2,
    ... )
    >>> swaps = Exchange(problem, (2, 0))
    >>> swaps.alone.tolist(), swaps.lost.tolist()
    ([50.0, 30.0], [30.0, 10.0])
    >>> swaps.gains_without(0).tolist()
    [0.0, 30.0, 30.0]
    """

    problem: Problem
    chosen: tuple[int, ...]
    alone: Float64 = field(init=False)
    gained: Float64 = field(init=False)
    lost: Float64 = field(init=False)
    _entries: list[Int64] = field(init=False)
    _site: Int64 = field(init=False)
    _beside: Float64 = field(init=False)
    _inside: list[tuple[Float64, Float64]] = field(init=False)

    def __post_init__(self) -> None:
        """Count who is reached by which site alone."""
        task, size = self.problem, len(self.chosen)
        counts, sums = np.zeros(len(task.weights), np.int64), np.zeros(len(task.weights), np.int64)
        self.alone, self.gained = np.zeros(size), np.zeros(size)
        fresh = np.where(task.covered, 0.0, task.weights)
        unreached = fresh.copy()
        for position, site in enumerate(self.chosen):
            reached = task.demand[task.indptr[site] : task.indptr[site + 1]]
            counts[reached] += 1
            sums[reached] += position
            self.alone[position] = fresh[reached].sum()
            self.gained[position] = unreached[reached].sum()
            unreached[reached] = 0.0
        only = np.where((counts == 1) & ~task.covered, sums, -1)
        self.lost = sum_by(only[only >= 0], task.weights[only >= 0], size)
        held = np.flatnonzero(only[task.demand] >= 0)
        owner = only[task.demand[held]]
        ends = np.cumsum(np.bincount(owner, minlength=size))
        self._entries = np.split(held[np.argsort(owner, kind="stable")], ends[:-1])
        self._site = np.repeat(np.arange(task.candidates), np.diff(task.indptr))
        self._beside = task.gains_beside(self.chosen)
        weighed = [task.counted(floor) for floor in task.floors]
        self._inside = [(weights, self._gains_beside(weights)) for weights in weighed]

    def gains_without(self, position: int) -> Float64:
        """Return float64[s]: what each candidate would add to the plan without one of its sites.

        Parameters
        ----------
        position
            Of the site in `chosen`; it gains itself what was lost with it.
        """
        return self._beside + self._own(position, self.problem.weights)

    def best_without(self, position: int, free: Bools, ties: Float64) -> tuple[int, float] | None:
        """Return who adds the most to the plan without one of its sites, and how much.

        Parameters
        ----------
        free
            bool[s]: who is looked at.
        ties
            float64[s]: of those that add the same, the one that has the most of it; then the first.

        Notes
        -----
        None where nobody would add anything.
        """
        gains = np.where(free, self.gains_without(position), 0.0)
        most = float(gains.max(initial=0.0))
        if most <= 0:
            return None
        top = np.flatnonzero(gains >= most * (1 - _EXACT))
        best = int(top[np.argmax(ties[top])])
        return best, float(gains[best])

    def limits(self, position: int) -> tuple[Limit, ...]:
        """Return the limits that keep some candidates from standing in for a site."""
        found = [
            *self._budget(position),
            *self._quotas(position),
            *self._pairs(position),
            *self._floors(position),
        ]
        return tuple(limit for limit in found if limit.broken.any())

    def _gains_beside(self, weights: Float64) -> Float64:
        open_weight = np.where(self.problem.reached(self.chosen), 0.0, weights)
        return sum_by(self._site, open_weight[self.problem.demand], self.problem.candidates)

    def _own(self, position: int, weights: Float64) -> Float64:
        """Return float64[s]: what each candidate reaches of whom a site alone reaches."""
        entries = self._entries[position]
        points = self.problem.demand[entries]
        return sum_by(self._site[entries], weights[points], self.problem.candidates)

    def _others(self, position: int) -> list[int]:
        return [site for other, site in enumerate(self.chosen) if other != position]

    def _budget(self, position: int) -> list[Limit]:
        task = self.problem
        if task.budget_yuan is None:
            return []
        left = task.budget_yuan - int(task.cost_yuan[self._others(position)].sum())
        return [Limit("budget", 0, task.cost_yuan > left)]

    def _quotas(self, position: int) -> list[Limit]:
        found, others = [], self._others(position)
        for number, quota in enumerate(self.problem.quotas):
            member = np.zeros(self.problem.candidates, dtype=bool)
            member[list(quota.sites)] = True
            count = int(member[others].sum()) + member
            too_many = count > (len(member) if quota.most is None else quota.most)
            found.append(Limit("quota", number, (count < quota.least) | too_many))
        return found

    def _pairs(self, position: int) -> list[Limit]:
        broken = np.zeros(self.problem.candidates, dtype=bool)
        others = set(self._others(position))
        for one, two in self.problem.apart:
            broken[one] |= two in others
            broken[two] |= one in others
        return [Limit("apart", 0, broken)]

    def _floors(self, position: int) -> list[Limit]:
        others = self.problem.reached(tuple(self._others(position)))
        found = []
        for number, (floor, (inside, beside)) in enumerate(
            zip(self.problem.floors, self._inside, strict=True)
        ):
            needed = floor.share * float(inside.sum())
            reached = float(inside[others].sum()) + beside + self._own(position, inside)
            broken = reached < needed - _EXACT * max(needed, 1.0)
            found.append(Limit("floor", number, broken))
        return found
