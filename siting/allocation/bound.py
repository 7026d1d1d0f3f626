"""A bound on every plan, without a solver: the linear relaxation by restarted PDHG.

Primal: maximise sum w_r min(1, sum of x_j over the sites that reach row r), 0 <= x_j <= 1, at most
`new` sites, at most `budget_yuan`. Dual: each row has a price u_r in [0, w_r]; a site is worth the
sum of the prices of its rows; no plan covers more than

    sum (w_r - u_r) + what the best `new` sites for `budget_yuan` are worth (fractions allowed),

whatever the prices: weak duality, recomputed by `priced` from the prices alone. Both sides are
feasible at every check, so the distance between them is exact.

What a plan must keep to besides has prices of its own (`siting.allocation.sided.prices`): a row
weighs more by what the floors pay for it, a site is worth less by what its quotas cost. Any such
prices bound every plan that keeps to everything. The primal side then only nearly keeps to floors
and quotas, and what it lacks is taken off at a price: its distance to the bound is an estimate
that tells when to restart and to stop, the bound is none.

The steps are the primal-dual hybrid gradient of Chambolle & Pock (2011) with the diagonal steps of
Pock & Chambolle (2011), gone 1.8 times as far as they lead (over-relaxation; Condat 2013),
restarted from the average of the steps when that has come near enough (Applegate et al., "Practical
large-scale linear programming using PDHG", NeurIPS 2021). With floors or quotas steps are plain.
"""

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from siting.allocation.problem import Float64
from siting.allocation.products import Products
from siting.allocation.reduce import Reduced
from siting.allocation.saddle import dot
from siting.allocation.sided.prices import SidePrices, SideSteps, no_prices

EXACT = 1e-9
"""A value this near the bound (share) is the bound: both are sums of floating-point numbers."""

CHECK_EVERY = 20
"""Steps between two looks at both sides."""

MAX_STEPS = 20_000
_FARTHER = 1.8
_BALANCE = 2.0
"""Weight of the steps of prices against those of columns."""

_RESTART_AT = 0.4
_RESTART_WHEN_WORSE = 0.8
_RESTART_LONG = 0.36
_LONG = 400
_PRICE_ROUNDS = 60
_GOLDEN = (5**0.5 - 1) / 2
_PROJECTION_ROUNDS = 60
_PROJECTION_EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class Priced:
    """A bound that can be checked by hand.

    Attributes
    ----------
    upper
        No plan of the reduced problem covers more weight.
    worth
        float64[k]: sum of the prices of the rows that each column reaches, less what its quotas
        cost.
    site_price
        Worth of one more site.
    yuan_price
        Worth of one more yuan.
    """

    upper: float
    worth: Float64
    site_price: float
    yuan_price: float

    def margins(self, reduced: Reduced) -> Float64:
        """Return float64[k]: what a column is worth beyond its price; the reduced costs."""
        return self.worth - self.site_price - self.yuan_price * reduced.cost_yuan


class Point(NamedTuple):
    """A point on both sides.

    Attributes
    ----------
    x
        float64[k]: shares of columns.
    ratios
        float64[r], 0..1: prices of rows as shares of what they weigh at the prices of floors.
    sides
        Prices of floors and quotas.
    """

    x: Float64
    ratios: Float64
    sides: SidePrices


def priced(reduced: Reduced, prices: Float64, sides: SidePrices | None = None) -> Priced:
    """Return the bound that prices prove.

    Parameters
    ----------
    prices
        float64[r], 0 <= price <= what the row weighs at the prices of floors.
    sides
        Of floors and quotas; None: all 0.
    """
    sides = no_prices(reduced.sides) if sides is None else sides
    worth = reduced.cover @ prices - sides.of_columns(reduced.sides)
    yuan_price = _yuan_price(reduced, worth)
    left = worth - yuan_price * reduced.cost_yuan
    site_price = _site_price(reduced, left)
    beyond = float(np.maximum(left - site_price, 0.0).sum())
    limits = site_price * reduced.new + sides.of_limits(reduced.sides)
    if reduced.budget_yuan is not None:
        limits += yuan_price * reduced.budget_yuan
    weights = sides.weights(reduced.sides, reduced.weights)
    upper = float((weights - prices).sum()) + limits + beyond
    return Priced(upper, worth, site_price, yuan_price)


