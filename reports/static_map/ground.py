"""What lies under the points: surfaces, streets by class, outline, names."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, degrees, dist, hypot
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reports.blocks import TEXT_WIDTH_MM
from reports.static_map.ink import element, haloed, short
from reports.static_map.placing import Placer, text_width
from reports.static_map.sheet import Sheet
from reports.webmap.base import SCALE, BaseLayer
from reports.webmap.surfaces import Surface

STREETS: Final = (
    (0.7, "#a8873f"),
    (0.55, "#b79a5c"),
    (0.4, "#9c968a"),
    (0.28, "#aaa498"),
    (0.16, "#b9b4a9"),
    (0.1, "#c9c5bb"),
    (0.1, "#d3cfc6"),
)
"""Width in millimetres and colour by rank of the base layer, 0 widest."""
SMALLEST_MM_PER_KM: Final = (0.0, 0.0, 0.0, 1.2, 2.5, 9.0, 14.0)
"""Scale from which streets of a rank are drawn: smaller ones would be a grey ground."""
DASHES: Final = "2.2 0.8 0.5 0.8"
EDGE: Final = "#6b655b"
LAID: Final = ("gap", "unverified")
"""Surfaces that are printed, the first at the bottom."""

_NEAREST_MM = 0.12
_NAME_MM = 2.0
_NAMED_RANKS = 3
_STRAIGHT = 0.96
_UNIT_MM = 2.9
_ASIDE = ((0, 0), (0, -1), (0, 1), (-0.5, -1), (0.5, -1), (-0.5, 1), (0.5, 1), (0, -2), (0, 2))

Line = NDArray[np.float64]
"""Shape (n, 2): x and y in millimetres."""


@dataclass(frozen=True)
class Ground:
    """A base layer on a sheet; streets by rank, each with its name ("" for none)."""

    streets: tuple[tuple[tuple[str, Line], ...], ...]
    outline: tuple[Line, ...]
    labels: tuple[tuple[str, int, float, float], ...]


def ground_of(base: BaseLayer, sheet: Sheet) -> Ground:
    """Read a base layer as the page's script does; streets too small for the scale are left."""
    start = base.javascript.index("=") + 1
    content: dict[str, Any] = json.loads(base.javascript[start:].rstrip().removesuffix(";"))
    streets = []
    for rank, lines in enumerate(content["streets"]):
        drawn = lines if sheet.mm_per_km >= SMALLEST_MM_PER_KM[rank] else []
        read = ((content["names"][flat[0]], _line(flat[1:], sheet)) for flat in drawn)
        streets.append(tuple((name, line) for name, line in read if _touches(line, sheet)))
    labels = (
        (name, rank, *sheet.place(x / SCALE, y / SCALE)) for x, y, rank, name in content["labels"]
    )
    rings = tuple(_line(flat, sheet) for flat in content["outline"])
    return Ground(tuple(streets), rings, tuple(labels))


def draw_land(ground: Ground) -> str:
    """Return the ground inside the outline, on which everything else lies."""
    rings = _rings(ground)
    return element("path", d=rings, fill="#ffffff", stroke="none") if rings else ""


def draw_streets(ground: Ground) -> Iterator[str]:
    """Yield the streets, the smallest at the bottom, and the outline over them."""
    for rank in reversed(range(len(STREETS))):
        path = "".join(_path(line) for _, line in ground.streets[rank])
        if path:
            width, colour = STREETS[rank]
            yield element("path", d=path, fill="none", stroke=colour, stroke_width=width)
    if rings := _rings(ground):
        dashes = {"stroke_dasharray": DASHES, "stroke_width": 0.4}
        yield element("path", d=rings, fill="none", stroke=EDGE, **dashes)


def draw_surface(surface: Surface, sheet: Sheet) -> str:
    """Return one surface; a hatched one in stripes, so that what is under it is seen."""
    west, south, east, north = surface.bounds
    left, top = sheet.place(west, north)
    right, bottom = sheet.place(east, south)
    box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    picture = element("image", preserveAspectRatio="none", href=surface.data_uri, **box)
    if not surface.hatched:
        return picture
    mask = element("mask", picture, id=surface.layer, style="mask-type:alpha")
    stripes = f"url(#stripes-{surface.layer})"
    laid = element("rect", fill=stripes, mask=f"url(#{surface.layer})", **box)
    return stripes_of(surface) + mask + laid


