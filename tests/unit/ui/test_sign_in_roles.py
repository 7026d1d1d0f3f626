"""Who may do what, through the functions that pages call: every role, and who has not signed in."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import streamlit
from argon2 import PasswordHasher
from PIL import Image

from geo.errors import PlannerError
from register import Home, Kind, Record, Register, access_log, checking, passwords
from register.accounts import Account, Accounts, Given
from register.photos import Shown
from register.scenarios import Saved, keep_scenario
from register.settings_installation import installation
from register.settings_rules import rules_in_force
from register.task_steps import Reply, Request, answer, ask, claim
from register.tasks import Task
from register.users import Actor
from reports.template import SHIPPED
from siting.plans.variant import Variant
from siting.standards import DEFAULT_STANDARD, standard
from tests.unit.ui.conftest import SOURCE, WHO, table
from ui import edits, keys, projects
from ui.data import backups, demand_profile, district_care
from ui.edits import Edited, Tap
from ui.ledger import edits as ledger_edits
from ui.ledger import task_edits
from ui.ledger import units as ledger_units
from ui.ledger import use as ledger_use
from ui.ledger.edits import Draft
from ui.live_map import MapEvent
from ui.plan import stored as plans
from ui.report import making as report_making
from ui.report import template as report_template
from ui.rules import draft as rules_draft
from ui.rules import zones as rules_zones
from ui.scenarios import saved as scenarios_saved
from ui.settings import storing as settings_storing
from ui.sign_in import people as sign_in_people
from ui.sign_in import ways as sign_in_ways
from ui.standards import setting as standard_setting
from ui.wizard import storing
from ui.wizard.storing import Ready
from ui.workbench import downloads
from ui.workbench import hosts as hosts_panel

OWN, OTHER = "甲镇", "乙街道"
PEOPLE = {
    "a": Given("admin", "管理员", "admin"),
    "p": Given("planner", "规划员", "planner"),
    "s": Given("staff", "王某", "staff", OWN),
    "m": Given("manager", "钱主席", "manager"),
    "t": Given("temporary", "新管理员", "admin"),  # has the password that an administrator gave
}
HELPER = Actor(WHO, "admin")
UNREAD: Any = None
"""A plan of which nothing is looked at before it is stored."""
NOTICES = (keys.NOTICE, keys.DEMAND_NOTICE, keys.HOSTS_DONE)


@dataclass
class World:
    """A register that knows two units, the accounts, and one session."""

    register: Register
    accounts: Accounts
    session: dict[str, Any]
    called: list[str]
    home: Path
    number: int = 0

    def fresh(self) -> str:
        self.number += 1
        return f"k{self.number}"

    def station(self, unit: str) -> Record:
        place = {"name": self.fresh(), "lon": 116.3, "lat": 39.7, "town": unit}
        return self.register.add("stations", place, who=WHO)

    def candidate(self, unit: str) -> Record:
        place = {"name": self.fresh(), "lon": 116.3, "lat": 39.7, "town": unit}
        return self.register.add("candidates", {**place, "state": "proposed"}, who=WHO)

    def task(self, unit: str) -> Task:
        request = Request("other", unit, self.fresh())
        return ask(self.register, request, actor=HELPER, key=request.text)

    def answered(self, unit: str) -> Task:
        claimed = claim(self.register, (task := self.task(unit)).id, version=1, actor=HELPER)
        reply = Reply("x")
        return answer(self.register, task.id, reply, version=claimed.version, actor=HELPER)


def come_in(world: World, person: str) -> None:
    found = world.accounts.find(PEOPLE[person].login)
    assert found is not None
    world.session[keys.ACCOUNT] = (found.login, found.stamp)


def ready(world: World, kind: str) -> Ready:
    number = world.fresh()
    rows: dict[str, list[dict[str, object]]] = {
        "stations": [{"id": number, "name": number, "lon": 116.3, "lat": 39.7, "town": OWN}],
        "targets": [{"unit": OWN, "year": 2000 + world.number, "target": 1}],
    }
    return Ready(kind, table(kind, rows[kind]), "x.csv", number, 1)


def imported(world: World, kind: Kind) -> int:
    given = ready(world, kind)
    assert isinstance(given.content, pd.DataFrame)
    batch = world.register.put_records(kind, given.content, SOURCE, who=WHO, key=given.key)
    assert batch.id is not None
    return batch.id


def changed(world: World, unit: str) -> int:
    record = world.station(unit)
    world.register.update("stations", record.id, {"seats": 2}, version=1, who=WHO)
    return world.register.revision()


def situation(world: World) -> Any:  # noqa: ANN401 -- no more of a situation is asked for
    return SimpleNamespace(
        register=world.register, scenario="s", book=SimpleNamespace(rules=None, own=())
    )


def account(world: World) -> Account:
    number = world.fresh()
    return world.accounts.add(Given(number, number, "manager"))


def place(world: World, unit: str) -> dict[str, object]:
    return {"name": world.fresh(), "lon": 116.3, "lat": 39.7, "town": unit}


def user(world: World) -> dict[str, object]:
    return {"login": world.fresh(), "person": "x", "role": "admin", "active": True}


def target(world: World) -> dict[str, object]:
    world.fresh()
    return {"unit": OWN, "year": 2000 + world.number, "target": 1}


def save(world: World, unit: str, wanted: str) -> None:
    record = world.station(unit)
    values = {**record.fields, "town": wanted, "seats": 3}
    ledger_edits.save(world.register, Draft("stations", record, record.fields), values)


def photo(world: World, unit: str) -> None:
    shown = Shown("other", "stations", world.station(unit).id)
    image = io.BytesIO()
    Image.new("RGB", (8, 8), (world.number % 256, 0, 0)).save(image, "PNG")
    ledger_edits.store_photo(world.register, image.getvalue(), shown, world.fresh())


def move(world: World, unit: str) -> None:
    record = world.candidate(unit)
    moved = MapEvent("move", world.number, lon=116.31, lat=39.71, id=record.id, version=1)
    edits.apply_event(world.register, moved)


def move_station(world: World, unit: str) -> None:
    edits.move(world.register, "stations", world.station(unit).id, (116.31, 39.71), 1)


def draft(world: World) -> rules_draft.Draft:
    now = rules_in_force(world.register)
    text = now.text + f"# {world.fresh()}\n"
    return rules_draft.Draft(text, now.text, now.sha256)


def hosts(world: World) -> Any:  # noqa: ANN401 -- what was found in OpenStreetMap, as far as stored
    row = {"id": world.fresh(), "name": "x", "lon": 116.3, "lat": 39.7}
    return SimpleNamespace(frame=table("hosts", [row]), date="")


Action = Callable[[World], object]
TEMPLATE = SHIPPED["zh"].read_bytes()

ACTIONS: dict[str, tuple[str, Action]] = {
    # ui/ledger/edits.py
    "add own": (
        "aps",
        lambda w: ledger_edits.add(w.register, "stations", place(w, OWN), w.fresh()),
    ),
    "add other": (
        "ap",
        lambda w: ledger_edits.add(w.register, "stations", place(w, OTHER), w.fresh()),
    ),
    "add for nobody": (
        "ap",
        lambda w: ledger_edits.add(w.register, "stations", place(w, ""), w.fresh()),
    ),
    "save own": ("aps", lambda w: save(w, OWN, OWN)),
    "save other": ("ap", lambda w: save(w, OTHER, OTHER)),
    "give away": ("ap", lambda w: save(w, OWN, OTHER)),
    "take over": ("ap", lambda w: save(w, OTHER, OWN)),
    "remove own": ("aps", lambda w: ledger_edits.remove(w.register, w.station(OWN), "x")),
    "remove other": ("ap", lambda w: ledger_edits.remove(w.register, w.station(OTHER), "x")),
    "undo own": ("aps", lambda w: ledger_edits.undo(w.register, changed(w, OWN))),
    "undo other": ("ap", lambda w: ledger_edits.undo(w.register, changed(w, OTHER))),
    "undo import": ("ap", lambda w: ledger_edits.undo(w.register, imported(w, "stations"))),
    "add user": ("a", lambda w: ledger_edits.add(w.register, "users", user(w), w.fresh())),
    "add unit": (
        "ap",
        lambda w: ledger_edits.add(w.register, "units", {"name": w.fresh()}, w.fresh()),
    ),
    "add target": ("ap", lambda w: ledger_edits.add(w.register, "targets", target(w), w.fresh())),
    "photo of own": ("aps", lambda w: photo(w, OWN)),
    "photo of other": ("ap", lambda w: photo(w, OTHER)),
    "shipped units": ("ap", lambda w: ledger_units.take_units(w.register)),
    # ui/edits.py
    "tap own": (
        "aps",
        lambda w: edits.add_candidate(w.register, Tap(116.3, 39.7, w.fresh()), {"town": OWN}),
    ),
    "tap other": (
        "ap",
        lambda w: edits.add_candidate(w.register, Tap(116.3, 39.7, w.fresh()), {"town": OTHER}),
    ),
    "correct own": (
        "aps",
        lambda w: edits.correct(w.register, Edited(w.candidate(OWN)), {"name": "y"}),
    ),
    "correct other": (
        "ap",
        lambda w: edits.correct(w.register, Edited(w.candidate(OTHER)), {"name": "y"}),
    ),
    "move own": ("aps", lambda w: move(w, OWN)),
    "move other": ("ap", lambda w: move(w, OTHER)),
    "move station of own": ("aps", lambda w: move_station(w, OWN)),
    "move station of other": ("ap", lambda w: move_station(w, OTHER)),
    "drop own": ("aps", lambda w: edits.remove_candidate(w.register, w.candidate(OWN).id, 1)),
    "drop other": ("ap", lambda w: edits.remove_candidate(w.register, w.candidate(OTHER).id, 1)),
    "take back other": ("ap", lambda w: edits.undo(w.register, changed(w, OTHER))),
    # ui/ledger/task_edits.py
    "ask": ("ap", lambda w: task_edits.ask_for(w.register, Request("other", OWN, "x"), w.fresh())),
    "claim own": ("as", lambda w: task_edits.claim_task(w.register, w.task(OWN))),
    "claim other": ("a", lambda w: task_edits.claim_task(w.register, w.task(OTHER))),
    "accept": ("ap", lambda w: task_edits.accept_task(w.register, w.answered(OWN))),
    "send back": ("ap", lambda w: task_edits.send_back_task(w.register, w.answered(OWN), "x")),
    "withdraw": ("ap", lambda w: task_edits.withdraw_task(w.register, w.task(OWN), "x")),
    # plans, rules, standards
    "store a plan": ("ap", lambda w: plans.remember(situation(w), UNREAD)),
    "settle standard": (
        "ap",
        lambda w: standard_setting._settle(w.register, standard(DEFAULT_STANDARD)),
    ),
    "settle rules": ("ap", lambda w: rules_draft._settle(w.register, draft(w))),
    "shipped rules": ("ap", lambda w: rules_draft._back(w.register)),
    "take out zones": ("ap", lambda w: rules_zones._take_out(w.register)),
    "rename scenario": (
        "ap",
        lambda w: scenarios_saved._rename(w.register, kept(w), w.fresh(), ""),
    ),
    "forget scenario": ("ap", lambda w: scenarios_saved._forget(w.register, kept(w))),
    "settle haves": ("ap", lambda w: ledger_use._settle(w.register, ["mobile"])),
    # files in, and what holds for the district
    "import": ("ap", lambda w: storing.take_in(w.register, ready(w, "stations"), SOURCE)),
    "import targets": ("ap", lambda w: storing.take_in(w.register, ready(w, "targets"), SOURCE)),
    "hosts": ("ap", lambda w: hosts_panel._store_hosts(w.register, hosts(w), "x", w.fresh())),
    "clear": ("ap", lambda w: district_care.clear(w.register, "needs")),
    "profile": ("ap", lambda w: demand_profile.restore(w.register)),
    # the register as a whole
    "back up": ("ap", lambda w: backups.back_up(w.register)),
    "restore": ("a", lambda _: projects.restore_district(Path("x.zip"))),
    "set aside": ("a", lambda _: projects.set_aside_district()),
    "create": ("ap", lambda _: projects.create_district("y")),
    "reset the sample": ("ap", lambda _: projects.reset_sample()),
    # what holds for the installation, and what maps say they are
    "settle basemap": (
        "a",
        lambda w: settings_storing.settle_basemap(installation(w.home), "amap", ""),
    ),
    "settle own tiles": (
        "a",
        lambda w: settings_storing.settle_own_tiles(
            installation(w.home), "http://a.b/{z}/{x}/{y}", "wgs84", w.fresh()
        ),
    ),
    "settle limits": ("a", lambda w: settings_storing.settle_limits(installation(w.home), 60, 3)),
    "settle approval": ("ap", lambda w: settings_storing.settle_approval(w.register, w.fresh())),
    "settle template": (
        "ap",
        lambda w: report_template.keep_template(w.register, TEMPLATE, "本区.docx"),
    ),
    "drop template": ("ap", lambda w: report_template.drop_template(w.register)),
    # accounts
    "add account": (
        "a",
        lambda w: sign_in_people.add_account(w.register, Given(w.fresh(), w.fresh(), "admin")),
    ),
    "change account": (
        "a",
        lambda w: sign_in_people.change_account(w.register, account(w), "admin", "", active=True),
    ),
    "reset password": ("a", lambda w: sign_in_people.reset_password(w.register, account(w))),
    # files out
    "export": ("apsm", lambda w: downloads.report_of(situation(w), None, "docx")),
    "export layers": ("ap", lambda w: report_making.layers_of(w.register, report(w))),
}


def kept(world: World) -> Saved:
    return keep_scenario(world.register, world.fresh(), Variant(), fingerprint="", who=WHO)


def report(world: World) -> Any:  # noqa: ANN401 -- nothing else of it is looked at
    return SimpleNamespace(inputs=world.register.inputs())


@pytest.fixture
def world(
    home: Home, empty_district: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    monkeypatch.setenv("WARM_STATION_SIGN_IN", "local")
    held: dict[str, Any] = {keys.LANGUAGE: "zh", keys.PROJECT: "district"}
    monkeypatch.setattr(streamlit, "session_state", held)
    for unit in (OWN, OTHER):
        empty_district.add("units", {"name": unit}, who=WHO)
    accounts = sign_in_ways.accounts()
    for given in PEOPLE.values():
        accounts.add(given, "春天的驿站真暖和呀哈")
        if given.login != "temporary":
            accounts.set_password(given.login, "春天的驿站真暖和呀哈", by_admin=False)
    called: list[str] = []

    def noted(name: str, result: object = None) -> Callable[..., object]:
        def called_at(*_: object, **__: object) -> object:
            called.append(name)
            return result

        return called_at

    opened = SimpleNamespace(close=noted("closed"), id=1)
    restored = SimpleNamespace(aside=None)
    monkeypatch.setattr(checking, "back_up", noted("back up"))
    monkeypatch.setattr(Home, "restore", noted("restore", restored))
    monkeypatch.setattr(Home, "set_aside_district", noted("set aside", tmp_path))
    monkeypatch.setattr(Home, "create_district", noted("create", empty_district))
    monkeypatch.setattr(Home, "reset_sample", noted("reset", opened))
    monkeypatch.setattr(projects, "sample", lambda: empty_district)
    monkeypatch.setattr(projects, "district", lambda: empty_district)
    monkeypatch.setattr(plans, "store_plan", noted("plan", opened))
    monkeypatch.setattr(streamlit.cache_resource, "clear", noted("clear"))
    assert home.folder == tmp_path
    yield World(empty_district, accounts, held, called, tmp_path)
    accounts.close()


def refused(world: World, action: Action) -> bool:
    """Tell whether an action was refused: by an error, or by what it leaves to be told."""
    for key in NOTICES:
        world.session.pop(key, None)
    try:
        action(world)
    except PlannerError:
        return True
    notices = [world.session[key] for key in NOTICES if key in world.session]
    return any(notice.kind == "error" for notice in notices)


@pytest.mark.parametrize("person", [*PEOPLE, "nobody"])
def test_every_role_at_every_door(world: World, person: str) -> None:
    name = "" if person == "nobody" else PEOPLE[person].person
    wrong = []
    for title, (allowed, action) in ACTIONS.items():
        world.session[keys.PROJECT] = "district"
        world.session.pop(keys.ACCOUNT, None)
        if person in PEOPLE:
            come_in(world, person)
        noted, world.called[:] = len(access_log.last(world.home, 999)), []
        before, people = world.register.revision(), world.accounts.listed()
        was_refused = refused(world, action)
        if was_refused == (person in allowed):
            wrong.append(title)
        if not was_refused:
            continue
        mine = [e for e in world.register.events() if e.id > before and e.who in {name, "本机用户"}]
        changed_people = {a for a in world.accounts.listed() if a.person in name} - {*people}
        told = access_log.last(world.home, 999)
        if mine or changed_people or world.called or len(told) != noted + 1:
            wrong.append(f"{title}: {mine} {world.called} {told[: len(told) - noted]}")
    assert "\n".join(wrong) == ""
    assert world.register.verify().whole
