"""Effective coverage kept exact while one station comes, moves, goes or changes its record."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from siting.coverage.effective import LEVELS, sum_levels
from siting.coverage.levels import Level, Levels
from siting.coverage.points import Float64
from siting.coverage.reach import Reach
from siting.sums import sum_by


@dataclass(frozen=True, eq=False)
class _Newcomer:
    """A station that was not there at first: whom it reaches, and how far it gets them."""

    points: NDArray[np.int64]
    own: NDArray[np.uint8]
    level: Levels  # (2, c)


@dataclass(eq=False)
class LiveEffective:
    """The worker-hours at each level, after every change what a new computation would give.

    A station that comes may be open on any days: cells should be of every day by itself.

    Stations are numbered as in `reach`; those that come get the numbers after them.

    Parameters
    ----------
    reach
        Of the stations at first.
    level
        uint8[2, s, c], as `Supply.level` has it; a copy is kept.
    hours
        float64[p, c], as `hours_by_cell` has them.
    """

    reach: Reach
    level: Levels
    hours: Float64
    _best: Levels = field(init=False)
    _points_of: list[NDArray[np.int64]] = field(init=False)
    _newcomers: dict[int, _Newcomer] = field(init=False, default_factory=dict)
    _next: int = field(init=False)

    def __post_init__(self) -> None:
        """Compute the state at first."""
        self.level = self.level.copy()
        self._best = self.reach.best(self.level)
        self._points_of = _points_by_site(self.reach)
        self._next = self.reach.sites
        self.hours_by_level = sum_levels(self.hours, self._best)[0].sum(axis=0)

    @property
    def best(self) -> Levels:
        """uint8[p, c] of now; do not change it."""
        return self._best

    def add(self, points: ArrayLike, own: ArrayLike, level: Levels) -> int:
        """Let a station come; return its number.

        Parameters
        ----------
        points
            int[n]: distinct demand points within the cut-off.
        own
            uint8[n]: 1 where the point lies on the grounds of its host.
        level
            uint8[2, c]: how far it gets them.
        """
        new = _newcomer(points, own, level)
        number = self._next
        self._next += 1
        self._newcomers[number] = new
        found = np.maximum(self._best[new.points], new.level[new.own])
        self._write(new.points, found)
        return number

    def remove(self, site: int) -> None:
        """Let a station go."""
        gone = self._reached(site)
        if site in self._newcomers:
            del self._newcomers[site]
        else:
            self.level[:, site] = Level.OUT_OF_REACH
        self._recompute(gone)

    def change(self, site: int, level: Levels) -> None:
        """Let a station have other hours, rights or services: `level` is uint8[2, c]."""
        if site in self._newcomers:
            held = self._newcomers[site]
            self._newcomers[site] = _Newcomer(held.points, held.own, level)
        else:
            self.level[:, site] = level
        self._recompute(self._reached(site))

    def move(self, site: int, points: ArrayLike, own: ArrayLike, level: Levels) -> int:
        """Let a station stand elsewhere; return its number from now on."""
        self.remove(site)
        return self.add(points, own, level)

    def tried(
        self, points: ArrayLike, own: ArrayLike, level: Levels, *, instead_of: int | None = None
    ) -> Float64:
        """Return the worker-hours at each level if a station came; nothing changes.

        Parameters
        ----------
        points, own, level
            As for `add`; no points: nobody comes.
        instead_of
            A station that would go.
        """
        new = _newcomer(points, own, level)
        newcomers = {n: held for n, held in self._newcomers.items() if n != instead_of}
        near, stations = new.points, self.level
        if instead_of is not None:
            near = np.union1d(near, self._reached(instead_of))
        if instead_of is not None and instead_of not in self._newcomers:
            stations = stations.copy()
            stations[:, instead_of] = Level.OUT_OF_REACH
        found = self._found(near, stations, [*newcomers.values(), new])
        hours = self.hours[near]
        moved = self._sums(found, hours) - self._sums(self._best[near], hours)
        total: Float64 = self.hours_by_level + moved
        return total

    def _reached(self, site: int) -> NDArray[np.int64]:
        if site in self._newcomers:
            return self._newcomers[site].points
        return self._points_of[site]

    def _recompute(self, points: NDArray[np.int64]) -> None:
        self._write(points, self._found(points, self.level, self._newcomers.values()))

    def _found(
        self, points: NDArray[np.int64], level: Levels, newcomers: Iterable[_Newcomer]
    ) -> Levels:
        """Return uint8[len(points), c]: how far stations of `level` and newcomers get them."""
        found = self.reach.best_of(points, level)
        place = np.full(self.reach.points, -1)
        place[points] = np.arange(len(points))
        for new in newcomers:
            at = place[new.points]
            near = at >= 0
            found[at[near]] = np.maximum(found[at[near]], new.level[new.own[near]])
        return found

    def _write(self, points: NDArray[np.int64], found: Levels) -> None:
        hours = self.hours[points]
        self.hours_by_level += self._sums(found, hours) - self._sums(self._best[points], hours)
        self._best[points] = found

    @staticmethod
    def _sums(level: Levels, hours: Float64) -> Float64:
        return sum_by(level.ravel(), hours.ravel(), LEVELS)


def _newcomer(points: ArrayLike, own: ArrayLike, level: Levels) -> _Newcomer:
    return _Newcomer(np.asarray(points, np.int64), np.asarray(own, np.uint8), level)


def _points_by_site(reach: Reach) -> list[NDArray[np.int64]]:
    point = np.repeat(np.arange(reach.points, dtype=np.int64), np.diff(reach.indptr))
    order = np.argsort(reach.site, kind="stable")
    ends = np.cumsum(np.bincount(reach.site, minlength=reach.sites))
    return np.split(point[order], ends[:-1])
