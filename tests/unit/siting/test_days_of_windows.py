"""Windows of several days, judged day by day: cases computed by hand."""

from datetime import date

import pytest

from siting.coverage.cells import Part, hours_by_cell, read_cells
from siting.coverage.levels import Level, Terms
from siting.coverage.points import read_demand
from siting.effective import EffectiveEvaluation, evaluate_effective
from siting.model import Inputs, Parameters
from tests.unit.siting.tables import place, table

MONDAY = date(2026, 11, 16)
NATIONAL_DAY_WEEK = date(2026, 9, 28)  # Monday to Wednesday are worked, the rest is off
ALL_ELSE = {"access": "public", "services": "water;microwave;seat"}


def evaluate(
    when: str, hours: str, *, monday: date = MONDAY, state: str = "open", blank: str = ""
) -> EffectiveEvaluation:
    """Return what one station does for 12 couriers in one window."""
    row = {"id": "p", **place(0, 0), "workers": 12, "group": "courier", "window": when}
    station = {"id": "s", **place(10, 0), "hours": hours, "state": state, **ALL_ELSE}
    if blank:
        station[blank] = ""
    inputs = Inputs(demand=table("demand", [row]), stations=table("stations", [station]))
    return evaluate_effective(inputs, Parameters(), Terms(monday=monday))


def test_who_opens_on_saturday_serves_nobody_on_sunday() -> None:
    found = evaluate("weekend_noon", "Mo-Sa 08:00-20:00")
    total = found.effective.total
    assert (total.nominal, total.verified, total.by_level[Level.CLOSED]) == (12, 6, 6)
    (window,) = found.effective.windows
    assert (window.workers, window.verified) == (12, 6)


def test_what_is_missing_is_sunday() -> None:
    (mend,) = evaluate("weekend_noon", "Mo-Sa 08:00-20:00").mends
    assert (mend.kind, mend.workers, mend.windows) == ("hours", 6, ("weekend_noon",))
    assert mend.weekdays == {"weekend_noon": (7,)}
    (mend,) = evaluate("weekend_noon", "Mo-Fr 08:00-20:00").mends
    assert (mend.workers, mend.weekdays) == (12, {})


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        ("Mo,We 11:00-14:00", 2),
        # An hour a day is a third of noon: never enough, also where Monday makes up for it.
        ("Mo 11:00-14:00; Tu-Fr 11:00-12:00", 1),
        ("Mo-Fr 11:00-12:00", 0),
    ],
)
def test_each_working_day_counts_for_itself(hours: str, days: int) -> None:
    total = evaluate("workday_noon", hours).effective.total
    assert total.verified == pytest.approx(12 * days / 5)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    # Saturday's night runs into Sunday; Sunday's night, into Monday, is shut.
    found = evaluate("weekend_night", "Sa 22:00-24:00; Su 00:00-05:00")
    assert found.effective.total.verified == 6
    assert found.mends[0].weekdays == {"weekend_night": (7,)}


def test_a_holiday_is_a_sunday_of_its_own() -> None:
    # Thursday to Sunday are lived as days off; the door is open on Saturday.
    found = evaluate("weekend_noon", "Sa 10:00-18:00; PH off", monday=NATIONAL_DAY_WEEK)
    assert found.effective.total.verified == 0
    found = evaluate("weekend_noon", "Sa 10:00-18:00", monday=NATIONAL_DAY_WEEK)
    assert found.effective.total.verified == pytest.approx(3)


def test_days_on_which_all_stations_are_open_alike_are_one_part() -> None:
    rows = [
        {"id": "p", **place(0, 0), "workers": 10, "group": "courier", "window": when}
        for when in ("workday_noon", "weekend_noon")
    ]
    frame = table("demand", rows)
    every = (1, 2, 3, 4, 5)
    alike = read_cells(frame, MONDAY, ["Mo-Fr 09:00-17:00", "24/7", ""])
    assert alike.parts == (Part(0, 0, every, 1.0), Part(1, 0, (6, 7), 1.0))
    apart = read_cells(frame, MONDAY, ["Mo-Sa 09:00-17:00"])
    assert apart.parts[1:] == (Part(1, 0, (6,), 0.5), Part(1, 1, (7,), 0.5))
    each = read_cells(frame, MONDAY)
    assert [part.weekdays for part in each.parts] == [(day,) for day in range(1, 8)]
    hours = hours_by_cell(read_demand(frame, Parameters()), each)
    assert hours.tolist() == [[30] * 5 + [30] * 2]


