"""Why plans for other goals than coverage are as they are, sizes, years: recounted by other means.

The figure of a set of sites is what the goal says of the stations of today once the set is among
them: the search and the yardstick have no part in it.
"""

from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from siting.model import Inputs
from siting.plan_results import OwnGoal
from siting.planning import walked
from siting.plans.explaining import explain_sites
from siting.plans.goals.beside import why_goal
from siting.plans.goals.case import GoalCase
from siting.plans.goals.curve import goal_curve, goal_years
from siting.plans.goals.for_goal import Objective, PlanAsked, plan_for
from siting.plans.goals.pricing import price_goal
from siting.plans.goals.size_lines import curve_lines, year_lines
from siting.plans.goals.task import Limits
from siting.plans.pricing import Price
from siting.plans.why_lines import why_lines
from siting.plans.wishes import Wishes
from tests.unit.siting.test_soft_plans import PARAMETERS, district, with_open

GOALS: tuple[Objective, ...] = ("gradual", "backup", "capacity", "median", "center")
OTHERS = frozenset({"gradual", "capacity", "center"})
FEW = [pytest.param(goal, marks=[pytest.mark.full] * (goal in OTHERS)) for goal in GOALS]
"""Two goals, one of workers and one of metres, on every run; all of them by hand."""
WALK_M = 4000.0


@cache
def small() -> Inputs:
    """Return the district with five candidates."""
    return district(14, 5)


def asked_for(goal: Objective, new: int | None = 2) -> PlanAsked:
    return PlanAsked(goal, new=new, walk_m=WALK_M if goal in {"median", "center"} else None)


@cache
def figure(goal: Objective, chosen: frozenset[str]) -> OwnGoal:
    """Return what the goal says of today's stations and `chosen`."""
    inputs = with_open(small(), sorted(chosen))
    asked = replace(asked_for(goal), new=0)
    return plan_for(inputs, PARAMETERS, asked, Limits()).goal


def case_of(goal: Objective, *, new: int = 2, wishes: Wishes | None = None) -> GoalCase:
    inputs, limits = small(), Limits(wishes=wishes or Wishes())
    known = walked(inputs, PARAMETERS)
    plan = plan_for(inputs, PARAMETERS, asked_for(goal, new), limits, known).as_plan()
    return GoalCase(inputs, PARAMETERS, plan, limits, known)


def better(case: GoalCase, one: frozenset[str], than: frozenset[str]) -> float:
    goal = case.asked.objective
    first, second = figure(goal, one).before, figure(goal, than).before
    assert first is not None
    assert second is not None
    return case.better_by(first, second)


@pytest.mark.parametrize("goal", GOALS)
def test_every_figure_is_what_opening_and_closing_gives(goal: Objective) -> None:
    case = case_of(goal)
    ids = frozenset(site.id for site in case.plan.selected)
    every = set(small().candidates["id"])
    nothing: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    for site in explain_sites(case.task, case.plan, case.stick):
        rest = ids - {site.id}
        assert (site.goal, site.unit) == (goal, case.goal.unit)
        assert site.without == pytest.approx(figure(goal, rest).before)
        assert site.lost == pytest.approx(better(case, ids, rest), abs=1e-6)
        if goal != "center":
            assert site.alone == pytest.approx(better(case, frozenset({site.id}), nothing))
            assert site.gained == pytest.approx(better(case, before | {site.id}, before), abs=1e-6)
        before |= {site.id}
        if goal in {"gradual", "backup"}:
            for told in (site.towns, site.groups):
                assert sum(part.workers for part in told) == pytest.approx(site.gained)
        others = {one: better(case, rest | {one}, rest) for one in every - ids}
        best = max(others.values())
        if best <= 1e-6:
            assert site.runner_up is None
        else:
            assert site.runner_up is not None
            assert others[site.runner_up.id] == pytest.approx(best)
            assert site.runner_up.better_by == pytest.approx(best - (site.lost or 0), abs=1e-6)
        assert site.better is None  # nothing but the goal decided


