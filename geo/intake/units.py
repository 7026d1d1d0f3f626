"""Names of Daxing's units (镇街、产业基地): short and older forms -> the union's own name.

The list is data/reference/units.csv. It speaks only for places in Daxing: other districts have
towns of the same names.
"""

import csv
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.intake.headings import normalise
from geo.reference import DATA_FOLDER
from geo.tables import split_list

_LIST: Final = DATA_FOLDER / "reference" / "units.csv"
SHIPPED_OUTLINE: Final = DATA_FOLDER / "open" / "daxing_outline_osm.geojson"
"""Daxing's outline: © OpenStreetMap contributors, ODbL 1.0."""
_MARGIN_DEGREE: Final = 0.02  # a wrong datum moves places by 0.013 degrees


@cache
def unit_names() -> Mapping[str, str]:
    """Return every accepted spelling, normalised -> the name that the union uses."""
    names: dict[str, str] = {}
    with _LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["name"] or row["nbs_name"]
            for given in (name, row["nbs_name"], *split_list(row["alias"])):
                if given:
                    names.setdefault(normalise(given), name)
    return names


def unit_name(given: str) -> str | None:
    """Return the union's name of a unit; None: the list has no such unit."""
    return unit_names().get(normalise(given))


def in_daxing(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> bool:
    """Tell whether the middle of these WGS-84 positions lies within Daxing's bounds."""
    if not len(lon):
        return False
    west, south, east, north = daxing_bounds()
    x, y = float(np.median(lon)), float(np.median(lat))
    return west <= x <= east and south <= y <= north


@cache
def daxing_bounds() -> tuple[float, float, float, float]:
    """Return west, south, east, north of Daxing with a margin, WGS-84 degrees."""
    outline = shapely.from_geojson(SHIPPED_OUTLINE.read_text(encoding="utf-8"))
    west, south, east, north = outline.bounds
    return (
        west - _MARGIN_DEGREE,
        south - _MARGIN_DEGREE,
        east + _MARGIN_DEGREE,
        north + _MARGIN_DEGREE,
    )
