"""限额: what stops work that is too large, and which of it can be set here."""

import os
from collections.abc import Iterator

import pandas as pd
import streamlit as st

from geo.intake import limits
from register import Register, accounts, photos
from register.home import default_folder
from register.schedule import DAILY
from register.settings_installation import PLAN_SECONDS, SEARCHES, Installation, installation
from siting.allocation.held import MEMORY_BYTES
from ui import identity
from ui.data.backups import MAX_DOWNLOAD_BYTES
from ui.look import table_height
from ui.settings.lock import draw_lock
from ui.settings.storing import register_of_keepers, settle_limits
from ui.settings.words import word

_SECONDS, _SEARCHES = "plan_seconds", "searches_at_once"
_MIB, _GIB = 2**20, 2**30


def draw_limits(register: Register) -> None:
    """Draw the limits that can be set, for those who may, and those that cannot.

    Raises
    ------
    InputError
        What is settled cannot be read.
    """
    seen = installation(default_folder())
    may = identity.may_keep_settings(register_of_keepers())
    st.markdown(f"**{word('limits.title')}**")
    st.caption(word("limits.help"))
    with st.form(f"limits_{seen.version}", border=False):
        st.number_input(
            word("limits.plan_seconds"),
            *PLAN_SECONDS,
            seen.plan_seconds,
            help=word("limits.plan_seconds_help"),
            key=f"{_SECONDS}_{seen.version}",
            disabled=not may,
            width=300,
        )
        st.number_input(
            word("limits.searches"),
            *SEARCHES,
            seen.searches,
            help=word("limits.searches_help", cores=os.cpu_count() or 1),
            key=f"{_SEARCHES}_{seen.version}",
            disabled=not may,
            width=300,
        )
        # In a callback: it still knows what was on the screen, whatever has changed since.
        st.form_submit_button(
            word("limits.save"), type="primary", disabled=not may, on_click=_save, args=(seen,)
        )
    if not may:
        draw_lock(register, register_of_keepers(), "settings")
    st.divider()
    st.markdown(f"**{word('limits.fixed')}**")
    st.caption(word("limits.fixed_help"))
    table = fixed()
    st.dataframe(table, hide_index=True, height=table_height(len(table), most=20))


def _save(seen: Installation) -> None:
    seconds, searches = (
        int(st.session_state[f"{name}_{seen.version}"]) for name in (_SECONDS, _SEARCHES)
    )
    settle_limits(seen, seconds, searches)


def fixed() -> pd.DataFrame:
    """Return the limits that are not set here, read where they act: what, how much, where set."""
    return pd.DataFrame(
        [
            {
                word("limits.what"): word(f"limits.{what}"),
                word("limits.limit"): told,
                word("limits.where"): word(f"limits.in_{where}"),
            }
            for what, told, where in _fixed()
        ]
    )


def _fixed() -> Iterator[tuple[str, str, str]]:
    def said(unit: str, number: float) -> str:
        return word(f"limits.{unit}", count=f"{number:,.0f}")

    upload = int(st.get_option("server.maxUploadSize"))
    yield "upload", said("megabytes", upload), "config"
    yield "photo", said("megabytes", photos.MAX_PHOTO_BYTES / _MIB), "program"
    yield "rows", said("number", limits.MAX_ROWS), "program"
    yield "reading", said("seconds", limits.CHILD_WALL_S), "program"
    yield "reading_memory", said("gigabytes", limits.CHILD_MEMORY_BYTES / _GIB), "program"
    yield "streets", said("seconds", limits.STREETS_WALL_S), "program"
    yield "streets_memory", said("gigabytes", limits.STREETS_MEMORY_BYTES / _GIB), "program"
    yield "plan_memory", said("gigabytes", MEMORY_BYTES / _GIB), "program"
    yield "download", said("megabytes", MAX_DOWNLOAD_BYTES / _MIB), "program"
    yield "kept", said("copies", DAILY.keep), "program"
    yield "wrong", said("times", accounts.FREE_FAILURES), "program"
