"""The time windows of a week, from data/reference/windows.toml."""

from dataclasses import dataclass
from datetime import time
from functools import cache

from geo.errors import InputError
from geo.reference import read_list

_FRIDAY = 5


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
        code: Window(
            code=code,
            days=tuple(entry["days"]),
            start=time.fromisoformat(entry["start"]),
            end=time.fromisoformat(entry["end"]),
        )
        for code, entry in read_list("reference/windows").items()
    }


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
