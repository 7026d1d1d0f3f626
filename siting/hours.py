"""Opening hours in OpenStreetMap's syntax, read with Chinese holidays and make-up days.

- `PH` in the text is every day off of the State Council's notice. A text that does not name `PH`
  holds on holidays as written: that is the syntax's own rule.
- A make-up working day (a Saturday or Sunday that is worked) has the hours of the nearest ordinary
  working day: who opens Monday to Friday opens on it.
- School holidays, days counted from a holiday (`PH -1 day`) and sun times depend on what is not
  known here: such a text is unverified, like a blank one and one that cannot be parsed.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State, validate

from siting.calendar import holidays_between, pattern_day, reference_day
from siting.windows import Window

DAYS_PER_WEEK = 7
_DAY = timedelta(days=1)
# Written out here because strftime follows the machine's language.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNKNOWABLE = re.compile(
    r"\bSH\b|\bPH\s*[+-]\s*\d|sunrise|sunset|dawn|dusk|\bPH\s*\[", re.IGNORECASE
)
_HOLIDAY = re.compile(r"\bPH\b")
# The selector of weekdays and holidays at the head of a rule: "Mo-Fr", "PH", "Sa,Su,PH", "PH,Mo".
_DAYS = r"(?:PH|(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?)"
_HEAD = re.compile(rf"^(?P<days>{_DAYS}(?:\s*,\s*{_DAYS})*)(?P<rest>\s.*|)$")
# Either side of a day, in which its holidays are written out as dates.
_MARGIN_DAYS = 31


def is_open(hours_text: str, when: datetime) -> bool | None:
    """Tell whether a place with these hours is open at `when` (local time); None: unverified."""
    day = reference_day(when.date())
    parsed = _parsed(hours_text, day)
    if parsed is None:
        return None
    return bool(parsed.is_open(datetime.combine(day, when.time())))


def lived_days(window: Window, week_start: date) -> tuple[date, ...]:
    """Return the days of one week on which a window begins, in their order.

    Its weekdays are lived days: a make-up day belongs to the windows of working days, a holiday to
    those of Sundays. Hours past midnight belong to the day on which the window begins.
    """
    days = (week_start + step * _DAY for step in range(DAYS_PER_WEEK))
    return tuple(day for day in days if pattern_day(day) in window.days)


@lru_cache(maxsize=65536)
def open_shares(hours_text: str, window: Window, week_start: date) -> tuple[float | None, ...]:
    """Return the share (0..1) of a window's hours in which a place is open, day by day.

    Parameters
    ----------
    hours_text
        OSM `opening_hours`.
    week_start
        The first of seven days.

    Returns
    -------
    tuple of float or None
        One per day of `lived_days`; None: the hours of that day are unverified.
    """
    found = (_open_hours(hours_text, window, day) for day in lived_days(window, week_start))
    return tuple(None if hours is None else hours / window.hours_per_day for hours in found)


def open_share(hours_text: str, window: Window, week_start: date) -> float | None:
    """Return the share (0..1) of a window's hours in one week in which a place is open.

    Parameters
    ----------
    hours_text, window, week_start
        As for `open_shares`.

    Returns
    -------
    float or None
        The mean of its days; None: the hours are unverified, or the window does not occur in that
        week.
    """
    known = [share for share in open_shares(hours_text, window, week_start) if share is not None]
    return sum(known) / len(known) if known else None


def _open_hours(hours_text: str, window: Window, day: date) -> float | None:
    """Return the hours of one occurrence of a window in which a place is open; None: unverified."""
    start = datetime.combine(day, window.start)
    end = start + timedelta(hours=window.hours_per_day)
    midnight = datetime.combine(day + _DAY, time())
    parts = [(start, min(end, midnight)), (midnight, end)]
    opened = [_open_between(hours_text, *part) for part in parts if part[0] < part[1]]
    known = [hours for hours in opened if hours is not None]
    return sum(known) if len(known) == len(opened) else None


def _open_between(hours_text: str, start: datetime, end: datetime) -> float | None:
    """Return open hours between two times of one calendar day."""
    day = reference_day(start.date())
    parsed = _parsed(hours_text, day)
    if parsed is None:
        return None
    shift = day - start.date()
    seconds = sum(
        (until - since).total_seconds()
        for since, until, state, _ in parsed.intervals(start + shift, end + shift)
        if state == State.OPEN
    )
    return seconds / 3600


def _parsed(hours_text: str, day: date) -> OpeningHours | None:
    year_month = date(day.year, day.month, 1)
    return _parse(hours_text.strip(), year_month)


@lru_cache(maxsize=4096)
def _parse(text: str, month: date) -> OpeningHours | None:
    """Return the hours with holidays around `month` written out; None: they cannot be known."""
    if not text or _UNKNOWABLE.search(text):
        return None
    spelled = _spelled(text, month) if _HOLIDAY.search(text) else text
    if spelled is None or not validate(spelled):
        return None
    return OpeningHours(spelled)


def _spelled(text: str, month: date) -> str | None:
    """Return the text with `PH` written out as dates; None where it stands in an unknown way."""
    if "||" in text:
        return None
    near = holidays_between(
        month - timedelta(days=_MARGIN_DAYS), month + timedelta(days=2 * _MARGIN_DAYS)
    )
    rules: list[str] = []
    for rule in filter(None, (part.strip() for part in text.split(";"))):
        spelled = _spelled_rule(rule, near)
        if spelled is None:
            return None
        rules += spelled
    # Without any rule left nothing is ever open: "PH 10:00-12:00" in months without holidays.
    return "; ".join(rules) or "off"


def _spelled_rule(rule: str, near: tuple[date, ...]) -> list[str] | None:
    if not _HOLIDAY.search(rule):
        return [rule]
    head = _HEAD.match(rule)
    if head is None or _HOLIDAY.search(head["rest"]):
        return None
    weekdays = [item for item in re.split(r"\s*,\s*", head["days"]) if item != "PH"]
    ordinary = [",".join(weekdays) + head["rest"]] if weekdays else []
    dates = ",".join(f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d}" for day in near)
    return [*ordinary, *([dates + (head["rest"] or " 00:00-24:00")] if near else [])]
