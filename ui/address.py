"""What the address of the page keeps, so that a reload or a shared link shows the same project."""

import streamlit as st

from ui import keys, projects

_PROJECTS: tuple[projects.Project, ...] = ("sample", "district")


def read() -> None:
    """Take the project of a new session from `?project=`; call it before anything is drawn."""
    asked = st.query_params.get(keys.PROJECT)
    for project in _PROJECTS:
        if project == asked and (project == "sample" or projects.district() is not None):
            st.session_state.setdefault(keys.PROJECT, project)


def write() -> None:
    """Keep the project that is shown in the address."""
    shown = projects.current()
    if st.query_params.get(keys.PROJECT) != shown:
        st.query_params[keys.PROJECT] = shown


def arrive(page: str) -> None:
    """Forget what the page that was left has told; call it once per run with the open page."""
    if st.session_state.get(keys.PAGE) not in {None, page}:
        st.session_state.pop(keys.NOTICE, None)
    if st.session_state.get(keys.PAGE) != page:
        st.session_state[keys.VISIT] = st.session_state.get(keys.VISIT, 0) + 1
    st.session_state[keys.PAGE] = page
