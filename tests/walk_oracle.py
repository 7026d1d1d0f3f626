"""An independent answer: networkx on a graph that is physically split at every point."""

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np

from geo.catchments import street_rows
from geo.streets import Attached, AttachStatus, Network
from geo.streets.build import Edges, arcs, build_network
from geo.streets.ways import walk_meta

Rows = dict[tuple[int, int], int]


def split_graph(net: Network, sites: Attached, demand: Attached) -> nx.MultiGraph:
    graph = nx.MultiGraph()
    on_edge = defaultdict(set)
    for kind, points in (("site", sites), ("demand", demand)):
        for i in np.flatnonzero(points.ok).tolist():
            edge, pos = int(points.edge[i]), int(points.pos_mm[i])
            on_edge[edge].add(pos)
            graph.add_edge((kind, i), ("on", edge, pos), weight=int(points.leg_mm[i]))
    for edge in range(net.edges):
        u, v, cost = int(net.edge_u[edge]), int(net.edge_v[edge]), int(net.edge_cost_mm[edge])
        stops: list[tuple[int, tuple[object, ...]]] = [(0, ("node", u))]
        stops += [(pos, ("on", edge, pos)) for pos in sorted(on_edge[edge])]
        stops.append((cost, ("node", v)))
        for (low, a), (high, b) in pairwise(stops):
            graph.add_edge(a, b, weight=high - low)
    return graph


def oracle_rows(
    net: Network, sites: Attached, demand: Attached, limit_mm: int | None = None
) -> Rows:
    graph = split_graph(net, sites, demand)
    out: Rows = {}
    for i in np.flatnonzero(sites.ok).tolist():
        reached = nx.single_source_dijkstra_path_length(graph, ("site", i), cutoff=limit_mm)
        out |= {(i, node[1]): cost for node, cost in reached.items() if node[0] == "demand"}
    return out


def our_rows(
    net: Network, sites: Attached, demand: Attached, limit_mm: int, *, compiled: bool
) -> Rows:
    indptr, point, cost = street_rows(
        net, sites, demand, cutoff_m=limit_mm / 1000, compiled=compiled
    )
    site = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    pairs = zip(site.tolist(), point.tolist(), strict=True)
    out = dict(zip(pairs, cost.tolist(), strict=True))
    assert len(out) == len(cost)
    assert all(np.all(np.diff(row) > 0) for row in np.split(point, indptr[1:-1]))
    return out


def attached(edge: list[int], pos_mm: list[int], leg_mm: list[int]) -> Attached:
    status = [AttachStatus.OK if e >= 0 else AttachStatus.TOO_FAR for e in edge]
    return Attached(
        edge=np.array(edge, dtype=np.int32),
        pos_mm=np.array(pos_mm, dtype=np.int32),
        leg_mm=np.array(leg_mm, dtype=np.int32),
        status=np.array(status, dtype=np.uint8),
    )


def plain_network(
    lon: list[float], lat: list[float], ends: list[tuple[int, int]], cost_mm: list[int]
) -> Network:
    """Return a network with these costs; edge i of the input has OSM id i + 1."""
    x, y = np.array(lon), np.array(lat)
    u, v = (np.array([pair[k] for pair in ends], dtype=np.int64) for k in (0, 1))
    # One vertex off the straight line, so that loops and parallel edges have a line of their own.
    middle = np.arange(1, len(ends) + 1) * 1e-4
    geom_lon = np.column_stack((x[u], (x[u] + x[v]) / 2 + middle, x[v])).ravel()
    geom_lat = np.column_stack((y[u], (y[u] + y[v]) / 2 + middle, y[v])).ravel()
    edges = Edges(
        node_lon=x,
        node_lat=y,
        u=u,
        v=v,
        geom_ptr=np.arange(0, 3 * len(ends) + 1, 3),
        geom_lon=geom_lon,
        geom_lat=geom_lat,
        name=[""] * len(ends),
        highway=["residential"] * len(ends),
        osm_way=np.arange(1, len(ends) + 1),
    )
    meta = walk_meta("test", "", "", 0.0)
    return build_network(edges, meta, cost_mm=np.array(cost_mm, dtype=np.int32))


