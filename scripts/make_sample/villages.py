"""Villages, and the pieces of street that nobody can walk to."""

import math
from collections.abc import Iterator

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from scripts.make_sample.drawing import Drawing, Village, bare_name, line_parts
from scripts.make_sample.noding import Line
from scripts.make_sample.plane import SEED, XY, built_up, facts, outline, rows, to_plane, unit_at

_VILLAGE_GAP_M = 860.0


def grow_villages(drawing: Drawing, barriers: BaseGeometry, rng: np.random.Generator) -> None:
    """Put villages beside country roads, each in its unit, none in water."""
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
    yield Line(
        LineString([middle, foot.coords[0]]), {"highway": "unclassified", "name": f"{name}路"}
    )


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


def pieces_apart(drawing: Drawing) -> None:
    """Draw the pieces nobody can walk to, and clear the ground around them."""
    rng = np.random.default_rng([SEED, 2])
    for piece in facts()["apart"]:
        middle = to_plane(*piece["at"])
        counts = (piece["lines"], piece["lines"])
        streets = list(_grid(middle, counts, piece["spacing_m"], rng.uniform(-8.0, 8.0), rng))
        ground = unary_union(streets).convex_hull.buffer(piece["clear_m"])
        drawing.lines = [part for line in drawing.lines for part in _clear(line, ground)]
        tags = {"highway": "residential"}
        drawing.lines.extend(Line(street, tags, keep=piece["name"]) for street in streets)


def _clear(line: Line, ground: BaseGeometry) -> Iterator[Line]:
    if line.grade or "foot" in line.tags or not line.shape.intersects(ground):
        yield line
        return
    for part in line_parts(line.shape.difference(ground)):
        yield Line(part, line.tags)
