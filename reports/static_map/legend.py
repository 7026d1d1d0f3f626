"""What the signs of the map mean, in lines as wide as the map; the bar of lengths."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from reports.blocks import TEXT_WIDTH_MM
from reports.static_map.ground import DASHES, EDGE, LAID, STREETS, Ground, stripes_of
from reports.static_map.ink import INK, element, written
from reports.static_map.marks import (
    draw_candidate,
    draw_planned,
    draw_station,
    draw_tag,
    station_size,
)
from reports.static_map.placing import text_width
from reports.static_map.sheet import Sheet
from reports.webmap.points import Symbol
from reports.webmap.scene import MapScene
from reports.webmap.surfaces import Surface
from words import Lang, count, say

SIZE_MM: Final = 2.8
ROW_MM: Final = 5.0

_SIGN_MM = 6.5
_APART_MM = 5.0
_SORTS = {"main_road": (0, 1), "road": (2, 3), "small_road": (4, 5, 6)}
_LADDER_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_BAR_MM = 34.0

Draw = Callable[[float, float], str]
"""Draws a sign around a place."""


@dataclass(frozen=True)
class Entry:
    """A sign and what it means; without a sign, a heading of those that follow."""

    text: str
    sign: Draw | None = None

    @property
    def width(self) -> float:
        """Room on a line, millimetres."""
        return text_width(self.text, SIZE_MM) + (_SIGN_MM if self.sign else 0.0) + _APART_MM


def legend_rows(scene: MapScene, ground: Ground) -> list[list[Entry]]:
    """Return the lines of the legend: surfaces, stations, other points, ground."""
    groups = [*_surfaces(scene), _stations(scene), _others(scene), _lines(ground, scene.lang)]
    return [row for group in groups for row in _broken(group)]


def draw_legend(rows: list[list[Entry]], top: float) -> Iterator[str]:
    """Yield the lines, the first one's middle half a line under `top`."""
    for number, row in enumerate(rows):
        x, y = 0.0, top + (number + 0.5) * ROW_MM
        for entry in row:
            start = x
            if entry.sign is not None:
                yield entry.sign(x + _SIGN_MM / 2, y)
                start += _SIGN_MM
            yield written(entry.text, start, y, SIZE_MM)
            x += entry.width


def draw_scale(sheet: Sheet, lang: Lang) -> str:
    """Return the bar of lengths at the lower left, as long as a round length is."""
    fitting = [km for km in _LADDER_KM if km * sheet.mm_per_km <= _BAR_MM]
    km = fitting[-1] if fitting else _LADDER_KM[0]
    length = km * sheet.mm_per_km
    unit = say("map.tool.metre" if km < 1 else "map.tool.kilometre", lang)
    text = f"{1000 * km:.0f} {unit}" if km < 1 else f"{km:g} {unit}"
    x, y = 4.0, sheet.height_mm - 4.0
    width = max(length, text_width(text, SIZE_MM)) + 4
    box = {"x": x - 2, "y": y - 6, "width": width, "height": 8.0}
    ticks = f"M{x} {y - 1.5:.2f}V{y:.2f}H{x + length:.2f}V{y - 1.5:.2f}"
    return (
        element("rect", fill="#ffffff", fill_opacity=0.85, **box)
        + element("path", d=ticks, fill="none", stroke=INK, stroke_width=0.4)
        + written(text, x, y - 3.5, SIZE_MM)
    )


def _surfaces(scene: MapScene) -> Iterator[list[Entry]]:
    lang, entries = scene.lang, []
    for surface in (found for found in scene.surfaces if found.layer in LAID):
        if surface.hatched:
            entries.append(Entry(say("map.legend.unverified", lang), _hatched(surface)))
            continue
        yield [Entry(say(f"map.legend.gap_{scene.gap_of}", lang))]
        entries += [
            Entry(say("map.legend.at_least", lang, value=f"{least:,g}"), _patch(colour))
            for least, colour in zip(surface.breaks, surface.colours, strict=True)
        ]
        entries.append(Entry(say("map.legend.density_unit", lang)))
    yield entries


def _stations(scene: MapScene) -> list[Entry]:
    if not scene.stations:
        return []
    lang, number = scene.lang, count(len(scene.stations), scene.lang)
    entries = [Entry(say("map.legend.stations", lang, number=number))]
    entries += [Entry(symbol.name, _station(symbol, "open")) for symbol in scene.symbols]
    seen = {point.standing if point.active else "closed" for point in scene.stations}
    plain = Symbol("", "", "circle", INK)
    for look, key in (
        ("shut", "shut"),
        ("unverified", "unverified_station"),
        ("closed", "closed"),
    ):
        if look in seen:
            entries.append(Entry(say(f"map.legend.{key}", lang), _station(plain, look)))
    return entries


def _others(scene: MapScene) -> list[Entry]:
    lang = scene.lang
    entries = []
    if scene.plan:
        told = say("map.legend.plan", lang, number=count(len(scene.plan), lang))
        entries.append(Entry(told, lambda x, y: draw_planned(1, x, y)))
    if scene.tags:
        entries.append(Entry(say("reports.map.tag", lang), lambda x, y: draw_tag(1, x, y)))
    if scene.candidates:
        told = say("map.legend.candidates", lang, number=count(len(scene.candidates), lang))
        entries.append(Entry(told, draw_candidate))
    return entries


def _lines(ground: Ground, lang: Lang) -> list[Entry]:
    """Return what the lines mean that are on the map, in the look of the widest of each sort."""
    entries = []
    for key, ranks in _SORTS.items():
        drawn = [rank for rank in ranks if ground.streets[rank]]
        if drawn:
            entries.append(Entry(say(f"reports.map.{key}", lang), _stroke(*STREETS[drawn[0]])))
    if ground.outline:
        line = _stroke(0.4, EDGE, dashes=DASHES)
        entries.append(Entry(say("reports.map.outline", lang), line))
    return entries


def _broken(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Yield the lines that a group needs; what follows a heading keeps clear of it."""
    row: list[Entry] = []
    for entry in entries:
        if row and sum(other.width for other in row) + entry.width - _APART_MM > TEXT_WIDTH_MM:
            yield row
            row = []
        row.append(entry)
    if row:
        yield row


def _station(symbol: Symbol, look: str) -> Draw:
    return lambda x, y: draw_station(symbol, look, x, y, station_size(0))


def _patch(colour: str) -> Draw:
    box = {"width": 5.0, "height": 2.8, "fill": colour[:7], "stroke": "none"}
    faint = int(colour[7:] or "ff", 16) / 255
    return lambda x, y: element("rect", x=x - 2.5, y=y - 1.4, fill_opacity=faint, **box)


def _hatched(surface: Surface) -> Draw:
    box = {"width": 5.0, "height": 2.8, "fill": f"url(#stripes-{surface.layer})"}
    return lambda x, y: stripes_of(surface) + element("rect", x=x - 2.5, y=y - 1.4, **box)


def _stroke(width: float, colour: str, dashes: str = "none") -> Draw:
    look = {"stroke": colour, "stroke_width": width, "stroke_dasharray": dashes}
    return lambda x, y: element("line", x1=x - 2.5, x2=x + 2.5, y1=y, y2=y, **look)
