"""A bound on what any plan seats, without a solver: prices of demand, window by window.

Lagrangian relaxation of what demand there is (Geoffrion 1974; for capacitated covering Pirkul &
Schilling 1991): a unit of row i that sits in window t pays a price 0 <= u_it <= hours_t. Sites then
do not know of each other: each seats whom it wins most by, as many as it has seats,

    worth_j = sum over t of max sum over i of (hours_t - u_it) z_it,  z_it <= heads_it,
              sum of z_it <= seats_jt

and whatever the prices, no plan counts more than `sum u_it heads_it`, what existing stations are
worth and the best columns within the limits. The prices move against what is seated too often or
not at all (subgradients of Held, Wolfe & Crowder 1974, each mixed with those before it).
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.reduce import Reduced
from siting.allocation.search import most_within
from siting.allocation.seats.seating import Seating

ROUNDING = 1e-9
"""A bound is moved up by this share."""

FRESH = 0.3
"""Share of the newest subgradient in the direction of a step."""

PATIENCE, SHORTER, LAST_STEP = 8, 0.6, 1e-3
"""Steps shrink after so many rounds without gain, by this share, and end at this length."""


@dataclass(frozen=True, eq=False)
class SeatBound:
    """What prices prove.

    Attributes
    ----------
    upper
        No plan within the limits counts more.
    without
        What no plan without a column counts more than.
    worth
        float64[k]: what each column is worth at these prices.
    """

    upper: float
    without: float
    worth: Float64


class SeatPrices:
    """The relaxation, bounded better and better as it is run.

    Attributes
    ----------
    prices
        float64[r, t]: those of `best`.
    best
        The best bound so far.
    """

    def __init__(self, reduced: Reduced, goal: Seating) -> None:
        """Begin with prices of nothing."""
        self.reduced, self.goal = reduced, goal
        self._by_row = sparse.csr_array(goal.reach.T)
        self._heads = goal.heads.astype(np.float64)
        self.prices = np.zeros_like(self._heads)
        self.best = self.priced(self.prices)

    def priced(self, prices: Float64) -> SeatBound:
        """Return the bound that prices (float64[r, t], 0 <= u_it <= hours_t) prove."""
        return self._seen(prices)[0]

    def run(self, *, reached: float, near: float, deadline: float, most: int) -> None:
        """Move the prices.

        Parameters
        ----------
        reached
            What the best plan known counts.
        near
            Share of the bound: one so near to `reached` is good enough.
        deadline
            A reading of `time.monotonic()`.
        most
            Rounds.
        """
        prices, length, idle = self.prices, 1.0, 0
        scale = 1.0 / np.maximum(self._heads, 1.0)
        drift = None
        for _ in range(most):
            bound, over = self._seen(prices)
            gained = bound.upper < self.best.upper * (1 - ROUNDING)
            idle = 0 if gained else idle + 1
            if gained:
                self.best, self.prices = bound, prices
            if idle == PATIENCE:
                length, idle = SHORTER * length, 0
            apart = bound.upper - reached
            if self.best.upper - reached <= near * self.best.upper or length < LAST_STEP:
                return
            if time.monotonic() >= deadline:
                return
            drift = over if drift is None else FRESH * over + (1 - FRESH) * drift
            stuck = ((prices <= 0) & (drift > 0)) | ((prices >= self.goal.hours) & (drift < 0))
            way = np.where(stuck, 0.0, drift)
            size = float((way * way * scale).sum())
            if size <= 0:
                return
            prices = np.clip(prices - length * apart / size * scale * way, 0.0, self.goal.hours)

    def never(self, reached: float) -> Bools:
        """Return bool[k]: columns in no plan that counts more than `reached`."""
        new, worth = self.reduced.new, self.best.worth
        order = np.argsort(-worth, kind="stable")
        # With a column that is not among the best ones the last of these has no place.
        last = worth[order[min(new, len(worth)) - 1]] if new and len(worth) else 0.0
        others = self.best.without + float(worth[order[:new]].sum()) - last
        ruled_out: Bools = (others + worth) * (1 + ROUNDING) <= reached
        ruled_out[order[:new]] = False
        return ruled_out

    def _seen(self, prices: Float64) -> tuple[SeatBound, Float64]:
        """Return the bound of prices, and float64[r, t]: units that find no seat at them."""
        goal = self.goal
        worth, seated = self._seats(prices)
        columns = worth[goal.existing :]
        without = float((prices * self._heads).sum() + worth[: goal.existing].sum())
        upper = (without + most_within(self.reduced, columns)) * (1 + ROUNDING)
        opened = np.zeros(len(worth), dtype=bool)
        opened[: goal.existing] = True
        best = np.argsort(-columns, kind="stable")[: self.reduced.new]
        opened[goal.existing + best] = True
        over = self._heads.copy()
        for window, (row, site, units) in enumerate(seated):
            here = opened[site]
            over[:, window] -= np.bincount(row[here], units[here], minlength=len(over))
        return SeatBound(upper, without, columns), over

    def _seats(self, prices: Float64) -> tuple[Float64, list[tuple[Int64, Int64, Float64]]]:
        """Return float64[e + k] worth of sites, and per window row, site and units of each pair."""
        goal, sites = self.goal, len(self.goal.seats)
        worth, seated = np.zeros(sites), []
        for window in range(len(goal.hours)):
            order = np.argsort(prices[:, window], kind="stable")
            # Its sites see the rows in the order of their prices: the cheapest sit first.
            ranked = sparse.csr_array(self._by_row[order].T)
            ranked.sort_indices()
            row = order[ranked.indices].astype(np.int64)
            site = np.repeat(np.arange(sites), np.diff(ranked.indptr))
            heads = self._heads[row, window]
            until = np.cumsum(heads)
            before = until - heads
            before -= np.concatenate([[0.0], until])[ranked.indptr[:-1]][site]
            units = np.clip(goal.seats[site, window] - before, 0.0, heads)
            wins = units * np.maximum(goal.hours[window] - prices[row, window], 0.0)
            worth += np.bincount(site, wins, minlength=sites)
            seated.append((row, site, units))
        return worth, seated
