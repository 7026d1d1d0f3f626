"""Existing stations that a plan closes, may close, or moves.

close       these are taken out before anything is planned
closable    the plan may close these; all others are kept
closings    it closes exactly so many of them without putting another in their place
moves       it closes at most so many more, and each lets one more new station open: a move

"New" stations stay what was asked for: a plan opens at most `new` and one for each move. Money pays
what is opened, moved or not; closing costs nothing. A station that may be closed is a column that
stands open by default: of the s that may be closed at least s - closings - moves stay, and no more
than s - closings; with the new ones at most s - closings + new are open. Of plans that cover the
same, one that closes fewer is told.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.errors import InfeasibleError, InputError
from siting.allocation import Problem, Quota, Solution
from siting.allocation.bound import EXACT
from siting.candidates.nearness import pairs_within
from siting.coverage import counting_stations
from siting.model import Inputs
from siting.plan_results import ClosedStation
from siting.plans.wishes import Wishes
from siting.sites import SiteTravel

Int64 = NDArray[np.int64]
ALL = "all"
"""In `Wishes.closable`: every station that is not kept by name."""


@dataclass(frozen=True, eq=False)
class AfterClosing:
    """A plan once it is known what it closes.

    Attributes
    ----------
    problem
        What is left to choose when the stations that stay are open.
    solution
        Of the new sites alone.
    chosen
        Columns of the extended problem that are open.
    stay
        bool[sites]: stations that are open after the plan.
    closed
        Stations that are not, though they are today.
    lost
        Weight that the stations which stay cover less than all do today.
    """

    problem: Problem
    solution: Solution
    chosen: tuple[int, ...]
    stay: NDArray[np.bool_]
    closed: tuple[ClosedStation, ...]
    lost: float


@dataclass(frozen=True, eq=False)
class Closing:
    """What a plan closes for certain, and what it may close.

    Attributes
    ----------
    before
        The inputs as they are today.
    certain, open_to
        Rows of the stations: closed for certain; of those that are open today, may be closed.
    closings, moves
        As above.
    """

    before: Inputs
    certain: Int64
    open_to: Int64
    closings: int
    moves: int

    @property
    def asked(self) -> bool:
        """Whether anything is or may be closed."""
        return bool(len(self.certain) or len(self.open_to))

    @cached_property
    def inputs(self) -> Inputs:
        """The inputs without the stations that are or may be closed."""
        if not self.asked:
            return self.before
        stations = self.before.stations.copy()
        rows = np.concatenate([self.certain, self.open_to])
        stations["state"] = stations["state"].where(
            ~np.isin(np.arange(len(stations)), rows), "closed"
        )
        return replace(self.before, stations=stations)

    def extended(self, problem: Problem, sites: SiteTravel, spacing_m: float) -> Problem:
        """Return a problem of new sites with the stations that may be closed as further columns."""
        size = len(self.open_to)
        if not size:
            return problem
        walk = sites.matrix.take(self.open_to)
        first = problem.candidates
        stations = tuple(range(first, first + size))
        kept = Quota(
            "closable",
            stations,
            least=max(size - self.closings - self.moves, 0),
            most=size - self.closings,
        )
        return replace(
            problem,
            indptr=np.concatenate([problem.indptr, walk.indptr[1:] + problem.indptr[-1]]),
            demand=np.concatenate([problem.demand, walk.demand]),
            cost_yuan=np.concatenate([problem.cost_yuan, np.zeros(size, dtype=np.int64)]),
            allowed=np.concatenate([problem.allowed, np.ones(size, dtype=bool)]),
            new=None if problem.new is None else problem.new + size - self.closings,
            points=np.concatenate([problem.points, np.zeros(size if len(problem.points) else 0)]),
            quotas=(*problem.quotas, kept),
            apart=(*problem.apart, *self._apart(first, spacing_m)),
        )

    def columns(self, sites: SiteTravel) -> Int64:
        """Return the site of each column of the extended problem."""
        candidates = np.arange(sites.stations, len(sites.lon))
        return np.concatenate([candidates, self.open_to])

    def settled(self, asked: Problem, solution: Solution, sites: SiteTravel) -> AfterClosing:
        """Return what a solution of the extended problem opens and closes.

        Parameters
        ----------
        asked
            The extended problem.
        """
        open_before = sites.open_sites(self.before.stations)
        if not self.asked:
            return AfterClosing(asked, solution, solution.chosen, open_before, (), 0.0)
        first = asked.candidates - len(self.open_to)
        chosen = _with_fewest_closed(asked, set(solution.chosen), first, self.closings)
        stay = sites.open_sites(self.inputs.stations)
        stay[self.open_to[[site - first for site in sorted(chosen) if site >= first]]] = True
        opened = sum(site < first for site in chosen)
        problem = replace(
            asked,
            covered=sites.matrix.covered(stay),
            indptr=asked.indptr[: first + 1],
            demand=asked.demand[: asked.indptr[first]],
            cost_yuan=asked.cost_yuan[:first],
            allowed=asked.allowed[:first],
            new=None
            if asked.new is None
            else max(asked.new - len(self.open_to) + self.closings, opened),
            points=asked.points[:first],
            quotas=(),
            apart=(),
            floors=(),
        )
        new = tuple(site for site in solution.chosen if site in chosen and site < first)
        new += tuple(sorted(site for site in chosen if site < first and site not in new))
        weights = asked.weights
        before = float(weights[sites.matrix.covered(open_before)].sum())
        ordered, gains = _in_order(problem, new)
        after = problem.value(ordered)
        bound = max(solution.bound, after)
        closed = np.flatnonzero(open_before & ~stay)
        return AfterClosing(
            problem=problem,
            solution=replace(
                solution, chosen=ordered, gains=gains, before=before, after=after, bound=bound
            ),
            chosen=tuple(sorted(chosen)),
            stay=stay,
            closed=self._told(problem, ordered, closed, sites),
            lost=before - problem.value(()),
        )

    def _told(
        self, problem: Problem, chosen: tuple[int, ...], closed: Int64, sites: SiteTravel
    ) -> tuple[ClosedStation, ...]:
        """Return the closed stations with what each would cover beside the plan."""
        walk, open_weight = (
            sites.matrix.take(closed),
            np.where(problem.reached(chosen), 0.0, problem.weights),
        )
        table = self.before.stations
        return tuple(
            ClosedStation(
                id=str(table["id"].iloc[row]),
                name=str(table["name"].iloc[row]),
                asked=bool(np.isin(row, self.certain)),
                workers_lost=sites.demand.present(
                    float(open_weight[walk.demand[walk.indptr[at] : walk.indptr[at + 1]]].sum())
                ),
            )
            for at, row in enumerate(closed.tolist())
        )

    def _apart(self, first: int, spacing_m: float) -> list[tuple[int, int]]:
        """Return candidates that are too near a station as long as it is open."""
        if not spacing_m:
            return []
        stations, candidates = self.before.stations.iloc[self.open_to], self.before.candidates
        places, others = (
            (table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float))
            for table in (candidates, stations)
        )
        one, two, metres = pairs_within(places, others, spacing_m)
        near = metres < spacing_m
        return list(zip(one[near].tolist(), (first + two[near]).tolist(), strict=True))


def closing_of(inputs: Inputs, wishes: Wishes) -> Closing:
    """Return what the wishes say of existing stations.

    Raises
    ------
    InputError
        An id that no station has; one to be both kept and closed; a number below 0.
    InfeasibleError
        More to be closed than may be.
    """
    table = inputs.stations
    place = {str(name): number for number, name in enumerate(table["id"])}
    may_close = [name for name in wishes.closable if name != ALL]
    for name in (*wishes.close, *wishes.keep, *may_close):
        if name not in place:
            raise InputError("siting_plan_no_station", id=name)
    for name in sorted({*wishes.keep} & {*wishes.close}):
        raise InputError("siting_plan_kept_and_closed", id=name)
    for number in (wishes.closings, wishes.moves):
        if number < 0:
            raise InputError("siting_plan_closings", number=number)
    asked = wishes.closable or ((ALL,) if wishes.closings or wishes.moves else ())
    possible = set(place) if ALL in asked else set(asked)
    possible -= {*wishes.keep, *wishes.close}
    counts = counting_stations(table)
    open_to = [row for name, row in place.items() if name in possible and counts[row]]
    if wishes.closings > len(open_to):
        raise InfeasibleError(
            "siting_plan_closings_many", asked=wishes.closings, possible=len(open_to)
        )
    certain = [place[name] for name in wishes.close]
    return Closing(
        before=inputs,
        certain=np.array(certain, dtype=np.int64),
        open_to=np.array(open_to, dtype=np.int64),
        closings=wishes.closings,
        moves=wishes.moves,
    )


def _with_fewest_closed(problem: Problem, chosen: set[int], first: int, closings: int) -> set[int]:
    """Return a plan that covers as much and closes no station that may as well stay."""
    stations = set(range(first, problem.candidates))
    plan = set(chosen)
    while len(stations - plan) > closings:
        better = _reopened(problem, plan, sorted(stations - plan), first)
        if better is None:
            return plan
        plan = better
    return plan


def _reopened(problem: Problem, plan: set[int], closed: list[int], first: int) -> set[int] | None:
    """Return the plan with one of the closed stations open, in a new site's place if need be."""
    times = np.zeros(len(problem.weights), dtype=np.int64)
    for site in plan:
        times[_reach(problem, site)] += 1
    room = problem.new is None or len(plan) < problem.new
    new = sorted(site for site in plan if site < first)
    for station in closed:
        gains = problem.weights * ~problem.covered
        mine = _reach(problem, station)
        if room and problem.keeps((*plan, station)):
            return {*plan, station}
        if problem.points.any():
            continue
        for site in new:
            rows = _reach(problem, site)
            alone = rows[times[rows] == 1]
            lost = float(gains[np.setdiff1d(alone, mine)].sum())
            won = float(gains[mine[times[mine] == 0]].sum())
            other = {*plan, station} - {site}
            if won >= lost - EXACT and problem.keeps(tuple(other)):
                return other
    return None


def _reach(problem: Problem, site: int) -> NDArray[np.int32]:
    return problem.demand[problem.indptr[site] : problem.indptr[site + 1]]


def _in_order(
    problem: Problem, chosen: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return sites, most additional weight first, and what each adds."""
    left, ordered, gains = list(chosen), [], []
    open_weight = np.where(problem.covered, 0.0, problem.weights)
    while left:
        won = [float(open_weight[_reach(problem, site)].sum()) for site in left]
        best = int(np.argmax(won))
        gains.append(won[best])
        ordered.append(left.pop(best))
        open_weight[_reach(problem, ordered[-1])] = 0.0
    return tuple(ordered), tuple(gains)
