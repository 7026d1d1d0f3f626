"""Longitude and latitude in one cell: "116.33,39.73", "39.73 116.33", "POINT (116.33 39.73)"."""

import re
from typing import Literal

import numpy as np
import pandas as pd

from geo.intake.numbers import read_numbers

Order = Literal["lon_lat", "lat_lon"]

_WRAPPING = re.compile(r"^(?:POINT\s*)?[(\[（【]?\s*|\s*[)\]）】]?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,，;；、/|]\s*|\s+")
_LARGEST_LAT = 90.0


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
            int(np.sum(np.abs(read_numbers(s).value) > _LARGEST_LAT)) for s in (first, second)
        ]
        order = "lat_lon" if beyond[1] > beyond[0] or (lat_first and not any(beyond)) else "lon_lat"
    return (first, second, order) if order == "lon_lat" else (second, first, order)


def _pair(cell: str) -> tuple[str, str]:
    parts = [part for part in _BETWEEN.split(_WRAPPING.sub("", cell)) if part]
    return (parts[0], parts[1]) if len(parts) == 2 else (cell, cell)
