"""Records: added, changed, removed, undone, each with its version and its event."""

import math

import pytest

from geo.errors import ConflictError, InputError
from geo.tables import columns
from register import Register


def test_a_candidate_is_stored_with_its_event(district: Register) -> None:
    added = district.add_candidate(116.3, 39.7, name="新点", who="张三", why="踏勘", seats=3)
    assert added.version == 1
    assert added["state"] == "proposed"
    assert added["seats"] == 3
    assert district.get("candidates", added.id) == added
    (event,) = district.history("candidates", added.id)
    assert (event.action, event.who, event.why, event.before) == ("add", "张三", "踏勘", None)
    assert event.after is not None
    assert event.after["name"] == "新点"


def test_two_candidates_in_one_place_stay_two(district: Register) -> None:
    first = district.add_candidate(116.3, 39.7, name="点", who="张三")
    second = district.add_candidate(116.3, 39.7, name="点", who="李四")
    assert [record.id for record in district.records("candidates")] == [first.id, second.id]


def test_an_update_raises_the_version_and_keeps_both_states(district: Register) -> None:
    old = district.add("stations", {"lon": 116.3, "lat": 39.7, "seats": 2}, who="张三")
    new = district.update("stations", old.id, {"seats": 5}, version=1, who="李四", why="扩建")
    assert (new.version, new["seats"], new["lon"]) == (2, 5, 116.3)
    assert (new.updated_by, new.created_by) == ("李四", "张三")
    event = district.history("stations", old.id)[-1]
    assert event.before is not None
    assert event.after is not None
    assert (event.before["seats"], event.after["seats"]) == (2, 5)


def test_an_update_that_changes_nothing_leaves_no_event(district: Register) -> None:
    old = district.add("stations", {"lon": 116.3, "lat": 39.7, "seats": 2}, who="张三")
    before = district.revision()
    assert district.update("stations", old.id, {"seats": 2}, version=1, who="李四") == old
    assert district.revision() == before


def test_the_second_writer_sees_who_was_first(district: Register) -> None:
    record = district.add("stations", {"lon": 116.3, "lat": 39.7, "name": "甲"}, who="张三")
    district.update("stations", record.id, {"seats": 5}, version=1, who="李四")
    with pytest.raises(ConflictError) as caught:
        district.update("stations", record.id, {"seats": 9}, version=1, who="王五")
    assert caught.value.facts["who"] == "李四"
    assert caught.value.facts["version"] == 2
    assert "李四" in caught.value.message("zh")
    assert "甲" in caught.value.message("en")
    assert district.get("stations", record.id)["seats"] == 5
    with pytest.raises(ConflictError):
        district.remove("stations", record.id, version=1, who="王五")


def test_a_removed_record_is_kept_but_not_listed(district: Register) -> None:
    record = district.add("hosts", {"lon": 116.3, "lat": 39.7}, who="张三")
    removed = district.remove("hosts", record.id, version=1, who="张三", why="重复")
    assert removed.deleted
    assert district.records("hosts") == ()
    assert district.records("hosts", deleted=True) == (removed,)
    with pytest.raises(InputError, match="deleted"):
        district.update("hosts", record.id, {"name": "x"}, version=2, who="张三")
    with pytest.raises(InputError, match="deleted"):
        district.remove("hosts", record.id, version=2, who="张三")


def test_undo_and_redo_are_further_events(district: Register) -> None:
    record = district.add("stations", {"lon": 116.3, "lat": 39.7, "seats": 2}, who="张三")
    district.update("stations", record.id, {"seats": 5}, version=1, who="张三")
    change = district.revision()
    undone = district.undo(change, who="李四", why="误填")
    assert (undone.action, undone.undoes) == ("undo", change)
    assert district.get("stations", record.id)["seats"] == 2
    assert district.get("stations", record.id).version == 3
    assert district.events(limit=2)[1].undone_by == undone.id
    with pytest.raises(InputError, match="has been undone"):
        district.undo(change, who="李四")
    district.undo(undone.id, who="张三", why="没填错")
    assert district.get("stations", record.id)["seats"] == 5


def test_undoing_an_addition_removes_and_undoing_a_removal_brings_back(district: Register) -> None:
    record = district.add_candidate(116.3, 39.7, who="张三")
    first = district.undo(district.revision(), who="张三")
    assert district.get("candidates", record.id).deleted
    district.undo(first.id, who="张三")
    back = district.get("candidates", record.id)
    assert not back.deleted
    district.remove("candidates", record.id, version=back.version, who="张三")
    district.undo(district.revision(), who="张三")
    assert [r.id for r in district.records("candidates")] == [record.id]


def test_undo_is_refused_when_the_record_has_changed_since(district: Register) -> None:
    record = district.add("stations", {"lon": 116.3, "lat": 39.7, "seats": 1}, who="张三")
    district.update("stations", record.id, {"seats": 2}, version=1, who="张三")
    change = district.revision()
    district.update("stations", record.id, {"seats": 3}, version=2, who="李四")
    with pytest.raises(ConflictError, match="李四"):
        district.undo(change, who="张三")
    assert district.get("stations", record.id)["seats"] == 3


