"""Where a page has nothing to show: what is missing, in a sentence, and the button leading on."""

from typing import Literal

import streamlit as st

from ui import pages
from ui.beginning.words import word

Way = Literal["data", "workbench"]


def draw_onward(sentence: str, way: Way, *, key: str) -> None:
    """Say what is missing and lead to where it is made.

    Parameters
    ----------
    sentence
        What is missing; may be Markdown, never a stranger's text.
    way
        Address of the page that the button opens.
    key
        Of the button, one on the page.
    """
    st.info(sentence, icon=":material/arrow_forward:")
    if st.button(word(f"onward.{way}"), key=f"onward_{key}"):
        pages.go(way)
