"""How far each station gets with each group in each window, day by day: filters in their order.

A worker in reach of several stations gets as far as the best of them. The first filter that leaves
none of them is therefore the cause of his gap, and one number per worker says everything.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.reference import read_list
from siting.coverage.cells import Cells
from siting.filters import Passed, admits, need_of, offers, opened
from siting.weather import MILD, Weather

Levels = NDArray[np.uint8]
Filter = Literal["hours", "access", "services"]
FILTERS: tuple[Filter, ...] = ("hours", "access", "services")
"""In the order in which they are applied."""

DEFAULT_OPEN_SHARE = 0.5


class Level(IntEnum):
    """How far the stations in a worker's reach get him; each step passes one filter more."""

    OUT_OF_REACH = 0
    CLOSED = 1
    NOT_ADMITTED = 2
    NOT_SERVED = 3
    UNVERIFIED = 4
    VERIFIED = 5


UNCOVERED = (Level.OUT_OF_REACH, Level.CLOSED, Level.NOT_ADMITTED, Level.NOT_SERVED)
"""The causes of a gap, in the order of the filters."""


@dataclass(frozen=True)
class Terms:
    """On what terms a station is of use.

    Attributes
    ----------
    monday
        First day of the week in which opening hours are read.
    open_share
        Least share (0..1] of a window in which a station must be open, day by day, inclusive (>=).
    kind_defaults
        Whether a blank access right is taken to be that of the station's kind; else it is
        unverified.
    weather
        How much shorter workers walk than the cut-off says, and which hours weigh more.
    """

    monday: date = field(default_factory=lambda: week_of("ordinary"))
    open_share: float = DEFAULT_OPEN_SHARE
    kind_defaults: bool = False
    weather: Weather = MILD

    def __post_init__(self) -> None:
        """Check the share.

        Raises
        ------
        InputError
            It is not in (0, 1].
        """
        if not 0.0 < self.open_share <= 1.0:
            raise InputError("siting_open_share", share=self.open_share)


def week_of(season: str) -> date:
    """Return the Monday of the week that stands for a season, from data/reference/weeks.toml.

    Raises
    ------
    InputError
        The list has no such season.
    """
    known = read_list("reference/weeks")
    if season not in known:
        raise InputError("siting_unknown_season", season=season, known="、".join(known))
    monday: date = known[season]["monday"]
    return monday


@dataclass(frozen=True, eq=False)
class Supply:
    """What the stations answer to the filters; s stations, c cells.

    Attributes
    ----------
    passed
        uint8[3, 2, s, c] of `Passed`: by filter, then by whether workers are on the host's own
        grounds (0: elsewhere, 1: there).
    """

    passed: Levels

    @cached_property
    def level(self) -> Levels:
        """uint8[2, s, c] of `Level`: how far each station gets the workers in its reach."""
        least = np.minimum.accumulate(self.passed, axis=0)
        verified = least[-1] == Passed.YES
        steps: Levels = (Level.CLOSED + (least > Passed.NO).sum(axis=0) + verified).astype(np.uint8)
        return steps

    def without(self, one: Filter) -> Levels:
        """Return uint8[2, s, c] of `Passed`: the least answer to the other filters."""
        others = [i for i, name in enumerate(FILTERS) if name != one]
        least: Levels = self.passed[others].min(axis=0)
        return least


def read_supply(stations: pd.DataFrame, cells: Cells, terms: Terms) -> Supply:
    """Return what stations (rows of `stations` or `candidates`) answer to the filters.

    Parameters
    ----------
    cells
        Of days on which these stations are open alike, or of every day by itself; hours are read
        in their week.

    Raises
    ------
    InputError
        An access right that the list does not have.
    """
    passed = np.empty((len(FILTERS), 2, len(stations), cells.size), dtype=np.uint8)
    access = _access(stations, terms)
    columns = (stations["hours"].tolist(), access, stations["services"].tolist())
    for place, answers in enumerate(zip(*columns, strict=True)):
        passed[:, :, place] = _answers(*answers, cells, terms)
    return Supply(passed)


def _answers(hours: str, access: str, services: str, cells: Cells, terms: Terms) -> Levels:
    """Return uint8[3, 2, c] for one station."""
    codes = [cells.windows[part.window] for part in cells.parts]
    answers = np.empty((len(FILTERS), 2, len(cells.groups), len(codes)), dtype=np.uint8)
    answers[0] = [
        opened(hours, code, cells.monday, terms.open_share)[part.day]
        for code, part in zip(codes, cells.parts, strict=True)
    ]
    for own in (0, 1):
        admitted = [admits(access, group, own_grounds=bool(own)) for group in cells.groups]
        answers[1, own] = np.array(admitted, dtype=np.uint8)[:, None]
    answers[2] = [
        [offers(services, need_of(group, code)) for code in codes] for group in cells.groups
    ]
    return answers.reshape(len(FILTERS), 2, cells.size)


def _access(stations: pd.DataFrame, terms: Terms) -> list[str]:
    if not terms.kind_defaults:
        return stations["access"].tolist()
    listed = read_list("reference/kinds")
    usual = {code: ";".join(entry["access"]) for code, entry in listed.items()}
    kinds = stations["kind"].tolist()
    return [
        access or usual.get(kind, "")
        for access, kind in zip(stations["access"].tolist(), kinds, strict=True)
    ]
