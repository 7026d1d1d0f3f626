"""Records on their page: stored, told, conflicts decided, deleted and brought back."""

import io
from typing import Any

import pytest
import streamlit
from PIL import Image

from register import Record, Register
from register.photos import Shown
from tests.unit.ui.conftest import WHO
from ui import keys
from ui.ledger import edits as ledger_edits
from ui.ledger.conflict import conflict_rows
from ui.ledger.edits import Draft
from ui.ledger.photos import photos_of


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


@pytest.fixture
def station(district: Register) -> Record:
    return district.get("stations", "s1")


def test_a_form_stores_what_was_changed_and_nothing_else(
    district: Register, session: dict[str, Any], station: Record
) -> None:
    ledger_edits.open_form(district, "stations", "s1")
    ledger_edits.save(district, session[keys.LEDGER_DRAFT], {**station.fields, "seats": 6})
    stored = district.get("stations", "s1")
    assert (stored["seats"], stored.version, stored.updated_by) == (6, 2, "本机用户")
    assert session[keys.NOTICE].event == district.revision()
    assert keys.LEDGER_DRAFT not in session
    (step,) = district.steps("stations", "s1")[1:]
    assert [d.column for d in step.differences] == ["seats"]


def test_hours_that_nobody_can_read_are_stored_and_doubted(
    district: Register, session: dict[str, Any], station: Record
) -> None:
    for hours, doubted in (("看情况开门", True), ("Mo-Fr 08:00-18:00", False)):
        draft = Draft("stations", district.get("stations", "s1"), station.fields)
        ledger_edits.save(district, draft, {**station.fields, "hours": hours})
        assert district.get("stations", "s1")["hours"] == hours
        notice = session[keys.NOTICE]
        assert (notice.doubt is not None) == doubted
        if doubted:
            assert "读不懂开放时间“看情况开门”" in notice.doubt("zh")
            assert "时间未核实" in notice.doubt("zh")


def test_a_form_without_a_change_writes_nothing(
    district: Register, session: dict[str, Any], station: Record
) -> None:
    before = district.revision()
    draft = Draft("stations", station, station.fields)
    ledger_edits.save(district, draft, {**station.fields, "seats": None, "address": ""})
    assert district.revision() == before
    assert "没有改动" in session[keys.NOTICE].text


@pytest.fixture
def conflict(district: Register, session: dict[str, Any], station: Record) -> ledger_edits.Conflict:
    district.update("stations", "s1", {"name": "他的", "seats": 9}, version=1, who="李某")
    draft = Draft("stations", station, station.fields)
    ledger_edits.save(district, draft, {**station.fields, "name": "我的"})
    found: ledger_edits.Conflict = session[keys.LEDGER_CONFLICT]
    return found


def test_a_conflict_writes_nothing_and_shows_both(
    district: Register, conflict: ledger_edits.Conflict
) -> None:
    assert district.get("stations", "s1").version == 2
    rows = conflict_rows(district, conflict)
    assert [(row.column, row.before, row.mine, row.theirs) for row in rows] == [
        ("名称", "一号驿站", "我的", "他的"),
        ("座位数", "", "", "9"),
    ]


def test_using_mine_keeps_what_only_the_other_changed(
    district: Register, session: dict[str, Any], conflict: ledger_edits.Conflict
) -> None:
    ledger_edits.use_mine(district, conflict)
    stored = district.get("stations", "s1")
    assert (stored["name"], stored["seats"], stored.version) == ("我的", 9, 3)
    assert keys.LEDGER_CONFLICT not in session


@pytest.mark.usefixtures("conflict")
def test_using_theirs_leaves_it(district: Register, session: dict[str, Any]) -> None:
    ledger_edits.use_theirs()
    assert district.get("stations", "s1")["name"] == "他的"
    assert keys.LEDGER_CONFLICT not in session


