"""Points at their exact position on the nearest street, with a straight access leg."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import geodesic_m
from geo.streets.network import Float64, Int32, Network
from geo.streets.snap import nearest_segments, segment_grid

DEFAULT_CAP_M = 200.0
SEARCH_MARGIN = 1.001
"""The flat search looks this much farther than the cap; the geodesic leg then decides."""

SEARCH_MARGIN_M = 0.01


class AttachStatus(IntEnum):
    """What became of a point: on a street, no street within the cap, only an island within it."""

    OK = 0
    TOO_FAR = 1
    ISLAND = 2


@dataclass(frozen=True, eq=False)
class Attached:
    """Points on edges, one entry per point.

    Attributes
    ----------
    edge
        int32: number of the edge; -1 where the status is not OK.
    pos_mm
        int32: length along the edge from its `edge_u`, 0 .. edge length; -1 where not OK.
    leg_mm
        int32: straight access leg (geodesic) to that position; -1 where not OK.
    status
        uint8 of `AttachStatus`.
    """

    edge: Int32
    pos_mm: Int32
    leg_mm: Int32
    status: NDArray[np.uint8]

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Which points are on a street."""
        return np.equal(self.status, AttachStatus.OK)


def attach(
    net: Network, lon: ArrayLike, lat: ArrayLike, *, cap_m: float = DEFAULT_CAP_M
) -> Attached:
    """Attach points to the nearest edge of the network, at the exact position on its line.

    A point takes the nearest open edge that is not of an island, if one is within the cap; where
    only edges of islands are, its status is ISLAND. Of edges at the same distance the first counts.

    Parameters
    ----------
    net
        The streets.
    lon, lat
        WGS-84 degrees, of one shape [p].
    cap_m
        Longest access leg, metres, inclusive (<=) after rounding to millimetres.

    Raises
    ------
    ValueError
        A position is not finite, or the cap is negative.
    """
    x, y = positions(lon, lat)
    if not cap_m >= 0:
        msg = f"the cap is {cap_m} m"
        raise ValueError(msg)
    main = _on_edges(net, (x, y), cap_m, island=False)
    left = np.flatnonzero(main.edge < 0)
    stuck = _on_edges(net, (x[left], y[left]), cap_m, island=True)
    main.status[left[stuck.ok]] = AttachStatus.ISLAND
    return main


def positions(lon: ArrayLike, lat: ArrayLike) -> tuple[Float64, Float64]:
    """Return longitudes and latitudes as float64[p].

    Raises
    ------
    ValueError
        One is not finite: intake refuses such rows, so this is a fault of the caller.
    """
    x, y = (np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in (lon, lat))
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        msg = "a position is not a finite number"
        raise ValueError(msg)
    return x, y


def _on_edges(
    net: Network, points: tuple[Float64, Float64], cap_m: float, *, island: bool
) -> Attached:
    """Attach to edges of islands only, or to the others only."""
    lon, lat = points
    grid = segment_grid(net)
    wanted = ((net.edge_island == island) & net.edge_open)[grid.edge]
    limit_m = cap_m * SEARCH_MARGIN + SEARCH_MARGIN_M
    segment, along = nearest_segments(net, wanted, points, limit_m)
    found = np.flatnonzero(segment >= 0)
    segment, along = segment[found], along[found]
    a = grid.start[segment]
    foot_lon = net.geom_lon[a] + along * (net.geom_lon[a + 1] - net.geom_lon[a])
    foot_lat = net.geom_lat[a] + along * (net.geom_lat[a + 1] - net.geom_lat[a])
    leg = np.rint(geodesic_m(lon[found], lat[found], foot_lon, foot_lat) * 1000)
    pos = net.geom_mm[a] + np.rint(along * (net.geom_mm[a + 1] - net.geom_mm[a]))
    within = leg <= np.rint(cap_m * 1000)
    out = Attached(
        edge=np.full(len(lon), -1, np.int32),
        pos_mm=np.full(len(lon), -1, np.int32),
        leg_mm=np.full(len(lon), -1, np.int32),
        status=np.full(len(lon), AttachStatus.TOO_FAR, np.uint8),
    )
    target = found[within]
    out.edge[target] = grid.edge[segment[within]]
    out.pos_mm[target] = pos[within]
    out.leg_mm[target] = leg[within]
    out.status[target] = AttachStatus.OK
    return out
