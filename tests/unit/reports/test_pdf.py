"""The PDF, re-opened: the words of the Word file, in fonts that are inside, with every glyph."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import typst
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from geo.reference import DATA_FOLDER
from reports.blocks import Paragraph, Table, TableColumn
from reports.document import document_blocks, pdf_bytes
from reports.pdf import fonts, print_pdf
from reports.pdf.fonts import FILES, FONTS, STAND_IN, known_signs, lettering_for
from reports.pdf.printer import ZERO_SPACE
from reports.report import Report

RARE = "𠮷"
HOSTILE = '#panic("x") *b* _i_ $x^2$ `r` <l> @r [z] \\u{41} // c /* d */ = h'


def opened(report: Report) -> PdfReader:
    return PdfReader(BytesIO(pdf_bytes(report)))


def bare(text: str) -> str:
    """Return text without blanks: where lines break is the page's affair."""
    kept = unicodedata.normalize("NFKC", text.replace(ZERO_SPACE, "").replace("\u00ad", ""))
    return "".join(kept.split())


def all_text(reader: PdfReader) -> str:
    """Return the text of all pages; a paragraph may go on behind the number of its page."""
    numbered = enumerate((bare(page.extract_text()) for page in reader.pages), 1)
    return "".join(text.removesuffix(f"—{number}—") for number, text in numbered)


def texts(report: Report) -> Iterator[str]:
    """Yield every text of the blocks that Word and PDF print."""
    for block in document_blocks(report):
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from (column.heading for column in block.columns)
            yield from (cell for row in block.rows for cell in row if isinstance(cell, str))
            yield from block.totals or ()


def embedded(reader: PdfReader) -> dict[str, bool]:
    """Return of every font whether its outlines are inside."""
    found = {}
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            inner: Any = font.get_object()["/DescendantFonts"][0].get_object()
            described = inner["/FontDescriptor"].get_object()
            files = {"/FontFile", "/FontFile2", "/FontFile3"}
            found[str(inner["/BaseFont"])] = bool(files & set(described))
    return found


@pytest.fixture(scope="module")
def made() -> dict[str, PdfReader]:
    return {}


@pytest.fixture
def plain(
    district: Callable[..., Report], made: dict[str, PdfReader]
) -> Callable[[str], PdfReader]:
    """Return what opens the report as it comes, in a language."""

    def read(lang: str) -> PdfReader:
        if lang not in made:
            made[lang] = opened(district(lang=lang))
        return made[lang]

    return read


def named(report: Report, name: str) -> Report:
    """Return the report with another name of its first candidate, which is in the plan."""
    candidates = report.inputs.candidates.copy()
    candidates.loc[0, "name"] = name
    return replace(report, inputs=replace(report.inputs, candidates=candidates))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_what_the_word_file_says(
    district: Callable[..., Report], plain: Callable[[str], PdfReader], lang: str
) -> None:
    printed = all_text(plain(lang))
    # The printed hyphen of an English word that breaks is the page's, too.
    joined = printed.replace("-", "").replace("‐", "")
    missing = [
        text
        for text in texts(district(lang=lang))
        if bare(text) not in printed and bare(text).replace("-", "") not in joined
    ]
    assert missing == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_font_is_inside(plain: Callable[[str], PdfReader], lang: str) -> None:
    found = embedded(plain(lang))
    assert found
    assert all(found.values()), found
    assert any("WarmStation" in name for name in found)


def test_page_and_properties(district: Callable[..., Report], plain: Callable[..., Any]) -> None:
    reader = plain("zh")
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    assert reader.metadata.title == district().heading
    assert reader.metadata.creation_date.date() == district().made_on
    for number, page in enumerate(reader.pages, 1):
        assert bare(page.extract_text()).endswith(f"—{number}—")


