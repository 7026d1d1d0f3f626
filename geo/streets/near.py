"""Every piece of street within a distance of each point: exact, compiled or vectorised."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geo.crs import metres_per_degree
from geo.streets.compiled import COMPILED, kernel
from geo.streets.network import Float64, Int64, Network
from geo.streets.snap import BLOCK, RING_SAFETY, pieces_around, segment_grid


def segments_within(
    net: Network,
    wanted: NDArray[np.bool_],
    points: tuple[Float64, Float64],
    limit_m: Float64,
    *,
    compiled: bool = COMPILED,
) -> tuple[Int64, Int64, Float64, Float64]:
    """Return point, segment, share before the foot, squared distance (m²) of all pieces in reach.

    A segment may come more than once. Distances are in the flat frame around the point, as in
    `geo.streets.snap.nearest_segments`.

    Parameters
    ----------
    net
        The streets.
    wanted
        bool per segment of the grid.
    points
        lon, lat, float64[p], WGS-84 degrees.
    limit_m
        float64[p], inclusive.
    compiled
        Whether to take the compiled way; both give the same pieces.
    """
    grid = segment_grid(net)
    lon, lat = points
    per_lon, per_lat = metres_per_degree(lat)
    reach = limit_m / (grid.cell_m * RING_SAFETY)
    frame = (grid.west, grid.south, grid.cell_lon, grid.cell_lat)
    shape = (grid.columns, grid.rows)
    lines = (net.geom_lon, net.geom_lat, grid.start, wanted, grid.ptr, grid.segment)
    search = _compiled if compiled else _blocks
    order = np.arange(len(lon)) if compiled else np.argsort(limit_m, kind="stable")
    parts = lon[order], lat[order], per_lon[order], per_lat[order], limit_m[order], reach[order]
    point, segment, along, far = search(parts, frame, shape, lines)
    return order[point], segment, along, far


def _compiled(
    points: tuple[Float64, ...],
    frame: tuple[float, float, float, float],
    shape: tuple[int, int],
    lines: tuple[NDArray[np.generic], ...],
) -> tuple[Int64, Int64, Float64, Float64]:
    nothing = np.empty((0, 2), np.int64), np.empty((0, 2), np.float64)
    fill: Callable[..., int] = _fill
    count = fill(points, frame, shape, lines, *nothing)
    whole, real = np.empty((count, 2), np.int64), np.empty((count, 2), np.float64)
    fill(points, frame, shape, lines, whole, real)
    return whole[:, 0], whole[:, 1], real[:, 0], real[:, 1]


@kernel
def _fill(points, frame, shape, lines, whole, real):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - numba infers the types
    """Count the pieces in reach, and write as many as `whole` and `real` have room for."""
    lon, lat, per_lon, per_lat, limit_m, reach = points
    geom_lon, geom_lat, start, wanted, ptr, segment = lines
    west, south, cell_lon, cell_lat = frame
    columns, rows = shape
    used = 0
    for point in range(len(lon)):
        x = (lon[point] - west) / cell_lon
        y = (lat[point] - south) / cell_lat
        first = max(int(np.floor(x - reach[point])), 0)
        last = min(int(np.floor(x + reach[point])), columns - 1)
        lower = max(int(np.floor(y - reach[point])), 0)
        upper = min(int(np.floor(y + reach[point])), rows - 1)
        best = limit_m[point] * limit_m[point]
        for row in range(lower, upper + 1):
            if last < first:
                break
            for k in range(ptr[row * columns + first], ptr[row * columns + last + 1]):
                piece = segment[k]
                if not wanted[piece]:
                    continue
                a = start[piece]
                ax = (geom_lon[a] - lon[point]) * per_lon[point]
                ay = (geom_lat[a] - lat[point]) * per_lat[point]
                dx = (geom_lon[a + 1] - geom_lon[a]) * per_lon[point]
                dy = (geom_lat[a + 1] - geom_lat[a]) * per_lat[point]
                square = dx * dx + dy * dy
                t = 0.0
                if square > 0.0:
                    t = min(1.0, max(0.0, -(ax * dx + ay * dy) / square))
                off_x, off_y = ax + t * dx, ay + t * dy
                far = off_x * off_x + off_y * off_y
                if far <= best:
                    if used < len(whole):
                        whole[used, 0], whole[used, 1] = point, piece
                        real[used, 0], real[used, 1] = t, far
                    used += 1
    return used


def _blocks(
    points: tuple[Float64, ...],
    frame: tuple[float, float, float, float],
    shape: tuple[int, int],
    lines: tuple[NDArray[np.generic], ...],
) -> tuple[Int64, Int64, Float64, Float64]:
    """Do what the kernel does, with whole arrays; a block looks as far as its last point."""
    *places, limit_m, reach = points
    found = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))]
    for low in range(0, len(limit_m), BLOCK):
        block = slice(low, low + BLOCK)
        lon, lat, per_lon, per_lat = (part[block] for part in places)
        owner, piece, t, far = pieces_around(
            (lon, lat, per_lon, per_lat), float(reach[block].max()), frame, shape, lines
        )
        near = far <= limit_m[low + owner] * limit_m[low + owner]
        found.append((low + owner[near], piece[near], t[near], far[near]))
    point, segment, along, square_m = (np.concatenate(part) for part in zip(*found, strict=True))
    return point, segment, along, square_m
