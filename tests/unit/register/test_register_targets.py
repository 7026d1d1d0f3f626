"""Targets against stations, the seven haves and hazards: computed, never stored."""

from datetime import date

import pandas as pd
import pytest

from register import Register
from register.checks import hazards, latest_haves, seven_met
from register.reporting import Taken, changes_since, last_report, note_report, reports_taken
from register.targets import Progress, opened_by_month, progress
from siting.model import LayerSource

UNIT, OTHER = "兴丰街道", "清源街道"
TODAY = date(2026, 11, 20)
ITEMS = ("place", "sign", "facilities", "publicity", "service", "rules", "results")


def station(register: Register, town: str, opened_on: str, state: str = "open") -> str:
    values = {"lon": 116.3, "lat": 39.7, "town": town, "opened_on": opened_on, "state": state}
    return register.add("stations", values, who="张三").id


def check(register: Register, where: str, item: str, day: str, met: bool | None) -> None:  # noqa: FBT001 -- as the record has it
    values = {"station": where, "item": item, "date": day, "met": met}
    register.add("haves", values, who="张三")


@pytest.fixture
def units(district: Register) -> Register:
    for unit in (OTHER, UNIT):
        district.add("units", {"name": unit}, who="张三")
    return district


def of(register: Register, unit: str, today: date = TODAY) -> Progress:
    return next(p for p in progress(register, 2026, today=today) if p.unit == unit)


def test_built_are_the_stations_that_opened_in_the_year(units: Register) -> None:
    units.add("targets", {"unit": UNIT, "year": 2026, "target": 5, "due": "2026-10-31"}, who="张三")
    units.add("targets", {"unit": UNIT, "year": 2025, "target": 9}, who="张三")
    for opened_on in ("2026-01-01", "2026-11-20", "2025-12-31", "2026-11-21", ""):
        station(units, UNIT, opened_on)
    station(units, UNIT, "2026-03-01", state="closed")  # was built all the same
    station(units, UNIT, "2026-03-02", state="planned")
    removed = station(units, UNIT, "2026-03-03")
    units.remove("stations", removed, version=1, who="张三")
    assert of(units, UNIT) == Progress(
        UNIT, target=5, due=date(2026, 10, 31), built=3, overdue=2, open_now=5, undated=1
    )


def test_what_had_opened_by_the_end_of_each_month(units: Register) -> None:
    for opened_on in ("2026-01-31", "2026-03-01", "2026-03-31", "2025-12-31", "2026-11-21", ""):
        station(units, UNIT, opened_on)
    assert opened_by_month(units, 2026, today=date(2026, 4, 2)) == (1, 1, 3, 3)
    assert opened_by_month(units, 2026, today=TODAY)[-1] == 3
    assert opened_by_month(units, 2025, today=TODAY) == (*[0] * 11, 1)


def test_the_last_report_is_kept_with_what_was_changed_since(units: Register) -> None:
    assert last_report(units) is None
    first = station(units, UNIT, "2026-01-01")
    note_report(units, {"effective": 0.25, "stations": 1}, made_on=TODAY, who="王某")
    noted = last_report(units)
    assert noted is not None
    assert (noted.made_on, noted.who, noted.figures["effective"]) == (TODAY, "王某", 0.25)
    assert changes_since(units, noted) == {}
    for seats in (3, 4):
        units.update("stations", first, {"seats": seats}, version=seats - 2, who="李某")
    station(units, OTHER, "")
    units.add("targets", {"unit": UNIT, "year": 2026, "target": 5}, who="李某")
    assert changes_since(units, noted) == {"stations": 2, "targets": 1}
    note_report(units, {"effective": 0.5}, made_on=TODAY, who="王某")
    later = last_report(units)
    assert later is not None
    assert later.figures == {"effective": 0.5}
    assert changes_since(units, later) == {}


def test_a_second_report_of_one_day_leaves_the_day_before_to_compare_to(units: Register) -> None:
    days = (date(2025, 1, 2), date(2026, 1, 2), TODAY, TODAY)
    for number, day in enumerate(days):
        note_report(units, {"stations": number}, made_on=day, who="王某")
    last, before = last_report(units), last_report(units, today=TODAY)
    assert last is not None
    assert before is not None
    assert (last.figures["stations"], before.figures["stations"]) == (3, 1)
    assert before.made_on == days[1]
    tomorrow = last_report(units, today=date(2030, 1, 1))
    assert tomorrow == last


