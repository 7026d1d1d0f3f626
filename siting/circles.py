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

MOST_PAIRS = 4_000_000
"""Pairs kept in all (20 bytes each); the longest unasked go first."""


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


class Kept:
    """Circles by what was asked; any thread may ask."""

    def __init__(self, most_pairs: int = MOST_PAIRS) -> None:
        self._most = most_pairs
        self._held: OrderedDict[bytes, Circle] = OrderedDict()
        self._pairs = 0
        self._lock = Lock()

    def get(self, asked: bytes) -> Circle | None:
        """Return what was put under this, if it is still kept."""
        with self._lock:
            if asked in self._held:
                self._held.move_to_end(asked)
            return self._held.get(asked)

    def put(self, asked: bytes, found: Circle) -> None:
        """Keep a circle, and let go of the longest unasked ones; one too large is not kept."""
        with self._lock:
            if asked in self._held or len(found.place) > self._most:
                return
            self._held[asked] = found
            self._pairs += len(found.place)
            while self._pairs > self._most:
                _, gone = self._held.popitem(last=False)
                self._pairs -= len(gone.place)


_KEPT = Kept()


def circle(lon: Float64, lat: Float64, to_lon: Float64, to_lat: Float64, radius_m: float) -> Circle:
    """Return the pairs of places and positions within `radius_m` (<=), as the crow flies.

    Parameters
    ----------
    lon, lat, to_lon, to_lat
        WGS-84 degrees.
    """
    asked = _digest(radius_m, lon, lat, to_lon, to_lat)
    kept = _KEPT.get(asked)
    if kept is not None:
        return kept
    # Without streets, travel is the straight line times one factor: undone here.
    near = travel(None, lon, lat, to_lon, to_lat, cutoff_m=radius_m * STRAIGHT_LINE_FACTOR)
    owner = np.repeat(np.arange(near.sites), np.diff(near.indptr))
    metres = near.cost_mm / 1000 / STRAIGHT_LINE_FACTOR
    found = Circle(owner, near.demand, metres, near.sites)
    for array in (found.place, found.other, found.metres):
        array.flags.writeable = False  # others read them, too
    _KEPT.put(asked, found)
    return found


def _digest(radius_m: float, *axes: Float64) -> bytes:
    mark = hashlib.sha256(np.float64(radius_m).tobytes())
    for axis in axes:
        mark.update(len(axis).to_bytes(8))
        mark.update(np.ascontiguousarray(axis, dtype=np.float64).tobytes())
    return mark.digest()
