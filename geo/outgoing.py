"""Tables for those who work in another datum: positions in it, and its name beside every one."""

from typing import Final

import numpy as np
import pandas as pd

from geo.datum import from_wgs84, normalise_datum
from geo.errors import InputError

DATUM_COLUMN: Final = "datum"
"""Heading of the datum's name; `geo.intake` reads such a column row by row."""


def in_datum(frame: pd.DataFrame, datum: str) -> pd.DataFrame:
    """Return a table with its positions in `datum`, which a last column names.

    Positions in WGS-84, as all tables of ours have them, stay as they are, and need no name. Read
    back, positions are within 1e-6 m of the first ones.

    Parameters
    ----------
    frame
        With `lon` and `lat` in WGS-84 degrees.
    datum
        `gcj02`, `bd09`, `cgcs2000`, or `EPSG:n`: for projections `lon` is the easting and `lat`
        the northing, metres.

    Raises
    ------
    InputError
        `intake_datum_unknown`: no such datum; `outgoing_no_positions`: the table has none.
    """
    name = normalise_datum(datum)
    if name == "wgs84":
        return frame
    if not {"lon", "lat"} <= set(frame.columns):
        raise InputError("outgoing_no_positions", datum=name)
    x, y = from_wgs84(frame["lon"].to_numpy(np.float64), frame["lat"].to_numpy(np.float64), name)
    return frame.assign(lon=x, lat=y, **{DATUM_COLUMN: pd.Series(name, frame.index, dtype="str")})
