"""Plans for hosts that leave: the most expected coverage.

Every new station is out of use with probability q, each by itself, and every existing
one with a probability of its own. A point that b existing and n new stations reach is served with
probability 1 - p^b q^n (the maximum expected covering location problem, MEXCLP; Daskin 1983),
which is concave in n: rows with levels w p^b (1 - q) q^(n - 1).
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.errors import InputError
from siting.allocation.bound import EXACT
from siting.allocation.counted.engine import best_rows
from siting.allocation.counted.rows import Rows
from siting.allocation.engine import Found
from siting.allocation.most import settled
from siting.allocation.problem import Float64, Int64, Problem
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.reopened import reopened
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S
from siting.results import Status

LAST_LEVEL = 1e-12
"""A further station that adds less than this share of a point's weight is not counted."""


@dataclass(frozen=True, eq=False)
class RobustProblem:
    """Maximal expected coverage.

    Attributes
    ----------
    problem
        Catchments, limits, what a plan keeps to (as if nobody left); points are left aside.
    leave
        q: the probability (0 <= q < 1) that a new station is out of use.
    existing
        int64[d]: how many existing stations reach each point; where `problem.covered`, at least 1.
    existing_leave
        p: the probability (0 <= p <= 1) for existing stations; 0: they stay.

    Raises
    ------
    InputError
        A probability that is none.
    """

    problem: Problem
    leave: float
    existing: Int64
    existing_leave: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        for value, most in ((self.leave, np.nextafter(1.0, 0.0)), (self.existing_leave, 1.0)):
            if not 0 <= value <= most:
                raise InputError("siting_plan_leave", leave=value)

    @property
    def left(self) -> Float64:
        """float64[d]: weight that existing stations are not expected to serve."""
        out: Float64 = self.problem.weights * np.power(self.existing_leave, self.existing)
        return out

    def expected(self, chosen: tuple[int, ...]) -> float:
        """Return expected coverage with `chosen`, recomputed from the catchments alone."""
        task = self.problem
        counts = np.zeros(len(task.weights), dtype=np.int64)
        for site in chosen:
            counts[task.demand[task.indptr[site] : task.indptr[site + 1]]] += 1
        return float((task.weights - self.left * np.power(self.leave, counts)).sum())


@dataclass(frozen=True)
class RobustSolution:
    """A plan with its proof.

    Attributes
    ----------
    chosen
        Candidates, in the order of the table.
    before, after
        Expected coverage without and with them, recomputed from the catchments.
    bound
        No plan is expected to cover more.
    status
        `optimal` only where `after` equals `bound` (1e-9 relative).
    seconds
        Wall clock.
    """

    chosen: tuple[int, ...]
    before: float
    after: float
    bound: float
    status: Status
    seconds: float


def solve_robust(
    asked: RobustProblem,
    *,
    starts: tuple[tuple[int, ...], ...] = (),
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    search: Callable[..., Found] = best_rows,
) -> RobustSolution:
    """Return the plan with the most expected coverage, and a bound on every plan.

    Parameters
    ----------
    starts
        Plans to begin from, such as the one with the most coverage.
    gap, time_limit_s, seed
        As for `siting.allocation.solve`.
    search
        `best_rows`, or what has it run elsewhere (`siting.allocation.held`).

    Raises
    ------
    InfeasibleError
        No plan keeps to what is asked.

    Examples
    --------
    Two far places with 10 workers, one with 12 between two sites: with one in ten leaving, a
    second site for the 12 is worth 1.08, the 10 are worth 9.

    >>> problem = Problem(
    ...     weights=np.array([12.0, 10.0]),
    ...     covered=np.zeros(2, dtype=bool),
    ...     indptr=np.array([0, 1, 2, 3]),
    ...     demand=np.array([0, 0, 1], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 2000, 2000]),
    ...     allowed=np.ones(3, dtype=bool),
    ...     new=2,
    ... )
    >>> asked = RobustProblem(problem, leave=0.1, existing=np.zeros(2, dtype=np.int64))
    >>> plan = solve_robust(asked)
    >>> plan.chosen, round(plan.after, 6), plan.status
    ((0, 2), 19.8, 'optimal')
    """
    begun = time.monotonic()
    reduced = robust_reduced(asked)
    rows = robust_rows(asked, reduced)
    place = {int(site): column for column, site in enumerate(reduced.site)}
    found = search(
        reduced,
        rows,
        sided=not reduced.sides.empty,
        starts=[[place[site] for site in plan if site in place] for plan in starts],
        gap=gap,
        time_limit_s=time_limit_s,
        seed=seed,
    )
    chosen = tuple(sorted(reduced.sites(found.plan)))
    before, after = asked.expected(()), asked.expected(chosen)
    everything = float(asked.problem.weights.sum())
    bound, status = settled(after, before + found.bound, everything, near=max(gap, EXACT))
    return RobustSolution(chosen, before, after, bound, status, time.monotonic() - begun)


def robust_reduced(asked: RobustProblem) -> Reduced:
    """Return the reduced problem: rows weigh what existing stations are not expected to serve."""
    return reduce_problem(reopened(asked.problem, asked.left))


def robust_rows(asked: RobustProblem, reduced: Reduced) -> Rows:
    """Return what the first, second ... new station that reaches a row is worth there."""
    reached_by = np.diff(reduced.cover.T.tocsr().indptr)
    most = max(min(int(reached_by.max(initial=1)), reduced.new), 1)
    if asked.leave > 0:
        most = min(most, math.ceil(math.log(LAST_LEVEL) / math.log(asked.leave)))
    number = np.arange(most)
    profile = (1.0 - asked.leave) * np.power(asked.leave, number)
    levels = np.where(number < reached_by[:, None], reduced.weights[:, None] * profile, 0.0)
    return Rows(
        cover=reduced.cover,
        levels=levels,
        group=np.zeros(reduced.columns, dtype=np.int64),
        most=np.array([reduced.new]),
        cost=reduced.cost_yuan.astype(np.float64),
        budget=math.inf if reduced.budget_yuan is None else float(reduced.budget_yuan),
    )
