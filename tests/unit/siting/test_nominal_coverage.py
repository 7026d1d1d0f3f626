import numpy as np
import pytest

from geo.catchments import Travel
from geo.errors import InputError
from siting.coverage import counting_stations, nominal_coverage, read_demand
from siting.model import Parameters
from siting.results import CoverageResult
from tests.unit.siting.tables import matrix, place, table

ROWS = [
    {"id": "a", **place(0, 0), "town": "黄村镇", "workers": 10, "window": "workday_noon"},
    {"id": "a", **place(0, 0), "town": "黄村镇", "workers": 3, "window": "weekend_noon"},
    {"id": "b", **place(9, 0), "town": "", "workers": 4, "window": "workday_noon"},
    {"id": "c", **place(99, 0), "town": "安定镇", "workers": 5, "window": "workday_noon"},
]
SITES = [{0: 400.0, 1: 1000.0}, {0: 0.0}, {}]


def cover(chosen: list[bool], travel: Travel) -> CoverageResult:
    demand_table = table("demand", ROWS)
    demand = read_demand(demand_table, Parameters())
    ids = np.array(["s0", "s1", "s2"], dtype=object)
    return nominal_coverage(demand_table, demand, travel, np.array(chosen), ids)


def test_each_worker_counts_once_and_the_cut_off_is_inclusive() -> None:
    result = cover([True, True, False], matrix(SITES, 3))
    assert result.worker_hours_total == 10 * 15 + 3 * 6 + 4 * 15 + 5 * 15
    assert result.worker_hours_covered == 10 * 15 + 3 * 6 + 4 * 15
    assert result.hours_per_week == 21
    assert result.coverage == pytest.approx(228 / 303)
    assert result.workers_covered == pytest.approx(228 / 21)
    assert result.row_covered.tolist() == [True, True, True, False]
    np.testing.assert_array_equal(result.nearest_m, [0.0, 1000.0, np.nan])


def test_no_stations_cover_nobody() -> None:
    result = cover([False, False, False], matrix(SITES, 3))
    assert (result.coverage, result.stations) == (0, 0)
    assert np.isnan(result.nearest_m).all()


def test_a_station_away_from_streets_counts_as_a_station_and_is_named() -> None:
    result = cover([True, False, True], matrix(SITES, 3, lost_sites=[1, 2]))
    assert result.stations == 2
    assert result.unreachable_stations == ("s2",)


def test_unattached_demand_is_named_and_stays_in_the_denominator() -> None:
    result = cover([True, False, False], matrix(SITES, 3, lost_points=[2]))
    assert result.unsnapped_demand == ("c",)
    assert result.unsnapped_workers == pytest.approx(5 * 15 / 21)
    assert result.worker_hours_total == 303


def test_units_and_windows_are_rows_with_outside_last() -> None:
    result = cover([True, False, False], matrix(SITES, 3))
    towns = {row.name: row for row in result.towns}
    assert [row.name for row in result.towns][-1] == ""
    assert set(towns) == {"黄村镇", "安定镇", ""}
    assert towns["黄村镇"].workers == pytest.approx(168 / 21)
    assert sum(row.covered for row in result.towns) == pytest.approx(result.workers_covered)
    # Windows are heads in each of them, never added.
    assert [row.name for row in result.windows] == ["workday_noon", "weekend_noon"]
    assert [row.workers for row in result.windows] == pytest.approx([19, 3])
    assert [row.covered for row in result.windows] == pytest.approx([14, 3])


def test_the_json_has_the_keys_of_the_contract() -> None:
    keys = set(cover([True, False, False], matrix(SITES, 3)).as_dict())
    assert keys >= {
        "workers_total", "workers_covered", "coverage", "cutoff_m", "method", "stations",
        "unreachable_stations", "unsnapped_demand", "unsnapped_workers", "towns",
    }  # fmt: skip


def test_only_stations_whose_state_counts_are_stations() -> None:
    states = ["", "open", "planned", "suspended", "closed"]
    rows = [{"id": str(i), **place(i, 0), "state": state} for i, state in enumerate(states)]
    mask = counting_stations(table("stations", rows))
    assert mask.tolist() == [True, True, False, False, False]


def test_an_unknown_state_is_named() -> None:
    stations = table("stations", [{"id": "1", **place(0, 0), "state": "半开"}])
    with pytest.raises(InputError, match="半开"):
        counting_stations(stations)
