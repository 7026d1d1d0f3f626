"""What would mend the gap, and what must be asked: each filter of each station turned by itself.

A mend changes one thing at one station: its hours, its door, its services. It wins the workers in
reach whom nothing but that one thing keeps out. Mends do not add up: two of them may win the same
workers.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from siting.coverage.cells import Cells
from siting.coverage.levels import FILTERS, Filter, Level, Levels, Supply
from siting.coverage.points import Demand, Float64
from siting.coverage.reach import Reach
from siting.filters import Passed, missing, need_of
from siting.sums import sum_by

MendKind = Literal["hours", "access", "services", "new"]
_LEAST_WORKERS = 1e-9


@dataclass(frozen=True)
class Mend:
    """One change at one station, or a new one at a candidate site, and whom it wins.

    Attributes
    ----------
    kind
        `hours`: open in `windows` too; `access`: open to the public; `services`: offer `services`
        too; `new`: a station at this candidate.
    site
        Number of the station or candidate in its table.
    workers
        Average present workers who are uncovered and whom the mend alone would cover, verified.
    windows, groups
        Codes of those it wins, the most workers first.
    services
        Codes to add; empty for the other kinds.
    assumed
        What is blank in the record of a candidate and was taken to come out well: for a site that
        is yet to be built, hours and services are choices. Empty for the other kinds.
    """

    kind: MendKind
    site: int
    workers: float
    windows: tuple[str, ...]
    groups: tuple[str, ...]
    services: tuple[str, ...] = ()
    assumed: tuple[Filter, ...] = ()


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


def worker_hours_at(
    demand: Demand, cells: Cells, best: Levels, levels: tuple[Level, ...]
) -> Float64:
    """Return float64[p, c]: worker-hours per week of the points and cells at one of `levels`."""
    index = demand.row_point * cells.size + cells.row_cell
    hours = sum_by(index, demand.row_hours, demand.points * cells.size)
    table = hours.reshape(demand.points, cells.size)
    return np.where(np.isin(best, levels), table, 0.0)


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
    stations: pd.DataFrame, supply: Supply, in_reach: Float64, demand: Demand, cells: Cells
) -> tuple[Mend, ...]:
    """Return every change at one station that wins somebody, the most workers first.

    Parameters
    ----------
    stations
        The table that `supply` was read from.
    in_reach
        As `worker_hours_in_reach` has it, of the uncovered.
    """
    found = [
        *_turned("hours", supply, in_reach, demand, cells),
        *_turned("access", supply, in_reach, demand, cells),
        *_served(stations["services"].tolist(), supply, in_reach, demand, cells),
    ]
    return _ranked(found)


def new_stations(
    supply: Supply, in_reach: Float64, demand: Demand, cells: Cells
) -> tuple[Mend, ...]:
    """Return the candidates that win somebody by themselves, the most workers first."""
    each = np.where(supply.level >= Level.UNVERIFIED, in_reach, 0.0)
    won = each.sum(axis=0)
    return _ranked(
        [
            replace(
                _mend("new", int(site), won[site], demand, cells),
                assumed=_blanks(supply, int(site), each[:, site]),
            )
            for site in np.flatnonzero(won.sum(axis=1) > _LEAST_WORKERS)
        ]
    )


def questions(supply: Supply, in_reach: Float64, demand: Demand) -> tuple[Question, ...]:
    """Return what to ask of whom, the most workers first.

    Parameters
    ----------
    in_reach
        As `worker_hours_in_reach` has it, of the unverified.
    """
    hanging = np.where(supply.level == Level.UNVERIFIED, in_reach, 0.0)
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
    one: Literal["hours", "access"],
    supply: Supply,
    in_reach: Float64,
    demand: Demand,
    cells: Cells,
) -> list[Mend]:
    won = _kept_out(one, supply, in_reach).sum(axis=0)
    sites = np.flatnonzero(won.sum(axis=1) > _LEAST_WORKERS)
    return [_mend(one, int(site), won[site], demand, cells) for site in sites]


def _served(
    services: list[str], supply: Supply, in_reach: Float64, demand: Demand, cells: Cells
) -> list[Mend]:
    won = _kept_out("services", supply, in_reach).sum(axis=0)
    found = []
    for site in np.flatnonzero(won.sum(axis=1) > _LEAST_WORKERS):
        by_lack: dict[frozenset[str], list[int]] = defaultdict(list)
        for cell in np.flatnonzero(won[site] > 0):
            group, window = divmod(int(cell), len(cells.windows))
            need = need_of(cells.groups[group], cells.windows[window])
            by_lack[frozenset(missing(services[site], need))].append(int(cell))
        for added in by_lack:
            helped = [cell for lack, at in by_lack.items() if lack <= added for cell in at]
            gains = np.zeros(cells.size)
            gains[helped] = won[site, helped]
            mend = _mend("services", int(site), gains, demand, cells)
            found.append(replace(mend, services=tuple(sorted(added))))
    return found


def _kept_out(one: Filter, supply: Supply, in_reach: Float64) -> Float64:
    """Return `in_reach` where nothing but one filter is in the way."""
    failed = supply.passed[FILTERS.index(one)] == Passed.NO
    return np.where(failed & (supply.without(one) == Passed.YES), in_reach, 0.0)


def _mend(kind: MendKind, site: int, gains: Float64, demand: Demand, cells: Cells) -> Mend:
    by_cell = gains.reshape(len(cells.groups), len(cells.windows))
    return Mend(
        kind=kind,
        site=site,
        workers=demand.present(float(gains.sum())),
        windows=_most_first(cells.windows, by_cell.sum(axis=0)),
        groups=_most_first(cells.groups, by_cell.sum(axis=1)),
    )


def _most_first(codes: tuple[str, ...], gains: Float64) -> tuple[str, ...]:
    order: NDArray[np.int64] = np.argsort(-gains, kind="stable")
    return tuple(codes[i] for i in order if gains[i] > 0)


def _ranked(found: list[Mend]) -> tuple[Mend, ...]:
    return tuple(
        sorted(found, key=lambda mend: (-mend.workers, mend.site, mend.kind, mend.services))
    )
