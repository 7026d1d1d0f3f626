"""单位名单: what people see where there is none yet, and the shipped one to be taken in."""

import streamlit as st

from geo.errors import PlannerError
from register import Register
from register.shipped_units import put_shipped_units
from ui.identity import may_change, sign_for
from ui.ledger.words import done, refused, word


def draw_no_units(register: Register, sentence: str, key: str) -> None:
    """Say that there is no list of units, and offer the shipped one to whoever may take it in.

    Parameters
    ----------
    register
        Where it would go.
    sentence
        What is said.
    key
        Of the button: two places of one page may show it.
    """
    st.info(sentence, icon=":material/inbox:")
    if may_change(register, "units", {}):
        st.button(
            word("units.take"),
            key=key,
            icon=":material/playlist_add:",
            help=word("units.take_help"),
            on_click=take_units,
            args=(register,),
        )


def take_units(register: Register) -> None:
    """Take in the shipped list of units, as one change that can be undone; a callback."""
    try:
        batch = put_shipped_units(register, who=sign_for(register, "units", {}))
    except PlannerError as error:
        refused(error)
    else:
        done("units.taken", batch.id, count=batch.added)
