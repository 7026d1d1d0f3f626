"""Candidates go from step to step with a reason; a phone's word is doubted; seven haves at once."""

import math
from typing import Any

import pytest
import streamlit

from register import Register
from register.candidate_steps import STEPS
from register.tasks import list_tasks
from tests.unit.ui.conftest import WHO, page_of
from ui import identity, keys
from ui.ledger import checks as ledger_checks
from ui.ledger import edits as ledger_edits
from ui.ledger.edits import Draft
from ui.ledger.mending import said_of
from ui.ledger.phone import Fix, read_fix
from ui.ledger.steps import last_reason


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh", keys.PROJECT: "district"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


@pytest.fixture
def staffed(empty_district: Register) -> Register:
    empty_district.add("units", {"name": "甲镇"}, who=WHO)
    for person, role, unit in (("规划员", "planner", ""), ("王某", "staff", "甲镇")):
        user = {"login": person, "person": person, "role": role, "unit": unit, "active": True}
        empty_district.add("users", user, who=WHO)
    place = {"lon": 116.3, "lat": 39.7, "town": "甲镇"}
    empty_district.add("candidates", {"id": "c9", "state": "proposed", **place}, who=WHO)
    empty_district.add("stations", {"id": "s9", "state": "open", **place}, who=WHO)
    return empty_district


def take(register: Register, state: str, why: str = "") -> str:
    ledger_edits.step(register, register.get("candidates", "c9"), state, why)
    return str(register.get("candidates", "c9")["state"])


def test_a_unit_surveys_and_the_district_decides_with_a_reason(
    staffed: Register, session: dict[str, Any]
) -> None:
    identity.choose(staffed, "王某")
    assert take(staffed, "surveyed", "楼下有空房") == "surveyed"
    assert take(staffed, "approved") == "surveyed"
    assert "由区里定" in session[keys.NOTICE].words("zh")
    identity.choose(staffed, "规划员")
    assert take(staffed, "rejected", "  ") == "surveyed"
    assert "请写明否决的原因" in session[keys.NOTICE].words("zh")
    assert take(staffed, "rejected", "消防通道") == "rejected"
    said = last_reason(staffed, staffed.get("candidates", "c9"))
    assert said is not None
    assert (said.who, said.why) == ("规划员", "消防通道")
    assert take(staffed, "proposed") == "proposed"
    assert last_reason(staffed, staffed.get("candidates", "c9")) is None


def test_every_step_leads_to_a_state_that_has_steps() -> None:
    assert {state for steps in STEPS.values() for state in steps} == set(STEPS)


@pytest.mark.usefixtures("session")
def test_a_new_candidate_is_a_proposal_that_the_form_does_not_ask_for(staffed: Register) -> None:
    identity.choose(staffed, "王某")
    draft = Draft("candidates", None, {"town": "甲镇", "state": "proposed"})
    ledger_edits.save(staffed, draft, {"town": "甲镇", "lon": 116.4, "lat": 39.7, "name": "新"})
    (stored,) = [r for r in staffed.records("candidates") if r["name"] == "新"]
    assert stored["state"] == "proposed"


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "116,39",
        {},
        {"lon": 181, "lat": 39},
        {"lon": 116, "lat": -90.1},
        {"lon": math.nan, "lat": 39},
        {"lon": True, "lat": 39},
        {"lon": "116", "lat": 39},
    ],
)
def test_what_is_no_place_on_the_globe_is_not_taken(sent: object) -> None:
    assert read_fix(sent) is None


def test_a_phone_may_not_know_how_sure_it_is() -> None:
    assert read_fix({"lon": 116.3456789, "lat": 39, "accuracy": 12}) == Fix(116.345679, 39.0, 12.0)
    unsure = read_fix({"lon": 116, "lat": 39, "accuracy": None})
    assert unsure is not None
    assert math.isnan(unsure.accuracy_m)


def test_the_ticked_haves_are_stored_and_the_rest_stay_unchecked(
    staffed: Register, session: dict[str, Any]
) -> None:
    identity.choose(staffed, "王某")
    same: dict[str, object] = {"station": "s9", "date": "2026-11-02", "checked_by": "", "note": ""}
    ledger_checks.store_checks(staffed, same, {"place": True, "sign": False}, "f1")
    held = ledger_checks.latest(staffed.records("haves"))
    assert {item: check["met"] for item, check in held.items()} == {"place": True, "sign": False}
    assert "已登记 2 项" in session[keys.NOTICE].words("zh")
    ledger_checks.store_checks(staffed, same, {"sign": True}, "f2")
    assert len(staffed.records("haves")) == 2
    assert ledger_checks.latest(staffed.records("haves"))["sign"]["met"] is True
    ledger_checks.store_checks(staffed, same, {}, "f3")
    assert "还没有点任何一项" in session[keys.NOTICE].words("zh")


def draw() -> None:
    from ui.ledger import page as ledger  # noqa: PLC0415 -- the page is run from its source

    ledger.draw()


def test_a_new_candidate_is_given_its_place_from_a_record_with_the_address(
    staffed: Register,
) -> None:
    place = {"lon": 116.35, "lat": 39.75, "town": "甲镇", "address": "兴丰大街二段1号"}
    staffed.add("hosts", {"id": "h1", "name": "工会服务站", **place}, who=WHO)
    state: dict[str, object] = {
        keys.PROJECT: "district",
        keys.SIGNED: {str(staffed.folder): "王某"},
        keys.LEDGER_DRAFT: Draft("candidates", None, {"town": "甲镇"}, key="k"),
    }
    page = page_of(draw)("zh", **state)
    page.text_input(key="where_asked").set_value("兴丰大街").run()
    page.button(key="where_hosts_h1").click().run()
    assert not page.exception
    assert page.number_input(key="form_k_lon").value == 116.35
    assert page.text_input(key="form_k_address").value == "兴丰大街二段1号"
    assert page.selectbox(key="form_k_position_state").value == "given"
    assert [str(warning.value) for warning in page.warning] == []
    page.text_input(key="where_asked").set_value("没有这条街").run()
    assert any("没有设置地图服务密钥" in str(caption.value) for caption in page.caption)


def test_what_a_station_lacks_is_asked_of_its_unit_in_two_clicks(staffed: Register) -> None:
    check = {"station": "s9", "item": "sign", "date": "2026-11-02", "met": False}
    staffed.add("haves", check, who=WHO)
    state: dict[str, object] = {
        keys.PROJECT: "district",
        keys.SIGNED: {str(staffed.folder): "规划员"},
        keys.LEDGER_OPEN: ("stations", "s9"),
    }
    page = page_of(draw)("zh", **state)
    page.button(key="ledger_mend").click().run()
    page.button[[b.label for b in page.button].index("布置")].click().run()
    assert not page.exception
    (task,) = list_tasks(staffed)
    assert (task.unit, task.about_kind, task.about) == ("甲镇", "stations", "s9")
    assert "开放时间" in task.request
    assert "七有不达标：有标识" in task.request
    again = page_of(draw)("zh", **state)
    assert any("甲镇正在办：核实开放情况" in str(m.value) for m in again.markdown)
    assert "ledger_mend" not in {str(button.key) for button in again.button}


@pytest.mark.usefixtures("session")
def test_a_complete_record_lacks_nothing(staffed: Register) -> None:
    assert "地址" in said_of(staffed, staffed.get("stations", "s9"))
    assert said_of(staffed, staffed.get("units", "甲镇")) == ""
