"""Head counts, shifts, lengths of street and official totals as demand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.reference import read_list
from siting.coverage import read_demand
from siting.demand.calibration import calibrated
from siting.demand.sources import (
    STREET_STEP_M,
    enterprise_heads,
    in_windows,
    joined,
    street_heads,
)
from siting.model import Parameters
from siting.windows import windows
from tests.unit.siting.tables import main_street_town, place, table


def firms() -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {"id": "E1", **place(0, 0), "town": "甲", "workers": 100},
        {"id": "E2", **place(9, 0), "town": "甲", "workers": 300},
        {"id": "E3", **place(99, 0), "town": "乙", "workers": None},
    ]
    return table("enterprises", rows)


def spread() -> pd.DataFrame:
    return in_windows(enterprise_heads(firms()))


def test_enterprises_work_by_their_shifts() -> None:
    heads = enterprise_heads(firms(), "day", {"E2": "three_shift"})
    assert heads["id"].tolist() == ["E1", "E2"]
    demand = in_windows(heads)
    shifts = read_list("reference/shifts")
    order = read_list("reference/presence")["windows"]
    for name, workers, shift in (("E1", 100, "day"), ("E2", 300, "three_shift")):
        rows = demand[demand["id"] == name].set_index("window")["workers"]
        for window, share in zip(order, shifts[shift]["presence"], strict=True):
            assert rows[window] == pytest.approx(workers * share)
    # What comes out is a demand table: one that coverage reads.
    assert read_demand(demand, Parameters()).measure == "worker_hours"


def test_lists_of_presence_fit_the_windows_and_groups_and_are_marked() -> None:
    presence, shifts = read_list("reference/presence"), read_list("reference/shifts")
    assert presence["windows"] == list(windows())
    assert set(presence["groups"]) | {"enterprise"} == set(read_list("reference/groups"))
    assert presence["assumed"]
    assert all(entry["assumed"] for entry in shifts.values())
    profiles = [*presence["groups"].values(), *(entry["presence"] for entry in shifts.values())]
    assert all(len(shares) == len(windows()) for shares in profiles)
    assert all(0 <= share <= 1 for shares in profiles for share in shares)


def test_rows_with_windows_stay_and_shares_of_zero_leave_no_row() -> None:
    rows = [
        {"id": "a", **place(0, 0), "workers": 7, "group": "domestic"},
        {"id": "b", **place(0, 0), "workers": 5, "group": "guard", "window": "workday_noon"},
    ]
    demand = in_windows(table("demand", rows))
    assert demand[demand["id"] == "b"]["workers"].tolist() == [5]
    assert "workday_night" not in demand[demand["id"] == "a"]["window"].tolist()
    assert (demand["workers"] > 0).all()
    assert in_windows(table("demand", [])).empty


def test_sweepers_stand_along_streets_by_length() -> None:
    net = main_street_town()
    heads = street_heads(net, 90.0, ("primary",))
    assert heads["workers"].sum() == pytest.approx(90)
    assert heads["id"].is_unique
    # Two halves of 500 m and something: three stretches each, all alike.
    assert len(heads) == 2 * np.ceil(500.6 / STREET_STEP_M)
    assert heads["workers"].to_numpy() == pytest.approx(np.full(6, 15.0), rel=1e-2)
    first = place(500 / 6, 0)
    assert heads["lon"].min() == pytest.approx(first["lon"], abs=1e-6)
    with_lanes = street_heads(net, 90.0, ("primary", "residential"))
    lanes = with_lanes["lat"] > place(0, 1)["lat"]
    assert with_lanes[lanes]["workers"].sum() == pytest.approx(90 * 2400 / 3400, rel=2e-3)


def test_calibration_says_what_it_did() -> None:
    heads = joined([enterprise_heads(firms())])
    scaled, factors = calibrated(heads, {"甲": 1000.0, "丙": 50.0})
    assert scaled["workers"].tolist() == [250, 750]
    told = {item.town: item for item in factors}
    assert (told["甲"].before, told["甲"].after, told["甲"].factor) == (400, 1000, 2.5)
    assert told["甲"].far
    # Nobody to scale: the total is not invented onto some place.
    assert (told["丙"].factor, told["丙"].after, told["丙"].far) == (None, 0, True)
    same, factors = calibrated(heads, {"乙": 3.0})
    assert same["workers"].tolist() == [100, 300]
    assert {item.town: item.factor for item in factors} == {"甲": 1.0, "乙": None}


@given(
    st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 500)), max_size=8),
    st.dictionaries(st.sampled_from("甲乙丙丁"), st.integers(0, 5000)),
)
@settings(max_examples=60, deadline=None)
def test_units_sum_to_their_totals_and_the_others_stay(
    given_rows: list[tuple[str, int]], official: dict[str, int]
) -> None:
    rows = [
        {"id": f"p{number}", **place(number, 0), "town": town, "workers": heads}
        for number, (town, heads) in enumerate(given_rows)
    ]
    heads = table("demand", rows)
    scaled, factors = calibrated(heads, {town: float(n) for town, n in official.items()})
    for item in factors:
        mine = heads["town"] == item.town
        assert scaled[mine]["workers"].sum() == pytest.approx(item.after)
        assert heads[mine]["workers"].sum() == item.before
        if item.before and item.town in official:
            assert item.after == official[item.town]
        else:
            assert item.after == item.before
    assert sum(item.after for item in factors) == pytest.approx(scaled["workers"].sum())


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda: enterprise_heads(firms(), "night"), "siting_unknown_shift"),
        (lambda: enterprise_heads(firms(), "day", {"E9": "day"}), "siting_unknown_enterprise"),
        (lambda: street_heads(main_street_town(), 1.0, ("trunk",)), "siting_no_street_of_class"),
        (lambda: street_heads(main_street_town(), -1.0, ("primary",)), "siting_heads"),
        (lambda: joined([enterprise_heads(firms())] * 2), "siting_heads_twice"),
        (
            lambda: calibrated(in_windows(enterprise_heads(firms())), {}),
            "siting_heads_have_windows",
        ),
        (
            lambda: in_windows(table("demand", [{"id": "a", **place(0, 0), "workers": 1}])),
            "siting_no_presence",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(work: object, code: str) -> None:
    assert callable(work)
    with pytest.raises(InputError) as error:
        work()
    assert error.value.code == code
    assert error.value.message("zh")


def test_a_total_below_zero_is_refused() -> None:
    with pytest.raises(InputError) as error:
        calibrated(enterprise_heads(firms()), {"甲": -1.0})
    assert error.value.code == "siting_heads"
