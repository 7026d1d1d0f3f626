"""Which row or rows hold the headings of a file, and what people are asked where none fits.

Headings may take two rows, a group above its columns: 坐标（高德） over 经度 and 纬度. What stands
above is kept: it may name a datum.

A file without headings has its columns called A, B, C …, as a spreadsheet calls them; people then
say which is which.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from geo.errors import FileRefusedError, InputError
from geo.intake.limits import HEADER_SEARCH_ROWS
from geo.intake.meanings import (
    ABSENT,
    Header,
    aliases_of,
    both_axes,
    letter,
    match,
    normalise,
    place_of,
)
from geo.intake.numbers import read_number
from geo.intake.raw import RawTable
from geo.tables import Column, columns
from words import Lang, say

_SAMPLE_ROWS = 20
_SAMPLE_CHARS = 24


@dataclass(frozen=True)
class Choice:
    """One column of a file that people can point at.

    Attributes
    ----------
    heading
        What to state for it: its heading, or its letter where it has none of its own.
    sample
        The first value under it.
    """

    heading: str
    sample: str


class ColumnsMissingError(FileRefusedError):
    """No heading of a file means what a required column needs; people can say which one does.

    Parameters
    ----------
    name, table
        Of the file, and what it was read as.
    missing
        The required columns that were not found.
    choices
        The columns that the file has.
    places
        Schema column -> heading, as far as they were recognised.
    """

    def __init__(
        self,
        name: str,
        table: str,
        missing: Sequence[Column],
        choices: Sequence[Choice],
        places: Mapping[str, str],
    ) -> None:
        self.missing = tuple(missing)
        self.choices = tuple(choices)
        self.places = dict(places)
        super().__init__(
            "intake_columns_missing",
            file=name,
            table=table,
            columns="、".join(column.name for column in missing),
            found="、".join(choice.heading for choice in choices),
            example=missing[0].name,
        )

    def message(self, lang: Lang) -> str:
        """Return the sentence with the columns called as people call them."""
        missing = say("intake.comma_list", lang).join(c.label(lang) for c in self.missing)
        return say(f"errors.{self.code}", lang, missing=missing, **self.facts)


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
    ColumnsMissingError
        No row names all required columns.
    """
    known = [column.name for column in columns(table)]
    for column in mapping:
        if column not in known:
            known_text = ", ".join(known)
            raise InputError("intake_map_column", column=column, table=table, known=known_text)
    header = _header(raw, table, mapping)
    _complain(raw, header, table, mapping, name)
    return header


def choices(raw: RawTable, header: Header) -> tuple[Choice, ...]:
    """Return the columns of a file as people can point at them, without the empty ones."""
    below = raw.cells.iloc[header.row + 1 : header.row + 1 + _SAMPLE_ROWS]
    seen: set[str] = set()
    found = []
    for place, heading in enumerate(header.headings):
        own = heading.strip() if normalise(heading) not in seen else ""
        seen.add(normalise(heading))
        sample = _first_cell(below[place]) if place in below else ""
        if own or sample:
            found.append(Choice(own or letter(place), sample))
    return tuple(found)


def _header(raw: RawTable, table: str, mapping: Mapping[str, str]) -> Header:
    if raw.headings is not None:
        return match(raw.headings, table, mapping, row=-1)
    first = raw.cells.head(HEADER_SEARCH_ROWS).to_numpy().tolist()
    header = best_match(first, table, mapping)
    double = _best_double(first, table, mapping)
    if double.breadth > max(header.breadth, 1):
        return replace(match(double.headings, table, mapping, row=double.row), groups=double.groups)
    if header.score > 1:
        found = match(header.headings, table, mapping, row=header.row)
        above = first[header.row - 1] if header.row else []
        return replace(found, groups=_groups(above) if _is_group_row(above) else ())
    # Nothing that we know: the first row that is filled, or none if that holds figures already.
    filled = [i for i, row in enumerate(first) if any(cell.strip() for cell in row)]
    row = header.row if header.score else filled[0] if filled else 0
    if filled and any(_is_figure(cell) for cell in first[row]):
        letters = [letter(place) for place in range(raw.cells.shape[1])]
        return _headless(letters, mapping)
    return match(first[row], table, mapping, row=row) if filled else header


