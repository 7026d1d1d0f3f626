"""Few workers leave no export, and no total betrays them."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest

from reports.document import document_bytes
from reports.layers import layers_bytes
from reports.levels import level_lines
from reports.replay import replay_bytes
from reports.report import Report
from reports.shown import hidden_points, town_lines
from reports.workbook import workbook_bytes
from siting.coverage.effective import LevelRow
from siting.coverage.levels import Level
from siting.effective import EffectiveEvaluation
from siting.results import CoverageResult, ShareRow

FEW = 7.0
"""Workers of the unit that nobody is to find."""


def with_few(report: Report) -> Report:
    """Return a report in which 黄村镇 has few workers, all at one covered point."""
    before = report.coverage
    town = report.inputs.demand["town"].to_numpy() == "黄村镇"
    number = before.point_workers.copy()
    number[town] = 0.0
    first = int(np.flatnonzero(town)[0])
    number[first] = FEW

    def changed(result: CoverageResult) -> CoverageResult:
        row = ShareRow("黄村镇", FEW, FEW)
        towns = tuple(row if r.name == row.name else r for r in result.towns)
        return replace(
            result,
            towns=towns,
            workers_total=sum(r.workers for r in towns),
            workers_covered=sum(r.covered for r in towns),
        )

    nearest = before.nearest_m.copy()
    nearest[first] = 321.5
    coverage = replace(
        changed(before),
        point_workers=number,
        point_covered=np.where(np.isnan(nearest), 0.0, number),
        nearest_m=nearest,
    )
    plan = report.plan
    after = None if plan is None or plan.after is None else changed(plan.after)
    return replace(
        report,
        effective=with_few_served(report.effective, town, first),
        coverage=coverage,
        plan=None if plan is None else replace(plan, after=after),
    )


def with_few_served(
    given: EffectiveEvaluation, town: np.ndarray, first: int
) -> EffectiveEvaluation:
    """Return an evaluation in which these few are served."""
    old = given.effective
    points = old.point_hours.copy()
    points[town] = 0.0
    points[first, Level.VERIFIED] = FEW
    levels = tuple(FEW if level == Level.VERIFIED else 0.0 for level in Level)
    row = LevelRow("黄村镇", levels)
    towns = tuple(row if r.name == row.name else r for r in old.towns)
    total = tuple(sum(r.by_level[level] for r in towns) for level in Level)
    effective = replace(old, towns=towns, total=LevelRow("", total), point_hours=points)
    return replace(given, effective=effective)


def records(path: Path, layer: str) -> dict[str, np.ndarray]:
    """Return the columns of a layer by name."""
    names = pyogrio.read_info(path, layer=layer)["fields"]
    return dict(zip(names, pyogrio.raw.read(path, layer=layer)[3], strict=True))


@pytest.fixture
def few(district: Callable[..., Report]) -> Report:
    return with_few(district())


def test_a_unit_with_few_workers_and_one_that_protects_it(few: Report) -> None:
    lines = {line.name: line for line in town_lines(few)}
    hidden = [line for line in lines.values() if isinstance(line.workers, str)]
    assert lines["黄村镇"].workers == lines["黄村镇"].covered == "<10"
    assert lines["黄村镇"].coverage == "—"
    others = [line for line in hidden if line.name != "黄村镇"]
    assert [line.workers for line in others] == ["—"]
    smallest = min((r for r in few.coverage.towns if r.workers >= 10), key=lambda r: r.workers)
    assert others[0].name == smallest.name


def test_every_export_keeps_the_same_cells_to_itself(few: Report, tmp_path: Path) -> None:
    document = docx.Document(BytesIO(document_bytes(few)))
    served, planned = (
        next(row for row in table.rows if row.cells[0].text == "黄村镇")
        for table in document.tables
        if any(row.cells[0].text == "黄村镇" for row in table.rows) and len(table.rows) > 20
    )
    assert [cell.text for cell in served.cells[1:]] == ["<10", "<10", "0", "0", "—", "—"]
    assert [cell.text for cell in planned.cells[1:]] == ["—", "<10", "—"]
    assert any("不足 10 人" in paragraph.text for paragraph in document.paragraphs)
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(few)))
    rows = [[cell.value for cell in row] for row in book["名义覆盖-镇街"].rows]
    (row,) = (row for row in rows if row[0] == "黄村镇")
    assert row[1:4] == ["<10", "<10", "—"]
    assert any("不足 10 人" in str(row[0]) for row in rows)
    replay = json.loads(replay_bytes(few))
    assert replay["smallest_shown"] == 10
    named = {town["town"]: town for town in replay["coverage"]["towns"]}
    assert named["黄村镇"] == {
        "town": "黄村镇",
        "workers": None,
        "covered": None,
        "coverage": None,
    }
    (tmp_path / "layers.gpkg").write_bytes(layers_bytes(few))
    demand = records(tmp_path / "layers.gpkg", "demand")
    assert np.nan_to_num(demand["workers"][demand["town"] == "黄村镇"]).sum() == 0.0
    assert FEW not in set(demand["workers"])
    assert FEW not in set(demand["covered_workers"])
    (served_town,) = (town for town in replay["effective"]["towns"] if town["town"] == "黄村镇")
    assert served_town["workers"] is served_town["verified"] is served_town["coverage"] is None
    assert book_row(book, "有效覆盖-镇街")[1:3] == ["<10", "<10"]


def book_row(book: openpyxl.Workbook, sheet: str) -> list[object]:
    """Return the row of 黄村镇 in a sheet."""
    rows = [[cell.value for cell in row] for row in book[sheet].rows]
    return next(row for row in rows if row[0] == "黄村镇")


def test_what_is_told_does_not_add_up_to_what_is_not(few: Report) -> None:
    lines = town_lines(few)
    for name, total in (
        ("workers", few.coverage.workers_total),
        ("covered", few.coverage.workers_covered),
    ):
        shown = [getattr(line, name) for line in lines]
        rest = total - sum(value for value in shown if not isinstance(value, str))
        assert sum(isinstance(value, str) for value in shown) >= 2
        assert rest >= 10 + FEW
    # Points of the unit that protects it would give its workers away.
    hidden = hidden_points(few)
    towns = few.inputs.demand["town"].to_numpy()
    closed = {
        line.name
        for line in lines
        if any(isinstance(f, str) for f in (line.workers, line.covered, line.covered_after))
    }
    inside = np.isin(towns, list(closed)) & (few.coverage.point_workers > 0)
    assert inside.sum() > 1
    assert hidden[inside].all()
    assert not hidden[~inside].any()


def test_somebody_may_say_that_all_is_told(few: Report) -> None:
    report = replace(few, smallest_shown=0)
    assert all(isinstance(line.workers, float) for line in town_lines(report))
    assert not hidden_points(report).any()
    texts = [p.text for p in docx.Document(BytesIO(document_bytes(report))).paragraphs]
    assert any("请勿外传" in text for text in texts)
    assert "请勿外传" in json.loads(replay_bytes(report))["small_cells"]


def test_few_workers_of_an_enterprise(district: Callable[..., Report], tmp_path: Path) -> None:
    report = district()
    enterprises = pd.concat([report.inputs.enterprises] * 2, ignore_index=True)
    enterprises["workers"] = pd.Series([1200, 6], dtype="Int64")
    inputs = replace(report.inputs, enterprises=enterprises)
    (tmp_path / "layers.gpkg").write_bytes(layers_bytes(replace(report, inputs=inputs)))
    found = records(tmp_path / "layers.gpkg", "enterprises")
    assert np.nan_to_num(found["workers"].astype(float), nan=-1).tolist() == [1200, -1]


def test_no_export_has_a_personal_column(district: Callable[..., Report], tmp_path: Path) -> None:
    report = district()
    stations = report.inputs.stations.assign(contact_name="赵钱孙", contact_phone="13812345678")
    report = replace(report, inputs=replace(report.inputs, stations=stations))
    path = tmp_path / "layers.gpkg"
    path.write_bytes(layers_bytes(report))
    assert "contact_phone" not in pyogrio.read_info(path, layer="stations")["fields"]
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(report)))
    cells = {str(cell.value) for sheet in book for row in sheet.rows for cell in row}
    assert not any("13812345678" in cell or "赵钱孙" in cell for cell in cells)
    assert b"13812345678" not in path.read_bytes() + replay_bytes(report)


def test_units_read_the_same_by_distance_as_by_effective_coverage(
    district: Callable[..., Report],
) -> None:
    report = district(smallest_shown=0)
    old = report.effective.effective
    # Everybody a hair short of a whole: each column must still sum to its rounded total.
    towns = tuple(
        replace(row, by_level=tuple(w + 0.3 if w else w for w in row.by_level)) for row in old.towns
    )
    total = replace(
        old.total, by_level=tuple(map(sum, zip(*(row.by_level for row in towns), strict=True)))
    )
    found = replace(old, towns=towns, total=total)
    nominal = replace(
        report.coverage,
        workers_total=total.workers,
        workers_covered=total.nominal,
        towns=tuple(ShareRow(row.name, row.workers, row.nominal) for row in towns),
    )
    report = replace(
        report, coverage=nominal, effective=replace(report.effective, effective=found), plan=None
    )
    by_distance = {line.name: (line.workers, line.covered) for line in town_lines(report)}
    served = {line.name: (line.workers, line.nominal) for line in level_lines(report, "town")}
    assert by_distance == served
    assert sum(float(workers) for workers, _ in by_distance.values()) == round(total.workers)
    assert sum(float(covered) for _, covered in by_distance.values()) == round(total.nominal)
