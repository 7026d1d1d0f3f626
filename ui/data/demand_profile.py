"""在岗比例: who is at work when, by group and shift: a table that a district can change."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from geo.errors import PlannerError
from geo.reference import read_list
from geo.tables import csv_bytes
from register import Register
from register.demand_layers import PRESENCE, own_profile
from siting.demand.presence import (
    PARTS,
    SOURCE,
    Part,
    Profile,
    profile_heading,
    profile_table,
    read_profile,
    read_profile_file,
    shipped_profile,
)
from siting.model import LayerSource
from siting.windows import windows
from ui import edits, keys, projects
from ui.data.demand_words import word
from ui.guard import show_error
from ui.language import current
from ui.look import table_height
from words import Lang, say

_FIXED = ("part", "name", "listed", "hours")
_WINDOW_PX: Mapping[Lang, int] = {"zh": 120, "en": 165}
_MOST_ROWS = 20


def draw_profile(register: Register) -> None:
    """Draw the table, the file of it, and where it is the district's to change: the buttons."""
    with st.expander(word("profile"), icon=":material/schedule:", key="demand_profile"):
        own = own_profile(register)
        st.caption(word("profile_own" if own else "profile_shipped"))
        st.caption(word("profile_help"))
        profile = own or shipped_profile()
        shown = shown_table(profile)
        st.download_button(
            word("profile_download"),
            data=csv_bytes(file_table(profile)),
            file_name=f"{word('profile')}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key="profile_download",
        )
        if register.synthetic:
            st.dataframe(shown, hide_index=True, column_config=_headings(), key="profile_table")
            return
        _draw_editor(register, shown)
        _draw_upload(register)
        if own is not None:
            st.button(
                word("profile_restore"),
                key="profile_restore",
                icon=":material/restart_alt:",
                on_click=restore,
                args=(register,),
            )


def shown_table(profile: Profile) -> pd.DataFrame:
    """Return a profile as the screen shows it: with the list's own source and hours a head."""
    table = profile_table(profile, current())
    hours = [each.hours_per_week for each in windows().values()]
    table["hours"] = (table[list(windows())].to_numpy(dtype=float) @ hours).round(1)
    table["listed"] = [
        word("listed_assumed" if _is_assumed(part, code) else "listed_source")
        for part, code in zip(table["part"], table["code"], strict=True)
    ]
    table["part"] = [say(f"siting.profile.{part}", current()) for part in table["part"]]
    return table[["code", "name", "part", "listed", "hours", *windows(), SOURCE]]


def file_table(profile: Profile) -> pd.DataFrame:
    """Return a profile as the file that people take away, change and bring back."""
    lang = current()
    table = profile_table(profile, lang)
    table["part"] = [say(f"siting.profile.{part}", lang) for part in table["part"]]
    return table.rename(columns={str(name): profile_heading(str(name), lang) for name in table})


def store(register: Register, profile: Profile) -> None:
    """Make a profile the district's own, as one change that can be undone; a callback."""
    source = LayerSource(PRESENCE, word("profile"), synthetic=register.synthetic)
    content = csv_bytes(profile_table(profile, "zh"))
    try:
        register.put_layer(PRESENCE, content, source, suffix=".csv", who=projects.who())
    except PlannerError as error:
        st.session_state[keys.DEMAND_NOTICE] = edits.Notice("error", error.message)
        return
    st.session_state.pop(keys.PROFILE_TABLE, None)
    told = partial(say, "demand.profile_saved")
    st.session_state[keys.DEMAND_NOTICE] = edits.Notice("done", told, register.revision())


def restore(register: Register) -> None:
    """Take the shipped profile again; undoing brings the district's own back. A callback."""
    try:
        event = register.take_out(PRESENCE, who=projects.who())
    except PlannerError as error:
        st.session_state[keys.DEMAND_NOTICE] = edits.Notice("error", error.message)
        return
    st.session_state.pop(keys.PROFILE_TABLE, None)
    number = None if event is None else event.id
    told = partial(say, "demand.profile_restored")
    st.session_state[keys.DEMAND_NOTICE] = edits.Notice("done", told, number)


def _draw_editor(register: Register, shown: pd.DataFrame) -> None:
    edited = st.data_editor(
        shown,
        hide_index=True,
        disabled=["code", *_FIXED],
        column_config=_headings(),
        height=table_height(len(shown), most=_MOST_ROWS),
        key=keys.PROFILE_TABLE,
    )
    if edited.equals(shown):
        return
    try:
        profile = read_profile(edited)
    except PlannerError as error:
        show_error(error)
        return
    st.button(
        word("profile_save"),
        type="primary",
        key="profile_save",
        on_click=partial(store, register, profile),
    )


def _draw_upload(register: Register) -> None:
    sent = st.file_uploader(word("profile_upload"), type=["csv", "xlsx"], key=keys.PROFILE_FILE)
    if sent is None:
        return
    try:
        profile = read_profile_file(sent.getvalue(), sent.name)
    except PlannerError as error:
        show_error(error)
        return
    st.button(
        word("profile_take_file"),
        type="primary",
        key="profile_take_file",
        on_click=partial(store, register, profile),
    )


def _headings() -> dict[str, ColumnConfig | str | None]:
    lang = current()
    config: dict[str, ColumnConfig | str | None] = {
        window: st.column_config.NumberColumn(
            profile_heading(window, lang),
            min_value=0.0,
            max_value=1.0,
            step=0.01,
            width=_WINDOW_PX[lang],
        )
        for window in windows()
    }
    for name, width in (("part", 70), ("listed", 80), (SOURCE, 160)):
        heading = word("listed") if name == "listed" else profile_heading(name, lang)
        config[name] = st.column_config.TextColumn(heading, width=width)
    config["hours"] = st.column_config.NumberColumn(
        word("hours_a_head"), help=word("hours_a_head_help"), width=110, format="%.1f"
    )
    config["name"] = st.column_config.TextColumn(
        profile_heading("name", lang), width=120, pinned=True
    )
    config["code"] = None
    return config


def _is_assumed(part: Part, code: str) -> bool:
    """Tell whether the list itself has the group or shift from nobody but us."""
    return bool(read_list(f"reference/{PARTS[part]}")[code].get("assumed"))
