"""Effective coverage: within reach, open, admitted and served; the rest with its cause.

One `Level` per row of the demand table says everything: verified and unverified coverage, the
causes of the gap (the first filter that leaves no station in reach), and nominal coverage, which
is every level but `OUT_OF_REACH`. Each worker counts once, however many stations reach him.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.coverage.cells import Cells
from siting.coverage.levels import UNCOVERED, Level, Levels, Terms
from siting.coverage.points import Demand, Float64
from siting.coverage.shares import group_order, in_order, unit_order, window_order
from siting.results import Measure, plain
from siting.sums import sum_by
from siting.windows import window

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
            "measure": self.measure,
            "towns": [row.as_dict("town") for row in self.towns],
        }


def effective_coverage(
    table: pd.DataFrame, demand: Demand, cells: Cells, best: Levels, terms: Terms
) -> EffectiveCoverage:
    """Return effective coverage from how far the stations get each point's workers.

    Parameters
    ----------
    table, demand, cells
        The demand table; as points and weights; and its groups and windows.
    best
        uint8[p, c], as `Reach.best` has it.
    terms
        On which it was computed.
    """
    level = best[demand.row_point, cells.row_cell]
    counts = demand.row_counts
    point_level = demand.row_point * LEVELS + level
    by_point = sum_by(point_level, demand.row_hours, demand.points * LEVELS)
    return EffectiveCoverage(
        terms=terms,
        total=LevelRow("", _present(sum_by(level, demand.row_hours, LEVELS), demand)),
        towns=_rows(table["town"], level, demand, unit_order(), np.ones(len(table), dtype=bool)),
        groups=_rows(table["group"], level, demand, group_order(), counts),
        windows=_windows(table["window"], level, demand),
        row_level=level,
        point_hours=by_point.reshape(demand.points, LEVELS),
        hours_per_week=demand.hours_per_week,
        measure=demand.measure,
    )


def _windows(names: pd.Series, level: Levels, demand: Demand) -> tuple[LevelRow, ...]:
    """Return rows by window, each in the heads present in it."""

    def hours(name: str) -> float:
        return window(name).hours_per_week if name else demand.hours_per_week

    return _rows(names, level, demand, window_order(), demand.row_counts, hours)


def _rows(
    names: pd.Series,
    level: Levels,
    demand: Demand,
    order: dict[str, int],
    kept: NDArray[np.bool_],
    hours: Callable[[str], float] | None = None,
) -> tuple[LevelRow, ...]:
    row_name, labels = pd.factorize(names[kept])
    index = row_name * LEVELS + level[kept]
    sums = sum_by(index, demand.row_hours[kept], len(labels) * LEVELS)
    rows = [
        LevelRow(str(label), _present(part, demand, None if hours is None else hours(str(label))))
        for label, part in zip(labels, sums.reshape(len(labels), LEVELS), strict=True)
    ]
    return in_order(rows, lambda row: row.name, order)


def _present(hours: Float64, demand: Demand, per: float | None = None) -> tuple[float, ...]:
    per_week = demand.hours_per_week if per is None else per
    return tuple(float(value) / per_week for value in hours)