def _best_double(rows: Sequence[Sequence[str]], table: str, mapping: Mapping[str, str]) -> Header:
    """Return the pair of rows that name the most columns together; `row` is the lower one.

    A row with figures is no heading.
    """
    found = [
        replace(
            match(headings, table, _by_heading(mapping, headings), row=i + 1), groups=_groups(upper)
        )
        for i, (upper, lower) in enumerate(pairwise(rows))
        if not any(map(_is_figure, [*upper, *lower])) and (headings := _joined(upper, lower, table))
    ]
    return max(found, key=lambda header: header.breadth, default=Header(0, (), {}))


def _joined(upper: Sequence[str], lower: Sequence[str], table: str) -> list[str]:
    """Return the headings of two rows: the lower one, or what stands above where it is blank.

    Where only both together mean something (职工 over 人数), they are joined.
    """
    known = {alias for aliases in aliases_of(table).values() for alias in aliases} | {*both_axes()}
    headings = []
    for group, own, single in zip(_groups(upper), lower, upper, strict=True):
        joint = f"{group.strip()}{own.strip()}"
        means = normalise(own) in known or normalise(joint) not in known
        headings.append(single if not own.strip() else own if means else joint)
    return headings


def _groups(upper: Sequence[str]) -> tuple[str, ...]:
    """Return what stands above each column: a merged cell has its text in its first column only."""
    above, groups = "", []
    for cell in upper:
        above = cell.strip() or above
        groups.append(above)
    return tuple(groups)


def _is_group_row(cells: Sequence[str]) -> bool:
    """Tell a row of groups from a title: a title is one cell."""
    return len({cell.strip() for cell in cells if cell.strip()}) > 1


def _headless(letters: Sequence[str], mapping: Mapping[str, str]) -> Header:
    places = {c: place for c, h in mapping.items() if (place := place_of(h, letters)) is not None}
    return Header(-1, tuple(letters), places)


def _is_figure(cell: str) -> bool:
    return math.isfinite(read_number(cell))


def _first_cell(cells: pd.Series) -> str:
    return next((text for cell in cells.tolist() if (text := str(cell).strip())), "")[
        :_SAMPLE_CHARS
    ]


def best_match(
    rows: Sequence[Sequence[str]], table: str, mapping: Mapping[str, str] | None = None
) -> Header:
    """Return the row that names the most columns of the schema; the first of equals."""
    found = [
        match(row, table, _by_heading(mapping or {}, row), row=i) for i, row in enumerate(rows)
    ]
    return max(found, key=lambda header: header.score, default=Header(0, (), {}))


def _by_heading(mapping: Mapping[str, str], row: Sequence[str]) -> dict[str, str]:
    """Return what was stated by a heading of this row: a letter speaks for no row."""
    keys = {normalise(cell) for cell in row}
    return {c: h for c, h in mapping.items() if h == ABSENT or normalise(h) in keys}


def _complain(
    raw: RawTable, header: Header, table: str, mapping: Mapping[str, str], name: str
) -> None:
    for column, heading in mapping.items():
        if column not in header.places and heading != ABSENT:
            found = "、".join(choice.heading for choice in choices(raw, header))
            raise InputError("intake_map_heading", file=name, heading=heading, found=found)
    missing = [c for c in columns(table) if c.required and c.name not in header.places]
    if _goes_without_positions(table, header, mapping):
        missing = [c for c in missing if c.name not in ("lon", "lat")]
    if missing:
        known = {column: header.heading(column) for column in header.places}
        raise ColumnsMissingError(name, table, missing, choices(raw, header), known)


def _goes_without_positions(table: str, header: Header, mapping: Mapping[str, str]) -> bool:
    """Tell whether every row waits to be placed: people say so, or a register of enterprises does.

    The union's register has names, codes and addresses, seldom positions.
    """
    if {"lon", "lat"} & set(header.places):
        return False
    stated = mapping.get("lon") == mapping.get("lat") == ABSENT
    return stated or (table == "enterprises" and "name" in header.places)
