"""Binary formats, read in a process of their own: native code on strangers' bytes.

The functions named `parse_*` run in the other process and return plain lists; those named `read_*`
are called by us.
"""

import contextlib
import datetime as dt
import io
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import shapely

from geo.errors import FileRefusedError, InputError
from geo.intake.limits import (
    CHILD_CPU_S,
    CHILD_MEMORY_BYTES,
    CHILD_WALL_S,
    MAX_CELL_CHARS,
    MAX_ROWS,
)
from geo.intake.raw import RawTable, check_size, frame_of
from jobs import LimitReached, run

_Parsed = TypeVar("_Parsed")

_LIMIT_CODES: Final[dict[str, str]] = {
    "time": "intake_limit_time",
    "cpu": "intake_limit_time",
    "memory": "intake_limit_memory",
    "crash": "intake_limit_memory",
}

ALLOWED_DRIVERS: Final = frozenset({"GPKG"})
# Every other vector driver that GDAL 3.8-3.12 may hold. Drivers are switched off by name, and only
# in the environment before GDAL is loaded; the other process refuses to read if one is left.
_SKIP: Final = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,Arrow,BAG,CAD,CSV,CSW,Carto,DGN,DGNV8,DWG,DXF,"
    "EDIGEO,EEDA,ESRI Shapefile,ESRIC,ESRIJSON,Elasticsearch,FileGDB,FlatGeobuf,GDALG,GML,"
    "GMLAS,GMT,GPSBabel,GPX,GTFS,GeoJSON,GeoJSONSeq,GeoRSS,Geoconcept,HANA,HTTP,Idrisi,"
    "Interlis 1,Interlis 2,JML,JP2OpenJPEG,JSONFG,KML,LIBKML,LVBAG,MBTiles,MEM,MSSQLSpatial,"
    "MVT,MapInfo File,MapML,MiraMonVector,MongoDBv3,MySQL,NAS,NGW,NTF,OAPIF,OCI,ODBC,"
    "ODS,OGCAPI,OGDI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,PGDump,"
    "PGeo,PLSCENES,PMTiles,Parquet,PostgreSQL,S57,SOSI,SQLite,SVG,SXF,Selafin,TIGER,Tiger,"
    "TopoJSON,UK .NTF,VDV,VFK,VICAR,VRT,WAsP,WCS,WFS,WMS,WMTS,XLS,XLSX,XODR,netCDF"
)
# No network: a proxy at which nobody listens.
ENVIRONMENT: Final = {
    "OGR_SKIP": _SKIP,
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "PROJ_NETWORK": "OFF",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def read_spreadsheet(data: bytes, name: str, sheet: str | None) -> RawTable:
    """Return the cells of one sheet of an xlsx, xlsb, xls or ods workbook.

    Parameters
    ----------
    sheet
        Name of the sheet; None: the first that is not empty.

    Raises
    ------
    FileRefusedError
        `intake_damaged`, `intake_sheet_missing`, `intake_too_many_rows`, `intake_limit`, ….
    """
    sheets, taken, columns = _guard(parse_spreadsheet, data, name, sheet)
    raw = RawTable(frame_of(columns), "spreadsheet", sheet=taken, sheets=tuple(sheets))
    check_size(len(raw.cells), len(columns), name)
    return raw


def read_geopackage(data: bytes, name: str, layer: str | None) -> RawTable:
    """Return one layer of a GeoPackage, its geometries in the layer's own reference system.

    Raises
    ------
    FileRefusedError
        `intake_damaged`, `intake_sheet_missing`, `intake_geopackage` (views or virtual tables),
        `intake_limit`, ….
    """
    layers, taken, headings, columns, wkb, crs = _guard(parse_geopackage, data, name, layer)
    check_size(len(wkb), len(headings), name)
    return RawTable(
        frame_of(columns).reindex(range(len(wkb))),
        "geopackage",
        headings=tuple(headings),
        sheet=taken,
        sheets=tuple(layers),
        geometry=_geometries(wkb),
        crs=crs,
    )


def read_parquet(data: bytes, name: str) -> RawTable:
    """Return a Parquet table; a GeoParquet column of WKB becomes the geometry.

    Raises
    ------
    FileRefusedError
        `intake_damaged`, `intake_limit`, ….
    """
    headings, columns, wkb = _guard(parse_parquet, data, name)
    check_size(len(columns[0]) if columns else 0, len(headings), name)
    geometry = _geometries(wkb) if wkb is not None else None
    return RawTable(frame_of(columns), "parquet", headings=tuple(headings), geometry=geometry)


def parse_spreadsheet(
    data: bytes, name: str, sheet: str | None
) -> tuple[list[str], str, list[list[str]]]:
    """Return the sheets' names, the one that was taken and its columns."""
    import python_calamine  # noqa: PLC0415 -- in the other process only

    try:
        workbook = python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
        names = workbook.sheet_names
        if sheet is not None and sheet not in names:
            raise _no_sheet(name, sheet, names)
        for candidate in [sheet] if sheet is not None else names:
            found = workbook.get_sheet_by_name(candidate)
            rows = found.to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
            if rows or sheet is not None:
                return names, candidate, _transpose(rows)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise FileRefusedError("intake_damaged", file=name) from error
    raise FileRefusedError("intake_empty", file=name)


def parse_geopackage(
    data: bytes, name: str, layer: str | None
) -> tuple[list[str], str, list[str], list[list[str]], list[bytes | None], str]:
    """Return the layers' names, the one taken, its headings, columns, geometries (WKB) and CRS."""
    import pyogrio  # noqa: PLC0415 -- in the other process only, after the environment is set

    if left := open_drivers() - ALLOWED_DRIVERS:
        message = f"GDAL drivers that must be off: {sorted(left)}"
        raise RuntimeError(message)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "upload.gpkg"  # our own name, never the client's
        file.write_bytes(data)
        try:
            names = _true_layers(file, name)
            if layer is not None and layer not in names:
                raise _no_sheet(name, layer, names)
            taken = layer if layer is not None else names[0]
            # As Arrow: whole numbers beside blanks stay whole.
            meta, read = pyogrio.raw.read_arrow(file, layer=taken, max_features=MAX_ROWS + 1)
        except _gdal_errors() as error:
            raise FileRefusedError("intake_damaged", file=name) from error
    headings = [str(field) for field in meta["fields"]]
    columns = [[cell_text(cell) for cell in read[heading].to_pylist()] for heading in headings]
    shape = meta["geometry_name"] or "wkb_geometry"
    has_shape = shape in read.column_names
    wkb = read[shape].to_pylist() if has_shape else [None] * read.num_rows
    return names, taken, headings, columns, wkb, str(meta["crs"] or "")


def open_drivers() -> frozenset[str]:
    """Return the drivers that GDAL would try on a file in this process."""
    import pyogrio  # noqa: PLC0415 -- in the other process only, after the environment is set

    return frozenset(pyogrio.list_drivers())


def parse_parquet(
    data: bytes, name: str
) -> tuple[list[str], list[list[str]], list[bytes | None] | None]:
    """Return the headings, the columns and, of a GeoParquet file, the geometries (WKB)."""
    import pyarrow as pa  # noqa: PLC0415 -- in the other process only
    from pyarrow import parquet  # noqa: PLC0415 -- the same

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        check_size(file.metadata.num_rows, file.metadata.num_columns, name)
        read = file.read()
    except (pa.ArrowException, OSError) as error:
        raise FileRefusedError("intake_damaged", file=name) from error
    geometry: list[bytes | None] | None = None
    headings, columns = [], []
    for heading in read.column_names:
        cells = read[heading].to_pylist()
        if geometry is None and pa.types.is_binary(read.schema.field(heading).type):
            geometry = cells
        else:
            headings.append(heading)
            columns.append([cell_text(cell) for cell in cells])
    return headings, columns, geometry


def cell_text(value: object) -> str:
    """Return a cell as the text that a person sees; whole numbers without .0, nothing as ""."""
    if value is None or value != value:  # noqa: PLR0124 -- NaN of any type
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return str(value)[: MAX_CELL_CHARS + 1]


def _guard(function: Callable[..., _Parsed], data: bytes, name: str, *more: object) -> _Parsed:
    try:
        return run(
            function,
            data,
            name,
            *more,
            wall_s=CHILD_WALL_S,
            cpu_s=CHILD_CPU_S,
            memory_bytes=CHILD_MEMORY_BYTES,
            environment=ENVIRONMENT,
        )
    except LimitReached as error:
        raise FileRefusedError(
            _LIMIT_CODES[error.limit],
            file=name,
            seconds=round(CHILD_WALL_S),
            mib=CHILD_MEMORY_BYTES // 2**20,
        ) from error


def _gdal_errors() -> tuple[type[Exception], ...]:
    from pyogrio import errors  # noqa: PLC0415 -- in the other process only

    return sqlite3.Error, errors.DataSourceError, errors.DataLayerError


def _no_sheet(name: str, sheet: str, names: list[str]) -> FileRefusedError:
    return FileRefusedError("intake_sheet_missing", file=name, sheet=sheet, sheets="、".join(names))


def _transpose(rows: list[list[Any]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    padded = (row + [""] * (width - len(row)) for row in rows)
    return [[cell_text(cell) for cell in column] for column in zip(*padded, strict=True)]


def _true_layers(file: Path, name: str) -> list[str]:
    """Return the feature tables of a GeoPackage; refuse what could make reading do more."""
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        objects = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        layers = [
            str(row[0])
            for row in database.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
            )
        ]
    scripts = [str(sql or "").lower() for _, _, sql in objects]
    virtual = any(" virtual " in sql and "rtree" not in sql for sql in scripts)
    tables = {str(table) for kind, table, _ in objects if kind == "table"}
    if virtual or not layers or not set(layers) <= tables:
        raise FileRefusedError("intake_geopackage", file=name)
    return layers


def _geometries(wkb: list[bytes | None]) -> np.ndarray[Any, np.dtype[np.object_]]:
    return np.asarray(shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore"))
