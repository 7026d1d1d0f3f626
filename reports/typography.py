"""A document in the styles of a template: ours follows the annexes of GB/T 9704-2012.

It has no red head and no number, so that an export never looks issued.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import BytesIO
from math import ceil
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.blocks import (
    TEXT_WIDTH_MM,
    Block,
    Paragraph,
    Picture,
    Plate,
    Role,
    Table,
    TableColumn,
)
from reports.looks import CELL_MARGIN_MM, SPACE_AFTER_TABLE_PT, WHOLE_TABLE_PT, looks_of
from reports.pdf import plate_png
from reports.tables import clean_text, display_width
from reports.template import opened, text_width_mm
from reports.word_styles import ALIGN, CELL_HEAD
from words import Lang

# What Office's zip entries carry as date; any fixed one serves.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


_NAME = "暖心驿站"
PLATE_SHARE = 0.92
"""Width of a drawing in Word as a share of the text's."""
_PT_PER_MM = 72 / 25.4
_DIGIT_MM = 1.9  # of the text in cells; a Chinese character takes two


def printed(
    blocks: Iterable[Block],
    title: str,
    *,
    lang: Lang,
    made_on: date,
    template: bytes | None = None,
) -> bytes:
    """Return the .docx file of blocks; the parameters are those of `Page`."""
    page = Page(title, lang=lang, made_on=made_on, template=template)
    for block in blocks:
        match block:
            case Paragraph(role, text, keep_with_next):
                page.write(role, text, keep_with_next=keep_with_next)
            case Table(columns, rows, totals, keep_with_next):
                page.table(columns, rows, totals=totals, keep_with_next=keep_with_next)
            case Plate():
                page.plate(block)
    return page.bytes()


class Page:
    """One document under construction.

    Parameters
    ----------
    title
        Of the file's properties.
    lang
        Chinese paragraphs are indented by two characters and justified; English ones are not.
    made_on
        The only date in the file.
    template
        Whose page, styles, header and footer it has (`reports.template`); None: ours.
    """

    def __init__(
        self, title: str, *, lang: Lang, made_on: date, template: bytes | None = None
    ) -> None:
        self.lang = lang
        self.document: Any = opened(template, lang)
        self._set_properties(title, made_on)
        self._after_table = False
        self._styles = looks_of(lang)
        names = ("Cell", CELL_HEAD)
        self._cell_style, self._head_style = (self.document.styles[n].style_id for n in names)
        self._scale = text_width_mm(self.document) / TEXT_WIDTH_MM

    def write(self, role: Role, text: str, *, keep_with_next: bool = False) -> None:
        """Add a paragraph; after a table it keeps its distance."""
        text = clean_text(text)
        if role == "Title":
            text = _in_two_lines(text, self._styles[role].size)
        paragraph = self.document.add_paragraph(text, style=role)
        if keep_with_next:
            paragraph.paragraph_format.keep_with_next = True
        if self._after_table:
            paragraph.paragraph_format.space_before = Pt(SPACE_AFTER_TABLE_PT)
            self._after_table = False

    def table(
        self,
        columns: Sequence[TableColumn],
        rows: Sequence[Sequence[str | Picture]],
        *,
        totals: Sequence[str] | None = None,
        keep_with_next: bool = False,
    ) -> None:
        """Add a table: its head is repeated on every page, and no row breaks across two.

        `keep_with_next` keeps its last row on the page of the paragraph that follows.
        """
        lines = [*rows, totals] if totals is not None else list(rows)
        grid = self.document.add_table(rows=len(lines) + 1, cols=len(columns))
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        grid.autofit = False
        for width, column in zip(columns, grid.columns, strict=True):
            column.width = Mm(width.width_mm * self._scale)
        _set_borders(grid)
        _set_cell_margins(grid)
        whole = self._height_pt(columns, lines) <= WHOLE_TABLE_PT
        head, *others = grid.rows
        self._fill(head, [column.heading for column in columns], columns, head=True)
        for number, (row, line) in enumerate(zip(others, lines, strict=True), 1):
            self._fill(row, line, columns, bold=line is totals)
            last = number == len(lines)
            if keep_with_next if last else whole or number in (1, len(lines) - 1):
                _keep_with_next(row)
        self._after_table = True

    def plate(self, plate: Plate) -> None:
        """Add a drawing over the width of the text; it stays with its caption."""
        paragraph = self.document.add_paragraph(style="Caption Line")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        # A fixed leading would cut it down to one line.
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        # A narrower page than ours makes it smaller, a wider one not larger: it would be blurred.
        # Fonts of the reader's are higher than ours: its notes must stay on the page all the same.
        scale = PLATE_SHARE * min(1.0, self._scale)
        size = (plate.width_mm * scale, plate.height_mm * scale)
        _add_picture(paragraph.add_run(), Picture(plate_png(plate), *size, alt=plate.alt))

    def bytes(self) -> bytes:
        """Return the .docx file; the same document has the same bytes."""
        buffer = BytesIO()
        self.document.save(buffer)
        return with_fixed_dates(buffer)

    def _height_pt(
        self, columns: Sequence[TableColumn], lines: Sequence[Sequence[str | Picture]]
    ) -> float:
        rooms = [(c.width_mm * self._scale - 2 * CELL_MARGIN_MM) / _DIGIT_MM for c in columns]
        texts = [[column.heading for column in columns], *lines]
        rows = (
            max(
                ceil(display_width(cell) / room)
                for cell, room in zip(row, rooms, strict=True)
                if isinstance(cell, str)
            )
            for row in texts
        )
        return sum(max(1, row) for row in rows) * self._styles["Cell"].leading

    def _fill(
        self,
        row: Any,  # noqa: ANN401 - python-docx has no types
        cells: Sequence[str | Picture],
        columns: Sequence[TableColumn],
        *,
        head: bool = False,
        bold: bool = False,
    ) -> None:
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx names it no other way
        properties.append(OxmlElement("w:cantSplit"))
        if head:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, content, column in zip(row.cells, cells, columns, strict=True):
            cell.width = Mm(column.width_mm * self._scale)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            # By its name python-docx would go through all styles again for every cell.
            style = self._head_style if head else self._cell_style
            paragraph._p.style = style  # noqa: SLF001 - the element takes the id
            if not head:
                paragraph.alignment = ALIGN[column.align]
            run = paragraph.add_run("" if isinstance(content, Picture) else clean_text(content))
            if isinstance(content, Picture):
                _add_picture(run, _fitting(content, self._scale))
            run.bold = True if bold else None
            if head:
                _shade(cell)
        if head:
            _keep_with_next(row)

    def _set_properties(self, title: str, made_on: date) -> None:
        properties = self.document.core_properties
        when = datetime.combine(made_on, time(), tzinfo=UTC)
        properties.title = clean_text(title)[:255]
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.created = properties.modified = when
        properties.language = "zh-CN" if self.lang == "zh" else "en"


