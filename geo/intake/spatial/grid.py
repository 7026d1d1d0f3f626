"""GeoTIFF population grids: one row per inhabited cell (tags of OGC 19-008r4).

Of a grid of a whole country only the blocks are read in which the cells that are asked for lie.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import FileRefusedError
from geo.intake.limits import MAX_GRID_CELLS, MAX_ROWS
from geo.intake.raw import Note, RawTable, frame_of
from geo.intake.spatial.crs import code_of_wkt, unknown
from geo.intake.spatial.tiff import (
    BANDS,
    KindError,
    Tags,
    TiffError,
    Window,
    blocks,
    cells_to_unpack,
    read_tags,
    whole,
)

if TYPE_CHECKING:
    from pyproj import Transformer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SCALE, _TIES, _MATRIX, _KEYS, _WORDS = 33550, 33922, 34264, 34735, 34737
_NODATA: Final = 42113
_RASTER_TYPE, _GEOGRAPHIC, _CITATION, _PROJECTED, _PROJECTED_NAME = 1025, 2048, 1026, 3072, 3073
_POINT = 2  # raster type: the tie is the middle of a cell, not its corner
_OWN_DEFINITION, _UNDEFINED = 32767, 0
_ESRI: Final = "ESRI PE String = "
_HEADINGS: Final = ("id", "lon", "lat", "workers")


# As many points along each side of an area's box are projected: between two of them a side 30
# degrees long curves by less than 20 m, and a margin of one cell is added.
_SIDE_POINTS: Final = 1_000


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

    def cells(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return the columns and rows of positions, with fractions, from the first cell's edge."""
        scale = self.a * self.e - self.b * self.d
        u, v = x - self.c, y - self.f
        return (self.e * u - self.b * v) / scale, (self.a * v - self.d * u) / scale


