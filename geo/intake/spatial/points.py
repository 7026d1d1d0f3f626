"""One position per geometry: the point itself, a point inside an area; a line has none."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.intake.ledger import Ledger, Mask
from geo.intake.raw import RawTable

Shapes = NDArray[np.object_]

_POINT, _LINES, _AREAS, _POINTS, _COLLECTION = 0, (1, 2, 5), (3, 6), 4, 7
_OWN: Final = ("lon", "lat")


def with_positions(raw: RawTable) -> RawTable:
    """Return a table whose geometries have become two more columns; one without them as it is.

    Of an area its centroid, or where that lies outside of it a point inside; of several points
    their middle; of a collection with one point (a building and its mark) that point. A line is no
    place: its row has no position.
    """
    if raw.geometry is None or raw.headings is None:
        return raw
    with np.errstate(invalid="ignore", over="ignore"):  # the rows will say what is not finite
        shapes = _one_part(raw.geometry)
        points = _places(shapes)
    # The geometry comes before properties of the same name.
    names = [f"properties.{h}" if h.strip().casefold() in _OWN else h for h in raw.headings]
    cells = raw.cells.copy()
    for place, axis in enumerate((shapely.get_x(points), shapely.get_y(points)), len(names)):
        text = [repr(value) if not np.isnan(value) else "" for value in axis.tolist()]
        cells[place] = pd.Series(text, dtype="str")
    return replace(raw, cells=cells, headings=(*names, *_OWN), geometry=shapes)


def tell_shapes(raw: RawTable, numbers: NDArray[np.int64], ledger: Ledger) -> None:
    """Tell how many positions stand for an area, and reject the rows of lines.

    Parameters
    ----------
    raw
        What `with_positions` returned.
    numbers
        Number of each row of the ledger in the file.
    """
    if raw.geometry is None:
        return
    kinds = shapely.get_type_id(raw.geometry)[numbers - raw.first_row]
    lines: Mask = np.isin(kinds, _LINES)
    ledger.reject("intake_line", lines, None)
    standing = int(np.count_nonzero(np.isin(kinds, (*_AREAS, _POINTS, _COLLECTION))))
    if standing:
        ledger.note("intake_areas", "info", count=standing)


def _one_part(geometry: Shapes) -> Shapes:
    """Return the geometries: empty ones as None, those of one part, or with one point, as that."""
    shapes = geometry.copy()
    shapes[shapely.is_empty(shapes)] = None
    for index in np.flatnonzero(shapely.get_type_id(shapes) > _AREAS[0]).tolist():
        parts = shapely.get_parts(shapes[index])
        points = parts[shapely.get_type_id(parts) == _POINT]
        kind = shapely.get_type_id(shapes[index])
        if len(parts) == 1:
            shapes[index] = parts[0]
        elif kind == _COLLECTION and len(points) == 1:
            shapes[index] = points[0]
    return shapes


def _places(shapes: Shapes) -> Shapes:
    kinds = shapely.get_type_id(shapes)
    corners, owner = shapely.get_coordinates(shapes, return_index=True)
    endless = np.zeros(len(shapes), dtype=np.bool_)
    endless[owner[~np.isfinite(corners).all(axis=1)]] = True
    placed = shapes.copy()
    placed[np.isin(kinds, _LINES) | (endless & (kinds != _POINT))] = None
    places = np.asarray(shapely.centroid(placed), dtype=np.object_)
    outside = np.isin(shapely.get_type_id(placed), _AREAS) & ~shapely.intersects(placed, places)
    places[outside] = shapely.point_on_surface(placed[outside])
    return places
