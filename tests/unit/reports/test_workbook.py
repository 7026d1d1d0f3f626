"""The annex, re-opened: its figures are those of the results."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from reports.report import Report
from reports.workbook import workbook_bytes

SHEETS = [
    *("概览", "有效覆盖", "有效覆盖-镇街", "有效覆盖-职工群体", "有效覆盖-时段"),
    *("盲区", "改进办法", "先核实"),
    *("名义覆盖-镇街", "驿站台账", "候选点评分", "选址方案", "选址方案-有效覆盖"),
    *("选址方案-备选单位", "未接入与不可达", "数据来源"),
]


def table(data: bytes, sheet: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the notes above a table and its rows by heading."""
    page = openpyxl.load_workbook(BytesIO(data))[sheet]
    head = int(page.freeze_panes[1:]) - 1
    notes = [page.cell(row, 1).value for row in range(2, head)]
    headings = [cell.value for cell in page[head]]
    rows = [
        dict(zip(headings, (cell.value for cell in row), strict=True))
        for row in page.iter_rows(min_row=head + 1)
    ]
    return notes, rows


def test_sheets_and_label_of_invented_data(district: Callable[..., Report]) -> None:
    data = workbook_bytes(district())
    assert openpyxl.load_workbook(BytesIO(data)).sheetnames == SHEETS
    for sheet in SHEETS:
        assert table(data, sheet)[0][0].startswith("合成示例数据")


def test_real_data_carry_no_label(district: Callable[..., Report]) -> None:
    report = district()
    real = replace(report, credits=tuple(replace(c, synthetic=False) for c in report.credits))
    data = workbook_bytes(real)
    assert not any("合成" in note for sheet in SHEETS for note in table(data, sheet)[0])


def test_units_are_those_of_the_result_and_sum_up(district: Callable[..., Report]) -> None:
    report = district()
    assert report.plan is not None
    assert report.plan.after is not None
    _, rows = table(workbook_bytes(report), "名义覆盖-镇街")
    *units, total = rows
    assert [(row["职工人数"], row["名义覆盖人数"], row["名义覆盖率"]) for row in units] == [
        (row.workers, row.covered, pytest.approx(row.coverage, rel=1e-12))
        for row in report.coverage.towns
    ]
    assert units[-1]["镇街、产业基地"] == "各镇街、产业基地之外"
    assert (
        total["职工人数"] == sum(row["职工人数"] for row in units) == report.coverage.workers_total
    )
    assert total["名义覆盖人数"] == sum(row["名义覆盖人数"] for row in units)
    after = [row["方案实施后名义覆盖人数"] for row in units]
    assert after == [row.covered for row in report.plan.after.towns]
    assert total["方案实施后名义覆盖人数"] == sum(after)


def test_plan_sheet_has_sites_costs_and_totals(district: Callable[..., Report]) -> None:
    report = district()
    notes, rows = table(workbook_bytes(report), "选址方案")
    *sites, total = rows
    assert [row["编号"] for row in sites] == ["c0", "c4", "c25", "c7", "c2"]
    assert [row["新增覆盖人数"] for row in sites] == [900, 750, 600, 450, 300]
    assert [row["费用为估算"] for row in sites] == ["否", "是", "否", "否", "否"]
    assert total["新增覆盖人数"] == 3000
    assert total["投入（元）"] == sum(row["投入（元）"] for row in sites) == 28_800
    assert any("0.6 个百分点" in note for note in notes)


def test_without_plan_the_sheet_says_so(district: Callable[..., Report]) -> None:
    notes, rows = table(workbook_bytes(district(plan=None)), "选址方案")
    assert "本次未编制选址方案。" in notes
    assert rows[0]["次序"] == "（无）"


def test_candidates_have_rule_and_figure(district: Callable[..., Report]) -> None:
    _, rows = table(workbook_bytes(district()), "候选点评分")
    assert len(rows) == 30
    first = rows[0]
    assert (first["选址规则"], first["依据数值"], first["单位"]) == ("企业聚集", 1200, "人")
    assert (first["替代指标"], first["入选方案"], first["得分"]) == ("是", "是", 90)
    assert rows[-1]["得分"] is None


