"""Catchments against networkx and scipy: same network, same question, same process, CPU time.

    WARM_STATION_DATA=FOLDER python -m benchmarks.catchments [SITES]

The folder holds porto.osm.pbf. Every peer answers node to node, as its users ask it; ours answers
for points attached at nodes. All rows of networkx must equal ours as integers. Figures are ratios
of CPU seconds per site (peer / ours): the machine's load moves both, seconds alone say little.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
from scipy.sparse.csgraph import dijkstra

from geo.catchments import fallback, street_rows
from geo.streets import Attached, AttachStatus, Network, load_streets, summary

CUTOFFS_M = (300.0, 500.0, 1000.0)
PEER_SITES = 500
REPEATS = 3


def at_nodes(net: Network, nodes: np.ndarray) -> Attached:
    """Attach points to nodes, without an access leg, by the first arc that leaves each."""
    code = net.arc_edge[net.ptr[nodes]]
    edge = (code >> 1).astype(np.int32)
    pos = np.where(code & 1, net.edge_cost_mm[edge], 0).astype(np.int32)
    status = np.full(len(nodes), AttachStatus.OK, dtype=np.uint8)
    return Attached(edge, pos, np.zeros(len(nodes), dtype=np.int32), status)


def cpu_s(work: Callable[[], object]) -> float:
    """Return the least CPU seconds of a few runs."""
    times = []
    for _ in range(REPEATS):
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


def main() -> None:
    """Print one line per cut-off."""
    path = Path(os.environ["WARM_STATION_DATA"]) / "porto.osm.pbf"
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    start = time.process_time()
    net = load_streets(path)
    print(f"load {time.process_time() - start:.2f} s CPU: {net}, {summary(net).street_km:.0f} km")
    rng = np.random.default_rng(0)
    nodes = rng.integers(0, net.nodes, count)
    sites, every = at_nodes(net, nodes), at_nodes(net, np.arange(net.nodes))
    graph, arcs = multigraph(net), fallback.shortest_arcs(net)
    some = nodes[:PEER_SITES]
    for cutoff_m in CUTOFFS_M:
        limit = int(cutoff_m * 1000)

        def ours(cutoff_m: float = cutoff_m) -> tuple[np.ndarray, ...]:
            return street_rows(net, sites, every, cutoff_m=cutoff_m)

        def by_networkx(limit: int = limit) -> list[dict[int, int]]:
            search = nx.single_source_dijkstra_path_length
            return [search(graph, node, cutoff=limit) for node in some.tolist()]

        def by_scipy(limit: int = limit) -> np.ndarray:
            return np.asarray(dijkstra(arcs, indices=some, limit=limit))

        indptr, point, cost = ours()
        for i, row in enumerate(by_networkx()):
            part = slice(indptr[i], indptr[i + 1])
            assert dict(zip(point[part].tolist(), cost[part].tolist(), strict=True)) == row
        mine = cpu_s(ours) / count
        theirs = [cpu_s(work) / PEER_SITES for work in (by_networkx, by_scipy)]
        print(
            f"{cutoff_m:5.0f} m: {mine * 1e6:7.1f} µs per site, {indptr[-1] / count:6.0f} nodes;"
            f" networkx cutoff {theirs[0] / mine:6.0f}x, scipy whole graph {theirs[1] / mine:6.0f}x"
        )


if __name__ == "__main__":
    main()
