"""Coverage between two measures of distance: along streets, and in straight lines x 1.35.

Where street data lacks the paths inside blocks, ways along streets come out too long. The second
measure does not know the streets; how many workers are where street data is thin tells which
matters. Costs a few milliseconds and is asked for where it is printed.
"""

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.catchments import travel
from geo.streets import Network
from siting.coverage.points import Demand, Float64, read_demand
from siting.coverage.supply import counting_stations
from siting.coverage.thin import thin_points, thin_rule
from siting.model import Inputs, Parameters
from siting.results import Bracket, CoverageResult, ThinRule

_Key = tuple[ThinRule, Float64, Float64, Float64]
_THIN: WeakKeyDictionary[Network, tuple[_Key, NDArray[np.bool_]]] = WeakKeyDictionary()
"""Per network: what was asked for last, and the answer."""


def bracketed(
    inputs: Inputs, result: CoverageResult, rule: ThinRule | None = None
) -> CoverageResult:
    """Return `result` with its bracket; straight lines have none.

    Parameters
    ----------
    inputs
        The tables that `result` was computed from.
    result
        Coverage by the stations that count; those off the streets take part in straight lines.
    rule
        When street data is thin; None: as data/reference/thin_streets.toml says.
    """
    streets = inputs.streets
    if streets is None or result.method != "street" or result.bracket is not None:
        return result
    rule = rule or thin_rule()
    reached = _straight(inputs, result)
    # All workers tell whether a place is built up, also those that were not asked for.
    everybody = read_demand(inputs.demand, Parameters())
    thin = _thin(streets, everybody, rule) & (result.point_workers > 0)
    bracket = Bracket(
        workers_total=result.workers_total,
        workers_covered_street=result.workers_covered,
        workers_covered_straight_line=float(result.point_workers[reached].sum()),
        thin_workers=float(result.point_workers[thin].sum()),
        thin_demand=tuple(result.point_id[i] for i in np.flatnonzero(thin)),
        thin_rule=rule,
    )
    return replace(result, bracket=bracket)


def _straight(inputs: Inputs, result: CoverageResult) -> NDArray[np.bool_]:
    """Return bool[p]: the points within the cut-off (<=) of a station in a straight line x 1.35."""
    stations = inputs.stations[counting_stations(inputs.stations)]
    lon, lat = (stations[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    ways = travel(None, lon, lat, result.point_lon, result.point_lat, cutoff_m=result.cutoff_m)
    return ways.covered(np.ones(len(lon), dtype=bool))


def _thin(streets: Network, demand: Demand, rule: ThinRule) -> NDArray[np.bool_]:
    key = (rule, demand.point_lon, demand.point_lat, demand.point_hours)
    known = _THIN.get(streets)
    if known is None or not _same(known[0], key):
        known = (key, thin_points(streets, demand, rule))
        _THIN[streets] = known
    return known[1]


def _same(one: _Key, other: _Key) -> bool:
    return one[0] == other[0] and all(map(np.array_equal, one[1:], other[1:]))
