"""Where street data is probably incomplete: many workers around, little street.

The figures are in data/reference/thin_streets.toml, with their sources and what of them is assumed.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from geo.reference import read_list
from geo.streets import Network, street_density
from siting.circles import circle
from siting.coverage.points import Demand, Float64
from siting.results import ThinRule


@cache
def thin_rule() -> ThinRule:
    """Return the rule of data/reference/thin_streets.toml."""
    entry = read_list("reference/thin_streets")
    return ThinRule(
        radius_m=entry["radius_m"],
        street_below_km_per_km2=entry["street_below_km_per_km2"],
        workers_from_per_km2=entry["workers_from_per_km2"],
    )


def thin_points(streets: Network, demand: Demand, rule: ThinRule) -> NDArray[np.bool_]:
    """Return bool[p]: the points of `demand` where street data is thin by `rule`.

    An indicator, never a reason to leave a point out.

    Parameters
    ----------
    streets
        The network; closed streets do not count.
    demand
        All workers who tell that a place is built up, whichever a planner asks for.
    rule
        How little street, how many workers, within what circle.
    """
    lon, lat = demand.point_lon, demand.point_lat
    thin = street_density(streets, lon, lat, radius_m=rule.radius_m) < rule.street_below_km_per_km2
    few = np.flatnonzero(thin)
    workers = demand.point_hours / demand.hours_per_week
    around = workers_per_km2(lon[few], lat[few], demand, workers, rule.radius_m)
    thin[few] = around >= rule.workers_from_per_km2
    return thin


def workers_per_km2(
    lon: Float64, lat: Float64, demand: Demand, workers: Float64, radius_m: float
) -> Float64:
    """Return float64[n]: workers within a circle (<=) around each place, per area of the circle.

    Parameters
    ----------
    lon, lat
        n places, WGS-84 degrees.
    demand, workers
        p points, and float64[p]: the workers at each.
    radius_m
        As the crow flies, metres.
    """
    near = circle(lon, lat, demand.point_lon, demand.point_lat, radius_m)
    area_km2 = np.pi * (radius_m / 1000) ** 2
    return near.sums(workers) / area_km2
