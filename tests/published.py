"""Instances that others published, as problems of ours beside the values they are known to have.

The files are found through `WARM_STATION_DATA` (`instances/`, with their PROVENANCE.md). Tests
hold ours against the values; `benchmarks.allocation_published` says how long each takes.
"""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyogrio
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from geo.catchments import Travel
from siting.allocation import Problem, Quota, solve
from siting.allocation.center import p_center
from siting.allocation.median import p_median
from siting.allocation.set_covering import CoveringProblem, cover
from siting.allocation.walking.walks import WalkProblem
from siting.results import Status

EARTH_KM = 6371.0


@dataclass(frozen=True)
class Found:
    """What ours comes to: value, bound, status."""

    value: float
    bound: float
    status: Status


Solved = Callable[[float], Found]
"""Ours within so many seconds of wall clock."""


@dataclass(frozen=True, eq=False)
class Case:
    """One published task.

    Attributes
    ----------
    name
        Instance and parameters.
    published
        Its value; best known where nobody closed it.
    ready
        Reads the instance and returns ours within so many seconds of wall clock.
    near
        Share by which ours may be off because digits were left out.
    open
        Nobody has closed it.
    """

    name: str
    published: float
    ready: Callable[[], Solved]
    near: float = 1e-9
    open: bool = False

    def exact(self, found: Found) -> bool:
        """Tell whether ours is what was published, as exactly as that was."""
        return abs(found.value - self.published) <= self.near * self.published


def covering(
    reach: NDArray[np.bool_],
    weights: NDArray[np.float64],
    new: int,
    covered: NDArray[np.bool_] | None = None,
) -> Problem:
    """Return a covering problem from a boolean matrix, candidates x demand points."""
    site, point = np.nonzero(reach)
    return Problem(
        weights=weights,
        covered=np.zeros(reach.shape[1], dtype=bool) if covered is None else covered,
        indptr=np.concatenate([[0], np.cumsum(np.bincount(site, minlength=len(reach)))]),
        demand=point.astype(np.int32),
        cost_yuan=np.full(len(reach), 2000),
        allowed=np.ones(len(reach), dtype=bool),
        new=new,
    )


def everybody(reach: NDArray[np.bool_]) -> CoveringProblem:
    """Return the cover of whoever some candidate reaches, by the fewest candidates."""
    task = covering(reach, np.ones(reach.shape[1]), 1)
    return CoveringProblem(
        weights=task.weights,
        covered=task.covered,
        indptr=task.indptr,
        demand=task.demand,
        cost_yuan=task.cost_yuan,
        allowed=task.allowed,
    )


def walks(cost: NDArray[np.int64], weights: NDArray[np.float64], new: int) -> WalkProblem:
    """Return walks between all sites and all points, nothing open yet."""
    sites, points = cost.shape
    travel = Travel(
        indptr=np.arange(sites + 1) * points,
        demand=np.tile(np.arange(points, dtype=np.int32), sites),
        cost=cost.ravel().astype(np.int32),
        method="street",
        site_status=np.zeros(sites, dtype=np.uint8),
        demand_status=np.zeros(points, dtype=np.uint8),
        cutoff=float(cost.max()) / 1000,
    )
    everywhere = np.ones(sites, dtype=bool)
    return WalkProblem(travel, weights, ~everywhere, everywhere, new)


def swain(folder: Path) -> Iterator[Case]:
    """Yield Church & ReVelle's (1974) maximal covers and Swain's set covers, 55 nodes."""
    nodes = pd.read_csv(folder / "swain55" / "nodes.csv")
    apart = cdist(nodes[["x", "y"]], nodes[["x", "y"]])
    weights = nodes["population"].to_numpy(dtype=float)
    for row in pd.read_csv(folder / "swain55" / "expected.csv").to_dict("records"):
        reach = np.asarray(apart <= row["S"], dtype=np.bool_)
        if row["problem"] == "MCLP":
            name = f"{row['S']:g}, {row['p']:.0f} sites"
            yield Case(
                name, row["expected"], partial(most, covering(reach, weights, int(row["p"])))
            )
        elif row["problem"] == "LSCP":
            yield Case(f"{row['S']:g}, cover", row["expected"], partial(fewest, everybody(reach)))