def grid_network(side: int, block_mm: int) -> Network:
    """Return side x side crossings; every street has the same length."""
    lon, lat = np.meshgrid(116.4 + np.arange(side) * 1e-3, 39.7 + np.arange(side) * 1e-3)
    node = np.arange(side * side).reshape(side, side)
    across = zip(node[:, :-1].ravel().tolist(), node[:, 1:].ravel().tolist(), strict=True)
    along = zip(node[:-1].ravel().tolist(), node[1:].ravel().tolist(), strict=True)
    ends = [*across, *along]
    return plain_network(lon.ravel().tolist(), lat.ravel().tolist(), ends, [block_mm] * len(ends))


def directed(net: Network, forward: list[int], backward: list[int], access_m_s: float) -> Network:
    """Return the timed network with these costs per edge in its own order; -1: closed."""
    there, back = (np.array(cost, dtype=np.int32) for cost in (forward, backward))
    u, v = (end.astype(np.int64) for end in (net.edge_u, net.edge_v))
    ptr, head, cost, edge = arcs(net.nodes, u, v, there, back)
    meta = replace(net.meta, profile="ebike", cost_unit="ms", access_m_s=access_m_s)
    return replace(
        net,
        edge_forward=there,
        edge_backward=back,
        ptr=ptr,
        arc_head=head,
        arc_cost=cost,
        arc_edge=edge,
        meta=meta,
    )


def directed_rows(net: Network, sites: Attached, demand: Attached, *, to_site: bool) -> Rows:
    """Return all costs in ms on the timed graph, split at every point."""
    graph = nx.MultiDiGraph()
    on_edge = defaultdict(set)
    for kind, points in (("site", sites), ("demand", demand)):
        for i in np.flatnonzero(points.ok).tolist():
            edge, pos = int(points.edge[i]), int(points.pos_mm[i])
            on_edge[edge].add(pos)
            leg = round(int(points.leg_mm[i]) / net.meta.access_m_s)
            both_ways(graph, (kind, int(points.point[i])), ("on", edge, pos), leg)
    for edge in range(net.edges):
        u, v, length = int(net.edge_u[edge]), int(net.edge_v[edge]), int(net.edge_cost_mm[edge])
        stops: list[tuple[int, tuple[object, ...]]] = [(0, ("node", u))]
        stops += [(pos, ("on", edge, pos)) for pos in sorted(on_edge[edge])]
        stops.append((length, ("node", v)))
        there, back = int(net.edge_forward[edge]), int(net.edge_backward[edge])
        for (low, a), (high, b) in pairwise(stops):
            if low == high:
                both_ways(graph, a, b, 0)
                continue
            if there >= 0:
                share = round(high / length * there) - round(low / length * there)
                graph.add_edge(a, b, weight=share)
            if back >= 0:
                share = round(high / length * back) - round(low / length * back)
                graph.add_edge(b, a, weight=share)
    out: Rows = {}
    searched = graph.reverse() if to_site else graph
    for site in sorted(node for node in graph if node[0] == "site"):
        reached = nx.single_source_dijkstra_path_length(searched, site)
        out |= {(site[1], node[1]): cost for node, cost in reached.items() if node[0] == "demand"}
    return out


def both_ways(graph: nx.MultiDiGraph, a: object, b: object, weight: int) -> None:
    graph.add_edge(a, b, weight=weight)
    graph.add_edge(b, a, weight=weight)


def as_dict(rows: tuple[np.ndarray, np.ndarray, np.ndarray]) -> Rows:
    indptr, point, cost = rows
    site = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    pairs = zip(site.tolist(), point.tolist(), strict=True)
    return dict(zip(pairs, cost.tolist(), strict=True))
