"""A year's work in a report: what is known is told, what is not is called unknown, never 0."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from reports import norms, year
from reports.blocks import Paragraph, Table
from reports.document import document_blocks, first_blocks
from reports.report import Report
from reports.workbook import workbook_bytes
from siting.coverage.levels import Terms
from siting.haves_audit import StationHaves
from siting.judging import judge
from siting.progress import (
    Hazards,
    KeyPlace,
    KeyPlaces,
    LastReport,
    Money,
    OpenHazard,
    Part,
    Progress,
    Tasks,
    YearWork,
)

WORK = YearWork(
    until=date(2026, 11, 20),
    registered=True,
    units=(
        Progress("黄村镇", 3, date(2026, 10, 31), built=1, overdue=2, open_now=5, undated=1),
        Progress("的士职工之家", None, None, built=0, overdue=0, open_now=0, undated=0),
    ),
    kinds=(Part("mobile", 1, 5),),
    areas=(Part("central_urban", 0, 3), Part("", 1, 2)),
    sectors=(Part("东片", 1, 5),),
    months=(0, 1, *[1] * 9),
    money=Money(2000, 12000, told=4, blank=1, undated_yuan=0),
    key_places=KeyPlaces(9, (KeyPlace("e1", "=富思特", "安定镇", "enterprise", 1200.0),)),
    haves=(
        StationHaves("s0", "fails", ("sign",), ("rules",)),
        StationHaves("s1", "passes", (), ()),
        StationHaves("s2", "free", (), ()),
    ),
    hazards=Hazards(
        4, 3, (OpenHazard("s1", "灭火器过期", date(2026, 11, 1), supervised=True, overdue=True),)
    ),
    tasks=Tasks(open=2, overdue=1, done=7),
    last=LastReport(date(2026, 6, 30), {"effective": 0.15, "stations": 9.0}, {"stations": 3}),
)
Make = Callable[..., Report]


@pytest.fixture(autouse=True)
def without_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.document.scene_of", lambda _: None)


def texts(report: Report) -> str:
    said = []
    for block in document_blocks(report):
        if isinstance(block, Paragraph):
            said.append(block.text)
        elif isinstance(block, Table):
            said += [cell for row in block.rows for cell in row if isinstance(cell, str)]
    return "\n".join(said)


def test_the_first_page_tells_the_year(district: Make) -> None:
    report = district(work=WORK, compiled_by="甲", reviewed_by="乙")
    assert year.year_sentence(report) == (
        "2026 年以来新建驿站 1 处，完成年度目标 3 处的 33.3%。"
        "现有开放驿站 5 处，累计投入 12,000 元。"
    )
    assert dict(year.work_pairs(report)) == {
        "2026 年新建 / 年度目标": "1 处 / 3 处",
        "开放驿站（累计）": "5 处",
        "今年投入 / 累计投入": "2,000 元 / 12,000 元",
        "七有达标": "1/2 处（50.0%）",
        "未覆盖的重点场所": "1 处（共 9 处）",
        "隐患整改（处）": "未改 1（超期 1） / 已改 3",
        "交办事项（件）": "未办 2（超期 1） / 已办 7",
    }
    signed = year.basis_sentences(report)[1]
    for told in ("2026年11月20日", "填报人：甲", "审核人：乙", "报送：北京市总工会"):
        assert told in signed
    assert "报送" not in year.basis_sentences(district(work=WORK, sent_to=""))[1]


def test_what_nobody_told_is_unknown_and_never_0(district: Make) -> None:
    for pairs in (year.work_pairs(district()), year.work_pairs(district(lang="en"))):
        assert {figure for _, figure in pairs} in ({"不详"}, {"not known"})
    alone = replace(WORK, registered=False, haves=None, hazards=None, tasks=None, last=None)
    blank = replace(
        alone,
        units=(Progress("黄村镇", None, None, built=0, overdue=0, open_now=5, undated=5),),
        money=Money(None, None, told=0, blank=5, undated_yuan=0),
        key_places=None,
    )
    told = dict(year.work_pairs(district(work=blank)))
    assert told.pop("开放驿站（累计）") == "5 处"
    assert set(told.values()) == {"不详", "不详 / 不详"}
    assert "新建数不详" in year.year_sentence(district(work=blank))
    assert year.unit_cells(district(), blank.units[0])[1:4] == ["—", "不详", "—"]
    tables = [b for b in first_blocks(district(work=blank)) if isinstance(b, Table)]
    assert list(tables[1].totals or ()) == ["合计", "—", "不详", "—", "5", "5"]


def test_nobody_has_looked_is_not_a_share_of_0(district: Make) -> None:
    unlooked = replace(
        WORK,
        haves=(StationHaves("s0", "unverified", (), ("sign",)),),
        hazards=Hazards(0, 0, ()),
    )
    told = dict(year.work_pairs(district(work=unlooked)))
    assert told["七有达标"] == "还没有检查"
    assert told["隐患整改（处）"] == "没有检查记录"


def test_units_parts_places_checks_and_the_last_report_are_listed(district: Make) -> None:
    said = texts(district(work=WORK))
    for told in (
        "的士职工之家",
        "东片",
        "不在划定的区域",
        "=富思特",
        "有标识",
        "灭火器过期",
        "督办",
    ):
        assert told in said
    lines = year.moved_lines(district(work=WORK))
    assert [(line.name, line.then) for line in lines] == [
        ("有效覆盖率", "15.0%"),
        ("开放驿站（处）", "9"),
    ]
    assert lines[0].change == "+4.0 个百分点"
    assert lines[1].now == "5"  # as the register counts them on the first page
    assert lines[1].change == "-4"
    assert year.changed_sentence(district(work=WORK)) == (
        "上次报告：2026年6月30日。此后台账有变动：驿站 3 条。"
    )


def test_eight_groups_are_hidden_where_one_of_them_is(district: Make) -> None:
    assert year.eight_text(district()) == "1,110（19.0%）"  # food riders alone are of the eight
    assert year.eight_text(district(smallest_shown=100_000.0)) == "—"


def test_the_annex_has_the_year_with_charts_and_the_haves_item_by_item(district: Make) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(district(work=WORK))))
    charted = [sheet.title for sheet in book if sheet._charts]
    assert charted == ["建站进度", "建站进度-按月"]
    rows = [list(row) for row in book["驿站台账"].values]
    head = next(place for place, row in enumerate(rows) if row[0] == "序号")
    sign, rules = (rows[head].index(name) for name in ("有标识", "有制度"))
    assert (rows[head + 1][sign], rows[head + 1][rules]) == ("×", "未查")
    assert [rows[head + place][-1] for place in (1, 2, 3)] == ["不达标", "达标", "不作要求"]
    assert {"重点场所", "隐患整改", "与上次报告比较", "建站进度-分类"} <= set(book.sheetnames)


def test_standards_are_told_for_the_district_and_for_every_unit(district: Make) -> None:
    report = district()
    judged = judge(report.inputs, report.parameters, ("radius_1km", "walk_15min"), Terms())
    made = replace(report, standards=judged)
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(made)))
    assert {"标准判定", "标准判定-镇街"} <= set(book.sheetnames)
    said = texts(made)
    for item in judged.judged:
        assert item.standard.zh in said
    assert "达标的标准" not in said  # the plan has its place on the first page
    assert ("达标的标准", "0 项（共 2 项）") in year.coverage_pairs(replace(made, plan=None))
    # 1 of the 23 rows is demand outside all units, which passes and fails nothing.
    assert [line.units for line in norms.norm_lines(made)] == ["0 / 22", "0 / 22"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_page_begins_with_what_was_done(district: Make, lang: str) -> None:
    blocks = first_blocks(district(work=WORK, lang=lang))
    tables = [block for block in blocks if isinstance(block, Table)]
    assert len(tables[0].rows) == 7
    assert all(len(row) == 4 for row in tables[0].rows)
