"""The nearest piece of street to each point, by a uniform grid: exact, compiled or vectorised."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.crs import METRES_PER_DEGREE_MIN, metres_per_degree
from geo.streets.build import gather_slices
from geo.streets.compiled import COMPILED, kernel
from geo.streets.network import Float64, Int64, Network

CELL_M = 60.0
"""The time is flat between 40 m and 80 m (Porto)."""

MAX_CELLS = 4_000_000
"""Cells are made larger where a network is so wide that it would need more of them."""

RING_SAFETY = 0.99
"""Cells are this much narrower, at worst, beside the network's northern or southern edge."""

ROUNDING_M = 1e-6
"""Borders of cells are computed to within this."""

BLOCK = 256


@dataclass(frozen=True, eq=False)
class SegmentGrid:
    """Straight pieces of street by cells of a uniform grid in longitude and latitude.

    Attributes
    ----------
    start, edge
        int64 per segment: index of its first vertex, and its edge; in the order of the edges.
    ptr, segment
        CSR: the segments whose bounding box touches cell row * columns + column.
    west, south, cell_lon, cell_lat
        Corner and cell size, degrees.
    cell_m
        A cell is nowhere narrower than this, metres.
    columns, rows
        Size of the grid.
    """

    start: Int64
    edge: Int64
    ptr: Int64
    segment: Int64
    west: float
    south: float
    cell_lon: float
    cell_lat: float
    cell_m: float
    columns: int
    rows: int


_GRIDS: WeakKeyDictionary[Network, SegmentGrid] = WeakKeyDictionary()


def segment_grid(net: Network) -> SegmentGrid:
    """Return the grid of `net`, built once per network."""
    if net not in _GRIDS:
        _GRIDS[net] = _build(net)
    return _GRIDS[net]


def share_grid(net: Network, changed: Network) -> None:
    """Give a network with the geometry of another one the grid of that."""
    if net in _GRIDS:
        _GRIDS[changed] = _GRIDS[net]


def nearest_segments(
    net: Network,
    wanted: NDArray[np.bool_],
    points: tuple[Float64, Float64],
    limit_m: float,
    *,
    compiled: bool = COMPILED,
) -> tuple[Int64, Float64]:
    """Return the nearest wanted segment of each point and the share of it before the foot.

    Distances are in the flat frame around the point (see `geo.crs.LocalFrame`).

    Parameters
    ----------
    net
        The streets.
    wanted
        bool per segment of the grid.
    points
        lon, lat, WGS-84 degrees.
    limit_m
        Inclusive; segments farther away are not found, and the number is -1.
    compiled
        Whether to take the compiled way; both give the same answer.
    """
    grid = segment_grid(net)
    lon, lat = points
    per_lon, per_lat = metres_per_degree(lat)
    frame = (grid.west, grid.south, grid.cell_lon, grid.cell_lat)
    shape = (grid.columns, grid.rows)
    lines = (net.geom_lon, net.geom_lat, grid.start, wanted, grid.ptr, grid.segment)
    search = _search if compiled else _search_blocks
    ring_m = grid.cell_m * RING_SAFETY
    return search(lon, lat, per_lon, per_lat, float(limit_m), ring_m, frame, shape, lines)


