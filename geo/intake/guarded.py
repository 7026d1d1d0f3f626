"""Files are read in a process of their own, with limits of time, memory, files and network.

Only small texts and small JSON are read in ours: neither runs native code that follows what a file
says, and their size bounds what they take.
"""

import io
from collections.abc import Callable
from typing import Any, Final, TypeVar

import numpy as np
import shapely

from geo.errors import FileRefusedError, InputError
from geo.intake.formats import Format
from geo.intake.limits import (
    CHILD_CPU_S,
    CHILD_FILE_BYTES,
    CHILD_MEMORY_BYTES,
    CHILD_OPEN_FILES,
    CHILD_WALL_S,
    MAX_BYTES_IN_PROCESS,
    MAX_ROWS,
)
from geo.intake.raw import RawTable, cell_text, check_size, frame_of
from geo.intake.spatial.geojson import read_geojson
from geo.intake.spatial.geopackage import read_geopackage
from geo.intake.spatial.gpx import read_gpx
from geo.intake.spatial.grid import read_grid
from geo.intake.spatial.kml import read_kml
from geo.intake.spatial.layers import no_layer
from geo.intake.spatial.shapefile import read_shapefile
from geo.intake.text import read_text
from jobs import LimitReached, run

_Parsed = TypeVar("_Parsed")

