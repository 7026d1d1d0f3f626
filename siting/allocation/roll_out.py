"""Which sites in which year: nested plans that serve the most over all years together.

A site that opens in year t is open from then on; in each year no more open than that year pays for.

    maximise   sum over years s and rows r of w_r y_rs
    subject to y_rs <= sum of x_jt, j reaches r, t <= s        0 <= y_rs <= 1
               sum over j of x_jt <= n_t                       each year
               sum of cost_j x_jt <= budget                    all years together

(Multi-period maximal covering; Schilling 1980, Gunawardane 1982.) That a site opens once need not
be said: a second opening wins nothing. Columns are (site, year) in groups by year, rows (demand,
year): covering with groups, solved as `siting.allocation.counted.engine` does.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from siting.allocation.bound import EXACT
from siting.allocation.counted.engine import best_rows
from siting.allocation.counted.rows import Rows, greedy_plan
from siting.allocation.engine import Found
from siting.allocation.most import settled
from siting.allocation.problem import Problem, Quota
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S
from siting.results import Status


@dataclass(frozen=True)
class RollOut:
    """Sites by year, with a proof.

    Attributes
    ----------
    years
        Candidates that open in each year, the one that wins most in it first.
    after
        Weight covered in each year, recomputed from the catchments.
    bound
        No nested plan within the limits has a greater sum of `after`; >= that sum.
    status
        `optimal` only where the sum is the bound (1e-9 relative).
    seconds
        Wall clock.
    """

    years: tuple[tuple[int, ...], ...]
    after: tuple[float, ...]
    bound: float
    status: Status
    seconds: float

    @property
    def total(self) -> float:
        """Sum over the years of the weight covered."""
        return sum(self.after)


def solve_roll_out(
    problem: Problem,
    sizes: tuple[int, ...],
    *,
    starts: tuple[tuple[tuple[int, ...], ...], ...] = (),
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    search: Callable[..., Found] = best_rows,
) -> RollOut:
    """Return the nested plan that serves the most over all years together.

    Parameters
    ----------
    problem
        Its budget holds for all years together; quotas, pairs and floors are left aside, as are
        points: to keep to them, allow only the sites of a plan that does.
    sizes
        At most so many new sites in each year.
    starts
        Sites by year to begin from.
    gap, time_limit_s, seed
        As for `siting.allocation.solve`.
    search
        `best_rows`, or what has it run elsewhere (`siting.allocation.held`).

    Examples
    --------
    A site in the middle is best if there is to be one, the two beside it if there are to be two:
    over both years the middle first loses less.

    >>> problem = Problem(
    ...     weights=np.array([10.0, 10.0, 10.0, 10.0]),
    ...     covered=np.zeros(4, dtype=bool),
    ...     indptr=np.array([0, 2, 5, 7]),
    ...     demand=np.array([0, 1, 1, 2, 3, 2, 3], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 2000, 2000]),
    ...     allowed=np.ones(3, dtype=bool),
    ...     new=2,
    ... )
    >>> found = solve_roll_out(problem, (1, 1))
    >>> found.years, found.after, found.bound, found.status
    (((1,), (0,)), (30.0, 40.0), 70.0, 'optimal')
    """
    begun = time.monotonic()
    if problem.asks_nothing or not sum(sizes):
        return _nothing(problem, len(sizes))
    plain = replace(problem, new=sum(sizes), quotas=(), apart=(), floors=(), points=np.empty(0))
    base = reduce_problem(plain)
    if not base.columns:
        return _nothing(problem, len(sizes))
    phased = phased_problem(base, sizes)
    rows = phased_rows(phased, base.columns, sizes)
    place = {int(site): column for column, site in enumerate(base.site)}
    found = search(
        phased,
        rows,
        sided=False,
        starts=[_columns(start, place, base.columns) for start in starts],
        gap=gap,
        time_limit_s=time_limit_s,
        seed=seed,
    )
    plan = _opened_once(rows, found.plan, base.columns)
    years = tuple(
        base.sites([column % base.columns for column in plan if column // base.columns == year])
        for year in range(len(sizes))
    )
    years = _in_marginal_order(problem, years)
    opened = [sum(years[: year + 1], ()) for year in range(len(sizes))]
    after = tuple(problem.value(sites) for sites in opened)
    total, everything = sum(after), float(problem.weights.sum()) * len(sizes)
    bound = found.bound + base.base * len(sizes)
    bound, status = settled(total, bound, everything, near=max(gap, EXACT))
    return RollOut(years, after, bound, status, time.monotonic() - begun)


def _nothing(problem: Problem, years: int) -> RollOut:
    after = (problem.value(()),) * years
    return RollOut(((),) * years, after, sum(after), "optimal", 0.0)


def phased_problem(base: Reduced, sizes: tuple[int, ...]) -> Reduced:
    """Return the problem over (column, year), year by year, with a quota for each year."""
    years, columns = len(sizes), base.columns
    blocks = [[base.cover if at <= year else None for year in range(years)] for at in range(years)]
    cover = sparse.csr_array(sparse.block_array(blocks, format="csr"))
    cover.sort_indices()
    quotas = tuple(
        Quota(str(year + 1), tuple(range(year * columns, (year + 1) * columns)), most=size)
        for year, size in enumerate(sizes)
    )
    return reduce_problem(
        Problem(
            weights=np.tile(base.weights, years),
            covered=np.zeros(years * len(base.weights), dtype=bool),
            indptr=cover.indptr.astype(np.int64),
            demand=cover.indices.astype(np.int32),
            cost_yuan=np.tile(base.cost_yuan, years),
            allowed=np.ones(years * columns, dtype=bool),
            new=sum(sizes),
            budget_yuan=base.budget_yuan,
            quotas=quotas,
        )
    )


def phased_rows(phased: Reduced, columns: int, sizes: tuple[int, ...]) -> Rows:
    """Return what counts: every row once, columns in groups by year."""
    return Rows(
        cover=phased.cover,
        levels=phased.weights[:, None],
        group=phased.site // columns,
        most=np.array(sizes, dtype=np.int64),
        cost=phased.cost_yuan.astype(np.float64),
        budget=math.inf if phased.budget_yuan is None else float(phased.budget_yuan),
    )


def _columns(start: tuple[tuple[int, ...], ...], place: dict[int, int], columns: int) -> list[int]:
    return [
        year * columns + place[site]
        for year, sites in enumerate(start)
        for site in sites
        if site in place
    ]


def _opened_once(rows: Rows, plan: list[int], columns: int) -> list[int]:
    """Return a plan at least as good in which no site opens twice; what that frees is used."""
    while True:
        first: dict[int, int] = {}
        for column in sorted(plan):
            first.setdefault(column % columns, column)
        once = list(first.values())
        plan = greedy_plan(rows, once)
        if len(plan) == len(once):
            return plan


def _in_marginal_order(
    problem: Problem, years: tuple[tuple[int, ...], ...]
) -> tuple[tuple[int, ...], ...]:
    opened: tuple[int, ...] = ()
    ordered = []
    for sites in years:
        left, row = sorted(sites), []
        while left:
            gains = problem.gains_beside(opened)[left]
            best = left.pop(int(np.argmax(gains)))
            row.append(best)
            opened = (*opened, best)
        ordered.append(tuple(row))
    return tuple(ordered)
