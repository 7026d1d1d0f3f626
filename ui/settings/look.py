"""外观: in which colours this browser shows the app."""

import streamlit as st

from ui import day_night, keys
from ui.day_night import CHOICES, Choice
from ui.ledger.words import spoken
from ui.settings.words import word


def draw_look() -> None:
    """Draw the choice; everybody may make it, it holds for this browser and nobody else."""
    st.markdown(f"**{word('look.title')}**")
    kept = day_night.chosen()
    choice: Choice = st.radio(
        word("look.title"),
        CHOICES,
        index=CHOICES.index(kept),
        format_func=spoken(CHOICES, lambda name: word(f"look.{name}")),
        key=keys.LOOK_CHOICE,
        label_visibility="collapsed",
    )
    st.caption(word("look.help"))
    if choice != kept:
        day_night.keep(choice)
