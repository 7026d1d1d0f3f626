"""What the units have built this year, read once for every state of the register."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from register import Register
from register.targets import Progress, opened_by_month, progress

_STATES = 6


@dataclass(frozen=True)
class YearSoFar:
    """The year of a day, up to it.

    Attributes
    ----------
    rows
        One for each unit.
    opened
        How many stations had opened by the end of each month.
    """

    year: int
    rows: tuple[Progress, ...]
    opened: tuple[int, ...]

    @property
    def built(self) -> int:
        """Stations that opened this year."""
        return sum(row.built for row in self.rows)

    @property
    def target(self) -> int | None:
        """The sum of the units' targets; None: none has one."""
        targets = [row.target for row in self.rows if row.target is not None]
        return sum(targets) if targets else None

    @property
    def missing(self) -> int | None:
        """Stations that units still have to open; one that opened more helps no other."""
        if self.target is None:
            return None
        return sum(max(0, (row.target or 0) - row.built) for row in self.rows)

    @property
    def overdue(self) -> int:
        """Stations missing after their day."""
        return sum(row.overdue for row in self.rows)

    @property
    def open_now(self) -> int:
        """Open stations of whatever year."""
        return sum(row.open_now for row in self.rows)

    @property
    def undated(self) -> int:
        """Those of them without a day of opening."""
        return sum(row.undated for row in self.rows)


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
