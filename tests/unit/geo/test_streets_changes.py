"""Closed streets and added paths against networks that are built so from the start."""

from pathlib import Path

import numpy as np
import pytest

from geo.catchments import travel
from geo.crs import LocalFrame
from geo.streets import (
    EdgeQuality,
    Network,
    Way,
    add_path,
    attach,
    close_edges,
    iter_street_lines,
    load_streets,
    network_from_ways,
    save_graphml,
    save_network,
    street_names,
    summary,
)
from geo.streets.rules import Profile

FRAME = LocalFrame(116.40, 39.70)
Place = tuple[float, float]


def _net(
    *lines: list[Place], tags: dict[int, dict[str, str]] | None = None, profile: Profile = "walk"
) -> Network:
    corners = sorted({corner for line in lines for corner in line})
    number = {corner: i for i, corner in enumerate(corners)}
    lon, lat = FRAME.to_degrees(*np.array(corners, dtype=float).T)
    ways = [
        Way(
            [number[corner] for corner in line],
            {"highway": "residential"} | (tags or {}).get(i, {}),
            i + 1,
        )
        for i, line in enumerate(lines)
    ]
    return network_from_ways(lon, lat, ways, source="", licence="", date="", profile=profile)


def _at(*places: Place) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = FRAME.to_degrees(*np.array(places, dtype=float).T)
    return lon, lat


def _grid() -> list[list[Place]]:
    side = 6
    lines = [[(k * 300.0, j * 300.0) for k in range(side)] for j in range(side)]
    lines += [[(k * 300.0, j * 300.0) for j in range(side)] for k in range(side)]
    return lines


def _edges(net: Network) -> list[tuple[Place, Place, str, str]]:
    """Return the open edges by their ends in metres, whichever way they were drawn."""
    x, y = FRAME.to_m(net.node_lon, net.node_lat)
    ends = np.flatnonzero(net.edge_open)
    lines = zip(ends.tolist(), iter_street_lines(net), strict=True)
    out = []
    for edge, line in lines:
        u, v = (
            (round(float(x[node]), 2) + 0.0, round(float(y[node]), 2) + 0.0)
            for node in (net.edge_u[edge], net.edge_v[edge])
        )
        out.append((min(u, v), max(u, v), line.name, line.highway))
    return sorted(out)


def _assert_same(changed: Network, built: Network) -> None:
    assert changed.component_mm[changed.component_mm > 0] == pytest.approx(
        built.component_mm, abs=changed.edges
    )
    assert changed.meta.bbox == pytest.approx(built.meta.bbox)
    rng = np.random.default_rng(3)
    places = _at(*rng.uniform(-100, 1600, (400, 2)).tolist())
    sites = _at(*rng.uniform(0, 1500, (40, 2)).tolist())
    first = travel(changed, *sites, *places, cutoff_m=900.0, cap_m=200.0)
    second = travel(built, *sites, *places, cutoff_m=900.0, cap_m=200.0)
    # Pieces of a split street are rounded to millimetres one by one.
    assert np.array_equal(first.demand_status, second.demand_status)
    assert np.array_equal(first.indptr, second.indptr)
    assert np.array_equal(first.demand, second.demand)
    assert np.abs(first.cost_mm - second.cost_mm).max() <= 12


def test_a_closed_street_is_as_if_it_had_never_been() -> None:
    net = _net(*_grid())
    # The row that begins at (0, 600) is the third line.
    row = np.flatnonzero(net.edge_osm_way == 3)
    changed = close_edges(net, row)
    lines = _grid()
    # Built so, streets run through where the closed one met them; travel is the same.
    _assert_same(changed, _net(*lines[:2], *lines[3:]))
    assert changed.geom_lon is net.geom_lon
    assert changed.node_lon is net.node_lon
    assert summary(changed).street_km == pytest.approx(summary(net).street_km - 1.5, abs=0.01)
    assert summary(net).edges - summary(changed).edges == 5


