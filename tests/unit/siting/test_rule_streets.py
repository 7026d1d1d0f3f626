import numpy as np
import pytest

from geo.streets import Way, network_from_ways
from siting.rules.reach import Pairs
from siting.rules.streets import StreetSamples, main_street_samples
from tests.unit.siting.tables import LON, main_street_town, place

CLASSES = ("primary",)


def two_lines(apart_m: float, *, names: tuple[str, str]) -> StreetSamples:
    """Return samples of two parallel kilometres, joined at their west ends by a lane."""
    at = [place(x, y) for y in (0, apart_m) for x in (0, 1000)]
    ways = [
        Way((0, 1), {"highway": "primary", "name": names[0]}),
        Way((2, 3), {"highway": "primary", "name": names[1]}),
        Way((0, 2), {"highway": "residential"}),
    ]
    lon, lat = (np.array([spot[axis] for spot in at]) for axis in ("lon", "lat"))
    net = network_from_ways(lon, lat, ways, source="test", licence="", date="")
    return main_street_samples(net, CLASSES)


def test_samples_stand_for_the_whole_street_and_nothing_else() -> None:
    net = main_street_town()
    samples = main_street_samples(net, CLASSES)
    assert samples.length_m.sum() == pytest.approx(1000, rel=2e-3)
    assert samples.length_m.max() <= 25
    assert {net.names[index] for index in samples.name} == {"兴丰大街"}
    assert len(main_street_samples(net, ("motorway",)).lon) == 0


def test_two_carriageways_of_one_street_count_once() -> None:
    samples = two_lines(30, names=("京开路", "京开路"))
    # Towards the ends the circle is half empty, so that pieces there are thinned less.
    assert 1000 <= samples.length_m.sum() <= 1200
    middle = np.abs(samples.lon - place(500, 0)["lon"]) < np.abs(place(250, 0)["lon"] - LON)
    assert samples.length_m[middle].sum() == pytest.approx(500, rel=0.06)


@pytest.mark.parametrize(
    ("apart_m", "names"), [(30.0, ("京开路", "兴丰大街")), (600.0, ("京开路", "京开路"))]
)
def test_two_streets_count_twice(apart_m: float, names: tuple[str, str]) -> None:
    samples = two_lines(apart_m, names=names)
    assert samples.length_m.sum() == pytest.approx(2000, rel=2e-3)


def test_of_equal_values_the_nearest_is_the_greatest() -> None:
    pairs = Pairs(
        candidate=np.array([0, 0, 0, 2]),
        other=np.array([0, 1, 2, 1], dtype=np.int32),
        cost_mm=np.array([500, 300, 100, 900], dtype=np.int32),
        candidates=3,
    )
    assert pairs.greatest(np.array([7.0, 7.0, 1.0])).tolist() == [1, -1, 1]
    assert pairs.greatest(np.array([7.0, 7.0, 1.0]), limit_mm=200).tolist() == [2, -1, -1]
    assert pairs.sums(np.array([7.0, 7.0, 1.0]), reach_m=0.3).tolist() == [8, 0, 0]
