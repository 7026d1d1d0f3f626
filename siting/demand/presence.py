"""Who is at work when: the share of a head count that is present in each time window.

The lists that ship (reference/presence.toml, shifts.toml) are one profile; a district may keep its
own as a table, one row per group and per kind of shift, one column per window, and the source of
the row's numbers: blank is an assumption.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from geo.errors import InputError
from geo.intake.codes import find_code
from geo.intake.reader import open_raw
from geo.intake.shifts import SEPARATOR, plain_shift
from geo.reference import read_list
from siting.coverage.levels import week_of
from siting.hours import open_share
from siting.windows import windows
from words import Lang, say

ENTERPRISE_GROUP: Final = "enterprise"
DEFAULT_SHIFT: Final = "day"

Part = Literal["group", "shift"]
PARTS: Final[Mapping[Part, str]] = {"group": "groups", "shift": "shifts"}
"""What a row of a profile speaks of, and the list of its codes."""
HEADINGS: Final = ("part", "code", "name")
SOURCE: Final = "source"
_FIRST_ROW: Final = 2  # of a file: its headings are row 1
_TIMES: Final = ":"


@dataclass(frozen=True)
class Share:
    """How a group, or an enterprise of some shifts, is present.

    Attributes
    ----------
    shares
        0..1 for each window, in the order of `windows()`.
    source
        Where the numbers come from; "": they are our assumption.
    """

    shares: tuple[float, ...]
    source: str = ""

    @property
    def assumed(self) -> bool:
        """Whether nobody says where the numbers come from."""
        return not self.source


@dataclass(frozen=True)
class Profile:
    """The presence of every group but the workers of enterprises, and of every kind of shift."""

    group: Mapping[str, Share]
    shift: Mapping[str, Share]

    def of(self, group: str, shift: str = "") -> Share:
        """Return the presence of a group; enterprise workers are present by their shift.

        Parameters
        ----------
        group
            A code of the list of groups.
        shift
            As `plain_shift` reads it: a code, or the times of each shift. "", or what cannot be
            read: the day shift, an assumption.

        Raises
        ------
        InputError
            `siting_no_presence`: the profile does not have the group.
        """
        if group == ENTERPRISE_GROUP:
            return self.of_shift(shift)
        if group not in self.group:
            raise InputError("siting_no_presence", group=group, known="、".join(self.group))
        return self.group[group]

    def of_shift(self, shift: str) -> Share:
        """Return the presence of enterprise workers; that by stated times has them for source."""
        stated = plain_shift(shift) or DEFAULT_SHIFT
        if _TIMES in stated:
            return Share(_by_times(stated), stated)
        return self.shift[stated]


@cache
def shipped_profile() -> Profile:
    """Return the profile that ships.

    Raises
    ------
    InputError
        The lists disagree with each other or with the list of windows.
    """
    presence, shifts = read_list("reference/presence"), read_list("reference/shifts")
    order = tuple(presence["windows"])
    if set(order) != set(windows()):
        raise InputError("siting_presence_shares", name="windows")
    sources = presence.get("source", {})
    found: dict[Part, dict[str, Share]] = {"group": {}, "shift": {}}
    rows: list[tuple[Part, str, Sequence[float], str]] = [
        *(
            ("group", name, shares, sources.get(name, ""))
            for name, shares in presence["groups"].items()
        ),
        *(
            ("shift", name, entry["presence"], entry.get("source", ""))
            for name, entry in shifts.items()
        ),
    ]
    for part, name, given, source in rows:
        if len(given) != len(order) or not all(0 <= share <= 1 for share in given):
            raise InputError("siting_presence_shares", name=name)
        by_window = dict(zip(order, map(float, given), strict=True))
        found[part][name] = Share(tuple(by_window[code] for code in windows()), source)
    return Profile(**found)


def profile_table(profile: Profile, lang: Lang) -> pd.DataFrame:
    """Return a profile as people read and edit it: headings are codes, names are for the eye."""
    rows = []
    for part, listed in PARTS.items():
        names = read_list(f"reference/{listed}")
        for code, share in (profile.group if part == "group" else profile.shift).items():
            by_window = dict(zip(windows(), share.shares, strict=True))
            named = str(names.get(code, {}).get(lang, code))
            rows.append(
                {"part": part, "code": code, "name": named, **by_window, SOURCE: share.source}
            )
    return pd.DataFrame(rows, columns=[*HEADINGS, *windows(), SOURCE])


def read_profile_file(source: Path | bytes, name: str = "") -> Profile:
    """Return the profile that a file states: a table of cells with its headings in the first row.

    Raises
    ------
    InputError
        As `read_profile`, or what `geo.intake` refuses.
    """
    raw = open_raw(source, "totals", name=name)
    cells = raw.cells
    if raw.headings is None:
        headings, cells = cells.iloc[0], cells.iloc[1:]
    else:
        headings = pd.Series(raw.headings)
    return read_profile(cells.set_axis([str(h).strip() for h in headings], axis=1))


def read_profile(table: pd.DataFrame) -> Profile:
    """Return the profile that a table states, with the shipped one where it is silent.

    Parameters
    ----------
    table
        The columns of `profile_table`, of text or numbers; `name` is not read. Headings of windows
        and names of groups may be codes or what people call them.

    Raises
    ------
    InputError
        `siting_profile_column`: a window has no column; `siting_profile_code`: a row speaks of
        nobody that the lists know; `siting_profile_share`: a cell is no number from 0 to 1;
        `siting_profile_twice`. Each names the row (1-based, the headings are row 1) and column.
    """
    named = _by_code(table)
    base = shipped_profile()
    found: dict[Part, dict[str, Share]] = {"group": {}, "shift": {}}
    for number, row in enumerate(named.to_dict("records"), start=_FIRST_ROW):
        part, code = _meant(row, number)
        if code in found[part]:
            raise InputError("siting_profile_twice", row=number, code=code)
        shares = tuple(_share(row[window], number, window) for window in windows())
        found[part][code] = Share(shares, _text(row.get(SOURCE)))
    return Profile({**base.group, **found["group"]}, {**base.shift, **found["shift"]})


def _by_code(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with codes for headings."""
    codes: dict[str, str] = {}
    for heading in map(str, table.columns):
        code = find_code("windows", heading) or _heading(heading)
        codes[heading] = code or heading
    named = table.rename(columns=codes)
    for needed in ("code", *windows()):
        if needed not in named.columns:
            raise InputError("siting_profile_column", column=profile_heading(needed, "zh"))
    return named


