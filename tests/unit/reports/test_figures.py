"""Sentences and rows say what the results say."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from geo.reference import read_list
from reports import figures
from reports.report import Report
from siting.plan_results import PlanResult
from siting.results import Evidence


def plan(report: Report) -> PlanResult:
    assert report.plan is not None
    return report.plan


def test_headline_names_workers_and_share(district: Callable[..., Report]) -> None:
    # 69 points of 100, 107, … heads; the 35 even ones are covered.
    said = figures.headline(district())
    assert said == (
        "现有开放驿站 9 处，职工 23,322 人，其中 11,830 人在服务半径以内，名义覆盖率 50.7%。"
    )


def test_plan_sentence_has_both_shares_and_their_difference(
    district: Callable[..., Report],
) -> None:
    report = district()
    gain, bound, cost = figures.plan_sentences(report, plan(report))
    assert "拟新增 5 处" in gain
    assert "由 11,830 人增加到 14,830 人" in gain
    assert "由 50.7% 提高到 63.6%，提高 12.9 个百分点" in gain
    # 123.4 of 23,322 workers are 0.529 points: "at most" is rounded up.
    assert "不超过 0.6 个百分点（职工约 124 人）" in bound
    assert "28,800 元，其中 1 处" in cost


def test_proved_plan_claims_no_gap(district: Callable[..., Report]) -> None:
    report = district()
    proved = replace(plan(report), status="optimal")
    assert figures.bound_sentence(report, proved) == report.say("bound_optimal")


@pytest.mark.parametrize("status", ["optimal", "within_gap", "time_limit", "infeasible"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_plan_without_sites_says_why(
    district: Callable[..., Report], status: str, lang: str
) -> None:
    report = district(lang=lang)
    empty = replace(plan(report), selected=(), status=status)  # type: ignore[arg-type]
    assert figures.plan_sentences(report, empty) == (report.say(f"plan_empty.{status}"),)


@pytest.mark.parametrize(
    ("share", "printed"), [(0.0, "0.0"), (0.004, "0.4"), (0.00401, "0.5"), (1e-6, "0.1")]
)
def test_at_most_is_never_rounded_down(share: float, printed: str) -> None:
    assert figures.at_most_points(share) == printed


def test_straight_line_is_said_with_its_factor(district: Callable[..., Report]) -> None:
    report = district()
    straight = replace(report, coverage=replace(report.coverage, method="straight_line"))
    assert "直线距离乘以 1.35" in figures.method_sentence(straight)
    assert "直线" not in figures.method_sentence(report)


def test_cutoff_is_printed_exactly(district: Callable[..., Report]) -> None:
    report = district()
    odd = replace(report, coverage=replace(report.coverage, cutoff_m=1250.5))
    assert "1,250.5 米" in figures.method_sentence(odd)


def test_candidates_come_by_rank_then_the_unscored(district: Callable[..., Report]) -> None:
    lines = figures.candidate_lines(district())
    assert [line.id for line in lines[:3]] == ["c0", "c1", "c2"]
    assert [(line.id, line.rank, line.points) for line in lines[28:]] == [
        ("c28", None, None),
        ("c29", None, None),
    ]


def test_document_prints_top_selected_and_highlighted(district: Callable[..., Report]) -> None:
    printed = [line.id for line in figures.printed_candidates(district())]
    assert printed == [*(f"c{number}" for number in range(20)), "c25", "c29"]


def test_stand_in_evidence_says_so(district: Callable[..., Report]) -> None:
    evidence = Evidence("sparse", "uncovered_workers", 412.34, "person", "榆垡村", proxy=True)
    said = figures.evidence_text(district(), evidence)
    assert said == "周边未覆盖职工 412 人（榆垡村，替代指标）"


def test_unknown_code_stays_readable() -> None:
    assert figures.label("kinds", "tent", "zh") == "tent"
    assert figures.labels("services", "water;sauna", "zh") == "饮水、sauna"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_measure_of_the_shipped_rules_has_a_name_and_a_unit(
    district: Callable[..., Report], lang: str
) -> None:
    report = district(lang=lang)
    rules = read_list("rules/daxing")
    groups = [rule.get("criteria", ()) for rule in rules.values() if isinstance(rule, dict)]
    measures = [m for group in groups for one in group for m in one["measures"]]
    assert len(measures) >= 20
    for measure in measures:
        assert figures.measure_name(report, measure["name"]) != measure["name"]
        if measure["unit"] not in {"yes", "share", "level"}:
            assert figures.unit_name(report, measure["unit"]) not in ("", "person*h/week")
