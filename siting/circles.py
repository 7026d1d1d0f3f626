"""What lies around places as the crow flies: found once for the same places, which rarely move.

Rules ask a dozen times what lies around every candidate, for every change of a radius or an hour.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from geo.catchments import STRAIGHT_LINE_FACTOR, travel
from siting.sums import sum_by

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

MOST_KEPT = 4_000_000
"""Pairs and places kept in all (20 bytes each); the longest unasked go first."""


@dataclass(frozen=True, eq=False)
class Circle:
    """Places and what lies around them: one entry per pair.

    Attributes
    ----------
    place, other
        int64[k], int32[k]: indices of both.
    metres
        float64[k]: as the crow flies.
    """

    place: Int64
    other: NDArray[np.int32]
    metres: Float64
    places: int

    def sums(self, values: Float64) -> Float64:
        """Return float64[places]: the values of what lies around, summed."""
        return sum_by(self.place, values[self.other], self.places)

    def greatest(self, values: Float64) -> tuple[Float64, Int64]:
        """Return the greatest value around each place and whose it is; NaN and -1: nothing."""
        order = np.lexsort((self.other, self.metres, -values[self.other], self.place))
        owners, first = np.unique(self.place[order], return_index=True)
        best = np.full(self.places, -1, dtype=np.int64)
        best[owners] = self.other[order][first]
        return np.append(values, np.nan)[best], best

    def nearest(self) -> Float64:
        """Return float64[places]: metres to what lies nearest; NaN: nothing around."""
        least = np.full(self.places, np.inf)
        np.minimum.at(least, self.place, self.metres)
        return np.where(np.isfinite(least), least, np.nan)


@dataclass(frozen=True, eq=False)
class _Asked:
    """Where a circle was asked for, and what was found."""

    lon: Float64
    lat: Float64
    found: Circle

    @property
    def size(self) -> int:
        """Pairs and places: either may be many."""
        return len(self.found.place) + len(self.lon)


class Kept:
    """The last circle around every set of positions, by these and the radius; any thread may ask.

    Of places that were asked for before, most have rarely moved: only what lies around the others
    is looked for.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._held: OrderedDict[bytes, _Asked] = OrderedDict()
        self._lock = Lock()

    def circle(
        self, lon: Float64, lat: Float64, to_lon: Float64, to_lat: Float64, radius_m: float
    ) -> Circle:
        """Return the pairs; parameters as of the function `circle`."""
        # The first place tells one set of places from another around the same positions.
        mark = _digest(radius_m, to_lon, to_lat, lon[:1], lat[:1])
        with self._lock:
            last = self._held.get(mark)
            if last is not None:
                self._held.move_to_end(mark)
        moved = np.ones(len(lon), dtype=bool) if last is None else _moved(last, lon, lat)
        if last is not None and len(lon) == last.found.places and not moved.any():
            return last.found
        found = _search(lon[moved], lat[moved], to_lon, to_lat, radius_m)
        if last is not None and not moved.all():
            found = _joined(last.found, found, np.flatnonzero(moved), len(lon))
        for array in (found.place, found.other, found.metres):
            array.flags.writeable = False  # others read them, too
        self._keep(mark, _Asked(lon.copy(), lat.copy(), found))
        return found

    def _keep(self, mark: bytes, asked: _Asked) -> None:
        """Keep a circle, and let go of the longest unasked ones; one too large is not kept."""
        with self._lock:
            self._held.pop(mark, None)
            if asked.size > self._most:
                return
            self._held[mark] = asked
            size = sum(held.size for held in self._held.values())
            while size > self._most:
                _, gone = self._held.popitem(last=False)
                size -= gone.size


_KEPT = Kept()


def circle(lon: Float64, lat: Float64, to_lon: Float64, to_lat: Float64, radius_m: float) -> Circle:
    """Return the pairs of places and positions within `radius_m` (<=), as the crow flies.

    Parameters
    ----------
    lon, lat, to_lon, to_lat
        WGS-84 degrees.
    """
    return _KEPT.circle(lon, lat, to_lon, to_lat, radius_m)


def _search(
    lon: Float64, lat: Float64, to_lon: Float64, to_lat: Float64, radius_m: float
) -> Circle:
    # Without streets, travel is the straight line times one factor: undone here.
    near = travel(None, lon, lat, to_lon, to_lat, cutoff_m=radius_m * STRAIGHT_LINE_FACTOR)
    owner = np.repeat(np.arange(near.sites), np.diff(near.indptr))
    return Circle(owner, near.demand, near.cost_mm / 1000 / STRAIGHT_LINE_FACTOR, near.sites)


def _moved(last: _Asked, lon: Float64, lat: Float64) -> NDArray[np.bool_]:
    """Return bool[places]: those that are new, or stood elsewhere."""
    both = min(len(lon), len(last.lon))
    moved = np.ones(len(lon), dtype=bool)
    moved[:both] = (lon[:both] != last.lon[:both]) | (lat[:both] != last.lat[:both])
    return moved


def _joined(before: Circle, found: Circle, moved: Int64, places: int) -> Circle:
    """Return what lay around places that stayed, and what was found around those that moved."""
    gone = np.zeros(max(places, before.places), dtype=bool)
    gone[moved] = True
    gone[places:] = True
    stays = ~gone[before.place]
    place = np.concatenate([before.place[stays], moved[found.place]])
    order = np.argsort(place, kind="stable")  # of a place, all pairs are of one of the two
    other = np.concatenate([before.other[stays], found.other])
    metres = np.concatenate([before.metres[stays], found.metres])
    return Circle(place[order], other[order], metres[order], places)


def _digest(radius_m: float, *axes: Float64) -> bytes:
    mark = hashlib.sha256(np.float64(radius_m).tobytes())
    for axis in axes:
        mark.update(len(axis).to_bytes(8))
        mark.update(np.ascontiguousarray(axis, dtype=np.float64).tobytes())
    return mark.digest()
