"""The scene as the one JSON object that the page's script draws; it travels on every change."""

from collections.abc import Sequence
from typing import Any

from reports.webmap.base import SCALE
from reports.webmap.points import MapPoint, scored
from reports.webmap.scene import MapScene, ScoreOf
from reports.webmap.serving import Standing
from reports.webmap.surfaces import Surface
from words import Lang, count, say

_TEXTS = (
    "legend.title",
    "legend.closed",
    "legend.shut",
    "legend.unverified_station",
    "legend.own",
    "legend.own_drag",
    "tool.add",
    "tool.add_cancel",
    "tool.add_hint",
    "tool.zoom_in",
    "tool.zoom_out",
    "tool.whole",
    "tool.close",
    "tool.saving",
    "tool.fill",
    "tool.metre",
    "tool.kilometre",
    "tool.map",
    "tool.draw",
    "tool.draw_cancel",
    "tool.draw_undo",
    "tool.draw_done",
    "tool.draw_hint",
    "tool.draw_fix",
    "tool.road",
    "tool.road_add",
    "tool.road_add_hint",
    "tool.road_back",
    "tool.road_close",
    "tool.road_close_hint",
    "legend.zones",
    "popup.drag",
    "tiles.failed",
)
_OF_COUNTS = frozenset({"tool.draw", "tool.draw_hint", "tool.draw_fix"})
_OF_ROWS = frozenset({"tool.add", "tool.add_cancel", "tool.add_hint", "legend.stations"})


def content(scene: MapScene, *, details: bool) -> dict[str, Any]:
    """Return what the script draws.

    Parameters
    ----------
    scene
        What to show.
    details
        True: every popup carries its details (a map that stands alone). False: planned sites,
        candidates that can be dragged and the picked point only; 600 sentences per change are too
        much for a slow intranet.
    """
    strings: dict[str, int] = {}
    numbers = {
        "stations": len(scene.stations),
        "candidates": len(scene.candidates),
        "plan": len(scene.plan),
    }
    return {
        "lang": scene.lang,
        "texts": {key: say(f"map.{_own(key, scene)}", scene.lang) for key in _TEXTS},
        "surfaces": [_surface(surface, scene) for surface in scene.surfaces],
        "layers": {
            layer: say(f"map.{_own(f'legend.{layer}', scene)}", scene.lang, number=number)
            for layer, number in numbers.items()
            if number
        },
        "symbols": [[symbol.name, symbol.shape, symbol.colour] for symbol in scene.symbols],
        "stations": _points(scene.stations, scene, strings, details=details),
        "candidates": _points(
            scene.candidates, scene, strings, details=details, score_of=scene.score_of
        ),
        "plan": _points(scene.plan, scene, strings, details=True),
        "strings": list(strings),
        "visible": list(scene.visible),
        "badges": list(scene.badges),
        "notes": list(scene.notes),
        "add": scene.can_add,
        "focus": _focus(scene),
        "tapped": scene.tapped,
        "tags": [[round(tag.lon * SCALE), round(tag.lat * SCALE), tag.order] for tag in scene.tags],
        "area": _area(scene),
        "reach": None if scene.reach is None else scene.reach.as_dict(),
        "lines": [lines.as_dict() for lines in scene.lines],
        "zones": [zone.as_dict() for zone in scene.zones],
        "draw": scene.can_draw,
        "roads": scene.can_change_streets,
        "undo": scene.can_undo,
        "draft": [list(corner) for corner in scene.draft],
        "grip": None if scene.grip is None else scene.grip.as_dict(),
        "answered": scene.answered,
        "linked": scene.linked,
        "credit": _credit(scene, details=details),
    }


def _credit(scene: MapScene, *, details: bool) -> str:
    """Return whose tiles the map lies on; a map that stands alone lies on none."""
    if scene.tiles is None or details:
        return ""
    return scene.tiles.credit or say(f"map.tiles.{scene.tiles.provider}", scene.lang)


def _own(key: str, scene: MapScene) -> str:
    """Return the key of the sentence that fits what a tap places, or what is drawn."""
    if scene.drawing == "count" and key in _OF_COUNTS:
        return f"{key}_count"
    return f"{key}_row" if scene.adding == "row" and key in _OF_ROWS else key


def _surface(surface: Surface, scene: MapScene) -> dict[str, Any]:
    west, south, east, north = surface.bounds
    lang = scene.lang
    title = f"gap_{scene.gap_of}" if surface.layer == "gap" else surface.layer
    return {
        "layer": surface.layer,
        "title": surface.title or say(f"map.legend.{title}", lang),
        "unit": "" if surface.names else say("map.legend.density_unit", lang),
        "named": bool(surface.names),
        "hatched": surface.hatched,
        "url": surface.light_uri,
        "bounds": [[south, west], [north, east]],
        "classes": [list(pair) for pair in zip(surface.colours, surface.names, strict=True)]
        if surface.names
        else [
            [colour, say("map.legend.at_least", lang, value=_limit(limit, lang))]
            for colour, limit in zip(surface.colours, surface.breaks, strict=True)
        ],
    }


def _limit(limit: float, lang: Lang) -> str:
    return count(limit, lang) if limit >= 1 else f"{limit:g}"


def _points(
    points: Sequence[MapPoint],
    scene: MapScene,
    strings: dict[str, int],
    *,
    details: bool,
    score_of: ScoreOf | None = None,
) -> dict[str, Any]:
    # Columns, and towns and kinds once in a table: half the size of objects.
    codes = {symbol.code: number for number, symbol in enumerate(scene.symbols)}
    return {
        "x": [round(point.lon * SCALE) for point in points],
        "y": [round(point.lat * SCALE) for point in points],
        "id": [point.id for point in points],
        "name": [point.name for point in points],
        "symbol": [codes[point.symbol] for point in points if point.symbol in codes],
        "order": [point.order for point in points if point.order is not None],
        "closed": [number for number, point in enumerate(points) if not point.active],
        "shut": _at(points, "shut"),
        "unverified": _at(points, "unverified"),
        "version": [
            [number, point.version]
            for number, point in enumerate(points)
            if point.version is not None
        ],
        "lines": [
            [number, [strings.setdefault(line, len(strings)) for line in lines]]
            for number, point in enumerate(points)
            if (lines := _lines(point, scene, score_of, details=details))
        ],
    }


def _at(points: Sequence[MapPoint], now: Standing) -> list[int]:
    return [number for number, point in enumerate(points) if point.standing == now]


def _area(scene: MapScene) -> dict[str, Any] | None:
    if scene.chosen is None:
        return None
    points = scene.chosen.points
    return {
        "title": scene.chosen.title or say("map.legend.area", scene.lang, order=scene.chosen.order),
        "order": scene.chosen.order,
        "radius": scene.chosen.radius_m,
        "x": [round(lon * SCALE) for lon, _ in points],
        "y": [round(lat * SCALE) for _, lat in points],
    }


def _lines(
    point: MapPoint, scene: MapScene, score_of: ScoreOf | None, *, details: bool
) -> tuple[str, ...]:
    if scene.tells_picked and not details and point.order is None and point.id != scene.picked:
        return ()
    if score_of is not None:
        point = scored(point, score_of(point.id), scene.lang)
    full = details or point.version is not None or point.id == scene.picked
    return point.lines + point.detail if full else point.lines


def _focus(scene: MapScene) -> dict[str, float] | None:
    if scene.focus is None:
        return None
    focus = scene.focus
    return {"lon": focus.lon, "lat": focus.lat, "zoom": focus.zoom, "number": focus.number}
