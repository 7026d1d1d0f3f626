"""The file as it was chosen to be read; the last readings are remembered between runs of the page.

What was refused is remembered, too: a file that takes a minute to be refused takes it once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from geo.errors import PlannerError
from geo.intake import Intake, read_table
from geo.intake.evidence import judge_rows, placed_evidence
from geo.intake.headings import ColumnsMissingError, find_header
from geo.intake.meanings import Header
from geo.intake.positions import rejoin
from geo.intake.raw import RawTable
from geo.intake.reader import open_raw, open_table
from geo.intake.streets import read_streets
from geo.intake.units import UnitNames
from geo.intake.verdicts import DatumEvidence, DatumVerdict
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
    lent
        Whether that is the shipped outline of Daxing, for want of one of its own.
    daxing
        Whether it is Daxing, or nothing says that it is not.
    streets
        In use; None: none.
    units
        The district's own list of units.
    """

    near: tuple[float, float] | None = None
    outline: shapely.Geometry | None = None
    area: shapely.Geometry | None = None
    lent: bool = False
    daxing: bool = False
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
            draft.data,
            draft.table,
            name=draft.name,
            sheet=draft.sheet,
            encoding=draft.encoding,
            area=draft.area,
        )
    except ColumnsMissingError:  # step 2 asks for them; a grid has its own
        return open_raw(
            draft.data, draft.table, name=draft.name, sheet=draft.sheet, encoding=draft.encoding
        )
    return raw


def cells_shown(draft: Draft, raw: RawTable) -> RawTable:
    """Return the cells as people expect them: positions that a comma cut in two stand together.

    The reading does the same by itself; row numbers stay.
    """
    try:
        header = header_of(draft, raw)
    except PlannerError:  # step 2 asks for the columns
        return raw
    if not header.positions_together:
        return raw
    asked = ("shown", draft.key, draft.encoding, draft.sheet, *sorted(draft.mapping.items()))
    return _remembered(asked, lambda: replace(raw, cells=_rejoined(raw, header)))


def _rejoined(raw: RawTable, header: Header) -> pd.DataFrame:
    cells, _ = rejoin(raw.cells, header.places["lon"], header.width)
    return cells


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


def judge(draft: Draft, intake: Intake, known: Known) -> tuple[DatumVerdict, ...]:
    """Return what streets or outlines say of each datum that rows were read in."""
    return _remembered(
        ("verdict", *_asked(draft, known)),
        lambda: judge_rows(intake, streets=known.streets, boundary=_boundary(known)),
    )


def placed(draft: Draft, intake: Intake, known: Known) -> DatumEvidence | None:
    """Return where the rows lie when each is read in its own datum; None: nothing to compare."""
    return _remembered(
        ("placed", *_asked(draft, known)),
        lambda: placed_evidence(intake, streets=known.streets, boundary=_boundary(known)),
    )


def _boundary(known: Known) -> Zones | None:
    if known.outline is None:
        return None
    return Zones(("",), np.array([known.outline], dtype=object))


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
