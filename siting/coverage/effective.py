"""Effective coverage: within reach, open, admitted and served; the rest with its cause.

One `Level` per demand point and cell (a group in a window on some of its days) says everything:
verified and unverified coverage, the causes of the gap (the first filter that leaves no station in
reach), and nominal coverage, which is every level but `OUT_OF_REACH`. Each worker counts once,
however many stations reach him.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siting.coverage.cells import Cells
from siting.coverage.levels import UNCOVERED, Level, Levels, Terms
from siting.coverage.points import Demand, Float64
from siting.coverage.shares import group_order, in_order, unit_order, window_order
from siting.results import Measure, plain
from siting.sums import sum_by

LEVELS = len(Level)
_POINTS_AT_ONCE = 512
"""Points summed together: what is summed stays in the cache, half the time of all at once."""


@dataclass(frozen=True)
class LevelRow:
    """Workers of one unit, group or window, or of all, by how far their stations get them.

    Attributes
    ----------
    name
        Of the unit, group or window; "" is "none named".
    by_level
        Average present workers (within one window: heads) at each `Level`.
    """

    name: str
    by_level: tuple[float, ...]

    @property
    def workers(self) -> float:
        """All of them."""
        return sum(self.by_level)

    @property
    def nominal(self) -> float:
        """Those within reach of a station, whatever it offers to whom and when."""
        return sum(self.by_level[Level.CLOSED :])

    @property
    def verified(self) -> float:
        """Those effectively covered by what is on record."""
        return self.by_level[Level.VERIFIED]

    @property
    def unverified(self) -> float:
        """Those covered if blank records turn out well, and not if not."""
        return self.by_level[Level.UNVERIFIED]

    @property
    def uncovered(self) -> float:
        """Those whom no station can serve, whatever blank records turn out to be."""
        return sum(self.by_level[: Level.UNVERIFIED])

    @property
    def coverage(self) -> float:
        """Verified share; 0 without workers."""
        return self._share(self.verified)

    @property
    def nominal_coverage(self) -> float:
        """Share within reach; 0 without workers."""
        return self._share(self.nominal)

    def as_dict(self, key: str) -> dict[str, object]:
        """Return the command line's JSON; `key` says what `name` is of."""
        return {key: self.name, **self.figures()}

    def figures(self) -> dict[str, object]:
        """Return the figures for JSON."""
        return {
            "workers": plain(self.workers),
            "nominal": plain(self.nominal),
            "verified": plain(self.verified),
            "unverified": plain(self.unverified),
            "uncovered": plain(self.uncovered),
            "coverage": self.coverage,
            "nominal_coverage": self.nominal_coverage,
            "causes": {level.name.lower(): plain(self.by_level[level]) for level in UNCOVERED},
        }

    def _share(self, workers: float) -> float:
        return workers / self.workers if self.workers else 0.0


@dataclass(frozen=True, eq=False)
class EffectiveCoverage:
    """Who can really use a station; p demand points, c cells.

    Attributes
    ----------
    total
        All workers that count.
    towns, groups, windows
        The same by unit, group and window (heads of that window, the average of its days), in the
        orders of their lists.
    level
        uint8[p, c] of `Level`.
    point_hours
        float64[p, levels]: worker-hours per week at each level.
    hours_per_week, measure
        As in `Demand`.
    """

    terms: Terms
    total: LevelRow
    towns: tuple[LevelRow, ...]
    groups: tuple[LevelRow, ...]
    windows: tuple[LevelRow, ...]
    level: Levels
    point_hours: Float64
    hours_per_week: float
    measure: Measure

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            **self.total.figures(),
            "monday": self.terms.monday.isoformat(),
            "open_share": self.terms.open_share,
            "kind_defaults": self.terms.kind_defaults,
            "weather": self.terms.weather.as_dict(),
            "measure": self.measure,
            "towns": [row.as_dict("town") for row in self.towns],
        }


