"""Two people changed one record: both versions side by side, and three ways on."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from register import Register
from register.privacy import masked
from ui import identity
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.columns import column_of, read, title
from ui.ledger.words import event_time, word
from ui.safe import plain


def draw_conflict(register: Register, conflict: ledger_edits.Conflict) -> None:
    """Draw who was faster, what each of the two says, and what can be done about it."""
    theirs = conflict.theirs
    who, when = plain(theirs.updated_by), event_time(theirs.updated_at)
    name = plain(title(register, theirs))
    with st.container(border=True, key="ledger_conflict"):
        if theirs.deleted:
            st.error(word("conflict.deleted", who=who, when=when, name=name))
        else:
            st.error(word("conflict.title", who=who, when=when, name=name))
            st.caption(word("conflict.nothing_saved"))
        for row in conflict_rows(register, conflict):
            _draw_row(row, who)
        with st.container(horizontal=True):
            if not theirs.deleted:
                st.button(
                    word("conflict.use_mine"),
                    key="use_mine",
                    type="primary",
                    on_click=partial(ledger_edits.use_mine, register, conflict),
                )
            st.button(
                word("conflict.use_theirs"), key="use_theirs", on_click=ledger_edits.use_theirs
            )
            if not theirs.deleted:
                st.button(
                    word("conflict.merge"),
                    key="merge",
                    type="tertiary",
                    on_click=partial(ledger_edits.merge, conflict),
                )
        if not theirs.deleted:
            st.caption(word("conflict.help"))


@dataclass(frozen=True)
class Row:
    """A column that either of the two changed, as people read it; "" where there is nothing."""

    column: str
    before: str
    mine: str
    theirs: str


def _draw_row(row: Row, who: str) -> None:
    """Draw a column three times beside each other, on a phone one under the other."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{plain(row.column)}**")
        shown = (
            (word("conflict.mine"), row.mine),
            (word("conflict.theirs", who=who), row.theirs),
            (word("conflict.before"), row.before),
        )
        for (heading, value), place in zip(shown, st.columns(3), strict=True):
            said = plain(value) or "—"
            changed = value != row.before
            place.markdown(f":gray[{heading}]　{f'**{said}**' if changed else said}")


def conflict_rows(register: Register, conflict: ledger_edits.Conflict) -> tuple[Row, ...]:
    """Return the columns that either of the two changed."""
    who = identity.actor(register)
    role, unit = ("", "") if who is None else (who.role, who.unit)
    seen, theirs = (masked(r, role, unit=unit) for r in (conflict.seen, conflict.theirs))
    lang = current()
    rows = []
    for name, before in seen.fields.items():
        if name not in conflict.mine and before == theirs.fields[name]:
            continue
        column = column_of(seen.kind, name)
        mine = conflict.mine.get(name, before)
        shown: dict[str, object] = {"before": before, "mine": mine, "theirs": theirs[name]}
        told = {side: read(column, value, register) for side, value in shown.items()}
        rows.append(Row(column.label(lang), **told))
    return tuple(rows)
