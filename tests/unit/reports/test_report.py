"""What a report is made of: hash, credits, label of invented data."""

from collections.abc import Callable
from dataclasses import replace

from reports.report import Report, credits_of, make_report
from siting.plan_results import PlanResult
from siting.scenario import scenario_hash


def test_every_layer_in_use_has_a_credit(district: Callable[..., Report]) -> None:
    report = district()
    assert [credit.layer for credit in report.credits] == [
        "demand",
        "stations",
        "candidates",
        "enterprises",
    ]
    assert report.credits[3].source == ""


def test_empty_layer_needs_no_credit(district: Callable[..., Report]) -> None:
    inputs = district().inputs
    bare = replace(inputs, enterprises=inputs.enterprises.iloc[:0])
    assert [credit.layer for credit in credits_of(bare)] == ["demand", "stations", "candidates"]


def test_one_invented_layer_makes_the_report_synthetic(district: Callable[..., Report]) -> None:
    report = district()
    real = tuple(replace(credit, synthetic=False) for credit in report.credits)
    assert report.synthetic
    assert not replace(report, credits=real).synthetic


def made_again(given: Report, plan: PlanResult | None) -> Report:
    return make_report(
        given.inputs,
        given.parameters,
        given.effective,
        given.scores,
        plan,
        title=given.title,
        made_on=given.made_on,
    )


def test_hash_is_that_of_the_plan_or_of_the_inputs(district: Callable[..., Report]) -> None:
    given = district()
    assert given.plan is not None
    asked = {**given.plan.parameters, "scenario": "beef" * 16}
    planned = made_again(given, replace(given.plan, parameters=asked))
    assert planned.scenario_hash == "beef" * 16
    bare = made_again(given, None)
    assert bare.scenario_hash == scenario_hash(given.inputs, given.parameters)
    assert bare.lang == "zh"


def test_language_changes_and_nothing_else(district: Callable[..., Report]) -> None:
    report = district()
    english = report.in_language("en")
    assert english.heading == "大兴区: warm stations, coverage and siting"
    assert english.coverage is report.coverage
    assert report.in_language(None) is report
