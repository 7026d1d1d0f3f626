"""Effective coverage in the exports: one headline, tables, the waterfall, gap areas, questions."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pyogrio
import pytest
from docx.oxml.ns import qn
from PIL import Image

from reports import served
from reports.bars import bar_png
from reports.bundle import map_bytes
from reports.document import document_bytes
from reports.layers import layers_bytes
from reports.levels import level_lines, point_hours
from reports.replay import replay_bytes
from reports.report import Report
from reports.workbook import workbook_bytes
from siting.coverage.effective import LevelRow
from siting.coverage.levels import Level, Terms
from siting.effective import EffectiveEvaluation
from siting.plans.after_plan import PlanEffect
from siting.weather import HourWeight, Weather
from tests.unit.reports.conftest import with_areas
from words import say

SOLVER_TERMS = (
    *("最优", "上限", "求解", "MCLP", "中位", "帕累托", "差距", "随机"),
    *("optimal", "bound", "best possible", "solver", "gap to", "seed"),
)


def opened(report: Report) -> Any:  # noqa: ANN401 - python-docx has no types
    return docx.Document(BytesIO(document_bytes(report)))


def first_page(report: Report) -> str:
    """Return what stands before the second section, in paragraphs and the one table."""
    document = opened(report)
    texts = [p.text for p in document.paragraphs]
    start = report.say("level1", numeral=report.say("numerals").split()[1], text="").rstrip()
    end = next(number for number, text in enumerate(texts) if text.startswith(start))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    return "\n".join([*texts[:end], *cells])


def with_terms(report: Report, terms: Terms) -> Report:
    found = replace(report.effective.effective, terms=terms)
    return replace(report, effective=replace(report.effective, effective=found))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_one_has_one_headline_and_no_word_of_a_solver(
    district: Callable[..., Report], lang: str
) -> None:
    page = first_page(district(lang=lang))
    # 4,438 of 23,322 workers are verified, 2,366 unverified; 11,830 are within the cut-off.
    for figure in ("19.0%", "4,438", "10.1%", "2,366", "50.7%", "16,518"):
        assert figure in page
    assert page.count("有效覆盖率 19.0%" if lang == "zh" else "overage 19.0%") == 1
    assert not any(word in page for word in SOLVER_TERMS)


def test_the_bound_is_told_where_the_plan_is(district: Callable[..., Report]) -> None:
    texts = [p.text for p in opened(district()).paragraphs]
    told = next(number for number, text in enumerate(texts) if "距理论最优" in text)
    assert told > texts.index("五、选址方案")


def test_terms_are_told_as_they_were_set(district: Callable[..., Report]) -> None:
    report = district()
    assert served.terms_sentence(report) == (
        "口径：服务半径 1,000 米（沿街道）；2026年11月16日起一周（平常）的开放时间，"
        "时段内至少开放 50% 才算开放。"
    )
    hot = Weather(0.8, (HourWeight(time(11), time(16), 2.0),))
    other = with_terms(report, Terms(date(2026, 7, 27), 0.75, True, hot))  # noqa: FBT003 -- defaults
    said = served.terms_sentence(other)
    for words in ("2026年7月27日起一周的", "75%", "通常做法", "80%", "11:00 至 16:00", "2 倍"):
        assert words in said
    rows = dict(served.term_rows(other))
    assert rows["开放对象空白时按类型默认"] == "是"
    assert rows["天气：步行距离按服务半径的"] == "80%"
    texts = "\n".join(
        cell.text for t in opened(other).tables for row in t.rows for cell in row.cells
    )
    assert "走得到（本季）" in texts
    # Heat weighs hours, and nominal coverage does not: beside each other, they say so.
    assert "名义覆盖（不计天气）" in texts
    assert "名义覆盖（不计天气）" not in first_page(report)


def test_nobody_has_no_share(district: Callable[..., Report]) -> None:
    report = district()
    nobody = LevelRow("", (0.0,) * len(Level))
    found = replace(report.effective.effective, total=nobody, towns=(), groups=(), windows=())
    empty = replace(report, effective=with_areas(replace(report.effective, effective=found), ()))
    assert served.headline_sentences(empty) == (report.say("served.nobody"),)
    assert opened(empty).tables


def test_steps_lead_from_all_to_the_verified_without_a_gap(
    district: Callable[..., Report],
) -> None:
    report = district()
    total = report.effective.effective.total
    # Three levels that each round the other way than their sum.
    odd = replace(total, by_level=tuple(w + 0.49 for w in total.by_level))
    found = replace(report.effective.effective, total=odd)
    steps = served.steps(replace(report, effective=replace(report.effective, effective=found)))
    left = steps[0].workers
    for step in steps[1:]:
        if step.taken:
            left -= step.workers
            assert step.start == left
        else:
            assert step.workers == left
    assert left == round(odd.verified)


def test_every_step_has_a_bar_that_says_what_it_shows(district: Callable[..., Report]) -> None:
    report = district()
    waterfall = next(t for t in opened(report).tables if t.rows[0].cells[0].text == "环节")
    alts = [p.get("descr") for p in waterfall._tbl.iter(qn("wp:docPr"))]
    assert alts == [f"{s.name}：{s.workers:,} 人" for s in served.steps(report)]


@pytest.mark.parametrize(
    ("start", "length", "pixels"), [(0, 1, 720), (0.25, 0.5, 360), (1, 1e-9, 2)]
)
def test_a_bar_is_as_long_as_what_it_shows(start: float, length: float, pixels: int) -> None:
    with Image.open(BytesIO(bar_png(start, length, taken=False))) as picture:
        row = np.asarray(picture.convert("RGB"))[24]
    assert (row.max(axis=1) < 200).sum() == pixels
    assert bar_png(start, 0.0, taken=True) == bar_png(0.3, 0.0, taken=False)


def test_areas_are_named_with_their_mends_and_assumptions(
    district: Callable[..., Report],
) -> None:
    report = district()
    areas = next(t for t in opened(report).tables if t.rows[0].cells[0].text == "序号")
    first, second = ([cell.text for cell in row.cells] for row in areas.rows[1:])
    assert first[:5] == [
        "1",
        "兴华大街中段",
        "430",
        "工作日午间、网约送餐员约 215 人",
        "服务半径内没有驿站",
    ]
    assert first[5].split("\n") == [
        "延长“瀛海镇第5驿站”的开放时间（工作日夜间），多覆盖 120 人，约 3,000 元（估）",
        "在“龙湖天街候选点8”新建驿站，多覆盖 310 人，约 5,700 元；另有 80 人从待核实变为有效覆盖",
    ]
    assert second[1] == "=1+1中段"
    assert second[5] == report.say("no_way")


def test_the_annex_keeps_a_hostile_place_as_text_and_figures_as_numbers(
    district: Callable[..., Report],
) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(district())))
    page = book["盲区"]
    head = int(page.freeze_panes[1:])
    cell = page.cell(head + 1, 2)
    assert (cell.data_type, cell.value) == ("s", "=1+1中段")
    assert (page.cell(head, 4).data_type, page.cell(head, 4).value) == ("n", 430)
    mends = book["改进办法"]
    head = int(mends.freeze_panes[1:])
    row = [mends.cell(head, column).value for column in range(7, 12)]
    assert row == [120, 0, 3000, "是", 25]
    assert mends.cell(head + 1, 8).value == 80
    assert mends.print_title_rows == f"${head - 1}:${head - 1}"


def test_questions_say_whom_to_ask_what(district: Callable[..., Report]) -> None:
    report = district()
    lines = served.question_lines(report)
    assert [(line.id, line.town, line.blanks) for line in lines] == [
        ("s2", "旧宫镇", "开放时间、服务项目"),
        ("s5", "青云店镇", "开放对象"),
    ]
    assert [line.workers for line in lines] == [640.0, "<10"]
    texts = [cell.text for t in opened(report).tables for row in t.rows for cell in row.cells]
    assert "旧宫镇第3驿站" in texts


def test_few_workers_at_one_level_hide_the_parts_of_two_rows(
    district: Callable[..., Report],
) -> None:
    report = district()
    old = report.effective.effective
    levels = list(old.towns[0].by_level)
    levels[Level.OUT_OF_REACH] += levels[Level.UNVERIFIED] - 3.0
    levels[Level.UNVERIFIED] = 3.0
    towns = (replace(old.towns[0], by_level=tuple(levels)), *old.towns[1:])
    found = replace(old, towns=towns)
    lines = level_lines(
        replace(report, effective=replace(report.effective, effective=found)), "town"
    )
    assert lines[0].unverified == "<10"
    assert lines[0].verified == lines[0].uncovered == lines[0].coverage == "—"
    assert isinstance(lines[0].workers, float)
    hidden = [line for line in lines if isinstance(line.unverified, str)]
    assert len(hidden) >= 2


def test_the_geopackage_has_levels_and_areas(
    district: Callable[..., Report], tmp_path: Path
) -> None:
    report = district()
    path = tmp_path / "layers.gpkg"
    path.write_bytes(layers_bytes(report))

    def column(layer: str, name: str) -> list[Any]:
        names = list(pyogrio.read_info(path, layer=layer)["fields"])
        return list(pyogrio.raw.read(path, layer=layer)[3][names.index(name)])

    points = report.effective.effective.point_hours
    told = point_hours(report)
    shown = ~np.isnan(told[:, 0])
    assert shown.sum() > 30
    for level in Level:
        hours = np.array(column("demand", f"worker_hours_{level.name.lower()}"), dtype=float)
        np.testing.assert_array_equal(hours[shown], points[shown, level])
        assert np.isnan(hours[~shown]).all()
    assert column("demand", "level")[:3] == ["verified", "out_of_reach", "verified"]
    assert column("gap_areas", "place") == ["兴华大街中段", "=1+1中段"]
    assert column("gap_areas", "uncovered") == [430.0, 60.0]
    assert list(zip(column("gap_points", "area_no"), column("gap_points", "id"), strict=True)) == [
        (1, "d1"),
        (1, "d3"),
        (2, "d5"),
    ]
    assert column("credits", "terms") == [served.terms_sentence(report)] * len(report.credits)


def test_the_replay_file_hides_few_workers(district: Callable[..., Report]) -> None:
    report = district()
    told = json.loads(replay_bytes(report))["effective"]
    assert [question["workers"] for question in told["questions"]] == [640, None]
    assert told["gaps"][0]["causes"]["closed"] == 20
    all_told = json.loads(replay_bytes(replace(report, smallest_shown=0)))["effective"]
    assert [question["workers"] for question in all_told["questions"]] == [640, 6]
    assert json.loads(replay_bytes(report))["effective"] == told  # nothing was hidden in the result


def test_the_map_that_stands_alone_draws_the_gap_of_effective_coverage(
    district: Callable[..., Report],
) -> None:
    page = map_bytes(district()).decode()
    assert "有效覆盖盲区" in page
    assert "待核实" in page


def with_effect(report: Report) -> Report:
    """Return the report with a plan that serves 300 more, of whom 100 were unverified."""
    before = report.effective.effective.total
    moved = list(before.by_level)
    moved[Level.OUT_OF_REACH] -= 200.4
    moved[Level.UNVERIFIED] -= 100.0
    moved[Level.VERIFIED] += 300.4
    effect = PlanEffect(before, LevelRow("", tuple(moved)), Terms(), {"c4": ("hours", "access")})
    assert report.plan is not None
    return replace(report, plan=replace(report.plan, effective=effect))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plan_says_what_it_is_of_use_and_what_of_it_is_assumed(
    district: Callable[..., Report], lang: str
) -> None:
    report = with_effect(district(lang=lang))
    document = opened(report)
    change = report.say("columns.change")
    table = next(t for t in document.tables if t.rows[0].cells[-1].text == change)
    told = [[cell.text for cell in row.cells] for row in table.rows]
    # 4,438 of 23,322 today; 10,000 and more are uncovered, 2,366 unverified.
    assert told[1][1:] == ["4,438", "4,738", "+300"]
    assert told[2][1:] == ["2,366", "2,266", "-100"]
    assert told[3][1:] == ["16,518", "16,318", "-200"]
    assert told[-1][1:3] == ["19.0%", "20.3%"]
    assert told[-1][3].startswith("+1.3")
    page = first_page(report)
    assert "20.3%" in page
    joint = report.say("list_joint")
    blanks = joint.join(say(f"effective.blank.{name}", report.lang) for name in ("hours", "access"))
    assert any("候选点5" in p.text and blanks in p.text for p in document.paragraphs)


def test_the_annex_has_what_a_plan_is_of_use_as_numbers_that_add_up(
    district: Callable[..., Report],
) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(with_effect(district()))))
    rows = [row[:4] for row in book["选址方案-有效覆盖"].values if isinstance(row[1], int)]
    assert rows[0] == ("有效覆盖", 4438, 4738, 300)
    assert all(after - now == change for _, now, after, change in rows)
    assert sum(row[1] for row in rows[:3]) == sum(row[2] for row in rows[:3])
    assert [sum(row[at] for row in rows[3:]) for at in (1, 2)] == [rows[2][1], rows[2][2]]
    chosen = {row[1]: row for row in book["选址方案"].values}
    assert chosen["c4"][10] == "开放时间、开放对象"
    assert chosen["c0"][10] in (None, "")
    overview = {row[0]: row[1] for row in book["概览"].values}
    assert overview["方案实施后有效覆盖人数"] == 4738


def test_doors_that_are_shut_are_told_rounded_up_beside_the_headline(
    district: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = district()
    monkeypatch.setattr(EffectiveEvaluation, "door_shut", 0.0521)
    assert any("最多有 5.3% 的在岗时间会碰上关门" in p.text for p in opened(report).paragraphs)
    assert "碰上关门" not in first_page(report)
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(report)))
    overview = {row[0]: row[1] for row in book["概览"].values}
    assert overview["有效覆盖的职工碰上关门的在岗时间（至多）"] == 0.053


def test_one_figure_reads_the_same_in_the_sentence_and_in_the_tables(
    district: Callable[..., Report],
) -> None:
    report = district()
    # 6,520.6 unverified beside 19,281.8 verified of 41,906.3 in reach: the parts take 6,520.
    levels = (48450.84, 6627.45, 9342.88, 133.58, 6520.58, 19281.79)
    found = replace(report.effective.effective, total=LevelRow("", levels))
    odd = replace(report, effective=replace(report.effective, effective=found))
    page = first_page(odd)
    assert page.count("6,520") == 1
    assert "6,520" in " ".join(served.beside_sentences(odd))
    assert "6,521" not in page
    steps = served.steps(odd)
    assert [f"{step.share:.1%}" for step in steps] == [
        *("100.0%", "53.6%", "46.4%", "7.3%", "10.4%", "0.2%", "7.2%", "21.3%"),
    ]
    assert sum(step.share for step in steps if step.taken) + steps[-1].share == pytest.approx(1)
