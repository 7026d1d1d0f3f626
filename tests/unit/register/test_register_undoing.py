"""Histories with what changed; one's last change, and what can be undone now."""

import pandas as pd
import pytest

from geo.errors import ConflictError, InputError
from register import Register
from register.steps import Difference
from siting.model import LayerSource

PLACE = {"lon": 116.3, "lat": 39.7}


def add(register: Register, who: str = "甲", **values: object) -> str:
    return register.add("stations", {**PLACE, **values}, who=who).id


def take_back(register: Register, who: str) -> None:
    found = register.last_change(who)
    assert found is not None
    assert found.problem is None
    register.undo(found.event.id, who=who)


def redo(register: Register, who: str) -> None:
    found = register.last_undoing(who)
    assert found is not None
    assert found.problem is None
    register.undo(found.event.id, who=who)


def test_a_history_says_what_changed(district: Register) -> None:
    name = add(district, name="甲店", seats=4)
    changes = {"seats": None, "state": "closed", "name": "甲店"}
    district.update("stations", name, changes, version=1, who="乙", why="停业")
    district.remove("stations", name, version=2, who="丙")
    district.undo(district.revision(), who="丁")
    added, changed, removed, back = district.steps("stations", name)
    assert [step.outcome for step in (added, changed, removed, back)] == [
        "added",
        "changed",
        "removed",
        "brought_back",
    ]
    assert added.differences == (
        Difference("name", None, "甲店"),
        Difference("lon", None, 116.3),
        Difference("lat", None, 39.7),
        Difference("seats", None, 4),
    )
    assert changed.differences == (
        Difference("seats", 4, None),
        Difference("state", None, "closed"),
    )
    assert (changed.event.who, changed.event.why) == ("乙", "停业")
    assert (removed.differences, back.differences) == ((), ())


def test_an_undone_addition_is_removed(district: Register) -> None:
    name = add(district)
    district.undo(2, who="甲")
    district.undo(3, who="甲")
    assert [s.outcome for s in district.steps("stations", name)] == [
        "added",
        "removed",
        "brought_back",
    ]


def test_the_history_of_a_layer(district: Register) -> None:
    for date in ("2025", "2026"):
        source = LayerSource("outline", "区划", date=date)
        district.put_layer("outline", date.encode(), source, suffix=".geojson", who="甲")
    district.take_out("outline", who="甲")
    first, second, third = district.steps("layers", "outline")
    assert [step.outcome for step in (first, second, third)] == ["added", "changed", "removed"]
    assert Difference("date", "2025", "2026") in second.differences


def test_one_goes_back_step_by_step_and_forth_again(district: Register) -> None:
    name = add(district, seats=1)
    for seats in (2, 3):
        version = district.get("stations", name).version
        district.update("stations", name, {"seats": seats}, version=version, who="甲")

    def seats_now() -> object:
        record = district.get("stations", name)
        return None if record.deleted else record["seats"]

    seen = []
    for _ in range(3):
        take_back(district, "甲")
        seen.append(seats_now())
    for _ in range(3):
        redo(district, "甲")
        seen.append(seats_now())
    take_back(district, "甲")
    seen.append(seats_now())
    assert seen == [2, 1, None, 1, 2, 3, 2]
    redo(district, "甲")
    assert district.last_undoing("甲") is None
    assert district.verify().whole


def test_a_new_change_ends_redoing(district: Register) -> None:
    add(district)
    take_back(district, "甲")
    assert district.last_undoing("甲") is not None
    add(district)
    assert district.last_undoing("甲") is None


def test_everybody_goes_back_by_themselves(district: Register) -> None:
    mine, yours = add(district, "甲"), add(district, "乙")
    take_back(district, "甲")
    assert [record.id for record in district.records("stations")] == [yours]
    assert district.get("stations", mine).deleted
    assert district.last_change("甲") is None
    assert district.last_change("丙") is None
    assert district.last_undoing("乙") is None


def test_an_import_is_one_change(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    add(district)
    district.put_records("stations", stations, survey, who="甲")
    take_back(district, "甲")
    assert len(district.records("stations")) == 1
    redo(district, "甲")
    assert len(district.records("stations")) == 3


def test_what_cannot_be_undone_says_why_and_undoing_says_the_same(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    changed = add(district, name="甲店")
    district.update("stations", changed, {"seats": 1}, version=1, who="乙")
    imported = district.put_records("stations", stations, survey, who="甲")
    district.update("stations", "A1", {"seats": 9}, version=1, who="丙")
    undone = add(district)
    district.undo(district.revision(), who="甲")
    for date in ("2025", "2026"):
        source = LayerSource("outline", "区划", date=date)
        district.put_layer("outline", date.encode(), source, suffix=".geojson", who="甲")
    district.save_plan("aa", {}, {}, who="甲")
    listed = district.undoable()
    told = {u.event.id: None if u.problem is None else u.problem.code for u in listed}
    assert imported.id is not None
    assert told[1] == told[district.revision()] == "register_cannot_undo"
    assert told[2] == told[imported.id] == "register_undo_changed"
    assert told[district.revision() - 2] == "register_undo_layer_changed"
    assert told[district.revision() - 1] is None
    ((added, code),) = [
        (u.event, told[u.event.id])
        for u in listed
        if u.event.record_id == undone and u.event.before is None
    ]
    assert (added.undone_by, code) == (added.id + 1, "register_already_undone")
    why = {u.event.id: u.problem for u in listed}[imported.id]
    assert why is not None
    assert (why.facts["who"], why.facts["id"]) == ("丙", "A1")
    assert {u.event.who for u in district.undoable(who="乙")} == {"乙"}
    before = district.revision()
    for found in listed:
        if found.problem is not None:
            with pytest.raises((ConflictError, InputError)) as raised:
                district.undo(found.event.id, who="甲")
            assert raised.value.code == found.problem.code
    assert district.revision() == before
    for found in listed:
        if found.problem is None:
            district.undo(found.event.id, who="甲")
    assert district.verify().whole


def test_a_row_taken_back_by_itself_does_not_keep_the_rest(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    batch = district.put_records("stations", stations, survey, who="甲")
    row = next(e for e in district.events() if e.record_id == "A1")
    district.undo(row.id, who="甲")
    (heading,) = [u for u in district.undoable() if u.event.id == batch.id]
    assert heading.problem is None


def test_one_event_of_a_record_is_asked_whether_it_can_be_undone(district: Register) -> None:
    name = add(district, name="甲店")
    added = district.revision()
    assert district.undo_problem(added) is None
    district.update("stations", name, {"seats": 5}, version=1, who="乙")
    assert isinstance(district.undo_problem(added), ConflictError)
    assert district.undo_problem(district.revision()) is None
    assert isinstance(district.undo_problem(1), InputError)  # the creation of the register
