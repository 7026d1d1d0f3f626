"""The travel matrix: cut-off, coverage, nearest site, islands and rivers, straight lines."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Geod

from geo.catchments import (
    STRAIGHT_LINE_FACTOR,
    Travel,
    engine,
    k_nearest,
    matrix,
    nearest,
    search,
    straight,
    street,
    street_rows,
    travel,
)
from geo.crs import LocalFrame
from geo.streets import AttachStatus, Network, Way, attach, network_from_ways
from geo.streets.compiled import COMPILED

FRAME = LocalFrame(116.40, 39.70)
Place = tuple[float, float]


@pytest.fixture(scope="module")
def net() -> Network:
    """Return a street of 4 km along a river, a footpath of 300 m beyond it that leads nowhere."""
    corners = [(0, 0), (1000, 0), (4000, 0), (0, 150), (300, 150)]
    lon, lat = FRAME.to_degrees(*np.array(corners, dtype=float).T)
    ways = [Way([0, 1, 2], {"highway": "residential"}), Way([3, 4], {"highway": "footway"})]
    return network_from_ways(lon, lat, ways, source="test", licence="", date="")


def _degrees(places: list[Place]) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = FRAME.to_degrees(*np.array(places, dtype=float).reshape(-1, 2).T)
    return lon, lat


def _travel(
    net: Network | None,
    sites: list[Place],
    demand: list[Place],
    cutoff_m: float,
    cap_m: float = 100,
) -> Travel:
    return travel(net, *_degrees(sites), *_degrees(demand), cutoff_m=cutoff_m, cap_m=cap_m)


def test_the_way_is_leg_street_leg_and_the_cutoff_is_inclusive(net: Network) -> None:
    got = _travel(net, [(200, 20)], [(1500, -30)], 2000)
    assert got.cost_mm[0] == pytest.approx(1_350_000, abs=500)
    exact_m = got.cost_mm[0] / 1000
    assert len(_travel(net, [(200, 20)], [(1500, -30)], exact_m).demand) == 1
    assert len(_travel(net, [(200, 20)], [(1500, -30)], exact_m - 0.001).demand) == 0
    assert got.method == "street"


def test_on_one_street_people_walk_directly_along_it(net: Network) -> None:
    got = _travel(net, [(2000, 0)], [(2100, 0), (1900, 0), (2000, 0)], 500)
    assert got.cost_mm == pytest.approx([100_000, 100_000, 0], abs=100)


def test_islands_rivers_and_far_fields_are_told_and_never_covered(net: Network) -> None:
    places = [(100.0, 0.0), (100.0, 151.0), (100.0, 400.0), (9000.0, 0.0)]
    told = [AttachStatus.OK, AttachStatus.ISLAND, AttachStatus.TOO_FAR, AttachStatus.TOO_FAR]
    got = _travel(net, places, places, 100_000)
    assert got.site_status.tolist() == told
    assert got.demand_status.tolist() == told
    every = np.ones(4, dtype=bool)
    assert got.covered(every).tolist() == [True, False, False, False]
    assert got.nearest_mm(every).tolist() == [0, -1, -1, -1]
    assert [len(got.row(site)[0]) for site in range(4)] == [1, 0, 0, 0]


def test_coverage_and_the_nearest_site_follow_the_selection(net: Network) -> None:
    got = _travel(net, [(0, 0), (1000, 0), (3000, 0)], [(100, 0), (900, 0), (2900, 0)], 1000)
    none, first, two = np.zeros(3, bool), np.array([1, 0, 0], bool), np.array([1, 1, 0], bool)
    assert not got.covered(none).any()
    assert got.nearest_mm(none).tolist() == [-1, -1, -1]
    assert got.covered(first).tolist() == [True, True, False]
    assert got.nearest_mm(two) == pytest.approx([100_000, 100_000, -1], abs=100)
    assert got.covered(np.ones(3, bool)).all()


def test_taken_rows_are_the_rows(net: Network) -> None:
    got = _travel(net, [(0, 0), (9000, 9000), (1000, 0)], [(100, 0), (900, 0), (1500, 0)], 1000)
    part = got.take([2, 0, 2])
    assert part.sites == 3
    for new, old in enumerate([2, 0, 2]):
        assert np.array_equal(part.row(new)[0], got.row(old)[0])
        assert np.array_equal(part.row(new)[1], got.row(old)[1])
    assert part.site_status.tolist() == [0, 0, 0]
    assert got.take([]).sites == 0


def test_a_selection_must_be_one_boolean_per_site(net: Network) -> None:
    got = _travel(net, [(0, 0), (1000, 0)], [(100, 0)], 1000)
    with pytest.raises(ValueError, match=r"bool\[2\]"):
        got.covered([0, 1])
    with pytest.raises(ValueError, match=r"bool\[2\]"):
        got.nearest_mm([True])


@pytest.mark.parametrize("streets", [True, False], ids=["street", "straight"])
def test_nothing_on_either_side_gives_nothing(net: Network, *, streets: bool) -> None:
    where = net if streets else None
    assert _travel(where, [], [(0, 0)], 1000).covered(np.zeros(0, bool)).tolist() == [False]
    got = _travel(where, [(0, 0)], [], 1000)
    assert (got.sites, got.points, len(got.demand)) == (1, 0, 0)


@pytest.mark.parametrize("cutoff_m", [-1.0, np.nan, np.inf, 2e6])
def test_a_senseless_cutoff_is_a_fault_of_the_caller(net: Network, cutoff_m: float) -> None:
    for streets in (net, None):
        with pytest.raises(ValueError, match="cut-off"):
            _travel(streets, [(0, 0)], [(0, 0)], cutoff_m)


def test_positions_that_are_no_numbers_are_a_fault_of_the_caller(net: Network) -> None:
    for streets in (net, None):
        with pytest.raises(ValueError, match="finite"):
            travel(streets, [np.nan], [39.7], [116.4], [39.7], cutoff_m=500)


def test_without_streets_it_is_the_geodesic_times_the_one_factor() -> None:
    rng = np.random.default_rng(1)
    sites = [tuple(p) for p in rng.uniform(-3000, 3000, (20, 2))]
    demand = [tuple(p) for p in rng.uniform(-3000, 3000, (200, 2))]
    got = _travel(None, sites, demand, 1000)
    lon, lat = _degrees(sites)
    lon_2, lat_2 = _degrees(demand)
    geod, expected = Geod(ellps="WGS84"), []
    for i in range(20):
        metres = geod.inv(np.full(200, lon[i]), np.full(200, lat[i]), lon_2, lat_2)[2]
        mm = np.rint(metres * STRAIGHT_LINE_FACTOR * 1000)
        expected += [(i, j, int(mm[j])) for j in np.flatnonzero(mm <= 1_000_000).tolist()]
    site = np.repeat(np.arange(20), np.diff(got.indptr))
    rows = zip(site.tolist(), got.demand.tolist(), got.cost_mm.tolist(), strict=True)
    assert list(rows) == expected
    assert got.method == "straight_line"
    assert STRAIGHT_LINE_FACTOR == 1.35
    assert not got.site_status.any()


def test_the_straight_cutoff_is_inclusive() -> None:
    cost_m = _travel(None, [(0, 0)], [(500, 300)], 2000).cost_mm[0] / 1000
    assert len(_travel(None, [(0, 0)], [(500, 300)], cost_m).demand) == 1
    assert len(_travel(None, [(0, 0)], [(500, 300)], cost_m - 0.001).demand) == 0


def test_a_corner_building_may_use_both_streets() -> None:
    """The nearest street is the one along y = 0, 10 m off; that along x = 0 is 2 m farther."""
    lon, lat = FRAME.to_degrees(np.array([0.0, 800.0, 0.0]), np.array([0.0, 0.0, 800.0]))
    ways = [Way([0, 1], {"highway": "residential"}), Way([0, 2], {"highway": "residential"})]
    corner = network_from_ways(lon, lat, ways, source="test", licence="", date="")
    places = (*_degrees([(0, 500)]), *_degrees([(12, 10), (5000, 5000)]))
    one, both = (
        travel(corner, *places, cutoff_m=700, alternatives_m=extra) for extra in (0.0, 15.0)
    )
    assert one.cost_mm == pytest.approx([522_000], abs=300)
    assert both.cost_mm == pytest.approx([502_000], abs=300)
    assert one.demand_status.tolist() == both.demand_status.tolist() == [0, 1]


@pytest.fixture(scope="module")
def ride() -> Network:
    """Return a street of 3 km that e-bikes ride eastwards only, with a lane to wheel them back."""
    corners = [(0, 0), (3000, 0), (0, 60), (3000, 60)]
    lon, lat = FRAME.to_degrees(*np.array(corners, dtype=float).T)
    east = {"highway": "primary", "oneway": "yes"}
    ways = [Way([0, 1], east), Way([1, 3, 2, 0], {"highway": "footway"})]
    return network_from_ways(lon, lat, ways, source="test", licence="", date="", profile="ebike")


def test_a_timed_matrix_has_milliseconds_and_a_direction(ride: Network) -> None:
    """East at 15 km/h (4 min per km); who must go west goes on, then 3,120 m at 4.5 km/h."""
    places = (*_degrees([(2000, 0)]), *_degrees([(1000, 0), (2500, 0)]))
    there = travel(ride, *places, cutoff_s=3600)
    back = travel(ride, *places, cutoff_s=3600, direction="from_site")
    pushed_s = 3120 / (4.5 / 3.6)
    assert there.cost_unit == "ms"
    assert (there.cutoff_s, there.method) == (3600, "street")
    assert there.cost_ms.tolist() == pytest.approx(
        [240_000, (120 + pushed_s + 480) * 1000], rel=1e-3
    )
    assert back.cost_ms.tolist() == pytest.approx(
        [(240 + pushed_s + 240) * 1000, 120_000], rel=1e-3
    )


def test_a_timed_matrix_answers_as_its_rows_do(ride: Network) -> None:
    sites, demand = _degrees([(500, 0), (2000, 10), (9000, 0)]), _degrees([(100, 5), (1500, -20)])
    got = travel(ride, *sites, *demand, cutoff_s=600)
    attached_sites, points = (attach(ride, *part) for part in (sites, demand))
    indptr, point, cost = street_rows(ride, attached_sites, points, cutoff_s=600)
    assert np.array_equal(got.indptr, indptr)
    assert np.array_equal(got.demand, point)
    assert np.array_equal(got.cost_ms, cost)
    assert got.site_status.tolist() == [0, 0, 1]
    every = np.ones(3, dtype=bool)
    best, owner = nearest(ride, attached_sites, points, cutoff_s=600)
    assert np.array_equal(got.nearest_ms(every), best)
    assert np.array_equal(k_nearest(got, 1)[0][:, 0], owner)
    assert np.array_equal(got.take([1]).cost_ms, got.row(1)[1])


def test_nobody_takes_seconds_for_metres(net: Network, ride: Network) -> None:
    here = (*_degrees([(0, 0)]), *_degrees([(100, 0)]))
    timed, walked = travel(ride, *here, cutoff_s=600), travel(net, *here, cutoff_m=600)
    every = np.ones(1, dtype=bool)
    for got, unit in ((timed, "mm"), (walked, "ms")):
        with pytest.raises(ValueError, match=f"not in {unit}"):
            getattr(got, f"cost_{unit}")
        with pytest.raises(ValueError, match=f"not in {unit}"):
            getattr(got, "cutoff_m" if unit == "mm" else "cutoff_s")
        with pytest.raises(ValueError, match=f"not in {unit}"):
            getattr(got, f"nearest_{unit}")(every)


@pytest.mark.parametrize("wish", [{}, {"cutoff_m": 600, "cutoff_s": 600}])
def test_a_matrix_has_one_cutoff_and_that_of_its_profile(
    net: Network, ride: Network, wish: dict[str, Any]
) -> None:
    here = (*_degrees([(0, 0)]), *_degrees([(100, 0)]))
    for streets in (net, ride, None):
        with pytest.raises(ValueError, match="cutoff_m or cutoff_s"):
            travel(streets, *here, **wish)
    for streets in (net, None):
        with pytest.raises(ValueError, match="cutoff_m"):
            travel(streets, *here, cutoff_s=600)
    with pytest.raises(ValueError, match="cutoff_s"):
        travel(ride, *here, cutoff_m=600)


def test_the_engine_tells_its_name() -> None:
    assert engine() == ("numba" if COMPILED else "scipy")


def test_without_numba_the_same_integers_come_out(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites, demand = (
        [(0.0, 0.0), (100.0, 151.0), (2500.0, 10.0)],
        [(float(x), 5.0) for x in range(0, 4000, 70)],
    )
    first = _travel(net, sites, demand, 1000)
    monkeypatch.setattr(street, "COMPILED", False)
    monkeypatch.setattr(
        matrix,
        "street_rows",
        lambda *args, **kwargs: street.street_rows(*args, **kwargs, compiled=False),
    )
    second = _travel(net, sites, demand, 1000)
    assert engine() == "scipy"
    assert np.array_equal(first.indptr, second.indptr)
    assert np.array_equal(first.demand, second.demand)
    assert np.array_equal(first.cost_mm, second.cost_mm)


def test_where_numba_cannot_be_imported_everything_still_works() -> None:
    program = """
