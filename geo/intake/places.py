"""Positions as figures -> WGS-84; those that cannot be meant are told, with what would mend them.

Recognised: longitude and latitude exchanged, 0/0, a lost decimal point, metres read as degrees and
degrees read as metres, northing before easting, a zone of a projection that leads elsewhere, and
points outside the district.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import metres_per_degree
from geo.datum import is_projected, to_wgs84
from geo.intake.datums import Stated
from geo.intake.ledger import Facts, Ledger, Mask, Repair
from geo.intake.units import SHIPPED_OUTLINE, daxing_bounds, in_daxing

OUTSIDE_M: Final = 500.0
"""A point farther (>) outside the district's outline, metres, is to be checked.

The shipped outline has 104 corners; a wrong datum moves a point by 500 m or more.
"""
_METRES_FROM: Final = 100_000.0
_LARGEST_M: Final = 50_000_000.0
_CHINA: Final = (73.0, 17.0, 136.0, 54.5)  # west, south, east, north
_MICRO: Final = 1_000_000.0
# What projected positions of Beijing come in: CGCS2000 in 3-degree zones without and with their
# number before the easting, the same in 6 degrees, UTM, Web Mercator; Xi'an 1980 and Beijing 1954
# in 3 degrees differ from CGCS2000 by some 100 m and cannot be told from it by the figures.
ZONES: Final = (
    *(f"EPSG:{code}" for code in range(4534, 4555)),  # 3 degrees, central meridian 75 … 135
    *(f"EPSG:{code}" for code in range(4513, 4534)),  # the same with zone numbers 25 … 45
    *(f"EPSG:{code}" for code in range(4502, 4513)),  # 6 degrees
    *(f"EPSG:{code}" for code in range(4491, 4502)),  # the same with zone numbers 13 … 23
    "EPSG:32650",
    "EPSG:3857",
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Expected:
    """Where positions are expected.

    Attributes
    ----------
    near
        Longitude and latitude (WGS-84) of the middle of what is known; None: nothing is known.
    outline
        The district; None: Daxing's where the middle of a table lies in it.
    """

    near: tuple[float, float] | None = None
    outline: shapely.Geometry | None = None

    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of where positions are expected; else of Daxing."""
        if self.outline is not None:
            west, south, east, north = shapely.bounds(self.outline).tolist()
            margin = _MARGIN_DEGREE
            return west - margin, south - margin, east + margin, north + margin
        if self.near is not None:
            x, y = self.near
            return x - _NEAR_DEGREE, y - _NEAR_DEGREE, x + _NEAR_DEGREE, y + _NEAR_DEGREE
        return daxing_bounds()


_MARGIN_DEGREE: Final = 0.05
_NEAR_DEGREE: Final = 0.5


def place_rows(frame: pd.DataFrame, stated: Stated, expected: Expected, ledger: Ledger) -> None:
    """Turn `lon` and `lat` into WGS-84 in place; what cannot be meant is rejected and told."""
    x = frame["lon"].to_numpy(dtype=np.float64, copy=True)
    y = frame["lat"].to_numpy(dtype=np.float64, copy=True)
    datums = _datums(stated, len(frame))
    lon, lat = x.copy(), y.copy()
    ledger.reject("intake_null_island", (x == 0) & (y == 0), "lon")
    for datum in dict.fromkeys(datums.tolist()):
        at = np.asarray(datums == datum, dtype=np.bool_)
        if datum == "":
            ledger.reject("intake_datum_of_row", at, "lon")
            continue
        _check_form(x, y, at, str(datum), expected, ledger)
        lon[at], lat[at] = to_wgs84(x[at], y[at], datum)
        if is_projected(str(datum)):
            _reject_zone_numbers((x, y), (lon, lat), at, str(datum), ledger)
        lost = at & np.isfinite(x) & np.isfinite(y) & ~(np.isfinite(lon) & np.isfinite(lat))
        ledger.reject("intake_not_in_datum", lost, "lon", lambda i: {"datum": datums[i]})
    frame["lon"], frame["lat"] = lon, lat
    _check_zone((x, y), (lon, lat), stated, expected, ledger)
    _note_turned(ledger)


