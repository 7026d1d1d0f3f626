"""Do so many sites reach everybody within a radius? Branch and bound, demand point by demand point.

The linear relaxation of the set covering (least sum of x, the x within the radius of every point
sum to 1 or more) with few of its rows: whoever the last x leaves least served comes in next (row
generation, as in Contardo, Iori & Kramer 2019). Where the prices of the rows prove that more sites
are needed than there are, nothing is left to ask: so few rows are enough. Else the site that the
relaxation opens most of, short of all, is opened, or ruled out (Land & Doig 1960; depth first);
sites whose reduced cost is too much for the plan are ruled out with it. What is proved is
recomputed from the prices alone, whatever the solver says.
"""

import time
from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np
from scipy import sparse

from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.walking.center_ways import Within

SURE, CUT_OFF = 1e-6, 1e-2
"""So much more than the sites there are proves that they are too few; where the solver may stop."""

WHOLE = 1e-6
"""So near to 0 or 1 a share of a site is whole."""

LACKING = 1e-3
"""A point that lacks so much (share) of a site is a row to add."""

ROWS_A_ROUND, ROWS_A_SITE = 20, 2
"""Rows added at once, and how many of them may lie within the radius of one site in use."""

WORTH_ROUNDS, LEAST_GAIN = 5, 1e-6
"""Rows are added on while so many rounds like the last one would prove what is asked."""

SPARE, KEPT = 0.02, 0.8
"""Rows whose points have so much (share) more than enough may go, where so few (share) stay."""

Answer = Literal["plan", "short", "open"]

_SOLVED = highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveBound


@dataclass(frozen=True, eq=False)
class Node:
    """A part of all plans: what is opened and what is ruled out in each of them.

    Attributes
    ----------
    least, most
        float64[k]: 1 in `least`: opened; 0 in `most`: ruled out.
    """

    least: Float64
    most: Float64


class Decision:
    """Whether `new` columns reach everybody within a radius; may be asked on and on.

    Attributes
    ----------
    rows
        int64[]: the points whose service is asked for so far.
    plan
        int64[]: columns that reach everybody; None before they are met.
    """

    def __init__(self, near: Within, rows: Int64, new: int) -> None:
        """Begin with the rows of some points, at least one."""
        self.near, self.new = near, new
        columns = len(near.ways.site)
        self.rows = np.empty(0, dtype=np.int64)
        self.plan: Int64 | None = None
        self._left = [Node(np.zeros(columns), np.ones(columns))]
        self._relaxed = _Relaxed(columns, new)
        self._add(rows)

    def run(self, nodes: int | None, deadline: float) -> Answer:
        """Go on for so many nodes (None: for all), or until a reading of the clock."""
        seen = 0
        while self._left and self.plan is None and seen != nodes:
            if not self._look(self._left.pop(), deadline):
                return "open"
            seen += 1
        if self.plan is not None:
            return "plan"
        return "open" if self._left else "short"

    def _look(self, node: Node, deadline: float) -> bool:
        """Bound a node and branch; say whether there was time."""
        before = -np.inf
        while True:
            if not self._relaxed.possible(node):
                return True
            solved = self._relaxed.solve(node, deadline)
            if solved is None:
                self._left.append(node)
                return False
            shares, prices = solved
            lower, reduced = self._relaxed.priced(node, prices)
            if lower > self.new + SURE:
                return True
            rows = self._worst(self.near.missing(shares), shares)
            gain, before = lower - before, lower
            if not len(rows) or gain * WORTH_ROUNDS < max(self.new - lower, LEAST_GAIN):
                break
            self._drop(shares, prices)
            self._add(rows)
        self._drop(shares, prices)
        self._branch(node, shares, lower, reduced, rows)
        return True

    def _drop(self, shares: Float64, prices: Float64) -> None:
        """Take out rows without a price whose points have more than enough."""
        kept = (prices > 0) | (self._relaxed.served(shares) < 1 + SPARE)
        if kept.sum() < KEPT * len(kept):
            self.rows = self.rows[kept]
            self._relaxed.keep(kept)

    def _branch(
        self, node: Node, shares: Float64, lower: float, reduced: Float64, rows: Int64
    ) -> None:
        """Leave the two parts of a node, or take the plan that it holds."""
        parted = np.flatnonzero((shares > WHOLE) & (shares < 1 - WHOLE))
        if not len(parted):
            if not len(rows):
                self.plan = np.flatnonzero(shares > 1 / 2)
                return
            self._add(rows)
            self._left.append(node)
            return
        useless = (reduced > self.new + SURE - lower) & (node.least == 0)
        most = np.where(useless, 0.0, node.most)
        column = parted[np.argmax(shares[parted])]
        least, without = node.least.copy(), most.copy()
        least[column], without[column] = 1.0, 0.0
        self._left += [Node(node.least, without), Node(least, most)]

    def _worst(self, lacks: Float64, shares: Float64) -> Int64:
        """Return the points that lack the most, spread over the sites in use."""
        short = np.flatnonzero(lacks > LACKING)
        order = short[np.argsort(-lacks[short], kind="stable")]
        used = shares > WHOLE
        return self.near.apart(order, used, often=ROWS_A_SITE, most=ROWS_A_ROUND)

    def _add(self, points: Int64) -> None:
        self.rows = np.concatenate([self.rows, points])
        self._relaxed.add(self.near.columns_of(points))


