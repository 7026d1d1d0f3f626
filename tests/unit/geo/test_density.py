"""People per square kilometre as a raster."""

from typing import Any

import numpy as np
import pytest

from geo import density
from geo.crs import geodesic_m
from geo.density import Raster, kernel_density, spread

LON, LAT = 116.40, 39.70
PLACE: dict[str, Any] = {"lon": [LON], "lat": [LAT], "weight": [1000.0]}


def _people(raster: Raster) -> float:
    return float((raster.values * raster.cell_km2[:, None]).sum())


@pytest.mark.parametrize(("cell_m", "bandwidth_m"), [(100, 500), (50, 300), (100, 30), (250, 250)])
def test_nobody_is_gained_or_lost(cell_m: float, bandwidth_m: float) -> None:
    rng = np.random.default_rng(4)
    lon, lat = LON + rng.normal(0, 0.05, 500), LAT + rng.normal(0, 0.05, 500)
    weight = rng.integers(0, 90, 500)
    raster = kernel_density(lon, lat, weight, cell_m=cell_m, bandwidth_m=bandwidth_m)
    assert _people(raster) == pytest.approx(weight.sum(), rel=1e-4)


def test_one_point_has_the_quartic_shape() -> None:
    raster = kernel_density(**PLACE, cell_m=10, bandwidth_m=500)
    rows, columns = raster.values.shape
    lon = raster.west + (np.arange(columns) + 0.5) * (raster.east - raster.west) / columns
    grid_lon, grid_lat = np.meshgrid(lon, raster.row_lat)
    flat = [part.ravel() for part in (grid_lon, grid_lat)]
    metres = geodesic_m(np.full(rows * columns, LON), np.full(rows * columns, LAT), *flat)
    expected = 3 / (np.pi * 0.5**2) * np.clip(1 - (metres / 500) ** 2, 0, None) ** 2 * 1000
    assert raster.values.ravel() == pytest.approx(expected, abs=4)
    assert raster.values.max() == pytest.approx(3 / (np.pi * 0.25) * 1000, rel=0.001)


def test_row_zero_is_the_north() -> None:
    raster = kernel_density(
        **PLACE,
        cell_m=100,
        bandwidth_m=150,
        bounds=(LON - 0.01, LAT - 0.03, LON + 0.02, LAT + 0.01),
    )
    row, column = np.unravel_index(raster.values.argmax(), raster.values.shape)
    assert raster.row_lat[row] == pytest.approx(LAT, abs=0.001)
    assert row < len(raster.values) / 2
    assert column < raster.values.shape[1] / 2


def test_bounds_are_kept_and_what_lies_outside_is_left_out() -> None:
    bounds = (LON, LAT, LON + 0.03, LAT + 0.03)
    raster = kernel_density(**PLACE, cell_m=20, bandwidth_m=400, bounds=bounds)
    assert (raster.west, raster.south, raster.east, raster.north) == bounds
    # The point is in the corner: a quarter of its people are inside, and the border gains none.
    assert _people(raster) == pytest.approx(250, rel=0.05)


def test_two_rasters_of_the_same_bounds_lie_on_each_other() -> None:
    rng = np.random.default_rng(8)
    lon, lat = LON + rng.normal(0, 0.05, 50), LAT + rng.normal(0, 0.05, 50)
    first = kernel_density(lon, lat, np.ones(50), cell_m=77, bandwidth_m=400)
    box = (first.west, first.south, first.east, first.north)
    second = kernel_density(lon, lat, np.ones(50), cell_m=77, bandwidth_m=400, bounds=box)
    assert np.array_equal(first.values, second.values)


def test_points_far_outside_the_bounds_cost_nothing() -> None:
    bounds = (LON, LAT, LON + 0.03, LAT + 0.03)
    lon, lat, weight = [LON + 0.01, 0.0, 116.4], [LAT + 0.01, 0.0, 89.9999], [5.0, 9.0, 9.0]
    raster = kernel_density(lon, lat, weight, cell_m=100, bandwidth_m=500, bounds=bounds)
    assert _people(raster) == pytest.approx(5, rel=1e-4)


def test_without_points_the_bounds_are_empty() -> None:
    raster = kernel_density(
        [], [], [], cell_m=100, bandwidth_m=300, bounds=(LON, LAT, LON + 0.01, LAT + 0.01)
    )
    assert raster.values.dtype == np.float32
    assert not raster.values.any()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cell_m": 0}, "cell"),
        ({"bandwidth_m": -1}, "bandwidth"),
        ({"cell_m": np.nan}, "cell"),
        ({"lon": [np.nan]}, "finite"),
        ({"weight": [-1.0]}, "negative"),
        ({"lon": [], "lat": [], "weight": []}, "neither"),
        ({"bounds": (LON, LAT, LON, LAT)}, "bounds"),
        ({"bounds": (0.0, 0.0, 90.0, 45.0)}, "cells"),
    ],
    ids=["cell", "bandwidth", "nan cell", "nan", "negative", "none", "bounds", "cells"],
)
def test_senseless_arguments_are_a_fault_of_the_caller(
    change: dict[str, object], says: str
) -> None:
    arguments: dict[str, Any] = {**PLACE, "cell_m": 100, "bandwidth_m": 300, **change}
    with pytest.raises(ValueError, match=says):
        kernel_density(**arguments)


@pytest.mark.parametrize("kept", [0, density.MOST_KEPT], ids=["anew", "kept"])
def test_other_weights_of_the_same_points_need_no_other_shares(
    kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(density, "MOST_KEPT", kept)
    monkeypatch.setattr(density, "_AT_ONCE", 2000)  # some points at a time
    rng = np.random.default_rng(kept + 6)
    lon, lat = LON + rng.normal(0, 0.01, 70), LAT + rng.normal(0, 0.01, 70)
    first, second = rng.integers(0, 90, (2, 70))
    around = spread(lon, lat, cell_m=120, bandwidth_m=500)
    both = around.raster(first).values + around.raster(second).values
    assert around.raster(first + second).values == pytest.approx(both, rel=1e-5)
    alone = [around.raster(np.where(np.arange(70) == n, first, 0)).values for n in range(70)]
    assert np.sum(alone, axis=0) == pytest.approx(around.raster(first).values, rel=1e-4)
    with pytest.raises(ValueError, match="negative"):
        around.raster(-first - 1)
