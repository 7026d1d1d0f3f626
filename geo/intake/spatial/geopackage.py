"""GeoPackage (OGC 12-128r19) by SQLite itself, in memory, reading plain tables and nothing else.

A stranger's database may hold views, triggers, virtual tables and generated columns. Nothing but
reading is authorised, no function runs, and the schema is not trusted.
"""

import contextlib
import sqlite3
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import FileRefusedError
from geo.intake.limits import MAX_COLUMNS, MAX_ROWS
from geo.intake.raw import Note, RawTable, cell_text, check_size, frame_of
from geo.intake.spatial.crs import CRS_MISSING, stated_in_wkt, unknown
from geo.intake.spatial.layers import choose_layer

_READING: Final = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
_NAMES: Final = "gpkg_contents"
_SHAPES: Final = "gpkg_geometry_columns"
_SYSTEMS: Final = "gpkg_spatial_ref_sys"
_UNDEFINED: Final = (0, -1)  # srs_id of undefined geographic and Cartesian systems
_MOST_BYTES_OF_A_CELL: Final = 64 * 2**20
# Bytes 18 and 19 of a database that was written with a log beside it; such a log never comes along.
_WRITE_AHEAD, _PLAIN = b"\x02\x02", b"\x01\x01"
_ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)


class _Layer(NamedTuple):
    shape: str | None
    system: int | None


def read_geopackage(data: bytes, name: str, layer: str | None = None) -> RawTable:
    """Return one layer of a GeoPackage, its geometries in the layer's own reference system.

    Parameters
    ----------
    layer
        Its table's name; None: the only one that holds any row.

    Raises
    ------
    LayersError
        `intake_layers`: there are several.
    FileRefusedError
        `intake_damaged`; `intake_geopackage`: no plain table of features; `intake_sheet_missing`;
        `intake_crs_unknown`.
    """
    try:
        with contextlib.closing(sqlite3.connect(":memory:")) as database:
            _open(database, data)
            layers = _layers(database, name)
            filled = [table for table in layers if _rows(database, table, most=1)[1]]
            taken = choose_layer(filled or list(layers)[:1], layer, name)
            headings, rows = _rows(database, taken, most=MAX_ROWS + 1)
            key = _row_key(database, taken)
            crs = _system(database, layers[taken].system, name)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise FileRefusedError("intake_damaged", file=name) from error
    check_size(len(rows), len(headings), name)
    left_out = {key, layers[taken].shape}
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(headings)
    shown = [heading for heading in headings if heading not in left_out]
    cells = [
        [cell_text(None if isinstance(cell, bytes) else cell) for cell in column]
        for heading, column in zip(headings, columns, strict=True)
        if heading not in left_out
    ]
    shapes = next(
        (c for h, c in zip(headings, columns, strict=True) if h == layers[taken].shape),
        (None,) * len(rows),
    )
    notes: list[Note] = [] if crs or layers[taken].shape is None else [CRS_MISSING]
    return RawTable(
        frame_of(cells).reindex(range(len(rows))),
        "geopackage",
        headings=tuple(shown),
        sheet=taken,
        sheets=tuple(filled),
        geometry=_geometries(shapes),
        crs=crs,
        notes=tuple(notes),
    )


def _open(database: sqlite3.Connection, data: bytes) -> None:
    if data[18:20] == _WRITE_AHEAD:
        data = data[:18] + _PLAIN + data[20:]
    database.deserialize(data)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES_OF_A_CELL)
    database.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, 2 * MAX_COLUMNS)
    database.set_authorizer(_authorise)


def _authorise(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _layers(database: sqlite3.Connection, name: str) -> dict[str, _Layer]:
    """Return the tables of features, or else those of attributes; refuse what is no plain table."""
    objects = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    scripts = [str(sql or "").lower() for _, _, sql in objects]
    if any(" virtual " in sql and "rtree" not in sql for sql in scripts):
        raise FileRefusedError("intake_geopackage", file=name)
    tables = {str(table) for kind, table, _ in objects if kind == "table"}
    if not {_NAMES, _SYSTEMS} <= tables:
        raise FileRefusedError("intake_geopackage", file=name)
    listed = database.execute(f"SELECT table_name, data_type FROM {_NAMES}").fetchall()  # noqa: S608 -- a name of ours
    shapes = _shape_columns(database) if _SHAPES in tables else {}
    for kind in ("features", "attributes"):
        layers = {
            str(table): shapes.get(str(table), _Layer(None, None))
            for table, data_type in listed
            if data_type == kind and str(table) in tables
        }
        if layers:
            return layers
    raise FileRefusedError("intake_geopackage", file=name)


def _shape_columns(database: sqlite3.Connection) -> dict[str, _Layer]:
    rows = database.execute(f"SELECT table_name, column_name, srs_id FROM {_SHAPES}")  # noqa: S608 -- a name of ours
    return {str(table): _Layer(str(column), int(system)) for table, column, system in rows}


def _rows(
    database: sqlite3.Connection, table: str, most: int
) -> tuple[list[str], list[tuple[Any, ...]]]:
    quoted = table.replace('"', '""')
    found = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 -- quoted; only reading is authorised
    return [str(column[0]) for column in found.description], found.fetchmany(most)


def _row_key(database: sqlite3.Connection, table: str) -> str | None:
    """Return the column that only numbers the rows of the database, as every GeoPackage has."""
    quoted = table.replace('"', '""')
    database.set_authorizer(None)
    try:
        described = database.execute(f'PRAGMA table_info("{quoted}")').fetchall()
    finally:
        database.set_authorizer(_authorise)
    keys = [str(column[1]) for column in described if column[5]]
    whole = [str(column[1]) for column in described if str(column[2]).upper() == "INTEGER"]
    return keys[0] if len(keys) == 1 and keys[0] in whole else None


def _system(database: sqlite3.Connection, system: int | None, name: str) -> str:
    """Return `EPSG:n` of a layer, "" where it states none."""
    if system is None or system in _UNDEFINED:
        return ""
    found = database.execute(
        f"SELECT organization, organization_coordsys_id, definition FROM {_SYSTEMS}"  # noqa: S608 -- a name of ours
        " WHERE srs_id = ?",
        (system,),
    ).fetchone()
    if found is None:
        raise unknown(str(system), name)
    organisation, code, definition = found
    if str(organisation).upper() == "EPSG" and isinstance(code, int):
        return f"EPSG:{code}"
    return stated_in_wkt(str(definition), name)


def _geometries(cells: Sequence[object]) -> NDArray[np.object_]:
    wkb = np.array([_wkb(cell) for cell in cells], dtype=object)
    return np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object).reshape(-1)


def _wkb(cell: object) -> bytes | None:
    """Return the WKB behind a GeoPackage header; None where there is none: the row will say so."""
    if not isinstance(cell, bytes) or not cell.startswith(b"GP") or len(cell) < 8:
        return None
    envelope = cell[3] >> 1 & 0b111
    if envelope >= len(_ENVELOPE_BYTES):
        return None
    return cell[8 + _ENVELOPE_BYTES[envelope] :]
