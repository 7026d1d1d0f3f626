"""The reached pieces of street, cut at the exact position."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.catchments.street import limit_mm
from geo.service_areas.search import nodes_within, on_open_streets
from geo.streets import Attached, Network
from geo.streets.compiled import kernel
from geo.streets.network import Float64, Int32, Int64

_EDGE_SPAN = 1 << 32
"""Farther apart than any two positions on one edge: positions of all edges on one axis."""


@dataclass(frozen=True, eq=False)
class ReachedLines:
    """The street within the cut-off; pieces do not overlap, and no piece has length zero.

    Attributes
    ----------
    edge
        int64 per piece: the edge of the network; sorted by edge and position.
    from_mm, to_mm
        int64 per piece: positions along the edge from its `edge_u`, from_mm < to_mm.
    line
        shapely LineStrings, WGS-84.
    """

    edge: Int64
    from_mm: Int64
    to_mm: Int64
    line: NDArray[np.object_]

    @property
    def length_m(self) -> float:
        """Metres of reached street."""
        return float((self.to_mm - self.from_mm).sum()) / 1000


@dataclass(frozen=True, eq=False)
class Pieces:
    """Parts of edges on which what is left of the cut-off falls by one millimetre a millimetre.

    Attributes
    ----------
    edge
        int64 per piece.
    near_mm, far_mm
        int64 per piece: where one enters it, and where one gets to; positions along the edge.
    left_mm
        int64 per piece: what is left where one enters.
    """

    edge: Int64
    near_mm: Int64
    far_mm: Int64
    left_mm: Int64


@dataclass(frozen=True, eq=False)
class Vertices:
    """Pieces as lines: vertices piece after piece.

    Attributes
    ----------
    ptr
        int64[pieces + 1]: the vertices of piece i are ptr[i] .. ptr[i + 1].
    lon, lat
        WGS-84 degrees.
    left_m
        Metres left of the cut-off at the vertex.
    """

    ptr: Int64
    lon: Float64
    lat: Float64
    left_m: Float64


def reached_lines(net: Network, sites: Attached, cutoff_m: float) -> ReachedLines:
    """Return the pieces of street that a site, or any of several, reaches within the cut-off.

    A position on a street is reached when access leg + shortest way along streets <= cut-off.

    Parameters
    ----------
    net
        The streets.
    sites
        Points attached to `net`, one or several; those that are not attached reach nothing, and
        their `status` says why.
    cutoff_m
        Metres, inclusive, rounded to millimetres.

    Raises
    ------
    ValueError
        The cut-off is negative or not finite, or the network is not one for walking.
    """
    pieces = reached_pieces(net, sites, cutoff_m)
    low = np.minimum(pieces.near_mm, pieces.far_mm) + pieces.edge * _EDGE_SPAN
    high = np.maximum(pieces.near_mm, pieces.far_mm) + pieces.edge * _EDGE_SPAN
    order = np.argsort(low, kind="stable")
    low, end = low[order], np.maximum.accumulate(high[order])
    first = np.ones(len(low), dtype=bool)
    first[1:] = low[1:] > end[:-1]
    last = np.roll(first, -1) if len(first) else first
    edge = low[first] // _EDGE_SPAN
    start, stop = low[first] % _EDGE_SPAN, end[last] % _EDGE_SPAN
    whole = Pieces(edge, start, stop, np.zeros(len(edge), dtype=np.int64))
    vertices = piece_vertices(net, whole)
    owner = np.repeat(np.arange(len(edge)), np.diff(vertices.ptr))
    coordinates = np.column_stack((vertices.lon, vertices.lat))
    lines: Any = shapely.linestrings(coordinates, indices=owner)
    return ReachedLines(edge, start, stop, lines)


def reached_pieces(net: Network, sites: Attached, cutoff_m: float) -> Pieces:
    """Return the pieces that together say what is left of the cut-off anywhere on the streets.

    On the edges of the sites themselves pieces overlap, and the most that is left counts; on all
    other edges they meet where both ways are equally long (up to a millimetre).

    Raises
    ------
    ValueError
        The cut-off is negative or not finite, or the network is not one for walking.
    """
    if net.meta.profile != "walk":
        msg = f"service areas are for walking, not {net.meta.profile}"
        raise ValueError(msg)
    limit = limit_mm(cutoff_m)
    nodes, more = nodes_within(net, sites, limit)
    from_nodes = _from_nodes(net, nodes, more)
    from_sites = _from_sites(net, sites, limit)
    joined = [np.concatenate(pair) for pair in zip(from_nodes, from_sites, strict=True)]
    edge, near, far, left = joined
    keep = near != far
    return Pieces(edge[keep], near[keep], far[keep], left[keep])


def _from_nodes(net: Network, nodes: Int64, more: Int32) -> tuple[Int64, ...]:
    """Return edge, near, far, left of the pieces that one enters at a node."""
    # Only what belongs to the reached nodes is touched: a larger network costs no more.
    first = net.ptr[nodes].astype(np.int64)
    size = net.ptr[nodes + 1] - first
    arc = np.repeat(first - np.cumsum(size) + size, size) + np.arange(size.sum())
    code = net.arc_edge[arc].astype(np.int64)
    edge, backwards = code >> 1, (code & 1).astype(bool)
    length = net.edge_cost_mm[edge].astype(np.int64)
    left = np.repeat(more[nodes].astype(np.int64) - 1, size)
    at_head = more[net.arc_head[arc]].astype(np.int64) - 1
    walk = np.minimum(left, length)
    # From both ends: each goes as far as it is the shorter way, and half a millimetre at most on.
    both = (at_head >= 0) & (left + at_head > length)
    middle = np.clip((left - at_head + length + 1) // 2, 0, length)
    walk = np.where(both, np.minimum(walk, middle), walk)
    near = np.where(backwards, length, 0)
    return edge, near, np.where(backwards, length - walk, walk), left


def _from_sites(net: Network, sites: Attached, limit: int) -> tuple[Int64, ...]:
    """Return edge, near, far, left of the pieces that sites reach directly on their own edges."""
    left = limit - sites.leg_mm.astype(np.int64)
    live = on_open_streets(net, sites)
    live = live[left[live] >= 0]
    edge, pos, left = sites.edge[live].astype(np.int64), sites.pos_mm[live], left[live]
    near = pos.astype(np.int64)
    to_u = np.maximum(near - left, 0)
    to_v = np.minimum(near + left, net.edge_cost_mm[edge])
    return np.tile(edge, 2), np.tile(near, 2), np.concatenate((to_u, to_v)), np.tile(left, 2)


def piece_vertices(net: Network, pieces: Pieces) -> Vertices:
    """Return the vertices of pieces, from the lower position on the edge to the higher."""
    inner = net.geom_ptr[pieces.edge + 1] - net.geom_ptr[pieces.edge]
    room = int(inner.sum()) + 2 * len(inner)
    ptr = np.zeros(len(inner) + 1, dtype=np.int64)
    out = np.empty((room, 3))
    geometry = (net.geom_ptr, net.geom_lon, net.geom_lat, net.geom_mm)
    used = _cut(geometry, pieces.edge, pieces.near_mm, pieces.far_mm, pieces.left_mm, ptr, out)
    lon, lat, left_m = (np.ascontiguousarray(column) for column in out[:used].T)
    return Vertices(ptr, lon, lat, left_m)


@kernel
def _cut(
    geometry: tuple[Int64, Float64, Float64, Int32],
    edge: Int64,
    near: Int64,
    far: Int64,
    left: Int64,
    ptr: Int64,
    out: Float64,
) -> int:
    """Write lon, lat, metres left of the vertices of every piece; return how many there are."""
    geom_ptr, lon, lat, mm = geometry
    used = 0
    for i in range(len(edge)):
        low, high = min(near[i], far[i]), max(near[i], far[i])
        first, last = geom_ptr[edge[i]], geom_ptr[edge[i] + 1] - 1
        before = first
        while before + 1 < last and mm[before + 1] <= low:
            before += 1
        after = before + 1
        while after < last and mm[after] < high:
            after += 1
        for k in range(before, after + 1):
            at = min(max(np.int64(mm[k]), low), high)
            step = k if k < after else k - 1
            span = mm[step + 1] - mm[step]
            share = (at - mm[step]) / span if span > 0 else np.float64(k - step)
            out[used, 0] = lon[step] + share * (lon[step + 1] - lon[step])
            out[used, 1] = lat[step] + share * (lat[step + 1] - lat[step])
            out[used, 2] = (left[i] - abs(at - near[i])) / 1000
            used += 1
        ptr[i + 1] = used
    return used


def frame_position(net: Network, sites: Attached) -> tuple[float, float] | None:
    """Return lon, lat of the first attached site on its street; None where none is attached."""
    live = on_open_streets(net, sites)[:1]
    if not len(live):
        return None
    at: Any = sites.pos_mm[live].astype(np.int64)
    point = piece_vertices(net, Pieces(sites.edge[live].astype(np.int64), at, at, at * 0))
    return float(point.lon[0]), float(point.lat[0])