def _heading(heading: str) -> str | None:
    """Return the code of a heading that is no window."""
    for code in (*HEADINGS, SOURCE):
        if heading in (code, profile_heading(code, "zh"), profile_heading(code, "en")):
            return code
    return None


def profile_heading(code: str, lang: Lang) -> str:
    """Return what people call a column of a profile."""
    if code in windows():
        return str(read_list("reference/windows")[code][lang])
    return say(f"siting.profile.{code}", lang)


def _meant(row: Mapping[object, object], number: int) -> tuple[Part, str]:
    """Return what a row speaks of: a group, or a kind of shift."""
    given = _text(row.get("code"))
    for part, listed in PARTS.items():
        code = find_code(listed, given)
        if code is not None and code != ENTERPRISE_GROUP:
            return part, code
    known = "、".join((*read_list("reference/presence")["groups"], *read_list("reference/shifts")))
    raise InputError("siting_profile_code", row=number, code=given, known=known)


def _share(cell: object, row: int, window: str) -> float:
    text = _text(cell)
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        column = profile_heading(window, "zh")
        raise InputError("siting_profile_share", row=row, column=column, value=text)
    return share


def _text(cell: object) -> str:
    return "" if cell is None or cell != cell else str(cell).strip()  # noqa: PLR0124 -- NaN


@cache
def _by_times(shifts: str) -> tuple[float, ...]:
    """Return the share of workers present whose shifts have these times: as many in each shift.

    Nobody is on leave, and whoever belongs to a shift works on each of its days. A window of which
    a shift takes a part has its workers for that part.
    """
    parts = shifts.split(SEPARATOR)
    week = week_of("ordinary")
    known = [[open_share(part, each, week) or 0.0 for part in parts] for each in windows().values()]
    return tuple(sum(shares) / len(parts) for shares in known)
