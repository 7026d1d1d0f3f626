import json
from pathlib import Path

import docx
import openpyxl
import pytest

from siting import lines
from tests.unit.commands.terminal import all_files, answer, base, run


def test_findings_go_to_stderr_with_json_too(files: dict[str, Path]) -> None:
    files["demand"].write_text("id,lon,lat,workers\na,116.31,39.7,5\nb,,39.7,5\n", encoding="utf-8")
    result = run("coverage", *all_files(files), "--json")
    assert answer(result, 1)["workers_total"] == 5
    assert "demand.csv 第 3 行" in result.stderr
    checked = run("import", files["demand"], "--as", "demand", "--check", "--json")
    assert answer(checked, 1)["rejected"] == 1
    assert "第 3 行" in checked.stderr


def test_findings_are_told_before_a_refusal(files: dict[str, Path]) -> None:
    files["candidates"].write_text("id,lon,lat\nc1,,39.7\n", encoding="utf-8")
    result = run("plan", *all_files(files), "--new", 1)
    assert result.exit_code == 1
    assert "candidates.csv 第 2 行" in result.stderr


def test_that_records_are_invented_goes_to_stderr_with_json(files: dict[str, Path]) -> None:
    sample = Path(__file__).resolve().parents[3] / "data" / "sample" / "stations.csv"
    words = ["coverage", "--demand", files["demand"], "--stations", sample]
    result = run(*words, "--json")
    assert answer(result)["synthetic"] is True
    assert "合成示例数据" in result.stderr


def test_no_sentence_is_made_where_json_is_asked_for(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[str]:
        raise AssertionError

    for name in ("coverage_lines", "plan_lines", "score_lines"):
        monkeypatch.setattr(lines, name, fail)
    for words in (["coverage"], ["plan", "--new", 1], ["score"]):
        answer(run(*words, *all_files(files), "--json"))
    assert run("coverage", *all_files(files)).exit_code == 2


@pytest.mark.parametrize("layer", ["demand", "stations"])
@pytest.mark.parametrize("command", ["coverage", "plan", "score"])
def test_no_headline_where_every_row_was_rejected(
    files: dict[str, Path], command: str, layer: str
) -> None:
    files[layer].write_text("id,lon,lat,workers\na,,39.7,5\n", encoding="utf-8")
    new = ["--new", 1] if command == "plan" else []
    result = run(command, *all_files(files), *new)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"文件“{layer}.csv”里没有一行可用")
    assert result.stdout.count("\n") == 1
    assert f"{layer}.csv 第 2 行" in result.stderr


def test_no_candidate_left_to_score(files: dict[str, Path]) -> None:
    files["candidates"].write_text("id,lon,lat\nc1,,39.7\n", encoding="utf-8")
    assert "candidates.csv”里没有一行可用" in run("score", *all_files(files)).stdout
    coverage = run("coverage", *all_files(files))
    assert (coverage.exit_code, coverage.stdout[:3]) == (1, "覆盖率")


def test_a_table_of_headings_only_keeps_its_headline(files: dict[str, Path]) -> None:
    files["stations"].write_text("id,name,lon,lat\n", encoding="utf-8")
    assert run("coverage", *all_files(files)).stdout.startswith("覆盖率 0.0%")


@pytest.mark.parametrize("command", ["coverage", "catchments"])
def test_rules_are_checked_also_where_they_are_not_needed(
    files: dict[str, Path], tmp_path: Path, command: str
) -> None:
    words = [command, *base(files), "--json"]
    words += ["--out", tmp_path / "out.csv"] if command == "catchments" else []
    error = answer(run(*words, "--rules", "nope"), 1)["error"]
    assert error["code"] == "rules_missing_file"
    assert "nope" in error["message"]
    answer(run(*words, "--rules", "daxing"))


@pytest.mark.parametrize(
    ("content", "code", "zh", "en"),
    [
        (b"a = 1\nx = = 1", "rules_not_toml", "第 2 行第 5 列", "line 2, column 5 "),
        (b"x = [1,", "rules_not_toml", "文件末尾", "the end of the file"),
        (b"x = '\xff'", "rules_not_text", "不是 UTF-8", "is not UTF-8"),
        (b"#" * 1_000_001, "rules_too_large", "超过 1 MB", "more than 1 MB"),
    ],
)
def test_rules_that_cannot_be_parsed_are_told_in_both_languages(
    files: dict[str, Path], tmp_path: Path, content: bytes, code: str, zh: str, en: str
) -> None:
    rules = tmp_path / "ours.toml"
    rules.write_bytes(content)
    words = ["coverage", *base(files), "--rules", rules, "--json"]
    error = answer(run(*words), 1)["error"]
    assert error["code"] == code
    assert zh in error["message"]
    assert en in answer(run(*words, "--lang", "en"), 1)["error"]["message"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_report_and_coverage_print_the_same_bracket(
    files: dict[str, Path], tmp_path: Path, lang: str
) -> None:
    given = ["--streets", files["streets"], *base(files), "--lang", lang]
    mark = "× 1.35"
    said = next(li for li in run("coverage", *given).stdout.splitlines() if mark in li)
    bracket = answer(run("coverage", *given, "--json"))["bracket"]
    assert bracket["workers_covered_street"] == 30
    words = ["report", *given, "--out", tmp_path / "out", "--format", "docx,xlsx,json", "--json"]
    assert answer(run(*words))["coverage"]["bracket"] == bracket
    replay = json.loads((tmp_path / "out" / "replay.json").read_bytes())
    assert replay["coverage"]["bracket"] == bracket
    written = [p.text for p in docx.Document(str(tmp_path / "out" / "report.docx")).paragraphs]
    assert sum(said in paragraph for paragraph in written) == 1
    page = openpyxl.load_workbook(tmp_path / "out" / "annex.xlsx").worksheets[0]
    assert [row[1] for row in page.iter_rows(values_only=True) if said in row] == [
        pytest.approx(bracket["coverage_straight_line"])
    ]


def test_without_streets_nothing_is_bracketed(files: dict[str, Path], tmp_path: Path) -> None:
    assert answer(run("coverage", *base(files), "--json"))["bracket"] is None
    words = ["report", *base(files), "--out", tmp_path / "out", "--format", "docx", "--json"]
    assert answer(run(*words))["coverage"]["bracket"] is None
    written = [p.text for p in docx.Document(str(tmp_path / "out" / "report.docx")).paragraphs]
    assert not any("街道数据" in text and "稀疏" in text for text in written)
