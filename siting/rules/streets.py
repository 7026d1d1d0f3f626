"""Main streets as sample points, so that their length within reach can be walked and summed."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import LocalFrame
from geo.streets import Network
from siting.sums import sum_by

Float64 = NDArray[np.float64]
SAMPLE_STEP_MM = 25_000
CIRCLE_M = 200.0


@dataclass(frozen=True, eq=False)
class StreetSamples:
    """Points along main streets; each stands for `length_m` of the street around it.

    Where a street is drawn as two carriageways, each of them has half the length.

    Attributes
    ----------
    lon, lat
        float64[n], WGS-84 degrees.
    length_m
        float64[n]; they sum to the length of the streets as people walk them.
    name
        int32[n]: index into the network's names; -1: without a name.
    """

    lon: Float64
    lat: Float64
    length_m: Float64
    name: NDArray[np.int32]


@lru_cache(maxsize=4)
def main_street_samples(net: Network, classes: tuple[str, ...]) -> StreetSamples:
    """Return points at most 25 m apart on every street of the OSM `classes`, islands left out."""
    codes = [code for code, name in enumerate(net.classes) if name in classes]
    edges = np.flatnonzero(np.isin(net.edge_class, codes) & net.edge_open & ~net.edge_island)
    pieces = np.maximum(1, -(-net.edge_cost_mm[edges] // SAMPLE_STEP_MM))
    places = [
        _along(net, edge, count)
        for edge, count in zip(edges.tolist(), pieces.tolist(), strict=True)
    ]
    lon, lat = np.concatenate(places, axis=1) if places else np.empty((2, 0))
    drawn_m = np.repeat(net.edge_cost_mm[edges] / pieces / 1000, pieces)
    name = np.repeat(net.edge_name[edges], pieces)
    return StreetSamples(lon, lat, _one_carriageway(lon, lat, drawn_m, name), name)


def _one_carriageway(
    lon: Float64, lat: Float64, drawn_m: Float64, name: NDArray[np.int32]
) -> Float64:
    """Return lengths with parallel carriageways of one name counted once.

    One line through a circle of radius R is 2 R long at most: where more of the same name is drawn
    in the circle, its pieces count for less in that proportion (too little so within R of an end).
    """
    if not len(lon):
        return drawn_m
    x, y = LocalFrame(float(lon[0]), float(lat.mean())).to_m(lon, lat)
    # Names lie in layers so far apart that circles never mix them.
    layer = name * 4 * CIRCLE_M
    tree = cKDTree(np.stack([x, y, layer], axis=1))
    one, other = tree.query_pairs(CIRCLE_M, output_type="ndarray").T
    drawn_near = (
        drawn_m + sum_by(one, drawn_m[other], len(lon)) + sum_by(other, drawn_m[one], len(lon))
    )
    return drawn_m * np.minimum(1.0, (2 * CIRCLE_M + SAMPLE_STEP_MM / 1000) / drawn_near)


def _along(net: Network, edge: int, count: int) -> Float64:
    """Return float64[2, count]: the middles of `count` equal pieces of an edge."""
    part = slice(net.geom_ptr[edge], net.geom_ptr[edge + 1])
    at = (np.arange(count) + 0.5) * (net.edge_cost_mm[edge] / count)
    along = net.geom_mm[part]
    return np.stack(
        [np.interp(at, along, net.geom_lon[part]), np.interp(at, along, net.geom_lat[part])]
    )