def check_outside(frame: pd.DataFrame, expected: Expected, ledger: Ledger, told: Mask) -> None:
    """Tell of points outside the district, but for those that were `told` already."""
    kept = ~ledger.rejected
    lon, lat = (frame[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    kept &= np.isfinite(lon) & np.isfinite(lat)
    outline = expected.outline
    if outline is None:
        if expected.near is None and not in_daxing(lon[kept], lat[kept]):
            return
        if expected.near is not None and not in_daxing(*(np.array([v]) for v in expected.near)):
            return
        outline = daxing_outline()
    away_m = outside_m(outline, lon, lat)
    far = kept & (away_m > OUTSIDE_M) & ~told
    ledger.warn("intake_outside", far, "lon", lambda i: {"m": f"{away_m[i]:,.0f}"})


def outside_m(outline: shapely.Geometry, lon: Floats, lat: Floats) -> Floats:
    """Return how far outside `outline` points lie, metres: 0 inside, NaN without a point."""
    middle = shapely.centroid(outline)
    scale = np.array([float(part) for part in metres_per_degree(middle.y)])
    area = shapely.transform(outline, lambda xy: xy * scale)
    shapely.prepare(area)
    away_m = np.full(len(lon), np.nan)
    there = np.isfinite(lon) & np.isfinite(lat)
    x, y = lon[there] * scale[0], lat[there] * scale[1]
    beyond = ~shapely.intersects_xy(area, x, y)
    distance = np.zeros(len(x))
    distance[beyond] = shapely.distance(area, shapely.points(x[beyond], y[beyond]))
    away_m[there] = distance
    return away_m


def find_zones(x: Floats, y: Floats, expected: Expected) -> tuple[str, ...]:
    """Return the projections under which the middle of these metres lies where it is expected.

    All of them stand on CGCS2000 or WGS-84, which are taken as equal: the projection alone gives
    the degrees. To look for a transformation of datums in PROJ's list as well takes 200 times as
    long (3 s of a processor, in every thread anew) and gives the same figures.
    """
    from pyproj import Proj  # noqa: PLC0415 -- half a second, for metres only

    there = np.isfinite(x) & np.isfinite(y)
    if not there.any():
        return ()
    middle = float(np.median(x[there])), float(np.median(y[there]))
    west, south, east, north = expected.bounds()
    found: dict[tuple[float, float], str] = {}
    for zone in ZONES:  # 3 and 6 degrees share meridians: the same positions, one name
        lon, lat = (round(part, 9) for part in Proj(zone)(*middle, inverse=True))
        if west <= lon <= east and south <= lat <= north:
            found.setdefault((lon, lat), zone)
    return tuple(found.values())


@cache
def daxing_outline() -> shapely.Geometry:
    """Return Daxing's outline, WGS-84: © OpenStreetMap contributors, ODbL 1.0."""
    return shapely.union_all([shapely.from_geojson(SHIPPED_OUTLINE.read_text(encoding="utf-8"))])


def _datums(stated: Stated, rows: int) -> NDArray[np.object_]:
    return np.full(rows, stated.datum, dtype=object) if stated.rows is None else stated.rows


def _check_form(
    x: Floats, y: Floats, at: Mask, datum: str, expected: Expected, ledger: Ledger
) -> None:
    """Reject figures that are not of the datum's kind, and 0/0."""
    exchanged = _texts(y, x)
    facts = _shown(x, y)
    if is_projected(datum):
        degrees = at & (np.abs(x) <= 180) & (np.abs(y) <= 180) & ~((x == 0) & (y == 0))
        ledger.reject("intake_degrees", degrees, "lon", facts)
        north_first = at & _is_northing(x) & _is_easting(y)
        ledger.reject("intake_northing_first", north_first, "lon", facts, exchanged)
    else:
        swapped = at & (np.abs(y) > 90) & (np.abs(y) <= 180) & (np.abs(x) <= 90)
        ledger.reject("intake_swapped", swapped, "lat", facts, exchanged)
        micro = at & _in_china(x / _MICRO, y / _MICRO)
        mended = _texts(x / _MICRO, y / _MICRO)
        ledger.reject("intake_point_lost", micro, "lon", facts, mended)
        _reject_metres(x, y, at, expected, ledger)


def _reject_metres(x: Floats, y: Floats, at: Mask, expected: Expected, ledger: Ledger) -> None:
    """Reject metres where degrees were declared; say which projections would fit."""
    in_range = (np.abs(x) >= _METRES_FROM) & (np.abs(y) >= _METRES_FROM)
    metres = at & in_range & (np.abs(x) < _LARGEST_M) & (np.abs(y) < _LARGEST_M)
    fresh = metres & ~ledger.rejected
    if not fresh.any():
        return
    zones = find_zones(x[fresh], y[fresh], expected)
    turned = () if zones else find_zones(y[fresh], x[fresh], expected)
    ledger.reject("intake_metres", metres, "lon", _shown(x, y))
    if zones or turned:
        code = "intake_metres_zone" if zones else "intake_metres_zone_turned"
        ledger.note(code, "error", datums=_listed(zones or turned))


def _reject_zone_numbers(
    given: tuple[Floats, Floats],
    placed: tuple[Floats, Floats],
    at: Mask,
    datum: str,
    ledger: Ledger,
) -> None:
    """Reject eastings with a zone's number before them, in a projection that has none."""
    x, y = given
    numbered = at & (x >= 13 * _MICRO) & _is_easting(x) & ~_in_china(*placed)
    if numbered.any():
        plain = x % _MICRO
        numbered &= _in_china(*to_wgs84(plain, y, datum))
        facts, repair = _shown(x, y), _texts(plain, y)
        ledger.reject("intake_zone_number", numbered, "lon", facts, repair)


def _check_zone(
    given: tuple[Floats, Floats],
    placed: tuple[Floats, Floats],
    stated: Stated,
    expected: Expected,
    ledger: Ledger,
) -> None:
    """Tell of a projection that puts the table elsewhere, where another would put it right."""
    kept = ~ledger.rejected & np.isfinite(placed[0]) & np.isfinite(placed[1])
    if stated.rows is not None or not is_projected(stated.datum) or not kept.any():
        return
    lon, lat = (float(np.median(part[kept])) for part in placed)
    west, south, east, north = expected.bounds()
    if west <= lon <= east and south <= lat <= north:
        return
    zones = find_zones(given[0][kept], given[1][kept], expected)
    if zones:
        ledger.note(
            "intake_zone",
            "error",
            datum=stated.datum,
            lon=f"{lon:.3f}",
            lat=f"{lat:.3f}",
            datums=_listed(zones),
        )


def _note_turned(ledger: Ledger) -> None:
    """Say once that the two columns are exchanged, where most rows are."""
    turned = ledger.count("intake_swapped") + ledger.count("intake_northing_first")
    if turned > max(1, len(ledger.rejected) // 2):
        headings = {axis: ledger.heading(axis) for axis in ("lon", "lat")}
        ledger.note("intake_columns_turned", "warning", **headings)


def _is_northing(value: Floats) -> Mask:
    """Tell metres from the equator to China's latitudes."""
    return np.asarray((value > 1_900_000) & (value < 6_100_000))


def _is_easting(value: Floats) -> Mask:
    """Tell metres in a zone of 3 or 6 degrees, with the zone's number before them or without."""
    without = np.where(value >= _MICRO, value % _MICRO, value)
    numbered = (value < _MICRO) | ((value >= 13 * _MICRO) & (value < 46 * _MICRO))
    return np.asarray(numbered & (without > 150_000) & (without < 850_000))


def _in_china(lon: Floats | float, lat: Floats | float) -> Mask:
    west, south, east, north = _CHINA
    x, y = np.asarray(lon), np.asarray(lat)
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def _shown(x: Floats, y: Floats) -> Facts:
    return lambda i: {"lon": f"{x[i]:.12g}", "lat": f"{y[i]:.12g}"}


def _texts(lon: Floats, lat: Floats) -> Repair:
    return lambda i: {"lon": f"{lon[i]:.12g}", "lat": f"{lat[i]:.12g}"}


def _listed(zones: tuple[str, ...]) -> str:
    return "、".join(zones[:3])
