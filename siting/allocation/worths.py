"""What any set of candidates is worth by each goal, and what one site more would add to it.

Goals of `siting.allocation.lazy_search` whose columns are all candidates, as the table has them:
those that may not be opened, too, so that it can be told what keeping them out costs. More is
better; walks count below nothing. All is recounted from catchments and walks; nothing is solved.
Seats have a goal already: `siting.allocation.seats.seating`.
"""

from abc import abstractmethod

import numpy as np

from geo.catchments import ABSENT, Travel
from siting.allocation.backup import BackupProblem
from siting.allocation.capacity import CapacityProblem
from siting.allocation.gradual import GradualProblem, Int32
from siting.allocation.lazy_search import Goal
from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.seats.seating import Seating
from siting.sums import sum_by

BOUNDED_BY = 512
"""So many of the longest walks bound what a site can do for the longest one."""


class PointGoal(Goal):
    """A goal that adds up over demand points: what one site more adds is exact.

    Attributes
    ----------
    indptr, demand
        Candidate j reaches demand[indptr[j] : indptr[j + 1]].
    """

    def __init__(self, indptr: Int64, demand: Int32) -> None:
        """Keep who reaches whom."""
        self.indptr, self.demand = indptr, demand
        self._site = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))

    @abstractmethod
    def counts(self, plan: list[int]) -> Float64:
        """Return float64[d]: what each demand point counts."""

    @abstractmethod
    def added(self, plan: list[int]) -> Float64:
        """Return float64[nnz]: what each entry of `demand` adds to `plan`."""

    def value(self, plan: list[int]) -> float:
        """Return what a plan is worth."""
        return float(self.counts(plan).sum())

    def most_beside(self, plan: list[int]) -> Float64:
        """Return float64[s]: what each candidate adds to `plan`; nothing where it is of it."""
        found = sum_by(self._site, self.added(plan), len(self.indptr) - 1)
        found[plan] = 0.0
        return found

    def fresh(self, plan: list[int], site: int) -> Float64:
        """Return float64[d]: what a site adds to `plan` at each point, in weight."""
        return self.counts([*plan, site]) - self.counts(plan)


class Twice(PointGoal):
    """Weight with a station, and with a second one (`siting.allocation.backup`)."""

    def __init__(self, problem: BackupProblem) -> None:
        """Take who is reached how often."""
        super().__init__(problem.base.indptr, problem.base.demand)
        self._problem = problem
        self._worth = np.array([0.0, 1 - problem.share, 1.0, 1.0])

    def counts(self, plan: list[int]) -> Float64:
        """Return float64[d]: what each demand point counts."""
        counts: Float64 = self._problem.base.weights * self._worth[self._times(plan)]
        return counts

    def added(self, plan: list[int]) -> Float64:
        """Return float64[nnz]: what each entry adds."""
        step = self._problem.base.weights * np.diff(self._worth)[self._times(plan)]
        return step[self.demand]

    def _times(self, plan: list[int]) -> Int64:
        return np.minimum(self._problem.times(tuple(plan)), 2)


def seats_goal(problem: CapacityProblem) -> Seating:
    """Return whom the seats of existing stations and of all candidates serve, point by point."""
    seats = np.vstack([problem.station_seats, problem.seats])
    existing = problem.station_reach.shape[0]
    return Seating(problem.reach, problem.heads, seats, problem.hours, existing)


