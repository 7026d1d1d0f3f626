"""Pairs of places within a distance in a straight line: geodesic, inclusive."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import GEOD, geodesic_m

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Places = tuple[Float64, Float64]
"""Longitudes and latitudes, WGS-84 degrees."""


def pairs_within(first: Places, second: Places, limit_m: float) -> tuple[Int64, Int64, Float64]:
    """Return the numbers of both places, and metres between them, of all pairs in reach (<=).

    Parameters
    ----------
    limit_m
        Geodesic metres, inclusive.

    Returns
    -------
    tuple
        One entry per pair, by first and then second number.
    """
    if not len(first[0]) or not len(second[0]):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    trees = [cKDTree(_in_space(places)) for places in (first, second)]
    # The chord through the earth is never longer than the way along it.
    near = trees[0].query_ball_tree(trees[1], limit_m)
    one = np.repeat(np.arange(len(near), dtype=np.int64), [len(others) for others in near])
    other = np.array([number for others in near for number in sorted(others)], dtype=np.int64)
    metres = geodesic_m(first[0][one], first[1][one], second[0][other], second[1][other])
    within = metres <= limit_m
    return one[within], other[within], metres[within]


def any_within(first: Places, second: Places, limit_m: float) -> NDArray[np.bool_]:
    """Return which of the first have any of the second within reach (<=)."""
    out = np.zeros(len(first[0]), dtype=bool)
    out[pairs_within(first, second, limit_m)[0]] = True
    return out


def _in_space(places: Places) -> Float64:
    """Return float64[n, 3]: positions on the ellipsoid in metres from the middle of the earth."""
    lon, lat = (np.radians(part) for part in places)
    normal_m = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(lat) ** 2)
    level = normal_m * np.cos(lat)
    height = normal_m * (1 - GEOD.es) * np.sin(lat)
    return np.column_stack((level * np.cos(lon), level * np.sin(lon), height))
