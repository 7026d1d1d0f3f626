"""Street length around places, against shapely's circle."""

import numpy as np
import pytest
import shapely

from geo.crs import LocalFrame
from geo.streets import Network, Way, close_edges, network_from_ways, street_density

FRAME = LocalFrame(116.40, 39.70)


def _grid(step_m: float, side: int = 21) -> Network:
    half = step_m * (side - 1) / 2
    x, y = (part.ravel() * step_m - half for part in np.meshgrid(np.arange(side), np.arange(side)))
    lon, lat = FRAME.to_degrees(x, y)
    number = np.arange(side * side).reshape(side, side)
    rows = [*number.tolist(), *number.T.tolist()]
    ways = [Way(row, {"highway": "residential"}, i + 1) for i, row in enumerate(rows)]
    return network_from_ways(lon, lat, ways, source="", licence="", date="")


def test_a_grid_of_streets_has_its_known_density() -> None:
    # Lines every 100 m in two directions: 20 km per km2, and lines end at 1 km.
    got = street_density(_grid(100.0), 116.40, 39.70, radius_m=870.0)
    assert got == pytest.approx([20.0], rel=0.02)


def test_lengths_are_what_shapely_cuts_out_of_a_circle() -> None:
    net = _grid(173.0)
    rng = np.random.default_rng(0)
    places = rng.uniform(-2200, 2200, (50, 2))
    got = street_density(net, *FRAME.to_degrees(*places.T), radius_m=400.0)
    lines = shapely.MultiLineString(
        [
            np.stack(FRAME.to_m(net.geom_lon[a:b], net.geom_lat[a:b]), axis=1)
            for a, b in zip(net.geom_ptr[:-1], net.geom_ptr[1:], strict=True)
        ]
    )
    for (x, y), density in zip(places.tolist(), got.tolist(), strict=True):
        circle = shapely.Point(x, y).buffer(400.0, quad_segs=2000)
        expected = lines.intersection(circle).length / 1e3 / (np.pi * 0.4**2)
        assert density == pytest.approx(expected, rel=2e-3, abs=0.02)


def test_closed_streets_do_not_count() -> None:
    net = _grid(100.0)
    assert street_density(net, 116.40, 39.70)[0] > 0.0
    closed = close_edges(net, np.arange(net.edges - 1))
    assert street_density(closed, 116.40, 39.70)[0] == 0.0


def test_far_away_there_is_no_street_and_a_radius_is_positive() -> None:
    net = _grid(100.0)
    assert street_density(net, [0.0, 116.4], [0.0, 39.7])[0] == 0.0
    with pytest.raises(ValueError, match="radius"):
        street_density(net, 116.4, 39.7, radius_m=0.0)
