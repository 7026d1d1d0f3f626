"""Heat and cold: how much shorter workers can walk, and which hours weigh more.

Settings of a scenario, in data/reference/weeks.toml beside the week of each season; our assumption
throughout. Mild weather changes nothing.
"""

from dataclasses import dataclass
from datetime import time

from geo.errors import InputError
from geo.reference import read_list
from siting.windows import window

_DAY_MINUTES = 24 * 60
_MOST_WEIGHT = 100.0


@dataclass(frozen=True)
class HourWeight:
    """Hours of the day that weigh more, or less.

    Attributes
    ----------
    start, end
        Local time; an `end` at or before `start` runs past midnight.
    weight
        Of a worker-hour then; 1 is as always.
    """

    start: time
    end: time
    weight: float

    def minutes_within(self, start: int, length: int) -> int:
        """Return how many of the `length` minutes from minute `start` of a day it is these hours.

        Both may run into the next day.
        """
        low = _minutes(self.start)
        span = (_minutes(self.end) - low) % _DAY_MINUTES or _DAY_MINUTES
        days = (low + shift * _DAY_MINUTES for shift in (-1, 0, 1))
        return sum(max(0, min(start + length, day + span) - max(start, day)) for day in days)


@dataclass(frozen=True)
class Weather:
    """What the weather of a season does.

    Attributes
    ----------
    reach_share
        Share (0..1] of every distance or time that workers still cover.
    hours
        Hours that weigh otherwise; they do not overlap.
    """

    reach_share: float = 1.0
    hours: tuple[HourWeight, ...] = ()

    def __post_init__(self) -> None:
        """Check the figures.

        Raises
        ------
        InputError
            The share is not in (0, 1], or a weight not above 0 and at most 100.
        """
        wrong = [item.weight for item in self.hours if not 0 < item.weight <= _MOST_WEIGHT]
        if wrong or not 0 < self.reach_share <= 1:
            raise InputError("siting_weather", figure=wrong[0] if wrong else self.reach_share)

    @property
    def mild(self) -> bool:
        """Whether it changes nothing."""
        return self == MILD

    def window_weight(self, code: str) -> float:
        """Return the mean weight of the hours of a window; 1 for "", any time."""
        if not code or not self.hours:
            return 1.0
        when = window(code)
        length = round(when.hours_per_day * 60)
        start = _minutes(when.start)
        more = sum(item.minutes_within(start, length) * (item.weight - 1.0) for item in self.hours)
        return 1.0 + more / length

    def window_hours(self, code: str) -> float:
        """Return the weighted hours a week of a window; 1 for "", any time."""
        return window(code).hours_per_week * self.window_weight(code) if code else 1.0

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "reach_share": self.reach_share,
            "hours": [
                {
                    "start": item.start.isoformat("minutes"),
                    "end": item.end.isoformat("minutes"),
                    "weight": item.weight,
                }
                for item in self.hours
            ],
        }


MILD = Weather()


def weather_of(season: str) -> Weather:
    """Return the weather of a season, from data/reference/weeks.toml.

    Raises
    ------
    InputError
        The list has no such season, or a figure that makes no sense.
    """
    known = read_list("reference/weeks")
    if season not in known:
        raise InputError("siting_unknown_season", season=season, known="、".join(known))
    entry = known[season]
    return Weather(
        reach_share=float(entry.get("reach_share", 1.0)),
        hours=tuple(
            HourWeight(
                time.fromisoformat(item["start"]),
                time.fromisoformat(item["end"]),
                float(item["weight"]),
            )
            for item in entry.get("hours", ())
        ),
    )


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
