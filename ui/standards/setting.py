"""The standard in force: one for the district, stored in its register, signed and undoable."""

import streamlit as st

from geo.errors import PlannerError
from register import Register
from register.settings import STANDARD, settle, settled
from siting.standards import DEFAULT_STANDARD, Standard, standard, standard_names
from ui import edits, identity
from ui.safe import plain
from ui.standards.words import name_of, word
from words import Lang, say


def in_force(register: Register) -> Standard:
    """Return the standard that the headline is told by; one that is no more is not in force."""
    chosen = settled(register, STANDARD)
    norm = standard(chosen if chosen in standard_names() else DEFAULT_STANDARD)
    return norm if norm.is_cutoff else standard(DEFAULT_STANDARD)


def possible() -> tuple[Standard, ...]:
    """Return the standards that can be in force: those that are one walking distance."""
    every = (standard(name) for name in standard_names())
    return tuple(sorted((norm for norm in every if norm.is_cutoff), key=lambda n: n.cutoff_m))


def draw_in_force(register: Register) -> None:
    """Draw which standard is in force and, for those who speak for the district, the choice."""
    now = in_force(register)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="in_force"):
        st.markdown(
            word("force.now", name=plain(name_of(now)), cutoff=f"{now.cutoff_m:,.0f}"),
            width="content",
        )
        st.badge(word("external" if now.is_external else "own"), color="gray")
        if identity.may_settle(register):
            _draw_choice(register, now)
    st.caption(word("force.help"))


def _draw_choice(register: Register, now: Standard) -> None:
    norms = possible()
    with st.popover(word("force.change"), icon=":material/tune:", key="settle_standard"):
        st.caption(word("force.which"))
        for norm in norms:
            st.button(
                word("force.option", name=name_of(norm), cutoff=f"{norm.cutoff_m:,.0f}"),
                key=f"settle_{norm.name}",
                type="primary" if norm.name == now.name else "secondary",
                icon=":material/check:" if norm.name == now.name else None,
                disabled=norm.name == now.name,
                width="stretch",
                on_click=_settle,
                args=(register, norm),
            )
        st.caption(word("force.others"))


def _settle(register: Register, norm: Standard) -> None:
    try:
        settle(register, STANDARD, norm.name, who=identity.sign_for_district(register))
    except PlannerError as error:
        edits.tell_error(error.message)
        return

    def told(lang: Lang) -> str:
        name = norm.zh if lang == "zh" else norm.en
        return say("standards.force.done", lang, name=name)

    edits.tell_latest(register, told)
