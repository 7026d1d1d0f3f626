"""What a plan seeks beside coverage, on the command line."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.unit.commands.terminal import all_files, answer, run


@pytest.mark.parametrize("objective", ["stations", "money"])
def test_a_share_with_the_least(files: dict[str, Path], objective: str) -> None:
    words = ["plan", *all_files(files), "--objective", objective, "--target", 0.5]
    result = answer(run(*words, "--json"))
    assert result["objective"] == objective
    assert [site["id"] for site in result["selected"]] == ["c1"]
    needed = {"stations": (1, "stations"), "money": (4000, "yuan")}[objective]
    assert (result["needed"], result["needed_unit"]) == needed
    assert (result["status"], result["proved_optimal"], result["gap"]) == ("optimal", True, 0.0)
    assert result["coverage_after"] >= 0.5
    assert {"effective", "findings", "parameters"} <= set(result)
    assert "spares" in result["selected"][0]
    told = run(*words)
    assert "覆盖 50% 的职工" in told.stdout
    assert "To cover 50% of the workers" in run(*words, "--lang", "en").stdout


def test_a_share_out_of_reach_is_told(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--objective", "stations", "--target", "1"]
    result = answer(run(*words, "--json"), 1)
    assert (result["status"], result["selected"]) == ("infeasible", [])
    assert [point["why"] for point in result["uncoverable"]] == ["off_streets"]


@pytest.mark.parametrize("objective", ["median", "center"])
def test_short_walks(files: dict[str, Path], objective: str) -> None:
    words = ["plan", *all_files(files), "--objective", objective, "--new", 1]
    result = answer(run(*words, "--json"))
    assert [site["id"] for site in result["selected"]] == ["c1"]
    value = {"median": "mean_walk_m_after", "center": "worst_walk_m_after"}[objective]
    assert result["bound_m"] == result[value]
    assert result["mean_walk_m_after"] < result["mean_walk_m_before"]
    assert [point["id"] for point in result["unreached"]] == ["off"]
    assert "方案按步行远近挑选" in run(*words).stdout


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--target", 0.9, "--new", 1], "--target 要和 --objective 一起用"),
        (["--walk-m", 900, "--new", 1], "--walk-m 要和 --objective 一起用"),
        (["--objective", "stations", "--new", 1], "不能同时用 --new"),
        (["--objective", "stations", "--new", 0], "不能同时用 --new"),
        (["--objective", "money", "--budget-yuan", 1], "不能同时用 --budget-yuan"),
        (["--objective", "median", "--new", 1, "--budget-yuan", 0], "不能同时用 --budget-yuan"),
        (["--objective", "median"], "要用 --new 指明"),
        (["--objective", "center", "--new", 1, "--target", 0.9], "不能同时用 --target"),
        (["--objective", "median", "--new", 1, "--swaps"], "请改用 --objective coverage"),
        (["--objective", "stations", "--curve"], "大小由目标定"),
        (["--objective", "center", "--new", 1, "--years", 2], "不分年"),
        (["--objective", "effective", "--new", 1, "--store", "x"], "请用 --json 存成文件"),
        (["--new", 1, "--who", "x"], "要和 --store 一起用"),
        (["--new", 1, "--closable", "all"], "要和 --closings / --moves 一起用"),
        (["--new", 1, "--fair-within", 0.1], "要和 --fair 一起用"),
        (["--objective", "stations", "--target", 1.2], "0 到 1 之间"),
        (["--objective", "happiness"], "happiness"),
    ],
)
def test_what_does_not_go_together(files: dict[str, Path], asked: list[str], told: str) -> None:
    result = run("plan", *all_files(files), *asked)
    assert result.exit_code == 2
    assert told in result.stderr


def test_wishes_of_coverage_are_refused(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--objective", "stations", "--spacing-m", 300]
    result = run(*words)
    assert result.exit_code == 2
    assert "只能用必须选用、不得选用" in result.stderr


def test_a_report_tells_the_goal_of_its_plan(files: dict[str, Path], tmp_path: Path) -> None:
    words = ["report", *all_files(files), "--out", tmp_path / "r", "--format", "docx"]
    made = answer(run(*words, "--objective", "stations", "--json"))
    assert made["plan"]["goal"]["objective"] == "stations"
    assert made["plan"]["goal"]["after"] == len(made["plan"]["selected"])
    told = (tmp_path / "r" / "report.docx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(told)) as parts:
        assert "驿站最少" in parts.read("word/document.xml").decode()


def test_a_report_has_no_list_of_measures(files: dict[str, Path], tmp_path: Path) -> None:
    words = ["report", *all_files(files), "--out", tmp_path / "r", "--objective", "effective"]
    result = run(*words)
    assert result.exit_code == 2
    assert "plan --objective effective" in result.stderr
    assert not (tmp_path / "r").exists()
