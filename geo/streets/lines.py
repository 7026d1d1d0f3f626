"""Streets from plain lines, as map layers and surveys draw them: their topology is repaired.

Such lines do not say where they meet. Ends close to each other become one junction, a dangling end
close to another line joins it there, lines that cross are cut at the crossing, and what is drawn
twice is kept once. Everything that was done is counted; edges with a moved end say so.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.crs import LocalFrame
from geo.errors import FileRefusedError
from geo.streets.build import Edges, build_network, chosen_edges, gather_slices, in_degrees
from geo.streets.network import (
    DEFAULT_ISLAND_BELOW_M,
    EdgeQuality,
    Float64,
    Int64,
    Network,
)
from geo.streets.ways import walk_meta

DEFAULT_SNAP_M = 2.0
SAME_PLACE_M = 0.001
"""Places nearer than this are one: computed crossings of several lines differ in the last bits."""

Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class LineRepair:
    """What was done to lines to make them a network.

    Attributes
    ----------
    lines, empty_lines
        Lines that came in, and those among them without two different places.
    snapped_ends, largest_move_m
        Ends that were moved to meet another line, and the farthest of these moves.
    crossings
        Places between the ends of lines where lines were cut because they cross or touch.
    duplicates
        Pieces left out because the same piece was there already.
    components_before, components_after
        Connected parts when lines meet only where their ends are in one place, and in the network.
    closed_lines
        Lines beside these that were left out, because by their class or tags nobody walks there.
    """

    lines: int
    empty_lines: int
    snapped_ends: int
    largest_move_m: float
    crossings: int
    duplicates: int
    components_before: int
    components_after: int
    closed_lines: int = 0


@dataclass(frozen=True, eq=False)
class Line:
    """A street as a line without topology.

    Attributes
    ----------
    lon_lat
        float64[k, 2]: longitudes and latitudes, WGS-84 degrees.
    name, highway
        Street name and OSM `highway` value, "" when there is none.
    level
        Tells bridges and tunnels from the ground, where that is known: lines of different levels
        meet at their ends only.
    """

    lon_lat: ArrayLike
    name: str = ""
    highway: str = ""
    level: Hashable = 0


def network_from_lines(
    lines: Iterable[Line],
    *,
    source: str,
    licence: str,
    date: str,
    snap_m: float = DEFAULT_SNAP_M,
    island_below_m: float = DEFAULT_ISLAND_BELOW_M,
) -> tuple[Network, LineRepair]:
    """Return the walkable network of lines, all of them taken, and what was repaired.

    Parameters
    ----------
    lines
        Streets; those that cross on one level are cut at the crossing.
    source, licence, date
        Kept in the network.
    snap_m
        Ends at most this far (<=) from another end or line join it, metres. Of ends near each
        other, the first in order stays where it is; one that has met another end stays there.
    island_below_m
        A component with less street is an island, metres.

    Raises
    ------
    FileRefusedError
        No line has two different places, or positions are no longitudes and latitudes.
    ValueError
        `snap_m` is negative.
    """
    streets = list(lines)
    if not snap_m >= 0:
        msg = f"the snapping distance is {snap_m} m"
        raise ValueError(msg)
    frame, drawn, twice = _drawn(streets, source)
    snapped, feet, moved_m = _snap(drawn, max(snap_m, SAME_PLACE_M))
    stops = _stops(snapped, _joined(feet, _crossings(snapped)), moved_m > SAME_PLACE_M)
    pieces, owner = _pieces(stops, frame)
    kept = _once(pieces, [streets[line].name for line in owner.tolist()])
    own = [streets[line] for line in owner[kept].tolist()]
    edges = replace(
        chosen_edges(pieces, kept),
        name=[line.name for line in own],
        highway=[line.highway for line in own],
    )
    net = build_network(edges, walk_meta(source, licence, date, island_below_m))
    repair = LineRepair(
        lines=len(streets),
        empty_lines=len(streets) - len(drawn.line) - twice,
        snapped_ends=int((moved_m > SAME_PLACE_M).sum()),
        largest_move_m=float(moved_m.max(initial=0.0)),
        crossings=_inner_junctions(stops),
        duplicates=twice + len(owner) - len(kept),
        components_before=_components_by_ends(drawn),
        components_after=len(net.component_mm),
    )
    return net, repair


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Lines in flat metres: xy float64[k, 2], slices per line, number and level of each line."""

    xy: Float64
    ptr: Int64
    line: Int64
    level: Int64

    @property
    def ends(self) -> Int64:
        """Return the first and the last vertex of every line in turn."""
        return np.column_stack((self.ptr[:-1], self.ptr[1:] - 1)).ravel()

    @property
    def first(self) -> Int64:
        """Return the first vertex of every segment."""
        inner = np.ones(len(self.xy), dtype=bool)
        inner[self.ptr[1:] - 1] = False
        return np.flatnonzero(inner)

    @property
    def row(self) -> Int64:
        """Return the row of its line, per vertex."""
        return np.repeat(np.arange(len(self.line)), np.diff(self.ptr))


