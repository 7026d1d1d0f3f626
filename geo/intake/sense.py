"""What is well-formed and still can hardly be meant: far points, huge counts, names, hours.

Nothing is left out here: rows are kept, and people are asked to look.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from geo.intake.hours import plain_hours
from geo.intake.ledger import Ledger, Mask
from geo.intake.naming import name_units
from geo.intake.places import Expected, check_outside
from geo.intake.shifts import plain_shift
from geo.intake.units import UnitNames, in_daxing

FAR_M: Final = 100_000.0
"""A point farther (>) from the middle of the others, metres, is to be checked."""
MANY_WORKERS: Final = 200_000
"""More (>) people at one point are to be checked."""
_FEWEST_FOR_A_MIDDLE: Final = 3
_METRES_PER_DEGREE: Final = 111_320.0
_SHOWN_CHARS: Final = 40


def check_sense(
    frame: pd.DataFrame, table: str, ledger: Ledger, *, expected: Expected, units: UnitNames
) -> pd.DataFrame:
    """Return the frame with units, hours and shifts as usual; `ledger` takes what to look at.

    Parameters
    ----------
    frame
        All rows of a table, positions in WGS-84.
    table
        Its name.
    expected
        Where positions are expected; nothing known: around the middle of this table.
    units
        The district's own list. Units of tables without positions have their names already.
    """
    kept = ~ledger.rejected
    if {"lon", "lat"} <= set(frame.columns):
        far = _check_far(frame, kept, ledger, expected.near)
        check_outside(frame, expected, ledger, far)
    if {"lon", "workers"} <= set(frame.columns):  # totals of whole units are large
        workers = frame["workers"].to_numpy(dtype=np.float64, na_value=np.nan)
        many = workers > MANY_WORKERS
        ledger.warn(
            "intake_many_workers", many, "workers", lambda i: {"value": f"{workers[i]:,.0f}"}
        )
    if "hours" in frame.columns:
        frame = _read_times(frame, ledger, "hours", plain_hours)
    if "shift" in frame.columns:
        frame = _read_times(frame, ledger, "shift", plain_shift)
    if {"lon", "lat"} <= set(frame.columns):
        places = frame.loc[kept, ["lon", "lat"]].to_numpy(dtype=np.float64)
        here = in_daxing(places[:, 0], places[:, 1])
        texts = {str(name): frame[name] for name in frame.columns}
        frame = frame.assign(**name_units(texts, table, units, kept, ledger, in_daxing=here))
    return frame


def _check_far(
    frame: pd.DataFrame, kept: Mask, ledger: Ledger, near: tuple[float, float] | None
) -> Mask:
    lon, lat = (frame[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    if near is None:
        if np.count_nonzero(kept) < _FEWEST_FOR_A_MIDDLE:
            return np.zeros(len(frame), dtype=np.bool_)
        near = float(np.median(lon[kept])), float(np.median(lat[kept]))
    # Good enough to tell 100 km from a district: no ellipsoid, one scale for all.
    east_m = (lon - near[0]) * _METRES_PER_DEGREE * np.cos(np.radians(near[1]))
    north_m = (lat - near[1]) * _METRES_PER_DEGREE
    away_m = np.hypot(east_m, north_m)
    far = np.asarray(away_m > FAR_M)
    ledger.warn("intake_far", far, "lon", lambda i: {"km": f"{away_m[i] / 1000:,.0f}"})
    return far


def _read_times(
    frame: pd.DataFrame, ledger: Ledger, column: str, read_one: Callable[[str], str | None]
) -> pd.DataFrame:
    """Return hours or shifts in their usual form; what cannot be read stays, and is told."""
    given = frame[column].to_numpy(dtype=object)
    read = {text: read_one(text) for text in dict.fromkeys(given.tolist()) if text}
    changed = np.array([read.get(text) not in (None, text) for text in given], dtype=np.bool_)
    lost = np.array([bool(text) and read[text] is None for text in given], dtype=np.bool_)
    ledger.inform(
        f"intake_{column}_read",
        changed & ~ledger.rejected,
        lambda i: {"given": str(given[i])[:_SHOWN_CHARS], column: read[given[i]]},
    )
    told = f"intake_{column}_unreadable"
    ledger.warn(told, lost, column, lambda i: {"given": str(given[i])[:_SHOWN_CHARS]})
    now = [read.get(text) or text for text in given.tolist()]
    return frame.assign(**{column: pd.Series(now, index=frame.index, dtype="str")})
