"""Evenness first: the worst-off town, group or window as well off as can be, then coverage.

Goals in order of rank: what the first reaches is a floor for those that follow. `fair` alone comes
before coverage; with `fair_within` coverage comes first, of which at most that share is given up.
"""

from dataclasses import dataclass, replace

import numpy as np

from siting.allocation import Floor, Problem
from siting.allocation.bound import EXACT
from siting.allocation.contained import solve_contained
from siting.allocation.fairness import SAME_SHARE, fairest, shares_of
from siting.allocation.held import contained
from siting.coverage.points import Demand
from siting.model import Inputs
from siting.plan_results import Evenness
from siting.plans.wishes import FloorField, FloorWish, Wishes, floors_of

_FIRST_SHARE, _FAIR_SHARE = 0.25, 0.4


@dataclass(frozen=True, eq=False)
class Lifted:
    """A problem in which the worst-off keep what was found for them.

    Attributes
    ----------
    problem
        With floors for it.
    fair
        Those to be lifted.
    bound
        In no plan the worst-off has a greater share.
    field
        What they are.
    """

    problem: Problem
    fair: tuple[Floor, ...] = ()
    bound: float = 1.0
    field: FloorField = "town"

    def evenness(self, chosen: tuple[int, ...]) -> Evenness | None:
        """Return how the worst-off fare in a plan; None where that was no goal.

        Parameters
        ----------
        chosen
            Columns of the problem, stations that stay among them.
        """
        if not self.fair:
            return None
        reached = self.problem.reached(chosen)
        shares = []
        for floor in self.fair:
            counted = self.problem.counted(floor)
            shares.append(float(counted[reached].sum()) / float(counted.sum()))
        least = min(shares)
        bound = max(self.bound, least)
        return Evenness(
            field=self.field,
            least_share=least,
            bound=least if bound - least <= SAME_SHARE else bound,
            lowest=tuple(
                floor.name
                for floor, share in zip(self.fair, shares, strict=True)
                if share <= least + SAME_SHARE
            ),
        )


def lifted(
    problem: Problem,
    inputs: Inputs,
    demand: Demand,
    wishes: Wishes,
    *,
    time_limit_s: float,
    seed: int,
) -> Lifted:
    """Return a problem with floors for what goes before coverage.

    Parameters
    ----------
    time_limit_s
        Of the whole plan; what goes before coverage takes a part of it.

    Raises
    ------
    InfeasibleError
        No plan keeps to what else is asked for, or none was found in time.
    """
    if wishes.fair is None:
        return Lifted(problem)
    every = (FloorWish(0.0, field=wishes.fair),)
    fair = tuple(
        floor for floor in floors_of(inputs, demand, every) if problem.counted(floor).any()
    )
    if not fair:
        return Lifted(problem)
    if wishes.fair_within is not None:
        best = solve_contained(problem, time_limit_s=_FIRST_SHARE * time_limit_s, seed=seed)
        everybody = np.ones(len(problem.weights), dtype=bool)
        share = (1 - wishes.fair_within) * best.after / float(problem.weights.sum())
        floor = Floor("coverage", everybody, share * (1 - EXACT))
        problem = replace(problem, floors=(*problem.floors, floor))
    shares = shares_of(problem, fair)
    found = contained(fairest, shares, time_limit_s=_FAIR_SHARE * time_limit_s, seed=seed)
    kept = tuple(replace(floor, share=found.share * (1 - EXACT)) for floor in fair)
    problem = replace(problem, floors=(*problem.floors, *kept))
    return Lifted(problem, fair, found.bound, wishes.fair)
