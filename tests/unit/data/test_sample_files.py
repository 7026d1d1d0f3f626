"""The shipped sample: what it says of itself is true, and it holds what it promises."""

import hashlib
import tomllib
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from opening_hours import validate

from geo.catchments import travel
from geo.reference import DATA_FOLDER, read_list
from geo.streets import AttachStatus, Network, attach, load_streets, summary
from geo.tables import columns, split_list

FOLDER = DATA_FOLDER / "sample"
ABOUT = tomllib.loads((FOLDER / "sample.toml").read_text(encoding="utf-8"))
TABLES = ("stations", "candidates", "enterprises", "hosts", "needs")
REST, TOWNS, BASES = "的士职工之家", 14, 2


@pytest.fixture(scope="module")
def streets() -> Network:
    return load_streets(FOLDER / "streets.wsn")


@pytest.fixture(scope="module")
def demand() -> pd.DataFrame:
    return pd.read_parquet(FOLDER / "demand.parquet")


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", keep_default_na=False, dtype=str)


def units() -> pd.DataFrame:
    return pd.read_csv(DATA_FOLDER / "reference" / "units.csv", keep_default_na=False, dtype=str)


def test_every_layer_has_the_recorded_bytes() -> None:
    for layer in ABOUT["layers"]:
        content = (FOLDER / layer["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == layer["sha256"], layer["file"]


def test_every_file_is_a_recorded_layer_and_all_is_small() -> None:
    files = {path.name for path in FOLDER.iterdir()}
    assert files == {layer["file"] for layer in ABOUT["layers"]} | {"sample.toml"}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 5_000_000


def test_everything_but_the_outline_says_that_it_is_synthetic() -> None:
    assert ABOUT["label"]["zh"] == "合成示例数据"
    assert "合成示例数据" in ABOUT["title"]["zh"]
    assert "synthetic sample" in ABOUT["title"]["en"]
    real = [layer["layer"] for layer in ABOUT["layers"] if not layer["synthetic"]]
    assert real == ["outline"]


def test_the_counts_are_those_of_the_files(demand: pd.DataFrame) -> None:
    for name in TABLES:
        assert len(table(name)) == ABOUT["counts"][name]
    assert demand["id"].nunique() == ABOUT["counts"]["demand_points"]
    assert len(demand) == ABOUT["counts"]["demand_rows"]


@pytest.mark.parametrize("name", TABLES)
def test_tables_have_columns_of_the_schema_in_its_order(name: str) -> None:
    held = list(table(name).columns)
    assert held == [column.name for column in columns(name) if column.name in held]


@pytest.mark.parametrize("name", TABLES)
def test_codes_are_known_and_ids_unique(name: str) -> None:
    frame = table(name)
    assert frame["id"].is_unique
    for column in columns(name):
        if column.codes and column.name in frame:
            known = set(read_list(f"reference/{column.codes}"))
            used = {code for cell in frame[column.name] for code in split_list(cell)}
            assert used <= known, column.name


def test_sites_are_named_once_and_have_a_unit() -> None:
    known = set(units()["name"]) - {"", REST}
    for name in ("stations", "candidates"):
        frame = table(name)
        assert frame["name"].is_unique
        assert set(frame["town"]) <= known
        assert set(frame["town"]) >= {"礼贤镇", "兴丰街道", "生物医药产业基地"}


@pytest.mark.parametrize("name", ["stations", "candidates"])
def test_hours_are_opening_hours_or_unknown(name: str) -> None:
    hours = table(name)["hours"]
    assert (hours == "").any()
    wrong = [text for text in sorted(set(hours)) if text and not validate(text)]
    assert wrong == []


def test_there_are_109_stations_of_every_kind() -> None:
    frame = table("stations")
    assert len(frame) == 109
    assert set(frame["kind"]) == set(read_list("reference/kinds"))
    assert Counter(frame["state"]) == {"open": 107, "suspended": 1, "closed": 1}


def test_hosts_that_reports_name_are_there_on_their_streets(streets: Network) -> None:
    frame = table("stations")
    for part in (
        "富强西里",
        "刘生记",
        "好粥道",
        "富思特",
        "大兴区医院",
        "绿地缤纷城",
        "京南物流园区",
    ):
        assert frame["name"].str.contains(part).any(), part
    assert frame.loc[frame["name"].str.contains("富思特"), "town"].tolist() == ["安定镇"]
    fronts = frame[frame["name"].str.contains("富强西里|刘生记")]
    placed = attach(streets, fronts["lon"].astype(float), fronts["lat"].astype(float))
    names = {streets.names[streets.edge_name[edge]] for edge in placed.edge}
    assert names == {"兴丰大街", "兴华大街"}


def test_candidates_are_of_every_host_type_and_half_have_a_price() -> None:
    frame = table("candidates")
    assert 400 <= len(frame) <= 600
    # Kinds of hosts that came after the sample was drawn are not in it.
    later = {"office_building", "truck_yard", "industrial_park"}
    later |= {"canteen", "bus_stop", "metro_entrance"}
    assert set(frame["host_type"]) == set(read_list("reference/host_types")) - later
    priced = (frame["cost_yuan"] != "").mean()
    assert 0.3 < priced < 0.7


def test_most_enterprises_with_a_station_have_a_hundred_workers() -> None:
    workers = table("enterprises")["workers"].astype(int)
    assert workers.between(20, 4000).all()
    assert (workers >= 100).mean() > 0.5
    assert workers.max() > 1000


def test_demand_is_unique_long_form_with_one_position_per_point(demand: pd.DataFrame) -> None:
    assert list(demand.columns) == [column.name for column in columns("demand")]
    assert not demand.duplicated(["id", "group", "window"]).any()
    assert len(demand[["id", "lon", "lat", "town"]].drop_duplicates()) == demand["id"].nunique()
    assert (demand["workers"] >= 1).all()
    assert (demand["workers"] % 1 == 0).all()
    assert set(demand["window"]) == set(read_list("reference/windows"))
    assert set(demand["group"]) == set(read_list("reference/groups"))


def test_a_workday_morning_has_a_believable_number_of_workers(demand: pd.DataFrame) -> None:
    present = demand.groupby("window")["workers"].sum()
    assert 120_000 < present["workday_morning"] < 200_000
    assert present["workday_night"] < 0.3 * present["workday_morning"]


@pytest.mark.parametrize(
    ("group", "peak"),
    [("food_rider", "workday_noon"), ("sweeper", "workday_dawn"), ("patient", "workday_morning")],
)
def test_groups_peak_when_they_work(demand: pd.DataFrame, group: str, peak: str) -> None:
    mine = demand[(demand["group"] == group) & demand["window"].str.startswith("workday")]
    assert mine.groupby("window")["workers"].sum().idxmax() == peak


def test_some_demand_lies_outside_all_units(demand: pd.DataFrame) -> None:
    points = demand.drop_duplicates("id")
    outside = (points["town"] == "").mean()
    assert 0.0 < outside < 0.06
    assert set(points["town"]) - {""} == set(units()["name"]) - {"", REST}


def test_the_network_is_of_a_district_and_has_pieces_apart(streets: Network) -> None:
    facts = summary(streets)
    assert 8_000 <= facts.edges <= 18_000
    assert facts.islands == 3
    assert facts.components == 5, "three islands and the village across the river"
    assert "motorway" not in facts.class_km
    assert {"兴丰大街", "兴华大街", "黄村西大街", "南中轴路"} <= set(streets.names)
    assert {"京开高速", "永定河大桥"}.isdisjoint(streets.names), "not walkable"


def test_every_way_of_not_attaching_occurs(streets: Network, demand: pd.DataFrame) -> None:
    points = demand.drop_duplicates("id")
    status = attach(streets, points["lon"].to_numpy(), points["lat"].to_numpy()).status
    assert {int(code) for code in np.unique(status)} == {int(code) for code in AttachStatus}
    assert (status == AttachStatus.OK).mean() > 0.97
    frame = table("stations")
    placed = attach(streets, frame["lon"].astype(float), frame["lat"].astype(float))
    missed = dict(zip(frame["name"], placed.status, strict=True))
    assert missed["礼贤镇流动驿站（临时点）"] == AttachStatus.TOO_FAR
    assert missed["安定厂区企业驿站"] == AttachStatus.ISLAND
    assert sum(code != AttachStatus.OK for code in missed.values()) == 2


def test_coverage_leaves_clear_gaps(streets: Network, demand: pd.DataFrame) -> None:
    frame = table("stations")
    points = demand.groupby("id", as_index=False).agg(
        lon=("lon", "first"), lat=("lat", "first"), town=("town", "first"), heads=("workers", "sum")
    )
    reach = travel(
        streets,
        frame["lon"].astype(float).to_numpy(),
        frame["lat"].astype(float).to_numpy(),
        points["lon"].to_numpy(),
        points["lat"].to_numpy(),
        cutoff_m=1000.0,
        cap_m=200.0,
    )
    covered = reach.covered((frame["state"] == "open").to_numpy())
    share = points["heads"][covered].sum() / points["heads"].sum()
    assert 0.30 < share < 0.55
    by_town = points["heads"].where(covered, 0).groupby(points["town"]).sum()
    by_town /= points.groupby("town")["heads"].sum()
    assert (by_town < 0.2).sum() >= 3
    assert (by_town > 0.6).sum() >= 3


def test_units_csv_maps_26_units_to_the_22_and_the_taxi_drivers() -> None:
    frame = units()
    nbs = pd.read_csv(DATA_FOLDER / "open" / "daxing_nbs_units.csv", dtype=str)
    assert sorted(frame["nbs_code"][frame["nbs_code"] != ""]) == sorted(nbs["code"])
    kinds = frame[frame["name"] != ""].drop_duplicates("name")["unit_kind"].value_counts()
    assert kinds.to_dict() == {"镇": TOWNS, "街道": 6, "产业基地": BASES, "无属地": 1}
    alias = dict(zip(frame["name"], frame["alias"], strict=True))
    assert "天官院" in split_list(alias["天宫院街道"])
    assert "榆堡" in split_list(alias["榆垡镇"])
    assert (frame["valid_from"] != "").all()


def test_no_alias_means_two_units() -> None:
    seen = Counter(
        word
        for _, row in units().iterrows()
        if row["name"]
        for word in {row["name"], *split_list(row["alias"])}
    )
    assert [word for word, count in seen.items() if count > 1] == []
