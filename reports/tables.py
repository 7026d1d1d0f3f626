"""The one writer of spreadsheets: text stays text, numbers stay numbers, same table, same bytes.

A name that begins with `=`, `+`, `-` or `@` is a name: it is written as a string and marked with
the apostrophe prefix, so that it does not become a formula when somebody edits the cell either.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from geo.findings import Finding
from geo.tables import FORMULA_STARTS
from words import Lang, say

CELL_LIMIT = 32_767
"""Longest text of one cell, in UTF-16 code units: the limit of the file format."""
SHEET_NAME_LIMIT = 31
"""Longest name of a sheet, in characters: the limit of the file format."""
WIDEST_COLUMN = 22
"""Wider texts are wrapped, unless a column asks for more; in widths of a digit."""
NARROWEST_COLUMN = 7
FILL_IN_ROWS = 500
"""As many rows below a table offer the choices of its columns, to be filled in."""
CHOICES_LIMIT = 255
"""Longest list of choices, commas included: the limit of the file format; longer ones are left."""
PORTRAIT_ROOM = 125
"""Sheets up to this width are printed upright, where more rows fit a page; in widths of a digit."""
LINE_HEIGHT = 15.5
"""Of one line of text, points; rows get their height from the lines they need."""

Kind = Literal["text", "count", "number", "percent", "yuan", "degree"]
Value = str | float | int | None

_NUMBER_FORMATS: dict[Kind, str] = {
    "text": "@",
    "count": "#,##0",
    "number": "#,##0.0",
    "percent": "0.0%",
    "yuan": "#,##0",
    "degree": "0.000000",
}
# Room that a number takes beside its whole digits.
_DECIMALS: dict[Kind, int] = {
    "text": 0,
    "count": 1,
    "number": 4,
    "percent": 6,
    "yuan": 1,
    "degree": 8,
}
_FONT = {"zh": "宋体", "en": "Arial"}
# What XML 1.0 cannot hold (tab and line feed stay), lone surrogates and non-characters.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_HEAD_COLOUR = "#DCE6F1"
_BAR_COLOUR = "#9CCBE8"
# Okabe and Ito's blue and orange: apart for all who see colours otherwise.
_CHART_COLOURS = ("#E69F00", "#0072B2", "#009E73", "#CC79A7")
_CHART_LINES = 6
_CHART_PX = 600
_BAR_PX = 42
_A4 = 9


@dataclass(frozen=True)
class Cell:
    """A value whose kind differs from its column's."""

    value: Value
    kind: Kind


@dataclass(frozen=True)
class SheetColumn:
    """One column: its heading, what it holds, its bar for shares, and where its text wraps.

    `choices` drop down in its cells and in `FILL_IN_ROWS` below them; other text may be typed.
    """

    heading: str
    kind: Kind = "text"
    bar: bool = False
    widest: int = WIDEST_COLUMN
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart of the rows, under the table.

    Attributes
    ----------
    kind
        `column`, or `line`.
    category, values
        Columns of the table, from 0: what is told apart, and the figures drawn for each.
    """

    kind: Literal["column", "line"]
    title: str
    category: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, lines of notes, a table, a row of totals, and a chart.

    `rows` have one value (or `Cell`) per column; None is an empty cell. `totals` are given, not
    summed here. `name` is cut to what the format allows.
    """

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[Value | Cell]]
    totals: Sequence[Value | Cell] | None = None
    notes: tuple[str, ...] = ()
    filtered: bool = True
    chart: Chart | None = None


def clean_text(text: str) -> str:
    """Return `text` without what a spreadsheet or a document cannot hold, cut to `CELL_LIMIT`."""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - 1)].decode("utf-16-le", errors="ignore") + "…"


def display_width(text: str) -> int:
    """Return the width of the longest line of `text` in digits: a Chinese character takes two."""
    return max(
        sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)
        for line in text.split("\n")
    )


def write_sheets(
    sheets: Iterable[Sheet], *, title: str, made_on: date, lang: Lang, empty: str
) -> bytes:
    """Return an .xlsx file.

    Parameters
    ----------
    sheets
        In the order of their tabs.
    title, made_on
        Of the file's properties; the day is the only date in the file.
    lang
        Decides the font.
    empty
        What stands in a table without rows.
    """
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": _FONT[lang], "font_size": 11},
        },
    )
    book.set_properties(
        {"title": clean_text(title), "created": datetime.combine(made_on, time(), tzinfo=UTC)}
    )
    formats = _Formats(book, _FONT[lang])
    for sheet in sheets:
        _SheetWriter(book, sheet, formats, empty).write()
    book.close()
    return buffer.getvalue()


