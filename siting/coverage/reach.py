"""Who reaches which station: a travel matrix turned round, point by point."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geo.catchments import Travel
from geo.rows import take_rows
from siting.filters import own_grounds_m

_MM_PER_M = 1000.0
_Rank = TypeVar("_Rank", np.uint8, np.uint16)
_CHUNK_ENTRIES = 1 << 18
"""Entries looked at together: bounds the memory, flat in time."""
_POINTS_AT_ONCE = 1024
"""Points looked at together: what is compared stays in the cache."""


@dataclass(frozen=True, eq=False)
class Reach:
    """The stations within the cut-off of each demand point; s stations, p points, n entries.

    Attributes
    ----------
    indptr
        int64[p + 1]; the entries of point i are indptr[i] .. indptr[i + 1].
    site
        int32[n]: the station of each entry.
    own
        uint8[n]: 1 where the point lies on the grounds of the station's host.
    sites
        Number of stations.
    """

    indptr: NDArray[np.int64]
    site: NDArray[np.int32]
    own: NDArray[np.uint8]
    sites: int

    @property
    def points(self) -> int:
        """Number of demand points."""
        return len(self.indptr) - 1

    def only(self, points: NDArray[np.int64]) -> "Reach":
        """Return the same for some of the points, in the order of `points`."""
        indptr, entry = take_rows(self.indptr, points)
        return Reach(indptr, self.site[entry], self.own[entry], self.sites)

    def best(self, level: NDArray[_Rank], least: int = 1) -> NDArray[_Rank]:
        """Return [p, c]: the level to which at least `least` stations in reach get, by cell.

        Parameters
        ----------
        level
            uint8[2, s, c], as `Supply.level` has it, or any other rank of stations; 0: of no use.
        least
            1: the best station alone says it. 2: the second best (cross coverage).
        """
        return self.best_of(np.arange(self.points), level, least)

    def best_of(
        self, points: NDArray[np.int64], level: NDArray[_Rank], least: int = 1
    ) -> NDArray[_Rank]:
        """Return [len(points), c]: the same for some points."""
        out = np.zeros((len(points), level.shape[2]), dtype=level.dtype)
        of_site = level.reshape(2 * self.sites, level.shape[2])
        entries = self.indptr[points + 1] - self.indptr[points]
        order = np.argsort(-entries, kind="stable")
        for first in range(0, len(points), _POINTS_AT_ONCE):
            some = order[first : first + _POINTS_AT_ONCE]
            out[some] = self._top(points[some], entries[some], of_site, least)
        return out

    def _top(
        self,
        points: NDArray[np.int64],
        entries: NDArray[np.int64],
        of_site: NDArray[_Rank],
        least: int,
    ) -> NDArray[_Rank]:
        """Return the `least`-th highest level of each point; those with most entries come first.

        Rank by rank: the first station of all points, then the second of those that have one. Far
        quicker than numpy's `maximum.reduceat` over the entries.
        """
        top = np.zeros((least, len(points), of_site.shape[1]), dtype=of_site.dtype)
        for rank in range(entries.max(initial=0)):
            having = int(np.searchsorted(-entries, -rank))
            entry = self.indptr[points[:having]] + rank
            row = self.own[entry] * np.int64(self.sites) + self.site[entry]
            got = np.take(of_site, row, axis=0)
            for place in top:
                held = place[:having].copy()
                np.maximum(held, got, out=place[:having])
                np.minimum(held, got, out=got)
        lowest: NDArray[_Rank] = top[-1]
        return lowest

    def parts(self, points: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Cut points into runs of about `_CHUNK_ENTRIES` entries."""
        size = self.indptr[points + 1] - self.indptr[points]
        run = np.cumsum(size) // _CHUNK_ENTRIES
        return [part for part in np.split(points, np.flatnonzero(np.diff(run)) + 1) if len(part)]


def read_reach(travel: Travel, sites: NDArray[np.bool_], own_m: float | None = None) -> Reach:
    """Return who reaches which of the chosen stations of a travel matrix.

    Parameters
    ----------
    travel
        Costs in millimetres, up to the cut-off (inclusive).
    sites
        bool[s]: the stations that count; the others are as if they were not there.
    own_m
        How far a host's own grounds reach, metres along streets, inclusive; None: as
        data/reference/access.toml says.
    """
    limit = round((own_grounds_m() if own_m is None else own_m) * _MM_PER_M)
    site = np.repeat(np.arange(travel.sites, dtype=np.int32), np.diff(travel.indptr))
    kept = sites[site]
    site, point = site[kept], travel.demand[kept]
    order = np.argsort(point, kind="stable")
    indptr = np.zeros(travel.points + 1, dtype=np.int64)
    np.cumsum(np.bincount(point, minlength=travel.points), out=indptr[1:])
    own = (travel.cost_mm[kept] <= limit).astype(np.uint8)
    return Reach(indptr, site[order], own[order], travel.sites)
