"""Values that others published, through the same problem as our own plans."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from siting.allocation import solve
from tests.published import SUITES, covering

pytestmark = pytest.mark.outside_data
MAXIMO_EARTH_M = 6_378_100.0


def check(suite: str, folder: Path, size: int, *names: str) -> None:
    """Hold ours against every case of a suite whose name begins with one of `names`."""
    cases = [case for case in SUITES[suite](folder / "instances") if case.name.startswith(names)]
    assert len(cases) == size
    for case in cases:
        found = case.ready()(120.0)
        assert case.exact(found), (case.name, found)
        assert found.status == "optimal", (case.name, found)


def test_church_and_revelle_1974_and_swain(outside_data: Path) -> None:
    check("swain55", outside_data, 17, "")


def test_york_existing_and_twenty_new(outside_data: Path) -> None:
    check("york", outside_data, 2, "")


def test_salt_lake_county_with_two_kinds(outside_data: Path) -> None:
    check("slc", outside_data, 1, "")


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("SJC324", 10),
        pytest.param("SJC500", 15, marks=pytest.mark.full),
        pytest.param("SJC818", 25, marks=pytest.mark.full),
    ],
)
def test_lorena_and_pereira_sao_jose_dos_campos(outside_data: Path, name: str, size: int) -> None:
    check("sjc", outside_data, size, name)


@pytest.mark.full
def test_cordeau_furini_and_ljubic_2019(outside_data: Path) -> None:
    check("cordeau", outside_data, 19, "")


@pytest.mark.full
@pytest.mark.parametrize("city", ["NewYork", "SanFrancisco"])
def test_maximo_cities_are_within_a_percent_of_the_best_known(
    outside_data: Path, city: str
) -> None:
    folder = outside_data / "instances" / "maximo"
    nodes = pd.read_csv(folder / f"{city}.csv")
    lat, lon = np.radians(nodes["lat"].to_numpy()), np.radians(nodes["lon"].to_numpy())
    cosine = np.sin(lat)[:, None] * np.sin(lat)
    cosine += np.cos(lat)[:, None] * np.cos(lat) * np.cos(lon[:, None] - lon)
    apart = (MAXIMO_EARTH_M * np.arccos(np.clip(cosine, -1, 1))).astype(np.float32)
    np.fill_diagonal(apart, 0)
    weights = nodes["demand"].to_numpy(dtype=float)
    short = []
    for row in pd.read_csv(folder / "expected.csv").query("instance == @city").to_dict("records"):
        task = covering(apart <= row["radius_m"], weights, int(row["p"]))
        solution = solve(task, time_limit_s=30)
        assert solution.bound >= row["best_known_covered"]
        short.append(1 - solution.after / row["best_known_covered"])
    assert np.mean(short) <= 0.003
    assert max(short) <= 0.008
