"""Who is near a place: workers by window and group within reach on foot."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from geo.catchments import travel
from geo.streets import Network
from siting.candidates.nearness import Places, pairs_within
from siting.coverage import Demand, read_demand
from siting.model import Inputs, Parameters

Float64 = NDArray[np.float64]
_NEAR_ENOUGH_M = 1000.0
"""A place takes the unit of the nearest demand point so near (<=), metres in a straight line."""


@dataclass(frozen=True, eq=False)
class People:
    """The demand around places; p distinct points.

    Attributes
    ----------
    table
        The demand table.
    demand
        Its points and weights.
    streets
        None: straight lines.
    parameters
        How far a point may be from a street.
    """

    table: pd.DataFrame
    demand: Demand
    streets: Network | None
    parameters: Parameters

    @property
    def points(self) -> Places:
        """Positions of the points, WGS-84 degrees."""
        return self.demand.point_lon, self.demand.point_lat

    def reach(
        self, places: Places, reach_m: float, points: NDArray[np.int64] | None = None
    ) -> "sparse.csr_array[np.float64]":
        """Return places x points, 1 within `reach_m` (<=) on foot; some of the points, or all."""
        lon, lat = self.points
        chosen = np.arange(len(lon)) if points is None else points
        walk = travel(
            self.streets,
            *places,
            lon[chosen],
            lat[chosen],
            cutoff_m=reach_m,
            cap_m=self.parameters.attach_cap_m,
            alternatives_m=self.parameters.alternatives_m,
        )
        ones = np.ones(len(walk.demand))
        shape = (walk.sites, len(chosen))
        return sparse.csr_array((ones, walk.demand, walk.indptr), shape=shape)

    def present(self, places: Places, reach_m: float) -> Float64:
        """Return float64[places]: average present workers within `reach_m` on foot."""
        workers = self.demand.point_hours / self.demand.hours_per_week
        return np.asarray(self.reach(places, reach_m) @ workers, dtype=np.float64)

    def busiest(self, places: Places, reach_m: float, groups: tuple[str, ...]) -> Float64:
        """Return float64[places]: workers of some groups within reach in their busiest window.

        `*` among the groups stands for all workers. Without windows these are heads.
        """
        near = self.reach(places, reach_m)
        return np.asarray((near @ self.by_window(groups)).max(axis=1, initial=0.0))

    def by_window(self, groups: tuple[str, ...]) -> Float64:
        """Return float64[p, windows]: workers of some groups at each point in each window."""
        row_window, codes = pd.factorize(self.table["window"])
        wanted = self.demand.row_counts & self._of(groups)
        workers = np.where(wanted, self.table["workers"].to_numpy(dtype=float), 0.0)
        out = np.zeros((self.demand.points, max(len(codes), 1)))
        np.add.at(out, (self.demand.row_point, row_window), workers)
        return out

    def worker_hours(self, groups: tuple[str, ...]) -> Float64:
        """Return float64[p]: worker-hours per week of some groups at each point."""
        return self.demand.sum_points(np.where(self._of(groups), self.demand.row_hours, 0.0))

    @property
    def has_hours(self) -> bool:
        """Whether the demand tells when people are there."""
        return self.demand.measure == "worker_hours"

    def town(self, lon: float, lat: float) -> str:
        """Return the unit of the nearest point within a kilometre, "" where there is none."""
        here = np.array([lon]), np.array([lat])
        _, near, metres = pairs_within(here, self.points, _NEAR_ENOUGH_M)
        if not len(near):
            return ""
        point = near[np.argmin(metres)]
        row = int(np.argmax(self.demand.row_point == point))
        return str(self.table["town"].iloc[row])

    def _of(self, groups: tuple[str, ...]) -> NDArray[np.bool_]:
        if "*" in groups:
            return np.ones(len(self.table), dtype=bool)
        return self.table["group"].isin(groups).to_numpy(dtype=bool)


def people_of(inputs: Inputs, parameters: Parameters) -> People | None:
    """Return who is where; None: the demand table is empty."""
    if inputs.demand.empty:
        return None
    demand = read_demand(inputs.demand, parameters)
    return People(inputs.demand, demand, inputs.streets, parameters)
