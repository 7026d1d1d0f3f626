"""Set covers, p-medians and p-centers that others published: OR-Library, Swain, San Francisco."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import shortest_path
from scipy.spatial.distance import cdist

from geo.catchments import Travel
from siting.allocation.center import p_center
from siting.allocation.median import p_median
from siting.allocation.set_covering import CoveringProblem, cover
from siting.allocation.walks import WalkProblem

pytestmark = pytest.mark.outside_data
QUICK_COVERS = ["scp41", "scp51", "scp63"]
OPEN_COVERS = ["scpclr12", "scpcyc06"]
"""Not closed by anybody: best known 23 and 60."""

QUICK_WALKS = ["pmed1", "pmed5", "pmed9", "pmed15"]


def scp(file: Path) -> CoveringProblem:
    """Return a cover of OR-Library (Beasley 1990): sizes, costs, then the columns of every row."""
    numbers = np.array(file.read_text(encoding="ascii").split(), dtype=np.int64)
    rows, columns = numbers[:2].tolist()
    at, row, column = 2 + columns, [], []
    for number in range(rows):
        size = int(numbers[at])
        column.append(numbers[at + 1 : at + 1 + size] - 1)
        row.append(np.full(size, number))
        at += 1 + size
    entry = sparse.csr_array(
        (np.ones(sum(map(len, row))), (np.concatenate(column), np.concatenate(row))),
        shape=(columns, rows),
    )
    entry.sort_indices()
    return CoveringProblem(
        weights=np.ones(rows),
        covered=np.zeros(rows, dtype=bool),
        indptr=entry.indptr.astype(np.int64),
        demand=entry.indices.astype(np.int32),
        cost_yuan=numbers[2 : 2 + columns],
        allowed=np.ones(columns, dtype=bool),
        goal="money",
    )


def dense(cost: NDArray[np.int64]) -> Travel:
    """Return a travel matrix of all pairs."""
    sites, points = cost.shape
    return Travel(
        indptr=np.arange(sites + 1) * points,
        demand=np.tile(np.arange(points, dtype=np.int32), sites),
        cost=cost.ravel().astype(np.int32),
        method="street",
        site_status=np.zeros(sites, dtype=np.uint8),
        demand_status=np.zeros(points, dtype=np.uint8),
        cutoff=float(cost.max()) / 1000,
    )


def pmed(file: Path) -> WalkProblem:
    """Return a median of OR-Library (Beasley 1985); of edges given twice the last one counts."""
    numbers = np.array(file.read_text(encoding="ascii").split(), dtype=np.int64)
    nodes, _, new = numbers[:3].tolist()
    edges = numbers[3:].reshape(-1, 3)
    length = {(min(a, b) - 1, max(a, b) - 1): c for a, b, c in edges.tolist()}
    one, other = zip(*length, strict=True)
    graph = sparse.csr_array((list(length.values()), (one, other)), shape=(nodes, nodes))
    cost = shortest_path(graph, directed=False).astype(np.int64)
    everywhere = np.ones(nodes, dtype=bool)
    return WalkProblem(dense(cost), np.ones(nodes), ~everywhere, everywhere, new)


def expected(folder: Path) -> dict[str, dict[Hashable, Any]]:
    """Return the published values of every instance of a folder."""
    rows = pd.read_csv(folder / "expected.csv").to_dict("records")
    return {str(row["instance"]): row for row in rows}


def check_cover(folder: Path, name: str) -> None:
    plan = cover(scp(folder / f"{name}.txt"), time_limit_s=120)
    best = expected(folder)[name]["best_known"]
    assert (plan.value, plan.bound, plan.status) == (best, best, "optimal"), name


def test_quick_covers_of_or_library(outside_data: Path) -> None:
    for name in QUICK_COVERS:
        check_cover(outside_data / "instances" / "orlib_scp", name)


@pytest.mark.full
def test_all_covers_of_or_library(outside_data: Path) -> None:
    folder = outside_data / "instances" / "orlib_scp"
    for name, row in expected(folder).items():
        if name not in OPEN_COVERS:
            check_cover(folder, name)
            continue
        plan = cover(scp(folder / f"{name}.txt"), time_limit_s=30)
        assert plan.bound <= row["best_known"] <= plan.value <= row["best_known"] + 2


def check_walks(folder: Path, name: str) -> None:
    task, row = pmed(folder / f"{name}.txt"), expected(folder)[name]
    center = p_center(task, time_limit_s=120)
    assert (center.value, center.status) == (row["pcenter_opt"], "optimal"), name
    median = p_median(task, time_limit_s=120)
    assert (median.value, median.status) == (row["pmedian_opt"], "optimal"), name


def test_quick_medians_and_centers_of_or_library(outside_data: Path) -> None:
    for name in QUICK_WALKS:
        check_walks(outside_data / "instances" / "orlib_pmed", name)


@pytest.mark.full
def test_all_medians_and_centers_of_or_library(outside_data: Path) -> None:
    folder = outside_data / "instances" / "orlib_pmed"
    for name in expected(folder):
        check_walks(folder, name)


def within(apart: NDArray[np.float64], radius: float) -> CoveringProblem:
    """Return a cover from distances, sites x points."""
    near = sparse.csr_array((apart <= radius).astype(float))
    sites, points = apart.shape
    return CoveringProblem(
        weights=np.ones(points),
        covered=np.zeros(points, dtype=bool),
        indptr=near.indptr.astype(np.int64),
        demand=near.indices.astype(np.int32),
        cost_yuan=np.full(sites, 2000),
        allowed=np.ones(sites, dtype=bool),
    )


def test_swain_set_covering(outside_data: Path) -> None:
    folder = outside_data / "instances" / "swain55"
    nodes = pd.read_csv(folder / "nodes.csv")[["x", "y"]].to_numpy(dtype=float)
    rows = pd.read_csv(folder / "expected.csv").query("problem == 'LSCP'")
    assert len(rows) == 2
    for row in rows.to_dict("records"):
        plan = cover(within(cdist(nodes, nodes), row["S"]))
        assert (plan.value, plan.status) == (row["expected"], "optimal")


def test_san_francisco_set_covering(outside_data: Path) -> None:
    folder = outside_data / "instances" / "spopt"
    table = pd.read_csv(folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv")
    apart = table.pivot_table(index="name", columns="DestinationName", values="distance")
    plan = cover(within(apart.to_numpy(dtype=float), 5000.0))
    assert (plan.value, plan.status) == (8, "optimal")
