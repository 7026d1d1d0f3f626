"""Streets by e-bike: which ways, in which direction, how fast, and what that makes of arcs."""

from pathlib import Path

import numpy as np
import pytest

from geo.errors import FileRefusedError
from geo.streets import (
    Network,
    Way,
    attach,
    end_costs,
    leg_costs,
    load_streets,
    network_from_ways,
    save_network,
)
from geo.streets.profiles import travel_rules
from geo.streets.ride import ride_rules
from geo.streets.rules import Profile

BOTH, ALONG, AGAINST = (15.0, 15.0), (15.0, 0.0), (0.0, 15.0)
PUSHED = (4.5, 4.5)


def _tags(text: str) -> dict[str, str]:
    return dict(item.split("=") for item in text.split())


@pytest.mark.parametrize(
    ("tags", "speeds"),
    [
        ("highway=residential", BOTH),
        ("highway=primary oneway=yes", ALONG),
        ("highway=primary oneway=true", ALONG),
        ("highway=primary oneway=-1", AGAINST),
        ("highway=primary oneway=no", BOTH),
        ("highway=primary oneway=reversible", BOTH),
        ("highway=primary oneway=yes oneway:bicycle=no", BOTH),
        ("highway=primary oneway:bicycle=yes", ALONG),
        ("highway=primary oneway:bicycle=-1", AGAINST),
        ("highway=primary oneway=-1 oneway:bicycle=yes", AGAINST),
        ("highway=primary oneway=yes cycleway=opposite_lane", BOTH),
        ("highway=primary oneway=yes cycleway:left=opposite", BOTH),
        ("highway=primary oneway=yes cycleway=lane", ALONG),
        ("highway=tertiary junction=roundabout", ALONG),
        ("highway=tertiary junction=roundabout oneway=no", BOTH),
        ("highway=living_street", (10.0, 10.0)),
        ("highway=service oneway=yes", (10.0, 0.0)),
        ("highway=footway", PUSHED),
        ("highway=footway oneway=yes", PUSHED),
        ("highway=footway bicycle=yes", (10.0, 10.0)),
        ("highway=secondary bicycle=dismount", PUSHED),
        ("highway=secondary vehicle=no oneway=yes", PUSHED),
        ("highway=secondary vehicle=no bicycle=yes oneway=yes", ALONG),
        ("highway=service access=private bicycle=yes", (10.0, 10.0)),
    ],
)
def test_speeds_and_directions(tags: str, speeds: tuple[float, float]) -> None:
    assert ride_rules().speeds_kmh(_tags(tags)) == speeds


@pytest.mark.parametrize(
    "tags",
    [
        "highway=motorway bicycle=yes",
        "highway=steps",
        "highway=elevator",
        "highway=trunk motorroad=yes",
        "highway=trunk bicycle=no",
        "highway=primary electric_bicycle=no bicycle=yes",
        "highway=primary bicycle=use_sidepath",
        "highway=service access=private",
        "highway=pedestrian area=yes",
        "name=兴华大街",
    ],
)
def test_closed_ways(tags: str) -> None:
    assert ride_rules().speeds_kmh(_tags(tags)) is None


@pytest.fixture
def net() -> Network:
    lon, lat = [116.40, 116.41, 116.42], [39.70, 39.70, 39.70]
    ways = [
        Way([0, 1], {"highway": "primary", "oneway": "yes"}, 1),
        Way([1, 2], {"highway": "service"}, 2),
        Way([0, 2], {"highway": "steps"}, 3),
    ]
    return network_from_ways(lon, lat, ways, source="", licence="", date="", profile="ebike")


def _edge(net: Network, way: int) -> int:
    return int(np.flatnonzero(net.edge_osm_way == way)[0])


def test_costs_are_milliseconds_and_arcs_are_open_directions(net: Network) -> None:
    assert (net.edges, len(net.arc_head)) == (2, 3)
    one, two = _edge(net, 1), _edge(net, 2)
    assert (net.meta.cost_unit, net.meta.profile) == ("ms", "ebike")
    expected = round(int(net.edge_cost_mm[one]) / (15 / 3.6))
    assert sorted((int(net.edge_forward[one]), int(net.edge_backward[one]))) == [-1, expected]
    assert net.edge_forward[two] == net.edge_backward[two]
    for arc in range(3):
        edge, backwards = divmod(int(net.arc_edge[arc]), 2)
        costs = net.edge_backward if backwards else net.edge_forward
        head = net.edge_u if backwards else net.edge_v
        assert net.arc_cost[arc] == costs[edge] >= 1
        assert net.arc_head[arc] == head[edge]


def test_walking_costs_are_lengths_both_ways() -> None:
    way = Way([0, 1], {"highway": "primary", "oneway": "yes"})
    net = network_from_ways([116.4, 116.41], [39.7, 39.7], [way], source="", licence="", date="")
    assert net.edge_forward[0] == net.edge_backward[0] == net.edge_cost_mm[0]
    assert net.meta.cost_unit == "mm"


def test_costs_of_parts_add_up_to_the_edge(net: Network) -> None:
    points = attach(net, [116.403, 116.4171], [39.7005, 39.7004])
    ends = end_costs(net, points.edge, points.pos_mm)
    one = points.edge.tolist().index(_edge(net, 1))
    two = 1 - one
    forward = net.edge_forward[points.edge]
    assert ends.from_u[two] + ends.to_v[two] == forward[two]
    assert ends.from_v[two] + ends.to_u[two] == net.edge_backward[points.edge[two]]
    closed = (ends.from_v[one], ends.to_u[one]), (ends.from_u[one], ends.to_v[one])
    assert (-1, -1) in closed
    legs = leg_costs(net, points.leg_mm)
    assert np.abs(legs - points.leg_mm / 1.25).max() <= 0.5


def test_a_timed_network_comes_back_and_is_not_taken_for_a_walking_one(
    net: Network, tmp_path: Path
) -> None:
    save_network(net, tmp_path / "ride.wsn")
    back = load_streets(tmp_path / "ride.wsn", "ebike")
    assert np.array_equal(back.edge_forward, net.edge_forward)
    assert np.array_equal(back.edge_backward, net.edge_backward)
    assert back.meta == net.meta
    with pytest.raises(FileRefusedError) as caught:
        load_streets(tmp_path / "ride.wsn")
    assert caught.value.code == "streets_file_not_walk"
    assert "ebike" in caught.value.message("zh")


def test_an_unknown_profile_is_a_fault_of_the_caller() -> None:
    unknown: Profile = "plane"  # type: ignore[assignment]
    with pytest.raises(ValueError, match="plane"):
        travel_rules(unknown)


@pytest.mark.outside_data
def test_a_directed_osmnx_network_keeps_its_directions(outside_data: Path) -> None:
    net = load_streets(outside_data / "shenzhen_futian_osmnx.graphml", "ebike")
    one_way = (net.edge_forward < 0) ^ (net.edge_backward < 0)
    assert 0.3 < one_way.mean() < 0.6
