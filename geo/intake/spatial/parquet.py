"""Parquet and GeoParquet 1.1 by pyarrow."""

import io
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely

from geo.errors import FileRefusedError
from geo.intake.raw import Note, RawTable, cell_text, check_size, frame_of
from geo.intake.spatial.crs import CRS_MISSING, unknown

_METADATA: Final = b"geo"
_CRS84: Final = "EPSG:4326"  # longitude first, as every position here


def read_parquet(data: bytes, name: str) -> RawTable:
    """Return a Parquet table; the column of WKB that its metadata name becomes the geometry.

    Without metadata the first column of bytes does, and its reference system is not known.

    Raises
    ------
    FileRefusedError
        `intake_damaged`, `intake_too_many_rows`, `intake_too_many_columns`; `intake_crs_unknown`.
    """
    import pyarrow as pa  # noqa: PLC0415 -- in the other process only
    from pyarrow import parquet  # noqa: PLC0415 -- the same

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        check_size(file.metadata.num_rows, file.metadata.num_columns, name)
        read = file.read(use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise FileRefusedError("intake_damaged", file=name) from error
    stated = _metadata(read.schema.metadata or {})
    held = [h for h in read.column_names if pa.types.is_binary(read.schema.field(h).type)]
    shape = stated.get("primary_column") if stated.get("primary_column") in held else None
    shape = shape or next(iter(held), None)
    headings = [heading for heading in read.column_names if heading != shape]
    columns = [[cell_text(cell) for cell in read[heading].to_pylist()] for heading in headings]
    cells = frame_of(columns).reindex(range(read.num_rows))
    if shape is None:
        return RawTable(cells, "parquet", headings=tuple(headings))
    wkb = np.array(read[shape].to_pylist(), dtype=object)
    crs = _crs(stated, shape, name)
    notes: tuple[Note, ...] = () if crs else (CRS_MISSING,)
    return RawTable(
        cells,
        "parquet",
        headings=tuple(headings),
        geometry=np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object).reshape(-1),
        crs=crs,
        notes=notes,
    )


def _metadata(entries: Mapping[bytes, bytes]) -> dict[str, Any]:
    try:
        stated = json.loads(entries.get(_METADATA, b"{}"))
    except (ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def _crs(stated: Mapping[str, Any], shape: str, name: str) -> str:
    """Return `EPSG:n`; a column that states none is in CRS84, one that states null in none."""
    columns = stated.get("columns")
    column = columns.get(shape) if isinstance(columns, dict) else None
    if not isinstance(column, dict):
        return ""
    crs = column.get("crs", {"id": {"authority": "OGC", "code": "CRS84"}})
    if crs is None:
        return ""
    entry = crs.get("id") if isinstance(crs, dict) else None
    code = entry.get("code") if isinstance(entry, dict) else None
    if code == "CRS84":
        return _CRS84
    if isinstance(code, int) and entry is not None and entry.get("authority") == "EPSG":
        return f"EPSG:{code}"
    raise unknown(str(crs.get("name", "")) if isinstance(crs, dict) else str(crs), name)
