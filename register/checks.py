"""What checks of stations came to: the seven haves item by item, and hazards until they are closed.

Blank is not a fact: a check that says neither yes nor no decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geo.reference import read_list
from register.reader import Reader
from register.records import Record


@dataclass(frozen=True)
class Have:
    """The latest word on one of the seven haves of a station.

    Attributes
    ----------
    item
        A code of data/reference/haves.toml.
    met
        What the latest check that said anything said.
    photo
        Its evidence, "" where there is none.
    """

    item: str
    met: bool
    date: date
    checked_by: str
    photo: str


@dataclass(frozen=True)
class Hazard:
    """A hazard that an inspection found.

    Attributes
    ----------
    found_on, deadline, closed_on
        Days; None where nobody named one.
    supervised
        Whether it is under supervision 督办; None: nobody said.
    """

    id: str
    station: str
    hazard: str
    found_on: date
    deadline: date | None
    closed_on: date | None
    supervised: bool | None

    def overdue(self, today: date) -> bool:
        """Tell whether it is not closed after its deadline; on the day itself it is in time."""
        return self.closed_on is None and self.deadline is not None and self.deadline < today


def latest_haves(register: Reader) -> dict[str, dict[str, Have]]:
    """Return, by station and item, the latest check; the later record of one day counts."""
    found: dict[str, dict[str, Have]] = {}
    for record in sorted(register.records("haves"), key=lambda record: str(record["date"])):
        if record["met"] is not None:
            have = _have(record)
            found.setdefault(str(record["station"]), {})[have.item] = have
    return found


def seven_met(haves: Mapping[str, Have]) -> bool | None:
    """Tell whether a station has all seven; None: nothing is known to fail, but not all is known.

    Parameters
    ----------
    haves
        Of one station, by item.
    """
    if any(not have.met for have in haves.values()):
        return False
    return True if haves.keys() >= read_list("reference/haves").keys() else None


def hazards(register: Reader, *, closed: bool = False) -> tuple[Hazard, ...]:
    """Return the hazards that are not closed, the earliest deadline first; `closed` adds the rest.

    Inspections that found nothing are left out.
    """
    found = [_hazard(record) for record in register.records("inspections") if record["hazard"]]
    listed = [hazard for hazard in found if closed or hazard.closed_on is None]
    return tuple(sorted(listed, key=lambda hazard: hazard.deadline or date.max))


def _have(record: Record) -> Have:
    return Have(
        item=str(record["item"]),
        met=bool(record["met"]),
        date=date.fromisoformat(str(record["date"])),
        checked_by=str(record["checked_by"]),
        photo=str(record["photo"]),
    )


def _hazard(record: Record) -> Hazard:
    supervised = record["supervised"]
    return Hazard(
        id=record.id,
        station=str(record["station"]),
        hazard=str(record["hazard"]),
        found_on=date.fromisoformat(str(record["date"])),
        deadline=_day(record, "deadline"),
        closed_on=_day(record, "closed_on"),
        supervised=None if supervised is None else bool(supervised),
    )


def _day(record: Record, column: str) -> date | None:
    text = str(record[column])
    return date.fromisoformat(text) if text else None