def effective_coverage(
    demand: Demand, cells: Cells, hours: Float64, best: Levels, terms: Terms
) -> EffectiveCoverage:
    """Return effective coverage from how far the stations get each point's workers.

    Parameters
    ----------
    demand, cells
        The demand table as points and weights, and its groups, windows and units.
    hours
        float64[p, c], as `hours_by_cell` has them.
    best
        uint8[p, c], as `Reach.best` has it.
    terms
        On which it was computed.
    """
    by_point, by_cell = sum_levels(hours, best)
    by_town = _by_town(demand, cells, by_point, best)
    by_group = by_cell.reshape(len(cells.groups), len(cells.parts), LEVELS).sum(axis=1)
    by_window = np.stack([cells.by_window(level).sum(axis=0) for level in by_cell.T], axis=1)
    every_town = np.ones(len(cells.towns), dtype=bool)
    with_group = _counted(cells.row_group, demand, len(cells.groups))
    with_window = _counted(cells.row_window, demand, len(cells.windows))
    return EffectiveCoverage(
        terms=terms,
        total=_row("", by_cell.sum(axis=0), demand.hours_per_week),
        towns=_rows(cells.towns, by_town, demand, every_town, unit_order()),
        groups=_rows(cells.groups, by_group, demand, with_group, group_order()),
        windows=_windows(cells.windows, by_window, terms, with_window),
        level=best,
        point_hours=by_point,
        hours_per_week=demand.hours_per_week,
        measure=demand.measure,
    )


def sum_levels(hours: Float64, best: Levels) -> tuple[Float64, Float64]:
    """Return float64[p, levels] and float64[c, levels]: worker-hours by point and by cell."""
    points, size = hours.shape
    by_point = np.empty((points, LEVELS))
    by_cell = np.zeros((size, LEVELS))
    column = np.arange(size) * LEVELS
    for first in range(0, points, _POINTS_AT_ONCE):
        part = slice(first, first + _POINTS_AT_ONCE)
        got, held = best[part].astype(np.int64), hours[part].ravel()
        row = np.arange(len(got))[:, None] * LEVELS
        sums = sum_by((got + row).ravel(), held, len(got) * LEVELS)
        by_point[part] = sums.reshape(len(got), LEVELS)
        by_cell += sum_by((got + column).ravel(), held, size * LEVELS).reshape(size, LEVELS)
    return by_point, by_cell


def _by_town(demand: Demand, cells: Cells, by_point: Float64, best: Levels) -> Float64:
    """Return float64[towns, levels]: worker-hours by unit.

    Units are given row by row. Nearly all points have one, and are summed as they are.
    """
    town = np.zeros(demand.points, dtype=np.int64)
    town[demand.row_point[::-1]] = cells.row_town[::-1]
    several = np.zeros(demand.points, dtype=bool)
    several[demand.row_point[cells.row_town != town[demand.row_point]]] = True
    rows = np.flatnonzero(several[demand.row_point])
    size = (len(cells.towns), LEVELS)
    out = np.zeros(size)
    np.add.at(out, town[~several], by_point[~several])
    parts = np.bincount(cells.part_window, minlength=len(cells.windows))
    for step in range(parts.max(initial=0)):
        rows = rows[parts[cells.row_window[rows]] > step]
        part = cells.first_part[cells.row_window[rows]] + step
        cell = cells.row_group[rows] * len(cells.parts) + part
        got = best[demand.row_point[rows], cell].astype(np.int64)
        hours = demand.row_hours[rows] * cells.part_share[part]
        out += sum_by(cells.row_town[rows] * LEVELS + got, hours, out.size).reshape(size)
    return out


def _counted(row: NDArray[np.int32], demand: Demand, size: int) -> NDArray[np.bool_]:
    """Return bool[size]: the groups or windows that some row which counts speaks of."""
    found: NDArray[np.bool_] = np.bincount(row[demand.row_counts], minlength=size) > 0
    return found


def _rows(
    names: tuple[str, ...],
    hours: Float64,
    demand: Demand,
    kept: NDArray[np.bool_],
    order: dict[str, int],
) -> tuple[LevelRow, ...]:
    rows = [
        _row(name, part, demand.hours_per_week)
        for name, part, keep in zip(names, hours, kept.tolist(), strict=True)
        if keep
    ]
    return in_order(rows, lambda row: row.name, order)


def _windows(
    names: tuple[str, ...], hours: Float64, terms: Terms, kept: NDArray[np.bool_]
) -> tuple[LevelRow, ...]:
    """Return rows by window, each in the heads present in it."""
    rows = [
        _row(name, part, terms.weather.window_hours(name))
        for name, part, keep in zip(names, hours, kept.tolist(), strict=True)
        if keep
    ]
    return in_order(rows, lambda row: row.name, window_order())


def _row(name: str, hours: Float64, per_week: float) -> LevelRow:
    return LevelRow(name, tuple((hours / per_week).tolist()))
