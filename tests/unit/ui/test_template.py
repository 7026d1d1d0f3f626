"""The empty file that people fill in: read back, it is a table without rows, or with their own."""

import io
from functools import cache

import openpyxl
import pytest

from geo.intake import read_table
from geo.tables import TABLES, columns, has_position
from ui.data.template import template_file
from words import Lang

pytestmark = pytest.mark.usefixtures("read_here")

made = cache(template_file)
"""A form, made once for all that look at it."""

MADE: list[tuple[str, Lang]] = [(table, "zh") for table in TABLES]
MADE += [("stations", "en"), ("enterprises", "en"), ("visits", "en")]


@pytest.mark.parametrize(("table", "lang"), MADE)
def test_untouched_it_holds_nothing_and_every_heading_is_known(table: str, lang: Lang) -> None:
    intake = read_table(made(table, lang), table)
    assert (intake.imported, intake.rejected) == (0, 0)
    assert set(intake.columns) == {column.name for column in columns(table) if column.form}
    assert [f.code for f in intake.findings if f.row is not None] == ["intake_example_row"] * 2


@pytest.mark.parametrize(("table", "lang"), MADE)
def test_its_examples_are_filled_in_rightly(table: str, lang: Lang) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(table, lang)))
    sheet = book.worksheets[0]
    for (cell,) in sheet.iter_rows(max_col=1):
        if str(cell.value).casefold().startswith(("示例", "example")):
            cell.value = f"my{cell.row}"
    changed = io.BytesIO()
    book.save(changed)
    intake = read_table(changed.getvalue(), table)
    assert intake.imported == 2
    if has_position(table):
        assert intake.row_datums.tolist() == ["gcj02", "wgs84"]
    assert [f for f in intake.findings if f.severity != "info"] == []


def test_the_second_sheet_says_what_may_be_written() -> None:
    guide = openpyxl.load_workbook(io.BytesIO(made("stations", "zh"))).worksheets[1]
    told = {row[0].value: row[2].value for row in guide.iter_rows()}
    assert "临街驿站" in str(told["驿站类型"])


def test_what_has_a_short_list_of_answers_drops_down() -> None:
    form = openpyxl.load_workbook(io.BytesIO(made("stations", "zh"))).worksheets[0]
    (heads,) = (row for row in form.iter_rows() if str(row[0].value).endswith("编号"))
    offered = {
        str(cell.value): rule.formula1
        for rule in form.data_validations.dataValidation
        for cell in heads
        if f"{cell.column_letter}{cell.row + 1}" in rule.sqref
    }
    assert "临街驿站" in offered["驿站类型"]
    assert "兴丰街道" in offered["所属镇街、产业基地"]
    assert offered["坐标系"] == '"高德,百度,WGS84"'
    assert "服务项目" not in offered  # several may be written
