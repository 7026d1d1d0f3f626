"""Metres of main street, along its axis, on made-up streets where they are known."""

from collections.abc import Sequence

import numpy as np
import pytest

from geo.streets import Network, Way, attach, network_from_ways
from siting.rules.reach import Pairs
from siting.rules.streets import NO_STREET, STEP_M, front_streets
from tests.unit.siting.tables import place

REACH_M = 500.0
Line = tuple[Sequence[tuple[float, float]], str, str]


def streets(*lines: Line) -> Network:
    """Return a network of lines (metres east and north, OSM class, name); equal spots are one."""
    spots = list(dict.fromkeys(spot for line, _, _ in lines for spot in line))
    at = [place(*spot) for spot in spots]
    ways = [
        Way(tuple(spots.index(spot) for spot in line), {"highway": highway, "name": name})
        for line, highway, name in lines
    ]
    lon, lat = (np.array([spot[axis] for spot in at]) for axis in ("lon", "lat"))
    return network_from_ways(lon, lat, ways, source="test", licence="", date="")


def front(
    net: Network, x: float, y: float, *, reach_m: float = REACH_M, front_m: float = 40.0
) -> tuple[str, float]:
    """Return name and metres of the main street that a place opens onto."""
    spot = place(x, y)
    sites = attach(net, [spot["lon"]], [spot["lat"]])
    found = front_streets(net, sites, ("primary",), front_m=front_m, reach_m=reach_m)
    index = int(found.name[0])
    return (net.names[index] if index >= 0 else str(index)), float(found.length_m[0])


def carriageways(*, joined: bool, names: tuple[str, str] = ("京开路", "京开路")) -> Network:
    """Return two kilometre-long lines 30 m apart, joined in the middle or far in the west only."""
    lanes: list[Line] = [([(-900, 0), (-900, 30)], "residential", "")]
    if joined:
        lanes.append(([(0, 0), (0, 30)], "residential", ""))
    return streets(
        ([(-900, 0), (0, 0), (900, 0)], "primary", names[0]),
        ([(-900, 30), (0, 30), (900, 30)], "primary", names[1]),
        *lanes,
    )


def test_a_single_street_is_exact_and_the_access_leg_counts() -> None:
    net = streets(([(-900, 0), (900, 0)], "primary", "兴丰大街"))
    name, metres = front(net, 100, -20)
    assert name == "兴丰大街"
    assert metres == pytest.approx(2 * (500 - 20), rel=2e-3)
    # 300 m from its end.
    assert front(net, 600, 0)[1] == pytest.approx(500 + 300, rel=2e-3)


def test_two_carriageways_reached_count_once() -> None:
    # The far one is reached through the lane, 30 m later, so that it lies beside the near one.
    name, metres = front(carriageways(joined=True), 0, -10)
    assert name == "京开路"
    assert metres == pytest.approx(2 * (500 - 10), abs=2 * STEP_M)


def test_a_carriageway_that_is_not_reached_neither_adds_nor_takes_away() -> None:
    _, metres = front(carriageways(joined=False), 0, -10)
    assert metres == pytest.approx(2 * (500 - 10), rel=2e-3)


def test_what_only_the_other_carriageway_reaches_counts_too() -> None:
    near = ([(-900, 0), (0, 0), (100, 0)], "primary", "京开路")
    far = ([(0, 30), (900, 30)], "primary", "京开路")
    net = streets(near, far, ([(0, 0), (0, 30)], "residential", ""))
    # 500 m west; east 100 m of the near one, then the far one to 470 m.
    assert front(net, 0, 0)[1] == pytest.approx(500 + 470, abs=2 * STEP_M)


def test_streets_of_two_names_do_not_mix() -> None:
    name, metres = front(carriageways(joined=True, names=("京开路", "兴丰大街")), 0, -10)
    assert name == "京开路"
    assert metres == pytest.approx(2 * (500 - 10), rel=2e-3)