class _Relaxed:
    """The relaxation over the rows so far, kept warm in the solver."""

    def __init__(self, columns: int, new: int) -> None:
        self._matrix = sparse.csr_array((0, columns))
        self._at = Node(np.zeros(columns), np.ones(columns))
        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # theirs has no types
        solver.silent()
        options: dict[str, bool | float | str] = {
            "threads": 1,
            "parallel": "off",
            "presolve": "off",
            "solver": "simplex",
            "objective_bound": new + CUT_OFF,
        }
        for option, setting in options.items():
            solver.setOptionValue(option, setting)
        solver.addVars(columns, self._at.least, self._at.most)
        every = np.arange(columns, dtype=np.int32)
        solver.changeColsCost(columns, every, np.ones(columns))
        self._solver = solver

    def add(self, rows: sparse.csr_array) -> None:
        """Ask for the service of more points: sparse float64[rows, k]."""
        number, size = rows.shape[0], rows.nnz
        begin, column = rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32)
        ones, never = np.ones(number), np.full(number, highspy.kHighsInf)
        self._solver.addRows(number, ones, never, size, begin, column, rows.data)
        self._matrix = sparse.csr_array(sparse.vstack([self._matrix, rows]))

    def solve(self, node: Node, deadline: float) -> tuple[Float64, Float64] | None:
        """Return float64[k], float64[rows]: shares of columns and prices of rows; None: no time."""
        moved = (node.least != self._at.least) | (node.most != self._at.most)
        column = np.flatnonzero(moved).astype(np.int32)
        self._solver.changeColsBounds(len(column), column, node.least[moved], node.most[moved])
        self._at = node
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            return None
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + left_s)
        self._solver.run()
        if self._solver.getModelStatus() not in _SOLVED:
            return None
        found = self._solver.getSolution()
        return np.array(found.col_value), np.maximum(np.array(found.row_dual), 0.0)

    def priced(self, node: Node, prices: Float64) -> tuple[float, Float64]:
        """Return the bound that prices prove on all plans of a node, and float64[k] reduced costs.

        Whatever the prices (float64[rows], >= 0), no plan of the node has fewer sites.
        """
        reduced: Float64 = 1.0 - prices @ self._matrix
        opened, free = node.least > 0, node.most > node.least
        inside = reduced[opened].sum() + np.minimum(reduced[free], 0.0).sum()
        return float(prices.sum() + inside), reduced

    def served(self, shares: Float64) -> Float64:
        """Return float64[rows]: what the shares of the columns of each row sum to."""
        return np.asarray(self._matrix @ shares)

    def keep(self, rows: Bools) -> None:
        """Ask for some rows (bool[rows]) only."""
        gone = np.flatnonzero(~rows).astype(np.int32)
        self._solver.deleteRows(len(gone), gone)
        self._matrix = self._matrix[np.flatnonzero(rows)]

    def possible(self, node: Node) -> bool:
        """Tell whether everybody asked for has a column that is not ruled out."""
        return bool((self._matrix @ node.most > 0).all())
