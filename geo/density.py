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
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.crs import metres_per_degree

MAX_CELLS = 16_000_000
MOST_KEPT = 16_000_000
"""Points times cells around them, half of which get nothing: beyond, shares are not kept."""

_AT_ONCE = 1_000_000
"""Shares that are worked out at a time."""

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


@dataclass(frozen=True, eq=False)
class Spread:
    """How points spread over the cells of a raster: found once, and used for many weights.

    Attributes
    ----------
    frame
        A raster of these cells, without anybody.
    near
        bool[points]: those near enough to the raster.
    x, y
        Positions of these, WGS-84 degrees.
    bandwidth_m
        Where the kernel ends, metres.
    """

    frame: Raster
    near: NDArray[np.bool_]
    x: Float64
    y: Float64
    bandwidth_m: float

    def raster(self, weight: ArrayLike) -> Raster:
        """Return the density of one weight per point.

        Raises
        ------
        ValueError
            A weight is not finite, or negative.
        """
        people = np.atleast_1d(np.asarray(weight, dtype=np.float64))
        _require(bool(np.isfinite(people).all()), "a number is not finite")
        _require(bool((people >= 0).all()), "a weight is negative")
        people = people[self.near]
        found = np.zeros(self.frame.values.size)
        for first, shares in self._kept if self._kept is not None else self._pieces():
            found += people[first : first + shares.shape[0]] @ shares
        per_km2 = found.reshape(self.frame.values.shape) / self.frame.cell_km2[:, None]
        return replace(self.frame, values=per_km2.astype(np.float32))

    @cached_property
    def _kept(self) -> tuple[tuple[int, sparse.csr_array], ...] | None:
        """All shares, unless they are too many to be kept."""
        return tuple(self._pieces()) if len(self.x) * self._steps <= MOST_KEPT else None

    @cached_property
    def _grid(self) -> _Grid:
        rows, columns = self.frame.values.shape
        box = (self.frame.west, self.frame.south, self.frame.east, self.frame.north)
        return _Grid(*box, columns, rows)

    @cached_property
    def _reach(self) -> int:
        """So many cells in every direction may get a share."""
        per_lon, per_lat = metres_per_degree(self.y)
        sides = (self._grid.step_lon * per_lon, self._grid.step_lat * per_lat)
        narrowest_m = min(float(np.min(side, initial=np.inf)) for side in sides)
        return math.ceil(self.bandwidth_m / narrowest_m)

    @property
    def _steps(self) -> int:
        return (2 * self._reach + 1) ** 2

    def _pieces(self) -> Iterator[tuple[int, sparse.csr_array]]:
        """Yield, of some points at a time, the first one's number and float64[points, cells]."""
        size = max(1, _AT_ONCE // self._steps)
        for first in range(0, len(self.x), size):
            yield first, self._shares(slice(first, first + size))

    def _shares(self, points: slice) -> sparse.csr_array:
        """Return the share of each point in each cell; those beyond the border are left out."""
        x, y, grid = self.x[points], self.y[points], self._grid
        steps = np.arange(-self._reach, self._reach + 1)
        per_lon, per_lat = metres_per_degree(y)
        columns = np.floor((x - grid.west) / grid.step_lon).astype(np.int64)[:, None] + steps
        rows = np.floor((grid.north - y) / grid.step_lat).astype(np.int64)[:, None] + steps
        east = (grid.west + (columns + 0.5) * grid.step_lon - x[:, None]) * per_lon[:, None]
        north = (grid.north - (rows + 0.5) * grid.step_lat - y[:, None]) * per_lat[:, None]
        d2 = ((north**2)[:, :, None] + (east**2)[:, None, :]) / self.bandwidth_m**2
        shares = np.clip(1 - d2, 0, None) ** 2
        total = shares.sum(axis=(1, 2))
        # A bandwidth so small that it meets no cell's middle: all people are in the point's own.
        shares[total == 0, self._reach, self._reach] = 1.0
        shares /= np.where(total == 0, 1.0, total)[:, None, None]
        inside = ((rows >= 0) & (rows < grid.rows))[:, :, None] & (shares > 0)
        inside &= ((columns >= 0) & (columns < grid.columns))[:, None, :]
        cells = (rows * grid.columns)[:, :, None] + columns[:, None, :]
        ends = np.cumsum(inside.sum(axis=(1, 2)))
        return sparse.csr_array(
            (shares[inside], cells[inside].astype(np.int32), np.concatenate(([0], ends))),
            shape=(len(x), grid.rows * grid.columns),
        )


def spread(
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    cell_m: float,
    bandwidth_m: float,
    bounds: Bounds | None = None,
) -> Spread:
    """Return how points spread over a raster; parameters and errors as of `kernel_density`.

    The last ones are kept: where people are rarely changes, how many of them are somewhere does.
    """
    x, y = (np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in (lon, lat))
    return _spread(x.tobytes(), y.tobytes(), cell_m, bandwidth_m, bounds)


@lru_cache(maxsize=2)
def _spread(
    lon: bytes, lat: bytes, cell_m: float, bandwidth_m: float, bounds: Bounds | None
) -> Spread:
    x, y = np.frombuffer(lon), np.frombuffer(lat)
    _require(cell_m > 0 and bandwidth_m > 0, f"cell {cell_m} m, bandwidth {bandwidth_m} m")
    _require(bool(np.isfinite(x).all() and np.isfinite(y).all()), "a number is not finite")
    _require(len(x) > 0 or bounds is not None, "neither points nor bounds")
    if bounds is None:
        box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
        bounds = _widened(box, bandwidth_m)
    grid = _grid(bounds, cell_m)
    frame = Raster(
        values=np.zeros((grid.rows, grid.columns), dtype=np.float32),
        west=grid.west,
        south=grid.south,
        east=grid.east,
        north=grid.north,
    )
    west, south, east, north = _widened(bounds, 2 * bandwidth_m)
    near = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return Spread(frame, near, x[near], y[near], bandwidth_m)


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
    return spread(lon, lat, cell_m=cell_m, bandwidth_m=bandwidth_m, bounds=bounds).raster(weight)


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
