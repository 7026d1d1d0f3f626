"""Why each site, the curve and the years in the document and the annex."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import docx
import openpyxl

from reports import plan_beside
from reports.beside import Beside
from reports.document import document_bytes
from reports.report import Report
from reports.workbook import workbook_bytes
from reports.workbook_beside import beside_sheets
from siting.plans.curve import Curve, CurvePoint, Year
from siting.plans.pricing import Price
from siting.plans.why import Ground, Part, PlanWhy, Rival, SiteWhy
from siting.plans.wishes import NO_WISHES, Wishes
from siting.results import Status

STATUSES: tuple[Status, ...] = ("optimal", "time_limit", "infeasible")


def asked(report: Report) -> Beside:
    assert report.plan is not None
    first = report.plan.selected[0].id
    rival = Rival("x", "次选楼", -12.0, None)
    better = Rival("y", "更多楼", 30.2, None, (Ground("floor", "甲镇", "甲镇", "甲镇"),))
    towns = (Part("甲镇", 100.0),)
    site = SiteWhy(first, "一号", 1, 120.0, 100.0, 80.0, towns, (), (), rival, better)
    prices = (
        Price("station", NO_WISHES, 5.0, 5.0, 5.0),
        Price("wish", Wishes(forbid=(first,)), 40.0, 30.0, 50.0),
    )
    points = tuple(
        CurvePoint(new, None, new, 2000 * new, 100.0 * new, 100.0 * new + 9, 0.1 * new, status)
        for new, status in enumerate(STATUSES)
    )
    years = (Year(1, (first,), 300.0, 0.0), Year(2, (), 300.0, 7.0))
    return Beside(PlanWhy((site,), prices), Curve(points, 1), years)


def words_of(report: Report) -> str:
    document = docx.Document(BytesIO(document_bytes(report)))
    cells = [cell.text for table in document.tables for cell in table._cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])


def test_what_is_asked_for_is_printed_and_nothing_else(district: Callable[..., Report]) -> None:
    bare = district()
    report = replace(bare, beside=asked(bare))
    said = words_of(report)
    for expected in ("次选楼", "−12", "要保住甲镇的覆盖率下限", "还能多覆盖 31 人"):
        assert expected in said
    for expected in ("在 30 到 50 人之间", "1 座（拐点）", "最多可到 109 人", "分年建设"):
        assert expected in said
    dearest, _ = plan_beside.prices(report)
    assert dearest[1].startswith("“不选")
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(report)))
    sheets = {"选址方案-理由", "选址方案-条件代价", "选址方案-规模", "选址方案-分年"}
    assert sheets <= set(book.sheetnames)
    told = {cell for row in book["选址方案-理由"].values for cell in row}
    assert {120, 100, 80, -12, "次选楼"} <= told
    (line,) = plan_beside.why_lines(replace(report, lang="en"))
    assert "coverage of 甲镇 has to be kept" in line.decided
    assert not plan_beside.why_lines(bare)
    assert not plan_beside.curve_lines(bare)
    assert beside_sheets(bare) == []
