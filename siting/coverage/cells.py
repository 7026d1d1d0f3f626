"""The cells of a week: each worker group in each time window, on each of its days.

A window of several days is not judged as a whole: who finds the door open on Saturday is not
served on Sunday. Days of a window on which every station is open alike are one part of it, so that
an ordinary week has hardly more cells than windows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from siting.calendar import pattern_day
from siting.coverage.points import Demand, Float64
from siting.hours import lived_days, open_shares
from siting.sums import sum_by
from siting.windows import window


@dataclass(frozen=True)
class Part:
    """Days of one window on which every station is open for the same share of it.

    Attributes
    ----------
    window
        Number of the window in `Cells.windows`.
    day
        Which of the window's days in the week is the first of them, from 0.
    weekdays
        What the days are lived as, 1 = Monday .. 7 = Sunday; none for "", any time.
    share
        Of the window's worker-hours (0..1]: its days / all days of the window in the week.
    """

    window: int
    day: int
    weekdays: tuple[int, ...]
    share: float


@dataclass(frozen=True, eq=False)
class Cells:
    """Groups x parts; the cell of group g in part d is g * len(parts) + d.

    Attributes
    ----------
    groups, windows
        Codes in the order of their first row; "" is "no group named" and "any time".
    parts
        The days of the windows: at least one part each, in the order of the windows.
    monday
        The first day of the week that they are of.
    row_group, row_window
        int32[r]: the group and the window of each row of the demand table.
    towns, row_town
        Units in the order of their first row, "" outside all; int32[r]: the unit of each row.
    """

    groups: tuple[str, ...]
    windows: tuple[str, ...]
    parts: tuple[Part, ...]
    monday: date
    row_group: NDArray[np.int32]
    row_window: NDArray[np.int32]
    towns: tuple[str, ...]
    row_town: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.groups) * len(self.parts)

    @cached_property
    def part_window(self) -> NDArray[np.int64]:
        """int64[parts]: the window of each."""
        return np.array([part.window for part in self.parts], dtype=np.int64)

    @cached_property
    def part_share(self) -> Float64:
        """float64[parts]: its share of its window's worker-hours."""
        return np.array([part.share for part in self.parts], dtype=np.float64)

    @cached_property
    def first_part(self) -> NDArray[np.int64]:
        """int64[windows]: the first part of each."""
        return np.searchsorted(self.part_window, np.arange(len(self.windows)))

    @cached_property
    def split_windows(self) -> dict[int, list[int]]:
        """Windows of several parts, by number, and the numbers of these parts."""
        parts: dict[int, list[int]] = {}
        for number, part in enumerate(self.parts):
            parts.setdefault(part.window, []).append(number)
        return {window: held for window, held in parts.items() if len(held) > 1}

    def of_groups(self, groups: list[int]) -> NDArray[np.int64]:
        """Return the cells of some groups, group by group."""
        parts = len(self.parts)
        return (np.array(groups, dtype=np.int64)[:, None] * parts + np.arange(parts)).ravel()

    def code(self, cell: int) -> tuple[str, str]:
        """Return the group and the window of a cell."""
        group, part = divmod(cell, len(self.parts))
        return self.groups[group], self.windows[self.parts[part].window]

    def by_window(self, hours: Float64) -> Float64:
        """Return float64[groups, windows]: worker-hours of cells (c) with days put together."""
        table = hours.reshape(len(self.groups), len(self.parts))
        if not len(self.parts):
            return table
        return np.add.reduceat(table, self.first_part, axis=1)


def read_cells(table: pd.DataFrame, monday: date, hours: Iterable[str] | None = None) -> Cells:
    """Return the cells of a demand table, and its units.

    Parameters
    ----------
    monday
        The first day of the week that counts.
    hours
        Opening hours of all stations that will be looked at; days on which they are all open alike
        are put together. None: any station may come, and every day stands for itself.

    Raises
    ------
    InputError
        A window does not occur in that week.
    """
    row_group, groups = pd.factorize(table["group"])
    row_window, windows = pd.factorize(table["window"])
    row_town, towns = pd.factorize(table["town"])
    texts = None if hours is None else sorted(set(hours))
    codes = tuple(map(str, windows))
    return Cells(
        groups=tuple(map(str, groups)),
        windows=codes,
        parts=tuple(
            part
            for number, code in enumerate(codes)
            for part in _parts(number, code, monday, texts)
        ),
        monday=monday,
        row_group=row_group.astype(np.int32),
        row_window=row_window.astype(np.int32),
        towns=tuple(map(str, towns)),
        row_town=row_town.astype(np.int32),
    )


def hours_by_cell(demand: Demand, cells: Cells) -> Float64:
    """Return float64[p, c]: worker-hours per week; those of a window lie evenly on its days."""
    groups, windows = len(cells.groups), len(cells.windows)
    row = (demand.row_point * groups + cells.row_group) * windows + cells.row_window
    table = sum_by(row, demand.row_hours, demand.points * groups * windows)
    spread = table.reshape(demand.points, groups, windows)[:, :, cells.part_window]
    spread *= cells.part_share
    return spread.reshape(demand.points, cells.size)


def _parts(number: int, code: str, monday: date, texts: list[str] | None) -> list[Part]:
    """Return the parts of one window, in the order of their first days."""
    if not code:
        return [Part(number, 0, (), 1.0)]
    days = lived_days(window(code), monday)
    if not days:
        raise InputError("siting_window_not_in_week", window=code, monday=monday)
    alike: dict[object, list[int]] = {}
    each = None if texts is None else [open_shares(text, window(code), monday) for text in texts]
    for day in range(len(days)):
        pattern: object = day if each is None else tuple(shares[day] for shares in each)
        alike.setdefault(pattern, []).append(day)
    return [
        Part(
            window=number,
            day=held[0],
            weekdays=tuple(sorted({pattern_day(days[day]) for day in held})),
            share=len(held) / len(days),
        )
        for held in alike.values()
    ]
