from datetime import date, datetime

import pytest

from siting.calendar import (
    is_holiday,
    is_make_up_day,
    known_year,
    pattern_day,
    reference_day,
)
from siting.hours import is_open, open_share
from siting.windows import window

OFFICE = "Mo-Fr 08:30-18:00; PH off"
NATIONAL_DAY = date(2026, 10, 1)  # a Thursday; off until Wednesday 7
MAKE_UP_SATURDAY = date(2026, 10, 10)
MAKE_UP_SUNDAY = date(2026, 9, 20)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - local time


def test_the_national_day_week_of_2026_is_known() -> None:
    assert known_year(2026)
    assert is_holiday(NATIONAL_DAY)
    assert is_make_up_day(MAKE_UP_SATURDAY)
    assert is_make_up_day(MAKE_UP_SUNDAY)
    assert pattern_day(NATIONAL_DAY) == 7
    assert pattern_day(MAKE_UP_SATURDAY) == 5


def test_a_make_up_day_next_to_a_holiday_takes_an_ordinary_day() -> None:
    # Saturday 28 January 2023 was worked; Friday 27 was the last day of Spring Festival.
    assert reference_day(date(2023, 1, 28)) == date(2023, 1, 30)


@pytest.mark.parametrize(
    ("text", "when", "expected"),
    [
        (OFFICE, at(NATIONAL_DAY, 10), False),
        ("Mo-Fr 08:30-18:00", at(NATIONAL_DAY, 10), True),
        (OFFICE, at(date(2026, 10, 8), 10), True),
        (OFFICE, at(MAKE_UP_SATURDAY, 10), True),
        (OFFICE, at(date(2026, 10, 17), 10), False),
        ("PH,Su 10:00-12:00", at(NATIONAL_DAY, 11), True),
        ("PH,Su 10:00-12:00", at(date(2026, 10, 8), 11), False),
        ("PH 10:00-12:00", at(date(2026, 8, 3), 11), False),
        ("Mo-Su,PH 22:00-05:00", at(date(2026, 10, 2), 3), True),
        ("24/7", at(NATIONAL_DAY, 3), True),
        ("08:30-12:00,14:30-18:00", at(date(2026, 3, 2), 13), False),
    ],
)
def test_hours_on_a_day(text: str, when: datetime, *, expected: bool) -> None:
    assert is_open(text, when) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "每天都开",
        "Mo-Fr 08:00-18:00; SH off",
        "PH -1 day off",
        "sunrise-sunset",
        "Mo-Fr 10:00-12:00 || PH off",
        "Mo-Fr 10:00-12:00, PH,Sa 10:00-11:00",
    ],
)
def test_what_cannot_be_known_is_unverified(text: str) -> None:
    assert is_open(text, at(NATIONAL_DAY, 10)) is None
    assert open_share(text, window("workday_noon"), date(2026, 9, 28)) is None


def test_a_year_without_notices_has_plain_weekdays() -> None:
    year = 2035
    assert not known_year(year)
    assert is_open(OFFICE, at(date(year, 10, 1), 10)) is True
    assert open_share(OFFICE, window("workday_morning"), date(year, 10, 1)) == pytest.approx(
        2.5 / 3
    )


def test_workday_windows_of_a_holiday_week_are_the_days_worked() -> None:
    # Monday 28 to Wednesday 30 September are worked: 3 occurrences, all open from 8:30.
    assert open_share(OFFICE, window("workday_morning"), date(2026, 9, 28)) == pytest.approx(
        2.5 / 3
    )
    # The four days off are lived as Sundays, and the office is shut.
    assert open_share(OFFICE, window("weekend_morning"), date(2026, 9, 28)) == 0


def test_a_week_off_has_no_workday_windows() -> None:
    # 16 to 22 February 2026 are all off.
    assert open_share(OFFICE, window("workday_noon"), date(2026, 2, 16)) is None


def test_a_night_is_shared_by_two_days() -> None:
    # 22:00-05:00 is 7 hours; open until 24:00 only.
    share = open_share("Mo-Su 06:00-24:00", window("workday_night"), date(2026, 3, 2))
    assert share == pytest.approx(2 / 7)
    assert open_share("24/7", window("workday_night"), date(2026, 3, 2)) == pytest.approx(1)
