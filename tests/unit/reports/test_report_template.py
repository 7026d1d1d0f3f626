"""The template of the Word file: ours is what its script makes, a district's own is taken whole."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from geo.errors import InputError
from reports.document import document_bytes
from reports.report import Report
from reports.template import MOST_BYTES, SHIPPED, check_template, opened, read_template
from reports.word_styles import word_looks
from scripts.make_templates import template
from words import LANGUAGES, Lang

ATTACHED = (
    b'<Relationship Id="rId99" TargetMode="External" Target="http://example.org/t.dotm" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
)

ENTITY = b'<!DOCTYPE a [<!ENTITY b "c">]>'


@pytest.fixture(autouse=True)
def without_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.document.scene_of", lambda _: None)


def own() -> bytes:
    """Return a district's template: other margins, another body font, a header, a line of text."""
    document: Any = docx.Document(str(SHIPPED["zh"]))
    section = document.sections[0]
    section.left_margin = section.right_margin = Mm(20)
    section.header.paragraphs[0].text = "某某区总工会"
    body = document.styles["Body"]
    body.font.size = Pt(14)
    body.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.styles.element.remove(document.styles["Note"].element)
    document.add_paragraph("模板里的说明文字")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def rewritten(part: str, change: Callable[[bytes], bytes], more: str = "") -> bytes:
    """Return our template with one part changed, and perhaps one more in it."""
    buffer = BytesIO()
    with ZipFile(SHIPPED["zh"]) as old, ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
        if more:
            new.writestr(more, b"x")
    return buffer.getvalue()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_shipped_is_what_the_script_makes(lang: Lang) -> None:
    assert SHIPPED[lang].read_bytes() == template(lang)
    check_template(SHIPPED[lang].read_bytes(), "ours")


def test_of_a_districts_own_everything_is_taken_but_its_text(
    district: Callable[..., Report], tmp_path: Path
) -> None:
    file = tmp_path / "本区.docx"
    file.write_bytes(own())
    report = replace(district(), template=read_template(file))
    made: Any = docx.Document(BytesIO(document_bytes(report)))
    assert made.sections[0].header.paragraphs[0].text == "某某区总工会"
    assert abs(made.sections[0].left_margin - Mm(20)) < Mm(0.1)
    assert made.styles["Body"].font.size == Pt(14)
    assert made.styles["Note"].font.size == Pt(12)  # it has none: ours
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts[0] == "大兴区暖心驿站布局与选址报告"
    assert not any("模板里的说明" in text or "样式“" in text for text in texts)
    # 170 mm instead of 156: tables are as wide as the text.
    widths = [column.width for column in made.tables[0].columns]
    assert abs(sum(widths) - Mm(170)) < Mm(0.5)
    assert document_bytes(report) == document_bytes(report)


def test_a_template_without_our_styles_is_enough() -> None:
    buffer = BytesIO()
    docx.Document().save(buffer)
    made = opened(buffer.getvalue(), "zh")
    assert all(name in made.styles for name in word_looks("zh"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "template_broken"),
        (b"PK\x03\x04 no archive", "template_broken"),
        (SHIPPED["zh"].read_bytes()[:20_000], "template_broken"),
        (rewritten("word/document.xml", lambda _: b"<w:document"), "template_broken"),
        (rewritten("word/styles.xml", lambda _: b"<a/>"), "template_broken"),
        (rewritten("word/document.xml", lambda _: b"<a/>"), "template_broken"),
        (rewritten("", bytes, more="word/vbaProject.bin"), "template_macros"),
        (
            rewritten(
                "word/_rels/document.xml.rels",
                lambda rels: rels.replace(b"</Relationships>", ATTACHED + b"</Relationships>"),
            ),
            "template_outside",
        ),
        (
            rewritten("word/_rels/document.xml.rels", lambda rels: ENTITY + rels),
            "template_outside",
        ),
        (rewritten("", bytes, more="x" * 5).replace(b"w:right=", b"w:wrong="), "template_broken"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(
    content: bytes, code: str, tmp_path: Path
) -> None:
    file = tmp_path / "t.docx"
    file.write_bytes(content)
    assert refusal(file) == code


def test_size_and_width_have_limits(tmp_path: Path) -> None:
    file = tmp_path / "t.docx"
    file.write_bytes(b"x" * (MOST_BYTES + 1))
    assert refusal(file) == "template_large"
    assert refusal(tmp_path / "none.docx") == "template_not_there"
    narrow: Any = docx.Document(str(SHIPPED["zh"]))
    narrow.sections[0].left_margin = Mm(120)
    narrow.save(str(file))
    assert refusal(file) == "template_narrow"


def refusal(file: Path) -> str:
    """Return the code of the refusal of a template; its sentence names the file."""
    with pytest.raises(InputError) as refused:
        read_template(file)
    assert file.name in refused.value.message("zh")
    return refused.value.code
