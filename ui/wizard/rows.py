"""Rows of a file as they stand in it, with the numbers that a spreadsheet shows beside them."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from geo.intake.meanings import Header, letter
from geo.intake.raw import RawTable
from ui.look import table_height
from ui.wizard.words import word

_NUMBER_PX = 70


def first_rows(raw: RawTable, rows: int) -> pd.DataFrame:
    """Return the first rows under the letters of a spreadsheet's columns, or their headings."""
    width = raw.cells.shape[1]
    names = [letter(place) for place in range(width)] if raw.headings is None else raw.headings
    return _numbered(raw.cells.head(rows), raw, list(names))


def rows_below(raw: RawTable, header: Header, rows: int) -> pd.DataFrame:
    """Return the first filled rows below the headings, under their headings.

    Only columns with a heading or anything below it: see `filled_columns`.
    """
    body = raw.cells.iloc[header.row + 1 : header.row + 1 + 4 * rows]
    filled = body.map(lambda cell: bool(str(cell).strip())).any(axis="columns")
    shown = _numbered(body[filled].head(rows), raw, list(header.headings))
    return shown.iloc[:, [0, *(place + 1 for place in filled_columns(raw, header))]]


def has_rows(raw: RawTable, header: Header) -> bool:
    """Tell whether anything stands below the headings."""
    body = raw.cells.iloc[header.row + 1 :]
    return bool(body.map(lambda cell: bool(str(cell).strip())).to_numpy().any())


def filled_columns(raw: RawTable, header: Header) -> list[int]:
    """Return the columns of a file that have a heading, or anything below it."""
    body = raw.cells.iloc[header.row + 1 :]
    return [
        place
        for place in range(raw.cells.shape[1])
        if (place < len(header.headings) and header.headings[place].strip())
        or (body[place].str.strip() != "").any()
    ]


def column_name(header: Header, place: int) -> str:
    """Return the heading of a column, or its letter where it has none."""
    given = header.headings[place].strip() if place < len(header.headings) else ""
    return given or letter(place)


def cells_of(raw: RawTable, header: Header, row: int) -> dict[str, str]:
    """Return schema column -> text of one row of the original file."""
    index = row - raw.first_row
    if not 0 <= index < len(raw.cells):
        return {}
    return {c: str(raw.cells[place].iloc[index]).strip() for c, place in header.places.items()}


def datum_of(raw: RawTable, header: Header, row: int) -> str:
    """Return what one row of the original file says of its datum; "" where it says nothing."""
    index = row - raw.first_row
    if header.datum is None or not 0 <= index < len(raw.cells):
        return ""
    return str(raw.cells[header.datum].iloc[index]).strip()


def show(frame: pd.DataFrame, labels: Mapping[str, str] | None = None) -> None:
    """Draw rows with their numbers; `labels` are what headings are shown as."""
    number, *names = map(str, frame.columns)
    shown = {name: labels[name] for name in names if name in labels} if labels else {}
    st.dataframe(
        frame,
        hide_index=True,
        height=table_height(len(frame)),
        column_config={
            number: st.column_config.TextColumn(word("row"), width=_NUMBER_PX, pinned=True),
            **{name: st.column_config.TextColumn(label) for name, label in shown.items()},
        },
    )


def _numbered(cells: pd.DataFrame, raw: RawTable, names: list[str]) -> pd.DataFrame:
    numbers = [str(index + raw.first_row) for index in cells.index]
    frame = pd.DataFrame({" ": numbers})
    for place in range(cells.shape[1]):
        given = names[place].strip() if place < len(names) else ""
        name = given if given and given not in frame else _free(given, place, frame)
        frame[name] = cells[place].to_numpy()
    return frame


def _free(given: str, place: int, frame: pd.DataFrame) -> str:
    """Return a name for a column whose heading is blank or stands twice."""
    name = f"{given} {letter(place)}".strip()
    while name in frame:
        name += "'"
    return name
