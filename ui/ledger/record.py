"""One record: what it says, group by group, and what may be done to it."""

from functools import partial

import streamlit as st

from register import Kind, Record, Register
from register.privacy import masked, sees_personal
from ui import identity, keys
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.checks import draw_haves, draw_inspections
from ui.ledger.columns import Group, groups, read, title
from ui.ledger.conflict import draw_conflict
from ui.ledger.form import draw_form
from ui.ledger.history import draw_history
from ui.ledger.mending import draw_mending
from ui.ledger.photos import PHOTOGRAPHED, draw_photos
from ui.ledger.place import PLACED, draw_place
from ui.ledger.steps import draw_steps
from ui.ledger.words import event_time, kind_name, word
from ui.safe import plain
from ui.scrolling import into_view

_STATE_COLORS = {"open": "green", "approved": "green", "closed": "gray", "rejected": "gray"}


def draw_record(register: Register, kind: Kind, record_id: str) -> None:
    """Draw the record that is open: its form or a conflict while there is one, else its facts."""
    st.button(
        word("record.back"),
        key="ledger_back",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=ledger_edits.close_record,
    )
    record = register.get(kind, record_id)
    conflict: ledger_edits.Conflict | None = st.session_state.get(keys.LEDGER_CONFLICT)
    draft: ledger_edits.Draft | None = st.session_state.get(keys.LEDGER_DRAFT)
    if conflict is not None and conflict.seen.id == record_id:
        draw_conflict(register, conflict)
    elif draft is not None:
        draw_draft(register, draft)
    else:
        _draw_facts(register, record)


def draw_draft(register: Register, draft: ledger_edits.Draft) -> None:
    """Draw the form of a record, new or stored; a new one is given its place first."""
    name = kind_name(draft.kind)
    with st.container(key="ledger_draft"):
        heading = word("form.new" if draft.seen is None else "form.edit", kind=name)
        st.markdown(f"**{heading}**")
        if draft.kind in PLACED and (draft.seen is None or _wants_another_place(draft)):
            draw_place(register, draft)
        with st.form("ledger_form", clear_on_submit=False):
            values = draw_form(
                register,
                draft.kind,
                draft.values,
                prefix=ledger_edits.form_prefix(draft),
                fixed=_fixed(draft),
            )
            st.caption(word("form.signed", who=plain(_signature(register))))
            with st.container(horizontal=True):
                saved = st.form_submit_button(word("form.save"), type="primary")
                cancelled = st.form_submit_button(word("form.cancel"))
    into_view("ledger_draft", draft.key)
    if cancelled:
        ledger_edits.forget_form()
        st.rerun()
    if saved:
        ledger_edits.save(register, draft, values)
        st.rerun()


def _wants_another_place(draft: ledger_edits.Draft) -> bool:
    return st.toggle(word("where.change"), key=f"where_change_{draft.key}")


def _fixed(draft: ledger_edits.Draft) -> tuple[str, ...]:
    """Return the columns that a form leaves out: its key, and a state that is taken by steps."""
    stepped = ("state",) if draft.kind == "candidates" else ()
    return stepped if draft.seen is None else (*ledger_edits.known_by(draft.kind), *stepped)


def draw_groups(register: Register, record: Record) -> None:
    """Draw every column of a record, masked where this session may not see it."""
    who = identity.actor(register)
    role, unit = ("", "") if who is None else (who.role, who.unit)
    seen = masked(record, role, unit=unit)
    found = groups(record.kind)
    left, right = st.columns(2)
    for number, group in enumerate(found):
        with right if number else left:
            _draw_group(register, seen, group)
    of_unit = identity.unit_of(register, record.kind, record.fields)
    personal = any(c.personal and record[c.name] for g in found for c in g.columns)
    if personal and not sees_personal(role, unit=unit, of_unit=of_unit):
        st.caption(word("record.masked"))


def _draw_facts(register: Register, record: Record) -> None:
    may = identity.may_change(register, record.kind, record.fields)
    _draw_title(register, record, may=may)
    if record.deleted:
        _draw_deleted(register, record, may=may)
    if not record.deleted:
        draw_mending(register, record)
    if record.kind == "candidates" and not record.deleted:
        draw_steps(register, record, may=may)
    draw_groups(register, record)
    if record.kind == "stations":
        draw_haves(register, record, may=may and not record.deleted)
        draw_inspections(register, record, may=may and not record.deleted)
    if record.kind in PHOTOGRAPHED:
        draw_photos(register, record, may=may and not record.deleted)
    draw_history(register, record, may=may)


def _draw_title(register: Register, record: Record, *, may: bool) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="ledger_title"
    ):
        st.markdown(f"### {plain(title(register, record))}", width="content")
        state = record.fields.get("state")
        if state:
            st.badge(
                plain(label("states", str(state), current())),
                color=_STATE_COLORS.get(str(state), "orange"),  # type: ignore[arg-type]
            )
    when = event_time(record.updated_at)
    st.caption(
        word(
            "record.last",
            kind=kind_name(record.kind),
            id=plain(record.id),
            who=plain(record.updated_by),
            when=when,
            version=record.version,
        )
    )
    if may and not record.deleted:
        with st.container(horizontal=True):
            st.button(
                word("record.edit"),
                key="ledger_edit",
                type="primary",
                icon=":material/edit:",
                on_click=ledger_edits.open_form,
                args=(register, record.kind, record.id),
            )
            _draw_removal(register, record)


def _draw_removal(register: Register, record: Record) -> None:
    with st.popover(word("remove.button"), icon=":material/delete:", key="ledger_remove"):
        st.caption(word("remove.help"))
        with st.form(f"remove_{record.id}_{record.version}", border=False):
            why = st.text_input(word("remove.why"), max_chars=300)
            sent = st.form_submit_button(word("remove.confirm"), type="primary")
    if sent:
        ledger_edits.remove(register, record, why)
        st.rerun()


def _draw_deleted(register: Register, record: Record, *, may: bool) -> None:
    last = register.history(record.kind, record.id)[-1]
    st.error(
        word(
            "remove.told",
            who=plain(last.who),
            when=event_time(last.at),
            why=plain(last.why) or "—",
        ),
        icon=":material/delete:",
    )
    if may:
        st.button(
            word("remove.back"),
            key="ledger_bring_back",
            icon=":material/restore_from_trash:",
            on_click=partial(ledger_edits.bring_back, register, record),
        )


def _draw_group(register: Register, record: Record, group: Group) -> None:
    lang = current()
    with st.container(border=True, key=f"group_{group.name}"):
        st.markdown(f"**{word(f'group.{group.name}')}**")
        lines, blank = [], []
        for column in group.columns:
            name, value = plain(column.label(lang)), read(column, record[column.name], register)
            if value:
                lines.append(f":gray[{name}]　{plain(value)}")
            else:
                blank.append(name)
        if blank:
            between = "、" if lang == "zh" else ", "
            lines.append(f":gray[{word('record.blank', columns=between.join(blank))}]")
        st.markdown("  \n".join(lines))


def _signature(register: Register) -> str:
    who = identity.actor(register)
    return "—" if who is None else who.who
