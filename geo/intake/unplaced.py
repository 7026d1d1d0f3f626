"""Rows without a position: kept apart to be placed by hand, or put at the middle of their unit."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.datum import from_wgs84
from geo.intake.datums import Stated
from geo.intake.ledger import Ledger, Mask
from geo.intake.units import unit_name
from geo.reference import DATA_FOLDER
from geo.tables import columns

TOWN_CENTROID: Final = "town_centroid"
"""Code of `position_state` for a row that stands at the middle of its unit, to be verified."""
TO_VERIFY: Final = frozenset({TOWN_CENTROID, "address_door", "address_road", "address_area"})
"""Codes of `position_state` of positions that give way to one that people stated."""
_SEATS: Final = DATA_FOLDER / "open" / "daxing_seats_geonames.csv"
_SAYS_WHERE: Final = ("name", "address", "town")


@dataclass(frozen=True, eq=False)
class Unplaced:
    """The rows of one file that only lack a position.

    Attributes
    ----------
    frame
        Conforming to the schema but for blank positions; ids are as in the file.
    rows
        Number of each in the original file. A correction of `lon` and `lat` for that row places it.
    """

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def waiting_rows(cells: Mapping[str, pd.Series], rows: int) -> Mask:
    """Return which rows have neither longitude nor latitude, and a name, an address or a unit."""
    blank: Mask = np.ones(rows, dtype=np.bool_)
    for axis in ("lon", "lat"):
        if axis in cells:
            blank &= np.asarray(cells[axis] == "", dtype=np.bool_)
    said: Mask = np.zeros(rows, dtype=np.bool_)
    for column in _SAYS_WHERE:
        if column in cells:
            said |= np.asarray(cells[column] != "", dtype=np.bool_)
    return np.asarray(blank & said)


def set_apart(
    cells: dict[str, pd.Series],
    table: str,
    stated: Stated,
    town_places: Mapping[str, tuple[float, float]],
    ledger: Ledger,
) -> Mask:
    """Put rows without a position where their unit is, or reject them; return which wait.

    Only rows whose unit is among `town_places` are put anywhere, and every one of them is told.
    """
    rows = len(ledger.rejected)
    column = "lon" if "lon" in cells else None
    for axis in ("lon", "lat"):
        cells.setdefault(axis, pd.Series([""] * rows, dtype="str"))
    waiting = waiting_rows(cells, rows) & ~ledger.rejected
    placed = _put_in_towns(cells, table, waiting, stated, town_places)
    ledger.warn("intake_town_place", placed, "town", lambda i: {"town": str(cells["town"].iloc[i])})
    waiting &= ~placed
    ledger.reject("intake_unplaced", waiting, column)
    ledger.waiting |= waiting
    return waiting


@cache
def daxing_seats() -> Mapping[str, tuple[float, float]]:
    """Return the seats of units of Daxing, WGS-84, as far as the shipped list has them.

    © GeoNames, CC BY 4.0; 0.3 to 3.7 km from where they are, 1.3 km in the middle.
    """
    with _SEATS.open(encoding="utf-8", newline="") as file:
        rows = [(unit_name(row["zh"]), row) for row in csv.DictReader(file)]
    return {unit: (float(row["lon"]), float(row["lat"])) for unit, row in rows if unit}


def town_places(
    names: tuple[str, ...], polygons: NDArray[np.object_]
) -> dict[str, tuple[float, float]]:
    """Return the middle of each unit: the centroid, or a point within where that lies outside.

    Parameters
    ----------
    names, polygons
        Of the units, WGS-84; several polygons of one name are one unit.
    """
    parts: dict[str, list[shapely.Geometry]] = {}
    for name, polygon in zip(names, polygons.tolist(), strict=True):
        parts.setdefault(unit_name(name) or name, []).append(polygon)
    places = {}
    for name, found in parts.items():
        area = shapely.union_all(found)
        middle = shapely.centroid(area)
        if not shapely.intersects(area, middle):
            middle = shapely.point_on_surface(area)
        places[name] = (float(middle.x), float(middle.y))
    return places


def _put_in_towns(
    cells: dict[str, pd.Series],
    table: str,
    waiting: Mask,
    stated: Stated,
    places: Mapping[str, tuple[float, float]],
) -> Mask:
    placed: Mask = np.zeros(len(waiting), dtype=np.bool_)
    if not places or "town" not in cells or not waiting.any():
        return placed
    lon, lat = (cells[axis].to_numpy(dtype=object, copy=True) for axis in ("lon", "lat"))
    for town in cells["town"][waiting].unique().tolist():
        place = places.get(unit_name(town) or town)
        if place is None:
            continue
        at = waiting & np.asarray(cells["town"] == town, dtype=np.bool_)
        for index in np.flatnonzero(at).tolist():
            if stated.of(index):
                x, y = from_wgs84(place[0], place[1], stated.of(index))
                lon[index], lat[index] = repr(float(x)), repr(float(y))
                placed[index] = True
    cells["lon"], cells["lat"] = (pd.Series(axis, dtype="str") for axis in (lon, lat))
    if any(column.name == "position_state" for column in columns(table)):
        state = cells.get("position_state", pd.Series([""] * len(placed), dtype="str"))
        cells["position_state"] = state.where(~placed, TOWN_CENTROID)
    return placed
