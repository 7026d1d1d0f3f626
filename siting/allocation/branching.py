"""Branch and bound on linear relaxations, for what reduced-cost fixing has left.

HiGHS solves the relaxations: the dual simplex method goes on from the basis of the node above, and
a bound is what any prices of rows prove (weak duality), recomputed from the prices alone, wherever
the simplex method was stopped. Of a node's columns that stand open in part those are tried out that
have lost most so far (strong branching with pseudo-costs until these are reliable; Achterberg, Koch
& Martin 2005): a column of which one side has no better plan is fixed to the other at once, and so
is one by its reduced cost. The node of the greatest bound is next, so that the bound falls quickly.

Covering leaves few nodes to such trials, and cuts little to win: HiGHS's own branch and bound
spends most of its time on the latter.
"""

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from siting.allocation.highs import Ran, Watch, opened
from siting.allocation.problem import Bools, Float64, Int64

ROOT_STEPS = 2000
"""Steps of the simplex method between two looks at the clock."""

TRIED_STEPS = 60
TRIED_COLUMNS = 6
IDLE_COLUMNS = 4
"""After so many columns tried, trials go on only while one in so many is better than all before."""

WORSE_THAN_NOTHING = -2.0
"""Weights are not negative: the plan that covers nobody is worth more."""

RELIABLE = 4
"""From so many trials of a column on its mean losses are taken for what it would lose."""

_PRIMAL, _DUAL = 4, 1
# Devex weights cost nothing to begin with; a node is a few dozen steps from the one above it.
_SIMPLEX = (("presolve", "off"), ("solver", "simplex"), ("simplex_dual_edge_weight_strategy", 1))
_WHOLE = 1e-6
_LEAST_LOSS = 1e-6
_EXACT = 1e-9
_STEP_SHARE = 0.999


def branched(
    model: highspy.HighsLp,
    start: Sequence[float] | None,
    columns: int,
    *,
    beyond: float = WORSE_THAN_NOTHING,
    step: float = 0.0,
    near: float = 0.0,
    time_limit_s: float,
    watch: Watch | None = None,
) -> Ran:
    """Maximise a model whose first `columns` are 0 or 1 and whose others follow from them.

    Parameters
    ----------
    model
        Whatever the first columns are, its relaxation over the others is exact.
    start
        Values of all its columns that keep to everything; None: no such plan is known.
    beyond
        Without such a plan: only plans worth more than this are sought; that there is none is told
        as `infeasible`.
    step
        Two plans that differ in the goal differ by this at least.
    near
        A plan so near the bound is good enough.
    time_limit_s
        Wall clock.
    watch
        Told of each better plan and bound.
    """
    deadline = time.monotonic() + time_limit_s
    relaxed = _Relaxed(model, columns, time_limit_s)
    plan, reached = None, beyond
    if start is not None:
        plan = np.array(start[:columns]) > 1 - _WHOLE
        reached = float(np.asarray(model.col_cost_) @ np.asarray(start))
    tree = _Tree(relaxed, plan, reached, step=step, watch=watch)
    tree.grow(near, deadline)
    finished = not tree.open
    infeasible = finished and tree.plan is None
    return Ran(chosen=tree.plan, bound=tree.bound, finished=finished, infeasible=infeasible)


@dataclass(frozen=True, eq=False)
class _Node:
    """Plans that have all columns in `lower` and none outside of `upper`."""

    lower: Bools
    upper: Bools
    bound: float
    basis: highspy.HighsBasis

    def with_column(self, column: int, bound: float, *, is_open: bool) -> "_Node":
        side = (self.lower if is_open else self.upper).copy()
        side[column] = is_open
        lower, upper = (side, self.upper) if is_open else (self.lower, side)
        return _Node(lower, upper, min(bound, self.bound), self.basis)


@dataclass(frozen=True, eq=False)
class _Point:
    """Where the simplex method stopped.

    Attributes
    ----------
    bound
        No plan of the node is worth more; minus infinity: it has none.
    value
        Of the relaxation's plan.
    shares
        float64[columns]; empty: there is none.
    margins
        float64[columns]: what opening a column wins at these prices.
    best
        Whether it is the best of the relaxation.
    """

    bound: float
    value: float
    shares: Float64
    margins: Float64
    best: bool


_NOTHING = np.zeros(0)
_NO_PLAN = _Point(-np.inf, -np.inf, _NOTHING, _NOTHING, best=True)