@dataclass(frozen=True, eq=False)
class _Cuts:
    """Where lines are cut: number of a first vertex, share of the segment behind it, place."""

    vertex: Int64
    share: Float64
    xy: Float64


@dataclass(frozen=True, eq=False)
class _Stops:
    """All vertices of the cut lines in order: row of the line, place, junction or not, moved."""

    row: Int64
    xy: Float64
    junction: Bool
    moved: Bool
    end: Bool
    line: Int64


def _drawn(streets: Sequence[Line], source: str) -> tuple[LocalFrame, _Drawn, int]:
    """Return the lines with two different places, each once, and how often one came again."""
    places = [np.asarray(line.lon_lat, dtype=np.float64).reshape(-1, 2) for line in streets]
    flat = np.concatenate([*places, np.zeros((0, 2))])
    if not in_degrees(flat[:, 0], flat[:, 1]):
        raise FileRefusedError("streets_not_degrees", source=source)
    middle = (flat.min(axis=0, initial=180) + flat.max(axis=0, initial=-180)) / 2
    frame = LocalFrame(float(middle[0]), float(middle[1]))
    parts: dict[tuple[int, bytes], tuple[int, Float64]] = {}
    level = np.unique([hash(line.level) for line in streets], return_inverse=True)[1]
    again = 0
    for number, place in enumerate(places):
        xy = _without_repeats(np.stack(frame.to_m(place[:, 0], place[:, 1]), axis=1))
        if len(xy) < 2:
            continue
        whole = np.rint(xy / SAME_PLACE_M).astype(np.int64)
        key = (int(level[number]), min(whole.tobytes(), whole[::-1].tobytes()))
        again += key in parts
        if key not in parts or (streets[number].name and not streets[parts[key][0]].name):
            parts[key] = number, xy
    if not parts:
        raise FileRefusedError("streets_no_edges", source=source)
    lines = np.array([number for number, _ in parts.values()], dtype=np.int64)
    size = [len(xy) for _, xy in parts.values()]
    ptr = np.concatenate(([0], np.cumsum(size)))
    xy = np.concatenate([xy for _, xy in parts.values()])
    return frame, _Drawn(xy, ptr, lines, level[lines]), again


def _without_repeats(xy: Float64) -> Float64:
    keep = np.ones(len(xy), dtype=bool)
    keep[1:] = np.hypot(*np.diff(xy, axis=0).T) > SAME_PLACE_M
    return xy[keep]


def _components_by_ends(drawn: _Drawn) -> int:
    place = _places(drawn.xy[drawn.ends])
    size = int(place.max()) + 1
    links = (place[::2], place[1::2])
    graph = coo_array((np.ones(len(links[0])), links), shape=(size, size))
    return int(connected_components(graph, directed=False)[0])


def _places(xy: Float64) -> Int64:
    """Return one number per place, in order of first appearance within a component."""
    pairs = cKDTree(xy).query_pairs(SAME_PLACE_M, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(xy), len(xy)))
    label: Int64 = connected_components(graph, directed=False)[1].astype(np.int64)
    return label


