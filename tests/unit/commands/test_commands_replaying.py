"""Reports made again: from a bundle, from files, from a register; what is missing or differs."""

import json
from pathlib import Path
from typing import Any

import pytest

from register import Home
from register.scenarios import keep_scenario
from siting.plans.variant import Opening, Variant, places_of
from tests.unit.commands.terminal import (
    CANDIDATES,
    DEMAND,
    STATIONS,
    STREETS,
    all_files,
    answer,
    run,
)

SAME_BYTES = ("annex.xlsx", "layers.gpkg")
ZONES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "片", "area": "central_urban"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[116.29, 39.69], [116.36, 39.69], [116.36, 39.71], [116.29, 39.69]]
                ],
            },
        }
    ],
}
TOWNS = {
    **ZONES,
    "features": [{**ZONES["features"][0], "properties": {"name": "清源街道"}}],
}


STRANGE = {
    "format": "warm-station-replay",
    "version": 2,
    "made_from": {
        "plan": None,
        "layers": {"../x": "0"},
        "rules": None,
        "today": None,
        "files": [],
        "register": None,
    },
}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {
        "streets.osm": STREETS,
        "demand.csv": DEMAND,
        "stations.csv": STATIONS.replace("lat\n", "lat,hours,contact_phone\n").replace(
            "39.7\n", "39.7,Mo-Su 06:00-22:00,13812345678\n"
        ),
        "candidates.csv": CANDIDATES,
        "zones.geojson": json.dumps(ZONES),
        "towns.geojson": json.dumps(TOWNS),
    }
    folder = tmp_path / "data"
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name.split(".")[0]: folder / name for name in texts}


@pytest.fixture
def words(files: dict[str, Path]) -> list[object]:
    """Return the options of a report that uses every kind of layer and changes a street."""
    more = ["--area-zones", files["zones"], "--towns", files["towns"], "--new", 1]
    return [*all_files(files), *more, "--add-path", "116.35,39.7 116.35,39.799", "--json"]


def replayed(file: Path, *more: object, exit_code: int = 0) -> dict[str, Any]:
    return answer(run("replay", file, *more, "--json"), exit_code)


def test_two_runs_and_a_replay_of_a_bundle_give_the_same_files(
    words: list[object], files: dict[str, Path], tmp_path: Path
) -> None:
    one, two, again = (tmp_path / name for name in ("one", "two", "again"))
    asked = [*words, "--format", "xlsx,gpkg"]
    assert answer(run("report", *asked, "--out", one, "--bundle"))["plan"]["selected"]
    answer(run("report", *asked, "--out", two))
    for path in files.values():
        path.unlink()
    found = replayed(one / "replay.json", "--out", again, "--format", "xlsx,gpkg,json")
    assert found["agrees"]
    assert found["differences"] == []
    assert {layer["found"] for layer in found["layers"]} == {"bundle"}
    assert [layer["layer"] for layer in found["layers"]] == [
        *("streets", "demand", "stations", "candidates", "area_zones")
    ]
    for name in SAME_BYTES:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
        assert (one / name).read_bytes() == (again / name).read_bytes(), name
    assert (one / "replay.json").read_bytes() == (again / "replay.json").read_bytes()
    held = b"".join(path.read_bytes() for path in (one / "layers").iterdir())
    assert b"13812345678" not in held


