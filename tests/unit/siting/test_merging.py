"""Demand merged: enough workers in every row, and the same sums."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.tables import DTYPES, columns
from siting.coverage import read_demand
from siting.demand.merging import MERGED, merge_small
from siting.model import Parameters

K = 10


def table(rows: list[tuple[str, str, str, float]]) -> pd.DataFrame:
    """Return demand of (unit, group, window, workers) at places of their own."""
    made = [
        {
            "id": f"d{number}",
            "lon": 116.3 + 0.001 * (number * 7 % 31),
            "lat": 39.7 + 0.001 * (number * 11 % 29),
            "town": town,
            "group": group,
            "window": window,
            "workers": workers,
        }
        for number, (town, group, window, workers) in enumerate(rows)
    ]
    names = {column.name: DTYPES[column.type] for column in columns("demand")}
    return pd.DataFrame(made, columns=list(names)).astype(names)


rows = st.lists(
    st.tuples(
        st.sampled_from(["甲", "乙", ""]),
        st.sampled_from(["courier", "guard", "sweeper"]),
        st.sampled_from(["workday_noon", "workday_evening"]),
        st.one_of(st.integers(0, 9), st.integers(10, 60)),
    ),
    min_size=1,
    max_size=40,
)


@given(rows)
def test_enough_workers_in_every_row_and_the_same_sums(
    given_rows: list[tuple[str, str, str, int]],
) -> None:
    demand = table([(town, group, window, float(n)) for town, group, window, n in given_rows])
    by_window = demand.groupby("window")["workers"].sum()
    if ((by_window > 0) & (by_window < K)).any():
        with pytest.raises(InputError) as refused:
            merge_small(demand, K)
        assert refused.value.code == "small_cells_too_few"
        return
    merged = merge_small(demand, K)
    some = merged["workers"] > 0
    assert (merged.loc[some, "workers"] >= K).all()
    assert merged.groupby("window")["workers"].sum().equals(by_window)
    assert not merged.duplicated(["id", "group", "window"]).any()
    by_unit = demand.groupby(["town", "window"])["workers"].sum()
    if ((by_unit == 0) | (by_unit >= K)).all():
        told = merged.groupby(["town", "window"])["workers"].sum()
        assert told.equals(by_unit)
    untouched = merged[~merged["id"].str.startswith(MERGED)].reset_index(drop=True)
    same = untouched.merge(demand, how="inner")
    assert len(same) == len(untouched)
    read_demand(merged, Parameters())


def test_neighbours_are_put_together() -> None:
    demand = table([("甲", "courier", "workday_noon", 6.0)] * 6)
    merged = merge_small(demand, K)
    assert merged["workers"].tolist() == [12.0, 12.0, 12.0]
    assert set(merged["town"]) == {"甲"}
    assert merged["lon"].between(demand["lon"].min(), demand["lon"].max()).all()


def test_near_ones_are_put_together_and_far_ones_are_not() -> None:
    demand = table([("甲", "courier", "workday_noon", 6.0)] * 4)
    demand["lon"], demand["lat"] = [116.3, 116.4, 116.3001, 116.4001], [39.7, 39.8, 39.7001, 39.8]
    merged = merge_small(demand, K).sort_values("lon")
    assert merged["lon"].round(5).tolist() == [116.30005, 116.40005]


def test_a_left_over_takes_another_row_along() -> None:
    demand = table(
        [
            ("甲", "courier", "workday_noon", 50.0),
            ("甲", "courier", "workday_noon", 80.0),
            ("甲", "guard", "workday_noon", 3.0),
        ]
    )
    merged = merge_small(demand, K)
    assert sorted(zip(merged["group"], merged["workers"], strict=True)) == [
        ("", 53.0),
        ("courier", 80.0),
    ]


def test_nothing_is_merged_when_somebody_says_so() -> None:
    demand = table([("甲", "courier", "workday_noon", 1.0)])
    assert merge_small(demand, 0) is demand
