"""A report of a kept scenario: it says so, counts as 方案 does, and can be made again."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from docx import Document
from PIL import Image
from streamlit.testing.v1 import AppTest

from register import Register
from register.reporting import reports_taken
from register.scenarios import Saved, keep_scenario
from siting.coverage.levels import Terms
from siting.model import Parameters
from siting.planning import coverage
from siting.plans.variant import Opening, Variant, with_variant
from siting.street_changes import AddPath, CloseStreet
from tests.unit.ui.conftest import SOUTH, STEP, WEST, WHO, page_of
from tests.unit.ui.test_report_page import asked_of, draw, nobody_hears
from ui import compute, keys
from ui.report import check as report_check
from ui.report import making as report_making
from ui.report import scenario as report_scenario
from ui.report.asked import ALWAYS

MIDDLE = (WEST + 0.5 * STEP, SOUTH)
VARIANT = Variant(
    opens=(Opening("c6", (WEST + 5 * STEP, SOUTH + 6 * STEP)), Opening("c3", MIDDLE)),
    closes=("s1",),
    streets=(CloseStreet(MIDDLE), AddPath(((WEST, SOUTH), (WEST + STEP, SOUTH + STEP)), "新路")),
    parameters=Parameters(cutoff_m=1200.0),
)


@pytest.fixture
def saved(district: Register) -> Saved:
    return keep_scenario(district, "甲案", VARIANT, fingerprint="x", who=WHO, note="试试")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    picture = io.BytesIO()
    Image.new("RGB", (21, 30)).save(picture, "png")
    monkeypatch.setattr("ui.report.page.preview", lambda *_: picture.getvalue())
    return page_of(draw, **{keys.REPORT_FORMATS: ("xlsx",)})


def made_of(register: Register, saved: Saved, *formats: str) -> report_making.Made:
    book = report_scenario.book_of(compute.read_book(register), saved)
    now = compute.situation(register, book, VARIANT.parameters, Terms())
    shown = report_scenario.shown_of(now, saved)
    told = report_scenario.told_of(saved)
    asked: Any = asked_of(now, formats=formats, kept=saved.id, scenario=told)
    return report_making.make(now, shown, None, asked, nobody_hears)


def test_paper_and_replay_say_which_scenario(district: Register, saved: Saved) -> None:
    made = made_of(district, saved, "docx")
    lines = [p.text for p in Document(io.BytesIO(made.files["docx"])).paragraphs]
    first = next(line for line in lines if "甲案" in line)
    assert all(part in first for part in ("新增 2 座", "关闭 1 座", "改 2 处街道", WHO))
    assert lines.index(first) < 5
    assert any("关闭 1 座驿站：一号驿站" in line for line in lines)
    told = json.loads(made.files[ALWAYS])
    assert told["made_from"]["scenario"]["name"] == "甲案"
    assert set(told["chosen"]) == {"c6", "c3"}
    assert told["plan"]["status"] == "given"
    assert not told["plan"]["proved_optimal"]
    assert [change["kind"] for change in told["made_from"]["street_changes"]] == ["closed", "added"]


def test_it_can_be_made_again_after_candidates_have_moved(district: Register, saved: Saved) -> None:
    made = made_of(district, saved)
    version = district.get("candidates", "c3").version
    district.update("candidates", "c3", {"lon": WEST}, version=version, who=WHO)
    found = report_check.check(made.files[ALWAYS], "replay.json", district)
    assert found.agrees, found
    assert made_of(district, saved).files[ALWAYS] != made.files[ALWAYS]  # the register is another


def test_a_plan_of_a_scenario_counts_what_the_page_of_scenarios_counts(
    district: Register, saved: Saved
) -> None:
    book = report_scenario.book_of(compute.read_book(district), saved)
    now = compute.situation(district, book, VARIANT.parameters, Terms())
    plan = report_scenario.shown_of(now, saved).plan
    inputs = with_variant(district.inputs(), VARIANT)
    stations = inputs.stations.assign(state="closed")
    opened = inputs.candidates.loc[inputs.candidates["id"].isin(["c3", "c6"])]
    opened = opened[list(stations.columns)].assign(state="open")
    both = pd.concat([stations, opened], ignore_index=True)
    by_hand = coverage(replace(inputs, stations=both), VARIANT.parameters)
    assert plan.workers_covered_after == pytest.approx(by_hand.workers_covered)
    assert plan.after is not None
    assert [site.order for site in plan.selected] == [1, 2]
    assert plan.selected[0].workers_gained >= plan.selected[1].workers_gained


def test_the_page_takes_a_scenario(
    district: Register, saved: Saved, page: Callable[..., AppTest]
) -> None:
    shown = page(project="district", **{keys.REPORT_PLAN: saved.id})
    assert not shown.exception
    assert any("甲案" in option for box in shown.selectbox for option in box.options)
    assert any("1,200 米" in option for box in shown.selectbox for option in box.options)
    shown.button(key="make_report").click().run()
    assert not shown.exception
    assert not shown.error
    made: report_making.Made = shown.session_state[keys.REPORT_MADE]
    assert json.loads(made.files[ALWAYS])["parameters"]["cutoff_m"] == 1200.0
    (kept,) = reports_taken(district)
    assert (kept.kept, kept.plan) == ("甲案", None)
    listed = page("zh", project="district", **{keys.REPORT_VIEW: "earlier"})
    assert "甲案" in listed.expander[0].label
