import json
import subprocess
import sys
from pathlib import Path

import pytest

import cli as door
from geo.datum import from_wgs84
from siting import planning
from tests.unit.commands.terminal import DEMAND, all_files, answer, base, run

ROOT = Path(__file__).resolve().parents[2]


def test_coverage_along_streets(files: dict[str, Path]) -> None:
    result = answer(run("coverage", *all_files(files), "--json"))
    assert result["workers_total"] == 75
    assert result["workers_covered"] == 30
    assert result["coverage"] == pytest.approx(0.4)
    assert (result["cutoff_m"], result["method"], result["stations"]) == (1000, "street", 1)
    assert result["unreachable_stations"] == []
    assert (result["unsnapped_demand"], result["unsnapped_workers"]) == (["off"], 5)
    assert {row["town"]: (row["workers"], row["covered"]) for row in result["towns"]} == {
        "兴丰街道": (10, 10),
        "": (65, 20),
    }
    assert result["findings"] == []


def test_coverage_without_streets_says_so(files: dict[str, Path]) -> None:
    result = answer(run("coverage", *base(files), "--cutoff-m", 1000, "--json"))
    assert result["method"] == "straight_line"
    assert result["workers_covered"] == 10  # 857 m x 1.35 is beyond the cut-off


def test_the_cut_off_may_come_from_a_standard(files: dict[str, Path]) -> None:
    words = ["coverage", *base(files), "--streets", files["streets"], "--json"]
    assert answer(run(*words, "--standard", "dense_500m"))["cutoff_m"] == 500
    assert answer(run(*words))["cutoff_m"] == 1000
    assert answer(run(*words, "--standard", "x"), 1)["error"]["code"] == "siting_unknown_standard"


