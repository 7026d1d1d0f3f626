"""The report on the command line: who answers for it, its formats, a template of one's own."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.unit.commands.terminal import (
    CANDIDATES,
    DEMAND,
    STATIONS,
    STREETS,
    all_files,
    answer,
    run,
)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {"demand.csv": DEMAND, "stations.csv": STATIONS, "candidates.csv": CANDIDATES}
    for name, text in {**texts, "streets.osm": STREETS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {path.stem: path for path in tmp_path.iterdir()}


def test_who_answers_for_a_report_is_kept_and_files_tell_no_register(
    files: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    people = ["--compiled-by", "甲", "--reviewed-by", "乙", "--sent-to", "", "--map-number", "1号"]
    asked = [*all_files(files), "--out", out, "--format", "kml,csv", *people]
    content = answer(run("report", *asked, "--json"))
    assert [Path(name).name for name in content["files"]] == [
        *("layers.kml", "annex-csv.zip", "replay.json"),
    ]
    assert "审图号：1号" in (out / "layers.kml").read_text(encoding="utf-8")
    held = json.loads((out / "replay.json").read_bytes())["made_from"]
    told = {name: held[name] for name in ("compiled_by", "reviewed_by", "sent_to", "map_number")}
    assert told == {"compiled_by": "甲", "reviewed_by": "乙", "sent_to": "", "map_number": "1号"}
    work = held["work"]
    assert (work["registered"], work["hazards"], work["key_places"]) == (False, None, None)
    assert len(held["standards"]) > 5
    # A district in Daxing borrows the shipped outline, and says whose it is.
    with zipfile.ZipFile(out / "annex-csv.zip") as archive:
        about = archive.read(next(n for n in archive.namelist() if n.endswith(".txt"))).decode()
    assert "OpenStreetMap" in about


def test_a_template_that_cannot_be_used_is_refused_before_anything_is_made(
    files: dict[str, Path], tmp_path: Path
) -> None:
    bad = tmp_path / "本区.docx"
    bad.write_bytes(b"x")
    out = tmp_path / "out"
    result = run("report", *all_files(files), "--out", out, "--template", bad)
    assert result.exit_code == 1
    assert "不是能用的 Word 模板" in result.output
    assert not out.exists()
