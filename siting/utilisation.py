"""How stations are used, where visits are recorded: idle, duplicate and overloaded ones.

The limits are in data/reference/utilisation.toml, all of them our assumption.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd

from geo.reference import read_list
from siting.coverage.alone import served_alone
from siting.coverage.levels import Level
from siting.coverage.mends import worker_hours_at
from siting.results import plain
from siting.service import Service

Flag = Literal["idle", "duplicate", "overloaded"]


@dataclass(frozen=True)
class UseLimits:
    """When a station is called what; see the file."""

    idle_below: float
    overloaded_from: float
    duplicate_below: float
    least_days: int


@dataclass(frozen=True)
class StationUse:
    """How one station that counts is used.

    Attributes
    ----------
    station
        Its id.
    days
        Days with a record of visits, also of none.
    visits_per_day
        Mean over those days; None without a record.
    to_median
        The same / the district's median; None without a record or where the median is 0.
    visits_per_seat
        Per day; None without a record or a number of seats.
    served, alone
        Average present workers whom it effectively covers, and those whom no other does.
    flags
        `idle`, `duplicate`, `overloaded`.
    """

    station: str
    days: int
    visits_per_day: float | None
    to_median: float | None
    visits_per_seat: float | None
    served: float
    alone: float
    flags: tuple[Flag, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        figures = {
            name: None if value is None else plain(value)
            for name, value in (
                ("visits_per_day", self.visits_per_day),
                ("to_median", self.to_median),
                ("visits_per_seat", self.visits_per_seat),
                ("served", self.served),
                ("alone", self.alone),
            )
        }
        return {"id": self.station, "days": self.days, **figures, "flags": list(self.flags)}


@dataclass(frozen=True)
class Utilisation:
    """How the stations that count are used, in the order of the table.

    Attributes
    ----------
    median_per_day
        Median of the means of the stations with records; None without any.
    unknown
        Station ids that visits name and the table lacks or that do not count.
    """

    limits: UseLimits
    median_per_day: float | None
    stations: tuple[StationUse, ...]
    unknown: tuple[str, ...]

    def flagged(self, flag: Flag) -> tuple[StationUse, ...]:
        """Return the stations with one flag."""
        return tuple(item for item in self.stations if flag in item.flags)

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        median = self.median_per_day
        return {
            "limits": asdict(self.limits),
            "median_visits_per_day": None if median is None else plain(median),
            "stations_recorded": sum(item.days > 0 for item in self.stations),
            "idle": [item.station for item in self.flagged("idle")],
            "duplicate": [item.station for item in self.flagged("duplicate")],
            "overloaded": [item.station for item in self.flagged("overloaded")],
            "unknown_stations": list(self.unknown),
            "stations": [item.as_dict() for item in self.stations],
        }


@cache
def use_limits() -> UseLimits:
    """Return the limits of data/reference/utilisation.toml."""
    entry = read_list("reference/utilisation")
    return UseLimits(
        idle_below=float(entry["idle_below"]),
        overloaded_from=float(entry["overloaded_from"]),
        duplicate_below=float(entry["duplicate_below"]),
        least_days=int(entry["least_days"]),
    )


def utilisation(
    service: Service, visits: pd.DataFrame, limits: UseLimits | None = None
) -> Utilisation:
    """Return how the stations that count are used.

    Parameters
    ----------
    service
        What they serve.
    visits
        The table `visits`: one row per station and day; a day without a row is not recorded.
    limits
        None: as the file says.
    """
    limits = limits or use_limits()
    stations = service.inputs.stations
    means, days = _means(visits)
    hours = worker_hours_at(service.hours, service.best, (Level.VERIFIED,))
    found = served_alone(service.reach, service.supply.level, hours)
    ids = stations["id"].astype(str).tolist()
    counting = [name for name, counts in zip(ids, service.counting.tolist(), strict=True) if counts]
    known = [means[name] for name in counting if name in means]
    median = float(np.median(known)) if known else None
    seats = stations["seats"].to_numpy(dtype=float, na_value=np.nan)
    uses = [
        _use(
            ids[row],
            (means.get(ids[row]), days.get(ids[row], 0)),
            (median, float(seats[row])),
            tuple(service.demand.present(float(part[row])) for part in (found.served, found.alone)),
            limits,
        )
        for row in np.flatnonzero(service.counting).tolist()
    ]
    return Utilisation(limits, median, tuple(uses), tuple(sorted(set(means) - set(counting))))


def _means(visits: pd.DataFrame) -> tuple[Mapping[str, float], Mapping[str, int]]:
    """Return station -> mean visits of its recorded days, and how many these are."""
    kept = visits[visits["visits"].notna()]
    daily = kept.groupby(["station", "date"])["visits"].sum().astype(float)
    of_station = daily.groupby(level="station")
    means = {str(name): float(mean) for name, mean in of_station.mean().items()}
    return means, {str(name): int(days) for name, days in of_station.count().items()}


def _use(
    station: str,
    recorded: tuple[float | None, int],
    beside: tuple[float | None, float],
    workers: tuple[float, ...],
    limits: UseLimits,
) -> StationUse:
    (per_day, days), (median, seats), (served, alone) = recorded, beside, workers
    to_median = None if per_day is None or not median else per_day / median
    per_seat = per_day / seats if per_day is not None and seats > 0 else None
    enough = days >= limits.least_days
    says: dict[Flag, bool] = {
        "idle": enough and to_median is not None and to_median < limits.idle_below,
        "duplicate": served > 0 and alone < limits.duplicate_below * served,
        "overloaded": enough and per_seat is not None and per_seat >= limits.overloaded_from,
    }
    flags = tuple(name for name, true in says.items() if true)
    return StationUse(station, days, per_day, to_median, per_seat, served, alone, flags)
