"""What a file says of its datum: in a column, in its headings, by its own form; else nothing.

Nothing is guessed here. What a file says is compared with what people declare, and both with
evidence (`geo.intake.evidence`); where nobody says anything, the doors ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.datum import normalise_datum
from geo.errors import FileRefusedError, InputError
from geo.intake.formats import WGS84_BY_DEFINITION
from geo.intake.meanings import Header, datum_in
from geo.intake.raw import RawTable

StatedBy = Literal["declared", "column", "heading", "file", "own_form", "nothing"]
UNDECLARED: Final = "wgs84"
"""How positions are taken while nobody has said what they are; to be asked before they are kept."""
_OWN_FORM: Final = ("lon", "lat")
_DEGREES: Final = frozenset({"EPSG:4326", "EPSG:4490"})


@dataclass(frozen=True, eq=False)
class Stated:
    """The datum of the positions of one file, and who says so.

    Attributes
    ----------
    datum
        Of every row that says nothing itself.
    by
        `declared`: a person; `column`: every row itself; `heading`: a heading, such as
        坐标（高德）; `file`: its reference system; `own_form`: columns called `lon` and `lat`,
        which are WGS-84 in every table of ours; `nothing`: nobody.
    in_headings
        What the headings say; "" where they say nothing.
    rows
        Datum of each row, where the file has a column for it; None: it has none. "" is a cell that
        nobody can read.
    """

    datum: str
    by: StatedBy
    in_headings: str = ""
    rows: NDArray[np.object_] | None = None

    @property
    def conflict(self) -> bool:
        """Whether a person declared another datum than the headings name."""
        return bool(self.in_headings) and _same(self.in_headings) != _same(self.datum)

    def corrected(self, datums: Mapping[int, str], rows: int) -> "Stated":
        """Return the same with other datums for the rows at these indices, of so many rows."""
        if not datums:
            return self
        changed = np.full(rows, self.datum, dtype=object) if self.rows is None else self.rows.copy()
        for index, datum in datums.items():
            changed[index] = datum
        return replace(self, rows=changed)

    def of_rows(self, at: NDArray[np.bool_]) -> NDArray[np.object_]:
        """Return the datum of every row where `at`."""
        if self.rows is None:
            return np.full(int(np.count_nonzero(at)), self.datum, dtype=object)
        return self.rows[at]

    def of(self, index: int) -> str:
        """Return the datum of the row at `index`."""
        return self.datum if self.rows is None else str(self.rows[index])


def named_datum(text: str) -> str:
    """Return the datum that a text names, as `geo.datum` writes it; "" where it names none."""
    if found := datum_in(text):
        return found
    try:
        return normalise_datum(text)
    except InputError:
        return ""


def heading_datum(header: Header) -> str:
    """Return the datum that the headings of longitude and latitude, or those above them, name."""
    places = [header.places[axis] for axis in ("lon", "lat") if axis in header.places]
    texts = [f"{header.above(place)} {header.headings[place]}" for place in places]
    return next((named for text in texts if (named := datum_in(text))), "")


def state(
    declared: str | None, raw: RawTable, header: Header, cells: pd.Series | None, name: str
) -> Stated:
    """Return what is known of the datum of a file's positions.

    Parameters
    ----------
    declared
        What a person says; None: nobody did.
    cells
        Stripped text of the column of datums, one entry per row; None: there is none.
    name
        What messages call the file.

    Raises
    ------
    InputError
        `intake_datum_unknown`: nobody knows the declared datum.
    FileRefusedError
        `intake_crs_conflict`: the file states a projection, and another datum was declared.
    """
    hint = heading_datum(header)
    datum, by = _of_file(declared, hint, raw, header, name)
    if cells is None:
        return Stated(datum, by, hint)
    # A row that says nothing is like the file, if that says anything.
    rows = _of_rows(cells, "" if by == "nothing" else datum)
    return Stated(datum, "column" if by == "nothing" else by, hint, rows)


def stated_datum(raw: RawTable, declared: str, name: str) -> str:
    """Return the datum of a file's positions: what it states itself, or else what was declared.

    Raises
    ------
    FileRefusedError
        `intake_crs_conflict`: it states a projection, and another datum was declared.
    """
    if not raw.crs:
        return declared
    stated = normalise_datum(raw.crs) if raw.crs.upper().startswith("EPSG:") else ""
    if stated in _DEGREES:
        return declared
    if not stated or declared not in ("wgs84", stated):
        raise FileRefusedError("intake_crs_conflict", file=name, crs=raw.crs[:80], datum=declared)
    return stated


def _of_file(
    declared: str | None, hint: str, raw: RawTable, header: Header, name: str
) -> tuple[str, StatedBy]:
    datum = UNDECLARED if declared is None else normalise_datum(declared)
    stated = stated_datum(raw, datum, name)
    if declared is not None:
        return stated, "declared"
    if stated != datum:
        return stated, "file"
    if hint:
        return hint, "heading"
    if raw.crs or raw.format in WGS84_BY_DEFINITION:
        return datum, "file"
    if raw.geometry is not None:  # `lon` and `lat` are our names for its positions
        return datum, "nothing"
    headings = {header.heading(axis).casefold() for axis in _OWN_FORM if axis in header.places}
    own = headings == set(_OWN_FORM)
    return datum, "own_form" if own else "nothing"


def _of_rows(cells: pd.Series, datum: str) -> NDArray[np.object_]:
    known = {text: named_datum(text) for text in cells.unique().tolist()}
    known[""] = datum
    return cells.map(known).to_numpy(dtype=object)


@cache
def _same(datum: str) -> str:
    return "wgs84" if datum == "cgcs2000" else datum
