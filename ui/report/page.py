"""报告: what goes in, the first page beside it, the files; earlier reports; a report checked."""

import streamlit as st

from geo.errors import PlannerError
from ui import edits, keys, pages, projects
from ui.compute import Situation, read_book, situation
from ui.guard import show_error
from ui.language import current
from ui.plan.stored import Shown
from ui.project_bar import draw_empty, draw_project_bar
from ui.report.asked import MOST_PLANS, Asked, draw_asked
from ui.report.check import draw_upload
from ui.report.earlier import draw_earlier
from ui.report.files import draw_make
from ui.report.making import preview, shown_plan
from ui.report.scenario import book_of, kept_scenarios, shown_of
from ui.report.template import draw_template
from ui.report.words import word
from ui.safe import plain

VIEWS = ("new", "earlier", "check")


def draw() -> None:
    """Draw the page."""
    register = projects.register()
    draw_project_bar(register)
    edits.draw_notice(register)
    book = read_book(register)
    if book.inputs.demand.empty:
        draw_empty()
        return
    view = _draw_views()
    if view == "earlier":
        draw_earlier(register, book)
        return
    if view == "check":
        draw_upload()
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        plans = {plan.id: plan for plan in register.plans(limit=MOST_PLANS)}
        scenarios = kept_scenarios(register)
        asked = draw_asked(register, book.inputs, plans, scenarios)
        if not plans and not scenarios:
            _draw_no_plan()
        stored, kept = plans.get(asked.plan), scenarios.get(asked.kept)
        with st.spinner(word("working")):
            state = book if kept is None else book_of(book, kept)
            now = situation(register, state, asked.parameters, asked.terms)
            shown = shown_plan(now, stored) if kept is None else shown_of(now, kept)
        if stored is not None and stored.scenario != now.scenario:
            st.caption(f":material/update: {word('what.plan_of_then')}")
        draw_make(now, shown, stored, asked)
        draw_template(register)
    with right:
        _draw_preview(now, shown, asked)


def _draw_views() -> str:
    names = {view: word(f"view.{view}") for view in VIEWS}
    kept = st.session_state.get(keys.REPORT_VIEW, VIEWS[0])
    chosen = st.segmented_control(
        word("view.label"),
        VIEWS,
        default=kept,
        required=True,
        key=f"{keys.REPORT_VIEW}_{current()}",
        format_func=names.__getitem__,
        label_visibility="collapsed",
    )
    st.session_state[keys.REPORT_VIEW] = chosen
    return str(chosen)


def _draw_no_plan() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(word("what.no_plans"), width="content")
        if st.button(word("what.to_plan"), key="report_to_plan", type="tertiary"):
            pages.go("workbench")


def _draw_preview(now: Situation, shown: Shown | None, asked: Asked) -> None:
    with st.container(key="report_preview"):
        st.markdown(f"**{word('preview.title')}**")
        with st.spinner(word("preview.working")):
            try:
                page = preview(now, shown, asked)
            except PlannerError as error:
                show_error(error)
                return
        st.image(page, width="stretch", alt=word("preview.alt", title=plain(now.register.name)))
        st.caption(word("preview.help"))
