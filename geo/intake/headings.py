"""Which row holds the headings, and which heading means which column of the schema."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from geo.errors import FileRefusedError, InputError
from geo.intake.limits import HEADER_SEARCH_ROWS
from geo.intake.raw import RawTable
from geo.tables import columns

_NOTE = re.compile(r"[(\[].*?[)\]]")  # units and remarks: 经度(°), 人数(人), after NFKC


@dataclass(frozen=True)
class Header:
    """The headings of a table and what they mean.

    Attributes
    ----------
    row
        Index of the row of headings among the cells; -1 where the format gives headings apart.
    headings
        As they stand in the file.
    places
        Schema column -> index of the cell column.
    """

    row: int
    headings: tuple[str, ...]
    places: Mapping[str, int]

    @property
    def score(self) -> int:
        """How many columns of the schema were recognised."""
        return len(self.places)

    def heading(self, column: str) -> str:
        """Return the heading in the file that stands for a schema column."""
        return self.headings[self.places[column]].strip() if column in self.places else column

    @property
    def unused(self) -> tuple[str, ...]:
        """Headings that mean nothing to us, without the blank ones."""
        used = set(self.places.values())
        return tuple(h.strip() for i, h in enumerate(self.headings) if i not in used and h.strip())


def find_header(raw: RawTable, table: str, mapping: Mapping[str, str], name: str) -> Header:
    """Return the headings of `raw`, recognised within its first rows.

    Parameters
    ----------
    mapping
        Schema column -> heading, as a person stated it; comes before every alias.

    Raises
    ------
    InputError
        `intake_map_column`: the schema has no such column; `intake_map_heading`: the file has no
        such heading.
    FileRefusedError
        `intake_columns_missing`: no row names all required columns.
    """
    known = [column.name for column in columns(table)]
    for column in mapping:
        if column not in known:
            known_text = ", ".join(known)
            raise InputError("intake_map_column", column=column, table=table, known=known_text)
    if raw.headings is not None:
        header = match(raw.headings, table, mapping, row=-1)
    else:
        first = raw.cells.head(HEADER_SEARCH_ROWS).to_numpy().tolist()
        header = best_match(first, table, mapping)
    _complain(header, table, mapping, name)
    return header


def best_match(
    rows: Sequence[Sequence[str]], table: str, mapping: Mapping[str, str] | None = None
) -> Header:
    """Return the row that names the most columns of the schema; the first of equals."""
    found = [match(row, table, mapping or {}, row=i) for i, row in enumerate(rows)]
    return max(found, key=lambda header: header.score, default=Header(0, (), {}))


def match(headings: Sequence[str], table: str, mapping: Mapping[str, str], *, row: int) -> Header:
    """Return what `headings` mean; of two headings for one column the earlier alias wins."""
    keys = [normalise(heading) for heading in headings]
    places = {c: keys.index(normalise(h)) for c, h in mapping.items() if normalise(h) in keys}
    taken = set(places.values())
    for column, aliases in _aliases(table).items():
        if column in mapping:
            continue
        for alias in aliases:
            free = [i for i, key in enumerate(keys) if key == alias and i not in taken]
            if free:
                places[column] = free[0]
                taken.add(free[0])
                break
    return Header(row, tuple(headings), places)


@cache
def normalise(heading: str) -> str:
    """Return a heading without case, width, spaces, asterisks and remarks in brackets."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    plain = _NOTE.sub("", plain) or plain
    return "".join(plain.split()).strip("*:'\"\ufeff")


@cache
def _aliases(table: str) -> dict[str, tuple[str, ...]]:
    return {
        column.name: tuple(dict.fromkeys(normalise(a) for a in (column.name, *column.aliases)))
        for column in columns(table)
    }


def _complain(header: Header, table: str, mapping: Mapping[str, str], name: str) -> None:
    found = "、".join(h.strip() for h in header.headings if h.strip())
    for column, heading in mapping.items():
        if column not in header.places:
            raise InputError("intake_map_heading", file=name, heading=heading, found=found)
    missing = [c.name for c in columns(table) if c.required and c.name not in header.places]
    if missing:
        raise FileRefusedError(
            "intake_columns_missing",
            file=name,
            table=table,
            missing="、".join(missing),
            found=found,
            example=missing[0],
        )
