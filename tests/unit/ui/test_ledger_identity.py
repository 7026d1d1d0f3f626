"""Who signs, and what a role may do: whatever the screen offers, the functions refuse the rest."""

from typing import Any

import pytest
import streamlit

from geo.errors import InputError
from register import Kind, Register
from register.task_steps import Request
from register.tasks import list_tasks
from register.users import Actor
from tests.unit.ui.conftest import WHO
from ui import identity, keys, projects
from ui.ledger import edits as ledger_edits
from ui.ledger import people as ledger_people
from ui.ledger import task_edits
from ui.ledger.edits import Draft

OWN, OTHER = "甲镇", "乙街道"
PEOPLE = {
    "管理员": ("admin", ""),
    "规划员": ("planner", ""),
    "王某": ("staff", OWN),
    "赵某": ("staff", OTHER),
    "钱主席": ("manager", ""),
}


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh", keys.PROJECT: "district"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


@pytest.fixture
def staffed(district: Register) -> Register:
    for unit in (OWN, OTHER):
        district.add("units", {"name": unit}, who=WHO)
    for person, (role, unit) in PEOPLE.items():
        user = {"login": person, "person": person, "role": role, "unit": unit, "active": True}
        district.add("users", user, who=WHO)
    return district


@pytest.mark.usefixtures("session")
def test_nobody_on_record_signs_as_the_local_user(district: Register) -> None:
    assert identity.actor(district) == Actor("本机用户", "admin")
    assert identity.sign(district, OWN) == "本机用户"
    assert projects.who() == "本机用户"


@pytest.mark.usefixtures("session")
def test_as_soon_as_somebody_is_on_record_nobody_writes_unnamed(staffed: Register) -> None:
    assert identity.actor(staffed) is None
    with pytest.raises(InputError, match="say on the page"):
        identity.sign(staffed, OWN)
    with pytest.raises(InputError):
        projects.who()
    identity.choose(staffed, "王某")
    assert identity.sign(staffed, OWN) == "王某"
    identity.choose(staffed, None)
    assert identity.actor(staffed) is None


@pytest.mark.usefixtures("session")
def test_who_is_retired_signs_no_more(staffed: Register) -> None:
    identity.choose(staffed, "王某")
    staffed.update("users", "王某", {"active": False}, version=1, who=WHO)
    assert identity.actor(staffed) is None


def record_of(register: Register, kind: Kind, unit: str) -> str:
    places: dict[str, dict[str, object]] = {
        "stations": {"name": "x", "lon": 116.3, "lat": 39.7, "town": unit},
        "targets": {"unit": unit, "year": 2026, "target": 3},
    }
    return register.add(kind, places[kind], who=WHO).id


MAY_CHANGE = {
    "管理员": {("stations", OWN), ("stations", OTHER), ("targets", OWN), ("users", "")},
    "规划员": {("stations", OWN), ("stations", OTHER), ("targets", OWN)},
    "王某": {("stations", OWN)},
    "赵某": {("stations", OTHER)},
    "钱主席": set(),
}
CASES: tuple[tuple[Kind, str], ...] = (
    ("stations", OWN),
    ("stations", OTHER),
    ("targets", OWN),
    ("users", ""),
)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(("kind", "unit"), CASES)
def test_changes_by_role(
    staffed: Register, session: dict[str, Any], person: str, kind: Kind, unit: str
) -> None:
    identity.choose(staffed, person)
    record_id = "钱主席" if kind == "users" else record_of(staffed, kind, unit)
    record = staffed.get(kind, record_id)
    column = {"stations": "seats", "targets": "target", "users": "role"}[kind]
    new: dict[str, object] = {column: "planner" if kind == "users" else 9}
    allowed = (kind, unit) in MAY_CHANGE[person]
    before = staffed.revision()
    assert identity.may_change(staffed, kind, record.fields) == allowed
    ledger_edits.change(staffed, record, new)
    assert session[keys.NOTICE].kind == ("done" if allowed else "error")
    assert (staffed.revision() > before) == allowed
    assert staffed.get(kind, record_id).updated_by == (person if allowed else WHO)