@dataclass(frozen=True)
class _Grid:
    """A raster before its figures are read.

    Attributes
    ----------
    frame, crs
        Where its cells lie, in which reference system (`EPSG:n` or `ESRI:n`).
    window
        The rows and columns that are read.
    area
        Only cells whose middle lies in it (WGS-84) are kept; None: all.
    """

    file: BinaryIO
    name: str
    tags: Tags
    order: str
    frame: _Frame
    crs: str
    window: Window
    area: shapely.Geometry | None = None

    @cached_property
    def to_degrees(self) -> "Transformer":
        """Positions of `crs` -> WGS-84.

        Raises
        ------
        FileRefusedError
            `intake_crs_unknown`.
        """
        from pyproj import Transformer  # noqa: PLC0415 -- half a second
        from pyproj.exceptions import ProjError  # noqa: PLC0415 -- the same

        try:
            return Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        except ProjError as error:
            raise unknown(self.crs, self.name) from error

    def degrees(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return WGS-84 degrees of positions."""
        lon, lat = self.to_degrees.transform(x, y)
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


class _Cells(NamedTuple):
    """Rows and columns (from 0) of cells and their figures; `negative`: which are below zero."""

    row: Ints
    column: Ints
    heads: Floats
    negative: int


def read_grid(source: bytes | Path, name: str, area: shapely.Geometry | None = None) -> RawTable:
    """Return the cells above zero of a raster with one band, as rows of demand.

    A row has the middle of its cell and its figure as `workers`; its id is the cell's row and
    column (`r12c345`), counted from 1 at the raster's first, whatever part of it is read. Cells of
    no data, NaN and negative figures are left out.

    Parameters
    ----------
    source
        The file, or where it is: of a file on disk only the part is read that holds the cells.
    area
        Only cells whose middle lies in it (WGS-84, its border included); None: all.

    Raises
    ------
    FileRefusedError
        `intake_grid_kind`: more than one band, or figures or a compression that are not read;
        `intake_grid_large`: the whole has more cells than `MAX_GRID_CELLS`; `intake_grid_blocks`:
        the blocks that the area touches have; `intake_grid_elsewhere`: the area is outside the
        raster; `intake_grid_place`: it does not say where it lies; `intake_crs_unknown`;
        `intake_grid_rows`: more inhabited cells than `MAX_ROWS`; `intake_damaged`;
        `intake_not_readable`.
    """
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            grid = _open(file, name, area)
            found = _inhabited(grid)
    except (KindError, TiffError) as error:
        code = "intake_grid_kind" if isinstance(error, KindError) else "intake_damaged"
        raise FileRefusedError(code, file=name) from error
    except OSError as error:
        raise FileRefusedError("intake_not_readable", file=name) from error
    return _table(grid, found)


def _open(file: BinaryIO, name: str, area: shapely.Geometry | None) -> _Grid:
    """Return the raster in a file, and which part of it is read."""
    tags, order = read_tags(file)
    if tags.get(BANDS, (1,)) != (1,):
        raise FileRefusedError("intake_grid_kind", file=name)
    size, limit = whole(tags), MAX_GRID_CELLS // 10_000
    if area is None and size.bottom * size.right > MAX_GRID_CELLS:
        raise FileRefusedError("intake_grid_large", file=name, limit=limit)
    grid = _Grid(file, name, tags, order, _frame(tags, name), _system(tags, name), size, area)
    if area is None:
        return grid
    grid = replace(grid, window=_window(grid, area))
    if cells_to_unpack(tags, grid.window) > MAX_GRID_CELLS:
        raise FileRefusedError("intake_grid_blocks", file=name, limit=limit)
    return grid


def _window(grid: _Grid, area: shapely.Geometry) -> Window:
    """Return the rows and columns in which an area lies, one more on each side.

    Raises
    ------
    FileRefusedError
        `intake_grid_elsewhere`.
    """
    west, south, east, north = shapely.bounds(area).tolist()
    along = np.linspace(0.0, 1.0, _SIDE_POINTS)
    lon, lat = west + (east - west) * along, south + (north - south) * along
    ends = np.ones(_SIDE_POINTS)
    sides_lon = np.concatenate([lon, lon, west * ends, east * ends])
    sides_lat = np.concatenate([south * ends, north * ends, lat, lat])
    x, y = grid.to_degrees.transform(sides_lon, sides_lat, direction="INVERSE")
    with np.errstate(invalid="ignore", over="ignore"):  # what a projection cannot show is infinite
        column, row = grid.frame.cells(np.asarray(x), np.asarray(y))
    there = np.isfinite(column) & np.isfinite(row)
    if there.any():
        top, left = (max(0, math.floor(part[there].min()) - 1) for part in (row, column))
        bottom, right = (math.ceil(part[there].max()) + 1 for part in (row, column))
        found = Window(top, left, min(bottom, grid.window.bottom), min(right, grid.window.right))
        if found.top < found.bottom and found.left < found.right:
            return found
    raise FileRefusedError("intake_grid_elsewhere", file=grid.name)


def _table(grid: _Grid, found: _Cells) -> RawTable:
    x, y = grid.frame.middles(found.column, found.row)
    crs = grid.crs
    if crs.startswith("ESRI:"):  # a code of ESRI's only, as Mollweide has
        x, y, crs = *grid.degrees(x, y), ""
    pairs = zip(found.row.tolist(), found.column.tolist(), strict=True)
    ids = [f"r{row + 1}c{column + 1}" for row, column in pairs]
    columns = [ids, *([repr(value) for value in part.tolist()] for part in (x, y, found.heads))]
    told = {"cells": len(ids), "total": f"{found.heads.sum():,.0f}"}
    notes: list[Note] = [("intake_grid", "warning", told)]
    if grid.area is not None:
        size = whole(grid.tags)
        facts = {"columns": size.right, "rows": size.bottom}
        notes.append(("intake_grid_part", "info", facts))
    if found.negative:
        notes.append(("intake_grid_negative", "warning", {"count": found.negative}))
    return RawTable(frame_of(columns), "grid", headings=_HEADINGS, crs=crs, notes=tuple(notes))


def _inhabited(grid: _Grid) -> _Cells:
    """Return the cells above zero, in the order of rows and columns."""
    none = np.zeros(0, dtype=np.int64)
    parts = [_Cells(none, none, np.zeros(0), 0)]
    count = 0
    for part in _found(grid):
        count += len(part.row)
        if count > MAX_ROWS:
            raise FileRefusedError("intake_grid_rows", file=grid.name, limit=MAX_ROWS)
        parts.append(part)
    rows, columns, figures = (np.concatenate(part) for part in list(zip(*parts, strict=True))[:3])
    turn = np.lexsort((columns, rows))
    negative = sum(part.negative for part in parts)
    return _Cells(rows[turn], columns[turn], figures[turn], negative)


def _found(grid: _Grid) -> Iterator[_Cells]:
    """Yield the cells above zero, block by block."""
    nodata = _nodata(grid.tags)
    if grid.area is not None:
        shapely.prepare(grid.area)
    for block in blocks(grid.file, grid.tags, grid.order, grid.window):
        figures = block.figures
        known = np.isfinite(figures) & ~_says_nothing(figures, nodata)
        row, column = np.nonzero(known & (figures != 0))
        heads = figures[row, column].astype(np.float64)
        row, column = row + block.row, column + block.column
        if grid.area is not None and len(row):
            lon, lat = grid.degrees(*grid.frame.middles(column, row))
            inside = shapely.intersects_xy(grid.area, lon, lat)
            row, column, heads = row[inside], column[inside], heads[inside]
        above = heads > 0
        negative = int(np.count_nonzero(~above))
        yield _Cells(row[above], column[above], heads[above], negative)


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
    """Return the GeoKeys: whole numbers, and words where a key points at them.

    Raises
    ------
    TiffError
        They are none.
    """
    entries = tags.get(_KEYS, ())
    if not all(isinstance(value, int) for value in entries):
        raise TiffError(_KEYS)
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
