"""Zipped Shapefiles: in any folder of the zip, with whatever case their names have.

The parts are read where they lie in the zip; nothing is unpacked to disk.
"""

import zipfile
from typing import NamedTuple

import numpy as np

from geo.errors import FileRefusedError
from geo.intake.formats import entries_with, entry_path, open_zip, unpack
from geo.intake.raw import Note, RawTable, check_size, frame_of
from geo.intake.spatial.crs import CRS_MISSING, stated_in_wkt
from geo.intake.spatial.dbf import Attributes, read_dbf
from geo.intake.spatial.layers import choose_layer
from geo.intake.spatial.shp import read_shp

_PARTS = (".shp", ".dbf", ".prj", ".cpg")
_ENCODING_CHARS = 40


class _Layer(NamedTuple):
    """Suffix -> entry of the zip."""

    parts: dict[str, zipfile.ZipInfo]


def read_shapefile(
    data: bytes, name: str, layer: str | None = None, encoding: str | None = None
) -> RawTable:
    """Return one Shapefile of a zip, its geometries in its own reference system.

    Parameters
    ----------
    layer
        Its name without suffix, with the folder where two have one name; None: the only one.
    encoding
        Of its attributes; None: see `read_dbf`.

    Raises
    ------
    LayersError
        `intake_layers`: there are several.
    FileRefusedError
        What `read_shp`, `read_dbf` and `stated_in_wkt` raise; `intake_shapefile_differs`: the
        parts do not belong together.
    """
    with open_zip(data, name) as archive:
        layers = _layers(archive)
        taken = choose_layer(list(layers), layer, name)
        parts = {
            suffix: unpack(archive, entry, name) for suffix, entry in layers[taken].parts.items()
        }
    shapes = read_shp(parts[".shp"], name)
    stated = parts.get(".cpg", b"").decode("ascii", "ignore")[:_ENCODING_CHARS]
    table = _attributes(parts, name, stated, encoding, len(shapes))
    check_size(len(shapes), len(table.headings), name)
    notes: list[Note] = []
    crs = ""
    if ".prj" in parts:
        crs = stated_in_wkt(_text(parts[".prj"]), name)
    else:
        notes.append(CRS_MISSING)
    return RawTable(
        frame_of(table.columns).reindex(range(len(shapes)))[table.kept].reset_index(drop=True),
        "shapefile",
        headings=tuple(table.headings),
        encoding=table.encoding,
        sheet=taken,
        sheets=tuple(layers),
        geometry=shapes[table.kept],
        crs=crs,
        notes=tuple(notes),
    )


def _attributes(
    parts: dict[str, bytes], name: str, stated: str, encoding: str | None, rows: int
) -> Attributes:
    if ".dbf" not in parts:
        return Attributes([], [], np.ones(rows, dtype=np.bool_), "")
    table = read_dbf(parts[".dbf"], name, stated, encoding)
    if len(table.kept) != rows:
        raise FileRefusedError(
            "intake_shapefile_differs", file=name, shapes=rows, records=len(table.kept)
        )
    return table


def _layers(archive: zipfile.ZipFile) -> dict[str, _Layer]:
    """Return the layers by name, in the order of the zip."""
    found: dict[str, _Layer] = {}
    entries = {suffix: entries_with(archive, suffix) for suffix in _PARTS}
    for shp in entries[".shp"]:
        stem = _stem(shp)
        parts = {
            suffix: entry
            for suffix in reversed(_PARTS)
            for entry in entries[suffix]
            if _stem(entry).casefold() == stem.casefold()
        }
        path = entry_path(shp)
        short = path.stem
        found[short if short not in found else stem] = _Layer({**parts, ".shp": shp})
    return found


def _stem(entry: zipfile.ZipInfo) -> str:
    return str(entry_path(entry).with_suffix(""))


def _text(prj: bytes) -> str:
    """Return a definition as text: its names may be in any encoding, its figures are ASCII."""
    return prj.decode("utf-8-sig", "replace").strip()