class Relaxation:
    """The linear relaxation of a reduced problem, bounded better and better as it is run."""

    def __init__(self, reduced: Reduced, start: list[int]) -> None:
        """Begin at the plan `start` (columns)."""
        self.reduced = reduced
        self._sums = Products(reduced.cover)
        self.prices = reduced.weights.copy()
        self.side_prices = no_prices(reduced.sides)
        self.best = priced(reduced, self.prices)
        self.shares = np.zeros(reduced.columns)
        self.lower = 0.0
        self.steps = 0
        self._budget = _BudgetRow(reduced)
        self._sides = SideSteps(reduced)
        self._weights = reduced.weights
        plain = not reduced.sides.empty
        self._farther, self._balance = (1.0, 1.0) if plain else (_FARTHER, _BALANCE)
        self._site_step = self._site_steps()
        reached_by = self._sums.of_rows(np.ones(reduced.columns))
        self._row_step = self._balance / np.maximum(reached_by, 1.0)
        # Where steps lead, and where the next one begins: farther on in the same direction.
        self._x = np.zeros(reduced.columns)
        self._x[start] = 1.0
        self._v = np.full(len(reduced.weights), 0.5)
        self._begin_from(self._x, self._v)
        self._multiplier = 0.0
        self._start, self._last = 0.0, np.inf
        self._forget()

    def go_on_from(self, shares: Float64, ratios: Float64) -> None:
        """Begin where an earlier relaxation of nearly the same problem ended.

        Parameters
        ----------
        shares
            float64[k]: of each column; none: the plan it was made with stays the beginning.
        ratios
            float64[r]: prices as shares of the weights.
        """
        if shares.any():
            self._x = np.clip(shares, 0.0, 1.0)
        self._begin_from(self._x, np.clip(ratios, 0.0, 1.0))

    def begin_at(self, sides: SidePrices) -> None:
        """Begin at these prices of floors and quotas."""
        self._sides.restart(sides)
        self._weights = sides.weights(self.reduced.sides, self.reduced.weights)
        self._site_step = self._site_steps()

    def advance(self, steps: int) -> None:
        """Take so many steps without a look at both sides."""
        for _ in range(steps):
            self._step()

    @property
    def last(self) -> Point:
        """Where the last step led."""
        return Point(self._x, self._v, self._sides.prices)

    @property
    def average(self) -> Point:
        """The average of the steps since the last restart; there must have been one."""
        return Point(self._sum_x / self._summed, self._sum_v / self._summed, self._sides.average())

    def run(
        self,
        *,
        near: float,
        deadline: float,
        reached: float | None = None,
        most_steps: int = MAX_STEPS,
    ) -> None:
        """Step until both sides are within `near` (share), or more steps tell nothing.

        Parameters
        ----------
        near
            Share of the bound.
        deadline
            A reading of `time.monotonic()`.
        reached
            Weight of the best plan known: more steps tell nothing where the two sides are ten times
            nearer than the bound is to this, or where the bound is this.
        most_steps
            Of this run.
        """
        most = self.steps + most_steps
        while self.steps < most and not self._near_enough(near, reached):
            for _ in range(CHECK_EVERY):
                self._step()
            self._look()
            if time.monotonic() > deadline:
                return

    def _near_enough(self, near: float, reached: float | None) -> bool:
        apart, upper = self.best.upper - self.lower, self.best.upper
        if reached is not None and (
            upper - reached <= EXACT * upper or apart <= 0.1 * (upper - reached)
        ):
            return True
        return apart <= near * upper

    def _site_steps(self) -> Float64:
        pulled = self._sums.of_columns(self._weights) + self._budget.coefficients
        pulled = pulled + self._sides.coefficients
        # A column that reaches no row, costs nothing and is in no quota is moved by nothing.
        return 1.0 / (self._balance * np.where(pulled > 0, pulled, 1.0))

    def _begin_from(self, x: Float64, v: Float64) -> None:
        self._x = self._from_x = x
        self._v = self._from_v = v

    def _step(self) -> None:
        x, v, farther = self._from_x, self._from_v, self._farther
        covered = self._sums.of_rows(x)
        self._v = np.clip(v + self._row_step * (1.0 - covered), 0.0, 1.0)
        push = self._budget.push(x, farther) + self._sides.push(x, covered)
        ahead = self._weights * (2.0 * self._v - v)
        pull = self._sums.of_columns(ahead) - push
        wanted = x + self._site_step * pull
        self._x, self._multiplier = project(
            wanted, self._site_step, float(self.reduced.new), self._multiplier
        )
        self._from_x, self._from_v = x + farther * (self._x - x), v + farther * (self._v - v)
        self._sum_x += self._x
        self._sum_v += self._v
        self._summed += 1
        self.steps += 1

    def _look(self) -> None:
        """Compare both sides at the present point and at the average, and restart where it pays."""
        average = (self._sum_x / self._summed, self._sum_v / self._summed)
        sides = self._sides.average()
        apart = {
            True: self._distance(*average, sides),
            False: self._distance(self._x, self._v, self._sides.prices),
        }
        at_average = apart[True] < apart[False]
        now = apart[at_average]
        if self._due(now):
            self._begin_from(*(average if at_average else (self._x, self._v)))
            if at_average:
                self._sides.restart(sides)
            self._forget(now)
        else:
            self._last = now
        if len(self._sides.prices.floors):
            self._weights = self._sides.prices.weights(self.reduced.sides, self.reduced.weights)
            self._site_step = self._site_steps()

    def _due(self, now: float) -> bool:
        if not self._start:
            self._start = now
        worse = now < _RESTART_WHEN_WORSE * self._start and now > self._last
        long = self._summed > max(_RESTART_LONG * self.steps, _LONG)
        return now < _RESTART_AT * self._start or worse or long

    def _forget(self, start: float = 0.0) -> None:
        self._sum_x, self._sum_v = np.zeros_like(self._x), np.zeros_like(self._v)
        self._summed, self._start, self._last = 0, start, np.inf
        self._sides.forget()

    def _distance(self, x: Float64, v: Float64, sides: SidePrices) -> float:
        """Return how far apart the two sides are at a point, and keep the best of each."""
        prices = sides.weights(self.reduced.sides, self.reduced.weights) * v
        found = priced(self.reduced, prices, sides)
        if found.upper < self.best.upper:
            self.best, self.prices, self.side_prices = found, prices, sides
        shares = x * min(1.0, self._budget.affordable(x))
        covered = np.minimum(self._sums.of_rows(shares), 1.0)
        lower = dot(self.reduced.weights, covered) - self._sides.owed(shares, covered)
        if lower > self.lower:
            self.lower, self.shares = lower, shares
        return found.upper - lower


