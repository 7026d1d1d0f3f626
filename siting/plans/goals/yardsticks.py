"""What a plan is measured by: coverage, or the figure of its own goal, of any set of candidates.

Recounted from catchments and walks alone (`siting.allocation.worths`): it explains plans, orders
them over years and checks what searches say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from siting.allocation.backup import BackupProblem
from siting.allocation.exchange import Exchange
from siting.allocation.gradual import Band, GradualProblem
from siting.allocation.lazy_search import Goal
from siting.allocation.problem import Bools, Float64, Problem
from siting.allocation.seats.seating import Seating
from siting.allocation.swaps import Swaps
from siting.allocation.worths import ByBand, Longest, PointGoal, Twice, Walked, seats_goal
from siting.coverage import Demand
from siting.model import Parameters
from siting.plan_results import Unit
from siting.planning import travel_of
from siting.plans.goals.task import Task
from siting.plans.rooms import Room
from siting.plans.why import Part
from siting.sites import SiteTravel

_MM = 1000.0
_BEYOND = 2
"""Without a station a way counts as so many times the longest one followed: the worst of all."""


@dataclass(frozen=True, eq=False)
class Yardstick:
    """Coverage, or what another goal counts.

    Attributes
    ----------
    objective, unit
        As the command line names it; of its figures. A share of the workers with the least is
        measured in workers covered.
    by_points
        Whether rule points may be its second goal.
    adds_up
        Whether what sites win adds up to what the plan does.
    judged
        Whether a candidate that has more of it is a better one: not where enough is enough.
    """

    objective: str = "coverage"
    unit: Unit = "workers"
    by_points: bool = True
    adds_up: bool = True
    judged: bool = True

    def swaps(self, problem: Problem, chosen: tuple[int, ...]) -> Exchange | Swaps:
        """Return what each site of a plan is worth, and what could stand in its place."""
        return Exchange(problem, chosen)

    def shown(self, worth: float, demand: Demand) -> float:
        """Return a difference of worth in the unit."""
        return demand.present(worth)

    def figure(self, chosen: list[int]) -> float | None:
        """Return the plan's own figure in its unit; None: coverage, or there is none."""
        del chosen
        return None

    def fresh(self, problem: Problem, before: list[int], site: int) -> Float64 | None:
        """Return float64[d]: the weight that a site wins at each point, beside those before it."""
        reached = problem.reached(tuple(before))
        mine = problem.reached((*before, site)) & ~reached
        return np.where(mine, problem.weights, 0.0)

    def windows(self, before: list[int], site: int) -> tuple[Part, ...]:
        """Return what a site wins in each window, where that is not what it wins at points."""
        del before, site
        return ()

    def ties(self, rest: list[int]) -> Float64 | None:
        """Return float64[s]: what else is better where the figure is the same; None: nothing."""
        del rest
        return None

    def short(self, chosen: list[int]) -> float | None:
        """Return by how many workers a plan misses its target; None: it has none."""
        del chosen
        return None


COVERAGE = Yardstick()


@dataclass(frozen=True, eq=False, kw_only=True)
class OwnStick(Yardstick):
    """What another goal counts.

    Attributes
    ----------
    goal
        Of all candidates.
    demand
        The demand that counts.
    """

    goal: Goal
    demand: Demand

    def swaps(self, problem: Problem, chosen: tuple[int, ...]) -> Exchange | Swaps:
        """Return what each site of a plan is worth, and what could stand in its place."""
        return Swaps(self.goal, problem, chosen)

    def figure(self, chosen: list[int]) -> float | None:
        """Return the plan's own figure in its unit."""
        return self.shown(self.goal.value(chosen), self.demand)

    def fresh(self, problem: Problem, before: list[int], site: int) -> Float64 | None:
        """Return float64[d]: the weight that a site wins at each point, beside those before it."""
        del problem
        goal = self.goal
        return goal.fresh(before, site) if isinstance(goal, PointGoal | Longest) else None


@dataclass(frozen=True, eq=False, kw_only=True)
class TargetStick(OwnStick):
    """Workers covered, of whom a plan needs so many: `needed`, average present workers."""

    needed: float

    def short(self, chosen: list[int]) -> float | None:
        """Return by how many workers a plan misses its target."""
        reached = self.demand.present(self.goal.value(chosen))
        return max(self.needed - reached, 0.0) if self.needed - reached > _EXACT else 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class SeatStick(OwnStick):
    """Workers with a seat; `room` has the seats."""

    room: Room

    def shown(self, worth: float, demand: Demand) -> float:
        """Return units that sit as average present workers."""
        return demand.present(worth / self.room.unit)

    def windows(self, before: list[int], site: int) -> tuple[Part, ...]:
        """Return whom a site gives a seat in each window, heads."""
        seats = self.goal
        if not isinstance(seats, Seating) or "" in self.room.codes:
            return ()
        more = seats.seated([*before, site]).totals - seats.seated(before).totals
        told = zip(self.room.codes, (more / self.room.unit).tolist(), strict=True)
        return tuple(Part(code, heads) for code, heads in told if heads > 0)