def test_rows_of_one_place_may_be_of_several_units() -> None:
    rows = [
        {"id": name, **place(x, 0), "town": town, "workers": 10, "group": group, "window": when}
        for name, x, group, town, when in (
            ("p", 0, "courier", "甲", "weekend_noon"),
            ("p", 0, "guard", "乙", "weekend_noon"),
            ("p", 0, "guard", "乙", "workday_noon"),
            ("q", 50, "courier", "乙", "weekend_noon"),
        )
    ]
    station = {"id": "s", **place(10, 0), "hours": "Mo-Sa 08:00-20:00", **ALL_ELSE}
    inputs = Inputs(demand=table("demand", rows), stations=table("stations", [station]))
    found = evaluate_effective(inputs, Parameters()).effective
    hours = {row.name: row.verified * found.hours_per_week for row in found.towns}
    # A Saturday noon of 3 hours each; the guard also on five working days.
    assert hours == pytest.approx({"甲": 30, "乙": 30 + 150 + 30})
    assert sum(hours.values()) == pytest.approx(found.total.verified * found.hours_per_week)


def test_without_windows_there_are_no_days() -> None:
    frame = table("demand", [{"id": "p", **place(0, 0), "workers": 10}])
    assert read_cells(frame, MONDAY, ["Sa 10:00-12:00"]).parts == (Part(0, 0, (), 1.0),)


@pytest.mark.parametrize(("state", "kind"), [("suspended", "reopen"), ("planned", "planned")])
def test_a_station_that_could_open_is_a_mend(state: str, kind: str) -> None:
    found = evaluate("workday_noon", "Mo-Fr 08:00-20:00", state=state)
    assert found.effective.total.nominal == 0
    (mend,) = found.mends
    assert (mend.kind, mend.workers, found.site_id(mend)) == (kind, 12, "s")


def test_a_closed_station_is_no_mend() -> None:
    assert evaluate("workday_noon", "24/7", state="closed").mends == ()


def test_what_is_blank_at_a_station_that_could_open_is_supposed_and_said() -> None:
    (mend,) = evaluate("workday_noon", "24/7", state="suspended", blank="access").mends
    assert mend.assumed == ("access",)


def test_who_depended_on_a_blank_record_is_made_sure_and_not_won() -> None:
    row = {"id": "p", **place(0, 0), "workers": 12, "group": "courier", "window": "workday_noon"}
    stations: list[dict[str, object]] = [
        {"id": "blank", **place(10, 0), "hours": "Mo-We 08:00-20:00", "services": "seat"},
        {"id": "shut", **place(20, 0), "hours": "We 08:00-20:00", **ALL_ELSE},
    ]
    found = evaluate_effective(
        Inputs(demand=table("demand", [row]), stations=table("stations", stations)), Parameters()
    )
    # Monday, Tuesday hang on who may enter; Wednesday is sure; Thursday, Friday find no open door.
    parts = [found.effective.total.by_level[n] * 5 / 12 for n in (Level.UNVERIFIED, Level.VERIFIED)]
    assert parts == pytest.approx([2, 1])
    (mend,) = found.mends
    assert [mend.workers, mend.made_sure] == pytest.approx([12 * 2 / 5, 12 * 2 / 5])
    assert mend.weekdays == {"workday_noon": (4, 5)}


@pytest.mark.parametrize(
    ("hours", "verified", "open_door"),
    [
        ("Mo-Sa 12:00-20:00", 6, 4),  # Saturday noon is 11 to 14, and opens at 12
        ("Mo-Su 00:00-24:00", 12, 12),
        ("Mo-Su 11:00-12:00", 0, 0),
        ("", 0, 0),
    ],
)
def test_the_door_is_shut_for_part_of_what_counts_as_covered(
    hours: str, verified: float, open_door: float
) -> None:
    found = evaluate("weekend_noon", hours)
    assert found.effective.total.verified == pytest.approx(verified)
    assert found.service.at_open_door == pytest.approx(open_door)
    assert found.as_dict()["verified_at_open_door"] == open_door


def test_of_several_doors_the_one_open_longest_counts() -> None:
    row = {"id": "p", **place(0, 0), "workers": 12, "group": "courier", "window": "workday_noon"}
    stations = [
        {"id": f"s{n}", **place(10, 0), "hours": hours, **ALL_ELSE}
        for n, hours in enumerate(("Mo-Fr 11:00-13:00", "Mo-Fr 11:30-14:00", "Mo 10:00-15:00"))
    ]
    # The last is open throughout, but it admits nobody but patients.
    stations[2]["access"] = "patients"
    inputs = Inputs(demand=table("demand", [row]), stations=table("stations", stations))
    found = evaluate_effective(inputs, Parameters())
    assert found.service.at_open_door == pytest.approx(12 * 2.5 / 3)


def test_where_no_time_is_named_every_door_is_open() -> None:
    rows = [{"id": "p", **place(0, 0), "workers": 12, "group": "courier"}]
    station = {"id": "s", **place(10, 0), "hours": "Sa 10:00-12:00", **ALL_ELSE}
    inputs = Inputs(demand=table("demand", rows), stations=table("stations", [station]))
    assert evaluate_effective(inputs, Parameters()).service.at_open_door == 12
