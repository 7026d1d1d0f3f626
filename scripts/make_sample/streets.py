"""The invented street network: true names of main roads, blocks split like a growing town, villages."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

from scripts.make_sample.noding import Line, Noded, node_lines
from scripts.make_sample.plane import (
    SEED,
    XY,
    built_up,
    facts,
    outline,
    rows,
    to_plane,
    unit_at,
)

URBAN = 0.35
"""From this share of built-up ground on, blocks are urban."""
_FARM_BLOCK_M2 = 2_000_000.0
_TOWN_BLOCK_M2 = 72_000.0
_MOTORWAY_STRIP_M = 40.0
_VILLAGE_GAP_M = 780.0


@dataclass(frozen=True)
class Village:
    """One drawn village: its NBS name without the ending, its unit and middle."""

    name: str
    unit: str
    x: float
    y: float


@dataclass(frozen=True)
class Block:
    """One block between streets, and how built-up its middle is."""

    shape: Polygon
    built_up: float


@dataclass
class Drawing:
    """Everything drawn so far."""

    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    villages: list[Village] = field(default_factory=list)
    used_names: set[str] = field(default_factory=set)


def draw() -> tuple[Drawing, Noded]:
    """Draw the whole network and cut it at its junctions."""
    rng = np.random.default_rng([SEED, 1])
    drawing = Drawing()
    roads = _roads()
    drawing.lines.extend(roads)
    barriers = _barriers(roads)
    _grow_blocks(drawing, roads, rng)
    _inner_ways(drawing, rng)
    drawing.lines = [part for line in drawing.lines for part in _without(line, barriers)]
    _grow_villages(drawing, barriers, rng)
    _pieces_apart(drawing)
    return drawing, node_lines(drawing.lines)


def waters() -> list[tuple[str, LineString, float]]:
    """Return name, course and half width (m) of every water."""
    return [
        (water["name"], _curve(water["at"]), float(water["half_width_m"]))
        for water in facts()["water"]
    ]


# --- main roads and barriers ---------------------------------------------------------------------


def _curve(degrees: list[list[float]]) -> LineString:
    points = np.array([to_plane(lon, lat) for lon, lat in degrees])
    for _ in range(2):  # Chaikin's corner cutting keeps both ends
        first, last = points[0], points[-1]
        near = 0.75 * points[:-1] + 0.25 * points[1:]
        far = 0.25 * points[:-1] + 0.75 * points[1:]
        points = np.vstack([first, np.stack([near, far], axis=1).reshape(-1, 2), last])
    return LineString(points).simplify(3.0)


def _roads() -> list[Line]:
    inside = outline().buffer(-60.0)
    entries: list[dict[str, Any]] = facts()["road"]
    courses = {entry["name"]: _curve(entry["at"]) for entry in entries if "at" in entry}
    found: list[Line] = []
    for entry in entries:
        for course in _courses(entry, courses):
            found.extend(
                Line(part, _road_tags(entry), int(entry["highway"] == "motorway"))
                for part in _line_parts(course.intersection(inside))
            )
    return found


def _courses(entry: dict[str, Any], courses: dict[str, LineString]) -> list[LineString]:
    if "beside" not in entry:
        return [courses[entry["name"]]]
    south, north = (to_plane(116.42, lat)[1] for lat in entry["between"])
    strip = shapely.box(-60_000.0, south, 60_000.0, north)
    along = [courses[entry["beside"]].offset_curve(offset) for offset in entry["offsets_m"]]
    return [part for line in along for part in _line_parts(line.simplify(3.0).intersection(strip))]


def _road_tags(entry: dict[str, Any]) -> dict[str, str]:
    tags = {"highway": str(entry["highway"]), "name": str(entry["name"])}
    if entry.get("oneway"):
        tags["oneway"] = "yes"
    if "foot" in entry:
        tags["foot"] = str(entry["foot"])
    return tags


def _barriers(roads: list[Line]) -> BaseGeometry:
    strips = [line.shape.buffer(_MOTORWAY_STRIP_M) for line in roads if line.grade]
    strips += [course.buffer(half_width_m) for _, course, half_width_m in waters()]
    return unary_union(strips)


def _without(line: Line, barriers: BaseGeometry) -> Iterator[Line]:
    """Yield what barriers leave of a local line; main roads bridge them."""
    if line.tags["highway"] in {"motorway", "trunk", "primary", "secondary"}:
        yield line
        return
    for part in _line_parts(line.shape.difference(barriers)):
        if part.length > 25.0:
            yield Line(part, line.tags)


def _line_parts(shape: BaseGeometry) -> list[LineString]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]


# --- blocks: split the land between main roads until blocks have the size of their place ---------


def _grow_blocks(drawing: Drawing, roads: list[Line], rng: np.random.Generator) -> None:
    edge = outline().buffer(-120.0).simplify(20.0)
    cuts = [line.shape for line in roads] + [course for _, course, _ in waters()]
    faces = polygonize(unary_union([edge.boundary, *cuts]))
    ordered = sorted((f for f in faces if edge.contains(f.representative_point())), key=_south_west)
    pools = _name_pools(rng)
    for face in ordered:
        if 2.0 * face.area / face.length > 75.0:  # not the strip between a motorway and its side road
            _split(drawing, face, pools, rng)


def _south_west(shape: BaseGeometry) -> tuple[float, float]:
    return round(shape.bounds[1], 3), round(shape.bounds[0], 3)


def _split(
    drawing: Drawing, face: Polygon, pools: dict[str, list[str]], rng: np.random.Generator
) -> None:
    middle = face.representative_point()
    level = built_up(middle.x, middle.y)
    wanted = math.exp((1 - level) * math.log(_FARM_BLOCK_M2) + level * math.log(_TOWN_BLOCK_M2))
    superblock = 2.6 if rng.random() < 0.09 else 1.0
    if face.area < wanted * superblock * rng.lognormal(0.35, 0.4):
        drawing.blocks.append(Block(face, level))
        return
    cut = _cut_across(face, rng)
    parts = [p for p in shapely.get_parts(shapely.ops.split(face, cut)) if p.area > 1.0]
    if len(parts) < 2:
        drawing.blocks.append(Block(face, level))
        return
    for street in _line_parts(cut.intersection(face)):
        _add_street(drawing, street, face.area, pools, rng)
    for part in sorted(parts, key=_south_west):
        _split(drawing, part, pools, rng)


def _cut_across(face: Polygon, rng: np.random.Generator) -> LineString:
    corners = np.array(face.minimum_rotated_rectangle.exterior.coords)
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    long, short = (0, 1) if lengths[0] >= lengths[1] else (1, 0)
    share = rng.uniform(0.4, 0.6)
    start = corners[0] if long == 0 else corners[1]
    at = start + share * sides[long] + 0.5 * sides[short] * (1 if long == 0 else -1)
    across = sides[short] / lengths[short]
    turn = math.radians(rng.normal(0.0, 3.0))
    across = np.array(
        [
            across[0] * math.cos(turn) - across[1] * math.sin(turn),
            across[0] * math.sin(turn) + across[1] * math.cos(turn),
        ]
    )
    reach = 2.0 * (lengths[0] + lengths[1])
    return LineString([at - reach * across, at + reach * across])


def _add_street(
    drawing: Drawing,
    street: LineString,
    block_m2: float,
    pools: dict[str, list[str]],
    rng: np.random.Generator,
) -> None:
    middle = street.interpolate(0.5, normalized=True)
    level = built_up(middle.x, middle.y)
    highway, named = _street_class(level, block_m2)
    if highway == "residential" and not named:
        luck = rng.random()
        if luck < 0.06:
            return  # a missing link
        if luck < 0.15:
            street = _shortened(street, rng)
    tags = {"highway": highway}
    if named and (name := _take_name(unit_at(middle.x, middle.y), pools, drawing)):
        tags["name"] = name
    if highway == "residential" and rng.random() < 0.04:
        tags["oneway"] = "yes"
    drawing.lines.append(Line(street, tags))


def _street_class(level: float, block_m2: float) -> tuple[str, bool]:
    """Return the OSM highway class of a street that splits a block of this size, and if it has a name."""
    if level < URBAN:
        return ("tertiary", True) if block_m2 > 9e6 else ("unclassified", block_m2 > 4e6)
    if block_m2 > 900_000.0:
        return "tertiary", True
    return "residential", block_m2 > 240_000.0


def _shortened(street: LineString, rng: np.random.Generator) -> LineString:
    share = rng.uniform(0.5, 0.8)
    ends = (0.0, share) if rng.random() < 0.5 else (1.0 - share, 1.0)
    return LineString([street.interpolate(end, normalized=True) for end in ends])


def bare_name(name: str) -> str:
    """Return a community's or village's name without its administrative ending."""
    return re.sub(r"(社区居民委员会|社区居委会|村村委会|村委会|社区)$", "", name)


def _name_pools(rng: np.random.Generator) -> dict[str, list[str]]:
    """Return believable street names by unit: what lies there, with 路 or 街."""
    endings: list[str] = facts()["street_names"]["endings"]
    stems: dict[str, list[str]] = {}
    for row in rows("daxing_nbs_villages"):
        stem = re.sub(r"[东西南北中]?[一二三四五六七八九十]*[里区]$|[一二三四五六七八]$", "", bare_name(row["name"]))
        if 2 <= len(stem) <= 4 and not re.search(r"号|工业|开发|院$|机场", stem):
            stems.setdefault(row["town"], []).append(stem)
    pools: dict[str, list[str]] = {}
    for unit, entry in facts()["units"].items():
        found = sorted({stem for town in entry["names"] for stem in stems.get(town, [])})
        first = [stem + ending for ending in endings[:2] for stem in rng.permutation(found)]
        rest = [stem + ending for ending in endings[2:] for stem in rng.permutation(found)]
        pools[unit] = (first + rest)[::-1]
    return pools


def _take_name(unit: str, pools: dict[str, list[str]], drawing: Drawing) -> str:
    pool = pools.get(unit, [])
    while pool:
        name = pool.pop()
        if name not in drawing.used_names:
            drawing.used_names.add(name)
            return name
    return ""


# --- ways inside blocks ----------------------------------------------------------------------


def _inner_ways(drawing: Drawing, rng: np.random.Generator) -> None:
    for block in drawing.blocks:
        if block.built_up < URBAN or block.shape.area < 26_000.0:
            continue
        luck = rng.random()
        if luck < 0.30:
            drawing.lines.extend(_path(block.shape, "service", 1.0, rng))
        elif luck < 0.52:
            drawing.lines.extend(_path(block.shape, "service", rng.uniform(0.4, 0.7), rng))
        if rng.random() < 0.15 * block.built_up:
            drawing.lines.extend(_path(block.shape, "footway", 1.0, rng))


def _path(
    block: Polygon, highway: str, share: float, rng: np.random.Generator
) -> Iterator[Line]:
    for part in _line_parts(_cut_across(block, rng).intersection(block))[:1]:
        far = part.interpolate(share, normalized=True)
        yield Line(LineString([part.coords[0], far]), {"highway": highway})


# --- villages ------------------------------------------------------------------------------


def _grow_villages(drawing: Drawing, barriers: BaseGeometry, rng: np.random.Generator) -> None:
    country = [line for line in drawing.lines if not line.grade and "foot" not in line.tags]
    tree = shapely.STRtree([line.shape for line in country])
    lengths = np.array([line.shape.length for line in country])
    waiting = _village_names(rng)
    taken: list[XY] = []
    for number in rng.choice(len(country), size=9000, p=lengths / lengths.sum()):
        road = country[int(number)].shape
        foot = road.interpolate(rng.uniform(0.05, 0.95), normalized=True)
        middle = _beside(road, foot, rng.uniform(60.0, 380.0) * rng.choice([-1.0, 1.0]))
        unit = unit_at(*middle)
        if not waiting.get(unit) or built_up(*middle) > 0.3:
            continue
        if any(math.dist(middle, other) < _VILLAGE_GAP_M for other in taken):
            continue
        ground = Point(middle).buffer(330.0)
        if not outline().contains(ground) or ground.intersects(barriers):
            continue
        taken.append(middle)
        name = waiting[unit].pop()
        drawing.villages.append(Village(name, unit, *middle))
        nearest = country[int(tree.nearest(Point(middle)))].shape
        drawing.lines.extend(_village_lines(name, middle, nearest, rng))


def _village_names(rng: np.random.Generator) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {unit: [] for unit in facts()["units"]}
    for row in rows("daxing_nbs_villages"):
        if not row["name"].endswith("村委会"):
            continue
        for unit, entry in facts()["units"].items():
            if row["town"] in entry["names"] and entry["kind"] == "镇":
                found[unit].append(bare_name(row["name"]) + "村")
    return {unit: [str(name) for name in rng.permutation(names)] for unit, names in found.items()}


def _direction(road: LineString, at: Point) -> XY:
    along = road.project(at)
    near, far = road.interpolate(max(0.0, along - 5.0)), road.interpolate(along + 5.0)
    length = near.distance(far)
    return (far.x - near.x) / length, (far.y - near.y) / length


def _beside(road: LineString, at: Point, offset_m: float) -> XY:
    dx, dy = _direction(road, at)
    return at.x - dy * offset_m, at.y + dx * offset_m


def _village_lines(
    name: str, middle: XY, road: LineString, rng: np.random.Generator
) -> Iterator[Line]:
    foot = road.interpolate(road.project(Point(middle)))
    turn = math.degrees(math.atan2(*reversed(_direction(road, foot)))) + rng.normal(0.0, 6.0)
    along, across = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    for line in _grid(middle, (along, across), rng.uniform(75.0, 125.0), turn, rng):
        yield Line(line, {"highway": "residential"})
    yield Line(LineString([middle, foot]), {"highway": "unclassified", "name": f"{name}路"})


def _grid(
    middle: XY, counts: tuple[int, int], spacing_m: float, turn: float, rng: np.random.Generator
) -> Iterator[LineString]:
    """Yield the streets of a small grid, slightly uneven, turned by `turn` degrees."""
    rows_at = _uneven(counts[0], spacing_m, rng)
    columns_at = _uneven(counts[1], spacing_m, rng)
    for at in rows_at:
        yield _placed([(columns_at[0], at), (columns_at[-1], at)], middle, turn)
    for at in columns_at:
        ends = (rows_at[0], rows_at[-1] + (rng.uniform(25.0, 70.0) if rng.random() < 0.3 else 0.0))
        yield _placed([(at, ends[0]), (at, ends[1])], middle, turn)


def _uneven(count: int, spacing_m: float, rng: np.random.Generator) -> list[float]:
    steps = spacing_m * rng.uniform(0.8, 1.25, size=count - 1)
    at = np.concatenate([[0.0], np.cumsum(steps)])
    return [float(value) for value in at - at.mean()]


def _placed(points: list[XY], middle: XY, turn: float) -> LineString:
    turned = affinity.rotate(LineString(points), turn, origin=(0.0, 0.0))
    return affinity.translate(turned, *middle)


# --- pieces apart from the network ------------------------------------------------------------


def _pieces_apart(drawing: Drawing) -> None:
    """Draw the pieces nobody can walk to, and clear the ground around them."""
    rng = np.random.default_rng([SEED, 2])
    for piece in facts()["apart"]:
        middle = to_plane(*piece["at"])
        counts = (piece["lines"], piece["lines"])
        streets = list(_grid(middle, counts, piece["spacing_m"], rng.uniform(-8.0, 8.0), rng))
        ground = unary_union(streets).convex_hull.buffer(30.0)
        drawing.lines = [part for line in drawing.lines for part in _clear(line, ground)]
        tags = {"highway": "residential"}
        drawing.lines.extend(Line(street, tags, keep=piece["name"]) for street in streets)


def _clear(line: Line, ground: BaseGeometry) -> Iterator[Line]:
    if line.grade or "foot" in line.tags or not line.shape.intersects(ground):
        yield line
        return
    for part in _line_parts(line.shape.difference(ground)):
        yield Line(part, line.tags)
