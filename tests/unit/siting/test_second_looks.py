"""Second looks at a plan on a main street, against plans made and counted by hand."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from geo.errors import InputError
from siting.candidates import spare_hosts
from siting.plan_results import PlanResult
from siting.planning import walked
from siting.plans.curve import best_years_from, years_from
from siting.plans.goals.task import Limits, Task, task_of
from siting.plans.goals.walking import shortest_walks
from siting.plans.near_best import best_from, swaps_from
from siting.plans.pareto import front_from
from siting.plans.proposing import propose
from siting.plans.robust import if_hosts_leave, robust_from
from siting.plans.second_lines import (
    best_lines,
    best_year_lines,
    front_lines,
    leaving_lines,
    robust_lines,
    stability_lines,
    swap_lines,
)
from siting.plans.stability import shaken_points, stability_from
from siting.plans.wishes import Wishes
from tests.unit.siting.test_planning import PARAMETERS, town

TOWN = town()
KNOWN = walked(TOWN, PARAMETERS)


def looked_at(**how: object) -> tuple[Task, PlanResult]:
    limits = Limits(**how)  # type: ignore[arg-type]  # the planner's own settings
    task = task_of(TOWN, PARAMETERS, limits, previous=KNOWN)
    return task, propose(TOWN, PARAMETERS, previous=KNOWN, **how)  # type: ignore[arg-type]


def test_the_worst_host_is_the_one_whose_leaving_costs_most() -> None:
    _, plan = looked_at(new=3)
    rows = if_hosts_leave(TOWN, KNOWN.travel, plan)
    assert [row.hosts for row in rows] == [1, 2]
    kept = {}
    for row in rows:
        for gone in combinations([site.id for site in plan.selected], row.hosts):
            stay = tuple(site.id for site in plan.selected if site.id not in gone)
            kept[gone] = propose(
                TOWN,
                PARAMETERS,
                new=len(stay),
                wishes=Wishes(require=stay),
                previous=KNOWN,
            ).workers_covered_after
        worst = min(value for gone, value in kept.items() if len(gone) == row.hosts)
        assert row.workers_left == pytest.approx(worst)
        assert row.proved
        assert row.as_dict()["coverage"] == pytest.approx(worst / plan.workers_total)
    assert "最坏" in leaving_lines(rows, "zh")[1]
    assert leaving_lines((), "en") == []


def test_spare_hosts_keep_a_share_of_what_leaving_costs() -> None:
    hosts = TOWN.candidates.assign(host_type="bank")
    inputs = replace(TOWN, candidates=hosts)
    plan = propose(inputs, PARAMETERS, new=1, previous=KNOWN)
    row = if_hosts_leave(inputs, KNOWN.travel, plan)[0]
    lost = plan.workers_covered_after - row.workers_left
    spares = spare_hosts(inputs, PARAMETERS, [plan.selected[0].id], within_m=400)
    told = [spare for spare in spares[plan.selected[0].id] if spare.kept_share]
    assert told
    for spare in told:
        assert spare.workers_kept == pytest.approx((spare.kept_share or 0) * lost)


def test_a_robust_plan_is_recounted_and_stands_beside_the_plan() -> None:
    task, plan = looked_at(new=2)
    found = robust_from(task, plan, 0.5, 0.2)
    assert found.status == "optimal"
    assert found.gap == 0
    assert found.expected_after >= found.expected_plan > found.expected_before
    assert found.expected_after <= found.workers_covered
    assert set(found.added) == set(found.sites) - {site.id for site in plan.selected}
    nobody = robust_from(task, plan, 0.0)
    assert nobody.expected_after == pytest.approx(plan.workers_covered_after)
    assert nobody.added == nobody.dropped
    assert len(robust_lines(found, "zh")) == len(robust_lines(nobody, "en")) == 3
    assert found.as_dict()["proved_optimal"] is True
    with pytest.raises(InputError, match=r"1\.5"):
        robust_from(task, plan, 0.1, 1.5)


def test_the_best_plans_begin_with_the_plan_and_fall() -> None:
    task, plan = looked_at(new=1)
    rows = best_from(task, plan, 9)
    assert [row.rank for row in rows] == [1, 2, 3]
    assert rows[0].sites == (plan.selected[0].id,)
    assert not rows[0].added
    covered = [row.workers_covered for row in rows]
    assert covered == sorted(covered, reverse=True)
    assert all(row.proved for row in rows)
    assert rows[1].dropped == rows[0].sites
    assert "本方案" in best_lines(rows, "zh")[1]
    assert rows[2].as_dict()["proved_rank"] is True


def test_swaps_say_what_they_cost() -> None:
    task, plan = looked_at(new=1)
    swaps = swaps_from(task, plan, near=0.9)
    (site,) = swaps.sites
    assert site.need == "free"
    best = {row.sites[0]: row.workers_covered for row in best_from(task, plan, 9)}
    for swap in site.swaps:
        assert plan.workers_covered_after - swap.workers_less == pytest.approx(best[swap.id])
    firm = swaps_from(task, plan, near=0.0).sites[0]
    assert firm.need == "needed"
    assert "换不掉" in swap_lines(swaps_from(task, plan, near=0.0), "zh")[1]
    assert swaps.as_dict()["near"] == 0.9


def test_years_are_those_of_the_plan_where_wishes_ask_for_it() -> None:
    task, plan = looked_at(new=2, wishes=Wishes(require=("c700",)))
    rows = years_from(task, plan, 2)
    kept = best_years_from(task, plan, rows)
    assert not kept.free
    sites = [site for row in kept.years for site in row.sites]
    assert sorted(sites) == sorted(site.id for site in plan.selected)
    assert kept.status == "optimal"
    task, plan = looked_at(new=3)
    free = best_years_from(task, plan, years_from(task, plan, 3))
    assert free.free
    assert free.workers_years >= free.by_gain_workers_years
    assert free.workers_years == pytest.approx(sum(row.workers_covered for row in free.years))
    assert free.gap == 0
    assert all(row.regret_workers >= 0 for row in free.years)
    assert best_year_lines(free, "zh")
    assert free.as_dict()["proved_optimal"] is True


def test_draws_say_how_often_sites_are_chosen() -> None:
    task, plan = looked_at(new=2)
    found = stability_from(task, plan, draws=5)
    assert found.draws == 5
    assert not found.rules_shaken
    assert [site.id for site in found.sites[:2]] == [site.id for site in plan.selected]
    assert all(site.in_plan is (place < 2) for place, site in enumerate(found.sites))
    assert 0 <= found.regret_mean <= found.bound_mean
    assert sum(site.share for site in found.sites) <= 2 + 1e-9
    assert len(stability_lines(found, "en")) >= 3
    assert found.as_dict() == stability_from(task, plan, draws=5).as_dict()


def test_rules_are_shaken_where_they_decide() -> None:
    task, plan = looked_at(new=2, rules="daxing")
    how = {"rules": "daxing", "today": None, "draws": 3, "seed": 1}
    points = shaken_points(TOWN, PARAMETERS, KNOWN, **how)  # type: ignore[arg-type]
    assert [len(row) for row in points] == [4, 4, 4]
    assert not np.allclose(points[0], points[1])
    found = stability_from(task, plan, draws=3, points=points)
    assert found.rules_shaken
    front = front_from(task, "points", PARAMETERS)
    others = [point.other for point in front.points]
    assert others == sorted(others, reverse=True)
    assert front_lines(front, "zh")


def test_fronts_begin_with_the_cheap_and_end_with_the_most() -> None:
    task, plan = looked_at(new=2)
    front = front_from(task, "money", PARAMETERS)
    assert front.points[0].other == 0
    assert front.points[-1].workers_covered == pytest.approx(plan.workers_covered_after)
    assert all(point.proved for point in front.points)
    costs = [point.other for point in front.points]
    assert costs == sorted(costs)
    towns = front_from(task, "towns", PARAMETERS)
    assert towns.points[-1].workers_covered == pytest.approx(plan.workers_covered_after)
    assert "%" in front_lines(towns, "zh")[1]
    assert towns.as_dict()["goal"] == "towns"
    with pytest.raises(InputError, match="--rules"):
        front_from(task, "points", PARAMETERS)


def test_a_front_of_walks_goes_from_the_most_coverage_to_the_shortest_mean_walk() -> None:
    task, plan = looked_at(new=2)
    front = front_from(task, "walk", PARAMETERS)
    assert front.points[-1].workers_covered == pytest.approx(plan.workers_covered_after)
    shortest = shortest_walks(TOWN, PARAMETERS, shortened="median", new=2, previous=KNOWN)
    assert front.points[0].other == pytest.approx(shortest.mean_walk_m_after)
    walks = [point.other for point in front.points]
    assert walks == sorted(walks)
    assert "米" in front_lines(front, "zh")[1]
    by_money, _ = looked_at(budget_yuan=9000)
    with pytest.raises(InputError, match="--new"):
        front_from(by_money, "walk", PARAMETERS)
    asked, _ = looked_at(new=2, wishes=Wishes(spacing_m=50.0))
    with pytest.raises(InputError):
        front_from(asked, "walk", PARAMETERS)
