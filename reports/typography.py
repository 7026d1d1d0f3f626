"""A document in the typography of the annexes of GB/T 9704-2012, without red head and number.

Sizes are those of `looks`; page numbers — 1 — stand outside (页码). Fonts are named, not embedded:
Word and WPS in Chinese offices have them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from math import ceil
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

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
from reports.looks import (
    CELL_MARGIN_MM,
    ENGLISH_SPACE_AFTER_PT,
    MARGINS_MM,
    PAGE_MM,
    SPACE_AFTER_TABLE_PT,
    WHOLE_TABLE_PT,
    Look,
    looks_of,
)
from reports.pdf import plate_png
from reports.tables import clean_text, display_width
from words import Lang

_FOOTER_DISTANCE_MM = 22
_LATIN = "Times New Roman"
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
# What Office's zip entries carry as date; any fixed one serves.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


_NAME = "暖心驿站"
_PT_PER_MM = 72 / 25.4
_DIGIT_MM = 1.9  # of the text in cells; a Chinese character takes two


def printed(blocks: Iterable[Block], title: str, *, lang: Lang, made_on: date) -> bytes:
    """Return the .docx file of blocks; the parameters are those of `Page`."""
    page = Page(title, lang=lang, made_on=made_on)
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
    """

    def __init__(self, title: str, *, lang: Lang, made_on: date) -> None:
        self.lang = lang
        self.document: Any = Document()
        self._set_properties(title, made_on)
        self._set_page()
        self._set_language()
        self._after_table = False
        self._styles = looks_of(lang)
        for role, style in self._styles.items():
            self._add_style(role, style)
        self._cell_style = self.document.styles["Cell"].style_id
        self._add_page_numbers()

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
        grid = self.document.add_table(rows=len(lines) + 1, cols=len(columns), style="Table Grid")
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        grid.autofit = False
        for width, column in zip(columns, grid.columns, strict=True):
            column.width = Mm(width.width_mm)
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
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        # A fixed leading would cut it down to one line.
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        size = (plate.width_mm, plate.height_mm)
        _add_picture(paragraph.add_run(), Picture(plate_png(plate), *size, alt=plate.alt))

    def bytes(self) -> bytes:
        """Return the .docx file; the same document has the same bytes."""
        buffer = BytesIO()
        self.document.save(buffer)
        return _with_fixed_dates(buffer)

    def _height_pt(
        self, columns: Sequence[TableColumn], lines: Sequence[Sequence[str | Picture]]
    ) -> float:
        rooms = [(c.width_mm - 2 * CELL_MARGIN_MM) / _DIGIT_MM for c in columns]
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
            cell.width = Mm(column.width_mm)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            # By its name python-docx would go through all styles again for every cell.
            paragraph._p.style = self._cell_style  # noqa: SLF001 - the element takes the id
            paragraph.alignment = _ALIGN["center" if head else column.align]
            run = paragraph.add_run("" if isinstance(content, Picture) else clean_text(content))
            if isinstance(content, Picture):
                _add_picture(run, content)
            run.bold = True if bold or (head and self.lang == "en") else None
            if head:
                _set_fonts(run.font, "黑体")
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

    def _set_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = (Mm(side) for side in PAGE_MM)
        for side, margin in MARGINS_MM.items():
            setattr(section, f"{side}_margin", Mm(margin))
        section.footer_distance = Mm(_FOOTER_DISTANCE_MM)

    def _set_language(self) -> None:
        defaults = self.document.styles.element.find(qn("w:docDefaults"))
        language = next(defaults.iter(qn("w:lang")))
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")

    def _add_style(self, role: Role, wanted: Look) -> None:
        styles = self.document.styles
        made = styles[role] if role in styles else styles.add_style(role, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = None
        made.font.size = Pt(wanted.size)
        made.font.bold = wanted.bold
        made.font.italic = False
        made.font.color.rgb = RGBColor(0, 0, 0)
        _set_fonts(made.font, wanted.east_asian)
        layout = made.paragraph_format
        layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        layout.line_spacing = Pt(wanted.leading)
        layout.space_before = Pt(0)
        layout.space_after = Pt(
            ENGLISH_SPACE_AFTER_PT if role == "Body" and self.lang == "en" else 0
        )
        layout.alignment = _ALIGN[wanted.align]
        layout.keep_with_next = wanted.keep_with_next
        layout.widow_control = True
        _drop_border(made)
        if role == "Body" and self.lang == "zh":
            layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        layout.first_line_indent = Pt(wanted.size * wanted.indent_chars)

    def _add_page_numbers(self) -> None:
        self.document.settings.odd_and_even_pages_header_footer = True
        section = self.document.sections[0]
        for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = _ALIGN[align]
            indent = paragraph.paragraph_format
            # One character from the outer edge of the text (7.5).
            indent.right_indent = indent.left_indent = Pt(14)
            for part in ("— ", None, " —"):
                run = paragraph.add_run(part or "")
                run.font.size = Pt(14)
                _set_fonts(run.font, "宋体")
                if part is None:
                    _add_field(run, "PAGE")


def _in_two_lines(title: str, size: float) -> str:
    """Return a title that breaks before the name of what it is about, if it must break."""
    room = TEXT_WIDTH_MM * _PT_PER_MM / size * 2
    before, name, after = title.partition(_NAME)
    return f"{before}\n{name}{after}" if before and name and display_width(title) > room else title


def _set_fonts(font: Any, east_asian: str) -> None:  # noqa: ANN401 - python-docx has no types
    """Name the fonts by script; what the theme says would win over them."""
    font.name = _LATIN
    fonts = font.element.rPr.rFonts
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    fonts.set(qn("w:eastAsia"), east_asian)
    fonts.set(qn("w:cs"), _LATIN)


def _drop_border(style: Any) -> None:  # noqa: ANN401 - python-docx has no types
    borders = style.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)


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


def _add_field(run: Any, name: str) -> None:  # noqa: ANN401 - python-docx has no types
    for kind, content in (("begin", None), (None, name), ("end", None)):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = content
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001 - python-docx names it no other way


def _with_fixed_dates(source: BytesIO) -> bytes:
    """Return the same archive with one date on every entry."""
    target = BytesIO()
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, _ZIP_DATE), old.read(name), compress_type=ZIP_DEFLATED)
    return target.getvalue()