def sao_jose(folder: Path) -> Iterator[Case]:
    """Yield Lorena & Pereira's (2002) maximal covers of São José dos Campos."""
    for row in pd.read_csv(folder / "sjc" / "expected.csv").to_dict("records"):
        nodes = pd.read_csv(folder / "sjc" / f"{row['instance']}.csv")
        x, y, weights = (nodes.iloc[:, column].to_numpy(dtype=float) for column in (-3, -2, -1))
        reach = np.hypot(x[:, None] - x, y[:, None] - y) <= row["radius_m"]
        name = f"{row['instance']}, {row['radius_m']:.0f} m, {row['p']:.0f} sites"
        yield Case(
            name, row["optimal_covered"], partial(most, covering(reach, weights, int(row["p"])))
        )


def haversine_m(one: pd.DataFrame, other: pd.DataFrame) -> NDArray[np.float64]:
    """Return metres between all pairs on a sphere, as the publication has it."""
    lat_1, lat_2 = (np.radians(table["lat"].to_numpy()) for table in (one, other))
    lon_1, lon_2 = (np.radians(table["long"].to_numpy()) for table in (one, other))
    half = np.sin((lat_2 - lat_1[:, None]) / 2) ** 2
    half += np.cos(lat_1)[:, None] * np.cos(lat_2) * np.sin((lon_2 - lon_1[:, None]) / 2) ** 2
    return np.asarray(2000 * EARTH_KM * np.arcsin(np.sqrt(half)), dtype=np.float64)


def york(folder: Path) -> Iterator[Case]:
    """Yield maxcovr's York: what stands covers 339, twenty more beside it 540, within 100 m."""
    crimes = pd.read_csv(folder / "york" / "york_crime_2016_09.csv")
    buildings = pd.read_csv(folder / "york" / "york_listed_buildings.csv")
    standing = buildings["grade"] == "I"
    covered = np.asarray((haversine_m(buildings[standing], crimes) <= 100.0).any(axis=0))
    reach = haversine_m(buildings[~standing], crimes) <= 100.0
    for row in pd.read_csv(folder / "york" / "expected.csv").to_dict("records"):
        task = covering(reach, np.ones(len(crimes)), int(row["n_added"]), covered)
        yield Case(f"{row['n_added']:.0f} beside what stands", row["covered"], partial(most, task))


def san_francisco(folder: Path) -> Iterator[Case]:
    """Yield spopt's stores and tracts: a cover, a maximal cover, a median."""
    table = pd.read_csv(
        folder / "spopt" / "SF_network_distance_candidateStore_16_censusTract_205_new.csv"
    )
    apart = table.pivot_table(index="name", columns="DestinationName", values="distance")
    heads = table.groupby("DestinationName")["demand"].first()[apart.columns]
    reach = np.asarray(apart.to_numpy() <= 5000.0, dtype=np.bool_)
    weights = heads.to_numpy(dtype=float)
    yield Case("cover, 5,000 m", 8, partial(fewest, everybody(reach)))
    yield Case("4 sites, 5,000 m", 875_247, partial(most, covering(reach, weights, 4)))
    # Walks of metres with decimals are whole centimetres here.
    task = walks(np.rint(100 * apart.to_numpy()).astype(np.int64), weights, 4)
    yield Case("4 medians", 2_848_268_129.7145104, partial(mean, task, 100.0), near=1e-6)


def salt_lake_county(folder: Path) -> Iterator[Case]:
    """Yield Allagash's county: at most 5 sites of one kind and 10 of another; per cent covered."""
    folder = folder / "allagash_slc"
    names = ("demand_points", "service_areas_type1", "service_areas_type2")
    demand, *areas = (
        pyogrio.read_dataframe(folder / f"{name}.gpkg")  # noqa: TID251 -- our own files
        for name in names
    )
    reach = np.array(
        [demand.within(area).to_numpy() for kind in areas for area in kind.geometry], dtype=bool
    )
    first = len(areas[0])
    task = replace(
        covering(reach, demand["Population"].to_numpy(dtype=float), 15),
        quotas=(
            Quota("one kind", tuple(range(first)), most=5),
            Quota("the other", tuple(range(first, len(reach))), most=10),
        ),
    )

    def solved(limit_s: float) -> Found:
        found = most(task)(limit_s)
        share = 100.0 / float(task.weights.sum())
        return Found(found.value * share, found.bound * share, found.status)

    yield Case("5 + 10 sites, per cent", 95.5, lambda: solved, near=0.05 / 95.5)


