import json

import numpy as np
import pytest
import shapely

from geo.datum import from_wgs84
from geo.intake import Intake, read_table
from geo.intake.evidence import (
    FEWEST_POINTS,
    HYPOTHESES,
    datum_evidence,
    is_synthetic,
    judge_datum,
)
from geo.reference import DATA_FOLDER
from geo.streets import Network, Way, load_streets, network_from_ways
from geo.zones import Zones
from words import LANGUAGES


def grid_of_streets() -> Network:
    lats = 39.70 + 0.0031 * np.arange(20)
    lon = np.tile([116.30, 116.38], len(lats))
    lat = np.repeat(lats, 2)
    ways = [
        Way(nodes=(2 * i, 2 * i + 1), tags={"highway": "residential"}, osm_id=i)
        for i in range(len(lats))
    ]
    return network_from_ways(lon, lat, ways, source="made", licence="", date="")


def test_points_on_streets_speak_for_their_true_datum() -> None:
    lon = np.linspace(116.31, 116.37, 30)
    lat = np.asarray(39.70 + 0.0031 * (np.arange(30) % 20) + 0.00005, dtype=np.float64)
    shifted = from_wgs84(lon, lat, "gcj02")
    judged = datum_evidence(*shifted, "wgs84", streets=grid_of_streets())
    near = {item.datum: item.near_share for item in judged}
    assert near["gcj02"] == 1.0
    assert near["wgs84"] is not None
    assert near["wgs84"] < 0.5
    same = datum_evidence(lon, lat, "gcj02", streets=grid_of_streets())
    assert {item.datum: item.near_share for item in same}["gcj02"] == 1.0


def test_a_boundary_speaks_too() -> None:
    outline = Zones(("",), np.array([shapely.box(116.3, 39.7, 116.31, 39.71)]))
    lon, lat = from_wgs84([116.3001, 116.3099], [39.7001, 39.7099], "bd09")
    inside = {e.datum: e.inside_share for e in datum_evidence(lon, lat, "wgs84", boundary=outline)}
    assert inside["bd09"] == 1.0
    assert inside["wgs84"] == 0.0
    sentence = datum_evidence(lon, lat, "wgs84", boundary=outline)[2].sentence("zh")
    assert sentence == "按百度坐标（BD-09）：100.0% 的点在区界内"


def test_without_anything_to_compare_there_is_no_evidence() -> None:
    nothing = np.array([])
    assert datum_evidence(np.array([116.3]), np.array([39.7]), "wgs84") == ()
    assert datum_evidence(nothing, nothing, "wgs84", streets=grid_of_streets()) == ()
    assert (
        datum_evidence(np.array([1.0]), np.array([1.0]), "EPSG:4548", streets=grid_of_streets())
        == ()
    )


def stations(datum: str, declared: str | None, count: int = 30) -> Intake:
    lon = np.linspace(116.31, 116.37, count)
    lat = np.asarray(39.70 + 0.0031 * (np.arange(count) % 20) + 0.00005, dtype=np.float64)
    x, y = from_wgs84(lon, lat, datum)
    rows = (f"s{i},{a:.7f},{b:.7f}\n" for i, (a, b) in enumerate(zip(x, y, strict=True)))
    return read_table(f"编号,经度,纬度\n{''.join(rows)}".encode(), "stations", datum=declared)


@pytest.mark.parametrize("true", HYPOTHESES)
@pytest.mark.parametrize("declared", [*HYPOTHESES, "cgcs2000", None])
def test_the_verdict_compares_what_is_stated_with_the_evidence(
    true: str, declared: str | None
) -> None:
    verdict = judge_datum(stations(true, declared), streets=grid_of_streets())
    same = true == ("wgs84" if declared == "cgcs2000" else declared)
    expected = "suggests" if declared is None else "agrees" if same else "contradicts"
    assert (verdict.outcome, verdict.best) == (expected, true)
    assert verdict.settled == (expected == "agrees")
    for lang in LANGUAGES:
        assert verdict.sentence(lang)
        assert json.dumps(verdict.as_dict(lang))
    for item in (one.map() for one in verdict.evidence):
        assert len(item.lon) == len(item.near) == 30
        assert item.near.all() == (item.datum == true)
    assert "100.0% 的点在道路 30 米内" in verdict.sentence("zh")


