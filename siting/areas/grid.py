"""The areas of the siting rules on a grid: what a planner looks at place by place."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import LocalFrame
from siting.coverage import read_demand
from siting.model import Inputs, Parameters
from siting.planning import Rules
from siting.results import AreaType
from siting.rules import read_rules
from siting.rules.areas import classify
from siting.rules.places import Ground, Places

FINEST_CELL_M = 200.0
MOST_CELLS = 15_000
"""Cells of the box around a district [assumption]: a second of work, and a street still shows."""


@dataclass(frozen=True, eq=False)
class AreaGrid:
    """Areas by the middle of each cell.

    Attributes
    ----------
    area_types
        One per layer of `lies`, in the order of the rules.
    lies
        bool[area types, rows, columns], the first row in the north; nowhere beyond what is known.
    inside
        bool[rows, columns]: within what is known.
    bounds
        west, south, east, north; WGS-84 degrees.
    cell_m
        Side of a cell, metres.
    """

    area_types: tuple[AreaType, ...]
    lies: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    bounds: tuple[float, float, float, float]
    cell_m: float


def area_grid(
    inputs: Inputs, parameters: Parameters, rules: Rules, within: shapely.Geometry | None = None
) -> AreaGrid | None:
    """Return the areas of a grid over a district; None: nobody knows where it is.

    Parameters
    ----------
    within
        The district, WGS-84: cells beyond it are in no area. None: the convex hull of all
        positions that are known and of the zones.

    Raises
    ------
    InputError
        Tables, parameters or rules that cannot be used.
    """
    hull = _hull(inputs) if within is None else within
    if hull is None:
        return None
    west, south, east, north = (float(side) for side in shapely.bounds(hull))
    frame = LocalFrame((west + east) / 2, (south + north) / 2)
    x, y = frame.to_m(np.array([west, east]), np.array([south, north]))
    wide, high = max(float(np.ptp(x)), 1.0), max(float(np.ptp(y)), 1.0)
    cell_m = max(FINEST_CELL_M, float(np.sqrt(wide * high / MOST_CELLS)))
    columns, rows = (max(1, int(np.ceil(side / cell_m))) for side in (wide, high))
    lon = west + (np.arange(columns) + 0.5) * (east - west) / columns
    lat = north - (np.arange(rows) + 0.5) * (north - south) / rows
    lons, lats = (part.ravel() for part in np.meshgrid(lon, lat))
    inside = shapely.intersects_xy(hull, lons, lats)
    book = read_rules(rules)
    ground = Ground(inputs, read_demand(inputs.demand, parameters), book)
    places = Places(lons[inside], lats[inside], ("",) * int(inside.sum()))
    found = classify(ground, places, inputs.area_zones)
    lies = np.zeros((len(book.rules), rows * columns), dtype=bool)
    lies[:, inside] = found.lies
    return AreaGrid(
        tuple(rule.area_type for rule in book.rules),
        lies.reshape(len(book.rules), rows, columns),
        inside.reshape(rows, columns),
        (west, south, east, north),
        cell_m,
    )


def _hull(inputs: Inputs) -> shapely.Geometry | None:
    tables = (inputs.demand, inputs.stations, inputs.candidates, inputs.enterprises, inputs.hosts)
    places = pd.concat([table[["lon", "lat"]] for table in tables]).dropna().to_numpy(dtype=float)
    parts = [shapely.multipoints(places), *inputs.area_zones.polygons.tolist()]
    hull = shapely.convex_hull(shapely.union_all(parts))
    return hull if shapely.area(hull) > 0 else None
