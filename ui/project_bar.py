"""Which data are on the screen, said on every page, and the way to the other ones."""

import streamlit as st

from register import Register
from ui import keys, pages, paper, projects
from ui.beginning.panel import draw_short
from ui.beginning.path import done_of, path_of
from ui.beginning.tour import draw_help
from ui.beginning.words import word
from ui.compute import read_book
from ui.data.backups import draw_alarm
from ui.language import tell
from ui.safe import plain


def draw_project_bar(register: Register) -> None:
    """Draw the banner; on the sample the first button starts the district of one's own."""
    paper.draw_head(register)
    with st.container(key="project", horizontal=True, vertical_alignment="center", gap="small"):
        if register.synthetic:
            st.badge(tell("project.sample"), icon=":material/science:", color="orange")
            _own_button()
            st.caption(tell("project.sample_help"), width="stretch")
        else:
            st.badge(tell("project.district"), icon=":material/home_pin:", color="blue")
            st.markdown(f"**{plain(register.name)}**", width="content")
            if not register.health.read_only:  # a damaged one is restored first, read or not
                _progress_button(register)
            st.button(
                tell("project.to_sample"),
                key="to_sample",
                type="tertiary",
                on_click=projects.show,
                args=("sample",),
            )
            st.space("stretch")
        draw_help()
    draw_alarm(register)


def draw_empty() -> None:
    """Say what to do first where a district has nothing to draw, and how far its way is."""
    register = projects.register()
    inputs = read_book(register).inputs
    nothing = inputs.stations.empty and inputs.candidates.empty
    with st.container(border=True, key="empty"):
        st.markdown(f"**{tell('project.empty' if nothing else 'project.too_little')}**")
        st.caption(tell("project.empty_help" if nothing else "project.too_little_help"))
        draw_short(register, inputs)
        if st.button(tell("project.go_import"), key="go_import", type="primary"):
            to_data_page()


def to_data_page() -> None:
    """Go to the page where data are imported."""
    pages.go("data")


def _progress_button(register: Register) -> None:
    """Draw how far the way to the district's own figures is, until what is needed is there."""
    steps = path_of(register, read_book(register).inputs)
    if all(step.state in {"done", "optional"} for step in steps):
        return
    said = word("bar", done=done_of(steps), steps=len(steps))
    if st.button(said, key="to_path", type="tertiary", icon=":material/checklist:"):
        to_data_page()


def _own_button() -> None:
    own = projects.district()
    if own is not None:
        st.button(
            tell("project.to_district"),
            key="to_district",
            type="primary",
            on_click=projects.show,
            args=("district",),
        )
    elif st.button(tell("project.start"), key="start_district", type="primary"):
        st.session_state[keys.START_ASKED] = st.session_state.get(keys.START_ASKED, 0) + 1
        to_data_page()
