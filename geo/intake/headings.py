"""Which row or rows hold the headings, and which heading means which column of the schema.

Headings may take two rows, a group above its columns: 坐标（高德） over 经度 and 纬度. What stands
above is kept: it may name a datum.

A file without headings has its columns called A, B, C …, as a spreadsheet calls them; people then
say which is which.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import pandas as pd

from geo.errors import FileRefusedError, InputError
from geo.intake.limits import HEADER_SEARCH_ROWS
from geo.intake.numbers import read_number
from geo.intake.raw import RawTable
from geo.reference import read_list
from geo.tables import Column, columns
from words import Lang, say

ABSENT = ""
"""Stated for a column that the file does not have, whatever its headings look like."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAME = "名称"
_SAMPLE_ROWS = 20
_SAMPLE_CHARS = 24
_JOINTS = re.compile(r"[\s\-_]+")
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
    groups
        What stands above each heading, where headings take two rows; () where they take one.
    datum
        Index of the cell column that says the datum row by row; None: there is none.
    """

    row: int
    headings: tuple[str, ...]
    places: Mapping[str, int]
    groups: tuple[str, ...] = ()
    datum: int | None = None

    @property
    def score(self) -> int:
        """How many columns of the schema were recognised."""
        return len(self.places)

    @property
    def breadth(self) -> int:
        """How many columns of the file were recognised: one may hold both axes."""
        return len(set(self.places.values()))

    @property
    def width(self) -> int:
        """How many columns there are up to the last heading."""
        return 1 + max((i for i, text in enumerate(self.headings) if text.strip()), default=0)

    @property
    def positions_together(self) -> bool:
        """Whether one column of the file holds longitude and latitude."""
        return "lon" in self.places and self.places.get("lon") == self.places.get("lat")

    def heading(self, column: str) -> str:
        """Return the heading in the file that stands for a schema column."""
        return self.headings[self.places[column]].strip() if column in self.places else column

    def above(self, place: int) -> str:
        """Return what stands above the heading at `place`; "" where nothing does."""
        return self.groups[place] if place < len(self.groups) else ""

    @property
    def unused(self) -> tuple[str, ...]:
        """Headings that mean nothing to us, without the blank ones."""
        used = {*self.places.values(), self.datum}
        return tuple(h.strip() for i, h in enumerate(self.headings) if i not in used and h.strip())


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


def letter(place: int) -> str:
    """Return what a spreadsheet calls the column at index `place`: A … Z, AA …."""
    before, last = divmod(place, len(_LETTERS))
    return (letter(before - 1) if before else "") + _LETTERS[last]


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
    known = {alias for aliases in _aliases(table).values() for alias in aliases} | {*_together()}
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
    places = {c: place for c, h in mapping.items() if (place := _place_of(h, letters)) is not None}
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


def match(headings: Sequence[str], table: str, mapping: Mapping[str, str], *, row: int) -> Header:
    """Return what `headings` mean; of two headings for one column the earlier alias wins."""
    keys = [normalise(heading) for heading in headings]
    stated = {column: _place_of(heading, headings) for column, heading in mapping.items()}
    places = {column: place for column, place in stated.items() if place is not None}
    taken = set(places.values())
    wanted = {c: aliases for c, aliases in _aliases(table).items() if c not in mapping}
    _take(places, taken, keys, wanted)
    if "name" in wanted and "name" not in places:
        _take_some_name(places, taken, keys, _aliases(table))
    positions = {"lon", "lat"} <= set(wanted)
    bare = [_without_datum(key) for key in keys] if positions else []
    if positions and not {"lon", "lat"} & set(places):  # 高德经度, lat_gcj02
        _take(places, taken, bare, {axis: wanted[axis] for axis in ("lon", "lat")})
    if positions and not {"lon", "lat"} & set(places):
        together = _free_place([*keys, *bare], _together(), taken)
        if together is not None:
            places |= dict.fromkeys(("lon", "lat"), together % len(keys))
    datum = _free_place(keys, _datum_aliases(), set(places.values())) if positions else None
    return Header(row, tuple(headings), places, datum=datum)


def _take(
    places: dict[str, int],
    taken: set[int],
    keys: Sequence[str],
    wanted: Mapping[str, Sequence[str]],
) -> None:
    """Add to `places` the columns whose aliases are among the keys that nothing has taken."""
    for column, aliases in wanted.items():
        place = _free_place(keys, aliases, taken)
        if place is not None:
            places[column] = place
            taken.add(place)


def _take_some_name(
    places: dict[str, int],
    taken: set[int],
    keys: Sequence[str],
    aliases: Mapping[str, Sequence[str]],
) -> None:
    """Take the only heading like 园区名称 or 商户名称 for the name; 镇街名称 is the unit's."""
    others = {alias for column, known in aliases.items() if column != "name" for alias in known}
    found = [
        place
        for place, key in enumerate(keys)
        if place not in taken and key.endswith(_NAME) and key.removesuffix(_NAME) not in others
    ]
    if len(found) == 1:
        places["name"] = found[0]
        taken.add(found[0])


def _free_place(keys: Sequence[str], aliases: Sequence[str], taken: set[int]) -> int | None:
    """Return the index of the first heading that an alias names; earlier aliases come first."""
    for alias in aliases:
        for place, key in enumerate(keys):
            if key == alias and place not in taken:
                return place
    return None


def _place_of(heading: str, headings: Sequence[str]) -> int | None:
    """Return the index of the column that a person stated, by its heading or by its letter."""
    if heading == ABSENT:
        return None
    keys = [normalise(known) for known in headings]
    if normalise(heading) in keys:
        return keys.index(normalise(heading))
    letters = [letter(place) for place in range(len(headings))]
    return letters.index(heading.upper()) if heading.upper() in letters else None


@cache
def normalise(heading: str) -> str:
    """Return a heading without case, width, spaces, asterisks and remarks in brackets."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    plain = _NOTE.sub("", plain) or plain
    return "".join(plain.split()).strip("*:'\"\ufeff")


def datum_in(text: str) -> str:
    """Return the code of the datum that a text names (data/reference/datums.toml); "": none.

    Of several the one that is named first counts.
    """
    key = _bare(text)
    found = [(key.find(name), code) for name, code in _datum_names().items() if name in key]
    return min(found)[1] if found else ""


def _without_datum(key: str) -> str:
    plain = _bare(key)
    for name in _datum_names():
        plain = plain.replace(name, "")
    return plain or key


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _JOINTS.sub("", plain)


@cache
def _datum_names() -> dict[str, str]:
    entries = read_list("reference/datums")
    return {_bare(name): code for code, entry in entries.items() for name in entry.get("names", ())}


@cache
def _datum_aliases() -> tuple[str, ...]:
    aliases = read_list("reference/datums")["column"]["aliases"]
    return tuple(normalise(alias) for alias in aliases)


@cache
def _aliases(table: str) -> dict[str, tuple[str, ...]]:
    return {
        column.name: tuple(
            dict.fromkeys(
                normalise(name)
                for name in (column.name, *column.aliases, column.zh, column.en)
                if name
            )
        )
        for column in columns(table)
    }


@cache
def _together() -> tuple[str, ...]:
    aliases = read_list("reference/schema")["positions"]["aliases"]
    return tuple(normalise(alias) for alias in aliases)


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