class _BudgetRow:
    """The budget as one more row of the relaxation, with a price of its own."""

    def __init__(self, reduced: Reduced) -> None:
        self.limited = reduced.budget_yuan is not None
        total = float(reduced.weights.sum())
        budget = max(float(reduced.budget_yuan or 0), 1.0)
        self.coefficients: Float64 = np.zeros(reduced.columns)
        if self.limited:
            self.coefficients += total * reduced.cost_yuan / budget
        self._total = total
        self._step = 1.0 / max(float(self.coefficients.sum()), 1.0)
        self._price = 0.0

    def push(self, x: Float64, farther: float) -> Float64:
        """Step the price of money from `x`, so much farther; return what it takes from sites."""
        if not self.limited:
            return self.coefficients
        over = dot(self.coefficients, x) - self._total
        before, now = self._price, max(self._price + self._step * over, 0.0)
        self._price = before + farther * (now - before)
        return self.coefficients * (2.0 * now - before)

    def affordable(self, x: Float64) -> float:
        """Return by how much `x` must be multiplied to be within the budget; >= 1: it is."""
        spent = dot(self.coefficients, x)
        return self._total / spent if spent > 0 else 1.0


def project(wanted: Float64, step: Float64, most: float, guess: float) -> tuple[Float64, float]:
    """Return the nearest x in [0, 1] with sum <= `most`, in the metric of `step`, and its price.

    x_j = clip(wanted_j - price step_j, 0, 1); the price by Newton steps within a bracket.
    """
    x = np.clip(wanted, 0.0, 1.0)
    if x.sum() <= most:
        return x, 0.0
    low, high = 0.0, float((wanted / step).max())
    price = min(max(guess, low), high)
    for _ in range(_PROJECTION_ROUNDS):
        moved = wanted - price * step
        x = np.clip(moved, 0.0, 1.0)
        over = float(x.sum()) - most
        if abs(over) <= _PROJECTION_EXACT * max(most, 1.0):
            break
        low, high = (price, high) if over > 0 else (low, price)
        slope = float(step[(moved > 0) & (moved < 1)].sum())
        price = price + over / slope if slope > 0 else np.inf
        if not low < price < high:
            price = 0.5 * (low + high)
    return x * min(1.0, most / max(float(x.sum()), most)), price


def _site_price(reduced: Reduced, worth: Float64) -> float:
    """Return the price of a site at which `new` of them pay: the next worth; 0 where all may."""
    if reduced.new >= reduced.columns:
        return 0.0
    if reduced.new == 0:
        return max(float(worth.max(initial=0.0)), 0.0)
    place = reduced.columns - reduced.new
    return max(float(np.partition(worth, place)[place]), 0.0)


def _yuan_price(reduced: Reduced, worth: Float64) -> float:
    """Return the price of a yuan that makes the bound least; any price >= 0 gives a bound."""
    if reduced.budget_yuan is None or not reduced.columns:
        return 0.0
    budget, cost = float(reduced.budget_yuan), reduced.cost_yuan.astype(float)

    def bound(price: float) -> float:
        left = worth - price * cost
        most = _site_price(reduced, left)
        return price * budget + most * reduced.new + float(np.maximum(left - most, 0.0).sum())

    paid = cost > 0
    low, high = 0.0, float((worth[paid] / cost[paid]).max(initial=0.0))
    # Convex in the price: a golden section, ends included.
    best = min((bound(price), price) for price in (low, high))
    one, two = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_one, at_two = bound(one), bound(two)
    for _ in range(_PRICE_ROUNDS):
        best = min(best, (at_one, one), (at_two, two))
        if at_one <= at_two:
            high, two, at_two = two, one, at_one
            one = high - _GOLDEN * (high - low)
            at_one = bound(one)
        else:
            low, one, at_one = one, two, at_two
            two = low + _GOLDEN * (high - low)
            at_two = bound(two)
    return best[1]
