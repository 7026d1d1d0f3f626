"""Walkers along streets against networkx's betweenness and by hand."""

import networkx as nx
import numpy as np
import pytest

from geo.catchments.flow import Walked, walkers
from geo.streets import Attached, Network, Way, network_from_ways
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


def at_ends(net: Network) -> Attached:
    """Return a place at every node, at an end of one of its streets."""
    edge, pos = np.zeros((2, net.nodes), dtype=np.int32)
    for number in range(net.edges):
        for node, at in ((net.edge_u, 0), (net.edge_v, net.edge_cost_mm[number])):
            edge[node[number]], pos[node[number]] = number, at
    nothing = np.zeros(net.nodes, dtype=np.int32)
    return Attached(edge, pos, nothing, nothing.astype(np.uint8))


def on_street(edge: int, spots: list[int]) -> Attached:
    """Return places along one street."""
    nothing = np.zeros(len(spots), dtype=np.int32)
    pos = np.array(spots, dtype=np.int32)
    return Attached(nothing + edge, pos, nothing, nothing.astype(np.uint8))


def walked(net: Network, people: Float64, goals: Float64, limit: float, most: int) -> Walked:
    return walkers(net, at_ends(net), people, goals, cutoff_m=limit, most_origins=most)


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
    flow = walked(net, origins, goals, 1000, 9).people
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
    found = walked(net, origins, goals, limit_mm / 1000, EVERYBODY)
    assert found.edge.tolist() == list(range(net.edges))
    np.testing.assert_allclose(
        found.people, by_networkx(net, origins, goals, limit_mm), rtol=1e-9, atol=1e-12
    )
    assert found.people.any()


def test_the_limit_of_a_way_is_inclusive() -> None:
    net = grid(2, missing=3)
    (mm,) = net.edge_cost_mm.tolist()
    people = np.ones(net.nodes)
    for limit, number in ((mm, 2.0), (mm - 1, 0.0)):
        assert walked(net, people, people, limit / 1000, 9).people.tolist() == [number]


def test_pivots_stand_for_everybody() -> None:
    net = grid(12)
    people = np.random.default_rng(3).integers(0, 30, net.nodes).astype(np.float64)
    exact = walked(net, people, people, 400, EVERYBODY).people
    places = at_ends(net)
    draws = [
        walkers(net, places, people, people, cutoff_m=400, most_origins=40, seed=seed).people
        for seed in range(60)
    ]
    # Everybody who walks passes some street; the mean of many draws nears the truth.
    assert np.mean(draws, axis=0).sum() == pytest.approx(exact.sum(), rel=0.02)
    assert np.corrcoef(np.mean(draws, axis=0), exact)[0, 1] > 0.99
    again = walkers(net, places, people, people, cutoff_m=400, most_origins=40, seed=59)
    np.testing.assert_array_equal(draws[-1], again.people)


def test_places_cut_their_street_where_they_stand() -> None:
    net = grid(2, missing=3)
    (mm,) = net.edge_cost_mm.tolist()
    places = on_street(0, [20_000, 70_000, 70_000])
    people = np.array([6.0, 2.0, 2.0])
    found = walkers(net, places, people, people, cutoff_m=50, most_origins=9)
    assert found.from_mm.tolist() == [0, 20_000, 70_000]
    assert found.to_mm.tolist() == [20_000, 70_000, mm]
    # Six walk there, four come here; two at one place do not walk to each other.
    assert found.people.tolist() == [0, 10, 0]
    assert found.less_walked == pytest.approx([0, 1 - 50_000 / mm, 0])
    at = np.array([0, 20_000, 30_000, 70_000, mm], dtype=np.int32)
    before, behind = found.pieces_at(np.zeros(5, dtype=np.int32), at)
    assert before.tolist() == [0, 0, 1, 1, 2]
    assert behind.tolist() == [0, 1, 1, 2, 2]


def test_ranks_are_shares_of_length_whatever_the_scale() -> None:
    net = grid(3)
    length = net.edge_cost_mm.astype(np.int64)
    order = np.arange(net.edges)
    flow = order.astype(np.float64)
    ranks = [
        Walked(order, 0 * length, length, flow * times).less_walked for times in (1.0, 7.0, 0.0)
    ]
    np.testing.assert_allclose(ranks[0], (np.cumsum(length) - length) / length.sum())
    np.testing.assert_array_equal(ranks[1], ranks[0])
    assert not ranks[2].any()
