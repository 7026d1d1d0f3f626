"""What people do on the map reaches the register, and what it refuses is told."""

from typing import Any

import pytest
import streamlit

from register import Register
from ui import edits, keys
from ui.live_map import MapEvent


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


@pytest.fixture
def own(district: Register) -> str:
    return district.add_candidate(116.31, 39.71, name="甲", who="张三").id


def test_a_tap_opens_the_form_and_stores_nothing(
    district: Register, session: dict[str, Any]
) -> None:
    before = district.revision()
    edits.apply_event(district, MapEvent("add", 1, lon=116.3, lat=39.7))
    assert (session[keys.TAPPED].lon, session[keys.TAPPED].lat) == (116.3, 39.7)
    assert district.revision() == before


def test_a_form_sent_twice_is_one_candidate(district: Register, session: dict[str, Any]) -> None:
    tap = edits.Tap(116.31, 39.71, "once")
    for _ in range(2):
        edits.add_candidate(district, tap, {"name": "乙", "cost_yuan": None, "kind": ""})
    stored = [r for r in district.records("candidates") if r["name"] == "乙"]
    assert len(stored) == 1
    assert stored[0]["state"] == "proposed"
    assert session[keys.PICKED] == stored[0].id


def test_a_candidate_that_cannot_be_stored_keeps_its_form(
    district: Register, session: dict[str, Any]
) -> None:
    session[keys.TAPPED] = tap = edits.Tap(116.31, 39.71, "k")
    edits.add_candidate(district, tap, {"name": "乙", "cost_yuan": "很多"})
    assert session[keys.NOTICE].kind == "error"
    assert session[keys.TAPPED] == tap


def test_a_pick_closes_the_form(district: Register, session: dict[str, Any]) -> None:
    session[keys.TAPPED] = edits.Tap(116.3, 39.7, "k")
    edits.apply_event(district, MapEvent("pick", 2, id="c1", kind="candidate"))
    assert session[keys.PICKED] == "c1"
    assert keys.TAPPED not in session


def test_a_drag_moves_the_record_and_can_be_undone(
    district: Register, session: dict[str, Any], own: str
) -> None:
    edits.apply_event(district, MapEvent("move", 3, id=own, version=1, lon=116.32, lat=39.72))
    moved = district.get("candidates", own)
    assert (moved["lon"], moved["lat"], moved.version) == (116.32, 39.72, 2)
    notice = session[keys.NOTICE]
    assert notice.kind == "done"
    edits.undo(district, notice.event)
    back = district.get("candidates", own)
    assert (back["lon"], back["lat"]) == (116.31, 39.71)


def test_a_drag_of_what_somebody_else_moved_is_refused_with_his_name(
    district: Register, session: dict[str, Any], own: str
) -> None:
    district.update("candidates", own, {"lon": 116.33}, version=1, who="李四")
    edits.apply_event(district, MapEvent("move", 4, id=own, version=1, lon=116.32, lat=39.72))
    assert session[keys.NOTICE].kind == "error"
    assert "李四" in session[keys.NOTICE].text
    assert district.get("candidates", own)["lon"] == 116.33


def test_removing_closes_the_card(district: Register, session: dict[str, Any], own: str) -> None:
    session[keys.PICKED] = own
    edits.remove_candidate(district, own, 1)
    assert district.get("candidates", own).deleted
    assert keys.PICKED not in session
    edits.remove_candidate(district, own, 1)
    assert session[keys.NOTICE].kind == "error"


def test_an_undo_that_comes_too_late_is_refused(
    district: Register, session: dict[str, Any], own: str
) -> None:
    added = district.history("candidates", own)[-1].id
    district.update("candidates", own, {"name": "丙"}, version=1, who="李四")
    edits.undo(district, added)
    assert session[keys.NOTICE].kind == "error"
    assert not district.get("candidates", own).deleted


def test_the_unit_follows_a_drag(district: Register, session: dict[str, Any], own: str) -> None:
    district.update("candidates", own, {"town": "甲镇"}, version=1, who="张三")
    edits.apply_event(district, MapEvent("move", 5, id=own, version=2, lon=116.325, lat=39.71))
    assert district.get("candidates", own)["town"] == "乙街道"
    edits.apply_event(district, MapEvent("move", 6, id=own, version=3, lon=116.5, lat=39.9))
    assert district.get("candidates", own)["town"] == ""
    assert session[keys.NOTICE].kind == "done"


def test_a_drag_of_what_was_deleted_says_so(
    district: Register, session: dict[str, Any], own: str
) -> None:
    district.remove("candidates", own, version=1, who="李四")
    edits.apply_event(district, MapEvent("move", 7, id=own, version=1, lon=116.32, lat=39.72))
    assert "已由 李四" in session[keys.NOTICE].text
    assert "删除" in session[keys.NOTICE].text