def test_what_cannot_be_undone_is_refused(district: Register) -> None:
    with pytest.raises(InputError, match="Event 1 cannot be undone"):
        district.undo(1, who="张三")
    with pytest.raises(InputError, match="no event 99"):
        district.undo(99, who="张三")
    district.add_candidate(116.3, 39.7, who="张三")
    with pytest.raises(InputError, match="is not an import"):
        district.undo_batch(2, who="张三")


def test_a_key_counts_once(district: Register) -> None:
    first = district.add_candidate(116.3, 39.7, who="张三", key="k1")
    again = district.add_candidate(116.3, 39.7, who="张三", key="k1")
    assert again == first
    changed = district.update("candidates", first.id, {"seats": 4}, version=1, who="张三", key="k2")
    # The answer was lost on its way and the same request comes again, with the old version.
    repeated = district.update(
        "candidates", first.id, {"seats": 4}, version=1, who="张三", key="k2"
    )
    assert repeated == changed
    undone = district.undo(district.revision(), who="张三", key="k3")
    assert district.undo(undone.undoes or 0, who="张三", key="k3") == undone
    district.remove("candidates", first.id, version=3, who="张三", key="k4")
    assert district.remove("candidates", first.id, version=3, who="张三", key="k4").version == 4
    assert len(district.history("candidates", first.id)) == 4
    with pytest.raises(InputError, match="k2"):
        district.add_candidate(116.3, 39.7, who="张三", key="k2")


def test_events_come_newest_first_and_only_the_new_ones(district: Register) -> None:
    start = district.revision()
    ids = [district.add_candidate(116.3, 39.7, who="张三").id for _ in range(3)]
    assert [event.record_id for event in district.events(since=start)] == ids[::-1]
    assert [event.record_id for event in district.events(limit=2)] == [ids[2], ids[1]]
    assert district.events(since=district.revision()) == ()
    assert [event.id for event in district.events()] == [4, 3, 2, 1]


def test_times_are_utc(district: Register) -> None:
    record = district.add_candidate(116.3, 39.7, who="张三")
    offset = record.created_at.utcoffset()
    assert offset is not None
    assert offset.total_seconds() == 0
    assert district.history("candidates", record.id)[0].at == record.created_at


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"lon": 116.3}, "“lat” of the table “stations” must be given"),
        ({"lon": 116.3, "lat": math.nan}, "must be given"),
        ({"lon": 116.3, "lat": 91}, "outside what is allowed"),
        ({"lon": 116.3, "lat": math.inf}, "outside what is allowed"),
        ({"lon": "116,3", "lat": 39.7}, "should be a number"),
        ({"lon": 116.3, "lat": 39.7, "seats": -1}, "outside what is allowed"),
        ({"lon": 116.3, "lat": 39.7, "seats": 1.5}, "whole number"),
        ({"lon": 116.3, "lat": 39.7, "kind": "palace"}, "no choice “palace”"),
        ({"lon": 116.3, "lat": 39.7, "services": "water;gold"}, "no choice “gold”"),
        ({"lon": 116.3, "lat": 39.7, "colour": "red"}, "no column “colour”"),
        ({"lon": 116.3, "lat": 39.7, "name": "x" * 2001}, "2001 characters"),
        ({"lon": 116.3, "lat": 39.7, "name": "a\x00b"}, "cannot be stored"),
        ({"lon": 116.3, "lat": 39.7, "name": "\ud800"}, "cannot be stored"),
    ],
)
def test_what_cannot_be_stored_is_refused(
    district: Register, values: dict[str, object], sentence: str
) -> None:
    before = district.revision()
    with pytest.raises(InputError, match=sentence):
        district.add("stations", values, who="张三")
    assert district.revision() == before


def test_a_change_must_be_storable_too(district: Register) -> None:
    record = district.add_candidate(116.3, 39.7, who="张三")
    for changes in ({"lon": None}, {"lat": ""}, {"id": "new"}, {"state": "magic"}):
        with pytest.raises(InputError):
            district.update("candidates", record.id, changes, version=1, who="张三")
    with pytest.raises(InputError, match="who makes the change"):
        district.update("candidates", record.id, {"seats": 1}, version=1, who=" ")
    assert district.get("candidates", record.id) == record


def test_ids_are_given_once(district: Register) -> None:
    district.add("stations", {"id": "S1", "lon": 116.3, "lat": 39.7}, who="张三")
    with pytest.raises(InputError, match="“S1” is taken"):
        district.add("stations", {"id": "S1", "lon": 116.3, "lat": 39.7}, who="张三")
    with pytest.raises(InputError, match="no record “S9”"):
        district.get("stations", "S9")


def test_lists_may_be_sequences_and_hostile_names_come_back_as_given(district: Register) -> None:
    name = "<img onerror=x> `${1}` ' \" ; DROP TABLE stations -- 𠮷"
    record = district.add_candidate(
        116.3, 39.7, name=name, who="张三", services=["water", "seat"], access="public、drivers"
    )
    stored = district.get("candidates", record.id)
    assert stored["name"] == name
    assert stored["services"] == "water;seat"
    assert stored["access"] == "public;drivers"


def test_a_record_has_every_column_of_its_schema(district: Register) -> None:
    record = district.add_candidate(116.3, 39.7, who="张三")
    assert list(record.row()) == [column.name for column in columns("candidates")]
    assert district.get("candidates", record.id).row() == record.row()
