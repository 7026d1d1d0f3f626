"""The file as it was chosen to be read; the last readings are remembered between runs of the page.

What was refused is remembered, too: a file that takes a minute to be refused takes it once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import shapely
import streamlit as st

from geo.errors import PlannerError
from geo.intake import Intake, read_table
from geo.intake.evidence import DatumVerdict, judge_datum
from geo.intake.headings import ColumnsMissingError, Header, find_header
from geo.intake.raw import RawTable
from geo.intake.reader import open_raw, open_table
from geo.intake.streets import read_streets
from geo.intake.units import UnitNames
from geo.streets import Network
from geo.zones import Zones
from ui import keys
from ui.wizard.draft import Draft
from ui.wizard.words import word

T = TypeVar("T")
_REMEMBERED = 6


@dataclass(frozen=True, eq=False)
class Known:
    """What is known already, for reading a file beside it.

    Attributes
    ----------
    near
        Middle of the known points, longitude and latitude; None: there are too few.
    outline
        Of the district, WGS-84; None: it has none of its own.
    area
        What a drawing shows of the district: its own outline, or Daxing's.
    streets
        In use; None: none.
    units
        The district's own list of units.
    """

    near: tuple[float, float] | None = None
    outline: shapely.Geometry | None = None
    area: shapely.Geometry | None = None
    streets: Network | None = None
    units: UnitNames = field(default_factory=UnitNames)


def open_streets(draft: Draft) -> Network:
    """Return the streets in a file, read in a process of their own.

    Raises
    ------
    PlannerError
        The file is refused.
    """
    return _remembered(("streets", draft.key), lambda: read_streets(draft.data, draft.name))


def open_cells(draft: Draft) -> RawTable:
    """Return the cells of a file; of several sheets, of the first that has the headings.

    Raises
    ------
    PlannerError
        The file is refused.
    """
    asked = ("cells", draft.key, draft.table, draft.encoding, draft.sheet)
    return _remembered(asked, lambda: _cells(draft))


def _cells(draft: Draft) -> RawTable:
    try:
        raw, _ = open_table(
            draft.data, draft.table, name=draft.name, sheet=draft.sheet, encoding=draft.encoding
        )
    except ColumnsMissingError:  # step 2 asks for them
        return open_raw(
            draft.data, draft.table, name=draft.name, sheet=draft.sheet, encoding=draft.encoding
        )
    return raw


def header_of(draft: Draft, raw: RawTable) -> Header:
    """Return the headings and what they mean.

    Raises
    ------
    ColumnsMissingError
        A required column was not found.
    PlannerError
        The file has no such heading any more.
    """
    return find_header(raw, draft.table, draft.mapping, draft.name)


def read_cells(draft: Draft, raw: RawTable, known: Known) -> Intake:
    """Return what comes of the cells with everything that people chose.

    Raises
    ------
    PlannerError
        The file is refused.
    """
    return _remembered(
        _asked(draft, known),
        lambda: read_table(
            raw,
            draft.table,
            name=draft.name,
            datum=draft.declared,
            mapping=draft.mapping,
            near=known.near,
            wishes=replace(draft.wishes(), outline=known.outline, units=known.units),
        ),
    )


def judge(draft: Draft, intake: Intake, known: Known) -> DatumVerdict:
    """Return what streets and the district's outline say of the datum."""
    boundary = None
    if known.outline is not None:
        boundary = Zones(("",), np.array([known.outline], dtype=object))
    return _remembered(
        ("verdict", *_asked(draft, known)),
        lambda: judge_datum(intake, streets=known.streets, boundary=boundary),
    )


def _asked(draft: Draft, known: Known) -> tuple[object, ...]:
    return (
        "rows",
        draft.key,
        draft.table,
        draft.encoding,
        draft.sheet,
        *sorted(draft.mapping.items()),
        draft.declared,
        *sorted(draft.corrections.items()),
        draft.skipped,
        *(sorted(draft.town_places.items()) if draft.central else ()),
        known.near,
        id(known.streets),
        *sorted(known.units.spellings.items()),
    )


def _remembered(asked: tuple[object, ...], read: Callable[[], T]) -> T:
    """Return what `read` gave, or raise what it raised, the last time it was asked for."""
    memory: dict[tuple[object, ...], object] = st.session_state.setdefault(keys.READ, {})
    if asked not in memory:
        with st.spinner(word("checking")):
            try:
                memory[asked] = read()
            except PlannerError as error:
                memory[asked] = error
        while len(memory) > _REMEMBERED:
            del memory[next(iter(memory))]
    found = memory[asked]
    if isinstance(found, PlannerError):
        raise found
    return found  # type: ignore[return-value] # what was asked decides what it is
