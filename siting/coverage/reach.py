"""Who reaches which station: a travel matrix turned round, point by point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.catchments import Travel
from geo.rows import take_rows
from siting.coverage.levels import Level, Levels
from siting.filters import own_grounds_m

_MM_PER_M = 1000.0
_CHUNK_ENTRIES = 1 << 18
"""Entries looked at together: bounds the memory, flat in time."""


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

    def best(self, level: Levels, least: int = 1) -> Levels:
        """Return uint8[p, c]: the level to which at least `least` stations in reach get, by cell.

        Parameters
        ----------
        level
            uint8[2, s, c], as `Supply.level` has it.
        least
            1: the best station alone says it. 2: the second best (cross coverage).
        """
        out = np.full((self.points, level.shape[2]), Level.OUT_OF_REACH, dtype=np.uint8)
        reached = np.flatnonzero(np.diff(self.indptr))
        for part in self.parts(reached):
            out[part] = self.best_of(part, level, least)
        return out

    def best_of(self, points: NDArray[np.int64], level: Levels, least: int = 1) -> Levels:
        """Return uint8[len(points), c] for `points`, each of which reaches some station."""
        chosen = self.only(points)
        got, first = level[chosen.own, chosen.site], chosen.indptr[:-1]
        if least == 1:
            return np.maximum.reduceat(got, first, axis=0)
        # Levels ascend: the number of steps that enough stations take is the level they get to.
        out = np.zeros((len(points), level.shape[2]), dtype=np.uint8)
        for step in list(Level)[1:]:
            out += np.add.reduceat(got >= step, first, axis=0, dtype=np.int32) >= least
        return out

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
