"""The Word report, re-opened: page, styles, and every figure equal to the results."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.document import document_bytes
from reports.outline import NAMES_PRINTED
from reports.report import Report
from words import count, percent, say


def opened(report: Report) -> Any:  # noqa: ANN401 - python-docx has no types
    return docx.Document(BytesIO(document_bytes(report)))


@pytest.fixture(autouse=True)
def without_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the map, which test_static_map looks at: it is a third of the work."""
    monkeypatch.setattr("reports.document.scene_of", lambda _: None)


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return {}


@pytest.fixture
def plain(district: Callable[..., Report], made: dict[str, Any]) -> Callable[..., Any]:
    """Return what opens the document of the report as it comes: one for all who only read it."""

    def read(lang: str = "zh") -> Any:  # noqa: ANN401 - python-docx has no types
        if lang not in made:
            made[lang] = opened(district(lang=lang))
        return made[lang]

    return read


def all_text(document: Any) -> str:  # noqa: ANN401 - python-docx has no types
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def table(document: Any, heading: str) -> list[list[str]]:  # noqa: ANN401 - python-docx has no types
    """Return the rows of the table whose first heading is `heading`."""
    for found in document.tables:
        rows = [[cell.text for cell in row.cells] for row in found.rows]
        if rows[0][0] == heading:
            return rows
    raise AssertionError(heading)


def test_page_is_that_of_the_standard(plain: Callable[..., Any]) -> None:
    section = plain().sections[0]
    page = (section.page_width, section.page_height)
    margins = (
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    for found, wanted in zip((*page, *margins), (210, 297, 37, 35, 28, 26), strict=True):
        assert abs(found - Mm(wanted)) < Mm(0.1)


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Level 1", "黑体", 16),
        ("Level 2", "楷体_GB2312", 16),
        ("Body", "仿宋_GB2312", 16),
    ],
)
def test_fonts_are_named_for_chinese(
    plain: Callable[..., Any], style: str, font: str, size: float
) -> None:
    found = plain().styles[style]
    fonts = found.element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == font
    assert fonts.get(qn("w:eastAsiaTheme")) is None
    assert found.font.size == Pt(size)
    if style != "Title":
        assert found.paragraph_format.line_spacing == Pt(28)


def test_headings_are_numbered_and_stay_with_their_text(plain: Callable[..., Any]) -> None:
    document = plain()
    headings = [p for p in document.paragraphs if p.style.name in ("Level 1", "Level 2")]
    assert [p.text for p in headings][:4] == [
        "一、总体结论",
        "二、建站进度",
        "三、有效覆盖现状",
        "（一）各镇街、产业基地有效覆盖",
    ]
    assert all(p.style.paragraph_format.keep_with_next for p in headings)


def test_table_heads_repeat_and_rows_do_not_break(plain: Callable[..., Any]) -> None:
    for found in plain().tables:
        assert found.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in found.rows)


def test_signatures_never_stand_alone(district: Callable[..., Report]) -> None:
    document = opened(district(compiled_by="甲"))
    signed = next(p for p in document.paragraphs if p.text.startswith("填报人：甲"))
    assert signed.style.paragraph_format.keep_with_next
    last_row = document.tables[-1].rows[-1]
    assert last_row.cells[0].paragraphs[0].paragraph_format.keep_with_next


def test_columns_fill_the_text_width(plain: Callable[..., Any]) -> None:
    for lang in ("zh", "en"):
        for found in plain(lang).tables:
            assert abs(sum(column.width for column in found.columns) - Mm(156)) < Mm(0.5)


def test_page_numbers_stand_between_dashes(plain: Callable[..., Any]) -> None:
    section = plain().sections[0]
    for footer in (section.footer, section.even_page_footer):
        fields = list(footer.paragraphs[0]._p.iter(qn("w:instrText")))
        assert [field.text for field in fields] == ["PAGE"]
        assert footer.paragraphs[0].text == "—  —"


@pytest.mark.parametrize(("lang", "heading"), [("zh", "镇街、产业基地"), ("en", "Unit")])
def test_units_are_those_of_the_result(
    district: Callable[..., Report], plain: Callable[..., Any], lang: str, heading: str
) -> None:
    report = district(lang=lang)
    rows = table(plain(report.lang), heading)
    result = report.effective.effective
    assert [row[1:] for row in rows[1:-1]] == [
        [
            *(count(w, report.lang) for w in (row.workers, row.verified, row.unverified)),
            count(row.uncovered, report.lang),
            percent(row.coverage),
            percent(row.nominal_coverage),
        ]
        for row in result.towns
    ]
    assert rows[-1][1:] == ["23,322", "4,438", "2,366", "16,518", "19.0%", "50.7%"]


