"""整改: what a record still lacks, who is at it by when, and the way to ask a unit for it."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from register import Record, Register
from register.tasks import Task, list_tasks
from siting import district_time
from ui import identity, keys
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.checks import failing_haves
from ui.ledger.columns import lacking
from ui.ledger.form import named_records
from ui.ledger.words import word
from ui.safe import plain

_ASKED_BY: Mapping[str, str] = {
    "stations": "confirm_hours",
    "hosts": "ask_host",
    "enterprises": "verify_enterprise",
}
"""The task that asks for what a record of a kind lacks; for other kinds there is none about it."""


def draw_mending(register: Register, record: Record) -> None:
    """Draw what a record lacks and fails, the tasks about it, and who may ask, the way to ask."""
    lacks = said_of(register, record)
    if lacks:
        st.warning(plain(lacks), icon=":material/rule:")
    open_ones = [t for t in list_tasks(register) if (t.about_kind, t.about) == _about(record)]
    today = district_time.today()
    for task in open_ones:
        st.markdown(_line(task, today))
    who = identity.actor(register)
    if not lacks or open_ones or who is None or not who.asks or record.kind not in _ASKED_BY:
        return
    st.button(
        word("mending.ask"),
        key="ledger_mend",
        icon=":material/add_task:",
        on_click=_ask,
        args=(register, record, lacks),
    )


def said_of(register: Register, record: Record) -> str:
    """Return one sentence on what is blank in a record and what it fails; "": nothing."""
    lang = current()
    between = "、" if lang == "zh" else ", "
    told = []
    missing = [column.label(lang) for column in lacking(record)]
    if missing:
        told.append(word("record.lacks", columns=between.join(missing)))
    failing = failing_haves(register, record.id) if record.kind == "stations" else ()
    if failing:
        named = between.join(label("haves", item, lang) for item in failing)
        told.append(word("mending.haves", items=named))
    return ("。" if lang == "zh" else ". ").join(told)


def _about(record: Record) -> tuple[str, str]:
    return record.kind, record.id


def _line(task: Task, today: date) -> str:
    state = label("task_states", task.state, current())
    due = word("tasks.no_due") if task.due is None else word("tasks.due", day=task.due.isoformat())
    told = word("mending.at_it", task=label("task_kinds", task.kind, current()), unit=task.unit)
    colour = "red" if task.overdue(today) else "gray"
    return f":material/task_alt: {plain(told)}　**{plain(state)}**　:{colour}[{due}]"


def _ask(register: Register, record: Record, lacks: str) -> None:
    """Open the form of a task about a record, with what it lacks written in."""
    ledger_edits.close_record()
    form = f"ask-{ledger_edits.form_id()}"
    town = str(record.fields.get("town") or "")
    st.session_state[keys.LEDGER_VIEW] = "tasks"
    st.session_state[keys.TASK_KIND] = _ASKED_BY[record.kind]
    st.session_state[keys.TASK_ABOUT] = record.kind, record.id
    st.session_state[keys.TASK_ASKING] = form
    offered = named_records(register, record.kind)
    st.session_state[f"{form}_{record.kind}{'' if offered is not None else '_id'}"] = record.id
    st.session_state[f"{form}_text"] = lacks
    if town in (named_records(register, "units") or {}):
        st.session_state[keys.TASK_UNIT] = town
