"""Rows that may be one place, and what people decide."""

import numpy as np
import pytest

from geo.crs import geodesic_m
from geo.intake import Intake, read_table
from geo.intake.duplicates import NEAR_M, Decision, Group, find_doubles, settle

TEXT = (
    "编号,名称,经度,纬度,地址,开放时间,服务项目,座位数\n"
    "a,甲驿站,116.3300,39.7300,兴华大街1号,,饮水,\n"
    "a,甲驿站二,116.3300,39.7390,,8:00-18:00,座椅,6\n"
    "b,乙驿站,116.3400,39.7300,兴华大街 1 号,,,\n"
    "c,丙驿站,116.3500,39.7300,,,,\n"
    "d,丁驿站,116.3502,39.7300,,,,\n"
    "e,丙 驿站,116.3600,39.7400,,,,\n"
)


def stations(text: str = TEXT, table: str = "stations") -> Intake:
    return read_table(text.encode(), table, datum="wgs84")


def test_groups_name_their_rows_and_reasons() -> None:
    groups = find_doubles(stations(), "stations")
    assert [(group.reason, group.rows) for group in groups] == [
        ("id", (2, 3)),
        ("address", (2, 4)),
        ("name", (5, 7)),
        ("near", (5, 6)),
    ] or [(g.reason, g.rows) for g in groups] == [
        ("id", (2, 3)),
        ("address", (2, 4)),
        ("near", (5, 6)),
        ("name", (5, 7)),
    ]
    near = next(group for group in groups if group.reason == "near")
    assert near.apart_m[1] == pytest.approx(17.1, abs=0.1)
    for group in groups:
        for finding in group.findings():
            assert finding.message("zh")
            assert finding.message("en")
            assert finding.row in group.rows[1:]


def test_nothing_changes_until_people_decide() -> None:
    intake = stations()
    settled = settle(intake, "stations", find_doubles(intake, "stations"), {})
    assert settled.rows.tolist() == intake.rows.tolist() == [2, 4, 5, 6, 7]
    assert settled.frame.equals(intake.frame)
    assert settled.taken == 0


def test_merged_rows_fill_blanks_and_unite_lists() -> None:
    intake = stations()
    groups = find_doubles(intake, "stations")
    settled = settle(intake, "stations", groups, dict.fromkeys(groups, "merge"))
    assert settled.rows.tolist() == [2, 5]
    first = settled.frame.iloc[0]
    assert (first["hours"], first["services"], first["seats"]) == ("8:00-18:00", "water;seat", 6)
    assert (first["name"], first["lat"]) == ("甲驿站", 39.73)
    assert settled.filled == ((2, "hours"), (2, "services"), (2, "seats"))
    assert settled.taken == 1  # the row that the reading had left out
    assert settled.frame.dtypes.equals(intake.frame.dtypes)
    assert intake.frame["hours"].tolist()[0] == ""


def test_a_row_of_doubtful_position_never_stays_in_place_of_a_sound_one() -> None:
    far = "编号,名称,经度,纬度\na,甲站,113.26,23.13\na,甲站,116.33,39.73\nb,乙站,116.34,39.73\n"
    intake = stations(far + "c,丙站,116.35,39.73\n")
    assert "intake_far" in {finding.code for finding in intake.findings}
    (group,) = find_doubles(intake, "stations")
    assert (group.rows, group.usual, group.proposed) == ((3, 2), "skip", "skip")
    undecided: dict[Group, Decision] = {}
    merged: dict[Group, Decision] = {group: "merge"}
    for decisions in (undecided, merged):
        settled = settle(intake, "stations", [group], decisions)
        assert settled.rows.tolist() == [3, 4, 5]
        assert settled.frame["lat"].tolist()[0] == pytest.approx(39.73)
    kept = settle(intake, "stations", [group], {group: "keep"})
    assert kept.rows.tolist() == [2, 3, 4, 5]
    assert kept.frame["id"].is_unique


def test_rows_of_one_id_that_are_two_places_are_proposed_to_be_kept() -> None:
    group = find_doubles(stations(), "stations")[0]
    assert (group.reason, group.usual, group.proposed) == ("id", "skip", "keep")
    near = "编号,名称,经度,纬度\na,甲站,116.33,39.73\na,乙站,116.33,39.73\n"
    assert find_doubles(stations(near), "stations")[0].proposed == "skip"


def test_kept_rows_of_one_id_get_ids_of_their_own() -> None:
    intake = stations(TEXT + "a-2,戊驿站,116.39,39.79,,,,\n")
    groups = find_doubles(intake, "stations")
    settled = settle(intake, "stations", groups, dict.fromkeys(groups, "keep"))
    assert settled.frame["id"].tolist() == ["a", "a-3", "b", "c", "d", "e", "a-2"]
    assert settled.taken == 1


def test_skipped_rows_are_left_out() -> None:
    intake = stations()
    groups = find_doubles(intake, "stations")
    settled = settle(intake, "stations", groups, dict.fromkeys(groups, "skip"))
    assert settled.rows.tolist() == [2, 5]
    assert (settled.taken, settled.filled) == (0, ())


def test_firms_of_one_building_are_no_doubles() -> None:
    text = "编号,名称,经度,纬度\na,甲公司,116.33,39.73\nb,乙公司,116.33,39.73\n"
    assert find_doubles(stations(text, "enterprises"), "enterprises") == ()
    demand = read_table(b"id,lon,lat,workers\na,116.3,39.7,1\nb,116.3,39.7,1\n", "demand")
    assert find_doubles(demand, "demand") == ()


def test_nearness_is_what_comparing_every_pair_finds() -> None:
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(116.33, 116.334, 150), rng.uniform(39.73, 39.733, 150)
    lines = [f"p{i},名{i},{x},{y}" for i, (x, y) in enumerate(zip(lon, lat, strict=True))]
    intake = stations("\n".join(["编号,名称,经度,纬度", *lines]))
    found = find_doubles(intake, "stations")
    free, expected = set(range(150)), []
    for i in range(150):
        if i not in free:
            continue
        metres = geodesic_m(np.full(150, lon[i]), np.full(150, lat[i]), lon, lat)
        later = [j for j in range(i + 1, 150) if j in free and metres[j] <= NEAR_M]
        if later:
            free -= set(later)
            expected.append(tuple(row + 2 for row in [i, *later]))
    assert [group.rows for group in found] == expected
    assert len(expected) > 20


def test_a_crowd_at_one_point_is_one_group() -> None:
    lines = [f"p{i},名{i},116.33,39.73" for i in range(2000)]
    (group,) = find_doubles(stations("\n".join(["编号,名称,经度,纬度", *lines])), "stations")
    assert isinstance(group, Group)
    assert len(group.rows) == 2000
