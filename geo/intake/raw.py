"""What every parser returns: cells as text, with the rows' numbers in the original file."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import FileRefusedError
from geo.findings import Severity
from geo.intake.formats import Format
from geo.intake.limits import MAX_CELL_CHARS, MAX_COLUMNS, MAX_ROWS

Note = tuple[str, Severity, Mapping[str, object]]


@dataclass(frozen=True, eq=False)
class RawTable:
    """Cells of one sheet or layer, all text, before anybody knows what they mean.

    Attributes
    ----------
    cells
        Strings; columns 0..k-1, one row per row of the file.
    format
        As the content says.
    headings
        Given by formats that have them apart from the rows; None: find the row that holds them.
    first_row
        Number in the original file of the first row of `cells`, 1-based.
    encoding, sheet, sheets
        How a text was decoded; which of which sheets or layers was taken.
    geometry
        One shapely geometry (or None) per row where the format has them; its positions are `crs`.
    crs
        The reference system that the file itself states, "" where it states none.
    notes
        What the parser tells of the whole file: findings' code, severity and facts.
    """

    cells: pd.DataFrame
    format: Format
    headings: tuple[str, ...] | None = None
    first_row: int = 1
    encoding: str = ""
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    geometry: NDArray[np.object_] | None = None
    crs: str = ""
    notes: tuple[Note, ...] = ()


def frame_of(columns: list[list[str]]) -> pd.DataFrame:
    """Return a frame of text from its columns."""
    return pd.DataFrame({i: pd.Series(cells, dtype="str") for i, cells in enumerate(columns)})


def check_size(rows: int, columns: int, name: str) -> None:
    """Refuse a table that is larger than we read.

    Raises
    ------
    FileRefusedError
        `intake_too_many_rows` or `intake_too_many_columns`.
    """
    if rows > MAX_ROWS:
        raise FileRefusedError("intake_too_many_rows", file=name, limit=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise FileRefusedError("intake_too_many_columns", file=name, limit=MAX_COLUMNS)


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
