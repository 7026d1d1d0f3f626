"""What if a street is closed, or a path is added: a new network without loading the file again.

Edges keep their numbers, so that what was attached to an edge that is still open stays attached.
An edge that a new path meets between its ends is closed, and its pieces follow the old edges.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import ArrayLike

from geo.crs import geodesic_m
from geo.streets.attachment import nearest_open, positions
from geo.streets.build import arcs, bounds, components, direction_cost, in_degrees
from geo.streets.costs import end_costs
from geo.streets.network import EdgeQuality, Float64, Int32, Int64, Network
from geo.streets.profiles import travel_rules
from geo.streets.rules import Profile
from geo.streets.snap import segment_grid, share_grid

DEFAULT_JOIN_M = 20.0

Place = tuple[float, float]


def close_edges(net: Network, edges: ArrayLike) -> Network:
    """Return the network with some edges closed in both directions, such as for construction.

    Geometry, names and numbers are shared with `net`.

    Parameters
    ----------
    net
        The streets.
    edges
        Numbers of edges, as `attach` tells them.

    Raises
    ------
    ValueError
        A number is none of an edge, or no street is left open.
    """
    closed = np.atleast_1d(np.asarray(edges, dtype=np.int64))
    if len(closed) and not (closed.min() >= 0 and closed.max() < net.edges):
        msg = f"edges are 0 .. {net.edges - 1}"
        raise ValueError(msg)
    forward, backward = net.edge_forward.copy(), net.edge_backward.copy()
    forward[closed] = backward[closed] = -1
    if not ((forward >= 0) | (backward >= 0)).any():
        msg = "no street is left open"
        raise ValueError(msg)
    changed = _connected(replace(net, edge_forward=forward, edge_backward=backward))
    share_grid(net, changed)
    return changed


def add_path(
    net: Network,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    name: str = "",
    highway: str = "footway",
    join_m: float = DEFAULT_JOIN_M,
    at_crossings: bool = True,
) -> Network:
    """Return the network with one more path, joined to the streets that it meets.

    Parameters
    ----------
    net
        The streets.
    lon, lat
        The path, WGS-84 degrees, of one shape [k >= 2].
    name, highway
        Its name and OSM `highway` value; the rules of the network's profile give its cost.
    join_m
        An end at most this far (<=) from an open street is led on to it, metres.
    at_crossings
        Whether it meets the streets that it crosses; not so on a bridge or in a tunnel.

    Raises
    ------
    ValueError
        The path is none, is closed to the profile, or meets no street.
    """
    path = np.column_stack(positions(lon, lat))
    if len(path) < 2 or not in_degrees(path[:, 0], path[:, 1]):
        msg = "a path has two places or more, in degrees"
        raise ValueError(msg)
    speeds = travel_rules(_profile(net)).speeds_kmh({"highway": highway})
    if speeds is None:
        msg = f"highway={highway} is closed to the profile {net.meta.profile}"
        raise ValueError(msg)
    meets = _ends(net, path, join_m)
    if at_crossings:
        meets += _crossings(net, path)
    if not meets:
        msg = "the path meets no street"
        raise ValueError(msg)
    draft = _Draft(net)
    draft.split(meets)
    draft.walk(path, meets, _Facts(name, highway, speeds))
    return draft.finish()


def _profile(net: Network) -> Profile:
    return "walk" if net.meta.cost_unit == "mm" else "ebike"


def _connected(net: Network) -> Network:
    """Return the network with the arcs and components that its edges make."""
    u, v = net.edge_u.astype(np.int64), net.edge_v.astype(np.int64)
    ptr, head, cost, code = arcs(net.nodes, u, v, net.edge_forward, net.edge_backward)
    open_mm = np.where(net.edge_open, net.edge_cost_mm, np.int32(0))
    component, component_mm = components(net.nodes, u, v, open_mm)
    return replace(
        net,
        ptr=ptr,
        arc_head=head,
        arc_cost=cost,
        arc_edge=code,
        node_component=component,
        component_mm=component_mm,
    )


@dataclass(frozen=True)
class _Meet:
    """Where the path meets an edge: how far along the path (vertices), edge, position."""

    at: float
    edge: int
    pos_mm: int


def _ends(net: Network, path: Float64, join_m: float) -> list[_Meet]:
    """Return where the ends are led to; before the first vertex, or behind the last."""
    found = nearest_open(net, path[[0, -1], 0], path[[0, -1], 1], cap_m=join_m)
    before = (-1.0, float(len(path)))
    return [
        _Meet(before[i], int(found.edge[i]), int(found.pos_mm[i]))
        for i in np.flatnonzero(found.ok).tolist()
    ]


def _crossings(net: Network, path: Float64) -> list[_Meet]:
    grid = segment_grid(net)
    a = grid.start
    low, high = path.min(axis=0), path.max(axis=0)
    near = net.edge_open[grid.edge]
    for values, least, most in ((net.geom_lon, low[0], high[0]), (net.geom_lat, low[1], high[1])):
        near &= np.maximum(values[a], values[a + 1]) >= least
        near &= np.minimum(values[a], values[a + 1]) <= most
    segment = np.flatnonzero(near)
    a = a[segment]
    ends = [np.column_stack((net.geom_lon[i], net.geom_lat[i])) for i in (a, a + 1)]
    streets = np.asarray(shapely.linestrings(np.stack(ends, axis=1)))
    steps = np.asarray(shapely.linestrings(np.stack((path[:-1], path[1:]), axis=1)))
    step, street = shapely.STRtree(streets).query(steps, predicate="intersects")
    shared = shapely.intersection(steps[step], streets[street])
    place, index = shapely.get_coordinates(shared, return_index=True)
    step, street = step[index], street[index]
    along = step + _share(path[step], path[step + 1], place)
    a = a[street]
    mm = net.geom_mm[a + 1] - net.geom_mm[a]
    pos = net.geom_mm[a] + np.rint(_share(ends[0][street], ends[1][street], place) * mm)
    rows = zip(along.tolist(), grid.edge[segment[street]].tolist(), pos.tolist(), strict=True)
    return [_Meet(at, edge, int(pos_mm)) for at, edge, pos_mm in rows]


def _share(start: Float64, end: Float64, place: Float64) -> Float64:
    step = end - start
    square = (step * step).sum(axis=1)
    along = ((place - start) * step).sum(axis=1)
    share = np.divide(along, square, out=np.zeros(len(along)), where=square > 0)
    clipped: Float64 = np.clip(share, 0.0, 1.0)
    return clipped


@dataclass(frozen=True)
class _Facts:
    name: str
    highway: str
    speeds: tuple[float, float]


@dataclass
class _Draft:
    """Collects closed edges, new nodes and new edges."""

    net: Network
    closed: list[int] = field(default_factory=list)
    nodes: list[Place] = field(default_factory=list)
    ends: list[tuple[int, int]] = field(default_factory=list)
    lines: list[Float64] = field(default_factory=list)
    marks: list[Int32] = field(default_factory=list)
    costs: list[tuple[int, int]] = field(default_factory=list)
    labels: list[tuple[int, int, int, int]] = field(default_factory=list)
    known: dict[tuple[int, int], int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names, self.classes = list(self.net.names), list(self.net.classes)

    def split(self, meets: Iterable[_Meet]) -> None:
        """Close the edges that are met between their ends, and add their pieces."""
        cuts: dict[int, set[int]] = {}
        for meet in meets:
            if 0 < meet.pos_mm < self.net.edge_cost_mm[meet.edge]:
                cuts.setdefault(meet.edge, set()).add(meet.pos_mm)
        for edge, places in sorted(cuts.items()):
            self._split(edge, sorted(places))

    def _split(self, edge: int, cuts: list[int]) -> None:
        net = self.net
        part = slice(net.geom_ptr[edge], net.geom_ptr[edge + 1])
        line = np.column_stack((net.geom_lon[part], net.geom_lat[part]))
        mm = net.geom_mm[part]
        last = int(net.edge_cost_mm[edge])
        stops = np.array([0, *cuts, last], dtype=np.int32)
        at = end_costs(net, np.full(len(stops), edge, dtype=np.int32), stops)
        own = [int(array[edge]) for array in (net.edge_name, net.edge_class, net.edge_osm_way)]
        places = np.column_stack([np.interp(stops, mm, line[:, k]) for k in (0, 1)])
        nodes = [int(net.edge_u[edge]), *(self._new(*place) for place in places[1:-1].tolist())]
        nodes.append(int(net.edge_v[edge]))
        self.known |= {(edge, cut): node for cut, node in zip(cuts, nodes[1:-1], strict=True)}
        for k in range(len(stops) - 1):
            inner = (mm > stops[k]) & (mm < stops[k + 1])
            self.ends.append((nodes[k], nodes[k + 1]))
            self.lines.append(np.concatenate((places[[k]], line[inner], places[[k + 1]])))
            marks = np.concatenate((stops[[k]], mm[inner], stops[[k + 1]])) - stops[k]
            self.marks.append(marks.astype(np.int32))
            self.costs.append((_between(at.from_u, k), _between(at.to_u, k)))
            self.labels.append((own[0], own[1], own[2], int(net.edge_quality[edge])))
        self.closed.append(edge)

    def _new(self, lon: float, lat: float) -> int:
        self.nodes.append((lon, lat))
        return self.net.nodes + len(self.nodes) - 1

    def _node(self, meet: _Meet) -> int:
        if meet.pos_mm == 0:
            return int(self.net.edge_u[meet.edge])
        if meet.pos_mm == self.net.edge_cost_mm[meet.edge]:
            return int(self.net.edge_v[meet.edge])
        return self.known[meet.edge, meet.pos_mm]

    def _place(self, node: int) -> Place:
        if node >= self.net.nodes:
            return self.nodes[node - self.net.nodes]
        return float(self.net.node_lon[node]), float(self.net.node_lat[node])

    def walk(self, path: Float64, meets: Iterable[_Meet], facts: _Facts) -> None:
        """Add the pieces of the path between the places where it meets streets."""
        stops = {(meet.at, self._node(meet)) for meet in meets}
        if min(at for at, _ in stops) > 0:
            stops.add((0.0, self._new(*path[0].tolist())))
        if max(at for at, _ in stops) < len(path) - 1:
            stops.add((float(len(path) - 1), self._new(*path[-1].tolist())))
        ordered = sorted(stops)
        label = (_index(self.names, facts.name), _index(self.classes, facts.highway))
        for (low, u), (high, v) in pairwise(ordered):
            inner = np.arange(max(int(np.floor(low)) + 1, 0), min(int(np.ceil(high)), len(path)))
            line = np.concatenate(([self._place(u)], path[inner], [self._place(v)]))
            step = geodesic_m(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])
            at_m = np.concatenate(([0.0], np.cumsum(step)))
            if u == v and at_m[-1] < 0.001:
                continue
            marks = np.rint(at_m * 1000).astype(np.int32)
            marks[-1] = max(int(marks[-1]), 1)
            self.ends.append((u, v))
            self.lines.append(line)
            self.marks.append(marks)
            both = direction_cost(np.repeat(marks[-1], 2), np.array(facts.speeds), self.net.meta)
            self.costs.append((int(both[0]), int(both[1])))
            self.labels.append((*label, 0, int(EdgeQuality.ADDED)))

    def finish(self) -> Network:
        net = self.net
        lines = np.concatenate(self.lines)
        place = np.array(self.nodes, dtype=np.float64).reshape(-1, 2)
        ends, costs = np.array(self.ends, dtype=np.uint32), np.array(self.costs, dtype=np.int32)
        label = np.array(self.labels, dtype=np.int64)
        forward, backward = (
            np.concatenate((old, costs[:, k]))
            for k, old in enumerate((net.edge_forward, net.edge_backward))
        )
        forward[self.closed] = backward[self.closed] = -1
        lon, lat = (
            np.concatenate((old, lines[:, k])) for k, old in enumerate((net.geom_lon, net.geom_lat))
        )
        length = np.array([marks[-1] for marks in self.marks], dtype=np.int32)
        added = replace(
            net,
            node_lon=np.concatenate((net.node_lon, place[:, 0])),
            node_lat=np.concatenate((net.node_lat, place[:, 1])),
            node_osm=np.concatenate((net.node_osm, np.zeros(len(place), dtype=np.int64))),
            edge_u=np.concatenate((net.edge_u, ends[:, 0])),
            edge_v=np.concatenate((net.edge_v, ends[:, 1])),
            edge_cost_mm=np.concatenate((net.edge_cost_mm, length)),
            edge_forward=forward,
            edge_backward=backward,
            edge_quality=np.concatenate((net.edge_quality, label[:, 3].astype(np.uint8))),
            geom_ptr=_longer_ptr(net.geom_ptr, self.lines),
            geom_lon=lon,
            geom_lat=lat,
            geom_mm=np.concatenate((net.geom_mm, *self.marks)),
            edge_name=np.concatenate((net.edge_name, label[:, 0].astype(np.int32))),
            edge_class=np.concatenate((net.edge_class, label[:, 1].astype(np.int32))),
            edge_osm_way=np.concatenate((net.edge_osm_way, label[:, 2])),
            names=tuple(self.names),
            classes=tuple(self.classes),
            meta=replace(net.meta, bbox=bounds(lon, lat)),
        )
        return _connected(added)


def _between(costs: Int32, k: int) -> int:
    """Return the cost from stop k to the next, of costs from the first; -1 where closed."""
    return int(costs[k + 1] - costs[k]) if costs[k] >= 0 else -1


def _index(table: list[str], text: str) -> int:
    if not text:
        return -1
    if text not in table:
        table.append(text)
    return table.index(text)


def _longer_ptr(ptr: Int64, lines: list[Float64]) -> Int64:
    sizes = np.cumsum([len(line) for line in lines])
    return np.concatenate((ptr, ptr[-1] + sizes))
