"""What files say of their datum, and headings that stand over two rows."""

import numpy as np
import pytest
import shapely

from geo.datum import from_wgs84, is_projected, to_wgs84
from geo.errors import InputError
from geo.intake import Intake, read_table
from geo.intake.datums import named_datum
from geo.intake.places import ZONES, Expected, daxing_outline, find_zones, outside_m
from geo.intake.wishes import DATUM, Wishes

LON, LAT = 116.338, 39.727


def stations(text: str, datum: str | None = None, wishes: Wishes | None = None) -> Intake:
    return read_table(text.encode(), "stations", datum=datum, wishes=wishes or Wishes())


def codes(intake: Intake) -> list[str]:
    return [finding.code for finding in intake.findings]


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("高德", "gcj02"),
        ("腾讯地图坐标", "gcj02"),
        ("GCJ-02", "gcj02"),
        ("火星坐标系", "gcj02"),
        ("百度", "bd09"),
        ("BD-09", "bd09"),
        ("WGS 84", "wgs84"),
        ("国家2000", "cgcs2000"),
        ("天地图", "cgcs2000"),
        ("EPSG:4548", "EPSG:4548"),
        ("epsg:4490", "cgcs2000"),
        ("GPS", ""),  # people call any position so
        ("北京54", ""),
        ("", ""),
    ],
)
def test_names_of_datums_in_cells(text: str, datum: str) -> None:
    assert named_datum(text) == datum


@pytest.mark.parametrize(
    ("headings", "datum", "by"),
    [
        ("经度（高德）,纬度（高德）", "gcj02", "heading"),
        ("百度经度,百度纬度", "bd09", "heading"),
        ("lng_gcj02,lat_gcj02", "gcj02", "heading"),
        ("经度(WGS84),纬度(WGS84)", "wgs84", "heading"),
        ("lon,lat", "wgs84", "own_form"),
        ("LON,LAT", "wgs84", "own_form"),
        ("lng,lat", "wgs84", "nothing"),
        ("经度,纬度", "wgs84", "nothing"),
        ("x,y", "wgs84", "nothing"),
    ],
)
def test_headings_may_name_the_datum(headings: str, datum: str, by: str) -> None:
    x, y = (float(part) for part in from_wgs84(LON, LAT, datum))
    intake = stations(f"名称,{headings}\n甲站,{x!r},{y!r}\n")
    assert (intake.datum, intake.stated_by) == (datum, by)
    assert intake.frame["lon"][0] == pytest.approx(LON, abs=1e-9)
    assert ("intake_datum_undeclared" in codes(intake)) == (by == "nothing")


@pytest.mark.parametrize("group", ["坐标（高德）", "高德地图坐标", "GCJ02"])
@pytest.mark.parametrize("title", [True, False])
def test_the_group_above_two_headings_names_the_datum(group: str, title: bool) -> None:  # noqa: FBT001 -- a parameter
    x, y = (float(part) for part in from_wgs84(LON, LAT, "gcj02"))
    top = "某某台账,,,\n" if title else ""
    intake = stations(f"{top}名称,{group},,人员\n,经度,纬度,联系人\n甲站,{x!r},{y!r},张三\n")
    assert (intake.datum, intake.stated_by) == ("gcj02", "heading")
    assert intake.frame["contact_name"].tolist() == ["张三"]
    assert intake.frame["lon"][0] == pytest.approx(LON, abs=1e-9)
    assert intake.rows.tolist() == [4 if title else 3]


def test_a_group_may_be_half_of_a_heading() -> None:
    text = "单位,职工,坐标,\n名称,数,经度,纬度\n甲,30,116.3,39.7\n"
    intake = read_table(text.encode(), "demand")
    assert intake.columns["workers"] == "职工数"
    assert intake.frame["workers"].tolist() == [30.0]


def test_another_datum_than_the_headings_name_is_told() -> None:
    text = f"名称,经度（高德）,纬度（高德）\n甲站,{LON},{LAT}\n"
    assert stations(text, "wgs84").stated.conflict
    assert codes(stations(text, "wgs84"))[:2].count("intake_datum_heading") == 1
    assert not stations(text, "gcj02").stated.conflict
    same = f"名称,经度（WGS84）,纬度（WGS84）\n甲站,{LON},{LAT}\n"
    assert not stations(same, "cgcs2000").stated.conflict


def test_a_column_of_datums_counts_for_every_row() -> None:
    rows = [("高德", "gcj02"), ("百度", "bd09"), ("WGS84", "wgs84"), ("EPSG:4548", "EPSG:4548")]
    lines = ["名称,经度,纬度,坐标系"]
    for name, datum in rows:
        x, y = (float(part) for part in from_wgs84(LON, LAT, datum))
        lines.append(f"{name},{x!r},{y!r},{name}")
    intake = stations("\n".join([*lines, f"无,{LON},{LAT},"]))
    assert intake.stated_by == "column"
    assert intake.row_datums.tolist() == [datum for _, datum in rows]
    assert intake.frame["lon"].to_numpy() == pytest.approx(np.full(4, LON), abs=1e-9)
    assert [(f.code, f.row) for f in intake.findings if f.severity == "error"] == [
        ("intake_datum_of_row", 6)
    ]
    declared = stations("\n".join([*lines, f"无,{LON},{LAT},"]), "gcj02")
    assert declared.row_datums.tolist()[-1] == "gcj02"


