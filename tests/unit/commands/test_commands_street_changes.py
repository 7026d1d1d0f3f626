"""Streets closed and paths added on the command line."""

from pathlib import Path

import docx
import pytest

from tests.unit.commands.terminal import all_files, answer, run

CLOSE = ("--close-street", "116.3149,39.7")
PATH = ("--add-path", "116.30,39.7 116.315,39.705 116.33,39.7")


def test_a_closed_street_cuts_off_what_lies_behind_it(files: dict[str, Path]) -> None:
    """The street has one edge here, so nothing is left: that is said, too."""
    refused = answer(run("coverage", *all_files(files), *CLOSE, "--json"), 1)
    assert refused["error"]["code"] == "siting_changes_last_street"


def test_results_tell_what_was_changed(files: dict[str, Path], tmp_path: Path) -> None:
    before = answer(run("coverage", *all_files(files), "--json"))
    found = answer(run("coverage", *all_files(files), *PATH, "--json"))
    assert before["street_changes"] == []
    (change,) = found["street_changes"]
    assert (change["kind"], change["places"][1]) == ("added", [116.315, 39.705])
    assert change["length_m"] == pytest.approx(2 * 1400, rel=0.01)
    spoken = run("plan", *all_files(files), *PATH, "--new", 1).stdout
    assert "方案：新增步行路" in spoken
    # The path makes the one street three: now its middle can be closed, and the path goes round.
    both = answer(
        run("catchments", *all_files(files), *PATH, "--out", tmp_path / "m.csv", "--json")
    )
    assert len(both["street_changes"]) == 1
    out = tmp_path / "r"
    made = answer(run("report", *all_files(files), *PATH, "--out", out, "--json"))
    assert len(made["street_changes"]) == 1
    tables = docx.Document(str(out / "report.docx")).tables
    rows = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    assert any(row[0] == "街道改动" and "新增步行路" in row[1] for row in rows)


@pytest.mark.parametrize(
    "words",
    [
        ("--close-street", "116.3"),
        ("--close-street", "39.7,116.3"),
        ("--close-street", "116.3,39.7 116.4,39.7"),
        ("--add-path", "116.3,39.7"),
        ("--add-path", "here there"),
    ],
)
def test_places_are_written_one_way(files: dict[str, Path], words: tuple[str, str]) -> None:
    refused = answer(run("coverage", *all_files(files), *words, "--json"), 2)
    assert "经度,纬度" in refused["error"]["message"]
    assert words[0] in refused["error"]["message"]
