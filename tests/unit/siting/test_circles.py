"""What lies around places: the pairs of a plain search, found once, given up when too many."""

import numpy as np
import pytest
from pyproj import Geod

from siting import circles
from siting.circles import Circle, Kept, circle

DRAWS = np.random.default_rng(11)
LON, LAT = 116.3 + DRAWS.random(40) / 50, 39.7 + DRAWS.random(40) / 50
TO_LON, TO_LAT = 116.3 + DRAWS.random(90) / 50, 39.7 + DRAWS.random(90) / 50


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circles, "_KEPT", Kept())


@pytest.mark.parametrize("radius_m", [0.0, 150.0, 800.0])
def test_pairs_are_those_within_the_radius(radius_m: float) -> None:
    found = circle(LON, LAT, TO_LON, TO_LAT, radius_m)
    every = np.indices((len(LON), len(TO_LON))).reshape(2, -1)
    a, b = every
    metres = Geod(ellps="WGS84").inv(LON[a], LAT[a], TO_LON[b], TO_LAT[b])[2]
    near = metres <= radius_m
    assert list(zip(found.place, found.other, strict=True)) == list(
        zip(*every[:, near], strict=True)
    )
    assert found.metres == pytest.approx(metres[near], abs=1e-3)


def test_the_same_question_is_answered_once() -> None:
    first = circle(LON, LAT, TO_LON, TO_LAT, 300.0)
    assert circle(LON.copy(), LAT.copy(), TO_LON, TO_LAT, 300.0) is first
    assert not first.metres.flags.writeable
    moved = LON + np.eye(1, len(LON))[0] * 1e-6
    others = [
        circle(moved, LAT, TO_LON, TO_LAT, 300.0),
        circle(LON, LAT, TO_LON, TO_LAT, 301.0),
        circle(LON[:-1], LAT[:-1], TO_LON, TO_LAT, 300.0),
        circle(TO_LON, TO_LAT, LON, LAT, 300.0),
    ]
    assert all(other is not first for other in others)


def test_fewer_places_are_answered_from_more() -> None:
    kept = Kept()
    kept.circle(LON, LAT, TO_LON, TO_LAT, 500.0)
    found = kept.circle(LON[:30], LAT[:30], TO_LON, TO_LAT, 500.0)
    anew = Kept().circle(LON[:30], LAT[:30], TO_LON, TO_LAT, 500.0)
    assert found.places == 30
    for one, other in zip(told(found), told(anew), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("size", [30, 40, 45])
def test_places_that_moved_came_or_went_are_looked_around_anew(size: int) -> None:
    draws = np.random.default_rng(size)
    lon, lat = np.resize(LON, size), np.resize(LAT, size)
    before = Kept()
    before.circle(LON, LAT, TO_LON, TO_LAT, 500.0)
    for place in draws.integers(0, size, 3).tolist():
        lon[place] += 2e-3
        found = before.circle(lon, lat, TO_LON, TO_LAT, 500.0)
        anew = Kept().circle(lon, lat, TO_LON, TO_LAT, 500.0)
        assert found.places == anew.places
        for one, other in zip(told(found), told(anew), strict=True):
            np.testing.assert_array_equal(one, other)


def told(found: Circle) -> tuple[np.ndarray, ...]:
    return found.place, found.other, found.metres


def test_the_longest_unasked_go_first_and_what_is_too_large_is_not_kept() -> None:
    pairs = len(circle(LON, LAT, TO_LON, TO_LAT, 300.0).place)
    kept = Kept(2 * (pairs + len(LON)))
    first = kept.circle(LON, LAT, TO_LON, TO_LAT, 300.0)
    second = kept.circle(LON, LAT, TO_LON + 1e-9, TO_LAT, 300.0)
    assert kept.circle(LON, LAT, TO_LON, TO_LAT, 300.0) is first
    kept.circle(LON, LAT, TO_LON, TO_LAT + 1e-9, 300.0)
    large = kept.circle(LON, LAT, TO_LON, TO_LAT, 5000.0)
    assert kept.circle(LON, LAT, TO_LON, TO_LAT, 300.0) is first
    assert kept.circle(LON, LAT, TO_LON + 1e-9, TO_LAT, 300.0) is not second
    assert kept.circle(LON, LAT, TO_LON, TO_LAT, 5000.0) is not large
