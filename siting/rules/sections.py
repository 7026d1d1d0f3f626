"""Tables of a rule file, read with errors that name file, line and key."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

import numpy as np

from geo.errors import InputError

MAX_POINTS = 100.0
_HEADER = re.compile(r"^\s*(\[{1,2})\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*\"?([\w-]+)\"?\s*=")
_LAST_STEP = re.compile(r"(?:\[\d+\]|\.[^.\[\]]+|^[^.\[\]]+)$")
UNKNOWN_LINE = "?"


@dataclass(frozen=True)
class Origin:
    """A rule file: what it is called, and the line of every key that begins one.

    Attributes
    ----------
    file
        As errors call it.
    lines
        Key with its tables (`sparse.criteria[1].name`, tables of an array counted from 1) -> line.
    """

    file: str
    lines: dict[str, int]

    def line(self, key: str) -> int | str:
        """Return the line of a key, or of what it stands in; "?" where that is not known."""
        while key:
            if key in self.lines:
                return self.lines[key]
            key = _LAST_STEP.sub("", key)
        return UNKNOWN_LINE


def origin_of(file: str, text: str = "") -> Origin:
    """Return the lines of a TOML text's tables and keys."""
    lines: dict[str, int] = {}
    counted: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header is not None:
            table = _table(header[2], counted, array=header[1] == "[[")
            lines.setdefault(table, number)
        elif key is not None:
            lines.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return Origin(file, lines)


def _table(name: str, counted: dict[str, int], *, array: bool) -> str:
    """Return the path of a header, each array's table with its number."""
    path = ""
    steps = [step.strip().strip('"') for step in name.split(".")]
    for place, step in enumerate(steps, start=1):
        path = f"{path}.{step}" if path else step
        if array and place == len(steps):
            counted[path] = counted.get(path, 0) + 1
        if path in counted:
            path = f"{path}[{counted[path]}]"
    return path


class Section:
    """One table of a rule file."""

    def __init__(self, content: dict[str, Any], origin: Origin, path: str = "") -> None:
        self._content = content
        self._origin = origin
        self.path = path

    def __contains__(self, key: str) -> bool:
        """Tell whether a key is there."""
        return key in self._content

    @property
    def codes(self) -> tuple[str, ...]:
        """The keys that are there, in their order."""
        return tuple(self._content)

    def section(self, key: str) -> "Section":
        """Return a table in this one."""
        value = self._get(key)
        if not isinstance(value, dict):
            self.refuse("rules_table", key)
        return Section(value, self._origin, self._key(key))

    def sections(self, key: str) -> list["Section"]:
        """Return an array of tables, at least one."""
        value = self._get(key)
        if not (isinstance(value, list) and value and all(isinstance(v, dict) for v in value)):
            self.refuse("rules_tables", key)
        return [
            Section(part, self._origin, f"{self._key(key)}[{place}]")
            for place, part in enumerate(value, start=1)
        ]

    def text(self, key: str, known: Collection[str] | None = None) -> str:
        """Return a text that is not blank, one of `known` if given."""
        value = self._get(key)
        if not (isinstance(value, str) and value.strip()):
            self.refuse("rules_text", key)
        if known is not None and value not in known:
            self.refuse("rules_one_of", key, known=known)
        return str(value)

    def texts(
        self, key: str, known: Collection[str] | None = None, *, needed: bool = True
    ) -> tuple[str, ...]:
        """Return a list of texts, each of `known` if given; () where absent and not needed."""
        if not needed and key not in self:
            return ()
        value = self._get(key)
        if not (isinstance(value, list) and value and all(isinstance(v, str) for v in value)):
            self.refuse("rules_texts", key)
        if known is not None and not set(value) <= set(known):
            self.refuse("rules_one_of", key, known=known)
        return tuple(value)

    def number(self, key: str, *, low: float, high: float = float("inf")) -> float:
        """Return a number from `low` to `high`, both inclusive."""
        value = self._get(key)
        if not (is_number(value) and low <= value <= high):
            self.refuse("rules_number", key, low=f"{low:g}", high=f"{high:g}")
        return float(value)

    def number_or_none(self, key: str, *, low: float, high: float = float("inf")) -> float | None:
        """Return the same, or None where the key is absent."""
        return self.number(key, low=low, high=high) if key in self else None

    def whole(self, key: str, *, low: int, high: float = float("inf")) -> int:
        """Return a whole number from `low` to `high`, both inclusive."""
        number = self.number(key, low=low, high=high)
        if not number.is_integer():
            self.refuse("rules_whole", key)
        return int(number)

    def flag(self, key: str) -> bool:
        """Return true or false; false where the key is absent."""
        value = self._content.get(key, False)
        if not isinstance(value, bool):
            self.refuse("rules_flag", key)
        return bool(value)

    def pairs(self, key: str) -> tuple[tuple[float, float], ...]:
        """Return [figure, points] pairs with rising figures and points of 0 to 100."""
        value = self._get(key)
        if not (isinstance(value, list) and value and all(_is_pair(pair) for pair in value)):
            self.refuse("rules_curve", key)
        pairs = tuple((float(figure), float(points)) for figure, points in value)
        rising = all(before[0] < after[0] for before, after in pairwise(pairs))
        if not (rising and all(0 <= points <= MAX_POINTS for _, points in pairs)):
            self.refuse("rules_curve", key)
        return pairs

    def points_of(self, key: str) -> dict[str, float]:
        """Return code -> points of 0 to 100."""
        part = self.section(key)
        return {code: part.number(code, low=0, high=MAX_POINTS) for code in part.codes}

    def rows(self, key: str, number: Callable[[object], float | None]) -> list[list[float]]:
        """Return a table of numbers, each read by `number`."""
        value = self._get(key)
        if not (isinstance(value, list) and all(isinstance(row, list) for row in value)):
            self.refuse("rules_matrix", key)
        read = [[number(cell) for cell in row] for row in value]
        if any(cell is None for row in read for cell in row):
            self.refuse("rules_matrix", key)
        return [[cell for cell in row if cell is not None] for row in read]

    def refuse_others(self, known: Collection[str]) -> None:
        """Refuse the first key that is not known: it may be a slip of the pen."""
        for key in self._content:
            if key not in known:
                self.refuse("rules_unknown_key", key, known=sorted(known))

    def refuse(self, code: str, key: str, **facts: object) -> NoReturn:
        """Refuse a key."""
        path = self._key(key)
        known = facts.pop("known", ())
        told = {"known": "、".join(map(str, known))} if isinstance(known, Collection) else {}
        raise InputError(
            code,
            file=self._origin.file,
            line=self._origin.line(path),
            key=path,
            given=_short(self._content.get(key)),
            **told,
            **facts,
        )

    def _get(self, key: str) -> Any:  # noqa: ANN401 -- whatever stands in a stranger's file
        if key not in self._content:
            self.refuse("rules_missing_key", key)
        return self._content[key]

    def _key(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number."""
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))
    )


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(is_number(item) for item in value)


_MOST_SHOWN = 60


def _short(value: object) -> str:
    text = f"{value}"
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
