"""Sites and demand points as a search takes them: costs to the ends of their streets."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from geo.catchments.graph import Direction
from geo.streets import Attached, Network
from geo.streets.costs import end_costs, leg_costs
from geo.streets.network import Int32, Int64

CLOSED = np.iinfo(np.int32).max
"""Cost to an end that cannot be reached; beyond every cut-off."""

SITE_COLUMNS = ("edge", "u", "at_u", "v", "at_v", "pos", "up", "down", "leg")
HOME_COLUMNS = ("pos", "up", "down", "leg", "point", "at_u", "at_v")
ITEM_COLUMNS = ("at_here", "at_there", "there", "point", "edge")


@dataclass(frozen=True, eq=False)
class DemandIndex:
    """Demand points by the nodes and by the edges they hang on; n nodes, m edges.

    A point within an edge is an item of both its ends, a point at a node an item of that node
    alone. What is not attached is in none.

    Attributes
    ----------
    item_ptr
        int32[n + 2]; the items of node i are item_ptr[i] .. item_ptr[i + 1]. Node n is nowhere.
    items
        int32[k, 5] of `ITEM_COLUMNS`: cost between the point and this node, with the access leg;
        between the point and the other end; the other end; number of the point; edge, -1 for a
        point at the node.
    home_ptr
        int32[m + 1]; the points within edge e are home_ptr[e] .. home_ptr[e + 1].
    home
        int32[h, 7] of `HOME_COLUMNS`: position in mm; costs along the edge from u, of the
        direction in which a search goes up to v, and of the other; leg; number; cost to u, to v.
    points
        Number of demand points, attached or not.
    shared
        Whether some points hang on several streets.
    """

    item_ptr: Int32
    items: Int32
    home_ptr: Int32
    home: Int32
    points: int
    shared: bool

    @property
    def most(self) -> int:
        """Entries that a row can have at most, before those of one point are merged."""
        return len(self.items) + len(self.home)


def point_count(points: Attached) -> int:
    """Return the number of points, each of which has one row or more."""
    return int(points.point[-1]) + 1 if len(points.point) else 0


def site_rows(net: Network, sites: Attached, direction: Direction) -> Int32:
    """Return int32[rows, 9] of `SITE_COLUMNS`; edge -1 where a site is on no street."""
    placed = _Placed(net, sites, direction, leaves=direction == "from_site")
    part = (placed.edge, placed.u, placed.at_u, placed.v, placed.at_v)
    rows = np.column_stack((*part, placed.pos, placed.up, placed.down, placed.leg))
    if len(rows) == len(sites.edge):
        return rows
    out = np.full((len(sites.edge), len(SITE_COLUMNS)), -1, dtype=np.int32)
    out[placed.row] = rows
    return out


_INDEXED: WeakKeyDictionary[Network, WeakKeyDictionary[Attached, dict[Direction, DemandIndex]]] = (
    WeakKeyDictionary()
)


def demand_index(net: Network, demand: Attached, direction: Direction) -> DemandIndex:
    """Return the demand points by node and by edge; of the very same points, found once."""
    known = _INDEXED.setdefault(net, WeakKeyDictionary()).setdefault(demand, {})
    if direction not in known:
        known[direction] = _demand_index(net, demand, direction)
    return known[direction]


def _demand_index(net: Network, demand: Attached, direction: Direction) -> DemandIndex:
    placed = _Placed(net, demand, direction, leaves=direction == "to_site")
    first, last = placed.pos == 0, placed.pos == placed.length
    at_node = first | last
    inside = np.flatnonzero(~at_node)
    home_ptr, by_edge = _group(placed.edge[inside], net.edges)
    home = np.column_stack([getattr(placed, name)[inside] for name in HOME_COLUMNS])
    item_ptr, items = _items(net.nodes, placed, at_node)
    return DemandIndex(
        item_ptr=item_ptr,
        items=items,
        home_ptr=home_ptr,
        home=np.ascontiguousarray(home[by_edge]),
        points=point_count(demand),
        shared=bool((np.diff(placed.point) == 0).any()),
    )


class _Placed:
    """The attached ones of some points, with the costs between them and the ends of their edges.

    Who leaves a position pays the way from it to an end, who arrives the way from an end to it.
    """

    def __init__(
        self, net: Network, points: Attached, direction: Direction, *, leaves: bool
    ) -> None:
        self.row = np.flatnonzero(points.ok)
        self.point = points.point[self.row]
        self.edge, self.pos = points.edge[self.row], points.pos_mm[self.row]
        self.leg = leg_costs(net, points.leg_mm[self.row])
        self.u, self.v = (end[self.edge].astype(np.int32) for end in (net.edge_u, net.edge_v))
        self.length = net.edge_cost_mm[self.edge]
        ends = end_costs(net, self.edge, self.pos)
        to_site = direction == "to_site"
        self.up = ends.from_u if to_site else ends.to_u
        self.down = ends.to_u if to_site else ends.from_u
        # At a node one is there, whatever the direction of the street.
        self.at_u = _with_leg(ends.to_u if leaves else ends.from_u, self.leg, self.pos == 0)
        at_v = ends.to_v if leaves else ends.from_v
        self.at_v = _with_leg(at_v, self.leg, self.pos == self.length)


def _with_leg(cost: Int32, leg: Int32, there: np.ndarray) -> Int32:
    total = np.where(there, 0, cost.astype(np.int64)) + leg
    closed = (cost < 0) & ~there
    return np.where(closed, CLOSED, np.minimum(total, CLOSED)).astype(np.int32)


def _items(nodes: int, placed: _Placed, at_node: np.ndarray) -> tuple[Int32, Int32]:
    nowhere = np.full(len(placed.row), nodes, dtype=np.int32)
    no_edge = np.full(len(placed.row), -1, dtype=np.int32)
    closed = np.full(len(placed.row), CLOSED, dtype=np.int32)
    loop = placed.u == placed.v
    first = placed.pos == 0
    node = np.where(first, placed.u, placed.v)
    nearer = np.minimum(placed.at_u, placed.at_v)
    # A point at a node and a point of a loop have one node only.
    one = np.flatnonzero(at_node | loop)
    both = np.flatnonzero(~(at_node | loop))
    edge = np.where(at_node, no_edge, placed.edge)
    single = np.column_stack((node, nearer, closed, nowhere, placed.point, edge))[one]
    up = (placed.u, placed.at_u, placed.at_v, placed.v, placed.point, edge)
    down = (placed.v, placed.at_v, placed.at_u, placed.u, placed.point, edge)
    every = np.concatenate((single, *(np.column_stack(part)[both] for part in (up, down))))
    ptr, order = _group(every[:, 0], nodes + 1)
    return ptr, np.ascontiguousarray(every[order, 1:])


def _group(key: Int32, count: int) -> tuple[Int32, Int64]:
    """Return the CSR pointers of `key` and the stable order that sorts by it."""
    ptr = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(key, minlength=count), out=ptr[1:])
    # Sorting whole keys is several times faster than sorting an index.
    joint = (key.astype(np.int64) << 32) | np.arange(len(key))
    joint.sort()
    return ptr, joint & 0xFFFFFFFF
