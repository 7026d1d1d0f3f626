"""Pages of records and of the ledger: filters, order, counts."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from geo.errors import InputError
from geo.tables import columns
from register import KINDS, Home, Kind, Record, Register
from register.engine import index_names, reading, writing
from register.pages import Sort, Wanted, WantedEvents
from register.records import row_hash
from register.tables import RECORDS
from siting.model import LayerSource
from tests.many import many

UNITS = ("兴丰街道", "安定镇", "")
STATES = ("open", "closed", "planned")
_VALUES = {"number": 1.5, "integer": 1, "flag": True}
SERVICES = ("water", "water;seat", "")


def table(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"S{number:02}" for number in range(count)],
            "name": [f"驿站{number % 7}%_/Ab" for number in range(count)],
            "lon": [116.3] * count,
            "lat": [39.7] * count,
            "town": [UNITS[number % 3] for number in range(count)],
            "state": [STATES[number % 2] for number in range(count)],
            "services": [SERVICES[number // 2 % 3] for number in range(count)],
            "seats": [None if number % 4 else number for number in range(count)],
        }
    )


@pytest.fixture
def thirty(district: Register, survey: LayerSource) -> Register:
    district.put_records("stations", table(30), survey, who="张三", why="首次导入")
    for number in (4, 17, 9):
        district.update(
            "stations", f"S{number:02}", {"state": "planned"}, version=1, who="李四", why="核实"
        )
    district.remove("stations", "S05", version=1, who="王五")
    return district


def test_a_page_and_the_counts_of_all_pages(thirty: Register) -> None:
    first = thirty.page("stations", limit=10)
    last = thirty.page("stations", limit=10, offset=20)
    assert [record.id for record in first.records] == [
        f"S{number:02}" for number in range(11) if number != 5
    ]
    assert [len(first.records), len(last.records)] == [10, 9]
    assert first.total == last.total == 29
    assert first.by_unit == {"兴丰街道": 10, "安定镇": 10, "": 9}
    assert first.by_state == {"open": 14, "planned": 3, "closed": 12}
    assert first.records[0] == thirty.get("stations", "S00")


def test_the_own_unit_comes_first(thirty: Register) -> None:
    found = thirty.page("stations", sort="changed", descending=True, first_unit="安定镇", limit=30)
    towns = [record["town"] for record in found.records]
    assert towns == ["安定镇"] * 10 + towns[10:]
    assert found.records[0].id == "S04"  # the only one of the unit that was changed
    assert [record.id for record in found.records[10:12]] == ["S09", "S17"]


def test_records_changed_since(thirty: Register) -> None:
    when = thirty.get("stations", "S17").updated_at
    found = thirty.page("stations", Wanted(changed_since=when), sort="changed")
    assert [record.id for record in found.records] == ["S17", "S09"]
    later = Wanted(changed_since=when + timedelta(days=1))
    assert thirty.page("stations", later).total == 0
    assert thirty.page("stations", Wanted(changed_since=when.date())).total in {0, 29}


def test_deleted_records_are_a_page_of_their_own(thirty: Register) -> None:
    found = thirty.page("stations", Wanted(deleted=True))
    assert [record.id for record in found.records] == ["S05"]
    assert found.by_unit == {"": 1}


@pytest.mark.parametrize("text", ["%", "_", "/ab", "驿站3%_/Ab", "s0 驿站", "' OR 1=1 --"])
def test_text_is_taken_as_it_is(thirty: Register, text: str) -> None:
    found = thirty.page("stations", Wanted(text=text), limit=100)
    assert [record.id for record in found.records] == [
        record.id
        for record in thirty.records("stations")
        if all(word.lower() in f"{record.id} {record['name']}".lower() for word in text.split())
    ]


def test_personal_data_are_not_searched(district: Register) -> None:
    given = {"lon": 116.3, "lat": 39.7, "contact_phone": "13800001111", "contact_name": "赵六"}
    district.add("stations", given, who="张三")
    assert district.page("stations", Wanted(text="1380")).total == 0
    assert district.page("stations", Wanted(text="赵六")).total == 0
    assert district.page("stations", Wanted(only={"contact_name": ["赵六"]})).total == 1


def test_a_column_that_is_not_there(district: Register) -> None:
    for wanted in (Wanted(only={"x": ["1"]}), Wanted(lacks=["state; DROP TABLE event"])):
        with pytest.raises(InputError) as told:
            district.page("stations", wanted)
        assert told.value.code == "register_unknown_column"


def test_a_kind_without_unit_or_state_is_only_counted(district: Register) -> None:
    district.add("hosts", {"name": "好粥道", "lon": 116.3, "lat": 39.7}, who="张三")
    district.add("scenarios", {"name": "方案一"}, who="张三")
    found = district.page("scenarios", sort="unit", first_unit="安定镇")
    assert (found.total, found.by_unit, found.by_state) == (1, {}, {})
    assert district.page("hosts").by_unit == {"": 1}


def expected(
    records: Collection[Record], wanted: Wanted, sort: Sort, *, descending: bool, own: str
) -> list[str]:
    """Filter and sort in plain Python."""
    found = [
        record
        for record in records
        if all(
            bool(set(str(record[name]).split(";")) & set(values))
            for name, values in wanted.only.items()
        )
        and all(record[name] in {"", None} for name in wanted.lacks)
        and all(word in f"{record.id} {record['name']}" for word in wanted.text.split())
    ]
    keys: Mapping[Sort, Callable[[Record], str]] = {
        "created": lambda record: record.id,
        "changed": lambda record: record.updated_at.isoformat(),
        "name": lambda record: str(record["name"]),
        "unit": lambda record: str(record["town"]),
    }
    found = sorted(found, key=lambda record: (keys[sort](record), record.id), reverse=descending)
    return [
        record.id
        for record in sorted(found, key=lambda record: bool(own) and record["town"] != own)
    ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    home = Home(tmp_path_factory.mktemp("pages"))
    survey = LayerSource("stations", "区总工会台账")
    with home.create_district("大兴区", who="李四") as register:
        register.put_records("stations", table(40), survey, who="张三")
        for number in (3, 30, 8):
            record = register.get("stations", f"S{number:02}")
            register.update("stations", record.id, {"state": "planned"}, version=1, who="李四")
        yield register


@given(
    only=st.dictionaries(
        st.sampled_from(["town", "state", "services"]),
        st.lists(st.sampled_from([*UNITS[:2], *STATES, "water", "seat", "%"]), max_size=3),
        max_size=2,
    ),
    lacks=st.lists(st.sampled_from(["town", "seats", "services"]), max_size=2, unique=True),
    text=st.sampled_from(["", "S1", "驿站3", "驿站 S2", "%", "_/"]),
    sort=st.sampled_from(["created", "changed", "name", "unit"]),
    descending=st.booleans(),
    own=st.sampled_from(["", "安定镇"]),
    offset=st.integers(0, 12),
)
@settings(max_examples=many(80))
def test_pages_are_what_plain_python_finds(
    filled: Register,
    only: dict[str, list[str]],
    lacks: list[str],
    text: str,
    sort: Sort,
    descending: bool,  # noqa: FBT001 - drawn
    own: str,
    offset: int,
) -> None:
    wanted = Wanted(text=text, only=only, lacks=lacks)
    found = filled.page(
        "stations",
        wanted,
        sort=sort,
        descending=descending,
        first_unit=own,
        limit=7,
        offset=offset,
    )
    held = filled.records("stations")
    ids = expected(held, wanted, sort, descending=descending, own=own)
    assert [record.id for record in found.records] == ids[offset : offset + 7]
    assert found.total == len(ids)
    assert sum(found.by_unit.values()) == sum(found.by_state.values()) == len(ids)


def test_events_by_page_do_not_move_when_new_ones_come(thirty: Register) -> None:
    first = thirty.event_page(limit=3)
    assert (first.total, first.before) == (6, 4 + 30)
    assert [event.action for event in first.events] == ["remove", "update", "update"]
    thirty.add_candidate(116.3, 39.7, who="张三")
    second = thirty.event_page(limit=3, before=first.before)
    assert [event.action for event in second.events] == ["update", "import", "create"]
    assert second.before is None


def test_events_are_found_by_what_they_are(thirty: Register) -> None:
    heading = next(e for e in thirty.event_page().events if e.action == "import")
    today = datetime.now(UTC)

    def count(wanted: WantedEvents) -> int:
        found = thirty.event_page(wanted, limit=100)
        assert found.total == len(found.events)
        return found.total

    assert count(WantedEvents(who="李四")) == 1 + 3  # created it, too
    assert count(WantedEvents(kinds=["stations"])) == 4
    assert count(WantedEvents(kinds=["stations"], rows=True)) == 34
    assert count(WantedEvents(kinds=["stations"], record_id="S17", rows=True)) == 2
    assert count(WantedEvents(actions=["remove", "update"])) == 4
    assert count(WantedEvents(text="核实")) == 3
    assert count(WantedEvents(text="首次 导入")) == 1
    assert count(WantedEvents(batch=heading.id)) == 31
    assert count(WantedEvents(since=today)) == 0
    assert count(WantedEvents(until=today)) == 6
    assert count(WantedEvents(until=heading.at)) == 2
    assert count(WantedEvents(since=heading.at, rows=True)) == 35
    assert count(WantedEvents(until=date(2020, 1, 1))) == 0


def test_every_free_text_is_searched_and_every_empty_column_found(district: Register) -> None:
    """Against the schema itself, for every kind: whatever columns it has today."""
    for kind in KINDS:
        own = [c for c in columns(kind) if c.name != "id"]
        free = [c for c in own if c.type == "text" and not c.codes and not c.personal]
        searched = [c.name for c in free if c.name not in {"hours", "answer_values"}]
        filled: dict[str, object] = {c.name: _VALUES.get(c.type, "值") for c in own}
        told = {f"{name}-T": {**filled, name: f"甲乙{name}丙"} for name in searched}
        empty = {
            f"{c.name}-E": {**filled, c.name: "" if c.words else None}
            for c in own
            if not c.required
        }
        put(district, kind, {**told, **empty})
        for name in searched:
            found = district.page(kind, Wanted(f"乙{name.upper()} 丙", deleted=True))
            assert [record.id for record in found.records] == [f"{name}-T"]
        for c in own:
            found = district.page(kind, Wanted(lacks=(c.name,), deleted=True))
            assert [r.id for r in found.records] == ([] if c.required else [f"{c.name}-E"])


def test_an_older_index_of_words_is_made_anew(district: Register, stored: Path | str) -> None:
    district.add("hosts", {"name": "刘生记", "lon": 116.3, "lat": 39.7}, who="张三")
    with writing(district._engine) as connection:
        (index,) = (name for name in index_names(connection) if "ix_hosts_found" in name)
        connection.exec_driver_sql(f"DROP INDEX {index}")
        connection.exec_driver_sql("CREATE INDEX ix_hosts_found_old ON hosts (deleted)")
    with Register(stored, district.folder) as again:
        assert again.page("hosts", Wanted("生记")).total == 1
    with reading(district._engine) as connection:
        assert index in index_names(connection)
        assert "ix_hosts_found_old" not in index_names(connection)


def put(register: Register, kind: Kind, rows: Mapping[str, Mapping[str, object]]) -> None:
    """Write deleted records as they are: no reference is looked for."""
    state = {"version": 1, "deleted": True, "layer_id": None}
    when = "2026-01-01T00:00:00.000000Z"
    signed = dict.fromkeys(("created_by", "updated_by"), "张三")
    held = [
        {"id": name, **state, **row, **signed, "created_at": when, "updated_at": when}
        for name, row in rows.items()
    ]
    with writing(register._engine) as connection:
        connection.execute(insert(RECORDS[kind]), [{**row, "hash": row_hash(row)} for row in held])
