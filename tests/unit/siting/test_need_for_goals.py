"""Stated need in plans that seek something else than coverage."""

from dataclasses import replace

import pytest

from siting.model import Inputs, Parameters
from siting.plan_results import ForGoal
from siting.plans.goals.backup import propose_backup
from siting.plans.goals.covering import least_covering
from siting.plans.goals.gradual import propose_gradual
from siting.plans.goals.soft_result import SoftPlan
from siting.plans.goals.task import Limits
from siting.plans.recorded import from_record, to_record
from siting.rules import RuleBook, read_rules
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=150)
BOOK = read_rules("daxing")


def weighing(workers_each: float) -> RuleBook:
    assert BOOK.stated_need is not None
    return replace(BOOK, stated_need=replace(BOOK.stated_need, workers_each=workers_each))


def hamlets(requests_at: str, west: int = 10, east: int = 8, east_yuan: int = 2000) -> Inputs:
    """Return two hamlets two kilometres apart, a candidate in each, three requests in one."""
    spots, heads = {"west": 0, "east": 2000}, {"west": west, "east": east}
    yuan = {"west": 2000, "east": east_yuan}
    demand = [{"id": name, **place(x, 0), "workers": heads[name]} for name, x in spots.items()]
    sites = [{"id": name, **place(x, 20), "cost_yuan": yuan[name]} for name, x in spots.items()]
    asked = {"id": "n", **place(spots[requests_at] + 10, 0), "topic": "water", "records": 3}
    return Inputs(
        demand=table("demand", demand),
        stations=table("stations", []),
        candidates=table("candidates", sites),
        needs=table("needs", [asked]),
    )


def names(plan: ForGoal) -> list[str]:
    return [site.id for site in plan.selected]


@pytest.mark.parametrize("propose", [propose_gradual, propose_backup])
def test_requests_weigh_and_are_in_no_figure(propose: object) -> None:
    inputs = hamlets("east")
    by_need: SoftPlan = propose(inputs, PARAMETERS, Limits(new=1, rules=weighing(5)))  # type: ignore[operator]
    plain: SoftPlan = propose(inputs, PARAMETERS, Limits(new=1, rules=weighing(0)))  # type: ignore[operator]
    assert (names(by_need), names(plain)) == (["east"], ["west"])
    need = by_need.stated_need
    assert need is not None
    assert (need.records, need.records_before, need.records_after) == (3, 0, 3)
    assert need.proved_with_them
    assert plain.stated_need is None
    # What it counts is of the workers: nobody's figure is above what all of them are.
    assert by_need.counted_after == pytest.approx(plain.counted_after * 8 / 10)
    assert by_need.counted_bound >= plain.counted_after
    assert (by_need.status, plain.status) == ("within_gap", "optimal")
    assert by_need.selected[0].needs_gained == 3
    assert "3 件" in by_need.selected[0].reason_zh
    assert "不计入覆盖率" in by_need.remark_zh
    kept = by_need.as_plan()
    assert kept.stated_need == need
    assert from_record(to_record(kept)).as_dict("zh") == kept.as_dict("zh")


@pytest.mark.parametrize("sought", ["stations", "money"])
@pytest.mark.parametrize("asked_at", ["west", "east"])
def test_of_plans_as_cheap_the_one_with_the_most_requests(sought: str, asked_at: str) -> None:
    inputs = hamlets(asked_at, east=10)
    plan = least_covering(inputs, PARAMETERS, sought=sought, target=0.5, rules=weighing(5))  # type: ignore[arg-type]
    assert (names(plan), plan.status) == ([asked_at], "optimal")
    need = plan.stated_need
    assert need is not None
    assert (need.records_before, need.records_after, need.second) == (0, 3, True)
    assert need.proved_with_them
    assert plan.selected[0].needs_gained == 3
    assert "没有更多" in plan.remark_zh
    assert plan.as_dict("en")["stated_need"] == need.as_dict()


def test_nothing_more_is_spent_on_requests_and_no_target_is_met_by_them() -> None:
    dear = hamlets("east", east=10, east_yuan=2001)
    plan = least_covering(dear, PARAMETERS, sought="money", target=0.5, rules=weighing(500))
    assert (names(plan), plan.value) == (["west"], 2000)
    assert plan.stated_need is not None
    assert (plan.stated_need.records_after, plan.stated_need.proved_with_them) == (0, True)
    few = hamlets("east", east=9)  # 9 of 19 are not half
    assert names(least_covering(few, PARAMETERS, target=0.5, rules=weighing(500))) == ["west"]
