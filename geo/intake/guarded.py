"""Files are read in a process of their own, with limits of time, memory, files and network.

Only small texts and small JSON are read in ours: neither runs native code that follows what a file
says, and their size bounds what they take.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

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
from geo.intake.spatial.parquet import read_parquet
from geo.intake.spatial.shapefile import read_shapefile
from geo.intake.text import read_text
from jobs import LimitReached, run

_Parsed = TypeVar("_Parsed")
Range = tuple[tuple[int, int], tuple[int, int]]
"""Merged cells of a sheet: (row, column) of the first and of the last, from 0."""

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
    # Pools and arenas reserve addresses by the thread, which the limit on memory counts.
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


class Limits(NamedTuple):
    """What reading one file may take: seconds of wall clock and of a processor, bytes."""

    wall_s: float
    cpu_s: float
    memory_bytes: int


def read_raw(
    data: bytes | Path,
    kind: Format,
    table: str,
    name: str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    area: shapely.Geometry | None = None,
) -> RawTable:
    """Return the cells and geometries of a file of strangers.

    Parameters
    ----------
    data
        The file, or where it is: of a grid on disk only the part is read that is asked for.
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
    area
        Of a grid, the cells in it (WGS-84) and no others; None: all.

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
    if kind == "grid":
        if table != "demand":
            raise FileRefusedError("intake_grid_table", file=name)
        return guard(read_grid, data, name, area, name=name)
    content = data.read_bytes() if isinstance(data, Path) else data
    if kind in _IN_PROCESS and len(content) <= MAX_BYTES_IN_PROCESS:
        return parse(content, kind, table, name, layer, encoding)
    return guard(parse, content, kind, table, name, layer, encoding, name=name)


def parse(
    data: bytes, kind: Format, table: str, name: str, layer: str | None, encoding: str | None
) -> RawTable:
    """Return what `read_raw` returns; in whatever process it is called."""
    readers: dict[str, Callable[[], RawTable]] = {
        "text": lambda: read_text(data, table, name, encoding),
        "geojson": lambda: read_geojson(data, name),
        "shapefile": lambda: read_shapefile(data, name, layer, encoding),
        "grid": lambda: read_grid(data, name),
        "parquet": lambda: read_parquet(data, name),
        "kml": lambda: read_kml(data, name, layer),
        "gpx": lambda: read_gpx(data, name, layer),
        "geopackage": lambda: read_geopackage(data, name, layer),
        "spreadsheet": lambda: read_spreadsheet(data, name, layer),
    }
    with np.errstate(invalid="ignore", over="ignore"):  # the rows will say what is not finite
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
                _fill_down(rows, found.merged_cell_ranges or [])
                columns = _transpose(rows)
                check_size(len(rows), len(columns), name)
                cells = frame_of(columns)
                return RawTable(cells, "spreadsheet", sheet=candidate, sheets=tuple(names))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise FileRefusedError("intake_damaged", file=name) from error
    raise FileRefusedError("intake_empty", file=name)


def _fill_down(rows: list[list[Any]], merged: list[Range]) -> None:
    """Repeat the text of cells that are merged downwards: one unit beside all its stations.

    Cells that are merged sideways are titles and groups of headings; they stay in their first one.
    """
    for (top, left), (bottom, right) in merged:
        if left == right and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                if left < len(row):
                    row[left] = rows[top][left]


def guard(
    function: Callable[..., _Parsed], *args: object, name: str, limits: Limits | None = None
) -> _Parsed:
    """Call a reader in a process of its own.

    Parameters
    ----------
    function, args
        At the top level of a module; anything that multiprocessing can carry.
    name
        What messages call the file.
    limits
        None: those of tables.

    Raises
    ------
    FileRefusedError
        `intake_limit_time` or `intake_limit_memory`: it met one, or died; or what it raised.
    """
    most = limits if limits is not None else Limits(CHILD_WALL_S, CHILD_CPU_S, CHILD_MEMORY_BYTES)
    try:
        return run(
            function,
            *args,
            wall_s=most.wall_s,
            cpu_s=most.cpu_s,
            memory_bytes=most.memory_bytes,
            file_bytes=CHILD_FILE_BYTES,
            open_files=CHILD_OPEN_FILES,
            environment=ENVIRONMENT,
        )
    except LimitReached as error:
        raise FileRefusedError(
            _LIMIT_CODES[error.limit],
            file=name,
            seconds=round(most.wall_s),
            mib=most.memory_bytes // 2**20,
        ) from error


def _transpose(rows: list[list[Any]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    padded = (row + [""] * (width - len(row)) for row in rows)
    return [[cell_text(cell) for cell in column] for column in zip(*padded, strict=True)]
