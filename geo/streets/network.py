"""The walkable network: frozen arrays that every distance rests on."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from geo.streets.rules import CostUnit

Float64 = NDArray[np.float64]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
UInt8 = NDArray[np.uint8]
UInt32 = NDArray[np.uint32]

DEFAULT_ISLAND_BELOW_M = 2000.0


class EdgeQuality(IntEnum):
    """How far an edge is as its source drew it.

    MAPPED: as drawn. REPAIRED: an end was moved to meet another line. ADDED: not in the source at
    all, but in a planner's scenario.
    """

    MAPPED = 0
    REPAIRED = 1
    ADDED = 2


@dataclass(frozen=True)
class NetworkMeta:
    """What a network is and where it came from; stored in the file and printed.

    Attributes
    ----------
    profile
        `walk`: both directions of every street; `ebike`: directed and timed.
    source, licence, date
        As the provider states them; empty if unknown.
    bbox
        West, south, east, north of all street geometry, WGS-84 degrees.
    island_below_m
        A component with less walkable street than this is an island, metres.
    rules
        Version of the profile's rules (data/reference/walk_rules.toml, ride_rules.toml).
    cost_unit
        Unit of `edge_forward`, `edge_backward` and `arc_cost`: `mm`, or `ms` (milliseconds).
    access_m_s
        Speed on access legs, metres per second; 0 where costs are lengths.
    """

    profile: str
    source: str
    licence: str
    date: str
    bbox: tuple[float, float, float, float]
    island_below_m: float = DEFAULT_ISLAND_BELOW_M
    rules: str = ""
    cost_unit: CostUnit = "mm"
    access_m_s: float = 0.0


@dataclass(frozen=True, eq=False)
class Network:
    """A street network as read-only arrays; n nodes, m edges, a arcs, k geometry vertices.

    Walking goes both ways along every edge at the cost of its length. In a timed profile each
    direction has its own cost, or is closed. Lengths are millimetres everywhere; costs are in
    `meta.cost_unit`. Parallel edges and loops are kept; an open loop has two arcs at its node.
    Nodes follow a Hilbert curve and edges follow their nodes, so that neighbours in space are
    neighbours in memory.

    Attributes
    ----------
    node_lon, node_lat
        float64[n], WGS-84 degrees.
    ptr
        uint32[n + 1]; the arcs that leave node i are ptr[i] .. ptr[i + 1].
    arc_head, arc_cost
        uint32[a] and int32[a]: where an arc leads and its cost, at least 1; open directions only.
    arc_edge
        uint32[a]: 2 * edge, plus 1 where the arc runs from `edge_v` to `edge_u`.
    edge_u, edge_v, edge_cost_mm
        uint32[m], uint32[m], int32[m]: ends and geodesic length (WGS-84) in millimetres.
    edge_forward, edge_backward
        int32[m]: cost from `edge_u` to `edge_v` and back; -1: closed in that direction. For
        walking both are `edge_cost_mm`.
    edge_quality
        uint8[m] of `EdgeQuality`.
    geom_ptr
        int64[m + 1]; the vertices of edge e, from u to v, are geom_ptr[e] .. geom_ptr[e + 1].
    geom_lon, geom_lat, geom_mm
        float64[k], float64[k], int32[k]: positions, and the length from u to the vertex, which ends
        with exactly `edge_cost_mm`.
    edge_name, edge_class
        int32[m]: index into `names` and `classes`; -1 where there is none.
    edge_osm_way
        int64[m]: OSM id of the way; 0 where there is none.
    node_osm
        int64[n]: OSM id of the node; 0 where there is none.
    node_component
        int32[n]: number of the component, 0 being the one with the most street. Directions do not
        matter, edges that are closed both ways do not connect.
    component_mm
        int64[c]: length of open street per component, millimetres, descending.
    names, classes
        Street names and OSM `highway` values.
    meta
        Where it came from.
    """

    node_lon: Float64
    node_lat: Float64
    ptr: UInt32
    arc_head: UInt32
    arc_cost: Int32
    arc_edge: UInt32
    edge_u: UInt32
    edge_v: UInt32
    edge_cost_mm: Int32
    edge_forward: Int32
    edge_backward: Int32
    edge_quality: UInt8
    geom_ptr: Int64
    geom_lon: Float64
    geom_lat: Float64
    geom_mm: Int32
    edge_name: Int32
    edge_class: Int32
    edge_osm_way: Int64
    node_osm: Int64
    node_component: Int32
    component_mm: Int64
    names: tuple[str, ...] = field(repr=False)
    classes: tuple[str, ...]
    meta: NetworkMeta

    def __post_init__(self) -> None:
        """Make every array read-only."""
        for name in ARRAYS:
            getattr(self, name).flags.writeable = False

    def __repr__(self) -> str:
        """Return the size and the source."""
        return f"Network({self.nodes} nodes, {self.edges} edges, {self.meta.source!r})"

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_lon)

    @property
    def edges(self) -> int:
        """Number of edges."""
        return len(self.edge_u)

    @property
    def island(self) -> NDArray[np.bool_]:
        """bool[c]: components that lead nowhere.

        A component is one when it has less street than `meta.island_below_m` (strictly) and is not
        the longest of all: a whole network cannot be cut off from itself.
        """
        below = self.component_mm < round(self.meta.island_below_m * 1000)
        return below & (np.arange(len(self.component_mm)) > 0)

    @property
    def edge_open(self) -> NDArray[np.bool_]:
        """bool[m]: edges that are open in one direction at least."""
        return (self.edge_forward >= 0) | (self.edge_backward >= 0)

    @property
    def edge_island(self) -> NDArray[np.bool_]:
        """bool[m]: edges of islands."""
        return self.island[self.node_component[self.edge_u]]


ARRAYS = tuple(
    item.name for item in fields(Network) if item.name not in {"names", "classes", "meta"}
)


@dataclass(frozen=True, eq=False)
class StreetLine:
    """One edge to draw: its name and OSM `highway` value ("" when none), WGS-84 degrees."""

    name: str
    highway: str
    lon: Float64
    lat: Float64


def street_names(net: Network, edges: NDArray[np.integer]) -> tuple[str, ...]:
    """Return the street name of each edge, "" when it has none or the edge is -1 (unattached)."""
    return _labels(net.names, net.edge_name, edges)


def street_classes(net: Network, edges: NDArray[np.integer]) -> tuple[str, ...]:
    """Return the OSM `highway` value of each edge, "" when it has none or the edge is -1."""
    return _labels(net.classes, net.edge_class, edges)


def iter_street_lines(net: Network) -> Iterator[StreetLine]:
    """Yield every open edge as a line, in the order of the edges."""
    every = np.flatnonzero(net.edge_open)
    labels = zip(every.tolist(), street_names(net, every), street_classes(net, every), strict=True)
    for edge, name, highway in labels:
        part = slice(net.geom_ptr[edge], net.geom_ptr[edge + 1])
        yield StreetLine(name, highway, net.geom_lon[part], net.geom_lat[part])


def _labels(table: tuple[str, ...], index: Int32, edges: NDArray[np.integer]) -> tuple[str, ...]:
    # Index -1 of the table is the "" at its end.
    padded = (*table, "")
    return tuple(padded[index[edge]] if edge >= 0 else "" for edge in edges.tolist())
