"""How far people walk to the nearest of many sites, as one raster for the map."""

import math

import numpy as np

from geo.crs import LocalFrame, metres_per_degree
from geo.density import Bounds, Raster
from geo.service_areas.field import (
    DEFAULT_CELL_M,
    DEFAULT_MAX_LEG_M,
    Grid,
    check_cells,
    check_sizes,
    segments,
    spread,
)
from geo.service_areas.pieces import piece_vertices, reached_pieces
from geo.streets import Attached, Network
from geo.streets.network import Float64


def coverage_raster(
    net: Network,
    sites: Attached,
    cutoff_m: float,
    *,
    cell_m: float = DEFAULT_CELL_M,
    bounds: Bounds | None = None,
    max_leg_m: float = DEFAULT_MAX_LEG_M,
) -> Raster:
    """Return the walking distance to the nearest of the sites, metres, NaN beyond the cut-off.

    One search from all sites; a cell's value is the least access leg + way along streets + leg of
    the middle of the cell, the leg being at most `max_leg_m` long.

    Parameters
    ----------
    net
        The streets.
    sites
        Points attached to `net`; those that are not attached reach nothing.
    cutoff_m
        Metres, inclusive.
    cell_m
        Size of a cell in the middle of the raster, metres; a whole number of cells fits.
    bounds
        West, south, east, north of the raster, degrees. None: all streets of the network.
    max_leg_m
        Longest leg from a street into its surroundings, metres, inclusive.

    Raises
    ------
    InputError
        A size is not positive or not finite, a cell is wider than the leg is long, or there would
        be more than 16 million cells.
    ValueError
        The bounds are empty, the cut-off is negative, or the network is not one for walking.
    """
    check_sizes(max_leg_m, cell_m)
    west, south, east, north = net.meta.bbox if bounds is None else bounds
    if not (west < east and south < north):
        msg = f"the bounds {(west, south, east, north)} are empty"
        raise ValueError(msg)
    per_lon, per_lat = (float(part) for part in metres_per_degree((south + north) / 2))
    wide_m, high_m = (east - west) * per_lon, (north - south) * per_lat
    columns, rows = math.ceil(wide_m / cell_m), math.ceil(high_m / cell_m)
    check_cells(columns * rows)
    cell_x, cell_y = wide_m / columns, high_m / rows
    grid = Grid(_middles(columns, cell_x), _middles(rows, cell_y), cell_x, cell_y)
    vertices = piece_vertices(net, reached_pieces(net, sites, cutoff_m))
    # One scale for the whole raster: legs are short, and 20 km from its middle it errs by 0.3 %.
    x, y = LocalFrame(west, (south + north) / 2).to_m(vertices.lon, vertices.lat)
    pieces = segments(vertices, x, y + high_m / 2)
    spare = spread(pieces, grid, (math.inf, max_leg_m, max_leg_m), -math.inf)
    spare[spare < 0] = np.nan
    spare[np.isinf(spare)] = np.nan
    metres = np.maximum(round(cutoff_m * 1000) / 1000 - spare[::-1], 0)
    return Raster(metres.astype(np.float32), west, south, east, north)


def _middles(count: int, cell_m: float) -> Float64:
    return np.asarray((np.arange(count) + 0.5) * cell_m, dtype=np.float64)
