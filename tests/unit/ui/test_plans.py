import json

import pytest

from register import Register
from register.plan_records import from_record, to_record
from siting.coverage.levels import Terms
from siting.model import Parameters
from siting.plans.goals.for_goal import PlanAsked
from siting.plans.proposing import propose
from ui import compute
from ui.plan.panel import proof

PARAMETERS = Parameters(cutoff_m=1000.0)


def test_a_plan_survives_the_register(district: Register) -> None:
    plan = propose(district.inputs(), PARAMETERS, new=2, rules="daxing")
    back = from_record(json.loads(json.dumps(to_record(plan))))
    assert back.selected == plan.selected
    assert back.as_dict("zh") == plan.as_dict("zh")
    assert (back.remark_zh, back.remark_en) == (plan.remark_zh, plan.remark_en)


def test_coverage_with_a_plan_is_what_the_plan_says(district: Register) -> None:
    book = compute.read_book(district)
    now = compute.situation(district, book, PARAMETERS, Terms())
    plan = compute.begin_plan(now, PlanAsked("coverage", new=2)).result()
    after = compute.coverage_with(now, tuple(site.id for site in plan.selected))
    assert after.workers_covered == pytest.approx(plan.workers_covered_after)
    assert plan.after is not None
    assert after.coverage == pytest.approx(plan.after.coverage)


def test_the_same_state_is_computed_once(district: Register) -> None:
    book = compute.read_book(district)
    first = compute.situation(district, book, PARAMETERS, Terms())
    assert compute.read_book(district) is book
    again = compute.situation(district, book, PARAMETERS, Terms())
    assert again.evaluation is first.evaluation
    district.add_candidate(116.315, 39.715, name="x", who="y")
    assert compute.read_book(district) is not book


def test_the_proof_is_rounded_away_from_too_much_praise(
    district: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.language.current", lambda: "zh")
    plan = propose(district.inputs(), PARAMETERS, new=2, rules=None)
    assert plan.proved_optimal
    assert "已证明最优" in proof(plan)
