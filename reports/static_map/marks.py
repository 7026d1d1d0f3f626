"""Points of a scene: the shapes of the map on the screen, in millimetres."""

from collections.abc import Iterable, Iterator
from math import cos, pi, sin
from typing import Final

from reports.static_map.ink import AREA, INK, PLAN, element, short, written
from reports.static_map.placing import Placer
from reports.static_map.sheet import Sheet
from reports.webmap.points import MapPoint, Symbol
from reports.webmap.scene import MapScene

PLAN_MM: Final = 2.1
CANDIDATE_MM: Final = 0.55

_CANDIDATE = "#3d3d3d"
_CLOSED = "#6b6b6b"
_SIZES = ((150, 1.45), (400, 1.1), (1500, 0.8))
_SMALLEST_MM = 0.55
_TAG_MM = 2.6
_TAG_ASIDE = ((0, 0), (0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
# Corners, direction of the first in quarter turns, and how far out they are.
_CORNERS = {
    "diamond": (4, 0.0, 1.25),
    "triangle": (3, -1.0, 1.3),
    "wedge": (3, 1.0, 1.3),
    "hexagon": (6, 0.0, 1.12),
}
_ARM, _REACH = 0.42, 1.15


def station_size(stations: int) -> float:
    """Return the radius of a station in millimetres: smaller where there are many."""
    return next((size for most, size in _SIZES if stations <= most), _SMALLEST_MM)


def draw_stations(scene: MapScene, sheet: Sheet) -> Iterator[str]:
    """Yield the stations by kind and standing."""
    symbols = {symbol.code: symbol for symbol in scene.symbols}
    size = station_size(len(scene.stations))
    for point in scene.stations:
        x, y = sheet.place(point.lon, point.lat)
        look = point.standing if point.active else "closed"
        yield draw_station(symbols[point.symbol or ""], look, x, y, size)


def take_stations(scene: MapScene, sheet: Sheet, placer: Placer) -> None:
    """Keep the places of the stations free of what is placed later."""
    size = 2 * station_size(len(scene.stations))
    for point in scene.stations:
        placer.take(*sheet.place(point.lon, point.lat), size, size)


def draw_station(symbol: Symbol, look: str, x: float, y: float, size: float) -> str:
    """Return one station: open full, shut hollow, unverified with a dot, closed crossed."""
    full = look in {"open", "part"}
    fill = symbol.colour if full else "#f2f2f2" if look == "closed" else "#ffffff"
    edge = INK if full else _CLOSED if look == "closed" else symbol.colour
    width = size * (0.12 if full else 0.25)
    drawn = _outline(symbol.shape, x, y, size, stroke="#ffffff", stroke_width=size * 0.5)
    drawn += _outline(symbol.shape, x, y, size, fill=fill, stroke=edge, stroke_width=width)
    if look == "closed":
        ends = {"x1": x - size, "y1": y + size, "x2": x + size, "y2": y - size}
        drawn += element("line", stroke=_CLOSED, stroke_width=width, **ends)
    if look == "unverified":
        drawn += element("circle", cx=x, cy=y, r=size * 0.33, fill=INK)
    return drawn


def draw_candidates(points: Iterable[MapPoint], sheet: Sheet) -> Iterator[str]:
    """Yield the candidates, small and hollow."""
    for point in points:
        yield draw_candidate(*sheet.place(point.lon, point.lat))


def draw_candidate(x: float, y: float) -> str:
    """Return one candidate."""
    look = {"fill": "#ffffff", "stroke": _CANDIDATE, "stroke_width": CANDIDATE_MM / 3}
    return element("circle", cx=x, cy=y, r=CANDIDATE_MM, **look)


def draw_plan(points: Iterable[MapPoint], sheet: Sheet, placer: Placer) -> list[str]:
    """Return the planned sites with their numbers, the first on top, and take their places."""
    drawn = []
    for point in points:
        x, y = sheet.place(point.lon, point.lat)
        placer.take(x, y, 2 * PLAN_MM, 2 * PLAN_MM)
        drawn.append(draw_planned(point.order or 0, x, y))
    return drawn[::-1]


def draw_planned(order: int, x: float, y: float) -> str:
    """Return one planned site."""
    text = str(order)
    size = PLAN_MM * (1.35 if len(text) == 1 else 1.2 if len(text) == 2 else 0.9)
    disc = element("circle", cx=x, cy=y, r=PLAN_MM, fill=PLAN, stroke="#ffffff", stroke_width=0.35)
    return disc + written(text, x, y, size, text_anchor="middle", fill="#ffffff")


def draw_tags(scene: MapScene, sheet: Sheet, placer: Placer) -> Iterator[str]:
    """Yield the numbers of the gap areas, beside the planned sites."""
    for tag in scene.tags:
        x, y = sheet.place(tag.lon, tag.lat)
        width, height = tag_size(tag.order)
        spots = ((x + a * (width + 1.6), y + b * (height + 1.2)) for a, b in _TAG_ASIDE)
        spot = placer.first_free(spots, width, height)
        if spot is not None:
            yield draw_tag(tag.order, *spot)


def draw_tag(order: int, x: float, y: float) -> str:
    """Return the number of a gap area in its box."""
    width, height = tag_size(order)
    box = {"x": x - width / 2, "y": y - height / 2, "width": width, "height": height}
    frame = element("rect", fill="#ffffff", stroke=AREA, stroke_width=0.3, **box)
    return frame + written(str(order), x, y, _TAG_MM, text_anchor="middle", fill=AREA)


def tag_size(order: int) -> tuple[float, float]:
    """Return width and height of the box of a number."""
    return 1.2 + 0.58 * _TAG_MM * len(str(order)), _TAG_MM + 0.8


def _outline(shape: str, x: float, y: float, size: float, /, **look: object) -> str:
    if shape == "square":
        side = 1.76 * size
        return element("rect", x=x - side / 2, y=y - side / 2, width=side, height=side, **look)
    if shape == "circle":
        return element("circle", cx=x, cy=y, r=size, **look)
    corners = _cross(size) if shape == "cross" else _regular(*_CORNERS[shape], size)
    points = " ".join(f"{short(x + a)},{short(y + b)}" for a, b in corners)
    return element("polygon", points=points, **look)


def _regular(count: int, quarter: float, stretch: float, size: float) -> list[tuple[float, float]]:
    turns = [quarter * pi / 2 + number * 2 * pi / count for number in range(count)]
    return [(size * stretch * cos(turn), size * stretch * sin(turn)) for turn in turns]


def _cross(size: float) -> list[tuple[float, float]]:
    a, b = _ARM * size, _REACH * size
    half = [(-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a)]
    return [*half, *((-x, -y) for x, y in half)]
