"""Who and what is within reach of each candidate."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catchments import Travel, travel
from geo.reference import read_list
from siting.coverage import Demand, workers_per_km2
from siting.model import Inputs, Parameters
from siting.results import Unattached
from siting.rules.files import RuleBook
from siting.sums import sum_by

Float64 = NDArray[np.float64]
_MM_PER_M = 1000


@dataclass(frozen=True, eq=False)
class Pairs:
    """Candidates and what they reach: one entry per pair, candidates ascending.

    Attributes
    ----------
    candidate, other
        int64[n]: indices of both.
    cost_mm
        int32[n]: walking distance.
    candidates
        Number of candidates.
    """

    candidate: NDArray[np.int64]
    other: NDArray[np.int32]
    cost_mm: NDArray[np.int32]
    candidates: int

    def sums(self, values: Float64, reach_m: float) -> Float64:
        """Return float64[candidates]: values of everything within `reach_m` (<=), summed."""
        near = self.cost_mm <= reach_m * _MM_PER_M
        return sum_by(self.candidate[near], values[self.other[near]], self.candidates)

    def greatest(self, values: Float64) -> NDArray[np.int64]:
        """Return int64[candidates]: the greatest in value, the nearest of equals; -1: none."""
        order = np.lexsort((self.other, self.cost_mm, -values[self.other], self.candidate))
        owners, first = np.unique(self.candidate[order], return_index=True)
        best = np.full(self.candidates, -1, dtype=np.int64)
        best[owners] = self.other[order][first]
        return best


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What measures look at; c candidates, p demand points.

    Attributes
    ----------
    inputs, parameters, demand, book
        As given.
    walk
        Candidates and the demand points within the cut-off.
    uncovered
        float64[p]: average present workers without a station within the cut-off.
    density_per_km2
        float64[c]: average present workers per km2 around each candidate, as the crow flies.
    unattached
        Candidates that are not on the streets: id -> why.
    """

    inputs: Inputs
    parameters: Parameters
    demand: Demand
    book: RuleBook
    walk: Pairs
    uncovered: Float64
    density_per_km2: Float64
    unattached: Mapping[str, Unattached]

    @property
    def candidates(self) -> pd.DataFrame:
        """The candidate table."""
        return self.inputs.candidates

    @property
    def workers(self) -> Float64:
        """float64[p]: average present workers."""
        return self.demand.point_hours / self.demand.hours_per_week

    @property
    def gained(self) -> Float64:
        """float64[c]: average present workers newly reached within the cut-off."""
        return self.walk.sums(self.uncovered, self.parameters.cutoff_m)

    @property
    def sparse(self) -> NDArray[np.bool_]:
        """bool[c]: candidates in sparse places."""
        return self.density_per_km2 < self.book.sparse_below_per_km2

    def group_hours(self, codes: set[str]) -> Float64:
        """Return float64[p]: worker-hours per week (heads without windows) of some groups."""
        of_group = self.inputs.demand["group"].isin(codes).to_numpy()
        return self.demand.sum_points(np.where(of_group, self.demand.row_hours, 0.0))

    def reach_m(self, asked_m: float) -> float:
        """Return how far a look at demand goes: not beyond the cut-off."""
        return min(asked_m, self.parameters.cutoff_m)

    def pairs_with(self, lon: Float64, lat: Float64, reach_m: float) -> Pairs:
        """Return candidates and the places within `reach_m` of them on foot."""
        return pairs_of(
            travel(
                self.inputs.streets,
                *positions(self.candidates),
                lon,
                lat,
                cutoff_m=reach_m,
                cap_m=self.parameters.attach_cap_m,
                alternatives_m=self.parameters.alternatives_m,
            )
        )


def surroundings(
    inputs: Inputs,
    parameters: Parameters,
    demand: Demand,
    book: RuleBook,
    walk: Travel,
    covered: NDArray[np.bool_],
    unattached: Mapping[str, Unattached],
) -> Surroundings:
    """Return what measures look at.

    Parameters
    ----------
    walk
        From the candidates, in their order, to the points of `demand`.
    covered
        bool[p]: points that existing stations cover.
    unattached
        Candidates that are not on the streets: id -> why.
    """
    workers = demand.point_hours / demand.hours_per_week
    return Surroundings(
        inputs=inputs,
        parameters=parameters,
        demand=demand,
        book=book,
        walk=pairs_of(walk),
        uncovered=np.where(covered, 0.0, workers),
        density_per_km2=workers_per_km2(
            *positions(inputs.candidates), demand, workers, book.density_radius_m
        ),
        unattached=unattached,
    )


def pairs_of(walk: Travel) -> Pairs:
    """Return the entries of a travel matrix as pairs."""
    sites = len(walk.indptr) - 1
    owners = np.repeat(np.arange(sites), np.diff(walk.indptr))
    return Pairs(owners, walk.demand, walk.cost_mm, sites)


def positions(table: pd.DataFrame) -> tuple[Float64, Float64]:
    """Return longitudes and latitudes, WGS-84 degrees."""
    return table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float)


def codes_where(list_name: str, flag: str) -> set[str]:
    """Return the codes of a reference list whose `flag` is true."""
    return {code for code, entry in read_list(f"reference/{list_name}").items() if entry[flag]}
