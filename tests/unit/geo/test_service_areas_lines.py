from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import GEOD
from geo.service_areas import pieces, reached_lines, search
from geo.streets import Attached, Network, Way, attach, load_streets, network_from_ways
from geo.streets.changes import close_edges
from tests.walk_oracle import attached, plain_network, split_graph

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample" / "streets.wsn"
NOBODY = attached([], [], [])


@pytest.fixture(scope="module")
def sample() -> Network:
    return load_streets(SAMPLE)


def reached_mm(net: Network, site: Attached, limit_mm: int) -> int:
    """Return the reached millimetres by networkx on a graph that is split at the site."""
    graph = split_graph(net, site, NOBODY)
    cost = nx.single_source_dijkstra_path_length(graph, ("site", 0))
    total = 0
    for a, b, facts in graph.edges(data=True):
        if ("site", 0) in (a, b):
            continue
        left = [max(0, limit_mm - cost.get(end, limit_mm)) for end in (a, b)]
        total += min(facts["weight"], sum(left))
    return total


@st.composite
def cases(draw: st.DrawFn) -> tuple[Network, Attached, int]:
    size = draw(st.integers(2, 7))
    node = st.integers(0, size - 1)
    ends = draw(st.lists(st.tuples(node, node), min_size=1, max_size=12))
    costs = draw(st.lists(st.integers(1, 60), min_size=len(ends), max_size=len(ends)))
    net = plain_network(
        [116.0 + 0.001 * i for i in range(size)], [39.0] * size, ends, [c * 10 for c in costs]
    )
    edge = draw(st.integers(0, net.edges - 1))
    pos = draw(st.integers(0, int(net.edge_cost_mm[edge])))
    return net, attached([edge], [pos], [draw(st.integers(0, 50))]), draw(st.integers(0, 1500))


@given(cases())
def test_as_much_street_as_on_a_split_graph(case: tuple[Network, Attached, int]) -> None:
    net, site, limit = case
    lines = reached_lines(net, site, limit / 1000)
    assert int((lines.to_mm - lines.from_mm).sum()) == reached_mm(net, site, limit)
    assert (lines.from_mm < lines.to_mm).all()
    same = lines.edge[1:] == lines.edge[:-1]
    assert (lines.from_mm[1:][same] > lines.to_mm[:-1][same]).all()  # apart, and in order


@given(cases())
def test_without_a_compiler_the_same(case: tuple[Network, Attached, int]) -> None:
    net, site, limit = case
    python = [getattr(work, "py_func", work) for work in (search._spread, pieces._cut)]
    expected = pieces.reached_pieces(net, site, limit / 1000)
    vertices = pieces.piece_vertices(net, expected)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_spread", python[0])
        patch.setattr(pieces, "_cut", python[1])
        found = pieces.reached_pieces(net, site, limit / 1000)
        ours = pieces.piece_vertices(net, found)
    for name in ("edge", "near_mm", "far_mm", "left_mm"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))
    for name in ("ptr", "lon", "lat", "left_m"):
        assert np.array_equal(getattr(ours, name), getattr(vertices, name))


def test_lines_are_as_long_as_they_say(sample: Network) -> None:
    rng = np.random.default_rng(3)
    nodes = rng.integers(0, sample.nodes, 12)
    for lon, lat in zip(sample.node_lon[nodes], sample.node_lat[nodes], strict=True):
        site = attach(sample, lon + 3e-4, lat)
        lines = reached_lines(sample, site, 800)
        assert lines.length_m * 1000 == pytest.approx(reached_mm(sample, site, 800_000))
        drawn = [GEOD.geometry_length(line) for line in lines.line]
        assert drawn == pytest.approx((lines.to_mm - lines.from_mm) / 1000, abs=0.01)


def test_a_street_is_cut_at_the_exact_position() -> None:
    ways = [Way((0, 1, 2), {"highway": "residential"}, 1)]
    net = network_from_ways(
        np.array([116.30, 116.31, 116.31]),
        np.array([39.7, 39.7, 39.71]),
        ways,
        source="",
        licence="",
        date="",
    )
    site = attach(net, 116.30, 39.7)
    whole = int(net.edge_cost_mm.sum())
    for metres in (100.0, 857.0, 1500.0):
        lines = reached_lines(net, site, metres)
        assert lines.length_m == metres
        assert GEOD.geometry_length(shapely.multilinestrings(lines.line)) == pytest.approx(
            metres, abs=0.002
        )
    assert reached_lines(net, site, 5000).length_m == whole / 1000


def test_several_sites_reach_together_what_each_reaches(sample: Network) -> None:
    rng = np.random.default_rng(4)
    nodes = rng.integers(0, sample.nodes, 3)
    sites = attach(sample, sample.node_lon[nodes], sample.node_lat[nodes])
    together = reached_lines(sample, sites, 700)
    marks = np.zeros(int(sample.edge_cost_mm.sum()) // 100 + sample.edges, dtype=bool)
    start = np.concatenate(([0], np.cumsum(sample.edge_cost_mm // 100 + 1)))
    for i in range(3):
        one = attach(sample, sample.node_lon[nodes[i]], sample.node_lat[nodes[i]])
        lines = reached_lines(sample, one, 700)
        for edge, low, high in zip(lines.edge, lines.from_mm, lines.to_mm, strict=True):
            marks[start[edge] + low // 100 : start[edge] + high // 100] = True
    assert together.length_m == pytest.approx(marks.sum() / 10, rel=0.002)


def test_more_cut_off_reaches_more(sample: Network) -> None:
    site = attach(sample, sample.node_lon[50], sample.node_lat[50])
    lengths = [reached_lines(sample, site, metres).length_m for metres in range(0, 3000, 250)]
    assert lengths[0] == 0
    assert all(a < b for a, b in pairwise(lengths))


def test_a_site_off_the_streets_or_on_an_island_reaches_nothing(sample: Network) -> None:
    far = attach(sample, sample.node_lon[0] + 5, sample.node_lat[0])
    lines = reached_lines(sample, far, 1000)
    assert (len(lines.edge), len(lines.line), lines.length_m) == (0, 0, 0)
    edge = np.flatnonzero(sample.edge_island)[0]
    lon, lat = (part[sample.geom_ptr[edge]] for part in (sample.geom_lon, sample.geom_lat))
    on_island = attach(sample, lon, lat, cap_m=1)
    assert not on_island.ok.any()
    assert not len(reached_lines(sample, on_island, 1000).line)


def test_closed_streets_are_not_reached(sample: Network) -> None:
    site = attach(sample, sample.node_lon[50], sample.node_lat[50])
    before = reached_lines(sample, site, 600)
    shut = int(before.edge[before.edge != site.edge[0]][0])
    after = reached_lines(close_edges(sample, [shut]), site, 600)
    assert shut not in after.edge
    assert 0 < after.length_m < before.length_m
    assert not len(reached_lines(close_edges(sample, site.edge), site, 600).line)


def test_an_access_leg_as_long_as_the_cut_off_reaches_no_street(sample: Network) -> None:
    site = attached([0], [0], [500_000])
    assert len(reached_lines(sample, site, 500).line) == 0
    assert reached_lines(sample, site, 500.001).length_m > 0


@pytest.mark.parametrize("metres", [-1.0, float("nan"), float("inf"), 1e9])
def test_a_cut_off_is_a_length(sample: Network, metres: float) -> None:
    with pytest.raises(ValueError, match="cut-off"):
        reached_lines(sample, attached([0], [0], [0]), metres)
