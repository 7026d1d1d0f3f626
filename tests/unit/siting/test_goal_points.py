"""Rule points as the second goal of other goals, and what to relax where there is no plan."""

from dataclasses import replace

import pytest

from siting.model import Inputs
from siting.plan_results import PlanResult
from siting.planning import score, walked
from siting.plans.goals.case import GoalCase
from siting.plans.goals.for_goal import Objective, PlanAsked, plan_for
from siting.plans.goals.lines import goal_sentence
from siting.plans.goals.pricing import price_goal
from siting.plans.goals.task import Limits
from siting.plans.wishes import FloorWish, QuotaWish, Wishes
from tests.unit.siting.test_soft_plans import PARAMETERS, district

GOALS: tuple[Objective, ...] = ("backup", "capacity", "median")
TOLERANCE = 0.4
"""Wide, so that on a small map something is given up; a tenth of what is won is the most."""


def made(goal: Objective, inputs: Inputs, tolerance: float) -> PlanResult:
    limits = Limits(rules="daxing", tolerance=tolerance)
    return plan_for(inputs, PARAMETERS, PlanAsked(goal, new=2), limits).as_plan()


@pytest.mark.parametrize("goal", GOALS)
def test_points_decide_within_the_tolerance(goal: Objective) -> None:
    inputs = district(14, 6)
    first, second = made(goal, inputs, 0.0), made(goal, inputs, TOLERANCE)
    points = {item.id: item.points for item in score(inputs, PARAMETERS, rules="daxing")}
    assert first.goal is not None
    assert second.goal is not None
    for one in (first.goal, second.goal):
        assert one.before is not None
        assert one.after is not None
    won = abs(first.goal.after - first.goal.before)  # type: ignore[operator]  # both are there
    lost = abs(second.goal.after - first.goal.after)  # type: ignore[operator]  # both are there
    assert lost <= 0.1 * won + 1e-6
    sums = [sum(points[site.id] for site in plan.selected) for plan in (first, second)]
    assert sums[1] >= sums[0]
    assert first.status == "optimal"
    assert second.status == ("within_gap" if lost > 1e-9 else "optimal")
    assert "照顾规则得分" in second.remark_zh
    if lost > 1e-9:
        assert "照顾规则得分让出的" in goal_sentence(second, second.goal, "zh")
        limits = Limits(rules="daxing", tolerance=TOLERANCE)
        known = walked(inputs, PARAMETERS)
        prices = price_goal(GoalCase(inputs, PARAMETERS, second, limits, known))
        (price,) = [price for price in prices if price.kind == "points"]
        assert price.amount == pytest.approx(lost)
    assert "只用来排除" in first.remark_zh or goal == "median"


@pytest.mark.parametrize("goal", ["gradual", "backup", "capacity"])
def test_what_fights_is_said_of_everybody_and_what_to_relax(goal: Objective) -> None:
    inputs = district(14, 6)
    inputs = replace(inputs, candidates=inputs.candidates.assign(town="乙镇"))
    wishes = Wishes(floors=(FloorWish(1.0, "甲镇"),), quotas=(QuotaWish("town", "乙镇", most=1),))
    plan = plan_for(inputs, PARAMETERS, PlanAsked(goal, new=1), Limits(wishes=wishes)).as_plan()
    assert plan.status == "infeasible"
    for said in ("不能同时满足", "甲镇覆盖", "要求 100.0%", "请放宽"):
        assert said in plan.remark_zh


def test_too_few_for_the_longest_walk_says_how_many_would_do() -> None:
    inputs = district(14, 6)
    asked = PlanAsked("center", new=0, walk_m=1000.0)
    told = plan_for(inputs, PARAMETERS, asked, Limits()).as_plan()
    assert told.status == "infeasible"
    assert "就够得着" in told.remark_zh
    enough = int(told.remark_zh.split("新建 ")[-1].split(" 座")[0])
    assert plan_for(inputs, PARAMETERS, replace(asked, new=enough), Limits()).as_plan().found
