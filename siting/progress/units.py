"""Yearly targets per unit: what is built and what is overdue is computed from the stations.

Built in a year are the stations of a unit (`town`) that opened in it: `opened_on` lies in the year
and not after the day that is asked for, and the record is not still `planned`. One that closed
again later was built all the same. A station without a state counts as open, as it does in
coverage. An open station without `opened_on` is told apart: nobody knows its year, so that it is
counted in none. A target is overdue by what is missing once its day `due` has passed; on the day
itself it is not.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from geo.reference import read_list


class Row(Protocol):
    """A record by its columns; texts that are missing are "", numbers None."""

    def __getitem__(self, column: str, /) -> Any:  # noqa: ANN401 -- a cell
        """Return one cell."""


@dataclass(frozen=True)
class Progress:
    """What a unit was to open in a year, and what it has opened.

    Attributes
    ----------
    unit
        Name of the unit; "" for stations that no unit is named for.
    target
        Stations to be opened in the year; None: nobody set a target.
    due
        The last day that is in time; None: nobody set one.
    built
        Stations that opened in the year.
    overdue
        Stations missing after `due`.
    open_now
        Stations that are open, of whatever year.
    undated
        Those of them without a day of opening.
    """

    unit: str
    target: int | None
    due: date | None
    built: int
    overdue: int
    open_now: int
    undated: int


class UnitsTogether:
    """What the progress of units comes to; `units` has one of each."""

    units: tuple[Progress, ...]

    @property
    def built(self) -> int | None:
        """Stations opened in the year; None: not one station has a day of opening."""
        found = sum(unit.built for unit in self.units)
        return None if not found and self.undated and self.undated == self.open_now else found

    @property
    def target(self) -> int | None:
        """The sum of the units' targets; None: none has one."""
        asked = [unit.target for unit in self.units if unit.target is not None]
        return sum(asked) if asked else None

    @property
    def missing(self) -> int | None:
        """Stations still to open; one that opened more helps no other. None: built or target is."""
        if self.target is None or self.built is None:
            return None
        return sum(max(0, (unit.target or 0) - unit.built) for unit in self.units)

    @property
    def overdue(self) -> int | None:
        """Stations that are missing after the units' days; None: no unit has a day."""
        late = [unit.overdue for unit in self.units if unit.due is not None]
        return sum(late) if late else None

    @property
    def open_now(self) -> int:
        """Open stations of whatever year."""
        return sum(unit.open_now for unit in self.units)

    @property
    def undated(self) -> int:
        """Open stations without a day of opening: nobody knows their year."""
        return sum(unit.undated for unit in self.units)


def progress_of(
    units: Iterable[Row], targets: Iterable[Row], stations: Sequence[Row], year: int, *, today: date
) -> tuple[Progress, ...]:
    """Return the progress of every unit: those of the list of units first, then the others.

    A unit is named by the list of units, by a target of the year or by a station.
    """
    asked = {str(r["unit"]): r for r in targets if r["year"] == year}
    built = _count(s for s in stations if opened_in(s, year, today))
    open_now = _count(s for s in stations if is_open(s))
    undated = _count(s for s in stations if is_open(s) and not s["opened_on"])
    listed = list(dict.fromkeys(str(unit["name"]) for unit in units))
    others = sorted({*asked, *built, *open_now} - set(listed))
    return tuple(
        _progress(unit, asked.get(unit), built[unit], today, open_now[unit], undated[unit])
        for unit in (*listed, *others)
    )


def opened_by_month(stations: Iterable[Row], year: int, *, today: date) -> tuple[int, ...]:
    """Return how many stations had opened in a year by the end of each month, up to today's."""
    months = today.month if year == today.year else 12
    days = [str(s["opened_on"]) for s in stations if opened_in(s, year, today)]
    opened = [date.fromisoformat(day).month for day in days]
    return tuple(sum(1 for month in opened if month <= last) for last in range(1, months + 1))


def opened_in(station: Row, year: int, today: date) -> bool:
    """Tell whether a station opened in a year, up to a day."""
    opened = str(station["opened_on"])
    # Days as ISO text sort as days do.
    return opened[:4] == str(year) and opened <= today.isoformat() and station["state"] != "planned"


def is_open(station: Row) -> bool:
    """Tell whether a station counts."""
    if not station["state"]:  # as coverage takes it: a list of stations seldom says that they are
        return True
    state = read_list("reference/states").get(str(station["state"]))
    return state is not None and bool(state["counts"])


def _progress(
    unit: str, target: Row | None, built: int, today: date, open_now: int, undated: int
) -> Progress:
    wanted, due = _target(target)
    late = due is not None and due < today
    return Progress(
        unit=unit,
        target=wanted,
        due=due,
        built=built,
        overdue=max(0, (wanted or 0) - built) if late else 0,
        open_now=open_now,
        undated=undated,
    )


def _target(record: Row | None) -> tuple[int | None, date | None]:
    if record is None:
        return None, None
    due = str(record["due"])
    return int(record["target"] or 0), date.fromisoformat(due) if due else None


def _count(stations: Iterable[Row]) -> Counter[str]:
    return Counter(str(station["town"]) for station in stations)
