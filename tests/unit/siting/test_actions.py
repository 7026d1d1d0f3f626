"""Plans of actions on towns where one can see what is best."""

from dataclasses import replace
from pathlib import Path

import highspy
import pytest

from geo.errors import FileRefusedError, InputError
from siting.actions.bundles import ACTIONS, additions, kinds_at
from siting.actions.lines import action_lines
from siting.actions.planning import plan_actions
from siting.actions.results import ActionPlan
from siting.allocation.milp import build
from siting.allocation.reduce import reduce_problem
from siting.costs import SHIPPED, Prices, hours_cost_yuan, priced, read_prices
from siting.coverage.levels import Terms
from siting.filters import need_of
from siting.model import Inputs
from siting.plans.after_plan import plan_effect
from siting.plans.goals.task import Limits
from siting.plans.wishes import FloorWish, QuotaWish, Wishes
from siting.service import service_of
from tests.unit.siting.acting import NIGHT, NOON, PARAMETERS, in_process, people, station, town

__all__ = ["in_process"]

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


def best(inputs: Inputs, *, actions: tuple[str, ...] = ACTIONS, **limits: object) -> ActionPlan:
    """Return the plan, its figures computed anew."""
    plan = plan_actions(
        inputs,
        PARAMETERS,
        limits=Limits(**limits),  # type: ignore[arg-type]
        actions=actions,  # type: ignore[arg-type]
    )
    there = service_of(plan.tables, PARAMETERS).effective.total
    assert plan.after.total.by_level == pytest.approx(there.by_level)
    gained = sum(item.workers_gained for item in plan.selected)
    assert plan.workers_before + gained == pytest.approx(plan.workers_after)
    assert plan.workers_after <= plan.bound_workers + 1e-9
    return plan


def done(plan: ActionPlan) -> list[tuple[str, str]]:
    return [(item.id, item.action) for item in plan.selected]


def test_longer_hours_and_an_open_door_are_bought_together_where_neither_helps_alone() -> None:
    firm = station("firm", 0, hours="Mo-Fr 06:00-09:00", access="employees")
    inputs = town([people(0, 10, "guard")], [firm])
    for alone in ("hours", "access"):
        assert not best(inputs, new=1, actions=(alone,)).selected
    plan = best(inputs, new=1)
    assert done(plan) == [("firm", "hours+access")]
    assert plan.cost_yuan == 3500
    assert (plan.workers_before, plan.workers_after, plan.status) == (0, 10, "optimal")
    (item,) = plan.selected
    assert item.cost_assumed
    told = item.as_dict("zh")["changes"]
    assert told == {
        "hours": {"from": "Mo-Fr 06:00-09:00", "to": "Mo-Su 06:00-22:00"},
        "access": {"from": "employees", "to": "employees;public"},
    }
    # Less money buys neither half.
    assert best(inputs, budget_yuan=3499).selected == ()


def test_a_longer_agreement_is_paid_for_only_where_somebody_works_at_night() -> None:
    desk = station("desk", 0, hours="Mo-Fr 06:00-09:00")
    noon, night = people(0, 10, "guard"), people(0, 10, "guard", NIGHT)
    assert best(town([noon], [desk]), budget_yuan=20_000).cost_yuan == 3000
    assert best(town([noon, night], [desk]), budget_yuan=20_000).cost_yuan == 12_000
    assert best(town([noon, night], [desk]), budget_yuan=11_999).cost_yuan == 3000
    assert hours_cost_yuan([NOON]) == 3000
    assert hours_cost_yuan([NOON, NIGHT]) == 12_000
    assert hours_cost_yuan([""]) == 3000


def test_a_blank_record_is_a_question_and_nothing_to_be_bought() -> None:
    unknown = station("unknown", 0, hours="", services="")
    plan = best(town([people(0, 10, "guard")], [unknown]), new=1)
    assert plan.selected == ()
    assert "没有哪一件事" in plan.remark_zh
    assert action_lines(plan, "zh")
    assert action_lines(plan, "en")


def test_a_display_rack_is_no_room() -> None:
    rack = station("rack", 0, kind="hospital_rack", access="patients")
    assert best(town([people(0, 10, "guard")], [rack]), new=1).selected == ()


def test_a_container_goes_where_it_wins_more_than_it_leaves_behind() -> None:
    box = station("box", 0, kind="mobile")
    spot = station("spot", 2000, kind="mobile", host_type="public_land", cost_yuan=60_000)
    few, many = people(0, 10, "guard"), people(2000, 30, "guard")
    plan = best(town([few, many], [box], [spot]), budget_yuan=5000)
    assert done(plan) == [("box", "move")]
    (item,) = plan.selected
    assert (item.workers_gained, item.to_id, item.cost_yuan) == (20, "spot", 3000)
    assert item.to_place == pytest.approx((spot["lon"], spot["lat"]))
    assert (plan.workers_before, plan.workers_after) == (10, 30)
    # With money for a second one nobody is left behind.
    assert done(best(town([few, many], [box], [spot]), budget_yuan=63_000)) == [("spot", "open")]
    stays = town([people(0, 30, "guard"), people(2000, 10, "guard")], [box], [spot])
    assert best(stays, budget_yuan=5000).selected == ()
    elsewhere = town([few, many], [{**box, "town": "乙"}], [spot])
    assert best(elsewhere, budget_yuan=5000).selected == ()