def test_a_replay_from_files_names_those_that_are_missing_or_changed(
    words: list[object], files: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    answer(run("report", *words, "--format", "json", "--out", out))
    files["candidates"].rename(files["candidates"].with_name("任意名.csv"))
    found = replayed(out / "replay.json", "--files", tmp_path / "data")
    assert found["agrees"]
    assert {layer["found"] for layer in found["layers"]} == {"file"}
    files["stations"].write_text(STATIONS.replace("116.30", "116.31"), encoding="utf-8")
    files["towns"].unlink()
    refused = replayed(out / "replay.json", "--files", tmp_path / "data", exit_code=1)["error"]
    assert refused["code"] == "replay_layer_missing"
    assert "驿站（文件 stations.csv" in refused["message"]
    assert "towns.geojson" in refused["message"]
    assert "demand.csv" not in refused["message"]


def test_figures_that_came_out_otherwise_are_told(words: list[object], tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer(run("report", *words, "--format", "json", "--out", out, "--bundle"))
    file = out / "replay.json"
    content = json.loads(file.read_bytes())
    content["coverage"]["workers_covered"] += 7
    content["plan"]["selected"][0]["workers_gained"] = 1
    content["plan"]["bound_workers"] = 1e9  # quoted: nobody can compute it without solving
    content["made_from"]["product"]["lists"]["reference/kinds"] = "0" * 64
    content["made_from"]["product"]["code"] = "0" * 64
    content["made_from"]["beside"] = ["years"]
    file.write_text(json.dumps(content), encoding="utf-8")
    found = replayed(file, exit_code=1)
    paths = [item["path"] for item in found["differences"]]
    assert paths == ["coverage.workers_covered", "plan.selected.0.workers_gained"]
    assert found["product"]["lists_changed"] == ["reference/kinds"]
    for lang, said in (("zh", "2 项与当时不同"), ("en", "the years")):
        spoken = run("replay", file, "--lang", lang, "--out", out / lang, "--format", "json")
        assert spoken.exit_code == 1
        assert said in spoken.stdout
        assert "reference/kinds" in spoken.stdout


def test_rules_that_cannot_be_read_any_more_are_told(words: list[object], tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer(run("report", *words, "--format", "json", "--out", out, "--bundle"))
    file = out / "replay.json"
    content = json.loads(file.read_bytes())
    content["made_from"]["rules"]["text"] = "title_zh = '旧'"
    file.write_text(json.dumps(content), encoding="utf-8")
    found = replayed(file, exit_code=1)
    assert found["differences"] == []
    assert "daxing" in found["rules_refused"]
    assert "候选点得分没有核对" in run("replay", file).stdout


def test_a_damaged_layer_is_noticed(words: list[object], tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer(run("report", *words, "--format", "json", "--out", out, "--bundle"))
    layers = {path.name.split("-")[0]: path for path in (out / "layers").iterdir()}
    for name, other in (("demand", "candidates"), ("stations", "demand"), ("area_zones", "demand")):
        kept = layers[name].read_bytes()
        layers[name].write_bytes(layers[other].read_bytes())
        refused = replayed(out / "replay.json", exit_code=1)["error"]
        assert refused["code"] == "replay_layer_damaged"
        assert layers[name].name in refused["message"]
        layers[name].write_bytes(kept)
    layers["demand"].unlink()
    refused = replayed(out / "replay.json", exit_code=1)["error"]
    assert "职工需求点" in refused["message"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "replay_not_one"),
        ("[]", "replay_not_one"),
        ('{"format": "warm-station-replay", "version": 1}', "replay_version"),
        ('{"format": "warm-station-replay", "version": 2}', "replay_damaged"),
        (json.dumps(STRANGE), "replay_damaged"),
    ],
)
def test_what_is_no_replay_file_is_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "replay.json").write_text(text, encoding="utf-8")
    assert replayed(tmp_path / "replay.json", exit_code=1)["error"]["code"] == code


def test_a_register_is_read_as_it_was(
    place: list[object], files: dict[str, Path], tmp_path: Path
) -> None:
    answer(run("register", "init", "测试区", *place, "--json"))
    kinds = ("stations", "demand", "candidates", "streets")
    for kind in kinds:
        datum = [] if kind == "streets" else ["--datum", "wgs84"]
        answer(run("register", "import", files[kind], "--as", kind, *datum, "--json", *place))
    out = tmp_path / "out"
    words = ["--register", *place, "--new", 1, "--format", "json", "--json"]
    made = answer(run("report", *words, "--out", out))
    files["stations"].write_text(f"{STATIONS}s2,新站,116.33,39.7\n", encoding="utf-8")
    files["demand"].write_text(DEMAND.replace(",40\n", ",90\n"), encoding="utf-8")
    for kind in ("stations", "demand"):
        words = ["--as", kind, "--datum", "wgs84", "--json", *place]
        answer(run("register", "import", files[kind], *words))
    found = replayed(out / "replay.json", *place)
    assert found["agrees"]
    assert {layer["found"] for layer in found["layers"]} == {"register"}
    now = {item["name"]: item["now"] for item in found["headline"]}
    assert now["nominal"] == made["coverage"]["coverage"]
    nowhere = replayed(out / "replay.json", "--home", tmp_path / "nowhere", exit_code=1)
    assert nowhere["error"]["code"] == "replay_layer_missing"


def test_a_kept_scenario_is_reported_by_its_name(files: dict[str, Path], tmp_path: Path) -> None:
    home = tmp_path / "home"
    answer(run("register", "init", "测试区", "--home", home, "--json"))
    for kind in ("stations", "demand", "candidates", "streets"):
        datum = [] if kind == "streets" else ["--datum", "wgs84"]
        words = [files[kind], "--as", kind, *datum, "--json", "--home", home]
        answer(run("register", "import", *words))
    register = Home(home).open_district()
    assert register is not None
    with register:
        inputs = register.inputs()
        opened = str(inputs.candidates["id"].iloc[0])
        variant = Variant((Opening(opened, places_of(inputs)[opened]),))
        keep_scenario(register, "甲案", variant, fingerprint="", who="张三")
    out = tmp_path / "out"
    words = ["report", "--register", "--home", home, "--format", "json", "--json", "--out", out]
    made = answer(run(*words, "--scenario", "甲案"))
    assert made["plan"]["status"] == "given"
    assert [site["id"] for site in made["plan"]["selected"]] == [opened]
    told = json.loads((out / "replay.json").read_bytes())
    assert told["made_from"]["scenario"]["name"] == "甲案"
    assert replayed(out / "replay.json", "--home", home)["agrees"]
    gone = answer(run(*words, "--scenario", "乙案"), exit_code=1)
    assert gone["error"]["code"] == "scenario_unknown"
    assert run(*words, "--scenario", "甲案", "--new", 1).exit_code == 2
    assert run("report", *all_files(files), "--out", out, "--scenario", "甲案").exit_code == 2


def test_a_file_of_the_register_that_is_gone_is_named(
    files: dict[str, Path], tmp_path: Path
) -> None:
    place: list[object] = ["--home", tmp_path / "home"]
    answer(run("register", "init", "测试区", *place, "--json"))
    for kind in ("stations", "demand"):
        words = ["--as", kind, "--datum", "wgs84", "--json", *place]
        answer(run("register", "import", files[kind], *words))
    words = ["--register", *place, "--format", "json", "--json", "--out", tmp_path / "out"]
    answer(run("report", *words))
    for path in (tmp_path / "home").rglob("*.parquet"):
        path.unlink()
    refused = replayed(tmp_path / "out" / "replay.json", *place, exit_code=1)["error"]
    assert refused["code"] == "replay_layer_missing"
    assert "职工需求点" in refused["message"]
