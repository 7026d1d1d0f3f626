"""The empty file that people fill in: read back, it is a table without rows, or with their own."""

import io

import openpyxl
import pytest

from geo.intake import read_table
from geo.tables import TABLES, columns
from ui.template import template_file
from words import Lang

MADE: list[tuple[str, Lang]] = [(table, "zh") for table in TABLES]
MADE += [("stations", "en"), ("enterprises", "en"), ("visits", "en")]


@pytest.mark.parametrize(("table", "lang"), MADE)
def test_untouched_it_holds_nothing_and_every_heading_is_known(table: str, lang: Lang) -> None:
    intake = read_table(template_file(table, lang), table)
    assert (intake.imported, intake.rejected) == (0, 0)
    assert set(intake.columns) == {column.name for column in columns(table) if column.form}
    assert [f.code for f in intake.findings if f.row is not None] == ["intake_example_row"] * 2


@pytest.mark.parametrize(("table", "lang"), MADE)
def test_its_examples_are_filled_in_rightly(table: str, lang: Lang) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_file(table, lang)))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            if str(cell.value).casefold().startswith(("示例", "example")) and cell.column == 1:
                cell.value = f"my{cell.row}"
    changed = io.BytesIO()
    book.save(changed)
    intake = read_table(changed.getvalue(), table, datum="wgs84")
    assert intake.imported == 2
    assert [f for f in intake.findings if f.severity != "info"] == []


def test_the_second_sheet_says_what_may_be_written() -> None:
    guide = openpyxl.load_workbook(io.BytesIO(template_file("stations", "zh"))).worksheets[1]
    told = {row[0].value: row[2].value for row in guide.iter_rows()}
    assert "临街驿站" in str(told["驿站类型"])
