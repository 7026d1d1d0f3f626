"""The plan that counts a second station within the cut-off, too: if one is shut, another is near.

`siting.allocation.backup` says how.
"""

import time
from dataclasses import replace
from functools import partial

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation.backup import BackupPlan, BackupProblem, solve_backup
from siting.allocation.counted.engine import best_rows
from siting.allocation.held import Keeper
from siting.allocation.problem import Int64
from siting.allocation.second_goal import backup_model
from siting.allocation.worths import Twice
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.plans.goals.by_points import FIRST_SHARE, ByPoints, by_points, counts
from siting.plans.goals.soft_common import LANGS, Beside, Chosen, beside, nothing_built, told
from siting.plans.goals.soft_result import BackupProposal, SoftSite
from siting.plans.goals.task import Limits, Task, task_of
from siting.plans.stated_need import Deciding, of_workers
from words import Lang, count, percent, say

SECOND_SHARE = 0.3
"""What the second station counts unless told otherwise: an assumption."""


def propose_backup(
    inputs: Inputs,
    parameters: Parameters,
    limits: Limits,
    *,
    second_share: float = SECOND_SHARE,
    previous: Evaluation | None = None,
) -> BackupProposal:
    """Return which candidates to open so that the most workers have a station, and a second one.

    Parameters
    ----------
    limits
        With rules, their filters keep candidates out, requests weigh as they say, and their points
        are the second goal.
    second_share
        What the second station counts, 0..1/2; the first counts the rest.

    Raises
    ------
    InputError
        Tables, parameters, limits or wishes that cannot be used; no candidates; another share.
    """
    asked = {"objective": "backup", "second_share": second_share}
    task = task_of(inputs, parameters, limits, previous=previous, **asked)
    times, keeper, begun = _times(task, ()), Keeper(limits.looked_at), time.monotonic()
    scored = counts(task.scores, limits)
    try:
        problem = BackupProblem(task.problem(), times > 1, second_share)
        weighed = _weighed(task, problem)
        found = solve_backup(
            weighed,
            time_limit_s=limits.time_limit_s * (FIRST_SHARE if scored else 1.0),
            seed=limits.seed,
            search=keeper.of(best_rows),
        )
    except InfeasibleError as error:
        return _proposal(task, second_share, nothing_built(task, error), None)
    took: list[tuple[str, str]] = []
    if scored:
        left_s = begun + limits.time_limit_s - time.monotonic()
        points, found = _by_points(weighed, found, limits, left_s)
        took = [(points.said("zh"), points.said("en"))]
    decided = None
    if task.needs is not None:
        decided = Deciding(task.needs, found.status == "optimal")
        found = _of_workers(problem, weighed, found)
    rows = [_times(task, found.chosen[:size]) for size in range(len(found.chosen) + 1)]
    weights, present = task.sites.demand.point_hours, task.sites.demand.present
    twice = np.diff([float(weights[row > 1].sum()) for row in rows])
    gained = dict(zip(found.chosen, twice.tolist(), strict=True))

    def tell(site: SoftSite, number: int, lang: Lang) -> str:
        second = count(present(gained[number]), lang)
        return told("reason_backup", task, site, lang, second=second)

    shares = {"first": percent(1 - second_share), "second": percent(second_share)}
    said = [say("siting.soft.backup_shares", lang, **shares) for lang in LANGS]
    chosen = Chosen(found.chosen, found.gains, found.status, found.seconds, keeper.stopped, decided)
    fields = beside(task, "backup", chosen, tell, [*took, (said[0], said[1])])
    return _proposal(task, second_share, fields, found)


def _times(task: Task, chosen: tuple[int, ...]) -> Int64:
    """Return int64[points]: how many open stations are within the cut-off of each point."""
    rows = task.sites.matrix.take(np.flatnonzero(task.open_with(chosen)))
    return np.bincount(rows.demand, minlength=rows.points)


def _weighed(task: Task, problem: BackupProblem) -> BackupProblem:
    """Return the same with stated need: a second station counts for requests as for workers."""
    needs = task.needs
    if needs is None:
        return problem
    columns = task.sites.stations + np.arange(len(task.inputs.candidates))
    times = needs.walk.take(np.flatnonzero(task.existing))
    twice = np.bincount(times.demand, minlength=len(needs.records)) > 1
    return BackupProblem(
        needs.added_to(problem.base, columns, task.existing),
        np.concatenate([problem.twice, twice]),
        problem.share,
    )


def _of_workers(problem: BackupProblem, asked: BackupProblem, found: BackupPlan) -> BackupPlan:
    """Return a plan found with stated need in the figure of workers alone."""
    chosen = found.chosen
    values = [problem.value(chosen[:size]) for size in range(len(chosen) + 1)]
    served = asked.value(()) - values[0]
    most = problem.value(tuple(np.flatnonzero(problem.base.allowed).tolist()))
    bound, status = of_workers(found.status, found.bound - served, values[-1], most)
    (once, twice), (once_after, twice_after) = problem.covered(()), problem.covered(chosen)
    return replace(
        found,
        gains=tuple(np.diff(values).tolist()),
        before=values[0],
        after=values[-1],
        once=(once, once_after),
        twice=(twice, twice_after),
        bound=bound,
        status=status,
    )


def _by_points(
    asked: BackupProblem, found: BackupPlan, limits: Limits, left_s: float
) -> tuple[ByPoints, BackupPlan]:
    """Return what points made of a plan, and the plan with it."""
    points = by_points(
        Twice(asked),
        asked.base,
        found.chosen,
        exact=partial(backup_model, asked),
        limits=limits,
        time_limit_s=left_s,
    )
    once, twice = asked.covered(points.chosen)
    plan = points.taken(found, asked.value)
    return points, replace(plan, once=(found.once[0], once), twice=(found.twice[0], twice))


def _proposal(task: Task, share: float, fields: Beside, found: BackupPlan | None) -> BackupProposal:
    present, weights = task.sites.demand.present, task.sites.demand.point_hours
    twice = float(weights[_times(task, ()) > 1].sum())
    now = (1 - share) * fields["workers_covered_before"] + share * present(twice)
    return BackupProposal(
        counted_before=now if found is None else present(found.before),
        counted_after=now if found is None else present(found.after),
        counted_bound=now if found is None else present(found.bound),
        second_share=share,
        workers_twice_before=present(twice),
        workers_twice_after=present(twice if found is None else found.twice[1]),
        **fields,
    )
