"""Values that others published, through the same problem as our own plans."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.spatial import KDTree

from siting.allocation import Problem, solve

pytestmark = pytest.mark.outside_data
EARTH_KM = 6371.0
MAXIMO_EARTH_M = 6_378_100.0


def covering(reach: NDArray[np.bool_], weights: NDArray[np.float64], new: int) -> Problem:
    """Return a covering problem from a boolean matrix, candidates x demand points."""
    site, point = np.nonzero(reach)
    return Problem(
        weights=weights,
        covered=np.zeros(reach.shape[1], dtype=bool),
        indptr=np.concatenate([[0], np.cumsum(np.bincount(site, minlength=len(reach)))]),
        demand=point.astype(np.int32),
        cost_yuan=np.full(len(reach), 2000),
        allowed=np.ones(len(reach), dtype=bool),
        new=new,
    )


def haversine_m(one: pd.DataFrame, other: pd.DataFrame) -> NDArray[np.float64]:
    """Return metres between all pairs on a sphere, as the publication has it."""
    lat_1, lat_2 = (np.radians(table["lat"].to_numpy()) for table in (one, other))
    lon_1, lon_2 = (np.radians(table["long"].to_numpy()) for table in (one, other))
    half = np.sin((lat_2 - lat_1[:, None]) / 2) ** 2
    half += np.cos(lat_1)[:, None] * np.cos(lat_2) * np.sin((lon_2 - lon_1[:, None]) / 2) ** 2
    return np.asarray(2000 * EARTH_KM * np.arcsin(np.sqrt(half)), dtype=np.float64)


def test_church_and_revelle_1974(outside_data: Path) -> None:
    folder = outside_data / "instances" / "swain55"
    nodes = pd.read_csv(folder / "nodes.csv")
    expected = pd.read_csv(folder / "expected.csv").query("problem == 'MCLP'")
    places = nodes[["x", "y"]].to_numpy(dtype=float)
    apart = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    weights = nodes["population"].to_numpy(dtype=float)
    assert len(expected) >= 14
    for row in expected.to_dict("records"):
        solution = solve(covering(apart <= row["S"], weights, int(row["p"])))
        assert (solution.after, solution.status) == (float(row["expected"]), "optimal"), row


def test_york_existing_and_twenty_new(outside_data: Path) -> None:
    folder = outside_data / "instances" / "york"
    crimes = pd.read_csv(folder / "york_crime_2016_09.csv")
    buildings = pd.read_csv(folder / "york_listed_buildings.csv")
    existing = buildings[buildings["grade"] == "I"]
    spare = buildings[buildings["grade"] != "I"]
    radius_m, new = 100.0, 20
    covered = np.asarray((haversine_m(existing, crimes) <= radius_m).any(axis=0), dtype=np.bool_)
    task = covering(haversine_m(spare, crimes) <= radius_m, np.ones(len(crimes)), new)
    plan = Problem(
        weights=task.weights,
        covered=covered,
        indptr=task.indptr,
        demand=task.demand,
        cost_yuan=task.cost_yuan,
        allowed=task.allowed,
        new=new,
    )
    solution = solve(plan)
    assert (solution.before, len(crimes)) == (339, 1814)
    assert (solution.after, solution.status) == (540, "optimal")


@pytest.mark.parametrize(
    "name",
    ["SJC324", *(pytest.param(name, marks=pytest.mark.full) for name in ("SJC500", "SJC818"))],
)
def test_lorena_and_pereira_sao_jose_dos_campos(outside_data: Path, name: str) -> None:
    folder = outside_data / "instances" / "sjc"
    expected = pd.read_csv(folder / "expected.csv").query("instance == @name")
    nodes = pd.read_csv(folder / f"{name}.csv")
    x, y, weight = (nodes.iloc[:, column].to_numpy(dtype=float) for column in (-3, -2, -1))
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    for row in expected.to_dict("records"):
        solution = solve(covering(apart <= row["radius_m"], weight, int(row["p"])))
        assert math.isclose(solution.after, row["optimal_covered"]), row
        assert solution.status == "optimal"


@pytest.mark.full
def test_cordeau_furini_and_ljubic_2019(outside_data: Path) -> None:
    folder = outside_data / "instances" / "cordeau"
    spec = importlib.util.spec_from_file_location("gen_cordeau", folder / "gen_cordeau.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    for row in (
        pd.read_csv(folder / "expected.csv").query("m_customers <= 100000").to_dict("records")
    ):
        size, seed = int(row["m_customers"]), int(row["seed"])
        sites, _, points, demand = generator.generate(100, size, 1, 100, 1, 1, seed)
        reach = np.zeros((100, size), dtype=bool)
        for number, near in enumerate(KDTree(points).query_ball_point(sites, row["R"])):
            reach[number, near] = True
        task = covering(reach, demand.astype(float), int(row["budget"]))
        solution = solve(task, time_limit_s=120)
        assert (solution.after, solution.status) == (row["optimal_covered"], "optimal"), row


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
