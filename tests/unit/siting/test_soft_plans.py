"""Plans by distance, second stations and seats, from tables: recounted by other means."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from siting.model import Inputs, Parameters
from siting.planning import coverage
from siting.plans.goals.backup import propose_backup
from siting.plans.goals.capacity import propose_capacity
from siting.plans.goals.gradual import propose_gradual
from siting.plans.goals.soft_lines import soft_lines
from siting.plans.goals.task import Limits
from siting.plans.wishes import FloorWish, Wishes
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=1000.0)
MORNING, NOON = "workday_morning", "workday_noon"


def district(points: int = 40, candidates: int = 12) -> Inputs:
    """Return workers and sites strewn over 4 km2, two stations among them."""
    draws = np.random.default_rng(7)

    def strewn(number: int) -> list[dict[str, float]]:
        return [place(x, y) for x, y in draws.uniform(0, 2000, (number, 2)).tolist()]

    demand = [
        {"id": f"d{number}", "town": "甲镇", "workers": float(draws.integers(1, 60)), **at}
        for number, at in enumerate(strewn(points))
    ]
    stations = [{"id": f"s{number}", "seats": 3, **at} for number, at in enumerate(strewn(2))]
    sites = [
        {"id": f"c{number}", "kind": "street_front", "cost_yuan": 3000, **at}
        for number, at in enumerate(strewn(candidates))
    ]
    return Inputs(
        demand=table("demand", demand),
        stations=table("stations", stations),
        candidates=table("candidates", sites),
    )


def with_open(inputs: Inputs, chosen: list[str]) -> Inputs:
    """Return the same with candidates as stations."""
    rows = inputs.candidates[inputs.candidates["id"].isin(chosen)]
    both = pd.concat([inputs.stations, rows[list(inputs.stations.columns)]], ignore_index=True)
    return replace(inputs, stations=both)


def test_ways_to_the_nearest_station_give_the_figure() -> None:
    inputs = district()
    plan = propose_gradual(inputs, PARAMETERS, Limits(new=3))
    for chosen, counted, workers in (
        ([], plan.counted_before, [band.workers_before for band in plan.bands]),
        (
            [site.id for site in plan.selected],
            plan.counted_after,
            [band.workers_after for band in plan.bands],
        ),
    ):
        result = coverage(with_open(inputs, chosen), PARAMETERS)
        band = np.digitize(result.nearest_m, [300, 500, 1000], right=True)
        band[np.isnan(result.nearest_m)] = 3
        found = [float(result.point_workers[band == number].sum()) for number in range(4)]
        assert workers == pytest.approx(found)
        assert counted == pytest.approx(found[0] + 0.6 * found[1] + 0.3 * found[2])
    assert (plan.status, len(plan.selected)) == ("optimal", 3)
    assert plan.counted_bound == plan.counted_after
    # One band that reaches as far as the cut-off is coverage.
    flat = propose_gradual(inputs, replace(PARAMETERS, cutoff_m=300.0), Limits(new=3))
    assert flat.counted_after == pytest.approx(flat.workers_covered_after)


def test_second_stations_are_counted_from_the_table() -> None:
    inputs = district()
    plan = propose_backup(inputs, PARAMETERS, Limits(new=3), second_share=0.4)
    opened = with_open(inputs, [site.id for site in plan.selected])
    every = opened.stations["id"].tolist()
    times = np.zeros(len(inputs.demand))
    for name in every:
        alone = replace(opened, stations=opened.stations[opened.stations["id"] == name])
        times += coverage(replace(alone, candidates=inputs.candidates), PARAMETERS).row_covered
    workers = inputs.demand["workers"].to_numpy(dtype=float)
    assert plan.workers_covered_after == pytest.approx(workers[times >= 1].sum())
    assert plan.workers_twice_after == pytest.approx(workers[times >= 2].sum())
    assert plan.counted_after == pytest.approx(
        0.6 * plan.workers_covered_after + 0.4 * plan.workers_twice_after
    )
    assert sum(site.workers_gained for site in plan.selected) == pytest.approx(
        plan.workers_covered_after - plan.workers_covered_before
    )


def test_seats_are_there_while_a_station_is_open() -> None:
    at = place(0, 0)
    rows = [{"id": "d", "workers": 100, "window": window, **at} for window in (MORNING, NOON)]
    stations = [{"id": "s", "seats": 2, "hours": "Mo-Fr 08:00-12:30", **at}]
    sites = [
        {"id": "day", "seats": 3, "hours": "Mo-Fr 11:00-14:00", "cost_yuan": 1, **at},
        {"id": "unknown", "seats": 2, "kind": "mobile", "cost_yuan": 1, **at},
        {"id": "none", "kind": "hospital_rack", "cost_yuan": 1, **at},
    ]
    inputs = Inputs(table("demand", rows), table("stations", stations), table("candidates", sites))
    plan = propose_capacity(inputs, PARAMETERS, Limits(new=1), at_once=0.1)
    # Two seats for twenty by the morning and, half of the noon, for ten.
    assert plan.counted_before == 15
    # Three seats at noon win 15 on average, two that are always there 20.
    assert [site.id for site in plan.selected] == ["unknown"]
    assert (plan.counted_after, plan.counted_bound, plan.status) == (35, 35, "optimal")
    old, new = plan.stations
    assert (old.open_seats, old.used) == ({MORNING: 2, NOON: 1}, {MORNING: 2, NOON: 1})
    assert (new.hours_known, new.full, old.hours_known) == (False, (MORNING, NOON), True)
    assert [(row.seated, row.standing) for row in plan.windows] == [(40, 60), (30, 70)]
    (standing,) = plan.standing
    assert (standing.workers, standing.in_reach) == (65, True)
    told = soft_lines(plan, "en")
    assert any("workday noon: 100 present, with a seat 10 → 30" in line for line in told)


def test_wishes_hold_for_every_goal() -> None:
    inputs = district()
    towns = inputs.demand["town"].where(inputs.demand.index < 20, "乙镇")
    inputs = replace(inputs, demand=inputs.demand.assign(town=towns))
    limits = Limits(new=4, wishes=Wishes(floors=(FloorWish(0.9, "乙镇"),), forbid=("c0",)))
    for propose in (propose_gradual, propose_backup, propose_capacity):
        plan = propose(inputs, PARAMETERS, limits)
        chosen = [site.id for site in plan.selected]
        shares = {
            row.name: row.coverage for row in coverage(with_open(inputs, chosen), PARAMETERS).towns
        }
        assert shares["乙镇"] >= 0.9
        assert "c0" not in chosen
        assert plan.counted_bound >= plan.counted_after


def test_nobody_to_plan_for() -> None:
    nobody = replace(district(3, 2), demand=table("demand", []))
    for propose in (propose_gradual, propose_backup, propose_capacity):
        plan = propose(nobody, PARAMETERS, Limits(new=1))
        assert (plan.counted_after, plan.counted_bound, plan.status) == (0, 0, "optimal")
        assert soft_lines(plan, "zh")


def test_shares_that_mean_nothing_are_refused() -> None:
    for share in (0.0, 1.5):
        with pytest.raises(InputError) as error:
            propose_capacity(district(3, 1), PARAMETERS, Limits(new=1), at_once=share)
        assert error.value.code == "siting_capacity_at_once"
