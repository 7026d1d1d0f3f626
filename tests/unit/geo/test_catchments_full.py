"""The full counts: every integer equals scipy on the graph physically split at every point."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.catchments import StreetSearch, nearest
from geo.streets import Attached, Network, attach, load_streets

pytestmark = [pytest.mark.full, pytest.mark.outside_data]

POINTS, SITES = 20_000, 300


def split_graph(net: Network, sites: Attached, demand: Attached) -> coo_array:
    """Return the graph of nodes, then positions on edges, then sites, then demand points.

    Legs and pieces of length zero cost a little more, because scipy takes zero for no street;
    rounding to millimetres shakes it off.
    """
    live = [np.flatnonzero(part.ok) for part in (sites, demand)]
    edge = np.concatenate([part.edge[i] for part, i in zip((sites, demand), live, strict=True)])
    pos = np.concatenate([part.pos_mm[i] for part, i in zip((sites, demand), live, strict=True)])
    leg = np.concatenate([part.leg_mm[i] for part, i in zip((sites, demand), live, strict=True)])
    stops, place = np.unique(np.column_stack((edge, pos)), axis=0, return_inverse=True)
    place = place.ravel()
    count = len(stops)
    where = net.nodes + np.arange(count)
    after = np.append((stops[1:, 0] == stops[:-1, 0]), np.zeros(1, dtype=bool))
    head = np.where(after, np.append(where[1:], 0), net.edge_v[stops[:, 0]])
    end = np.where(after, np.append(stops[1:, 1], 0), net.edge_cost_mm[stops[:, 0]])
    first = np.concatenate(([True], ~after[:-1]))
    whole = np.setdiff1d(np.arange(net.edges), stops[:, 0])
    own = net.nodes + count + np.arange(len(edge))
    tails = (where, net.edge_u[stops[first, 0]], net.edge_u[whole], own)
    heads = (head, where[first], net.edge_v[whole], net.nodes + place)
    costs = (end - stops[:, 1], stops[first, 1], net.edge_cost_mm[whole], leg)
    tail, head, cost = (np.concatenate(part).astype(np.float64) for part in (tails, heads, costs))
    cost = np.maximum(cost, 0.25 / 1024)
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    order = np.lexsort((cost, high, low))
    low, high, cost = low[order], high[order], cost[order]
    shortest = np.concatenate(([True], (np.diff(low) != 0) | (np.diff(high) != 0)))
    shortest &= low != high
    size = net.nodes + count + len(edge)
    ends = low[shortest].astype(int), high[shortest].astype(int)
    return coo_array((cost[shortest], ends), shape=(size, size)).tocsr()


def scattered(net: Network, rng: np.random.Generator, count: int) -> Attached:
    vertex = rng.integers(0, len(net.geom_lon), count)
    lon = net.geom_lon[vertex] + rng.normal(0, 0.0006, count)
    lat = net.geom_lat[vertex] + rng.normal(0, 0.0006, count)
    return attach(net, lon, lat)


@pytest.mark.parametrize("extract", ["porto", "andorra"])
def test_every_integer_equals_scipy_on_the_split_graph(outside_data: Path, extract: str) -> None:
    net = load_streets(outside_data / f"{extract}.osm.pbf")
    rng = np.random.default_rng(300)
    sites, demand = scattered(net, rng, SITES), scattered(net, rng, POINTS)
    live, reached = np.flatnonzero(sites.ok), np.flatnonzero(demand.ok)
    graph = split_graph(net, sites, demand)
    start = graph.shape[0] - len(live) - len(reached)
    cost = dijkstra(graph, directed=False, indices=start + np.arange(len(live)), limit=3_000_001)
    exact = np.round(cost[:, start + len(live) :])
    for cutoff_m in (300, 500, 1000, 2000, 3000):
        street = StreetSearch(net, demand, cutoff_m=cutoff_m)
        rows = street.rows(sites, threads=1)
        row, column = np.nonzero(exact <= cutoff_m * 1000)
        sizes = np.zeros(SITES, dtype=int)
        sizes[live] = np.bincount(row, minlength=len(live))
        assert np.array_equal(np.diff(rows[0]), sizes)
        assert np.array_equal(rows[1], reached[column])
        assert np.array_equal(rows[2], exact[row, column].astype(int))
        assert len(rows[1]) > 500
        for other in (street.rows(sites, threads=2), street.rows(sites, compiled=False)):
            assert all(np.array_equal(rows[k], other[k]) for k in range(3))
        best = np.full(POINTS, np.inf)
        best[reached] = np.where(exact <= cutoff_m * 1000, exact, np.inf).min(axis=0)
        expected = np.where(np.isfinite(best), best, -1)
        assert np.array_equal(nearest(net, sites, demand, cutoff_m=cutoff_m)[0], expected)
        print(f"{extract} {cutoff_m} m: {len(rows[1])} entries equal")  # noqa: T201 - the record