def test_looking_opens_the_form_on_the_other_version(
    district: Register, session: dict[str, Any], conflict: ledger_edits.Conflict
) -> None:
    ledger_edits.merge(conflict)
    draft = session[keys.LEDGER_DRAFT]
    assert (draft.values["name"], draft.values["seats"]) == ("我的", 9)
    ledger_edits.save(district, draft, {**draft.values, "seats": 10})
    stored = district.get("stations", "s1")
    assert (stored["name"], stored["seats"]) == ("我的", 10)


def test_a_third_change_while_deciding_is_a_conflict_again(
    district: Register, session: dict[str, Any], conflict: ledger_edits.Conflict
) -> None:
    district.update("stations", "s1", {"name": "第三人的"}, version=2, who="周某")
    ledger_edits.use_mine(district, conflict)
    again = session[keys.LEDGER_CONFLICT]
    assert again.theirs.updated_by == "周某"
    assert district.get("stations", "s1")["name"] == "第三人的"


def test_what_was_deleted_meanwhile_is_not_overwritten(
    district: Register, session: dict[str, Any], station: Record
) -> None:
    district.remove("stations", "s1", version=1, who="李某")
    draft = Draft("stations", station, station.fields)
    ledger_edits.save(district, draft, {**station.fields, "name": "我的"})
    assert session[keys.LEDGER_CONFLICT].theirs.deleted
    assert district.get("stations", "s1").version == 2


def test_a_new_record_sent_twice_is_one(district: Register, session: dict[str, Any]) -> None:
    draft = Draft("hosts", None, {}, "once")
    for _ in range(2):
        ledger_edits.save(district, draft, {"name": "刘生记", "lon": 116.3, "lat": 39.7})
    (host,) = district.records("hosts")
    assert session[keys.LEDGER_OPEN] == ("hosts", host.id)


def test_what_cannot_be_stored_keeps_the_form(
    district: Register, session: dict[str, Any], station: Record
) -> None:
    ledger_edits.open_form(district, "stations", "s1")
    ledger_edits.save(district, session[keys.LEDGER_DRAFT], {**station.fields, "opened_on": "去年"})
    assert session[keys.NOTICE].kind == "error"
    assert session[keys.NOTICE].text.startswith("“启用日期”要写到哪一天")
    assert keys.LEDGER_DRAFT in session


def test_deleting_wants_a_reason_and_can_be_taken_back(
    district: Register, session: dict[str, Any], station: Record
) -> None:
    ledger_edits.remove(district, station, "  ")
    assert session[keys.NOTICE].kind == "error"
    assert not district.get("stations", "s1").deleted
    ledger_edits.remove(district, station, "房子拆了")
    gone = district.get("stations", "s1")
    assert gone.deleted
    assert district.history("stations", "s1")[-1].why == "房子拆了"
    ledger_edits.bring_back(district, gone)
    assert not district.get("stations", "s1").deleted


def test_an_undo_that_is_refused_is_told(district: Register, session: dict[str, Any]) -> None:
    first = district.update("stations", "s1", {"seats": 3}, version=1, who=WHO)
    event = district.revision()
    district.update("stations", "s1", {"seats": 4}, version=first.version, who="李某")
    ledger_edits.undo(district, event)
    assert session[keys.NOTICE].kind == "error"
    assert district.get("stations", "s1")["seats"] == 4


@pytest.mark.usefixtures("session")
def test_a_photo_is_stored_with_its_station(district: Register) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 0, 0)).save(picture, "JPEG")
    shown = Shown("outside", "stations", "s1", "2026-11-20")
    ledger_edits.store_photo(district, picture.getvalue(), shown, "p")
    (photo,) = photos_of(district, "stations", "s1")
    assert (photo["photo_kind"], photo["taken_on"]) == ("outside", "2026-11-20")
    assert photos_of(district, "stations", "s2") == ()


def test_what_is_no_photo_is_refused(district: Register, session: dict[str, Any]) -> None:
    ledger_edits.store_photo(district, b"GIF89a", Shown("other", "stations", "s1"), "p")
    assert session[keys.NOTICE].kind == "error"
    assert district.records("photos") == ()
