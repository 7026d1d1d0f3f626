"""Demand made of head counts on the command line."""

from pathlib import Path

from tests.unit.commands.terminal import all_files, answer, run

FIRMS = (
    "id,name,lon,lat,town,workers\n"
    "E1,甲公司,116.305,39.7,黄村镇,100\nE2,乙公司,116.306,39.7,黄村镇,300\n"
)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_enterprises_and_sweepers_become_demand_that_coverage_reads(
    files: dict[str, Path], tmp_path: Path
) -> None:
    firms = written(tmp_path / "firms.csv", FIRMS)
    totals = written(tmp_path / "totals.csv", "镇街,职工总数\n黄村,1000\n")
    streets = files["streets"]
    streets.write_text(streets.read_text("utf-8").replace("residential", "primary"), "utf-8")
    out = tmp_path / "made.csv"
    words = ["demand", "--enterprises", firms, "--shift-of", "E2=three_shift", "--out", out]
    words += ["--streets", streets, "--sweepers", 60, "--calibrate", totals]
    result = answer(run(*words, "--json"))
    assert [item["heads"] for item in result["sources"]] == [400, 60]
    factors = {item["town"]: item for item in result["factors"]}
    assert (factors["黄村镇"]["before"], factors["黄村镇"]["after"]) == (400, 1000)
    assert (factors["黄村镇"]["factor"], factors["黄村镇"]["far"]) == (2.5, True)
    assert factors[""]["factor"] == 1
    assert result["assumed"] == ["presence", "shifts"]
    covered = answer(run("coverage", *all_files({**files, "demand": out}), "--json"))
    assert covered["measure"] == "worker_hours"
    assert {row["town"] for row in covered["towns"]} == {"黄村镇", ""}
    spoken = run(*words).stdout
    assert "黄村镇：400 → 1,000" in spoken
    assert "假设" in spoken


def test_heads_without_windows_get_them(files: dict[str, Path], tmp_path: Path) -> None:
    cells = written(tmp_path / "cells.csv", "id,lon,lat,workers,group\na,116.305,39.7,50,courier\n")
    out = tmp_path / "made.csv"
    result = answer(run("demand", "--heads", cells, "--out", out, "--json"))
    assert (result["heads"], result["rows"]) == (50, 12)
    # Cells of a grid name no group: who they are is for the planner to say.
    words = ["demand", "--heads", files["demand"], "--out", out, "--json"]
    assert answer(run(*words), 1)["error"]["code"] == "siting_no_presence"
    grid = answer(run(*words, "--group", "enterprise"))
    assert (grid["heads"], grid["factors"]) == (75, [])
    over = answer(run("demand", "--heads", cells, "--out", cells, "--json"), 2)["error"]
    assert "cells.csv" in over["message"]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    out = tmp_path / "demand.csv"
    nothing = answer(run("demand", "--out", out, "--json"), 2)["error"]["message"]
    assert "--enterprises" in nothing
    no_streets = answer(run("demand", "--sweepers", 5, "--out", out, "--json"), 2)["error"]
    assert "--streets" in no_streets["message"]
    firms = written(tmp_path / "firms.csv", FIRMS)
    words = ["demand", "--enterprises", firms, "--out", out, "--json"]
    assert answer(run(*words, "--shift-of", "E2"), 2)["error"]["code"] == "usage"
    assert answer(run(*words, "--shift", "x"), 1)["error"]["code"] == "siting_unknown_shift"
    assert not out.exists()
