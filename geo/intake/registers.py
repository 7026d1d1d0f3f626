"""Two lists of the same enterprises: merged by credit code and name, differences shown.

The union's register (百人以上企业信息台账) comes from the members' and the tax office's lists,
and is verified by visits. What both say alike is one; what only one says is taken; where they
differ, people decide, and until then the first list stands. A head count goes with its date and
its source, and a verification with its means and its date: one list's figure never gets the
other's date.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import geodesic_m
from geo.intake.unplaced import TO_VERIFY

Cells = NDArray[np.object_]
Side = Literal["register", "visit"]

POSITION: Final = "position"
"""Column of a difference that means longitude and latitude together."""
TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "workers": ("workers_on", "workers_from"),
    "verification": ("verified_by_means", "verified_on"),
}
"""Column -> those that say when and how it was found out: they are taken with it or not at all."""
SAME_PLACE_M: Final = 30.0
"""Positions at most (<=) this far apart, metres, are the same."""
_MARKS: Final = re.compile(r"[\s·・,，.。、\-—_]+")
_OWN: Final = frozenset({"id", "lon", "lat", "position_state"})


@dataclass(frozen=True)
class Difference:
    """One column in which two rows of one enterprise differ.

    Attributes
    ----------
    register_row, visit_row
        Indices in the two frames.
    column
        Of the schema, or `POSITION`.
    register, visit
        What each says; positions as `lon,lat`.
    apart_m
        Of positions: metres between them.
    register_with, visit_with
        What each list says of the columns that go with it (`TOGETHER`), by column; no blanks.
    """

    register_row: int
    visit_row: int
    name: str
    column: str
    register: str
    visit: str
    apart_m: float | None = None
    register_with: tuple[tuple[str, str], ...] = ()
    visit_with: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[int, str]:
        """What a decision names: the register's row and the column."""
        return self.register_row, self.column


@dataclass(frozen=True, eq=False)
class Merged:
    """Two lists as one.

    Attributes
    ----------
    frame
        The first list's rows in their order, then those that only the second has.
    pairs
        (register row, visit row) that are one enterprise.
    differences
        What people must decide.
    filled
        (register row, column) that only the visit says.
    unclear
        (register row, visit row) of one name that were not merged: their credit codes differ, or
        the name stands several times.
    """

    frame: pd.DataFrame
    pairs: tuple[tuple[int, int], ...]
    differences: tuple[Difference, ...]
    filled: tuple[tuple[int, str], ...]
    unclear: tuple[tuple[int, int], ...]


def merge_registers(
    register: pd.DataFrame,
    visit: pd.DataFrame,
    decisions: Mapping[tuple[int, str], Side] | None = None,
) -> Merged:
    """Return two lists of enterprises as one; neither is changed.

    Parameters
    ----------
    register, visit
        Frames of the schema's table of enterprises, positions WGS-84 or missing.
    decisions
        `Difference.key` -> whose value counts; absent: the register's. A position that is still to
        be verified (of a unit, or found by the address) gives way to one that is not.
    """
    pairs, unclear = _pairs(register, visit)
    chosen = decisions or {}
    cells = {c: register[c].to_numpy(dtype=object, copy=True) for c in register.columns}
    other = {c: visit[c].to_numpy(dtype=object) for c in visit.columns}
    differences: list[Difference] = []
    filled: list[tuple[int, str]] = []
    for mine, theirs in pairs:
        found, new = _compare(cells, other, mine, theirs)
        differences += found
        filled += [(mine, column) for column in new]
        taken = [d.column for d in found if chosen.get(d.key, "register") == "visit"]
        _take(cells, other, (mine, theirs), [*new, *taken])
    merged = pd.DataFrame({c: pd.Series(values) for c, values in cells.items()})
    rest = visit.drop(index=[theirs for _, theirs in pairs]).reindex(columns=register.columns)
    frame = pd.concat([merged, rest.astype(object)], ignore_index=True)
    return Merged(
        frame.astype(register.dtypes.to_dict()),
        tuple(pairs),
        tuple(differences),
        tuple(filled),
        tuple(unclear),
    )


def known_rows(register: pd.DataFrame, visit: pd.DataFrame) -> dict[int, int]:
    """Return visit row -> register row for what the register knows by credit code, or by its name.

    Several rows of the visit may be one enterprise; a code or a name that the register has several
    times is nobody's. Of one name with two credit codes nothing is said.
    """
    codes = [_codes(frame) for frame in (register, visit)]
    names = [[enterprise_key(str(name)) for name in frame["name"]] for frame in (register, visit)]
    by_code, by_name = _places(codes[0]), _places(names[0])
    found = {}
    for row, (code, name) in enumerate(zip(codes[1], names[1], strict=True)):
        mine = by_code.get(code, [])
        if not mine:
            same = by_name.get(name, [])
            mine = [i for i in same if not code or not codes[0][i]]
        if len(mine) == 1:
            found[row] = mine[0]
    return found


