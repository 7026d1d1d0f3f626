"""Effective coverage: within reach, open, admitted and served; the rest with its cause.

One `Level` per row of the demand table says everything: verified and unverified coverage, the
causes of the gap (the first filter that leaves no station in reach), and nominal coverage, which
is every level but `OUT_OF_REACH`. Each worker counts once, however many stations reach him.
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
    """Who can really use a station; r rows of the demand table, p demand points.

    Attributes
    ----------
    total
        All workers that count.
    towns, groups, windows
        The same by unit, group and window (heads of that window), in the orders of their lists.
    row_level
        uint8[r] of `Level`.
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
    row_level: NDArray[np.uint8]
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
    demand: Demand, cells: Cells, best: Levels, terms: Terms
) -> EffectiveCoverage:
    """Return effective coverage from how far the stations get each point's workers.

    Parameters
    ----------
    demand, cells
        The demand table as points and weights, and its groups, windows and units.
    best
        uint8[p, c], as `Reach.best` has it.
    terms
        On which it was computed.
    """
    level = best.ravel()[demand.row_point * cells.size + cells.row_cell]
    by_town = _hours(cells.row_town, level, demand, len(cells.towns))
    by_point = _hours(demand.row_point, level, demand, demand.points)
    by_cell = _hours(cells.row_cell, level, demand, cells.size)
    by_cell = by_cell.reshape(len(cells.groups), len(cells.windows), LEVELS)
    counted = np.bincount(cells.row_cell[demand.row_counts], minlength=cells.size) > 0
    counted = counted.reshape(len(cells.groups), len(cells.windows))
    with_group = np.asarray(counted.any(axis=1))
    with_window = np.asarray(counted.any(axis=0))
    every_town = np.ones(len(cells.towns), dtype=bool)
    return EffectiveCoverage(
        terms=terms,
        total=_row("", by_cell.sum(axis=(0, 1)), demand.hours_per_week),
        towns=_rows(cells.towns, by_town, demand, every_town, unit_order()),
        groups=_rows(cells.groups, by_cell.sum(axis=1), demand, with_group, group_order()),
        windows=_windows(cells.windows, by_cell.sum(axis=0), terms, with_window),
        row_level=level,
        point_hours=by_point,
        hours_per_week=demand.hours_per_week,
        measure=demand.measure,
    )


def _hours(index: NDArray[np.integer], level: Levels, demand: Demand, size: int) -> Float64:
    """Return float64[size, levels]: worker-hours by an index of rows and by level."""
    place = index.astype(np.int64) * LEVELS + level
    return sum_by(place, demand.row_hours, size * LEVELS).reshape(size, LEVELS)


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
