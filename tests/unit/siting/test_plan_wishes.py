"""Plans that planners ask more of: recounted by plain loops, on the sample."""

import itertools
from dataclasses import replace

import pandas as pd
import pytest

from geo.crs import geodesic_m
from geo.errors import InfeasibleError, InputError
from siting.allocation import contained
from siting.allocation.held import NONE_IN_TIME
from siting.files import LAYERS, InputFiles, read_inputs
from siting.model import Inputs, Parameters
from siting.plan_results import PlanResult
from siting.planning import coverage
from siting.plans.proposing import propose
from siting.plans.wishes import FloorWish, QuotaWish, Wishes
from tests.unit.siting.test_sample_district import SAMPLE

PARAMETERS = Parameters(cutoff_m=1000.0)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    tables = {layer: SAMPLE / f"{layer}.csv" for layer in LAYERS if layer != "demand"}
    tables["demand"] = SAMPLE / "demand.parquet"
    return read_inputs(InputFiles(tables, streets=SAMPLE / "streets.wsn"))[0]


def apart_m(one: tuple[float, float], two: tuple[float, float]) -> float:
    return float(geodesic_m(one[0], one[1], two[0], two[1]))


def everything(inputs: Inputs) -> float:
    """Return what all stations and candidates cover together."""
    opened = inputs.candidates.assign(state="open")
    both = pd.concat([inputs.stations, opened[inputs.stations.columns]], ignore_index=True)
    return coverage(replace(inputs, stations=both), PARAMETERS).workers_covered


def chosen(plan: PlanResult) -> list[str]:
    return [site.id for site in plan.selected]


def test_sites_are_required_and_forbidden(inputs: Inputs) -> None:
    free = propose(inputs, PARAMETERS, new=3)
    assert free.status == "optimal"
    first, *_ = chosen(free)
    odd = next(str(name) for name in inputs.candidates["id"] if str(name) not in chosen(free))
    plan = propose(inputs, PARAMETERS, new=3, wishes=Wishes(require=(odd,), forbid=(first,)))
    assert (plan.status, odd in chosen(plan), first in chosen(plan)) == ("optimal", True, False)
    assert plan.workers_covered_after <= free.workers_covered_after
    assert plan.parameters["scenario"] != free.parameters["scenario"]


def test_new_stations_keep_their_distance(inputs: Inputs) -> None:
    plan = propose(inputs, PARAMETERS, new=5, wishes=Wishes(spacing_m=1500.0))
    table = inputs.candidates
    at = dict(zip(table["id"], zip(table["lon"], table["lat"], strict=True), strict=True))
    for one, two in itertools.combinations(chosen(plan), 2):
        assert apart_m(at[one], at[two]) >= 1500
    there = inputs.stations[inputs.stations["state"] != "closed"]
    stations = list(zip(there["lon"], there["lat"], strict=True))
    assert stations
    for one, station in itertools.product(chosen(plan), stations):
        assert apart_m(at[one], station) >= 1500


def test_every_town_gets_no_more_than_one(inputs: Inputs) -> None:
    wishes = Wishes(quotas=(QuotaWish("town", most=1), QuotaWish("town", "黄村镇", least=1)))
    plan = propose(inputs, PARAMETERS, new=6, wishes=wishes)
    town = inputs.candidates.set_index("id")["town"]
    towns = [town[site] for site in chosen(plan)]
    assert len(set(towns)) == len(towns) == 6
    assert "黄村镇" in towns


def test_a_town_is_lifted_to_its_floor(inputs: Inputs) -> None:
    rows = [row for row in coverage(inputs, PARAMETERS).towns if row.name and row.workers > 100]
    low = min(rows, key=lambda row: row.covered / row.workers)
    asked = low.covered / low.workers + 0.05
    plan = propose(inputs, PARAMETERS, new=4, wishes=Wishes(floors=(FloorWish(asked, low.name),)))
    assert plan.status == "optimal"
    assert plan.after is not None
    (after,) = (row for row in plan.after.towns if row.name == low.name)
    assert after.covered / after.workers >= asked - 1e-9


def test_what_cannot_be_met_is_said_in_words(inputs: Inputs) -> None:
    wishes = Wishes(quotas=(QuotaWish("town", least=1),))
    plan = propose(inputs, PARAMETERS, new=2, wishes=wishes)
    assert (plan.status, plan.selected) == ("infeasible", ())
    assert plan.workers_covered_after == plan.workers_covered_before
    assert "不能同时满足" in plan.remark_zh
    assert "cannot all be kept to" in plan.remark_en


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        (Wishes(require=("?",)), "siting_plan_no_candidate"),
        (Wishes(forbid=("?",)), "siting_plan_no_candidate"),
        (Wishes(require=("C001",), forbid=("C001",)), "siting_plan_both_ways"),
        (Wishes(quotas=(QuotaWish("town", "火星镇", least=1),)), "siting_plan_no_value"),
        (Wishes(floors=(FloorWish(0.5, "火星镇"),)), "siting_plan_no_value"),
        (Wishes(floors=(FloorWish(1.5),)), "siting_plan_floor"),
        (Wishes(spacing_m=-1.0), "siting_metres_negative"),
    ],
)
def test_wishes_that_mean_nothing_are_refused(inputs: Inputs, wishes: Wishes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        propose(inputs, PARAMETERS, new=1, wishes=wishes)
    assert caught.value.code == code


@pytest.mark.parametrize("what_ends_it", ["time", "crash"])
def test_a_search_that_ends_without_a_plan_proves_nothing(
    inputs: Inputs, monkeypatch: pytest.MonkeyPatch, what_ends_it: str
) -> None:
    def ended(_: contained.PlanSearch) -> None:
        raise InfeasibleError(NONE_IN_TIME, seconds=0.1, stopped=what_ends_it)

    monkeypatch.setattr(contained.PlanSearch, "solution", ended)
    plan = propose(inputs, PARAMETERS, new=2)
    assert (plan.found, plan.status, plan.stopped) == (False, "time_limit", what_ends_it)
    assert (plan.selected, plan.proved_optimal) == ((), False)
    assert plan.workers_covered_after == plan.workers_covered_before
    assert plan.bound_workers == everything(inputs) > plan.workers_covered_after
    assert "没有找到" in plan.remark_zh
    assert "nor proved impossible" in plan.remark_en
