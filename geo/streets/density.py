"""How much street there is around a place: where there is little, the data may lack paths."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import metres_per_degree
from geo.streets.attachment import positions
from geo.streets.near import segments_within
from geo.streets.network import Float64, Int64, Network
from geo.streets.snap import segment_grid

DEFAULT_RADIUS_M = 500.0
BLOCK_POINTS = 1000


def street_density(
    net: Network, lon: ArrayLike, lat: ArrayLike, *, radius_m: float = DEFAULT_RADIUS_M
) -> Float64:
    """Return float64[p]: kilometres of open street within a circle around each point, per km2.

    Pieces of street are cut exactly at the circle, in the flat frame around the point.

    Parameters
    ----------
    net
        The streets.
    lon, lat
        WGS-84 degrees, of one shape [p].
    radius_m
        Of the circle, metres.

    Raises
    ------
    ValueError
        A position is not finite, or the radius is not positive.
    """
    x, y = positions(lon, lat)
    if not radius_m > 0:
        msg = f"the radius is {radius_m} m"
        raise ValueError(msg)
    wanted = net.edge_open[segment_grid(net).edge]
    length_m = np.zeros(len(x))
    for low in range(0, len(x), BLOCK_POINTS):
        block = slice(low, low + BLOCK_POINTS)
        length_m[block] = _lengths(net, wanted, (x[block], y[block]), radius_m)
    return np.asarray(length_m / 1e3 / (np.pi * radius_m**2 / 1e6))


def _lengths(
    net: Network, wanted: NDArray[np.bool_], points: tuple[Float64, Float64], radius_m: float
) -> Float64:
    size = len(points[0])
    limit_m = np.full(size, radius_m)
    point, segment, _, _ = segments_within(net, wanted, points, limit_m)
    # A segment comes once per cell that it touches.
    count = len(segment_grid(net).start)
    point, segment = np.divmod(np.unique(point * count + segment), count)
    chord = _chords(net, points, point, segment, radius_m)
    length_m = np.zeros(size)
    np.add.at(length_m, point, chord)
    return length_m


def _chords(
    net: Network,
    points: tuple[Float64, Float64],
    point: Int64,
    segment: Int64,
    radius_m: float,
) -> Float64:
    """Return the metres of each segment inside the circle around its point."""
    lon, lat = (part[point] for part in points)
    per_lon, per_lat = metres_per_degree(lat)
    a = segment_grid(net).start[segment]
    ax, ay = (net.geom_lon[a] - lon) * per_lon, (net.geom_lat[a] - lat) * per_lat
    dx = (net.geom_lon[a + 1] - net.geom_lon[a]) * per_lon
    dy = (net.geom_lat[a + 1] - net.geom_lat[a]) * per_lat
    size = np.hypot(dx, dy)
    safe = np.where(size > 0, size, 1.0)
    # Distance along the line to the point nearest the centre, and half the chord there.
    middle = -(ax * dx + ay * dy) / safe
    half = np.sqrt(np.maximum(radius_m**2 - (ax * dy - ay * dx) ** 2 / safe**2, 0.0))
    inside = np.clip(middle + half, 0.0, size) - np.clip(middle - half, 0.0, size)
    return np.where(size > 0, inside, 0.0)
