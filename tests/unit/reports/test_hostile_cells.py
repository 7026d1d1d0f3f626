"""Ten thousand cells that somebody might write, opened again by openpyxl and by LibreOffice."""

import csv
import random
import shutil
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from geo.tables import FORMULA_STARTS, csv_bytes
from reports.tables import CELL_LIMIT, Sheet, SheetColumn, Value, clean_text, write_sheets

CELLS, ACROSS = 10_000, 10
HEAD_ROW = 3
STARTS = (*FORMULA_STARTS, "=1+1", '=HYPERLINK("http://x.cn")', "+cmd|' /C calc'!A0", "@SUM(A1:A9)")
PARTS = (
    *("驿站", "安定镇", "𠮷", "🎉", "e\u0301", "\u202e", "\u200b", "\ufeff", "\u00a0", "Ω"),
    *("<b>", "</t>", "&amp;", "]]>", '"', "'", "`", "${x}", ",", ";", "|", "\\", "%00", "_x0041_"),
    *("\x00", "\x07", "\x1b", "\x7f", "\ud800", "\udfff", "\ufffe", "\uffff", "\u0085", "\u2028"),
    *("00123", "1e309", "NaN", "2026-11-21", "#REF!", "TRUE", "-5", "http://x.cn", "  "),
)
CSV_OF_FIRST_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"


def generated() -> list[list[Value]]:
    """Return the cells, the same every time: texts, a number in ten, a few at the limit."""
    draw = random.Random(20261121)  # noqa: S311 -- a test's own cells
    cells: list[Value] = []
    for number in range(CELLS):
        if number % 10 == 0:
            cells.append(draw.choice((0, -1, 1.5, 1e15, -2.25, 123456789)))
            continue
        text = "".join(draw.choices(PARTS, k=draw.randint(0, 6)))
        if draw.random() < 0.3:
            text = draw.choice(STARTS) + text
        cells.append(text * (CELL_LIMIT if number % 2000 == 1 else 1))
    return [cells[at : at + ACROSS] for at in range(0, CELLS, ACROSS)]


def workbook(rows: list[list[Value]]) -> bytes:
    columns = tuple(SheetColumn(f"列{number}") for number in range(ACROSS))
    sheet = Sheet(name="表", title="题", columns=columns, rows=rows, notes=("注",))
    return write_sheets([sheet], title="题", made_on=date(2026, 11, 21), lang="zh", empty="（无）")


def in_libreoffice(file: Path) -> list[list[str]]:
    """Return the cells of a file as LibreOffice shows them."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    folder = file.parent / "out"
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    asked = ["--headless", "--convert-to", CSV_OF_FIRST_SHEET, "--outdir", str(folder), str(file)]
    subprocess.run([program, profile, *asked], check=True, capture_output=True, timeout=300)
    (made,) = folder.iterdir()
    csv.field_size_limit(10_000_000)
    with made.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


@pytest.mark.full
def test_openpyxl_reads_texts_as_texts_and_numbers_as_numbers() -> None:
    rows = generated()
    page = openpyxl.load_workbook(BytesIO(workbook(rows))).worksheets[0]
    wrong = []
    for at, row in enumerate(rows, HEAD_ROW + 1):
        for column, value in enumerate(row, 1):
            cell = page.cell(at, column)
            wanted = clean_text(value) if isinstance(value, str) else value
            kind = "s" if isinstance(value, str) else "n"
            if (cell.value or "") != (wanted or "") or (wanted and cell.data_type != kind):
                wrong.append((value, cell.value, cell.data_type))
    assert wrong == []


@pytest.mark.full
def test_libreoffice_shows_every_text_and_computes_none(tmp_path: Path) -> None:
    rows, file = generated(), tmp_path / "cells.xlsx"
    file.write_bytes(workbook(rows))
    shown = in_libreoffice(file)[HEAD_ROW:]
    assert len(shown) == len(rows)
    wrong = [
        (value, seen)
        for row, cells in zip(rows, shown, strict=True)
        for value, seen in zip(row, cells, strict=True)
        if isinstance(value, str) and same(seen) != same(clean_text(value))
    ]
    assert wrong == []


@pytest.mark.full
def test_libreoffice_computes_nothing_of_a_csv_file(tmp_path: Path) -> None:
    texts = [[clean_text(v) if isinstance(v, str) else "" for v in row] for row in generated()]
    file = tmp_path / "cells.csv"
    file.write_bytes(csv_bytes(pd.DataFrame(texts)))
    shown = [cell for row in in_libreoffice(file)[1:] for cell in row]
    # What it would compute begins with an apostrophe, so that it is there still.
    risky = [text for row in texts for text in row if text.startswith(FORMULA_STARTS)]
    assert sum(cell.startswith("'") for cell in shown) >= len(risky)
    assert not any(cell in {"2", "Err:502", "#NAME?"} for cell in shown)


def same(text: str) -> str:
    """Return a text as a line of a CSV file has it: ends of lines are its own affair."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
