"""Metres around a place."""

import numpy as np
import pytest
from pyproj import Geod, Transformer

from geo.crs import METRES_PER_DEGREE_MIN, LocalFrame, geodesic_m, metres_per_degree


@pytest.mark.parametrize("lat", [0.0, 22.5, 39.7, 53.5, -30.0])
def test_two_hundred_metres_err_by_less_than_a_centimetre(lat: float) -> None:
    geod = Geod(ellps="WGS84")
    azimuth = np.arange(0.0, 360.0, 15.0)
    start = np.full_like(azimuth, 116.4), np.full_like(azimuth, lat)
    lon, lat_2, _ = geod.fwd(*start, azimuth, np.full_like(azimuth, 200.0))
    x, y = LocalFrame(116.4, lat).to_m(lon, lat_2)
    assert np.hypot(x, y) == pytest.approx(200.0, abs=0.01)


def test_there_and_back() -> None:
    frame = LocalFrame(116.4, 39.7)
    x, y = frame.to_m(*frame.to_degrees([10.0, -4000.0], [0.0, 900.0]))
    assert x == pytest.approx([10.0, -4000.0])
    assert y == pytest.approx([0.0, 900.0])


def test_metres_per_degree_agree_with_a_projection() -> None:
    to_m = Transformer.from_crs("EPSG:4326", "+proj=tmerc +lon_0=116.4 +lat_0=39.7", always_xy=True)
    x, y = to_m.transform([116.401, 116.4], [39.7, 39.701])
    per_lon, per_lat = metres_per_degree(39.7)
    assert per_lon * 0.001 == pytest.approx(x[0], rel=1e-5)
    assert per_lat * 0.001 == pytest.approx(y[1], rel=1e-4)


def test_no_degree_of_latitude_is_shorter_than_the_stated_minimum() -> None:
    per_lat = metres_per_degree(np.linspace(-85, 85, 171))[1]
    assert METRES_PER_DEGREE_MIN <= per_lat.min() < METRES_PER_DEGREE_MIN + 1


def test_geodesic_lengths_are_those_of_the_ellipsoid() -> None:
    # A quarter of the meridian of WGS-84, published: 10,001,965.729 m.
    assert geodesic_m([116.4], [0.0], [116.4], [90.0]) == pytest.approx(10_001_965.729, abs=0.001)
    assert geodesic_m([], [], [], []).shape == (0,)
