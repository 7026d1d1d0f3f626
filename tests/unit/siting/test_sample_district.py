"""The main job on the shipped sample."""

import pytest

from geo.reference import DATA_FOLDER
from siting.files import LAYERS, InputFiles, read_inputs
from siting.model import Inputs, Parameters
from siting.planning import Evaluation, evaluate
from siting.plans.proposing import propose

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
