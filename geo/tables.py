"""The columns of every table, from data/reference/schema.toml, and frames that conform to it."""

import csv
import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from geo.errors import InputError
from geo.reference import read_list
from geo.whole import whole_file
from words import Lang

ColumnType = Literal["text", "number", "integer", "list"]
TABLES = ("stations", "candidates", "demand", "enterprises", "hosts", "needs", "visits", "units")
LIST_SEPARATORS = ";；、"
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "\t", "\r")
"""Beginnings of text that spreadsheets take for a formula."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, unit, limits and the headings that mean it."""

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
    return tuple(_column(name, schema["common"][name]) for name in section["common"]) + own


def empty_table(table: str) -> pd.DataFrame:
    """Return a frame with every column of `table` and no rows."""
    return pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.type]) for c in columns(table)})


DTYPES: dict[ColumnType, str] = {
    "text": "str",
    "list": "str",
    "number": "float64",
    "integer": "Int64",
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
    suffix = path.suffix.lower()
    if suffix == ".csv":
        content = _csv_bytes(frame)
    elif suffix == ".parquet":
        content = _parquet_bytes(frame)
    elif suffix == ".geojson" and {"lon", "lat"} <= set(frame.columns):
        content = _geojson_bytes(frame)
    else:
        raise InputError("tables_suffix", file=path.name)
    with whole_file(path) as file:
        file.write(content)


def _csv_bytes(frame: pd.DataFrame) -> bytes:
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
