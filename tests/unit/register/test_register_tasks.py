"""Tasks: who may take which step, in which order, and what acceptance writes."""

from datetime import date

import pytest

from geo.errors import ConflictError, InputError
from register import Register
from register.task_steps import (
    Reply,
    Request,
    accept,
    answer,
    ask,
    claim,
    send_back,
    withdraw,
)
from register.tasks import Task, get_task, list_tasks
from register.users import Actor, actor_of

UNIT, OTHER = "安定镇", "采育镇"
DISTRICT = Actor("区里", "planner")
STAFF = Actor("镇里", "staff", UNIT)
STRANGER = Actor("外镇", "staff", OTHER)
MANAGER = Actor("领导", "manager")
ADMIN = Actor("管理员", "admin")
SURVEY = Request("survey_way", UNIT, "请踏勘", about="E1", due="2026-12-01")


@pytest.fixture
def desk(district: Register) -> Register:
    for unit in (UNIT, OTHER):
        district.add("units", {"name": unit}, who="张三")
    place = {"lon": 116.5, "lat": 39.6}
    district.add("enterprises", {"id": "E1", "name": "富思特", **place}, who="张三")
    return district


def answered(desk: Register) -> Task:
    task = ask(desk, SURVEY, actor=DISTRICT)
    task = claim(desk, task.id, version=task.version, actor=STAFF)
    reply = Reply("在食堂门口", {"path_place": "食堂门口", "path_on_way": True})
    return answer(desk, task.id, reply, version=task.version, actor=STAFF)


def test_asked_claimed_answered_accepted(desk: Register) -> None:
    task = answered(desk)
    assert (task.state, task.version, task.claimed_by) == ("answered", 3, "镇里")
    assert task.values == {"path_place": "食堂门口", "path_on_way": True}
    assert desk.get("enterprises", "E1")["path_on_way"] is None  # not before it is accepted
    before = desk.revision()
    done = accept(desk, task.id, version=3, actor=DISTRICT)
    assert (done.state, done.open) == ("accepted", False)
    surveyed = desk.get("enterprises", "E1")
    assert (surveyed["path_place"], surveyed["path_on_way"]) == ("食堂门口", True)
    assert [event.kind for event in desk.events(since=before)] == ["enterprises", "tasks"]
    assert [e.after["task_state"] for e in desk.history("tasks", task.id) if e.after] == [
        "asked",
        "claimed",
        "answered",
        "accepted",
    ]
    assert list_tasks(desk) == []
    assert list_tasks(desk, closed=True) == [done]
    assert desk.verify().whole


def test_sent_back_with_a_reason_and_answered_again(desk: Register) -> None:
    task = answered(desk)
    with pytest.raises(InputError, match="give a reason"):
        send_back(desk, task.id, version=3, actor=DISTRICT, reason="  ")
    back = send_back(desk, task.id, version=3, actor=DISTRICT, reason="请补照片")
    assert (back.state, back.reason, back.open) == ("returned", "请补照片", True)
    assert desk.history("tasks", task.id)[-1].why == "请补照片"
    again = answer(desk, task.id, Reply("已补"), version=4, actor=STAFF)
    assert (again.state, again.values) == ("answered", {})
    assert accept(desk, task.id, version=5, actor=ADMIN).reason == ""


@pytest.mark.parametrize("actor", [STAFF, STRANGER, MANAGER])
def test_only_the_district_asks_accepts_returns_and_withdraws(desk: Register, actor: Actor) -> None:
    task = answered(desk)
    before = desk.revision()
    with pytest.raises(InputError, match="of the district"):
        ask(desk, SURVEY, actor=actor)
    with pytest.raises(InputError, match="of the district"):
        accept(desk, task.id, version=3, actor=actor)
    for step in (send_back, withdraw):
        with pytest.raises(InputError, match="of the district"):
            step(desk, task.id, version=3, actor=actor, reason="不行")
    assert desk.revision() == before


@pytest.mark.parametrize("actor", [DISTRICT, STRANGER, MANAGER])
def test_only_the_unit_that_is_asked_claims_and_answers(desk: Register, actor: Actor) -> None:
    task = ask(desk, SURVEY, actor=DISTRICT)
    with pytest.raises(InputError, match=UNIT):
        claim(desk, task.id, version=1, actor=actor)
    claim(desk, task.id, version=1, actor=ADMIN)
    with pytest.raises(InputError, match=UNIT):
        answer(desk, task.id, Reply("好"), version=2, actor=actor)


def test_steps_come_in_their_order(desk: Register) -> None:
    task = ask(desk, SURVEY, actor=DISTRICT)
    with pytest.raises(InputError, match="has not been claimed"):
        answer(desk, task.id, Reply("好"), version=1, actor=STAFF)
    with pytest.raises(InputError, match="can be accepted"):
        accept(desk, task.id, version=1, actor=DISTRICT)
    with pytest.raises(InputError, match="can be returned"):
        send_back(desk, task.id, version=1, actor=DISTRICT, reason="不行")
    claim(desk, task.id, version=1, actor=STAFF)
    with pytest.raises(InputError, match="claimed already"):
        claim(desk, task.id, version=2, actor=STAFF)
    withdraw(desk, task.id, version=2, actor=DISTRICT, reason="不需要了")
    with pytest.raises(InputError, match="closed"):
        withdraw(desk, task.id, version=3, actor=DISTRICT, reason="再来")


