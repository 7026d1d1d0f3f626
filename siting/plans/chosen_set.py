"""What a stored plan brings on given tables: its chosen set is evaluated, nothing is solved.

Bound, status and remark are what the search proved when the plan was made: they are quoted.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from siting.costs import costs_yuan
from siting.model import Inputs
from siting.plan_results import PlanResult
from siting.planning import covered_by
from siting.sites import SiteTravel

QUOTED = (
    *("bound_workers", "gap", "gap_on_gain", "status", "stopped", "proved_optimal", "seconds"),
    *("remark", "rules", "rules_tolerance", "parameters", "evenness", "goal", "stated_need"),
)
"""What the JSON of an evaluated plan repeats as it was stored, or derives from what it repeats."""


def evaluated(inputs: Inputs, sites: SiteTravel, plan: PlanResult) -> PlanResult:
    """Return a plan whose figures are computed anew from what it opens and closes.

    Parameters
    ----------
    inputs, sites
        The tables, and the distances that they lead to.
    plan
        As it was stored. Sites and stations that the tables no longer have are left out; where no
        plan was found there is no coverage after it.

    Notes
    -----
    `workers_gained` is marginal, in the plan's order, beside the stations that stay open;
    `workers_lost` of a closed station is what it would cover more beside the plan.
    """
    places = {str(name): row for row, name in enumerate(inputs.candidates["id"])}
    stations = {str(name): row for row, name in enumerate(inputs.stations["id"])}
    chosen = [site for site in plan.selected if site.id in places]
    shut = [station for station in plan.closed if station.id in stations]
    present = sites.demand.present
    weights = sites.demand.point_hours
    today = sites.open_sites(inputs.stations)
    mask = today.copy()
    mask[[stations[station.id] for station in shut]] = False
    stay = sites.matrix.covered(mask)
    costs, assumed = costs_yuan(inputs.candidates)
    reached, selected = stay.copy(), []
    for order, site in enumerate(chosen, 1):
        row = places[site.id]
        new = _served(sites, sites.stations + row) & ~reached
        reached |= new
        mask[sites.stations + row] = True
        selected.append(
            replace(
                site,
                order=order,
                workers_gained=present(float(weights[new].sum())),
                cost_yuan=int(costs[row]),
                cost_assumed=bool(assumed[row]),
            )
        )
    closed = tuple(
        replace(
            station,
            workers_lost=present(
                float(weights[_served(sites, stations[station.id]) & ~reached].sum())
            ),
        )
        for station in shut
    )
    before = float(weights[sites.matrix.covered(today)].sum())
    return replace(
        plan,
        selected=tuple(selected),
        closed=closed,
        workers_total=present(float(weights.sum())),
        workers_covered_before=present(before),
        workers_covered_after=present(float(weights[reached].sum())),
        workers_lost_by_closing=present(before - float(weights[stay].sum())),
        method=sites.matrix.method,
        measure=sites.demand.measure,
        unattached_candidates=sites.unattached_candidates(inputs.candidates["id"]),
        after=covered_by(inputs, sites, mask) if plan.found else None,
    )


def _served(sites: SiteTravel, site: int) -> NDArray[np.bool_]:
    """Return bool[points]: within reach of one site."""
    points, _ = sites.matrix.row(site)
    found = np.zeros(sites.matrix.points, dtype=bool)
    found[points] = True
    return found
