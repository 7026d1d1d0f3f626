"""本区设置: another name for the district, layers taken out, a fresh start that loses nothing."""

from functools import partial

import streamlit as st

from geo.errors import PlannerError
from geo.tables import empty_table
from register import DECIDED_ON, Register
from siting.model import Inputs, LayerSource
from ui import edits, identity, keys, projects
from ui.language import tell
from ui.safe import plain
from ui.settings.lock import draw_lock
from ui.settings.words import word
from words import Lang, say

_LAYERS = ("demand", "streets")


def draw_care(register: Register, inputs: Inputs) -> None:
    """Draw the three, the gravest last."""
    if identity.may_settle(register):
        _draw_rename(register)
        st.divider()
        _draw_clear(register, inputs)
    else:
        draw_lock(register, register, "district")
    st.divider()
    if identity.may_replace(register):
        _draw_restart(register)
    else:
        st.caption(f":material/lock: {word('who.restores')}")


def _draw_rename(register: Register) -> None:
    with st.form("rename", border=False):
        name = st.text_input(tell("care.name"), value=register.name, max_chars=40)
        sent = st.form_submit_button(tell("care.rename"))
    if not sent:
        return
    try:
        register.rename(name, who=projects.who())
    except PlannerError as error:
        st.session_state[keys.NOTICE] = edits.Notice("error", error.message)
    else:
        st.session_state[keys.NOTICE] = edits.Notice(
            "done", partial(say, "ui.care.renamed", name=register.name)
        )
    st.rerun()


def _draw_clear(register: Register, inputs: Inputs) -> None:
    held = [layer for layer in (*_LAYERS, *DECIDED_ON) if is_held(inputs, layer)]
    if not held:
        st.caption(tell("care.nothing"))
        return
    layer = st.selectbox(
        tell("care.layer"),
        held,
        format_func={name: tell(f"data.table_{name}") for name in held}.__getitem__,
    )
    st.button(
        tell("care.clear"),
        key="clear_layer",
        icon=":material/delete:",
        on_click=clear,
        args=(register, layer),
    )


def is_held(inputs: Inputs, layer: str) -> bool:
    """Tell whether a layer or a table holds anything."""
    if layer == "streets":
        return inputs.streets is not None
    return not getattr(inputs, layer).empty


def clear(register: Register, layer: str) -> None:
    """Take a layer out of use, or every record of a table away; both can be undone."""
    try:
        if layer in _LAYERS:
            event = register.take_out(layer, who=projects.who())
            number = None if event is None else event.id
        else:
            kind = next(kind for kind in DECIDED_ON if kind == layer)
            source = LayerSource(layer, say("ui.care.cleared_source", "zh"))
            number = register.put_records(
                kind, empty_table(kind), source, who=projects.who(), replace_all=True
            ).id
    except PlannerError as error:
        st.session_state[keys.NOTICE] = edits.Notice("error", error.message)
        return

    def words(lang: Lang) -> str:
        return say("ui.care.cleared", lang, name=say(f"ui.data.table_{layer}", lang))

    st.session_state[keys.NOTICE] = edits.Notice("done", words, number)


def _draw_restart(register: Register) -> None:
    st.markdown(f"**{tell('care.restart_title')}**")
    st.caption(tell("care.restart_help"))
    with st.form("restart", border=False):
        typed = st.text_input(tell("care.confirm", name=plain(register.name)))
        sent = st.form_submit_button(tell("care.restart"), icon=":material/restart_alt:")
    if not sent:
        return
    if typed.strip() != register.name:
        st.warning(tell("care.not_confirmed"))
        return
    aside = projects.set_aside_district()
    st.session_state[keys.NOTICE] = edits.Notice(
        "done", partial(say, "ui.care.restarted", folder=aside)
    )
    st.rerun()
