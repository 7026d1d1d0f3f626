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


def of_size(pairs: int) -> Circle:
    none = np.zeros(pairs, dtype=np.int32)
    return Circle(none.astype(np.int64), none, none.astype(np.float64), 1)


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


def test_the_longest_unasked_go_first_and_what_is_too_large_is_not_kept() -> None:
    kept = Kept(most_pairs=10)
    kept.put(b"a", of_size(4))
    kept.put(b"b", of_size(4))
    assert kept.get(b"a") is not None
    kept.put(b"c", of_size(5))
    kept.put(b"d", of_size(11))
    held = [name for name in (b"a", b"b", b"c", b"d") if kept.get(name) is not None]
    assert held == [b"a", b"c"]
