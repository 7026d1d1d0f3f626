import numpy as np
import pytest

from geo.errors import InputError
from siting.coverage import read_demand
from siting.model import Parameters
from tests.unit.siting.tables import place, table

ROWS = [
    {"id": "a", **place(0, 0), "workers": 10, "group": "courier", "window": "workday_noon"},
    {"id": "b", **place(9, 0), "workers": 4, "group": "sweeper", "window": "weekend_noon"},
    {"id": "a", **place(0, 0), "workers": 6, "group": "sweeper", "window": "workday_noon"},
]


def test_rows_become_points_weighted_by_the_hours_of_their_windows() -> None:
    demand = read_demand(table("demand", ROWS), Parameters())
    assert demand.point_id == ("a", "b")
    assert demand.row_point.tolist() == [0, 1, 0]
    # Workday noon: 3 h x 5 days; weekend noon: 3 h x 2 days.
    assert demand.row_hours.tolist() == [150, 24, 90]
    assert demand.point_hours.tolist() == [240, 24]
    assert demand.hours_per_week == 21
    assert demand.measure == "worker_hours"


def test_windows_and_groups_that_do_not_count_have_no_weight() -> None:
    parameters = Parameters(windows=("workday_noon",), groups=("sweeper",))
    demand = read_demand(table("demand", ROWS), parameters)
    assert demand.row_hours.tolist() == [0, 0, 90]
    assert demand.hours_per_week == 15
    assert demand.present(float(demand.point_hours.sum())) == 6


def test_without_windows_they_are_plain_heads() -> None:
    rows = [{key: row[key] for key in ("id", "lon", "lat", "workers")} for row in ROWS]
    demand = read_demand(table("demand", rows), Parameters())
    assert demand.point_hours.tolist() == [16, 4]
    assert (demand.hours_per_week, demand.measure) == (1, "workers")


def test_no_demand_is_no_error() -> None:
    demand = read_demand(table("demand", []), Parameters())
    assert demand.points == 0
    assert np.isfinite(demand.hours_per_week)


@pytest.mark.parametrize(
    ("change", "parameters", "code"),
    [
        ({"window": "brunch"}, Parameters(), "siting_unknown_window"),
        ({"window": ""}, Parameters(), "siting_windows_mixed"),
        ({"workers": -1}, Parameters(), "siting_demand_workers"),
        ({"workers": None}, Parameters(), "siting_demand_workers"),
        ({"workers": 1e308}, Parameters(), "siting_demand_workers_many"),
        (place(500, 0), Parameters(), "siting_demand_moved"),
        ({}, Parameters(windows=("brunch",)), "siting_unknown_window"),
        ({}, Parameters(windows=()), "siting_no_window_asked"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    change: dict[str, object], parameters: Parameters, code: str
) -> None:
    rows = [*ROWS[:2], {**ROWS[2], **change}]
    with pytest.raises(InputError) as error:
        read_demand(table("demand", rows), parameters)
    assert error.value.code == code
    assert error.value.message("zh")
    assert error.value.message("en")


def test_windows_cannot_be_asked_of_a_table_without_them() -> None:
    rows = [{"id": "a", **place(0, 0), "workers": 1}]
    with pytest.raises(InputError, match="no windows"):
        read_demand(table("demand", rows), Parameters(windows=("workday_noon",)))
