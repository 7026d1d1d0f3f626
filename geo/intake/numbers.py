"""Numbers as people write them: full-width digits, separators, a unit behind, minutes of arc."""

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_UNITS = "°|度|人|人次|名|个|座|件|元|米|m|e|n"
_FIGURE = re.compile(
    rf"(?P<figure>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]?\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?)"
    rf"\s*(?P<multiple>[千万]?)\s*(?:{_UNITS})*",
    re.IGNORECASE,
)
_POINTS = {"东经": "E", "西经": "W", "北纬": "N", "南纬": "S"}
_POINT_WORDS = re.compile(f"({'|'.join(_POINTS)})")
_MINUTES = re.compile(r"[′'’分]|\d[\s:]+\d")
_FRACTION = r"\d{1,2}(?:\.\d+)?"
_ANGLE = re.compile(
    r"(?P<before>[NSEW])?\s*(?P<degrees>\d{1,3}(?:\.\d+)?)\s*(?:[°º˚度:D]|\s)?\s*"
    rf"(?:(?<=[°º˚度:D\s])(?P<minutes>{_FRACTION})\s*(?:['′’分:M]|\s|$)\s*"
    rf"(?:(?P<seconds>{_FRACTION})\s*(?:[\"”秒S]|'')?)?)?\s*(?P<after>[NSEW])?"
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_MULTIPLES = re.compile(r"[十百千万亿/%:\-~至到]")
_MULTIPLE = {"千": Decimal(1_000), "万": Decimal(10_000)}
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)|#(?:n/a|num!|div/0!)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column as numbers; where it has none, why not.

    `value` is NaN wherever one of the masks is true.
    """

    value: NDArray[np.float64]
    blank: NDArray[np.bool_]
    unreadable: NDArray[np.bool_]
    not_finite: NDArray[np.bool_]


def read_numbers(cells: pd.Series) -> Numbers:
    """Return the numbers of a column of stripped text."""
    text = cells.to_numpy(dtype=object)
    value = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    blank = np.asarray(cells == "", dtype=np.bool_)
    infinite = np.zeros(len(text), dtype=np.bool_)
    for i in np.flatnonzero(~np.isfinite(value) & ~blank):
        value[i] = read_number(text[i])
        infinite[i] = np.isinf(value[i])
    value[~np.isfinite(value)] = np.nan
    return Numbers(value, blank, np.isnan(value) & ~blank & ~infinite, infinite)


def read_number(text: str) -> float:
    """Return the number in `text`: NaN where there is none, infinity where it is not finite."""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if _NOT_FINITE.fullmatch(plain):
        return float("inf")
    found = _FIGURE.fullmatch(plain)
    if not found:
        return float("nan")
    figure = found["figure"].replace(",", "")
    # As decimals: 12.7万 is 127,000 to the yuan.
    multiple = _MULTIPLE.get(found["multiple"])
    return float(Decimal(figure) * multiple) if multiple is not None else float(figure)


def in_ten_thousands(cells: pd.Series) -> pd.Series:
    """Return a column of text whose heading says 万: plain figures mean that many times 10,000."""
    plain = pd.to_numeric(cells, errors="coerce").notna()
    return cells.where(~plain, cells + "万")


def read_angles(cells: pd.Series) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return a column of longitudes or latitudes in degrees, and which cells had minutes.

    Beside what `read_numbers` reads: 116°20′17.5″, 东经116度20分17.5秒, N39 43 37, 116:20:17.
    Minutes and seconds are below 60; south and west are negative.
    """
    numbers = read_numbers(cells)
    text = cells.to_numpy(dtype=object)
    sexagesimal = np.zeros(len(text), dtype=np.bool_)
    for i in np.flatnonzero(numbers.unreadable):
        degrees = read_angle(text[i])
        if not math.isnan(degrees):
            numbers.value[i] = degrees
            numbers.unreadable[i] = False
            sexagesimal[i] = _MINUTES.search(text[i]) is not None
    return numbers, sexagesimal


def read_angle(text: str) -> float:
    """Return the degrees of an angle with minutes, seconds or a point of the compass; else NaN."""
    plain = unicodedata.normalize("NFKC", text.replace("″", '"').replace("′′", '"')).upper()
    plain = "".join(_POINTS.get(word, word) for word in _POINT_WORDS.split(plain)).strip()
    found = _ANGLE.fullmatch(plain)
    if not found or (found["before"] and found["after"]):
        return math.nan
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        return math.nan
    degrees = float(found["degrees"]) + minutes / 60 + seconds / 3600
    return -degrees if (found["before"] or found["after"]) in ("S", "W") else degrees


def likely_number(text: str) -> str:
    """Return the only figure in a text that is no number, to be proposed; "" where there is none.

    约300, 300多人, 不详（300）; but not 3千, 3/4 or 100-200, which would mean something else.
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    found = _DIGITS.findall(plain)
    return found[0] if len(found) == 1 and not _MULTIPLES.search(plain) else ""
