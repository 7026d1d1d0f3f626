"""Catchments on small random graphs with loops, parallel edges, islands and crowded edges."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.catchments import nearest, street_rows
from geo.streets import Attached, Network
from geo.streets.compiled import COMPILED
from tests.many import many
from tests.walk_oracle import (
    as_dict,
    attached,
    directed,
    directed_rows,
    oracle_rows,
    our_rows,
    plain_network,
)

ENGINES = ["numba", "scipy"] if COMPILED else ["scipy"]
UNLIMITED_MM = 10**8


@dataclass(frozen=True)
class Case:
    lon: list[float]
    lat: list[float]
    ends: list[tuple[int, int]]
    cost_mm: list[int]
    sites: list[tuple[int, float, int]]
    demand: list[tuple[int, float, int]]

    def network(self) -> Network:
        return plain_network(self.lon, self.lat, self.ends, self.cost_mm)

    def points(self, net: Network, kind: str) -> Attached:
        """Place points by the OSM id of their edge, which survives the network's own order."""
        number = {osm: edge for edge, osm in enumerate(net.edge_osm_way.tolist())}
        rows = self.sites if kind == "sites" else self.demand
        edge = [number[e + 1] for e, _, _ in rows]
        same_way = [
            net.node_lon[net.edge_u[number[e + 1]]] == self.lon[self.ends[e][0]] for e, _, _ in rows
        ]
        pos = [round(share * self.cost_mm[e]) for e, share, _ in rows]
        assert all(same_way)
        return attached(edge, pos, [leg for _, _, leg in rows])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    nodes = draw(st.integers(2, 7))
    node = st.integers(0, nodes - 1)
    ends = draw(st.lists(st.tuples(node, node), min_size=1, max_size=12))
    # Few distinct costs: equal ways and distances equal to the cut-off then occur often. The long
    # ones span several buckets.
    cost = st.sampled_from([1, 2, 3, 500, 30_000, 70_000])
    share = st.sampled_from([0.0, 0.25, 0.5, 1.0])
    point = st.tuples(st.integers(0, len(ends) - 1), share, st.sampled_from([0, 1, 500, 20_000]))
    return Case(
        lon=[116.4 + 0.001 * i for i in range(nodes)],
        lat=[39.7 + 0.001 * (i * i % 5) for i in range(nodes)],
        ends=ends,
        cost_mm=draw(st.lists(cost, min_size=len(ends), max_size=len(ends))),
        sites=draw(st.lists(point, min_size=1, max_size=4)),
        demand=draw(st.lists(point, min_size=1, max_size=8)),
    )


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=many(150))
@given(case=cases(), data=st.data())
def test_rows_equal_a_search_on_the_split_graph_even_at_the_cutoff(
    case: Case, data: st.DataObject, engine: str
) -> None:
    net = case.network()
    sites, demand = case.points(net, "sites"), case.points(net, "demand")
    everything = oracle_rows(net, sites, demand)
    limits = sorted({0, *everything.values(), *(cost - 1 for cost in everything.values() if cost)})
    limit = data.draw(st.sampled_from(limits))
    expected = {pair: cost for pair, cost in everything.items() if cost <= limit}
    assert our_rows(net, sites, demand, limit, compiled=engine == "numba") == expected


@given(case=cases())
def test_walking_is_symmetric(case: Case) -> None:
    net = case.network()
    sites, demand = case.points(net, "sites"), case.points(net, "demand")
    there = our_rows(net, sites, demand, UNLIMITED_MM, compiled=COMPILED)
    back = our_rows(net, demand, sites, UNLIMITED_MM, compiled=COMPILED)
    assert there == {(i, j): cost for (j, i), cost in back.items()}


@given(case=cases(), limits=st.tuples(st.integers(0, 200_000), st.integers(0, 200_000)))
def test_a_longer_cutoff_only_adds(case: Case, limits: tuple[int, int]) -> None:
    net = case.network()
    sites, demand = case.points(net, "sites"), case.points(net, "demand")
    near, far = (our_rows(net, sites, demand, limit, compiled=COMPILED) for limit in sorted(limits))
    assert near == {pair: cost for pair, cost in far.items() if cost <= min(limits)}


