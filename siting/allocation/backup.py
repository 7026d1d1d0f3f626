"""Backup coverage: a second station within reach counts, too, though no more than the first.

A point whose weight is w counts (1 - b) w if one open station reaches it and w if two or more do,
existing ones included; 0 <= b <= 1/2 (BACOP2; Hogan & ReVelle 1986). What counts is a concave
function of how many new stations reach a point: a row with the levels (1 - b) w and b w where no
existing station reaches it, with b w alone where one does, without any where two do. Rows that the
same candidates reach add up, level by level.

With b near 0 a plan covers once as well as can be, and of those as many twice as can be. Whoever
must be covered once (BACOP1) is a floor of the problem.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from geo.errors import InputError
from siting.allocation.bound import EXACT
from siting.allocation.counted.engine import best_rows
from siting.allocation.counted.rows import Rows
from siting.allocation.engine import Found
from siting.allocation.most import settled
from siting.allocation.problem import Bools, Floor, Int64, Problem
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.reopened import reopened
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S
from siting.results import Status

MOST_SHARE = 0.5
"""Above it a second station would count more than the first."""


@dataclass(frozen=True, eq=False)
class BackupProblem:
    """Backup coverage of d demand points by existing stations and s candidates.

    Attributes
    ----------
    base
        Maximal covering: weights, catchments, limits, wishes; `covered` by one station or more.
    twice
        bool[d]: by two existing stations or more.
    share
        b: what the second station counts, 0 to 1/2.

    Raises
    ------
    InputError
        Another share.
    """

    base: Problem
    twice: Bools
    share: float

    def __post_init__(self) -> None:
        """Refuse a second station that counts more than the first."""
        if not 0 <= self.share <= MOST_SHARE:
            raise InputError("siting_backup_share", share=self.share)

    def times(self, chosen: tuple[int, ...]) -> Int64:
        """Return int64[d]: how many open stations reach each point; of existing ones up to two."""
        base = self.base
        times = base.covered.astype(np.int64) + self.twice
        for site in chosen:
            times[base.demand[base.indptr[site] : base.indptr[site + 1]]] += 1
        return times

    def covered(self, chosen: tuple[int, ...]) -> tuple[float, float]:
        """Return the weight that at least one open station reaches, and at least two."""
        times, weights = self.times(chosen), self.base.weights
        return float(weights[times >= 1].sum()), float(weights[times > 1].sum())

    def value(self, chosen: tuple[int, ...]) -> float:
        """Return what counts with `chosen`, recomputed from the catchments alone."""
        once, twice = self.covered(chosen)
        return (1 - self.share) * once + self.share * twice


@dataclass(frozen=True)
class BackupPlan:
    """A plan with its proof, in weight that counts.

    Attributes
    ----------
    chosen
        Candidates, most additional worth first.
    gains
        What each adds in that order.
    before, after
        What counts without and with `chosen`, recomputed from the catchments.
    once, twice
        Weight that at least one open station reaches, and at least two: before, and after.
    bound
        No plan within the limits counts more; >= `after`.
    status
        `optimal` only where `after` equals `bound`; `within_gap` where it is as near as asked;
        else `time_limit`.
    seconds
        Wall clock.
    """

    chosen: tuple[int, ...]
    gains: tuple[float, ...]
    before: float
    after: float
    once: tuple[float, float]
    twice: tuple[float, float]
    bound: float
    status: Status
    seconds: float


def solve_backup(
    problem: BackupProblem,
    *,
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    search: Callable[..., Found] = best_rows,
) -> BackupPlan:
    """Return a plan, a bound on every plan, and what is proved.

    Parameters
    ----------
    gap
        Share (0..1) of the bound: the search stops at a plan this near.
    time_limit_s
        Wall clock; the best plan so far is returned when it is up.
    seed
        Of all draws and of HiGHS.
    search
        `best_rows`, or what has it run elsewhere (`siting.allocation.held`).

    Raises
    ------
    InfeasibleError
        No plan keeps to all that is asked.
    """
    begun = time.monotonic()
    reduced, rows = backup_rows(problem)
    before = problem.value(())
    found = search(
        reduced,
        rows,
        sided=not reduced.sides.empty,
        gap=gap,
        time_limit_s=time_limit_s,
        seed=seed,
    )
    chosen = reduced.sites(_in_order(rows, found.plan))
    values = [problem.value(chosen[:count]) for count in range(len(chosen) + 1)]
    after = values[-1]
    near = max(gap, EXACT)
    bound, status = settled(
        after, before + found.bound, float(problem.base.weights.sum()), near=near
    )
    (once, twice), (once_after, twice_after) = problem.covered(()), problem.covered(chosen)
    return BackupPlan(
        chosen=chosen,
        gains=tuple(np.diff(values).tolist()),
        before=before,
        after=after,
        once=(once, once_after),
        twice=(twice, twice_after),
        bound=bound,
        status=status,
        seconds=time.monotonic() - begun,
    )


def backup_rows(problem: BackupProblem) -> tuple[Reduced, Rows]:
    """Return limits and wishes by column, and rows with the levels of a first and a second site."""
    base, share = problem.base, problem.share
    first = np.where(base.covered, share, 1 - share) * np.where(problem.twice, 0.0, base.weights)
    second = np.where(base.covered, 0.0, share) * base.weights
    # Summed over merged rows like what a floor counts, which then asks for nothing.
    everywhere = np.ones(len(second), dtype=bool)
    asked = reopened(base, first)
    counting = Floor("", everywhere, 0.0, second)
    reduced = reduce_problem(replace(asked, floors=(*asked.floors, counting)))
    sides = reduced.sides
    seconds = sides.inside[[-1]].toarray()[0]
    floors = np.arange(len(sides.needed) - 1)
    reduced = replace(
        reduced,
        sides=replace(
            sides,
            names=sides.names[:-1],
            inside=sides.inside[floors],
            needed=sides.needed[floors],
        ),
    )
    budget = reduced.budget_yuan
    rows = Rows(
        cover=reduced.cover,
        levels=np.stack([reduced.weights, seconds], axis=1),
        group=np.zeros(reduced.columns, dtype=np.int64),
        most=np.array([reduced.new]),
        cost=reduced.cost_yuan.astype(np.float64),
        budget=math.inf if budget is None else float(budget),
    )
    return reduced, rows


def _in_order(rows: Rows, plan: list[int]) -> list[int]:
    """Return a plan's columns, the one that adds the most to those before it first."""
    ordered: list[int] = []
    left = sorted(plan)
    while left:
        gains = rows.gains(ordered)[left]
        ordered.append(left.pop(int(np.argmax(gains))))
    return ordered
