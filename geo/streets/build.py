"""From edges with geometry to a network: lengths, order in memory, arcs, components."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import geodesic_m
from geo.errors import FileRefusedError
from geo.streets.network import (
    Float64,
    Int32,
    Int64,
    Network,
    NetworkMeta,
    UInt8,
    UInt32,
)
from geo.streets.ride import KMH_PER_M_S

HILBERT_ORDER = 16
MAX_EDGE_MM = 2**31 - 1
BLOCK = 1 << 16


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges between numbered nodes, before they are a network.

    Attributes
    ----------
    node_lon, node_lat
        float64[n], WGS-84 degrees; nodes that no edge uses are dropped.
    u, v
        int64[m]: ends of each edge.
    geom_ptr, geom_lon, geom_lat
        int64[m + 1], float64[k], float64[k]: vertices from u to v, at least 2 per edge.
    name, highway
        Text per edge, "" when there is none.
    osm_way
        int64[m], 0 when there is none.
    forward_kmh, backward_kmh
        float64[m]: speed from u to v and back, 0 where closed; None: open both ways. Where costs
        are lengths, only whether it is 0 counts.
    node_osm
        int64[n], 0 when there is none; None: no node has one.
    quality
        uint8[m] of `EdgeQuality`; None: all as mapped.
    """

    node_lon: Float64
    node_lat: Float64
    u: Int64
    v: Int64
    geom_ptr: Int64
    geom_lon: Float64
    geom_lat: Float64
    name: Sequence[str]
    highway: Sequence[str]
    osm_way: Int64
    forward_kmh: Float64 | None = None
    backward_kmh: Float64 | None = None
    node_osm: Int64 | None = None
    quality: UInt8 | None = None


def build_network(
    edges: Edges, meta: NetworkMeta, *, cost_mm: NDArray[np.integer] | None = None
) -> Network:
    """Return the network of `edges`; its bounding box replaces the one in `meta`.

    Parameters
    ----------
    edges
        Parallel edges and loops are kept. Edges of length zero cost 1 mm, so that no two nodes are
        at distance zero; loops of length zero are dropped.
    meta
        Source, licence, date, island threshold.
    cost_mm
        Costs to take in place of the geodesic lengths, one per edge, at least 1.

    Raises
    ------
    FileRefusedError
        There is no edge, one is longer than 2,147 km, or a position is no longitude and latitude.
    """
    if not in_degrees(edges.geom_lon, edges.geom_lat):
        raise FileRefusedError("streets_not_degrees", source=meta.source)
    at_m = _vertex_m(edges)
    edges, at_m, cost_mm = _without_empty_loops(edges, at_m, cost_mm)
    if not len(edges.u):
        raise FileRefusedError("streets_no_edges", source=meta.source)
    node, edges = _compact(edges)
    edge = np.lexsort((np.maximum(edges.u, edges.v), np.minimum(edges.u, edges.v)))
    vertex, geom_ptr = gather_slices(edges.geom_ptr, edge)
    length_m = at_m[edges.geom_ptr[1:] - 1]
    cost = np.maximum(np.rint(length_m * 1000), 1) if cost_mm is None else cost_mm
    if cost.max() > MAX_EDGE_MM:
        raise FileRefusedError("streets_edge_too_long", source=meta.source)
    cost = cost.astype(np.int32)[edge]
    lon, lat = edges.geom_lon[vertex], edges.geom_lat[vertex]
    u, v = edges.u[edge], edges.v[edge]
    forward = _direction_cost(edges.forward_kmh, edge, cost, meta)
    backward = _direction_cost(edges.backward_kmh, edge, cost, meta)
    ptr, head, arc_cost, arc_edge = arcs(len(node), u, v, forward, backward)
    is_open = (forward >= 0) | (backward >= 0)
    component, component_mm = components(len(node), u, v, np.where(is_open, cost, 0))
    names, name_index = _table(edges.name, edge)
    classes, class_index = _table(edges.highway, edge)
    quality = np.zeros(len(edge), np.uint8) if edges.quality is None else edges.quality[edge]
    return Network(
        node_lon=edges.node_lon[node],
        node_lat=edges.node_lat[node],
        ptr=ptr,
        arc_head=head,
        arc_cost=arc_cost,
        arc_edge=arc_edge,
        edge_u=u.astype(np.uint32),
        edge_v=v.astype(np.uint32),
        edge_cost_mm=cost,
        edge_forward=forward,
        edge_backward=backward,
        edge_quality=quality,
        geom_ptr=geom_ptr,
        geom_lon=lon,
        geom_lat=lat,
        geom_mm=_vertex_mm(at_m[vertex], geom_ptr, cost),
        edge_name=name_index,
        edge_class=class_index,
        edge_osm_way=edges.osm_way[edge].astype(np.int64),
        node_osm=np.zeros(len(node), np.int64) if edges.node_osm is None else edges.node_osm[node],
        node_component=component,
        component_mm=component_mm,
        names=names,
        classes=classes,
        meta=replace(meta, bbox=bounds(lon, lat)),
    )


