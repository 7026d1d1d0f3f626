"""What stands where somebody may not change a setting: who may, and where to say who sits here."""

from functools import partial

import streamlit as st

from register import Register
from ui import identity
from ui.ledger.people import described, draw_choice_of_person
from ui.safe import plain
from ui.settings.words import word
from ui.sign_in.page import word as sign_in_word


def draw_lock(shown: Register, keepers: Register, why: str) -> None:
    """Say who may change what is above, and who sits here, with the way to be somebody else.

    Parameters
    ----------
    shown
        The register of the page: who sits here is asked at its top where nobody said so.
    keepers
        The register whose users may change it.
    why
        Of the sentence: `settings`, `district`, ...
    """
    st.caption(f":material/lock: {word(f'who.{why}')}")
    who = identity.actor(keepers)
    if identity.signs_in():
        told = "" if who is None else sign_in_word("corner.signed", who=plain(described(who)))
        st.caption(f"{told} {word('who.sign_in')}".strip())
    elif who is not None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(word("who.now", who=plain(described(who))), width="content")
            st.button(
                word("who.other"),
                key=f"other_person_{why}",
                type="tertiary",
                on_click=partial(identity.choose, keepers, None),
            )
    elif keepers.folder == shown.folder:
        st.caption(word("who.above"))
    else:
        st.caption(word("who.here", name=plain(keepers.name)))
        draw_choice_of_person(keepers)
