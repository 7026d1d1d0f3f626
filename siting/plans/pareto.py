"""Two goals at once: coverage against money, rule points, the worst-off unit, the mean walk."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from geo.errors import InputError
from siting.allocation import Floor
from siting.allocation.held import Keeper
from siting.allocation.pareto import (
    FrontPoint,
    front_of_least_share,
    front_of_money,
    front_of_points,
)
from siting.allocation.pareto_walk import front_of_walk
from siting.allocation.walking.walks import WalkProblem
from siting.model import Parameters
from siting.planning import travel_of
from siting.plans.goals.task import Task
from siting.plans.goals.walking import WALK_M
from siting.results import plain

SecondGoal = Literal["money", "points", "towns", "walk"]
_MM = 1000.0
SECOND_GOALS: tuple[SecondGoal, ...] = get_args(SecondGoal)


@dataclass(frozen=True)
class Compromise:
    """A plan of the front.

    Attributes
    ----------
    sites
        Candidates.
    workers_covered
        Average present workers.
    coverage
        The same as a share (0..1) of all workers.
    other
        Yuan, sum of rule points, the least share (0..1) of any unit's workers, or the mean walk in
        metres (whoever has no station within `WALK_M` counts as walking so far).
    proved
        Whether it is proved that no plan is better in one goal and not worse in the other.
    """

    sites: tuple[str, ...]
    workers_covered: float
    coverage: float
    other: float
    proved: bool

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "sites": list(self.sites),
            "workers_covered": plain(self.workers_covered),
            "coverage": self.coverage,
            "other": plain(self.other),
            "proved_on_front": self.proved,
        }


@dataclass(frozen=True)
class Front:
    """Plans of which none is worse than another in both goals, the most covered last."""

    goal: SecondGoal
    points: tuple[Compromise, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {"goal": self.goal, "points": [point.as_dict() for point in self.points]}


def front_from(task: Task, goal: SecondGoal, parameters: Parameters) -> Front:
    """Return the front of coverage and another goal, within the same limits and wishes.

    Raises
    ------
    InputError
        Points without rules; units where no demand says in which it is; the mean walk of a plan
        whose size is not a number of stations, or with wishes that are of coverage alone.
    """
    found = _walks(task, parameters) if goal == "walk" else _front(task, goal)
    demand = task.sites.demand
    total = float(demand.point_hours.sum())
    rows = [
        Compromise(
            sites=task.ids(point.chosen),
            workers_covered=demand.present(point.after),
            coverage=point.after / total if total else 0.0,
            other=point.other,
            proved=point.proved,
        )
        for point in found
    ]
    return Front(goal, tuple(sorted(rows, key=lambda row: row.workers_covered)))


def _front(task: Task, goal: SecondGoal) -> tuple[FrontPoint, ...]:
    problem, limits = task.problem(), task.limits
    limit_s, seed = 4 * limits.time_limit_s, limits.seed
    keeper = Keeper(limits.looked_at)
    if goal == "money":
        return keeper.run(front_of_money, problem, time_limit_s=limit_s, seed=seed)
    if goal == "points":
        if task.scores is None:
            raise InputError("siting_plan_points_without_rules")
        return keeper.run(front_of_points, problem, time_limit_s=limit_s, seed=seed)
    towns = _towns(task)
    return keeper.run(front_of_least_share, problem, towns, time_limit_s=limit_s, seed=seed)


def _walks(task: Task, parameters: Parameters) -> tuple[FrontPoint, ...]:
    """Return plans from the one with the most coverage to the one with the least mean walk."""
    limits, wishes = task.limits, task.limits.wishes
    if limits.new is None or limits.budget_yuan is not None:
        raise InputError("siting_front_walk_number")
    if replace(wishes, require=(), forbid=(), keep=()):
        raise InputError("siting_plan_wish_of_coverage")
    walk_m = max(WALK_M, parameters.cutoff_m)
    walks = travel_of(task.inputs, replace(parameters, cutoff_m=walk_m), None)
    required = task.inputs.candidates["id"].astype(str).isin(wishes.require).to_numpy()
    opened = walks.open_sites(task.inputs.stations)
    opened[walks.stations :] |= required
    allowed = np.zeros_like(opened)
    allowed[walks.stations :] = task.problem().allowed
    problem = WalkProblem(
        travel=walks.matrix,
        weights=walks.demand.point_hours,
        existing=opened,
        allowed=allowed,
        new=max(limits.new - int(required.sum()), 0),
        penalty=round(walk_m * _MM),
    )
    asked = tuple(np.flatnonzero(required).tolist())
    found: tuple[FrontPoint, ...] = Keeper(limits.looked_at).run(
        front_of_walk,
        problem,
        np.arange(len(opened)) - walks.stations,
        cutoff=round(parameters.cutoff_m * _MM),
        time_limit_s=4 * limits.time_limit_s,
        seed=limits.seed,
    )
    metres = _MM * (float(problem.weights.sum()) or 1.0)
    return tuple(
        replace(point, chosen=(*asked, *point.chosen), other=point.other / metres)
        for point in found
    )


def _towns(task: Task) -> tuple[Floor, ...]:
    table = task.inputs.demand
    town = table["town"].astype(str)[~table["id"].duplicated()].to_numpy()
    names = sorted(set(town) - {""})
    if not names:
        raise InputError("siting_plan_no_towns")
    return tuple(Floor(name, np.equal(town, name), 0.0) for name in names)
