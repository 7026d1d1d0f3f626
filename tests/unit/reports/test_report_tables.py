"""Spreadsheets, re-opened: text stays text, numbers stay numbers, bytes repeat."""

import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.findings import Finding
from reports.tables import (
    CELL_LIMIT,
    Cell,
    Sheet,
    SheetColumn,
    Value,
    clean_text,
    display_width,
    rejected_workbook,
    write_sheets,
)
from tests.many import many

DAY = date(2026, 11, 21)


def written(
    rows: list[list[Value | Cell]],
    columns: tuple[SheetColumn, ...],
    totals: list[Value | Cell] | None = None,
) -> bytes:
    sheet = Sheet(name="表", title="题", columns=columns, rows=rows, totals=totals, notes=("注",))
    return write_sheets([sheet], title="题", made_on=DAY, lang="zh", empty="（无）")


def reopened(data: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(BytesIO(data)).worksheets[0]


@pytest.mark.parametrize(
    "name",
    ["=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "00123", "http://x.cn", "𠮷"],
)
def test_hostile_name_stays_text(name: str) -> None:
    cell = reopened(written([[name]], (SheetColumn("名称"),)))["A4"]
    assert cell.data_type == "s"
    assert cell.value == name
    assert cell.hyperlink is None


def test_formula_like_text_keeps_its_apostrophe() -> None:
    page = reopened(written([["=1+1"], ["安定镇"]], (SheetColumn("名称"),)))
    assert page["A4"].quotePrefix
    assert not page["A5"].quotePrefix


def test_control_characters_go_and_line_feeds_stay() -> None:
    text = "一\x00\x07\x0b二\r\n三\x1f\ud800\ufffe"
    cell = reopened(written([[text]], (SheetColumn("名称"),)))["A4"]
    assert cell.value == "一二\n三"


def test_long_text_is_cut_to_the_limit_and_says_so() -> None:
    cell = reopened(written([["站" * 40_000]], (SheetColumn("名称"),)))["A4"]
    assert len(cell.value) == CELL_LIMIT
    assert cell.value.endswith("站…")


def test_long_text_is_cut_between_characters() -> None:
    cut = clean_text("𠮷" * 40_000)
    assert len(cut.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert set(cut) == {"𠮷", "…"}


def test_text_at_the_limit_is_whole() -> None:
    assert clean_text("站" * CELL_LIMIT) == "站" * CELL_LIMIT


@settings(max_examples=many(60), deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=40))
def test_any_text_comes_back_as_cleaned(texts: list[str]) -> None:
    page = reopened(written([[text] for text in texts], (SheetColumn("名称"),)))
    found = [page.cell(row, 1).value or "" for row in range(4, 4 + len(texts))]
    assert found == [clean_text(text) for text in texts]


def test_numbers_are_numbers_and_the_missing_is_empty() -> None:
    columns = (SheetColumn("人数", "count"), SheetColumn("覆盖率", "percent", bar=True))
    page = reopened(
        written(
            [[8421.5, 0.25], [None, float("nan")], [1, Cell("无", "text")]], columns, [8422.5, 1]
        )
    )
    assert [page["A4"].value, page["B4"].value] == [8421.5, 0.25]
    assert [page["A5"].value, page["B5"].value] == [None, None]
    assert page["B6"].value == "无"
    assert page["A7"].value == 8422.5
    assert page["B4"].number_format == "0.0%"
    assert len(page.conditional_formatting) == 1


def test_page_is_ready_to_print() -> None:
    page = reopened(written([["甲"], ["乙"]], (SheetColumn("名称"),)))
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:A5"
    assert page.print_title_rows == "$3:$3"
    assert page.page_setup.orientation == "portrait"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0


def test_wide_table_is_printed_across() -> None:
    page = reopened(written([["甲"] * 12], tuple(SheetColumn("所属镇街") for _ in range(12))))
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_chinese_columns_are_twice_as_wide() -> None:
    assert display_width("驿站 abc\n驿") == 8
    page = reopened(written([["生物医药产业基地"]], (SheetColumn("名称"),)))
    assert page.column_dimensions["A"].width >= 17


def test_table_without_rows_says_so() -> None:
    page = reopened(written([], (SheetColumn("名称"), SheetColumn("人数", "count"))))
    assert page["A4"].value == "（无）"
    assert page.auto_filter.ref is None


def test_same_table_same_bytes() -> None:
    first, second = (written([["甲"], ["=乙"]], (SheetColumn("名称"),)) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert b"2026-11-21" in archive.read("docProps/core.xml")


@pytest.mark.parametrize(("lang", "severity"), [("zh", "错误"), ("en", "error")])
def test_rejected_rows_name_their_place(
    lang: str, severity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.findings.say", lambda key, _lang, **facts: f"{key} {facts}")
    finding = Finding("any", "error", row=7, column="=经度", facts={"value": 3}, file="a.csv")
    data = rejected_workbook([finding], lang=lang, made_on=DAY)  # type: ignore[arg-type]
    page = reopened(data)
    values = [cell.value for cell in page[4]]
    assert values == ["a.csv", None, 7, "=经度", severity, "findings.any {'value': 3}"]
