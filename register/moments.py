"""Moments of the past: which event was the last one at a date, at a time, or as it is named.

Events are ordered by their ids; clocks are not that sure. A clock may be put back, a second
computer's may be wrong by years. A moment is therefore the place in the ledger that contradicts
the fewest clocks: the number of transactions before it that say they came later, plus that of
transactions behind it that say they came earlier, is smallest. While no clock was put back that is
simply the last event not later than the moment. Among equal places the latest counts, since people
put a wrong clock right more often than a right one wrong. A later moment is never an earlier place.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from geo.errors import InputError
from register import events
from register.events import Event, stamp
from register.tables import EVENT
from siting.district_time import DISTRICT_TIME, local, today

AsOf = date | datetime | int
"""A day (its end in the district's time), a time (inclusive; in the district's time if it names no
other), or the id of an event (inclusive)."""

_ID = EVENT.c.id + 0
"""The id; SQLite does not see that, and looks at the index of times instead of the long rows."""

_TICK = timedelta(microseconds=1)  # the ledger's resolution


def event_at(connection: Connection, as_of: AsOf) -> Event:
    """Return the last event that had happened at a moment.

    Raises
    ------
    InputError
        The moment is before the register was made or after today, or there is no such event.
    """
    if not isinstance(as_of, date):
        return events.by_id(connection, as_of)
    end = end_of(as_of)
    if end > end_of(today()):
        raise InputError("register_not_yet", moment=as_of)
    found = _place(connection, stamp(end))
    if found == 0:
        raise InputError("register_before_beginning", moment=as_of)
    return events.by_id(connection, found)


def start_of(moment: date) -> datetime:
    """Return the first time of a day in the district's time; a time itself."""
    if isinstance(moment, datetime):
        return local(moment)
    return datetime.combine(moment, time(), DISTRICT_TIME)


def end_of(moment: date) -> datetime:
    """Return the first time that is later than a day, or than a time."""
    lasts = _TICK if isinstance(moment, datetime) else timedelta(days=1)
    return start_of(moment) + lasts


def _place(connection: Connection, end: str) -> int:
    """Return the id of the last event before `end`; 0: there is none."""
    last: int | None = connection.execute(select(func.max(_ID)).where(EVENT.c.at < end)).scalar()
    beyond: int | None = connection.execute(select(func.min(_ID)).where(EVENT.c.at >= end)).scalar()
    if last is None or beyond is None or last < beyond:
        return last or 0
    # One transaction has one time.
    transactions = connection.execute(
        select(EVENT.c.at, func.max(_ID).label("id"))
        .where(_ID.between(beyond, last))
        .group_by(EVENT.c.at)
        .order_by(func.min(_ID))
    )
    place, lead, longest = beyond - 1, 0, 0
    for at, written in transactions:
        lead += 1 if at < end else -1
        if lead >= longest:
            place, longest = written, lead
    return place
