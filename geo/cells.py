"""Dates and yes or no as people write them in a cell."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Final

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2100, 12, 31)
"""First and last day that a record may name, both included."""

YES: Final = frozenset(["是", "有", "对", "已", "√", "✓", "✔", "☑", "yes", "y", "true", "t", "1"])
NO: Final = frozenset(
    ["否", "无", "没有", "不是", "未", "×", "✗", "✘", "x", "no", "n", "false", "f", "0"]
)
"""What says yes and what says no, in any case and width."""

_DAY: Final = re.compile(
    r"(?P<year>\d{4})(?:\s*[-/.年]\s*)(?P<month>\d{1,2})(?:\s*[-/.月]\s*)(?P<day>\d{1,2})\s*[日号]?"
    r"(?:[ T]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_TOGETHER: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_SERIAL: Final = re.compile(r"(?P<days>\d{5})(?:\.\d+)?")
_SERIAL_START: Final = date(1899, 12, 30)  # Excel counts a 29 February 1900 that never was


def read_date(text: str) -> date | None:
    """Return the day that `text` names; None where it names none, or one beyond the limits.

    Understood are 2026-11-20, 2026/11/20, 2026.11.20, 2026年11月20日, 20261120, each with a time of
    day behind it, and the number of a day that Excel keeps (46346). A month without a day is none.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    day = _written(plain) or _counted(plain)
    return day if day is not None and EARLIEST <= day <= LATEST else None


def date_of(value: object) -> date | None:
    """Return the day of a value that may be a date already."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else read_date(str(value))


def read_flag(text: str) -> bool | None:
    """Return what a cell says, yes or no; None where it says neither."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain in YES:
        return True
    return False if plain in NO else None


def _written(text: str) -> date | None:
    found = _DAY.fullmatch(text) or _TOGETHER.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _counted(text: str) -> date | None:
    found = _SERIAL.fullmatch(text)
    return None if found is None else _SERIAL_START + timedelta(days=int(found["days"]))
