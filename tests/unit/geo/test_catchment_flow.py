"""Walkers along streets against networkx's betweenness and by hand."""

import networkx as nx
import numpy as np
import pytest

from geo.catchments.flow import at_nodes, less_walked, walkers
from geo.streets import Network, Way, attach, network_from_ways
from geo.streets.network import Float64

STEP = 0.001
EVERYBODY = 10**6


def grid(size: int, missing: int = 0, *, seed: int = 0) -> Network:
    """Return a square grid of streets, some missing."""
    at = [(x, y) for y in range(size) for x in range(size)]
    pairs = [(i, i + 1) for i, (x, _) in enumerate(at) if x + 1 < size]
    pairs += [(i, i + size) for i, (_, y) in enumerate(at) if y + 1 < size]
    kept = np.random.default_rng(seed).permutation(len(pairs))[missing:]
    ways = [
        Way(nodes=pairs[number], tags={"highway": "residential"}, osm_id=int(number) + 1)
        for number in sorted(kept)
    ]
    lon, lat = (np.array([spot[axis] * STEP for spot in at]) for axis in (0, 1))
    return network_from_ways(lon + 116.3, lat, ways, source="test", licence="", date="")


def by_networkx(net: Network, origins: Float64, goals: Float64, limit_mm: int) -> Float64:
    """Return the same by networkx: betweenness of a subset, one origin and one goal at a time."""
    graph = nx.Graph()
    graph.add_nodes_from(range(net.nodes))
    for u, v, mm in zip(net.edge_u, net.edge_v, net.edge_cost_mm, strict=True):
        graph.add_edge(int(u), int(v), mm=int(mm))
    flow = np.zeros(net.edges)
    for start in np.flatnonzero(origins):
        lengths = nx.single_source_dijkstra_path_length(graph, start, weight="mm")
        near = [end for end, mm in lengths.items() if mm <= limit_mm and end != start]
        drawn = sum(goals[end] for end in near)
        for end in near:
            if not goals[end]:
                continue
            between = nx.edge_betweenness_centrality_subset(graph, [start], [end], weight="mm")
            # networkx halves what is not directed.
            people = 2 * origins[start] * goals[end] / drawn
            flow += people * np.array(
                [
                    between.get((int(u), int(v)), between.get((int(v), int(u)), 0.0))
                    for u, v in zip(net.edge_u, net.edge_v, strict=True)
                ]
            )
    return flow


def test_equal_ways_share_the_walkers() -> None:
    """Two ways around a block, mirrored at a meridian: half of the walkers on each."""
    lon = np.array([0.0, -STEP, STEP, 0.0, 0.0]) + 116.3
    lat = np.array([0.0, STEP, STEP, 2 * STEP, 3 * STEP]) + 39.7
    turns = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]
    ways = [Way(nodes=pair, tags={"highway": "residential"}, osm_id=1) for pair in turns]
    net = network_from_ways(lon, lat, ways, source="test", licence="", date="")
    bottom, top = int(net.node_lat.argmin()), int(net.node_lat.argmax())
    origins, goals = np.zeros((2, net.nodes))
    origins[bottom], goals[top] = 10, 0.5
    flow = walkers(net, origins, goals, cutoff_m=1000, most_origins=9)
    lowest = np.minimum(net.node_lat[net.edge_u], net.node_lat[net.edge_v])
    last = lowest > lowest.max() - STEP / 2
    assert flow[last].tolist() == [10.0]
    assert set(flow[~last].tolist()) == {5.0}


@pytest.mark.parametrize("seed", [0, 1])
def test_walkers_are_those_of_networkx(seed: int) -> None:
    net = grid(4, missing=3, seed=seed)
    random = np.random.default_rng(seed)
    origins = np.where(random.random(net.nodes) < 0.5, random.integers(1, 9, net.nodes), 0.0)
    goals = np.where(random.random(net.nodes) < 0.7, random.random(net.nodes), 0.0)
    limit_mm = int(np.median(net.edge_cost_mm)) * 3
    found = walkers(net, origins, goals, cutoff_m=limit_mm / 1000, most_origins=EVERYBODY)
    np.testing.assert_allclose(
        found, by_networkx(net, origins, goals, limit_mm), rtol=1e-9, atol=1e-12
    )
    assert found.any()


def test_the_limit_of_a_way_is_inclusive() -> None:
    net = grid(2, missing=3)
    (mm,) = net.edge_cost_mm.tolist()
    people = np.ones(net.nodes)
    for limit, walked in ((mm, 2.0), (mm - 1, 0.0)):
        flow = walkers(net, people, people, cutoff_m=limit / 1000, most_origins=9)
        assert flow.tolist() == [walked]


def test_pivots_stand_for_everybody() -> None:
    net = grid(12)
    people = np.random.default_rng(3).integers(0, 30, net.nodes).astype(np.float64)
    exact = walkers(net, people, people, cutoff_m=400, most_origins=EVERYBODY)
    draws = [
        walkers(net, people, people, cutoff_m=400, most_origins=40, seed=seed) for seed in range(60)
    ]
    # Everybody who walks passes some street; the mean of many draws nears the truth.
    assert np.mean(draws, axis=0).sum() == pytest.approx(exact.sum(), rel=0.02)
    assert np.corrcoef(np.mean(draws, axis=0), exact)[0, 1] > 0.99
    again = walkers(net, people, people, cutoff_m=400, most_origins=40, seed=59)
    np.testing.assert_array_equal(draws[-1], again)


def test_points_count_at_the_nearer_end_and_ranks_are_shares_of_length() -> None:
    net = grid(2, missing=3)
    lon, lat = np.array([116.3001, 116.3009, 117.0]), np.array([net.node_lat.mean()] * 3)
    if net.node_lon.max() - net.node_lon.min() < STEP / 2:
        lon = np.full(3, net.node_lon[0])
        lat = np.array([net.node_lat.min() + STEP / 10, net.node_lat.max() - STEP / 10, 1.0])
    placed = attach(net, lon, lat)
    weights = at_nodes(net, placed, np.array([2.0, 5.0, 11.0]))
    assert sorted(weights[weights > 0].tolist()) == [2.0, 5.0]
    longer = grid(3)
    flow = np.arange(longer.edges, dtype=np.float64)
    ranks = less_walked(longer, flow)
    shares = longer.edge_cost_mm / longer.edge_cost_mm.sum()
    np.testing.assert_allclose(ranks, np.cumsum(shares) - shares)
    np.testing.assert_allclose(less_walked(longer, 7 * flow), ranks)
    assert not less_walked(longer, np.ones(longer.edges)).any()
