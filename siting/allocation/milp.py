"""The model as a sparse matrix, for HiGHS.

x_j = 1: site j opens; y_r <= sum of x over the sites that reach row r, 0 <= y_r <= 1.
First goal: maximise sum w_r y_r (Church & ReVelle 1974). Second goal: maximise the sum of rule
points of the open sites while sum w_r y_r >= a floor, and while of each set of sites that was found
to hold a useless one (it adds nobody to the others) not all are open. Side constraints are rows of
both: least <= sum of x over a quota <= most, 1 for candidates of which no two may be open; sum of
what the rows y_r count in a floor >= needed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from siting.allocation.branching import WORSE_THAN_NOTHING, branched
from siting.allocation.highs import Watch, opened, run
from siting.allocation.problem import Float64
from siting.allocation.reduce import Reduced
from siting.allocation.sided.sides import Sides, Unmet

_HALF = 0.5
_GIVEN = 1e-6
"""What gives way by less than this is kept to."""


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
    infeasible
        Whether it proved that no plan keeps to everything.
    """

    columns: list[int] | None
    bound: float
    finished: bool
    infeasible: bool = False


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


MilpWatch = Callable[[list[int] | None, float], None]
"""Told of each better plan of columns (None: there is no other) and of the bound so far."""


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
    watch: MilpWatch | None = None,
) -> MilpOutcome:
    """Run HiGHS on one thread from the plan `start`; the time limit is wall clock, in seconds.

    `watch` is told of each better plan and of the bound on it while the solver runs.
    """
    ran = run(
        build(reduced, second),
        _values(reduced, start),
        reduced.columns,
        time_limit_s=time_limit_s,
        seed=seed,
        watch=None if watch is None else _told(watch, 1.0 if second else scale(reduced)),
    )
    return MilpOutcome(
        columns=None if ran.chosen is None else np.flatnonzero(ran.chosen).tolist(),
        bound=ran.bound * (1.0 if second else scale(reduced)),
        finished=ran.finished,
        infeasible=ran.infeasible,
    )


def solve_by_branching(
    reduced: Reduced,
    start: list[int] | None,
    *,
    beyond: float = -np.inf,
    near: float,
    time_limit_s: float,
    watch: MilpWatch | None = None,
) -> MilpOutcome:
    """Return what branch and bound on linear relaxations finds, from the plan `start` or none.

    Parameters
    ----------
    beyond
        Without `start`: only plans of more weight than this are sought.
    near
        In the weights of the problem: a plan so near the bound is good enough.
    watch
        Told of each better plan and of the bound on it on the way.
    """
    unit = scale(reduced)
    whole = bool((reduced.weights == np.floor(reduced.weights)).all())
    ran = branched(
        build(reduced),
        None if start is None else _values(reduced, start),
        reduced.columns,
        beyond=max(beyond / unit, WORSE_THAN_NOTHING),
        step=whole / unit,
        near=near / unit,
        time_limit_s=time_limit_s,
        watch=None if watch is None else _told(watch, unit),
    )
    return MilpOutcome(
        columns=None if ran.chosen is None else np.flatnonzero(ran.chosen).tolist(),
        bound=ran.bound * unit,
        finished=ran.finished,
        infeasible=ran.infeasible,
    )


def _told(watch: MilpWatch, unit: float) -> Watch:
    """Return what tells `watch` in columns and weight."""
    return lambda chosen, bound: watch(
        None if chosen is None else np.flatnonzero(chosen).tolist(), bound * unit
    )


def scale(reduced: Reduced) -> float:
    """Return the number by which weights are divided in the model, so that tolerances fit them."""
    return float(reduced.weights.max(initial=0.0)) or 1.0


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
    for row, least, most in _side_rows(reduced):
        blocks.append(row)
        lower.append(least)
        upper.append(most)
    if second is not None:
        blocks.append([None, _row(reduced.weights / scale(reduced))])
        lower.append(second.floor / scale(reduced))
        upper.append(np.inf)
        for columns in second.apart:
            blocks.append([_row(np.isin(np.arange(sites), columns).astype(float)), None])
            lower.append(-np.inf)
            upper.append(len(columns) - 1.0)
    return sparse.block_array(blocks, format="csc"), np.array(lower), np.array(upper)