class _Relaxed:
    """The relaxation of a model, node by node."""

    def __init__(self, model: highspy.HighsLp, columns: int, time_limit_s: float) -> None:
        self.columns = columns
        model.integrality_ = []
        matrix = model.a_matrix_
        parts = (matrix.value_, matrix.index_, matrix.start_)
        shape = (model.num_col_, model.num_row_)
        self._pulls = sparse.csr_array(parts, shape=shape)
        self._goal = np.array(model.col_cost_)
        self._least, self._most = np.array(model.row_lower_), np.array(model.row_upper_)
        self._upper = np.array(model.col_upper_)
        self._lower = np.array(model.col_lower_)
        self._which = np.arange(columns, dtype=np.int32)
        self._solver = opened(model, time_limit_s=time_limit_s, seed=0)
        for option, setting in _SIMPLEX:
            self._solver.setOptionValue(option, setting)

    def root(self, deadline: float) -> highspy.HighsBasis:
        """Return the basis of the whole model's relaxation, or where time was up."""
        self._solver.setOptionValue("simplex_strategy", _PRIMAL)
        self._solver.setOptionValue("simplex_iteration_limit", ROOT_STEPS)
        going = True
        while going and time.monotonic() < deadline:
            self._solver.run()
            going = self._solver.getModelStatus() == highspy.HighsModelStatus.kIterationLimit
        self._solver.setOptionValue("simplex_strategy", _DUAL)
        return self._solver.getBasis()

    @property
    def basis(self) -> highspy.HighsBasis:
        """The basis at which the last steps ended."""
        return self._solver.getBasis()

    def solved(self, node: _Node, most_steps: int | None = None) -> _Point:
        """Return where the dual simplex method comes to from a node's basis."""
        solver = self._solver
        solver.changeColsBounds(
            self.columns, self._which, node.lower.astype(float), node.upper.astype(float)
        )
        solver.setBasis(node.basis)
        solver.setOptionValue(
            "simplex_iteration_limit", highspy.kHighsIInf if most_steps is None else most_steps
        )
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return _NO_PLAN
        return self._point(node, best=status == highspy.HighsModelStatus.kOptimal)

    def _point(self, node: _Node, *, best: bool) -> _Point:
        found = self._solver.getSolution()
        values, prices = np.array(found.col_value), np.array(found.row_dual)
        if not len(prices):
            return _Point(node.bound, -np.inf, _NOTHING, _NOTHING, best=False)
        # A price against a side that has no limit proves nothing.
        prices = np.where(np.isinf(np.where(prices > 0, self._most, self._least)), 0.0, prices)
        limits = np.where(prices > 0, self._most, self._least)
        margins = self._goal - self._pulls @ prices
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[: self.columns], upper[: self.columns] = node.lower, node.upper
        bound = float(prices[prices != 0] @ limits[prices != 0])
        bound += float(np.maximum(margins * lower, margins * upper).sum())
        return _Point(
            bound=min(bound, node.bound),
            value=float((self._goal * values).sum()),
            shares=values[: self.columns],
            margins=margins[: self.columns],
            best=best,
        )


class _Losses:
    """What columns have lost so far, closed (0) and opened (1), for each unit they were moved."""

    def __init__(self, columns: int) -> None:
        self._sum, self._times = np.zeros((2, columns)), np.zeros((2, columns))

    def learn(self, column: int, share: float, lost: tuple[float, float]) -> None:
        """Take in what a column lost when it was closed and when it was opened."""
        for side, moved in enumerate((share, 1.0 - share)):
            if np.isfinite(lost[side]):
                self._sum[side, column] += lost[side] / moved
                self._times[side, column] += 1

    def reliable(self, column: int) -> bool:
        """Tell whether a column has been tried so often that its mean will do."""
        return bool(self._times[:, column].min() >= RELIABLE)

    def scores(self, columns: Int64, shares: Float64) -> Float64:
        """Return float64[]: what each column is expected to lose on both sides, multiplied."""
        times = self._times.sum(axis=1)
        usual = np.where(times > 0, self._sum.sum(axis=1) / np.maximum(times, 1), 1.0)
        tried = self._times[:, columns]
        mean = np.where(
            tried > 0, self._sum[:, columns] / np.maximum(tried, 1), usual[:, np.newaxis]
        )
        return _score(mean[0] * shares, mean[1] * (1.0 - shares))


def _score(closed: Float64, opened_: Float64) -> Float64:
    return np.asarray(np.maximum(closed, _LEAST_LOSS) * np.maximum(opened_, _LEAST_LOSS))


@dataclass(frozen=True, eq=False)
class _Trial:
    """Both sides of a column: bounds on what is left if it is closed, and if it is opened."""

    column: int
    closed: float
    opened: float


