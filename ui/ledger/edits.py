"""What people do to records on their page: stored first, told then; conflicts are shown, not lost.

Every function signs by `identity.sign_for`, which refuses what a role may not do, whatever was
offered on the screen.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from geo.errors import ConflictError, PlannerError
from geo.tables import has_id, key
from register import Kind, Record, Register
from register.candidate_steps import DISTRICTS
from register.photos import Shown, add_photo
from ui import keys
from ui.identity import sign_for, sign_for_district, sign_undoing
from ui.ledger.columns import title
from ui.ledger.words import done, doubt_hours, refused, warn


@dataclass(frozen=True)
class Draft:
    """A form that is open.

    Attributes
    ----------
    kind
        Of the record.
    seen
        The record as it was when the form was opened; None: a new one.
    values
        What the fields hold at first.
    key
        Keeps one form one change, however often it is sent.
    """

    kind: Kind
    seen: Record | None
    values: Mapping[str, object]
    key: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class Conflict:
    """Somebody else changed the record while a form was open.

    Attributes
    ----------
    seen
        The record as both saw it at first.
    theirs
        As it is now.
    mine
        What this person changed, and nothing else.
    """

    seen: Record
    theirs: Record
    mine: Mapping[str, object]


NEEDS_REASON = frozenset({"rejected"})


def open_record(kind: Kind, record_id: str) -> None:
    """Show one record."""
    forget_form()
    st.session_state[keys.LEDGER_OPEN] = (kind, record_id)
    st.session_state.pop(keys.NOTICE, None)


def close_record() -> None:
    """Go back to the list; nothing is picked in it any more."""
    forget_form()
    st.session_state.pop(keys.LEDGER_OPEN, None)
    st.session_state.pop(keys.NOTICE, None)
    st.session_state[keys.LEDGER_ROUND] = st.session_state.get(keys.LEDGER_ROUND, 0) + 1


def forget_form() -> None:
    """Close the form and forget a conflict."""
    for name in (keys.LEDGER_DRAFT, keys.LEDGER_CONFLICT):
        st.session_state.pop(name, None)


def open_form(register: Register, kind: Kind, record_id: str) -> None:
    """Open the form of a record with what is stored now."""
    forget_form()
    st.session_state.pop(keys.NOTICE, None)
    seen = register.get(kind, record_id)
    st.session_state[keys.LEDGER_DRAFT] = Draft(kind, seen, seen.fields)


def open_new(kind: Kind, values: Mapping[str, object]) -> None:
    """Open the form of a new record."""
    forget_form()
    st.session_state.pop(keys.LEDGER_OPEN, None)
    st.session_state.pop(keys.NOTICE, None)
    st.session_state[keys.LEDGER_DRAFT] = Draft(kind, None, values)


def form_id() -> str:
    """Return what this session's next form is known by; `next_form` makes another.

    In the keys of widgets it makes a form that was sent a new one; as the key of what is stored it
    keeps a form that is sent twice one change.
    """
    held: str = st.session_state.setdefault(keys.LEDGER_FORM, uuid.uuid4().hex)
    return held


def next_form() -> None:
    """Make the forms that add something new ones: what was sent is stored."""
    st.session_state[keys.LEDGER_FORM] = uuid.uuid4().hex


def field_key(draft: Draft, name: str) -> str:
    """Return the key of the widget of one column in the form of a draft."""
    return f"{form_prefix(draft)}_{name}"


def form_prefix(draft: Draft) -> str:
    """Return what the keys of all widgets of a form begin with; another form has another."""
    return f"form_{draft.key}"


def known_by(kind: Kind) -> tuple[str, ...]:
    """Return the columns that say which record it is and never change."""
    return ("id",) if has_id(kind) else key(kind)


def changes(seen: Record, values: Mapping[str, object]) -> dict[str, object]:
    """Return what a form says that the record did not."""
    return {name: new for name, new in values.items() if _empty(new) != _empty(seen[name])}


def save(register: Register, draft: Draft, values: Mapping[str, object]) -> None:
    """Store a form; what somebody else changed meanwhile becomes a conflict to be decided."""
    if draft.seen is None:
        _add(register, draft, values)
    else:
        _change(register, draft.seen, changes(draft.seen, values))


def use_mine(register: Register, conflict: Conflict) -> None:
    """Store this person's changes over the other's version; the rest stays the other's."""
    _change(register, conflict.theirs, conflict.mine)


def use_theirs() -> None:
    """Leave the record as the other made it."""
    forget_form()
    done("conflict.theirs_used")


