"""Longitude and latitude in one cell: "116.33,39.73", "39.73 116.33", "POINT (116.33 39.73)".

And in two cells that were meant to be one: a CSV whose writer put no quotes around "116.33,39.73".
"""

import math
import re
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.intake.numbers import read_angles, read_number

Order = Literal["lon_lat", "lat_lon"]

_WRAPPING = re.compile(r"^(?:POINT\s*)?[(\[（【]?\s*|\s*[)\]）】]?$", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[,，;；、/|]\s*")
_LARGEST_LAT = 90.0
_LOOKED_AT = 20
_SOUTH, _NORTH, _WEST, _EAST = 17.0, 54.5, 73.0, 136.0


def split_positions(
    cells: pd.Series, *, projected: bool, lat_first: bool
) -> tuple[pd.Series, pd.Series, Order]:
    """Split a column of positions; a latitude beyond 90 degrees shows which comes first.

    Parameters
    ----------
    cells
        Stripped text.
    projected
        The figures are metres: the first is the easting.
    lat_first
        What the heading says, for positions that may be either.

    Returns
    -------
    lon, lat, order
        Texts of the two numbers. A cell that is not a pair stands in both, so that the checks of
        numbers tell it.
    """
    pairs = [_pair(cell) for cell in cells.tolist()]
    first = pd.Series([pair[0] for pair in pairs], dtype="str")
    second = pd.Series([pair[1] for pair in pairs], dtype="str")
    order: Order = "lon_lat"
    if not projected:
        beyond = [
            int(np.sum(np.abs(read_angles(s)[0].value) > _LARGEST_LAT)) for s in (first, second)
        ]
        order = "lat_lon" if beyond[1] > beyond[0] or (lat_first and not any(beyond)) else "lon_lat"
    return (first, second, order) if order == "lon_lat" else (second, first, order)


def looks_like_positions(cells: pd.Series) -> bool:
    """Tell whether most of the first filled cells of a column are pairs of degrees in China."""
    filled = cells[cells.str.strip() != ""].head(_LOOKED_AT)
    if filled.empty:
        return False
    pairs = [_pair(cell) for cell in filled.str.strip().tolist()]
    parts = [
        read_angles(pd.Series([pair[i] for pair in pairs], dtype="str"))[0].value for i in (0, 1)
    ]
    low, high = np.minimum(*parts), np.maximum(*parts)
    there = (low >= _SOUTH) & (low <= _NORTH) & (high >= _WEST) & (high <= _EAST)
    return int(np.count_nonzero(there)) * 2 > len(filled)


def rejoin(cells: pd.DataFrame, place: int, width: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Join positions that a separator within them cut in two, and move what follows back.

    Parameters
    ----------
    cells
        Rows of text, one column per cell of the longest row.
    place
        Index of the column that holds both longitude and latitude.
    width
        How many columns have headings: a row with a cell more was cut once.

    Returns
    -------
    cells, joined
        The rows with `width` columns and more blank ones, and which of them were joined.
    """
    joined = np.zeros(len(cells), dtype=np.bool_)
    if cells.shape[1] <= width or place + 1 >= cells.shape[1]:
        return cells, joined
    for index in np.flatnonzero(np.asarray(cells[width].str.strip() != "")).tolist():
        pair = cells.iloc[index, [place, place + 1]]
        joined[index] = all(math.isfinite(read_number(part)) for part in pair)
    if not joined.any():
        return cells, joined
    mended = cells.copy()
    rows = cells[joined]
    mended.loc[joined, place] = rows[place] + "," + rows[place + 1]
    for column in range(place + 1, cells.shape[1]):
        after = rows[column + 1] if column + 1 < cells.shape[1] else ""
        mended.loc[joined, column] = after
    return mended, joined


def _pair(cell: str) -> tuple[str, str]:
    inner = _WRAPPING.sub("", cell)
    parts = [part for part in _SEPARATOR.split(inner) if part]
    if len(parts) == 1:
        parts = inner.split()
        half = len(parts) // 2
        if len(parts) in (4, 6):  # degrees, minutes and seconds of either
            parts = [" ".join(parts[:half]), " ".join(parts[half:])]
    return (parts[0], parts[1]) if len(parts) == 2 else (cell, cell)