def cordeau(folder: Path) -> Iterator[Case]:
    """Yield Cordeau, Furini & Ljubic's (2019) points on a square, up to a hundred thousand."""
    spec = importlib.util.spec_from_file_location(
        "gen_cordeau", folder / "cordeau" / "gen_cordeau.py"
    )
    if spec is None or spec.loader is None:
        msg = "there is no generator"
        raise FileNotFoundError(msg)
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    table = pd.read_csv(folder / "cordeau" / "expected.csv").query("m_customers <= 100000")
    for row in table.to_dict("records"):
        size = int(row["m_customers"])
        sites, _, points, demand = generator.generate(100, size, 1, 100, 1, 1, int(row["seed"]))
        reach = np.zeros((100, size), dtype=bool)
        for number, near in enumerate(KDTree(points).query_ball_point(sites, row["R"])):
            reach[number, near] = True
        task = covering(reach, demand.astype(float), int(row["budget"]))
        name = f"{size:,}, seed {row['seed']}, {row['R']:g}, {row['budget']:.0f} sites"
        yield Case(name, row["optimal_covered"], partial(most, task))


def scp(folder: Path) -> Iterator[Case]:
    """Yield set covers of OR-Library (Beasley 1990)."""
    for row in pd.read_csv(folder / "orlib_scp" / "expected.csv").to_dict("records"):
        name = str(row["instance"])
        file = folder / "orlib_scp" / f"{name}.txt"
        ready = partial(_scp, file)
        yield Case(name, row["best_known"], ready, open=not row["proven"])


def pmed(folder: Path) -> Iterator[Case]:
    """Yield p-medians and p-centers of OR-Library (Beasley 1985)."""
    for row in pd.read_csv(folder / "orlib_pmed" / "expected.csv").to_dict("records"):
        name = str(row["instance"])
        file = folder / "orlib_pmed" / f"{name}.txt"
        yield Case(f"{name} median", row["pmedian_opt"], partial(_pmed, file, mean))
        yield Case(f"{name} center", row["pcenter_opt"], partial(_pmed, file, longest))


SUITES: Final[dict[str, Callable[[Path], Iterator[Case]]]] = {
    "swain55": swain,
    "sjc": sao_jose,
    "york": york,
    "sf": san_francisco,
    "slc": salt_lake_county,
    "cordeau": cordeau,
    "scp": scp,
    "pmed": pmed,
}


def most(task: Problem) -> Solved:
    """Return how maximal covering is solved."""

    def solved(limit_s: float) -> Found:
        plan = solve(task, time_limit_s=limit_s)
        return Found(plan.after, plan.bound, plan.status)

    return solved


def fewest(task: CoveringProblem) -> Solved:
    """Return how a cover is solved."""

    def solved(limit_s: float) -> Found:
        plan = cover(task, time_limit_s=limit_s)
        return Found(plan.value, plan.bound, plan.status)

    return solved


def mean(task: WalkProblem, unit: float = 1.0) -> Solved:
    """Return how a median is solved; published in `unit` of its costs."""

    def solved(limit_s: float) -> Found:
        plan = p_median(task, time_limit_s=limit_s)
        return Found(plan.value / unit, plan.bound / unit, plan.status)

    return solved


def longest(task: WalkProblem) -> Solved:
    """Return how a center is solved."""

    def solved(limit_s: float) -> Found:
        plan = p_center(task, time_limit_s=limit_s)
        return Found(plan.value, plan.bound, plan.status)

    return solved


def _scp(file: Path) -> Solved:
    """Read a cover and return how it is solved: sizes, costs, then the columns of every row."""
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
    task = CoveringProblem(
        weights=np.ones(rows),
        covered=np.zeros(rows, dtype=bool),
        indptr=entry.indptr.astype(np.int64),
        demand=entry.indices.astype(np.int32),
        cost_yuan=numbers[2 : 2 + columns],
        allowed=np.ones(columns, dtype=bool),
        goal="money",
    )
    return fewest(task)


def _pmed(file: Path, how: Callable[[WalkProblem], Solved]) -> Solved:
    """Read a median and return how it is solved; of edges given twice the last one counts."""
    numbers = np.array(file.read_text(encoding="ascii").split(), dtype=np.int64)
    nodes, _, new = numbers[:3].tolist()
    edges = numbers[3:].reshape(-1, 3)
    length = {(min(a, b) - 1, max(a, b) - 1): c for a, b, c in edges.tolist()}
    one, other = zip(*length, strict=True)
    graph = sparse.csr_array((list(length.values()), (one, other)), shape=(nodes, nodes))
    cost = shortest_path(graph, directed=False).astype(np.int64)
    return how(walks(cost, np.ones(nodes), new))
