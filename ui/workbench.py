"""规划: the map on the left, figures beside it, candidates by tap, new stations by a button."""

from dataclasses import replace
from functools import partial

import streamlit as st

from register import Register
from reports.webmap import Focus, MapScene, Reach, reach_of, scene_from
from ui import edits, keys, projects
from ui.candidates_panel import draw_candidates
from ui.compute import (
    Situation,
    base_of,
    coverage_beside_straight_lines,
    is_blank,
    read_book,
    situation,
    surfaces_for,
)
from ui.coverage_panel import draw_headline, draw_units
from ui.downloads import draw_downloads
from ui.filters import draw_parameters
from ui.guard import guarded
from ui.language import current, tell
from ui.live_map import show_map
from ui.plan_panel import draw_plan
from ui.plans import Shown, remembered
from ui.point_card import CARD, draw_point
from ui.project_bar import draw_empty, draw_project_bar
from ui.tabs import draw_tabs

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
        card = st.container(key=CARD)
        parameters = draw_parameters(book.inputs.demand)
        with st.spinner(tell("coverage.working")):
            now = situation(register, book, parameters)
        with card:
            draw_point(now)
        # A plan worked out here is stored before the page below and beside it is drawn.
        headline = st.container()
        tab = draw_tabs()
        if tab == "plan":
            draw_plan(now)
        shown = remembered(now)
        after = None if shown is None else shown.plan.after
        with headline:
            draw_headline(now.coverage, after, book.inputs.stations)
        if tab == "coverage":
            draw_units(coverage_beside_straight_lines(now), after, book.inputs.stations)
        elif tab == "candidates":
            draw_candidates(book.inputs.candidates, now.evaluation.scores, now.coverage.measure)
    with left:
        with st.container():
            if is_blank(register, book.inputs):
                draw_empty()
        above = st.container()  # always there: a map that changes its place on the page starts anew
        with above:
            present = after is not None and _draw_gap_switch()
        scene = _scene(now, shown, present=present)
        show_map(scene, key=keys.MAP, on_event=partial(edits.apply_event, register))
        st.caption(tell("point.nothing"))
    if tab == "download":
        with right:
            draw_downloads(now, shown, scene)


def _draw_gap_switch() -> bool:
    """Draw the switch between the gap after the plan and the present one; True: the present."""
    chosen = st.segmented_control(
        tell("plan.gap_of"),
        ("after", "present"),
        default="after",
        required=True,
        key=keys.GAP_OF,
        persist_state="session",
        format_func={of: tell(f"plan.gap_{of}") for of in ("after", "present")}.__getitem__,
        label_visibility="collapsed",
    )
    return chosen == "present"


def _scene(now: Situation, shown: Shown | None, *, present: bool) -> MapScene:
    plan = None if shown is None else shown.plan
    after = None if plan is None or present else plan.after
    scene = scene_from(
        base_of(now.register, now.inputs),
        now.inputs,
        now.coverage,
        now.evaluation.scores,
        plan,
        lang=current(),
        movable=now.book.own,
        can_add=True,
        picked=st.session_state.get(keys.PICKED),
        focus=_focus(now),
        ready_surfaces=surfaces_for(now.coverage if after is None else after),
        present=present,
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
