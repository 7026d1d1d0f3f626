"""The columns of every table, from data/reference/schema.toml, and frames that conform to it."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pandas as pd

from geo.reference import read_list

ColumnType = Literal["text", "number", "integer", "list"]
TABLES = ("stations", "candidates", "demand", "enterprises", "hosts", "needs", "visits", "units")
LIST_SEPARATORS = ";；、"


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
    )
