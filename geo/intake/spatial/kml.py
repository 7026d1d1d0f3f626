"""KML and KMZ: one row per placemark. Links to other files are not followed."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import numpy as np
import shapely

from geo.errors import FileRefusedError
from geo.intake.formats import ZIP_MARK, entries_with, open_zip, unpack
from geo.intake.raw import Note, RawTable, cell_text, check_size, frame_of
from geo.intake.spatial.layers import no_layer
from geo.intake.spatial.xml import children, local, read_tree, text_of

_OWN = ("name", "address", "phoneNumber", "description")
_FOLDERS = ("Document", "Folder")
_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack")
_MOST_NESTED = 8

Fields = dict[str, str]


def read_kml(data: bytes, name: str, layer: str | None = None) -> RawTable:
    """Return the placemarks of a KML or KMZ file: a column of its folder beside their own data.

    Parameters
    ----------
    layer
        Name of a folder; None: the placemarks of all folders.

    Raises
    ------
    FileRefusedError
        What `read_tree` raises; `intake_links_only`: the placemarks are in other files;
        `intake_sheet_missing`: no such folder.
    """
    root, encoding = read_tree(_document(data, name), name)
    found = list(_placemarks(root, ""))
    linked = any(local(element) == "NetworkLink" for element in root.iter())
    if linked and not found:
        raise FileRefusedError("intake_links_only", file=name)
    folders = list(dict.fromkeys(folder for folder, _ in found if folder))
    if layer is not None:
        if layer not in folders:
            raise no_layer(name, layer, folders)
        found = [(folder, mark) for folder, mark in found if folder == layer]
    rows = [_fields(mark, folder) for folder, mark in found]
    headings = list(dict.fromkeys(key for row in rows for key in row))
    check_size(len(rows), len(headings), name)
    columns = [[row.get(heading, "") for row in rows] for heading in headings]
    notes: list[Note] = [("intake_links_ignored", "warning", {})] if linked else []
    return RawTable(
        frame_of(columns).reindex(range(len(rows))),
        "kml",
        headings=tuple(headings),
        encoding=encoding,
        sheet=layer,
        sheets=tuple(folders) if layer is not None else (),
        geometry=np.array([_shape(mark) for _, mark in found], dtype=object),
        notes=tuple(notes),
    )


def _document(data: bytes, name: str) -> bytes:
    """Return the KML itself: of a KMZ `doc.kml`, or else the first .kml file in it."""
    if not data.startswith(ZIP_MARK):
        return data
    with open_zip(data, name) as archive:
        entries = entries_with(archive, ".kml")
        if not entries:
            raise FileRefusedError("intake_zip_content", file=name)
        main = [entry for entry in entries if entry.filename.lower() == "doc.kml"]
        return unpack(archive, (main or entries)[0], name)


def _placemarks(element: ET.Element, folder: str) -> Iterator[tuple[str, ET.Element]]:
    """Yield every placemark and the name of the folder around it."""
    open_folders = [(element, folder)]
    while open_folders:
        inside, called = open_folders.pop()
        for child in inside:
            if local(child) == "Placemark":
                yield called, child
        deeper = list(children(inside, *_FOLDERS))
        open_folders += [
            (child, text_of(child, "name") if local(child) == "Folder" else called)
            for child in reversed(deeper)
        ]


def _fields(mark: ET.Element, folder: str) -> Fields:
    fields = {tag: cell_text(text) for tag in _OWN if (text := text_of(mark, tag))}
    if folder:
        fields["folder"] = cell_text(folder)
    for extended in children(mark, "ExtendedData"):
        for data in children(extended, "Data"):
            fields[data.get("name", "")] = cell_text(text_of(data, "value"))
        for schema in children(extended, "SchemaData"):
            for data in children(schema, "SimpleData"):
                fields[data.get("name", "")] = cell_text((data.text or "").strip())
    fields.pop("", None)
    return fields


def _shape(mark: ET.Element) -> shapely.Geometry | None:
    """Return the geometry; None where there is none or it makes no sense: the row will say so."""
    element = next(children(mark, *_SHAPES), None)
    if element is None:
        return None
    try:
        return _geometry(element, 0)
    except (ValueError, shapely.errors.ShapelyError):
        return None


def _geometry(element: ET.Element, depth: int) -> shapely.Geometry:
    kind = local(element)
    if kind == "Point":
        return shapely.Point(_positions(element)[0])
    if kind == "Polygon":
        outer = _ring(element, "outerBoundaryIs")
        return shapely.Polygon(outer[0], _ring(element, "innerBoundaryIs"))
    if kind == "Track":
        places = [(c.text or "").split()[:2] for c in children(element, "coord")]
        return shapely.LineString([(float(x), float(y)) for x, y in places])
    if kind not in ("MultiGeometry", "MultiTrack"):
        return shapely.LineString(_positions(element))
    if depth > _MOST_NESTED:
        raise ValueError(kind)
    parts = [_geometry(part, depth + 1) for part in children(element, *_SHAPES)]
    return parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts)


def _ring(polygon: ET.Element, side: str) -> list[list[tuple[float, float]]]:
    rings = [
        _positions(ring)
        for edge in children(polygon, side)
        for ring in children(edge, "LinearRing")
    ]
    if side == "outerBoundaryIs" and len(rings) != 1:
        raise ValueError(side)
    return rings


def _positions(element: ET.Element) -> list[tuple[float, float]]:
    """Return longitudes and latitudes of `lon,lat[,height] …`; never an empty list."""
    found = []
    for word in text_of(element, "coordinates").split():
        lon, lat, *_ = word.split(",")
        found.append((float(lon), float(lat)))
    if not found:
        raise ValueError(element.tag)
    return found