def test_rows_are_judged_by_the_datum_they_state() -> None:
    lines = ["编号,经度,纬度,坐标系"]
    for i in range(30):
        datum = ("gcj02", "bd09")[i % 2]
        lat = 39.70 + 0.0031 * (i % 20) + 0.00005
        x, y = (float(part) for part in from_wgs84(116.31 + 0.002 * i, lat, datum))
        lines.append(f"s{i},{x!r},{y!r},{datum}")
    intake = read_table("\n".join(lines).encode(), "stations")
    verdict = judge_datum(intake, streets=grid_of_streets())
    assert verdict.stated_by == "column"
    assert verdict.outcome == "agrees"
    assert verdict.evidence[1].near_share == 1.0
    assert verdict.points == 15
    wrong = read_table("\n".join(lines).replace(",bd09", ",wgs84").encode(), "stations")
    verdict = judge_datum(wrong, streets=grid_of_streets())
    assert (verdict.stated, verdict.outcome, verdict.best) == ("wgs84", "contradicts", "bd09")


def test_few_points_decide_nothing() -> None:
    verdict = judge_datum(stations("gcj02", "wgs84", FEWEST_POINTS - 1), streets=grid_of_streets())
    assert (verdict.outcome, verdict.why) == ("undecided", "few")
    assert verdict.settled


def test_points_beside_all_streets_decide_nothing() -> None:
    rng = np.random.default_rng(3)
    lines = ["编号,经度,纬度"]
    for i, (x, y) in enumerate(rng.uniform((116.31, 39.70), (116.37, 39.75), (200, 2)).tolist()):
        lines.append(f"s{i},{x},{y}")
    intake = read_table("\n".join(lines).encode(), "stations", datum="wgs84")
    verdict = judge_datum(intake, streets=grid_of_streets())
    assert (verdict.outcome, verdict.why) == ("undecided", "")


def test_streets_of_another_place_verify_nothing() -> None:
    far = read_table(
        "编号,经度,纬度\n".encode()
        + b"".join(b"s%d,116.9,39.%d\n" % (i, 10 + i) for i in range(20)),
        "stations",
        datum="wgs84",
    )
    verdict = judge_datum(far, streets=grid_of_streets())
    assert (verdict.outcome, verdict.why) == ("unverifiable", "elsewhere")


def test_the_synthetic_streets_are_no_evidence_and_the_real_outline_serves() -> None:
    sample = load_streets(DATA_FOLDER / "sample" / "streets.wsn")
    intake = read_table(DATA_FOLDER / "sample" / "stations.csv", "stations")
    verdict = judge_datum(intake, streets=sample)
    assert (verdict.outcome, verdict.why) == ("unverifiable", "synthetic")
    assert verdict.sentence("zh").count("无法用道路验证") == 1
    assert all(e.near_share is None and e.inside_share is not None for e in verdict.evidence)
    assert is_synthetic(sample)
    assert not is_synthetic(grid_of_streets())


def test_a_known_boundary_decides_where_points_lie_at_it() -> None:
    square = shapely.box(116.3, 39.7, 116.32, 39.72)
    edge = shapely.line_interpolate_point(square.exterior, np.linspace(0, 0.0799, 80))
    middle = np.array([116.31, 39.71])
    places = middle + (shapely.get_coordinates(edge) - middle) * 0.999
    x, y = from_wgs84(places[:, 0], places[:, 1], "bd09")
    rows = "".join(f"s{i},{a:.7f},{b:.7f}\n" for i, (a, b) in enumerate(zip(x, y, strict=True)))
    intake = read_table(f"编号,经度,纬度\n{rows}".encode(), "stations", datum="wgs84")
    verdict = judge_datum(intake, boundary=Zones(("",), np.array([square])))
    assert (verdict.outcome, verdict.best) == ("contradicts", "bd09")


def test_nothing_to_compare_with() -> None:
    far = read_table(b"id,lon,lat\na,120,30\n", "stations")
    assert judge_datum(far).why == "nothing"
    assert (
        judge_datum(read_table("日期,编号,人次\n2026-01-01,s,3\n".encode(), "visits")).why
        == "nothing"
    )
    metres = "编号,x,y\na,442571.9,4400053.7\n".encode()
    verdict = judge_datum(
        read_table(metres, "stations", datum="EPSG:4548"), streets=grid_of_streets()
    )
    assert (verdict.outcome, verdict.why) == ("unverifiable", "projected")
