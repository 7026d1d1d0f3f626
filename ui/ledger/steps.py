"""What becomes of a candidate: proposed, surveyed, approved or rejected, and why."""

import streamlit as st

from register import Event, Record, Register
from register.candidate_steps import DISTRICTS, STEPS
from ui import identity
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.words import event_time, word
from ui.safe import plain

_PATH = ("proposed", "surveyed", "approved")
_ASKED = {"surveyed": "note", "rejected": "reason"}
_ICONS = {
    "surveyed": ":material/pin_drop:",
    "approved": ":material/check_circle:",
    "rejected": ":material/cancel:",
    "proposed": ":material/undo:",
}


def draw_steps(register: Register, record: Record, *, may: bool) -> None:
    """Draw how far a candidate is, why, and the steps that this session may take."""
    state = str(record.fields.get("state") or "proposed")
    who = identity.actor(register)
    district = who is not None and who.asks
    with st.container(border=True, key="ledger_steps", gap="small"):
        st.markdown(f"**{word('step.title')}**　{_path(state)}")
        last = last_reason(register, record)
        if last is not None:
            told = {"why": plain(last.why), "who": plain(last.who), "when": event_time(last.at)}
            st.markdown(word("step.why", **told))
        if not may:
            return
        offered = [s for s in STEPS.get(state, ()) if district or s not in DISTRICTS]
        with st.container(horizontal=True, gap="small"):
            for step in offered:
                _draw_step(register, record, step)
        if not district and state in {"proposed", "surveyed"}:
            st.caption(word("step.district"))


def last_reason(register: Register, record: Record) -> Event | None:
    """Return the event that gave a record its state of now, if it says why."""
    for event in reversed(register.history(record.kind, record.id)):
        before, after = event.before or {}, event.after or {}
        if before.get("state") != after.get("state"):
            return event if event.why else None
    return None


def _path(state: str) -> str:
    lang = current()
    passed = _PATH.index(state) if state in _PATH else -1
    if state == "rejected":
        return f":red[**✗ {label('states', state, lang)}**]"
    named = []
    for number, step in enumerate(_PATH):
        name = label("states", step, lang)
        if number < passed:
            named.append(f":green[✓ {name}]")
        elif number == passed:
            named.append(f"**● {name}**")
        else:
            named.append(f":gray[○ {name}]")
    return " → ".join(named)


def _draw_step(register: Register, record: Record, step: str) -> None:
    with (
        st.popover(word(f"step.{step}"), icon=_ICONS[step], key=f"step_to_{step}"),
        st.form(f"step_{step}_{record.id}_{record.version}", border=False),
    ):
        why = st.text_area(word(f"step.{_ASKED.get(step, 'opinion')}"), max_chars=300)
        sent = st.form_submit_button(word(f"step.confirm_{step}"), type="primary")
    if sent:
        ledger_edits.step(register, record, step, why)
        st.rerun()