@given(case=cases())
def test_a_detour_over_a_third_point_is_never_shorter(case: Case) -> None:
    net = case.network()
    points = case.points(net, "demand")
    cost = our_rows(net, points, points, UNLIMITED_MM, compiled=COMPILED)
    reached = range(len(points.edge))
    for a, b, c in ((a, b, c) for a in reached for b in reached for c in reached):
        if (a, b) in cost and (b, c) in cost:
            assert cost[a, c] <= cost[a, b] + cost[b, c]


@given(case=cases(), seed=st.integers(0, 2**32 - 1))
def test_the_numbering_of_nodes_and_edges_does_not_matter(case: Case, seed: int) -> None:
    rng = np.random.default_rng(seed)
    node, edge = rng.permutation(len(case.lon)), rng.permutation(len(case.ends))
    place, order = np.argsort(node), np.argsort(edge)
    other = Case(
        lon=[case.lon[i] for i in node],
        lat=[case.lat[i] for i in node],
        ends=[(int(place[case.ends[i][0]]), int(place[case.ends[i][1]])) for i in edge],
        cost_mm=[case.cost_mm[i] for i in edge],
        sites=[(int(order[e]), share, leg) for e, share, leg in case.sites],
        demand=[(int(order[e]), share, leg) for e, share, leg in case.demand],
    )
    first, second = (
        our_rows(
            net, c.points(net, "sites"), c.points(net, "demand"), UNLIMITED_MM, compiled=COMPILED
        )
        for c in (case, other)
        for net in [c.network()]
    )
    assert first == second


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("to_site", [True, False], ids=["to_site", "from_site"])
@settings(max_examples=many(150))
@given(case=cases(), data=st.data())
def test_timed_rows_equal_a_search_on_the_directed_split_graph(
    case: Case, data: st.DataObject, engine: str, *, to_site: bool
) -> None:
    plain = case.network()
    sites, demand = case.points(plain, "sites"), case.points(plain, "demand")
    cost = st.lists(
        st.sampled_from([-1, 1, 7, 1000, 90_000]), min_size=plain.edges, max_size=plain.edges
    )
    net = directed(plain, data.draw(cost), data.draw(cost), 1.2)
    everything = directed_rows(net, sites, demand, to_site=to_site)
    limits = sorted({0, *everything.values(), *(ms - 1 for ms in everything.values() if ms)})
    limit = data.draw(st.sampled_from(limits))
    got = street_rows(
        net,
        sites,
        demand,
        cutoff_s=limit / 1000,
        direction="to_site" if to_site else "from_site",
        compiled=engine == "numba",
    )
    expected = {pair: ms for pair, ms in everything.items() if ms <= limit}
    assert as_dict(got) == expected
    lowest, owner = nearest(
        net,
        sites,
        demand,
        cutoff_s=limit / 1000,
        direction="to_site" if to_site else "from_site",
        compiled=engine == "numba",
    )
    for point in range(len(demand.edge)):
        best = min(((ms, i) for (i, j), ms in expected.items() if j == point), default=(-1, -1))
        assert (lowest[point], owner[point]) == best


@pytest.mark.parametrize("engine", ENGINES)
@given(case=cases(), data=st.data())
def test_a_point_on_several_streets_takes_the_best(
    case: Case, data: st.DataObject, engine: str
) -> None:
    net = case.network()
    rows = {}
    for kind in ("sites", "demand"):
        points = case.points(net, kind)
        size = len(points.edge)
        owner = sorted(data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size)))
        point = np.unique(owner, return_inverse=True)[1].astype(np.int32)
        rows[kind] = (points, replace(points, point=point), point.tolist())
    single = our_rows(net, rows["sites"][0], rows["demand"][0], UNLIMITED_MM, compiled=COMPILED)
    expected: dict[tuple[int, int], int] = {}
    for (i, j), cost in single.items():
        pair = (rows["sites"][2][i], rows["demand"][2][j])
        expected[pair] = min(cost, expected.get(pair, cost))
    compiled = engine == "numba"
    got = our_rows(net, rows["sites"][1], rows["demand"][1], UNLIMITED_MM, compiled=compiled)
    assert got == expected
