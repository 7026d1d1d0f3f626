"""Who reaches which station and what stations answer: what all of effective coverage rests on.

`previous` takes an earlier nominal evaluation of nearly the same inputs, as in `planning`.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.catchments import Travel
from siting import planning
from siting.coverage.cells import Cells, hours_by_cell, read_cells
from siting.coverage.doors import door_hours
from siting.coverage.effective import EffectiveCoverage, effective_coverage
from siting.coverage.levels import Levels, Supply, Terms, read_supply
from siting.coverage.points import Demand, Float64
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
    def hours(self) -> Float64:
        """float64[p, c]: worker-hours per week."""
        return hours_by_cell(self.demand, self.cells)

    @cached_property
    def reach(self) -> Reach:
        """The counting stations within reach of each demand point, in the weather of the terms."""
        return self.reach_of(self.counting)

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
        return self._effective(self.best)

    @cached_property
    def at_open_door(self) -> float:
        """Average present workers who are verified and find a door open at that very time."""
        texts = self.inputs.stations["hours"].tolist()
        found = door_hours(texts, self.cells, self.hours, self.reach, self.supply)
        return self.demand.present(found)

    def covered_by(self, reach: Reach, supply: Supply) -> EffectiveCoverage:
        """Return effective coverage by other stations, or by other answers."""
        return self._effective(reach.best(supply.level))

    def without(self, stations: NDArray[np.bool_]) -> EffectiveCoverage:
        """Return effective coverage as if some stations (bool[stations]) were not there."""
        return self.covered_by(self.reach_of(self.counting & ~stations), self.supply)

    def reach_of(self, stations: NDArray[np.bool_]) -> Reach:
        """Return some stations (bool[stations]) within reach of each point, in this weather."""
        matrix = self.sites.matrix.take(np.arange(self.sites.stations))
        return read_reach(nearer(matrix, self.terms.weather.reach_share), stations)

    def _effective(self, best: Levels) -> EffectiveCoverage:
        return effective_coverage(self.demand, self.cells, self.hours, best, self.terms)


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
    # Of candidates too: a cell must be one to whatever may open.
    cells = read_cells(
        inputs.demand, terms.monday, [*inputs.stations["hours"], *inputs.candidates["hours"]]
    )
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