def in_degrees(lon: Float64, lat: Float64) -> bool:
    """Return whether all positions are longitudes and latitudes; NaN is none."""
    return bool((np.abs(lon) <= 180).all() and (np.abs(lat) <= 90).all())


def bounds(lon: Float64, lat: Float64) -> tuple[float, float, float, float]:
    """Return west, south, east, north of positions."""
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def gather_slices(ptr: Int64, order: NDArray[np.integer]) -> tuple[Int64, Int64]:
    """Return the flat index that puts the slices of `ptr` into `order`, and their new `ptr`."""
    size = np.diff(ptr)[order]
    out = np.zeros(len(order) + 1, dtype=np.int64)
    np.cumsum(size, out=out[1:])
    within = np.arange(out[-1]) - np.repeat(out[:-1], size)
    return np.repeat(ptr[:-1][order], size) + within, out


def hilbert_index(lon: Float64, lat: Float64) -> Int64:
    """Return the place of each position on a Hilbert curve of order 16 over their bounding box."""
    side = (1 << HILBERT_ORDER) - 1
    x, y = (_scaled(part, side) for part in (lon, lat))
    index = np.zeros(len(x), dtype=np.int64)
    for level in range(HILBERT_ORDER - 1, -1, -1):
        bit = 1 << level
        right, upper = (x & bit) > 0, (y & bit) > 0
        index += bit * bit * np.where(right, np.where(upper, 2, 3), np.where(upper, 1, 0))
        flip = right & ~upper
        x, y = np.where(flip, side - x, x), np.where(flip, side - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
    return index


def _scaled(values: Float64, side: int) -> Int64:
    span = float(np.ptp(values)) or 1.0
    scaled: Int64 = ((values - values.min()) / span * side).astype(np.int64)
    return scaled


def _vertex_m(edges: Edges) -> Float64:
    """Metres from the start of its edge to each vertex."""
    lon, lat = edges.geom_lon, edges.geom_lat
    step = np.zeros(len(lon))
    # In blocks: each takes copies of four arrays.
    for low in range(0, len(lon) - 1, BLOCK):
        here, there = slice(low, min(low + BLOCK, len(lon) - 1)), slice(low + 1, low + 1 + BLOCK)
        step[there] = geodesic_m(lon[here], lat[here], lon[there], lat[there])
    step[edges.geom_ptr[:-1]] = 0.0
    total = np.cumsum(step)
    return total - np.repeat(total[edges.geom_ptr[:-1]], np.diff(edges.geom_ptr))


def _without_empty_loops(
    edges: Edges, at_m: Float64, cost_mm: NDArray[np.integer] | None
) -> tuple[Edges, Float64, NDArray[np.integer] | None]:
    keep = np.flatnonzero((edges.u != edges.v) | (at_m[edges.geom_ptr[1:] - 1] > 0))
    if len(keep) == len(edges.u):
        return edges, at_m, cost_mm
    vertex, _ = gather_slices(edges.geom_ptr, keep)
    return chosen_edges(edges, keep), at_m[vertex], None if cost_mm is None else cost_mm[keep]


def chosen_edges(edges: Edges, keep: Int64) -> Edges:
    """Return some of the edges, in the order of `keep`; the nodes stay."""
    vertex, geom_ptr = gather_slices(edges.geom_ptr, keep)
    return replace(
        edges,
        u=edges.u[keep],
        v=edges.v[keep],
        geom_ptr=geom_ptr,
        geom_lon=edges.geom_lon[vertex],
        geom_lat=edges.geom_lat[vertex],
        name=[edges.name[i] for i in keep.tolist()],
        highway=[edges.highway[i] for i in keep.tolist()],
        osm_way=edges.osm_way[keep],
        forward_kmh=None if edges.forward_kmh is None else edges.forward_kmh[keep],
        backward_kmh=None if edges.backward_kmh is None else edges.backward_kmh[keep],
        quality=None if edges.quality is None else edges.quality[keep],
    )


def _compact(edges: Edges) -> tuple[Int64, Edges]:
    """Return the used nodes along the Hilbert curve, and the edges with these nodes' numbers."""
    used = np.unique(np.concatenate((edges.u, edges.v)))
    curve = hilbert_index(edges.node_lon[used], edges.node_lat[used])
    node = used[np.argsort(curve, kind="stable")]
    number = np.zeros(len(edges.node_lon), dtype=np.int64)
    number[node] = np.arange(len(node))
    return node, replace(edges, u=number[edges.u], v=number[edges.v])


def _vertex_mm(at_m: Float64, geom_ptr: Int64, cost: Int32) -> Int32:
    """Cost from u to each vertex; scaled where the cost is not the length."""
    size = np.diff(geom_ptr)
    length = at_m[geom_ptr[1:] - 1]
    scale = np.divide(cost, length, out=np.zeros(len(cost)), where=length > 0)
    mm = np.minimum(np.rint(at_m * np.repeat(scale, size)), np.repeat(cost, size))
    mm[geom_ptr[1:] - 1] = cost
    whole: Int32 = mm.astype(np.int32)
    return whole


def direction_cost(length_mm: Int32, kmh: Float64, meta: NetworkMeta) -> Int32:
    """Return the cost of lengths at speeds, in the network's unit: at least 1, -1 where closed.

    Parameters
    ----------
    length_mm
        Whole millimetres.
    kmh
        Speeds, 0 where closed.
    meta
        Tells the unit: `mm`, the cost is the length; `ms`, rounded.
    """
    if meta.cost_unit == "mm":
        return np.where(kmh > 0, length_mm, np.int32(-1))
    m_s = np.where(kmh > 0, kmh, 1.0) / KMH_PER_M_S
    # Millimetres per (metres per second) are milliseconds.
    cost = np.maximum(np.rint(length_mm / m_s), 1)
    if cost.max(initial=0) > MAX_EDGE_MM:
        raise FileRefusedError("streets_edge_too_long", source=meta.source)
    return np.where(kmh > 0, cost, -1).astype(np.int32)


def _direction_cost(kmh: Float64 | None, order: Int64, cost: Int32, meta: NetworkMeta) -> Int32:
    if kmh is None:
        if meta.cost_unit != "mm":
            msg = f"costs in {meta.cost_unit} need speeds"
            raise ValueError(msg)
        return cost
    return direction_cost(cost, kmh[order], meta)


def arcs(
    nodes: int,
    u: NDArray[np.integer],
    v: NDArray[np.integer],
    forward: Int32,
    backward: Int32,
) -> tuple[UInt32, UInt32, Int32, UInt32]:
    """Return ptr, head, cost and edge code of the open arcs, by their tail and then by code."""
    edge = np.arange(len(u))
    tail, head = np.concatenate((u, v)), np.concatenate((v, u))
    code, cost = np.concatenate((2 * edge, 2 * edge + 1)), np.concatenate((forward, backward))
    order = np.lexsort((code, tail))
    order = order[cost[order] >= 0]
    ptr = np.zeros(nodes + 1, dtype=np.uint32)
    np.cumsum(np.bincount(tail[order], minlength=nodes), out=ptr[1:])
    heads, codes = (part[order].astype(np.uint32) for part in (head, code))
    return ptr, heads, cost[order], codes


def components(
    nodes: int, u: NDArray[np.integer], v: NDArray[np.integer], open_mm: Int32
) -> tuple[Int32, Int64]:
    """Return the component of each node, and their lengths, descending; 0 in `open_mm`: closed."""
    graph = coo_array((np.sign(open_mm), (u, v)), shape=(nodes, nodes))
    graph.eliminate_zeros()
    count, label = connected_components(graph, directed=False)
    length = np.bincount(label[u], weights=open_mm, minlength=count).astype(np.int64)
    order = np.argsort(-length, kind="stable")
    rank = np.empty(count, dtype=np.int32)
    rank[order] = np.arange(count)
    return rank[label], length[order]


def _table(texts: Sequence[str], order: Int64) -> tuple[tuple[str, ...], Int32]:
    table = tuple(sorted(set(texts) - {""}))
    number = {text: i for i, text in enumerate(table)} | {"": -1}
    index = np.array([number[text] for text in texts], dtype=np.int32)
    return table, index[order]