def test_points_leave_a_closed_street_and_the_others_stay() -> None:
    net = _net([(0, 0), (3000, 0)], [(0, 100), (3000, 100)], [(0, 0), (0, 100)])
    lon, lat = _at((500, 20), (500, 80))
    before = attach(net, lon, lat)
    changed = close_edges(net, before.edge[:1])
    after = attach(changed, lon, lat)
    assert after.leg_mm == pytest.approx([80_000, 20_000], abs=10)
    assert after.edge.tolist() == [before.edge[1], before.edge[1]]
    assert (attach(changed, lon, lat, alternatives_m=100.0).edge == before.edge[1]).all()
    assert close_edges(net, []).component_mm.tolist() == net.component_mm.tolist()


def test_what_a_closed_street_cuts_off_becomes_an_island() -> None:
    net = _net([(0, 0), (3000, 0)], [(3000, 0), (3300, 0)], [(3300, 0), (3600, 0)])
    link = int(np.flatnonzero(net.edge_osm_way == 2)[0])
    changed = close_edges(net, link)
    assert changed.island.tolist() == [False, True]
    far = attach(changed, *_at((3500, 10)))
    assert far.status.tolist() == [2]


def test_a_network_with_closed_streets_is_kept_in_a_file(tmp_path: Path) -> None:
    net = close_edges(_net(*_grid()), [0, 7])
    save_network(net, tmp_path / "closed.wsn")
    back = load_streets(tmp_path / "closed.wsn")
    assert np.flatnonzero(~back.edge_open).tolist() == [0, 7]
    assert summary(back) == summary(net)
    save_graphml(net, tmp_path / "closed.graphml")
    assert load_streets(tmp_path / "closed.graphml").edges == net.edges - 2


def test_closing_everything_or_nothing_that_is_there_is_refused() -> None:
    net = _net([(0, 0), (300, 0)])
    with pytest.raises(ValueError, match="left open"):
        close_edges(net, [0])
    with pytest.raises(ValueError, match="edges are"):
        close_edges(net, [1])
    with pytest.raises(ValueError, match="edges are"):
        close_edges(net, [-1])


def test_a_path_across_a_block_is_as_if_it_had_always_been() -> None:
    lines = _grid()
    net = _net(*lines)
    path: list[Place] = [(150, 0), (160, 150), (140, 450), (150, 600)]
    changed = add_path(net, *_at(*path), name="便道", join_m=1.0)
    lines[0].insert(1, path[0])
    lines[2].insert(1, path[-1])
    # It crosses the second row at x = 150.
    lines[1].insert(1, (150, 300))
    path.insert(2, (150, 300))
    built = _net(*lines, path, tags={len(lines): {"highway": "footway", "name": "便道"}})
    assert _edges(changed) == _edges(built)
    _assert_same(changed, built)
    added = changed.edge_quality == EdgeQuality.ADDED
    assert street_names(changed, np.flatnonzero(added)) == ("便道", "便道")
    assert changed.edges == net.edges + 3 * 2 + 2
    assert net.edge_open.all()


def test_a_bridge_meets_streets_at_its_ends_only() -> None:
    lines = _grid()
    net = _net(*lines)
    changed = add_path(net, *_at((150, 0), (150, 600)), at_crossings=False, join_m=1.0)
    lines[0].insert(1, (150, 0))
    lines[2].insert(1, (150, 600))
    built = _net(*lines, [(150, 0), (150, 600)], tags={12: {"highway": "footway"}})
    assert _edges(changed) == _edges(built)
    _assert_same(changed, built)


def test_ends_near_a_street_are_led_on_to_it_and_others_stay_loose() -> None:
    net = _net([(0, 0), (3000, 0)], [(0, 600), (3000, 600)], [(0, 0), (0, 600)])
    changed = add_path(net, *_at((500, 15), (500, 300)), join_m=20.0)
    assert (changed.nodes, summary(changed).edges) == (net.nodes + 2, 5)
    path = int(np.flatnonzero(changed.edge_quality == EdgeQuality.ADDED)[0])
    assert changed.edge_cost_mm[path] == pytest.approx(300_000, abs=10)
    assert len(changed.component_mm) == 1


