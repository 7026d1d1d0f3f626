"""A plan for a goal whose gains are dear to compute, but easily bounded from above.

For goals to which each further site adds no more than it did before (submodular), and which never
fall with one site more. Greedy and best swaps (Teitz & Bart 1968) that compute a gain only where
its upper bound is above the best gain so far (lazy as CELF; Leskovec et al. 2007); all keep to
limits and wishes.
"""

import time
from abc import ABC, abstractmethod

import numpy as np

from siting.allocation.engine import within
from siting.allocation.problem import Bools, Float64
from siting.allocation.reduce import Reduced
from siting.allocation.search import money_left, most_within

_MARGIN = 1e-9
"""A change must win more (share) than rounding can invent."""


class Goal(ABC):
    """What a plan of columns is worth."""

    @abstractmethod
    def value(self, plan: list[int]) -> float:
        """Return what a plan is worth."""

    @abstractmethod
    def most_beside(self, plan: list[int]) -> Float64:
        """Return float64[k]: what each column adds to `plan` at most."""


def filled(goal: Goal, reduced: Reduced, chosen: list[int], deadline: float) -> list[int]:
    """Return `chosen` and greedily what follows: what quotas ask for, then what adds the most.

    When time is up, what might add the most follows unseen.
    """
    plan = list(chosen)
    while len(plan) < reduced.new and time.monotonic() < deadline:
        free = _free(reduced, plan)
        wanted = reduced.sides.wanted(plan) & free
        least = -1.0 if wanted.any() else 0.0
        best = _best(goal, plan, wanted if wanted.any() else free, least)
        if best is None:
            return plan
        plan.append(best)
    return _unseen(goal, reduced, plan)


def _unseen(goal: Goal, reduced: Reduced, chosen: list[int]) -> list[int]:
    """Return `chosen` and as many others as limits allow, by what they add at most."""
    return by_worth(reduced, chosen, goal.most_beside(chosen))


def by_worth(reduced: Reduced, chosen: list[int], worth: Float64) -> list[int]:
    """Return `chosen` and as many others as limits allow, those of the greatest worth above 0."""
    plan = list(chosen)
    for column in np.argsort(-worth, kind="stable").tolist():
        if len(plan) == reduced.new or worth[column] <= 0:
            break
        if _free(reduced, plan)[column]:
            plan.append(column)
    return plan


def swapped(goal: Goal, reduced: Reduced, chosen: list[int], deadline: float) -> list[int]:
    """Return `chosen` after best swaps of one site for another, until none wins or time is up."""
    plan, better = list(chosen), True
    while better and time.monotonic() < deadline:
        better = False
        for place in range(len(plan)):
            rest = plan[:place] + plan[place + 1 :]
            present = goal.value(plan) - goal.value(rest)
            free = _free(reduced, rest)
            free[plan[place]] = False
            best = _best(goal, rest, free, present * (1 + _MARGIN) + _MARGIN, reduced)
            if best is not None:
                plan, better = [*rest[:place], best, *rest[place:]], True
            if time.monotonic() > deadline:
                break
    return plan


def most_beside(goal: Goal, reduced: Reduced, plan: list[int]) -> float:
    """Return an upper bound on the worth of every plan: `plan` and the best sites' gains beside it.

    It holds whatever plan there is (Nemhauser, Wolsey & Fisher 1978).
    """
    return goal.value(plan) + most_within(reduced, goal.most_beside(plan))


def in_order(goal: Goal, plan: list[int]) -> list[int]:
    """Return a plan's columns, the one that adds the most to those before it first."""
    ordered: list[int] = []
    left = sorted(plan)
    while left:
        place = np.zeros(len(goal.most_beside(ordered)), dtype=bool)
        place[left] = True
        best = _best(goal, ordered, place, -1.0)
        ordered.append(left[0] if best is None else best)
        left.remove(ordered[-1])
    return ordered


def _free(reduced: Reduced, plan: list[int]) -> Bools:
    """Return bool[k]: columns that may join a plan."""
    free = reduced.sides.open_to(plan) & (reduced.cost_yuan <= money_left(reduced, plan))
    free[plan] = False
    return free


def _best(
    goal: Goal, plan: list[int], free: Bools, least: float, reduced: Reduced | None = None
) -> int | None:
    """Return the free column that adds the most, and more than `least`; None: there is none.

    Of equals the first. With `reduced`, only one with which the plan keeps to everything.
    """
    most = np.where(free, goal.most_beside(plan), -np.inf)
    base, best, gain = goal.value(plan), None, least
    for column in np.argsort(-most, kind="stable").tolist():
        if most[column] <= gain:
            break
        found = goal.value([*plan, column]) - base
        if found > gain and (reduced is None or within(reduced, [*plan, column])):
            best, gain = column, found
    return best
