"""What each site of a plan is worth by any goal, and what could stand in its place.

As `siting.allocation.exchange` has it for coverage, for goals of which only the worth of a plan and
a bound on what a site adds are known (`siting.allocation.lazy_search`).
"""

from collections.abc import Sequence

import numpy as np

from siting.allocation.exchange import Exchange, Limit
from siting.allocation.lazy_search import Goal
from siting.allocation.problem import Bools, Float64, Problem

_EXACT = 1e-9


class Swaps:
    """A plan of n of s candidates.

    Attributes
    ----------
    chosen
        Candidates, in the plan's order.
    alone, gained, lost
        float64[n]: what each adds to the existing stations alone; to them and the sites before it;
        what the plan loses without it.

    Examples
    --------
    >>> from siting.allocation.backup import BackupProblem
    >>> from siting.allocation.worths import Twice
    >>> problem = Problem(
    ...     weights=np.array([10.0, 20.0, 30.0]),
    ...     covered=np.zeros(3, dtype=bool),
    ...     indptr=np.array([0, 2, 3, 5]),
    ...     demand=np.array([0, 1, 2, 1, 2], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 2000, 2000]),
    ...     allowed=np.ones(3, dtype=bool),
    ...     new=2,
    ... )
    >>> goal = Twice(BackupProblem(problem, np.zeros(3, dtype=bool), 0.5))
    >>> swaps = Swaps(goal, problem, (2, 0))
    >>> swaps.gained.tolist(), swaps.lost.tolist()
    ([25.0, 15.0], [25.0, 15.0])
    >>> swaps.best_without(1, np.array([False, True, False]), np.zeros(3))
    (1, 15.0)
    """

    def __init__(self, goal: Goal, problem: Problem, chosen: tuple[int, ...]) -> None:
        """Count what each site is worth."""
        self.goal, self.chosen = goal, chosen
        self._limits = Exchange(problem, chosen)
        self._after = goal.value(list(chosen))
        before, plan = goal.value([]), list(chosen)
        values = [goal.value(plan[:size]) for size in range(len(plan) + 1)]
        self.alone = np.array([goal.value([site]) - before for site in chosen])
        self.gained = np.diff(values)
        self.lost = np.array([self._after - goal.value(self.rest(at)) for at in range(len(plan))])

    def rest(self, position: int) -> list[int]:
        """Return the plan without one of its sites."""
        return [site for at, site in enumerate(self.chosen) if at != position]

    def limits(self, position: int) -> tuple[Limit, ...]:
        """Return the limits that keep some candidates from standing in for a site."""
        return self._limits.limits(position)

    def best_without(self, position: int, free: Bools, ties: Float64) -> tuple[int, float] | None:
        """Return who adds the most to the plan without one of its sites, and how much.

        Parameters
        ----------
        free
            bool[s]: who is looked at.
        ties
            float64[s]: of those that add the same, the one that has the most of it; then the first.

        Notes
        -----
        None where nobody would add anything.
        """
        rest = self.rest(position)
        most = np.where(free, self.goal.most_beside(rest), 0.0)
        base = self.goal.value(rest)
        found: tuple[int, float] | None = None
        for site in np.lexsort((np.arange(len(most)), -ties, -_coarse(most))).tolist():
            if most[site] <= _least(most) or (found and most[site] <= found[1] + _near(found[1])):
                break
            gain = self.goal.value([*rest, site]) - base
            if gain > 0 and (found is None or gain > found[1] + _near(found[1])):
                found = site, gain
        return found


def _coarse(values: Float64) -> Float64:
    """Return values of which those that differ by rounding alone are the same."""
    step = _EXACT * max(float(np.abs(values).max(initial=0.0)), 1.0)
    return np.rint(values / step)


def _near(value: float) -> float:
    return _EXACT * max(abs(value), 1.0)


def _least(values: Sequence[float] | Float64) -> float:
    """Return what is nothing but rounding."""
    return _EXACT * max(float(np.max(values, initial=0.0)), 1.0)