def merge(conflict: Conflict) -> None:
    """Open the form again on the other's version, with this person's changes in place."""
    forget_form()
    theirs = conflict.theirs
    st.session_state[keys.LEDGER_DRAFT] = Draft(
        theirs.kind, theirs, {**theirs.fields, **conflict.mine}
    )


def add(register: Register, kind: Kind, values: Mapping[str, object], form: str) -> Record | None:
    """Store a new record and tell it; None: it was refused, and why is told.

    Parameters
    ----------
    register, kind, values
        What, and where.
    form
        Key of the form that was sent: sent twice, it is stored once.
    """
    given = {name: value for name, value in values.items() if value not in (None, "")}
    try:
        who = sign_for(register, kind, given)
        record = register.add(kind, given, who=who, key=form)
    except PlannerError as error:
        refused(error)
        return None
    next_form()
    done("done.added", register.history(kind, record.id)[-1].id, name=title(register, record))
    doubt_hours(given)
    return record


def change(register: Register, record: Record, new: Mapping[str, object]) -> bool:
    """Store some columns of a record at once; a refusal is told, and False."""
    try:
        _store(register, record, new)
    except PlannerError as error:
        refused(error)
        return False
    return True


def remove(register: Register, record: Record, why: str) -> None:
    """Mark a record as deleted, with a reason; its history stays."""
    if not why.strip():
        warn("remove.why_missing")
        return
    try:
        who = sign_for(register, record.kind, record.fields)
        register.remove(record.kind, record.id, version=record.version, who=who, why=why)
    except PlannerError as error:
        refused(error)
    else:
        forget_form()
        done("done.removed", register.revision(), name=title(register, record))


def step(register: Register, record: Record, state: str, why: str) -> None:
    """Take a candidate to its next state, with what speaks for it; a refusal is told.

    Units propose and survey; approving and rejecting are the district's, and rejecting wants a
    reason. The reason stands in the history.
    """
    if state in NEEDS_REASON and not why.strip():
        warn("step.why_missing")
        return
    try:
        if state in DISTRICTS:
            sign_for_district(register)
        who = sign_for(register, record.kind, record.fields)
        register.update(
            record.kind, record.id, {"state": state}, version=record.version, who=who, why=why
        )
    except PlannerError as error:
        refused(error)
    else:
        name = title(register, register.get(record.kind, record.id))
        done("step.done", register.revision(), name=name)


def bring_back(register: Register, record: Record) -> None:
    """Undo the deletion of a record."""
    removals = [e for e in register.history(record.kind, record.id) if _removes(e.after)]
    undo(register, removals[-1].id)


def undo(register: Register, event_id: int) -> None:
    """Take one event back."""
    try:
        event = register.event_at(event_id)
        register.undo(event_id, who=sign_undoing(register, event))
    except PlannerError as error:
        refused(error)
    else:
        forget_form()
        done("done.undone", register.revision())


def store_photo(register: Register, content: bytes, shown: Shown, form: str) -> Record | None:
    """Store a photo of a record; None: it was refused, and why is told."""
    state = {"about_kind": shown.about_kind, "about": shown.about}
    try:
        who = sign_for(register, "photos", state)
        record = add_photo(register, content, shown, who=who, key=form)
    except PlannerError as error:
        refused(error)
        return None
    next_form()
    done("done.photo")
    return record


def _add(register: Register, draft: Draft, values: Mapping[str, object]) -> None:
    # What the form does not ask for stays as the draft has it: the state of a new candidate.
    record = add(register, draft.kind, {**draft.values, **values}, draft.key)
    if record is not None:
        forget_form()
        st.session_state[keys.LEDGER_OPEN] = (draft.kind, record.id)


def _change(register: Register, seen: Record, new: Mapping[str, object]) -> None:
    if not new:
        forget_form()
        done("done.unchanged")
        return
    try:
        _store(register, seen, new)
    except ConflictError:
        st.session_state.pop(keys.LEDGER_DRAFT, None)
        theirs = register.get(seen.kind, seen.id)
        st.session_state[keys.LEDGER_CONFLICT] = Conflict(seen, theirs, new)
    except PlannerError as error:
        refused(error)
    else:
        forget_form()


def _store(register: Register, seen: Record, new: Mapping[str, object]) -> None:
    who = sign_for(register, seen.kind, seen.fields, {**seen.fields, **new})
    stored = register.update(seen.kind, seen.id, new, version=seen.version, who=who)
    event = register.history(seen.kind, seen.id)[-1].id
    done("done.saved", event, name=title(register, stored))
    doubt_hours(new)


def _empty(value: object) -> object:
    return None if value == "" else value


def _removes(after: Mapping[str, object] | None) -> bool:
    return bool(after and after.get("deleted"))
