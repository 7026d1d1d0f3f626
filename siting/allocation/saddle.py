"""Restarted steps towards a saddle point: what two-sided bounds have in common.

The primal-dual hybrid gradient (Chambolle & Pock 2011), restarted from the average of the steps
when that has come near enough, with the balance of both sides set anew at every restart (Applegate
et al., "Practical large-scale linear programming using PDHG", NeurIPS 2021). What a step is and how
far apart two sides are is said by who inherits.
"""

import time
from abc import ABC, abstractmethod

import numpy as np

from siting.allocation.problem import Float64, Int64

CHECK_EVERY = 20
"""Steps between two looks at both sides."""

_RESTART_AT = 0.4
_RESTART_WHEN_WORSE = 0.8
_RESTART_LONG = 0.36
_LONG = 400
_SMOOTH = 0.5


def dot(one: Float64, other: Float64 | Int64) -> float:
    """Return the sum of products, on this thread: BLAS would wake others and wait for them."""
    return float(np.einsum("i,i->", one, other))


class Saddle(ABC):
    """Both sides of a linear relaxation, brought together step by step.

    Attributes
    ----------
    balance
        Weight of the dual steps against the primal ones.
    steps
        Taken so far.
    """

    def __init__(self, primal: Float64, dual: Float64, balance: float) -> None:
        """Begin at a primal and a dual point."""
        self.balance = balance
        self.steps = 0
        self._x, self._u = primal, dual
        self._from_x, self._from_u = primal, dual
        self._sum_x, self._sum_u = np.zeros_like(primal), np.zeros_like(dual)
        self._summed = 0
        self._first, self._last = np.inf, np.inf

    @abstractmethod
    def next_point(self, x: Float64, u: Float64) -> tuple[Float64, Float64]:
        """Return the point after one step."""

    @abstractmethod
    def apart(self, x: Float64, u: Float64) -> float:
        """Return how far apart the sides are at a point, and keep the best of each."""

    @abstractmethod
    def near_enough(self) -> bool:
        """Tell whether more steps are of no use."""

    def run_until(self, deadline: float, most: int) -> None:
        """Step until near enough, a reading of `time.monotonic()` is up, or `most` steps more."""
        end = self.steps + most
        while self.steps < end and not self.near_enough() and time.monotonic() < deadline:
            for _ in range(CHECK_EVERY):
                self._x, self._u = self.next_point(self._x, self._u)
                self._sum_x += self._x
                self._sum_u += self._u
            self._summed += CHECK_EVERY
            self.steps += CHECK_EVERY
            self._look()

    def _look(self) -> None:
        average = (self._sum_x / self._summed, self._sum_u / self._summed)
        at_average, here = self.apart(*average), self.apart(self._x, self._u)
        now = min(at_average, here)
        self._first = now if not np.isfinite(self._first) else self._first
        worse = now < _RESTART_WHEN_WORSE * self._first and now > self._last
        long = self._summed > max(_RESTART_LONG * self.steps, _LONG)
        if now < _RESTART_AT * self._first or worse or long:
            if at_average < here:
                self._x, self._u = average
            self._restart(now)
        else:
            self._last = now

    def _restart(self, now: float) -> None:
        apart_x, apart_u = self._x - self._from_x, self._u - self._from_u
        moved_x, moved_u = dot(apart_x, apart_x) ** 0.5, dot(apart_u, apart_u) ** 0.5
        if moved_x > 0 and moved_u > 0:
            ratio = moved_u / moved_x
            self.balance = float(ratio**_SMOOTH * self.balance ** (1 - _SMOOTH))
        self._from_x, self._from_u = self._x, self._u
        self._sum_x, self._sum_u = np.zeros_like(self._x), np.zeros_like(self._u)
        self._summed, self._first, self._last = 0, now, np.inf
