"""A year's work from a few rows: what was built, spent, checked, and what nobody told."""

import json
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.tables import DTYPES, columns
from siting.model import Inputs, Parameters
from siting.progress import LastReport, OpenHazard, Part, Tasks, YearWork, year_work
from siting.progress.year import REGISTERED

UNTIL = date(2026, 11, 20)
EAST = 0.0117  # degrees of longitude in a kilometre


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as a frame with every column of its table."""
    made = {}
    for column in columns(name):
        blank: object = "" if column.words else (np.nan if column.type == "number" else pd.NA)
        made[column.name] = pd.Series(
            [row.get(column.name, blank) for row in rows], dtype=DTYPES[column.type]
        )
    return pd.DataFrame(made)


STATIONS = [
    {"id": "a", "kind": "mobile", "town": "甲镇", "sector": "东片", "opened_on": "2026-03-01"},
    {"id": "b", "kind": "mobile", "town": "甲镇", "opened_on": "2025-03-01", "state": "open"},
    {"id": "c", "kind": "", "town": "乙街道", "sector": "东片"},
    {"id": "d", "kind": "enterprise", "town": "乙街道", "state": "planned"},
]
MONEY = {"a": (2000, "2026-02-01"), "b": (5000, ""), "d": (900, "2026-12-01")}


def inputs() -> Inputs:
    stations = [
        {
            **row,
            "lon": 116.4 + EAST * place,
            "lat": 39.7,
            "invested_yuan": MONEY.get(row["id"], (pd.NA, ""))[0],
            "invested_on": MONEY.get(row["id"], (pd.NA, ""))[1],
        }
        for place, row in enumerate(STATIONS)
    ]
    firms = [
        {"id": "e1", "name": "近处大厂", "lon": 116.401, "lat": 39.7, "workers": 100},
        {"id": "e2", "name": "远处大厂", "lon": 116.6, "lat": 39.7, "workers": 300},
        {"id": "e3", "name": "远处小厂", "lon": 116.6, "lat": 39.7, "workers": 99},
    ]
    hosts = [
        {"id": "h1", "name": "远处医院", "lon": 116.7, "lat": 39.7, "host_type": "hospital"},
        {"id": "h2", "name": "远处银行", "lon": 116.7, "lat": 39.7, "host_type": "bank"},
    ]
    point = {"id": "p", "lon": 116.4, "lat": 39.7, "workers": 50.0}
    return Inputs(
        demand=table("demand", [point]),
        stations=table("stations", stations),
        enterprises=table("enterprises", firms),
        hosts=table("hosts", hosts),
    )


def registered() -> dict[str, pd.DataFrame]:
    haves = [
        {"station": "a", "item": "place", "date": "2026-01-01", "met": True},
        {"station": "a", "item": "sign", "date": "2026-01-01", "met": False},
    ]
    inspections: list[dict[str, Any]] = [
        {"id": "i1", "station": "a", "date": "2026-01-05", "hazard": ""},
        {"id": "i2", "station": "b", "date": "2026-02-05", "hazard": "插座破损"},
        {
            "id": "i3",
            "station": "a",
            "date": "2025-02-05",
            "hazard": "灭火器过期",
            "deadline": "2026-11-19",
            "supervised": True,
        },
        {
            "id": "i4",
            "station": "a",
            "date": "2026-02-05",
            "hazard": "门坏",
            "closed_on": "2026-03-01",
        },
    ]
    tasks = [
        {"task_state": "asked", "due": "2026-11-19"},
        {"task_state": "claimed", "due": "2026-11-20"},
        {"task_state": "accepted", "due": "2026-01-01"},
        {"task_state": "withdrawn", "due": ""},
    ]
    given: dict[str, list[dict[str, Any]]] = {
        "units": [{"name": "甲镇"}, {"name": "的士职工之家"}],
        "targets": [{"unit": "甲镇", "year": 2026, "target": 3, "due": "2026-11-19"}],
        "haves": haves,
        "inspections": inspections,
        "tasks": tasks,
    }
    return {name: table(name, given[name]) for name in REGISTERED}


@pytest.fixture(scope="module")
def work() -> YearWork:
    last = LastReport(date(2026, 6, 30), {"stations": 2.0}, {"stations": 1})
    return year_work(inputs(), Parameters(), registered(), until=UNTIL, last=last)


def test_units_come_from_the_list_then_from_stations(work: YearWork) -> None:
    told = [(u.unit, u.target, u.built, u.overdue, u.open_now, u.undated) for u in work.units]
    assert told == [
        ("甲镇", 3, 1, 2, 2, 0),
        ("的士职工之家", None, 0, 0, 0, 0),
        ("乙街道", None, 0, 0, 1, 1),
    ]
    assert (work.built, work.target, work.overdue, work.open_now) == (1, 3, 2, 3)
    assert work.months == (0, 0, *[1] * 9)


def test_parts_add_up_to_all_and_the_nameless_stand_last(work: YearWork) -> None:
    assert work.kinds == (Part("mobile", 1, 2), Part("", 0, 1))
    assert work.sectors == (Part("东片", 1, 2), Part("", 0, 1))
    for parts in (work.kinds, work.areas, work.sectors):
        assert sum(part.open_now for part in parts) == work.open_now
        assert sum(part.built for part in parts) == work.built


def test_money_counts_up_to_the_day(work: YearWork) -> None:
    assert (work.money.year_yuan, work.money.total_yuan) == (2000, 7000)
    assert (work.money.told, work.money.blank, work.money.undated_yuan) == (2, 1, 5000)


def test_key_places_without_a_station_are_named(work: YearWork) -> None:
    assert work.key_places is not None
    assert work.key_places.known == 3
    assert [place.id for place in work.key_places.unreached] == ["e2", "h1"]


def test_checks_and_tasks_are_counted(work: YearWork) -> None:
    assert work.haves is not None
    assert [item.standing for item in work.haves] == ["fails", "unverified", "unverified"]
    assert work.hazards is not None
    assert (work.hazards.inspections, work.hazards.closed, work.hazards.overdue) == (3, 1, 1)
    assert work.hazards.open[0] == OpenHazard(
        "a", "灭火器过期", date(2026, 11, 19), supervised=True, overdue=True
    )
    assert work.tasks == Tasks(open=2, overdue=1, done=1)


def test_it_can_be_written_and_read_again(work: YearWork) -> None:
    alone = year_work(inputs(), Parameters(), until=UNTIL)
    for found in (work, alone):
        assert YearWork.from_dict(json.loads(json.dumps(found.as_dict()))) == found


def test_what_only_a_register_knows_is_unknown_without_one() -> None:
    alone = year_work(inputs(), Parameters(), until=UNTIL)
    assert (alone.target, alone.haves, alone.hazards, alone.tasks) == (None,) * 4
    assert alone.built == 1


def test_nobody_knows_what_was_built_where_no_station_has_a_day() -> None:
    given = inputs()
    given.stations["opened_on"] = ""
    alone = year_work(given, Parameters(), until=UNTIL)
    assert (alone.built, alone.undated, alone.open_now) == (None, 3, 3)
