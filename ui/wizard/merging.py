"""Enterprises that the register knows already: what the new list says otherwise, side by side."""

from collections import Counter
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
from words import count, say

SIDES: Final[tuple[Side, ...]] = ("register", "visit")
_EVERY: Final = ""
_SHOWN_NAMES: Final = 6


def draw(draft: Draft, merged: Merged) -> None:
    """Draw what was recognised as the same enterprise, and every difference to decide."""
    if not merged.pairs:
        return
    lang = current()
    st.markdown(f"**{word('merge_title', count=count(len(merged.pairs), lang))}**")
    st.caption(word("merge_help", filled=count(len(merged.filled), lang)))
    _draw_unclear(merged)
    found = merged.differences
    if not found:
        return
    _draw_all(draft, found)
    turn = min(st.session_state.get(keys.MERGE_PAGE, 0), (len(found) - 1) // PAGE_ROWS)
    for difference in found[turn * PAGE_ROWS : (turn + 1) * PAGE_ROWS]:
        _draw_difference(draft, difference)
    draw_pages(keys.MERGE_PAGE, turn, len(found))


def _draw_unclear(merged: Merged) -> None:
    if not merged.unclear:
        return
    names = [str(merged.frame["name"].iloc[mine]) for mine, _ in merged.unclear]
    shown = say("intake.comma_list", current()).join(names[:_SHOWN_NAMES])
    more = "…" if len(names) > _SHOWN_NAMES else ""
    st.warning(word("merge_unclear", count=count(len(names), current()), names=plain(shown + more)))


def _draw_all(draft: Draft, found: Sequence[Difference]) -> None:
    """Offer to decide every difference at once, or all those of one column."""
    lang = current()
    of_column = Counter(difference.column for difference in found)
    names = {_EVERY: word("merge_every", count=count(len(found), lang))} | {
        column: word("merge_column", column=_column_name(column), count=count(size, lang))
        for column, size in of_column.items()
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.caption(word("merge_all"), width="content")
        chosen = _EVERY
        if len(of_column) > 1:
            chosen = st.selectbox(
                word("merge_which_column"),
                [*names],
                format_func=names.__getitem__,
                key=f"merge_column.{draft.key}.{len(found)}",  # its names count
                label_visibility="collapsed",
                width=260,
            )
        meant = [d for d in found if chosen in {_EVERY, d.column}]
        for side in SIDES:
            st.button(
                word(f"merge_{side}_all"),
                key=f"merge_all_{side}",
                type="tertiary",
                on_click=_decide,
                args=(meant, side),
            )


def _draw_difference(draft: Draft, difference: Difference) -> None:
    side = draft.sides.get(difference.key, "register")
    says = {
        "register": _said(difference, difference.register, difference.register_with),
        "visit": _said(difference, difference.visit, difference.visit_with),
    }
    says = {side: word(f"merge_{side}", value=value) for side, value in says.items()}
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


def _said(difference: Difference, value: str, beside: Sequence[tuple[str, str]]) -> str:
    """Return what one list says, with what goes with it: 1150（2026-10-12，实地走访）."""
    shown = _shown(difference.column, value)
    if not beside:
        return shown
    more = say("intake.comma", current()).join(_shown(column, text) for column, text in beside)
    return word("merge_with", value=shown, more=more)


def _shown(column: str, value: str) -> str:
    codes = next((c.codes for c in columns("enterprises") if c.name == column), "")
    return plain(label(codes, value, current()) if codes else value)


def _decide(differences: Sequence[Difference], side: Side) -> None:
    draft = held()
    if draft is not None:
        keep(replace(draft, sides={**draft.sides, **{d.key: side for d in differences}}))
