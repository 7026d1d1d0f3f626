"""Walks between demand and stations: the problem that the p-median and the p-center share.

Costs are those of `geo.catchments.Travel`, millimetres or milliseconds; what lies beyond its
cut-off is absent. What absence means is never guessed: for the p-median a `penalty` is stated or
the problem is refused; for the p-center points that nobody reaches are refused or listed apart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.catchments import ABSENT, Travel
from geo.errors import InfeasibleError, InputError
from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.saddle import dot

_WORD = 62
"""Bits of a number that is sorted."""


@dataclass(frozen=True, eq=False)
class WalkProblem:
    """Open `new` sites beside the existing ones: d demand points, s sites.

    Attributes
    ----------
    travel
        Costs between all sites, existing ones too, and the demand points.
    weights
        float64[d], >= 0: weightless points do not count.
    existing
        bool[s]: open already; they stay.
    allowed
        bool[s]: may be opened; what is said of existing ones is not read.
    new
        So many new sites at most.
    penalty
        What counts for a demand point without an open site within the cut-off, in the unit of the
        costs, at least the longest way in them; None: no plan may leave one so. The p-center does
        not read it.

    Raises
    ------
    InputError
        `new` is negative, nothing would be open, or the penalty is less than a way within reach.
    """

    travel: Travel
    weights: Float64
    existing: Bools
    allowed: Bools
    new: int
    penalty: int | None = None

    def __post_init__(self) -> None:
        """Refuse what means nothing."""
        if self.new < 0:
            raise InputError("siting_walk_new_negative", new=self.new)
        if not self.existing.any() and not (self.new and self.choice.any()):
            raise InputError("siting_walk_none_open")
        most = int(self.travel.cost.max(initial=0))
        if self.penalty is not None and self.penalty < most:
            raise InputError("siting_walk_penalty_small", penalty=self.penalty, most=most)

    @property
    def choice(self) -> Bools:
        """bool[s]: sites that may be opened."""
        return self.allowed & ~self.existing

    def opened(self, chosen: tuple[int, ...]) -> Bools:
        """Return bool[s]: existing sites and `chosen`."""
        sites = self.existing.copy()
        sites[list(chosen)] = True
        return sites

    def walked(self, chosen: tuple[int, ...]) -> Int64:
        """Return int64[d]: cost to the nearest open site; the penalty or `ABSENT` beyond reach."""
        near = self.travel.nearest(self.opened(chosen)).astype(np.int64)
        if self.penalty is not None:
            near[near == ABSENT] = self.penalty
        return near


@dataclass(frozen=True, eq=False)
class Walks:
    """m demand points by k sites that may be opened; only ways nearer than what is open already.

    Attributes
    ----------
    site
        int64[k]: the site of each column, ascending.
    point
        int64[m]: the demand point of each row, ascending.
    weights
        float64[m], > 0.
    cap
        int64[m]: what counts for a point that no new site is nearer to.
    by_point
        Per demand point its columns, nearest first: indptr, column and cost of each entry.
    new
        So many columns are opened.
    base
        Weighted cost of points that nothing could come nearer to.
    """

    site: Int64
    point: Int64
    weights: Float64
    cap: Int64
    indptr: Int64
    column: NDArray[np.uint32]
    cost: Int64
    new: int
    base: float

    @property
    def columns(self) -> int:
        """Number of sites that may be opened."""
        return len(self.site)

    @property
    def owner(self) -> Int64:
        """int64[nnz]: the demand point of each entry."""
        return np.repeat(np.arange(len(self.weights)), np.diff(self.indptr))

    def by_site(self) -> tuple[Int64, NDArray[np.uint32], Int64]:
        """Return the same entries per column: indptr, demand point and cost."""
        order = np.argsort(self.column, kind="stable")
        counts = np.bincount(self.column, minlength=self.columns)
        indptr = np.concatenate([[0], np.cumsum(counts)])
        return indptr, self.owner[order].astype(np.uint32), self.cost[order]

    def nearest_two(self, chosen: Bools) -> tuple[Int64, Int64]:
        """Return int64[m], int64[m]: cost to the nearest two open columns; the cap without one."""
        entries = np.flatnonzero(chosen[self.column])
        owner, cost = self.owner[entries], self.cost[entries]
        first, second = self.cap.copy(), self.cap.copy()
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        first[owner[begins]] = cost[begins]
        after = begins + 1
        after = after[after < len(owner)]
        after = after[owner[after] == owner[after - 1]]
        second[owner[after]] = cost[after]
        return first, second

    def nearby(self, most: Int64) -> "Walks":
        """Return the same without ways longer than `most` (int64[m]), which is the new cap.

        Not the same problem: plans are dearer in it by nothing, and may be dearer in truth.
        """
        cap = np.minimum(self.cap, most)
        keep = self.cost < cap[self.owner]
        return _gathered(
            site=self.site,
            point=self.point,
            weights=self.weights,
            cap=cap,
            owner=self.owner[keep],
            column=self.column[keep].astype(np.int64),
            cost=self.cost[keep],
            new=self.new,
            base=self.base,
        )

    def total(self, chosen: Bools) -> float:
        """Return the weighted cost with the columns of `chosen` (bool[k]) open."""
        near = self.cap.copy()
        entries = chosen[self.column]
        np.minimum.at(near, self.owner[entries], self.cost[entries])
        return self.base + dot(self.weights, near)

    def part(self, columns: Bools, taken: Bools) -> "Walks":
        """Return what is left to decide among `columns` when all of `taken` are open."""
        near = self.cap.copy()
        entries = taken[self.column]
        np.minimum.at(near, self.owner[entries], self.cost[entries])
        keep = columns[self.column] & (self.cost < near[self.owner])
        kept = np.flatnonzero(columns)
        place = np.cumsum(columns) - 1
        return _gathered(
            site=self.site[kept],
            point=self.point,
            weights=self.weights,
            cap=near,
            owner=self.owner[keep],
            column=place[self.column[keep]],
            cost=self.cost[keep],
            new=min(max(self.new - int(taken.sum()), 0), len(kept)),
            base=self.base,
        )


def walks_of(problem: WalkProblem, cap: Int64 | None = None) -> Walks:
    """Return the reduced problem of the p-median.

    Parameters
    ----------
    cap
        int64[d]: what `caps_of` returns, where it is known already.

    Raises
    ------
    InfeasibleError
        As `caps_of`.
    """
    travel = problem.travel
    owner = np.repeat(np.arange(travel.sites), np.diff(travel.indptr))
    kept = np.flatnonzero(problem.choice)
    new = min(problem.new, len(kept))
    cap = caps_of(problem) if cap is None else cap
    place = np.full(travel.sites, -1)
    place[kept] = np.arange(len(kept))
    nearer = problem.choice[owner] & (travel.cost < cap[travel.demand])
    return _gathered(
        site=kept,
        point=np.arange(travel.points),
        weights=problem.weights,
        cap=cap,
        owner=travel.demand[nearer].astype(np.int64),
        column=place[owner[nearer]],
        cost=travel.cost[nearer].astype(np.int64),
        new=new,
        base=0.0,
    )


def _gathered(  # noqa: PLR0913 - what a problem is made of, each by name
    *,
    site: Int64,
    point: Int64,
    weights: Float64,
    cap: Int64,
    owner: Int64,
    column: Int64,
    cost: Int64,
    new: int,
    base: float,
) -> Walks:
    """Return entries sorted by point and cost; points without any are part of the base."""
    counts = np.bincount(owner, minlength=len(weights)) * (weights > 0)
    some = counts > 0
    kept = some[owner]
    column, cost = _nearest_first(owner[kept], cost[kept], column[kept])
    return Walks(
        site=site,
        point=point[some],
        weights=weights[some],
        cap=cap[some],
        indptr=np.concatenate([[0], np.cumsum(counts[some])]).astype(np.int64),
        column=column.astype(np.uint32),
        cost=cost,
        new=new,
        base=base + dot(weights[~some], cap[~some]),
    )


def _nearest_first(owner: Int64, cost: Int64, column: Int64) -> tuple[Int64, Int64]:
    """Return column and cost, sorted by owner, cost and column.

    The three fit into one number nearly always, and one sort of numbers is ten times a lexsort.
    """
    bits = [int(part.max(initial=0)).bit_length() for part in (owner, cost, column)]
    if sum(bits) > _WORD:
        order = np.lexsort((column, cost, owner))
        return column[order], cost[order]
    key = (((owner << bits[1]) | cost) << bits[2]) | column
    key.sort()
    return key & ((1 << bits[2]) - 1), (key >> bits[2]) & ((1 << bits[1]) - 1)


def caps_of(problem: WalkProblem) -> Int64:
    """Return the most that each point can cost: to what is open already, or by the number opened.

    Of the sites that may be opened `new` are. A point that all but fewer than `new` of them reach
    is reached by every plan, at worst at the cost of the `new`-th farthest.

    Raises
    ------
    InfeasibleError
        Without a penalty, where some plan leaves a demand point with weight unreached.
    """
    cap = problem.walked(())
    open_end = cap == ABSENT if problem.penalty is None else np.zeros(len(cap), dtype=bool)
    choice = int(problem.choice.sum())
    new = min(problem.new, choice)
    if new:
        worst = _worst_of_plans(problem, choice - new)
        cap = np.where(open_end, worst, np.where(worst == ABSENT, cap, np.minimum(cap, worst)))
    lost = (cap == ABSENT) & (problem.weights > 0)
    if lost.any():
        raise InfeasibleError(
            "siting_walk_unreached",
            points=int(lost.sum()),
            workers=float(problem.weights[lost].sum()),
        )
    cap[cap == ABSENT] = 0
    return cap


def _worst_of_plans(problem: WalkProblem, spared: int) -> Int64:
    """Return int64[d]: the cost of the entry after the `spared` nearest; `ABSENT` without one."""
    travel = problem.travel
    mine = np.repeat(problem.choice, np.diff(travel.indptr))
    counts = np.bincount(travel.demand[mine], minlength=travel.points)
    worst = np.full(travel.points, ABSENT, dtype=np.int64)
    enough = counts > spared
    if not enough.any():
        return worst
    mine &= enough[travel.demand]
    point = travel.demand[mine].astype(np.int64)
    cost = travel.cost[mine].astype(np.int64)
    _, by_cost = _nearest_first(point, cost, np.zeros_like(point))
    begin = np.concatenate([[0], np.cumsum(counts[enough])])[:-1]
    worst[enough] = by_cost[begin + spared]
    return worst


def reach_of(walks: Walks) -> sparse.csr_array:
    """Return sparse float64[k, m]: 1 where a column is nearer to a point than what is open."""
    ones = np.ones(len(walks.cost))
    shape = (len(walks.weights), walks.columns)
    return sparse.csr_array((ones, walks.column.astype(np.int64), walks.indptr), shape=shape).T
