import base64
import io
import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from reports.webmap.surfaces import DENSITY_COLOURS, GAP_COLOURS, class_breaks, make_surfaces

HERE = (116.3, 39.7)


def pixels(png: bytes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the classes and the colours (red, green, blue, opacity) of a picture."""
    image = Image.open(io.BytesIO(png))
    return np.array(image), np.array(image.convert("RGBA"))


def mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def test_no_workers_no_surface() -> None:
    none = np.zeros(0)
    assert make_surfaces(none, none, none, none) == ()
    one = np.array([1.0])
    assert make_surfaces(one, one, 0 * one, 0 * one) == ()


def test_the_darkest_place_is_where_the_workers_are() -> None:
    lon, lat = np.array([116.20, 116.50]), np.array([39.50, 39.90])
    workers = np.array([5.0, 5000.0])
    _, density = make_surfaces(lon, lat, workers, workers)
    classes, _ = pixels(density.png)
    west, south, east, north = density.bounds
    rows, columns = np.nonzero(classes == classes.max())
    x = west + (columns.mean() + 0.5) / classes.shape[1] * (east - west)
    share = (rows.mean() + 0.5) / classes.shape[0]
    y = mercator(north) - share * (mercator(north) - mercator(south))
    metres = 111_320.0
    assert abs(x - 116.50) * metres * math.cos(math.radians(39.9)) < 130
    assert abs(math.degrees(2 * math.atan(math.exp(y)) - math.pi / 2) - 39.90) * metres < 130


def test_covered_workers_leave_the_gap_but_not_the_density() -> None:
    lon, lat = np.array([116.2, 116.4]), np.array([39.7, 39.7])
    workers, uncovered = np.array([1000.0, 1000.0]), np.array([1000.0, 0.0])
    gap, density = make_surfaces(lon, lat, workers, uncovered)
    assert gap.breaks == density.breaks
    gap_classes, density_classes = pixels(gap.png)[0], pixels(density.png)[0]
    east_half = slice(gap_classes.shape[1] // 2, None)
    assert gap_classes[:, east_half].max() == 0
    assert density_classes[:, east_half].max() > 0


def test_empty_ground_is_transparent_and_colours_are_those_of_the_legend() -> None:
    lon, lat = np.array([116.2, 116.4]), np.array([39.7, 39.7])
    workers = np.array([100.0, 30_000.0])
    gap, _ = make_surfaces(lon, lat, workers, workers)
    classes, colours = pixels(gap.png)
    shown = {
        tuple(colours[y, x].tolist())
        for number in range(len(gap.breaks) + 1)
        for y, x in np.argwhere(classes == number)[:1]
    }
    legend = {tuple(bytes.fromhex(colour[1:])) for colour in gap.colours}
    assert {colour for colour in shown if colour[3]} <= legend
    assert any(colour[3] == 0 for colour in shown)


def test_breaks_are_round_and_grow() -> None:
    values = np.geomspace(1, 3000, 500, dtype=np.float32)
    breaks = class_breaks(values)
    assert breaks == (100.0, 200.0, 500.0, 1000.0, 2000.0)
    assert class_breaks(np.zeros((2, 2), dtype=np.float32))[0] > 0


@pytest.mark.parametrize("points", [1, 2, 500])
def test_any_number_of_points_gives_a_small_picture(points: int) -> None:
    rng = np.random.default_rng(points)
    lon, lat = HERE[0] + rng.normal(0, 0.1, points), HERE[1] + rng.normal(0, 0.1, points)
    workers = rng.gamma(1, 50, points)
    for surface in make_surfaces(lon, lat, workers, workers):
        assert len(surface.png) < 40_000
        assert len(surface.colours) == len(surface.breaks)


@pytest.mark.parametrize("ramp", [GAP_COLOURS, DENSITY_COLOURS])
def test_lightness_alone_tells_the_order(ramp: tuple[str, ...]) -> None:
    # ITU-R BT.709 luminance: what is left when no hue can be told apart.
    weights = (0.2126, 0.7152, 0.0722)
    light = [
        sum(w * part for w, part in zip(weights, bytes.fromhex(c[1:]), strict=True)) for c in ramp
    ]
    assert all(a - b > 12 for a, b in pairwise(light))


def test_the_light_picture_is_the_same_picture() -> None:
    draws = np.random.default_rng(5)
    lon, lat = draws.normal(116.3, 0.02, 60), draws.normal(39.7, 0.02, 60)
    workers = np.full(60, 40.0)
    for surface in make_surfaces(lon, lat, workers, workers / 2, workers / 4):
        kind, told = surface.light_uri.split(",")
        assert kind == "data:image/webp;base64"
        with Image.open(io.BytesIO(surface.png)) as png:
            first = np.asarray(png.convert("RGBA"))
        with Image.open(io.BytesIO(base64.b64decode(told))) as webp:
            second = np.asarray(webp.convert("RGBA"))
        seen = first[..., 3] > 0
        assert np.array_equal(first[..., 3], second[..., 3])
        assert np.array_equal(first[seen], second[seen])
