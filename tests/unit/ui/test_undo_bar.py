"""Two buttons beside the map: each says what it takes back, and takes back nothing else."""

from typing import Any

import pytest
import streamlit

from geo.errors import InputError
from register import Register
from tests.unit.ui.conftest import SOURCE, stations
from ui import edits, identity, keys, undo_bar
from ui.live_map import MapEvent

ME = identity.local_user().who


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


def told(register: Register, way: undo_bar.Way, who: str = ME) -> str:
    return undo_bar.tell_way(way, "zh", undo_bar.offered(register, who, way))


def press(register: Register, way: undo_bar.Way) -> None:
    undo_bar._do(register, way, undo_bar.offered(register, ME, way))


def test_one_goes_back_and_forth_by_name(district: Register, session: dict[str, Any]) -> None:
    own = district.add_candidate(116.31, 39.71, name="甲", who=ME).id
    assert (told(district, "undo"), told(district, "redo")) == ("撤销：添加“甲”", "重做")
    edits.apply_event(district, MapEvent("move", 3, id=own, version=1, lon=116.32, lat=39.72))
    district.update("candidates", own, {"state": "approved"}, version=2, who=ME)
    seen = []
    while "：" in told(district, "undo"):
        seen.append(told(district, "undo"))
        press(district, "undo")
    assert seen == ["撤销：改状态“甲”", "撤销：移动“甲”", "撤销：添加“甲”"]
    assert session[keys.NOTICE].text == "已撤销：添加“甲”。"
    assert district.get("candidates", own).deleted
    assert told(district, "redo") == "重做：添加“甲”"
    press(district, "redo")
    press(district, "redo")
    assert district.get("candidates", own)["lon"] == 116.32
    assert told(district, "undo") == "撤销：移动“甲”"


def test_keys_do_what_the_buttons_do(district: Register, session: dict[str, Any]) -> None:
    own = district.add_candidate(116.31, 39.71, name="甲", who=ME).id
    undo_bar.press(district, "undo")
    assert district.get("candidates", own).deleted
    undo_bar.press(district, "redo")
    undo_bar.press(district, "redo")  # nothing is left to do again
    assert not district.get("candidates", own).deleted
    assert session[keys.NOTICE].text == "已重做：添加“甲”。"


def test_the_ledger_takes_back_more_than_the_map(
    district: Register, session: dict[str, Any]
) -> None:
    district.add("units", {"name": "丙镇"}, who=ME)
    assert undo_bar.offered(district, ME, "undo") is None
    undo_bar.press(district, "undo", undo_bar.LEDGER_KINDS)
    assert session[keys.NOTICE].text == "已撤销：添加“丙镇”。"
    assert not district.records("units")


def test_the_changes_of_others_are_left_to_them(
    district: Register, session: dict[str, Any]
) -> None:
    mine = district.add_candidate(116.31, 39.71, name="甲", who=ME)
    district.update("candidates", mine.id, {"name": "乙"}, version=1, who="李四")
    found = undo_bar.offered(district, ME, "undo")
    assert found is not None
    assert found.problem is not None
    press(district, "undo")
    assert session[keys.NOTICE].kind == "error"
    assert district.get("candidates", mine.id)["name"] == "乙"
    assert told(district, "undo", "李四") == "撤销：修改“乙”"


def test_imports_are_taken_back_where_they_are_made(district: Register) -> None:
    district.add_candidate(116.31, 39.71, name="甲", who=ME)
    more = stations().assign(id="s2", name="二号驿站")
    district.put_records("stations", more, SOURCE, who=ME)
    assert told(district, "undo") == "撤销：添加“甲”"


def test_long_names_are_cut(district: Register) -> None:
    district.add_candidate(116.31, 39.71, name="很长的名字" * 8, who=ME)
    assert len(told(district, "undo")) < 26


def test_who_reads_only_is_refused(
    district: Register, session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    district.add_candidate(116.31, 39.71, name="甲", who=ME)

    def refuse(*_: object) -> str:
        raise InputError("identity_reads_only", role="负责人")

    monkeypatch.setattr(edits, "sign_undoing", refuse)
    press(district, "undo")
    assert session[keys.NOTICE].kind == "error"
    assert told(district, "undo") == "撤销：添加“甲”"