import sys
sys.modules["numba"] = None
from geo.catchments import engine, travel
from geo.streets import Way, network_from_ways
lon, lat = [116.40, 116.41, 116.43], [39.70, 39.70, 39.70]
way = Way([0, 1, 2], {"highway": "path"})
net = network_from_ways(lon, lat, [way], source="", licence="", date="")
got = travel(net, [116.40], [39.70], [116.405, 116.42], [39.7003, 39.70], cutoff_m=1000)
print(engine(), got.demand.tolist(), got.demand_status.tolist())
"""
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "scipy [0] [0, 0]"


def test_blocks_that_fill_up_change_nothing(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    sites = [(float(x), 0.0) for x in range(0, 4000, 97)]
    demand = [(float(x), 5.0) for x in range(0, 4000, 31)]
    first = _travel(net, sites, demand, 1000)
    monkeypatch.setattr(search, "BLOCK_ENTRIES", 1)
    second = _travel(net, sites, demand, 1000)
    assert np.array_equal(first.indptr, second.indptr)
    assert np.array_equal(first.demand, second.demand)
    assert np.array_equal(first.cost_mm, second.cost_mm)


@pytest.mark.parametrize(
    "site", [(116.4, 39.7), (10.0, -60.0), (179.999, 5.0), (3.0, 84.9), (50.0, 89.999), (0.0, 0.0)]
)
@pytest.mark.parametrize("cutoff_m", [900.0, 40_000.0])
def test_looking_near_a_place_only_loses_nothing(
    site: Place, cutoff_m: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = np.random.default_rng(round(site[0] + cutoff_m))
    away = draws.uniform(-1.2, 1.2, (2, 400)) * cutoff_m / 110_000
    lon = site[0] + away[0] / max(np.cos(np.radians(site[1])), 1e-4)
    lon, lat = (lon + 180) % 360 - 180, np.clip(site[1] + away[1], -90, 90)
    near = travel(None, [site[0]], [site[1]], lon, lat, cutoff_m=cutoff_m)
    monkeypatch.setattr(straight, "_may_reach", lambda *_: np.ones(400, dtype=bool))
    whole = travel(None, [site[0]], [site[1]], lon, lat, cutoff_m=cutoff_m)
    assert 0 < len(whole.demand) < 400
    assert np.array_equal(near.demand, whole.demand)
    assert np.array_equal(near.cost, whole.cost)
