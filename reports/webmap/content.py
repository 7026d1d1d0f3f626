"""The scene as the one JSON object that the page's script draws; short keys, since it travels on every change."""

from typing import Any

from reports.webmap.base import SCALE
from reports.webmap.scene import MapPoint, MapScene
from reports.webmap.surfaces import Surface
from words import Lang, count, say

_TEXTS = (
    "legend.title",
    "legend.closed",
    "legend.own",
    "tool.add",
    "tool.add_cancel",
    "tool.add_hint",
    "tool.zoom_in",
    "tool.zoom_out",
    "tool.whole",
    "tool.close",
    "tool.saving",
    "tool.metre",
    "tool.kilometre",
    "tool.map",
    "popup.drag",
)


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
    codes = {symbol.code: number for number, symbol in enumerate(scene.symbols)}
    numbers = {
        "stations": len(scene.stations),
        "candidates": len(scene.candidates),
        "plan": len(scene.plan),
    }
    return {
        "lang": scene.lang,
        "texts": {key: say(f"map.{key}", scene.lang) for key in _TEXTS},
        "surfaces": [_surface(surface, scene.lang) for surface in scene.surfaces],
        "layers": {
            layer: say(f"map.legend.{layer}", scene.lang, number=number)
            for layer, number in numbers.items()
            if number
        },
        "symbols": [[symbol.name, symbol.shape, symbol.colour] for symbol in scene.symbols],
        "stations": [_point(p, scene, codes, details=details) for p in scene.stations],
        "candidates": [_point(p, scene, codes, details=details) for p in scene.candidates],
        "plan": [_point(p, scene, codes, details=True) for p in scene.plan],
        "visible": list(scene.visible),
        "badges": list(scene.badges),
        "notes": list(scene.notes),
        "add": scene.can_add,
        "focus": _focus(scene),
    }


def _surface(surface: Surface, lang: Lang) -> dict[str, Any]:
    west, south, east, north = surface.bounds
    return {
        "layer": surface.layer,
        "title": say(f"map.legend.{surface.layer}", lang),
        "unit": say("map.legend.density_unit", lang),
        "url": surface.data_uri,
        "bounds": [[south, west], [north, east]],
        "classes": [
            [colour, say("map.legend.at_least", lang, value=_limit(limit, lang))]
            for colour, limit in zip(surface.colours, surface.breaks, strict=False)
        ],
    }


def _limit(limit: float, lang: Lang) -> str:
    return count(limit, lang) if limit >= 1 else f"{limit:g}"


def _point(
    point: MapPoint, scene: MapScene, codes: dict[str, int], *, details: bool
) -> list[object]:
    # [x, y, symbol, active, order, version, id, name, line, line, ...]
    full = details or point.version is not None or point.id == scene.picked
    return [
        round(point.lon * SCALE),
        round(point.lat * SCALE),
        codes.get(point.symbol, 0),
        int(point.active),
        point.order,
        point.version,
        point.id,
        point.name,
        *point.lines,
        *(point.detail if full else ()),
    ]


def _focus(scene: MapScene) -> dict[str, float] | None:
    if scene.focus is None:
        return None
    focus = scene.focus
    return {"lon": focus.lon, "lat": focus.lat, "zoom": focus.zoom, "number": focus.number}
