"""Units by any of their names, and the shipped list of them."""

from datetime import date

import pytest

from geo.errors import InputError
from register import Register
from register.shipped_units import put_shipped_units, shipped_units
from register.targets import progress
from register.task_steps import Reply, Request, accept, answer, ask, claim
from register.tasks import list_tasks
from register.users import Actor, actor_of

DISTRICT = Actor("张三", "planner")


@pytest.fixture
def listed(district: Register) -> Register:
    put_shipped_units(district, who="张三")
    return district


def test_the_shipped_list_is_the_unions(listed: Register) -> None:
    units = {record.id: record for record in listed.records("units")}
    kinds = [str(unit["unit_kind"]) for unit in units.values()]
    assert [kinds.count(kind) for kind in ("town", "street", "base", "none")] == [14, 6, 2, 1]
    assert units["的士职工之家"]["territory"] is False
    assert sum(bool(unit["territory"]) for unit in units.values()) == 22
    assert "榆堡" in str(units["榆垡镇"]["alias"])
    assert not {"荣华街道", "北京经济技术开发区"} & set(units)
    assert not listed.dangling()
    assert listed.verify().whole


def test_it_is_one_change_that_can_be_undone_and_edited(district: Register) -> None:
    district.add("units", {"name": "兴丰街道", "alias": "兴丰;老兴丰"}, who="李四")
    batch = put_shipped_units(district, who="张三")
    assert (batch.added, batch.changed, batch.unchanged) == (len(shipped_units()) - 1, 0, 1)
    own = district.get("units", "兴丰街道")
    assert (own["alias"], own.version) == ("兴丰;老兴丰", 1)
    again = put_shipped_units(district, who="张三")
    assert (again.id, again.added, again.unchanged) == (None, 0, 23)
    town = district.get("units", "安定镇")
    district.update("units", town.id, {"alias": "安定;安定地区"}, version=town.version, who="李四")
    assert district.unit_names().find("安定地区") == "安定镇"
    assert batch.id is not None


def test_the_batch_is_undone_whole(listed: Register) -> None:
    heading = next(event for event in listed.events(limit=1000) if event.action == "import")
    listed.undo(heading.id, who="张三")
    assert listed.records("units") == ()


def test_the_sample_takes_it_in_too(opened_sample: Register) -> None:
    assert put_shipped_units(opened_sample, who="张三").added == 23


def test_a_unit_is_kept_under_its_own_name_wherever_a_person_writes_it(listed: Register) -> None:
    add = listed.add
    target = add("targets", {"unit": "天官院", "year": 2026, "target": 2}, who="张三")
    assert (target.id, target["unit"]) == ("天宫院街道|2026", "天宫院街道")
    with pytest.raises(InputError, match="天宫院街道"):
        add("targets", {"unit": "天宫院", "year": 2026, "target": 3}, who="张三")
    place = {"lon": 116.3, "lat": 39.7}
    firm = add("enterprises", {"name": "甲", **place, "claimed_by": "榆堡"}, who="张三")
    assert firm["claimed_by"] == "榆垡镇"
    changed = listed.update(
        "enterprises", firm.id, {"claimed_by": "兴丰"}, version=firm.version, who="张三"
    )
    assert changed["claimed_by"] == "兴丰街道"
    station = add("stations", {"name": "乙", **place, "town": "兴丰"}, who="张三")
    assert station["town"] == "兴丰街道"
    user = {"login": "w", "person": "王", "role": "staff", "unit": "兴丰", "active": True}
    assert add("users", user, who="张三")["unit"] == "兴丰街道"
    task = ask(
        listed, Request("verify_enterprise", "兴丰", "请核实", about=firm.id), actor=DISTRICT
    )
    assert task.unit == "兴丰街道"
    staff = actor_of(listed, "w")
    task = claim(listed, task.id, version=task.version, actor=staff)
    reply = Reply(values={"claimed_by": "天官院"})
    task = answer(listed, task.id, reply, version=task.version, actor=staff)
    assert task.values == {"claimed_by": "天宫院街道"}
    accept(listed, task.id, version=task.version, actor=DISTRICT)
    assert listed.get("enterprises", firm.id)["claimed_by"] == "天宫院街道"
    assert [found.unit for found in list_tasks(listed, closed=True)] == ["兴丰街道"]
    assert not listed.dangling()


def test_a_name_that_no_unit_has_is_refused_as_before(listed: Register) -> None:
    with pytest.raises(InputError) as caught:
        listed.add("targets", {"unit": "不存在镇", "year": 2026, "target": 2}, who="张三")
    assert caught.value.code == "register_no_reference"


def test_without_a_list_of_its_own_nothing_is_renamed(district: Register) -> None:
    place = {"lon": 116.3, "lat": 39.7, "town": "兴丰"}
    assert district.add("stations", {"name": "乙", **place}, who="张三")["town"] == "兴丰"


def test_a_unit_that_was_removed_gives_its_name_to_nobody(listed: Register) -> None:
    unit = listed.get("units", "安定镇")
    listed.remove("units", unit.id, version=unit.version, who="张三")
    assert listed.unit_names().find("安定") is None


def test_a_target_by_another_name_counts_the_units_stations(listed: Register) -> None:
    values = {"lon": 116.3, "lat": 39.7, "town": "兴丰", "opened_on": "2026-05-01", "state": "open"}
    listed.add("stations", values, who="张三")
    listed.add("targets", {"unit": "兴丰", "year": 2026, "target": 2}, who="张三")
    found = progress(listed, 2026, today=date(2026, 11, 20))
    (row,) = [row for row in found if row.target is not None]
    assert (row.unit, row.built) == ("兴丰街道", 1)
