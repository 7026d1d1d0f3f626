"""规划: the map on the left, figures beside it, candidates by tap, new stations by a button."""

from dataclasses import replace
from functools import partial

import streamlit as st

from register import Register
from reports.webmap import Focus, MapScene, Reach, reach_of, scene_from
from ui import edits, keys, projects
from ui.candidates_panel import draw_candidates
from ui.compute import Situation, base_of, read_book, situation, surfaces_for
from ui.coverage_panel import draw_headline, draw_units
from ui.downloads import draw_downloads
from ui.filters import draw_parameters
from ui.guard import guarded
from ui.language import current, tell
from ui.live_map import show_map
from ui.plan_panel import draw_plan
from ui.plans import Shown, remembered
from ui.point_card import draw_point
from ui.project_bar import draw_empty, draw_project_bar

_FOCUS_ZOOM = 15


def draw() -> None:
    """Draw the page."""
    register = projects.register()
    draw_project_bar(register)
    _work(register)


@st.fragment
def _work(register: Register) -> None:
    guarded(partial(_draw_work, register))


def _draw_work(register: Register) -> None:
    book = read_book(register)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        card = st.container()
        parameters = draw_parameters(book.inputs.demand)
        with st.spinner(tell("coverage.working")):
            now = situation(register, book, parameters)
        with card:
            draw_point(now)
        draw_headline(now.coverage)
        units, candidates, plan, reports = st.tabs(
            [tell(f"{tab}.tab") for tab in ("coverage", "candidates", "plan", "download")],
        )
        with units:
            draw_units(now.coverage, book.inputs.stations)
        with candidates:
            draw_candidates(book.inputs.candidates, now.evaluation.scores)
        with plan:
            draw_plan(now)
        shown = remembered(now)
        scene = _scene(now, shown)
        with reports:
            draw_downloads(now, shown, scene)
    with left:
        if scene is None:
            draw_empty()
        else:
            show_map(scene, key=keys.MAP, on_event=partial(edits.apply_event, register))
            st.caption(tell("point.nothing"))


def _scene(now: Situation, shown: Shown | None) -> MapScene | None:
    base = base_of(now.register, now.inputs)
    if base is None:
        return None
    after = now.coverage if shown is None or shown.plan.after is None else shown.plan.after
    scene = scene_from(
        base,
        now.inputs,
        now.coverage,
        now.evaluation.scores,
        None if shown is None else shown.plan,
        lang=current(),
        movable=now.book.own,
        can_add=True,
        picked=st.session_state.get(keys.PICKED),
        focus=_focus(now),
        ready_surfaces=surfaces_for(after),
    )
    tapped: edits.Tap | None = st.session_state.get(keys.TAPPED)
    return replace(
        scene,
        tapped=None if tapped is None else (tapped.lon, tapped.lat),
        reach=_reach(now, scene.picked),
        answered=st.session_state.get(keys.ANSWERED, 0),
    )


def _reach(now: Situation, picked: str | None) -> Reach | None:
    """Return what the picked station or candidate reaches along streets."""
    streets = now.inputs.streets
    if streets is None or picked is None:
        return None
    for sites in (now.inputs.stations, now.inputs.candidates):
        for lon, lat in sites.loc[sites["id"] == picked, ["lon", "lat"]].to_numpy(dtype=float):
            return reach_of(
                streets,
                picked,
                lon,
                lat,
                cutoff_m=now.parameters.cutoff_m,
                cap_m=now.parameters.attach_cap_m,
                lang=current(),
            )
    return None


def _focus(now: Situation) -> Focus | None:
    """Return where to fly: the candidate whose row was clicked last."""
    number = st.session_state.get(keys.FLY)
    candidates = now.inputs.candidates
    found = candidates.loc[candidates["id"] == st.session_state.get(keys.PICKED)]
    if number is None or found.empty:
        return None
    row = found.iloc[0]
    return Focus(float(row["lon"]), float(row["lat"]), _FOCUS_ZOOM, number)
