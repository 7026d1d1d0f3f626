"""Points at their exact position on the nearest street, with a straight access leg."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import IntEnum
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import geodesic_m
from geo.streets.near import segments_within
from geo.streets.network import Float64, Int32, Int64, Network
from geo.streets.snap import nearest_segments, segment_grid

DEFAULT_CAP_M = 200.0
SEARCH_MARGIN = 1.001
"""The flat search looks this much farther than the cap; the geodesic leg then decides."""

SEARCH_MARGIN_M = 0.01

Limit = TypeVar("Limit", float, Float64)


class AttachStatus(IntEnum):
    """What became of a point: on a street, no street within the cap, only an island within it."""

    OK = 0
    TOO_FAR = 1
    ISLAND = 2


MOST_KEPT = 300_000
"""Sets of more points than this are not kept by `attached` (13 bytes a point)."""

_SETS_KEPT = 8
_LOCK = Lock()
_NONE = np.zeros(0, dtype=np.int32)
_WANTED: WeakKeyDictionary[Network, dict[bool | None, NDArray[np.bool_]]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Attached:
    """Points on edges: one row per point, or more where a point may use several streets.

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
    point
        int32: the point of each row, ascending; the rows of a point begin with its nearest street.
        Left out: row i is point i.
    """

    edge: Int32
    pos_mm: Int32
    leg_mm: Int32
    status: NDArray[np.uint8]
    point: Int32 = field(default_factory=lambda: _NONE)

    def __post_init__(self) -> None:
        """Make row i point i where nothing else was said."""
        if self.point is _NONE:
            object.__setattr__(self, "point", np.arange(len(self.edge), dtype=np.int32))

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Which rows are on a street."""
        return np.equal(self.status, AttachStatus.OK)


_KEPT: WeakKeyDictionary[Network, OrderedDict[bytes, Attached]] = WeakKeyDictionary()


