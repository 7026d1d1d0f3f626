"""The columns of every table, from data/reference/schema.toml, and frames that conform to it."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from geo.errors import InputError
from geo.reference import read_list
from geo.whole import whole_file
from words import Lang

ColumnType = Literal["text", "number", "integer", "list", "date", "flag"]
Personal = Literal["", "name", "phone", "text"]
WORDS: frozenset[ColumnType] = frozenset({"text", "list", "date"})
"""Types whose cells are text, "" where missing."""
TABLES = (
    "stations",
    "candidates",
    "demand",
    "enterprises",
    "hosts",
    "needs",
    "visits",
    "units",
    "haves",
    "inspections",
    "targets",
    "totals",
)
"""What a file can be read as; the schema has further tables that people fill in one by one."""
LIST_SEPARATORS = ";；、"
ID_DIGITS = 12
"""Hex digits of an id that we made."""
MAX_TEXT = 2000
"""Longest text of a column that sets no other limit, characters."""
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "\t", "\r")
"""Beginnings of text that spreadsheets take for a formula."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, unit, limits and the headings that mean it.

    Attributes
    ----------
    refers
        Table whose records' ids stand in the column; "" for values of its own.
    form
        Whether the first empty file that people get asks for it; the intake reads it all the same.
    personal
        How it says who somebody is or how to reach them; "" if it does not (`geo.privacy`).
    most_chars
        Longest text, characters.
    """

    name: str
    type: ColumnType
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    codes: str = ""
    aliases: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""
    examples: tuple[str | float, ...] = ()
    refers: str = ""
    form: bool = True
    personal: Personal = ""
    most_chars: int = MAX_TEXT

    @property
    def words(self) -> bool:
        """Whether its cells are text, "" where missing."""
        return self.type in WORDS

    def label(self, lang: Lang) -> str:
        """Return what people call the column."""
        return (self.zh if lang == "zh" else self.en) or self.name


@cache
def columns(table: str) -> tuple[Column, ...]:
    """Return the columns of `table` in their order.

    Raises
    ------
    KeyError
        There is no such table.
    """
    schema = read_list("reference/schema")
    section: dict[str, Any] = schema[table]
    own = tuple(_column(name, entry) for name, entry in section.get("columns", {}).items())
    if "extends" in section:
        return columns(section["extends"]) + own
    common = (_column(name, schema["common"][name]) for name in section.get("common", ()))
    found = (*common, *own)
    if any(column.name == "id" for column in found):
        return found
    needed = section["key"]
    return tuple(replace(c, required=True) if c.name in needed else c for c in found)


@cache
def key(table: str) -> tuple[str, ...]:
    """Return the columns that make two rows of `table` the same record.

    A table without an `id` is known by them; in the others they tell apart rows that came without.
    """
    section: dict[str, Any] = read_list("reference/schema")[table]
    if "extends" in section:
        return key(section["extends"])
    names = {column.name for column in columns(table)}
    place = tuple(name for name in ("name", "lon", "lat") if name in names)
    return tuple(section.get("key", place))


@cache
def has_id(table: str) -> bool:
    """Tell whether the rows of `table` bring an id of their own."""
    return any(column.name == "id" for column in columns(table))


def known_by(table: str) -> str:
    """Return the column that says which record a row is: its id, or the first of its key."""
    return "id" if has_id(table) else key(table)[0]


@cache
def has_position(table: str) -> bool:
    """Tell whether every row of `table` has a longitude and a latitude."""
    return {"lon", "lat"} <= {column.name for column in columns(table)}


def made_id(table: str, row: Mapping[str, object]) -> str:
    """Return the id of a row that came without one: the same row, the same id every time.

    A table with an `id`: `wsp-` and the first 12 hex digits of the SHA-256 of its key; one without:
    the key itself. The parts are joined by "|"; positions have 7 decimals (a centimetre).
    """
    text = "|".join(_part(row.get(name)) for name in _told_by(table))
    if not has_id(table):
        return text
    return "wsp-" + sha256(text.encode()).hexdigest()[:ID_DIGITS]


def made_ids(table: str, frame: pd.DataFrame) -> list[str]:
    """Return `made_id` of every row of a frame."""
    names = [name for name in _told_by(table) if name in frame.columns]
    cells = zip(*(frame[name].tolist() for name in names), strict=True)
    return [made_id(table, dict(zip(names, row, strict=True))) for row in cells]


@cache
def _told_by(table: str) -> tuple[str, ...]:
    """Return the parts of an id; the name of a table without names is empty."""
    names = key(table)
    return ("name", *names) if has_position(table) and "name" not in names else names


def _part(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.7f}"
    return "" if value is None else str(value)


def empty_table(table: str) -> pd.DataFrame:
    """Return a frame with every column of `table` and no rows."""
    return pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.type]) for c in columns(table)})


DTYPES: dict[ColumnType, str] = {
    "text": "str",
    "list": "str",
    "date": "str",
    "number": "float64",
    "integer": "Int64",
    "flag": "boolean",
}


def split_list(value: str) -> tuple[str, ...]:
    """Split a list cell at ; ； or 、 into its stripped, non-empty items."""
    for separator in LIST_SEPARATORS:
        value = value.replace(separator, "\n")
    return tuple(item.strip() for item in value.split("\n") if item.strip())


def _column(name: str, entry: dict[str, Any]) -> Column:
    return Column(
        name=name,
        type=entry["type"],
        unit=entry.get("unit", ""),
        required=entry.get("required", False),
        minimum=entry.get("min"),
        maximum=entry.get("max"),
        codes=entry.get("codes", ""),
        aliases=tuple(entry.get("aliases", ())),
        zh=entry.get("zh", ""),
        en=entry.get("en", ""),
        examples=tuple(entry.get("examples", ())),
        refers=entry.get("refers", ""),
        form=entry.get("form", True),
        personal=entry.get("personal", ""),
        most_chars=entry.get("most_chars", MAX_TEXT),
    )


def save_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as .csv, .parquet or .geojson (points), by the suffix; `geo.intake` reads all.

    In CSV, text that a spreadsheet would take for a formula gets an apostrophe in front, which
    `geo.intake` takes off again. The file appears whole or not at all.

    Raises
    ------
    InputError
        `tables_suffix`: another suffix, or .geojson for a table without positions.
    """
    check_suffix(path, positions={"lon", "lat"} <= set(frame.columns))
    suffix = path.suffix.lower()
    writers = {".csv": csv_bytes, ".parquet": _parquet_bytes, ".geojson": _geojson_bytes}
    content = writers[suffix](frame)
    with whole_file(path) as file:
        file.write(content)


def check_suffix(path: Path, *, positions: bool) -> None:
    """Refuse a name that `save_table` would not write.

    Parameters
    ----------
    positions
        Whether the table has longitudes and latitudes: .geojson needs them.

    Raises
    ------
    InputError
        `tables_suffix`.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet", ".geojson") or (suffix == ".geojson" and not positions):
        raise InputError("tables_suffix", file=path.name)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a frame as CSV that spreadsheets open: a byte order mark, no formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(frame.columns)
    writer.writerows(
        [_csv_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)
    )
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(value: object) -> object:
    if value is pd.NA or value != value:  # noqa: PLR0124 -- NaN
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _parquet_bytes(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out, index=False)
    return out.getvalue()


def _geojson_bytes(frame: pd.DataFrame) -> bytes:
    rows = frame.drop(columns=["lon", "lat"]).astype(object)
    records = rows.where(rows.notna(), None).to_dict("records")
    points = zip(frame["lon"].tolist(), frame["lat"].tolist(), records, strict=True)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": record,
        }
        for lon, lat, record in points
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
