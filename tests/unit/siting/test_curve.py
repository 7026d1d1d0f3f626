"""Curves and roll-outs on two streets, against plans made one by one."""

from dataclasses import replace
from itertools import pairwise

import pytest

from siting.model import Parameters
from siting.plans.curve import Curve, curve_from, years_from
from siting.plans.goals.task import Limits, task_of
from siting.plans.proposing import propose
from tests.unit.siting.test_planning import PARAMETERS, town


def curve_of(
    parameters: Parameters, *, new: int | None = None, budget_yuan: int | None = None
) -> Curve:
    return curve_from(task_of(town(), parameters, Limits()), new, budget_yuan)


def test_every_point_is_the_best_plan_of_its_size() -> None:
    curve = curve_of(PARAMETERS, new=3)
    assert [point.new for point in curve.points] == [0, 1, 2, 3]
    for point in curve.points:
        plan = propose(town(), PARAMETERS, new=point.new)
        assert point.workers_covered == plan.workers_covered_after
        assert point.cost_yuan == sum(site.cost_yuan for site in plan.selected)
        assert point.as_dict()["proved_optimal"] is True
    gains = [two.workers_covered - one.workers_covered for one, two in pairwise(curve.points)]
    assert all(gain >= 0 for gain in gains)
    assert curve.elbow in {1, 2}


def test_a_curve_over_money_never_falls_and_keeps_to_it() -> None:
    curve = curve_of(PARAMETERS, budget_yuan=40_000)
    assert len(curve.points) == 21
    assert all(point.cost_yuan <= (point.budget_yuan or 0) for point in curve.points)
    covered = [point.workers_covered for point in curve.points]
    assert covered == sorted(covered)
    assert curve.points[0].opened == 0


def test_nothing_to_win_has_no_elbow() -> None:
    assert curve_of(Parameters(cutoff_m=1.0), new=3).elbow is None
    assert curve_of(PARAMETERS, new=1).elbow is None


@pytest.mark.parametrize("years", [1, 2, 3, 5])
def test_years_open_the_plan_bit_by_bit(years: int) -> None:
    plan = propose(town(), PARAMETERS, new=3)
    rows = years_from(task_of(town(), PARAMETERS, Limits()), plan, years)
    assert [row.year for row in rows] == list(range(1, years + 1))
    assert [site for row in rows for site in row.sites] == [site.id for site in plan.selected]
    sizes = [len(row.sites) for row in rows]
    assert max(sizes) - min(sizes) <= 1
    assert rows[-1].workers_covered == pytest.approx(plan.workers_covered_after)
    opened = 0
    for row in rows:
        opened += len(row.sites)
        best = propose(town(), PARAMETERS, new=opened).workers_covered_after
        assert row.workers_covered + row.regret_workers == pytest.approx(best)
        assert row.regret_workers >= 0


def test_what_rule_points_take_is_regret_in_the_last_year_too() -> None:
    by_rules = propose(town(), PARAMETERS, new=1)
    worse = replace(
        by_rules,
        status="within_gap",
        workers_covered_after=by_rules.workers_covered_after - 7,
        selected=tuple(
            replace(site, workers_gained=site.workers_gained - 7) for site in by_rules.selected
        ),
    )
    (row,) = years_from(task_of(town(), PARAMETERS, Limits()), worse, 1)
    assert row.regret_workers == pytest.approx(7)
