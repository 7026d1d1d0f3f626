"""Datums of mainland China: WGS-84 (CGCS2000), GCJ-02, BD-09, and EPSG codes.

GCJ-02 ("Mars coordinates") and BD-09 have no official publication. The formulas are those that the
open implementations agree on to 1e-9 degrees: eviltransform (googollee), coordtransform
(wandergis), gcoord (hujiulong), all MIT. The inverse is the exact one, by fixed-point iteration,
not the common one-step approximation, which errs by up to 5 m. CGCS2000 differs from WGS-84 by less
than a metre (plate motion since 2000) and is taken as equal.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import InputError

if TYPE_CHECKING:
    from pyproj import Transformer

DATUMS: Final = ("wgs84", "cgcs2000", "gcj02", "bd09")

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

_AXIS_M = 6378245.0  # Krasovsky 1940, as the shift uses it
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU_ANGLE = np.pi * 3000.0 / 180.0
# The rectangle inside which positions are shifted; outside it GCJ-02 equals WGS-84.
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_ITERATIONS = 30
_CONVERGED_DEGREE = 1e-13  # 1e-8 m; an iteration gains a factor of some hundred


def normalise_datum(datum: str) -> str:
    """Return the datum's name as we write it: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`.

    Raises
    ------
    InputError
        `intake_datum_unknown`: no such datum.
    """
    name = datum.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
    if name in DATUMS:
        return name
    code = name.removeprefix("epsg:")
    if name.startswith("epsg:") and code.isdecimal() and code.isascii():
        return _epsg(int(code), datum)
    raise InputError("intake_datum_unknown", datum=datum)


@cache
def is_projected(datum: str) -> bool:
    """Tell whether positions in `datum` are metres, not degrees.

    Raises
    ------
    InputError
        `intake_datum_unknown`: no such datum.
    """
    name = normalise_datum(datum)
    if not name.startswith("EPSG:"):
        return False
    from pyproj import CRS  # noqa: PLC0415 -- half a second, for projected files only

    return bool(CRS.from_user_input(name).is_projected)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Pair:
    """Return WGS-84 longitudes and latitudes (degrees) of positions given in `datum`.

    For `EPSG:n` the first coordinate is the easting (or longitude), the second the northing. What
    cannot be transformed becomes NaN.

    Raises
    ------
    InputError
        `intake_datum_unknown`: no such datum.
    """
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    name = normalise_datum(datum)
    if name == "gcj02":
        return _invert(_wgs84_to_gcj02, x, y)
    if name == "bd09":
        return _invert(_wgs84_to_gcj02, *_invert(_gcj02_to_bd09, x, y))
    if name.startswith("EPSG:"):
        return _project(name, "EPSG:4326", x, y)
    return x.copy(), y.copy()


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Pair:
    """Return positions in `datum` of WGS-84 longitudes and latitudes (degrees).

    Raises
    ------
    InputError
        `intake_datum_unknown`: no such datum.
    """
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    name = normalise_datum(datum)
    if name == "gcj02":
        return _wgs84_to_gcj02(x, y)
    if name == "bd09":
        return _gcj02_to_bd09(*_wgs84_to_gcj02(x, y))
    if name.startswith("EPSG:"):
        return _project("EPSG:4326", name, x, y)
    return x.copy(), y.copy()


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + waves * 2.0 / 3.0 + _swell(y, 3.0, 160.0, 12.0, 320.0, 30.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + waves * 2.0 / 3.0 + _swell(x, 3.0, 150.0, 12.0, 300.0, 30.0)
    phi = np.radians(lat)
    flat = 1.0 - _ECCENTRICITY_2 * np.sin(phi) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_2) / flat**1.5
    parallel_m = _AXIS_M / np.sqrt(flat) * np.cos(phi)
    inside = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    shifted_lon = np.where(inside, lon + np.degrees(east / parallel_m), lon)
    return shifted_lon, np.where(inside, lat + np.degrees(north / meridian_m), lat)


def _swell(t: Floats, short: float, a: float, long: float, b: float, longest: float) -> Floats:
    first = 20.0 * np.sin(np.pi * t) + 40.0 * np.sin(np.pi * t / short)
    second = a * np.sin(np.pi * t / long) + b * np.sin(np.pi * t / longest)
    return np.asarray((first + second) * 2.0 / 3.0)


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _invert(forward: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """Return the positions that `forward` takes to (lon, lat): x <- x + (target - forward(x))."""
    x, y = lon.copy(), lat.copy()
    for _ in range(_ITERATIONS):
        reached_lon, reached_lat = forward(x, y)
        step_lon, step_lat = lon - reached_lon, lat - reached_lat
        x, y = x + step_lon, y + step_lat
        worst = np.fmax(np.abs(step_lon), np.abs(step_lat))
        if not np.any(worst > _CONVERGED_DEGREE):
            break
    return x, y


def _project(source: str, target: str, x: Floats, y: Floats) -> Pair:
    east, north = _transformer(source, target).transform(x, y)
    east, north = np.asarray(east, np.float64), np.asarray(north, np.float64)
    fine = np.isfinite(east) & np.isfinite(north)
    return np.where(fine, east, np.nan), np.where(fine, north, np.nan)


@cache
def _transformer(source: str, target: str) -> "Transformer":
    from pyproj import Transformer  # noqa: PLC0415 -- half a second, for projected files only

    return Transformer.from_crs(source, target, always_xy=True)


@cache
def _epsg(code: int, given: str) -> str:
    from pyproj import CRS  # noqa: PLC0415 -- half a second, for projected files only
    from pyproj.exceptions import CRSError  # noqa: PLC0415 -- the same

    try:
        CRS.from_epsg(code)
    except CRSError as error:
        raise InputError("intake_datum_unknown", datum=given) from error
    return f"EPSG:{code}"