def test_the_second_of_two_is_told_who_was_first(desk: Register) -> None:
    task = ask(desk, SURVEY, actor=DISTRICT)
    claim(desk, task.id, version=1, actor=STAFF)
    with pytest.raises(ConflictError, match="镇里"):
        withdraw(desk, task.id, version=1, actor=DISTRICT, reason="不需要了")
    assert get_task(desk, task.id).state == "claimed"


def test_a_record_changed_since_is_not_written_over(desk: Register) -> None:
    task = answered(desk)
    desk.update("enterprises", "E1", {"path_place": "北门"}, version=1, who="王五")
    with pytest.raises(ConflictError, match="王五"):
        accept(desk, task.id, version=3, actor=DISTRICT)
    assert get_task(desk, task.id).state == "answered"
    accept(desk, task.id, version=3, actor=DISTRICT, about_version=2)  # having seen both
    assert desk.get("enterprises", "E1")["path_place"] == "食堂门口"


def test_what_was_not_asked_is_not_answered(desk: Register) -> None:
    task = ask(desk, SURVEY, actor=DISTRICT)
    claim(desk, task.id, version=1, actor=STAFF)
    for reply, sentence in (
        (Reply(), "at least one"),
        (Reply(values={"workers": 5}), "did not ask for “workers”"),
        (Reply(values={"path_on_way": "也许"}), "yes or no"),
        (Reply(values={"path_photo": "f" * 64}), "no record"),
        (Reply(photo="f" * 64), "no record"),
        (Reply(proposed="C1"), "does not ask for a site"),
    ):
        with pytest.raises(InputError, match=sentence):
            answer(desk, task.id, reply, version=2, actor=STAFF)
    assert get_task(desk, task.id).version == 2


def test_a_site_is_proposed_in_a_gap(desk: Register) -> None:
    wish = Request("propose_site", UNIT, place=(116.51, 39.61))
    task = ask(desk, wish, actor=DISTRICT)
    assert task.place == (116.51, 39.61)
    claim(desk, task.id, version=1, actor=STAFF)
    site = desk.add_candidate(116.51, 39.61, who="镇里", name="村委会")
    done = answer(desk, task.id, Reply(proposed=site.id), version=2, actor=STAFF)
    assert (done.about_kind, done.about) == ("candidates", site.id)
    assert accept(desk, task.id, version=3, actor=DISTRICT).state == "accepted"


@pytest.mark.parametrize(
    "request_",
    [
        Request("survey_way", UNIT, about="E9"),
        Request("survey_way", UNIT),
        Request("survey_way", "月球", about="E1"),
        Request("dance", UNIT),
        Request("survey_way", UNIT, about="E1", due="明天"),
    ],
)
def test_what_cannot_be_asked(desk: Register, request_: Request) -> None:
    before = desk.revision()
    with pytest.raises(InputError):
        ask(desk, request_, actor=DISTRICT)
    assert desk.revision() == before


def test_overdue_after_the_day_and_while_open() -> None:
    def task(state: str, due: date | None) -> Task:
        return Task("t", 1, "other", state, UNIT, "", "", "", None, due, "", "", "", {}, "", "")

    due = date(2026, 12, 1)
    assert not task("claimed", due).overdue(due)
    assert task("claimed", due).overdue(date(2026, 12, 2))
    assert not task("accepted", due).overdue(date(2026, 12, 2))
    assert not task("asked", None).overdue(date(2026, 12, 2))


def test_a_unit_sees_its_own_the_earliest_first(desk: Register) -> None:
    for unit, due in (
        (UNIT, "2026-12-05"),
        (OTHER, "2026-11-01"),
        (UNIT, None),
        (UNIT, "2026-12-01"),
    ):
        ask(desk, Request("other", unit, due=due), actor=DISTRICT)
    assert [str(t.due) for t in list_tasks(desk, unit=UNIT)] == ["2026-12-01", "2026-12-05", "None"]
    assert [t.unit for t in list_tasks(desk)] == [OTHER, UNIT, UNIT, UNIT]


def test_a_step_counts_once(desk: Register) -> None:
    task = ask(desk, SURVEY, actor=DISTRICT, key="a")
    assert ask(desk, SURVEY, actor=DISTRICT, key="a") == task
    claim(desk, task.id, version=1, actor=STAFF, key="b")
    assert claim(desk, task.id, version=1, actor=STAFF, key="b").version == 2
    reply = Reply(values={"path_on_way": False})
    answer(desk, task.id, reply, version=2, actor=STAFF)
    accept(desk, task.id, version=3, actor=DISTRICT, key="c")
    assert accept(desk, task.id, version=3, actor=DISTRICT, key="c").version == 4
    assert desk.get("enterprises", "E1").version == 2


def test_users_act_by_their_role_while_they_are_active(desk: Register) -> None:
    user = {"login": "li", "person": "李四", "role": "staff", "unit": UNIT, "active": True}
    desk.add("users", user, who="管理员")
    assert actor_of(desk, "li") == Actor("李四", "staff", UNIT)
    desk.update("users", "li", {"active": False}, version=1, who="管理员")
    for login in ("li", "wang"):
        with pytest.raises(InputError, match=f"no user “{login}”"):
            actor_of(desk, login)


def test_whose_records_a_role_may_change() -> None:
    assert DISTRICT.writes_for(UNIT)
    assert DISTRICT.writes_for("")
    assert STAFF.writes_for(UNIT)
    assert not STAFF.writes_for(OTHER)
    assert not Actor("无单位", "staff").writes_for("")
    assert not MANAGER.writes_for(UNIT)
    assert [who.keeps_users for who in (DISTRICT, STAFF, MANAGER, ADMIN)] == [False] * 3 + [True]
