"""The replay file that the app offers: the command line makes the same figures of it."""

import json
from pathlib import Path

import pytest

from register import Register
from siting.coverage.levels import Terms
from siting.model import Parameters
from siting.plans.goals.for_goal import PlanAsked
from tests.unit.commands.terminal import answer, run
from ui import compute
from ui.plan.stored import remember, remembered
from ui.workbench.downloads import report_of


def test_a_report_of_the_app_is_replayed_from_its_register(
    district: Register, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("streamlit.session_state", {"lang": "zh"})
    monkeypatch.setattr("ui.projects.who", lambda: "tester")
    book = compute.read_book(district)
    now = compute.situation(district, book, Parameters(cutoff_m=1000.0), Terms())
    remember(now, compute.begin_plan(now, PlanAsked("coverage", new=2)).result())
    file = tmp_path / "replay.json"
    file.write_bytes(report_of(now, remembered(now), "json")())
    assert len(json.loads(file.read_bytes())["chosen"]) == 2
    station = district.records("stations")[0]
    district.remove("stations", station.id, version=station.version, who="tester")
    found = answer(run("replay", file, "--home", tmp_path, "--json"))
    assert found["agrees"]
    assert {layer["found"] for layer in found["layers"]} == {"register"}