def test_corrections_take_the_place_of_cells_and_may_state_a_datum() -> None:
    text = f"名称,经度,纬度\n甲站,x,{LAT}\n乙站,{LON},{LAT}\n"
    fixed = {(2, "lon"): str(LON), (2, DATUM): "wgs84", (99, "lon"): "1"}
    intake = stations(text, "gcj02", Wishes(corrections=fixed, skipped=frozenset({3})))
    assert (intake.imported, intake.rejected) == (1, 0)
    assert intake.frame["lon"].tolist() == [LON]
    with pytest.raises(InputError):
        stations(text, wishes=Wishes(corrections={(2, DATUM): "mars"}))


@pytest.mark.parametrize(
    ("given", "declared"),
    [("EPSG:4548", "EPSG:4547"), ("EPSG:4527", "EPSG:4526"), ("EPSG:4548", "EPSG:4549")],
)
def test_a_wrong_zone_is_told_with_the_right_one(given: str, declared: str) -> None:
    lon, lat = np.linspace(116.3, 116.4, 5), np.linspace(39.6, 39.7, 5)
    x, y = from_wgs84(lon, lat, given)
    pairs = enumerate(zip(x, y, strict=True))
    text = "名称,x,y\n" + "".join(f"站{i},{a!r},{b!r}\n" for i, (a, b) in pairs).replace(
        "np.float64(", ""
    ).replace(")", "")
    intake = stations(text, declared, Wishes(outline=daxing_outline()))
    zone = next(f for f in intake.findings if f.code == "intake_zone")
    assert zone.severity == "error"
    assert given in str(zone.facts["datums"])
    right = stations(text, given, Wishes(outline=daxing_outline()))
    assert "intake_zone" not in codes(right)


def test_zones_are_found_by_where_points_are_expected() -> None:
    x, y = from_wgs84([116.34], [39.72], "EPSG:4548")
    assert find_zones(x, y, Expected())[0] == "EPSG:4548"
    assert find_zones(x, y, Expected(near=(121.5, 31.2))) == ()
    assert find_zones(np.array([np.nan]), np.array([1.0]), Expected()) == ()


@pytest.mark.parametrize(
    "zones",
    [("EPSG:4527", "EPSG:4509", "EPSG:3857"), pytest.param(ZONES, marks=pytest.mark.full)],
)
def test_projections_alone_give_what_whole_transformations_give(zones: tuple[str, ...]) -> None:
    for zone in zones:
        x, y = from_wgs84([116.338], [39.727], zone)
        # A projection that shares its meridian with an earlier one stands under that one's name.
        found = [to_wgs84(x, y, other) for other in find_zones(x, y, Expected())]
        assert any(np.hypot(lon - 116.338, lat - 39.727)[0] < 1e-9 for lon, lat in found), zone


def test_points_outside_the_district_are_told_in_metres() -> None:
    outline = shapely.box(116.30, 39.70, 116.40, 39.80)
    away = outside_m(outline, np.array([116.35, 116.41, 116.40]), np.array([39.75, 39.75, 39.70]))
    assert away[0] == away[2] == 0
    assert away[1] == pytest.approx(856, abs=2)
    text = f"名称,lon,lat\n内,116.35,39.75\n近,116.4057,39.75\n外,{116.4062},39.75\n"
    intake = stations(text, wishes=Wishes(outline=outline))
    assert [(f.code, f.row) for f in intake.findings if f.severity == "warning"] == [
        ("intake_outside", 4)
    ]


def test_degrees_and_metres() -> None:
    assert is_projected("EPSG:4548")
    assert not is_projected("EPSG:4490")
    assert not is_projected("gcj02")
    intake = stations("名称,经度,纬度\n甲,116°20′16.8″,N39°43′37.2″\n", "wgs84")
    assert intake.frame["lon"][0] == pytest.approx(116.338, abs=1e-9)
    assert intake.frame["lat"][0] == pytest.approx(39.727, abs=1e-9)
    together = stations('名称,坐标\n甲,"39°43′37.2″N, 116°20′16.8″E"\n', "wgs84")
    assert together.frame["lon"][0] == pytest.approx(116.338, abs=1e-9)


def test_a_row_with_more_cells_than_headings_is_to_be_checked() -> None:
    text = "名称,lon,lat,地址\n甲,116.3,39.7,一号\n乙,116.3,39.71,二号,二层\n丙,116.3,39.72,三号\n"
    intake = stations(text)
    assert [(f.code, f.row) for f in intake.findings if f.severity == "warning"] == [
        ("intake_extra_cells", 3)
    ]
