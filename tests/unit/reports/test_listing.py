"""Tables of the schema, re-opened and read back by the intake."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pyogrio
import pytest

from geo.intake import read_table
from reports.listing import tables_package, tables_workbook
from reports.report import Report

NOTES = ("已遮盖", "=HYPERLINK(1)")


def tables(report: Report) -> dict[str, pd.DataFrame]:
    stations = report.inputs.stations.copy()
    stations.loc[0, "name"] = "=SUM(A1)"
    stations.loc[1, "opened_on"] = "2025-12-31"
    targets = pd.DataFrame(
        {"unit": ["兴丰街道"], "year": [2026], "target": [8], "due": ["2026-10-31"]}
    )
    return {"stations": stations, "demand": report.inputs.demand, "targets": targets}


def workbook(report: Report) -> bytes:
    made_on = date(2026, 11, 22)
    return tables_workbook(tables(report), title="大兴区", notes=NOTES, made_on=made_on, lang="zh")


def test_a_sheet_for_each_table_in_words(district: Callable[..., Report]) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(district())))
    assert book.sheetnames == ["驿站", "职工需求点", "年度目标"]
    cells = [[cell.value for cell in row] for row in book["驿站"].rows]
    heads = next(row for row in cells if "编号" in row)
    row = dict(zip(heads, cells[cells.index(heads) + 1], strict=True))
    assert row["名称"] == "=SUM(A1)"
    assert (row["驿站类型"], row["服务项目"].split("、")[0]) == ("企业驿站", "饮水")
    assert any(each[0] == "已遮盖" for each in cells)
    target = [[cell.value for cell in row] for row in book["年度目标"].rows]
    assert any("2026" in each for each in target)
    assert workbook(district()) == workbook(district())


@pytest.mark.usefixtures("read_here")
def test_the_intake_reads_every_sheet_and_layer_back(
    district: Callable[..., Report], tmp_path: Path
) -> None:
    report = district()
    given = tables(report)
    (tmp_path / "all.xlsx").write_bytes(workbook(report))
    (tmp_path / "all.gpkg").write_bytes(tables_package(given, notes=NOTES, lang="zh"))
    for path, names in (
        (tmp_path / "all.xlsx", {"stations": "驿站", "demand": "职工需求点"}),
        (tmp_path / "all.gpkg", {"stations": "stations", "demand": "demand"}),
    ):
        for table, sheet in names.items():
            found = read_table(path, table, sheet=sheet, datum="wgs84")
            assert found.rejected == 0
            for column in ("id", "town"):
                assert found.frame[column].tolist() == given[table][column].tolist()
            for column in ("lon", "lat"):  # a spreadsheet keeps 16 digits
                assert found.frame[column].tolist() == pytest.approx(given[table][column], 1e-12)
        services = read_table(path, "stations", sheet=names["stations"], datum="wgs84").frame
        assert services["services"].tolist() == given["stations"]["services"].tolist()
        assert services["kind"].tolist() == given["stations"]["kind"].tolist()
    fields = pyogrio.read_info(tmp_path / "all.gpkg", layer="export")["fields"]
    assert list(fields) == ["note"]
    assert pyogrio.read_info(tmp_path / "all.gpkg", layer="targets")["geometry_type"] is None
