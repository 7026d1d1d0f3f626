"""A bound on every p-median, without a solver: prices of demand points.

Every point has a price u_d, at most its weighted cap. A site is worth what the prices exceed the
weighted costs of the ways to it; no plan costs less than

    sum u_d - what the `new` sites that are worth the most are worth

(Cornuejols, Fisher & Nemhauser 1977), recomputed by `priced_walks` from the prices alone. Prices
are moved along the mean of what the best sites of many rounds leave unserved or serve twice (the
volume algorithm; Barahona & Anbil 2000); in how many rounds a site was among them tells whether a
good plan has it.
"""

# The kernel takes what numba infers; what calls it is typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: ANN001, ANN202

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.streets.compiled import COMPILED, kernel
from siting.allocation.problem import Bools, Float64
from siting.allocation.saddle import dot
from siting.allocation.walking.walks import Walks
from siting.sums import sum_by

ROUNDING = 1e-9
"""A bound is moved down by this share before plans are judged by it."""

_PATIENCE = 8
_SLOWER, _FASTER = 0.66, 1.1
_MOST_MIXED, _LEAST_SHARE = 0.2, 0.1
_LEAST_SPEED = 0.0005
_STALLED = 400
_START, _LEAST_MOVE = 0.3, 0.1
_FIRST_SPEED = 0.02
_GAIN = 1e-6


@dataclass(frozen=True, eq=False)
class WalkPrices:
    """A bound that can be checked by hand.

    Attributes
    ----------
    lower
        No plan costs less, the base included.
    worth
        float64[k]: what the prices exceed the weighted costs of the ways to each column.
    """

    lower: float
    worth: Float64


def priced_walks(walks: Walks, prices: Float64) -> WalkPrices:
    """Return the bound that `prices` (float64[m], at most weight x cap) prove."""
    worth = np.zeros(walks.columns)
    if COMPILED:
        _worth(
            walks.indptr.astype(np.uint32), walks.column, walks.cost, walks.weights, prices, worth
        )
    else:
        over = prices[walks.owner] - walks.weights[walks.owner] * walks.cost
        worth += np.bincount(walks.column, np.maximum(over, 0.0), minlength=walks.columns)
    best = np.partition(worth, walks.columns - walks.new)[walks.columns - walks.new :]
    return WalkPrices(walks.base + float(prices.sum() - best.sum()), worth)


def fixed_walks(walks: Walks, proof: WalkPrices, reached: float) -> tuple[Bools, Bools]:
    """Return bool[k], bool[k]: columns in no plan below `reached`, columns in every one.

    To open a column in place of the least of the best costs the difference of their worths at
    least, and so does closing one of the best for the next.
    """
    spare = reached - proof.lower * (1.0 - ROUNDING)
    order = np.sort(proof.worth)[::-1]
    if not 0 < walks.new < walks.columns:
        nothing = np.zeros(walks.columns, dtype=bool)
        return nothing, nothing
    last, after = float(order[walks.new - 1]), float(order[walks.new])
    return last - proof.worth > spare, proof.worth - after > spare


