"""Tiles with a halo: exact when the halo is the cut-off, wrong when it is less."""

from pathlib import Path

import numpy as np
import pytest

from geo.catchments import StreetSearch, catchments_tile, cut_tiles, tiles
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