def test_a_station_whose_state_nobody_filled_in_is_open_as_in_coverage(units: Register) -> None:
    station(units, UNIT, "", state="")
    station(units, UNIT, "2026-03-01", state="suspended")
    found = of(units, UNIT)
    assert (found.built, found.open_now, found.undated) == (1, 1, 1)


def test_a_target_is_overdue_after_its_day_only(units: Register) -> None:
    units.add("targets", {"unit": UNIT, "year": 2026, "target": 5, "due": TODAY}, who="张三")
    assert of(units, UNIT).overdue == 0
    assert of(units, UNIT, date(2026, 11, 21)).overdue == 5


def test_every_unit_has_a_row_in_the_order_of_the_list(units: Register) -> None:
    station(units, "采育镇", "2026-05-01")
    station(units, "", "2026-05-01")
    assert [p.unit for p in progress(units, 2026, today=TODAY)] == [OTHER, UNIT, "", "采育镇"]
    blank = Progress(OTHER, target=None, due=None, built=0, overdue=0, open_now=0, undated=0)
    assert of(units, OTHER) == blank


def test_the_latest_check_of_an_item_counts_and_blank_decides_nothing(units: Register) -> None:
    here = station(units, UNIT, "2026-01-01")
    for day, met in (("2026-06-01", False), ("2026-03-01", True), ("2026-07-01", None)):
        check(units, here, "sign", day, met)
    found = latest_haves(units)[here]
    assert (found["sign"].met, found["sign"].date) == (False, date(2026, 6, 1))
    assert seven_met(found) is False


def test_all_seven_are_met_when_each_is_known_to_be(units: Register) -> None:
    here = station(units, UNIT, "2026-01-01")
    assert seven_met({}) is None
    for item in ITEMS[:-1]:
        check(units, here, item, "2026-08-01", met=True)
    assert seven_met(latest_haves(units)[here]) is None
    check(units, here, ITEMS[-1], "2026-08-01", met=False)
    assert seven_met(latest_haves(units)[here]) is False
    check(units, here, ITEMS[-1], "2026-08-02", met=True)
    assert seven_met(latest_haves(units)[here]) is True


def test_hazards_stay_until_they_are_closed(units: Register, survey: LayerSource) -> None:
    rows = pd.DataFrame(
        {
            "station": ["S1"] * 4,
            "date": ["2026-10-01"] * 4,
            "hazard": ["插线板老化", "灭火器过期", "", "通道堵塞"],
            "deadline": ["2026-11-20", "2026-11-19", "", ""],
            "supervised": ["是", "否", "", None],
        }
    )
    units.put_records("inspections", rows, survey, who="张三")
    found = hazards(units)
    assert [(h.hazard, h.overdue(TODAY), h.supervised) for h in found] == [
        ("灭火器过期", True, False),
        ("插线板老化", False, True),
        ("通道堵塞", False, None),
    ]
    units.update("inspections", found[0].id, {"closed_on": TODAY}, version=1, who="李四")
    assert [h.hazard for h in hazards(units)] == ["插线板老化", "通道堵塞"]
    (closed,) = [h for h in hazards(units, closed=True) if h.closed_on]
    assert not closed.overdue(date(2027, 1, 1))


def test_reports_are_listed_newest_first_with_their_replay_files(units: Register) -> None:
    assert reports_taken(units) == ()
    note_report(units, {"stations": 1}, made_on=date(2025, 1, 2), who="王某")
    taken = Taken(scenario="ab", plan=3, formats=("docx", "json"), replay=b'{"a": 1}')
    note_report(units, {"stations": 2}, made_on=TODAY, who="李某", taken=taken)
    latest, first = reports_taken(units)
    assert (latest.scenario, latest.plan, latest.formats) == ("ab", 3, ("docx", "json"))
    assert latest.replay == b'{"a": 1}'
    assert (first.who, first.replay, first.scenario) == ("王某", None, "")
    assert reports_taken(units, limit=1) == (latest,)
    last = units.events(limit=1, since=latest.revision)[0]
    units.undo(last.id, who="王某")
    assert reports_taken(units) == (first,)
