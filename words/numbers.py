"""Numbers as people write them: 万 on Chinese screens, exact metres, whole yuan."""

import math
from datetime import date

from words.catalogue import Lang

_WAN = 10_000
# From here on nobody reads the digits, and infinity has none.
_UNREADABLE = 1e15
# What sums of floating-point numbers may be too large by, in the last decimal that is printed.
_SLACK = 1e-7


def count(value: float, lang: Lang, *, short: bool = False) -> str:
    """Write a head count; `short` gives 8.4万 (zh) or 84.2k (en) for tiles that have no room."""
    if short and lang == "zh" and abs(value) >= _WAN:
        return f"{value / _WAN:,.1f}万"
    if short and lang == "en" and abs(value) >= _WAN:
        return f"{value / 1000:,.1f}k"
    return f"{round(value):,}" if abs(value) < _UNREADABLE else f"{value:.3g}"


def percent(share: float, *, digits: int = 1) -> str:
    """Write a share (0..1) in per cent."""
    return f"{share * 100:.{digits}f}%"


def percent_up(share: float, *, digits: int = 1) -> str:
    """Write a share (0..1) in per cent, rounded up: for what follows "at most"."""
    return f"{round_up(share * 100, digits):.{digits}f}%"


def round_up(value: float, digits: int = 0) -> float:
    """Return the least number of `digits` decimals that is not below `value`."""
    factor: int = 10**digits
    return math.ceil(value * factor - _SLACK) / factor


def points(before: float, after: float, lang: Lang, *, digits: int = 1) -> str:
    """Write how far a share has moved, in percentage points with its sign.

    It is the difference of the two shares as `percent` prints them: what stands side by side adds
    up to the last digit.
    """
    unit = "个百分点" if lang == "zh" else " pp"
    moved = float(f"{after * 100:.{digits}f}") - float(f"{before * 100:.{digits}f}")
    return f"{moved:+.{digits}f}{unit}"


def distance(metres: float, lang: Lang) -> str:
    """Write a length exactly, in metres, to the millimetre: 1,080 m is not 1.1 km."""
    digits = f"{metres:,.3f}".rstrip("0").rstrip(".")
    return f"{digits} 米" if lang == "zh" else f"{digits} m"


def yuan(amount: float, lang: Lang) -> str:
    """Write an amount in whole yuan."""
    return f"{round(amount):,} 元" if lang == "zh" else f"¥{round(amount):,}"


def day(when: date, lang: Lang) -> str:
    """Write a calendar day."""
    return f"{when.year}年{when.month}月{when.day}日" if lang == "zh" else when.isoformat()
