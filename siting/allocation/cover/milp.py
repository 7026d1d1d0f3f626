"""Set covering as a sparse matrix, for HiGHS.

x_j = 1: site j opens. Minimise sum c_j x_j where the x of the sites of every row sum to 1 or more
(Toregas, Swain, ReVelle & Bergman 1971). Of a share only (Daskin & Owen 1999): y_r <= the sum of x
over the sites of row r, 0 <= y_r <= 1, and sum w_r y_r >= the weight asked for.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from siting.allocation.cover.dominance import Cover
from siting.allocation.highs import run
from siting.allocation.problem import Bools, Float64


@dataclass(frozen=True, eq=False)
class ShareGoal:
    """Rows need not all be covered.

    Attributes
    ----------
    weights
        float64[r], > 0.
    target
        Least weight of the rows covered, > 0.
    """

    weights: Float64
    target: float


@dataclass(frozen=True, eq=False)
class CoverOutcome:
    """What HiGHS found.

    Attributes
    ----------
    chosen
        bool[k]: open columns of its best cover; None: it has none.
    bound
        No cover costs less; minus infinity if it has no bound yet; infinity: there is no cover.
    finished
        Whether it stopped because it was done, not because time was up.
    """

    chosen: Bools | None
    bound: float
    finished: bool


def build_cover(left: Cover, goal: ShareGoal | None = None) -> highspy.HighsLp:
    """Return the model of covering all rows, or a share of their weight."""
    sites, rows = left.cover.shape
    extra = 0 if goal is None else rows
    matrix, lower = _constraints(left, goal)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = sites + extra, matrix.shape[0]
    lp.sense_ = highspy.ObjSense.kMinimize
    lp.col_cost_ = np.concatenate([left.cost / _unit(left), np.zeros(extra)])
    lp.col_lower_, lp.col_upper_ = np.zeros(sites + extra), np.ones(sites + extra)
    lp.row_lower_, lp.row_upper_ = lower, np.full(len(lower), np.inf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    whole, part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [whole] * sites + [part] * extra
    lp.col_names_ = [f"x{site}" for site in left.site] + [f"y{row}" for row in range(extra)]
    return lp


def solve_cover(
    left: Cover,
    start: Bools,
    *,
    goal: ShareGoal | None = None,
    time_limit_s: float,
    seed: int,
) -> CoverOutcome:
    """Run HiGHS on one thread from the cover `start`; the time limit is wall clock, in seconds."""
    values = start.astype(float)
    if goal is not None:
        values = np.concatenate([values, (values @ left.cover > 0).astype(float)])
    model = build_cover(left, goal)
    ran = run(model, values.tolist(), left.columns, time_limit_s=time_limit_s, seed=seed)
    finished = ran.finished and not ran.infeasible
    return CoverOutcome(ran.chosen, ran.bound * _unit(left), finished)


def _unit(left: Cover) -> float:
    """Return the number by which costs are divided, so that tolerances fit them."""
    return float(np.gcd.reduce(left.cost)) or 1.0


def _constraints(left: Cover, goal: ShareGoal | None) -> tuple[sparse.csc_array, Float64]:
    rows = left.rows
    by_row = left.cover.T
    if goal is None:
        return sparse.csc_array(by_row), np.ones(rows)
    unit = float(goal.weights.max())
    weights = sparse.csr_array((goal.weights / unit).reshape(1, -1))
    blocks = [[by_row, -sparse.eye_array(rows)], [None, weights]]
    matrix = sparse.block_array(blocks, format="csc")
    return matrix, np.concatenate([np.zeros(rows), [goal.target / unit]])
