"""Styles of a Word file after GB/T 9704-2012: what the shipped template is made of.

A template of a district's own that lacks one of them gets ours for that role. Fonts are named, not
embedded: Word and WPS in Chinese offices have them.
"""

from dataclasses import replace
from typing import Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.looks import ENGLISH_SPACE_AFTER_PT, MARGINS_MM, PAGE_MM, Look, looks_of
from words import Lang

CELL_HEAD: Final = "Cell Head"
"""The style of the heads of tables, beside those of the roles."""

ALIGN: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_FOOTER_DISTANCE_MM = 22
_LATIN = "Times New Roman"


def word_looks(lang: Lang) -> dict[str, Look]:
    """Return the look of every style that a report uses, by its name."""
    looks: dict[str, Look] = {str(role): look for role, look in looks_of(lang).items()}
    head = replace(looks["Cell"], east_asian="黑体", align="center", bold=lang == "en")
    return {**looks, CELL_HEAD: head}


def lay_out(document: Any, lang: Lang) -> None:  # noqa: ANN401 -- python-docx has no types
    """Give an empty document the page, the styles and the page numbers of the standard."""
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in PAGE_MM)
    for side, margin in MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(margin))
    section.footer_distance = Mm(_FOOTER_DISTANCE_MM)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    language = next(defaults.iter(qn("w:lang")))
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    for name, look in word_looks(lang).items():
        add_style(document, name, look, lang)
    _add_page_numbers(document)


def add_style(document: Any, name: str, wanted: Look, lang: Lang) -> None:  # noqa: ANN401 -- python-docx has no types
    """Add a style, or make the one of that name look as it is wanted."""
    styles = document.styles
    made = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
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
    layout.space_after = Pt(ENGLISH_SPACE_AFTER_PT if name == "Body" and lang == "en" else 0)
    layout.alignment = ALIGN[wanted.align]
    layout.keep_with_next = wanted.keep_with_next
    layout.widow_control = True
    _drop_border(made)
    if name == "Body" and lang == "zh":
        layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    layout.first_line_indent = Pt(wanted.size * wanted.indent_chars)


def _add_page_numbers(document: Any) -> None:  # noqa: ANN401 -- python-docx has no types
    """Add — 1 — on the outer side of every page (页码)."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = ALIGN[align]
        indent = paragraph.paragraph_format
        # One character from the outer edge of the text (7.5).
        indent.right_indent = indent.left_indent = Pt(14)
        for part in ("— ", None, " —"):
            run = paragraph.add_run(part or "")
            run.font.size = Pt(14)
            _set_fonts(run.font, "宋体")
            if part is None:
                _add_field(run, "PAGE")


def _set_fonts(font: Any, east_asian: str) -> None:  # noqa: ANN401 -- python-docx has no types
    """Name the fonts by script; what the theme says would win over them."""
    font.name = _LATIN
    fonts = font.element.rPr.rFonts
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    fonts.set(qn("w:eastAsia"), east_asian)
    fonts.set(qn("w:cs"), _LATIN)


def _drop_border(style: Any) -> None:  # noqa: ANN401 -- python-docx has no types
    borders = style.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)


def _add_field(run: Any, name: str) -> None:  # noqa: ANN401 -- python-docx has no types
    for kind, content in (("begin", None), (None, name), ("end", None)):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = content
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001 -- python-docx names it no other way
