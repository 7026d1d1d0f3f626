"""A bound on the cost of every cover, without a solver: the linear relaxation.

Primal: minimise sum c_j x_j, the x of the columns of every row sum to 1 or more, 0 <= x_j <= 1.
Dual: every row has a price u_r >= 0; whatever the prices, no cover costs less than

    sum u_r + sum over columns of min(0, c_j - prices of its rows)

(Lagrangian bound; Beasley 1990), recomputed by `priced_cover` from the prices alone. Columns whose
reduced cost lifts the bound to the best cover known are in no cheaper one.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from siting.allocation.cover.dominance import Cover
from siting.allocation.problem import Bools, Float64
from siting.allocation.saddle import Saddle, dot

ROUNDING = 1e-7
"""A bound is moved down by this share before it is rounded up to a possible cost."""


@dataclass(frozen=True, eq=False)
class CoverPrices:
    """A bound that can be checked by hand.

    Attributes
    ----------
    lower
        No cover costs less; not rounded.
    reduced_cost
        float64[k]: cost of each column less the prices of its rows.
    """

    lower: float
    reduced_cost: Float64


def priced_cover(left: Cover, prices: Float64) -> CoverPrices:
    """Return the bound that `prices` (float64[r], >= 0) prove."""
    reduced_cost = left.cost - left.cover @ prices
    return CoverPrices(float(prices.sum() + np.minimum(reduced_cost, 0.0).sum()), reduced_cost)


def least_possible(left: Cover, lower: float) -> int:
    """Return the least cost of a cover that `lower` allows: costs are multiples of a whole yuan."""
    unit = math.gcd(*left.cost.tolist()) or 1
    return max(math.ceil((lower - ROUNDING * max(abs(lower), 1.0)) / unit), 0) * unit


def fixed_cover(left: Cover, proof: CoverPrices, reached: int) -> tuple[Bools, Bools]:
    """Return bool[k], bool[k]: columns in no cover cheaper than `reached`, columns in every one."""
    unit = math.gcd(*left.cost.tolist()) or 1
    spare = reached - unit - proof.lower + ROUNDING * max(reached, 1)
    return proof.reduced_cost > spare, -proof.reduced_cost > spare


class CoverRelaxation(Saddle):
    """The linear relaxation of a set covering problem, bounded better and better as it is run.

    Attributes
    ----------
    best
        The best bound so far.
    prices
        float64[r]: what proves it.
    upper
        Cost of the best relaxed cover so far; infinite before one is met.
    shares
        float64[k]: that cover.
    """

    def __init__(self, left: Cover) -> None:
        """Begin with nothing open and even prices."""
        self.left = left
        self._by_site = left.cover
        self._by_row = sparse.csr_array(left.cover.T)
        size = np.maximum(np.diff(left.cover.indptr), 1)
        self._site_step = 1.0 / size
        self._row_step = 1.0 / np.maximum(np.diff(self._by_row.indptr), 1)
        self._cost = left.cost.astype(np.float64)
        start = self._least_price(self._cost / size)
        self.prices = start
        self.best = priced_cover(left, start)
        self.upper, self.shares = np.inf, np.zeros(left.columns)
        self._target = -np.inf
        self._near = 0.0
        balance = float(np.mean(self._cost)) or 1.0
        super().__init__(np.zeros(left.columns), start, balance)

    def run(self, *, near: float, deadline: float, most: int, target: float = np.inf) -> None:
        """Step until both sides are within `near` (share) or the bound is `target`.

        Parameters
        ----------
        near
            Share of the bound.
        deadline
            A reading of `time.monotonic()`.
        most
            At most so many steps.
        target
            Cost of the best cover known.
        """
        self._near, self._target = near, target
        self.run_until(deadline, most)

    def near_enough(self) -> bool:
        """Tell whether the sides meet, or the bound proves the best cover known."""
        if np.isfinite(self.upper) and self.upper - self.best.lower <= self._near * self.upper:
            return True
        return least_possible(self.left, self.best.lower) >= self._target

    def next_point(self, x: Float64, u: Float64) -> tuple[Float64, Float64]:
        """Return the point after one step, each unknown with a step of its own."""
        pull = self._by_site @ u - self._cost
        moved = np.clip(x + self._site_step / self.balance * pull, 0.0, 1.0)
        short = 1.0 - self._by_row @ (2.0 * moved - x)
        return moved, np.maximum(u + self._row_step * self.balance * short, 0.0)

    def apart(self, x: Float64, u: Float64) -> float:
        """Return the distance of a relaxed cover made of `x` from the bound of `u`."""
        found = priced_cover(self.left, u)
        if found.lower > self.best.lower:
            self.best, self.prices = found, u
        least = float((self._by_row @ x).min())
        if least <= 0.0:
            return float(self._cost.sum()) - found.lower
        shares = np.minimum(x / min(least, 1.0), 1.0)
        upper = dot(self._cost, shares)
        if upper < self.upper:
            self.upper, self.shares = upper, shares
        return upper - found.lower

    def _least_price(self, price: Float64) -> Float64:
        """Return for every row the least price among its columns: prices that no column exceeds."""
        by_row = self._by_row
        least: Float64 = np.minimum.reduceat(price[by_row.indices], by_row.indptr[:-1])
        return least