def enterprise_key(name: str) -> str:
    """Return a firm's name without case, width, spaces and marks; brackets are part of it."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", name).casefold())


def _pairs(
    register: pd.DataFrame, visit: pd.DataFrame
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the rows of one enterprise: by credit code first, then by names that stand once."""
    codes = [_codes(frame) for frame in (register, visit)]
    names = [[enterprise_key(str(name)) for name in frame["name"]] for frame in (register, visit)]
    pairs = _matches(*codes)
    done = {mine for mine, _ in pairs}, {theirs for _, theirs in pairs}
    left = [
        ["" if i in taken else key for i, key in enumerate(keys)]
        for keys, taken in zip(names, done, strict=True)
    ]
    unclear: list[tuple[int, int]] = []
    for mine, theirs in _matches(*left):
        one, two = codes[0][mine], codes[1][theirs]
        (unclear if one and two and one != two else pairs).append((mine, theirs))
    return sorted(pairs), sorted([*unclear, *_repeated(*left)])


def _codes(frame: pd.DataFrame) -> list[str]:
    if "credit_code" not in frame.columns:
        return [""] * len(frame)
    return [enterprise_key(str(code)).upper() for code in frame["credit_code"]]


def _matches(one: list[str], two: list[str]) -> list[tuple[int, int]]:
    """Return the indices of keys that stand exactly once in both lists; "" is no key."""
    mine, theirs = _places(one), _places(two)
    return [
        (found[0], theirs[key][0])
        for key, found in mine.items()
        if len(found) == 1 and len(theirs.get(key, ())) == 1
    ]


def _repeated(one: list[str], two: list[str]) -> list[tuple[int, int]]:
    """Return the first indices of keys that both lists have, one of them several times."""
    mine, theirs = _places(one), _places(two)
    return [
        (found[0], theirs[key][0])
        for key, found in mine.items()
        if key in theirs and len(found) + len(theirs[key]) > 2
    ]


def _places(keys: list[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        if key:
            places.setdefault(key, []).append(i)
    return places


def _compare(
    mine: Mapping[str, Cells],
    theirs: Mapping[str, Cells],
    row: int,
    other: int,
) -> tuple[list[Difference], list[str]]:
    """Return the differences of two rows, and the columns that only the second says."""
    differences, new = [], []
    done = set(_OWN)
    for column in mine:
        if column in done or column not in theirs or _blank(theirs[column][other]):
            continue
        found = _compare_cells(mine, theirs, (row, other), column)
        done.update(_going_with(column, mine, theirs))
        if isinstance(found, Difference):
            differences.append(found)
        else:
            new += found
    place = _compare_places(mine, theirs, row, other)
    if isinstance(place, Difference):
        differences.append(place)
    elif place:
        new.append(POSITION)
    return differences, new


def _compare_cells(
    mine: Mapping[str, Cells],
    theirs: Mapping[str, Cells],
    pair: tuple[int, int],
    column: str,
) -> Difference | list[str]:
    """Return how a column differs with those that go with it, or what only the second row says."""
    row, other = pair
    given, said = mine[column][row], theirs[column][other]
    beside = [(c, mine[c][row], theirs[c][other]) for c in _going_with(column, mine, theirs)]
    if _blank(given):
        return [column, *(c for c, _, two in beside if not _blank(two))]
    told = [(c, one, two) for c, one, two in beside if not _blank(two)]
    if _alike(column, given, said) and all(_blank(one) or one == two for _, one, two in told):
        return [c for c, one, _ in told if _blank(one)]
    return Difference(
        row,
        other,
        str(mine["name"][row]),
        column,
        str(given),
        str(said),
        register_with=tuple((c, str(one)) for c, one, _ in beside if not _blank(one)),
        visit_with=tuple((c, str(two)) for c, _, two in told),
    )


def _going_with(
    column: str, mine: Mapping[str, Cells], theirs: Mapping[str, Cells]
) -> tuple[str, ...]:
    return tuple(c for c in TOGETHER.get(column, ()) if c in mine and c in theirs)


def _compare_places(
    mine: Mapping[str, Cells],
    theirs: Mapping[str, Cells],
    row: int,
    other: int,
) -> Difference | bool:
    """Return the difference of two positions, or whether the second is the only true one."""
    here = [float(mine[axis][row]) for axis in ("lon", "lat")]
    there = [float(theirs[axis][other]) for axis in ("lon", "lat")]
    if not np.isfinite(there).all():
        return False
    provisional = [_is_provisional(side, i) for side, i in ((mine, row), (theirs, other))]
    if not np.isfinite(here).all() or (provisional[0] and not provisional[1]):
        return True
    apart_m = float(geodesic_m(*here, *there))
    if apart_m <= SAME_PLACE_M or provisional[1]:
        return False
    shown = [",".join(f"{part:.6f}" for part in place) for place in (here, there)]
    return Difference(row, other, str(mine["name"][row]), POSITION, shown[0], shown[1], apart_m)


def _is_provisional(cells: Mapping[str, Cells], row: int) -> bool:
    return "position_state" in cells and cells["position_state"][row] in TO_VERIFY


def _take(
    mine: Mapping[str, Cells],
    theirs: Mapping[str, Cells],
    pair: tuple[int, int],
    taken: list[str],
) -> None:
    row, other = pair
    places = [c for c in ("lon", "lat", "position_state") if c in mine and c in theirs]
    for column in taken:
        for name in places if column == POSITION else [column, *_going_with(column, mine, theirs)]:
            mine[name][row] = theirs[name][other]


def _alike(column: str, given: object, said: object) -> bool:
    if column in ("name", "credit_code"):
        return enterprise_key(str(given)) == enterprise_key(str(said))
    return bool(not _blank(given) and given == said)


def _blank(value: object) -> bool:
    return bool(value is None or value is pd.NA or value != value or value == "")  # noqa: PLR0124 -- NaN
