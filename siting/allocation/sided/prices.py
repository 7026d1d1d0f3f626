"""Prices of floors and quotas, for the linear relaxation: Lagrangian relaxation of the sides.

A floor's price (>= 0) is what a unit of it is worth: rows that count in it weigh more by as much,
and what it asks for is paid back. A quota's price is paid by its sites; below 0 it pays them, for a
quota that has too few. Whatever these prices, the bound of `bound.priced` holds (Geoffrion 1974).
"""

from dataclasses import dataclass

import numpy as np

from siting.allocation.problem import Float64
from siting.allocation.reduce import Reduced
from siting.allocation.saddle import dot
from siting.allocation.sided.sides import Sides

_OWED = 2.0
_FLOOR_PACE = 0.3


@dataclass(frozen=True, eq=False)
class SidePrices:
    """A price for every floor and quota.

    Attributes
    ----------
    floors
        float64[f], >= 0: weight that a unit of each floor is worth.
    quotas
        float64[q]: weight that one more site than its most is worth; below 0: that one fewer than
        its least is worth.
    """

    floors: Float64
    quotas: Float64

    def weights(self, sides: Sides, weights: Float64) -> Float64:
        """Return float64[r]: what rows weigh with what floors pay for them."""
        return weights + sides.by_row @ self.floors if len(self.floors) else weights

    def of_columns(self, sides: Sides) -> Float64 | float:
        """Return float64[k]: what the quotas of each column cost it."""
        return sides.by_column @ self.quotas if len(self.quotas) else 0.0

    def of_limits(self, sides: Sides) -> float:
        """Return what quotas are worth as a whole, less what floors ask for."""
        most, least = np.maximum(self.quotas, 0.0), np.minimum(self.quotas, 0.0)
        worth = dot(most, sides.most) + dot(least, sides.least)
        return worth - dot(self.floors, sides.needed)


def no_prices(sides: Sides) -> SidePrices:
    """Return prices of 0."""
    return SidePrices(np.zeros(len(sides.needed)), np.zeros(len(sides.least)))


def rates(reduced: Reduced) -> Float64:
    """Return float64[f], > 0: the weight in the goal of a unit of each floor, by least squares."""
    inside = reduced.sides.inside
    squares = np.asarray((inside**2).sum(axis=1), dtype=np.float64)
    usual = float(reduced.weights.mean()) if len(reduced.weights) else 1.0
    found = np.divide(
        inside @ reduced.weights, squares, out=np.zeros(len(squares)), where=squares > 0
    )
    return np.where(found > 0, found, usual or 1.0)


class SideSteps:
    """Floors and quotas in the steps of a relaxation.

    Attributes
    ----------
    prices
        At the present point.
    coefficients
        float64[k]: how strongly quotas pull at each column.
    """

    def __init__(self, reduced: Reduced) -> None:
        """Begin with prices of 0."""
        self.sides = reduced.sides
        self.empty = self.sides.empty
        self.prices = no_prices(self.sides)
        # A quota is weighed in sites' worth, so that its row looks like those of demand.
        masses = reduced.cover @ reduced.weights
        self._unit = float(masses.mean()) if len(masses) else 1.0
        size = np.maximum(np.diff(self.sides.members.indptr), 1)
        self._quota_step = self._unit / size
        self.coefficients: Float64 = np.asarray(
            self.sides.by_column @ np.full(len(size), self._unit)
        )
        spread = np.empty(0)
        if len(self.sides.needed):
            reached_by = np.bincount(reduced.cover.indices, minlength=len(reduced.weights))
            spread = self.sides.inside @ np.maximum(reached_by, 1).astype(float)
        self._rate = rates(reduced)
        self._floor_step = _FLOOR_PACE * self._rate / np.maximum(spread, 1e-12)
        self.forget()

    def push(self, x: Float64, covered: Float64) -> Float64 | float:
        """Step the prices from the plan `x`; return what quotas take from every column."""
        if self.empty:
            return 0.0
        before, sides = self.prices, self.sides
        floors, quotas = before.floors, before.quotas
        if len(floors):
            short = sides.needed - sides.inside @ np.minimum(covered, 1.0)
            floors = np.maximum(floors + self._floor_step * short, 0.0)
        if len(quotas):
            wanted = quotas + self._quota_step * (sides.members @ x)
            near = np.clip(wanted / self._quota_step, sides.least, sides.most)
            quotas = wanted - self._quota_step * near
        self.prices = SidePrices(floors, quotas)
        self._sum_floors += floors
        self._sum_quotas += quotas
        self._summed += 1
        return SidePrices(floors, 2.0 * quotas - before.quotas).of_columns(sides)

    def average(self) -> SidePrices:
        """Return the average since the last `forget`."""
        if not self._summed:
            return self.prices
        return SidePrices(self._sum_floors / self._summed, self._sum_quotas / self._summed)

    def restart(self, prices: SidePrices) -> None:
        """Go on from `prices`."""
        self.prices = prices

    def forget(self) -> None:
        """Begin a new average."""
        self._sum_floors = np.zeros(len(self.sides.needed))
        self._sum_quotas = np.zeros(len(self.sides.least))
        self._summed = 0

    def owed(self, x: Float64, covered: Float64) -> float:
        """Return what `x` lacks of floors and quotas, at more than their prices."""
        if self.empty:
            return 0.0
        sides, prices = self.sides, self.prices
        short = np.maximum(sides.needed - sides.inside @ covered, 0.0)
        counts = sides.members @ x
        off = np.maximum(counts - sides.most, 0.0) + np.maximum(sides.least - counts, 0.0)
        of_floors = dot(_OWED * prices.floors + self._rate, short)
        return of_floors + dot(_OWED * np.abs(prices.quotas) + 0.1 * self._unit, off)