@dataclass(frozen=True, eq=False, kw_only=True)
class WalkStick(OwnStick):
    """The mean walk of all workers, or the longest of those whom some site reaches, metres.

    Attributes
    ----------
    total
        All weight.
    beyond
        A way that stands for none, mm: a longest walk of it is no walk.
    """

    total: float
    beyond: int

    def shown(self, worth: float, demand: Demand) -> float:
        """Return a difference of walks in metres."""
        del demand
        if self.objective == "center":
            return worth / _MM
        return worth / (self.total or 1.0) / _MM

    def figure(self, chosen: list[int]) -> float | None:
        """Return the mean, or the longest walk; None: somebody has no station to walk to."""
        value = -self.goal.value(chosen)
        if self.objective == "center" and value >= self.beyond:
            return None
        return self.shown(value, self.demand)

    def ties(self, rest: list[int]) -> Float64 | None:
        """Return float64[s]: the mean walk where the longest is the same."""
        return self.goal.near.most_beside(rest) if isinstance(self.goal, Longest) else None


_EXACT = 1e-6


def yardstick_of(task: Task, parameters: Parameters, asked: Mapping[str, Any]) -> Yardstick:
    """Return what a plan is measured by.

    Parameters
    ----------
    task
        What the plan is made from.
    asked
        The parameters that are kept with the plan.
    """
    objective = str(asked.get("objective", "coverage"))
    make = _MAKERS.get(objective)
    return COVERAGE if make is None else make(task, parameters, asked)


def _target(task: Task, parameters: Parameters, asked: Mapping[str, Any]) -> Yardstick:
    del parameters
    problem, demand = task.problem(), task.sites.demand
    nobody = np.zeros(len(problem.weights), dtype=bool)
    goal = Twice(BackupProblem(problem, nobody, 0.0))
    share = asked.get("target")
    everybody = tuple(np.flatnonzero(problem.allowed).tolist())
    needed = (
        problem.value(everybody) if share is None else float(share) * float(problem.weights.sum())
    )
    return TargetStick(
        objective=str(asked["objective"]),
        by_points=False,
        judged=False,
        goal=goal,
        demand=demand,
        needed=demand.present(needed),
    )


def _gradual(task: Task, parameters: Parameters, asked: Mapping[str, Any]) -> Yardstick:
    del parameters
    rows = task.sites.candidate_matrix()
    problem = GradualProblem(
        base=task.problem(),
        cost=rows.cost_mm,
        nearest=task.sites.matrix.nearest_mm(task.existing),
        bands=tuple(Band(round(_MM * float(most)), float(worth)) for most, worth in asked["bands"]),
    )
    return OwnStick(objective="gradual", goal=ByBand(problem, rows), demand=task.sites.demand)


def _backup(task: Task, parameters: Parameters, asked: Mapping[str, Any]) -> Yardstick:
    del parameters
    rows = task.sites.matrix.take(np.flatnonzero(task.existing))
    twice = np.bincount(rows.demand, minlength=rows.points) > 1
    problem = BackupProblem(task.problem(), twice, float(asked["second_share"]))
    return OwnStick(objective="backup", goal=Twice(problem), demand=task.sites.demand)


def _capacity(task: Task, parameters: Parameters, asked: Mapping[str, Any]) -> Yardstick:
    del parameters
    room = Room.of(task, float(asked["at_once"]))
    goal = seats_goal(room.problem(task.problem()))
    return SeatStick(objective="capacity", goal=goal, demand=task.sites.demand, room=room)


def _walks(task: Task, parameters: Parameters, asked: Mapping[str, Any]) -> Yardstick:
    walk_m = float(asked["walk_m"])
    walks = travel_of(task.inputs, replace(parameters, cutoff_m=walk_m), None)
    center = asked["objective"] == "center"
    beyond = round(walk_m * _MM) * (_BEYOND if center else 1)
    near = _walked(task, walks, beyond)
    counting = near.weights > 0
    if center:
        counting &= _reachable(task, walks)
    return WalkStick(
        objective="center" if center else "median",
        unit="metres",
        by_points=not center,
        adds_up=not center,
        goal=Longest(near, counting) if center else near,
        demand=walks.demand,
        total=float(near.weights.sum()),
        beyond=beyond,
    )


def _walked(task: Task, walks: SiteTravel, beyond: int) -> Walked:
    before = walks.matrix.nearest(walks.open_sites(task.inputs.stations)).astype(np.int64)
    before[before < 0] = beyond
    return Walked(walks.candidate_matrix(), walks.demand.point_hours, before)


def _reachable(task: Task, walks: SiteTravel) -> Bools:
    """Return bool[points]: within reach of a station, or of what may be opened."""
    usable = walks.open_sites(task.inputs.stations)
    usable[walks.stations :] = task.problem().allowed
    return walks.matrix.covered(usable)


_MAKERS = {
    "stations": _target,
    "money": _target,
    "gradual": _gradual,
    "backup": _backup,
    "capacity": _capacity,
    "median": _walks,
    "center": _walks,
}