def _snap(drawn: _Drawn, snap_m: float) -> tuple[_Drawn, _Cuts, Float64]:
    """Move ends to the ends and lines near them; return cuts of these lines, and the moves."""
    ends = drawn.ends
    was = drawn.xy[ends]
    leader = _leaders(was, snap_m)
    xy = drawn.xy.copy()
    xy[ends] = was[leader]
    lonely = np.bincount(leader, minlength=len(ends))[leader] == 1
    moved = _Drawn(xy, drawn.ptr, drawn.line, drawn.level)
    loose = ends[lonely]
    end, segment = _nearest_segments(moved, loose, snap_m)
    a = moved.first[segment]
    share = _shares(xy, a, xy[end])
    foot = xy[a] + share[:, None] * (xy[a + 1] - xy[a])
    after = xy.copy()
    after[end] = foot
    far = np.hypot(*(after[ends] - was).T)
    return _Drawn(after, drawn.ptr, drawn.line, drawn.level), _Cuts(a, share, foot), far


def _leaders(xy: Float64, snap_m: float) -> Int64:
    """Return, per end, the first end within `snap_m` that stays where it is; itself if none."""
    near = cKDTree(xy).query_ball_point(xy, snap_m, return_sorted=True)
    leader = np.full(len(xy), -1, dtype=np.int64)
    for end, around in enumerate(near):
        if leader[end] < 0:
            free = np.array(around)[leader[around] < 0]
            leader[free] = end
    return leader


def _nearest_segments(drawn: _Drawn, ends: Int64, snap_m: float) -> tuple[Int64, Int64]:
    """Return the ends that have another line of their level within `snap_m`, and its segment."""
    segments, row = _segments(drawn), drawn.row
    points = np.asarray(shapely.points(drawn.xy[ends]))
    tree = shapely.STRtree(segments)
    which, segment = tree.query(points, predicate="dwithin", distance=snap_m)
    one, other = row[ends[which]], row[drawn.first[segment]]
    fit = (one != other) & (drawn.level[one] == drawn.level[other])
    which, segment = which[fit], segment[fit]
    far = shapely.distance(points[which], segments[segment])
    order = np.lexsort((segment, far, which))
    _, first = np.unique(which[order], return_index=True)
    best = order[first]
    return ends[which[best]], segment[best]


def _segments(drawn: _Drawn) -> NDArray[np.object_]:
    a = drawn.first
    return np.asarray(shapely.linestrings(np.stack((drawn.xy[a], drawn.xy[a + 1]), axis=1)))


def _crossings(drawn: _Drawn) -> _Cuts:
    """Cut lines of one level where they cross, touch or begin and end to run together."""
    segments, first = _segments(drawn), drawn.first
    # In floating point, an end on a line and a bend that touches one are a hair beside it.
    tree = shapely.STRtree(segments)
    one, other = tree.query(segments, predicate="dwithin", distance=SAME_PLACE_M)
    row = drawn.row[first]
    neighbours = (row[one] == row[other]) & (other - one == 1)
    level = drawn.level[row]
    meet = (one < other) & (level[one] == level[other]) & ~neighbours
    one, other = one[meet], other[meet]
    xy, index = shapely.get_coordinates(
        shapely.intersection(segments[one], segments[other]), return_index=True
    )
    places, ones, others = [xy], [one[index]], [other[index]]
    for here, there in ((one, other), (other, one)):
        for vertex in (first[here], first[here] + 1):
            place = drawn.xy[vertex]
            on = shapely.distance(shapely.points(place), segments[there]) <= SAME_PLACE_M
            places.append(place[on])
            ones.append(here[on])
            others.append(there[on])
    place = np.concatenate(places)
    segment = np.concatenate((*ones, *others))
    place = np.concatenate((place, place))
    return _Cuts(first[segment], _shares(drawn.xy, first[segment], place), place)


def _shares(xy: Float64, first: Int64, place: Float64) -> Float64:
    """Return the share of each segment that lies before the foot of a place."""
    step = xy[first + 1] - xy[first]
    along = ((place - xy[first]) * step).sum(axis=1)
    square = (step * step).sum(axis=1)
    share = np.divide(along, square, out=np.zeros(len(along)), where=square > 0)
    clipped: Float64 = np.clip(share, 0.0, 1.0)
    return clipped


def _joined(one: _Cuts, other: _Cuts) -> _Cuts:
    return _Cuts(
        np.concatenate((one.vertex, other.vertex)),
        np.concatenate((one.share, other.share)),
        np.concatenate((one.xy, other.xy)),
    )


