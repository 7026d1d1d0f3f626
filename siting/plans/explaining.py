"""Why each site is in a plan: what it wins and where, what could stand there, what decided.

Everything is recounted from the catchments of the chosen sites, whatever the solver said. What
decided is told one swap at a time: the candidate that would win the most in the place of a site,
were it not for a wish, a rule, the money or the second goal. What each of these costs the plan as a
whole is another question: `siting.plans.pricing`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from geo.streets import AttachStatus
from siting.allocation.exchange import Exchange, Limit
from siting.allocation.problem import Bools, Float64, Int64, Problem
from siting.coverage.shares import group_order, in_order, unit_order, window_order
from siting.plan_results import PlanResult
from siting.planning import NOT_CHOSEN_STATES
from siting.plans.pricing import Price
from siting.plans.reasons import value_name
from siting.plans.task import Task
from siting.plans.wishes import called
from siting.results import plain
from siting.rules import read_rules
from siting.rules.sentences import Terms, criterion_clause
from siting.sums import sum_by
from siting.windows import window

_EXACT = 1e-9

GroundKind = Literal[
    "require",
    "forbid",
    "quota",
    "floor",
    "spacing",
    "budget",
    "filter",
    "ruled_out",
    "points",
    "need",
    "unproved",
]


@dataclass(frozen=True)
class Part:
    """Workers newly covered in one unit, group or window; `name` "" is outside all of them."""

    name: str
    workers: float

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {"name": self.name, "workers": plain(self.workers)}


@dataclass(frozen=True)
class Ground:
    """What kept a candidate out of a site's place.

    Attributes
    ----------
    name
        Which quota, floor, criterion or site: as the tables and rules have it.
    zh, en
        The same as people say it.
    """

    kind: GroundKind
    name: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Rival:
    """A candidate in the place of a site, all other sites of the plan as they are.

    Attributes
    ----------
    name
        As people call it; its id where that names nobody, or several.
    workers
        What the plan would cover more with it, average present workers; below 0: fewer.
    points
        How many more rule points it has; None: the plan is made without rules.
    grounds
        What keeps it out; empty: nothing does.
    """

    id: str
    name: str
    workers: float
    points: float | None
    grounds: tuple[Ground, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "id": self.id,
            "workers": plain(self.workers),
            "points": None if self.points is None else plain(self.points),
            "grounds": [{"kind": item.kind, "name": item.name} for item in self.grounds],
        }


@dataclass(frozen=True)
class SiteWhy:
    """Why one site is in a plan; workers are average present workers (heads without windows).

    Attributes
    ----------
    alone
        What it would add to the existing stations if it alone were opened.
    gained
        What it adds in the plan's order, to all sites before it; towns and groups sum to it.
    lost
        What the plan would lose without it: whom it alone reaches.
    towns, groups
        Of `gained`, the most first.
    windows
        Of `gained`, each in the heads present in it: these are never summed.
    runner_up
        The best of the candidates that may stand in its place, were it not asked for itself; None:
        none would add anybody.
    better
        The candidate that would cover the most in its place, where that is more than the site
        does, and what keeps it out; None: by workers alone there is no better one.
    needs
        Records of stated need that decided with the workers: those that it adds to all sites
        before it.
    """

    id: str
    name: str
    order: int
    alone: float
    gained: float
    lost: float
    towns: tuple[Part, ...]
    groups: tuple[Part, ...]
    windows: tuple[Part, ...]
    runner_up: Rival | None
    better: Rival | None
    needs: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        parts = {
            "towns": [part.as_dict() for part in self.towns],
            "groups": [part.as_dict() for part in self.groups],
            "windows": [part.as_dict() for part in self.windows],
        }
        return {
            "id": self.id,
            "order": self.order,
            "workers_alone": plain(self.alone),
            "workers_gained": plain(self.gained),
            "workers_lost": plain(self.lost),
            "needs_gained": plain(self.needs),
            **parts,
            "runner_up": None if self.runner_up is None else self.runner_up.as_dict(),
            "better": None if self.better is None else self.better.as_dict(),
        }


@dataclass(frozen=True)
class PlanWhy:
    """Of each site why it is there, and what each wish, rule and limit costs the plan."""

    sites: tuple[SiteWhy, ...]
    prices: tuple[Price, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "sites": [site.as_dict() for site in self.sites],
            "prices": [price.as_dict() for price in self.prices],
        }


def explain_sites(task: Task, plan: PlanResult) -> tuple[SiteWhy, ...]:
    """Return why each site of a plan is there, in the plan's order; nothing is solved.

    Parameters
    ----------
    task
        What the plan is made from: of the same inputs.
    """
    if not plan.selected:
        return ()
    asked = _Asked(task)
    place = {name: number for number, name in enumerate(task.inputs.candidates["id"])}
    chosen = tuple(place[site.id] for site in plan.selected)
    swaps = Exchange(asked.problem, chosen)
    first = _first_to_reach(asked.problem, chosen)
    gained = _gained(task, first, len(chosen))
    parts = {name: _parts(task, first, len(chosen), name) for name in ("town", "group")}
    windows = _windows(task, first, len(chosen))
    return tuple(
        SiteWhy(
            id=asked.ids[site],
            name=asked.names[site],
            order=number + 1,
            alone=asked.present(swaps.alone[number]),
            gained=asked.present(gained[number]),
            lost=asked.present(swaps.lost[number]),
            towns=parts["town"][number],
            groups=parts["group"][number],
            windows=windows[number],
            runner_up=asked.runner_up(swaps, number),
            better=asked.better(swaps, number),
            needs=plan.selected[number].needs_gained,
        )
        for number, site in enumerate(chosen)
    )


class _Asked:
    """A task with all that swaps are judged by."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.problem = task.problem()
        table = task.inputs.candidates
        self.ids: list[str] = table["id"].astype(str).tolist()
        self.names: list[str] = called(table).tolist()
        status = task.sites.candidate_matrix().site_status
        self.attached: Bools = np.equal(status, AttachStatus.OK)

    def present(self, hours: float) -> float:
        return self.task.sites.demand.present(float(hours))

    def runner_up(self, swaps: Exchange, number: int) -> Rival | None:
        free = self.problem.allowed & self._outside(swaps)
        for limit in swaps.limits(number):
            if not self._required(limit, swaps.chosen[number]):
                free &= ~limit.broken
        gains = np.where(free, swaps.gains_without(number), 0.0)
        best = _best(gains, self._points)
        return self._rival(swaps, number, best, gains) if gains[best] > 0 else None

    def better(self, swaps: Exchange, number: int) -> Rival | None:
        known = self.attached & self._outside(swaps)
        gains = np.where(known, swaps.gains_without(number), 0.0)
        best = _best(gains, self._points)
        lost = swaps.lost[number]
        if gains[best] <= lost + _EXACT * max(lost, 1.0):
            return None
        return self._rival(swaps, number, best, gains)

    @property
    def _points(self) -> Float64:
        points = self.problem.points
        return points if len(points) else np.zeros(len(self.ids))

    def _outside(self, swaps: Exchange) -> Bools:
        outside = np.ones(len(self.ids), dtype=bool)
        outside[list(swaps.chosen)] = False
        return outside

    def _rival(self, swaps: Exchange, number: int, other: int, gains: Float64) -> Rival:
        site = swaps.chosen[number]
        points = None
        if self.task.scores is not None:
            points = float(self._points[other] - self._points[site])
        more = self.present(gains[other] - swaps.lost[number])
        grounds = [*self._barred(other), *self._limited(swaps, number, other)]
        if not grounds and more > _EXACT:
            grounds = self._decided(swaps.chosen, number, other, more, points)
        return Rival(self.ids[other], self.names[other], more, points, tuple(grounds))

    def _decided(
        self,
        chosen: Sequence[int],
        number: int,
        other: int,
        more: float,
        points: float | None,
    ) -> list[Ground]:
        """Return what let a site stand where another would cover more and nothing forbids it."""
        needs = self.task.needs
        if needs is not None:
            places = self.task.sites.stations + np.array(chosen, dtype=np.int64)
            mask = self.task.existing
            mask[places] = True
            with_it = needs.within(mask)
            mask[places[number]], mask[self.task.sites.stations + other] = False, True
            fewer = with_it - needs.within(mask)
            if fewer * needs.rule.workers_each >= more - _EXACT:
                return [Ground("need")]
        weighed = self.task.limits.tolerance > 0 and points is not None and points < 0
        return [Ground("points" if weighed else "unproved")]

    def _barred(self, other: int) -> list[Ground]:
        """Return why a candidate may stand in no plan at all."""
        if self.problem.allowed[other]:
            return []
        asked, found = self.task.limits.wishes, self._filters(other)
        if self.task.inputs.candidates["state"].iloc[other] in NOT_CHOSEN_STATES:
            found.append(Ground("ruled_out"))
        if self.ids[other] in asked.forbid:
            found.append(Ground("forbid"))
        elif self.task.sides.left_out[other]:
            found.append(Ground("spacing"))
        return found

    def _filters(self, other: int) -> list[Ground]:
        scores, rules = self.task.scores, self.task.limits.rules
        if scores is None or rules is None:
            return []
        told = {item.name: item for item in scores[other].breakdown}
        spacing_m = read_rules(rules).common.spacing_m
        terms = Terms(self.task.sites.demand.measure, self.task.sites.matrix.method)
        found = []
        for name in scores[other].excluded:
            item = told.get(name)
            if item is None:  # of another area's rule only the criterion's name is known
                found.append(Ground("filter", name))
                continue
            clause = partial(criterion_clause, item, spacing_m, terms)
            found.append(Ground("filter", name, clause("zh"), clause("en")))
        return found

    def _required(self, limit: Limit, site: int) -> bool:
        """Tell whether a limit is no more than that somebody asked for this very site."""
        asked = self.task.limits.wishes.require
        if limit.kind != "quota" or limit.number >= len(asked):
            return False
        return self.problem.quotas[limit.number].sites == (site,)

    def _quota(self, number: int, name: str) -> Ground:
        required = self.task.limits.wishes.require
        if number < len(required):
            return Ground("require", required[number], name, name)
        return Ground("quota", name, value_name(name, "zh"), value_name(name, "en"))

    def _limited(self, swaps: Exchange, number: int, other: int) -> list[Ground]:
        """Return what the plan keeps to and would not, were this candidate in the site's place."""
        found: list[Ground] = []
        for limit in swaps.limits(number):
            if not limit.broken[other]:
                continue
            if limit.kind == "quota":
                name = self.problem.quotas[limit.number].name
                found.append(self._quota(limit.number, name))
            elif limit.kind == "floor":
                name = self.problem.floors[limit.number].name
                found.append(Ground("floor", name, name, name))
            else:
                found.append(Ground("spacing" if limit.kind == "apart" else "budget"))
        return found


