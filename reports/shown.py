"""What may be told of few workers: cells below `Report.smallest_shown` leave no export.

A small cell is printed as "<10", one that is hidden to protect it as "—"; both are empty in tables
for programs. Totals are those of everybody. A unit with a hidden cell has no figures per demand
point either, or they could be added up.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports import figures
from reports.report import Report
from siting.adding_up import apportion, whole_rows
from siting.coverage.levels import Level
from siting.demand.small_cells import Bool, Float64, hide, hide_within, small

Figure = float | str
"""Workers or a share, or the mark that stands for them."""


@dataclass(frozen=True)
class TownLine:
    """One unit as it is printed; `name` "" is outside all units, `…_after` None without a plan."""

    name: str
    workers: Figure
    covered: Figure
    coverage: Figure
    covered_after: Figure | None = None
    coverage_after: Figure | None = None


@dataclass(frozen=True, eq=False)
class _Column:
    """Workers of every unit, which of them are told, and as which whole numbers."""

    cells: Float64
    hidden: Bool
    printed: tuple[int, ...]


def town_lines(report: Report) -> list[TownLine]:
    """Return coverage by unit as it is printed, in the order of the result."""
    columns = _columns(report)
    workers = columns[0]
    counts = [
        [_figure(report, column, row) for row in range(len(workers.cells))] for column in columns
    ]
    shares = [
        [_share(report, column, workers, row) for row in range(len(workers.cells))]
        for column in columns[1:]
    ]
    lines = []
    for row, town in enumerate(report.coverage.towns):
        printed = [counts[0][row], counts[1][row], shares[0][row]]
        later = [counts[2][row], shares[1][row]] if len(columns) > 2 else [None, None]
        lines.append(TownLine(town.name, *printed, *later))
    return lines


def hidden_points(report: Report) -> Bool:
    """Tell of which demand points of the result no workers are told."""
    result = report.coverage
    towns = figures.first_towns(report.inputs.demand)
    units = [towns.get(identity, "") for identity in result.point_id]
    covered = ~np.isnan(result.nearest_m)
    off_streets = pd.Series(result.point_id).isin(result.unsnapped_demand)
    groups = list(zip(units, covered.tolist(), off_streets.tolist(), strict=True))
    hidden = hide_within(result.point_workers, groups, report.smallest_shown)
    rows = np.any([column.hidden for column in _columns(report)], axis=0)
    closed = {town.name for town, hide_it in zip(result.towns, rows, strict=True) if hide_it}
    in_closed = pd.Series(units).isin(closed).to_numpy(dtype=bool)
    return hidden | (in_closed & (result.point_workers > 0))


def told(report: Report, workers: pd.Series) -> pd.Series:
    """Return head counts of single records without the small ones."""
    few = small(workers.fillna(0).to_numpy(dtype=float), report.smallest_shown)
    return workers.mask(few)


def mark(report: Report, workers: float) -> str:
    """Return what is printed instead of hidden workers."""
    few = 0 < workers < report.smallest_shown
    return (
        report.say("few", smallest=f"{report.smallest_shown:g}") if few else report.say("withheld")
    )


def small_cells_sentence(report: Report) -> str:
    """Say what is hidden, or that nothing is."""
    if not report.smallest_shown:
        return report.say("small_cells_shown")
    return report.say("small_cells", smallest=f"{report.smallest_shown:g}")


def _columns(report: Report) -> list[_Column]:
    """Return workers, covered ones, and those covered after the plan where there is one."""
    towns, smallest = report.coverage.towns, report.smallest_shown
    workers = np.array([row.workers for row in towns], dtype=float)
    covered = np.array([row.covered for row in towns], dtype=float)
    whole = _whole(report, workers, covered)
    columns = [_Column(workers, hide(workers, smallest), whole[0])]
    cap = np.where(columns[0].hidden, np.inf, workers)
    columns.append(_Column(covered, hide(covered, smallest, cap=cap), whole[1]))
    if report.plan is not None and report.plan.after is not None:
        later = {row.name: row.covered for row in report.plan.after.towns}
        after = np.array([later[row.name] for row in towns], dtype=float)
        floor = np.where(columns[1].hidden, 0.0, covered)
        hidden = hide(after, smallest, floor=floor, cap=cap)
        columns.append(_Column(after, hidden, _adding_up(after)))
    return columns


def _whole(report: Report, *columns: Float64) -> tuple[tuple[int, ...], ...]:
    """Return workers and covered workers of the units as whole numbers that sum to the district.

    They are those of effective coverage by unit, of which they are the first and the nominal part;
    in heat and cold its workers are others, and each column adds up by itself.
    """
    found = report.effective.effective
    rows = {row.name: place for place, row in enumerate(found.towns)}
    names = [row.name for row in report.coverage.towns]
    if not found.terms.weather.mild or set(rows) != set(names):
        return tuple(_adding_up(column) for column in columns)
    whole = whole_rows(found.towns, found.total)
    levels = [whole[rows[name]] for name in names]
    return tuple(sum(row) for row in levels), tuple(sum(row[Level.CLOSED :]) for row in levels)


def _adding_up(column: Float64) -> tuple[int, ...]:
    return tuple(apportion(column.tolist(), round(float(column.sum()))))


def _figure(report: Report, column: _Column, row: int) -> Figure:
    value = float(column.cells[row])
    return mark(report, value) if column.hidden[row] else float(column.printed[row])


def _share(report: Report, part: _Column, whole: _Column, row: int) -> Figure:
    """Return a share of workers, where neither of the two is hidden."""
    if part.hidden[row] or whole.hidden[row]:
        return report.say("withheld")
    workers = float(whole.cells[row])
    return float(part.cells[row]) / workers if workers else 0.0
