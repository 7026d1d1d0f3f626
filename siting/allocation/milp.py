"""The model as a sparse matrix, for HiGHS.

x_j = 1: site j opens; y_r <= sum of x over the sites that reach row r, 0 <= y_r <= 1.
First goal: maximise sum w_r y_r (Church & ReVelle 1974). Second goal: maximise the sum of rule
points of the open sites while sum w_r y_r >= a floor, and while of each set of sites that was found
to hold a useless one (it adds nobody to the others) not all are open.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from siting.allocation.problem import Float64
from siting.allocation.reduce import Reduced

_INTEGRAL = 0.5


@dataclass(frozen=True)
class MilpOutcome:
    """What HiGHS found.

    Attributes
    ----------
    columns
        Open sites of its best plan; None: it has none.
    bound
        Upper bound on the goal of the reduced problem; infinite if it has none yet.
    finished
        Whether it stopped because it was done, not because time was up.
    """

    columns: list[int] | None
    bound: float
    finished: bool


@dataclass(frozen=True)
class PointsGoal:
    """The second goal: rule points, while the rows covered weigh at least `floor`.

    Attributes
    ----------
    floor
        In the weights of the problem.
    apart
        Sets of columns that must not all be open.
    """

    floor: float
    apart: tuple[tuple[int, ...], ...] = ()


def build(reduced: Reduced, second: PointsGoal | None = None) -> highspy.HighsLp:
    """Return the model of the first goal, or of the second."""
    sites, rows = reduced.cover.shape
    matrix, lower, upper = _constraints(reduced, second)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = sites + rows, matrix.shape[0]
    lp.sense_ = highspy.ObjSense.kMaximize
    zeros = np.zeros(rows)
    goal = reduced.weights / scale(reduced)
    lp.col_cost_ = np.concatenate(
        [np.zeros(sites), goal] if second is None else [reduced.points, zeros]
    )
    lp.col_lower_, lp.col_upper_ = np.zeros(sites + rows), np.ones(sites + rows)
    lp.row_lower_, lp.row_upper_ = lower, upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    kinds = [highspy.HighsVarType.kInteger] * sites + [highspy.HighsVarType.kContinuous] * rows
    lp.integrality_ = kinds
    lp.col_names_ = [f"x{site}" for site in reduced.site] + [f"y{row}" for row in range(rows)]
    return lp


def solve_milp(
    reduced: Reduced,
    start: list[int],
    *,
    second: PointsGoal | None = None,
    time_limit_s: float,
    seed: int,
) -> MilpOutcome:
    """Run HiGHS on one thread from the plan `start`; the time limit is wall clock, in seconds."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    for option, setting in _options(time_limit_s, seed).items():
        solver.setOptionValue(option, setting)
    solver.passModel(build(reduced, second))
    solver.setSolution(_as_solution(reduced, start))
    solver.run()
    return _outcome(solver, reduced, 1.0 if second else scale(reduced))


def scale(reduced: Reduced) -> float:
    """Return the number by which weights are divided in the model, so that tolerances fit them."""
    return float(reduced.weights.max())


def _options(time_limit_s: float, seed: int) -> dict[str, bool | float | str]:
    return {
        "threads": 1,
        "parallel": "off",
        "random_seed": seed,
        "time_limit": max(time_limit_s, 0.01),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
    }


def _constraints(
    reduced: Reduced, second: PointsGoal | None
) -> tuple[sparse.csc_array, Float64, Float64]:
    sites, rows = reduced.cover.shape
    blocks: list[list[sparse.sparray | None]] = [[-reduced.cover.T, sparse.eye_array(rows)]]
    lower, upper = [-np.inf] * rows, [0.0] * rows
    blocks.append([_row(np.ones(sites)), None])
    lower.append(-np.inf)
    upper.append(float(reduced.new))
    if reduced.budget_yuan is not None:
        # Dividing by the greatest cost keeps whole yuan from looking like large coefficients.
        unit = float(max(reduced.cost_yuan.max(), 1))
        blocks.append([_row(reduced.cost_yuan / unit), None])
        lower.append(-np.inf)
        upper.append(reduced.budget_yuan / unit)
    if second is not None:
        blocks.append([None, _row(reduced.weights / scale(reduced))])
        lower.append(second.floor / scale(reduced))
        upper.append(np.inf)
        for columns in second.apart:
            blocks.append([_row(np.isin(np.arange(sites), columns).astype(float)), None])
            lower.append(-np.inf)
            upper.append(len(columns) - 1.0)
    return sparse.block_array(blocks, format="csc"), np.array(lower), np.array(upper)


def _row(values: Float64) -> sparse.sparray:
    return sparse.csr_array(values.reshape(1, -1))


def _as_solution(reduced: Reduced, start: list[int]) -> highspy.HighsSolution:
    sites, rows = reduced.cover.shape
    values = np.zeros(sites + rows)
    values[start] = 1.0
    for column in start:
        values[sites + reduced.rows_of(column)] = 1.0
    solution = highspy.HighsSolution()
    solution.col_value = values.tolist()
    return solution


def _outcome(solver: highspy.Highs, reduced: Reduced, unit: float) -> MilpOutcome:
    info = solver.getInfo()
    columns = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.array(solver.getSolution().col_value[: reduced.columns])
        columns = np.flatnonzero(values > _INTEGRAL).tolist()
    return MilpOutcome(
        columns=columns,
        bound=float(info.mip_dual_bound) * unit,
        finished=solver.getModelStatus() == highspy.HighsModelStatus.kOptimal,
    )
