"""规划: the map on the left, figures beside it, candidates by tap, new stations by a button."""

from dataclasses import replace
from functools import partial

import streamlit as st

from geo.errors import PlannerError
from register import Register
from reports.webmap import Focus, GapOf, MapScene, Reach, Surface, reach_of, scene_from, serving_of
from siting.plan_results import PlanResult
from ui import edits, keys, projects
from ui.compute import (
    Book,
    Situation,
    base_of,
    effective_surfaces_for,
    is_blank,
    read_book,
    situation,
    surfaces_for,
)
from ui.exporting import draw_map_export
from ui.guard import guarded
from ui.language import current, tell
from ui.live_map import MapEvent, show_map
from ui.plan.actions import draw_actions
from ui.plan.panel import draw_plan
from ui.plan.stored import Shown, remembered
from ui.project_bar import draw_empty, draw_project_bar
from ui.report.words import word as export_word
from ui.scenarios import streets as scenarios_streets
from ui.scenarios.keep import draw_keep
from ui.scrolling import into_view
from ui.standards.setting import in_force
from ui.tabs import draw_tabs
from ui.undo_bar import draw_undo_bar, press
from ui.workbench import dragging, lasso
from ui.workbench.areas import MAP, chosen_area, draw_areas
from ui.workbench.candidates import draw_candidates
from ui.workbench.coverage import draw_coverage, draw_headline
from ui.workbench.downloads import draw_downloads
from ui.workbench.filters import counted_windows, draw_parameters, draw_terms
from ui.workbench.point_card import CARD, draw_point

_FOCUS_ZOOM = 15
HEADLINE = "headline_block"
"""Key of the container of the figures; on a phone it stands above the map."""

GAPS: tuple[GapOf, ...] = ("effective", "nominal")
"""What the map may show without a plan; the first is the default."""


def draw() -> None:
    """Draw the page."""
    register = projects.register()
    draw_project_bar(register)
    _work(register)


@st.fragment
def _work(register: Register) -> None:
    guarded(partial(_draw_work, register))


def _draw_work(register: Register) -> None:
    stored = read_book(register)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        card = st.container(key=CARD)
        with card:  # what was stored is said before anything is computed
            edits.draw_notice(register)
            book = _with_streets(stored)
        parameters = draw_parameters(book.inputs.demand, in_force(register))
        terms = draw_terms()
        with st.spinner(tell("coverage.working")):
            now = situation(register, book, parameters, terms)
        with card:
            draw_point(now)
            scenarios_streets.draw_changes(now)
            lasso.draw_lasso(now)
        # A plan worked out here is stored before the page below and beside it is drawn.
        headline = st.container(key=HEADLINE)
        tab = draw_tabs()
        if tab == "plan":
            draw_plan(now)
            draw_actions(now)
        shown = remembered(now)
        after = None if shown is None else shown.plan.after
        with headline:
            draw_headline(now, after)
        if tab == "coverage":
            draw_coverage(now, after)
        elif tab == "areas":
            draw_areas(now)
        elif tab == "candidates":
            draw_candidates(book.inputs.candidates, now.evaluation.scores, now.coverage.measure)
    with left:
        with st.container():
            if is_blank(register, book.inputs):
                draw_empty()
        # Always there: a map that changes its place on the page starts anew.
        with st.container(key=MAP, horizontal=True, vertical_alignment="center", gap="small"):
            gap_of = _draw_gap_switch(shown)
            draw_undo_bar(register)
            draw_keep(now, shown)
        scene = _scene(now, shown, gap_of)
        show_map(scene, key=keys.MAP, on_event=partial(_apply, register))
        st.caption(tell("point.nothing"))
        draw_map_export(scene, export_word("tables.map"), key="export_map")
        look = st.session_state.get(keys.LOOK)
        if look is not None:
            into_view(*look)
    if tab == "download":
        with right:
            draw_downloads(now, shown, scene)


def _with_streets(book: Book) -> Book:
    """Return the state with the streets that this session tries; without, where they are gone."""
    try:
        return scenarios_streets.with_held(book)
    except PlannerError as error:
        scenarios_streets.draw_lost(error)
        return book


