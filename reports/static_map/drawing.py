"""A `MapScene` as one SVG in millimetres: the frame with the map, and the legend under it."""

from collections.abc import Iterator
from typing import Final

from reports.blocks import TEXT_WIDTH_MM, Plate
from reports.static_map.ground import (
    LAID,
    Ground,
    draw_land,
    draw_streets,
    draw_surface,
    ground_of,
    name_streets,
    place_units,
)
from reports.static_map.ink import INK, element, short, written
from reports.static_map.legend import ROW_MM, draw_legend, draw_scale, legend_rows
from reports.static_map.marks import (
    draw_candidates,
    draw_plan,
    draw_stations,
    draw_tags,
    take_stations,
)
from reports.static_map.placing import Placer, text_width
from reports.static_map.sheet import Sheet, sheet_of
from reports.webmap.scene import MapScene
from words import say

_GAP_MM: Final = 2.5
_BADGE_MM: Final = 3.2
_EDGE_MM: Final = 0.4
_PAPER: Final = "#f4f2ee"


def map_plate(scene: MapScene) -> Plate:
    """Return the map of a scene as wide as the text; the same scene gives the same drawing."""
    sheet = sheet_of(scene)
    ground = ground_of(scene.base, sheet)
    rows = legend_rows(scene, ground)
    height = sheet.height_mm + _GAP_MM + ROW_MM * len(rows)
    size = {"width": f"{TEXT_WIDTH_MM:g}mm", "height": f"{short(height)}mm"}
    svg = element(
        "svg",
        "".join((_framed(scene, sheet, ground), *draw_legend(rows, sheet.height_mm + _GAP_MM))),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {TEXT_WIDTH_MM:g} {short(height)}",
        **size,
    )
    alt = say(
        "reports.map.alt",
        scene.lang,
        stations=len(scene.stations),
        candidates=len(scene.candidates),
        plan=len(scene.plan),
    )
    return Plate(svg, TEXT_WIDTH_MM, height, alt)


def _framed(scene: MapScene, sheet: Sheet, ground: Ground) -> str:
    box = {"x": 0, "y": 0, "width": TEXT_WIDTH_MM, "height": sheet.height_mm}
    clip = element("clipPath", element("rect", **box), id="frame")
    half, full = _EDGE_MM / 2, _EDGE_MM
    line = {
        "x": half,
        "y": half,
        "width": TEXT_WIDTH_MM - full,
        "height": sheet.height_mm - full,
    }
    inner = "".join(_layers(scene, sheet, ground))
    return (
        clip
        + element("rect", fill=_PAPER, **box)
        + element("g", inner, clip_path="url(#frame)")
        + draw_scale(sheet, scene.lang)
        + "".join(_badges(scene))
        + element("rect", fill="none", stroke=INK, stroke_width=_EDGE_MM, **line)
    )


def _layers(scene: MapScene, sheet: Sheet, ground: Ground) -> Iterator[str]:
    """Yield everything inside the frame from the bottom up; numbers take their places first."""
    placer = Placer()
    plan = draw_plan(scene.plan, sheet, placer)
    tags = list(draw_tags(scene, sheet, placer))
    marks = Placer()
    take_stations(scene, sheet, marks)
    names = list(place_units(ground, placer, marks))
    yield draw_land(ground)
    for layer in LAID:
        yield from (draw_surface(s, sheet) for s in scene.surfaces if s.layer == layer)
    yield from draw_streets(ground)
    take_stations(scene, sheet, placer)
    yield from name_streets(ground, placer)
    yield from draw_candidates(scene.candidates, sheet)
    yield from draw_stations(scene, sheet)
    yield from names
    yield from tags
    yield from plan


def _badges(scene: MapScene) -> Iterator[str]:
    """Yield what the map is, at its upper left: invented data, for internal work."""
    text = " · ".join(scene.badges)
    if not text:
        return
    box = {"width": text_width(text, _BADGE_MM) + 4, "height": _BADGE_MM + 3}
    yield element("rect", x=1.5, y=1.5, fill="#ffffff", fill_opacity=0.9, **box)
    yield written(text, 3.5, 1.5 + (_BADGE_MM + 3) / 2, _BADGE_MM)
