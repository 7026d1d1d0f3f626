"""Costs of access legs and of parts of edges, in the unit of the network."""

from dataclasses import dataclass

import numpy as np

from geo.streets.network import Int32, Network


@dataclass(frozen=True, eq=False)
class EndCosts:
    """Costs between positions on edges and the ends of these edges; int32[p], -1: closed.

    `from_u` + `to_v` is exactly `edge_forward`, `from_v` + `to_u` exactly `edge_backward`. For
    walking `from_u` and `to_u` are the position itself.
    """

    from_u: Int32
    to_v: Int32
    from_v: Int32
    to_u: Int32


def end_costs(net: Network, edge: Int32, pos_mm: Int32) -> EndCosts:
    """Return the costs between positions on edges and the ends of these edges.

    Within an edge the speed is one: the share of the length is the share of the cost, rounded.

    Parameters
    ----------
    net
        The streets.
    edge, pos_mm
        int32[p]: edges, none of them -1, and lengths from their `edge_u`.
    """
    forward, backward = net.edge_forward[edge], net.edge_backward[edge]
    share = pos_mm / net.edge_cost_mm[edge]
    from_u, to_u = (np.rint(share * cost).astype(np.int32) for cost in (forward, backward))
    return EndCosts(
        from_u=_open(from_u, forward),
        to_v=_open(forward - from_u, forward),
        from_v=_open(backward - to_u, backward),
        to_u=_open(to_u, backward),
    )


def leg_costs(net: Network, leg_mm: Int32) -> Int32:
    """Return the cost of access legs: their length, or their time at `meta.access_m_s`; -1 stays.

    Parameters
    ----------
    net
        The streets.
    leg_mm
        int32: millimetres; -1 where a point is on no street.
    """
    if net.meta.cost_unit == "mm":
        return leg_mm
    return np.where(leg_mm >= 0, np.rint(leg_mm / net.meta.access_m_s), -1).astype(np.int32)


def _open(cost: Int32, direction: Int32) -> Int32:
    return np.where(direction >= 0, cost, np.int32(-1))
