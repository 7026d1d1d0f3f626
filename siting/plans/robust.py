"""Hosts may leave: what is left of a plan then, and the plan that expects it.

if_hosts_leave  of all new stations the one, two, three whose leaving is worst
robust_from     the plan with the most expected coverage, beside the one that was made
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from siting.allocation.counted.engine import best_rows
from siting.allocation.held import Keeper
from siting.allocation.leaving import worst_leaving
from siting.allocation.problem import Int64
from siting.allocation.robust import RobustProblem, solve_robust
from siting.model import Inputs
from siting.plan_results import PlanResult
from siting.plans.goals.task import Task
from siting.results import Status, plain
from siting.sites import SiteTravel

MOST_LEAVING = 3
"""The worst that so many can do is told; of three and more as a range."""


@dataclass(frozen=True)
class Leaving:
    """The worst that `hosts` new stations can do by leaving; average present workers.

    Attributes
    ----------
    hosts
        How many leave.
    gone
        Ids of the candidates whose leaving is the worst found.
    workers_left
        Covered without them.
    least_workers
        Whichever so many leave, no fewer stay covered.
    coverage
        `least_workers` as a share (0..1) of all workers.
    """

    hosts: int
    gone: tuple[str, ...]
    workers_left: float
    least_workers: float
    coverage: float

    @property
    def proved(self) -> bool:
        """Whether no other so many would leave fewer covered."""
        return self.least_workers >= self.workers_left

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "hosts": self.hosts,
            "gone": list(self.gone),
            "workers_left": plain(self.workers_left),
            "least_workers": plain(self.least_workers),
            "coverage": self.coverage,
            "proved_worst": self.proved,
        }


@dataclass(frozen=True)
class RobustPlan:
    """The plan with the most expected coverage; average present workers.

    Attributes
    ----------
    leave, existing_leave
        The probability (0..1) that a new, an existing station is out of use.
    expected_before, expected_plan
        Expected coverage with the existing stations alone, and with the plan that was made.
    sites
        Candidates of the plan that expects it.
    added, dropped
        What it opens that the plan does not, and the other way about.
    expected_after, bound_workers
        Expected coverage with them, and the most of any plan.
    workers_covered
        What they cover while nobody leaves.
    coverage
        `expected_after` as a share (0..1) of all workers.
    status
        As of a plan.
    leaving
        The worst that few of its sites can do.
    """

    leave: float
    existing_leave: float
    expected_before: float
    expected_plan: float
    sites: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    expected_after: float
    bound_workers: float
    workers_covered: float
    coverage: float
    status: Status
    leaving: tuple[Leaving, ...]

    @property
    def gap(self) -> float:
        """(bound - expected) / bound; 0 where there is nothing to cover."""
        if self.bound_workers <= 0:
            return 0.0
        return max((self.bound_workers - self.expected_after) / self.bound_workers, 0.0)

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "leave": self.leave,
            "existing_leave": self.existing_leave,
            "expected_before": plain(self.expected_before),
            "expected_plan": plain(self.expected_plan),
            "sites": list(self.sites),
            "added": list(self.added),
            "dropped": list(self.dropped),
            "expected_after": plain(self.expected_after),
            "bound_workers": plain(self.bound_workers),
            "gap": self.gap,
            "workers_covered": plain(self.workers_covered),
            "coverage": self.coverage,
            "status": self.status,
            "proved_optimal": self.status == "optimal",
            "if_hosts_leave": [row.as_dict() for row in self.leaving],
        }


def if_hosts_leave(inputs: Inputs, sites: SiteTravel, plan: PlanResult) -> tuple[Leaving, ...]:
    """Return the worst that one, two and three of a plan's new stations can do by leaving.

    Stations that exist stay, but for those that the plan closes.
    """
    ids = inputs.candidates["id"].astype(str)
    closed = [station.id for station in plan.closed]
    open_now = sites.open_sites(inputs.stations)
    open_now[: sites.stations] &= ~inputs.stations["id"].isin(closed).to_numpy()
    return _leaving(sites, open_now, [site.id for site in plan.selected], list(ids))


def robust_from(
    task: Task, plan: PlanResult, leave: float, existing_leave: float = 0.0
) -> RobustPlan:
    """Return the plan with the most expected coverage, within the same limits and wishes.

    Parameters
    ----------
    leave, existing_leave
        Probabilities (0..1) for new and for existing stations.

    Raises
    ------
    InputError
        What is no probability.

    Notes
    -----
    Filters of the rules hold; their points do not decide with it.
    """
    demand, open_now = task.sites.demand, task.existing
    now = task.sites.matrix.take(np.flatnonzero(open_now))
    existing: Int64 = np.bincount(now.demand, minlength=demand.points)
    problem = task.problem()
    asked = RobustProblem(problem, leave, existing, existing_leave)
    chosen = task.places(plan)
    found = solve_robust(
        asked,
        starts=(chosen,),
        time_limit_s=task.limits.time_limit_s,
        seed=task.limits.seed,
        search=Keeper(task.limits.looked_at).of(best_rows),
    )
    sites, planned = task.ids(found.chosen), task.ids(chosen)
    total = float(demand.point_hours.sum())
    return RobustPlan(
        leave=leave,
        existing_leave=existing_leave,
        expected_before=demand.present(found.before),
        expected_plan=demand.present(asked.expected(chosen)),
        sites=sites,
        added=tuple(site for site in sites if site not in planned),
        dropped=tuple(site for site in planned if site not in sites),
        expected_after=demand.present(found.after),
        bound_workers=demand.present(found.bound),
        workers_covered=demand.present(problem.value(found.chosen)),
        coverage=found.after / total if total else 0.0,
        status=found.status,
        leaving=_leaving(task.sites, open_now, sites, list(task.inputs.candidates["id"])),
    )


def _leaving(
    sites: SiteTravel,
    open_now: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    chosen: Sequence[str],
    ids: list[str],
) -> tuple[Leaving, ...]:
    demand = sites.demand
    places = [ids.index(name) for name in chosen]
    rows = sites.candidate_matrix().take(np.array(places, dtype=np.int64))
    reach = sparse.csr_array(
        (np.ones(len(rows.demand)), rows.demand, rows.indptr), shape=(len(places), demand.points)
    )
    staying = sites.matrix.covered(open_now)
    total = float(demand.point_hours.sum())
    found = []
    for hosts in range(1, min(len(places), MOST_LEAVING) + 1):
        worst = worst_leaving(reach, demand.point_hours, staying, hosts)
        found.append(
            Leaving(
                hosts=hosts,
                gone=tuple(chosen[at] for at in worst.gone),
                workers_left=demand.present(worst.left),
                least_workers=demand.present(worst.least),
                coverage=worst.least / total if total else 0.0,
            )
        )
    return tuple(found)
