"""Blocks to PDF: as JSON into one Typst template, without files, packages or network."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import typst

from reports.blocks import Block, Paragraph, Picture, Plate, Table
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
from reports.pdf.fonts import STAND_IN, STANDARD, Lettering, lettering_for
from reports.tables import clean_text
from words import Lang, say

_TEMPLATE: Final = Path(__file__).with_name("report.typ")
_SHEET: Final = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg",
  width: float(sys.inputs.width) * 1mm, height: float(sys.inputs.height) * 1mm)
"""
PPI: Final = 220.0
"""Pixels per inch of a drawing that is printed as a picture."""

FIRST_ROWS_PT: Final = 130.0
"""Room for the caption of a table, its head and some rows: less is not begun on a page."""

_FACES: Final = {("zh", "黑体"): "sans"}
"""Ours for the fonts of the standard that nobody may ship: 黑体 sans, all others serif."""
_BOLD: Final = frozenset({"方正小标宋简体"})
_LONG: Final = re.compile(r"[!-~]{21,}")
_LONG_STEP: Final = 16
ZERO_SPACE: Final = "\u200b"
_MOST_TOLD: Final = 40
"""Hashes and addresses may break after every so many characters: a cell is narrow."""


def print_pdf(blocks: Iterable[Block], title: str, *, lang: Lang, made_on: date) -> bytes:
    """Return a PDF/A of blocks; the same blocks and fonts give the same bytes.

    A character that no font has is printed as 〓 and listed under the last block.

    Parameters
    ----------
    title
        Of the file's properties.
    lang
        Chinese paragraphs are indented and justified; English ones are not.
    made_on
        The only date in the file.
    """
    content, lettering = _content(blocks, title, lang=lang, made_on=made_on)
    (made,) = _compiled(
        _TEMPLATE.read_bytes(),
        lettering,
        format="pdf",
        sys_inputs=content,
        pdf_standards=STANDARD,
        timestamp=datetime.combine(made_on, time(), tzinfo=UTC),
    )
    return made


def print_first_page(
    blocks: Iterable[Block], title: str, *, lang: Lang, made_on: date, ppi: float
) -> bytes:
    """Return the first page of what `print_pdf` prints as a PNG of `ppi` pixels per inch.

    Only blocks that begin on it, and those that they stay with, need to be given.
    """
    content, lettering = _content(blocks, title, lang=lang, made_on=made_on)
    made = _compiled(_TEMPLATE.read_bytes(), lettering, format="png", ppi=ppi, sys_inputs=content)
    return made[0]


def plate_png(plate: Plate) -> bytes:
    """Return a drawing as a PNG of `PPI`, for those who cannot print drawings."""
    lettering = lettering_for([plate.svg])
    size = {"width": f"{plate.width_mm}", "height": f"{plate.height_mm}"}
    drawing = {"svg": lettering.printable(plate.svg), **size}
    (made,) = _compiled(_SHEET, lettering, format="png", ppi=PPI, sys_inputs=drawing)
    return made


def _content(
    blocks: Iterable[Block], title: str, *, lang: Lang, made_on: date
) -> tuple[dict[str, str], Lettering]:
    """Return what the template reads, and the fonts that it takes."""
    title = clean_text(title)
    printed = [_cleaned(block) for block in blocks]
    lettering = lettering_for([title, *(text for block in printed for text in _texts(block))])
    if lettering.missing:
        printed.append(Paragraph("Note", _missing_sentence(lang, lettering)))
    content = {
        "lang": lang,
        "title": lettering.printable(title),
        "made_on": {"year": made_on.year, "month": made_on.month, "day": made_on.day},
        "page": dict(zip(("width", "height"), PAGE_MM, strict=True)),
        "margins": dict(MARGINS_MM),
        "looks": {role: _look(role, look, lang) for role, look in looks_of(lang).items()},
        "cell_margin": CELL_MARGIN_MM,
        "after_table": SPACE_AFTER_TABLE_PT,
        "whole_table": WHOLE_TABLE_PT,
        "first_rows": FIRST_ROWS_PT,
        "blocks": [_as_json(block, lettering, lang) for block in printed],
    }
    return {"report": json.dumps(content, ensure_ascii=False)}, lettering


