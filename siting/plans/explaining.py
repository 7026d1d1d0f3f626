"""Why each site is in a plan: what it wins and where, what could stand there, what decided.

Everything is recounted from the catchments of the chosen sites, whatever the solver said. What
decided is told one swap at a time: the candidate that would win the most in the place of a site,
were it not for a wish, a rule, the money or the second goal. What each of these costs the plan as a
whole is another question: `siting.plans.pricing`.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from geo.streets import AttachStatus
from siting.allocation.problem import Bools, Float64
from siting.coverage.shares import group_order, in_order, unit_order, window_order
from siting.plan_results import PlanResult
from siting.plans.goals.task import Task
from siting.plans.goals.yardsticks import COVERAGE, Yardstick
from siting.plans.grounds import Grounds
from siting.plans.why import Part, Rival, SiteWhy
from siting.plans.wishes import called
from siting.sums import sum_by
from siting.windows import window

_EXACT = 1e-9
_NEEDS = frozenset({"coverage", "gradual", "backup"})
"""Goals in which stated need weighs with the workers."""


def explain_sites(task: Task, plan: PlanResult, stick: Yardstick = COVERAGE) -> tuple[SiteWhy, ...]:
    """Return why each site of a plan is there, in the plan's order; nothing is solved.

    Parameters
    ----------
    task
        What the plan is made from: of the same inputs.
    stick
        What the plan is measured by; coverage unless it sought something else.
    """
    if not plan.selected:
        return ()
    asked = _Asked(task, plan, stick)
    return tuple(asked.why(number, site.needs_gained) for number, site in enumerate(plan.selected))


class _Asked:
    """A plan with all that swaps are judged by."""

    def __init__(self, task: Task, plan: PlanResult, stick: Yardstick) -> None:
        self.task, self.stick, self.problem = task, stick, task.problem()
        self.chosen = task.places(plan)
        self.swaps = stick.swaps(self.problem, self.chosen)
        weighed = task.scores is not None and task.limits.tolerance > 0 and stick.by_points
        self.grounds = Grounds(task, self.problem, weighed, stick.objective in _NEEDS)
        self.names: list[str] = called(task.inputs.candidates).tolist()
        status = task.sites.candidate_matrix().site_status
        self.attached: Bools = np.equal(status, AttachStatus.OK)
        self.outside = np.ones(len(self.names), dtype=bool)
        self.outside[list(self.chosen)] = False

    def why(self, number: int, needs: float) -> SiteWhy:
        """Return why one site is there."""
        swaps, stick, site = self.swaps, self.stick, self.chosen[number]
        fresh = stick.fresh(self.problem, list(self.chosen[:number]), site)
        shown = stick.adds_up
        without = [other for other in self.chosen if other != site]
        figure = stick.figure(without)
        broken = stick is not COVERAGE and figure is None and stick.unit == "metres"
        return SiteWhy(
            id=self.grounds.ids[site],
            name=self.names[site],
            order=number + 1,
            alone=self._shown(swaps.alone[number]) if shown else None,
            gained=self._shown(swaps.gained[number]) if shown else None,
            lost=None if broken else self._shown(swaps.lost[number]),
            towns=self._parts(fresh, "town"),
            groups=self._parts(fresh, "group"),
            windows=stick.windows(list(self.chosen[:number]), site) or self._windows(fresh),
            runner_up=self._runner_up(number),
            better=self._better(number),
            needs=needs,
            goal=stick.objective,
            unit=stick.unit,
            without=figure,
            short=stick.short(without),
        )

    def _shown(self, worth: float) -> float:
        return self.stick.shown(float(worth), self.task.sites.demand)

    def _runner_up(self, number: int) -> Rival | None:
        free = self.problem.allowed & self.outside
        for limit in self.swaps.limits(number):
            if not self.grounds.required(limit, self.chosen[number]):
                free &= ~limit.broken
        best = self.swaps.best_without(number, free, self._ties(number))
        return None if best is None else self._rival(number, *best)

    def _better(self, number: int) -> Rival | None:
        if not self.stick.judged:
            return None
        known = self.attached & self.outside
        best = self.swaps.best_without(number, known, self._ties(number))
        lost = self.swaps.lost[number]
        if best is None or best[1] <= lost + _EXACT * max(lost, 1.0):
            return None
        return self._rival(number, *best)

    def _ties(self, number: int) -> Float64:
        """Return float64[candidates]: of equals, who has the most of it is told."""
        own = self.stick.ties([site for site in self.chosen if site != self.chosen[number]])
        return self._points if own is None else own

    @property
    def _points(self) -> Float64:
        scores = self.task.scores
        if scores is None:
            return np.zeros(len(self.names))
        return np.array([score.points for score in scores], dtype=np.float64)

    def _rival(self, number: int, other: int, gain: float) -> Rival:
        site, rest = self.chosen[number], self.swaps.chosen
        points = None
        if self.task.scores is not None:
            points = float(self._points[other] - self._points[site])
        more = self._shown(gain - self.swaps.lost[number])
        swapped = [other if one == site else one for one in rest]
        return Rival(
            self.grounds.ids[other],
            self.names[other],
            more,
            points,
            self.grounds.of(self.swaps, number, other, more, points),
            self.stick.short(swapped),
        )

    def _hours(
        self, fresh: Float64 | None, column: Literal["town", "group", "window"]
    ) -> tuple[Float64, pd.Index]:
        """Return what a site gains by a column of demand, a week's hours, and its labels."""
        demand = self.task.sites.demand
        code, labels = pd.factorize(self.task.inputs.demand[column])
        if fresh is None:
            return np.zeros(len(labels)), labels
        some = demand.point_hours > 0
        share = np.divide(fresh, demand.point_hours, out=np.zeros_like(fresh), where=some)
        return sum_by(code, demand.row_hours * share[demand.row_point], len(labels)), labels

    def _parts(self, fresh: Float64 | None, column: Literal["town", "group"]) -> tuple[Part, ...]:
        """Return what a site gains by a column of demand, the most first."""
        hours, labels = self._hours(fresh, column)
        orders = {"town": unit_order, "group": group_order}
        return _told(hours / self.task.sites.demand.hours_per_week, labels, orders[column]())

    def _windows(self, fresh: Float64 | None) -> tuple[Part, ...]:
        """Return the same by window, in the heads of each, in the order of the day."""
        if self.task.sites.demand.measure == "workers":
            return ()
        hours, labels = self._hours(fresh, "window")
        heads = [
            Part(str(name), float(one) / window(str(name)).hours_per_week)
            for name, one in zip(labels, hours, strict=True)
            if one > 0
        ]
        return in_order(heads, lambda part: part.name, window_order())


def _told(row: Float64, labels: pd.Index, order: Mapping[str, int]) -> tuple[Part, ...]:
    found = [
        Part(str(name), float(workers))
        for name, workers in zip(labels, row, strict=True)
        if workers > 0
    ]
    ranked = in_order(found, lambda part: part.name, order)
    return tuple(sorted(ranked, key=lambda part: -part.workers))
