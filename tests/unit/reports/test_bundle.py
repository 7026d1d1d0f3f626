"""The files of one export."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geo.errors import InputError
from reports.bundle import WRITERS, map_bytes, write_bundle
from reports.replay import replay_bytes
from reports.report import Report, credits_of
from siting.effective import evaluate_effective
from siting.model import Inputs

ROOT = Path(__file__).resolve().parents[3]


def test_files_have_the_names_of_the_contract(
    district: Callable[..., Report], tmp_path: Path
) -> None:
    folder = tmp_path / "新" / "报告"
    paths = write_bundle(district(), folder)
    names = ["report.docx", "annex.xlsx", "report.pdf", "layers.gpkg", "replay.json", "map.html"]
    assert paths == [folder / name for name in names]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert all(path.stat().st_size > 0 for path in paths)


def test_only_what_is_asked_for_and_over_an_older_file(
    district: Callable[..., Report], tmp_path: Path
) -> None:
    (tmp_path / "annex.xlsx").write_bytes(b"old")
    assert write_bundle(district(), tmp_path, ["xlsx"]) == [tmp_path / "annex.xlsx"]
    assert (tmp_path / "annex.xlsx").read_bytes()[:2] == b"PK"
    assert len(list(tmp_path.iterdir())) == 1


def test_unwritten_format_is_refused_before_anything_is_written(
    district: Callable[..., Report], tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        write_bundle(district(), tmp_path / "out", ["xlsx", "odt"])
    assert caught.value.code == "reports_format_unknown"
    assert not (tmp_path / "out").exists()
    assert "docx" in caught.value.message("zh")
    assert "docx" in caught.value.message("en")


def test_language_of_the_bundle(district: Callable[..., Report], tmp_path: Path) -> None:
    (path,) = write_bundle(district(), tmp_path, ["json"], lang="en")
    assert json.loads(path.read_bytes())["lang"] == "en"


def test_replay_holds_what_decided_and_what_came_out(district: Callable[..., Report]) -> None:
    report = district()
    content = json.loads(replay_bytes(report))
    assert content["scenario_hash"] == "f00d" * 16
    assert content["parameters"]["cutoff_m"] == 1000
    assert content["chosen"] == ["c0", "c4", "c25", "c7", "c2"]
    assert content["coverage"]["workers_covered"] == 11_830
    assert content["plan"]["workers_covered_after"] == 14_830
    assert [layer["sha256"] for layer in content["layers"]][:3] == ["ab" * 32] * 3
    assert content["synthetic"] is True


def test_replay_names_candidates_off_the_streets(district: Callable[..., Report]) -> None:
    report = district()
    assert report.plan is not None
    lost = replace(report.plan, unattached_candidates={"c9": "too_far"})
    content = json.loads(replay_bytes(replace(report, plan=lost)))
    assert content["unattached_candidates"] == [{"id": "c9", "why": "too_far"}]
    assert content["plan"]["unattached_candidates"] == content["unattached_candidates"]
    assert json.loads(replay_bytes(report))["unattached_candidates"] == []


def test_replay_without_plan(district: Callable[..., Report]) -> None:
    content = json.loads(replay_bytes(district(plan=None)))
    assert content["plan"] is None
    assert content["chosen"] == []


def emptied(report: Report) -> Report:
    """Return a report on tables without any rows, without scores and without a plan."""
    old = report.inputs
    inputs = Inputs(demand=old.demand.iloc[:0], stations=old.stations.iloc[:0])
    nothing = np.zeros(0)
    coverage = replace(
        report.coverage,
        workers_total=0.0,
        workers_covered=0.0,
        worker_hours_total=0.0,
        worker_hours_covered=0.0,
        stations=0,
        unreachable_stations=(),
        unsnapped_demand=(),
        unsnapped_workers=0.0,
        towns=(),
        row_covered=np.zeros(0, dtype=np.bool_),
        point_id=(),
        point_lon=nothing,
        point_lat=nothing,
        point_workers=nothing,
        point_covered=nothing,
        nearest_m=nothing,
    )
    return replace(
        report,
        inputs=inputs,
        effective=evaluate_effective(inputs, report.parameters),
        coverage=coverage,
        scores=(),
        plan=None,
        credits=credits_of(inputs),
    )


@pytest.mark.parametrize("name", ["docx", "gpkg", "json", "pdf", "xlsx"])
def test_report_on_nothing_is_a_file_all_the_same(
    district: Callable[..., Report], name: str
) -> None:
    assert WRITERS[name][1](emptied(district()))


def test_map_of_nothing_is_refused(district: Callable[..., Report]) -> None:
    with pytest.raises(InputError) as caught:
        map_bytes(emptied(district()))
    assert caught.value.code == "reports_nothing_to_draw"


def test_word_processor_and_typesetter_are_loaded_late() -> None:
    script = "import sys, reports.bundle; sys.exit(bool({'docx', 'typst'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], check=False, cwd=ROOT)
    assert done.returncode == 0


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_same_report_same_file(district: Callable[..., Report], name: str) -> None:
    _, write = WRITERS[name]
    assert write(district()) == write(district())
