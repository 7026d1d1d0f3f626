"""Rows with levels as a sparse matrix, for HiGHS.

x_j = 1: column j opens; y_r1 + y_r2 + ... <= sum of x over the columns that reach row r, and
0 <= y_rl <= 1. Maximise the sum of level_rl y_rl: levels do not rise, so the first come first. It
is the model of `siting.allocation.milp` with more unknowns in the same rows; a group's most is a
row of its own.
"""

import highspy
import numpy as np

from siting.allocation.counted.rows import Rows
from siting.allocation.highs import run
from siting.allocation.milp import MilpOutcome, build
from siting.allocation.problem import Bools
from siting.allocation.reduce import Reduced


def build_rows(reduced: Reduced, rows: Rows) -> highspy.HighsLp:
    """Return the model; `reduced` has the same columns and rows, limits and side constraints."""
    model = build(reduced)
    sites, size = rows.cover.shape
    unit = level_unit(rows)
    more = [np.flatnonzero(rows.levels[:, level] > 0) for level in range(1, rows.levels.shape[1])]
    fresh = np.concatenate([np.empty(0, dtype=np.int64), *more])
    worth = [rows.levels[at, level] / unit for level, at in enumerate(more, 1)]
    names = [f"y{row}_{level}" for level, at in enumerate(more, 2) for row in at.tolist()]
    model.num_col_ = sites + size + len(fresh)
    model.col_cost_ = np.concatenate([np.zeros(sites), rows.levels[:, 0] / unit, *worth])
    model.col_lower_, model.col_upper_ = np.zeros(model.num_col_), np.ones(model.num_col_)
    matrix = model.a_matrix_
    entries = len(matrix.index_)
    matrix.start_ = np.concatenate([matrix.start_, entries + 1 + np.arange(len(fresh))])
    matrix.index_ = np.concatenate([matrix.index_, fresh])
    matrix.value_ = np.concatenate([matrix.value_, np.ones(len(fresh))])
    continuous = [highspy.HighsVarType.kContinuous] * (size + len(fresh))
    model.integrality_ = [highspy.HighsVarType.kInteger] * sites + continuous
    model.col_names_ = [*model.col_names_, *names]
    return model


def solve_rows(
    reduced: Reduced,
    rows: Rows,
    start: list[int],
    keep: Bools,
    taken: Bools,
    *,
    time_limit_s: float,
    seed: int,
) -> MilpOutcome:
    """Run HiGHS from a plan; the time limit is wall clock, in seconds.

    Parameters
    ----------
    keep, taken
        bool[k]: columns that may be opened, and those of them that must be.
    """
    model = build_rows(reduced, rows)
    lower, upper = np.array(model.col_lower_), np.array(model.col_upper_)
    lower[: rows.columns][taken] = 1.0
    upper[: rows.columns][~keep] = 0.0
    model.col_lower_, model.col_upper_ = lower, upper
    ran = run(
        model,
        _values(rows, start, model.num_col_),
        rows.columns,
        time_limit_s=time_limit_s,
        seed=seed,
    )
    return MilpOutcome(
        columns=None if ran.chosen is None else np.flatnonzero(ran.chosen).tolist(),
        bound=ran.bound * level_unit(rows),
        finished=ran.finished,
        infeasible=ran.infeasible,
    )


def level_unit(rows: Rows) -> float:
    """Return the number by which levels are divided in the model, so that tolerances fit them."""
    return float(rows.levels.max(initial=0.0)) or 1.0


def _values(rows: Rows, start: list[int], size: int) -> list[float]:
    values = np.zeros(size)
    values[start] = 1.0
    counts = rows.counts(start)
    at = rows.columns
    values[at : at + len(counts)] = counts > 0
    at += len(counts)
    for level in range(1, rows.levels.shape[1]):
        used = counts[rows.levels[:, level] > 0]
        values[at : at + len(used)] = used > level
        at += len(used)
    found: list[float] = values.tolist()
    return found
