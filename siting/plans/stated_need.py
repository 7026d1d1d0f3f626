"""Stated need as demand rows of its own: requests that a plan goes by, and that coverage never has.

By the federation's rules need decides where few people work (人员稀少区，以职工需求为重点). Each
record there on a topic that speaks for siting weighs in the choice of sites as much as the rule
file says, as a demand point of its own where it was stated. Records are requests, not heads: what
a plan covers, its bound and its gap are recomputed without them, and how many of them have a
station within the cut-off is told beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from geo.catchments import Travel, travel
from siting.allocation import Problem, Solution
from siting.allocation.bound import EXACT
from siting.allocation.gradual import Band
from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.reduce import catchments_of
from siting.demand.sources import about_siting
from siting.model import Inputs
from siting.plan_results import NeedServed
from siting.results import Status
from siting.rules import RuleBook
from siting.rules.book import StatedNeed
from siting.rules.reach import areas_of, positions
from siting.sites import SiteTravel


@dataclass(frozen=True, eq=False)
class NeedRows:
    """Records of stated need that lie in the area of the rule, by place.

    Attributes
    ----------
    rule
        Where they count, and how much.
    records
        float64[q], > 0: of each row.
    hours
        Worker-hours that a worker present all week is.
    walk
        Sites (stations, then candidates) x rows, within the cut-off.
    """

    rule: StatedNeed
    records: Float64
    hours: float
    walk: Travel

    @property
    def weights(self) -> Float64:
        """float64[q]: what each row weighs beside worker-hours."""
        return self.records * self.rule.workers_each * self.hours

    def within(self, opened: Bools) -> float:
        """Return how many records have an open station (bool[sites]) within the cut-off."""
        return float(self.records[self.walk.covered(opened)].sum())

    def gained(self, opened: Bools, sites: Int64) -> Float64:
        """Return how many records each of `sites` adds, in their order, to those that are open."""
        mask, found = opened.copy(), [self.within(opened)]
        for site in sites.tolist():
            mask[site] = True
            found.append(self.within(mask))
        return np.diff(found)

    def added_to(
        self, problem: Problem, columns: Int64, opened: Bools, bands: tuple[Band, ...] | None = None
    ) -> Problem:
        """Return a problem with these rows after its own.

        Parameters
        ----------
        columns
            The site of each column of the problem.
        opened
            bool[sites]: stations that stay open whatever is planned.
        bands
            A record counts by the way to its nearest station, as workers do: its rows are stacked,
            band after band (`siting.allocation.gradual`). None: within the cut-off, wholly.
        """
        steps = (Band(int(self.walk.cost.max(initial=0)), 1.0),) if bands is None else bands
        worths = -np.diff([*(band.worth for band in steps), 0.0])
        parts = [_within(self.walk, band.most) for band in steps]
        more = [_catchments(part.take(columns)) for part in parts]
        both = sparse.csr_array(sparse.hstack([catchments_of(problem), *more], format="csr"))
        both.sort_indices()
        rows = len(steps) * len(self.records)
        outside = np.zeros(rows, dtype=bool)
        return replace(
            problem,
            weights=np.concatenate([problem.weights, *(self.weights * one for one in worths)]),
            covered=np.concatenate([problem.covered, *(part.covered(opened) for part in parts)]),
            indptr=both.indptr.astype(np.int64),
            demand=both.indices.astype(np.int32),
            floors=tuple(
                replace(
                    floor,
                    points=np.concatenate([floor.points, outside]),
                    weights=None
                    if floor.weights is None
                    else np.concatenate([floor.weights, np.zeros(rows)]),
                )
                for floor in problem.floors
            ),
        )


@dataclass(frozen=True, eq=False)
class Deciding:
    """Need rows that decided with the workers.

    Attributes
    ----------
    proved
        Whether no plan has more of both together; with `second`, of requests.
    second
        They decided only among plans that cost no more (`siting.plans.goals.need_least`).
    """

    rows: NeedRows
    proved: bool
    second: bool = False

    def served(self, before: Bools, after: Bools) -> NeedServed:
        """Return what a plan does for the records; sites open without and with it (bool[sites])."""
        rows = self.rows
        return NeedServed(
            area=rows.rule.area,
            workers_each=rows.rule.workers_each,
            records=float(rows.records.sum()),
            records_before=rows.within(before),
            records_after=rows.within(after),
            proved_with_them=self.proved,
            second=self.second,
        )


def need_rows(inputs: Inputs, sites: SiteTravel, book: RuleBook | None) -> NeedRows | None:
    """Return the rows of a decision by rules; None: no rule counts stated need, or there is none.

    A record without a number is one. Whose need it is, and when, does not matter here.
    """
    rule = None if book is None else book.stated_need
    if book is None or rule is None or rule.workers_each == 0:
        return None
    needs = inputs.needs[about_siting(inputs.needs)]
    records = needs["records"].to_numpy(dtype=float, na_value=1.0)
    lies = areas_of(inputs, sites.demand, book, *positions(needs))
    number = [one.area_type for one in book.rules].index(rule.area)
    kept = lies.lies[number] & (records > 0)
    if not kept.any():
        return None
    lon, lat = positions(needs)
    walk = travel(
        inputs.streets,
        sites.lon,
        sites.lat,
        lon[kept],
        lat[kept],
        cutoff_m=sites.matrix.cutoff_m,
        cap_m=sites.cap_m,
        alternatives_m=sites.alternatives_m,
    )
    return NeedRows(rule, records[kept], float(sites.demand.hours_per_week), walk)


def of_workers(status: Status, bound: float, after: float, most: float) -> tuple[float, Status]:
    """Return bound and status of the workers' figure, where requests decided with them.

    Parameters
    ----------
    status
        Of both together.
    bound
        Of both together, less what of the requests is served in any plan.
    after
        What the workers have of it.
    most
        What they would have with every candidate.
    """
    bound = max(min(bound, most), after)
    if bound - after <= EXACT * abs(bound):
        return after, "optimal"
    return bound, "within_gap" if status == "optimal" else status


@dataclass
class Weighed:
    """A search for maximal covering that weighs requests in, told in workers alone.

    Attributes
    ----------
    needs
        The requests.
    columns, opened, bands
        As of `NeedRows.added_to`.
    search
        `siting.allocation.solve`, or what has it run elsewhere.
    proved
        After the search: whether no plan has more of both together.
    """

    needs: NeedRows
    columns: Int64
    opened: Bools
    search: Callable[..., Solution]
    bands: tuple[Band, ...] | None = None
    proved: bool = False

    def __call__(self, problem: Problem, **how: object) -> Solution:
        """Return the plan in the weight of workers alone; parameters as of the search."""
        asked = self.needs.added_to(problem, self.columns, self.opened, self.bands)
        solution = self.search(asked, **how)
        self.proved = solution.status == "optimal"
        return without_needs(problem, asked, solution)

    @property
    def decided(self) -> Deciding:
        """What weighed in."""
        return Deciding(self.needs, self.proved)


def _within(walk: Travel, most: int) -> Travel:
    """Return the ways up to `most`, inclusive."""
    near = walk.cost <= most
    before = np.concatenate([[0], np.cumsum(near)])
    return replace(walk, indptr=before[walk.indptr], demand=walk.demand[near], cost=walk.cost[near])


def _catchments(walk: Travel) -> sparse.csr_array:
    """Return sparse float64[sites, points]: 1 for each way."""
    shape = (walk.sites, walk.points)
    return sparse.csr_array((np.ones(len(walk.demand)), walk.demand, walk.indptr), shape=shape)


def without_needs(problem: Problem, asked: Problem, solution: Solution) -> Solution:
    """Return a solution of a problem with need rows in the weight of workers alone.

    Nobody covers more workers than is bounded with the rows less what of them is served in any
    plan: that bound stands. A plan proved the best with the rows may cover fewer workers than one
    without: then it is within the gap.

    Parameters
    ----------
    problem
        The same without the rows.
    asked
        With the rows.
    """
    chosen = solution.chosen
    values = [problem.value(chosen[:count]) for count in range(len(chosen) + 1)]
    after = values[-1]
    own = len(problem.weights)
    served = float(asked.weights[own:][asked.covered[own:]].sum())
    most = problem.value(tuple(np.flatnonzero(problem.allowed).tolist()))
    bound, status = of_workers(solution.status, solution.bound - served, after, most)
    return replace(
        solution,
        gains=tuple(np.diff(values).tolist()),
        before=values[0],
        after=after,
        bound=bound,
        status=status,
        stopped=solution.stopped if status == "time_limit" else None,
    )
