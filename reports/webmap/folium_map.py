"""The scene as a folium map: a constant base, and all that changes in one feature group.

Whatever changes in the Map itself makes streamlit-folium mount a new page and lose the view;
whatever changes in the feature group is drawn in place. So the Map holds nothing but the base
layer's name and bounds, and the group carries the scene as one JSON object.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, cast

import folium
import numpy as np
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from numpy.typing import NDArray

from reports.webmap.content import content
from reports.webmap.delivery import STATIC_FOLDER, Assets, embedded_assets, served_assets
from reports.webmap.parts import in_parts
from reports.webmap.payload import script_json
from reports.webmap.scene import MapScene
from reports.webmap.surfaces import Surface
from reports.webmap.tiles import Tiles
from words import say

CLOSEST_ZOOM = 18
WIDEST_ZOOM = 8
_FIRST_ZOOM = 10

_POLICY = (
    "default-src 'none'; img-src data:; script-src 'unsafe-inline' data:; "
    "style-src 'unsafe-inline' data:"
)


@dataclass(frozen=True, eq=False)
class LiveMap:
    """What streamlit-folium needs: a map that stays the same, and the groups that change.

    `marks` are of the parts that the page has once it has drawn them (`in_parts`).
    """

    base: folium.Map
    groups: list[folium.FeatureGroup]
    marks: tuple[str, ...]


def live_map(
    scene: MapScene,
    *,
    known: Collection[str] = (),
    wanted: Collection[str] = (),
    static_folder: Path = STATIC_FOLDER,
) -> LiveMap:
    """Return a fresh map and its group; never keep them, streamlit-folium writes into both.

    Parameters
    ----------
    scene
        What to show.
    known
        Marks of the parts that the page has.
    wanted
        Layers, not visible at first, whose surfaces the page has asked for.
    static_folder
        Where the app serves files from; the base layer's script is written there once.
    """
    assets = served_assets(scene.base, static_folder, tiled=scene.tiles is not None)
    base = _own_map(scene, assets, tiles=scene.tiles, standalone=False)
    hidden = {surface.layer for surface in scene.surfaces} - {*scene.visible, *wanted}
    drawn = content(
        replace(scene, surfaces=tuple(_unseen(one, hidden) for one in scene.surfaces)),
        details=False,
    )
    light, marks = in_parts(drawn, known, hidden)
    return LiveMap(base=base, groups=[_group(light)], marks=marks)


def standalone_html(scene: MapScene) -> str:
    """Return the same map as one file that opens from a disk and asks no host for anything.

    The page's own policy forbids every request, so it never holds tiles. Equal scenes give equal
    files.
    """
    page = _own_map(scene, embedded_assets(scene.base), tiles=None, standalone=True)
    page._id = "whole"  # noqa: SLF001 -- folium's random ids would make every export differ
    group = _group({**content(scene, details=True), "parts": {}})
    group._id = "shown"  # noqa: SLF001 -- the same
    group.add_to(page)
    figure = cast("Figure", page.get_root())
    figure.header.add_child(
        Element(
            f"<title>{escape(say('map.standalone.title', scene.lang))}</title>"
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        ),
        name="policy",
        index=0,
    )
    html: str = figure.render()
    return html


def _unseen(surface: Surface, hidden: Collection[str]) -> Surface:
    """Return a surface that nobody sees without its picture, which then need not be drawn."""
    return replace(surface, draw=_nothing) if surface.layer in hidden else surface


def _nothing() -> NDArray[np.uint8]:
    return np.zeros((1, 1), dtype=np.uint8)


class _OwnMap(folium.Map):
    def __init__(self, assets: Assets, middle: tuple[float, float], tiles: Tiles | None) -> None:
        super().__init__(
            location=middle,
            crs="EPSG3857" if tiles is None else tiles.crs,
            zoom_start=_FIRST_ZOOM,
            tiles=None,
            prefer_canvas=True,
            zoom_control=False,
            # Without tiles folium drops min_zoom and max_zoom: these go to Leaflet directly.
            minZoom=WIDEST_ZOOM,
            maxZoom=CLOSEST_ZOOM,
            # A quarter, or a district that just misses a step fills half the screen; but the
            # letters of a tile can be read at its own size only.
            zoomSnap=0.25 if tiles is None else 1,
            attributionControl=False,  # its prefix is a flag; credits are in the legend
        )
        self.default_js = assets.js
        self.default_css = assets.css


class _Mount(MacroElement):
    """Hands the Leaflet map to our script."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.WarmMap.mount({{ this._parent.get_name() }}, {{ this.config }});"
        "{% endmacro %}"
    )

    def __init__(self, config: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped here
        self._name = "Mount"
        self.config = config


class _Show(MacroElement):
    """Hands the scene to our script."""

    _template = Template(
        "{% macro script(this, kwargs) %}window.WarmMap.show({{ this.content }});{% endmacro %}"
    )

    def __init__(self, content_json: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped here
        self._name = "Show"
        self.content = content_json


def _own_map(
    scene: MapScene, assets: Assets, *, tiles: Tiles | None, standalone: bool
) -> folium.Map:
    west, south, east, north = scene.base.bounds
    own = _OwnMap(assets, ((south + north) / 2, (west + east) / 2), tiles)
    config = {
        # In the script, since streamlit-folium tells maps apart by their script alone.
        "base": scene.base.sha256,
        "bounds": [[south, west], [north, east]],
        "standalone": standalone,
        "tiles": None if tiles is None else tiles.as_dict(),
    }
    mount = _Mount(script_json(config))
    mount._id = "base"  # noqa: SLF001 -- a random id would end in the exported file
    own.add_child(mount)
    return own


def _group(drawn: Mapping[str, Any]) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name="scene", control=False)
    show = _Show(script_json(drawn))
    show._id = "scene"  # noqa: SLF001 -- a random id would end in the exported file
    group.add_child(show)
    return group