def _compiled(template: bytes, lettering: Lettering, **options: Any) -> list[bytes]:  # noqa: ANN401 -- Typst's
    """Return a PDF, or a picture of every page."""
    compiler = typst.Compiler(template, font_paths=lettering.fonts, ignore_system_fonts=True)
    made = compiler.compile(**options)
    if made is None:
        message = "Typst returned nothing"
        raise TypeError(message)
    return made if isinstance(made, list) else [made]


def _look(role: str, look: Look, lang: Lang) -> dict[str, Any]:
    body = role == "Body"
    return {
        "face": _FACES.get((lang, look.east_asian), "serif"),
        "size": look.size,
        "leading": look.leading,
        "align": look.align,
        "indent": look.indent_chars,
        "bold": look.bold or look.east_asian in _BOLD,
        "justify": body and lang == "zh",
        "after": ENGLISH_SPACE_AFTER_PT if body and lang == "en" else 0,
    }


def _as_json(block: Block, lettering: Lettering, lang: Lang) -> dict[str, Any]:
    mark = lettering.printable
    match block:
        case Paragraph(role, text, keep):
            keep = keep or looks_of(lang)[role].keep_with_next
            return {"kind": "paragraph", "role": role, "text": mark(text), "keep": keep}
        case Plate(svg, width_mm, height_mm, alt):
            return {"kind": "plate", **_drawn(mark(svg), width_mm, height_mm, mark(alt))}
        case Table(columns, rows, totals, keep):
            heads = [
                {"heading": mark(c.heading), "width": c.width_mm, "align": c.align} for c in columns
            ]
            return {
                "kind": "table",
                "columns": heads,
                "rows": [[_cell(content, mark) for content in row] for row in rows],
                "totals": None if totals is None else [_cell(text, mark) for text in totals],
                "keep": keep,
            }


def _cell(content: str | Picture, mark: Callable[[str], str]) -> str | dict[str, Any]:
    if isinstance(content, str):
        return _LONG.sub(_breakable, mark(content))
    return _drawn(_wrapped(content), content.width_mm, content.height_mm, mark(content.alt))


def _drawn(svg: str, width_mm: float, height_mm: float, alt: str) -> dict[str, Any]:
    return {"svg": svg, "width": width_mm, "height": height_mm, "alt": alt}


def _wrapped(picture: Picture) -> str:
    """Return a PNG as a drawing: text goes into a JSON text, bytes do not."""
    address = base64.b64encode(picture.png).decode("ascii")
    size = f'width="{picture.width_mm}" height="{picture.height_mm}"'
    image = f'<image {size} preserveAspectRatio="none" href="data:image/png;base64,{address}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'


def _breakable(word: re.Match[str]) -> str:
    found = word.group()
    return ZERO_SPACE.join(found[i : i + _LONG_STEP] for i in range(0, len(found), _LONG_STEP))


def _missing_sentence(lang: Lang, lettering: Lettering) -> str:
    codes = [f"U+{ord(sign):04X}" for sign in sorted(lettering.missing)]
    told = say("reports.list_joint", lang).join(codes[:_MOST_TOLD])
    return say("reports.no_glyph", lang, mark=STAND_IN, number=len(codes), codes=told)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text=text):
            yield text
        case Plate(svg=svg, alt=alt):
            yield from (svg, alt)
        case Table(columns=columns, rows=rows, totals=totals):
            yield from (column.heading for column in columns)
            yield from (c if isinstance(c, str) else c.alt for row in rows for c in row)
            yield from totals or ()


def _cleaned(block: Block) -> Block:
    """Return a block without what no document can hold."""
    match block:
        case Paragraph(text=text):
            return replace(block, text=clean_text(text))
        case Table(columns, rows, totals, _):
            return replace(
                block,
                columns=[replace(c, heading=clean_text(c.heading)) for c in columns],
                rows=[[clean_text(c) if isinstance(c, str) else c for c in row] for row in rows],
                totals=None if totals is None else [clean_text(text) for text in totals],
            )
        case Plate():
            return block
