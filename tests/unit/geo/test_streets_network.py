"""From ways to arrays: junctions, loops, parallel edges, components, lengths."""

import numpy as np
import pytest
from pyproj import Geod

from geo.errors import FileRefusedError
from geo.streets import (
    Network,
    Way,
    iter_street_lines,
    network_from_ways,
    street_classes,
    street_names,
    summary,
)
from geo.streets.build import hilbert_index

STREET = {"highway": "residential"}


def _network(
    places: list[tuple[float, float]], *ways: Way, island_below_m: float = 2000.0
) -> Network:
    lon, lat = (np.array([place[k] for place in places]) for k in (0, 1))
    return network_from_ways(
        lon,
        lat,
        ways,
        source="test",
        licence="none",
        date="2026-01-01",
        island_below_m=island_below_m,
    )


def _grid(columns: int, rows: int) -> list[tuple[float, float]]:
    return [(116.40 + 0.01 * i, 39.70 + 0.01 * j) for j in range(rows) for i in range(columns)]


def test_ways_are_cut_where_they_meet_and_keep_their_shape() -> None:
    # 0-1-2 along the south, 4 above 1; node 3 is a bend of the way from 4 to 1.
    places = [*_grid(3, 1), (116.411, 39.705), (116.41, 39.71)]
    along = Way([0, 1, 2], {**STREET, "name": "兴华大街"}, 7)
    across = Way([4, 3, 1], {"highway": "footway"}, 8)
    net = _network(places, along, across)
    assert (net.nodes, net.edges) == (4, 3)
    lines = {(line.name, line.highway, len(line.lon)) for line in iter_street_lines(net)}
    assert lines == {("兴华大街", "residential", 2), ("", "footway", 3)}
    geod = Geod(ellps="WGS84")
    expected = geod.line_length([116.41, 116.411, 116.41], [39.71, 39.705, 39.70])
    foot = street_classes(net, np.arange(3)).index("footway")
    assert net.edge_cost_mm[foot] == round(expected * 1000)
    assert net.edge_osm_way[foot] == 8


def test_ways_that_cross_without_a_common_node_stay_apart() -> None:
    places = [(116.40, 39.70), (116.42, 39.70), (116.41, 39.69), (116.41, 39.71)]
    net = _network(places, Way([0, 1], STREET), Way([2, 3], STREET))
    assert (net.nodes, net.edges, len(net.component_mm)) == (4, 2, 2)


def test_a_way_that_crosses_itself_and_a_closed_way_make_loops_and_parallels() -> None:
    places = _grid(3, 3)
    ring = Way([0, 1, 4, 3, 0], STREET, 1)
    eight = Way([4, 5, 8, 7, 4], STREET, 2)
    net = _network(places, ring, eight)
    # Node 4 joins two rings; node 0 is the end of its way and stays: two parallels and one loop.
    ends = sorted(zip(net.edge_u.tolist(), net.edge_v.tolist(), strict=True))
    loops = [e for e in ends if e[0] == e[1]]
    assert (net.nodes, net.edges, len(loops)) == (2, 3, 1)
    assert len({tuple(sorted(e)) for e in ends if e[0] != e[1]}) == 1
    assert len(net.arc_head) == 6


def test_a_missing_position_cuts_the_way() -> None:
    places = _grid(5, 1)
    places[2] = (np.nan, np.nan)
    net = _network(places, Way([0, 1, 2, 3, 4], STREET))
    assert (net.nodes, net.edges, len(net.component_mm)) == (4, 2, 2)


def test_repeated_nodes_and_equal_positions_never_cost_nothing() -> None:
    places = [(116.40, 39.70), (116.40, 39.70), (116.41, 39.70)]
    net = _network(places, Way([0, 0, 1, 2], STREET), Way([0, 1], STREET), Way([1, 1], STREET))
    assert net.edge_cost_mm.min() == 1
    assert net.edges == 3
    ends = net.geom_mm[net.geom_ptr[1:] - 1]
    assert np.array_equal(ends, net.edge_cost_mm)
    assert not net.geom_mm[net.geom_ptr[:-1]].any()


def test_arcs_mirror_the_edges() -> None:
    net = _network(_grid(3, 1), Way([0, 1, 2], STREET), Way([1, 1, 2], STREET))
    start = net.ptr.astype(np.int64)
    tail = np.repeat(np.arange(net.nodes), start[1:] - start[:-1])
    edge, backwards = net.arc_edge >> 1, net.arc_edge & 1
    assert np.array_equal(tail, np.where(backwards, net.edge_v[edge], net.edge_u[edge]))
    assert np.array_equal(net.arc_head, np.where(backwards, net.edge_u[edge], net.edge_v[edge]))
    assert np.array_equal(net.arc_cost, net.edge_cost_mm[edge])
    assert sorted(net.arc_edge.tolist()) == list(range(2 * net.edges))


