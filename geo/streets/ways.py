"""From OSM ways to a network: the walk rules choose, shared nodes become junctions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.streets.build import Edges, build_network, gather_slices
from geo.streets.network import (
    DEFAULT_ISLAND_BELOW_M,
    Float64,
    Int64,
    Network,
    NetworkMeta,
)
from geo.streets.profiles import travel_rules
from geo.streets.rules import Profile, TravelRules, walk_rules


@dataclass(frozen=True)
class Way:
    """A line of nodes with OSM tags.

    Attributes
    ----------
    nodes
        Indices into the arrays of node positions, in walking order.
    tags
        OSM tags; `name:zh` is preferred to `name`.
    osm_id
        Id of the way; 0 when it has none.
    """

    nodes: Sequence[int]
    tags: Mapping[str, str]
    osm_id: int = 0


def network_from_ways(
    node_lon: ArrayLike,
    node_lat: ArrayLike,
    ways: Iterable[Way],
    *,
    source: str,
    licence: str,
    date: str,
    island_below_m: float = DEFAULT_ISLAND_BELOW_M,
    profile: Profile = "walk",
) -> Network:
    """Return the network of `ways` for a profile of travel.

    A node becomes a junction where ways meet, cross or end; what crosses without a common node (a
    bridge) stays apart. Both directions are walkable, whatever `oneway` says; e-bikes obey it.

    Parameters
    ----------
    node_lon, node_lat
        WGS-84 degrees; NaN for a node whose position is missing: the way is cut there.
    ways
        Those that the rules of the profile refuse are left out.
    source, licence, date
        Kept in the network and printed by every export.
    island_below_m
        A component with less street is an island, metres.
    profile
        `walk` (costs in millimetres) or `ebike` (directed, costs in milliseconds).

    Raises
    ------
    FileRefusedError
        No way is open to the profile.
    ValueError
        There is no such profile.
    """
    rules = travel_rules(profile)
    judged = [(way, rules.speeds_kmh(way.tags)) for way in ways]
    chosen = [way for way, speeds in judged if speeds]
    speeds = np.array([speeds for _, speeds in judged if speeds], np.float64).reshape(-1, 2)
    size = np.array([len(way.nodes) for way in chosen], dtype=np.int64)
    flat = [np.asarray(way.nodes, dtype=np.int64) for way in chosen]
    lines = Lines(
        nodes=np.concatenate(flat) if flat else np.zeros(0, dtype=np.int64),
        way=np.repeat(np.arange(len(chosen)), size),
        name=[street_name(way.tags) for way in chosen],
        highway=[way.tags["highway"] for way in chosen],
        osm_way=np.array([way.osm_id for way in chosen], dtype=np.int64),
        kmh=speeds,
    )
    meta = network_meta(rules, source, licence, date, island_below_m)
    lon, lat = (np.asarray(part, dtype=np.float64) for part in (node_lon, node_lat))
    return build_network(cut_at_junctions(lon, lat, lines), meta)


def street_name(tags: Mapping[str, str]) -> str:
    """Return the Chinese name if the tags have one, the local name otherwise, or ""."""
    return tags.get("name:zh") or tags.get("name") or ""


def walk_meta(source: str, licence: str, date: str, island_below_m: float) -> NetworkMeta:
    """Return the meta of a walking network, its bounding box still to be set."""
    return network_meta(walk_rules(), source, licence, date, island_below_m)


def network_meta(
    rules: TravelRules, source: str, licence: str, date: str, island_below_m: float
) -> NetworkMeta:
    """Return the meta of a network made by `rules`, its bounding box still to be set."""
    return NetworkMeta(
        profile=rules.profile,
        source=source,
        licence=licence,
        date=date,
        bbox=(0.0, 0.0, 0.0, 0.0),
        island_below_m=island_below_m,
        rules=rules.version,
        cost_unit=rules.cost_unit,
        access_m_s=rules.access_m_s,
    )


@dataclass(frozen=True, eq=False)
class Lines:
    """Chosen ways, flat: `nodes` and `way` have one entry per vertex, the rest one per way.

    `kmh` is float64[ways, 2]: speed along the line and against it, 0 where closed. `node_osm` has
    one entry per node: its OSM id, None when nodes have none.
    """

    nodes: Int64
    way: Int64
    name: Sequence[str]
    highway: Sequence[str]
    osm_way: Int64
    kmh: Float64
    node_osm: Int64 | None = None


def cut_at_junctions(node_lon: Float64, node_lat: Float64, lines: Lines) -> Edges:
    """Return the edges between junctions; vertices without a position cut their way."""
    nodes, way, starts = _pieces(np.isfinite(node_lon) & np.isfinite(node_lat), lines)
    ends = np.append(starts[1:], True) if len(starts) else starts
    # The end of a line counts twice: it is a junction even if nothing meets it there.
    uses = np.bincount(np.concatenate((nodes, nodes[starts], nodes[ends])))
    cut = np.flatnonzero(starts | ends | (uses[nodes] > 1))
    piece = np.cumsum(starts)
    inside = piece[cut[:-1]] == piece[cut[1:]]
    first, last = cut[:-1][inside], cut[1:][inside]
    bounds = np.column_stack((first, last + 1)).ravel()
    vertex, ptr = gather_slices(bounds, np.arange(0, len(bounds), 2))
    owner = way[first]
    return Edges(
        node_lon=node_lon,
        node_lat=node_lat,
        u=nodes[first],
        v=nodes[last],
        geom_ptr=ptr,
        geom_lon=node_lon[nodes[vertex]],
        geom_lat=node_lat[nodes[vertex]],
        name=[lines.name[i] for i in owner.tolist()],
        highway=[lines.highway[i] for i in owner.tolist()],
        osm_way=lines.osm_way[owner],
        forward_kmh=lines.kmh[owner, 0],
        backward_kmh=lines.kmh[owner, 1],
        node_osm=lines.node_osm,
    )


def _pieces(known: NDArray[np.bool_], lines: Lines) -> tuple[Int64, Int64, NDArray[np.bool_]]:
    """Drop vertices without a position and repeated ones; tell where each piece starts."""
    nodes, way = lines.nodes, lines.way
    starts = np.ones(len(nodes), dtype=bool)
    starts[1:] = (way[1:] != way[:-1]) | ~known[nodes[:-1]]
    keep = known[nodes]
    keep[1:] &= starts[1:] | (nodes[1:] != nodes[:-1])
    return nodes[keep], way[keep], starts[keep]