def _build(net: Network) -> SegmentGrid:
    every = np.arange(len(net.geom_lon))
    last = np.zeros(len(every), dtype=bool)
    last[net.geom_ptr[1:] - 1] = True
    start = every[~last]
    edge = np.repeat(np.arange(net.edges), np.diff(net.geom_ptr) - 1)
    west, south, east, north = net.meta.bbox
    per_lon = float(metres_per_degree(max(abs(south), abs(north)))[0])
    cell_m = max(CELL_M, _coarse_cell_m(east - west, north - south, per_lon))
    cell_lon, cell_lat = cell_m / per_lon, cell_m / METRES_PER_DEGREE_MIN
    columns = int((east - west) / cell_lon) + 1
    rows = int((north - south) / cell_lat) + 1
    lon, lat = ((net.geom_lon - west) / cell_lon, (net.geom_lat - south) / cell_lat)
    left, right = _span(lon, start, columns)
    lower, upper = _span(lat, start, rows)
    wide = right - left + 1
    number = np.repeat(np.arange(len(start)), wide * (upper - lower + 1))
    first = np.concatenate(([0], np.cumsum(wide * (upper - lower + 1))))[:-1]
    within = np.arange(len(number)) - first[number]
    cell = (lower[number] + within // wide[number]) * columns + left[number] + within % wide[number]
    order = np.argsort(cell, kind="stable")
    ptr = np.zeros(rows * columns + 1, dtype=np.int64)
    np.cumsum(np.bincount(cell, minlength=rows * columns), out=ptr[1:])
    return SegmentGrid(
        start=start,
        edge=edge,
        ptr=ptr,
        segment=number[order],
        west=west,
        south=south,
        cell_lon=cell_lon,
        cell_lat=cell_lat,
        cell_m=cell_m,
        columns=columns,
        rows=rows,
    )


def _coarse_cell_m(width_deg: float, height_deg: float, per_lon: float) -> float:
    area_m2 = (width_deg * per_lon) * (height_deg * METRES_PER_DEGREE_MIN)
    return float(np.sqrt(area_m2 / MAX_CELLS))


def _span(place: Float64, start: Int64, cells: int) -> tuple[Int64, Int64]:
    low = np.minimum(place[start], place[start + 1]).astype(np.int64)
    high = np.maximum(place[start], place[start + 1]).astype(np.int64)
    return np.clip(low, 0, cells - 1), np.clip(high, 0, cells - 1)


@kernel
def _search(lon, lat, per_lon, per_lat, limit_m, ring_m, frame, shape, lines):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, C901, PLR0913, PLR0917 - one hot loop; numba infers the types
    """Look at rings of cells around each point until no nearer segment can follow."""
    geom_lon, geom_lat, start, wanted, ptr, segment = lines
    west, south, cell_lon, cell_lat = frame
    columns, rows = shape
    count = len(lon)
    found = np.full(count, -1, np.int64)
    along = np.zeros(count, np.float64)
    rings = int(limit_m / ring_m) + 2
    for point in range(count):
        column = int(np.floor((lon[point] - west) / cell_lon))
        row = int(np.floor((lat[point] - south) / cell_lat))
        best = limit_m * limit_m
        for ring in range(rings):
            reach = (ring - 1) * ring_m
            if ring > 0 and reach * reach > best:
                break
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                edge = south + r * cell_lat - lat[point]
                gap = max(edge, -edge - cell_lat) * per_lat[point] - ROUNDING_M
                square_y = gap * gap if gap > 0.0 else 0.0
                if square_y > best:
                    continue
                whole = abs(r - row) == ring
                step = 1 if whole or ring == 0 else 2 * ring
                c = column - ring
                while c <= column + ring:
                    edge = west + c * cell_lon - lon[point]
                    gap = max(edge, -edge - cell_lon) * per_lon[point] - ROUNDING_M
                    square_x = gap * gap if gap > 0.0 else 0.0
                    if 0 <= c < columns and square_x + square_y <= best:
                        cell = r * columns + c
                        for k in range(ptr[cell], ptr[cell + 1]):
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
                            x = ax + t * dx
                            y = ay + t * dy
                            far = x * x + y * y
                            if far < best or (
                                far == best and (found[point] < 0 or piece < found[point])
                            ):
                                best = far
                                found[point] = piece
                                along[point] = t
                    c += step
    return found, along


def _search_blocks(  # noqa: PLR0913, PLR0917 - the kernel's arguments
    lon: Float64,
    lat: Float64,
    per_lon: Float64,
    per_lat: Float64,
    limit_m: float,
    ring_m: float,
    frame: tuple[float, float, float, float],
    shape: tuple[int, int],
    lines: tuple[NDArray[np.generic], ...],
) -> tuple[Int64, Float64]:
    """Do what the kernel does, with whole arrays: every segment in the box around a point."""
    found, along = np.full(len(lon), -1, np.int64), np.zeros(len(lon))
    for low in range(0, len(lon), BLOCK):
        block = slice(low, low + BLOCK)
        points = lon[block], lat[block], per_lon[block], per_lat[block]
        owner, piece, t, far = pieces_around(points, limit_m / ring_m, frame, shape, lines)
        order = np.lexsort((piece, far, owner))
        order = order[far[order] <= limit_m * limit_m]
        who, place = np.unique(owner[order], return_index=True)
        found[low + who] = piece[order][place]
        along[low + who] = t[order][place]
    return found, along


def pieces_around(
    points: tuple[Float64, Float64, Float64, Float64],
    reach: float,
    frame: tuple[float, float, float, float],
    shape: tuple[int, int],
    lines: tuple[NDArray[np.generic], ...],
) -> tuple[Int64, Int64, Float64, Float64]:
    """Return point, segment, share before the foot, squared distance of all in the cells around.

    Parameters
    ----------
    points
        lon, lat, and metres per degree of both at each point.
    reach
        Half the side of the box around a point, in cells.
    frame, shape
        Corner, cell size, columns and rows of the grid.
    lines
        Longitudes, latitudes, first vertices, wanted ones, and the grid's CSR.
    """
    lon, lat, per_lon, per_lat = points
    geom_lon, geom_lat, start, wanted, ptr, segment = lines
    point, cells = _cells_around(lon, lat, reach, frame, shape)
    bounds = np.column_stack((ptr[cells[:, 0]], ptr[cells[:, 1] + 1])).ravel()
    index, sizes = gather_slices(bounds, np.arange(0, len(bounds), 2))
    owner = np.repeat(point, np.diff(sizes))
    piece = segment[index]
    keep = wanted[piece]
    owner, piece = owner[keep], piece[keep]
    a = start[piece]
    ax = (geom_lon[a] - lon[owner]) * per_lon[owner]
    ay = (geom_lat[a] - lat[owner]) * per_lat[owner]
    dx = (geom_lon[a + 1] - geom_lon[a]) * per_lon[owner]
    dy = (geom_lat[a + 1] - geom_lat[a]) * per_lat[owner]
    square = dx * dx + dy * dy
    share = np.divide(-(ax * dx + ay * dy), square, out=np.zeros(len(a)), where=square > 0)
    t = np.clip(share, 0.0, 1.0)
    x, y = ax + t * dx, ay + t * dy
    return owner, piece, t, x * x + y * y


def _cells_around(
    lon: Float64,
    lat: Float64,
    reach: float,
    frame: tuple[float, float, float, float],
    shape: tuple[int, int],
) -> tuple[Int64, Int64]:
    """Return, per point and row of cells in its box, the point and the first and last cell."""
    west, south, cell_lon, cell_lat = frame
    columns, rows = shape
    ring = int(reach) + 1
    column = np.floor((lon - west) / cell_lon).astype(np.int64)
    row = np.floor((lat - south) / cell_lat).astype(np.int64)
    point, step = np.meshgrid(np.arange(len(lon)), np.arange(-ring, ring + 1), indexing="ij")
    r = row[point] + step
    left = np.maximum(column[point] - ring, 0)
    right = np.minimum(column[point] + ring, columns - 1)
    inside = (r >= 0) & (r < rows) & (left <= right)
    cells = np.column_stack(((r * columns + left)[inside], (r * columns + right)[inside]))
    return point[inside], cells
