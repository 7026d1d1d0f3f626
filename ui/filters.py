"""What a planner may set: the cut-off, and whom to count when."""

import pandas as pd
import streamlit as st

from geo.reference import read_list
from siting.model import DEFAULT_CUTOFF_M, Parameters
from ui import edits, keys
from ui.labels import label
from ui.language import current, tell
from ui.safe import plain

_NAMED = 3
_LEAST_M, _MOST_M, _STEP_M = 200, 3000, 50


def draw_parameters(demand: pd.DataFrame) -> Parameters:
    """Draw the cut-off and, where the demand tells them apart, time windows and worker groups."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cutoff_m = st.slider(
            tell("filters.cutoff"),
            _LEAST_M,
            _MOST_M,
            round(DEFAULT_CUTOFF_M),
            _STEP_M,
            key=keys.CUTOFF_M,
            persist_state="session",
            help=tell("filters.cutoff_help"),
            on_change=edits.forget_notice,
        )
        windows, groups = _codes(demand, "window"), _codes(demand, "group")
        chosen_windows: tuple[str, ...] | None = None
        chosen_groups: tuple[str, ...] | None = None
        if len(windows) > 1 or len(groups) > 1:
            with st.popover(_filter_title(), icon=":material/filter_alt:"):
                chosen_windows = _choose("windows", windows, keys.WINDOWS)
                chosen_groups = _choose("groups", groups, keys.GROUPS)
                st.caption(tell("filters.all_help"))
            if chosen_windows or chosen_groups:
                st.button(
                    tell("filters.clear"),
                    key="clear_filters",
                    icon=":material/filter_alt_off:",
                    type="tertiary",
                    on_click=_clear,
                )
    return Parameters(cutoff_m=float(cutoff_m), windows=chosen_windows, groups=chosen_groups)


def _choose(codes: str, present: tuple[str, ...], key: str) -> tuple[str, ...] | None:
    if len(present) < 2:
        return None
    lang = current()
    chosen = st.multiselect(
        tell(f"filters.{codes}"),
        present,
        key=key,
        persist_state="session",
        format_func=lambda code: label(codes, code, lang),
        placeholder=tell("filters.all"),
        on_change=edits.forget_notice,
    )
    # In the order of the table, so that the same choice is the same scenario.
    return tuple(code for code in present if code in chosen) or None


def _filter_title() -> str:
    """Name what is counted, so that nobody reads a part as the whole."""
    lang = current()
    chosen = [
        label(codes, code, lang)
        for codes, key in (("windows", keys.WINDOWS), ("groups", keys.GROUPS))
        for code in st.session_state.get(key) or ()
    ]
    if not chosen:
        return tell("filters.title")
    between = "、" if lang == "zh" else ", "
    named = between.join(chosen[:_NAMED])
    if len(chosen) > _NAMED:
        named = tell("filters.and_more", named=named, count=len(chosen))
    return plain(tell("filters.title_set", named=named))


def _clear() -> None:
    edits.forget_notice()
    for key in (keys.WINDOWS, keys.GROUPS):
        st.session_state[key] = []


def _codes(demand: pd.DataFrame, column: str) -> tuple[str, ...]:
    present = {str(code) for code in demand[column].unique() if code}
    known = [code for code in read_list(f"reference/{column}s") if code in present]
    return (*known, *sorted(present.difference(known)))
