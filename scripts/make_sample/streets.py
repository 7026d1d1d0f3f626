"""The invented streets: main roads with true names, blocks split as towns grow, villages."""

import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, split, unary_union

from scripts.make_sample.drawing import URBAN, Block, Drawing, bare_name, line_parts
from scripts.make_sample.noding import Line, Noded, node_lines
from scripts.make_sample.plane import SEED, built_up, facts, outline, rows, to_plane, unit_at
from scripts.make_sample.villages import grow_villages, pieces_apart

_FARM_BLOCK_M2 = 2_000_000.0
_TOWN_BLOCK_M2 = 80_000.0
_MOTORWAY_STRIP_M = 40.0


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
    grow_villages(drawing, barriers, rng)
    pieces_apart(drawing)
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
    return LineString(shapely.get_coordinates(LineString(points).simplify(3.0)))


def _roads() -> list[Line]:
    inside = outline().buffer(-60.0)
    entries: list[dict[str, Any]] = facts()["road"]
    courses = {entry["name"]: _curve(entry["at"]) for entry in entries if "at" in entry}
    found: list[Line] = []
    for entry in entries:
        for course in _courses(entry, courses):
            found.extend(
                Line(part, _road_tags(entry), int(entry["highway"] == "motorway"))
                for part in line_parts(course.intersection(inside))
            )
    return found


def _courses(entry: dict[str, Any], courses: dict[str, LineString]) -> list[LineString]:
    if "beside" not in entry:
        return [courses[entry["name"]]]
    south, north = (to_plane(116.42, lat)[1] for lat in entry["between"])
    strip = shapely.box(-60_000.0, south, 60_000.0, north)
    along = [courses[entry["beside"]].offset_curve(offset) for offset in entry["offsets_m"]]
    return [part for line in along for part in line_parts(line.simplify(3.0).intersection(strip))]


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
    for part in line_parts(line.shape.difference(barriers)):
        if part.length > 25.0:
            yield Line(part, line.tags)


# --- blocks: split the land between main roads until blocks have the size of their place ---------


def _grow_blocks(drawing: Drawing, roads: list[Line], rng: np.random.Generator) -> None:
    edge = outline().buffer(-120.0).simplify(20.0)
    cuts = [line.shape for line in roads] + [course for _, course, _ in waters()]
    faces = polygonize(unary_union([edge.boundary, *cuts]))
    ordered = sorted((f for f in faces if edge.contains(f.representative_point())), key=_south_west)
    pools = _name_pools(rng)
    for face in ordered:
        if (
            2.0 * face.area / face.length > 75.0
        ):  # not the strip between a motorway and its side road
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
    parts = [p for p in shapely.get_parts(split(face, cut)) if p.area > 1.0]
    if len(parts) < 2:
        drawing.blocks.append(Block(face, level))
        return
    for street in line_parts(cut.intersection(face)):
        _add_street(drawing, street, face.area, pools, rng)
    for part in sorted(parts, key=_south_west):
        _split(drawing, part, pools, rng)


def _cut_across(face: Polygon, rng: np.random.Generator) -> LineString:
    corners = shapely.get_coordinates(face.minimum_rotated_rectangle)
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
    """Return the OSM class of a street that splits such a block, and whether it has a name."""
    if level < URBAN:
        return ("tertiary", True) if block_m2 > 9e6 else ("unclassified", block_m2 > 4e6)
    if block_m2 > 900_000.0:
        return "tertiary", True
    return "residential", block_m2 > 240_000.0


def _shortened(street: LineString, rng: np.random.Generator) -> LineString:
    share = rng.uniform(0.5, 0.8)
    ends = (0.0, share) if rng.random() < 0.5 else (1.0 - share, 1.0)
    return LineString([street.interpolate(end, normalized=True) for end in ends])


def _name_pools(rng: np.random.Generator) -> dict[str, list[str]]:
    """Return believable street names by unit: what lies there, with 路 or 街."""
    endings: list[str] = facts()["street_names"]["endings"]
    stems: dict[str, list[str]] = {}
    for row in rows("daxing_nbs_villages"):
        stem = re.sub(
            r"[东西南北中]?[一二三四五六七八九十]*[里区]$|[一二三四五六七八]$",
            "",
            bare_name(row["name"]),
        )
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


def _path(block: Polygon, highway: str, share: float, rng: np.random.Generator) -> Iterator[Line]:
    for part in line_parts(_cut_across(block, rng).intersection(block))[:1]:
        far = part.interpolate(share, normalized=True).coords[0]
        yield Line(LineString([part.coords[0], far]), {"highway": highway})