def rejected_workbook(findings: Sequence[Finding], *, lang: Lang, made_on: date) -> bytes:
    """Return an .xlsx list of what is wrong with a file, row by row, to be mended."""

    def words(key: str) -> str:
        return say(f"reports.rejected.{key}", lang)

    headings = ("file", "sheet", "row", "column", "severity", "message")
    rows = [
        (
            item.file or "",
            item.sheet or "",
            item.row,
            item.column or "",
            words(f"severities.{item.severity}"),
            item.message(lang),
        )
        for item in findings
    ]
    sheet = Sheet(
        name=words("sheet_name"),
        title=words("title"),
        columns=tuple(
            SheetColumn(words(f"columns.{name}"), "count" if name == "row" else "text")
            for name in headings
        ),
        rows=rows,
        notes=(words("note"),),
    )
    empty = say("reports.none", lang)
    return write_sheets([sheet], title=sheet.title, made_on=made_on, lang=lang, empty=empty)


class _Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook, font: str) -> None:
        self.font = font
        self.title = book.add_format({"bold": True, "font_size": 16, "valign": "vcenter"})
        self.note = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#404040"})
        self.heading = book.add_format(
            {
                "bold": True,
                "border": 1,
                "bg_color": _HEAD_COLOUR,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
            }
        )
        self._cells: dict[tuple[Kind, bool, bool], Format] = {}
        self._book = book

    def cell(self, kind: Kind, *, total: bool, quoted: bool = False) -> Format:
        """Return the format of a value: of a row of totals, with the apostrophe prefix."""
        key = (kind, total, quoted)
        if key not in self._cells:
            properties: dict[str, Any] = {
                "border": 1,
                "valign": "vcenter",
                "num_format": _NUMBER_FORMATS[kind],
                "bold": total,
            }
            if kind == "text":
                properties |= {"text_wrap": True, "indent": 1, "quote_prefix": quoted}
            if total:
                properties["bg_color"] = _HEAD_COLOUR
            self._cells[key] = self._book.add_format(properties)
        return self._cells[key]


