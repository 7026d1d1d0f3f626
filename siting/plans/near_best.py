"""What else would be nearly as good: the next best plans, and what may be swapped freely."""

from dataclasses import dataclass, replace

import numpy as np

from siting.allocation.contained import solve_contained
from siting.allocation.held import Keeper
from siting.allocation.near_best import NEAR, Need, best_plans, standings
from siting.allocation.solve import Solution
from siting.plan_results import PlanResult
from siting.plans.goals.task import Task
from siting.results import Status, plain


@dataclass(frozen=True)
class NextPlan:
    """One of the best plans; average present workers.

    Attributes
    ----------
    rank
        1 is the plan that covers the most.
    sites
        Candidates, the most gained first.
    added, dropped
        What it opens that the plan beside which it stands does not, and the other way about.
    workers_covered, bound_workers
        Covered, and the most of any plan but those before it.
    status
        Of this plan beside those before it.
    proved
        Whether it is proved that only the plans before it cover more.
    """

    rank: int
    sites: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    workers_covered: float
    bound_workers: float
    status: Status
    proved: bool

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "rank": self.rank,
            "sites": list(self.sites),
            "added": list(self.added),
            "dropped": list(self.dropped),
            "workers_covered": plain(self.workers_covered),
            "bound_workers": plain(self.bound_workers),
            "status": self.status,
            "proved_rank": self.proved,
        }


@dataclass(frozen=True)
class SwapIn:
    """A candidate that may stand in for a site; `workers_less` below 0: it covers more."""

    id: str
    workers_less: float


@dataclass(frozen=True)
class SiteSwaps:
    """How firmly a site stands in the plan.

    Attributes
    ----------
    id
        Of the candidate.
    swaps
        What may stand in for it alone within the tolerance, the cheapest first.
    need
        `needed`: proved to be in every near-best plan; `free`: some near-best plan is without it;
        `unknown`: not shown in time.
    """

    id: str
    swaps: tuple[SwapIn, ...]
    need: Need

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "id": self.id,
            "need": self.need,
            "swaps": [
                {"id": swap.id, "workers_less": plain(swap.workers_less)} for swap in self.swaps
            ],
        }


@dataclass(frozen=True)
class Swaps:
    """The same of all sites, and the share (0..1) of what the plan covers that is near enough."""

    near: float
    sites: tuple[SiteSwaps, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {"near": self.near, "sites": [site.as_dict() for site in self.sites]}


def best_from(task: Task, plan: PlanResult, count: int, *, differ: int = 1) -> tuple[NextPlan, ...]:
    """Return the `count` plans that cover the most, each within the same limits and wishes.

    Parameters
    ----------
    differ
        Each has at least so many other sites than those before it.

    Notes
    -----
    Filters of the rules hold; their points do not decide with it.
    """
    problem, limits, demand = task.problem(), task.limits, task.sites.demand
    found = Keeper(limits.looked_at).run(
        best_plans,
        problem,
        _first(task, plan),
        count,
        differ=differ,
        time_limit_s=limits.time_limit_s * max(count - 1, 1),
        seed=limits.seed,
    )
    planned = task.ids(task.places(plan))
    rows = []
    for rank, ranked in enumerate(found, 1):
        sites = task.ids(ranked.solution.chosen)
        rows.append(
            NextPlan(
                rank=rank,
                sites=sites,
                added=tuple(site for site in sites if site not in planned),
                dropped=tuple(site for site in planned if site not in sites),
                workers_covered=demand.present(ranked.solution.after),
                bound_workers=demand.present(ranked.solution.bound),
                status=ranked.solution.status,
                proved=ranked.proved,
            )
        )
    return tuple(rows)


def swaps_from(task: Task, plan: PlanResult, *, near: float = NEAR) -> Swaps:
    """Return for each site of a plan what may stand in for it, and whether it must be there.

    Parameters
    ----------
    near
        Share (0..1) of what the plan covers: so much less is near enough.
    """
    limits, demand = task.limits, task.sites.demand
    found = Keeper(limits.looked_at).run(
        standings,
        task.problem(),
        task.places(plan),
        near=near,
        time_limit_s=limits.time_limit_s,
        seed=limits.seed,
    )
    rows = tuple(
        SiteSwaps(
            id=task.ids((standing.site,))[0],
            swaps=tuple(
                SwapIn(task.ids((swap.site,))[0], demand.present(swap.price))
                for swap in standing.swaps
            ),
            need=standing.need,
        )
        for standing in found
    )
    return Swaps(near, rows)


def _first(task: Task, plan: PlanResult) -> Solution:
    """Return the plan that covers the most: the one that was made, where points had no say."""
    problem, limits = replace(task.problem(), points=np.empty(0)), task.limits
    if task.scores is not None:
        return solve_contained(
            problem,
            time_limit_s=limits.time_limit_s,
            seed=limits.seed,
            looked_at=limits.looked_at,
        )
    chosen = task.places(plan)
    values = [problem.value(chosen[:count]) for count in range(len(chosen) + 1)]
    bound = plan.bound_workers * task.sites.demand.hours_per_week
    return Solution(
        chosen=chosen,
        gains=tuple(np.diff(values).tolist()),
        before=values[0],
        after=values[-1],
        bound=values[-1] if plan.status == "optimal" else max(bound, values[-1]),
        status=plan.status,
        points=0.0,
        seconds=plan.seconds,
    )