@pytest.mark.parametrize(
    ("lang", "heading", "mark"), [("zh", "次序", "（估）"), ("en", "No.", "(ass")]
)
def test_plan_table_has_gains_costs_and_totals(
    plain: Callable[..., Any], lang: str, heading: str, mark: str
) -> None:
    rows = table(plain(lang), heading)
    assert [row[4] for row in rows[1:]] == ["900", "750", "600", "450", "300", "3,000"]
    assert [row[5].split(" (")[0].split("（")[0] for row in rows[1:]] == [
        *("5,000", "5,400", "7,500", "5,700", "5,200", "28,800")
    ]
    assert mark in rows[2][5]


def test_added_candidate_is_in_the_table(plain: Callable[..., Any]) -> None:
    rows = table(plain(), "排名")
    assert rows[-1][1] == "环卫工人候选点30"
    assert len(rows) == 1 + 22


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_credit_is_printed(
    district: Callable[..., Report], plain: Callable[..., Any], lang: str
) -> None:
    report = district(lang=lang)
    printed = all_text(plain(report.lang))
    for credit in report.credits:
        assert credit.source in printed
        assert credit.licence in printed
        assert credit.date in printed
    assert report.say("no_source") in printed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_method_hash_and_label_are_printed(
    district: Callable[..., Report], plain: Callable[..., Any], lang: str
) -> None:
    report = district(lang=lang)
    printed = all_text(plain(report.lang))
    for text in (report.scenario_hash, report.say("internal"), report.say("synthetic")):
        assert text in printed


def test_straight_line_is_said_on_the_first_page(district: Callable[..., Report]) -> None:
    report = district()
    straight = replace(report, coverage=replace(report.coverage, method="straight_line"))
    texts = [p.text for p in opened(straight).paragraphs]
    assert any("直线距离乘以 1.35" in text for text in texts[: texts.index("二、建站进度")])


def test_names_are_listed_up_to_a_number_and_the_rest_counted(
    district: Callable[..., Report],
) -> None:
    report = district()
    many = tuple(f"s{number}x" for number in range(NAMES_PRINTED + 5))
    crowded = replace(report, coverage=replace(report.coverage, unreachable_stations=many))
    printed = all_text(opened(crowded))
    assert f"s{NAMES_PRINTED - 1}x等 25 处，名单见附表" in printed
    assert f"s{NAMES_PRINTED}x" not in printed


def test_unreached_are_said(district: Callable[..., Report], plain: Callable[..., Any]) -> None:
    report = district()
    printed = all_text(plain())
    assert "有 2 个需求点（职工 228 人）" in printed
    assert "未能接入的需求点共 2 个" in printed
    assert "未能接入的驿站：旧宫镇第3驿站。" in printed
    reached = replace(report.coverage, unreachable_stations=(), unsnapped_demand=())
    assert printed.count(report.say("all_reached")) == 0
    assert all_text(opened(replace(report, coverage=reached))).count(report.say("all_reached")) == 1


def test_hostile_names_are_text(district: Callable[..., Report]) -> None:
    report = district()
    candidates = report.inputs.candidates.copy()
    candidates.loc[0, "name"] = "<w:p>{title}\x00𠮷"
    hostile = replace(report, inputs=replace(report.inputs, candidates=candidates))
    assert table(opened(hostile), "次序")[1][1] == "<w:p>{title}𠮷"


def test_without_plan_and_scores(district: Callable[..., Report]) -> None:
    document = opened(district(plan=None, scores=()))
    assert [p.text for p in document.paragraphs].count("本次未编制选址方案。") == 1
    assert len(table(document, "排名")) == 1 + 21


def test_chinese_text_has_no_half_width_punctuation(plain: Callable[..., Any]) -> None:
    for paragraph in plain().paragraphs:
        text = paragraph.text
        for mark in ",;:?!()":
            position = text.find(mark)
            between_digits = 0 < position < len(text) - 1 and text[position + 1].isdigit()
            assert position < 0 or between_digits, text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_same_report_same_bytes(district: Callable[..., Report], lang: str) -> None:
    assert document_bytes(district(lang=lang)) == document_bytes(district(lang=lang))