class _Tree:
    """The nodes that may have a better plan, and the best plan."""

    def __init__(
        self,
        relaxed: _Relaxed,
        plan: Bools | None,
        reached: float,
        *,
        step: float,
        watch: Watch | None,
    ) -> None:
        self.plan, self.reached = plan, reached
        self.open: list[tuple[float, int, _Node]] = []
        self.bound = np.inf
        self._relaxed, self._watch = relaxed, watch
        self._step = step * _STEP_SHARE
        self._losses = _Losses(relaxed.columns)
        self._made = 0
        self._stuck = False

    @property
    def _needed(self) -> float:
        """A better plan is worth more than this."""
        return self.reached + max(self._step, _EXACT * abs(self.reached))

    def grow(self, near: float, deadline: float) -> None:
        """Look at nodes until none is left, the bound is `near` enough, or time is up."""
        every = np.ones(self._relaxed.columns, dtype=bool)
        self._keep(_Node(~every, every, np.inf, self._relaxed.root(deadline)))
        while self.open and self.bound - self.reached > near and time.monotonic() < deadline:
            self._look(heapq.heappop(self.open)[2], deadline)
            self._tighten()
            if self._stuck:
                return

    def _keep(self, node: _Node) -> None:
        self._made += 1
        heapq.heappush(self.open, (-node.bound, self._made, node))

    def _tighten(self) -> None:
        while self.open and self.open[0][2].bound <= self._needed:
            heapq.heappop(self.open)
        bound = self.open[0][2].bound if self.open else self.reached
        if bound < self.bound:
            self.bound = bound
            if self._watch is not None:
                self._watch(None, bound)

    def _look(self, node: _Node, deadline: float) -> None:
        """Divide a node in two, or find that it has no better plan."""
        while True:
            point = self._relaxed.solved(node)
            if point.bound <= self._needed:
                return
            if not point.best:
                self._stuck = True
                self._keep(node)
                return
            node = self._fixed(node, point)
            parts = np.flatnonzero((point.shares > _WHOLE) & (point.shares < 1 - _WHOLE))
            if not len(parts):
                self._take(point)
                return
            trial = self._tried(node, point, parts, deadline)
            sides = [
                node.with_column(trial.column, trial.closed, is_open=False),
                node.with_column(trial.column, trial.opened, is_open=True),
            ]
            sides = [side for side in sides if side.bound > self._needed]
            if len(sides) != 1:
                for side in sides:
                    self._keep(side)
                return
            node = sides[0]

    def _fixed(self, node: _Node, point: _Point) -> _Node:
        """Return a node without what reduced costs rule out, at the basis of its relaxation."""
        spare = point.bound - self._needed
        lower = node.lower | ((point.margins > spare) & node.upper)
        upper = node.upper & ~((point.margins < -spare) & ~node.lower)
        return _Node(lower, upper, point.bound, self._relaxed.basis)

    def _take(self, point: _Point) -> None:
        if point.value > self.reached:
            self.plan, self.reached = point.shares > 1 - _WHOLE, point.value
            if self._watch is not None:
                self._watch(self.plan, self.bound)

    def _tried(self, node: _Node, point: _Point, parts: Int64, deadline: float) -> _Trial:
        """Return the column that loses most on both sides, or one of which a side is ruled out."""
        expected = self._losses.scores(parts, point.shares[parts])
        order = np.argsort(-expected, kind="stable")
        best, most, tried, idle = _Trial(int(parts[order[0]]), point.bound, point.bound), -1.0, 0, 0
        for at in order.tolist():
            column = int(parts[at])
            if self._losses.reliable(column):
                if expected[at] > most:
                    best, most = _Trial(column, point.bound, point.bound), float(expected[at])
                continue
            if (tried >= TRIED_COLUMNS and idle >= IDLE_COLUMNS) or time.monotonic() > deadline:
                continue
            trial, score = self._trial(node, point, column)
            if min(trial.closed, trial.opened) <= self._needed:
                return trial
            tried, idle = tried + 1, 0 if score > most else idle + 1
            if score > most:
                best, most = trial, score
        return best

    def _trial(self, node: _Node, point: _Point, column: int) -> tuple[_Trial, float]:
        """Return bounds on both sides of a column, and its score."""
        closed, opened_ = (
            self._relaxed.solved(
                node.with_column(column, point.bound, is_open=side), TRIED_STEPS
            ).bound
            for side in (False, True)
        )
        lost = (point.bound - closed, point.bound - opened_)
        self._losses.learn(column, float(point.shares[column]), lost)
        score = float(_score(np.array(lost[0]), np.array(lost[1])))
        return _Trial(column, closed, opened_), score
