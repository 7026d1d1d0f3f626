"""The map of the page of standards: the same map as the planner's, with what a view lays on it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from reports.webmap import Focus, MapScene, Surface, scene_from, serving_of
from ui import keys
from ui.compute import Situation, base_of
from ui.exporting import draw_map_export
from ui.language import current
from ui.live_map import MapEvent, show_map
from ui.report.words import word as export_word
from ui.scrolling import into_view
from ui.workbench.filters import counted_windows

CONTAINER = "standards_map_place"
"""Key of the container that the map is drawn in."""


def scene_of(
    now: Situation, surfaces: tuple[Surface, ...], focus: tuple[float, float, int] | None
) -> MapScene:
    """Return the stations under some surfaces, flown to `focus` (longitude, latitude, zoom)."""
    number = st.session_state.get(keys.STANDARDS_FLY)
    shown = None
    if focus is not None and number is not None:
        lon, lat, zoom = focus
        shown = Focus(lon, lat, zoom, number)
    inputs = replace(now.inputs, candidates=now.inputs.candidates.iloc[:0])
    serving = serving_of(now.effective, counted_windows(now.inputs.demand, now.parameters))
    scene = scene_from(
        base_of(now.register, now.inputs),
        inputs,
        now.coverage,
        lang=current(),
        picked=st.session_state.get(keys.STANDARDS_PICKED),
        focus=shown,
        ready_surfaces=surfaces,
        gap_of="nominal",
        serving=serving,
    )
    return replace(scene, answered=st.session_state.get(keys.ANSWERED, 0))


def draw_map(scene: MapScene, *, on_zone: Callable[[MapEvent], None] | None = None) -> None:
    """Draw the map; a point that is clicked tells its details there.

    Parameters
    ----------
    on_zone
        Called when a zone was drawn or its corners were changed; None: none can be.
    """
    with st.container(key=CONTAINER):
        show_map(scene, key=keys.STANDARDS_MAP, on_event=partial(_answer, on_zone))
    draw_map_export(scene, export_word("tables.map"), key="export_standards_map")
    number = st.session_state.get(keys.STANDARDS_FLY)
    if number is not None:
        into_view(CONTAINER, f"standards{number}")


def fly() -> None:
    """Let the map fly once more, and come to the eye."""
    st.session_state[keys.STANDARDS_FLY] = st.session_state.get(keys.STANDARDS_FLY, 0) + 1


def _answer(on_zone: Callable[[MapEvent], None] | None, event: MapEvent) -> None:
    st.session_state[keys.ANSWERED] = event.seq
    if event.type == "pick":
        st.session_state[keys.STANDARDS_PICKED] = event.id
    elif event.type == "zone" and on_zone is not None:
        on_zone(event)
