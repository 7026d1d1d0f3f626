"""Effective coverage as it is printed: whole workers that add up, few workers hidden.

Where one figure of a row would tell of few workers, its other parts are not told either: they
would give it away. See `reports.shown` for the marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from reports import figures
from reports.report import Report
from reports.shown import Figure, hidden_points, mark
from siting.adding_up import whole_levels, whole_rows
from siting.coverage.effective import LevelRow
from siting.coverage.levels import UNCOVERED, Level
from siting.demand.small_cells import Bool, Float64, hide, hide_within

By = Literal["town", "group", "window"]
INNER = UNCOVERED[1:]
"""The causes that are not distance: who is in reach and yet not served."""


@dataclass(frozen=True)
class LevelLine:
    """One unit, group or window as it is printed, or all; marks stand where few workers are.

    Attributes
    ----------
    name
        Of the unit, group or window; "" is "none named".
    by_level
        Workers at each `Level`.
    """

    name: str
    workers: Figure
    by_level: tuple[Figure, ...]
    uncovered: Figure
    nominal: Figure
    coverage: Figure
    nominal_coverage: Figure

    @property
    def verified(self) -> Figure:
        """Those effectively covered."""
        return self.by_level[Level.VERIFIED]

    @property
    def unverified(self) -> Figure:
        """Those who depend on what is not on record."""
        return self.by_level[Level.UNVERIFIED]


@dataclass(frozen=True, eq=False)
class _Hidden:
    """Of which rows not even all workers are told, no part of them, no cause but distance."""

    everything: Bool
    parts: Bool
    causes: Bool


def total_line(report: Report) -> LevelLine:
    """Return all workers: totals are always told."""
    row = report.effective.effective.total
    return _line(report, row, whole_levels(row))


def level_lines(report: Report, by: By) -> list[LevelLine]:
    """Return the rows by unit, group or window; none where nothing is named.

    Units and groups sum to `total_line`; windows are heads of each and do not add up.
    """
    rows = report.effective.rows(by)
    if not any(row.name for row in rows):
        return []
    total = report.effective.effective.total
    whole = [whole_levels(r) for r in rows] if by == "window" else whole_rows(rows, total)
    hidden = _hidden(rows, report.smallest_shown)
    return [
        _line(
            report,
            row,
            found,
            everything=bool(hidden.everything[place]),
            parts=bool(hidden.parts[place]),
            causes=bool(hidden.causes[place]),
        )
        for place, (row, found) in enumerate(zip(rows, whole, strict=True))
    ]


def alone(report: Report, workers: float) -> Figure:
    """Return workers that stand in no column of parts, or the mark of few."""
    return mark(report, workers) if 0 < workers < report.smallest_shown else workers


def point_hours(report: Report) -> Float64:
    """Return float64[p, levels]: worker-hours a week; NaN where they would tell of few workers."""
    found = report.effective.effective
    towns = figures.first_towns(report.inputs.demand)
    units = [towns.get(identity, "") for identity in report.coverage.point_id]
    present = found.point_hours / found.hours_per_week
    hidden = hidden_points(report)
    for workers in present.T:
        hidden = hidden | hide_within(workers, units, report.smallest_shown)
    few = _hidden(report.effective.rows("town"), report.smallest_shown)
    closed = {
        row.name
        for row, hide_it in zip(report.effective.rows("town"), few.parts | few.causes, strict=True)
        if hide_it
    }
    hidden |= np.isin(np.array(units, dtype=object), list(closed))
    return np.where(hidden[:, None], np.nan, found.point_hours)


def _hidden(rows: Sequence[LevelRow], smallest: float) -> _Hidden:
    levels = np.array([row.by_level for row in rows], dtype=float).reshape(len(rows), len(Level))
    workers = levels.sum(axis=1)
    everything = hide(workers, smallest)
    cap = np.where(everything, np.inf, workers)
    parts = everything.copy()
    for part in (
        levels[:, Level.VERIFIED],
        levels[:, Level.UNVERIFIED],
        levels[:, : Level.UNVERIFIED].sum(axis=1),
        levels[:, Level.CLOSED :].sum(axis=1),
    ):
        parts |= hide(part, smallest, cap=cap)
    causes = parts.copy()
    for level in INNER:
        causes |= hide(levels[:, level], smallest)
    return _Hidden(everything, parts, causes)


def _line(
    report: Report,
    row: LevelRow,
    whole: Sequence[int],
    *,
    everything: bool = False,
    parts: bool = False,
    causes: bool = False,
) -> LevelLine:
    def figure(printed: int, exact: float, *, hide_it: bool) -> Figure:
        return mark(report, exact) if hide_it and exact else float(printed)

    def share(exact: float) -> Figure:
        return report.say("withheld") if parts else exact

    return LevelLine(
        name=row.name,
        workers=figure(sum(whole), row.workers, hide_it=everything),
        by_level=tuple(
            figure(whole[level], row.by_level[level], hide_it=causes if level in INNER else parts)
            for level in Level
        ),
        uncovered=figure(sum(whole[: Level.UNVERIFIED]), row.uncovered, hide_it=parts),
        nominal=figure(sum(whole[Level.CLOSED :]), row.nominal, hide_it=parts),
        coverage=share(row.coverage),
        nominal_coverage=share(row.nominal_coverage),
    )
