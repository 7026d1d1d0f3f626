"""Where the areas of the siting rules lie, on the map; zones that a planner sets over them."""

from dataclasses import replace
from functools import partial

import pandas as pd
import shapely
import streamlit as st

from reports.webmap import MapScene, Surface, area_surface, zones_shown
from siting.areas.grid import AreaGrid, area_grid
from siting.model import Inputs, Parameters
from siting.rules import RuleBook
from ui import identity
from ui.compute import Situation
from ui.exporting import show_table
from ui.language import current
from ui.onward import draw_onward
from ui.report.words import word as export_word
from ui.rules.draft import word
from ui.rules.zones import draft, draw_zones, take_corners
from ui.standards.map import draw_map, scene_of
from ui.workbench.placing import own_outline
from words import percent, say

_KEPT = 4


def draw_areas(now: Situation) -> None:
    """Draw the map of areas, how much of the ground each takes, and the zones."""
    outline = own_outline(now.register)
    drawn = "" if outline is None else f"{shapely.bounds(outline).tolist()}"
    rules = now.book.rules
    found = _grid(now.scenario, drawn, now.inputs, now.parameters, rules, outline)
    if found is None:
        draw_onward(word("areas.none"), "data", key="areas")
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        names = tuple(say(f"siting.area.{area}", current()) for area in found.area_types)
        surface = _surface(now.scenario, names, word("areas.title"), found)
        scene = _with_zones(scene_of(now, (surface,), None), now)
        draw_map(scene, on_zone=partial(take_corners, now.register))
    with right:
        st.caption(word("areas.help", cell=f"{found.cell_m:,.0f}"))
        table = ground_table(found)
        show_table(table, export_word("tables.areas"), name="areas")
        draw_zones(now.register, now.inputs.area_zones)


def _with_zones(scene: MapScene, now: Situation) -> MapScene:
    """Return the map with the zones in use, and with the one that is being drawn."""
    held, zones = draft(), now.inputs.area_zones
    without = None if held is None else held.number(zones)
    return replace(
        scene,
        zones=zones_shown(zones, without=without),
        can_draw=identity.may_settle(now.register),
        draft=() if held is None else held.corners,
    )


def ground_table(found: AreaGrid) -> pd.DataFrame:
    """Return the share of the ground that lies in each area; one place may lie in several."""
    ground = max(1, int(found.inside.sum()))
    rows = [
        {
            word("areas.area"): say(f"siting.area.{area}", current()),
            word("areas.share"): percent(held.sum() / ground, digits=1),
        }
        for area, held in zip(found.area_types, found.lies, strict=True)
    ]
    return pd.DataFrame(rows)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _grid(
    scenario: str,
    drawn: str,
    _inputs: Inputs,
    _parameters: Parameters,
    _rules: RuleBook,
    _outline: shapely.Geometry | None,
) -> AreaGrid | None:
    del scenario, drawn
    return area_grid(_inputs, _parameters, _rules, _outline)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _surface(scenario: str, names: tuple[str, ...], title: str, _found: AreaGrid) -> Surface:
    del scenario
    return area_surface(_found, names, title)
