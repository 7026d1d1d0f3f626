from pathlib import Path

import pandas as pd
import pyogrio
import pytest

import geo.catchments
from tests.unit.commands.terminal import all_files, answer, base, run


def test_catchments_are_the_pairs_within_the_cut_off(
    files: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "matrix.parquet"
    result = answer(run("catchments", *all_files(files), "--out", out, "--json"))
    assert (result["sites"], result["stations"], result["candidates"]) == (3, 1, 2)
    assert (result["demand_points"], result["method"], result["cutoff_m"]) == (4, "street", 1000)
    assert (result["unreachable_sites"], result["unsnapped_demand"]) == ([], ["off"])
    table = pd.read_parquet(out)
    assert list(table.columns) == ["layer", "site_id", "demand_id", "cost_m", "method"]
    assert set(table["method"]) == {"street"}
    assert len(table) == result["entries"]
    pairs = {(row.layer, row.site_id, row.demand_id): row.cost_m for row in table.itertuples()}
    assert set(pairs) == {
        ("stations", "s1", "near"),
        ("stations", "s1", "edge"),
        ("candidates", "c1", "far"),
    }
    assert pairs["stations", "s1", "near"] == pytest.approx(428.6, abs=0.5)
    assert pairs["candidates", "c1", "far"] == 0
    spoken = run("catchments", *all_files(files), "--out", out)
    assert spoken.stdout.startswith("可达矩阵：3 个点位 × 4 个需求点，服务半径内 3 对")
    assert "1 个需求点接不上道路，没有距离：off" in spoken.stdout
    assert "孤立路段" not in spoken.stdout


def test_catchments_tell_islands_from_what_is_too_far(
    files: dict[str, Path], tmp_path: Path
) -> None:
    """A yard of 100 m, 1.1 km north of the street, leads nowhere; "off" is far from anything."""
    yard = (
        '<node id="21" lat="39.71" lon="116.33"/><node id="22" lat="39.7109" lon="116.33"/>',
        '<way id="2"><nd ref="21"/><nd ref="22"/><tag k="highway" v="footway"/></way></osm>',
    )
    text = files["streets"].read_text(encoding="utf-8")
    files["streets"].write_text(text.replace("</osm>", "".join(yard)), encoding="utf-8")
    with files["stations"].open("a", encoding="utf-8") as rows:
        rows.write("s2,院内,116.33,39.7105\n")
    with files["demand"].open("a", encoding="utf-8") as rows:
        rows.write("yard,116.3301,39.7104,,9\n")
    found = answer(run("catchments", *all_files(files), "--out", tmp_path / "m.csv", "--json"))
    assert (found["unreachable_sites"], found["island_sites"]) == (["s2"], ["s2"])
    assert (found["unsnapped_demand"], found["island_demand"]) == (["off", "yard"], ["yard"])
    spoken = run("catchments", *all_files(files), "--out", tmp_path / "m.csv").stdout
    assert "其中 2 个附近只有走不出去的孤立路段：s2、yard" in spoken


def test_catchments_without_streets_say_so(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "matrix.csv"
    words = ["catchments", *base(files), "--cutoff-m", 1000, "--out", out]
    assert answer(run(*words, "--json"))["method"] == "straight_line"
    assert "按直线距离 × 1.35 估算" in run(*words).stdout
    rows = out.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "layer,site_id,demand_id,cost_m,method"
    assert len(rows) > 1
    assert all(row.endswith(",straight_line") for row in rows[1:])
    refused = run("catchments", *base(files), "--out", tmp_path / "m.shp", "--json")
    assert answer(refused, 1)["error"]["code"] == "tables_suffix"


def test_catchments_of_a_one_way_street_by_e_bike(files: dict[str, Path], tmp_path: Path) -> None:
    """Eastwards only: from the station at the west end one gets to people, they not to it."""
    text = files["streets"].read_text(encoding="utf-8")
    one_way = text.replace('<tag k="highway"', '<tag k="oneway" v="yes"/><tag k="highway"')
    files["streets"].write_text(one_way, encoding="utf-8")
    ride, out = tmp_path / "ride.wsn", tmp_path / "ride.parquet"
    run("streets", files["streets"], "--profile", "ebike", "--out", ride)
    words = ["catchments", *base(files), "--ride-streets", ride, "--out", out]
    told = answer(run(*words, "--cutoff-s", 600, "--direction", "from_site", "--json"))
    assert (told["profile"], told["method"], told["direction"]) == ("ebike", "street", "from_site")
    assert (told["cutoff_m"], told["cutoff_s"]) == (None, 600)
    # 15 km/h: 429 and 857 m; what is 2,571 m away is beyond ten minutes.
    table = pd.read_parquet(out)
    assert table["demand_id"].tolist() == ["near", "edge"]
    assert table["cost_s"].tolist() == pytest.approx([102.9, 205.7], abs=0.2)
    spoken = run(*words, "--cutoff-s", 600).stdout
    assert "服务半径内 0 对\n骑电动自行车沿街用时，最长（含） 600 秒" in spoken


def test_the_slow_engine_says_so(
    files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["catchments", *all_files(files), "--out", tmp_path / "m.csv", "--json"]
    monkeypatch.setattr(geo.catchments, "engine", lambda: "numba")
    assert "numba" not in run(*words).stderr
    monkeypatch.setattr(geo.catchments, "engine", lambda: "scipy")
    assert "没有 numba" in run(*words).stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--cutoff-s", 60],
        ["--ride-streets", "ride.wsn"],
        ["--ride-streets", "ride.wsn", "--cutoff-s", 60, "--cutoff-m", 500],
        ["--ride-streets", "ride.wsn", "--cutoff-s", 1e6],
    ],
)
def test_half_a_ride_is_refused(
    files: dict[str, Path], tmp_path: Path, words: list[object]
) -> None:
    out = tmp_path / "m.csv"
    refused = answer(run("catchments", *base(files), *words, "--out", out, "--json"), 2)
    assert "--cutoff-s" in refused["error"]["message"] or "--cutoff-m" in str(refused["error"])
    assert not out.exists()


def area_words(files: dict[str, Path], out: Path) -> list[object]:
    sites = ["--stations", files["stations"], "--candidates", files["candidates"]]
    return ["service-area", "--streets", files["streets"], *sites, "--out", out]


def test_service_areas_of_every_site(files: dict[str, Path], tmp_path: Path) -> None:
    with files["stations"].open("a", encoding="utf-8") as rows:
        rows.write("s2,山里,116.35,39.8\n")
    out = tmp_path / "areas.gpkg"
    words = [*area_words(files, out), "--cutoff-m", 1000, "--band-m", 300, "--minutes", 10]
    result = answer(run(*words, "--json"))
    assert (result["sites"], result["unreachable_sites"]) == (4, ["s2"])
    assert (result["bands_m"], result["pace_m_per_s"]) == ([300, 720], 1.2)
    assert result["street_km"] == pytest.approx(1 + 2 + 1)
    assert result["layers"] == {
        "sites": 4,
        "service_areas": 3,
        "bands": 6,
        "reached_streets": 3,
    }
    layers = {name: pyogrio.read_dataframe(out, layer=name) for name in result["layers"]}  # noqa: TID251
    assert list(layers["sites"]["status"]) == ["ok", "too_far", "ok", "ok"]
    assert layers["reached_streets"]["street"].tolist() == ["兴华大街"] * 3
    assert layers["reached_streets"]["length_m"].tolist() == [1000, 2000, 1000]
    assert layers["service_areas"]["area_km2"].tolist() == pytest.approx(
        [0.0500, 0.0988, 0.0500], rel=0.05
    )
    assert layers["bands"]["to_m"].tolist() == [300, 720] * 3
    assert str(layers["bands"].crs) == "EPSG:4326"
    spoken = run(*words).stdout
    assert spoken.startswith("服务区：3 个点位，沿街可达共 4.0 公里")
    assert "10 分钟按每秒 1.2 米折算" in spoken
    assert "1 个点位接不上道路，到不了任何地方：s2" in spoken


def test_service_areas_of_nothing(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "areas.gpkg"
    files["candidates"].write_text("id,name,lon,lat\n", encoding="utf-8")
    files["stations"].write_text("id,name,lon,lat\ns2,山里,116.35,39.8\n", encoding="utf-8")
    nowhere = answer(run(*area_words(files, out), "--json"))
    assert (nowhere["layers"], nowhere["unreachable_sites"]) == ({"sites": 1}, ["s2"])
    files["stations"].write_text("id,name,lon,lat\ns2,路边,116.35,39.7005\n", encoding="utf-8")
    short = answer(run(*area_words(files, out), "--cutoff-m", 30, "--json"))
    assert short["street_km"] == 0
    assert short["layers"] == {"sites": 1, "service_areas": 1, "reached_streets": 0}
    files["stations"].write_text("id,name,lon,lat\n", encoding="utf-8")
    assert answer(run(*area_words(files, out), "--json"))["sites"] == 0


def test_service_areas_that_cannot_be_drawn(files: dict[str, Path], tmp_path: Path) -> None:
    words = [*area_words(files, tmp_path / "areas.gpkg"), "--json"]
    assert answer(run(*words, "--cell-m", 30), 1)["error"]["code"] == "service_areas_sizes"
    assert answer(run(*words, "--cell-m", 0.01), 1)["error"]["code"] == "service_areas_cells"
    other = run(*area_words(files, tmp_path / "areas.shp"), "--json")
    assert answer(other, 1)["error"]["code"] == "service_areas_suffix"
    assert not list(tmp_path.glob("areas*"))


def test_service_areas_in_place_of_a_folder_leave_no_draft(
    files: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out" / "areas.gpkg"
    out.mkdir(parents=True)
    refused = run(*area_words(files, out), "--json")
    assert answer(refused, 2)["error"]["code"] == "file"
    assert [path.name for path in out.parent.iterdir()] == ["areas.gpkg"]
