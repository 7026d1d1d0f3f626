"""Coverage between two measures of distance: along streets, and in straight lines x 1.35.

Where street data lacks the paths inside blocks, ways along streets come out too long. The second
measure does not know the streets; how many workers are where the data is thin tells which matters.
Costs a few milliseconds and is asked for where it is printed, not at every change of a station.
"""

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.catchments import travel
from geo.streets import Network, street_density
from siting.coverage.points import Float64
from siting.coverage.supply import counting_stations
from siting.model import Inputs
from siting.results import Bracket, CoverageResult

_THIN: WeakKeyDictionary[Network, tuple[Float64, Float64, NDArray[np.bool_]]] = WeakKeyDictionary()
"""Per network: the positions that were asked for last, and the answer."""


def bracketed(inputs: Inputs, result: CoverageResult) -> CoverageResult:
    """Return `result` with its bracket; straight lines have none.

    Parameters
    ----------
    inputs
        The tables that `result` was computed from.
    result
        Coverage by the stations that count; those off the streets take part in straight lines.
    """
    streets = inputs.streets
    if streets is None or result.method != "street" or result.bracket is not None:
        return result
    places = result.point_lon, result.point_lat
    reached = _straight(inputs, result)
    thin = _thin(streets, *places) & (result.point_workers > 0)
    bracket = Bracket(
        workers_total=result.workers_total,
        workers_covered_street=result.workers_covered,
        workers_covered_straight_line=float(result.point_workers[reached].sum()),
        thin_workers=float(result.point_workers[thin].sum()),
        thin_points=int(thin.sum()),
    )
    return replace(result, bracket=bracket)


def _straight(inputs: Inputs, result: CoverageResult) -> NDArray[np.bool_]:
    """Return bool[p]: the points within the cut-off (<=) of a station in a straight line x 1.35."""
    stations = inputs.stations[counting_stations(inputs.stations)]
    lon, lat = (stations[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    ways = travel(None, lon, lat, result.point_lon, result.point_lat, cutoff_m=result.cutoff_m)
    return ways.covered(np.ones(len(lon), dtype=bool))


def _thin(streets: Network, lon: Float64, lat: Float64) -> NDArray[np.bool_]:
    known = _THIN.get(streets)
    if known is not None and np.array_equal(known[0], lon) and np.array_equal(known[1], lat):
        return known[2]
    thin = street_density(streets, lon, lat).thin
    _THIN[streets] = (lon, lat, thin)
    return thin
