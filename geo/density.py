"""People per square kilometre as a raster, by kernel density.

Each point spreads its weight over the cells around it with the quartic (biweight) kernel in two
dimensions [1]_,

    K(d) = 3 / (pi h^2) * (1 - (d / h)^2)^2   for d < h,   0 beyond,

h being the bandwidth and d the distance to the middle of a cell, metres. The shares of one point
are scaled so that they sum to one over all cells, those beyond the raster's border included: what
lies inside is the true number of people, and the border neither gains nor hides any.

.. [1] B. W. Silverman (1986), Density Estimation for Statistics and Data Analysis, eq. 4.5.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import metres_per_degree

MAX_CELLS = 16_000_000

Float64 = NDArray[np.float64]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Raster:
    """A grid of equal steps in longitude and latitude, WGS-84 degrees.

    Attributes
    ----------
    values
        float32[rows, columns], per square kilometre; row 0 is the northernmost, as in an image.
    west, south, east, north
        Outer edges of the outer cells, degrees.
    """

    values: NDArray[np.float32]
    west: float
    south: float
    east: float
    north: float

    @property
    def row_lat(self) -> Float64:
        """Latitude of the middle of each row, from north to south."""
        rows = len(self.values)
        middle: Float64 = (np.arange(rows) + 0.5) / rows
        return self.north - middle * (self.north - self.south)

    @property
    def cell_km2(self) -> Float64:
        """Area of one cell of each row, km²: the sum of values x area is the total."""
        rows, columns = self.values.shape
        step_lon, step_lat = (self.east - self.west) / columns, (self.north - self.south) / rows
        per_lon, per_lat = metres_per_degree(self.row_lat)
        return np.asarray(per_lon * step_lon * per_lat * step_lat / 1e6)


@dataclass(frozen=True)
class _Grid:
    west: float
    south: float
    east: float
    north: float
    columns: int
    rows: int

    @property
    def step_lon(self) -> float:
        return (self.east - self.west) / self.columns

    @property
    def step_lat(self) -> float:
        return (self.north - self.south) / self.rows


def kernel_density(
    lon: ArrayLike,
    lat: ArrayLike,
    weight: ArrayLike,
    *,
    cell_m: float,
    bandwidth_m: float,
    bounds: Bounds | None = None,
) -> Raster:
    """Return the density of `weight` around points, per square kilometre.

    Parameters
    ----------
    lon, lat
        WGS-84 degrees.
    weight
        People (or whatever is counted) per point, at least 0.
    cell_m
        Largest size of a cell in the middle of the raster, metres; a whole number of cells fits.
    bandwidth_m
        Where the kernel ends, metres.
    bounds
        West, south, east, north of the raster. None: the points and one bandwidth around them.

    Raises
    ------
    ValueError
        A position or weight is not finite, a weight is negative, a size is not positive, there is
        neither a point nor bounds, or the raster would have more than 16 million cells.
    """
    x, y, w = (np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in (lon, lat, weight))
    _require(cell_m > 0 and bandwidth_m > 0, f"cell {cell_m} m, bandwidth {bandwidth_m} m")
    _require(all(np.isfinite(part).all() for part in (x, y, w)), "a number is not finite")
    _require(bool((w >= 0).all()), "a weight is negative")
    _require(len(x) > 0 or bounds is not None, "neither points nor bounds")
    if bounds is None:
        box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
        bounds = _widened(box, bandwidth_m)
    grid = _grid(bounds, cell_m)
    west, south, east, north = _widened(bounds, 2 * bandwidth_m)
    near = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    people = _spread(grid, (x[near], y[near], w[near]), bandwidth_m).reshape(
        grid.rows, grid.columns
    )
    frame = Raster(
        values=np.zeros(people.shape, dtype=np.float32),
        west=grid.west,
        south=grid.south,
        east=grid.east,
        north=grid.north,
    )
    return replace(frame, values=(people / frame.cell_km2[:, None]).astype(np.float32))


def _spread(grid: _Grid, points: tuple[Float64, Float64, Float64], bandwidth_m: float) -> Float64:
    """Return the people of every cell, flat."""
    x, y, w = points
    per_lon, per_lat = metres_per_degree(y)
    column = np.floor((x - grid.west) / grid.step_lon).astype(np.int64)
    row = np.floor((grid.north - y) / grid.step_lat).astype(np.int64)
    east = (grid.west + (column + 0.5) * grid.step_lon - x) * per_lon
    north = (grid.north - (row + 0.5) * grid.step_lat - y) * per_lat
    wide, high = grid.step_lon * per_lon, grid.step_lat * per_lat
    narrowest_m = np.minimum(wide, high).min(initial=np.inf)
    reach = math.ceil(bandwidth_m / float(narrowest_m))
    steps = [(i, j) for j in range(-reach, reach + 1) for i in range(-reach, reach + 1)]

    def share(i: int, j: int) -> Float64:
        d2 = ((east + i * wide) ** 2 + (north - j * high) ** 2) / bandwidth_m**2
        return np.asarray(np.clip(1 - d2, 0, None) ** 2)

    total = np.zeros(len(x))
    for i, j in steps:
        total += share(i, j)
    # A bandwidth so small that it meets no cell's middle: all people are in the point's own cell.
    lonely = total == 0
    whole = np.where(lonely, 1.0, total)
    people = np.zeros(grid.rows * grid.columns)
    for i, j in steps:
        part = share(i, j)
        if i == j == 0:
            part = np.where(lonely, 1.0, part)
        cell_row, cell_column = row + j, column + i
        inside = (cell_row >= 0) & (cell_row < grid.rows) & (part > 0)
        inside &= (cell_column >= 0) & (cell_column < grid.columns)
        cell = cell_row[inside] * grid.columns + cell_column[inside]
        np.add.at(people, cell, (w * part / whole)[inside])
    return people


def _widened(bounds: Bounds, by_m: float) -> Bounds:
    west, south, east, north = bounds
    per_lon, per_lat = metres_per_degree(max(abs(south), abs(north)))
    wide, high = by_m / float(per_lon), by_m / float(per_lat)
    return west - wide, south - high, east + wide, north + high


def _grid(bounds: Bounds, cell_m: float) -> _Grid:
    west, south, east, north = bounds
    _require(west < east and south < north, f"bounds {bounds}")
    per_lon, per_lat = metres_per_degree((south + north) / 2)
    step_lon, step_lat = cell_m / float(per_lon), cell_m / float(per_lat)
    columns, rows = math.ceil((east - west) / step_lon), math.ceil((north - south) / step_lat)
    _require(columns * rows <= MAX_CELLS, f"{columns} x {rows} cells")
    return _Grid(west, south, east, north, columns, rows)


def _require(condition: bool, message: str) -> None:  # noqa: FBT001 - a condition
    if not condition:
        raise ValueError(message)
