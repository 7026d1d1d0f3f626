"""GeoTIFF population grids: one row per inhabited cell (tags of OGC 19-008r4)."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.errors import FileRefusedError
from geo.intake.limits import MAX_GRID_CELLS, MAX_ROWS
from geo.intake.raw import Note, RawTable, frame_of
from geo.intake.spatial.crs import code_of_wkt, unknown
from geo.intake.spatial.tiff import (
    BANDS,
    HEIGHT,
    WIDTH,
    KindError,
    Tags,
    TiffError,
    blocks,
    read_tags,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SCALE, _TIES, _MATRIX, _KEYS, _WORDS = 33550, 33922, 34264, 34735, 34737
_NODATA: Final = 42113
_RASTER_TYPE, _GEOGRAPHIC, _CITATION, _PROJECTED, _PROJECTED_NAME = 1025, 2048, 1026, 3072, 3073
_POINT = 2  # raster type: the tie is the middle of a cell, not its corner
_OWN_DEFINITION, _UNDEFINED = 32767, 0
_ESRI: Final = "ESRI PE String = "
_HEADINGS: Final = ("id", "lon", "lat", "workers")


@dataclass(frozen=True)
class _Frame:
    """Where cells lie: x = a * column + b * row + c, y = d * column + e * row + f, of middles."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def middles(self, column: Ints, row: Ints) -> tuple[Floats, Floats]:
        """Return the positions of the middles of cells."""
        x, y = column + 0.5, row + 0.5
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f


class _Cells(NamedTuple):
    """Rows and columns (from 0) of cells and their figures; `negative`: how many are below zero."""

    row: Ints
    column: Ints
    heads: Floats
    negative: int


def read_grid(data: bytes, name: str) -> RawTable:
    """Return the cells above zero of a raster with one band, as rows of demand.

    A row has the middle of its cell and its figure as `workers`; its id is the cell's row and
    column (`r12c345`), counted from 1 at the raster's first. Cells of no data, NaN and negative
    figures are left out.

    Raises
    ------
    FileRefusedError
        `intake_grid_kind`: more than one band, or figures or a compression that are not read;
        `intake_grid_large`: more cells than `MAX_GRID_CELLS`; `intake_grid_place`: it does not say
        where it lies; `intake_crs_unknown`; `intake_grid_rows`: more inhabited cells than
        `MAX_ROWS`; `intake_damaged`.
    """
    try:
        tags, order = read_tags(data)
        _check_size(tags, name)
        frame = _frame(tags, name)
        crs = _system(tags, name)
        found = _inhabited(data, tags, order, name)
    except (KindError, TiffError) as error:
        code = "intake_grid_kind" if isinstance(error, KindError) else "intake_damaged"
        raise FileRefusedError(code, file=name) from error
    x, y = frame.middles(found.column, found.row)
    if crs.startswith("ESRI:"):
        x, y, crs = *_degrees(x, y, crs), ""
    pairs = zip(found.row.tolist(), found.column.tolist(), strict=True)
    ids = [f"r{row + 1}c{column + 1}" for row, column in pairs]
    columns = [ids, *([repr(value) for value in part.tolist()] for part in (x, y, found.heads))]
    told = {"cells": len(ids), "total": f"{found.heads.sum():,.0f}"}
    notes: list[Note] = [("intake_grid", "warning", told)]
    if found.negative:
        notes.append(("intake_grid_negative", "warning", {"count": found.negative}))
    return RawTable(frame_of(columns), "grid", headings=_HEADINGS, crs=crs, notes=tuple(notes))


