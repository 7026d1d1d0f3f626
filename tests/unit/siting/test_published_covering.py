"""Values that others published, through the same problem as our own plans."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from siting.allocation import Problem, solve

pytestmark = pytest.mark.outside_data
EARTH_KM = 6371.0


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


def test_lorena_and_pereira_sao_jose_dos_campos(outside_data: Path) -> None:
    folder = outside_data / "instances" / "sjc"
    expected = pd.read_csv(folder / "expected.csv").query("instance == 'SJC324'")
    nodes = pd.read_csv(folder / "SJC324.csv")
    x, y, weight = (nodes.iloc[:, column].to_numpy(dtype=float) for column in (-3, -2, -1))
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    for row in expected.to_dict("records"):
        solution = solve(covering(apart <= row["radius_m"], weight, int(row["p"])))
        assert math.isclose(solution.after, row["optimal_covered"]), row
        assert solution.status == "optimal"
