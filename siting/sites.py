"""Walking distances from all stations and candidates to all demand points, computed once."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catchments import Travel, travel
from geo.streets import AttachStatus, Network
from siting.coverage import Demand, counting_stations, read_demand
from siting.model import Inputs, Parameters
from siting.results import Unattached

Float64 = NDArray[np.float64]
_WHY: dict[int, Unattached] = {AttachStatus.TOO_FAR: "too_far", AttachStatus.ISLAND: "island"}


@dataclass(frozen=True, eq=False)
class SiteTravel:
    """A travel matrix whose sites are all stations, then all candidates, as the tables have them.

    Attributes
    ----------
    matrix
        Sites x distinct demand points.
    demand
        The demand that counts, and its points.
    lon, lat
        float64[sites], WGS-84 degrees.
    stations
        Number of stations; candidates follow.
    streets, cap_m, alternatives_m
        What it was computed on; the cut-off is the matrix's.
    """

    matrix: Travel
    demand: Demand
    lon: Float64
    lat: Float64
    stations: int
    streets: Network | None
    cap_m: float
    alternatives_m: float

    def open_sites(self, stations: pd.DataFrame) -> NDArray[np.bool_]:
        """Return bool[sites]: stations whose state counts."""
        mask = np.zeros(len(self.lon), dtype=bool)
        mask[: self.stations] = counting_stations(stations)
        return mask

    def candidate_matrix(self) -> Travel:
        """Return the rows of the candidates."""
        return self.matrix.take(np.arange(self.stations, len(self.lon)))

    def unattached_candidates(self, ids: pd.Series) -> dict[str, Unattached]:
        """Return the candidates (by `ids`, in the order of the table) that are not on the streets.

        The value says why.
        """
        status = self.matrix.site_status[self.stations :]
        return {
            str(name): _WHY[value]
            for name, value in zip(ids, status.tolist(), strict=True)
            if value in _WHY
        }


def site_travel(
    inputs: Inputs, parameters: Parameters, previous: SiteTravel | None = None
) -> SiteTravel:
    """Return the distances; sites that `previous` has at the same place are taken from it."""
    demand = read_demand(inputs.demand, parameters)
    lon, lat = _both(inputs, "lon"), _both(inputs, "lat")
    ground = _Ground(inputs.streets, demand, parameters)
    old = previous if previous is not None and ground.holds(previous) else None
    return SiteTravel(
        matrix=ground.walk(lon, lat) if old is None else _spliced(ground, lon, lat, old),
        demand=demand,
        lon=lon,
        lat=lat,
        stations=len(inputs.stations),
        streets=inputs.streets,
        cap_m=parameters.attach_cap_m,
        alternatives_m=parameters.alternatives_m,
    )


@dataclass(frozen=True, eq=False)
class _Ground:
    """What distances depend on, sites apart."""

    streets: Network | None
    demand: Demand
    parameters: Parameters

    def holds(self, previous: SiteTravel) -> bool:
        """Tell whether distances of `previous` are still true."""
        before, after = previous.demand, self.demand
        return (
            previous.streets is self.streets
            and previous.cap_m == self.parameters.attach_cap_m
            and previous.alternatives_m == self.parameters.alternatives_m
            and previous.matrix.cutoff_m == self.parameters.cutoff_m
            and np.array_equal(before.point_lon, after.point_lon)
            and np.array_equal(before.point_lat, after.point_lat)
        )

    def walk(self, lon: Float64, lat: Float64) -> Travel:
        """Return the distances from some sites."""
        return travel(
            self.streets,
            lon,
            lat,
            self.demand.point_lon,
            self.demand.point_lat,
            cutoff_m=self.parameters.cutoff_m,
            cap_m=self.parameters.attach_cap_m,
            alternatives_m=self.parameters.alternatives_m,
        )


def _spliced(ground: _Ground, lon: Float64, lat: Float64, old: SiteTravel) -> Travel:
    """Return rows of `old` where a site stands at the same place, computed ones elsewhere."""
    known = {place: row for row, place in enumerate(zip(old.lon, old.lat, strict=True))}
    row = np.array([known.get(place, -1) for place in zip(lon, lat, strict=True)], dtype=np.int64)
    new = row < 0
    if not new.any():
        return old.matrix.take(row)
    row[new] = old.matrix.sites + np.arange(int(new.sum()))
    return _stacked(old.matrix, ground.walk(lon[new], lat[new])).take(row)


def _stacked(above: Travel, below: Travel) -> Travel:
    return replace(
        above,
        indptr=np.concatenate([above.indptr, below.indptr[1:] + above.indptr[-1]]),
        demand=np.concatenate([above.demand, below.demand]),
        cost=np.concatenate([above.cost, below.cost]),
        site_status=np.concatenate([above.site_status, below.site_status]),
    )


def _both(inputs: Inputs, name: str) -> Float64:
    parts = (inputs.stations[name], inputs.candidates[name])
    return np.concatenate([part.to_numpy(dtype=float) for part in parts])
