"""A point held elsewhere: what the page says of it, what is stored, and what is not."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from register import Register
from tests.unit.ui.conftest import SOUTH, STEP, WEST, page_of
from ui import keys
from ui.live_map import MapEvent
from ui.workbench import dragging

Page = Callable[..., AppTest]
FAR = (WEST + 6 * STEP, SOUTH + 6 * STEP)
NOWHERE = (WEST - 0.02, SOUTH)
"""Some 1,700 m west of the westernmost street."""


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.workbench import page as workbench  # noqa: PLC0415 -- the harness takes the body alone

    guarded(workbench.draw)


@pytest.fixture
def page() -> Page:
    return page_of(draw, project="district")


def said(page: AppTest) -> str:
    parts = [*page.info, *page.warning, *page.caption, *page.success]
    return " ".join(str(text.value) for text in parts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_station_is_tried_and_then_stored(district: Register, page: Page, lang: str) -> None:
    before = district.revision()
    found = page(lang, **{keys.PICKED: "s1"})
    assert not found.exception
    assert keys.TRIED not in found.session_state
    found.toggle(key=keys.MOVE_STATION).set_value(True).run()
    found.session_state[keys.TRIED] = dragging.Trial("stations", "s1", FAR)
    found.run()
    assert not found.exception
    assert ("移到这里" if lang == "zh" else "With the station here") in said(found)
    assert "乙街道" in said(found)
    assert district.revision() == before
    found.button(key="store_trial").click().run()
    assert not found.exception
    record = district.get("stations", "s1")
    assert (record["lon"], record["lat"], record["town"]) == (*FAR, "乙街道")
    assert keys.TRIED not in found.session_state


def test_a_place_far_from_streets_says_how_far(district: Register, page: Page) -> None:
    trial = dragging.Trial("stations", "s1", NOWHERE)
    state = {keys.PICKED: "s1", keys.MOVE_STATION: True, keys.TRIED: trial}
    found = page(**state)
    assert not found.exception
    assert "715 米，超过 200 米" in said(found)
    assert "步行到不了这里" in said(found)
    found.button(key="drop_trial").click().run()
    assert keys.TRIED not in found.session_state
    del district


def test_a_candidate_of_a_file_has_a_handle_when_it_is_picked(
    district: Register, page: Page
) -> None:
    found = page(**{keys.PICKED: "c2"})
    assert not found.exception
    assert "虚线圈" in said(found)
    trial = dragging.Trial("candidates", "c2", FAR)
    found = page(**{keys.PICKED: "c2", keys.TRIED: trial})
    assert "放在这里" in said(found)
    assert district.get("candidates", "c2").version == 1


def test_what_is_held_is_kept_for_the_page_and_nowhere_else(
    district: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", held)
    before = district.revision()
    dragging.take(MapEvent("try", 7, id="s1", kind="station", lon=FAR[0], lat=FAR[1]))
    assert dragging.tried("stations", "s1") == dragging.Trial("stations", "s1", FAR)
    assert dragging.tried("candidates", "s1") is None
    assert held[keys.PICKED] == "s1"
    assert district.revision() == before
    dragging.forget()
    assert dragging.tried("stations", "s1") is None
