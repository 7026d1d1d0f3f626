"""Catchments on real streets: an independent search, and published lengths and counts."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.catchments import nearest, street_rows
from geo.streets import Attached, Network, attach, load_streets
from tests.walk_oracle import (
    as_dict,
    attached,
    directed,
    oracle_rows,
    our_rows,
    plain_network,
)

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


@dataclass(frozen=True)
class _Published:
    """One published case of pgRouting: its network, and where each of its vertices is."""

    net: Network
    vertices: Attached
    ids: list[int]


def _pgrouting(data: dict[str, Any], *, is_directed: bool) -> _Published:
    """Return the streets and every vertex: nodes, and (negative ids) points within an edge."""
    rows = data["edges"]
    ids = sorted({edge[end] for edge in rows for end in ("source", "target")})
    number = {osm: i for i, osm in enumerate(ids)}
    ends = [(number[edge["source"]], number[edge["target"]]) for edge in rows]
    # Undirected, an edge with one of its two costs is open both ways; all open costs are 1.
    net = plain_network([float(i) / 100 for i in ids], [0.0] * len(ids), ends, [1000] * len(ends))
    row = (net.edge_osm_way - 1).tolist()
    if is_directed:
        there, back = ([rows[i][name] for i in row] for name in ("cost", "reverse_cost"))
        open_ms = [[1000 if cost > 0 else -1 for cost in part] for part in (there, back)]
        net = directed(net, open_ms[0], open_ms[1], access_m_s=1.0)
    name = np.rint(net.node_lon * 100).astype(int)
    assert [rows[i]["source"] for i in row] == name[net.edge_u].tolist()
    first = [np.flatnonzero((net.edge_u == k) | (net.edge_v == k))[0] for k in range(net.nodes)]
    at = [0 if net.edge_u[edge] == k else 1000 for k, edge in enumerate(first)]
    within = [(row.index(p["edge_id"] - 1), round(p["fraction"] * 1000)) for p in data["points"]]
    edge, pos = [*map(int, first), *(e for e, _ in within)], [*at, *(mm for _, mm in within)]
    names = [*name.tolist(), *(-p["pid"] for p in data["points"])]
    return _Published(net, attached(edge, pos, [0] * len(edge)), names)


def _take(points: Attached, rows: list[int]) -> Attached:
    return Attached(
        points.edge[rows], points.pos_mm[rows], points.leg_mm[rows], points.status[rows]
    )


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("number", range(4))
def test_pgrouting_s_plain_driving_distances_are_equal(
    outside_data: Path, number: int, *, compiled: bool
) -> None:
    file = outside_data / "instances/network/pgrouting/pgrouting_cases.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    # The other two follow rules of the side of the street, and are no shortest ways.
    plain = [case for case in data["cases"] if case["verified_with_plain_dijkstra"]]
    assert len(plain) == 4
    case = plain[number]
    known = _pgrouting(data, is_directed=case["directed"])
    asked = len(known.ids) if case["points_on_edges"] else known.net.nodes
    demand = _take(known.vertices, list(range(asked)))
    sources = np.ravel(case["sources"]).tolist()
    sites = _take(known.vertices, [known.ids.index(source) for source in sources])
    cutoff = {"cutoff_s" if case["directed"] else "cutoff_m": case["limit"]}
    found: dict[str, dict[str, float]] = {str(source): {} for source in sources}
    if case["equicost"]:
        cost, owner = nearest(
            known.net, sites, demand, direction="from_site", compiled=compiled, **cutoff
        )
        for i in np.flatnonzero(owner >= 0).tolist():
            found[str(sources[owner[i]])][str(known.ids[i])] = float(cost[i]) / 1000
    else:
        rows = street_rows(
            known.net, sites, demand, direction="from_site", compiled=compiled, **cutoff
        )
        for (i, point), ms in as_dict(rows).items():
            found[str(sources[i])][str(known.ids[point])] = ms / 1000
    assert found == case["expected"]