class _SheetWriter:
    """Writes one sheet from its top to its bottom."""

    def __init__(
        self, book: xlsxwriter.Workbook, sheet: Sheet, formats: _Formats, empty: str
    ) -> None:
        name = _NOT_IN_SHEET_NAMES.sub("_", clean_text(sheet.name))[:SHEET_NAME_LIMIT]
        self.book = book
        self.page: Worksheet = book.add_worksheet(name)
        self.sheet = sheet
        self.formats = formats
        self.empty = empty
        self.last_column = len(sheet.columns) - 1
        self.widths = [_heading_width(column.heading) for column in sheet.columns]

    def write(self) -> None:
        """Write the table, then what its size decides: widths, heights, notes, bars, page."""
        head = len(self.sheet.notes) + 1
        for number, column in enumerate(self.sheet.columns):
            self.page.write_string(head, number, clean_text(column.heading), self.formats.heading)
        end = self._write_rows(head + 1)
        for number, column in enumerate(self.sheet.columns):
            self.widths[number] = min(self.widths[number], column.widest)
            self.page.set_column(number, number, self.widths[number] + 1)
        self._set_heights(head)
        self._write_notes()
        self._add_bars(head + 1, end - 1)
        self._add_choices(head + 1, end - 1 + FILL_IN_ROWS)
        if self.sheet.filtered and self.sheet.rows:
            self.page.autofilter(head, 0, head + len(self.sheet.rows), self.last_column)
        if self.sheet.chart is not None and self.sheet.rows:
            self._add_chart(self.sheet.chart, head, end + 1)
        self._set_page(head, end - 1)

    def _set_heights(self, head: int) -> None:
        headings = [column.heading for column in self.sheet.columns]
        self.page.set_row(head, 6 + LINE_HEIGHT * self._lines(headings, margin=3))
        for number, row in enumerate(self.sheet.rows, head + 1):
            texts = [cell.value if isinstance(cell, Cell) else cell for cell in row]
            self.page.set_row(number, 2 + LINE_HEIGHT * self._lines(texts))

    def _lines(self, texts: Sequence[Value], margin: int = 2) -> int:
        return max(
            _lines_of(text, width - margin) if isinstance(text, str) else 1
            for text, width in zip(texts, self.widths, strict=True)
        )

    def _write_rows(self, start: int) -> int:
        rows = self.sheet.rows
        if not rows:
            rows = [[self.empty, *[None] * self.last_column]]
        for number, row in enumerate(rows, start):
            self._write_row(number, row, total=False)
        end = start + len(rows)
        if self.sheet.totals is not None:
            self._write_row(end, self.sheet.totals, total=True)
            end += 1
        return end

    def _write_row(self, number: int, row: Sequence[Value | Cell], *, total: bool) -> None:
        for column, cell in enumerate(row):
            value, kind = self._value_and_kind(cell, column)
            if isinstance(value, str) and value:
                shown = self._write_text(number, column, value, total=total)
            elif isinstance(value, (int, float)) and math.isfinite(value):
                style = self.formats.cell(kind, total=total)
                self.page.write_number(number, column, float(value), style)
                shown = len(f"{value:,.0f}") + _DECIMALS[kind]
            else:
                self.page.write_blank(number, column, None, self.formats.cell(kind, total=total))
                shown = 0
            self.widths[column] = max(self.widths[column], shown)

    def _write_text(self, number: int, column: int, value: str, *, total: bool) -> int:
        text = clean_text(value)
        quoted = text.startswith(FORMULA_STARTS)
        style = self.formats.cell("text", total=total, quoted=quoted)
        self.page.write_string(number, column, text, style)
        return display_width(text) + 3

    def _value_and_kind(self, cell: Value | Cell, column: int) -> tuple[Value, Kind]:
        if isinstance(cell, Cell):
            return cell.value, cell.kind
        return cell, self.sheet.columns[column].kind

    def _write_notes(self) -> None:
        self.page.set_row(0, 26)
        self.page.write_string(0, 0, clean_text(self.sheet.title), self.formats.title)
        room = sum(self.widths)
        for number, note in enumerate(self.sheet.notes, 1):
            text = clean_text(note)
            self.page.set_row(number, LINE_HEIGHT * _lines_of(text, room))
            if self.last_column:
                self.page.merge_range(number, 0, number, self.last_column, "", self.formats.note)
            self.page.write_string(number, 0, text, self.formats.note)

    def _add_bars(self, first: int, last: int) -> None:
        for number, column in enumerate(self.sheet.columns):
            if column.bar and self.sheet.rows:
                bar = {
                    "type": "data_bar",
                    "bar_color": _BAR_COLOUR,
                    "min_type": "num",
                    "max_type": "num",
                    "min_value": 0,
                    "max_value": 1,
                }
                self.page.conditional_format(first, number, last, number, bar)

    def _add_chart(self, chart: Chart, head: int, row: int) -> None:
        """Draw the rows without the totals; texts among the figures are no bars."""
        drawn = self.book.add_chart({"type": chart.kind})
        name, last = self.page.get_name(), head + len(self.sheet.rows)
        for place, column in enumerate(chart.values):
            colour = {"color": _CHART_COLOURS[place % len(_CHART_COLOURS)]}
            drawn.add_series(
                {
                    "name": [name, head, column],
                    "categories": [name, head + 1, chart.category, last, chart.category],
                    "values": [name, head + 1, column, last, column],
                    "fill" if chart.kind == "column" else "line": colour,
                }
            )
        # The name of a font is given: a reader's own may lack Chinese.
        font = {"name": self.formats.font, "size": 10}
        drawn.set_title(
            {"name": clean_text(chart.title), "name_font": {**font, "size": 12}, "overlay": False}
        )
        drawn.set_x_axis({"num_font": font})
        lines = {"major_gridlines": {"visible": True}, "major_unit": self._step(chart)}
        drawn.set_y_axis({"num_font": font, "min": 0, **lines})
        drawn.set_legend({"position": "bottom", "font": font})
        wide = max(_CHART_PX, min(2 * _CHART_PX, _BAR_PX * len(self.sheet.rows)))
        drawn.set_size({"width": wide, "height": _CHART_PX * 3 // 5})
        self.page.insert_chart(row, 0, drawn)

    def _step(self, chart: Chart) -> int:
        """Return what lies between two lines of a chart: whole things are not halved."""
        drawn = [row[column] for row in self.sheet.rows for column in chart.values]
        highest = max((cell for cell in drawn if isinstance(cell, (int, float))), default=0)
        return max(1, math.ceil(highest / _CHART_LINES))

    def _add_choices(self, first: int, last: int) -> None:
        for number, column in enumerate(self.sheet.columns):
            choices = [clean_text(choice).replace(",", "，") for choice in column.choices]
            if choices and len(",".join(choices)) <= CHOICES_LIMIT:
                offered = {"validate": "list", "source": choices, "show_error": False}
                self.page.data_validation(first, number, last, number, offered)

    def _set_page(self, head: int, last: int) -> None:
        page = self.page
        page.freeze_panes(head + 1, 0)
        if sum(self.widths) > PORTRAIT_ROOM:
            page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(head)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.set_footer("&C&P / &N")
        # Codes such as 00123 are text on purpose; no green corners on them.
        page.ignore_errors({"number_stored_as_text": _area(head, last, self.last_column)})


def _heading_width(heading: str) -> int:
    """Return room for half of a long heading, which wraps, and for the arrow of the filter."""
    width = display_width(heading)
    return max(NARROWEST_COLUMN, (width if width <= 8 else math.ceil(width / 2)) + 4)


def _lines_of(text: str, room: int) -> int:
    """Return the lines that a wrapped text takes; a row is at most 409 points high."""
    widths = (display_width(line) for line in text.split("\n"))
    # Lines end at words, and fonts differ: a tenth of the room of a wrapped line is not counted on.
    lines = sum(1 if width <= room else math.ceil(width / (0.9 * room)) for width in widths)
    return min(lines, 26)


def _area(first_row: int, last_row: int, last_column: int) -> str:
    from_cell = xlsxwriter.utility.xl_rowcol_to_cell(first_row, 0)
    return f"{from_cell}:{xlsxwriter.utility.xl_rowcol_to_cell(last_row, last_column)}"
