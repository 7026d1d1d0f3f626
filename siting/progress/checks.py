"""Hazards that inspections found, and tasks: how many are open, closed and late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from geo.reference import read_list
from siting.progress.units import Row


@dataclass(frozen=True)
class OpenHazard:
    """A hazard that nobody has closed.

    Attributes
    ----------
    station
        Id of the station.
    deadline
        The last day that is in time; None: nobody set one.
    supervised
        Whether it is under supervision 督办.
    overdue
        Whether the deadline has passed; on the day itself it has not.
    """

    station: str
    hazard: str
    deadline: date | None
    supervised: bool
    overdue: bool


@dataclass(frozen=True)
class Hazards:
    """Hazards 隐患 and their mending 整改.

    Attributes
    ----------
    inspections
        Inspections of the year, whatever they found.
    closed
        Hazards of all years that are closed.
    open
        Those that are not, the earliest deadline first.
    """

    inspections: int
    closed: int
    open: tuple[OpenHazard, ...]

    @property
    def overdue(self) -> int:
        """Number of open hazards that are late."""
        return sum(hazard.overdue for hazard in self.open)


@dataclass(frozen=True)
class Tasks:
    """Tasks that units were given: those that somebody still has to do, the late ones of them."""

    open: int
    overdue: int
    done: int


def hazards_of(inspections: Iterable[Row], year: int, *, today: date) -> Hazards:
    """Return the hazards up to a day; inspections that found nothing count as inspections alone."""
    known = [row for row in inspections if str(row["date"]) <= today.isoformat()]
    found = [row for row in known if row["hazard"]]
    left = [row for row in found if not _closed(row, today)]
    left.sort(key=lambda row: str(row["deadline"]) or date.max.isoformat())
    return Hazards(
        inspections=sum(str(row["date"])[:4] == str(year) for row in known),
        closed=len(found) - len(left),
        open=tuple(_open(row, today) for row in left),
    )


def tasks_of(tasks: Iterable[Row], *, today: date) -> Tasks:
    """Return how many tasks are open, late and done; withdrawn ones are none of these."""
    states = read_list("reference/task_states")
    rows = list(tasks)
    left = [row for row in rows if states[str(row["task_state"])]["open"]]
    late = sum("" < str(row["due"]) < today.isoformat() for row in left)
    done = sum(row["task_state"] == "accepted" for row in rows)
    return Tasks(open=len(left), overdue=late, done=done)


def _closed(row: Row, today: date) -> bool:
    return "" < str(row["closed_on"]) <= today.isoformat()


def _open(row: Row, today: date) -> OpenHazard:
    day = str(row["deadline"])
    deadline = date.fromisoformat(day) if day else None
    return OpenHazard(
        station=str(row["station"]),
        hazard=str(row["hazard"]),
        deadline=deadline,
        supervised=bool(row["supervised"]),
        overdue=deadline is not None and deadline < today,
    )
