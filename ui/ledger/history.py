"""What happened to a record: who, when, what from what to what, why; and the way back."""

from functools import partial

import streamlit as st

from register import Difference, Kind, Record, Register, Step
from register.privacy import masked_step
from ui import identity
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.columns import column_of, read
from ui.ledger.words import event_time, word
from ui.safe import plain

_SHOWN = 8
_LONGEST = 120
_OF_A_PHOTO = frozenset({"photo_kind", "taken_on"})  # the rest is for programs


def draw_history(register: Register, record: Record, *, may: bool) -> None:
    """Draw the history of a record, newest first, with what can be undone now."""
    steps = register.steps(record.kind, record.id)[::-1]
    with st.expander(
        word("history.title", count=len(steps)), icon=":material/history:", key="ledger_history"
    ):
        shown = steps
        if len(steps) > _SHOWN and not st.toggle(word("history.all", count=len(steps))):
            shown = steps[:_SHOWN]
        who = identity.actor(register)
        role, unit = ("", "") if who is None else (who.role, who.unit)
        for step in shown:
            _draw_step(register, record, masked_step(step, role, unit=unit), may=may)


def _draw_step(register: Register, record: Record, step: Step, *, may: bool) -> None:
    event = step.event
    with st.container(border=True, key=f"step_{event.id}", gap="xsmall"):
        did = word(f"history.{step.outcome}")
        photo = event.kind != record.kind
        if photo:
            did = word("history.photo", outcome=did)
        if event.undoes is not None:
            did = word("history.undoing", event=event.undoes, outcome=did)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{did}** · {plain(event.who)} · {event_time(event.at)}"
                f" :gray[{word('history.number', event=event.id)}]",
                width="stretch",
            )
            if may and event.kind != "tasks":
                _draw_undo(register, step)
        if event.why:
            st.caption(word("history.why", why=plain(event.why)))
        told = [d for d in step.differences if not photo or d.column in _OF_A_PHOTO]
        kind = "photos" if photo else record.kind
        lines = [_line(register, kind, difference) for difference in told]
        if lines:
            st.markdown("  \n".join(lines))


def _draw_undo(register: Register, step: Step) -> None:
    problem = register.undo_problem(step.event.id)
    if problem is None:
        st.button(
            word("history.undo"),
            key=f"undo_{step.event.id}",
            icon=":material/undo:",
            type="tertiary",
            on_click=partial(ledger_edits.undo, register, step.event.id),
        )
    else:
        st.caption(word("history.cannot"), help=plain(problem.message(current())), width="content")


def _line(register: Register, kind: Kind, difference: Difference) -> str:
    column = column_of(kind, difference.column)
    before, after = (
        read(column, value, register)[:_LONGEST] for value in (difference.before, difference.after)
    )
    name = f":gray[{plain(column.label(current()))}]　"
    if not before:
        return f"{name}{plain(after)}"
    return f"{name}~~{plain(before)}~~ → {plain(after) or '—'}"