@pytest.mark.parametrize("goal", FEW)
def test_prices_are_what_plans_made_without_are_better_by(goal: Objective) -> None:
    free = case_of(goal)
    worst = next(one for one in small().candidates["id"] if one not in _ids(free))
    wishes = Wishes(require=(worst,))
    case = case_of(goal, wishes=wishes)
    prices: dict[str, Price] = {price.kind: price for price in price_goal(case)}
    assert set(prices) == {"station", "wish"}
    larger = case_of(goal, new=3, wishes=wishes)
    for kind, other in (("station", larger), ("wish", free)):
        assert prices[kind].proved
        assert prices[kind].unit == case.goal.unit
        assert prices[kind].amount == pytest.approx(
            case.better_by(_after(other), _after(case)), abs=1e-6
        )
    told = why_lines(why_goal(case), "zh")
    assert any("必选" in line for line in told)
    assert any("再多建 1 座" in line for line in told)
    assert all("{" not in line for line in told)


@pytest.mark.parametrize("goal", FEW)
def test_every_size_is_the_best_of_all_sets(goal: Objective) -> None:
    case = case_of(goal)
    curve = goal_curve(case, 2, None)
    every = sorted(small().candidates["id"])
    for point in curve.points:
        sets = [frozenset(some) for some in combinations(every, point.new or 0)]
        found = [value for one in sets if (value := figure(goal, one).before) is not None]
        best = min(found) if case.less else max(found)
        assert point.figure == pytest.approx(best)
        assert point.status == "optimal"
    assert len(curve_lines(curve, "zh")) == len(curve_lines(curve, "en")) == 4


@pytest.mark.parametrize("goal", FEW[:4])
def test_years_keep_the_plan_and_tell_what_waiting_costs(goal: Objective) -> None:
    case = case_of(goal, new=3)
    rows = goal_years(case, 2)
    opened: frozenset[str] = frozenset()
    for row in rows:
        opened |= set(row.sites)
        assert row.figure == pytest.approx(figure(goal, opened).before)
        best = _after(case_of(goal, new=len(opened)))
        assert row.regret == pytest.approx(case.better_by(best, row.figure or 0.0), abs=1e-6)
    assert [site for row in rows for site in row.sites] == _ids(case)
    assert all("{" not in line for line in year_lines(rows, "zh"))


@pytest.mark.parametrize("goal", ["stations", "money"])
def test_a_plan_with_a_target_says_how_far_it_is_without_a_site(goal: Objective) -> None:
    inputs, limits = small(), Limits()
    known = walked(inputs, PARAMETERS)
    target = 0.7
    asked = PlanAsked(goal, target=target)
    plan = plan_for(inputs, PARAMETERS, asked, limits, known).as_plan()
    case = GoalCase(inputs, PARAMETERS, plan, limits, known)
    needed = target * plan.workers_total
    assert plan.selected
    for site in why_goal(case).sites:
        left = set(_ids(case)) - {site.id}
        reached = walked(with_open(inputs, sorted(left)), PARAMETERS).coverage.workers_covered
        assert site.short == pytest.approx(max(needed - reached, 0.0))
        assert site.better is None
    prices: dict[str, Price] = {price.kind: price for price in price_goal(case)}
    by_size = prices.get("fewer") or prices.get("less_money")
    if by_size is not None:
        assert by_size.amount > 0
        assert by_size.unit == "workers"
    assert [row.goal for row in goal_years(case, 2)] == ["coverage", "coverage"]
    assert all("{" not in line for line in why_lines(why_goal(case), "en"))


def _ids(case: GoalCase) -> list[str]:
    return [site.id for site in case.plan.selected]


def _after(case: GoalCase) -> float:
    assert case.goal.after is not None
    return case.goal.after