def test_carriageways_far_apart_count_each() -> None:
    net = streets(
        ([(-900, 0), (0, 0), (900, 0)], "primary", "京开路"),
        ([(-900, 60), (0, 60), (900, 60)], "primary", "京开路"),
        ([(0, 0), (0, 60)], "residential", ""),
    )
    assert front(net, 0, 0)[1] == pytest.approx(1000 + 2 * 440, rel=2e-3)


@pytest.mark.parametrize("highway", ["primary", "residential"])
def test_a_crossing_street_of_another_name_adds_nothing(highway: str) -> None:
    net = streets(
        ([(-900, 0), (0, 0), (900, 0)], "primary", "兴丰大街"),
        ([(0, -900), (0, 0), (0, 900)], highway, "富强路"),
    )
    name, metres = front(net, 60, 10)
    assert name == "兴丰大街"
    assert metres == pytest.approx(2 * (500 - 10), rel=2e-3)


def test_a_loop_is_counted_as_far_as_it_is_reached() -> None:
    corners = [(0.0, 0.0), (250.0, 0.0), (250.0, 200.0), (0.0, 200.0)]
    net = streets(([*corners, corners[0]], "primary", "环路"))
    assert front(net, 100, 0)[1] == pytest.approx(900, rel=2e-3)
    assert front(net, 100, 0, reach_m=300)[1] == pytest.approx(600, rel=2e-3)


def test_a_bend_is_not_beside_itself() -> None:
    turn = np.linspace(0, np.pi, 37)
    arc = [(float(100 * np.sin(t)), float(100 - 100 * np.cos(t))) for t in turn]
    net = streets((arc, "primary", "弯路"))
    assert front(net, 100, 100)[1] == pytest.approx(100 * np.pi, rel=3e-3)


def test_carriageways_around_a_bend_count_once() -> None:
    turn = np.linspace(0, np.pi / 2, 46)
    inner, outer = (
        [(float(r * np.sin(t)), float(300 - r * np.cos(t))) for t in turn] for r in (270, 300)
    )
    net = streets(
        (inner, "primary", "弯路"),
        (outer, "primary", "弯路"),
        ([inner[0], outer[0]], "residential", ""),
    )
    _, metres = front(net, *outer[0], reach_m=2000)
    assert 270 * np.pi / 2 - 2 * STEP_M <= metres <= 300 * np.pi / 2 + 2 * STEP_M


def test_the_front_is_the_nearest_main_street_within_its_limit() -> None:
    net = streets(([(-900, 0), (900, 0)], "primary", "兴丰大街"))
    assert front(net, 0, 39)[0] == "兴丰大街"
    assert front(net, 0, 41)[0] == str(NO_STREET)
    assert np.isnan(front(net, 0, 41)[1])
    lane = streets(
        ([(-900, 0), (0, 0), (900, 0)], "primary", ""), ([(0, 0), (0, 300)], "residential", "巷")
    )
    # A street without a name is a street; the walk along the lane counts as well as the leg.
    name, metres = front(lane, 5, 30)
    assert name == "-1"
    assert metres == pytest.approx(2 * (500 - 35), rel=2e-3)
    assert front(lane, 5, 36)[0] == str(NO_STREET)


def test_a_place_off_the_streets_opens_onto_none() -> None:
    net = streets(([(-900, 0), (900, 0)], "primary", "兴丰大街"))
    assert front(net, 0, 900, front_m=2000)[0] == str(NO_STREET)


def test_of_equal_values_the_nearest_is_the_greatest() -> None:
    pairs = Pairs(
        candidate=np.array([0, 0, 0, 2]),
        other=np.array([0, 1, 2, 1], dtype=np.int32),
        cost_mm=np.array([500, 300, 100, 900], dtype=np.int32),
        candidates=3,
    )
    assert pairs.greatest(np.array([7.0, 7.0, 1.0])).tolist() == [1, -1, 1]
    assert pairs.sums(np.array([7.0, 7.0, 1.0]), reach_m=0.3).tolist() == [8, 0, 0]
