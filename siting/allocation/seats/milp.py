"""Seats as a sparse matrix, for HiGHS.

The model of `siting.allocation.milp` for limits and wishes (x_j = 1: site j opens), and z_ijt >= 0,
the units of row i that sit at site j in window t: the z of a row add up to at most its units; those
of a column to at most its seats x_j, those of an existing station to at most its seats. Maximise
the sum of hours_t z_ijt.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from siting.allocation.highs import run
from siting.allocation.milp import MilpOutcome, build
from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.reduce import Reduced
from siting.allocation.seats.seating import Seating


@dataclass(frozen=True, eq=False)
class _Allotments:
    """Which z there are: site (existing stations first), row and window of each."""

    site: Int64
    row: Int64
    window: Int64


def build_seats(reduced: Reduced, goal: Seating) -> highspy.HighsLp:
    """Return the model."""
    model = build(reduced)
    z, unit = _allotments(goal), seat_unit(goal)
    first = model.num_col_
    matrix = sparse.csc_array(
        (model.a_matrix_.value_, model.a_matrix_.index_, model.a_matrix_.start_),
        shape=(model.num_row_, first),
    )
    demand, heads = _demand_rows(goal, z)
    seats, opened, fixed = _seat_rows(goal, z, first)
    whole = sparse.csc_array(
        sparse.block_array([[matrix, None], [None, demand], [opened, seats]], format="csc")
    )
    model.num_row_, model.num_col_ = whole.shape
    hours = goal.hours / goal.hours.max(initial=1.0)
    model.col_cost_ = np.concatenate([np.zeros(first), hours[z.window]])
    model.col_lower_ = np.concatenate([model.col_lower_, np.zeros(len(z.site))])
    model.col_upper_ = np.concatenate([model.col_upper_, np.full(len(z.site), np.inf)])
    upper = np.concatenate([heads, fixed]) / unit
    model.row_lower_ = np.concatenate([model.row_lower_, np.full(len(upper), -np.inf)])
    model.row_upper_ = np.concatenate([model.row_upper_, upper])
    model.a_matrix_.start_, model.a_matrix_.index_ = whole.indptr, whole.indices
    model.a_matrix_.value_ = whole.data
    model.integrality_ = [
        *model.integrality_,
        *[highspy.HighsVarType.kContinuous] * len(z.site),
    ]
    model.col_names_ = [*model.col_names_, *_names(reduced, goal, z)]
    return model


def solve_seats(
    reduced: Reduced,
    goal: Seating,
    start: list[int],
    never: Bools,
    *,
    time_limit_s: float,
    seed: int,
) -> MilpOutcome:
    """Run HiGHS from a plan, without the columns `never`; the time limit is wall clock, in seconds.

    The bound is one on plans without these columns.
    """
    model = build_seats(reduced, goal)
    upper = np.array(model.col_upper_)
    upper[np.flatnonzero(never)] = 0.0
    model.col_upper_ = upper
    ran = run(
        model,
        _values(reduced, goal, start, model.num_col_),
        reduced.columns,
        time_limit_s=time_limit_s,
        seed=seed,
    )
    return MilpOutcome(
        columns=None if ran.chosen is None else np.flatnonzero(ran.chosen).tolist(),
        bound=ran.bound * seat_unit(goal) * float(goal.hours.max(initial=1.0)),
        finished=ran.finished,
        infeasible=ran.infeasible,
    )


def seat_unit(goal: Seating) -> float:
    """Return the number by which units are divided in the model, so that tolerances fit them."""
    return float(goal.heads.max(initial=0)) or 1.0


def _allotments(goal: Seating) -> _Allotments:
    """Return every z that may be above 0, window after window."""
    pairs = sparse.coo_array(goal.reach)
    site, row = (part.astype(np.int64) for part in pairs.coords)
    parts = []
    for window in range(len(goal.hours)):
        some = (goal.heads[row, window] > 0) & (goal.seats[site, window] > 0)
        parts.append((site[some], row[some], np.full(int(some.sum()), window)))
    sites, rows, windows = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _Allotments(sites, rows, windows)


def _demand_rows(goal: Seating, z: _Allotments) -> tuple[sparse.csr_array, Float64]:
    """Return a row for whoever might sit in a window, over z, and how many they are."""
    rows = len(goal.heads)
    key, at = np.unique(z.window * rows + z.row, return_inverse=True)
    window, row = np.divmod(key, max(rows, 1))
    return _sums(at, len(key)), goal.heads[row, window].astype(np.float64)


def _seat_rows(
    goal: Seating, z: _Allotments, first: int
) -> tuple[sparse.csr_array, sparse.csr_array, Float64]:
    """Return a row for the seats of a site in a window, over z; over x; and those always there."""
    sites = len(goal.seats)
    key, at = np.unique(z.window * sites + z.site, return_inverse=True)
    window, site = np.divmod(key, max(sites, 1))
    room = goal.seats[site, window].astype(np.float64)
    old = site < goal.existing
    new = np.flatnonzero(~old)
    opened = sparse.csr_array(
        (-room[new] / seat_unit(goal), (new, site[new] - goal.existing)), shape=(len(key), first)
    )
    return _sums(at, len(key)), opened, np.where(old, room, 0.0)


def _sums(at: Int64, rows: int) -> sparse.csr_array:
    """Return sparse float64[rows, n]: a 1 for each of n in its row."""
    return sparse.csr_array((np.ones(len(at)), (at, np.arange(len(at)))), shape=(rows, len(at)))


def _names(reduced: Reduced, goal: Seating, z: _Allotments) -> list[str]:
    called = [*(f"e{station}" for station in range(goal.existing)), *map(str, reduced.site)]
    return [
        f"z{row}_{called[site]}_{window}"
        for row, site, window in zip(
            z.row.tolist(), z.site.tolist(), z.window.tolist(), strict=True
        )
    ]


def _values(reduced: Reduced, goal: Seating, start: list[int], size: int) -> list[float]:
    """Return the values of all columns for a plan, with one way to seat as many as can be."""
    values = np.zeros(size)
    values[start] = 1.0
    for column in start:
        values[reduced.columns + reduced.rows_of(column)] = 1.0
    plan = sorted(start)
    opened = goal.opened(plan)
    whole: list[Float64] = []
    pairs = sparse.coo_array(goal.reach)
    site, row = (part.astype(np.int64) for part in pairs.coords)
    for window, flow in enumerate(goal.allotted(plan)):
        some = (goal.heads[row, window] > 0) & (goal.seats[site, window] > 0)
        sits = np.zeros(goal.reach.shape)
        sits[opened] = flow.toarray()
        whole.append(sits[site[some], row[some]])
    z = np.concatenate(whole) / seat_unit(goal)
    values[size - len(z) :] = z
    given: list[float] = values.tolist()
    return given