def test_moves_count_among_what_is_done_and_those_that_stay_do_not() -> None:
    boxes = [station(f"box{n}", 10_000 * n, kind="mobile") for n in range(2)]
    spots = [station(f"spot{n}", 10_000 * n + 2000, kind="mobile") for n in range(2)]
    demand = [people(10_000 * n + 2000, 10 + n, "guard") for n in range(2)]
    inputs = town(demand, boxes, spots)
    (item,) = best(inputs, new=1, actions=("move",)).selected
    assert (item.to_id, item.workers_gained) == ("spot1", 11)
    both = best(inputs, new=2, actions=("move",))
    assert [(one.to_id, one.workers_gained) for one in both.selected] == [
        ("spot1", 11),
        ("spot0", 10),
    ]
    assert len({one.id for one in both.selected}) == 2
    assert best(inputs, new=0).selected == ()


def test_one_kind_is_opened_and_the_one_that_serves_for_less() -> None:
    assert kinds_at("mall") == ("riders", "street_front")
    mall = station("mall", 0, kind="", host_type="mall", access="", services="", hours="24/7")
    riders = town([people(0, 10, "food_rider")], [], [mall])
    plan = best(riders, budget_yuan=100_000)
    (item,) = plan.selected
    assert item.after.kind == "street_front"
    assert item.assumed == ("access", "services")
    assert "按同类常规计" in plan.remark_zh
    own = town([people(0, 10, "food_rider")], [], [{**mall, "kind": "riders"}])
    assert best(own, budget_yuan=100_000).selected[0].cost_yuan == 5000
    assert plan.as_dict("en")["nominal"] == {
        "workers_covered_before": 0,
        "workers_covered_after": 10,
        "coverage_before": 0.0,
        "coverage_after": 1.0,
    }


def test_suspended_stations_are_reopened_and_planned_ones_opened() -> None:
    shut = station("shut", 0, state="suspended", services="")
    later = station("later", 2000, state="planned", cost_yuan=1)
    gone = station("gone", 4000, state="closed")
    demand = [people(x, 10, "guard") for x in (0, 2000, 4000)]
    inputs = town(demand, [shut, later, gone])
    plan = best(inputs, new=5)
    assert dict(done(plan)) == {"shut": "reopen", "later": "open"}
    assert {item.id: item.cost_yuan for item in plan.selected} == {"shut": 2000, "later": 5000}
    assert plan.selected[0].assumed == ("services",) or plan.selected[1].assumed == ("services",)
    assert dict(done(best(inputs, new=5, actions=("reopen",)))) == {"shut": "reopen"}


def test_services_are_added_as_cheaply_as_the_needs_allow() -> None:
    rider, guard = need_of("food_rider", NOON), need_of("guard", NOON)
    # A seat serves both; a charger alone would be cheaper for riders.
    assert additions("wifi", [rider, guard], SHIPPED) == [("charging",), ("seat", "water")]
    cheap = Prices({"services.each.battery_swap": 1})
    assert additions("wifi", [rider], cheap) == [("battery_swap",)]
    assert additions("water;seat", [rider, guard], SHIPPED) == []


def test_a_plan_keeps_to_wishes_about_candidates_and_to_floors_of_units() -> None:
    demand = [people(0, 30, "guard"), people(4000, 10, "guard", town="乙")]
    sites = [station("a", 0), station("b", 4000, town="乙"), station("c", 8000, town="乙")]
    inputs = town(demand, [], sites)
    assert done(best(inputs, new=1)) == [("a", "open")]
    floor = Wishes(floors=(FloorWish(0.5, "乙"),))
    kept = best(inputs, new=1, wishes=floor)
    assert done(kept) == [("b", "open")]
    assert "乙的有效覆盖率不低于 50.0%" in kept.remark_zh
    assert done(best(inputs, new=1, wishes=Wishes(forbid=("a",)))) == [("b", "open")]
    asked = best(inputs, new=2, wishes=Wishes(require=("c",)))
    assert done(asked) == [("a", "open"), ("c", "open")]
    both = best(inputs, new=1, wishes=Wishes(require=("b", "c")))
    assert (both.status, both.selected) == ("infeasible", ())


def test_closing_is_refused_and_a_kept_container_stays() -> None:
    box = station("box", 0, kind="mobile")
    spot = station("spot", 2000, kind="mobile", cost_yuan=60_000)
    inputs = town([people(2000, 30, "guard")], [box], [spot])
    assert done(best(inputs, new=1, actions=("move",))) == [("box", "move")]
    assert best(inputs, new=1, actions=("move",), wishes=Wishes(keep=("box",))).selected == ()
    floor = Wishes(keep=("box",), floors=(FloorWish(0.5),))
    assert best(inputs, new=1, actions=("move",), wishes=floor).status == "infeasible"
    with pytest.raises(InputError, match="closes no station"):
        best(inputs, new=1, wishes=Wishes(closings=1))


