"""Streets closed and drawn on the planner's map: a draft that the figures follow."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from register import Register
from reports.webmap import changed_street_sets
from siting.street_changes import AddPath, CloseStreet, with_street_changes
from tests.unit.ui.conftest import SOUTH, STEP, WEST, page_of
from ui import keys
from ui.live_map import MapEvent
from ui.scenarios import streets as scenarios_streets

Page = Callable[..., AppTest]
MIDDLE = (WEST + 0.5 * STEP, SOUTH)
SHUT = MapEvent("close", 3, lon=MIDDLE[0], lat=MIDDLE[1])
PATH = MapEvent("path", 4, corners=((WEST, SOUTH), (WEST + STEP, SOUTH + STEP)))


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.workbench import page as workbench  # noqa: PLC0415 -- the harness takes the body alone

    guarded(workbench.draw)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


def test_what_is_tapped_and_drawn_is_tried_and_stored_nowhere(
    district: Register, session: dict[str, Any]
) -> None:
    before = district.revision()
    scenarios_streets.take(district, SHUT)
    scenarios_streets.take(district, PATH)
    close, path = scenarios_streets.held()
    assert (close, path) == (CloseStreet(MIDDLE), AddPath(PATH.corners, name="新路 1"))
    assert session[keys.NOTICE].kind == "done"
    assert "新路 1" in session[keys.NOTICE].text
    scenarios_streets._drop(0)
    assert scenarios_streets.held() == (path,)
    assert district.revision() == before


def test_a_tap_where_no_street_is_changes_nothing(
    district: Register, session: dict[str, Any]
) -> None:
    scenarios_streets.take(district, MapEvent("close", 3, lon=WEST + 0.0025, lat=SOUTH + 0.0025))
    assert scenarios_streets.held() == ()
    assert session[keys.NOTICE].kind == "error"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_figures_follow_and_one_is_taken_back(district: Register, lang: str) -> None:
    page = page_of(draw, project="district")
    plain = page(lang)
    assert not plain.exception
    changes = (CloseStreet(MIDDLE), AddPath(PATH.corners, name="x"))
    found = page(lang, **{keys.STREETS: changes})
    assert not found.exception
    nominal = [metric.value for metric in plain.metric][1]
    assert [metric.value for metric in found.metric][1] != nominal
    found.button(key="drop_street_1").click().run()
    found.button(key="drop_street_0").click().run()
    assert not found.exception
    assert keys.STREETS in found.session_state
    assert [metric.value for metric in found.metric][1] == nominal
    del district


def test_streets_that_are_gone_are_told_with_a_way_out(district: Register) -> None:
    away = CloseStreet((WEST - 1, SOUTH))
    found = page_of(draw, project="district")(**{keys.STREETS: (away,)})
    assert not found.exception
    assert found.error
    found.button(key="drop_streets").click().run()
    assert not found.error
    del district


def test_the_map_draws_what_was_closed_and_what_is_new(district: Register) -> None:
    inputs = district.inputs()
    changed = with_street_changes(inputs, (CloseStreet(MIDDLE), AddPath(PATH.corners)))
    assert inputs.streets is not None
    assert changed.streets is not None
    closed, added = changed_street_sets(
        inputs.streets, changed.streets, changed.street_changes, "zh"
    )
    assert closed.dashed
    assert not added.dashed
    assert len(closed.lines) == len(added.lines) == 1
    assert closed.title != added.title
