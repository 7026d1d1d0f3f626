"""Positions on streets as degrees: of single spots, and of spots along many streets."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.streets import Network

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]


def spots_of(
    net: Network, edge: NDArray[np.integer[Any]], pos_mm: NDArray[Any]
) -> tuple[Float64, Float64]:
    """Return lon, lat (WGS-84 degrees) of positions along edges, in millimetres from their start.

    A position beyond the end of its edge is its end.
    """
    # Edges one after another on one axis, a millimetre apart.
    start = np.concatenate(([0], np.cumsum(net.edge_cost_mm.astype(np.int64) + 1)))
    owner = np.repeat(np.arange(net.edges), np.diff(net.geom_ptr))
    axis = start[owner] + net.geom_mm
    at = start[edge] + np.minimum(pos_mm, net.edge_cost_mm[edge])
    return np.interp(at, axis, net.geom_lon), np.interp(at, axis, net.geom_lat)


def along(net: Network, edges: Int64, step_m: float) -> tuple[Int64, Float64, Float64]:
    """Return spots in the middle of equal parts, at most `step_m` long, of some edges.

    Returns
    -------
    tuple
        The edge of each spot, and its lon and lat, WGS-84 degrees.
    """
    length = net.edge_cost_mm[edges].astype(np.int64)
    parts = -(-length // round(step_m * 1000))
    edge = np.repeat(edges, parts)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
    pos = (number + 0.5) * np.repeat(length / parts, parts)
    return edge, *spots_of(net, edge, pos)
