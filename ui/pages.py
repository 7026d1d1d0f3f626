"""The pages of this session by their addresses, for buttons that lead from one to another."""

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ui import keys


def know(pages: Mapping[str, StreamlitPage]) -> None:
    """Remember the pages that there are; call it once per run, before one is drawn."""
    st.session_state[keys.PAGES] = pages


def go(path: str) -> None:
    """Leave this page for another one."""
    st.switch_page(st.session_state[keys.PAGES][path])
