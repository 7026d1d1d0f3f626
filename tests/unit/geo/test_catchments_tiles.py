"""Tiles with a halo: exact when the halo is the cut-off, wrong when it is less."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from distributed import Client, LocalCluster

from geo.catchments import Block, StreetSearch, catchments_tile, cut_tiles, tile_blocks, tiles
from geo.crs import LocalFrame
from geo.streets import Attached, Network, Way, attach, network_from_ways
from geo.streets.compiled import COMPILED
from tests.walk_oracle import attached

BLOCK_M = 100
SIDE = 30


@pytest.fixture(scope="module")
def net() -> Network:
    """Return a grid of streets without diagonals, so that straight ways cost what they measure."""
    frame = LocalFrame(116.40, 39.70)
    x, y = np.meshgrid(np.arange(SIDE) * BLOCK_M, np.arange(SIDE) * BLOCK_M)
    lon, lat = frame.to_degrees(x.ravel(), y.ravel())
    node = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    lines = [*node.tolist(), *node.T.tolist()]
    ways = [Way(line, {"highway": "residential"}) for line in lines]
    return network_from_ways(lon, lat, ways, source="test", licence="", date="")


def points(net: Network, count: int, seed: int) -> Attached:
    rng = np.random.default_rng(seed)
    frame = LocalFrame(116.40, 39.70)
    side = (SIDE - 1) * BLOCK_M
    return attach(net, *frame.to_degrees(*rng.uniform(-300, side + 300, (2, count))))


def differing_rows(search: StreetSearch, sites: Attached, folder: Path, halo_m: float) -> int:
    """Return how many rows the tiles get wrong; every attached site must be in one tile."""
    paths = cut_tiles(search, sites, folder, tile_m=700, halo_m=halo_m)
    assert len(paths) > 9
    indptr, demand, cost = search.rows(sites)
    wrong, seen = 0, []
    for path in paths:
        block = catchments_tile(path, compiled=COMPILED)
        for k, site in enumerate(block.sites.tolist()):
            mine = slice(*indptr[site : site + 2].tolist())
            part = slice(*block.indptr[k : k + 2].tolist())
            same = np.array_equal(block.demand[part], demand[mine])
            wrong += not (same and np.array_equal(block.cost[part], cost[mine]))
            seen.append(site)
    assert sorted(seen) == np.flatnonzero(sites.ok).tolist()
    return wrong


def test_a_halo_of_the_cutoff_is_exact_and_less_is_not(net: Network, tmp_path: Path) -> None:
    sites, demand = points(net, 300, 1), points(net, 2000, 2)
    search = StreetSearch(net, demand, cutoff_m=500)
    assert not sites.ok.all()
    for name, halo_m, exact in (("whole", 500, True), ("less", 350, False)):
        folder = tmp_path / name
        folder.mkdir()
        assert (differing_rows(search, sites, folder, halo_m) == 0) == exact


def test_streets_longer_than_the_halo_keep_their_sites(tmp_path: Path) -> None:
    frame = LocalFrame(116.40, 39.70)
    lon, lat = frame.to_degrees(np.array([0.0, 5000.0]), np.zeros(2))
    way = Way([0, 1], {"highway": "residential"})
    net = network_from_ways(lon, lat, [way], source="test", licence="", date="")
    sites = attach(net, *frame.to_degrees(np.array([1500.0, 2500.0]), np.zeros(2)))
    demand = attach(net, *frame.to_degrees(np.array([2600.0, 2550.0]), np.zeros(2)))
    search = StreetSearch(net, demand, cutoff_m=200)
    paths = cut_tiles(search, sites, tmp_path, tile_m=500, halo_m=200)
    rows = {int(b.sites[0]): b for b in map(catchments_tile, paths)}
    assert rows[0].demand.tolist() == []
    assert rows[1].demand.tolist() == [0, 1]
    assert rows[1].cost.tolist() == search.rows(sites)[2].tolist()


def rows_of(blocks: Iterable[Block]) -> list[tuple[int, list[int], list[int]]]:
    """Return site, demand points and costs, in the order of the blocks."""
    rows = []
    for block in blocks:
        for k, site in enumerate(block.sites.tolist()):
            part = slice(*block.indptr[k : k + 2].tolist())
            rows.append((site, block.demand[part].tolist(), block.cost[part].tolist()))
    return rows


def whole_rows(search: StreetSearch, sites: Attached) -> list[tuple[int, list[int], list[int]]]:
    indptr, demand, cost = search.rows(sites)
    every = Block(np.arange(len(indptr) - 1), indptr, demand, cost)
    return [row for row in rows_of([every]) if sites.ok[row[0]]]


@contextmanager
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(3) as pool:
        yield pool


@contextmanager
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@contextmanager
def dask(*, in_processes: bool) -> Iterator[Executor]:
    # Without its page to look at, for which every cluster would ask for the same port; at an
    # address that it need not ask a network for.
    cluster = LocalCluster(  # type: ignore[no-untyped-call]  # theirs has no types
        n_workers=2,
        threads_per_worker=1,
        processes=in_processes,
        dashboard_address=None,
        protocol="tcp://",
        host="127.0.0.1",
    )
    with cluster, Client(cluster) as client:  # type: ignore[no-untyped-call]  # the same
        yield client.get_executor()


EXECUTORS: dict[str, Callable[[], AbstractContextManager[Executor | None]]] = {
    "here": nullcontext,
    "threads": threads,
    "dask": partial(dask, in_processes=False),
    "processes": processes,
    "dask in processes": partial(dask, in_processes=True),
}


@pytest.mark.parametrize(
    "name",
    ["here", "threads", "dask"]
    + [pytest.param(name, marks=pytest.mark.full) for name in ("processes", "dask in processes")],
)
def test_every_executor_gives_the_rows_of_the_whole(
    net: Network, tmp_path: Path, name: str
) -> None:
    sites = points(net, 300, 1)
    search = StreetSearch(net, points(net, 2000, 2), cutoff_m=500)
    paths = cut_tiles(search, sites, tmp_path, tile_m=700, halo_m=500)
    with EXECUTORS[name]() as executor:
        rows = rows_of(tile_blocks(paths, executor, waiting=3))
    assert sorted(rows) == whole_rows(search, sites)
    assert len(rows) > 200


def test_no_more_tiles_are_asked_for_than_wait(net: Network, tmp_path: Path) -> None:
    search = StreetSearch(net, points(net, 200, 3), cutoff_m=300)
    paths = cut_tiles(search, points(net, 100, 4), tmp_path, tile_m=700, halo_m=300)
    asked: list[Path] = []

    def files() -> Iterator[Path]:
        for path in paths:
            asked.append(path)
            yield path

    with ThreadPoolExecutor(1) as pool:
        for taken, _ in enumerate(tile_blocks(files(), pool, waiting=2), 1):
            assert len(asked) <= taken + 2
    assert asked == list(paths)
    with pytest.raises(ValueError, match="0 tiles"):
        next(tile_blocks(paths, waiting=0))


def test_the_engines_agree_on_a_tile(net: Network, tmp_path: Path) -> None:
    search = StreetSearch(net, points(net, 500, 3), cutoff_m=400)
    for path in cut_tiles(search, points(net, 40, 4), tmp_path, tile_m=1000, halo_m=400):
        one, other = (catchments_tile(path, compiled=c) for c in (COMPILED, False))
        assert np.array_equal(one.demand, other.demand)
        assert np.array_equal(one.cost, other.cost)


def test_positions_on_edges_are_where_points_were_attached(net: Network) -> None:
    sites = points(net, 50, 5)
    live = np.flatnonzero(sites.ok)
    lon, lat = tiles._positions(net, sites.edge[live], sites.pos_mm[live])
    again = attach(net, lon, lat)
    assert again.leg_mm.max() == 0
    same = again.edge == sites.edge[live]
    assert np.abs(again.pos_mm - sites.pos_mm[live])[same].max() <= 1
    assert same.sum() > 30


def test_senseless_tiles_are_a_fault_of_the_caller(net: Network, tmp_path: Path) -> None:
    search = StreetSearch(net, points(net, 5, 1), cutoff_m=100)
    with pytest.raises(ValueError, match="tile of 0 m"):
        cut_tiles(search, points(net, 5, 1), tmp_path, tile_m=0, halo_m=100)
    twice = attached([0, 1], [0, 0], [0, 0])
    twice = Attached(twice.edge, twice.pos_mm, twice.leg_mm, twice.status, np.zeros(2, np.int32))
    with pytest.raises(ValueError, match="one street each"):
        cut_tiles(search, twice, tmp_path, tile_m=500, halo_m=100)
    assert cut_tiles(search, points(net, 0, 1), tmp_path, tile_m=500, halo_m=100) == ()