def test_components_come_longest_first_and_short_ones_are_islands() -> None:
    places = [*_grid(3, 1), (117.0, 39.7), (117.01, 39.7), (118.0, 39.7), (118.03, 39.7)]
    ways = [Way([3, 4], STREET), Way([0, 1, 2], STREET), Way([5, 6], STREET)]
    net = _network(places, *ways)
    km = net.component_mm / 1e6
    assert km == pytest.approx([2.57, 1.71, 0.857], rel=0.01)
    assert net.island.tolist() == [False, True, True]
    assert _network(places, *ways, island_below_m=1000.0).island.tolist() == [False, False, True]
    told = summary(net).as_dict()
    assert (told["islands"], told["components"], told["island_below_m"]) == (2, 3, 2000.0)
    assert told["island_km"] == pytest.approx(2.57, rel=0.01)


def test_a_summary_counts_what_streets_are() -> None:
    ways = [
        Way([0, 1], {**STREET, "oneway": "yes"}),
        Way([1, 2], {"highway": "service"}),
        Way([2, 3, 4, 2], {"highway": "footway"}),
    ]
    lon, lat = (np.array([place[k] for place in _grid(5, 1)]) for k in (0, 1))
    lat[3] += 0.001
    net = network_from_ways(lon, lat, ways, source="", licence="", date="", profile="ebike")
    told = summary(net).as_dict()
    # Node 1 is passed through; at node 2 a ring begins and ends as well.
    assert (told["nodes"], told["edges"], told["through_nodes"]) == (3, 3, 1)
    assert (told["one_way_edges"], told["repaired_edges"], told["added_edges"]) == (1, 0, 0)
    assert (told["profile"], told["cost_unit"]) == ("ebike", "ms")
    lengths = told["class_km"]
    assert isinstance(lengths, dict)
    assert (next(iter(lengths)), set(lengths)) == ("footway", {"footway", "residential", "service"})
    assert sum(lengths.values()) == pytest.approx(told["street_km"], abs=0.002)


def test_a_network_as_a_whole_is_no_island() -> None:
    net = _network(_grid(2, 1), Way([0, 1], STREET))
    assert net.component_mm[0] < 2_000_000
    assert not net.edge_island.any()


def test_a_component_of_exactly_the_threshold_is_no_island() -> None:
    places = [*_grid(3, 1), (117.0, 39.7), (117.01, 39.7)]
    ways = [Way([0, 1, 2], STREET), Way([3, 4], STREET)]
    short_m = _network(places, *ways).component_mm[1] / 1000
    assert not _network(places, *ways, island_below_m=short_m).island[1]
    assert _network(places, *ways, island_below_m=short_m + 0.001).island[1]


def test_the_walk_rules_are_applied_and_their_version_kept() -> None:
    net = _network(_grid(3, 1), Way([0, 1], STREET), Way([1, 2], {"highway": "motorway"}))
    assert net.edges == 1
    assert net.meta.rules
    assert net.meta.bbox == pytest.approx((116.40, 39.70, 116.41, 39.70))


def test_nothing_walkable_is_refused_with_a_sentence() -> None:
    with pytest.raises(FileRefusedError, match="no street") as caught:
        _network(_grid(2, 1), Way([0, 1], {"highway": "motorway"}))
    assert "步行" in caught.value.message("zh")


def test_chinese_names_are_preferred_and_nothing_is_the_empty_name() -> None:
    tags = {**STREET, "name": "Xinghua Street", "name:zh": "兴华大街"}
    net = _network(_grid(2, 1), Way([0, 1], tags))
    assert street_names(net, np.array([0, -1])) == ("兴华大街", "")
    assert street_classes(net, np.array([-1, 0])) == ("", "residential")


def test_arrays_are_read_only() -> None:
    net = _network(_grid(2, 1), Way([0, 1], STREET))
    with pytest.raises(ValueError, match="read-only"):
        net.edge_cost_mm[0] = 5


def test_the_order_of_ways_changes_nothing_but_the_order_within_equals() -> None:
    places = _grid(4, 4)
    ways = [Way([4 * j + i for i in range(4)], STREET, j) for j in range(4)]
    ways += [Way([4 * j + i for j in range(4)], STREET, 10 + i) for i in range(4)]
    first, second = _network(places, *ways), _network(places, *reversed(ways))
    assert np.array_equal(first.node_lon, second.node_lon)
    assert np.array_equal(first.edge_cost_mm, second.edge_cost_mm)
    assert np.array_equal(first.edge_osm_way, second.edge_osm_way)


def test_the_hilbert_curve_steps_from_neighbour_to_neighbour() -> None:
    side = 16
    x, y = (part.ravel().astype(float) for part in np.meshgrid(np.arange(side), np.arange(side)))
    order = np.argsort(hilbert_index(x, y), kind="stable")
    step = np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))
    assert (step == 1).all()