def attach(
    net: Network,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    cap_m: float = DEFAULT_CAP_M,
    alternatives_m: float = 0.0,
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
    alternatives_m
        Let a point use every such street whose leg is at most that of the nearest plus this,
        metres, inclusive, and within the cap: one row per street. 0: the nearest only.

    Raises
    ------
    ValueError
        A position is not finite, or the cap or the alternatives are negative.
    """
    x, y = positions(lon, lat)
    if not (cap_m >= 0 and alternatives_m >= 0):
        msg = f"the cap is {cap_m} m, the alternatives {alternatives_m} m"
        raise ValueError(msg)
    main = _on_edges(net, (x, y), cap_m, island=False)
    left = np.flatnonzero(main.edge < 0)
    stuck = _on_edges(net, (x[left], y[left]), cap_m, island=True)
    main.status[left[stuck.ok]] = AttachStatus.ISLAND
    if alternatives_m > 0:
        return _with_alternatives(net, (x, y), main, cap_m, alternatives_m)
    return main


def attached(
    net: Network,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    cap_m: float = DEFAULT_CAP_M,
    alternatives_m: float = 0.0,
) -> Attached:
    """Return what `attach` returns, found once for the last few sets of points of a network.

    Arrays are not to be written into: others read them, too.
    """
    x, y = positions(lon, lat)
    if len(x) > MOST_KEPT:
        return attach(net, x, y, cap_m=cap_m, alternatives_m=alternatives_m)
    digest = hashlib.sha256(np.array([cap_m, alternatives_m]).tobytes())
    digest.update(x.tobytes())
    digest.update(y.tobytes())
    mark = digest.digest()
    with _LOCK:
        known = _KEPT.setdefault(net, OrderedDict())
        if mark in known:
            known.move_to_end(mark)
            return known[mark]
    found = attach(net, x, y, cap_m=cap_m, alternatives_m=alternatives_m)
    for array in (found.edge, found.pos_mm, found.leg_mm, found.status, found.point):
        array.flags.writeable = False
    with _LOCK:
        known[mark] = found
        while len(known) > _SETS_KEPT:
            known.popitem(last=False)
    return found


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


def nearest_open(net: Network, lon: ArrayLike, lat: ArrayLike, *, cap_m: float) -> Attached:
    """Attach points to the nearest open edge, of an island or not; otherwise as `attach`."""
    return _on_edges(net, positions(lon, lat), cap_m, island=None)


def _on_edges(
    net: Network, points: tuple[Float64, Float64], cap_m: float, *, island: bool | None
) -> Attached:
    """Attach to edges of islands only, to the others only, or to any."""
    lon, lat = points
    segment, along = nearest_segments(net, _wanted(net, island=island), points, _search_m(cap_m))
    found = np.flatnonzero(segment >= 0)
    leg, pos = _feet(net, (lon[found], lat[found]), segment[found], along[found])
    within = leg <= np.rint(cap_m * 1000)
    out = Attached(
        edge=np.full(len(lon), -1, np.int32),
        pos_mm=np.full(len(lon), -1, np.int32),
        leg_mm=np.full(len(lon), -1, np.int32),
        status=np.full(len(lon), AttachStatus.TOO_FAR, np.uint8),
    )
    target = found[within]
    out.edge[target] = segment_grid(net).edge[segment[target]]
    out.pos_mm[target] = pos[within]
    out.leg_mm[target] = leg[within]
    out.status[target] = AttachStatus.OK
    return out


def _with_alternatives(
    net: Network,
    points: tuple[Float64, Float64],
    main: Attached,
    cap_m: float,
    alternatives_m: float,
) -> Attached:
    """Add a row for every further street within reach of a point that is on a street."""
    lon, lat = points
    live = np.flatnonzero(main.ok)
    most_mm = np.minimum(
        main.leg_mm[live] + np.rint(alternatives_m * 1000), np.rint(cap_m * 1000)
    ).astype(np.int64)
    owner, segment, along, far = segments_within(
        net, _wanted(net, island=False), (lon[live], lat[live]), _search_m(most_mm / 1000)
    )
    edge = segment_grid(net).edge[segment]
    # The nearest piece of each street, chosen as the nearest street was.
    order = np.lexsort((segment, far, edge, owner))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(owner[order]) != 0) | (np.diff(edge[order]) != 0)
    best = order[first]
    best = best[edge[best] != main.edge[live[owner[best]]]]
    owner, edge = owner[best], edge[best]
    point = live[owner]
    leg, pos = _feet(net, (lon[point], lat[point]), segment[best], along[best])
    keep = leg <= most_mm[owner]
    further = np.repeat([False, True], (len(main.edge), int(keep.sum())))
    edges = np.concatenate((main.edge, edge[keep]))
    legs = np.concatenate((main.leg_mm, leg[keep]))
    whose = np.concatenate((main.point, point[keep]))
    at = np.lexsort((edges, legs, further, whose))
    return Attached(
        edge=edges[at].astype(np.int32),
        pos_mm=np.concatenate((main.pos_mm, pos[keep]))[at].astype(np.int32),
        leg_mm=legs[at].astype(np.int32),
        status=np.concatenate((main.status, np.zeros(len(further) - len(main.edge))))[at].astype(
            np.uint8
        ),
        point=whose[at].astype(np.int32),
    )


def _wanted(net: Network, *, island: bool | None) -> NDArray[np.bool_]:
    """Tell which segments are open, and of an island or not if that matters; once per network."""
    known = _WANTED.setdefault(net, {})
    if island not in known:
        edge = net.edge_open if island is None else net.edge_open & (net.edge_island == island)
        known[island] = edge[segment_grid(net).edge]
    return known[island]


def _feet(
    net: Network, points: tuple[Float64, Float64], segment: Int64, along: Float64
) -> tuple[Float64, Float64]:
    """Return the legs of points to places on segments, and the positions there; whole mm."""
    a = segment_grid(net).start[segment]
    foot_lon = net.geom_lon[a] + along * (net.geom_lon[a + 1] - net.geom_lon[a])
    foot_lat = net.geom_lat[a] + along * (net.geom_lat[a + 1] - net.geom_lat[a])
    leg: Float64 = np.rint(geodesic_m(*points, foot_lon, foot_lat) * 1000)
    step = np.rint(along * (net.geom_mm[a + 1] - net.geom_mm[a]))
    return leg, step + net.geom_mm[a].astype(np.float64)


def _search_m(limit_m: Limit) -> Limit:
    return limit_m * SEARCH_MARGIN + SEARCH_MARGIN_M
