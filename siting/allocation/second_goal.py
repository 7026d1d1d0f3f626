"""Rule points as the second goal of any first one: more points, for a little of the first.

Swaps of single sites first: of those that keep the first goal at its floor and keep to limits and
wishes, the one that wins the most points, until none wins. Then, where the model of the first goal
is small enough, HiGHS looks for a plan with more points: the first goal becomes a row of the model,
at least (for walks: at most) its floor. Where it ends there is no such plan: the points are proved.

A plan in which a site adds nothing to the first goal does not count (as in
`siting.allocation.solve`): what the solver proposes so is ruled out, set by set.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from siting.allocation.backup import BackupProblem, backup_rows
from siting.allocation.bound import EXACT
from siting.allocation.capacity import CapacityProblem, seating_of
from siting.allocation.counted.milp import build_rows, level_unit
from siting.allocation.exchange import Exchange
from siting.allocation.highs import opened
from siting.allocation.lazy_search import Goal
from siting.allocation.problem import Float64, Int64, Problem
from siting.allocation.seats.milp import build_seats, seat_unit
from siting.allocation.solve import MAX_SHARE_OF_GAIN
from siting.allocation.walking.median_milp import build_median, levels, unit
from siting.allocation.walking.walks import WalkProblem, walks_of

MOST_ENTRIES = 60_000
"""Up to so many numbers in a model the exact solver is worth its time."""

MOST_TRIED = 20
"""Of the candidates that might stand in for a site, so many with the most points are looked at."""

MAX_CUTS = 20
"""So many sets with a useless site are ruled out in turn, then the best plan so far stands."""

_HALF = 0.5
_MORE = 1e-6
"""A plan has more points if it has so many more."""


@dataclass(frozen=True)
class PointsPlan:
    """A plan with more points than another.

    Attributes
    ----------
    chosen
        Candidates; the plan itself where nothing better was met.
    points
        Their sum.
    finished
        Whether it is proved that no plan within the tolerance has more.
    """

    chosen: tuple[int, ...]
    points: float
    finished: bool


@dataclass(frozen=True, eq=False)
class Exact:
    """The model of a first goal.

    Attributes
    ----------
    lp
        Its objective is the first goal, more or less of it as its sense says.
    site
        int64[k]: the candidate of each of its first columns.
    base, unit
        The goal is base + unit x the objective.
    """

    lp: highspy.HighsLp
    site: Int64
    base: float
    unit: float


def backup_model(problem: BackupProblem) -> Exact | None:
    """Return the model of second stations; None: it is too large."""
    reduced, rows = backup_rows(problem)
    if rows.cover.nnz * rows.levels.shape[1] > MOST_ENTRIES:
        return None
    lp = build_rows(reduced, rows)
    return Exact(lp, reduced.site.astype(np.int64), problem.value(()), level_unit(rows))


def seats_model(problem: CapacityProblem) -> Exact | None:
    """Return the model of seats; None: it is too large."""
    reduced, goal = seating_of(problem)
    if goal.reach.nnz * len(goal.hours) > MOST_ENTRIES:
        return None
    scale = seat_unit(goal) * float(goal.hours.max(initial=1.0))
    return Exact(build_seats(reduced, goal), reduced.site.astype(np.int64), 0.0, scale)


def median_model(problem: WalkProblem, first: int) -> Exact | None:
    """Return the model of the mean walk, minus it the more the better.

    None: it is too large, or whatever is opened the walks are the same.

    Parameters
    ----------
    first
        The site that is the first candidate.
    """
    walks = walks_of(problem)
    if not 0 < len(walks.cost) <= MOST_ENTRIES:
        return None
    model = levels(walks)
    return Exact(build_median(walks, model), walks.site - first, -model.base, -unit(model))


def floor_of(before: float, best: float, tolerance: float) -> float:
    """Return the least of the first goal that a plan with more points may have.

    Parameters
    ----------
    before, best
        Without a plan, and with the best one; more is better, walks are below nothing.
    tolerance
        Share (0..1) of the best; never more than a tenth of what the best plan adds is given up.
    """
    return best - min(tolerance * abs(best), MAX_SHARE_OF_GAIN * max(best - before, 0.0))


def wanted(problem: Problem, plan: tuple[int, ...], site: int) -> bool:
    """Tell whether a quota asks for a site, or it helps to keep to a floor."""
    if any(quota.least and site in quota.sites for quota in problem.quotas):
        return True
    rest = tuple(one for one in plan if one != site)
    reached, without = problem.reached(plan), problem.reached(rest)
    return any(
        problem.counted(floor)[reached].sum() > problem.counted(floor)[without].sum()
        for floor in problem.floors
    )


def more_points(
    goal: Goal,
    problem: Problem,
    chosen: tuple[int, ...],
    floor: float,
    *,
    exact: Callable[[], Exact | None],
    time_limit_s: float,
    seed: int = 0,
    watch: Callable[[PointsPlan], None] | None = None,
) -> PointsPlan:
    """Return the plan with the most points met among those whose first goal is at least `floor`.

    Parameters
    ----------
    goal
        The first goal, of all candidates.
    problem
        Limits, wishes and points.
    chosen
        A plan that keeps to all of it.
    exact
        Makes the model of the first goal; None where it is too large.
    time_limit_s, seed
        Wall clock; of HiGHS.
    watch
        Told of each better plan.
    """
    if not chosen:  # nothing adds anything
        return PointsPlan((), 0.0, finished=True)
    deadline = time.monotonic() + time_limit_s
    search = _Search(goal, problem, floor, deadline, watch)
    search.swapped(chosen)
    model = exact() if time.monotonic() < deadline else None
    finished = model is not None and search.proved(model, seed)
    return search.plan(finished=finished)


class _Search:
    def __init__(
        self,
        goal: Goal,
        problem: Problem,
        floor: float,
        deadline: float,
        watch: Callable[[PointsPlan], None] | None,
    ) -> None:
        self.goal, self.problem, self.deadline, self.watch = goal, problem, deadline, watch
        self.floor = floor - EXACT * max(abs(floor), 1.0)
        self.best: tuple[int, ...] = ()

    def plan(self, *, finished: bool) -> PointsPlan:
        return PointsPlan(self.best, self._points(self.best), finished)

    def swapped(self, chosen: tuple[int, ...]) -> None:
        """Take the best swap of one site until none wins points."""
        self.best = chosen
        better = True
        while better and time.monotonic() < self.deadline:
            better = False
            found = max(
                (self._swap(position) for position in range(len(self.best))),
                key=lambda swap: -1.0 if swap is None else swap[0],
                default=None,
            )
            if found is not None:
                self._take(found[1])
                better = True

    def proved(self, model: Exact, seed: int) -> bool:
        """Look for a plan with more points; say whether it is proved that there is none."""
        cuts: list[tuple[int, ...]] = []
        while len(cuts) < MAX_CUTS:
            left_s = self.deadline - time.monotonic()
            if left_s <= 0:
                return False
            lp = _second(model, self.problem.points, self.floor, self._points(self.best), cuts)
            solver = opened(lp, time_limit_s=left_s, seed=seed)
            solver.run()
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                return True
            if solver.getInfo().primal_solution_status != _FEASIBLE:
                return False
            values = np.array(solver.getSolution().col_value[: len(model.site)])
            columns = np.flatnonzero(values > _HALF)
            found = tuple(model.site[columns].tolist())
            if self._useless(found) or not self._fits(found):
                cuts.append(tuple(columns.tolist()))
                continue
            self._take(found)
            if status == highspy.HighsModelStatus.kOptimal:
                return True
        return False

    def _take(self, plan: tuple[int, ...]) -> None:
        self.best = plan
        if self.watch is not None:
            self.watch(self.plan(finished=False))

    def _points(self, plan: tuple[int, ...]) -> float:
        return float(self.problem.points[list(plan)].sum())

    def _swap(self, position: int) -> tuple[float, tuple[int, ...]] | None:
        """Return the points that the best swap of one site wins, and the plan after it."""
        points, site = self.problem.points, self.best[position]
        rest = [other for other in self.best if other != site]
        free = self.problem.allowed & (points > points[site] + _MORE)
        free[list(self.best)] = False
        if not free.any():
            return None
        base = self.goal.value(rest)
        free &= base + self.goal.most_beside(rest) >= self.floor
        for limit in Exchange(self.problem, self.best).limits(position):
            free &= ~limit.broken
        able = np.flatnonzero(free)
        for other in able[np.argsort(-points[able], kind="stable")][:MOST_TRIED].tolist():
            swapped = tuple(other if one == site else one for one in self.best)
            if self.goal.value(list(swapped)) >= self.floor and not self._useless(swapped):
                return float(points[other] - points[site]), swapped
        return None

    def _useless(self, plan: tuple[int, ...]) -> bool:
        """Tell whether some site adds nothing to the first goal, and nobody asked for it."""
        after = self.goal.value(list(plan))
        least = EXACT * max(abs(after), 1.0)
        idle = [
            site
            for site in plan
            if after - self.goal.value([one for one in plan if one != site]) <= least
        ]
        return any(not wanted(self.problem, plan, site) for site in idle)

    def _fits(self, plan: tuple[int, ...]) -> bool:
        task = self.problem
        if task.new is not None and len(plan) > task.new:
            return False
        if task.budget_yuan is not None and task.cost_yuan[list(plan)].sum() > task.budget_yuan:
            return False
        return task.keeps(plan) and self.goal.value(list(plan)) >= self.floor


_FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible


def _second(
    model: Exact, points: Float64, floor: float, known: float, cuts: list[tuple[int, ...]]
) -> highspy.HighsLp:
    """Return the model that seeks points; the first goal is a row of it.

    Parameters
    ----------
    known
        Points of a plan that is known: only one with more is sought.
    cuts
        Sets of columns that are ruled out as plans.
    """
    first, columns = model.lp, len(model.site)
    goal = np.array(first.col_cost_)
    own = np.zeros(first.num_col_)
    own[:columns] = points[model.site]
    rows = [goal, own, *(_cut(cut, columns, first.num_col_) for cut in cuts)]
    matrix = sparse.csc_array(
        (first.a_matrix_.value_, first.a_matrix_.index_, first.a_matrix_.start_),
        shape=(first.num_row_, first.num_col_),
    )
    whole = sparse.csc_array(sparse.vstack([matrix, sparse.csr_array(np.vstack(rows))], "csc"))
    asked = (floor - model.base) / model.unit
    down, up = (asked, math.inf) if model.unit > 0 else (-math.inf, asked)
    more = known + _MORE * max(known, 1.0)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = first.num_col_, whole.shape[0]
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = own
    lp.col_lower_, lp.col_upper_ = first.col_lower_, first.col_upper_
    lp.row_lower_ = np.concatenate([first.row_lower_, [down, more], np.full(len(cuts), -np.inf)])
    most = [float(len(cut) - 1) for cut in cuts]
    lp.row_upper_ = np.concatenate([first.row_upper_, [up, np.inf], most])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = whole.indptr, whole.indices
    lp.a_matrix_.value_ = whole.data
    lp.integrality_ = first.integrality_
    return lp


def _cut(columns: tuple[int, ...], sites: int, size: int) -> Float64:
    """Return a row by which exactly this set of sites is no plan."""
    row = np.zeros(size)
    row[:sites] = -1.0
    row[list(columns)] = 1.0
    return row