def _best(gains: Float64, points: Float64) -> int:
    """Return the place of the most gain; of equals the most points, then the first."""
    top = np.flatnonzero(gains >= gains.max() * (1 - _EXACT))
    return int(top[np.argmax(points[top])])


def _first_to_reach(problem: Problem, chosen: Sequence[int]) -> Int64:
    """Return int64[d]: the place in `chosen` of the first site that reaches a point anew; -1."""
    first = np.full(len(problem.weights), -1, dtype=np.int64)
    for number in range(len(chosen) - 1, -1, -1):
        site = chosen[number]
        first[problem.demand[problem.indptr[site] : problem.indptr[site + 1]]] = number
    first[problem.covered] = -1
    return first


def _gained(task: Task, first: Int64, sites: int) -> Float64:
    reached = first >= 0
    return sum_by(first[reached], task.sites.demand.point_hours[reached], sites)


def _parts(
    task: Task, first: Int64, sites: int, column: Literal["town", "group", "window"]
) -> list[tuple[Part, ...]]:
    """Return of each site the workers that it gains by a column of demand, the most first."""
    demand = task.sites.demand
    code, labels = pd.factorize(task.inputs.demand[column])
    owner = first[demand.row_point]
    reached = owner >= 0
    cell = owner[reached] * len(labels) + code[reached]
    hours = sum_by(cell, demand.row_hours[reached], sites * len(labels))
    table = hours.reshape(sites, len(labels)) / demand.hours_per_week
    orders = {"town": unit_order, "group": group_order, "window": window_order}
    return [_told(row, labels, orders[column]()) for row in table]


def _told(row: Float64, labels: pd.Index, order: Mapping[str, int]) -> tuple[Part, ...]:
    found = [
        Part(str(name), float(workers))
        for name, workers in zip(labels, row, strict=True)
        if workers > 0
    ]
    ranked = in_order(found, lambda part: part.name, order)
    return tuple(sorted(ranked, key=lambda part: -part.workers))


def _windows(task: Task, first: Int64, sites: int) -> list[tuple[Part, ...]]:
    """Return the same by window, in the heads of each, in the order of the day."""
    demand = task.sites.demand
    if demand.measure == "workers":
        return [()] * sites
    return [
        in_order(
            [
                Part(p.name, p.workers * demand.hours_per_week / window(p.name).hours_per_week)
                for p in parts
            ],
            lambda part: part.name,
            window_order(),
        )
        for parts in _parts(task, first, sites, "window")
    ]
