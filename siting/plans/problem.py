"""Maximal covering of a decision: which candidates may be opened, their costs and points."""

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation import Problem
from siting.allocation.problem import Bools, Int64
from siting.costs import costs_yuan
from siting.model import Inputs
from siting.planning import eligible
from siting.plans.wishes import SideConstraints
from siting.results import CandidateScore
from siting.sites import SiteTravel


def problem_of(
    inputs: Inputs,
    sites: SiteTravel,
    new: int | None,
    budget_yuan: int | None,
    scores: tuple[CandidateScore, ...] | None,
    sides: SideConstraints,
) -> Problem:
    """Return maximal covering within the cut-off.

    Raises
    ------
    InputError, InfeasibleError
        As `Problem`.
    """
    walk = sites.candidate_matrix()
    free = eligible(inputs, sites)
    passing = free & passing_rules(len(inputs.candidates), scores)
    if new != 0 and (new is not None or budget_yuan):
        _require_any(free, passing, sides)
        _require_room(costs_yuan(inputs.candidates)[0], new, budget_yuan, sides)
    return Problem(
        weights=sites.demand.point_hours,
        covered=sites.matrix.covered(sites.open_sites(inputs.stations)),
        indptr=walk.indptr,
        demand=walk.demand,
        cost_yuan=costs_yuan(inputs.candidates)[0],
        allowed=passing & ~sides.left_out,
        new=new,
        budget_yuan=budget_yuan,
        points=np.array([item.points for item in scores or ()]),
        quotas=sides.quotas,
        apart=sides.apart,
        floors=sides.floors,
    )


def _require_any(free: Bools, passing: Bools, sides: SideConstraints) -> None:
    """Refuse what rules or wishes leave no candidate for; where nobody may be chosen, `Problem`.

    Raises
    ------
    InfeasibleError
        Rules rule all out, or wishes do.
    """
    if free.any() and not passing.any():
        raise InfeasibleError("siting_plan_none_by_rules", candidates=int(free.sum()))
    if passing.any() and not (passing & ~sides.left_out).any():
        raise InfeasibleError("siting_plan_none_by_wishes", candidates=int(passing.sum()))


def _require_room(
    costs: Int64, new: int | None, budget_yuan: int | None, sides: SideConstraints
) -> None:
    """Refuse more sites asked for by name than numbers or money allow.

    Raises
    ------
    InfeasibleError
        Too many, or too dear.
    """
    asked = {quota.sites[0] for quota in sides.quotas if len(quota.sites) == 1 and quota.least}
    if new is not None and len(asked) > new:
        raise InfeasibleError("siting_plan_required_many", new=new, required=len(asked))
    needed = int(costs[list(asked)].sum())
    if budget_yuan is not None and needed > budget_yuan:
        raise InfeasibleError("siting_plan_required_dear", budget=budget_yuan, needed=needed)


def passing_rules(size: int, scores: tuple[CandidateScore, ...] | None) -> Bools:
    """Return bool[candidates]: no filter of the rules forbids it."""
    if scores is None:
        return np.ones(size, dtype=bool)
    return np.array([not item.excluded for item in scores], dtype=bool)
