"""Yearly targets per unit: the register's own rows, counted by `siting.progress`."""

from datetime import date

from register.reader import Reader
from siting.progress import units
from siting.progress.units import Progress, progress_of

__all__ = ["Progress", "opened_by_month", "progress"]


def progress(register: Reader, year: int, *, today: date) -> tuple[Progress, ...]:
    """Return the progress of every unit: those of the list of units first, then the others.

    A unit is named by the list of units, by a target of the year or by a station.
    """
    return progress_of(
        register.records("units"),
        register.records("targets"),
        register.records("stations"),
        year,
        today=today,
    )


def opened_by_month(register: Reader, year: int, *, today: date) -> tuple[int, ...]:
    """Return how many stations had opened in a year by the end of each month, up to today's."""
    return units.opened_by_month(register.records("stations"), year, today=today)
