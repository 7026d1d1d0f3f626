"""Sparse rows of costs along streets, whichever engine computes them."""

import math
from collections.abc import Iterator

import numpy as np

from geo.catchments.graph import MAX_LIMIT, Direction, search_graph
from geo.catchments.places import demand_index, point_count, site_rows
from geo.catchments.search import Block, Rows, Search
from geo.streets import Attached, Network
from geo.streets.compiled import COMPILED
from geo.streets.network import Int32

MAX_CUTOFF_M = MAX_CUTOFF_S = MAX_LIMIT / 1000
"""Costs are int32 millimetres, or milliseconds in timed profiles."""


def limit_mm(cutoff_m: float) -> int:
    """Return the cut-off in whole millimetres.

    Raises
    ------
    ValueError
        It is negative, not finite, or beyond 1,000 km.
    """
    if not (math.isfinite(cutoff_m) and 0 <= cutoff_m <= MAX_CUTOFF_M):
        msg = f"the cut-off is {cutoff_m} m"
        raise ValueError(msg)
    return round(cutoff_m * 1000)


def limit_ms(cutoff_s: float) -> int:
    """Return the cut-off in whole milliseconds.

    Raises
    ------
    ValueError
        It is negative, not finite, or beyond 1,000,000 s.
    """
    if not (math.isfinite(cutoff_s) and 0 <= cutoff_s <= MAX_CUTOFF_S):
        msg = f"the cut-off is {cutoff_s} s"
        raise ValueError(msg)
    return round(cutoff_s * 1000)


def engine() -> str:
    """Return what computes the rows here: `numba`, or `scipy` where there is no numba.

    Both give the same integers.
    """
    return "numba" if COMPILED else "scipy"


class StreetSearch:
    """Rows between any sites and one set of demand points, prepared once.

    Parameters
    ----------
    net
        The streets.
    demand
        Points attached to `net`.
    cutoff_m, cutoff_s
        Metres, or seconds in a timed profile; inclusive. One of them, as the profile asks.
    direction
        Who travels; when walking it makes no difference.

    Raises
    ------
    ValueError
        The cut-off is not one of this profile.
    """

    def __init__(
        self,
        net: Network,
        demand: Attached,
        *,
        cutoff_m: float | None = None,
        cutoff_s: float | None = None,
        direction: Direction = "to_site",
    ) -> None:
        self.net, self.direction = net, direction
        limit = _limit(net, cutoff_m, cutoff_s)
        self.search = Search(
            search_graph(net, direction), demand_index(net, demand, direction), limit
        )

    def rows(
        self, sites: Attached, *, threads: int | None = None, compiled: bool = COMPILED
    ) -> Rows:
        """Return the CSR rows (indptr, demand, cost) of `sites`, in their order.

        Parameters
        ----------
        sites
            Points attached to the network; those on no street have empty rows.
        threads
            None: as many as there are cores, but not more than the work is worth. The result does
            not depend on it.
        compiled
            Whether numba computes; both ways give the same integers.
        """
        placed = site_rows(self.net, sites, self.direction)
        rows = self.search.rows(placed, threads=threads, compiled=compiled)
        count = point_count(sites)
        return rows if count == len(placed) else _best_of(rows, sites.point, count)

    def blocks(
        self, sites: Attached, *, threads: int | None = None, compiled: bool = COMPILED
    ) -> Iterator[Block]:
        """Yield the rows of `sites` a block at a time, for results that would not fit in memory.

        Sites come in the order of their streets, under their numbers; those on no street come not
        at all. Write each block away before taking the next.

        Parameters
        ----------
        sites
            Points attached to the network, one row per site.
        threads, compiled
            See `rows`.

        Raises
        ------
        ValueError
            A site has several rows: they would be in several blocks.
        """
        if point_count(sites) != len(sites.edge):
            msg = "blocks take sites on one street each"
            raise ValueError(msg)
        placed = site_rows(self.net, sites, self.direction)
        return self.search.blocks(placed, threads=threads, compiled=compiled)


def street_rows(
    net: Network,
    sites: Attached,
    demand: Attached,
    *,
    cutoff_m: float | None = None,
    cutoff_s: float | None = None,
    direction: Direction = "to_site",
    threads: int | None = None,
    compiled: bool = COMPILED,
) -> Rows:
    """Return the CSR rows (indptr, demand, cost) of sites x demand points.

    An entry's cost is the site's access leg + the least cost along streets between the exact
    positions + the demand point's access leg, in millimetres, or milliseconds in a timed profile.
    Entries cost at most the cut-off (<=). Points that are not attached have no entries; a point on
    several streets (see `attach`) has the lowest of its costs. Rows are sorted by demand point.

    Parameters
    ----------
    net
        The streets.
    sites, demand
        Points attached to `net`.
    cutoff_m, cutoff_s, direction
        See `StreetSearch`.
    threads, compiled
        See `StreetSearch.rows`.
    """
    search = StreetSearch(net, demand, cutoff_m=cutoff_m, cutoff_s=cutoff_s, direction=direction)
    return search.rows(sites, threads=threads, compiled=compiled)


def _best_of(rows: Rows, site: Int32, count: int) -> Rows:
    """Return one row per site, the lowest costs of the rows of its streets."""
    indptr, demand, cost = rows
    owner = np.repeat(site, np.diff(indptr))
    order = np.lexsort((cost, demand, owner))
    owner, demand, cost = owner[order], demand[order], cost[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(owner) != 0) | (np.diff(demand) != 0)
    indptr = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner[first], minlength=count), out=indptr[1:])
    return indptr, demand[first], cost[first]


def _limit(net: Network, cutoff_m: float | None, cutoff_s: float | None) -> int:
    if net.meta.cost_unit == "mm" and cutoff_m is not None and cutoff_s is None:
        return limit_mm(cutoff_m)
    if net.meta.cost_unit == "ms" and cutoff_s is not None and cutoff_m is None:
        return limit_ms(cutoff_s)
    asked = {"mm": "cutoff_m", "ms": "cutoff_s"}[net.meta.cost_unit]
    msg = f"a network of profile {net.meta.profile!r} needs {asked}"
    raise ValueError(msg)
