"""Sites that come, move and go; the nearest in one pass; the k nearest: equal to recomputation."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from geo.catchments import (
    ABSENT,
    LiveCoverage,
    StreetSearch,
    Travel,
    k_nearest,
    nearest,
)
from geo.streets import Attached, AttachStatus, Network
from geo.streets.compiled import COMPILED
from tests.walk_oracle import attached, grid_network

ENGINES = [True, False] if COMPILED else [False]


@pytest.fixture(scope="module")
def net() -> Network:
    return grid_network(9, 100_000)


def points(net: Network, count: int, seed: int) -> Attached:
    """Return points anywhere on streets; some are on none, many at the same places."""
    rng = np.random.default_rng(seed)
    edge = np.where(rng.random(count) < 0.1, -1, rng.integers(0, net.edges, count))
    pos = rng.integers(0, 5, count) * 25_000
    return attached(edge.tolist(), pos.tolist(), (rng.integers(0, 3, count) * 10_000).tolist())


def column_minima(
    rows: tuple[np.ndarray, np.ndarray, np.ndarray], count: int
) -> tuple[list[int], list[int], list[int]]:
    indptr, demand, cost = rows
    found: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for site in range(len(indptr) - 1):
        for k in range(indptr[site], indptr[site + 1]):
            found[demand[k]].append((int(cost[k]), site))
    best = [min(each, default=(ABSENT, ABSENT)) for each in found]
    return [cost for cost, _ in best], [site for _, site in best], [len(each) for each in found]


@pytest.mark.parametrize("compiled", ENGINES)
@pytest.mark.parametrize("cutoff_m", [0, 60, 250, 5000])
def test_the_nearest_site_is_the_minimum_of_the_column(
    net: Network, cutoff_m: float, *, compiled: bool
) -> None:
    sites, demand = points(net, 40, 1), points(net, 300, 2)
    rows = StreetSearch(net, demand, cutoff_m=cutoff_m).rows(sites)
    cost, owner, covers = column_minima(rows, 300)
    got = nearest(net, sites, demand, cutoff_m=cutoff_m, compiled=compiled)
    assert (got[0].tolist(), got[1].tolist()) == (cost, owner)
    assert max(covers) > 1 or not cutoff_m
    assert ABSENT in cost


def test_the_nearest_of_nothing_is_absent(net: Network) -> None:
    none = points(net, 0, 1)
    for compiled in ENGINES:
        got = nearest(net, none, points(net, 3, 2), cutoff_m=500, compiled=compiled)
        assert [part.tolist() for part in got] == [[ABSENT] * 3] * 2
        assert len(nearest(net, points(net, 3, 2), none, cutoff_m=500, compiled=compiled)[0]) == 0


def travel_of(net: Network, sites: Attached, demand: Attached, cutoff_m: float) -> Travel:
    indptr, point, cost = StreetSearch(net, demand, cutoff_m=cutoff_m).rows(sites)
    status = np.zeros(len(sites.edge), np.uint8), np.zeros(len(demand.edge), np.uint8)
    return Travel(indptr, point, cost, "street", *status, cutoff_m)


def test_the_k_nearest_are_the_first_k_by_cost_and_number(net: Network) -> None:
    travel = travel_of(net, points(net, 40, 3), points(net, 300, 4), 250)
    sites, costs = k_nearest(travel, 3)
    for point in range(300):
        entries = sorted(
            (int(travel.cost_mm[k]), site)
            for site in range(40)
            for k in range(travel.indptr[site], travel.indptr[site + 1])
            if travel.demand[k] == point
        )
        expected = (entries + [(ABSENT, ABSENT)] * 3)[:3]
        assert list(zip(costs[point].tolist(), sites[point].tolist(), strict=True)) == expected
    with pytest.raises(ValueError, match="0 nearest"):
        k_nearest(travel, 0)


def state_of(live: LiveCoverage) -> list[Any]:
    return [live.nearest.tolist(), live.owner.tolist(), live.covers.tolist()]


def test_every_change_equals_a_recomputation(net: Network) -> None:
    rng = np.random.default_rng(5)
    demand, pool = points(net, 400, 6), points(net, 60, 7)
    indptr, point, cost = StreetSearch(net, demand, cutoff_m=400).rows(pool)
    rows = [(point[a:b], cost[a:b]) for a, b in pairwise(indptr.tolist())]
    live, there = LiveCoverage(400), dict[int, int]()
    for _ in range(150):
        before = np.stack((live.nearest, live.owner))
        site, row = (int(i) for i in rng.integers(0, 60, 2))
        if site not in there:
            changed = live.add(site, *rows[row])
            there[site] = row
        elif rng.random() < 0.5:
            changed = live.move(site, *rows[row])
            there[site] = row
        else:
            changed = live.remove(site)
            del there[site]
        kept = [rows[there[i]] if i in there else (point[:0], cost[:0]) for i in range(60)]
        sizes = np.cumsum([0, *(len(part[0]) for part in kept)])
        columns = [np.concatenate([row[k] for row in kept]) for k in range(2)]
        expected = column_minima((sizes, columns[0], columns[1]), 400)
        assert state_of(live) == list(expected)
        really = np.flatnonzero((before != np.stack((live.nearest, live.owner))).any(axis=0))
        assert set(really.tolist()) <= set(changed.tolist())
        assert live.sites == tuple(sorted(there))
    assert len(there) > 10


def test_coverage_of_a_travel_matrix_is_that_of_its_sites(net: Network) -> None:
    travel = travel_of(net, points(net, 40, 8), points(net, 300, 9), 250)
    live = LiveCoverage.from_travel(travel)
    every = np.ones(40, dtype=bool)
    assert np.array_equal(live.nearest, travel.nearest_mm(every))
    assert np.array_equal(live.covers > 0, travel.covered(every))


def test_a_number_is_taken_once_and_only_what_is_there_goes() -> None:
    live = LiveCoverage(3)
    live.add(5, [0, 2], [10, 20])
    with pytest.raises(ValueError, match="site 5"):
        live.add(5, [1], [10])
    with pytest.raises(KeyError):
        live.remove(4)
    assert live.remove(5).tolist() == [0, 2]
    assert live.covers.tolist() == [0, 0, 0]


def test_what_is_on_no_street_has_status_and_no_entry(net: Network) -> None:
    sites = points(net, 40, 1)
    assert AttachStatus.TOO_FAR in sites.status
    lost = sites.status != AttachStatus.OK
    indptr, _, _ = StreetSearch(net, points(net, 300, 2), cutoff_m=500).rows(sites)
    assert not np.diff(indptr)[lost].any()
