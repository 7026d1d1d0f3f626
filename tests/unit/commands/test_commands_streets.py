import json
from pathlib import Path
from typing import Any

import pytest

from geo.errors import DownloadError
from geo.streets import Network, download, load_streets
from geo.streets.download import StreetServer
from tests.unit.commands.terminal import answer, base, run


def test_streets_are_prepared_and_inspected(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "streets.wsn"
    made = answer(run("streets", files["streets"], "--out", out, "--json"))
    assert made["street_km"] == pytest.approx(8.57, abs=0.01)
    seen = answer(run("streets", out, "--json"))
    assert seen["out"] is None
    assert seen["street_km"] == made["street_km"]
    assert {"nodes", "edges", "components", "islands", "class_km", "date"} <= set(seen)
    spoken = run("streets", out).stdout.splitlines()
    assert spoken[0] == "道路网：2 个路口，1 段，共 8.6 公里"
    assert spoken[2] == "道路类型（公里）：residential 8.6"
    english = run("streets", out, "--lang", "en").stdout
    assert "2 junctions, 1 edges, 8.6 km" in english
    assert "date: not stated" in english
    words = [*base(files), "--streets", out, "--cutoff-m", 1000, "--json"]
    assert answer(run("coverage", *words))["workers_covered"] == 30


def test_streets_are_written_for_osmnx_too(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "streets.graphml"
    made = answer(run("streets", files["streets"], "--out", out, "--json"))
    assert out.read_bytes().startswith(b"<?xml")
    again = answer(run("streets", out, "--json"))
    assert (again["edges"], again["street_km"]) == (made["edges"], made["street_km"])


def feature(name: str, places: list[list[float]], **more: object) -> dict[str, Any]:
    shape = {"type": "LineString", "coordinates": places}
    return {"type": "Feature", "properties": {"name": name, **more}, "geometry": shape}


def test_plain_lines_become_a_network(tmp_path: Path) -> None:
    """Two streets cross; a lane ends 1.1 m short of one; a bridge crosses without meeting."""
    lines = [
        feature("横街", [[116.30, 39.70], [116.32, 39.70]]),
        feature("纵街", [[116.31, 39.69], [116.31, 39.71]]),
        feature("巷", [[116.315, 39.70001], [116.315, 39.705]]),
        feature("高架", [[116.305, 39.69], [116.305, 39.71]], bridge="T", layer=1),
    ]
    layer, out = tmp_path / "lines.geojson", tmp_path / "lines.wsn"
    layer.write_text(json.dumps({"type": "FeatureCollection", "features": lines}), "utf-8")
    words = ["streets", "--lines", layer]
    made = answer(run(*words, "--out", out, "--json"))
    assert (made["repair"]["lines"], made["repair"]["snapped_ends"]) == (4, 1)
    assert made["repair"]["largest_move_m"] == pytest.approx(1.11, abs=0.02)
    # The two streets and the lane are one; the bridge, drawn through, is another.
    assert (made["edges"], made["components"]) == (7, 2)
    assert set(load_streets(out).names) == {"横街", "纵街", "巷", "高架"}
    assert "1 个线端相接（最多移动 1.1 米）" in run(*words).stdout
    loose = answer(run(*words, "--snap-m", 0.5, "--json"))
    assert (loose["edges"], loose["components"]) == (6, 3)
    terms = ["--licence", "CC BY 4.0", "--date", "2024-05-01"]
    stated = answer(run(*words, *terms, "--out", out, "--json"))
    assert (stated["licence"], stated["date"]) == ("CC BY 4.0", "2024-05-01")
    assert load_streets(out).meta.date == "2024-05-01"
    assert run("streets", out, *terms).exit_code == 2


def test_motorways_of_a_layer_of_lines_are_not_walked(tmp_path: Path) -> None:
    """Geofabrik's `fclass` names OSM classes; a class of another list closes nothing."""
    lines = [
        feature("高速", [[116.30, 39.70], [116.32, 39.70]], fclass="motorway"),
        feature("在建", [[116.30, 39.71], [116.32, 39.71]], fclass="construction"),
        feature("专用", [[116.30, 39.72], [116.32, 39.72]], fclass="service", access="private"),
        feature("公交", [[116.30, 39.73], [116.32, 39.73]], fclass="busway"),
        feature("大街", [[116.31, 39.69], [116.31, 39.72]], fclass="primary"),
        feature("主路", [[116.30, 39.69], [116.32, 39.69]], fclass="城市主干路"),
    ]
    layer, out = tmp_path / "roads.geojson", tmp_path / "roads.wsn"
    layer.write_text(json.dumps({"type": "FeatureCollection", "features": lines}), "utf-8")
    made = answer(run("streets", "--lines", layer, "--out", out, "--json"))
    assert (made["repair"]["lines"], made["repair"]["closed_lines"]) == (2, 4)
    assert set(load_streets(out).names) == {"大街", "主路"}
    assert "另有 4 条线按步行规则不能走" in run("streets", "--lines", layer, "--out", out).stdout


def test_what_is_no_layer_of_lines_is_refused(files: dict[str, Path], tmp_path: Path) -> None:
    spot: dict[str, Any] = {"type": "Feature", "properties": {}, "geometry": None}
    empty = tmp_path / "none.geojson"
    empty.write_text(json.dumps({"type": "FeatureCollection", "features": [spot]}), "utf-8")
    assert answer(run("streets", "--lines", empty, "--json"), 1)["error"]["code"]
    ride = run("streets", "--lines", empty, "--profile", "ebike", "--json")
    assert "--profile walk" in answer(ride, 2)["error"]["message"]
    assert run("streets", files["streets"], "--lines", empty, "--json").exit_code == 2


def test_a_network_for_e_bikes(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "ride.wsn"
    words = ["streets", files["streets"], "--profile", "ebike", "--island-below-m", 500]
    made = answer(run(*words, "--out", out, "--json"))
    assert (made["profile"], made["cost_unit"], made["island_below_m"]) == ("ebike", "ms", 500)
    assert run("streets", out, "--json").exit_code == 1  # not one for walking
    assert "出行方式：电动自行车" in run("streets", out, "--profile", "ebike").stdout
    assert answer(run("streets", out, "--profile", "ebike", "--json"))["profile"] == "ebike"
    refused = run("coverage", *base(files), "--streets", out, "--json")
    assert refused.exit_code == 1


@pytest.fixture
def asked(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what the download is asked for; it answers with the streets at hand."""
    calls: list[dict[str, Any]] = []

    def download_streets(area: object, profile: str, **more: object) -> Network:
        calls.append({"area": area, "profile": profile, **more})
        return load_streets(files["streets"])

    monkeypatch.setattr(download, "download_streets", download_streets)
    return calls


def test_a_download_by_name(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    out = tmp_path / "streets.wsn"
    answer(run("streets", "--place", "大兴区", "--out", out, "--json"))
    assert asked == [
        {
            "area": "大兴区",
            "profile": "walk",
            "server": StreetServer(),
            "margin_m": 1000,
        }
    ]
    assert out.exists()


def test_a_download_by_box_from_a_server_of_ones_own(
    asked: list[dict[str, Any]], tmp_path: Path
) -> None:
    words = ["streets", "--bbox", 116.3, 39.6, 116.5, 39.8, "--out", tmp_path / "streets.wsn"]
    words += ["--endpoint", "http://maps.example/api", "--nominatim", "http://maps.example/names"]
    words += ["--proxy", "http://proxy.example:3128", "--timeout-s", 30, "--margin-m", 0]
    answer(run(*words, "--profile", "ebike", "--json"))
    assert asked[0]["area"] == (116.3, 39.6, 116.5, 39.8)
    assert (asked[0]["profile"], asked[0]["margin_m"]) == ("ebike", 0)
    assert asked[0]["server"] == StreetServer(
        "http://maps.example/api",
        "http://maps.example/names",
        "http://proxy.example:3128",
        30,
        rate_limit=False,
    )


def test_a_download_by_outline(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    ring = [[116.2, 39.6], [116.32, 39.6], [116.32, 39.75], [116.2, 39.75], [116.2, 39.6]]
    outline = tmp_path / "outline.geojson"
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    outline.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    answer(run("streets", "--polygon", outline, "--out", tmp_path / "streets.wsn", "--json"))
    assert asked[0]["area"].bounds == (116.2, 39.6, 116.32, 39.75)


def test_a_download_that_fails_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object, **__: object) -> Network:
        raise DownloadError("streets_download_place", place="大兴区")

    monkeypatch.setattr(download, "download_streets", fail)
    words = ["streets", "--place", "大兴区", "--out", tmp_path / "streets.wsn", "--json"]
    error = answer(run(*words), 1)["error"]
    assert error["code"] == "streets_download_place"
    assert "大兴区" in error["message"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ["--bbox", 116.5, 39.6, 116.3, 39.8],
        ["--bbox", 116.3, 39.6, 116.5, "nan"],
        ["--bbox", 500000, 4400000, 510000, 4410000],
        ["--bbox", 116.3, 39.6, 116.5, 39.8, "--place", "大兴区"],
        ["--place", "大兴区", "--profile", "car"],
        ["--place", "大兴区", "--island-below-m", 0],
    ],
)
def test_places_that_are_none(words: list[object], tmp_path: Path) -> None:
    result = run("streets", *words, "--out", tmp_path / "streets.wsn", "--json")
    assert answer(result, 2)["error"]["code"] == "usage"