@pytest.mark.parametrize(
    ("person", "asks", "claims"),
    [
        ("管理员", True, True),
        ("规划员", True, False),
        ("王某", False, True),
        ("赵某", False, False),
        ("钱主席", False, False),
    ],
)
def test_steps_of_tasks_by_role(
    staffed: Register, session: dict[str, Any], person: str, *, asks: bool, claims: bool
) -> None:
    identity.choose(staffed, person)
    task_edits.ask_for(staffed, Request("other", OWN, "x"), "k")
    assert (session[keys.NOTICE].kind == "done") == asks
    identity.choose(staffed, "管理员")
    task_edits.ask_for(staffed, Request("other", OWN, "y"), "k2")
    (task,) = [t for t in list_tasks(staffed) if t.request == "y"]
    identity.choose(staffed, person)
    task_edits.claim_task(staffed, task)
    assert (session[keys.NOTICE].kind == "done") == claims


def test_a_unit_cannot_give_its_record_away_nor_take_another_s(
    staffed: Register, session: dict[str, Any]
) -> None:
    identity.choose(staffed, "王某")
    for unit, wanted in ((OWN, OTHER), (OTHER, OWN)):
        record = staffed.get("stations", record_of(staffed, "stations", unit))
        ledger_edits.save(staffed, Draft("stations", record, {}), {**record.fields, "town": wanted})
        assert session[keys.NOTICE].kind == "error"
        assert staffed.get("stations", record.id).version == 1
        staffed.remove("stations", record.id, version=1, who=WHO)


@pytest.mark.usefixtures("session")
def test_a_check_belongs_to_the_unit_of_its_station(staffed: Register) -> None:
    identity.choose(staffed, "王某")
    mine, other = (record_of(staffed, "stations", unit) for unit in (OWN, OTHER))
    check = {"item": "place", "date": "2026-11-20", "met": True}
    given = {unit: {**check, "station": name} for unit, name in ((OWN, mine), (OTHER, other))}
    assert ledger_edits.add(staffed, "haves", given[OWN], "a") is not None
    assert ledger_edits.add(staffed, "haves", given[OTHER], "b") is None
    assert len(staffed.records("haves")) == 1


def test_undoing_needs_the_same_right(staffed: Register, session: dict[str, Any]) -> None:
    record = staffed.get("stations", record_of(staffed, "stations", OTHER))
    staffed.update("stations", record.id, {"seats": 2}, version=1, who=WHO)
    identity.choose(staffed, "王某")
    ledger_edits.undo(staffed, staffed.revision())
    assert session[keys.NOTICE].kind == "error"
    assert staffed.get("stations", record.id)["seats"] == 2
    imported = next(e for e in staffed.events() if e.action == "import" and e.kind == "layers")
    with pytest.raises(InputError):
        identity.sign_undoing(staffed, imported)


def test_the_first_one_on_record_can_add_the_others(
    district: Register, session: dict[str, Any]
) -> None:
    ledger_people.add_user(district, "王某", "staff", "", "k1")
    assert session[keys.NOTICE].kind == "error"
    assert district.records("users") == ()
    ledger_people.add_user(district, " 张 三 ", "admin", "", "k2")
    assert identity.actor(district) == Actor("张 三", "admin")  # chosen at once
    ledger_people.add_user(district, "", "staff", "", "k3")
    assert session[keys.NOTICE].kind == "error"
    ledger_people.add_user(district, "王某", "staff", "", "k4")
    assert [user.id for user in district.records("users")] == ["张 三", "王某"]
    assert district.get("users", "王某").created_by == "张 三"


def test_somebody_can_always_add_the_next_one(staffed: Register, session: dict[str, Any]) -> None:
    identity.choose(staffed, "管理员")
    admin = staffed.get("users", "管理员")
    for role, active in (("planner", True), ("admin", False)):
        ledger_people.change_user(staffed, admin, role, "", active=active)
        assert session[keys.NOTICE].kind == "error"
        assert staffed.get("users", "管理员").version == 1
    planner = staffed.get("users", "规划员")
    ledger_people.change_user(staffed, planner, "admin", "", active=True)
    ledger_people.change_user(staffed, admin, "planner", "", active=True)
    assert session[keys.NOTICE].kind == "done"
