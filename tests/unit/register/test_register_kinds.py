"""Every kind of record: stored, changed, undone, imported, read back; never invented ones."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from alembic import command
from alembic.config import Config

from geo.errors import InputError
from geo.intake import read_table
from geo.reference import read_list
from geo.tables import TABLES, columns, has_id, key, save_table
from register import KINDS, Kind, Register
from register import schema as register_schema
from register.engine import open_engine, writing
from register.references import Dangling, referring
from register.tables import DECIDED_ON, OWN_DOOR
from register.values import frame_of
from siting.model import LayerSource

UNIT, STATION, HOST, PHOTO = "兴丰街道", "S1", "H1", "a" * 64
PLACE = {"lon": 116.3, "lat": 39.7}
VALUES: dict[Kind, dict[str, object]] = {
    "stations": {"id": STATION, **PLACE, "invested_yuan": 2000, "opened_on": "2026年3月5日"},
    "candidates": {**PLACE, "state": "proposed"},
    "enterprises": {**PLACE, "name": "富思特", "claimed_by": UNIT, "path_on_way": "是"},
    "hosts": {"id": HOST, **PLACE, "consent": "agreed", "consent_until": "2027/6/30"},
    "needs": {**PLACE, "channel": "hotline_12351", "said": "想有个热饭的地方"},
    "visits": {"station": STATION, "date": "2026-11-20", "visits": 35},
    "units": {"name": "的士职工之家", "unit_kind": "none", "territory": "无"},
    "haves": {"station": STATION, "item": "sign", "date": "2026-11-20", "met": "有"},
    "inspections": {"station": STATION, "date": "2026-11-20", "hazard": "插线板老化"},
    "targets": {"unit": UNIT, "year": 2026, "target": 8, "due": "2026-10-31"},
    "users": {"login": "zhang", "role": "staff", "unit": UNIT, "active": "是"},
    "scenarios": {"name": "甲案", "modifications": json.dumps([{"add": "C1"}] * 5000)},
}
CHANGES: dict[Kind, dict[str, object]] = {
    "visits": {"visits": 36},
    "units": {"territory": None},
    "haves": {"met": False},
    "inspections": {"closed_on": date(2026, 12, 1)},
    "targets": {"target": 9},
    "users": {"active": "否"},
    "scenarios": {"note": "试"},
}


@pytest.fixture
def ready(district: Register) -> Register:
    """Return the district with a unit, a station and a host that others refer to."""
    district.add("units", {"name": UNIT, "unit_kind": "street"}, who="张三")
    return district


def give(register: Register, kind: Kind) -> str:
    if kind not in {"units", "stations", "hosts"} and STATION not in {
        record.id for record in register.records("stations")
    }:
        register.add("stations", VALUES["stations"], who="张三")
    return register.add(kind, VALUES[kind], who="张三", why="踏勘").id


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_a_record_of_every_kind_is_stored_changed_and_undone(ready: Register, kind: Kind) -> None:
    record_id = give(ready, kind)
    first = ready.get(kind, record_id)
    changed = ready.update(
        kind, record_id, CHANGES.get(kind, {"town": UNIT}), version=1, who="李四"
    )
    assert changed.version == 2
    assert ready.get(kind, record_id) == changed
    ready.undo(ready.revision(), who="李四")
    assert ready.get(kind, record_id).fields == first.fields
    ready.remove(kind, record_id, version=3, who="李四")
    assert record_id not in {record.id for record in ready.records(kind)}
    assert [event.action for event in ready.history(kind, record_id)] == [
        "add",
        "update",
        "undo",
        "remove",
    ]
    assert ready.verify().whole


@pytest.mark.parametrize("kind", sorted(set(VALUES) & set(TABLES)))
def test_a_table_of_every_kind_goes_out_and_comes_back_unchanged(
    ready: Register, kind: Kind, survey: LayerSource, tmp_path: Path
) -> None:
    give(ready, kind)
    before = ready.records(kind)
    frame = frame_of(kind, (record.row() for record in before))
    save_table(frame, tmp_path / "out.csv")
    intake = read_table(tmp_path / "out.csv", kind)
    assert intake.rejected == 0
    batch = ready.put_records(kind, intake.frame, survey, who="张三")
    assert (batch.id, batch.unchanged) == (None, len(before))


@pytest.mark.parametrize("kind", KINDS)
def test_invented_records_never_enter_a_real_register(
    ready: Register, kind: Kind, invented: LayerSource
) -> None:
    before = ready.revision()
    with pytest.raises(InputError):
        ready.put_records(kind, pd.DataFrame([VALUES.get(kind, {})]), invented, who="张三")
    assert ready.revision() == before


@pytest.mark.parametrize("kind", sorted({"stations", "candidates"}))
def test_a_row_of_the_sample_is_not_typed_in_either(district: Register, kind: Kind) -> None:
    values = {"name": "刘生记", "lon": 116.335, "lat": 39.732}
    with pytest.raises(InputError, match="invented record of the sample"):
        district.add(kind, values, who="张三")


def test_what_has_its_own_door_is_not_filled_in(district: Register, survey: LayerSource) -> None:
    for kind in OWN_DOOR:
        with pytest.raises(InputError, match="not filled in"):
            district.add(kind, {}, who="张三")
        with pytest.raises(InputError, match="not filled in"):
            district.update(kind, "x", {}, version=1, who="张三")
    for kind in ("tasks", "photos", "users", "scenarios"):
        with pytest.raises(InputError, match="not filled in"):
            district.put_records(kind, pd.DataFrame(), survey, who="张三")


def test_ids_without_a_column_are_what_the_record_is_known_by(ready: Register) -> None:
    give(ready, "visits")
    assert [r.id for r in ready.records("visits")] == ["S1|2026-11-20"]
    assert [r.id for r in ready.records("units")] == [UNIT]
    with pytest.raises(InputError, match="taken"):
        ready.add("visits", VALUES["visits"], who="张三")
    for changes in ({"date": "2026-11-21"}, {"station": "S2"}):
        with pytest.raises(InputError, match="cannot be changed"):
            ready.update("visits", "S1|2026-11-20", changes, version=1, who="张三")


def test_a_second_table_of_visits_changes_the_day_that_is_there(
    district: Register, survey: LayerSource
) -> None:
    first = read_table(
        "编号,日期,服务人次\nS1,2026年1月1日,30\nS1,2026/1/2,31\n".encode(), "visits"
    )
    second = read_table(b"id,date,visits\nS1,2026-01-02,40\nS1,46025,9\n", "visits")
    assert district.put_records("visits", first.frame, survey, who="张三").added == 2
    batch = district.put_records("visits", second.frame, survey, who="张三")
    assert (batch.added, batch.changed) == (1, 1)
    held = {record.id: record["visits"] for record in district.records("visits")}
    assert held == {"S1|2026-01-01": 30, "S1|2026-01-02": 40, "S1|2026-01-03": 9}


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        ("visits", {"station": STATION, "visits": 3}, "date"),
        ("visits", {"station": "", "date": "2026-11-20", "visits": 3}, "station"),
        ("stations", {**PLACE, "opened_on": "2026年11月"}, "must be a date"),
        ("stations", {**PLACE, "opened_on": "2026-02-30"}, "must be a date"),
        ("enterprises", {**PLACE, "path_on_way": "也许"}, "yes or no"),
        ("stations", {**PLACE, "host": "H9"}, "no record “H9”"),
        ("users", {"login": "x", "role": "king", "active": True}, "king"),
        ("users", {"login": "x", "role": "staff"}, "active"),
        ("targets", {"unit": "月球", "year": 2026, "target": 1}, "no record “月球”"),
        ("scenarios", {"name": "x", "parameters": "y" * 100_001}, "100001"),
    ],
)
def test_what_does_not_fit_is_refused(
    ready: Register, kind: Kind, values: dict[str, object], sentence: str
) -> None:
    give(ready, "stations")
    before = ready.revision()
    with pytest.raises(InputError, match=sentence):
        ready.add(kind, values, who="张三")
    assert ready.revision() == before


def test_a_blank_is_not_a_fact(ready: Register) -> None:
    record = ready.add("enterprises", {**PLACE, "path_on_way": "", "verified_on": None}, who="张三")
    assert record["path_on_way"] is None
    assert record["verified_on"] == ""
    said = ready.update("enterprises", record.id, {"path_on_way": "否"}, version=1, who="张三")
    assert said["path_on_way"] is False
    assert ready.get("enterprises", record.id)["path_on_way"] is False


def test_what_is_required_cannot_be_emptied(ready: Register) -> None:
    give(ready, "stations")
    give(ready, "users")
    emptied: list[tuple[Kind, str, dict[str, object]]] = [
        ("stations", STATION, {"lon": None}),
        ("users", "zhang", {"active": None}),
        ("users", "zhang", {"role": " "}),
    ]
    for kind, record_id, changes in emptied:
        with pytest.raises(InputError, match="must be given"):
            ready.update(kind, record_id, changes, version=1, who="张三")


def test_a_reference_to_what_is_deleted_is_refused_and_hanging_ones_are_listed(
    district: Register, survey: LayerSource
) -> None:
    rows = pd.DataFrame({"station": ["S1"], "date": ["2026-11-20"], "visits": [3]})
    district.put_records("visits", rows, survey, who="张三")  # before its station
    hangs = Dangling("visits", "S1|2026-11-20", "station", "S1", "stations")
    assert district.dangling() == (hangs,)
    district.add("stations", {"id": "S1", **PLACE}, who="张三")
    assert district.dangling() == ()
    district.remove("stations", "S1", version=1, who="张三")
    assert district.dangling() == (hangs,)
    with pytest.raises(InputError, match="no record “S1”"):
        district.add("visits", {"station": "S1", "date": "2026-11-21", "visits": 3}, who="张三")


def test_every_reference_names_a_kind() -> None:
    for kind in KINDS:
        named = [column.name for column in columns(kind) if column.refers]
        assert [column.name for column, _table in referring(kind)] == named
    about = read_list("reference/record_kinds")
    assert set(about) <= set(KINDS)
    for entry in read_list("reference/task_kinds").values():
        assert entry["about"] in {"", *about}
        names = {column.name for column in columns(entry["about"])} if entry["about"] else set()
        assert set(entry["answers"]) <= names


def test_every_kind_is_known_by_columns_of_its_own() -> None:
    for kind in KINDS:
        names = {column.name for column in columns(kind)}
        assert set(key(kind)) <= names
        assert has_id(kind) or key(kind)
        assert "hash" not in names  # the register's own


def test_only_five_kinds_decide(ready: Register) -> None:
    for kind in VALUES:
        if kind != "stations":
            give(ready, kind)
    assert {kind for kind in DECIDED_ON if len(getattr(ready.inputs(), kind))} == set(DECIDED_ON)


def test_a_register_of_the_first_kinds_is_brought_up_to_date(tmp_path: Path) -> None:
    """Records of before keep their hashes and events; the columns that came later are blank."""
    file = tmp_path / "register.db"
    config = Config()
    config.set_main_option(
        "script_location", str(Path(register_schema.__file__).parent / "migrations")
    )
    engine = open_engine(file)
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    with sqlite3.connect(file) as old:
        assert "address" not in {row[1] for row in old.execute("PRAGMA table_info(stations)")}
    old.close()
    with Register.create(file, tmp_path, name="大兴区", sort="real", who="张三") as register:
        register.add("stations", {"id": "S1", **PLACE, "seats": 3}, who="张三")
    engine = open_engine(file)
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    engine.dispose()
    with Register(file, tmp_path) as register:
        record = register.get("stations", "S1")
        assert (record["seats"], record["address"], record["invested_yuan"]) == (3, "", None)
        assert register.verify().whole
        register.undo(register.revision(), who="张三")
        assert register.verify().whole
