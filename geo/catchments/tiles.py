"""Catchments of a whole country: one file per tile, answered wherever it is.

A tile holds the sites in a square, and the streets and demand points within a halo around it. When
the halo is the cut-off, every way that counts runs inside: a street is never shorter than the
straight line. In a timed profile the halo is the cut-off times the highest speed. Any executor can
map `catchments_tile` over the files; one process with threads is faster while memory lasts.

`tile_blocks` does it with a pool of `concurrent.futures`, or with the executor of a Dask cluster
(`pip install warm-station-planner[scale]`), whose workers must see the files under the same names:

    with Client("tcp://scheduler:8786") as dask:
        for block in tile_blocks(paths, dask.get_executor(), waiting=4 * workers):
            ...
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.catchments.graph import SearchGraph
from geo.catchments.kernel import D_POINT, EDGE, ON, OTHER, POINT, U, V
from geo.catchments.places import DemandIndex, point_count, site_rows
from geo.catchments.search import Block, Search
from geo.catchments.street import StreetSearch
from geo.crs import metres_per_degree
from geo.streets import Attached, Network
from geo.streets.compiled import COMPILED
from geo.streets.network import Float64, Int32, Int64

SUFFIX = ".tile.npz"
DEFAULT_WAITING = 16


def cut_tiles(
    search: StreetSearch,
    sites: Attached,
    folder: str | os.PathLike[str],
    *,
    tile_m: float,
    halo_m: float,
) -> tuple[Path, ...]:
    """Write one file per square that holds sites; return the files, from south-west on.

    Parameters
    ----------
    search
        The streets, the demand points, the cut-off, the direction.
    sites
        Points attached to the streets of `search`, one row per site.
    folder
        Where the files go.
    tile_m
        Side of a square, metres.
    halo_m
        Width of the halo, metres. Exact from the cut-off on (times the highest speed in a timed
        profile); less loses ways without a sign of it.

    Raises
    ------
    ValueError
        The side is not positive, or a site has several rows.
    """
    if not tile_m > 0:
        msg = f"a tile of {tile_m} m"
        raise ValueError(msg)
    if point_count(sites) != len(sites.edge):
        msg = "tiles take sites on one street each"
        raise ValueError(msg)
    placed = site_rows(search.net, sites, search.direction)
    paths = []
    for number, (members, nodes) in enumerate(_squares(search.net, sites, tile_m, halo_m)):
        path = Path(folder) / f"{number:06d}{SUFFIX}"
        with path.open("wb") as file:
            np.savez(file, **_part(search.search, placed, members, nodes))
        paths.append(path)
    return tuple(paths)


def catchments_tile(
    path: str | os.PathLike[str], *, threads: int | None = None, compiled: bool = COMPILED
) -> Block:
    """Return the rows of the sites of one tile, under the numbers of the whole.

    Parameters
    ----------
    path
        A file of `cut_tiles`; nothing in it is executed.
    threads, compiled
        See `StreetSearch.rows`.
    """
    with np.load(path, allow_pickle=False) as file:
        part = {name: file[name] for name in file.files}
    graph = SearchGraph(part["ptr"], part["arcs"], int(part["band"]))
    index = DemandIndex(
        item_ptr=part["item_ptr"],
        items=part["items"],
        home_ptr=part["home_ptr"],
        home=part["home"],
        points=len(part["point"]),
        shared=bool(part["shared"]),
    )
    search = Search(graph, index, int(part["limit"]))
    indptr, demand, cost = search.rows(part["sites"], threads=threads, compiled=compiled)
    return Block(part["number"], indptr, part["point"][demand], cost)


def tile_blocks(
    paths: Iterable[str | os.PathLike[str]],
    executor: Executor | None = None,
    *,
    waiting: int = DEFAULT_WAITING,
) -> Iterator[Block]:
    """Yield the rows of one tile after the other, in the order of the files.

    Rows of a country do not fit in memory: write each block away before taking the next.

    Parameters
    ----------
    paths
        Files of `cut_tiles`.
    executor
        Who answers: threads, processes, a cluster; each tile by one thread. None: this process, one
        tile at a time, by all its threads. The rows do not depend on it.
    waiting
        At most so many tiles are being answered, or are answered and not yet taken.

    Raises
    ------
    ValueError
        `waiting` is less than 1.
    """
    if waiting < 1:
        msg = f"{waiting} tiles at a time"
        raise ValueError(msg)
    if executor is None:
        yield from map(catchments_tile, paths)
        return
    asked: deque[Future[Block]] = deque()
    for path in paths:
        if len(asked) == waiting:
            yield asked.popleft().result()
        asked.append(executor.submit(catchments_tile, path, threads=1))
    while asked:
        yield asked.popleft().result()


def _squares(
    net: Network, sites: Attached, tile_m: float, halo_m: float
) -> Iterator[tuple[Int64, Int64]]:
    """Yield the sites of each square and the nodes within its halo."""
    live = np.flatnonzero(sites.ok)
    lon, lat = _positions(net, sites.edge[live], sites.pos_mm[live])
    # Squares of degrees, nowhere narrower than asked for.
    widest = np.abs(net.geom_lat).max(initial=0.0)
    per_lon, per_lat = float(metres_per_degree(widest)[0]), float(metres_per_degree(0.0)[1])
    column, row = (np.floor(p * m / tile_m) for p, m in ((lon, per_lon), (lat, per_lat)))
    _, tile = np.unique(np.stack((row, column)), axis=1, return_inverse=True)
    order = np.argsort(tile, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(tile[order])) + 1 if len(order) else []):
        if not len(part):
            continue
        west, south = column[part[0]] * tile_m - halo_m, row[part[0]] * tile_m - halo_m
        side = tile_m + 2 * halo_m
        x, y = net.node_lon * per_lon - west, net.node_lat * per_lat - south
        inside = (x >= 0) & (x <= side) & (y >= 0) & (y <= side)
        yield live[part], np.flatnonzero(inside)


def _positions(net: Network, edge: Int32, pos_mm: Int32) -> tuple[Float64, Float64]:
    """Return the longitudes and latitudes of positions on edges."""
    # All edges one behind the other, so that one interpolation serves them all.
    length = net.edge_cost_mm.astype(np.int64) + 1
    start = np.cumsum(length) - length
    along = np.repeat(start, np.diff(net.geom_ptr)) + net.geom_mm
    at = start[edge] + pos_mm
    return np.interp(at, along, net.geom_lon), np.interp(at, along, net.geom_lat)


def _part(search: Search, placed: Int32, members: Int64, nodes: Int64) -> dict[str, Any]:
    """Return the arrays of one tile; nodes, edges and points are numbered anew, in their order."""
    graph, index = search.graph, search.index
    sites = placed[members]
    # The ends of a site's own street belong to it, however far they are.
    nodes = np.union1d(nodes, sites[:, [U, V]])
    local = np.full(graph.nodes + 1, len(nodes), dtype=np.int32)
    local[nodes] = np.arange(len(nodes))
    arc, ptr = _slices(graph.ptr, nodes)
    arcs = np.column_stack((local[graph.arcs[arc, 0]], graph.arcs[arc, 1]))
    inside = arcs[:, 0] < len(nodes)
    ptr = np.concatenate(([0], np.cumsum(inside)))[ptr]
    item, item_ptr = _slices(index.item_ptr, nodes)
    items = index.items[item]
    items[:, OTHER] = local[items[:, OTHER]]
    edges, sites[:, EDGE] = np.unique(sites[:, EDGE], return_inverse=True)
    at = np.searchsorted(edges, items[:, ON])
    items[:, ON] = np.where(edges[np.minimum(at, len(edges) - 1)] == items[:, ON], at, -1)
    street, home_ptr = _slices(index.home_ptr, edges)
    home = index.home[street]
    point = np.unique(np.concatenate((items[:, POINT], home[:, D_POINT])))
    items[:, POINT] = np.searchsorted(point, items[:, POINT])
    home[:, D_POINT] = np.searchsorted(point, home[:, D_POINT])
    sites[:, [U, V]] = local[sites[:, [U, V]]]
    return {
        "ptr": ptr.astype(np.int32),
        "arcs": arcs[inside].astype(np.int32),
        "band": graph.band,
        "limit": search.limit,
        "item_ptr": np.append(item_ptr, item_ptr[-1]).astype(np.int32),
        "items": items,
        "home_ptr": home_ptr.astype(np.int32),
        "home": home,
        "shared": index.shared,
        "point": point,
        "sites": sites,
        "number": members,
    }


def _slices(ptr: Int32, part: NDArray[np.integer]) -> tuple[Int64, Int64]:
    """Return what the slices of `ptr` of some rows hold, and their own `ptr`."""
    first = ptr[part].astype(np.int64)
    size = ptr[part + 1] - first
    out = np.concatenate(([0], np.cumsum(size)))
    return np.arange(out[-1]) + np.repeat(first - out[:-1], size), out
