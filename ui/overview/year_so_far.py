"""What the units have built this year, read once for every state of the register."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from register import Register
from register.targets import Progress, opened_by_month, progress
from siting.progress import UnitsTogether

_STATES = 6


@dataclass(frozen=True)
class YearSoFar(UnitsTogether):
    """The year of a day, up to it.

    Attributes
    ----------
    units
        The progress of each.
    opened
        How many stations had opened by the end of each month.
    """

    year: int
    units: tuple[Progress, ...]
    opened: tuple[int, ...]


def year_so_far(register: Register, today: date) -> YearSoFar:
    """Return the year of `today` up to it."""
    return _year(str(register.folder), register.revision(), today, register)


@st.cache_resource(max_entries=_STATES, show_spinner=False)
def _year(folder: str, revision: int, today: date, _register: Register) -> YearSoFar:
    del folder, revision
    return YearSoFar(
        today.year,
        progress(_register, today.year, today=today),
        opened_by_month(_register, today.year, today=today),
    )
