"""Tasks and targets as the screen takes their steps, and what a clerk sees first."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
import streamlit

from register import Register
from register.task_steps import Request
from register.tasks import Task, get_task, list_tasks
from register.users import Actor
from tests.unit.ui.conftest import WHO
from ui import identity, keys
from ui.ledger import targets as ledger_targets
from ui.ledger import task_edits
from ui.ledger.task_edits import Told

OWN, OTHER = "甲镇", "乙街道"
TODAY = date(2026, 11, 20)
STAFF = Actor("王某", "staff", OWN)
DISTRICT = Actor("规划员", "planner")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


@pytest.fixture
def desk(district: Register) -> Register:
    for unit in (OWN, OTHER):
        district.add("units", {"name": unit}, who=WHO)
    for person, role, unit in (("王某", "staff", OWN), ("规划员", "planner", "")):
        user = {"login": person, "person": person, "role": role, "unit": unit, "active": True}
        district.add("users", user, who=WHO)
    return district


def asked(desk: Register, request: Request) -> Task:
    identity.choose(desk, "规划员")
    before = {task.id for task in list_tasks(desk)}
    task_edits.ask_for(desk, request, request.text or "key")
    (task,) = [task for task in list_tasks(desk) if task.id not in before]
    return task


def test_a_task_goes_there_and_back(desk: Register, session: dict[str, Any]) -> None:
    task = asked(desk, Request("confirm_hours", OWN, "请核实", about="s1"))
    identity.choose(desk, "王某")
    task_edits.claim_task(desk, task)
    assert session[keys.TASK_ANSWERED] == task.id  # the form of the answer opens at once
    claimed = get_task(desk, task.id)
    task_edits.answer_task(desk, claimed, Told("问过了", {"seats": 7}))
    assert keys.TASK_ANSWERED not in session
    identity.choose(desk, "规划员")
    task_edits.send_back_task(desk, get_task(desk, task.id), "")
    assert session[keys.NOTICE].kind == "error"
    task_edits.send_back_task(desk, get_task(desk, task.id), "座位数不对")
    identity.choose(desk, "王某")
    task_edits.answer_task(desk, get_task(desk, task.id), Told("改好了", {"seats": 8}))
    assert desk.get("stations", "s1")["seats"] is None
    identity.choose(desk, "规划员")
    task_edits.accept_task(desk, get_task(desk, task.id))
    assert desk.get("stations", "s1")["seats"] == 8
    assert list_tasks(desk) == []
    assert [e.who for e in desk.history("tasks", task.id)] == [
        "规划员",
        "王某",
        "王某",
        "规划员",
        "王某",
        "规划员",
    ]


def test_a_record_changed_since_the_answer_is_accepted_by_its_version_only(
    desk: Register, session: dict[str, Any]
) -> None:
    task = asked(desk, Request("confirm_hours", OWN, "请核实", about="s1"))
    identity.choose(desk, "王某")
    task_edits.claim_task(desk, task)
    task_edits.answer_task(desk, get_task(desk, task.id), Told("", {"seats": 7}))
    assert task_edits.answered_on(desk, task) == 1
    changed = desk.update("stations", "s1", {"seats": 1}, version=1, who="李某")
    identity.choose(desk, "规划员")
    task_edits.accept_task(desk, get_task(desk, task.id))
    assert session[keys.NOTICE].kind == "error"
    assert get_task(desk, task.id).state == "answered"
    task_edits.accept_task(desk, get_task(desk, task.id), changed.version)
    assert desk.get("stations", "s1")["seats"] == 7


def test_a_photo_of_somebody_who_may_not_answer_is_not_stored(
    desk: Register, session: dict[str, Any]
) -> None:
    task = asked(desk, Request("other", OTHER, "x"))
    identity.choose(desk, "王某")
    task_edits.answer_task(desk, task, Told("x", photo=b"whatever"))
    assert session[keys.NOTICE].kind == "error"
    assert desk.records("photos") == ()


@pytest.mark.usefixtures("session")
def test_what_waits_for_one_comes_first(desk: Register) -> None:
    late = asked(desk, Request("other", OWN, "late", due="2026-11-19"))
    today = asked(desk, Request("other", OWN, "today", due="2026-11-20"))
    soon = asked(desk, Request("other", OWN, "soon", due="2026-11-25"))
    other = asked(desk, Request("other", OTHER, "other", due="2026-11-01"))
    listed = [other, soon, late, today]
    ordered = task_edits.sorted_tasks(listed, STAFF, TODAY)
    assert [task.request for task in ordered] == ["late", "today", "soon", "other"]
    assert task_edits.count_tasks(listed, STAFF, TODAY) == task_edits.Count(3, 1, 3)
    assert task_edits.count_tasks(listed, DISTRICT, TODAY) == task_edits.Count(4, 2, 0)
    assert task_edits.count_tasks(listed, None, TODAY) == task_edits.Count(4, 2, 0)
    identity.choose(desk, "王某")
    task_edits.claim_task(desk, late)
    task_edits.answer_task(desk, get_task(desk, late.id), Told("x"))
    assert task_edits.waits_for(get_task(desk, late.id), DISTRICT)
    assert not task_edits.waits_for(get_task(desk, late.id), STAFF)


def sheet_of(desk: Register) -> ledger_targets.Sheet:
    seen = {str(r["unit"]): r for r in desk.records("targets")}
    return ledger_targets.Sheet(2026, seen)


def save(desk: Register, sheet: ledger_targets.Sheet, **targets: int | None) -> None:
    rows = [{"unit": unit, "target": n, "due": date(2026, 10, 31)} for unit, n in targets.items()]
    table = pd.DataFrame(rows).astype({"target": "Int64"})
    ledger_targets.save_targets(desk, sheet, table)


def stored(desk: Register) -> dict[str, tuple[object, object]]:
    return {str(r["unit"]): (r["target"], r["due"]) for r in desk.records("targets")}


def test_targets_are_set_changed_and_taken_away(desk: Register, session: dict[str, Any]) -> None:
    identity.choose(desk, "规划员")
    save(desk, sheet_of(desk), 甲镇=8, 乙街道=None)
    assert stored(desk) == {OWN: (8, "2026-10-31")}
    before = desk.revision()
    save(desk, sheet_of(desk), 甲镇=8, 乙街道=None)
    assert desk.revision() == before
    assert "没有改动" in session[keys.NOTICE].text
    save(desk, sheet_of(desk), 甲镇=9, 乙街道=4)
    assert stored(desk) == {OWN: (9, "2026-10-31"), OTHER: (4, "2026-10-31")}
    save(desk, sheet_of(desk), 甲镇=None, 乙街道=4)
    assert stored(desk) == {OTHER: (4, "2026-10-31")}


@pytest.mark.usefixtures("session")
def test_a_target_that_was_taken_away_can_be_set_again(desk: Register) -> None:
    identity.choose(desk, "规划员")
    for target in (8, None, 6):
        save(desk, sheet_of(desk), 甲镇=target)
    assert stored(desk) == {OWN: (6, "2026-10-31")}


def test_a_target_changed_by_somebody_else_is_told_and_the_others_are_stored(
    desk: Register, session: dict[str, Any]
) -> None:
    identity.choose(desk, "规划员")
    save(desk, sheet_of(desk), 甲镇=8, 乙街道=4)
    sheet = sheet_of(desk)
    desk.update("targets", f"{OWN}|2026", {"target": 20}, version=1, who="李某")
    save(desk, sheet, 甲镇=9, 乙街道=5)
    assert session[keys.NOTICE].kind == "error"
    assert "李某" in session[keys.NOTICE].text
    assert stored(desk) == {OWN: (20, "2026-10-31"), OTHER: (5, "2026-10-31")}


def test_a_unit_s_staff_sets_no_target(desk: Register, session: dict[str, Any]) -> None:
    identity.choose(desk, "王某")
    save(desk, sheet_of(desk), 甲镇=1)
    assert session[keys.NOTICE].kind == "error"
    assert stored(desk) == {}
