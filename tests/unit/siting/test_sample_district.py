"""The main job on the shipped sample."""

from dataclasses import replace

import pytest

from geo.reference import DATA_FOLDER
from siting.files import LAYERS, InputFiles, read_inputs
from siting.model import Inputs, Parameters
from siting.planning import Evaluation, evaluate
from siting.plans.proposing import propose
from siting.plans.stated_need import need_rows
from siting.rules import read_rules

SAMPLE = DATA_FOLDER / "sample"


@pytest.fixture(scope="module")
def sample() -> Inputs:
    tables = {layer: SAMPLE / f"{layer}.csv" for layer in LAYERS if layer != "demand"}
    tables["demand"] = SAMPLE / "demand.parquet"
    inputs, _ = read_inputs(InputFiles(tables, streets=SAMPLE / "streets.wsn"))
    return inputs


@pytest.fixture(scope="module")
def evaluation(sample: Inputs) -> Evaluation:
    return evaluate(sample, Parameters())


def test_the_whole_week_is_counted_in_worker_hours(evaluation: Evaluation) -> None:
    result = evaluation.coverage
    assert (result.measure, result.hours_per_week, result.method) == ("worker_hours", 168, "street")
    assert 0 < result.coverage < 1
    assert sum(row.workers for row in result.towns) == pytest.approx(result.workers_total)
    assert sum(row.covered for row in result.towns) == pytest.approx(result.workers_covered)


def test_every_kind_of_area_is_found(evaluation: Evaluation) -> None:
    found = {item.area_types[0] for item in evaluation.scores if item.area_types}
    assert found == {"enterprise_cluster", "central_urban", "function_zone", "sparse", "special"}
    spoken = [item for item in evaluation.scores if item.evidence]
    assert len(spoken) > 0.9 * len(evaluation.scores)
    assert sorted(item.rank for item in evaluation.scores) == list(
        range(1, len(evaluation.scores) + 1)
    )


def test_stated_need_in_sparse_areas_changes_a_plan_by_the_rules(
    sample: Inputs, evaluation: Evaluation
) -> None:
    book = read_rules("daxing")
    ruled, deaf = (
        propose(sample, Parameters(), new=15, rules=rules, previous=evaluation)
        for rules in (book, replace(book, stated_need=None))
    )
    rows, travel = need_rows(sample, evaluation.travel, book), evaluation.travel
    assert rows is not None
    opened = travel.open_sites(sample.stations)
    opened[travel.stations :] = sample.candidates["id"].isin([s.id for s in deaf.selected])
    need = ruled.stated_need
    assert need is not None
    assert (need.area, need.records_before) == ("sparse", 18)
    assert rows.within(opened) < need.records_after < need.records
    # Requests are no heads: coverage is that of the stations alone.
    assert ruled.workers_covered_after < deaf.workers_covered_after <= ruled.bound_workers
    assert ruled.after is not None
    assert ruled.workers_covered_after == pytest.approx(ruled.after.workers_covered)


def test_five_new_stations_and_what_the_rules_change(
    sample: Inputs, evaluation: Evaluation
) -> None:
    plain = propose(sample, Parameters(), new=5, previous=evaluation)
    ruled = propose(sample, Parameters(), new=5, rules="daxing", previous=evaluation)
    assert (len(plain.selected), len(ruled.selected)) == (5, 5)
    assert plain.status == "optimal"
    assert ruled.status in {"optimal", "within_gap"}
    assert ruled.bound_workers == pytest.approx(plain.workers_covered_after)
    assert 0 <= ruled.gap <= 0.005
    points = {item.id: item.points for item in evaluation.scores}
    sums = [sum(points[site.id] for site in plan.selected) for plan in (plain, ruled)]
    assert sums[0] < sums[1]