class Volume:
    """The bound, better and better as it is run.

    Attributes
    ----------
    best
        The best bound so far.
    prices
        float64[m]: what proves it.
    shares
        float64[k]: in which share of the rounds, the latest most, a site was among the best.
    """

    def __init__(self, walks: Walks, prices: Float64, scale: Float64) -> None:
        """Begin at `prices`, each of which moves in proportion to `scale` (float64[m], > 0)."""
        self.walks = walks
        self._indptr = walks.indptr.astype(np.uint32)
        self._weighted_cap = walks.weights * walks.cap
        self.prices, self._scale = prices, scale
        self.best = priced_walks(walks, self.prices)
        self.shares, self._mean = np.zeros(walks.columns), np.zeros(len(walks.weights))
        self._begun = False
        self.rounds = 0
        self._speed = _FIRST_SPEED
        self._bad = 0

    @classmethod
    def beside(cls, walks: Walks, plan: Bools) -> "Volume":
        """Begin between the weighted costs of the nearest two ways in `plan` (bool[k])."""
        first, second = walks.nearest_two(plan)
        prices = walks.weights * (_START * second + (1.0 - _START) * first)
        # Prices move as far as ways at a point differ: in weighted cost, not alike for all.
        scale = walks.weights * np.maximum(second - first + _LEAST_MOVE * second, 1.0)
        return cls(walks, prices, scale)

    def inside(self, part: Walks, prices: Float64 | None = None) -> "Volume":
        """Return the same on a part of its problem, begun at `prices` (float64 of its rows).

        None: at the prices so far. None is above its cap.
        """
        at = np.searchsorted(self.walks.point, part.point)
        most = part.weights * part.cap
        scale = np.minimum(self._scale[at], np.maximum(most, part.weights))
        begun = self.prices[at] if prices is None else prices
        return Volume(part, np.minimum(begun, most), scale)

    def run(
        self,
        *,
        reached: float,
        near: float,
        deadline: float,
        most: int,
        told: Callable[[float], None] | None = None,
    ) -> None:
        """Move prices until the bound is within `near` (share) of `reached`, or no longer rises.

        Parameters
        ----------
        reached
            Cost of the best plan known.
        near
            Share of `reached`.
        deadline
            A reading of `time.monotonic()`.
        most
            At most so many rounds.
        told
            Told of the bound as it rises.
        """
        end, marked, since = self.rounds + most, self.best.lower, 0
        while self.rounds < end and time.monotonic() < deadline:
            if reached - self.best.lower <= near * reached:
                return
            self._round(reached)
            since += 1
            if self.best.lower > marked + _GAIN * abs(reached):
                marked, since = self.best.lower, 0
                if told is not None:
                    told(marked)
            elif since > _STALLED:
                return

    def _round(self, reached: float) -> None:
        if not self._begun:
            self._mean, self.shares = self._left_over(self.prices, self.best.worth)
            self._begun = True
        square = dot(self._scale, self._mean**2)
        if square <= 0:
            return
        step = self._speed * (1.02 * reached - self.best.lower) / square
        prices = np.clip(self.prices + step * self._scale * self._mean, 0.0, self._weighted_cap)
        found = priced_walks(self.walks, prices)
        left_over, opened = self._left_over(prices, found.worth)
        mixed = self._mixing(left_over)
        along = dot(self._scale, left_over * self._mean)
        self._mean = mixed * left_over + (1 - mixed) * self._mean
        self.shares = mixed * opened + (1 - mixed) * self.shares
        self._pace(found.lower > self.best.lower, along)
        if found.lower > self.best.lower:
            self.best, self.prices = found, prices
        self.rounds += 1

    def _mixing(self, left_over: Float64) -> float:
        """Return the share of this round that makes the mean shortest, within limits."""
        apart = left_over - self._mean
        square = dot(self._scale, apart**2)
        wanted = -dot(self._scale, self._mean * apart) / square if square > 0 else _MOST_MIXED
        return min(max(wanted, _MOST_MIXED * _LEAST_SHARE), _MOST_MIXED)

    def _pace(self, better: bool, along: float) -> None:  # noqa: FBT001 - inside only
        """Go faster where bounds rise the way we go, slower where they have not risen for long."""
        if better:
            self._bad = 0
            if along > 0:
                self._speed = min(self._speed * _FASTER, 2.0)
            return
        self._bad += 1
        if self._bad >= _PATIENCE:
            self._speed, self._bad = max(self._speed * _SLOWER, _LEAST_SPEED), 0

    def _left_over(self, prices: Float64, worth: Float64) -> tuple[Float64, Float64]:
        """Return 1 less how often the best sites serve each point, and which sites those are."""
        walks = self.walks
        opened = np.zeros(walks.columns)
        opened[np.argsort(-worth, kind="stable")[: walks.new]] = 1.0
        if COMPILED:
            served = np.zeros(len(walks.weights))
            _served(self._indptr, walks.column, walks.cost, walks.weights, prices, opened, served)
        else:
            over = prices[walks.owner] > walks.weights[walks.owner] * walks.cost
            served = sum_by(walks.owner, opened[walks.column] * over, len(walks.weights))
        left: Float64 = 1.0 - served
        # A price at its cap may not rise: there the cap serves whoever is left over.
        left[(left > 0) & (prices >= self._weighted_cap)] = 0.0
        return left, opened


@kernel
def _worth(indptr, column, cost, weights, prices, worth):  # pragma: no cover - machine code
    for point in range(len(weights)):
        price = prices[point]
        weight = weights[point]
        for q in range(indptr[point], indptr[point + 1]):
            over = price - weight * cost[q]
            if over <= 0.0:
                break
            worth[column[q]] += over


@kernel
def _served(
    indptr, column, cost, weights, prices, opened, served
):  # pragma: no cover - machine code
    for point in range(len(weights)):
        price = prices[point]
        weight = weights[point]
        for q in range(indptr[point], indptr[point + 1]):
            if price - weight * cost[q] <= 0.0:
                break
            served[point] += opened[column[q]]
