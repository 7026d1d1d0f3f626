"""The map people see and take away, from one plain `MapScene`; the only room that knows folium.

scene       what is shown: points, symbols, surfaces, notes; `scene_from` builds it from results
points      stations, candidates and planned sites with the lines that tell of them
base        the own base layer (outline, streets, labels) as one content-addressed script
serving     effective coverage: stations shut or unverified in the chosen windows, gap areas
main_streets  what street-front stations serve of main streets, drawn over the others
drawn_zones  zones in which somebody has set the areas
street_changes  streets that a scenario closes and adds, drawn over the others
handles     the handle by which the picked point is dragged
reach       streets and area within the cut-off of the picked point
surfaces    density and gap as small transparent pictures
content     the scene as the JSON that the page's script (assets/station_map.js) draws
palette     the map's colours by day and by night
parts, same  what travels once; what is made once
payload     JSON that nobody can mistake for code
tiles       other people's map pictures under the live map, when asked for
delivery    where browsers find scripts and styles: static folder, or inside the file
folium_map  `live_map` for the app, `standalone_html` for a file
"""

from reports.webmap.area_classes import area_surface
from reports.webmap.base import (
    BaseLayer,
    Label,
    base_layer,
    base_layer_js,
    labels_from,
    read_outline,
)
from reports.webmap.drawn_zones import ZoneShown, zones_shown
from reports.webmap.folium_map import LiveMap, live_map, standalone_html
from reports.webmap.handles import Grip
from reports.webmap.main_streets import StreetSet, main_street_sets, view_of
from reports.webmap.points import MapPoint, Symbol, candidate_names, opened_points
from reports.webmap.reach import Reach, reach_of
from reports.webmap.scene import (
    Focus,
    GapOf,
    Layer,
    MapScene,
    approved,
    scene_from,
    surfaces_of,
)
from reports.webmap.serving import (
    AreaShown,
    AreaTag,
    Serving,
    effective_surfaces,
    serving_of,
    standing,
)
from reports.webmap.street_changes import changed_street_sets
from reports.webmap.surfaces import Surface, apart_surfaces
from reports.webmap.tiles import PROVIDERS, Provider, TileDatum, Tiles, is_template, tile_at

__all__ = [
    "PROVIDERS",
    "AreaShown",
    "AreaTag",
    "BaseLayer",
    "Focus",
    "GapOf",
    "Grip",
    "Label",
    "Layer",
    "LiveMap",
    "MapPoint",
    "MapScene",
    "Provider",
    "Reach",
    "Serving",
    "StreetSet",
    "Surface",
    "Symbol",
    "TileDatum",
    "Tiles",
    "ZoneShown",
    "apart_surfaces",
    "approved",
    "area_surface",
    "base_layer",
    "base_layer_js",
    "candidate_names",
    "changed_street_sets",
    "effective_surfaces",
    "is_template",
    "labels_from",
    "live_map",
    "main_street_sets",
    "opened_points",
    "reach_of",
    "read_outline",
    "scene_from",
    "serving_of",
    "standalone_html",
    "standing",
    "surfaces_of",
    "tile_at",
    "view_of",
    "zones_shown",
]