def test_a_path_from_junction_to_junction_splits_nothing_and_connects_islands() -> None:
    net = _net([(0, 0), (3000, 0)], [(3100, 0), (3400, 0)])
    assert net.island.tolist() == [False, True]
    changed = add_path(net, *_at((3000, 0), (3100, 0)))
    assert (changed.nodes, changed.edges) == (net.nodes, net.edges + 1)
    assert not changed.edge_island.any()


def test_a_path_may_cross_a_street_twice_and_pass_through_junctions() -> None:
    lines: list[list[Place]] = [[(0, 0), (600, 0)], [(300, 0), (300, 300)]]
    lines[0].insert(1, (300, 0))
    net = _net(*lines)
    changed = add_path(net, *_at((100, 50), (150, -50), (200, 50), (300, 0), (400, -50)), join_m=1)
    # Cuts at 125 and 175 of one edge, through the junction, loose at both ends.
    assert summary(changed).edges == net.edges + 2 + 4
    assert len(changed.component_mm) == 1


def test_a_timed_path_takes_the_time_of_its_class_and_obeys_split_one_ways(
    tmp_path: Path,
) -> None:
    one_way = {0: {"highway": "primary", "oneway": "yes"}}
    net = _net([(0, 0), (900, 0)], [(0, 300), (900, 300)], tags=one_way, profile="ebike")
    changed = add_path(net, *_at((300, 0), (300, 300)), highway="service", join_m=1.0)
    path = int(np.flatnonzero(changed.edge_quality == EdgeQuality.ADDED)[0])
    assert changed.edge_forward[path] == pytest.approx(300 / (10 / 3.6) * 1000, abs=30)
    old = int(np.flatnonzero(net.edge_osm_way == 1)[0])
    pieces = [i for i in np.flatnonzero(changed.edge_osm_way == 1).tolist() if i != old]
    for costs, before in (
        (changed.edge_forward, net.edge_forward),
        (changed.edge_backward, net.edge_backward),
    ):
        assert costs[old] == -1
        parts = costs[pieces]
        assert parts.sum() == before[old] if before[old] >= 0 else (parts == -1).all()
    save_network(changed, tmp_path / "what_if.wsn")
    back = load_streets(tmp_path / "what_if.wsn", "ebike")
    assert np.array_equal(back.edge_forward, changed.edge_forward)
    assert np.array_equal(back.edge_quality, changed.edge_quality)
    assert back.names == changed.names


def test_what_is_no_path_here_is_refused() -> None:
    net = _net([(0, 0), (300, 0)])
    with pytest.raises(ValueError, match="two places"):
        add_path(net, [116.4], [39.7])
    with pytest.raises(ValueError, match="two places"):
        add_path(net, [1e6, 2e6], [1.0, 2.0])
    with pytest.raises(ValueError, match="closed to the profile"):
        add_path(net, *_at((0, 0), (10, 10)), highway="motorway")
    with pytest.raises(ValueError, match="meets no street"):
        add_path(net, *_at((0, 500), (10, 600)))


@pytest.mark.outside_data
def test_a_real_network_with_a_path_is_consistent(outside_data: Path, tmp_path: Path) -> None:
    net = load_streets(outside_data / "poa.osm.pbf")
    west, south, east, north = net.meta.bbox
    lon, lat = np.linspace(west, east, 9)[3:6], np.linspace(south, north, 9)[3:6]
    changed = add_path(net, lon, lat)
    save_network(changed, tmp_path / "what_if.wsn")
    back = load_streets(tmp_path / "what_if.wsn")
    assert summary(back) == summary(changed)
    assert summary(back).street_km > summary(net).street_km + 2
