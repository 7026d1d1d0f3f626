"""The live map in a page: shows a scene and tells what people did on it.

streamlit-folium is asked for nothing of its own (`returned_objects=[]`, so panning and zooming
never reach the server). Our script sends events through `window.Streamlit.setComponentValue`, a
handle that streamlit-folium exposes without documenting it: its version is pinned and a browser
test watches it.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeGuard, get_args

import streamlit as st
from streamlit_folium import st_folium

from reports.webmap import Layer, MapScene, live_map
from siting.areas.drawing import MOST_CORNERS
from ui import keys
from ui.settings.installed import dressed

HEIGHT_PX = 640
"""Until the style sheet of the page has said how much of the window the map takes."""

FEWEST_PLACES = 2
"""Of a path."""

_PARTS_KNOWN = 120
"""Fewer than the page keeps (PARTS_KEPT in station_map.js)."""

EventType = Literal[
    "add", "move", "try", "pick", "zone", "close", "path", "undo", "redo", "lost", "want"
]
_LAYERS: tuple[str, ...] = get_args(Layer)
PointKind = Literal["station", "candidate", "plan"]


@dataclass(frozen=True)
class MapEvent:
    """What somebody did on the map.

    Attributes
    ----------
    type
        `add`: a place was tapped for a new candidate; `move`: a candidate was dragged; `try`: a
        point is held elsewhere, and nothing is stored; `pick`: a point was clicked; `zone`: a zone
        was drawn, or its corners were changed; `close`: a street was tapped that shall be closed;
        `path`: a new one was drawn; `undo`, `redo`: keys were pressed; `lost`: the page lacks a
        part of what it was told to draw; `want`: it shows a surface that was not sent.
    seq
        Grows with every event of one browser page.
    id
        Of the point (`move`, `try`, `pick`), or of the layer (`want`).
    kind
        Layer of the point that was picked or dragged.
    version
        Of the record that was seen when it was dragged.
    lon, lat
        WGS-84 degrees (`add`, `move`, `try`, `close`).
    corners
        (lon, lat) of a zone or path in the order in which they were set, WGS-84 degrees.
    """

    type: EventType
    seq: int
    id: str = ""
    kind: PointKind | None = None
    version: int | None = None
    lon: float = math.nan
    lat: float = math.nan
    corners: tuple[tuple[float, float], ...] = ()


def show_map(
    scene: MapScene,
    *,
    key: str,
    on_event: Callable[[MapEvent], None],
) -> None:
    """Show `scene`; view, open popup and switched layers stay as people left them.

    Parameters
    ----------
    scene
        What to show. Another base layer mounts a new map; everything else is drawn in place.
    key
        Of this map in the session.
    on_event
        Called once per event, before the script runs again: write to the register and the session
        here, no toast (Streamlit warns in callbacks).
    """
    seen, sent, asked = f"{key}.seq", f"{key}.sent", f"{key}.asked"

    def changed() -> None:
        event = parse_event(st.session_state.get(key), st.session_state.get(seen, 0))
        if event is None:
            return
        st.session_state[seen] = event.seq
        if event.type == "lost":  # nobody did anything: the run that follows sends it all
            st.session_state.pop(sent, None)
        elif event.type == "want":
            st.session_state[asked] = {*st.session_state.get(asked, ()), event.id}
        else:
            on_event(event)

    scene = dressed(scene)
    # A page that was left, or another base layer, is a new map, and has nothing.
    mounted = (st.session_state.get(keys.VISIT), scene.base.sha256, scene.tiles)
    held: tuple[object, tuple[str, ...]] = st.session_state.get(sent, (mounted, ()))
    known = held[1] if held[0] == mounted else ()
    if held[0] != mounted:
        st.session_state.pop(asked, None)
    shown = live_map(scene, known=known, wanted=st.session_state.get(asked, ()))
    st.session_state[sent] = (mounted, tuple(dict.fromkeys((*shown.marks, *known)))[:_PARTS_KNOWN])
    st_folium(
        shown.base,
        key=key,
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=shown.groups,
        on_change=changed,
    )


def parse_event(value: object, last_seq: int) -> MapEvent | None:
    """Read what the browser sent; None where it is no event, malformed, or was handled before.

    Browsers can send anything: every field is checked, positions are finite and on the globe.

    Parameters
    ----------
    value
        The component's value.
    last_seq
        `seq` of the last event that was handled; an event with `seq` <= it is an echo.
    """
    event = value.get("ev") if isinstance(value, Mapping) else None
    if not isinstance(event, Mapping):
        return None
    seq = event.get("seq")
    if not _is_whole(seq) or seq <= last_seq:
        return None
    readers: dict[object, Callable[[Mapping[str, object], int], MapEvent | None]] = {
        "add": partial(_added, "add"),
        "move": _moved,
        "try": _tried,
        "pick": _picked,
        "zone": partial(_drawn, "zone", fewest=1),
        "close": partial(_added, "close"),
        "path": partial(_drawn, "path", fewest=FEWEST_PLACES),
        "undo": lambda _, seq: MapEvent("undo", seq),
        "redo": lambda _, seq: MapEvent("redo", seq),
        "lost": lambda _, seq: MapEvent("lost", seq),
        "want": _wanted,
    }
    kind = event.get("type")
    reader = readers.get(kind) if isinstance(kind, str) else None
    return reader(event, seq) if reader else None


def _added(kind: Literal["add", "close"], event: Mapping[str, object], seq: int) -> MapEvent | None:
    place = _place(event)
    return None if place is None else MapEvent(kind, seq, lon=place[0], lat=place[1])


def _moved(event: Mapping[str, object], seq: int) -> MapEvent | None:
    place, point, version = _place(event), event.get("id"), event.get("version")
    if place is None or not isinstance(point, str) or not _is_whole(version):
        return None
    return MapEvent("move", seq, id=point, version=version, lon=place[0], lat=place[1])


def _tried(event: Mapping[str, object], seq: int) -> MapEvent | None:
    place, point = _place(event), event.get("id")
    if place is None or not isinstance(point, str):
        return None
    match event.get("kind"):
        case "station" | "candidate" as kind:
            return MapEvent("try", seq, id=point, kind=kind, lon=place[0], lat=place[1])
        case _:
            return None


def _wanted(event: Mapping[str, object], seq: int) -> MapEvent | None:
    layer = event.get("id")
    return MapEvent("want", seq, id=layer) if isinstance(layer, str) and layer in _LAYERS else None


def _picked(event: Mapping[str, object], seq: int) -> MapEvent | None:
    point, kind = event.get("id"), event.get("kind")
    if not isinstance(point, str):
        return None
    match kind:
        case "station" | "candidate" | "plan":
            return MapEvent("pick", seq, id=point, kind=kind)
        case _:
            return None


def _drawn(
    kind: Literal["zone", "path"], event: Mapping[str, object], seq: int, *, fewest: int
) -> MapEvent | None:
    sent = event.get("corners")
    if not isinstance(sent, list | tuple) or len(sent) > MOST_CORNERS:
        return None
    corners = [_corner(pair) for pair in sent]
    known = tuple(corner for corner in corners if corner is not None)
    whole = len(known) == len(corners) and len(known) >= fewest
    return MapEvent(kind, seq, corners=known) if whole else None


def _corner(pair: object) -> tuple[float, float] | None:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        return None
    return _place({"lng": pair[0], "lat": pair[1]})


def _place(event: Mapping[str, object]) -> tuple[float, float] | None:
    lon, lat = event.get("lng"), event.get("lat")
    if not _is_number(lon) or not _is_number(lat):
        return None
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        return None
    return float(lon), float(lat)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
