"""规则与标准: the standard in force, all side by side, where two disagree, main streets."""

from functools import partial
from typing import Literal, get_args

import streamlit as st

from register import Register
from ui import edits, keys, projects
from ui.compute import Situation, read_book, situation
from ui.guard import guarded
from ui.language import tell
from ui.onward import draw_onward
from ui.project_bar import draw_project_bar
from ui.rules.page import draw_rules
from ui.standards.apart import draw_apart
from ui.standards.setting import draw_in_force, in_force
from ui.standards.side import draw_side
from ui.standards.streets import draw_streets
from ui.standards.words import word
from ui.workbench.filters import counted_words, draw_terms, kept_parameters

View = Literal["side", "apart", "streets", "rules"]
VIEWS: tuple[View, ...] = get_args(View)


def draw() -> None:
    """Draw the page."""
    register = projects.register()
    draw_project_bar(register)
    edits.draw_notice(register)
    draw_in_force(register)
    _work(register)


@st.fragment
def _work(register: Register) -> None:
    guarded(partial(_draw_work, register))


def _draw_work(register: Register) -> None:
    book = read_book(register)
    if book.inputs.demand.empty:
        draw_onward(tell("data.next_demand"), "data", key="standards")
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="medium", key="standards_head"
    ):
        view: View = st.segmented_control(
            word("view.title"),
            VIEWS,
            default=VIEWS[0],
            required=True,
            key=keys.STANDARDS_VIEW,
            persist_state="session",
            format_func={name: word(f"view.{name}") for name in VIEWS}.__getitem__,
            label_visibility="collapsed",
        )
        terms = draw_terms()
    parameters = kept_parameters(book.inputs.demand, in_force(register))
    with st.spinner(tell("coverage.working")):
        now: Situation = situation(register, book, parameters, terms)
        counted = counted_words(parameters)
        if counted:
            st.caption(word("counted", what=counted))
        views = {
            "side": draw_side,
            "apart": draw_apart,
            "streets": draw_streets,
            "rules": draw_rules,
        }
        views[view](now)