def _side_rows(
    reduced: Reduced,
) -> Iterator[tuple[list[sparse.sparray | None], float, float]]:
    """Yield the rows of quotas and floors with what they must lie between."""
    sides = reduced.sides
    for quota, (least, most) in enumerate(zip(sides.least, sides.most, strict=True)):
        yield [sides.members[[quota]], None], float(least) if least > 0 else -np.inf, float(most)
    for floor, needed in enumerate(sides.needed):
        unit = _unit(sides, floor)
        yield [None, sides.inside[[floor]] / unit], float(needed) / unit, np.inf


def _unit(sides: Sides, floor: int) -> float:
    """Return the number by which a floor is divided in the model, so that tolerances fit it."""
    return float(sides.inside[[floor]].data.max(initial=0.0)) or 1.0


def _row(values: Float64) -> sparse.sparray:
    return sparse.csr_array(values.reshape(1, -1))


def _values(reduced: Reduced, start: list[int]) -> list[float]:
    sites, rows = reduced.cover.shape
    values = np.zeros(sites + rows)
    values[start] = 1.0
    for column in start:
        values[sites + reduced.rows_of(column)] = 1.0
    found: list[float] = values.tolist()
    return found


@dataclass(frozen=True)
class GivenWay:
    """A plan of columns that gives way as little as possible, and where it gives way.

    Attributes
    ----------
    columns
        The plan; None: the solver has none.
    short
        What cannot be kept to together.
    proved
        Whether no plan gives way less; a plan that does not give way at all needs no proof.
    """

    columns: list[int] | None
    short: tuple[Unmet, ...]
    proved: bool


def least_given(reduced: Reduced, *, time_limit_s: float, seed: int) -> GivenWay:
    """Return the plan that gives way least, in shares of what is asked.

    Of quotas' least in sites, of floors in what they count; the limits, quotas' most and pairs
    stay. Where everything can be kept to, such a plan is one that keeps to it.
    """
    sides = reduced.sides
    if not reduced.columns:
        return GivenWay([], _nothing_of(sides), proved=True)
    model = build(reduced)
    quotas, floors = len(sides.least), len(sides.needed)
    unit = np.array([1.0] * quotas + [_unit(sides, floor) for floor in range(floors)])
    asked = np.concatenate([sides.least, sides.needed]) / unit
    rows = model.num_row_ - quotas - floors + np.arange(quotas + floors)
    some = [number for number, much in enumerate(asked) if much > 0]
    model.col_cost_ = np.zeros(model.num_col_)
    model.sense_ = highspy.ObjSense.kMinimize
    solver = opened(model, time_limit_s=time_limit_s, seed=seed)
    for number in some:
        solver.addCol(1.0 / asked[number], 0.0, asked[number], 1, [rows[number]], [1.0])
    solver.run()
    proved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return GivenWay(None, (), proved=False)
    values = np.array(solver.getSolution().col_value)
    gives = values[model.num_col_ :]
    short = tuple(
        _unmet(sides, number, (asked[number] - much) * unit[number])
        for number, much in zip(some, gives, strict=True)
        if much > _GIVEN
    )
    return GivenWay(
        np.flatnonzero(values[: reduced.columns] > _HALF).tolist(), short, proved=proved
    )


def _nothing_of(sides: Sides) -> tuple[Unmet, ...]:
    asked = np.concatenate([sides.least, sides.needed])
    return tuple(_unmet(sides, number, 0.0) for number in np.flatnonzero(asked > 0).tolist())


def _unmet(sides: Sides, number: int, possible: float) -> Unmet:
    """Return what is possible of a quota or, numbered after them, of a floor."""
    quotas = len(sides.least)
    if number >= quotas:
        return sides.unmet(number - quotas, possible)
    return Unmet(sides.names[number], "sites", float(sides.least[number]), possible)