_LIMIT_CODES: Final[dict[str, str]] = {
    "time": "intake_limit_time",
    "cpu": "intake_limit_time",
    "memory": "intake_limit_memory",
    "crash": "intake_limit_memory",
}
_IN_PROCESS: Final = ("text", "geojson")
_WITHOUT_LAYERS: Final = ("text", "geojson", "parquet", "grid")
_WITH_ENCODING: Final = ("text", "shapefile")
# None of the readers uses the network. Should a library try: proxies at which nobody listens.
_NOBODY = "http://127.0.0.1:9"
ENVIRONMENT: Final = {
    "http_proxy": _NOBODY,
    "https_proxy": _NOBODY,
    "ftp_proxy": _NOBODY,
    "no_proxy": "",
    "PROJ_NETWORK": "OFF",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def read_raw(
    data: bytes,
    kind: Format,
    table: str,
    name: str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
) -> RawTable:
    """Return the cells and geometries of a file of strangers.

    Parameters
    ----------
    kind
        What `geo.intake.formats.detect` says.
    table
        Its headings help to find the separator of a text.
    name
        What messages call the file.
    layer
        Sheet or layer; None: the first sheet that holds anything, the only layer.
    encoding
        Of a text or a Shapefile, one of `geo.intake.text.CHOICES`; None: the one that fits.

    Raises
    ------
    InputError
        `intake_no_sheets`, `intake_no_encoding`: the format has none to choose from.
    LayersError
        There are several layers.
    FileRefusedError
        The file cannot be read, or not within the limits; `intake_grid_table`: a grid holds
        demand and nothing else.
    """
    if layer is not None and kind in _WITHOUT_LAYERS:
        raise InputError("intake_no_sheets", file=name, sheet=layer)
    if encoding is not None and kind not in _WITH_ENCODING:
        raise InputError("intake_no_encoding", file=name, encoding=encoding)
    if kind == "grid" and table != "demand":
        raise FileRefusedError("intake_grid_table", file=name)
    if kind in _IN_PROCESS and len(data) <= MAX_BYTES_IN_PROCESS:
        return parse(data, kind, table, name, layer, encoding)
    return guard(parse, data, kind, table, name, layer, encoding, name=name)


def parse(
    data: bytes, kind: Format, table: str, name: str, layer: str | None, encoding: str | None
) -> RawTable:
    """Return what `read_raw` returns; in whatever process it is called."""
    if kind == "text":
        return read_text(data, table, name, encoding)
    if kind == "shapefile":
        return read_shapefile(data, name, layer, encoding)
    readers: dict[str, Callable[[], RawTable]] = {
        "geojson": lambda: read_geojson(data, name),
        "grid": lambda: read_grid(data, name),
        "parquet": lambda: read_parquet(data, name),
        "kml": lambda: read_kml(data, name, layer),
        "gpx": lambda: read_gpx(data, name, layer),
        "geopackage": lambda: read_geopackage(data, name, layer),
        "spreadsheet": lambda: read_spreadsheet(data, name, layer),
    }
    return readers[kind]()


def read_spreadsheet(data: bytes, name: str, sheet: str | None) -> RawTable:
    """Return the cells of one sheet of an xlsx, xlsb, xls or ods workbook.

    Parameters
    ----------
    sheet
        Name of the sheet; None: the first that is not empty.

    Raises
    ------
    FileRefusedError
        `intake_damaged`, `intake_empty`, `intake_sheet_missing`, `intake_too_many_rows`, ….
    """
    import python_calamine  # noqa: PLC0415 -- in the other process only

    try:
        workbook = python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
        names = workbook.sheet_names
        if sheet is not None and sheet not in names:
            raise no_layer(name, sheet, names)
        for candidate in [sheet] if sheet is not None else names:
            found = workbook.get_sheet_by_name(candidate)
            rows = found.to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
            if rows or sheet is not None:
                columns = _transpose(rows)
                check_size(len(rows), len(columns), name)
                cells = frame_of(columns)
                return RawTable(cells, "spreadsheet", sheet=candidate, sheets=tuple(names))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise FileRefusedError("intake_damaged", file=name) from error
    raise FileRefusedError("intake_empty", file=name)


def read_parquet(data: bytes, name: str) -> RawTable:
    """Return a Parquet table; a GeoParquet column of WKB becomes the geometry.

    Raises
    ------
    FileRefusedError
        `intake_damaged`, `intake_too_many_rows`, `intake_too_many_columns`.
    """
    import pyarrow as pa  # noqa: PLC0415 -- in the other process only
    from pyarrow import parquet  # noqa: PLC0415 -- the same

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        check_size(file.metadata.num_rows, file.metadata.num_columns, name)
        read = file.read()
    except (pa.ArrowException, OSError) as error:
        raise FileRefusedError("intake_damaged", file=name) from error
    geometry = None
    headings, columns = [], []
    for heading in read.column_names:
        cells = read[heading].to_pylist()
        if geometry is None and pa.types.is_binary(read.schema.field(heading).type):
            geometry = np.asarray(shapely.from_wkb(cells, on_invalid="ignore"), dtype=object)
        else:
            headings.append(heading)
            columns.append([cell_text(cell) for cell in cells])
    cells = frame_of(columns).reindex(range(read.num_rows))
    return RawTable(cells, "parquet", headings=tuple(headings), geometry=geometry)


def guard(function: Callable[..., _Parsed], *args: object, name: str) -> _Parsed:
    """Call a reader in a process of its own, within the limits of `geo.intake.limits`.

    Raises
    ------
    FileRefusedError
        `intake_limit_time` or `intake_limit_memory`: it met one, or died; or what it raised.
    """
    try:
        return run(
            function,
            *args,
            wall_s=CHILD_WALL_S,
            cpu_s=CHILD_CPU_S,
            memory_bytes=CHILD_MEMORY_BYTES,
            file_bytes=CHILD_FILE_BYTES,
            open_files=CHILD_OPEN_FILES,
            environment=ENVIRONMENT,
        )
    except LimitReached as error:
        raise FileRefusedError(
            _LIMIT_CODES[error.limit],
            file=name,
            seconds=round(CHILD_WALL_S),
            mib=CHILD_MEMORY_BYTES // 2**20,
        ) from error


def _transpose(rows: list[list[Any]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    padded = (row + [""] * (width - len(row)) for row in rows)
    return [[cell_text(cell) for cell in column] for column in zip(*padded, strict=True)]
