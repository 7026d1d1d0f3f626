"""The plan that counts a second station within the cut-off, too: if one is shut, another is near.

`siting.allocation.backup` says how.
"""

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation.backup import BackupPlan, BackupProblem, solve_backup
from siting.allocation.counted import best_rows
from siting.allocation.held import Keeper
from siting.allocation.problem import Int64
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.plans.soft_common import LANGS, Beside, Chosen, beside, nothing_built, told
from siting.plans.soft_result import BackupProposal, SoftSite
from siting.plans.task import Limits, Task, task_of
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
        With rules, their filters keep candidates out; their points decide nothing here.
    second_share
        What the second station counts, 0..1/2; the first counts the rest.

    Raises
    ------
    InputError
        Tables, parameters, limits or wishes that cannot be used; no candidates; another share.
    """
    asked = {"objective": "backup", "second_share": second_share}
    task = task_of(inputs, parameters, limits, previous=previous, **asked)
    times, keeper = _times(task, ()), Keeper(limits.looked_at)
    try:
        problem = BackupProblem(task.problem(), times > 1, second_share)
        found = solve_backup(
            problem,
            time_limit_s=limits.time_limit_s,
            seed=limits.seed,
            search=keeper.of(best_rows),
        )
    except InfeasibleError as error:
        return _proposal(task, second_share, nothing_built(task, error), None)
    rows = [_times(task, found.chosen[:size]) for size in range(len(found.chosen) + 1)]
    weights, present = task.sites.demand.point_hours, task.sites.demand.present
    twice = np.diff([float(weights[row > 1].sum()) for row in rows])
    gained = dict(zip(found.chosen, twice.tolist(), strict=True))

    def tell(site: SoftSite, number: int, lang: Lang) -> str:
        second = count(present(gained[number]), lang)
        return told("reason_backup", task, site, lang, second=second)

    shares = {"first": percent(1 - second_share), "second": percent(second_share)}
    said = [say("siting.soft.backup_shares", lang, **shares) for lang in LANGS]
    chosen = Chosen(found.chosen, found.gains, found.status, found.seconds, keeper.stopped)
    fields = beside(task, "backup", chosen, tell, [(said[0], said[1])])
    return _proposal(task, second_share, fields, found)


def _times(task: Task, chosen: tuple[int, ...]) -> Int64:
    """Return int64[points]: how many open stations are within the cut-off of each point."""
    rows = task.sites.matrix.take(np.flatnonzero(task.open_with(chosen)))
    return np.bincount(rows.demand, minlength=rows.points)


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