def test_headings_are_bookmarks(plain: Callable[[str], PdfReader]) -> None:
    outline: list[Any] = list(plain("zh").outline)
    top = [entry.title for entry in outline if not isinstance(entry, list)]
    assert top[:2] == ["一、总体结论", "二、建站进度"]


def test_hostile_names_are_text(district: Callable[..., Report]) -> None:
    assert bare(HOSTILE) in all_text(opened(named(district(title=HOSTILE), HOSTILE)))


def test_characters_no_font_has_are_marked_and_listed(
    district: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_all", fonts._own)
    printed = all_text(opened(named(district(), f"甲{RARE}\x00乙🎉")))
    assert f"甲{STAND_IN}乙{STAND_IN}" in printed
    assert RARE not in printed
    assert "U+20BB7" in printed
    assert "U+1F389" in printed


def test_fonts_of_the_machine_lend_rare_characters(tmp_path: Path) -> None:
    pen = TTGlyphPen(None)
    for corner in ((0, 0), (0, 800), (800, 800)):
        (pen.lineTo if corner != (0, 0) else pen.moveTo)(corner)
    pen.closePath()
    lent = FontBuilder(1000)
    lent.setupGlyphOrder([".notdef", "rare"])
    lent.setupCharacterMap({ord(RARE): "rare"})
    lent.setupGlyf({".notdef": pen.glyph(), "rare": pen.glyph()})
    lent.setupHorizontalMetrics({".notdef": (1000, 0), "rare": (1000, 0)})
    lent.setupHorizontalHeader(ascent=800, descent=-200)
    lent.setupNameTable({"familyName": "Lender", "styleName": "Regular", "psName": "Lender"})
    lent.setupOS2()
    lent.setupPost()
    lent.save(tmp_path / "lender.ttf")
    lending = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS), str(tmp_path)])
    assert fonts._prints(RARE, lending)
    assert not fonts._prints(RARE, fonts._own())


def test_other_scripts_that_typst_brings_need_no_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_all", lambda: pytest.fail("asked the machine"))
    assert lettering_for(["Łódź é Ω"]).missing == frozenset()


def test_too_many_rare_characters_are_not_asked_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def ask(sign: str, _: typst.Fonts) -> bool:
        asked.append(sign)
        return True

    monkeypatch.setattr(fonts, "MOST_ASKED", 3)
    monkeypatch.setattr(fonts, "_prints", ask)
    many = "".join(chr(0x20000 + number) for number in range(5))
    assert lettering_for([many]).missing == frozenset(many[3:])
    assert asked == list(many[:3])


@pytest.mark.parametrize("file", FILES)
def test_our_fonts_hold_the_standard_and_our_own_words(file: str) -> None:
    known = known_signs(FONTS / file)
    assert known - {"\n"} == {chr(code) for code in TTFont(FONTS / file).getBestCmap()}
    standard = {
        bytes((row, cell)).decode("gb2312", errors="ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    } - {""}
    assert len(standard) == 6763
    assert standard <= known
    printed = DATA_FOLDER.glob("words/*/reports.toml")
    ours = {sign for path in printed for sign in path.read_text(encoding="utf-8")}
    # Where this fails, scripts/subset_fonts.py cuts the fonts anew.
    assert ours <= known
    read = {sign for path in DATA_FOLDER.rglob("*.csv") for sign in path.read_text("utf-8")}
    assert {sign for sign in read - known if sign.isprintable()} == set()


@pytest.mark.parametrize("rows", range(34, 38))
def test_totals_never_stand_alone_on_a_page(rows: int) -> None:
    columns = [TableColumn("甲", 78.0), TableColumn("乙", 78.0)]
    lines = [[f"第{number}行", "x"] for number in range(rows)]
    table = Table(columns, lines, ["合计行", "y"])
    content = print_pdf([table], "表", lang="zh", made_on=date(2026, 11, 21))
    last = [bare(page.extract_text()) for page in PdfReader(BytesIO(content)).pages][-1]
    assert "合计行" in last
    assert f"第{rows - 1}行" in last
