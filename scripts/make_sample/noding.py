"""From loose lines to a network: every crossing and every end that meets a line becomes a node."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from scripts.make_sample.plane import XY, to_degrees

SNAP_M = 6.0
"""An end this near to another line is joined to it."""
_SAME_PLACE_M = 1.5


@dataclass(frozen=True)
class Line:
    """One drawn line with its OpenStreetMap-like tags.

    Attributes
    ----------
    grade
        Lines of different grades cross without a junction (bridges, motorways).
    keep
        Name of a piece that may stay apart from the main network; "" everywhere else.
    """

    shape: LineString
    tags: dict[str, str] = field(default_factory=dict)
    grade: int = 0
    keep: str = ""


@dataclass(frozen=True)
class Noded:
    """Nodes in degrees and, per line, its node numbers."""

    lon: list[float]
    lat: list[float]
    lines: tuple[Line, ...]
    nodes: tuple[tuple[int, ...], ...]


def node_lines(lines: Sequence[Line]) -> Noded:
    """Cut every line at its junctions; drop pieces apart from the network unless kept."""
    places: list[list[tuple[float, XY]]] = [
        [(line.shape.project(Point(x, y)), (x, y)) for x, y in line.shape.coords] for line in lines
    ]
    # Ends first: an end that stops short of a line, or just over it, is moved onto it.
    moved = _join_ends(lines, places)
    _cross(lines, places, moved)
    return _main_piece(lines, places)


def _join_ends(
    lines: Sequence[Line], places: list[list[tuple[float, XY]]]
) -> dict[tuple[int, int], XY]:
    tree = shapely.STRtree([line.shape for line in lines])
    moved: dict[tuple[int, int], XY] = {}
    for number, line in enumerate(lines):
        for end in (0, -1):
            at = line.shape.coords[end]
            near = tree.query(Point(at), predicate="dwithin", distance=SNAP_M)
            others = [i for i in sorted(near.tolist()) if i != number and _meet(lines[i], line)]
            if not others:
                continue
            best = min(others, key=lambda i: lines[i].shape.distance(Point(at)))
            along = lines[best].shape.project(Point(at))
            target = lines[best].shape.interpolate(along).coords[0]
            moved[number, best] = target
            places[best].append((along, target))
            old = places[number][0 if end == 0 else len(line.shape.coords) - 1]
            places[number][0 if end == 0 else len(line.shape.coords) - 1] = (old[0], target)
    return moved


def _meet(one: Line, other: Line) -> bool:
    return one.grade == other.grade


def _cross(
    lines: Sequence[Line],
    places: list[list[tuple[float, XY]]],
    moved: dict[tuple[int, int], XY],
) -> None:
    shapes = np.array([line.shape for line in lines], dtype=object)
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    pairs = sorted((int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b)
    for a, b in pairs:
        if not _meet(lines[a], lines[b]):
            continue
        for point in _points(shapely.intersection(shapes[a], shapes[b])):
            joined = [moved[key] for key in ((a, b), (b, a)) if key in moved]
            if any(shapely.distance(Point(at), Point(point)) < SNAP_M for at in joined):
                continue
            places[a].append((shapes[a].project(Point(point)), point))
            places[b].append((shapes[b].project(Point(point)), point))


def _points(crossing: shapely.Geometry) -> list[XY]:
    points = [part for part in shapely.get_parts(crossing) if part.geom_type == "Point"]
    overlaps = [part for part in shapely.get_parts(crossing) if part.geom_type == "LineString"]
    ends = [Point(at) for part in overlaps for at in (part.coords[0], part.coords[-1])]
    return [(float(part.x), float(part.y)) for part in points + ends]


def _main_piece(lines: Sequence[Line], places: list[list[tuple[float, XY]]]) -> Noded:
    numbers: dict[XY, int] = {}
    chains = [_chain(sorted(found), numbers) for found in places]
    walked = [c for c, line in zip(chains, lines, strict=True) if walkable(line)]
    piece = _pieces(len(numbers), walked)
    size: dict[int, int] = defaultdict(int)
    for chain, line in zip(chains, lines, strict=True):
        if chain and walkable(line):
            size[piece[chain[0]]] += len(chain)
    main = max(size, key=lambda key: size[key])
    kept = [
        number
        for number, (chain, line) in enumerate(zip(chains, lines, strict=True))
        if len(chain) > 1 and (line.keep or not walkable(line) or piece[chain[0]] == main)
    ]
    return _renumber([lines[n] for n in kept], [chains[n] for n in kept], list(numbers))


def walkable(line: Line) -> bool:
    """Return whether people may walk on the line."""
    return not line.grade and line.tags.get("foot") != "no"


def _chain(found: list[tuple[float, XY]], numbers: dict[XY, int]) -> list[int]:
    chain: list[int] = []
    last = -_SAME_PLACE_M
    for along, at in found:
        key = to_degrees(*at)
        if key not in numbers and along - last < _SAME_PLACE_M and chain:
            continue
        number = numbers.setdefault(key, len(numbers))
        if not chain or chain[-1] != number:
            chain.append(number)
            last = along
    return chain


def _pieces(nodes: int, chains: list[list[int]]) -> list[int]:
    parent = list(range(nodes))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for chain in chains:
        for node in chain[1:]:
            parent[root(node)] = root(chain[0])
    return [root(node) for node in range(nodes)]


def _renumber(lines: list[Line], chains: list[list[int]], degrees: list[XY]) -> Noded:
    used = sorted({node for chain in chains for node in chain})
    new = {old: number for number, old in enumerate(used)}
    return Noded(
        lon=[degrees[old][0] for old in used],
        lat=[degrees[old][1] for old in used],
        lines=tuple(lines),
        nodes=tuple(tuple(new[node] for node in chain) for chain in chains),
    )
