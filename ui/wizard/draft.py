"""What people chose so far for one file: kept while they go on and back, stored nowhere else."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import shapely
import streamlit as st

from geo.findings import Finding
from geo.intake.duplicates import Decision, Group
from geo.intake.registers import Side
from geo.intake.wishes import Wishes
from ui import keys

Step = Literal["file", "columns", "datum", "check"]
Correction = tuple[int, str]
"""Row in the original file and schema column."""
GroupKey = tuple[str, tuple[int, ...]]
"""Why rows may be one, and which they are."""

AS_IN_FILE: Final = "file"
"""Chosen for a datum: what the file itself states."""


@dataclass(frozen=True, eq=False)
class Draft:
    """One file on its way in.

    Attributes
    ----------
    key
        Makes taking it in twice the same as once.
    table
        What it is read as: one of `geo.tables.TABLES`, or `streets`.
    data, name
        The bytes, and what the browser called them; the name is shown and nothing else.
    source
        Who gave it, as people say; "" if they did not.
    area
        The district, WGS-84: of a population grid its cells are read; None: all cells.
    step
        Where people are.
    encoding, sheet
        As chosen; None: found out.
    mapping
        Schema column -> heading, as far as people changed what was recognised.
    datum
        `AS_IN_FILE`, or a datum of `geo.datum`; "": nobody has said.
    confirmed
        The datum that was confirmed against the evidence; "": none.
    corrections, skipped
        As in `geo.intake.wishes.Wishes`.
    doubles
        What becomes of rows that may be one.
    sides
        Which list counts where two registers differ: (register row, column) -> side.
    located
        Row -> what a service of maps said of its address; a proposal until it is a correction.
    town_places
        Unit -> middle, WGS-84; used where `central`.
    central
        Whether rows without a position are put at the middle of their unit.
    """

    table: str
    data: bytes = field(repr=False)
    name: str
    source: str = ""
    area: shapely.Geometry | None = field(default=None, repr=False)
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    step: Step = "file"
    encoding: str | None = None
    sheet: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    datum: str = ""
    confirmed: str = ""
    corrections: Mapping[Correction, str] = field(default_factory=dict)
    skipped: frozenset[int] = frozenset()
    doubles: Mapping[GroupKey, Decision] = field(default_factory=dict)
    sides: Mapping[tuple[int, str], Side] = field(default_factory=dict)
    located: Mapping[int, Finding] = field(default_factory=dict)
    town_places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    central: bool = False

    @property
    def declared(self) -> str | None:
        """The datum to read it with; None: as the file states."""
        return None if self.datum in {"", AS_IN_FILE} else self.datum

    def wishes(self) -> Wishes:
        """Return what the reading is told beside the datum and the columns."""
        return Wishes(
            encoding=self.encoding,
            corrections=self.corrections,
            skipped=self.skipped,
            area=self.area,
            town_places=self.town_places if self.central else {},
        )

    def read_as(self, table: str) -> "Draft":
        """Return the same file as another table: what was said of its columns and rows is gone."""
        fresh = Draft(table, self.data, self.name, self.source, self.area, self.key)
        return replace(fresh, encoding=self.encoding, town_places=self.town_places)


def held() -> Draft | None:
    """Return the draft of this session; None: no file was chosen."""
    draft: Draft | None = st.session_state.get(keys.DRAFT)
    return draft


def keep(draft: Draft) -> Draft:
    """Remember a draft for this session, and return it."""
    st.session_state[keys.DRAFT] = draft
    return draft


def change(**changes: Any) -> None:  # noqa: ANN401 -- fields of a Draft
    """Change the draft of this session; a callback."""
    draft = held()
    if draft is not None:
        keep(replace(draft, **changes))


def correct(texts: Mapping[Correction, str]) -> None:
    """Add corrections to the draft of this session; a callback."""
    draft = held()
    if draft is not None:
        keep(replace(draft, corrections={**draft.corrections, **texts}))


def skip(row: int) -> None:
    """Leave a row out; a callback."""
    draft = held()
    if draft is not None:
        keep(replace(draft, skipped=draft.skipped | {row}))


def decide(group: Group, decision: Decision) -> None:
    """Say what becomes of rows that may be one; a callback."""
    draft = held()
    if draft is not None:
        keep(replace(draft, doubles={**draft.doubles, group_key(group): decision}))


def group_key(group: Group) -> GroupKey:
    """Return what a decision on a group is kept under: distances may change with the datum."""
    return group.reason, group.rows


def forget() -> None:
    """Forget the file and everything that was said of it; a callback."""
    for key in (keys.DRAFT, keys.READ, keys.TABLE, keys.SOURCE):
        st.session_state.pop(key, None)
    st.session_state[keys.UPLOAD_ROUND] = st.session_state.get(keys.UPLOAD_ROUND, 0) + 1
