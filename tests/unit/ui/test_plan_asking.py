"""What is asked of a plan in the app, and why the plan is as it is: the pages, and the figures."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from register import Register
from siting.coverage.levels import Terms
from siting.model import Parameters
from siting.plans.asked import limits_in, wishes_in
from siting.plans.curve import Curve, CurvePoint
from siting.plans.goals.for_goal import Objective, PlanAsked
from siting.plans.wishes import FloorWish, QuotaWish, Wishes
from tests.unit.ui.test_pages import text_of, turn_to
from ui import compute, keys
from ui.plan.curve import beside_of, elbow_sentence, picture
from ui.plan.front import front_of, front_table
from ui.plan.stored import Shown, remember, remembered
from ui.plan.wishes import pinned, swapped

App = Callable[..., AppTest]
WISHES = Wishes(
    require=("c2",),
    forbid=("c5",),
    quotas=(QuotaWish("town", "乙街道", most=3),),
    floors=(FloorWish(0.01, "甲镇"),),
    spacing_m=300.0,
)


@pytest.fixture
def now(district: Register, monkeypatch: pytest.MonkeyPatch) -> compute.Situation:
    state: dict[str, object] = {"lang": "zh"}
    monkeypatch.setattr("streamlit.session_state", state)
    monkeypatch.setattr("ui.projects.who", lambda: "tester")
    book = compute.read_book(district)
    return compute.situation(district, book, Parameters(cutoff_m=1000.0), Terms())


def test_wishes_are_stored_with_the_plan_and_read_again(now: compute.Situation) -> None:
    plan = compute.begin_plan(now, PlanAsked("coverage", new=2), wishes=WISHES).result()
    assert "c2" in {site.id for site in plan.selected}
    remember(now, plan)
    now.register.last_plan()
    found = remembered(now)
    assert found is not None
    stored = now.register.last_plan(now.scenario)
    assert stored is not None
    assert wishes_in(stored.parameters) == WISHES == wishes_in(found.plan.parameters)
    limits = limits_in(found.plan, rules=now.book.rules, today=now.today)
    assert (limits.new, limits.budget_yuan, limits.wishes) == (2, None, WISHES)


def test_a_report_of_the_app_has_the_same_figures_as_its_plan(now: compute.Situation) -> None:
    plan = compute.begin_plan(now, PlanAsked("coverage", new=2)).result()
    remember(now, plan)
    shown = remembered(now)
    assert isinstance(shown, Shown)
    beside = beside_of(now, shown, 2)
    assert beside.why is not None
    assert beside.curve is not None
    told = {site.id: site.gained for site in beside.why.sites}
    assert told == pytest.approx({site.id: site.workers_gained for site in plan.selected})
    assert beside.years[-1].workers_covered == pytest.approx(plan.workers_covered_after)
    drawn = picture(beside.curve, "zh", len(plan.selected))
    assert drawn.count("<circle") >= len(beside.curve.points)
    assert "本方案" in drawn
    assert beside_of(now, None, 1).why is None


@pytest.mark.parametrize("goal", ["median", "stations"])
def test_beside_a_plan_for_another_goal_stand_figures_in_its_unit(
    goal: Objective, now: compute.Situation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.plan.curve._LEAST_SIZES", 3)
    size = {"target": 0.5} if goal == "stations" else {"new": 2}
    remember(now, compute.begin_plan(now, PlanAsked(goal, **size)).result())
    shown = remembered(now)
    assert shown is not None
    beside = beside_of(now, shown, 2)
    assert beside.why is not None
    assert [site.id for site in beside.why.sites] == [site.id for site in shown.plan.selected]
    assert {site.goal for site in beside.why.sites} == {goal}
    assert len(beside.years) == 2
    if goal == "stations":
        assert beside.curve is None
        return
    assert beside.curve is not None
    assert (beside.curve.goal, beside.curve.unit) == ("median", "metres")
    drawn = picture(beside.curve, "zh", 2)
    assert drawn.count("<circle") >= len(beside.curve.points)
    assert "平均步行" in elbow_sentence(beside.curve, "zh") or beside.curve.elbow is None
    front = front_of(now, shown, "walk")
    table = front_table(now, shown.plan, front, "zh")
    assert len(table) == len(front.points)
    assert all(cell.endswith("米") for cell in table["平均步行"])


def test_a_candidate_is_required_or_forbidden_never_both() -> None:
    once = pinned(Wishes(), "require", "c1")
    assert pinned(once, "forbid", "c1") == Wishes(forbid=("c1",))
    assert swapped(Wishes(require=("c1",)), "c1", "c2") == Wishes(require=("c2",), forbid=("c1",))


def test_a_curve_without_an_elbow_is_drawn_without_one() -> None:
    points = tuple(CurvePoint(n, None, n, 0, 5.0, 5.0, 0.5, "optimal") for n in range(3))
    drawn = picture(Curve(points, None), "en", 9)
    assert "elbow" not in drawn
    assert drawn.count("<circle") == len(points)


@pytest.mark.parametrize(
    ("by", "goal", "button", "figure"),
    [
        ("target", "stations", "覆盖率达到", "达到目标要建"),
        ("near", "center", "让职工走得最近", "最远步行"),
        ("new", "backup", "推荐新增", "计入第二座"),
    ],
)
def test_a_plan_for_another_goal_is_kept_with_its_own_figure(
    by: str, goal: str, button: str, figure: str, district: Register, app: Callable[..., AppTest]
) -> None:
    page = turn_to(app().run(), "plan")
    page.segmented_control(key=keys.PLAN_BY).set_value(by).run()
    chooser = page.segmented_control if by == "target" else page.radio
    chooser(key=f"{keys.PLAN_GOAL}_{by}").set_value(goal).run()
    if by == "target":
        page.number_input(key=keys.PLAN_TARGET).set_value(95).run()
        next(one for one in page.button if button in one.label).click().run()
        assert "只能覆盖" in page.error[0].value  # what all candidates together reach
        page.number_input(key=keys.PLAN_TARGET).set_value(50).run()
    next(one for one in page.button if button in one.label).click().run()
    assert not page.exception
    stored = district.last_plan()
    assert stored is not None
    assert stored.result["goal"]["objective"] == goal
    shown = app().run()  # another session reads it from the register
    assert figure in [metric.label for metric in turn_to(shown, "plan").metric]
    told = [card.label for card in shown.expander]
    assert {"每项条件的代价", "为什么选它"} <= set(told)
    assert ("再多建几座值不值" in told) == (goal != "stations")
    assert ("分几年建" in told) == (goal != "center")
    assert ("建几座由目标定" in text_of(shown)) == (goal == "stations")
