"""Coverage on random instances, against a plain triple loop."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.coverage import nominal_coverage, read_demand
from siting.model import Parameters
from siting.results import CoverageResult
from siting.windows import windows
from tests.unit.siting.tables import matrix, place, table

CUTOFF_M = 500
WINDOWS = ("workday_noon", "workday_night", "weekend_noon")
GROUPS = ("courier", "sweeper", "")
TOWNS = ("黄村镇", "安定镇", "")


@dataclass(frozen=True)
class World:
    """Demand rows, metres from each site to each point within the cut-off, and chosen sites."""

    demand: pd.DataFrame
    points: int
    metres: list[dict[int, float]]
    chosen: list[bool]

    def result(self, metres: list[dict[int, float]], chosen: list[bool]) -> CoverageResult:
        demand = read_demand(self.demand, Parameters())
        ids = np.array([f"s{i}" for i in range(len(chosen))], dtype=object)
        travel = matrix(metres, self.points, cutoff_m=CUTOFF_M)
        return nominal_coverage(self.demand, demand, travel, np.array(chosen, dtype=bool), ids)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    points = draw(st.integers(0, 6))
    with_windows = draw(st.booleans())
    rows = []
    for point in range(points):
        for group in draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=2, unique=True)):
            times = st.lists(st.sampled_from(WINDOWS), min_size=1, max_size=3, unique=True)
            rows += [
                {
                    "id": f"p{point}",
                    **place(point, 0),
                    "town": TOWNS[point % 3],
                    "group": group,
                    "window": when,
                    "workers": draw(st.integers(0, 50)),
                }
                for when in (draw(times) if with_windows else [""])
            ]
    reach = st.dictionaries(st.integers(0, points - 1), st.integers(0, CUTOFF_M), max_size=points)
    sites = draw(st.integers(0, 4))
    metres = [dict(draw(reach)) if points else {} for _ in range(sites)]
    as_floats = [{point: float(m) for point, m in row.items()} for row in metres]
    return World(
        table("demand", rows), points, as_floats, [draw(st.booleans()) for _ in range(sites)]
    )


def by_loops(world: World) -> tuple[float, float]:
    """Return covered and all worker-hours, the slow and plain way."""
    covered = total = 0.0
    order = {name: number for number, name in enumerate(dict.fromkeys(world.demand["id"]))}
    rows = world.demand[["id", "window", "workers"]].to_numpy(dtype=object).tolist()
    for point, when, workers in rows:
        hours = windows()[when].hours_per_week if when else 1.0
        total += workers * hours
        for reach, chosen in zip(world.metres, world.chosen, strict=True):
            if chosen and reach.get(order[point], CUTOFF_M + 1) <= CUTOFF_M:
                covered += workers * hours
                break
    return covered, total


@given(worlds())
def test_coverage_equals_three_loops(world: World) -> None:
    result = world.result(world.metres, world.chosen)
    covered, total = by_loops(world)
    assert result.worker_hours_covered == pytest.approx(covered)
    assert result.worker_hours_total == pytest.approx(total)
    assert result.coverage == pytest.approx(covered / total if total else 0.0)


@given(worlds())
def test_units_and_groups_sum_to_the_district(world: World) -> None:
    result = world.result(world.metres, world.chosen)
    for rows in (result.towns, result.groups):
        assert sum(row.workers for row in rows) == pytest.approx(result.workers_total)
        assert sum(row.covered for row in rows) == pytest.approx(result.workers_covered)
    assert result.point_workers.sum() == pytest.approx(result.workers_total)
    assert result.point_covered.sum() == pytest.approx(result.workers_covered)


@given(worlds())
def test_a_duplicate_station_changes_nothing(world: World) -> None:
    once = world.result(world.metres, world.chosen)
    twice = world.result(world.metres * 2, world.chosen * 2)
    assert twice.worker_hours_covered == once.worker_hours_covered
    np.testing.assert_array_equal(twice.row_covered, once.row_covered)
    np.testing.assert_array_equal(twice.nearest_m, once.nearest_m)


@given(worlds())
def test_a_further_station_never_lowers_coverage(world: World) -> None:
    before = world.result(world.metres, world.chosen).worker_hours_covered
    for site in range(len(world.chosen)):
        more = [chosen or number == site for number, chosen in enumerate(world.chosen)]
        assert world.result(world.metres, more).worker_hours_covered >= before


@given(worlds())
def test_no_station_covers_nobody(world: World) -> None:
    result = world.result(world.metres, [False] * len(world.chosen))
    assert (result.coverage, result.workers_covered, result.stations) == (0, 0, 0)
