"""Points at their exact position on the nearest street."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.crs import LocalFrame
from geo.streets import (
    AttachStatus,
    Network,
    Way,
    attach,
    attached,
    attachment,
    load_streets,
    near,
    network_from_ways,
)
from geo.streets.compiled import COMPILED
from geo.streets.snap import nearest_segments, segment_grid

LON, LAT = 116.40, 39.70
FRAME = LocalFrame(LON, LAT)
GEOD = Geod(ellps="WGS84")


def _network(lines: list[list[tuple[float, float]]], island_below_m: float = 2000.0) -> Network:
    """Return a network of polylines in metres around the place; equal corners are one node."""
    corners = sorted({corner for line in lines for corner in line})
    number = {corner: i for i, corner in enumerate(corners)}
    lon, lat = FRAME.to_degrees(*np.array(corners, dtype=float).T)
    ways = [
        Way([number[corner] for corner in line], {"highway": "residential"}, i + 1)
        for i, line in enumerate(lines)
    ]
    return network_from_ways(
        lon, lat, ways, source="test", licence="", date="", island_below_m=island_below_m
    )


def _at(*places: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = FRAME.to_degrees(*np.array(places, dtype=float).T)
    return lon, lat


def test_a_point_takes_the_exact_position_and_a_straight_leg() -> None:
    net = _network([[(0, 0), (100, 0), (100, 100)]])
    got = attach(net, *_at((30, 40), (130, 70), (100, 0), (-30, 0), (100, 160)))
    from_start = got.pos_mm if net.geom_lon[0] == net.geom_lon.min() else 200_000 - got.pos_mm
    assert from_start == pytest.approx([30_000, 170_000, 100_000, 0, 200_000], abs=10)
    assert got.leg_mm == pytest.approx([40_000, 30_000, 0, 30_000, 60_000], abs=10)
    assert got.status.tolist() == [AttachStatus.OK] * 5


def test_the_leg_is_the_geodesic_to_the_street() -> None:
    net = _network([[(-5000, 0), (5000, 0)]])
    lon, lat = _at((1234, 187))
    got = attach(net, lon, lat)
    line = np.linspace(net.geom_lon[0], net.geom_lon[-1], 2_000_001)
    line_lat = np.interp(line, np.sort(net.geom_lon), net.geom_lat[np.argsort(net.geom_lon)])
    near = np.abs(line - lon[0]) < 0.001
    size = near.sum()
    metres = GEOD.inv(np.full(size, lon[0]), np.full(size, lat[0]), line[near], line_lat[near])[2]
    assert got.leg_mm[0] == pytest.approx(metres.min() * 1000, abs=1.5)


def test_the_cap_is_inclusive_and_beyond_it_nothing_is_told() -> None:
    net = _network([[(0, 0), (3000, 0)]])
    lon, lat = _at((500, 150))
    leg_m = attach(net, lon, lat).leg_mm[0] / 1000
    assert attach(net, lon, lat, cap_m=leg_m).status[0] == AttachStatus.OK
    beyond = attach(net, lon, lat, cap_m=leg_m - 0.001)
    assert (beyond.status[0], beyond.edge[0], beyond.pos_mm[0], beyond.leg_mm[0]) == (
        AttachStatus.TOO_FAR,
        -1,
        -1,
        -1,
    )


def test_a_street_that_leads_somewhere_is_preferred_to_a_nearer_island() -> None:
    net = _network([[(0, 0), (3000, 0)], [(0, 100), (500, 100)]])
    got = attach(net, *_at((100, 90), (100, 250), (100, 600)))
    assert got.status.tolist() == [AttachStatus.OK, AttachStatus.ISLAND, AttachStatus.TOO_FAR]
    assert got.leg_mm[0] == pytest.approx(90_000, abs=10)
    assert got.edge[1:].tolist() == [-1, -1]


def test_of_streets_at_the_same_distance_the_first_counts() -> None:
    net = _network([[(0, 0), (2000, 0)], [(0, 0), (0, 2000)], [(0, 0), (-2000, 0)]])
    got = attach(net, *_at((0, 0), (0, 0)))
    assert got.leg_mm.tolist() == [0, 0]
    assert got.edge.tolist() == [0, 0]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_position_that_is_no_number_is_a_fault_of_the_caller(value: float) -> None:
    net = _network([[(0, 0), (3000, 0)]])
    with pytest.raises(ValueError, match="finite"):
        attach(net, [value], [LAT])
    with pytest.raises(ValueError, match="finite"):
        attach(net, [LON], [value])
    with pytest.raises(ValueError, match="cap"):
        attach(net, [LON], [LAT], cap_m=-1)


def test_no_points_are_no_points() -> None:
    assert len(attach(_network([[(0, 0), (3000, 0)]]), [], []).edge) == 0


def test_points_outside_the_network_s_box_and_swapped_ones_are_too_far() -> None:
    net = _network([[(0, 0), (3000, 0)]])
    got = attach(net, [LAT, -LON, LON], [LON - 40, 0.0, LAT + 1])
    assert set(got.status.tolist()) == {AttachStatus.TOO_FAR}


def _random_network(rng: np.random.Generator) -> Network:
    corners = rng.integers(-30, 30, (60, 2)) * 37.0
    lines = [[tuple(corners[i]) for i in rng.integers(0, 60, 4)] for _ in range(40)]
    return _network(lines, island_below_m=0.0)


@pytest.mark.parametrize("seed", range(3))
def test_the_nearest_street_is_shapely_s(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = _random_network(rng)
    places = rng.uniform(-1300, 1300, (300, 2))
    got = attach(net, *_at(*map(tuple, places)), cap_m=3000)
    x, y = FRAME.to_m(net.geom_lon, net.geom_lat)
    slices = [slice(a, b) for a, b in zip(net.geom_ptr, net.geom_ptr[1:], strict=False)]
    lines = [shapely.LineString(np.column_stack((x[s], y[s]))) for s in slices]
    points = [shapely.Point(place) for place in places]
    nearest = np.min([shapely.distance(line, points) for line in lines], axis=0)
    assert got.leg_mm / 1000 == pytest.approx(nearest, abs=0.3)
    mine = np.array([lines[e].distance(p) for e, p in zip(got.edge, points, strict=True)])
    assert mine == pytest.approx(nearest, abs=0.3)
    along = np.array([lines[e].project(p) for e, p in zip(got.edge, points, strict=True)])
    assert np.quantile(np.abs(got.pos_mm / 1000 - along), 0.95) < 2


@pytest.mark.skipif(not COMPILED, reason="numba is not here: there is only one way")
@pytest.mark.parametrize("limit_m", [0.0, 30.0, 200.0, 1500.0])
def test_both_ways_find_the_same_place(limit_m: float) -> None:
    rng = np.random.default_rng(7)
    net = _random_network(rng)
    wanted = rng.random(len(segment_grid(net).edge)) < 0.8
    lon, lat = _at(*map(tuple, rng.uniform(-2000, 2000, (700, 2))))
    first = nearest_segments(net, wanted, (lon, lat), limit_m, compiled=True)
    second = nearest_segments(net, wanted, (lon, lat), limit_m, compiled=False)
    assert np.array_equal(first[0], second[0])
    assert first[1] == pytest.approx(second[1], abs=1e-9)


@pytest.mark.outside_data
def test_both_ways_find_the_same_place_in_porto_alegre(outside_data: Path) -> None:
    net = load_streets(outside_data / "poa.osm.pbf")
    rng = np.random.default_rng(3)
    vertex = rng.integers(0, len(net.geom_lon), 3000)
    lon = net.geom_lon[vertex] + rng.normal(0, 0.0007, 3000)
    lat = net.geom_lat[vertex] + rng.normal(0, 0.0007, 3000)
    wanted = ~net.edge_island[segment_grid(net).edge]
    first = nearest_segments(net, wanted, (lon, lat), 200.0)
    second = nearest_segments(net, wanted, (lon, lat), 200.0, compiled=False)
    assert np.array_equal(first[0], second[0])


def _crossroads() -> Network:
    return _network([[(-2000, 0), (0, 0), (2000, 0)], [(0, -2000), (0, 0), (0, 2000)]])


def test_alternatives_are_all_streets_within_the_nearest_leg_and_more() -> None:
    net = _network([[(-2000, 0), (2000, 0)], [(-2000, 40), (2000, 40)], [(-2000, 60), (2000, 60)]])
    places = _at((10, 15), (10, 5), (10, 300), (10, 50))
    got = attach(net, *places, alternatives_m=10.0)
    assert got.point.tolist() == [0, 0, 1, 2, 3, 3]
    assert got.leg_mm == pytest.approx([15_000, 25_000, 5000, -1, 10_000, 10_000], abs=10)
    assert got.status.tolist() == [0, 0, 0, AttachStatus.TOO_FAR, 0, 0]
    assert len({int(edge) for edge in got.edge[:2]}) == 2
    assert attach(net, *places, alternatives_m=10.0, cap_m=20.0).point.tolist() == [0, 1, 2, 3, 3]


def test_the_first_row_of_each_point_is_what_it_is_without_alternatives() -> None:
    net = _crossroads()
    rng = np.random.default_rng(1)
    lon, lat = _at(*rng.uniform(-2300, 2300, (3000, 2)).tolist())
    plain, more = attach(net, lon, lat), attach(net, lon, lat, alternatives_m=25.0)
    assert np.array_equal(plain.point, np.arange(3000))
    first = np.unique(more.point, return_index=True)[1]
    for name in ("edge", "pos_mm", "leg_mm", "status"):
        assert np.array_equal(getattr(plain, name), getattr(more, name)[first])
    pairs = np.stack((more.point, more.edge), axis=1)
    assert len(np.unique(pairs, axis=0)) == len(pairs) > 3000
    nearest = plain.leg_mm[more.point]
    assert (more.leg_mm[more.ok] <= nearest[more.ok] + 25_000).all()
    assert (np.diff(more.leg_mm)[np.diff(more.point) == 0] >= 0).all()


def test_alternatives_are_the_streets_that_shapely_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    ends = rng.uniform(-900, 900, (40, 2, 2))
    net = _network([[tuple(a), tuple(b)] for a, b in ends.tolist()], island_below_m=0.0)
    places = rng.uniform(-1000, 1000, (200, 2))
    lon, lat = _at(*places.tolist())
    got = attach(net, lon, lat, alternatives_m=30.0)
    lines = [
        shapely.LineString(
            np.stack(FRAME.to_m(net.geom_lon[low:high], net.geom_lat[low:high]), axis=1)
        )
        for low, high in zip(net.geom_ptr[:-1], net.geom_ptr[1:], strict=True)
    ]
    for i, (x, y) in enumerate(places.tolist()):
        far = shapely.distance(shapely.Point(x, y), lines)
        # Within 10 cm of the limits, the flat frame of the test does not decide.
        surely = np.flatnonzero(far <= min(far.min() + 29.9, 199.9))
        perhaps = np.flatnonzero(far <= min(far.min() + 30.1, 200.1))
        mine = set(got.edge[(got.point == i) & got.ok].tolist())
        assert set(surely.tolist()) <= mine <= set(perhaps.tolist())
    slow_way = partial(near.segments_within, compiled=False)
    monkeypatch.setattr(attachment, "segments_within", slow_way)
    slow = attach(net, lon, lat, alternatives_m=30.0)
    for name in ("edge", "pos_mm", "leg_mm", "status", "point"):
        assert np.array_equal(getattr(got, name), getattr(slow, name))


def test_negative_alternatives_are_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="alternatives"):
        attach(_crossroads(), *_at((0, 0)), alternatives_m=-1.0)


def test_what_is_attached_again_is_what_was_found() -> None:
    net = _crossroads()
    lon, lat = _at((5.0, 5.0), (20.0, 3.0), (9000.0, 9000.0))
    first = attached(net, lon, lat, cap_m=50)
    assert attached(net, lon.copy(), lat.copy(), cap_m=50) is first
    for cap_m, alternatives_m in ((50.0, 0.0), (4.0, 0.0), (50.0, 30.0)):
        kept = attached(net, lon, lat, cap_m=cap_m, alternatives_m=alternatives_m)
        anew = attach(net, lon, lat, cap_m=cap_m, alternatives_m=alternatives_m)
        for name in ("edge", "pos_mm", "leg_mm", "status", "point"):
            assert np.array_equal(getattr(kept, name), getattr(anew, name))
    with pytest.raises(ValueError, match="read-only"):
        first.edge[0] = 3
