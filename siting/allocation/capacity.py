"""Capacity: the plan with which the most workers find a seat, window by window.

    maximise   sum over windows of hours_t x (units seated in t)
    subject to every unit sits at most once a window, at an open station within the cut-off,
               at each station at most its seats; the limits and wishes of maximal covering

the capacitated maximal covering location problem (Current & Storbeck 1988; Pirkul & Schilling
1991) with workers allotted to stations in each window. How many find a seat with some stations is
a maximum flow, exact in whole units; it is submodular in the stations (Megiddo 1974), so that gains
need be computed only where their bound is the greatest. Prices of demand bound every plan.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from geo.errors import InputError
from siting.allocation.bound import EXACT
from siting.allocation.engine import Found, Watch, within
from siting.allocation.lazy_search import by_worth, filled, in_order, most_beside, swapped
from siting.allocation.most import settled
from siting.allocation.problem import Bools, Float64, Int64, Problem
from siting.allocation.reduce import Reach, Reduced, catchments_of, reduce_problem, same_reach
from siting.allocation.reopened import reopened
from siting.allocation.seats.milp import solve_seats
from siting.allocation.seats.prices import SeatPrices
from siting.allocation.seats.seating import MOST_UNITS, Seating, seat, sums
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S, solve
from siting.results import Status

EXACT_FLOWS = 60_000
"""Up to so many possible allotments the exact solver is worth its time."""

ROUNDS = 300
"""Rounds in which prices move, at most; they end sooner where steps have become short."""

_COVER_SHARE, _PRICE_SHARE, _SEARCH_SHARE = 0.1, 0.3, 0.6


@dataclass(frozen=True, eq=False)
class CapacityProblem:
    """Seats for d demand points in t windows, by e existing stations and s candidates.

    Attributes
    ----------
    base
        Maximal covering: catchments of the candidates, limits, wishes.
    heads
        int64[d, t], >= 0: units at each point in each window.
    hours
        float64[t], > 0: what a unit that sits counts.
    station_reach
        Sparse bool[e, d]: who is within reach of each existing station.
    station_seats, seats
        int64[e, t] and int64[s, t], >= 0: units that each station and candidate seats.

    Raises
    ------
    InputError
        More units in a window than can be counted; a negative number.
    """

    base: Problem
    heads: Int64
    hours: Float64
    station_reach: sparse.csr_array
    station_seats: Int64
    seats: Int64

    def __post_init__(self) -> None:
        """Refuse what cannot be counted."""
        for name in ("heads", "station_seats", "seats"):
            units = getattr(self, name)
            most = int(units.sum(axis=0).max(initial=0))
            if units.min(initial=0) < 0 or most > MOST_UNITS:
                raise InputError("siting_capacity_units", name=name, most=MOST_UNITS)

    @cached_property
    def reach(self) -> sparse.csr_array:
        """Sparse float64[e + s, d]: existing stations, then candidates."""
        stations = self.station_reach.astype(np.float64)
        return sparse.vstack([stations, catchments_of(self.base)], format="csr")

    def loads(self, chosen: tuple[int, ...]) -> tuple[sparse.csr_array, ...]:
        """Return for each window int64[e + n, d]: who sits where, recomputed point by point."""
        existing = self.station_reach.shape[0]
        opened = [*range(existing), *(existing + site for site in chosen)]
        reach = sparse.csr_array(self.reach[opened])
        seats = np.vstack([self.station_seats, self.seats[list(chosen)]])
        return seat(reach, self.heads, seats, by_row=True).flows

    def value(self, chosen: tuple[int, ...]) -> float:
        """Return what those who sit count with `chosen`, recomputed point by point."""
        return _counts(self.loads(chosen), self.hours)


@dataclass(frozen=True, eq=False)
class CapacityPlan:
    """A plan with its proof, in units x hours that sit.

    Attributes
    ----------
    chosen
        Candidates, most additional seated units first.
    gains
        What each adds in that order.
    before, after
        What counts without and with `chosen`, recomputed point by point.
    bound
        No plan within the limits seats more; >= `after`.
    status
        `optimal` only where `after` equals `bound`; `within_gap` where it is as near as asked;
        else `time_limit`.
    seconds
        Wall clock.
    loads
        int64[e + n, t]: units that sit at each existing station and each of `chosen`. Of several
        ways to seat as many, one.
    standing
        int64[d, t]: units that find no seat; of points that the same stations reach, those who
        come first in the table sit.
    """

    chosen: tuple[int, ...]
    gains: tuple[float, ...]
    before: float
    after: float
    bound: float
    status: Status
    seconds: float
    loads: Int64
    standing: Int64


def best_seated(
    reduced: Reduced,
    goal: Seating,
    covering: Problem,
    *,
    near: float = EXACT,
    time_limit_s: float,
    seed: int = 0,
    watch: Watch | None = None,
) -> Found:
    """Return a plan, the column that seats the most first, and a bound on what any plan seats.

    Parameters
    ----------
    reduced, goal
        Limits and wishes by column; what a plan seats.
    covering
        Maximal covering whose weights are whoever might sit.
    near
        Share of the bound: a plan this near is good enough.
    time_limit_s, seed
        As for `solve_capacity`.
    watch
        Told on the way what would be returned if all ended then.

    Raises
    ------
    InfeasibleError
        No plan keeps to all that is asked.
    """
    begun = time.monotonic()

    def tell(plan: list[int], bound: float) -> None:
        if watch is not None:
            watch(Found(plan, bound, finished=False))

    place = {int(site): column for column, site in enumerate(reduced.site)}
    cover = solve(covering, time_limit_s=_COVER_SHARE * time_limit_s, seed=seed)
    first = [place[site] for site in cover.chosen if site in place]
    tell(first, cover.bound)
    prices = SeatPrices(reduced, goal)
    prices.run(
        reached=goal.value(first),
        near=near,
        deadline=begun + _PRICE_SHARE * time_limit_s,
        most=ROUNDS,
    )
    bound = min(prices.best.upper, cover.bound)
    until = begun + _SEARCH_SHARE * time_limit_s
    plan = _searched(reduced, goal, [first, by_worth(reduced, [], prices.best.worth)], until)
    bound = min(bound, *(most_beside(goal, reduced, some) for some in ([], plan)))
    tell(plan, bound)
    never = prices.never(goal.value(plan))
    never[plan] = False
    if bound - goal.value(plan) > near * bound and _flows(goal, never) <= EXACT_FLOWS:
        left_s = begun + time_limit_s - time.monotonic()
        found = solve_seats(reduced, goal, plan, never, time_limit_s=left_s, seed=seed)
        bound = min(bound, max(found.bound, goal.value(plan)))
        if found.columns is not None and within(reduced, found.columns):
            plan = max(plan, found.columns, key=goal.value)
            bound = max(bound, goal.value(plan))
    finished = bound - goal.value(plan) <= near * bound
    return Found(in_order(goal, plan), bound, finished=finished)


def _searched(reduced: Reduced, goal: Seating, starts: list[list[int]], until: float) -> list[int]:
    """Return the best of some beginnings and of nothing, filled up greedily, after best swaps."""
    plans = [filled(goal, reduced, start, until) for start in [*starts, []]]
    kept = [plan for plan in plans if within(reduced, plan)] or [starts[0]]
    return swapped(goal, reduced, max(kept, key=goal.value), until)


def _flows(goal: Seating, never: Bools) -> int:
    """Return how many allotments there are without some columns."""
    open_sites = np.concatenate([np.ones(goal.existing, dtype=bool), ~never])
    return int(np.diff(goal.reach.indptr)[open_sites].sum()) * len(goal.hours)


def solve_capacity(
    problem: CapacityProblem,
    *,
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    search: Callable[..., Found] = best_seated,
) -> CapacityPlan:
    """Return a plan, a bound on every plan, and what is proved.

    Parameters
    ----------
    gap
        Share (0..1) of the bound: the search stops at a plan this near.
    time_limit_s
        Wall clock; the best plan so far is returned when it is up.
    seed
        Of HiGHS.
    search
        `best_seated`, or what has it run elsewhere (`siting.allocation.held`).

    Raises
    ------
    InfeasibleError
        No plan keeps to all that is asked.

    Notes
    -----
    The plan that covers the most keeps to everything: it comes first. Then greedy and swaps by
    maximum flows, the bound from prices of demand and from what sites add, and where that is not
    enough HiGHS on the columns that a better plan may have.
    """
    begun = time.monotonic()
    reduced, goal = seating_of(problem)
    # Whoever sits is covered: the bound on those covered is one on those who sit.
    covering = replace(problem.base, weights=problem.heads @ problem.hours, points=np.empty(0))
    near = max(gap, EXACT)
    found = search(reduced, goal, covering, near=near, time_limit_s=time_limit_s, seed=seed)
    ordered = found.plan
    worths = [goal.value(ordered[:size]) for size in range(len(ordered) + 1)]
    if reduced.sides.empty:  # a site that seats nobody more is not opened
        ordered = ordered[: int(np.argmax(worths))]
        worths = worths[: len(ordered) + 1]
    bound = max(found.bound, worths[-1])
    return _report(problem, reduced.sites(ordered), worths, bound, near, begun)


def seating_of(problem: CapacityProblem) -> tuple[Reduced, Seating]:
    """Return limits and wishes by column, and seats by rows that the same sites reach."""
    base, existing = problem.base, problem.station_reach.shape[0]
    reduced = reduce_problem(reopened(base, (problem.heads * problem.hours).sum(axis=1)))
    sites = np.concatenate([np.arange(existing), existing + reduced.site])
    reach = sparse.csr_array(problem.reach[sites])
    row, kept, _ = same_reach(Reach.by(reach), problem.heads.sum(axis=1) > 0)
    inside = row >= 0
    into = sparse.csr_array(
        (np.ones(inside.sum(), dtype=np.int64), (row[inside], np.flatnonzero(inside))),
        shape=(len(kept), len(row)),
    )
    seats = np.vstack([problem.station_seats, problem.seats[reduced.site]])
    return reduced, Seating(
        sparse.csr_array(reach[:, kept]), into @ problem.heads, seats, problem.hours, existing
    )


def _report(
    problem: CapacityProblem,
    chosen: tuple[int, ...],
    worths: list[float],
    bound: float,
    near: float,
    begun: float,
) -> CapacityPlan:
    flows = problem.loads(chosen)
    before, after = problem.value(()), _counts(flows, problem.hours)
    everything = float((problem.heads.sum(axis=0) * problem.hours).sum())
    bound, status = settled(after, bound, everything, near=near)
    existing = problem.station_reach.shape[0]
    loads, seated = sums(flows, existing + len(chosen), len(problem.heads))
    return CapacityPlan(
        chosen=chosen,
        gains=tuple(np.diff(worths).tolist()),
        before=before,
        after=after,
        bound=bound,
        status=status,
        seconds=time.monotonic() - begun,
        loads=loads,
        standing=problem.heads - seated,
    )


def _counts(flows: tuple[sparse.csr_array, ...], hours: Float64) -> float:
    """Return what those who sit count, all windows together."""
    totals = [int(flow.sum(dtype=np.int64)) for flow in flows]
    return float(sum(h * total for h, total in zip(hours.tolist(), totals, strict=True)))
