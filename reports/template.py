"""The template of report.docx: page, styles, header and footer; a district may have its own.

Ours are data/templates/report-zh.docx and report-en.docx. Of a district's own everything is taken
but the text of its body; a style that it lacks is ours. It is a stranger's file: it is opened here
alone, with limits, and what would fetch or run something when somebody opens the report is refused.
"""

import zlib
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from geo.errors import InputError
from geo.reference import DATA_FOLDER
from reports.word_styles import add_style, word_looks
from words import LANGUAGES, Lang

SHIPPED: Final = {lang: DATA_FOLDER / "templates" / f"report-{lang}.docx" for lang in LANGUAGES}
MOST_BYTES: Final = 5_000_000
"""Largest template (inclusive), and, tenfold, what it may unpack to."""
MOST_PARTS: Final = 500
NARROWEST_MM: Final = 100.0
"""Least width of the text: tables of seven columns need it."""

_UNPACKED = 10 * MOST_BYTES
_EMU_PER_MM = 36_000
# A link is followed by whoever clicks it; anything else outside is fetched when the file opens.
_HARMLESS = "/hyperlink"


def read_template(path: Path) -> bytes:
    """Return a template as it is on disk, looked at.

    Raises
    ------
    InputError
        `template_…`: it is not there, no Word file, too large, damaged, with macros or references
        outside, or its page is too narrow.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError("template_large", file=path.name, most=MOST_BYTES // 1_000_000)
        content = path.read_bytes()
    except OSError as error:
        raise InputError("template_not_there", file=path.name) from error
    check_template(content, path.name)
    return content


def check_template(content: bytes, name: str) -> None:
    """Refuse what is no template.

    Raises
    ------
    InputError
        As `read_template`.
    """
    try:
        _look(content, name)
        width = text_width_mm(opened(content, "zh"))
    except InputError:
        raise
    except (
        *(BadZipFile, PackageNotFoundError, zlib.error, EOFError),
        *(SyntaxError, KeyError, ValueError, TypeError, AttributeError, IndexError),  # of XML
    ) as error:
        raise InputError("template_broken", file=name) from error
    if width < NARROWEST_MM:
        raise InputError("template_narrow", file=name, width=f"{width:.0f}", least=NARROWEST_MM)


def opened(content: bytes | None, lang: Lang) -> Any:  # noqa: ANN401 -- python-docx has no types
    """Return an empty document with the template's page, styles, header and footer.

    Parameters
    ----------
    content
        A template that was looked at; None: ours of that language.
    """
    document = Document(BytesIO(_shipped(lang) if content is None else content))
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    for name, look in word_looks(lang).items():
        if name not in document.styles:
            add_style(document, name, look, lang)
    return document


def text_width_mm(document: Any) -> float:  # noqa: ANN401 -- python-docx has no types
    """Return the width of the text of a document's last section, millimetres."""
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin - section.gutter
    return float(room) / _EMU_PER_MM


@cache
def _shipped(lang: Lang) -> bytes:
    return SHIPPED[lang].read_bytes()


def _look(content: bytes, name: str) -> None:
    """Refuse archives that are too large, with macros, or that refer to something outside."""
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > _UNPACKED:
            raise InputError("template_large", file=name, most=MOST_BYTES // 1_000_000)
        if any(part.filename.lower().endswith((".bin", ".exe")) for part in parts):
            raise InputError("template_macros", file=name)
        for part in parts:
            if part.filename.endswith(".rels") and any(_outside(archive.read(part))):
                raise InputError("template_outside", file=name)


def _outside(content: bytes) -> Iterator[str]:
    """Yield what a list of relations refers to outside the file."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        yield "entity"
        return
    for relation in ET.fromstring(content):  # noqa: S314 -- no entities, see above
        external = relation.get("TargetMode") == "External"
        if external and not str(relation.get("Type")).endswith(_HARMLESS):
            yield str(relation.get("Target"))