def _stops(drawn: _Drawn, cuts: _Cuts, moved_end: Bool) -> _Stops:
    """Put the cuts among the vertices of their lines; what is in one place is one stop."""
    total = len(drawn.xy)
    end, moved = np.zeros(total, dtype=bool), np.zeros(total, dtype=bool)
    end[drawn.ends] = True
    moved[drawn.ends] = moved_end
    nothing = np.zeros(len(cuts.vertex), dtype=bool)
    at = np.concatenate((np.arange(total), cuts.vertex + cuts.share))
    row = np.concatenate((drawn.row, drawn.row[cuts.vertex]))
    junction = np.concatenate((end, ~nothing))
    order = np.lexsort((~junction, at, row))
    row, junction = row[order], junction[order]
    xy = np.concatenate((drawn.xy, cuts.xy))[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(row) > 0) | (np.hypot(*np.diff(xy, axis=0).T) > SAME_PLACE_M)
    start = np.flatnonzero(new)
    # A stop stands where its first junction is, or its first vertex.
    rank = np.where(junction, 0, 1)
    best = np.lexsort((np.arange(len(order)), rank, np.cumsum(new)))[start]
    return _Stops(
        row=row[start],
        xy=xy[best],
        junction=np.logical_or.reduceat(junction, start),
        moved=np.logical_or.reduceat(np.concatenate((moved, nothing))[order], start),
        end=np.logical_or.reduceat(np.concatenate((end, nothing))[order], start),
        line=drawn.line,
    )


def _pieces(stops: _Stops, frame: LocalFrame) -> tuple[Edges, Int64]:
    """Return the pieces between junctions, without labels, and the line of each."""
    node = np.full(len(stops.xy), -1, dtype=np.int64)
    at = np.flatnonzero(stops.junction)
    label = _places(stops.xy[at])
    _, first = np.unique(label, return_index=True)
    node[at] = label
    xy = stops.xy.copy()
    xy[at] = stops.xy[at][first][label]
    lon, lat = frame.to_degrees(xy[:, 0], xy[:, 1])
    inside = stops.row[at[:-1]] == stops.row[at[1:]]
    low, high = at[:-1][inside], at[1:][inside]
    bounds = np.column_stack((low, high + 1)).ravel()
    vertex, ptr = gather_slices(bounds, np.arange(0, len(bounds), 2))
    moved = stops.moved[low] | stops.moved[high]
    edges = Edges(
        node_lon=lon[at][first],
        node_lat=lat[at][first],
        u=node[low],
        v=node[high],
        geom_ptr=ptr,
        geom_lon=lon[vertex],
        geom_lat=lat[vertex],
        name=[""] * len(low),
        highway=[""] * len(low),
        osm_way=np.zeros(len(low), dtype=np.int64),
        quality=np.where(moved, EdgeQuality.REPAIRED, EdgeQuality.MAPPED).astype(np.uint8),
    )
    return edges, stops.line[stops.row[low]]


def _once(edges: Edges, names: Sequence[str]) -> Int64:
    """Return the pieces to keep: each place once, with a name rather than without one."""
    seen: dict[tuple[int, int, bytes], int] = {}
    whole = np.rint(np.stack((edges.geom_lon, edges.geom_lat), axis=1) * 1e8).astype(np.int64)
    ends = zip(edges.u.tolist(), edges.v.tolist(), strict=True)
    for piece, (u, v) in enumerate(ends):
        # The nodes tell the ends; only the shape between them can still differ.
        shape = whole[edges.geom_ptr[piece] + 1 : edges.geom_ptr[piece + 1] - 1]
        key = min((u, v, shape.tobytes()), (v, u, shape[::-1].tobytes()))
        if key not in seen or (names[piece] and not names[seen[key]]):
            seen[key] = piece
    return np.array(sorted(seen.values()), dtype=np.int64)


def _inner_junctions(stops: _Stops) -> int:
    """Count the places that became junctions between the ends of lines."""
    inner = stops.xy[stops.junction & ~stops.end]
    return int(_places(inner).max()) + 1 if len(inner) else 0