def test_a_quota_of_kinds_opens_no_other_kinds() -> None:
    mall = station("mall", 0, kind="riders", host_type="mall", access="", services="water;seat")
    inputs = town([people(0, 10, "guard")], [], [mall])
    assert best(inputs, budget_yuan=5000).selected[0].after.kind == "street_front"
    quota = Wishes(quotas=(QuotaWish("kind", "riders", most=1),))
    assert best(inputs, budget_yuan=5000, wishes=quota).status == "infeasible"
    assert best(inputs, budget_yuan=50_000, wishes=quota).selected[0].after.kind == "riders"


def test_what_nothing_pays_is_infeasible_and_no_limit_is_refused() -> None:
    desk = station("desk", 0, access="employees")
    inputs = town([people(0, 10, "guard")], [desk])
    plan = best(inputs, budget_yuan=100)
    assert (plan.status, plan.bound_workers) == ("infeasible", 0)
    assert "500" in plan.remark_zh
    assert "500" in plan.remark_en
    assert len(action_lines(plan, "zh")) == 2
    with pytest.raises(InputError, match="number of new"):
        best(inputs)


def test_it_beats_the_plan_by_distance_on_its_own_ground() -> None:
    firm = station("firm", 0, hours="Mo-Fr 06:00-22:00", access="employees")
    shut = station("shut", 4000, hours="Sa 10:00-12:00")
    inputs = town([people(0, 10, "guard"), people(4000, 30, "guard")], [firm], [shut])
    service = service_of(inputs, PARAMETERS)
    assert plan_effect(service, ["shut"]).gained == 0
    plan = best(inputs, new=1)
    assert done(plan) == [("firm", "access")]
    assert plan.workers_after - plan.workers_before == 10
    rows = {was.name: (was.verified, then.verified) for was, then in plan.rows("group")}
    assert rows == {"guard": (0, 10)}


def test_terms_weigh_as_in_coverage() -> None:
    inputs = town([people(0, 10, "guard")], [station("half", 0, hours="Mo-Fr 12:00-14:00")])
    assert best(inputs, new=1).workers_before == 10
    strict = plan_actions(inputs, PARAMETERS, Terms(open_share=1.0), limits=Limits(new=1))
    assert (strict.workers_before, strict.workers_after) == (0, 10)


def test_prices_of_a_planner(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    text = '[street_front]\ncost_yuan = 7000\nzh = "x"\n[hours.to.day]\ncost_yuan = 1\n'
    file.write_text(text + "[services.each]\nwifi = 5\n", encoding="utf-8")
    prices = read_prices(file)
    assert prices.kind("street_front", "") == (7000, False)
    assert prices.kind("", "union_service") == (7000, False)
    assert prices.kind("riders", "") == (40_000, True)
    assert prices.action("hours.to.day") == (1, False)
    assert prices.services(["wifi", "bed"]) == (805, True)
    frame = town([], [], [station("own", 0, cost_yuan=3), station("none", 0)]).candidates
    assert priced(frame, prices)["cost_yuan"].tolist() == [3, 7000]
    for wrong, told in (
        ("[palace]\ncost_yuan = 1", "palace"),
        ("[access]\ncost_yuan = -1", "-1"),
        ("[access]\ncost_yuan = 1.5", "1.5"),
        ("[services.each]\npalace = 1", "palace"),
    ):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(InputError, match=told):
            read_prices(file)
    file.write_text("no toml", encoding="utf-8")
    with pytest.raises(FileRefusedError, match=r"prices\.toml"):
        read_prices(file)


def test_the_model_is_the_one_written_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    has = {"kind": "mobile", "services": "water;toilet"}
    box = station("box", 0, access="drivers", **has)
    spot = station("spot", 2000, host_type="public_land", cost_yuan=60_000, **has)
    inputs = town([people(0, 10, "guard"), people(2000, 30, "truck_driver")], [box], [spot])
    seen = []
    monkeypatch.setattr(
        "siting.actions.planning.solve_contained", lambda task, **_: seen.append(task)
    )
    plan_actions(inputs, PARAMETERS, limits=Limits(new=1, budget_yuan=63_000))
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    highs.passModel(build(reduce_problem(seen[0])))
    written = tmp_path / "model.lp"
    highs.writeModel(str(written))
    golden = (GOLDEN / "actions.lp").read_text(encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden


def test_candidates_stay_for_the_next_plan() -> None:
    inputs = town([people(0, 10, "guard")], [], [station("a", 0)])
    plan = best(inputs, new=1)
    again = best(replace(plan.tables), new=1)
    assert plan.tables.stations["state"].tolist() == ["open"]
    assert again.selected == ()