def stripes_of(surface: Surface) -> str:
    """Return the pattern of a hatched surface, `stripes-<layer>`."""
    stripe = element("rect", width=0.35, height=1.1, fill=surface.colours[-1][:7])
    sizes = {"width": 1.1, "height": 1.1, "patternUnits": "userSpaceOnUse"}
    name = f"stripes-{surface.layer}"
    return element("pattern", stripe, id=name, patternTransform="rotate(45)", **sizes)


def place_units(ground: Ground, placer: Placer, marks: Placer) -> Iterator[str]:
    """Yield the names of units, beside the marks where a free place is near, else over them."""
    for name, rank, x, y in ground.labels:
        if rank > 0:
            continue
        width, height = text_width(name, _UNIT_MM) + 0.6, _UNIT_MM + 0.5
        spots = [(x + a * width, y + b * height) for a, b in _ASIDE]
        inside = [s for s in spots if width / 2 <= s[0] <= TEXT_WIDTH_MM - width / 2]
        # What is sorted stably keeps the nearest first: False, free of marks, comes before True.
        inside.sort(key=lambda s: not marks.free(s[0], s[1], width, height))
        spot = placer.first_free(inside, width, height)
        if spot is not None:
            yield haloed(name, *spot, _UNIT_MM)


def name_streets(ground: Ground, placer: Placer) -> Iterator[str]:
    """Yield names of main streets, each once, along a stretch that is straight and long enough."""
    named: set[str] = set()
    for lines in ground.streets[:_NAMED_RANKS]:
        for name, line in lines:
            if not name or name in named:
                continue
            width = text_width(name, _NAME_MM) + 1.0
            for x, y, angle in _stretches(line, width):
                flat = abs(np.cos(angle)) * width + abs(np.sin(angle)) * _NAME_MM
                steep = abs(np.sin(angle)) * width + abs(np.cos(angle)) * _NAME_MM
                if not _inside(x, y, flat, steep) or not placer.free(x, y, flat, steep):
                    continue
                placer.take(x, y, flat, steep)
                named.add(name)
                turn = f"rotate({short(degrees(angle))} {short(x)} {short(y)})"
                yield haloed(name, x, y, _NAME_MM, transform=turn, fill="#4b463d")
                break


def _inside(x: float, y: float, width: float, height: float) -> bool:
    return width / 2 < x < TEXT_WIDTH_MM - width / 2 and y > height / 2


def _stretches(line: Line, need: float) -> Iterator[tuple[float, float, float]]:
    """Yield middle and direction (radians, to be read from below) of straight stretches."""
    start, run = line[0], 0.0
    for before, here in pairwise(line):
        run += dist(before, here)
        across = here - start
        chord = hypot(*across)
        if chord < need:
            continue
        if chord / run > _STRAIGHT:
            angle = atan2(across[1], across[0])
            angle -= np.pi * round(angle / np.pi)
            middle = (start + here) / 2
            yield float(middle[0]), float(middle[1]), float(angle)
        start, run = here, 0.0


def _rings(ground: Ground) -> str:
    return "".join(_path(ring) + "Z" for ring in ground.outline)


def _line(flat: list[int], sheet: Sheet) -> Line:
    steps = np.cumsum(np.asarray(flat, dtype=np.int64).reshape(-1, 2), axis=0) / SCALE
    return np.column_stack(sheet.places(steps[:, 0], steps[:, 1]))


def _touches(line: Line, sheet: Sheet) -> bool:
    (left, top), (right, bottom) = line.min(axis=0), line.max(axis=0)
    return bool(right >= 0 and bottom >= 0 and left <= TEXT_WIDTH_MM and top <= sheet.height_mm)


def _path(line: Line) -> str:
    """Return a line as a path, without points that stand where the last one stands in print."""
    cells = np.rint(line / _NEAREST_MM).astype(np.int64)
    keep = np.ones(len(line), dtype=bool)
    keep[1:-1] = (np.diff(cells, axis=0) != 0).any(axis=1)[:-1]
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in line[keep].tolist())
