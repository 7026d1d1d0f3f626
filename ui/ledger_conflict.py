"""Two people changed one record: both versions side by side, and three ways on."""

from functools import partial

import pandas as pd
import streamlit as st

from register import Register
from register.privacy import masked
from register.values import Value
from ui import identity, ledger_edits
from ui.language import current
from ui.ledger_columns import column_of, read, title
from ui.ledger_words import event_time, word
from ui.look import table_height
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
        table = conflict_table(register, conflict)
        st.dataframe(
            table,
            hide_index=True,
            height=table_height(len(table)),
            column_config={
                "column": st.column_config.TextColumn(word("conflict.column")),
                "before": st.column_config.TextColumn(word("conflict.before")),
                "mine": st.column_config.TextColumn(word("conflict.mine")),
                "theirs": st.column_config.TextColumn(
                    word("conflict.theirs", who=theirs.updated_by)
                ),
            },
        )
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


def conflict_table(register: Register, conflict: ledger_edits.Conflict) -> pd.DataFrame:
    """Return one row per column that either of the two changed: before, mine, theirs."""
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
        shown: dict[str, object | Value] = {"before": before, "mine": mine, "theirs": theirs[name]}
        rows.append(
            {
                "column": column.label(lang),
                **{side: read(column, value, register) or "—" for side, value in shown.items()},
            }
        )
    return pd.DataFrame(rows, columns=["column", "before", "mine", "theirs"])
