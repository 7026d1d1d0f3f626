"""Tables of the schema to take away: a workbook with one sheet each, or a GeoPackage.

What is masked, merged or left out was so before: here everything given is written. Headings are
those of the schema, so that `geo.intake` reads every sheet and layer back.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.reference import read_list
from geo.tables import Column, columns, split_list
from reports.tables import Kind, Sheet, SheetColumn, Value, clean_text, write_sheets
from words import Lang, has, say

_KINDS: Mapping[str, Kind] = {"degree": "degree", "yuan": "yuan"}
_NOTES = "export"


def tables_workbook(
    tables: Mapping[str, pd.DataFrame],
    *,
    title: str,
    notes: Sequence[str],
    made_on: date,
    lang: Lang,
) -> bytes:
    """Return an .xlsx file with a sheet for each table, codes in words; same tables, same bytes.

    Parameters
    ----------
    tables
        By their names in the schema, in the order of their sheets.
    title
        Stands above every table, with its name.
    notes
        Sentences under every title.
    """
    sheets = [
        Sheet(
            name=name_of(table, lang),
            title=f"{title} · {name_of(table, lang)}",
            columns=tuple(_heading(column, lang) for column in columns(table)),
            rows=_rows(table, frame, lang),
            notes=tuple(notes),
        )
        for table, frame in tables.items()
    ]
    return write_sheets(
        sheets, title=title, made_on=made_on, lang=lang, empty=say("reports.none", lang)
    )


def tables_package(
    tables: Mapping[str, pd.DataFrame], *, notes: Sequence[str], lang: Lang
) -> bytes:
    """Return a GeoPackage with a layer for each table, WGS-84; notes are the table `export`.

    Tables without positions are tables without geometry. Codes stay codes.
    """
    told = pd.DataFrame({"note": [clean_text(note) for note in notes]}, dtype="object")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tables.gpkg"
        for name, frame in {**tables, _NOTES: told}.items():
            more: dict[str, Any] = {} if path.exists() else {"dataset_options": {"VERSION": "1.3"}}
            pyogrio.write_dataframe(
                frame if name == _NOTES else _layer(frame),
                path,
                layer=name,
                driver="GPKG",
                append=path.exists(),
                layer_options={"DESCRIPTION": name_of(name, lang)},
                **more,
            )
        return path.read_bytes()


def name_of(table: str, lang: Lang) -> str:
    """Return what people call a table."""
    key = f"reports.layers.{table}"
    return say(key if has(key, lang) else f"register.kind.{table}", lang)


def _heading(column: Column, lang: Lang) -> SheetColumn:
    if column.type in {"number", "integer"} and column.unit:
        kind = _KINDS.get(column.unit, "count" if column.type == "integer" else "number")
        return SheetColumn(column.label(lang), kind)
    return SheetColumn(column.label(lang))


def _rows(table: str, frame: pd.DataFrame, lang: Lang) -> list[list[Value]]:
    listed = columns(table)
    cells = frame[[column.name for column in listed]].itertuples(index=False, name=None)
    return [
        [_cell(column, value, lang) for column, value in zip(listed, row, strict=True)]
        for row in cells
    ]


def _cell(column: Column, value: Any, lang: Lang) -> Value:  # noqa: ANN401 -- a cell
    if pd.isna(value):
        return None
    if column.type == "flag":
        return say("reports.yes" if value else "reports.no", lang)
    if not column.words:
        number = int(value) if column.type == "integer" else float(value)
        return number if column.unit else str(number)  # a year has no thousands
    if not column.codes:
        return clean_text(str(value))
    listing = read_list(f"reference/{column.codes}")
    joint = "、" if lang == "zh" else "; "
    named = (listing.get(code, {}).get(lang, code) for code in split_list(str(value)))
    return joint.join(named)


def _layer(frame: pd.DataFrame) -> pd.DataFrame:
    clean = frame.copy()
    for name in clean.columns:
        if pd.api.types.is_string_dtype(clean[name].dtype):
            texts = [clean_text(str(text)) for text in clean[name].fillna("")]
            clean[name] = pd.Series(texts, index=clean.index, dtype="object")
    if not {"lon", "lat"} <= set(clean.columns):
        return clean
    points = gpd.points_from_xy(clean.pop("lon"), clean.pop("lat"))
    layer: pd.DataFrame = gpd.GeoDataFrame(clean, geometry=points, crs="EPSG:4326")
    return layer
