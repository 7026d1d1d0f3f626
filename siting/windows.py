"""The time windows of a week, from data/reference/windows.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Any

from geo.errors import InputError
from geo.reference import read_list

_FRIDAY = 5
_DAYS = frozenset(range(1, 8))


@dataclass(frozen=True)
class Window:
    """One time window of a week.

    Attributes
    ----------
    code
        As written in the demand table.
    days
        1 = Monday .. 7 = Sunday.
    start, end
        Local time; an `end` at or before `start` runs past midnight.
    """

    code: str
    days: tuple[int, ...]
    start: time
    end: time

    @property
    def hours_per_day(self) -> float:
        """Length of one occurrence, hours (0, 24]."""
        minutes = _minutes(self.end) - _minutes(self.start)
        return (minutes if minutes > 0 else minutes + 24 * 60) / 60

    @property
    def hours_per_week(self) -> float:
        """Length of all occurrences in an ordinary week, hours."""
        return self.hours_per_day * len(self.days)

    @property
    def workdays(self) -> bool:
        """Whether the window lies on Monday to Friday only."""
        return max(self.days) <= _FRIDAY


@cache
def windows() -> dict[str, Window]:
    """Return every window by its code, in the order of the list."""
    return {
        code: read_window(code, entry) for code, entry in read_list("reference/windows").items()
    }


def read_window(code: str, entry: Mapping[str, Any]) -> Window:
    """Return a window as the list states it.

    Raises
    ------
    InputError
        Its days are not some of 1 to 7, each once, or a time is none of a day; 24:00 is midnight.
    """
    days = tuple(entry.get("days", ()))
    if not days or len(set(days)) < len(days) or not set(days) <= _DAYS:
        raise InputError("siting_window_days", window=code, days=list(days))
    clock = {name: str(entry.get(name, "")) for name in ("start", "end")}
    try:
        start, end = (time.fromisoformat("00:00" if c == "24:00" else c) for c in clock.values())
    except ValueError:
        raise InputError("siting_window_times", window=code, **clock) from None
    return Window(code, days, start, end)


def window(code: str) -> Window:
    """Return the window `code`.

    Raises
    ------
    InputError
        The list has no such window.
    """
    known = windows()
    if code not in known:
        raise InputError("siting_unknown_window", window=code, known="、".join(known))
    return known[code]


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
