"""底图: what lies under the live map, with what that gives away; and what maps say they are."""

import streamlit as st

from register import Register
from register.home import default_folder
from register.settings import APPROVAL, settled
from register.settings_installation import BASEMAPS, Basemap, Installation, installation
from ui import identity
from ui.language import current
from ui.ledger.words import spoken
from ui.safe import plain
from ui.settings.lock import draw_lock
from ui.settings.storing import (
    LONGEST_APPROVAL,
    register_of_keepers,
    settle_approval,
    settle_basemap,
)
from ui.settings.tiles import draw_own_tiles
from ui.settings.words import word
from words import say

_KEY, _FORGET, _NUMBER = "tianditu_key", "tianditu_forget", "approval_number"
_TOLD = 4  # signs of a key that an administrator tells it by


def draw_basemap(register: Register) -> None:
    """Draw both forms, for those who may fill them in; the others read what holds.

    Raises
    ------
    InputError
        What is settled cannot be read.
    """
    seen = installation(default_folder())
    _draw_choice(register, seen)
    st.divider()
    _draw_approval(register)


def _draw_choice(register: Register, seen: Installation) -> None:
    st.markdown(f"**{word('basemap.title')}**")
    if not identity.may_keep_settings(register_of_keepers()):
        st.markdown(word("basemap.now", basemap=word(f"basemap.{seen.basemap}")))
        _explain(seen.basemap)
        draw_lock(register, register_of_keepers(), "settings")
        return
    # Out of the form: what each choice gives away is read before it is stored.
    chosen: Basemap = st.radio(
        word("basemap.title"),
        BASEMAPS,
        index=BASEMAPS.index(seen.basemap),
        format_func=spoken(BASEMAPS, lambda name: word(f"basemap.{name}")),
        key=f"basemap_{seen.version}",
        label_visibility="collapsed",
    )
    _explain(chosen)
    if chosen == "intranet":
        draw_own_tiles(register, seen)
        return
    with st.form(f"basemap_form_{seen.version}_{chosen}", border=False):
        if chosen == "tianditu":
            _draw_key(seen)
        # In a callback: it still knows what was on the screen, whatever has changed since.
        st.form_submit_button(
            word("basemap.save"), type="primary", on_click=_save, args=(seen, chosen)
        )


def _save(seen: Installation, chosen: Basemap) -> None:
    typed = str(st.session_state.get(f"{_KEY}_{seen.version}", "")).strip()
    forgotten = st.session_state.get(f"{_FORGET}_{seen.version}", False)
    settle_basemap(seen, chosen, typed or ("" if forgotten else seen.tianditu_key))


def _draw_key(seen: Installation) -> None:
    """Draw the box of the key; what is kept is never sent back to the browser from here."""
    held = seen.tianditu_key
    st.text_input(
        word("basemap.key"),
        type="password",
        max_chars=64,
        placeholder=word("basemap.key_held", last=held[-_TOLD:]) if held else "",
        key=f"{_KEY}_{seen.version}",
        autocomplete="off",
        width=460,
    )
    st.caption(word("basemap.key_help"))
    if held:
        st.checkbox(word("basemap.key_forget"), key=f"{_FORGET}_{seen.version}")


def _explain(basemap: Basemap) -> None:
    if basemap == "own":
        st.caption(word("basemap.own_help"))
        return
    if basemap == "intranet":
        st.warning(word("basemap.intranet_help"), icon=":material/lan:")
        return
    told = word("basemap.warning", provider=word(f"basemap.provider_{basemap}"))
    st.warning(told, icon=":material/public:")
    if basemap == "amap":
        st.caption(word("basemap.amap_help"))


def _draw_approval(register: Register) -> None:
    now = settled(register, APPROVAL) or ""
    st.markdown(f"**{word('approval.title')}**")
    st.caption(word("approval.help"))
    if not identity.may_settle(register):
        badge = "approved" if now else "internal"
        st.markdown(plain(say(f"map.badge.{badge}", current(), number=now)))
        draw_lock(register, register, "district")
        return
    with st.form(f"approval_{now}", border=False):
        st.text_input(
            word("approval.number"),
            value=now,
            max_chars=LONGEST_APPROVAL,
            placeholder=word("approval.hint"),
            key=f"{_NUMBER}_{now}",
            width=460,
        )
        st.form_submit_button(word("approval.save"), on_click=_approve, args=(register, now))


def _approve(register: Register, now: str) -> None:
    settle_approval(register, str(st.session_state[f"{_NUMBER}_{now}"]))
