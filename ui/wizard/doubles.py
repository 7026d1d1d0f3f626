"""Rows of the file that may be one and the same: people keep, merge or leave out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from geo.intake.duplicates import Decision, Group
from geo.intake.meanings import Header
from geo.intake.raw import RawTable
from geo.tables import columns
from ui import keys
from ui.language import current
from ui.safe import plain
from ui.wizard.draft import Draft, decide, group_key, held, keep
from ui.wizard.mending import PAGE_ROWS, draw_pages
from ui.wizard.rows import cells_of
from ui.wizard.words import word
from words import count, say

_SHOWN_ROWS: Final = 4
_SHOWN_CHARS: Final = 40
_TOLD_ABOVE: Final = frozenset({"id", "name", "lon", "lat"})
DECISIONS: Final[tuple[Decision, ...]] = ("keep", "merge", "skip")


def draw(draft: Draft, raw: RawTable, header: Header, groups: Sequence[Group]) -> None:
    """Draw the groups, a page of them at a time, each with what its rows say otherwise."""
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
        _draw_group(draft, group, raw, header)
    draw_pages(keys.DOUBLES_PAGE, turn, len(groups))


def _draw_group(draft: Draft, group: Group, raw: RawTable, header: Header) -> None:
    # Without a column of ids a row's is made of its name and position.
    made = group.reason == "id" and "id" not in header.places
    reason = "made" if made else group.reason
    with st.container(border=True):
        st.markdown(f"**{word(f'doubles_reason_{reason}')}**")
        for row, name, apart in zip(group.rows, group.names, group.apart_m, strict=True):
            key = "doubles_first" if row == group.rows[0] else "doubles_row"
            st.markdown(word(key, row=row, name=plain(name), m=f"{apart:,.0f}"))
        if differing := _differing(draft.table, raw, header, group.rows):
            st.caption(word("doubles_differ", listed=differing))
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


def _differing(table: str, raw: RawTable, header: Header, rows: Sequence[int]) -> str:
    """Return what the rows say otherwise, as it stands in the file: 职工人数 1200 / 1150."""
    cells = [cells_of(raw, header, row) for row in rows[:_SHOWN_ROWS]]
    parts = []
    for column in columns(table):
        said = list(dict.fromkeys(c[column.name] for c in cells if c.get(column.name)))
        if len(said) > 1 and column.name not in _TOLD_ABOVE:
            shown = " / ".join(plain(text[:_SHOWN_CHARS]) for text in said)
            parts.append(f"{column.label(current())} {shown}")
    return say("import.figures_joint", current()).join(parts)


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
