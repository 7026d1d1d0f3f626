"""Who reaches which station and what stations answer: what all of effective coverage rests on.

`previous` takes an earlier nominal evaluation of nearly the same inputs, as in `planning`.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.catchments import Travel
from siting import planning
from siting.coverage.cells import Cells, read_cells
from siting.coverage.effective import EffectiveCoverage, effective_coverage
from siting.coverage.levels import Levels, Supply, Terms, read_supply
from siting.coverage.points import Demand
from siting.coverage.reach import Reach, read_reach
from siting.coverage.weighted import weighted
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.results import CoverageResult
from siting.sites import SiteTravel


@dataclass(frozen=True, eq=False)
class Service:
    """The stations' service on some terms.

    Attributes
    ----------
    sites
        Distances of all stations and candidates, up to the cut-off.
    nominal
        Coverage by distance only, whatever the terms.
    demand, cells
        The demand that counts, weighted as the terms say, and its groups, windows and units.
    counting
        bool[stations]: those whose state counts.
    """

    inputs: Inputs
    terms: Terms
    sites: SiteTravel
    nominal: CoverageResult
    demand: Demand
    cells: Cells
    counting: NDArray[np.bool_]

    @cached_property
    def reach(self) -> Reach:
        """The counting stations within reach of each demand point, in the weather of the terms."""
        matrix = self.sites.matrix.take(np.arange(self.sites.stations))
        return read_reach(nearer(matrix, self.terms.weather.reach_share), self.counting)

    @cached_property
    def supply(self) -> Supply:
        """What the stations answer."""
        return read_supply(self.inputs.stations, self.cells, self.terms)

    @cached_property
    def best(self) -> Levels:
        """uint8[p, c]: how far the stations get each point's workers."""
        return self.reach.best(self.supply.level)

    @cached_property
    def effective(self) -> EffectiveCoverage:
        """Effective coverage by all stations that count."""
        return self.covered_by(self.reach, self.supply)

    def covered_by(self, reach: Reach, supply: Supply) -> EffectiveCoverage:
        """Return effective coverage by other stations, or by other answers."""
        return effective_coverage(self.demand, self.cells, reach.best(supply.level), self.terms)

    def without(self, stations: NDArray[np.bool_]) -> EffectiveCoverage:
        """Return effective coverage as if some stations (bool[stations]) were not there."""
        matrix = self.sites.matrix.take(np.arange(self.sites.stations))
        near = nearer(matrix, self.terms.weather.reach_share)
        return self.covered_by(read_reach(near, self.counting & ~stations), self.supply)


def service_of(
    inputs: Inputs,
    parameters: Parameters,
    terms: Terms | None = None,
    *,
    previous: Evaluation | None = None,
) -> Service:
    """Return the service of the stations.

    Raises
    ------
    InputError
        Tables or parameters that cannot be used; the sentence says which.
    """
    terms = terms or Terms()
    sites, nominal = planning.covered_now(inputs, parameters, previous)
    cells = read_cells(inputs.demand)
    return Service(
        inputs=inputs,
        terms=terms,
        sites=sites,
        nominal=nominal,
        demand=weighted(sites.demand, cells, parameters, terms.weather),
        cells=cells,
        counting=sites.open_sites(inputs.stations)[: sites.stations],
    )


def nearer(travel: Travel, share: float) -> Travel:
    """Return a travel matrix up to a share (0..1] of its cut-off, inclusive."""
    if share == 1.0:
        return travel
    keep = travel.cost <= round(travel.cutoff * 1000 * share)
    kept = np.concatenate([[0], np.cumsum(keep)])
    return replace(
        travel,
        indptr=kept[travel.indptr].astype(np.int64),
        demand=travel.demand[keep],
        cost=travel.cost[keep],
        cutoff=travel.cutoff * share,
    )
