"""Rows of straight-line costs, for places without a street network."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from geo.crs import geodesic_m
from geo.streets.network import Float64, Int32, Int64

STRAIGHT_LINE_FACTOR = 1.35
"""Detour factor: median of real walking networks 1.3-1.4 (measured in five cities)."""

_MARGIN_M = 0.01
_TO_SPACE = ("EPSG:4979", "EPSG:4978")
_LEAST_M_PER_DEGREE = 110_000.0
"""Of latitude 110,574, of longitude at the equator 111,320: less than either."""
_POLAR_DEG = 85.0


def straight_rows(
    sites: tuple[Float64, Float64], demand: tuple[Float64, Float64], limit_mm: int
) -> tuple[Int64, Int32, Int32]:
    """Return the CSR rows (indptr, demand, cost in mm) of geodesic distance x 1.35 up to the limit.

    Chords through the earth, never longer than the geodesic, choose the pairs to measure.

    Parameters
    ----------
    sites, demand
        lon, lat, WGS-84 degrees.
    limit_mm
        Highest cost, inclusive.
    """
    if not (len(sites[0]) and len(demand[0])):
        return np.zeros(len(sites[0]) + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32)
    radius_m = limit_mm / 1000 / STRAIGHT_LINE_FACTOR + _MARGIN_M
    # Of a single place that has moved, only a corner of the district can be in reach.
    maybe = np.flatnonzero(_may_reach(sites, demand, radius_m))
    tree = cKDTree(_space(demand[0][maybe], demand[1][maybe]))
    near = tree.query_ball_point(_space(*sites), radius_m, return_sorted=True)
    site = np.repeat(np.arange(len(near)), [len(row) for row in near])
    point = maybe[np.concatenate([np.asarray(row, dtype=np.int64) for row in near])]
    metres = geodesic_m(sites[0][site], sites[1][site], demand[0][point], demand[1][point])
    cost = np.rint(metres * STRAIGHT_LINE_FACTOR * 1000)
    keep = cost <= limit_mm
    indptr = np.zeros(len(near) + 1, np.int64)
    np.cumsum(np.bincount(site[keep], minlength=len(near)), out=indptr[1:])
    return indptr, point[keep].astype(np.int32), cost[keep].astype(np.int32)


def _may_reach(
    sites: tuple[Float64, Float64], demand: tuple[Float64, Float64], radius_m: float
) -> NDArray[np.bool_]:
    """Return bool[demand]: those in a box around all sites that is surely wide enough."""
    lat = radius_m / _LEAST_M_PER_DEGREE
    south, north = float(sites[1].min()) - lat, float(sites[1].max()) + lat
    steepest = max(abs(south), abs(north))
    if steepest >= _POLAR_DEG:
        return np.ones(len(demand[0]), dtype=np.bool_)
    lon = lat / math.cos(math.radians(steepest))
    west, east = float(sites[0].min()) - lon, float(sites[0].max()) + lon
    inside = (demand[1] >= south) & (demand[1] <= north)
    if west < -180 or east > 180:  # it goes around
        return np.asarray(inside)
    return np.asarray(inside & (demand[0] >= west) & (demand[0] <= east))


def _space(lon: Float64, lat: Float64) -> Float64:
    return np.column_stack(_to_space().transform(lon, lat, np.zeros(len(lon))))


@cache
def _to_space() -> Transformer:
    return Transformer.from_crs(*_TO_SPACE, always_xy=True)
