"""Catchments against networkx, scipy and the memory: same question, same process, CPU time.

    WARM_STATION_DATA=FOLDER python -m benchmarks.catchments [--nodes N] [PART ...]

PART: peers (default), threads, edits, scale, bands; or all. The folder holds porto.osm.pbf.
N: nodes of the synthetic network of `scale` (1,000,000 by default).

Peers answer node to node, as their users ask it, on graphs made before the clock starts; ours
answers for points attached at nodes, rows sorted, in the order of the sites. Rows of networkx and
of scipy must equal ours as integers. scipy on tiles answers all sites, at the best of some sizes of
tiles: once as many as everybody is asked here, once 1,000, a district's candidates, which share
less. Figures are ratios of CPU seconds per site (peer / ours): the machine's load moves both,
seconds alone say little.
"""

import argparse
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.tiles import Tiles
from geo.catchments import LiveCoverage, StreetSearch, nearest_in
from geo.catchments import kernel as catchment_kernel
from geo.catchments.fallback import shortest_arcs
from geo.catchments.graph import BAND_ARCS, SearchGraph, search_graph
from geo.catchments.places import site_rows
from geo.catchments.search import Rows, Workspace
from geo.streets import Attached, AttachStatus, Network, load_streets, summary
from geo.streets.build import Edges, build_network
from geo.streets.compiled import kernel
from geo.streets.ways import walk_meta

CUTOFFS_M = (300.0, 500.0, 1000.0, 3000.0)
SITES = 20_000
PEER_SITES = 300
EGO_SITES = 40
SOURCES = 100_000
REPEATS = 5
FEW_SITES = 1000


def at_nodes(net: Network, nodes: np.ndarray) -> Attached:
    """Attach points to nodes, without an access leg, by the first arc that leaves each."""
    code = net.arc_edge[net.ptr[nodes]]
    edge = (code >> 1).astype(np.int32)
    pos = np.where(code & 1, net.edge_cost_mm[edge], 0).astype(np.int32)
    status = np.full(len(nodes), AttachStatus.OK, dtype=np.uint8)
    return Attached(edge, pos, np.zeros(len(nodes), dtype=np.int32), status)


def anywhere(net: Network, count: int, rng: np.random.Generator, leg_m: float = 20.0) -> Attached:
    """Put points at random positions of the streets, with gamma distributed access legs."""
    share = net.edge_cost_mm / net.edge_cost_mm.sum()
    edge = rng.choice(net.edges, count, p=share).astype(np.int32)
    pos = (rng.random(count) * net.edge_cost_mm[edge]).astype(np.int32)
    leg = (rng.gamma(2, leg_m / 2, count) * 1000).astype(np.int32)
    return Attached(edge, pos, leg, np.full(count, AttachStatus.OK, dtype=np.uint8))


