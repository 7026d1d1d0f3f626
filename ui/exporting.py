"""One small button under a table or a map: what is seen there, as a file to take away.

Nothing is written before somebody clicks, and then beside the session: whatever depends on who sits
there, or on their language, is settled when the button is drawn. Spreadsheets go through
`reports.tables`, which keeps names that look like formulas from becoming one.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.tables import csv_bytes
from reports.webmap import MapScene, standalone_html
from siting import district_time
from ui.language import current
from ui.look import table_height
from ui.report.words import word
from ui.typesetting import draw_swipe
from words import Lang, say

if TYPE_CHECKING:  # the writer of spreadsheets is not needed to start the app
    from reports.tables import Kind

_WORDS = "report_page.export"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLAIN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\r\t', " "))
_Value = str | float | int | None
Number = int | float | np.integer | np.floating


@dataclass(frozen=True, eq=False)
class Exported:
    """A table as people see it.

    Attributes
    ----------
    table
        Its rows in the order of the screen.
    title
        What it is called, on the sheet and as the file's name.
    headings
        Heading by column, as on the screen; columns that are not named keep their own. Where any is
        named, the others are left out.
    shares
        Columns of shares in per cent, 0..100.
    notes
        Sentences under the title: by what it was reckoned.
    """

    table: pd.DataFrame
    title: str
    headings: Mapping[str, str] = field(default_factory=dict)
    shares: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def draw_export(found: Exported, *, key: str, listed: bool = False) -> None:
    """Draw the button under a table: as a spreadsheet, or as CSV.

    Parameters
    ----------
    listed
        Whether the rows stand above it as a list, and not as a table that may go on to the right.
    """
    lang = current()
    if not listed:
        draw_swipe(len(_columns(found)))
    with st.popover(word("export.button"), icon=":material/download:", type="tertiary", key=key):
        for name, mime, build in (
            ("xlsx", _XLSX, partial(sheet_bytes, found, lang)),
            ("csv", "text/csv", partial(csv_of, found, lang)),
        ):
            st.download_button(
                word(f"export.{name}"),
                data=build,
                file_name=_file_name(found.title, name),
                mime=mime,
                key=f"{key}_{name}",
                on_click="ignore",
                type="tertiary",
                icon=":material/table_view:" if name == "xlsx" else ":material/csv:",
            )
        st.caption(word("export.help"))


def show_table(
    table: pd.DataFrame,
    title: str,
    *,
    name: str,
    column_config: Mapping[str, Any] | None = None,
    **options: Any,  # noqa: ANN401 -- Streamlit's
) -> None:
    """Draw a table with its button: the file has the headings of the screen.

    Parameters
    ----------
    title
        What the table is called in the file.
    name
        Of the button, one on the page.
    column_config, options
        As `st.dataframe` takes them; index columns are hidden.
    """
    options.setdefault("height", table_height(max(len(table), 1)))
    st.dataframe(table, hide_index=True, column_config=column_config, **options)
    draw_export(as_shown(table, title, column_config or {}), key=f"export_{name}")


def as_shown(table: pd.DataFrame, title: str, config: Mapping[str, Any]) -> Exported:
    """Return a table under the headings that its configuration gives it on the screen."""
    told = {name: found for name, found in config.items() if isinstance(found, Mapping)}
    shares = frozenset(name for name, found in told.items() if _is_share(found))
    headings = {
        str(name): str(told.get(str(name), {}).get("label") or name) for name in table.columns
    }
    return Exported(table, title, headings, shares)


def draw_map_export(scene: MapScene, title: str, *, key: str) -> None:
    """Draw the button under a map: as a page that opens without a network, or as a picture."""
    with st.popover(word("export.map"), icon=":material/download:", type="tertiary", key=key):
        builders: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
            ("html", "text/html", "map", lambda: standalone_html(scene).encode()),
            ("png", "image/png", "image", partial(map_png, scene)),
        )
        for name, mime, icon, build in builders:
            st.download_button(
                word(f"export.map_{name}"),
                data=build,
                file_name=_file_name(title, name),
                mime=mime,
                key=f"{key}_{name}",
                on_click="ignore",
                type="tertiary",
                icon=f":material/{icon}:",
            )
        st.caption(word("export.map_help"))


def sheet_bytes(found: Exported, lang: Lang) -> bytes:
    """Return the table as an .xlsx file: bars for shares, numbers as numbers, a title, the day."""
    # Late: the writer of spreadsheets is not needed to start the app.
    from reports.tables import Sheet, SheetColumn, write_sheets  # noqa: PLC0415

    names = _columns(found)
    kinds: dict[str, Kind] = {
        name: "percent" if name in found.shares else _kind(found.table[name]) for name in names
    }
    sheet = Sheet(
        name=found.title,
        title=found.title,
        columns=tuple(
            SheetColumn(found.headings.get(name, name), kinds[name], bar=name in found.shares)
            for name in names
        ),
        rows=_rows(found, names, lang),
        notes=(*found.notes, say(f"{_WORDS}.made", lang, when=f"{_now():%Y-%m-%d}")),
    )
    return write_sheets(
        [sheet],
        title=found.title,
        made_on=_now().date(),
        lang=lang,
        empty=say("reports.none", lang),
    )


def csv_of(found: Exported, lang: Lang) -> bytes:
    """Return the table as a .csv file that spreadsheets open: UTF-8 with its mark, no formula."""
    names = _columns(found)
    headings = [found.headings.get(name, name) for name in names]
    return csv_bytes(pd.DataFrame(_rows(found, names, lang), columns=headings, dtype="object"))


def map_png(scene: MapScene) -> bytes:
    """Return the map as it is printed: streets, gap, stations, legend, bar of lengths."""
    from reports.pdf.printer import plate_png  # noqa: PLC0415 -- the typesetter comes late
    from reports.static_map import map_plate  # noqa: PLC0415 -- as above

    return plate_png(map_plate(scene))


def _is_share(config: Mapping[str, Any]) -> bool:
    """Tell whether a column is shown in per cent: its numbers go from 0 to 100."""
    kind = config.get("type_config") or {}
    return str(kind.get("format") or "").endswith("%%")


def _columns(found: Exported) -> list[str]:
    names = [str(name) for name in found.table.columns]
    if found.headings:
        return [name for name in names if name in found.headings]
    return names


def _rows(found: Exported, names: list[str], lang: Lang) -> list[list[_Value]]:
    columns = [
        [_value(value, lang, share=name in found.shares) for value in found.table[name]]
        for name in names
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _value(value: object, lang: Lang, *, share: bool) -> _Value:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool | np.bool_):
        return say(f"{_WORDS}.{'yes' if value else 'no'}", lang)
    if isinstance(value, Number):
        number = float(value) if isinstance(value, float | np.floating) else int(value)
        return number / 100 if share else number
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return str(value)


def _kind(column: "pd.Series[Any]") -> "Kind":
    if pd.api.types.is_bool_dtype(column):
        return "text"
    if pd.api.types.is_integer_dtype(column):
        return "count"
    return "number" if pd.api.types.is_numeric_dtype(column) else "text"


def _file_name(title: str, ending: str) -> str:
    return f"{title.translate(_PLAIN_NAMES).strip()}.{ending}"


def _now() -> datetime:
    return district_time.now()
