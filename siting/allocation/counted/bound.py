"""A bound on every plan for rows with levels: prices, and the relaxation that finds good ones.

Each row has one price u_r >= 0 for every site that reaches it. Whatever the prices, and the price
of a yuan, no plan is worth more than

    sum over rows and levels of max(level - u_r, 0)
    + budget x price of a yuan
    + per group, what its best columns are worth at these prices, at most as many as it may have

(the conjugate of a concave function of counts: weak duality). With one level this is the bound of
`siting.allocation.bound`. The steps are those of `siting.allocation.saddle`.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from siting.allocation.bound import project
from siting.allocation.counted.rows import Rows
from siting.allocation.problem import Float64
from siting.allocation.saddle import Saddle, dot

_ENOUGH = 0.03
"""Where the sides are nearer than this share of what the best plan lacks, it is the plan's turn."""


@dataclass(frozen=True, eq=False)
class CountedPrices:
    """A bound that can be checked by hand.

    Attributes
    ----------
    upper
        No plan is worth more.
    margins
        float64[k]: what a column is worth beyond the price of a place in its group.
    place
        float64[g]: price of a place in each group: what a site is worth at the margin.
    """

    upper: float
    margins: Float64
    place: Float64


def priced_rows(rows: Rows, prices: Float64, yuan_price: float = 0.0) -> CountedPrices:
    """Return the bound that prices prove (float64[r], >= 0; of a yuan, >= 0, with a budget)."""
    upper = float(np.maximum(rows.levels - prices[:, None], 0.0).sum())
    left = rows.cover @ prices
    if np.isfinite(rows.budget):
        left = left - yuan_price * rows.cost
        upper += yuan_price * rows.budget
    place = np.zeros(len(rows.most))
    for group, most in enumerate(rows.most.tolist()):
        worth = np.sort(left[rows.group == group])[::-1]
        upper += float(np.maximum(worth[:most], 0.0).sum())
        place[group] = max(float(worth[most]), 0.0) if most < len(worth) else 0.0
    return CountedPrices(upper, left - place[rows.group], place)


class CountedRelaxation(Saddle):
    """The linear relaxation of rows with levels, bounded better and better as it is run.

    Attributes
    ----------
    best
        The best bound so far.
    lower
        What the best relaxed plan is worth.
    shares
        float64[k]: that plan.
    """

    def __init__(self, rows: Rows, start: list[int]) -> None:
        """Begin at a plan."""
        self.rows = rows
        self._by_row = sparse.csr_array(rows.cover.T)
        top = rows.levels[:, 0]
        self._top = np.where(top > 0, top, 1.0)
        self._levels = rows.levels / self._top[:, None]
        self._money = self._money_row()
        mass = rows.cover @ self._top + self._money
        self._site_step = 1.0 / np.where(mass > 0, mass, 1.0)
        reached_by = np.maximum(np.diff(self._by_row.indptr), 1)
        self._dual_step = np.append(1.0 / reached_by, 1.0 / max(float(self._money.sum()), 1.0))
        self._members = [np.flatnonzero(rows.group == group) for group in range(len(rows.most))]
        self._guess = [0.0] * len(rows.most)
        self._near, self._reached = 0.0, -np.inf
        self.lower, self.shares = 0.0, np.zeros(rows.columns)
        self.best = priced_rows(rows, rows.levels[:, 0])
        x = np.zeros(rows.columns)
        x[start] = 1.0
        super().__init__(x, np.append(np.full(len(top), 0.5), 0.0), 1.0)

    def run(self, *, near: float, deadline: float, most: int, reached: float = -np.inf) -> None:
        """Step until both sides are within `near` (share), or more steps tell nothing.

        Parameters
        ----------
        near
            Share of the bound.
        deadline
            A reading of `time.monotonic()`.
        most
            At most so many steps.
        reached
            Worth of the best plan known: more steps tell nothing where the two sides are much
            nearer than the bound is to this.
        """
        self._near, self._reached = near, reached
        self.run_until(deadline, most)

    def near_enough(self) -> bool:
        """Tell whether the sides meet, or are much nearer than the best plan is."""
        apart, upper = self.best.upper - self.lower, self.best.upper
        return apart <= max(self._near * upper, _ENOUGH * (upper - max(self._reached, self.lower)))

    def next_point(self, x: Float64, u: Float64) -> tuple[Float64, Float64]:
        """Return the point after one step; prices are shares of a row's first level."""
        pull = self.rows.cover @ (self._top * u[:-1]) - self._money * u[-1]
        wanted = x + self._site_step / self.balance * pull
        moved = np.zeros_like(x)
        for group, members in enumerate(self._members):
            if not self.rows.most[group]:
                continue
            moved[members], self._guess[group] = project(
                wanted[members],
                self._site_step[members] / self.balance,
                float(self.rows.most[group]),
                self._guess[group],
            )
        ahead = 2.0 * moved - x
        step = self._dual_step * self.balance
        down = u[:-1] - step[:-1] * (self._by_row @ ahead)
        over = dot(self._money, ahead) - self._total
        return moved, np.append(self._priced(down, step[:-1]), max(u[-1] + step[-1] * over, 0.0))

    def apart(self, x: Float64, u: Float64) -> float:
        """Return how far apart the sides are at a point, and keep the best of each."""
        limited = np.isfinite(self.rows.budget)
        yuan = u[-1] * self._total / max(self.rows.budget, 1.0) if limited else 0.0
        found = priced_rows(self.rows, self._top * u[:-1], float(yuan))
        if found.upper < self.best.upper:
            self.best = found
        spent = dot(self._money, x)
        shares = x * min(1.0, self._total / spent) if spent > 0 else x
        counts = self._by_row @ shares
        taken = np.clip(counts[:, None] - np.arange(self.rows.levels.shape[1]), 0.0, 1.0)
        lower = float(np.einsum("rl,rl->", self.rows.levels, taken))
        if lower > self.lower:
            self.lower, self.shares = lower, shares
        return found.upper - lower

    def _money_row(self) -> Float64:
        """Return float64[k]: the budget as one more row, in the scale of the others."""
        self._total = float(self._top.sum())
        if not np.isfinite(self.rows.budget):
            return np.zeros(self.rows.columns)
        return self._total * self.rows.cost / max(self.rows.budget, 1.0)

    def _priced(self, down: Float64, step: Float64) -> Float64:
        """Return the prices after a step: each level above a price pushes it up by one step."""
        price = np.maximum(down, 0.0)
        for number in range(self._levels.shape[1]):
            pushed = np.minimum(self._levels[:, number], down + (number + 1) * step)
            price = np.maximum(price, pushed)
        return np.minimum(price, 1.0)