def _apply(register: Register, event: MapEvent) -> None:
    """Do what somebody did on the map; a drawn area is counted and stored nowhere."""
    edits.apply_event(register, event)
    match event.type:
        case "try":
            dragging.take(event)
        case "zone":
            lasso.take(event.corners, event.seq)
        case "close" | "path":
            scenarios_streets.take(register, event)
        case "undo" | "redo" as way:
            press(register, way)


def _draw_gap_switch(shown: Shown | None) -> GapOf:
    """Draw the switch between gaps: of effective coverage, of nominal coverage, after the plan."""
    number = 0 if shown is None or shown.plan.after is None else shown.number
    if number > st.session_state.setdefault(keys.PLAN_SEEN, number):
        st.session_state[keys.GAP_OF] = "after"  # just worked out: people look what it changes
    st.session_state[keys.PLAN_SEEN] = number
    ways: tuple[GapOf, ...] = ("effective", "nominal", "after") if number else GAPS
    if st.session_state.get(keys.GAP_OF) not in ways:
        st.session_state[keys.GAP_OF] = GAPS[0]
    chosen: GapOf | None = st.segmented_control(
        tell("plan.gap_of"),
        ways,
        required=True,
        key=keys.GAP_OF,
        persist_state="session",
        format_func={of: tell(f"plan.gap_{of}") for of in ways}.__getitem__,
        label_visibility="collapsed",
        wrap=True,
    )
    return chosen or GAPS[0]


def _scene(now: Situation, shown: Shown | None, gap_of: GapOf) -> MapScene:
    plan = None if shown is None else shown.plan
    stored = read_book(now.register).inputs
    scene = scene_from(
        base_of(now.register, stored),
        now.inputs,
        now.coverage,
        now.evaluation.score_of,
        plan,
        lang=current(),
        movable=now.book.own,
        can_add=True,
        picked=st.session_state.get(keys.PICKED),
        focus=_focus(now),
        ready_surfaces=_surfaces(now, plan, gap_of),
        gap_of=gap_of,
        serving=serving_of(
            now.effective,
            counted_windows(now.inputs.demand, now.parameters),
            chosen_area(now.effective),
        ),
    )
    tapped: edits.Tap | None = st.session_state.get(keys.TAPPED)
    drawn = lasso.held()
    return replace(
        scene,
        tapped=None if tapped is None else (tapped.lon, tapped.lat),
        reach=_reach(now, scene.picked),
        grip=dragging.grip_of(now, scene.picked),
        can_draw=bool(now.coverage.point_id),
        drawing="count",
        can_change_streets=now.inputs.streets is not None,
        lines=scenarios_streets.lines_of(stored, now.inputs),
        can_undo=True,
        tells_picked=True,
        draft=() if drawn is None else drawn.corners,
        answered=st.session_state.get(keys.ANSWERED, 0),
    )


def _surfaces(now: Situation, plan: PlanResult | None, gap_of: GapOf) -> tuple[Surface, ...]:
    if gap_of == "effective":
        return effective_surfaces_for(now.effective)
    after = None if plan is None or gap_of == "nominal" else plan.after
    return surfaces_for(now.coverage if after is None else after)


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
    """Return where to fly: the place whose row was clicked last, of a point or of a gap area."""
    number = st.session_state.get(keys.FLY)
    if number is None:
        return None
    place: tuple[float, float] | None = st.session_state.get(keys.FLY_TO)
    if place is not None:
        return Focus(*place, _FOCUS_ZOOM, number)
    picked = st.session_state.get(keys.PICKED)
    for sites in (now.inputs.stations, now.inputs.candidates):
        for lon, lat in sites.loc[sites["id"] == picked, ["lon", "lat"]].to_numpy(dtype=float):
            return Focus(float(lon), float(lat), _FOCUS_ZOOM, number)
    chosen = chosen_area(now.effective)
    if chosen is None:
        return None
    gap = now.effective.gap_areas[chosen].gap
    return Focus(gap.lon, gap.lat, _FOCUS_ZOOM, number)