def off_the_streets(report: Report) -> Report:
    """Return a report whose plan left out two candidates that streets do not reach."""
    assert report.plan is not None
    return replace(
        report,
        plan=replace(report.plan, unattached_candidates={"c9": "too_far", "c11": "island"}),
    )


def test_candidates_off_the_streets_are_named(
    district: Callable[..., Report], plain: Callable[..., Any]
) -> None:
    printed = all_text(opened(off_the_streets(district())))
    assert "有 2 个候选点未接入可步行街道，没有参与比选" in printed
    assert "环卫工人候选点10（离街道太远）" in printed
    assert "（只临近不连通的街道）。" in printed
    assert "未接入的候选点" not in all_text(plain())


def test_over_windows_workers_are_an_average(
    district: Callable[..., Report], plain: Callable[..., Any]
) -> None:
    report = district()
    averaged = replace(report, coverage=replace(report.coverage, measure="worker_hours"))
    document = opened(averaged)
    printed = all_text(document)
    assert "职工（平均在岗）23,322 人" in printed
    assert "覆盖职工（平均在岗）由 11,830 人增加到" in printed
    assert "新增覆盖人数（平均在岗）" in table(document, "次序")[0]
    assert "平均在岗" not in all_text(plain())


def test_a_plan_without_rules_says_so_beside_the_rules_of_the_scores(
    district: Callable[..., Report],
) -> None:
    report = district()
    assert report.plan is not None
    scores = tuple(replace(score, rules="daxing", rules_version=1) for score in report.scores)
    asked = {"new": 5, "rules": None, "rules_version": None, "tolerance": 0.005}
    plan = replace(report.plan, rules=None, parameters=asked)
    parameters = table_with(replace(report, scores=scores, plan=plan), "方案采用的选址规则")
    assert parameters["方案采用的选址规则"] == "方案只比选覆盖，没有采用选址规则"
    assert parameters["候选点评分所用规则"] == "规则文件 daxing（第 1 版）"
    assert "容许差距" not in parameters
    weighed = replace(
        plan, rules="daxing", parameters={**asked, "rules": "daxing", "rules_version": 1}
    )
    parameters = table_with(replace(report, scores=scores, plan=weighed), "方案采用的选址规则")
    assert parameters["方案采用的选址规则"] == "规则文件 daxing（第 1 版）"
    assert "候选点适用规则" in table(opened(report), "次序")[0]


def table_with(report: Report, key: str) -> dict[str, str]:
    """Return the two-column table that has a row `key`."""
    for found in opened(report).tables:
        rows = [[cell.text for cell in row.cells] for row in found.rows]
        if any(row[0] == key for row in rows):
            return {row[0]: row[1] for row in rows}
    raise AssertionError(key)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_infeasible_plan_leaves_todays_coverage_and_says_why(
    district: Callable[..., Report], lang: str
) -> None:
    report = district(lang=lang)
    assert report.plan is not None
    covered = report.coverage.workers_covered
    plan = replace(
        report.plan,
        selected=(),
        status="infeasible",
        workers_covered_after=covered,
        bound_workers=covered,
        after=None,
        remark_zh="经费 1 元不够。",
        remark_en="1 yuan is too small.",
    )
    document = opened(replace(report, plan=plan))
    printed = all_text(document)
    assert report.say("plan_empty.infeasible") in printed
    assert (plan.remark_zh if lang == "zh" else plan.remark_en) in printed
    assert "11,830" in printed
    assert report.say("columns.after") not in printed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_assumed_costs_are_told_once(district: Callable[..., Report], lang: str) -> None:
    report = district(lang=lang)
    assert report.plan is not None
    told = {
        language: say("siting.plan.assumed", language, count=1, names="A")
        for language in ("zh", "en")
    }
    plan = replace(report.plan, remark_zh=told["zh"], remark_en=told["en"])
    assumed = report.say("plan_cost_assumed", cost="@", assumed="1").partition("@")[2]
    assert assumed in all_text(opened(report))
    printed = all_text(opened(replace(report, plan=plan)))
    assert assumed not in printed
    assert printed.count(told[report.lang]) == 1


def test_a_plan_without_any_spare_says_so_in_one_sentence(
    district: Callable[..., Report],
) -> None:
    printed = all_text(opened(district(spares={})))
    assert printed.count(district().say("no_spare_anywhere")) == 1
    assert district().say("spares_meant") not in printed
