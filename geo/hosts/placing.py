"""Where a host stands on the map, when OpenStreetMap draws it as an area.

1. At a door or gate on its outline, the best kind of it that there is; of several, the one nearest
   to a street.
2. Else at the point of its outline that is nearest to a street (`Placing.street_classes`, else to
   any way that people walk) at most `Placing.street_m` away: its street side.
3. Else inside it.

The outline is looked at every `STEP_M`: the distance from the point to the street errs by at most
half of that. Courtyards are no sides.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import METRES_PER_DEGREE_MIN, geodesic_m
from geo.hosts.places import Place, outlines_of
from geo.hosts.tags import Placing
from geo.streets import Network
from geo.streets.snap import nearest_segments, segment_grid

Float64 = NDArray[np.float64]
How = Literal["point", "door", "street_side", "inside"]
STEP_M = 2.0


@dataclass(frozen=True, eq=False)
class Placed:
    """Positions of places: lon, lat float64[n], WGS-84 degrees, and how each came about."""

    lon: Float64
    lat: Float64
    how: tuple[How, ...]


def place_hosts(places: tuple[Place, ...], net: Network | None, placing: Placing) -> Placed:
    """Return where places stand; without streets an area stands at its best door, or inside."""
    lon = np.array([place.lon for place in places], dtype=np.float64)
    lat = np.array([place.lat for place in places], dtype=np.float64)
    how: list[How] = ["point"] * len(places)
    rows, shapes = outlines_of(places)
    inner = shapely.point_on_surface(shapes)
    lon[rows], lat[rows] = shapely.get_x(inner), shapely.get_y(inner)
    for row in rows.tolist():
        how[row] = "inside"
    owner, x, y = _spots(places, rows, shapes)
    best, far = _best(net, placing, owner, (x, y), len(places))
    for row in rows.tolist():
        spot = best[row]
        if places[row].doors:
            how[row] = "door"
        elif np.isfinite(far[row]):
            how[row] = "street_side"
        else:
            continue
        lon[row], lat[row] = x[spot], y[spot]
    return Placed(lon, lat, tuple(how))


def _spots(
    places: tuple[Place, ...], rows: NDArray[np.int64], shapes: NDArray[np.object_]
) -> tuple[NDArray[np.int64], Float64, Float64]:
    """Return the spots where each area may stand: its best doors, else its outline in steps."""
    doored = np.array([bool(places[row].doors) for row in rows.tolist()], dtype=bool)
    owners, spots = [rows[:0]], [np.empty((0, 2))]
    for row in rows[doored].tolist():
        doors = [door for door in places[row].doors if door.rank == places[row].doors[0].rank]
        owners.append(np.full(len(doors), row, dtype=np.int64))
        spots.append(np.array([(door.lon, door.lat) for door in doors]))
    rings, ring_owner = _outer_rings(shapes[~doored])
    # A degree of longitude is shorter than one of latitude: no step is longer than STEP_M.
    lines = shapely.segmentize(rings, STEP_M / METRES_PER_DEGREE_MIN)
    outline, of_ring = shapely.get_coordinates(lines, return_index=True)
    owners.append(rows[~doored][ring_owner[of_ring]])
    spots.append(outline)
    every = np.concatenate(spots)
    return np.concatenate(owners), every[:, 0].copy(), every[:, 1].copy()


def _outer_rings(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    return shapely.get_exterior_ring(parts), owner


def _best(
    net: Network | None,
    placing: Placing,
    owner: NDArray[np.int64],
    spots: tuple[Float64, Float64],
    places: int,
) -> tuple[NDArray[np.int64], Float64]:
    """Return the best spot of each place and its metres to the street; inf: no street is near."""
    far = _to_streets(net, placing, spots)
    order = np.lexsort((np.arange(len(owner)), far, owner))
    first = np.ones(len(order), dtype=bool)
    first[1:] = np.diff(owner[order]) != 0
    chosen = order[first]
    best, best_far = np.full(places, -1, dtype=np.int64), np.full(places, np.inf)
    best[owner[chosen]], best_far[owner[chosen]] = chosen, far[chosen]
    # A street of the classes is as far as it is; any other way comes after all of them.
    return best, best_far


def _to_streets(net: Network | None, placing: Placing, spots: tuple[Float64, Float64]) -> Float64:
    """Return metres to the nearest street; beyond `street_m`: plus that to any other way; inf."""
    far = np.full(len(spots[0]), np.inf)
    if net is None:
        return far
    of_class = [code for code, name in enumerate(net.classes) if name in placing.street_classes]
    walkable = net.edge_open & ~net.edge_island
    streets = walkable & np.isin(net.edge_class, of_class)
    for wanted, penalty_m in ((walkable, placing.street_m), (streets, 0.0)):
        metres = _nearest_m(net, wanted, spots, placing.street_m)
        near = metres <= placing.street_m
        far[near] = metres[near] + penalty_m
    return far


def _nearest_m(
    net: Network, wanted: NDArray[np.bool_], spots: tuple[Float64, Float64], limit_m: float
) -> Float64:
    """Return metres to the nearest wanted edge, inf beyond `limit_m`."""
    grid = segment_grid(net)
    segment, along = nearest_segments(net, wanted[grid.edge], spots, limit_m)
    found = np.flatnonzero(segment >= 0)
    start = grid.start[segment[found]]
    foot = [
        line[start] + along[found] * (line[start + 1] - line[start])
        for line in (net.geom_lon, net.geom_lat)
    ]
    metres = np.full(len(segment), np.inf)
    metres[found] = geodesic_m(spots[0][found], spots[1][found], *foot)
    return metres
