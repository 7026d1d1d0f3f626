"""The plan with which the most workers find a seat, in every window.

Everybody who is present in a window looks for a seat at an open station within the cut-off; of them
a share sits down at one time (data/reference/kind_rules.toml, `at_once`: an assumption), so that a
seat serves several. `siting.plans.rooms` says which seats there are when; who may enter is not
looked at, as in every nominal figure. `siting.allocation.capacity` says how the plan is found.
"""

import time
from functools import partial

import numpy as np

from geo.errors import InfeasibleError, InputError
from geo.reference import read_list
from siting.allocation.capacity import (
    CapacityPlan,
    CapacityProblem,
    best_seated,
    solve_capacity,
)
from siting.allocation.held import Keeper
from siting.allocation.problem import Bools, Int64
from siting.allocation.second_goal import seats_model
from siting.allocation.worths import seats_goal
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.plans.goals.by_points import FIRST_SHARE, ByPoints, by_points, counts
from siting.plans.goals.soft_common import LANGS, Beside, Chosen, beside, nothing_built, told
from siting.plans.goals.soft_result import (
    CapacityProposal,
    SoftSite,
    Standing,
    StationSeats,
    WindowSeats,
)
from siting.plans.goals.task import Limits, Task, task_of
from siting.plans.rooms import Room
from words import Lang, percent, say


def usual_at_once() -> float:
    """Return the share of those present that sits down at one time: an assumption."""
    return float(read_list("reference/kind_rules")["at_once"])


def propose_capacity(
    inputs: Inputs,
    parameters: Parameters,
    limits: Limits,
    *,
    at_once: float | None = None,
    previous: Evaluation | None = None,
) -> CapacityProposal:
    """Return which candidates to open so that the most workers find a seat.

    Parameters
    ----------
    limits
        With rules, their filters keep candidates out, and their points are the second goal.
    at_once
        Share (0 < share <= 1) of those present that sits down at one time; None: the product's own.

    Raises
    ------
    InputError
        Tables, parameters, limits or wishes that cannot be used; no candidates; another share.
    """
    share = usual_at_once() if at_once is None else at_once
    if not 0 < share <= 1:
        raise InputError("siting_capacity_at_once", share=share)
    asked = {"objective": "capacity", "at_once": share}
    task = task_of(inputs, parameters, limits, previous=previous, **asked)
    room, keeper, begun = Room.of(task, share), Keeper(limits.looked_at), time.monotonic()
    weighed = counts(task.scores, limits)
    try:
        problem = room.problem(task.problem())
        found = solve_capacity(
            problem,
            time_limit_s=limits.time_limit_s * (FIRST_SHARE if weighed else 1.0),
            seed=limits.seed,
            search=keeper.of(best_seated),
        )
    except InfeasibleError as error:
        return _proposal(task, room, nothing_built(task, error), None)
    took: list[tuple[str, str]] = []
    if weighed:
        left_s = begun + limits.time_limit_s - time.monotonic()
        points, found = _by_points(problem, found, limits, left_s)
        took = [(points.said("zh"), points.said("en"))]

    def tell(site: SoftSite, number: int, lang: Lang) -> str:
        key = (
            "reason_capacity_assumed" if room.assumed[room.stations + number] else "reason_capacity"
        )
        seats = int(room.seats[room.stations + number])
        return told(key, task, site, lang, seats=seats)

    said = [say("siting.soft.at_once", lang, share=percent(share)) for lang in LANGS]
    gains = tuple(gain / room.unit for gain in found.gains)
    chosen = Chosen(found.chosen, gains, found.status, found.seconds, keeper.stopped)
    fields = beside(task, "capacity", chosen, tell, [*took, (said[0], said[1])])
    return _proposal(task, room, fields, found)


def _by_points(
    problem: CapacityProblem, found: CapacityPlan, limits: Limits, left_s: float
) -> tuple[ByPoints, CapacityPlan]:
    """Return what points made of a plan, and the plan with it."""
    goal = seats_goal(problem)
    points = by_points(
        goal,
        problem.base,
        found.chosen,
        exact=partial(seats_model, problem),
        limits=limits,
        time_limit_s=left_s,
    )
    return points, points.taken(found, lambda sites: goal.value(list(sites)))


def _proposal(
    task: Task, room: Room, fields: Beside, found: CapacityPlan | None
) -> CapacityProposal:
    present, old = task.sites.demand.present, room.open_stations
    chosen = () if found is None else found.chosen
    opened = np.concatenate([old, room.stations + np.array(chosen, dtype=np.int64)])
    _, before = room.seated(old)
    loads, after = room.seated(opened)
    now = present(float((before.sum(axis=0) * room.hours).sum()) / room.unit)
    return CapacityProposal(
        counted_before=now if found is None else present(found.before / room.unit),
        counted_after=now if found is None else present(found.after / room.unit),
        counted_bound=now if found is None else present(found.bound / room.unit),
        at_once=room.at_once,
        stations=tuple(_stations(task, room, opened, loads)),
        windows=tuple(_windows(task, room, before, after, opened)),
        standing=tuple(_standing(task, room, after, opened)),
        **fields,
    )


def _stations(task: Task, room: Room, opened: Int64, loads: Int64) -> list[StationSeats]:
    ids = [*task.inputs.stations["id"].astype(str), *task.inputs.candidates["id"].astype(str)]
    names = [code or "all" for code in room.codes]
    return [
        StationSeats(
            id=ids[site],
            new=site >= room.stations,
            seats=int(room.seats[site]),
            assumed=bool(room.assumed[site]),
            hours_known="" in room.codes or not np.isnan(room.open_shares[site]).any(),
            open_seats=dict(zip(names, room.open_seats[site].tolist(), strict=True)),
            used=dict(zip(names, (row * room.at_once / room.unit).tolist(), strict=True)),
        )
        for site, row in zip(opened.tolist(), loads, strict=True)
    ]


def _windows(
    task: Task, room: Room, before: Int64, after: Int64, opened: Int64
) -> list[WindowSeats]:
    near = _near(task, opened)
    rows = []
    for number, code in enumerate(room.codes):
        heads, seated = room.heads[:, number], after[:, number]
        parts = (
            heads.sum(),
            before[:, number].sum(),
            seated.sum(),
            (heads - seated)[near].sum(),
            heads[~near].sum(),
        )
        rows.append(WindowSeats(code or "all", *(int(part) / room.unit for part in parts)))
    return rows


def _standing(task: Task, room: Room, after: Int64, opened: Int64) -> list[Standing]:
    """Return whoever finds no seat, point by point."""
    near, present = _near(task, opened), task.sites.demand.present
    left = ((room.heads - after) * room.hours).sum(axis=1) / room.unit
    order = np.argsort(-left, kind="stable")
    return [
        Standing(task.sites.demand.point_id[at], present(float(left[at])), bool(near[at]))
        for at in order[left[order] > 0].tolist()
    ]


def _near(task: Task, opened: Int64) -> Bools:
    mask = np.zeros(task.sites.matrix.sites, dtype=bool)
    mask[opened] = True
    return task.sites.matrix.covered(mask)
