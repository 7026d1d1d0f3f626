"""Yearly targets per unit: what is built and what is overdue is computed from the stations.

Built in a year are the stations of a unit (`town`) that opened in it: `opened_on` lies in the year
and not after today, and the record is neither deleted nor still `planned`. One that closed again
later was built all the same. A station without a state counts as open, as it does in coverage. An
open station without `opened_on` is told apart: nobody knows its year, so that it is counted in
none. A target is overdue by what is missing once its day `due` has passed; on the day itself it is
not.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from geo.reference import read_list
from register.reader import Reader
from register.records import Record


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


def progress(register: Reader, year: int, *, today: date) -> tuple[Progress, ...]:
    """Return the progress of every unit: those of the list of units first, then the others.

    A unit is named by the list of units, by a target of the year or by a station.
    """
    stations = register.records("stations")
    targets = {str(r["unit"]): r for r in register.records("targets") if r["year"] == year}
    built = _count(s for s in stations if _opened_in(s, year, today))
    open_now = _count(s for s in stations if _is_open(s))
    undated = _count(s for s in stations if _is_open(s) and not s["opened_on"])
    listed = [str(unit["name"]) for unit in register.records("units")]
    others = sorted({*targets, *built, *open_now} - set(listed))
    return tuple(
        _progress(unit, targets.get(unit), built[unit], today, open_now[unit], undated[unit])
        for unit in (*listed, *others)
    )


def opened_by_month(register: Reader, year: int, *, today: date) -> tuple[int, ...]:
    """Return how many stations had opened in a year by the end of each month, up to today's."""
    months = today.month if year == today.year else 12
    days = [str(s["opened_on"]) for s in register.records("stations") if _opened_in(s, year, today)]
    opened = [date.fromisoformat(day).month for day in days]
    return tuple(sum(1 for month in opened if month <= last) for last in range(1, months + 1))


def _progress(
    unit: str, target: Record | None, built: int, today: date, open_now: int, undated: int
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


def _target(record: Record | None) -> tuple[int | None, date | None]:
    if record is None:
        return None, None
    due = str(record["due"])
    return int(record["target"] or 0), date.fromisoformat(due) if due else None


def _opened_in(station: Record, year: int, today: date) -> bool:
    opened = str(station["opened_on"])
    # Days as ISO text sort as days do.
    return opened[:4] == str(year) and opened <= today.isoformat() and station["state"] != "planned"


def _is_open(station: Record) -> bool:
    if not station["state"]:  # as coverage takes it: a list of stations seldom says that they are
        return True
    state = read_list("reference/states").get(str(station["state"]))
    return state is not None and bool(state["counts"])


def _count(stations: Iterable[Record]) -> Counter[str]:
    return Counter(str(station["town"]) for station in stations)