def test_unreached_are_named(district: Callable[..., Report]) -> None:
    _, rows = table(workbook_bytes(district()), "未接入与不可达")
    assert [(row["编号"], row["职工人数"]) for row in rows] == [
        ("d1", 107),
        ("d3", 121),
        ("s2", None),
    ]
    assert rows[2]["名称"] == "旧宫镇第3驿站"


def test_candidates_off_the_streets_are_listed_with_why(district: Callable[..., Report]) -> None:
    report = district()
    scores = tuple(
        replace(score, unattached="island") if score.id == "c3" else score
        for score in report.scores
    )
    _, rows = table(workbook_bytes(replace(report, scores=scores)), "未接入与不可达")
    assert (rows[3]["类别"], rows[3]["编号"]) == ("未接入的候选点", "c3")
    assert rows[3]["说明"].startswith("只临近不连通的街道")
    _, overview = table(workbook_bytes(replace(report, scores=scores)), "概览")
    assert {row["项目"]: row["数值"] for row in overview}["未接入候选点（个）"] == 1


@pytest.mark.parametrize("sheet", [name for name in SHEETS[1:] if name != "未接入与不可达"])
def test_every_sheet_of_figures_states_the_method(
    district: Callable[..., Report], sheet: str
) -> None:
    report = district()
    straight = replace(report, coverage=replace(report.coverage, method="straight_line"))
    assert any("直线距离乘以 1.35" in note for note in table(workbook_bytes(straight), sheet)[0])


def test_over_windows_the_plan_sheet_says_average(district: Callable[..., Report]) -> None:
    report = district()
    averaged = replace(report, coverage=replace(report.coverage, measure="worker_hours"))
    notes, rows = table(workbook_bytes(averaged), "选址方案")
    assert rows[0]["新增覆盖人数（平均在岗）"] == 900
    assert "候选点适用规则" in rows[0]
    assert any("覆盖职工（平均在岗）由" in note for note in notes)
    notes, rows = table(workbook_bytes(report), "选址方案")
    assert "新增覆盖人数" in rows[0]
    assert not any("平均在岗" in note for note in notes)


def test_a_gap_in_the_overview_is_rounded_up(district: Callable[..., Report]) -> None:
    report = district()
    assert report.plan is not None
    near = replace(report.plan, bound_workers=report.plan.workers_covered_after + 0.5)
    _, rows = table(workbook_bytes(replace(report, plan=near)), "概览")
    assert {row["项目"]: row["数值"] for row in rows}["与理论上限的相对差距"] == 0.001


def test_every_credit_is_printed(district: Callable[..., Report]) -> None:
    report = district()
    _, rows = table(workbook_bytes(report), "数据来源")
    assert [row["许可"] or "" for row in rows] == [credit.licence for credit in report.credits]
    assert rows[3]["来源"] == "来源未注明"
    assert rows[0]["内容校验值（SHA-256）"] == "ab" * 32


def test_hostile_station_name_stays_text(district: Callable[..., Report]) -> None:
    report = district()
    stations = report.inputs.stations.copy()
    stations.loc[0, "name"] = "=cmd|'/c calc'!A0\x00"
    hostile = replace(report, inputs=replace(report.inputs, stations=stations))
    page = openpyxl.load_workbook(BytesIO(workbook_bytes(hostile)))["驿站台账"]
    cell = page.cell(int(page.freeze_panes[1:]), 3)
    assert (cell.data_type, cell.value) == ("s", "=cmd|'/c calc'!A0")


def test_english_annex(district: Callable[..., Report]) -> None:
    data = workbook_bytes(district(lang="en"))
    _, rows = table(data, "Plan")
    assert [row["Workers gained"] for row in rows] == [900, 750, 600, 450, 300, 3000]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_same_report_same_bytes(district: Callable[..., Report], lang: str) -> None:
    assert workbook_bytes(district(lang=lang)) == workbook_bytes(district(lang=lang))
