"""The drawing plane: metres east and north of the district's middle, and the facts."""

import csv
import json
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "data"
FACTS = Path(__file__).with_name("facts.toml")
VENUES = Path(__file__).with_name("venues.toml")

SEED = 20261101
MADE_ON = "2026-11-01"

Array = NDArray[np.float64]
XY = tuple[float, float]

# The sample's own equirectangular plane. It only draws: distances are measured by geo.streets.
_LON0, _LAT0 = 116.42, 39.65
_M_PER_DEGREE_LAT = 111_030.0
_M_PER_DEGREE_LON = 111_320.0 * math.cos(math.radians(_LAT0))


def to_plane(lon: float, lat: float) -> XY:
    """Return metres east and north of the middle of the district."""
    return (lon - _LON0) * _M_PER_DEGREE_LON, (lat - _LAT0) * _M_PER_DEGREE_LAT


def to_degrees(x: float, y: float) -> XY:
    """Return WGS-84 longitude and latitude, rounded to 1e-6 degrees (0.1 m)."""
    return round(_LON0 + x / _M_PER_DEGREE_LON, 6), round(_LAT0 + y / _M_PER_DEGREE_LAT, 6)


@cache
def facts() -> dict[str, Any]:
    """Return the hand-written facts and inventions; do not change what you get."""
    return tomllib.loads(FACTS.read_text(encoding="utf-8"))


@cache
def venues() -> dict[str, Any]:
    """Return the hand-written venues; do not change what you get."""
    return tomllib.loads(VENUES.read_text(encoding="utf-8"))


@cache
def outline() -> BaseGeometry:
    """Return the district's outline (ODbL) in the plane: it only tells inside from outside."""
    text = (DATA / "open" / "daxing_outline_osm.geojson").read_text(encoding="utf-8")
    degrees = shape(json.loads(text)["features"][0]["geometry"])
    return shapely.transform(degrees, lambda xy: np.array([to_plane(*point) for point in xy]))


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of `data/open/<name>.csv`."""
    with (DATA / "open" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def seats() -> dict[str, XY]:
    """Return the seats of towns, degrees, by their GeoNames name (CC BY 4.0)."""
    return {
        row["zh"]: (float(row["lon"]), float(row["lat"])) for row in rows("daxing_seats_geonames")
    }


@dataclass(frozen=True)
class Centre:
    """One place that pulls territory to a unit; `reach_m`: head start, or a base's radius."""

    unit: str
    x: float
    y: float
    reach_m: float
    base: bool


@cache
def centres() -> tuple[Centre, ...]:
    """Return the centres of all units."""
    found: list[Centre] = []
    for unit, entry in facts()["units"].items():
        places = list(entry["at"])
        if "seat" in entry:
            places.insert(0, [*seats()[entry["seat"]], 0.0])
        for lon, lat, reach_m in places:
            found.append(Centre(unit, *to_plane(lon, lat), reach_m, entry.get("base", False)))
    return tuple(found)


def unit_at(x: float, y: float) -> str:
    """Return the unit whose invented territory holds the point; "" outside all units.

    A base is a disc inside a town; elsewhere the nearest centre less its head start decides.
    """
    for lon, lat, radius_m in facts()["outside"]["discs"]:
        if math.dist((x, y), to_plane(lon, lat)) <= radius_m:
            return ""
    for centre in centres():
        if centre.base and math.dist((x, y), (centre.x, centre.y)) <= centre.reach_m:
            return centre.unit
    towns = [centre for centre in centres() if not centre.base]
    return min(towns, key=lambda c: math.dist((x, y), (c.x, c.y)) - c.reach_m).unit


@cache
def _built_up_centres() -> tuple[tuple[float, float, float, float], ...]:
    entries = facts()["built_up"]["centres"]
    return tuple((*to_plane(lon, lat), radius, top) for lon, lat, radius, top in entries)


def built_up(x: float, y: float) -> float:
    """Return how built-up a place is: 0 farmland, 1 the middle of the new town."""
    best = 0.0
    for cx, cy, radius_m, top in _built_up_centres():
        near = min(1.0, max(0.0, 1.35 - math.dist((x, y), (cx, cy)) / radius_m) / 0.75)
        best = max(best, top * near * near * (3.0 - 2.0 * near))
    return best
