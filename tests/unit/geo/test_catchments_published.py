"""Catchments on real streets: an independent search, and published lengths and counts."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.catchments import street_rows
from geo.streets import Attached, Network, attach, load_streets
from tests.walk_oracle import attached, oracle_rows, our_rows, plain_network

pytestmark = pytest.mark.outside_data


@pytest.mark.parametrize(
    ("extract", "sites", "points", "cutoff_mm"),
    [("poa", 200, 2000, 1_000_000), ("andorra", 40, 1000, 3_000_000)],
)
def test_every_integer_equals_networkx_on_the_split_extract(
    outside_data: Path, extract: str, sites: int, points: int, cutoff_mm: int
) -> None:
    net = load_streets(outside_data / f"{extract}.osm.pbf")
    rng = np.random.default_rng(20)
    station, demand = (_scattered(net, rng, count) for count in (sites, points))
    ours = our_rows(net, station, demand, cutoff_mm, compiled=True)
    assert ours == oracle_rows(net, station, demand, cutoff_mm)
    assert ours == our_rows(net, station, demand, cutoff_mm, compiled=False)
    assert len(ours) > 500


def _scattered(net: Network, rng: np.random.Generator, count: int) -> Attached:
    vertex = rng.integers(0, len(net.geom_lon), count)
    lon = net.geom_lon[vertex] + rng.normal(0, 0.0006, count)
    lat = net.geom_lat[vertex] + rng.normal(0, 0.0006, count)
    return attach(net, lon, lat)


def _at_nodes(net: Network, nodes: np.ndarray) -> Attached:
    """Attach to nodes of the network by the first arc that leaves them."""
    code = net.arc_edge[net.ptr[nodes]]
    edge, backwards = (code >> 1).astype(int), code & 1
    pos = np.where(backwards == 1, net.edge_cost_mm[edge], 0)
    return attached(edge.tolist(), pos.tolist(), [0] * len(nodes))


def _published(folder: Path) -> tuple[Network, dict[int, int]]:
    """Return a network of published nodes and edge lengths, and the node of each published id."""
    nodes = pd.read_csv(folder / "nodes.csv")
    edges = pd.read_csv(folder / "edges.csv").rename(
        columns={"from": "u", "to": "v", "length_m": "weight"}
    )
    ids = nodes.iloc[:, 0].tolist()
    number = {osm: i for i, osm in enumerate(ids)}
    ends = [(number[a], number[b]) for a, b in zip(edges["u"], edges["v"], strict=True)]
    cost = np.maximum(np.rint(edges["weight"].to_numpy() * 1000), 1).astype(int)
    # Lengths are given, so that places serve as names only: some published nodes share one.
    lon = [round(116 + i * 1e-6, 6) for i in range(len(ids))]
    net = plain_network(lon, [39.7] * len(ids), ends, cost.tolist())
    found = {place: i for i, place in enumerate(net.node_lon.tolist())}
    return net, {osm: found[place] for osm, place in zip(ids, lon, strict=True) if place in found}


def test_published_shortest_paths_of_helsinki_agree_within_5_mm(outside_data: Path) -> None:
    folder = outside_data / "instances/network/helsinki"
    net, node = _published(folder)
    pairs = pd.read_csv(folder / "od_lengths.csv")
    start = _at_nodes(net, np.array([node[i] for i in pairs["from_node"]]))
    end = _at_nodes(net, np.array([node[i] for i in pairs["to_node"]]))
    cost = our_rows(net, start, end, 20_000_000, compiled=True)
    ours = np.array([cost[i, i] for i in range(len(pairs))]) / 1000
    assert np.abs(ours - pairs["networkx_m"].to_numpy()).max() <= 0.005
    assert len(pairs) > 100


def test_published_catchment_counts_of_helsinki_are_equal(outside_data: Path) -> None:
    folder = outside_data / "instances/network/helsinki"
    net, node = _published(folder)
    every = _at_nodes(net, np.array(sorted(node.values())))
    counts = pd.read_csv(folder / "catchment_counts.csv")
    for cutoff_m in counts["cutoff_m"].unique().tolist():
        part = counts[counts["cutoff_m"] == cutoff_m]
        start = _at_nodes(net, np.array([node[i] for i in part["node"]]))
        indptr, _, _ = street_rows(net, start, every, cutoff_m=cutoff_m)
        assert np.diff(indptr).tolist() == part["networkx_nodes_within"].tolist()


def test_published_lengths_and_counts_of_the_pandana_sample_are_equal(outside_data: Path) -> None:
    folder = outside_data / "instances/network/pandana"
    net, node = _published(folder)
    every = _at_nodes(net, np.array(sorted(node.values())))
    pairs = pd.read_csv(folder / "od_lengths.csv")
    pairs = pairs[np.isfinite(pairs["networkx"])]
    start = _at_nodes(net, np.array([node[i] for i in pairs["from_node"]]))
    end = _at_nodes(net, np.array([node[i] for i in pairs["to_node"]]))
    cost = our_rows(net, start, end, 10_000_000, compiled=True)
    assert [cost[i, i] / 1000 for i in range(len(pairs))] == pairs["networkx"].tolist()
    counts = pd.read_csv(folder / "catchment_counts.csv")
    for cutoff_m in counts["cutoff"].unique().tolist():
        part = counts[counts["cutoff"] == cutoff_m]
        start = _at_nodes(net, np.array([node[i] for i in part["node"]]))
        indptr, _, _ = street_rows(net, start, every, cutoff_m=cutoff_m)
        assert np.diff(indptr).tolist() == part["networkx_count"].tolist()


def test_pgrouting_s_undirected_driving_distances_are_equal(outside_data: Path) -> None:
    file = outside_data / "instances/network/pgrouting/pgrouting_cases.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    ids = sorted({edge[end] for edge in data["edges"] for end in ("source", "target")})
    number = {osm: i for i, osm in enumerate(ids)}
    ends = [(number[edge["source"]], number[edge["target"]]) for edge in data["edges"]]
    # Undirected, an edge with one of its two costs is open both ways; all open costs are 1.
    net = plain_network([float(i) / 100 for i in ids], [0.0] * len(ids), ends, [1000] * len(ends))
    every = _at_nodes(net, np.arange(net.nodes))
    osm = np.rint(net.node_lon * 100).astype(int).tolist()
    walking = [
        case for case in data["cases"] if not case["directed"] and not case["points_on_edges"]
    ]
    for case in walking:
        sources = np.ravel(case["sources"]).tolist()
        start = _at_nodes(net, np.array([osm.index(source) for source in sources]))
        rows = our_rows(net, start, every, round(case["limit"] * 1000), compiled=True)
        for i, source in enumerate(sources):
            mine = {str(osm[j]): cost / 1000 for (k, j), cost in rows.items() if k == i}
            assert mine == case["expected"][str(source)]
    assert walking