def _in_two_lines(title: str, size: float) -> str:
    """Return a title that breaks before the name of what it is about, if it must break."""
    room = TEXT_WIDTH_MM * _PT_PER_MM / size * 2
    before, name, after = title.partition(_NAME)
    return f"{before}\n{name}{after}" if before and name and display_width(title) > room else title


def _fitting(picture: Picture, scale: float) -> Picture:
    """Return a picture of a cell as wide as its column is."""
    return replace(picture, width_mm=picture.width_mm * scale)


def _set_borders(grid: Any) -> None:  # noqa: ANN401 - python-docx has no types
    """Rule a table: a template need not have a style that does."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # The schema wants it after w:jc and w:tblW, before w:tblLayout and w:tblLook.
    properties = grid._tbl.tblPr  # noqa: SLF001 - python-docx names it no other way
    follower = next(
        (
            properties.find(qn(f"w:{name}"))
            for name in ("tblLayout", "tblLook")
            if properties.find(qn(f"w:{name}")) is not None
        ),
        None,
    )
    if follower is None:
        properties.append(borders)
    else:
        follower.addprevious(borders)


def _set_cell_margins(grid: Any) -> None:  # noqa: ANN401 - python-docx has no types
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(Mm(CELL_MARGIN_MM).pt * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # The schema wants it before w:tblLook.
    properties = grid._tbl.tblPr  # noqa: SLF001 - python-docx names it no other way
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)


def _keep_with_next(row: Any) -> None:  # noqa: ANN401 - python-docx has no types
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _add_picture(run: Any, picture: Picture) -> None:  # noqa: ANN401 - python-docx has no types
    shape = run.add_picture(
        BytesIO(picture.png), width=Mm(picture.width_mm), height=Mm(picture.height_mm)
    )
    for side in "TBLR":  # without them LibreOffice keeps 3 mm free at either side
        shape._inline.set(f"dist{side}", "0")  # noqa: SLF001 - no other way
    shape._inline.docPr.set("descr", clean_text(picture.alt))  # noqa: SLF001 - no other way


def _shade(cell: Any) -> None:  # noqa: ANN401 - python-docx has no types
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), "EDEDED")
    cell._tc.get_or_add_tcPr().append(shading)  # noqa: SLF001 - python-docx names it no other way


def with_fixed_dates(source: BytesIO) -> bytes:
    """Return the same archive with one date on every entry: same content, same bytes."""
    target = BytesIO()
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, _ZIP_DATE), old.read(name), compress_type=ZIP_DEFLATED)
    return target.getvalue()