def _check_size(tags: Tags, name: str) -> None:
    if tags.get(BANDS, (1,)) != (1,):
        raise FileRefusedError("intake_grid_kind", file=name)
    width, height = tags.get(WIDTH, (0,))[0], tags.get(HEIGHT, (0,))[0]
    if width * height > MAX_GRID_CELLS:
        raise FileRefusedError("intake_grid_large", file=name, limit=MAX_GRID_CELLS // 10_000)


def _inhabited(data: bytes, tags: Tags, order: str, name: str) -> _Cells:
    """Return the cells above zero, in the order of rows and columns."""
    nodata = _nodata(tags)
    none = np.zeros(0, dtype=np.int64)
    parts: list[tuple[Ints, Ints, Floats]] = [(none, none, np.zeros(0))]
    negative = found = 0
    for block in blocks(data, tags, order):
        figures = block.figures
        known = np.isfinite(figures) & ~_says_nothing(figures, nodata)
        negative += int(np.count_nonzero(known & (figures < 0)))
        row, column = np.nonzero(known & (figures > 0))
        found += len(row)
        if found > MAX_ROWS:
            raise FileRefusedError("intake_grid_rows", file=name, limit=MAX_ROWS)
        heads = figures[row, column].astype(np.float64)
        parts.append((row + block.row, column + block.column, heads))
    rows, columns, figures = (np.concatenate(part) for part in zip(*parts, strict=True))
    turn = np.lexsort((columns, rows))
    return _Cells(rows[turn], columns[turn], figures[turn], negative)


def _says_nothing(figures: NDArray[Any], nodata: float) -> NDArray[np.bool_]:
    """Tell which figures are `nodata` as their own type writes it."""
    with np.errstate(over="ignore"):
        same = figures.dtype.type(nodata) if figures.dtype.kind == "f" else nodata
    return np.asarray(figures == same, dtype=np.bool_)


def _nodata(tags: Tags) -> float:
    """Return the figure that means no data; NaN where none does."""
    try:
        return float(str(tags.get(_NODATA, ("nan",))[0]).strip("\x00 "))
    except ValueError:
        return float("nan")


def _frame(tags: Tags, name: str) -> _Frame:
    middle = 0.5 if _keys(tags).get(_RASTER_TYPE) == _POINT else 0.0
    if _MATRIX in tags and len(tags[_MATRIX]) == 16:
        m = [float(value) for value in tags[_MATRIX]]
        a, b, c, d, e, f = m[0], m[1], m[3], m[4], m[5], m[7]
    elif len(tags.get(_SCALE, ())) >= 2 and len(tags.get(_TIES, ())) >= 6:
        wide, high = (float(value) for value in tags[_SCALE][:2])
        column, row, _, x, y, _ = (float(value) for value in tags[_TIES][:6])
        a, b, c, d, e, f = wide, 0.0, x - column * wide, 0.0, -high, y + row * high
    else:
        raise FileRefusedError("intake_grid_place", file=name)
    frame = _Frame(a, b, c - middle * (a + b), d, e, f - middle * (d + e))
    if not np.isfinite([a, b, c, d, e, f]).all() or a * e == b * d:
        raise FileRefusedError("intake_grid_place", file=name)
    return frame


def _keys(tags: Tags) -> dict[int, int | str]:
    """Return the GeoKeys: whole numbers, and words where a key points at them."""
    entries = [int(value) for value in tags.get(_KEYS, ())]
    words = str(tags.get(_WORDS, ("",))[0])
    keys: dict[int, int | str] = {}
    for at in range(4, len(entries) - 3, 4):
        key, where, count, value = entries[at : at + 4]
        if where == 0:
            keys[key] = value
        elif where == _WORDS:
            keys[key] = words[value : value + count].rstrip("|\x00")
    return keys


def _system(tags: Tags, name: str) -> str:
    """Return `EPSG:n` or `ESRI:n`."""
    keys = _keys(tags)
    if not keys:
        raise FileRefusedError("intake_grid_place", file=name)
    for key in (_PROJECTED, _GEOGRAPHIC):
        code = keys.get(key, _UNDEFINED)
        if isinstance(code, int) and code not in (_UNDEFINED, _OWN_DEFINITION):
            return f"EPSG:{code}"
        if code == _OWN_DEFINITION:
            break
    words = [str(keys[key]) for key in (_PROJECTED_NAME, _CITATION) if key in keys]
    for word in words:
        code = code_of_wkt(word.removeprefix(_ESRI)) if word.startswith(_ESRI) else ""
        if code:
            return code
    raise unknown(next(iter(words), "—"), name)


def _degrees(x: Floats, y: Floats, crs: str) -> tuple[Floats, Floats]:
    """Return WGS-84 degrees of a system that has a code of ESRI's only, as Mollweide has."""
    from pyproj import Transformer  # noqa: PLC0415 -- half a second

    lon, lat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x, y)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
