"""Set covering: whom a share is promised, reached with the fewest new stations or the least money.

Location set covering (LSCP; Toregas, Swain, ReVelle & Bergman 1971): everybody whom some candidate
reaches. Partial covering (Daskin & Owen 1999): at least a share of all workers. What the existing
stations cover is covered; they stay. Nobody is left out silently: demand that no candidate reaches
stays in every denominator and is listed, with the smallest cut-off that would reach it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.catchments import Travel
from geo.errors import InfeasibleError, InputError
from siting.allocation.cover.dominance import Cover
from siting.allocation.cover.engine import best_cover
from siting.allocation.cover.share import cheapest_share
from siting.allocation.least import Least, least_status
from siting.allocation.problem import Bools, Float64, Int64
from siting.results import Status

DEFAULT_TIME_LIMIT_S = 30.0
WEIGHT_MARGIN = 1e-9
"""Weights are sums of floating-point numbers: a share is met when it is met up to this share."""


@dataclass(frozen=True, eq=False)
class CoveringProblem:
    """Cover what is asked for at the least cost: d demand points, s candidates.

    Attributes
    ----------
    weights
        float64[d], >= 0: worker-hours (or heads) at each demand point; weightless points need no
        cover.
    covered
        bool[d]: points that the existing stations cover already; they stay covered.
    indptr, demand
        int64[s + 1] and int32[nnz]: candidate j reaches demand[indptr[j] : indptr[j + 1]].
    cost_yuan
        int64[s], >= 0.
    allowed
        bool[s]: candidates that may be chosen.
    goal
        `stations`: as few new stations as can be; `money`: as few yuan as can be.
    share
        Share (0 < share <= 1) of all weight, existing stations included, that is to be covered;
        None: everything that some candidate reaches.

    Raises
    ------
    InputError
        The share is not above 0 and at most 1.
    InfeasibleError
        All candidates together do not reach the share.
    """

    weights: Float64
    covered: Bools
    indptr: Int64
    demand: NDArray[np.int32]
    cost_yuan: Int64
    allowed: Bools
    goal: Literal["stations", "money"] = "stations"
    share: float | None = None

    def __post_init__(self) -> None:
        """Refuse a share that means nothing or that no plan reaches."""
        if self.share is None:
            return
        if not 0 < self.share <= 1:
            raise InputError("siting_cover_share", share=self.share)
        if self.target > self.reachable * (1 + WEIGHT_MARGIN):
            whole = float(self.weights.sum())
            raise InfeasibleError(
                "siting_cover_unreachable", share=self.share, most=self.reachable / whole
            )

    @property
    def candidates(self) -> int:
        """Number of candidates."""
        return len(self.cost_yuan)

    @property
    def cost(self) -> Int64:
        """int64[s]: what is to be kept low; 1 each where stations count."""
        return np.ones_like(self.cost_yuan) if self.goal == "stations" else self.cost_yuan

    @property
    def target(self) -> float:
        """Least weight that is to be covered."""
        return self.reachable if self.share is None else self.share * float(self.weights.sum())

    @property
    def reachable(self) -> float:
        """Weight covered with every candidate that may be chosen."""
        return float(self.weights[self.reached(np.flatnonzero(self.allowed))].sum())

    @property
    def uncoverable(self) -> Int64:
        """int64[]: points with weight that neither a station nor a candidate reaches."""
        reached = self.reached(np.flatnonzero(self.allowed))
        return np.flatnonzero(~reached & (self.weights > 0))

    def reached(self, chosen: Int64 | tuple[int, ...]) -> Bools:
        """Return bool[d]: points covered by the existing stations and by `chosen`."""
        covered = self.covered.copy()
        site = np.zeros(self.candidates, dtype=bool)
        site[np.asarray(chosen, dtype=np.int64)] = True
        covered[self.demand[np.repeat(site, np.diff(self.indptr))]] = True
        return covered


@dataclass(frozen=True)
class Covering(Least):
    """A plan that covers what is asked for, with its proof.

    Attributes
    ----------
    chosen
        Candidates, ascending.
    value
        New stations, or yuan: what `goal` says.
    bound
        No plan that covers what is asked for takes less; <= `value`.
    status
        `optimal` only where `value` equals `bound`; `within_gap`: as near as was asked for;
        `time_limit`: time was up before the proof was.
    before, after
        Weight covered without and with `chosen`, recomputed from the catchments.
    target
        Least weight that was asked for.
    uncoverable
        Demand points with weight that no candidate reaches, ascending.
    seconds
        Wall clock.
    """

    chosen: tuple[int, ...]
    value: int
    bound: int
    status: Status
    before: float
    after: float
    target: float
    uncoverable: tuple[int, ...]
    seconds: float


def covering_problem(
    travel: Travel,
    weights: Float64,
    existing: Bools,
    cost_yuan: Int64,
    *,
    cutoff: int,
    goal: Literal["stations", "money"] = "stations",
    share: float | None = None,
) -> CoveringProblem:
    """Return the problem over the sites of a travel matrix, of which some exist already.

    Parameters
    ----------
    travel
        Costs between all sites, existing ones too, and the demand points.
    weights
        float64[d].
    existing
        bool[sites]: these cover without being chosen.
    cost_yuan
        int64[sites]; what is said of existing ones is not read.
    cutoff
        In the unit of the costs (millimetres or milliseconds), inclusive (<=).
    goal, share
        As in `CoveringProblem`.
    """
    near = travel.cost <= cutoff
    owner = np.repeat(np.arange(travel.sites), np.diff(travel.indptr))
    covered = np.zeros(travel.points, dtype=bool)
    covered[travel.demand[near & existing[owner]]] = True
    counts = np.bincount(owner[near], minlength=travel.sites)
    return CoveringProblem(
        weights=weights,
        covered=covered,
        indptr=np.concatenate([[0], np.cumsum(counts)]),
        demand=travel.demand[near],
        cost_yuan=cost_yuan,
        allowed=~existing,
        goal=goal,
        share=share,
    )


def cutoffs_needed(travel: Travel, points: tuple[int, ...]) -> Int64:
    """Return int64[points]: the smallest cut-off at which some site reaches each point.

    Parameters
    ----------
    travel
        Costs up to a longer cut-off than that of the problem; `geo.catchments.ABSENT` (-1) where
        even that is too short.
    points
        Demand points, such as those that no candidate covers.
    """
    nearest = travel.nearest(np.ones(travel.sites, dtype=bool))
    return np.asarray(nearest[list(points)], dtype=np.int64)


def cover(
    problem: CoveringProblem,
    *,
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    watch: Callable[[Covering], None] | None = None,
) -> Covering:
    """Return the cheapest plan met that covers what is asked for, and a bound on every such plan.

    Parameters
    ----------
    problem
        What is to be covered.
    gap
        Share (0..1) of the value: the search stops at a bound this near.
    time_limit_s
        Wall clock; the best plan so far is returned when it is up.
    seed
        Of every draw: the same seed, the same plan, unless time was up.
    watch
        Told now and then what would be returned if all ended then.
    """
    begun = time.monotonic()
    deadline = begun + time_limit_s

    def told(sites: tuple[int, ...], bound: float) -> None:
        if watch is not None:
            watch(_report(problem, sites, int(bound), gap, begun))

    open_demand = (problem.weights > 0) & ~problem.covered
    if problem.share is None:
        whole = _rows_to_cover(problem, open_demand)
        found = best_cover(whole, gap=gap, deadline=deadline, seed=seed, watch=told)
    else:
        missing = problem.target - float(problem.weights[problem.covered].sum())
        whole = _rows_to_cover(problem, open_demand)
        rows = np.flatnonzero(open_demand & problem.reached(np.flatnonzero(problem.allowed)))
        found = cheapest_share(
            whole,
            problem.weights[rows],
            missing,
            gap=gap,
            deadline=deadline,
            seed=seed,
            watch=told,
        )
    return _report(problem, found.sites, found.bound, gap, begun)


def _rows_to_cover(problem: CoveringProblem, open_demand: Bools) -> Cover:
    """Return open demand that some candidate reaches, by candidates that reach some of it."""
    shape = (problem.candidates, len(problem.weights))
    ones = np.ones(len(problem.demand))
    by_site = sparse.csr_array((ones, problem.demand, problem.indptr), shape=shape)
    allowed = np.flatnonzero(problem.allowed)
    rows = np.flatnonzero(open_demand & problem.reached(allowed))
    by_site = sparse.csr_array(by_site[allowed][:, rows])
    useful = np.flatnonzero(np.diff(by_site.indptr) > 0)
    by_site = sparse.csr_array(by_site[useful])
    by_site.sort_indices()
    site = allowed[useful]
    return Cover(site, by_site, problem.cost[site])


def _report(
    problem: CoveringProblem, sites: tuple[int, ...], bound: int, gap: float, begun: float
) -> Covering:
    value = int(problem.cost[list(sites)].sum())
    after = float(problem.weights[problem.reached(sites)].sum())
    if after < problem.target * (1 - WEIGHT_MARGIN):
        msg = f"a plan covers {after}, not {problem.target}: this is a fault of ours"
        raise AssertionError(msg)
    return Covering(
        chosen=sites,
        value=value,
        bound=bound,
        status=least_status(value, bound, gap),
        before=float(problem.weights[problem.covered].sum()),
        after=after,
        target=problem.target,
        uncoverable=tuple(problem.uncoverable.tolist()),
        seconds=time.monotonic() - begun,
    )
