"""GPX from phones and hand-held receivers: waypoints; routes and tracks are layers of lines."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from geo.intake.raw import RawTable, cell_text, check_size, frame_of
from geo.intake.spatial.layers import no_layer
from geo.intake.spatial.xml import children, local, read_tree

_LAYERS: Final = {"waypoints": "wpt", "routes": "rte", "tracks": "trk"}
_POINTS = ("rtept", "trkpt")


def read_gpx(data: bytes, name: str, layer: str | None = None) -> RawTable:
    """Return the waypoints of a GPX file, or else its routes or tracks as lines.

    Parameters
    ----------
    layer
        `waypoints`, `routes` or `tracks`; None: the first of these that holds anything. A receiver
        writes its track beside the points that somebody set; those are what is wanted.

    Raises
    ------
    FileRefusedError
        What `read_tree` raises; `intake_sheet_missing`: no such layer.
    """
    root, encoding = read_tree(data, name)
    held = {title: list(children(root, tag)) for title, tag in _LAYERS.items()}
    filled = [title for title, entries in held.items() if entries]
    if layer is not None and layer not in filled:
        raise no_layer(name, layer, filled)
    taken = layer if layer is not None else next(iter(filled), "waypoints")
    entries = held[taken]
    rows = [dict(_fields(entry)) for entry in entries]
    headings = list(dict.fromkeys(key for row in rows for key in row))
    check_size(len(rows), len(headings), name)
    columns = [[row.get(heading, "") for row in rows] for heading in headings]
    return RawTable(
        frame_of(columns).reindex(range(len(rows))),
        "gpx",
        headings=tuple(headings),
        encoding=encoding,
        sheet=taken,
        sheets=tuple(filled),
        geometry=np.array([_shape(entry) for entry in entries], dtype=object),
    )


def _fields(entry: ET.Element) -> Iterator[tuple[str, str]]:
    for child in entry:
        inner = child.iter() if local(child) == "extensions" else (child,)
        for element in inner:
            if len(element) == 0 and (text := (element.text or "").strip()):
                yield local(element), cell_text(text)


def _shape(entry: ET.Element) -> shapely.Geometry | None:
    """Return the geometry; None where it makes no sense: the row will say so."""
    try:
        if local(entry) == "wpt":
            return shapely.Point(_position(entry))
        places = [_position(point) for point in entry.iter() if local(point) in _POINTS]
        return shapely.LineString(places)
    except (ValueError, shapely.errors.ShapelyError):
        return None


def _position(point: ET.Element) -> tuple[float, float]:
    return float(point.get("lon", "")), float(point.get("lat", ""))
