"""The database underneath: settings, migrations, tampering, faults, many writers."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect
from sqlalchemy.pool import ConnectionPoolEntry

from geo.errors import ConflictError, InputError, PlannerError
from geo.tables import columns
from register import Home, Register
from register.engine import open_engine, reading, writing
from register.schema import bring_up_to_date
from register.tables import KINDS, METADATA, RECORDS
from siting.model import LayerSource
from words import has

only_files = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what only a file can suffer."""


FOUND_BY = {"words", "blanks"}
"""What `register.finding` adds to every table of records."""


def not_found_by(name: str | None, sort: str, _parents: object) -> bool:
    """Leave out what is derived from the columns, and is no part of the schema."""
    return not (sort == "column" and name in FOUND_BY) and not (
        sort == "index" and "_found_" in str(name)
    )


def database_of(register: Register) -> Path:
    return register.folder.parent / "register.db"


def add_candidates(register: Register, count: int) -> None:
    for _ in range(count):
        register.add_candidate(116.3, 39.7, name="字" * 1000, who="张三")


def edit(register: Register, statement: str) -> None:
    """Change the database behind the register's back."""
    with writing(register._engine) as connection:
        connection.exec_driver_sql(statement)


@only_files
def test_the_settings_that_durability_rests_on(district: Register) -> None:
    with reading(district._engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_migrations_make_exactly_the_tables_we_use(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "100% new.db")
    bring_up_to_date(engine)
    bring_up_to_date(engine)
    with engine.connect() as connection:
        options = {"include_name": not_found_by}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
        held = {kind: inspect(connection).get_columns(kind) for kind in KINDS}
    engine.dispose()
    for kind in KINDS:
        names = {column["name"] for column in held[kind]}
        assert {column.name for column in columns(kind)} <= names
        assert {column.name for column in RECORDS[kind].columns} == names - FOUND_BY


def test_a_newer_database_is_not_touched(district: Register, stored: Path | str) -> None:
    edit(district, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(PlannerError, match="newer version of the product \\(9999\\)"):
        Register(stored, district.folder)


def test_a_database_without_a_register_says_so(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="not been created"):
        Register(tmp_path / "register.db", tmp_path / "layers")


def test_a_register_is_created_once(district: Register, stored: Path | str) -> None:
    with pytest.raises(InputError, match="exists already"):
        Register.create(stored, district.folder, name="x", sort="real", who="张三")
    assert district.name == "大兴区"


def test_the_chain_of_an_honest_ledger_holds(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    district.put_records("stations", stations, survey, who="张三")
    district.add_candidate(116.3, 39.7, who="张三")
    district.undo(district.revision(), who="张三")
    district.save_plan("abc", {}, {"selected": []}, who="张三")
    found = district.verify()
    assert found.whole
    assert district.revision() == 7


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE event SET who = '别人' WHERE id = 2", (2,)),
        ("UPDATE event SET after = replace(after, '甲', '乙') WHERE id = 3", (3,)),
        ("UPDATE event SET at = '2020-01-01T00:00:00.000000Z' WHERE id = 2", (2,)),
        ("DELETE FROM event WHERE id = 2", (3,)),
        ("UPDATE event SET hash = prev_hash WHERE id = 2", (2, 3)),
    ],
)
def test_a_changed_ledger_is_found(
    district: Register, statement: str, broken: tuple[int, ...]
) -> None:
    district.add_candidate(116.3, 39.7, name="丙", who="张三")
    district.add_candidate(116.3, 39.7, name="甲", who="张三")
    district.add_candidate(116.3, 39.7, name="丁", who="张三")
    edit(district, statement)
    found = district.verify()
    assert found.events == broken
    assert not found.whole


def test_a_record_changed_behind_the_ledger_is_found(district: Register) -> None:
    mine = district.add_candidate(116.3, 39.7, name="甲", who="张三")
    edit(district, "UPDATE candidates SET seats = 7")
    assert district.verify().records == (("candidates", mine.id),)
    edit(district, "DELETE FROM candidates")
    assert district.verify().records == (("candidates", mine.id),)
    # The last event cut off leaves the chain whole, but not what it speaks of.
    edit(district, "DELETE FROM event WHERE id = 2")
    assert district.verify().whole


def test_a_record_changed_behind_the_ledger_is_refused_when_read(district: Register) -> None:
    mine = district.add_candidate(116.3, 39.7, name="甲", who="张三")
    edit(district, "UPDATE candidates SET seats = 7")
    for read in (
        lambda: district.get("candidates", mine.id),
        lambda: district.records("candidates"),
        district.inputs,
    ):
        with pytest.raises(PlannerError, match=mine.id) as refused:
            read()
        assert refused.value.code == "register_record_damaged"
    edit(district, "UPDATE candidates SET seats = NULL")
    assert district.get("candidates", mine.id) == mine


def test_a_number_below_zero_by_nothing_reads_back(district: Register) -> None:
    host = district.add("hosts", {"lon": -0.0, "lat": 0.0, "visits_per_day": -0.0}, who="张三")
    assert district.get("hosts", host.id) == host
    assert district.verify().whole


def test_a_plan_or_a_label_changed_behind_the_ledger_is_found(district: Register) -> None:
    district.save_plan("abc", {}, {"covered": 12}, who="张三")
    edit(district, "UPDATE plan SET result = '{\"covered\":99}'")
    edit(district, "UPDATE meta SET value = 'sample' WHERE name = 'sort'")
    source = LayerSource("outline", "OSM", "ODbL")
    district.put_layer("outline", b"{}", source, suffix=".geojson", who="张三")
    edit(district, "UPDATE layer SET licence = 'MIT'")
    assert district.verify().records == (
        ("layers", "outline"),
        ("plans", "1"),
        ("register", "meta"),
    )


@only_files
def test_a_busy_database_is_told_and_then_free_again(district: Register) -> None:
    with Register(database_of(district), district.folder, busy_timeout_s=0.05) as hasty:
        with closing(sqlite3.connect(database_of(district), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(PlannerError, match="Somebody else is saving"):
                hasty.add_candidate(116.3, 39.7, who="张三")
            assert hasty.records("candidates") == ()  # readers do not wait
            other.execute("ROLLBACK")
        assert hasty.add_candidate(116.3, 39.7, who="张三").version == 1


@only_files
def test_a_full_disk_leaves_the_old_state_and_recovers(district: Register) -> None:
    first = district.add_candidate(116.3, 39.7, who="张三")
    pages = {"limit": 1}

    def limit(connection: sqlite3.Connection, *_rest: ConnectionPoolEntry) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages['limit']}")

    event.listen(district._engine, "checkout", limit)
    with pytest.raises(PlannerError, match="disk is full"):
        add_candidates(district, 200)
    kept = district.records("candidates")
    assert kept[0] == first
    assert district.verify().whole
    assert len(district.events(limit=1000)) == len(kept) + 1
    pages["limit"] = 1_000_000
    district.add_candidate(116.3, 39.7, who="张三")
    assert len(district.records("candidates")) == len(kept) + 1


@only_files
def test_a_damaged_file_is_told(district: Register, home: Home) -> None:
    district.add_candidate(116.3, 39.7, who="张三")
    district.close()
    database = database_of(district)
    database.write_bytes(b"not a database" * 1000)
    with pytest.raises(PlannerError, match="damaged"):
        home.open_district()


def test_a_lost_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="cannot be opened"):
        Register(tmp_path / "nowhere" / "register.db", tmp_path)


def test_a_transaction_that_fails_leaves_nothing(
    district: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        message = "power cut"
        raise RuntimeError(message)

    monkeypatch.setattr("register.events.Ledger.flush", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        district.add_candidate(116.3, 39.7, who="张三")
    monkeypatch.undo()
    assert district.records("candidates") == ()
    assert district.verify().whole


def test_no_update_of_many_threads_is_lost(district: Register) -> None:
    edits = 40
    record = district.add("stations", {"lon": 116.3, "lat": 39.7, "seats": 0}, who="张三")
    conflicts: list[str] = []

    def count_up() -> None:
        done = 0
        while done < edits:
            seen = district.get("stations", record.id)
            changes = {"seats": int(seen["seats"] or 0) + 1}
            try:
                district.update("stations", record.id, changes, version=seen.version, who="线程")
                done += 1
            except ConflictError as error:
                conflicts.append(error.code)

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = district.get("stations", record.id)
    assert (last["seats"], last.version) == (3 * edits, 3 * edits + 1)
    assert len(district.history("stations", record.id)) == 3 * edits + 1
    assert set(conflicts) <= {"register_changed"}
    assert district.verify().whole


def test_every_action_and_kind_has_its_word(district: Register) -> None:
    assert district.name
    actions = ("create", "add", "update", "remove", "import", "activate", "undo", "plan")
    for lang in ("zh", "en"):
        assert all(has(f"register.action.{action}", lang) for action in actions)
        kinds = (*KINDS, "layers", "plans", "register")
        assert all(has(f"register.kind.{kind}", lang) for kind in kinds)
