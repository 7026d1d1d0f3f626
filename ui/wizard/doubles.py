"""Rows of the file that may be one and the same: people keep, merge or leave out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from geo.intake.duplicates import Decision, Group
from ui import keys
from ui.language import current
from ui.safe import plain
from ui.wizard.draft import Draft, decide, group_key, held, keep
from ui.wizard.mending import PAGE_ROWS, draw_pages
from ui.wizard.words import word
from words import count

DECISIONS: Final[tuple[Decision, ...]] = ("keep", "merge", "skip")


def draw(draft: Draft, groups: Sequence[Group]) -> None:
    """Draw the groups, a page of them at a time."""
    if not groups:
        return
    st.markdown(f"**{word('doubles_title', count=count(len(groups), current()))}**")
    st.caption(word("doubles_help"))
    if len(groups) > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(word("doubles_all"), width="content")
            for decision in DECISIONS:
                st.button(
                    word(f"doubles_{decision}"),
                    key=f"doubles_all_{decision}",
                    type="tertiary",
                    on_click=_decide_all,
                    args=(tuple(groups), decision),
                )
    turn = min(st.session_state.get(keys.DOUBLES_PAGE, 0), (len(groups) - 1) // PAGE_ROWS)
    for group in groups[turn * PAGE_ROWS : (turn + 1) * PAGE_ROWS]:
        _draw_group(draft, group)
    draw_pages(keys.DOUBLES_PAGE, turn, len(groups))


def _draw_group(draft: Draft, group: Group) -> None:
    with st.container(border=True):
        st.markdown(f"**{word(f'doubles_reason_{group.reason}')}**")
        for row, name, apart in zip(group.rows, group.names, group.apart_m, strict=True):
            key = "doubles_first" if row == group.rows[0] else "doubles_row"
            st.markdown(word(key, row=row, name=plain(name), m=f"{apart:,.0f}"))
        decided = draft.doubles.get(group_key(group), group.proposed)
        rows = "-".join(map(str, group.rows[:8]))
        # The decision is part of the key: a button above may have changed it.
        key = f"double.{draft.key}.{group.reason}.{rows}.{decided}"
        st.radio(
            word("doubles_what"),
            DECISIONS,
            index=DECISIONS.index(decided),
            format_func=_names(group).__getitem__,
            horizontal=True,
            key=key,
            on_change=lambda: decide(group, st.session_state[key]),
            label_visibility="collapsed",
        )


def _names(group: Group) -> dict[Decision, str]:
    """Return what the decisions on a group are called: which row stays, and under which id."""
    one_id = "doubles_keep_ids" if group.reason == "id" else "doubles_keep"
    return {
        "keep": word(one_id),
        "merge": word("doubles_merge"),
        "skip": word("doubles_skip_others", row=group.rows[0]),
    }


def _decide_all(groups: Sequence[Group], decision: Decision) -> None:
    draft = held()
    if draft is not None:
        keep(replace(draft, doubles={group_key(group): decision for group in groups}))
