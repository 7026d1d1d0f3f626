"""Metres to spare at the points of a grid: the field whose zero line bounds a service area.

A street with `left` metres of the cut-off to spare lends every place at distance d from it

    min(w, left) - d

metres, w being the longest leg from a street into its surroundings; of all pieces of street the
largest value counts. It is at least zero exactly where cost + leg <= cut-off and leg <= w, the leg
being the straight way from the nearest position on some straight piece of reached street. This is
what the travel matrix means by a demand point within the cut-off, if that point attaches to that
street.
"""

import math
from dataclasses import dataclass

import numpy as np

from geo.crs import LocalFrame
from geo.errors import InputError
from geo.service_areas.pieces import Vertices, frame_position, piece_vertices, reached_pieces
from geo.streets import Attached, Network
from geo.streets.compiled import COMPILED, kernel
from geo.streets.network import Float64

DEFAULT_MAX_LEG_M = 25.0
"""Half a street with its fronts: what is farther from any street is no part of the area."""

DEFAULT_CELL_M = 10.0
MAX_CELLS = 16_000_000

_NEIGHBOURS = 1.5
"""The field is exact up to so many cells beyond its zero line, which runs between grid points."""

_BACKGROUND = 3.0
"""Cells below zero where no street is near: the field falls by 2 m a metre at most."""


@dataclass(frozen=True, eq=False)
class CostField:
    """Metres to spare at grid points, which lie at whole multiples of the cell size.

    Attributes
    ----------
    values
        float64[rows, columns]: at least 0 inside the service area; row 0 is the southernmost.
    x_m, y_m
        float64[columns], float64[rows]: positions in `frame`.
    frame
        Metres around the first site.
    """

    values: Float64
    x_m: Float64
    y_m: Float64
    frame: LocalFrame


@dataclass(frozen=True, eq=False)
class Grid:
    """Points in rows and columns, metres in a flat frame."""

    x_m: Float64
    y_m: Float64
    cell_x_m: float
    cell_y_m: float


def cost_field(
    net: Network,
    sites: Attached,
    cutoff_m: float,
    *,
    max_leg_m: float = DEFAULT_MAX_LEG_M,
    cell_m: float = DEFAULT_CELL_M,
    compiled: bool = COMPILED,
) -> CostField | None:
    """Return the metres to spare around the streets that a site, or any of several, reaches.

    Parameters
    ----------
    net
        The streets.
    sites
        Points attached to `net`, one or several; those that are not attached reach nothing.
    cutoff_m
        Metres, inclusive.
    max_leg_m
        Longest leg from a street into its surroundings, metres, inclusive.
    cell_m
        Distance of grid points, metres; at most `max_leg_m`, or streets would be missed.
    compiled
        Whether numba computes; both ways give the same numbers.

    Returns
    -------
    CostField or None
        None where no street is reached.

    Raises
    ------
    InputError
        A size is not positive or not finite, a cell is wider than the leg is long, or the grid
        would have more than 16 million points.
    ValueError
        The cut-off is negative or not finite, or the network is not one for walking.
    """
    check_sizes(max_leg_m, cell_m)
    pieces = reached_pieces(net, sites, cutoff_m)
    position = frame_position(net, sites)
    if position is None or not len(pieces.edge):
        return None
    frame = LocalFrame(*position)
    vertices = piece_vertices(net, pieces)
    x, y = frame.to_m(vertices.lon, vertices.lat)
    margin = max_leg_m + 2 * cell_m
    grid = Grid(_axis(x, margin, cell_m), _axis(y, margin, cell_m), cell_m, cell_m)
    background = -_BACKGROUND * cell_m
    window = max_leg_m + _NEIGHBOURS * cell_m
    # No reach: a little beyond the leg the value is just below zero, and that places the zero line.
    values = spread(
        segments(vertices, x, y), grid, (max_leg_m, math.inf, window), background, compiled=compiled
    )
    return CostField(values, grid.x_m, grid.y_m, frame)


def check_sizes(max_leg_m: float, cell_m: float) -> None:
    """Refuse sizes that make no area.

    Raises
    ------
    InputError
        One is not positive or not finite, or a cell is wider than the leg is long.
    """
    if not (math.isfinite(max_leg_m) and 0 < cell_m <= max_leg_m):
        raise InputError("service_areas_sizes", max_leg_m=max_leg_m, cell_m=cell_m)


def check_cells(count: int) -> None:
    """Refuse a grid that is too large.

    Raises
    ------
    InputError
        It has more than 16 million points.
    """
    if count > MAX_CELLS:
        raise InputError("service_areas_cells", cells=count, most=MAX_CELLS)


