"""Who sees whose names and phones in a register."""

from dataclasses import replace

import pandas as pd
import pytest

from geo.reference import read_list
from register import Register
from register.privacy import (
    masked,
    masked_event,
    masked_rows,
    masked_step,
    masked_task,
    sees_personal,
)
from register.task_steps import Reply, Request, answer, ask, claim
from register.users import Actor
from siting.model import LayerSource

DISTRICT, STAFF = Actor("赵", "planner"), Actor("钱", "staff", "兴丰街道")
PHONE, HIDDEN = "13812345678", "138****5678"


def hosts(phone: str = PHONE, name: str = "张三") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["H1", "H2"],
            "name": ["刘生记", "好粥道"],
            "lon": [116.3, 116.4],
            "lat": [39.7, 39.8],
            "town": ["兴丰街道", "安定镇"],
            "contact_name": [name, "李四"],
            "contact_phone": [phone, "13900000000"],
        }
    )


@pytest.fixture
def known(district: Register, survey: LayerSource) -> Register:
    district.put_records("hosts", hosts(), survey, who="张三")
    return district


@pytest.mark.parametrize(
    ("role", "unit", "own", "other"),
    [
        ("", "兴丰街道", False, False),
        ("staff", "兴丰街道", True, False),
        ("staff", "", False, False),
        ("planner", "", True, True),
        ("manager", "", False, False),
        ("admin", "", True, True),
    ],
)
def test_each_role(known: Register, role: str, unit: str, own: bool, other: bool) -> None:  # noqa: FBT001 -- a table of facts
    assert sees_personal(role, unit=unit, of_unit="兴丰街道") is own
    shown = [masked(record, role, unit=unit) for record in known.records("hosts")]
    assert [record["contact_phone"] for record in shown] == [
        PHONE if own else HIDDEN,
        "13900000000" if other else "139****0000",
    ]
    assert [record["contact_name"] for record in shown] == [
        "张三" if own else "张**",
        "李四" if other else "李**",
    ]
    frame = masked_rows("hosts", known.tables()["hosts"], role, unit=unit)
    assert frame["contact_phone"].tolist() == [record["contact_phone"] for record in shown]
    assert frame["name"].tolist() == ["刘生记", "好粥道"]


def test_a_district_record_is_no_units_own() -> None:
    assert not sees_personal("staff", unit="", of_unit="")
    with pytest.raises(KeyError):
        sees_personal("boss")


def test_every_role_says_what_it_sees() -> None:
    assert {role["sees_personal"] for role in read_list("reference/roles").values()} <= {
        "any",
        "own",
        "none",
    }


def test_a_history_tells_that_a_phone_changed_but_not_to_what(known: Register) -> None:
    known.update("hosts", "H1", {"contact_phone": "13899995678"}, version=1, who="李四")
    step = known.steps("hosts", "H1")[-1]
    shown = masked_step(step, "manager")
    (difference,) = shown.differences
    assert (difference.before, difference.after) == (HIDDEN, HIDDEN)
    assert "9999" not in repr(shown)
    assert "1234" not in repr(shown)
    assert masked_step(step, "planner") == step
    added = masked_event(known.steps("hosts", "H1")[0].event, "")
    assert added.before is None
    assert PHONE not in repr(added)


def test_masks_that_come_back_leave_the_phone_alone(known: Register, survey: LayerSource) -> None:
    shown = masked_rows("hosts", known.tables()["hosts"], "")
    batch = known.put_records("hosts", shown, survey, who="王五")
    assert (batch.id, batch.unchanged) == (None, 2)
    changed = shown.assign(name=["新名", "好粥道"])
    assert known.put_records("hosts", changed, survey, who="王五").changed == 1
    record = known.get("hosts", "H1")
    assert (record["name"], record["contact_phone"]) == ("新名", PHONE)
    same = known.update(
        "hosts", "H1", {"contact_phone": HIDDEN}, version=record.version, who="王五"
    )
    assert same.version == record.version
    new = known.update("hosts", "H1", {"contact_phone": ""}, version=record.version, who="王五")
    assert new["contact_phone"] == ""


def test_what_an_answer_says_of_a_contact(known: Register) -> None:
    known.add("units", {"name": "兴丰街道"}, who="赵")
    asked = ask(known, Request("ask_host", "兴丰街道", about="H1"), actor=DISTRICT)
    claimed = claim(known, asked.id, version=asked.version, actor=STAFF)
    said = Reply(values={"contact_phone": PHONE, "consent": "agreed"})
    task = answer(known, asked.id, said, version=claimed.version, actor=STAFF)
    hidden = replace(task, values={"contact_phone": HIDDEN, "consent": "agreed"})
    assert masked_task(task, "manager") == hidden
    assert masked_task(task, "staff", unit="安定镇") == hidden
    assert masked_task(task, "staff", unit="兴丰街道") == task
    for shown in (
        masked(known.get("tasks", task.id), "manager"),
        masked_rows("tasks", known.tables()["tasks"], "manager").to_dict(),
        masked_step(known.steps("tasks", task.id)[-1], "manager"),
    ):
        assert HIDDEN in repr(shown)
        assert PHONE not in repr(shown)
