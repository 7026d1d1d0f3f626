"""Main streets as sample points, so that their length within reach can be walked and summed."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geo.streets import Network

Float64 = NDArray[np.float64]
SAMPLE_STEP_MM = 25_000


@dataclass(frozen=True, eq=False)
class StreetSamples:
    """Points along main streets; each stands for `length_m` of the street around it.

    Attributes
    ----------
    lon, lat
        float64[n], WGS-84 degrees.
    length_m
        float64[n]; they sum to the length of the streets.
    name
        int32[n]: index into the network's names; -1: without a name.
    """

    lon: Float64
    lat: Float64
    length_m: Float64
    name: NDArray[np.int32]


@lru_cache(maxsize=4)
def main_street_samples(net: Network, classes: tuple[str, ...]) -> StreetSamples:
    """Return points at most 25 m apart along every street of the OSM `classes`, islands left out."""
    codes = [code for code, name in enumerate(net.classes) if name in classes]
    edges = np.flatnonzero(np.isin(net.edge_class, codes) & ~net.edge_island)
    pieces = np.maximum(1, -(-net.edge_cost_mm[edges] // SAMPLE_STEP_MM))
    places = [_along(net, edge, count) for edge, count in zip(edges, pieces, strict=True)]
    lon, lat = np.concatenate(places, axis=1) if places else np.empty((2, 0))
    length_m = np.repeat(net.edge_cost_mm[edges] / pieces / 1000, pieces)
    return StreetSamples(lon, lat, length_m, np.repeat(net.edge_name[edges], pieces))


def _along(net: Network, edge: int, count: int) -> Float64:
    """Return float64[2, count]: the middles of `count` equal pieces of an edge."""
    part = slice(net.geom_ptr[edge], net.geom_ptr[edge + 1])
    at = (np.arange(count) + 0.5) * (net.edge_cost_mm[edge] / count)
    along = net.geom_mm[part]
    return np.stack(
        [np.interp(at, along, net.geom_lon[part]), np.interp(at, along, net.geom_lat[part])]
    )
