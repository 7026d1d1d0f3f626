"""Days and times as a district's people have them, wherever the computer stands.

A server's clock often runs on UTC: its day begins at eight in the morning. Every day that is
stored, counted or printed, and every time that is shown, is of the district's time.
"""

from datetime import UTC, date, datetime, timedelta, timezone

DISTRICT_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Days begin and end by this time; China has no summer time."""


def now() -> datetime:
    """Return the present moment in the district's time."""
    return datetime.now(UTC).astimezone(DISTRICT_TIME)


def today() -> date:
    """Return the district's calendar day."""
    return now().date()


def local(when: datetime) -> datetime:
    """Return a time in the district's time; one that names no zone is in it already."""
    if when.tzinfo is None:
        return when.replace(tzinfo=DISTRICT_TIME)
    return when.astimezone(DISTRICT_TIME)


def to_the_minute(when: datetime) -> str:
    """Return a time as people read it: the day and the minute in the district's time."""
    return f"{local(when):%Y-%m-%d %H:%M}"
