"""What would mend the gap, and what must be asked: each filter of each station turned by itself.

A mend changes one thing at one station: its hours, its door, its services; or opens one that is
planned, suspended or proposed. It wins the workers in reach whom nothing but that one thing keeps
out. Of those some are uncovered now, and for some a blank record may turn out well: told apart.
Mends do not add up: two of them may win the same workers.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from siting.coverage.cells import Cells
from siting.coverage.levels import FILTERS, UNCOVERED, Filter, Level, Levels, Supply
from siting.coverage.points import Demand, Float64
from siting.coverage.reach import Reach
from siting.filters import Passed, missing, need_of

MendKind = Literal["hours", "access", "services", "reopen", "planned", "new"]
TO_OPEN: Mapping[str, MendKind] = {"suspended": "reopen", "planned": "planned"}
"""States of stations that do not count and could: what opening one of them is called."""

_LEAST_WORKERS = 1e-9


@dataclass(frozen=True)
class Mend:
    """One change at one station, or a new one at a candidate site, and whom it wins.

    Attributes
    ----------
    kind
        `hours`: open in `windows` too; `access`: open to the public; `services`: offer `services`
        too; `reopen`: a suspended station; `planned`: a planned one, as its record says; `new`: a
        station at this candidate.
    site
        Number of the station or candidate in its table.
    workers
        Average present workers who are uncovered and whom the mend alone would cover, verified.
    windows, groups
        Codes of those it wins, the most workers first.
    services
        Codes to add; empty for the other kinds.
    assumed
        What is blank in the record of a site that is to open and was taken to come out well: its
        hours and services are choices. Empty where a station is changed.
    made_sure
        Average present workers who are unverified and whom the mend would cover, verified. They
        are not uncovered now and not in `workers`.
    weekdays
        Window -> the days on which it wins somebody, 1 = Monday .. 7 = Sunday, where that is not
        every day of the window.
    """

    kind: MendKind
    site: int
    workers: float
    windows: tuple[str, ...]
    groups: tuple[str, ...]
    services: tuple[str, ...] = ()
    assumed: tuple[Filter, ...] = ()
    made_sure: float = 0.0
    weekdays: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """What is not on record of a station, and how many workers hang on the answer.

    Attributes
    ----------
    site
        Number of the station in its table.
    blanks
        What to ask: its hours, access or services.
    workers
        Average present workers who are covered if the answer is good; several stations may have
        the same workers.
    """

    site: int
    blanks: tuple[Filter, ...]
    workers: float


@dataclass(frozen=True, eq=False)
class Missed:
    """Worker-hours in reach of each site of those whom no station surely serves.

    Both are float64[2, s, c]; the first axis is that of `Supply`: points elsewhere, points on the
    host's own grounds.

    Attributes
    ----------
    uncovered
        Of those whom no station can serve.
    unverified
        Of those whom one may serve, if blank records turn out well.
    """

    uncovered: Float64
    unverified: Float64


def missed(reach: Reach, hours: Float64, best: Levels) -> Missed:
    """Return whom each site might win.

    Parameters
    ----------
    hours
        float64[p, c], as `hours_by_cell` has them.
    best
        uint8[p, c], as `Reach.best` has it.
    """
    return Missed(
        worker_hours_in_reach(reach, worker_hours_at(hours, best, UNCOVERED)),
        worker_hours_in_reach(reach, worker_hours_at(hours, best, (Level.UNVERIFIED,))),
    )


def worker_hours_at(hours: Float64, best: Levels, levels: tuple[Level, ...]) -> Float64:
    """Return float64[p, c]: those of the worker-hours (p, c) that are at one of `levels`."""
    return np.where(np.isin(best, levels), hours, 0.0)


def worker_hours_in_reach(reach: Reach, hours: Float64) -> Float64:
    """Return float64[2, s, c]: the sum of `hours` (p, c) over the points in reach of each site.

    The first axis is that of `Supply`: points elsewhere, points on the host's own grounds.
    """
    point = np.repeat(np.arange(reach.points), np.diff(reach.indptr))
    row = reach.own.astype(np.int64) * reach.sites + reach.site
    ones = np.ones(len(row))
    shape = (2 * reach.sites, reach.points)
    found = sparse.csr_array((ones, (row, point)), shape=shape) @ hours
    return np.asarray(found).reshape(2, reach.sites, hours.shape[1])


def mends(
    stations: pd.DataFrame, supply: Supply, near: Missed, demand: Demand, cells: Cells
) -> tuple[Mend, ...]:
    """Return every change at one station that wins somebody uncovered, the most workers first.

    Parameters
    ----------
    stations
        The table that `supply` was read from.
    near
        Whom each of them might win.
    """
    found = [
        *_turned("hours", supply, near, demand, cells),
        *_turned("access", supply, near, demand, cells),
        *_served(stations["services"].tolist(), supply, near, demand, cells),
    ]
    return _ranked(found)


def openings(
    kinds: Sequence[MendKind], supply: Supply, near: Missed, demand: Demand, cells: Cells
) -> tuple[Mend, ...]:
    """Return the sites that win somebody uncovered once they are open, the most workers first.

    Parameters
    ----------
    kinds
        What opening each site is called.
    near
        Whom each of them might win; nobody where a site is not to be opened.
    """
    serves = supply.level >= Level.UNVERIFIED
    won, sure = (np.where(serves, part, 0.0) for part in (near.uncovered, near.unverified))
    sites = np.flatnonzero(won.sum(axis=(0, 2)) > _LEAST_WORKERS)
    return _ranked(
        [
            replace(
                _mend(kinds[site], site, _at(site, won, sure), demand, cells),
                assumed=_blanks(supply, site, won[:, site] + sure[:, site]),
            )
            for site in sites.tolist()
        ]
    )


def questions(supply: Supply, near: Missed, demand: Demand) -> tuple[Question, ...]:
    """Return what to ask of whom, the most workers first."""
    hanging = np.where(supply.level == Level.UNVERIFIED, near.unverified, 0.0)
    found = []
    for site in np.flatnonzero(hanging.sum(axis=(0, 2)) > _LEAST_WORKERS):
        blanks = _blanks(supply, int(site), hanging[:, site])
        found.append(Question(int(site), blanks, demand.present(float(hanging[:, site].sum()))))
    return tuple(sorted(found, key=lambda item: (-item.workers, item.site)))


def _blanks(supply: Supply, site: int, hours: Float64) -> tuple[Filter, ...]:
    """Return what is not on record of a site where workers (2, c) hang on it."""
    blank = supply.passed[:, :, site] == Passed.UNVERIFIED
    asked = (blank & (hours > 0)).any(axis=(1, 2))
    return tuple(name for name, ask in zip(FILTERS, asked, strict=True) if ask)


def _turned(
    one: Literal["hours", "access"], supply: Supply, near: Missed, demand: Demand, cells: Cells
) -> list[Mend]:
    won, sure = _kept_out(one, supply, near)
    sites = np.flatnonzero(won.sum(axis=(0, 2)) > _LEAST_WORKERS)
    return [_mend(one, site, _at(site, won, sure), demand, cells) for site in sites.tolist()]


def _served(
    services: list[str], supply: Supply, near: Missed, demand: Demand, cells: Cells
) -> list[Mend]:
    won, sure = _kept_out("services", supply, near)
    found = []
    for site in np.flatnonzero(won.sum(axis=(0, 2)) > _LEAST_WORKERS).tolist():
        gains = _at(site, won, sure)
        by_lack: dict[frozenset[str], list[int]] = defaultdict(list)
        for cell in np.flatnonzero(gains.sum(axis=0) > 0).tolist():
            by_lack[frozenset(missing(services[site], need_of(*cells.code(cell))))].append(cell)
        for added in by_lack:
            helped = [cell for lack, at in by_lack.items() if lack <= added for cell in at]
            part = np.zeros_like(gains)
            part[:, helped] = gains[:, helped]
            if part[0].sum() > _LEAST_WORKERS:
                mend = _mend("services", site, part, demand, cells)
                found.append(replace(mend, services=tuple(sorted(added))))
    return found


def _kept_out(one: Filter, supply: Supply, near: Missed) -> tuple[Float64, Float64]:
    """Return uncovered and unverified workers whom nothing but one filter keeps out."""
    failed = supply.passed[FILTERS.index(one)] == Passed.NO
    alone = failed & (supply.without(one) == Passed.YES)
    return np.where(alone, near.uncovered, 0.0), np.where(alone, near.unverified, 0.0)


def _at(site: int, won: Float64, sure: Float64) -> Float64:
    """Return float64[2, c]: whom a site wins by cell, uncovered now and unverified now."""
    return np.stack([part[:, site].sum(axis=0) for part in (won, sure)])


def _mend(kind: MendKind, site: int, gains: Float64, demand: Demand, cells: Cells) -> Mend:
    by_cell = gains[0].reshape(len(cells.groups), len(cells.parts))
    windows = _most_first(cells.by_window(by_cell).sum(axis=0))
    won = by_cell.sum(axis=0) > 0
    return Mend(
        kind=kind,
        site=site,
        workers=demand.present(float(gains[0].sum())),
        windows=tuple(cells.windows[number] for number in windows),
        groups=tuple(cells.groups[number] for number in _most_first(by_cell.sum(axis=1))),
        made_sure=demand.present(float(gains[1].sum())),
        weekdays=_weekdays(won, cells),
    )


def _weekdays(won: NDArray[np.bool_], cells: Cells) -> dict[str, tuple[int, ...]]:
    """Return window -> days on which somebody is won, where it is some of its parts (d) only."""
    found: dict[str, tuple[int, ...]] = {}
    for number, parts in cells.split_windows.items():
        wins = [part for part in parts if won[part]]
        if 0 < len(wins) < len(parts):
            days = {day for part in wins for day in cells.parts[part].weekdays}
            found[cells.windows[number]] = tuple(sorted(days))
    return found


def _most_first(gains: Float64) -> tuple[int, ...]:
    order: NDArray[np.int64] = np.argsort(-gains, kind="stable")
    return tuple(int(i) for i in order if gains[i] > 0)


def _ranked(found: list[Mend]) -> tuple[Mend, ...]:
    return tuple(
        sorted(found, key=lambda mend: (-mend.workers, mend.site, mend.kind, mend.services))
    )