def segments(vertices: Vertices, x_m: Float64, y_m: Float64) -> Float64:
    """Return float64[s, 6]: x, y, metres left at the start and at the end of straight pieces."""
    start = np.ones(len(x_m), dtype=bool)
    start[vertices.ptr[1:] - 1] = False
    first = np.flatnonzero(start)
    columns = [part[first + step] for step in (0, 1) for part in (x_m, y_m, vertices.left_m)]
    return np.ascontiguousarray(np.column_stack(columns))


def spread(
    pieces: Float64,
    grid: Grid,
    legs_m: tuple[float, float, float],
    background: float,
    *,
    compiled: bool = COMPILED,
) -> Float64:
    """Return, per grid point, the largest min(cap, left) - distance of all pieces in reach.

    Parameters
    ----------
    pieces
        As `segments` returns them, in the frame of the grid.
    grid
        Where to look.
    legs_m
        cap; reach: pieces farther away than this lend nothing; window: grid points beyond it on
        either axis may be left out.
    background
        The value where no piece lends more.
    compiled
        Whether numba computes; both ways give the same numbers.
    """
    check_cells(len(grid.x_m) * len(grid.y_m))
    out = np.full((len(grid.y_m), len(grid.x_m)), background)
    if len(out) and len(grid.x_m):
        run = _spread if compiled else _spread_by_numpy
        cells = (grid.cell_x_m, grid.cell_y_m)
        run(pieces, (grid.x_m, grid.y_m), cells, legs_m, out)
    return out


@kernel
def _window(
    a: float, b: float, window: float, origin: float, cell: float, count: int
) -> tuple[int, int]:
    """Return the first grid point within the window around a piece, and the first beyond it."""
    low = math.ceil((min(a, b) - window - origin) / cell)
    high = math.floor((max(a, b) + window - origin) / cell)
    return max(low, 0), min(high + 1, count)


@kernel
def _spread(
    pieces: Float64,
    axes: tuple[Float64, Float64],
    cells: tuple[float, float],
    legs_m: tuple[float, float, float],
    out: Float64,
) -> None:
    """Raise `out` to what every piece lends; one piece after the other, point by point."""
    xs, ys = axes
    cap, reach, window = legs_m
    for i in range(len(pieces)):
        x0, y0, left0, x1, y1, left1 = pieces[i]
        dx, dy = x1 - x0, y1 - y0
        square = dx * dx + dy * dy
        left, right = _window(x0, x1, window, xs[0], cells[0], len(xs))
        lower, upper = _window(y0, y1, window, ys[0], cells[1], len(ys))
        for row in range(lower, upper):
            for column in range(left, right):
                px, py = xs[column] - x0, ys[row] - y0
                share = (px * dx + py * dy) / square if square > 0 else 0.0
                share = min(max(share, 0.0), 1.0)
                away_x, away_y = px - share * dx, py - share * dy
                distance = math.sqrt(away_x * away_x + away_y * away_y)
                value = min(cap, left0 + share * (left1 - left0)) - distance
                if distance <= reach and value > out[row, column]:
                    out[row, column] = value


def _spread_by_numpy(
    pieces: Float64,
    axes: tuple[Float64, Float64],
    cells: tuple[float, float],
    legs_m: tuple[float, float, float],
    out: Float64,
) -> None:
    """Do the same, one piece after the other, all its points at once."""
    xs, ys = axes
    cap, reach, window = legs_m
    for x0, y0, left0, x1, y1, left1 in pieces.tolist():
        dx, dy = x1 - x0, y1 - y0
        square = dx * dx + dy * dy
        left, right = _window(x0, x1, window, float(xs[0]), cells[0], len(xs))
        lower, upper = _window(y0, y1, window, float(ys[0]), cells[1], len(ys))
        px, py = xs[None, left:right] - x0, ys[lower:upper, None] - y0
        share = (px * dx + py * dy) / square if square > 0 else np.zeros((1, 1))
        share = np.clip(share, 0.0, 1.0)
        away_x, away_y = px - share * dx, py - share * dy
        distance = np.sqrt(away_x * away_x + away_y * away_y)
        value = np.minimum(cap, left0 + share * (left1 - left0)) - distance
        part = out[lower:upper, left:right]
        np.copyto(part, value, where=(distance <= reach) & (value > part))


def _axis(positions: Float64, margin_m: float, cell_m: float) -> Float64:
    low = math.floor((positions.min() - margin_m) / cell_m)
    high = math.ceil((positions.max() + margin_m) / cell_m)
    check_cells(high - low + 1)
    return np.arange(low, high + 1) * cell_m
