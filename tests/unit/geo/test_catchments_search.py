"""Blocks, threads, long rows, directions: none of them changes an integer."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from geo.catchments import Direction, Rows, StreetSearch, kernel, nearest, search, street_rows
from geo.streets import Attached, Network
from geo.streets.compiled import COMPILED
from tests.walk_oracle import (
    as_dict,
    attached,
    directed,
    grid_network,
    oracle_rows,
    plain_network,
)

needs_numba = pytest.mark.skipif(not COMPILED, reason="blocks and threads are the compiled way's")


@pytest.fixture(scope="module")
def net() -> Network:
    return grid_network(20, 100_000)


def points(net: Network, count: int, seed: int) -> Attached:
    rng = np.random.default_rng(seed)
    edge = np.where(rng.random(count) < 0.05, -1, rng.integers(0, net.edges, count))
    pos, leg = rng.integers(0, 100_001, count), rng.integers(0, 30_000, count)
    return attached(edge.tolist(), pos.tolist(), leg.tolist())


def assert_same(one: Rows, other: Rows) -> None:
    for k in range(3):
        assert np.array_equal(one[k], other[k])


@pytest.mark.parametrize("cutoff_m", [30, 300, 1500])
def test_rows_of_every_length_equal_the_split_graph_and_scipy(net: Network, cutoff_m: int) -> None:
    sites, demand = points(net, 12, 1), points(net, 900, 2)
    got = street_rows(net, sites, demand, cutoff_m=cutoff_m)
    assert as_dict(got) == oracle_rows(net, sites, demand, cutoff_m * 1000)
    assert_same(got, street_rows(net, sites, demand, cutoff_m=cutoff_m, compiled=False))
    longest = np.diff(got[0]).max()
    assert (longest > kernel.SHORT_ROW) == (cutoff_m > 300)


@needs_numba
@pytest.mark.parametrize("streets", range(1, 10))
def test_a_square_where_many_streets_meet_is_passed_like_any_other(streets: int) -> None:
    """Two squares joined by a street and by a longer one beside it; dead ends around both."""
    ends, cost = [(0, 1), (0, 1)], [200_000, 300_000]
    for square in (0, 1):
        outer = [2 + square * streets + k for k in range(streets)]
        ends += [(square, node) for node in outer] + [(outer[0], outer[0])]
        cost += [100_000 + 10_000 * k for k in range(streets)] + [70_000]
    places = 2 + 2 * streets
    turn = 2 * np.pi * np.arange(places) / places
    lon, lat = (116.4 + 1e-3 * np.cos(turn)).tolist(), (39.7 + 1e-3 * np.sin(turn)).tolist()
    net = plain_network(lon, lat, ends, cost)
    rng = np.random.default_rng(streets)
    edge = np.repeat(np.arange(net.edges), 3)
    pos = (rng.random(len(edge)) * (net.edge_cost_mm[edge] + 1)).astype(int)
    every = attached(edge.tolist(), pos.tolist(), rng.integers(0, 9, len(edge)).tolist())
    got = street_rows(net, every, every, cutoff_m=450)
    assert as_dict(got) == oracle_rows(net, every, every, 450_000)
    assert_same(got, street_rows(net, every, every, cutoff_m=450, compiled=False))


@needs_numba
@pytest.mark.parametrize("streets", range(10))
def test_the_arcs_of_a_node_are_in_its_rows_once_and_at_their_least(streets: int) -> None:
    """Node 0 leads to the others; some arcs have longer ones or equals beside them; and a loop."""
    shortest = [(head, 10 + head) for head in range(1, streets + 1)]
    arcs = [(0, 5), *((head, cost + 3 * (head % 2)) for head, cost in shortest), *shortest]
    nodes = streets + 1
    ptr = np.array([0, *[len(arcs)] * nodes], dtype=np.int32)
    rows = nodes + kernel.further_rows(ptr) + 2
    state = np.empty((rows, kernel.WIDTH), dtype=np.int32)
    item_ptr = np.arange(nodes + 2, dtype=np.int32)
    kernel.lay_out(ptr, np.array(arcs, dtype=np.int32), item_ptr, 99, state)
    room = state[:, kernel.ARCS :].reshape(rows, kernel.ROOM, 2).tolist()
    found: list[tuple[int, int]] = []
    row, own = 0, [0]
    while row >= 0:
        assert len({head for head, _ in room[row]} - {row}) == sum(h != row for h, _ in room[row])
        assert all(cost == 0 for head, cost in room[row] if head == row or head > nodes)
        found += [(head, cost) for head, cost in room[row] if head <= streets and head != row]
        row = next((head for head, _ in room[row] if head > nodes and head not in own), -1)
        own.append(row)
    assert sorted(found) == shortest
    assert len(own) - 2 == max(streets - 2, 0) // 2
    assert state[:, kernel.LABEL].tolist() == [100] * rows
    assert state[:, kernel.ITEMS].tolist() == [*range(nodes + 1), *[nodes + 1] * (rows - nodes - 1)]


@needs_numba
@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_nothing(net: Network, threads: int) -> None:
    sites, demand = points(net, 700, 3), points(net, 2000, 4)
    one, more = (street_rows(net, sites, demand, cutoff_m=600, threads=t) for t in (1, threads))
    assert_same(one, more)
    assert one[0][-1] > 10_000


@needs_numba
def test_more_threads_than_the_work_is_worth_are_not_started(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_: int) -> None:
        pytest.fail("a pool was made")

    monkeypatch.setattr(search, "ThreadPoolExecutor", never)
    few = points(net, search.SITES_PER_THREAD, 5)
    street_rows(net, few, points(net, 10, 6), cutoff_m=300)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("compiled", [pytest.param(True, marks=needs_numba), False])
def test_blocks_hold_the_rows(
    net: Network, monkeypatch: pytest.MonkeyPatch, threads: int, *, compiled: bool
) -> None:
    sites, demand = points(net, 200, 7), points(net, 500, 8)
    street = StreetSearch(net, demand, cutoff_m=400)
    indptr, point, cost = street.rows(sites)
    monkeypatch.setattr(search, "BLOCK_ENTRIES", 1)
    monkeypatch.setattr(search, "SITES_PER_THREAD", 16)
    blocks = list(street.blocks(sites, threads=threads, compiled=compiled))
    assert len(blocks) >= 3
    seen = []
    for block in blocks:
        for k, (low, high) in enumerate(pairwise(block.indptr.tolist())):
            site = int(block.sites[k])
            seen.append(site)
            whole = slice(indptr[site], indptr[site + 1])
            assert np.array_equal(block.demand[low:high], point[whole])
            assert np.array_equal(block.cost[low:high], cost[whole])
    assert sorted(seen) == np.flatnonzero(sites.ok).tolist()


@needs_numba
def test_a_stream_in_threads_is_not_computed_before_it_is_taken(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = StreetSearch(net, points(net, 50, 7), cutoff_m=400)
    monkeypatch.setattr(search, "SITES_PER_THREAD", 10)
    begun = []
    part_of = search.Search._part

    def counted(
        self: search.Search, sites: np.ndarray, order: np.ndarray, part: tuple[int, int]
    ) -> Iterator[search.Block]:
        begun.append(part)
        return part_of(self, sites, order, part)

    monkeypatch.setattr(search.Search, "_part", counted)
    stream = street.blocks(points(net, 200, 8), threads=2)
    next(stream)
    assert len(begun) <= 2 * search.PARTS_AHEAD + 1
    assert len(list(stream)) == 19


def test_a_stream_takes_sites_on_one_street_each(net: Network) -> None:
    sites = points(net, 3, 7)
    twice = replace(sites, point=np.array([0, 0, 1], dtype=np.int32))
    with pytest.raises(ValueError, match="one street each"):
        StreetSearch(net, sites, cutoff_m=400).blocks(twice)


@needs_numba
def test_queues_that_fill_up_grow(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    sites, demand = points(net, 30, 9), points(net, 500, 10)
    expected = street_rows(net, sites, demand, cutoff_m=1500, compiled=False)
    monkeypatch.setattr(search, "QUEUE_ROOM", 8 - net.nodes)
    grown = []
    grow = search.Workspace.grow

    def counted(work: search.Workspace) -> None:
        grown.append(work)
        grow(work)

    monkeypatch.setattr(search.Workspace, "grow", counted)
    got = street_rows(net, sites, demand, cutoff_m=1500, threads=1)
    assert len(grown) > 3
    assert_same(got, expected)


@needs_numba
def test_a_prepared_search_can_be_asked_again_and_by_many(net: Network) -> None:
    demand = points(net, 500, 11)
    street = StreetSearch(net, demand, cutoff_m=300)
    first, second = points(net, 20, 12), points(net, 20, 13)
    one = street.rows(first)
    street.rows(second)
    assert_same(one, street.rows(first))


def test_one_way_streets_are_ridden_the_right_way() -> None:
    """A ring of one-way streets: 1 km against the direction is 3 km around."""
    plain = grid_network(2, 1_000_000)
    nodes = [(int(u), int(v)) for u, v in zip(plain.edge_u, plain.edge_v, strict=True)]
    ring = {(0, 1), (1, 3), (3, 2), (2, 0)}
    order = np.argsort(np.round(plain.node_lon, 6) + 1000 * np.round(plain.node_lat, 6))
    name = {int(node): k for k, node in enumerate(order)}
    forward = [100_000 if (name[u], name[v]) in ring else -1 for u, v in nodes]
    backward = [100_000 if (name[v], name[u]) in ring else -1 for u, v in nodes]
    net = directed(plain, forward, backward, 1.0)
    edge = next(e for e, (u, v) in enumerate(nodes) if {name[u], name[v]} == {0, 1})
    from_start = [250_000, 750_000] if name[nodes[edge][0]] == 0 else [750_000, 250_000]
    behind, ahead = (attached([edge], [pos], [10_000]) for pos in from_start)

    def seconds(site: Attached, demand: Attached, direction: Direction) -> float:
        rows = [
            street_rows(net, site, demand, cutoff_s=1000, direction=direction, compiled=compiled)
            for compiled in {COMPILED, False}
        ]
        assert all(row[2].tolist() == rows[0][2].tolist() for row in rows)
        return float(rows[0][2][0]) / 1000

    assert seconds(ahead, behind, "to_site") == 70
    assert seconds(ahead, behind, "from_site") == 370
    assert seconds(behind, ahead, "to_site") == 370
    assert seconds(behind, ahead, "from_site") == 70


def test_a_profile_asks_for_its_own_cutoff(net: Network) -> None:
    sites = points(net, 2, 1)
    costs = [100_000] * net.edges
    timed = directed(net, costs, costs, 1.0)
    with pytest.raises(ValueError, match="cutoff_s"):
        street_rows(timed, sites, sites, cutoff_m=500)
    with pytest.raises(ValueError, match="cutoff_m"):
        street_rows(net, sites, sites, cutoff_s=500)
    with pytest.raises(ValueError, match="cut-off is -1 s"):
        street_rows(timed, sites, sites, cutoff_s=-1)


def test_the_longest_streets_and_cutoffs_do_not_overflow() -> None:
    """Two streets of 2,147 km and 900 km: the one beyond every cut-off, the other within."""
    longest, long = 2**31 - 1, 900_000_000
    net = plain_network([116.4, 116.5, 116.6], [39.7] * 3, [(0, 1), (1, 2)], [longest, long])
    far, near = (int(np.flatnonzero(net.edge_cost_mm == mm)[0]) for mm in (longest, long))
    at_far = longest if net.edge_v[far] in (net.edge_u[near], net.edge_v[near]) else 0
    sites = attached([far, near], [at_far, long // 2], [20, 50_000_000])
    demand = attached([near, near, far], [0, long, longest // 2], [0, 30, 0])
    expected = {(1, 0): 500_000_000, (1, 1): 500_000_030}
    met = 0 if net.edge_u[near] in (net.edge_u[far], net.edge_v[far]) else long
    expected |= {(0, 0): 20 + met, (0, 1): 50 + long - met}
    for compiled in {COMPILED, False}:
        got = street_rows(net, sites, demand, cutoff_m=1_000_000, compiled=compiled)
        assert as_dict(got) == expected
        cost, owner = nearest(net, sites, demand, cutoff_m=1_000_000, compiled=compiled)
        assert [cost[2], owner[2]] == [-1, -1]
        assert cost.tolist()[:2] == [min(expected[i, j] for i in (0, 1)) for j in (0, 1)]
