"""Enterprises that the register knows already: what the new list says otherwise, side by side."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from geo.intake.registers import POSITION, Difference, Merged, Side
from geo.tables import columns
from ui import keys
from ui.labels import label
from ui.language import current
from ui.safe import plain
from ui.wizard.draft import Draft, held, keep
from ui.wizard.mending import PAGE_ROWS, draw_pages
from ui.wizard.words import word
from words import count

SIDES: Final[tuple[Side, ...]] = ("register", "visit")


def draw(draft: Draft, merged: Merged) -> None:
    """Draw what was recognised as the same enterprise, and every difference to decide."""
    if not merged.pairs:
        return
    lang = current()
    st.markdown(f"**{word('merge_title', count=count(len(merged.pairs), lang))}**")
    st.caption(word("merge_help", filled=count(len(merged.filled), lang)))
    if merged.unclear:
        st.warning(word("merge_unclear", count=count(len(merged.unclear), lang)))
    found = merged.differences
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(word("merge_all"), width="content")
        for side in SIDES:
            st.button(
                word(f"merge_{side}_all"),
                key=f"merge_all_{side}",
                type="tertiary",
                on_click=_decide,
                args=(found, side),
            )
    turn = min(st.session_state.get(keys.MERGE_PAGE, 0), (len(found) - 1) // PAGE_ROWS)
    for difference in found[turn * PAGE_ROWS : (turn + 1) * PAGE_ROWS]:
        _draw_difference(draft, difference)
    draw_pages(keys.MERGE_PAGE, turn, len(found))


def _draw_difference(draft: Draft, difference: Difference) -> None:
    side = draft.sides.get(difference.key, "register")
    says = {
        "register": word("merge_register", value=_shown(difference, difference.register)),
        "visit": word("merge_visit", value=_shown(difference, difference.visit)),
    }
    key = f"side.{draft.key}.{difference.register_row}.{difference.column}.{side}"
    with st.container(border=True):
        apart = "" if difference.apart_m is None else word("apart", m=f"{difference.apart_m:,.0f}")
        st.markdown(f"**{plain(difference.name)}** · {_column_name(difference.column)}{apart}")
        st.radio(
            word("merge_which"),
            SIDES,
            index=SIDES.index(side),
            format_func=says.__getitem__,
            horizontal=True,
            key=key,
            on_change=lambda: _decide((difference,), st.session_state[key]),
            label_visibility="collapsed",
        )


def _column_name(column: str) -> str:
    if column == POSITION:
        return word("position")
    return next((c.label(current()) for c in columns("enterprises") if c.name == column), column)


def _shown(difference: Difference, value: str) -> str:
    codes = next((c.codes for c in columns("enterprises") if c.name == difference.column), "")
    return plain(label(codes, value, current()) if codes else value)


def _decide(differences: Sequence[Difference], side: Side) -> None:
    draft = held()
    if draft is not None:
        keep(replace(draft, sides={**draft.sides, **{d.key: side for d in differences}}))