class Near(PointGoal):
    """A goal of the way to the nearest open station.

    Attributes
    ----------
    weights
        float64[d].
    """

    def __init__(self, travel: Travel, weights: Float64, before: Int64) -> None:
        """Keep the ways.

        Parameters
        ----------
        travel
            From all candidates.
        before
            int64[d]: the way to the nearest existing station; a number no way is above where none
            is within reach.
        """
        super().__init__(travel.indptr, travel.demand)
        self.weights, self._cost, self._before = weights, travel.cost.astype(np.int64), before

    def ways(self, plan: list[int]) -> Int64:
        """Return int64[d]: the way to the nearest open station."""
        near = self._before.copy()
        for site in plan:
            part = slice(self.indptr[site], self.indptr[site + 1])
            np.minimum.at(near, self.demand[part], self._cost[part])
        return near

    def site_of(self, entries: Int64) -> Int64:
        """Return the candidate of some entries."""
        return self._site[entries]

    def way_of(self, entries: Int64) -> Int64:
        """Return the way of some entries."""
        return self._cost[entries]

    @abstractmethod
    def worth(self, ways: Int64) -> Float64:
        """Return what a worker counts at the end of each way."""

    def counts(self, plan: list[int]) -> Float64:
        """Return float64[d]: what each demand point counts."""
        return self.weights * self.worth(self.ways(plan))

    def added(self, plan: list[int]) -> Float64:
        """Return float64[nnz]: what each entry adds."""
        near = self.ways(plan)[self.demand]
        with_it = self.worth(np.minimum(near, self._cost))
        return self.weights[self.demand] * (with_it - self.worth(near))


class ByBand(Near):
    """Weight by bands of distance (`siting.allocation.gradual`)."""

    def __init__(self, problem: GradualProblem, travel: Travel) -> None:
        """Take the bands; `travel` is of all candidates."""
        far = np.iinfo(np.int32).max
        before = np.where(problem.nearest == ABSENT, far, problem.nearest).astype(np.int64)
        super().__init__(travel, problem.base.weights, before)
        self._most = [band.most for band in problem.bands]
        self._worths = np.array([*(band.worth for band in problem.bands), 0.0])

    def worth(self, ways: Int64) -> Float64:
        """Return the worth of the band that each way lies in."""
        return self._worths[np.searchsorted(self._most, ways, side="left")]


class Walked(Near):
    """Weight times way, below nothing: the less is walked the better (the p-median)."""

    def worth(self, ways: Int64) -> Float64:
        """Return minus the way."""
        return -ways.astype(np.float64)

    def fresh(self, plan: list[int], site: int) -> Float64:
        """Return float64[d]: the weight whose way a site shortens."""
        shorter = self.ways([*plan, site]) < self.ways(plan)
        return np.where(shorter, self.weights, 0.0)


class Longest(Goal):
    """The longest way of some demand points, below nothing (the p-center).

    Attributes
    ----------
    near
        The ways of all points; the mean decides where the longest way is the same.
    """

    def __init__(self, near: Walked, counting: Bools) -> None:
        """Count the points of `counting` (bool[d]) only."""
        self.near = near
        self._points = np.flatnonzero(counting)
        place = np.full(len(counting), -1, dtype=np.int64)
        place[self._points] = np.arange(len(self._points))
        entries = np.flatnonzero(place[near.demand] >= 0)
        order = np.argsort(near.demand[entries], kind="stable")
        self._entry = entries[order]
        ends = np.cumsum(np.bincount(near.demand[self._entry], minlength=len(counting)))
        self._end = np.concatenate([[0], ends])

    def longest(self, plan: list[int]) -> int:
        """Return the longest way; 0 where nobody counts."""
        return int(self.near.ways(plan)[self._points].max(initial=0))

    def value(self, plan: list[int]) -> float:
        """Return minus the longest way."""
        return -float(self.longest(plan))

    def most_beside(self, plan: list[int]) -> Float64:
        """Return float64[s]: by how much each candidate shortens the longest way, at most.

        Of the longest ways each is as it was, or the candidate's own.
        """
        ways = self.near.ways(plan)
        top = self._points[np.argsort(-ways[self._points], kind="stable")[:BOUNDED_BY]]
        left = np.zeros(len(self.near.indptr) - 1, dtype=np.int64)
        for point in top.tolist():
            entries = self._entry[self._end[point] : self._end[point + 1]]
            with_it = np.full(len(left), ways[point])
            site = self.near.site_of(entries)
            np.minimum.at(with_it, site, self.near.way_of(entries))
            left = np.maximum(left, with_it)
        return float(ways[self._points].max(initial=0)) - left.astype(np.float64)

    def fresh(self, plan: list[int], site: int) -> Float64:
        """Return float64[d]: the weight whose way a site shortens."""
        return self.near.fresh(plan, site)
