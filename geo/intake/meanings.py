"""Which heading means which column of the schema, whichever row it stands in.

A heading may also name the datum of its column (高德经度, lat_gcj02) or both axes at once (坐标).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from geo.reference import read_list
from geo.tables import columns

ABSENT = ""
"""Stated for a column that the file does not have, whatever its headings look like."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAME = "名称"
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


def letter(place: int) -> str:
    """Return what a spreadsheet calls the column at index `place`: A … Z, AA …."""
    before, last = divmod(place, len(_LETTERS))
    return (letter(before - 1) if before else "") + _LETTERS[last]


def match(headings: Sequence[str], table: str, mapping: Mapping[str, str], *, row: int) -> Header:
    """Return what `headings` mean; of two headings for one column the earlier alias wins."""
    keys = [normalise(heading) for heading in headings]
    stated = {column: place_of(heading, headings) for column, heading in mapping.items()}
    places = {column: place for column, place in stated.items() if place is not None}
    taken = set(places.values())
    wanted = {c: aliases for c, aliases in aliases_of(table).items() if c not in mapping}
    _take(places, taken, keys, wanted)
    if "name" in wanted and "name" not in places:
        _take_some_name(places, taken, keys, aliases_of(table))
    positions = {"lon", "lat"} <= set(wanted)
    bare = [_without_datum(key) for key in keys] if positions else []
    if positions and not {"lon", "lat"} & set(places):  # 高德经度, lat_gcj02
        _take(places, taken, bare, {axis: wanted[axis] for axis in ("lon", "lat")})
    if positions and not {"lon", "lat"} & set(places):
        together = _free_place([*keys, *bare], both_axes(), taken)
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


def place_of(heading: str, headings: Sequence[str]) -> int | None:
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
def aliases_of(table: str) -> dict[str, tuple[str, ...]]:
    """Return all that a column of the schema is called, normalised; the preferred name first."""
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
def both_axes() -> tuple[str, ...]:
    """Return what a column is called that holds longitude and latitude."""
    aliases = read_list("reference/schema")["positions"]["aliases"]
    return tuple(normalise(alias) for alias in aliases)