def cpu_s(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the least CPU seconds of a few runs."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def multigraph(net: Network) -> nx.MultiDiGraph:
    """Return the network as OSMnx users hold it: both directions of every street."""
    graph = nx.MultiDiGraph()
    u, v, cost = (part.tolist() for part in (net.edge_u, net.edge_v, net.edge_cost_mm))
    graph.add_weighted_edges_from(zip(u, v, cost, strict=True))
    graph.add_weighted_edges_from(zip(v, u, cost, strict=True))
    return graph


@kernel
def labels_only(
    nodes: int,
    band: int,
    limit: int,
    sites: np.ndarray,
    work: tuple[np.ndarray, np.ndarray, np.ndarray],
    out: np.ndarray,
) -> int:
    """Search as our rows do, and do with the labels what the bound does: write, forget."""
    state, queue, pile = work
    far = np.int32(limit + 1)
    used = np.uint64(0)
    for i in range(len(sites)):
        start = catchment_kernel._start(sites[i], limit, state, queue)  # noqa: SLF001 - as our rows do
        last, _, _ = catchment_kernel._walk(start, band, state, queue, pile)  # noqa: SLF001
        for k in range(last):
            node = np.uint32(queue[k])
            label = state[node, 0]
            out[used, 0] = node
            out[used, 1] = label
            # Who was in the queue twice is forgotten by now; rows beyond belong to others.
            used += np.uint64((label != far) & (node < nodes))
            state[node, 0] = far
    return used


@kernel
def one_touch(
    arcs: np.ndarray,
    indptr: np.ndarray,
    node: np.ndarray,
    cost: np.ndarray,
    work: tuple[np.ndarray, np.ndarray],
) -> int:
    """Touch what a search must touch, once, the answer being known.

    Each label is written and read to the output, each arc looked at, each label forgotten.
    """
    state, out = work
    longer = 0
    for i in range(len(indptr) - 1):
        for k in range(np.uint64(indptr[i]), np.uint64(indptr[i + 1])):
            place = np.uint32(node[k])
            label = cost[k]
            state[place, 0] = label
            low, high = np.uint32(state[place, 1]), np.uint32(state[place + np.uint32(1), 1])
            for arc in range(low, high):
                longer += state[np.uint32(arcs[arc, 0]), 0] > label + arcs[arc, 1]
            out[k, 0] = node[k]
            out[k, 1] = label
        for k in range(np.uint64(indptr[i]), np.uint64(indptr[i + 1])):
            state[np.uint32(node[k]), 0] = catchment_kernel.FAR
    return longer


def touch_s(graph: SearchGraph, indptr: np.ndarray, node: np.ndarray, cost: np.ndarray) -> float:
    """Return the CPU seconds of the one-touch bound; its work arrays are made before."""
    state = np.full((len(graph.ptr), 2), catchment_kernel.FAR, dtype=np.int32)
    state[:, 1] = graph.ptr
    work = state, np.empty((len(node), 2), dtype=np.int32)
    one_touch(graph.arcs, indptr, node, cost, work)
    return cpu_s(partial(one_touch, graph.arcs, indptr, node, cost, work))


def assert_equal_rows(rows: Rows, theirs: list[dict[int, int]]) -> None:
    """Fail unless our first rows are theirs, as integers."""
    indptr, point, cost = rows
    for i, row in enumerate(theirs):
        part = slice(indptr[i], indptr[i + 1])
        assert dict(zip(point[part].tolist(), cost[part].tolist(), strict=True)) == row


def peers(net: Network) -> None:
    """Print, per cut-off, how many times our time the peers take."""
    rng = np.random.default_rng(0)
    graph, arcs = multigraph(net), shortest_arcs(search_graph(net, "to_site"))
    every = at_nodes(net, np.arange(net.nodes))
    print(
        "cut-off | µs per site | settled nodes | ns per node | labels / bound | rows / bound"
        " | networkx cutoff | ego_graph | scipy whole | scipy tiles | its search alone"
        f" | both for {FEW_SITES:,} sites"
    )
    for cutoff_m in CUTOFFS_M:
        nodes = rng.integers(0, net.nodes, SITES if cutoff_m < 3000 else SITES // 10)
        limit = int(cutoff_m * 1000)
        sites, search = at_nodes(net, nodes), StreetSearch(net, every, cutoff_m=cutoff_m)
        rows = search.rows(sites, threads=1)
        some, few = nodes[:PEER_SITES].tolist(), nodes[:EGO_SITES].tolist()

        def by_networkx(some: list[int] = some, limit: int = limit) -> list[dict[int, int]]:
            search = nx.single_source_dijkstra_path_length
            return [search(graph, node, cutoff=limit) for node in some]

        def by_ego(few: list[int] = few, limit: int = limit) -> list[object]:
            return [nx.ego_graph(graph, node, radius=limit, distance="weight") for node in few]

        def by_scipy(some: list[int] = some, limit: int = limit) -> np.ndarray:
            return np.asarray(dijkstra(arcs, indices=some, limit=limit))

        assert_equal_rows(rows, by_networkx())
        dense = by_scipy()
        assert all(
            np.array_equal(dense[i][np.isfinite(dense[i])], row)
            for i, row in enumerate(np.split(rows[2], rows[0][1:-1])[:PEER_SITES])
        )
        ours = partial(search.rows, sites, threads=1)
        mine = cpu_s(ours) / len(nodes)
        theirs = (
            cpu_s(by_networkx, 3) / PEER_SITES,
            cpu_s(by_ego, 2) / EGO_SITES,
            cpu_s(by_scipy, 3) / PEER_SITES,
            *(cpu / len(nodes) for cpu in Tiles(net, arcs, nodes, cutoff_m).best_s(rows)),
        )
        mine = min(mine, cpu_s(ours) / len(nodes))
        ratios = [cpu / mine for cpu in theirs] + few_sites(search, arcs, nodes[:FEW_SITES])
        bound, labels = bound_s(search, sites, rows)
        settled = rows[0][-1] / len(nodes)
        print(
            f"{cutoff_m:5.0f} m | {mine * 1e6:.2f} | {settled:.0f} | {mine / settled * 1e9:.1f}"
            f" | {labels / bound:.2f}x | {mine / bound:.2f}x | "
            + " | ".join(f"{ratio:.1f}x" for ratio in ratios),
            flush=True,
        )


def few_sites(search: StreetSearch, arcs: csr_array, nodes: np.ndarray) -> list[float]:
    """Return how many times our time scipy on tiles takes for few sites, whole and search alone."""
    cutoff_m, sites = search.search.limit / 1000, at_nodes(search.net, nodes)
    rows = search.rows(sites, threads=1)
    theirs = Tiles(search.net, arcs, nodes, cutoff_m).best_s(rows)
    ours = cpu_s(partial(search.rows, sites, threads=1), 4 * REPEATS)
    return [cpu / ours for cpu in theirs]


def bound_s(search: StreetSearch, sites: Attached, rows: Rows) -> tuple[float, float]:
    """Return the CPU seconds per site of the one-touch bound, and of our search for labels alone.

    Sites come in the order of our search.
    """
    graph, limit = search.search.graph, search.search.limit
    placed = site_rows(search.net, sites, "to_site")
    order = np.lexsort((placed[:, catchment_kernel.POS], placed[:, catchment_kernel.EDGE]))
    indptr = np.zeros_like(rows[0])
    np.cumsum(np.diff(rows[0])[order], out=indptr[1:])
    entry = np.repeat(rows[0][order] - indptr[:-1], np.diff(indptr)) + np.arange(indptr[-1])
    point, cost = rows[1][entry], rows[2][entry]
    work = Workspace(graph, search.search.index, limit).arrays[:3]
    out = np.empty((indptr[-1] + 1, 2), dtype=np.int32)

    def labels() -> int:
        return int(labels_only(graph.nodes, graph.band, limit, placed[order], work, out))

    assert labels() == indptr[-1]
    assert out[:-1, 1].sum(dtype=np.int64) == cost.sum(dtype=np.int64)
    bound = touch_s(graph, indptr, point, cost)
    return bound / len(order), cpu_s(labels) / len(order)


def threads(net: Network) -> None:
    """Print the wall clock of one thread against two, and the cores that were really free."""
    rng = np.random.default_rng(1)
    search = StreetSearch(net, anywhere(net, 200_000, rng), cutoff_m=1000)
    sites = anywhere(net, 20_000, rng)
    walls, busy = [], []
    for count in (1, 2):
        best = (np.inf, 0.0)
        for _ in range(REPEATS):
            wall, cpu = time.perf_counter(), time.process_time()
            search.rows(sites, threads=count)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            best = min(best, (wall, cpu / wall))
        walls.append(best[0])
        busy.append(best[1])
    load = os.getloadavg()[0]
    print(
        f"2 threads vs 1, 1 km, 20,000 sites: {walls[0] / walls[1]:.2f}x"
        f" (cores used {busy[0]:.2f} and {busy[1]:.2f}; load of the machine {load:.1f})"
    )


def edits(net: Network) -> None:
    """Print adding and removing one site against recomputing 1,000 rows; 200,000 points."""
    rng = np.random.default_rng(2)
    demand, sites = anywhere(net, 200_000, rng), anywhere(net, 1000, rng)
    for cutoff_m in (500.0, 3000.0):
        search = StreetSearch(net, demand, cutoff_m=cutoff_m)
        indptr, point, cost = search.rows(sites, threads=1)
        live = LiveCoverage(200_000)
        for site in range(1000):
            part = slice(indptr[site], indptr[site + 1])
            live.add(site, point[part], cost[part])
        whole = cpu_s(partial(search.rows, sites, threads=1), 3)
        one_pass = cpu_s(partial(nearest_in, search, sites), 3)
        added, removed = [], []
        for k in range(50):
            new = anywhere(net, 1, rng)
            start = time.process_time()
            _, row, costs = search.rows(new)
            live.add(1000 + k, row, costs)
            middle = time.process_time()
            live.remove(k)
            added.append(middle - start)
            removed.append(time.process_time() - middle)
        add, remove = float(np.mean(added)), float(np.mean(removed))
        print(
            f"{cutoff_m:.0f} m: 1,000 rows {whole * 1e3:.1f} ms, the nearest of 1,000"
            f" {one_pass * 1e3:.1f} ms; add a site {add * 1e3:.3f} ms = {whole / add:.0f}x less,"
            f" remove one {remove * 1e3:.3f} ms"
        )


def grid(nodes: int, rng: np.random.Generator) -> Network:
    """Return a jittered grid of streets of some 100 m with a quarter of the links missing."""
    side = round(nodes**0.5)
    place = np.arange(side) * 1e-3
    lon, lat = (
        part.ravel() + rng.normal(0, 1.5e-4, side * side) for part in np.meshgrid(place, place)
    )
    node = np.arange(side * side).reshape(side, side)
    u = np.concatenate((node[:, :-1].ravel(), node[:-1].ravel()))
    v = np.concatenate((node[:, 1:].ravel(), node[1:].ravel()))
    there = rng.random(len(u)) < 0.76
    u, v = u[there], v[there]
    edges = Edges(
        node_lon=lon,
        node_lat=lat,
        u=u,
        v=v,
        geom_ptr=np.arange(0, 2 * len(u) + 1, 2),
        geom_lon=np.column_stack((lon[u], lon[v])).ravel(),
        geom_lat=np.column_stack((lat[u], lat[v])).ravel(),
        name=[""] * len(u),
        highway=["residential"] * len(u),
        osm_way=np.zeros(len(u), dtype=np.int64),
    )
    return build_network(edges, walk_meta("synthetic", "", "", 0.0))


def scale(net: Network, nodes: int) -> None:
    """Print the cost per source on a large network against this one: 100,000 sorted sources.

    Node to node, as many nodes around every source on both; and how much longer it takes there to
    touch the answer once. To points anywhere: 200,000 here and one for five nodes there; one for
    five nodes on both.
    """
    rng = np.random.default_rng(3)
    large = grid(nodes, rng)
    asked = {
        "nodes": (0, 0),
        "points anywhere": (200_000, nodes // 5),
        "as many points per node": (net.nodes // 5, nodes // 5),
    }
    for name, counts in asked.items():
        figures = np.array(
            [per_source_s(*each, rng) for each in zip((net, large), counts, strict=True)]
        )
        entries = ", ".join(f"{each:.0f}" for each in figures[:, 2])
        small, far = figures[:, :2] * 1e6
        times = far / small
        print(
            f"to {name}: {small[0]:.2f} and {far[0]:.2f} µs per source, {times[0]:.2f}x"
            f" ({entries} entries)"
            + (
                f"; the bound {small[1]:.2f} and {far[1]:.2f} µs, {times[1]:.2f}x" * (not counts[0])
            ),
            flush=True,
        )


def per_source_s(net: Network, count: int, rng: np.random.Generator) -> tuple[float, float, float]:
    """Return CPU seconds per sorted source, of the rows and of the bound, and entries per source.

    To so many points, or (0) to all nodes; only then the bound means something.
    """
    used = np.flatnonzero(np.diff(net.ptr.astype(np.int64)) > 0)
    demand = anywhere(net, count, rng) if count else at_nodes(net, used)
    search = StreetSearch(net, demand, cutoff_m=500)
    some = anywhere(net, SOURCES, rng)
    order = np.lexsort((some.pos_mm, some.edge))
    columns = (some.edge, some.pos_mm, some.leg_mm, some.status)
    sites = Attached(*(part[order] for part in columns))
    indptr, point, cost = search.rows(sites, threads=1)
    rows_s = cpu_s(partial(search.rows, sites, threads=1), 3)
    touched_s = np.nan if count else touch_s(search.search.graph, indptr, used[point], cost)
    return rows_s / SOURCES, touched_s / SOURCES, indptr[-1] / SOURCES


def bands(net: Network) -> None:
    """Print the time by the width of the bands, in mean arcs."""
    rng = np.random.default_rng(4)
    every, sites = at_nodes(net, np.arange(net.nodes)), anywhere(net, 5000, rng)
    arc_mm = search_graph(net, "to_site").band / BAND_ARCS
    for cutoff_m in CUTOFFS_M:
        street = StreetSearch(net, every, cutoff_m=cutoff_m)
        placed = site_rows(net, sites, "to_site")
        line = []
        for arcs in (1, 2, 3, 4, 5, 7, 10):
            graph = replace(street.search.graph, band=round(arc_mm * arcs))
            search = replace(street.search, graph=graph, _spare=deque())
            seconds = cpu_s(partial(search.rows, placed, threads=1), 3)
            line.append(f"{arcs}: {seconds / len(placed.T[0]) * 1e6:.2f}")
        print(f"{cutoff_m:.0f} m, µs per site by width of a band in mean arcs: " + ", ".join(line))


def main() -> None:
    """Print what is asked for."""
    options = argparse.ArgumentParser(description="Catchments against their peers.")
    options.add_argument("part", nargs="*", default=["peers"])
    options.add_argument("--nodes", type=int, default=1_000_000)
    asked = options.parse_args()
    net = load_streets(Path(os.environ["WARM_STATION_DATA"]) / "porto.osm.pbf")
    print(f"{net}, {summary(net).street_km:.0f} km", flush=True)
    parts: dict[str, Callable[[], None]] = {
        "peers": lambda: peers(net),
        "threads": lambda: threads(net),
        "edits": lambda: edits(net),
        "scale": lambda: scale(net, asked.nodes),
        "bands": lambda: bands(net),
    }
    for name, part in parts.items():
        if name in asked.part or "all" in asked.part:
            part()


if __name__ == "__main__":
    main()