def test_towns_fill_what_the_table_leaves_blank(files: dict[str, Path], tmp_path: Path) -> None:
    ring = [[116.2, 39.6], [116.32, 39.6], [116.32, 39.75], [116.2, 39.75], [116.2, 39.6]]
    feature = {
        "type": "Feature",
        "properties": {"name": "安定"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    towns = tmp_path / "towns.geojson"
    towns.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    result = answer(run("coverage", *all_files(files), "--towns", towns, "--json"))
    workers = {row["town"]: row["workers"] for row in result["towns"]}
    assert workers == {"兴丰街道": 10, "安定镇": 20, "": 45}


def test_no_stations_cover_nobody(files: dict[str, Path]) -> None:
    files["stations"].write_text("id,name,lon,lat\n", encoding="utf-8")
    result = answer(run("coverage", *all_files(files), "--json"))
    assert (result["coverage"], result["stations"], result["workers_total"]) == (0, 0, 75)


def test_people_read_sentences_in_their_language(files: dict[str, Path]) -> None:
    chinese = run("coverage", *all_files(files))
    assert chinese.stdout.startswith(
        "覆盖率 40.0%：75 名职工中，1 个驿站覆盖 30 名\n按沿街步行距离"
    )
    english = run("coverage", *all_files(files), "--lang", "en")
    assert english.stdout.startswith("Coverage 40.0%: 1 stations reach 30 of 75 workers\nWalking")
    straight = run("coverage", *base(files))
    assert "按直线距离 × 1.35 估算" in straight.stdout


def test_rejected_rows_are_named_the_rest_is_computed_and_the_exit_code_is_1(
    files: dict[str, Path],
) -> None:
    with files["demand"].open("a", encoding="utf-8") as rows:
        rows.write("bad,116.31,,,50\n")
    result = answer(run("coverage", *all_files(files), "--json"), 1)
    assert result["workers_total"] == 75
    assert result["findings"] == [
        {
            "file": "demand.csv",
            "sheet": None,
            "row": 6,
            "column": "lat",
            "code": "intake_missing",
            "severity": "error",
            "message": "没有填写，这一行没有导入",
        }
    ]
    spoken = run("coverage", *all_files(files))
    assert spoken.exit_code == 1
    assert "demand.csv 第 6 行 lat: 没有填写" in spoken.stderr
    assert "demand.csv" not in spoken.stdout


def test_only_warnings_leave_the_exit_code_alone(files: dict[str, Path]) -> None:
    files["stations"].write_text("id,lon,lat,kind\ns1,116.30,39.7,城堡\n", encoding="utf-8")
    result = answer(run("coverage", *all_files(files), "--json"))
    assert [finding["severity"] for finding in result["findings"]] == ["warning"]


def test_other_headings_can_be_mapped(files: dict[str, Path]) -> None:
    files["demand"].write_text(DEMAND.replace("workers", "jobs"), encoding="utf-8")
    refusal = answer(run("coverage", *all_files(files), "--json"), 1)
    assert refusal["error"]["code"] == "intake_columns_missing"
    assert "--map demand.workers=" in refusal["error"]["message"]
    mapped = run("coverage", *all_files(files), "--map", "demand.workers=jobs", "--json")
    assert answer(mapped)["workers_total"] == 75


def test_a_datum_for_one_table_or_for_all(files: dict[str, Path]) -> None:
    lon, lat = (float(part) for part in from_wgs84(116.30, 39.7, "gcj02"))
    files["stations"].write_text(f"id,lon,lat\ns1,{lon},{lat}\n", encoding="utf-8")
    words = ["coverage", *all_files(files), "--cutoff-m", 500, "--json"]
    assert answer(run(*words, "--datum", "stations=gcj02"))["workers_covered"] == 10
    assert answer(run(*words))["workers_covered"] == 30  # 500 m too far east
    assert answer(run(*words, "--datum", "mars"), 1)["error"]["code"] == "intake_datum_unknown"
    assert answer(run(*words, "--datum", "ships=gcj02"), 2)["error"]["code"] == "usage"


@pytest.mark.parametrize("length", ["0", "-5", "nan", "inf", "many"])
def test_a_cut_off_is_a_length(files: dict[str, Path], length: str) -> None:
    result = run("coverage", *base(files), "--cutoff-m", length, "--json")
    assert answer(result, 2)["error"]["code"] == "usage"


@pytest.mark.parametrize(
    "words",
    [
        ["dance", "--json"],
        ["coverage", "--json"],
        ["streets", "--json"],
        ["streets", "--place", "大兴区", "--json"],
        ["streets", "a.osm", "--place", "大兴区", "--out", "b.wsn", "--json"],
        ["import", "a.csv", "--as", "dragons", "--json"],
        ["import", "a.csv", "--as", "stations", "--json"],
        ["import", "a.csv", "--as", "stations", "--map", "x", "--check", "--json"],
        ["plan", "--demand", "d", "--stations", "s", "--new", "1", "--json"],
        ["plan", "--demand", "d", "--stations", "s", "--candidates", "c", "--json"],
        ["plan", "--demand", "d", "--stations", "s", "--candidates", "c", "--new", "-1", "--json"],
        ["score", "--demand", "d", "--stations", "s", "--json"],
        ["catchments", "--demand", "d", "--stations", "s", "--json"],
        ["service-area", "--stations", "s", "--out", "a.gpkg", "--json"],
        [
            "service-area",
            "--streets",
            "s",
            "--stations",
            "s",
            "--out",
            "a",
            "--cell-m",
            "0",
            "--json",
        ],
    ],
)
def test_usage_errors(words: list[str]) -> None:
    result = run(*words)
    error = answer(result, 2)["error"]
    assert error["code"] == "usage"
    assert error["message"]
    assert error["message"] in result.stderr


def test_a_standard_and_a_cut_off_exclude_each_other(files: dict[str, Path]) -> None:
    words = ["coverage", *all_files(files), "--standard", "radius_1km"]
    assert run(*words).exit_code == 2
    assert run(*words).stdout == ""


@pytest.mark.parametrize("option", ["--demand", "--stations", "--streets", "--towns"])
def test_a_file_that_is_not_there_is_refused(files: dict[str, Path], option: str) -> None:
    words = ["coverage", *all_files(files), option, files["demand"].with_name("none.csv")]
    error = answer(run(*words, "--json"), 1)["error"]
    assert "none.csv" in error["message"]


def test_an_error_of_ours_is_one_object_and_exit_code_2(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        message = "ours"
        raise RuntimeError(message)

    monkeypatch.setattr(planning, "covered_now", fail)
    error = answer(run("coverage", *all_files(files), "--json"), 2)["error"]
    assert error["code"] == "internal"
    assert "RuntimeError" in error["message"]


def test_a_plan_gains_what_it_says(files: dict[str, Path]) -> None:
    result = answer(run("plan", *all_files(files), "--new", 1, "--json"))
    assert [site["id"] for site in result["selected"]] == ["c1"]
    assert result["selected"][0]["workers_gained"] == 40
    assert result["selected"][0]["cost_yuan"] == 4000
    assert (result["workers_covered_before"], result["workers_covered_after"]) == (30, 70)
    assert result["bound_workers"] == 70
    assert (result["status"], result["proved_optimal"], result["gap"]) == ("optimal", True, 0)
    assert result["method"] == "street"
    assert {"gap_on_gain", "seconds", "parameters", "findings"} <= set(result)


def test_a_budget_limits_a_plan(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--json", "--budget-yuan"]
    assert answer(run(*words, 3999))["workers_covered_after"] == 30
    assert answer(run(*words, 4000))["workers_covered_after"] == 70
    assert answer(run(*words, 9000, "--new", 0))["selected"] == []


def test_figures_beyond_reason_are_no_internal_error(files: dict[str, Path]) -> None:
    plan = ["plan", *all_files(files), "--json"]
    assert answer(run(*plan, "--budget-yuan", 10**30))["workers_covered_after"] == 70
    assert answer(run(*plan, "--new", 10**30, "--seed", -(10**30)))["workers_covered_after"] == 70
    files["demand"].write_text(DEMAND.replace(",20\n", ",1e308\n"), encoding="utf-8")
    for words in ([], ["--json"]):
        result = run("coverage", *all_files(files), *words)
        assert result.exit_code == 1
        assert "1e+308" in result.stderr


def test_no_feasible_plan_is_a_plan_that_says_so(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--budget-yuan", 1]
    result = answer(run(*words, "--json"), 1)
    assert (result["status"], result["selected"]) == ("infeasible", [])
    assert (result["workers_covered_after"], result["bound_workers"]) == (30, 30)
    assert "2,000" in result["remark"]
    spoken = run(*words)
    assert spoken.exit_code == 1
    assert spoken.stdout.startswith("没有满足条件的方案")


def test_a_plan_in_sentences(files: dict[str, Path]) -> None:
    spoken = run("plan", *all_files(files), "--new", 1)
    assert spoken.stdout.startswith("方案：覆盖职工由 30 增至 70（共 75）")
    assert "已证明没有更好的方案" in spoken.stdout
    assert "c1" in spoken.stdout


def test_scores_of_candidates(files: dict[str, Path]) -> None:
    result = answer(run("score", *all_files(files), "--json"))
    assert [item["id"] for item in result["candidates"]] == ["c1", "c2"]
    for item in result["candidates"]:
        assert {"area_types", "evidence", "criteria", "points", "rank"} <= set(item)
        assert item["sentence_zh"]
        assert item["sentence_en"]
    told = run("score", *all_files(files)).stdout.splitlines()
    assert [line[:2] for line in told[:2]] == ["1.", "2."]


def test_a_report_with_a_plan(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["report", *all_files(files), "--out", out, "--format", "xlsx", "--json"]
    result = answer(run(*words, "--new", 1))
    assert [Path(file).name for file in result["files"]] == ["annex.xlsx", "replay.json"]
    assert (out / "annex.xlsx").stat().st_size > 1000
    assert result["coverage"]["workers_covered"] == 30
    assert result["plan"]["workers_covered_after"] == 70
    bare = run(*words)
    assert answer(bare)["plan"] is None
    assert "没有新增方案" in bare.stderr
    assert run(*words, "--format", "stone").exit_code == 1


def test_a_report_tells_effective_coverage_on_the_terms_asked_for(
    files: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ["report", *all_files(files), "--out", out, "--format", "json", "--json"]
    asked = ("--season", "summer", "--weather", "--open-share", "0.75", "--kind-defaults")
    told = answer(run(*words, *asked))["effective"]
    assert told == answer(run("coverage", *all_files(files), *asked, "--json"))["effective"]
    assert (told["season"], told["open_share"], told["kind_defaults"]) == ("summer", 0.75, True)
    assert told["weather"]["reach_share"] < 1
    held = json.loads((out / "replay.json").read_bytes())["effective"]
    for key in ("monday", "open_share", "kind_defaults", "weather", "workers", "verified"):
        assert held[key] == told[key]
    assert run(*words, "--by", "town").exit_code == 2


def test_importing_a_table(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "stations.geojson"
    result = answer(run("import", files["stations"], "--as", "stations", "--out", out, "--json"))
    assert result == {
        "imported": 1,
        "rejected": 0,
        "findings": [],
        "datum": {
            "declared": "wgs84",
            "evidence": None,
            "stated_by": "own_form",
            "verdict": None,
            "rows": None,
        },
        "read": {
            "format": "text",
            "layer": None,
            "layers": [],
            "encoding": "utf-8-sig",
            "crs": None,
        },
        "unplaced": [],
        "geocoded": None,
        "doubles": [],
        "out": str(out),
    }
    assert json.loads(out.read_text(encoding="utf-8"))["features"][0]["properties"]["id"] == "s1"


def test_checking_a_table_writes_nothing(files: dict[str, Path], tmp_path: Path) -> None:
    with files["stations"].open("a", encoding="utf-8") as rows:
        rows.write("s1,again,116.3,39.7\n")
    before = sorted(tmp_path.iterdir())
    words = ["import", files["stations"], "--as", "stations", "--check", "--json"]
    result = answer(run(*words, "--streets", files["streets"]), 1)
    assert (result["imported"], result["rejected"], result["out"]) == (1, 1, None)
    assert result["findings"][0]["row"] == 3
    assert [e["datum"] for e in result["datum"]["evidence"]] == ["wgs84", "gcj02", "bd09"]
    assert result["datum"]["evidence"][0]["within_30_m"] == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_is_not_there(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "none" / "stations.csv"
    result = run("import", files["stations"], "--as", "stations", "--out", out, "--json")
    error = answer(result, 2)["error"]
    assert error["code"] == "file"
    assert "stations.csv" in error["message"]


def test_serving_starts_streamlit_on_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def call(command: list[str]) -> int:
        called.append(command)
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    assert run("serve", "--port", 9000).exit_code == 0
    assert called[0][:4] == [sys.executable, "-m", "streamlit", "run"]
    assert "--server.address=127.0.0.1" in called[0]
    assert "--server.port=9000" in called[0]


def test_help_needs_no_data() -> None:
    for command in sorted(door.cli.commands):
        result = run(command, "--help")
        assert result.exit_code == 0
        assert result.stdout


def test_the_program_itself(files: dict[str, Path]) -> None:
    words = [str(word) for word in ("coverage", *all_files(files), "--json")]
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *words], capture_output=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["workers_covered"] == 30
    assert done.stderr == b""


def test_a_file_name_that_is_no_text_is_printed_as_an_escape() -> None:
    script = (
        "import runpy, sys\nsys.argv = ['cli.py', 'coverage', '--lang', '\\udcff', '--json']\n"
        "runpy.run_path('cli.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=False, cwd=ROOT
    )
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "usage"
    assert b"\\udcff" in done.stderr
    assert b"Traceback" not in done.stderr


def test_coverage_loads_no_heavy_library_it_does_not_need(files: dict[str, Path]) -> None:
    words = [str(word) for word in ("coverage", *all_files(files), "--json")]
    heavy = ("osmnx", "docx", "streamlit", "folium", "sqlalchemy", "matplotlib", "geopandas")
    script = (
        "import sys, cli\ntry:\n    cli.cli(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"sys.stderr.write(repr([m for m in {heavy!r} if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, check=True, cwd=ROOT
    )
    assert done.stderr.decode() == "[]"


def sample(*layers: str) -> list[object]:
    folder = ROOT / "data" / "sample"
    found = {file.stem: file for file in folder.iterdir()}
    return [word for layer in layers for word in (f"--{layer}", found[layer])]


def test_the_sample_is_clean_and_says_that_it_is_invented() -> None:
    words = sample("streets", "demand", "stations", "candidates", "enterprises", "hosts", "needs")
    result = answer(run("coverage", *words, "--cutoff-m", 1000, "--json"))
    assert result["findings"] == []
    assert result["synthetic"] is True
    assert result["measure"] == "worker_hours"
    assert 0 < result["coverage"] < 1
    assert run("coverage", *words).stdout.startswith("【合成示例数据】")


def test_invented_records_stay_invented_in_another_folder(
    files: dict[str, Path], tmp_path: Path
) -> None:
    copy = tmp_path / "ours.csv"
    copy.write_bytes((ROOT / "data" / "sample" / "stations.csv").read_bytes())
    words = ["coverage", "--demand", files["demand"], "--json", "--stations"]
    assert answer(run(*words, copy))["synthetic"] is True
    assert answer(run(*words, files["stations"]))["synthetic"] is False


@pytest.mark.outside_data
def test_the_main_job_on_a_real_city(outside_data: Path) -> None:
    # Figures found apart from us: Dijkstra over all OSM nodes, geodesic lengths; scipy's MILP.
    cells = outside_data / "poa_hexgrid.csv"
    words = ["--streets", outside_data / "poa.osm.pbf", "--demand", cells, "--cutoff-m", 1000]
    words += ["--stations", outside_data / "poa_points_of_interest.csv", "--json"]
    words += ["--map", "demand.workers=jobs"]
    reached = answer(run("coverage", *words), 1)  # five cells have no count of jobs
    assert reached["workers_total"] == 337_921
    assert reached["workers_covered"] == 127_469
    assert (len(reached["unsnapped_demand"]), reached["unsnapped_workers"]) == (16, 13)
    assert [f["row"] for f in reached["findings"] if f["severity"] == "error"] == [
        71,
        226,
        412,
        431,
        780,
    ]
    proposed = answer(run("plan", *words, "--candidates", cells, "--new", 5), 1)
    assert proposed["workers_covered_after"] == 197_944
    assert proposed["proved_optimal"] is True
    assert sum(site["workers_gained"] for site in proposed["selected"]) == 197_944 - 127_469
