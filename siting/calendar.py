"""Chinese public holidays and make-up working days (调休), from the State Council's notices.

A year that the notices at hand do not cover has plain weekdays: no holidays, no make-up days.
`known_year` tells, and whoever shows such a week says so.
"""

from datetime import date, timedelta
from functools import cache

from chinese_calendar.constants import holidays, workdays

_FRIDAY = 5
_SUNDAY = 7
_YEARS = frozenset(day.year for day in holidays)


def known_year(year: int) -> bool:
    """Tell whether holidays and make-up days of `year` are known."""
    return year in _YEARS


def is_holiday(day: date) -> bool:
    """Tell whether `day` is off by the notice, days moved there by 调休 included."""
    return day in holidays


def is_make_up_day(day: date) -> bool:
    """Tell whether `day` is a Saturday or Sunday that is worked."""
    return day in workdays and day.isoweekday() > _FRIDAY


def pattern_day(day: date) -> int:
    """Return the weekday (1..7) that `day` is lived as.

    A holiday on a working weekday is lived as a Sunday, a make-up day as the weekday of
    `reference_day`; every other day as itself.
    """
    if is_make_up_day(day):
        return reference_day(day).isoweekday()
    if is_holiday(day) and day.isoweekday() <= _FRIDAY:
        return _SUNDAY
    return day.isoweekday()


def reference_day(day: date) -> date:
    """Return the nearest ordinary working day of a make-up day, the earlier of two; else `day`.

    Its opening hours are those of the make-up day: offices that open Monday to Friday open on it.
    """
    if not is_make_up_day(day):
        return day
    near = (day + timedelta(days=sign * step) for step in range(1, 15) for sign in (-1, 1))
    return next(other for other in near if _ordinary_working_day(other))


@cache
def holidays_between(first: date, last: date) -> tuple[date, ...]:
    """Return the days off from `first` to `last`, both included."""
    return tuple(sorted(day for day in holidays if first <= day <= last))


def _ordinary_working_day(day: date) -> bool:
    return day.isoweekday() <= _FRIDAY and not is_holiday(day)
