"""The tabs beside the map: only the open one is worked out and sent."""

from typing import Literal, get_args

import streamlit as st

from ui import keys
from ui.language import current, tell

Tab = Literal["coverage", "areas", "candidates", "plan", "download"]
TABS: tuple[Tab, ...] = get_args(Tab)


def draw_tabs() -> Tab:
    """Draw the row of tabs; return the open one. It stays open when the language changes."""
    names = {tab: tell(f"{tab}.tab") for tab in TABS}
    opened: Tab = st.session_state.get(keys.TAB, TABS[0])
    key = f"tabs_{current()}"
    st.session_state[key] = names[opened]

    def turn() -> None:
        chosen = st.session_state[key]
        st.session_state[keys.TAB] = next(tab for tab in TABS if names[tab] == chosen)

    st.tabs([names[tab] for tab in TABS], key=key, on_change=turn)
    return opened
