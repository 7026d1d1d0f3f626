"""台账: records of every kind, one by one and in pages; tasks, targets, and who signs."""

from functools import partial
from typing import Literal, get_args

import streamlit as st

from register import Register
from register.tasks import list_tasks
from register.users import Actor
from siting import district_time
from ui import edits, identity, keys, projects
from ui.guard import guarded
from ui.ledger import edits as ledger_edits
from ui.ledger import look as ledger_look
from ui.ledger import task_edits
from ui.ledger.past import chosen_day, draw_choice, draw_past
from ui.ledger.people import draw_choice_of_person, draw_signature
from ui.ledger.record import draw_draft, draw_record
from ui.ledger.stored_plans import draw_plans
from ui.ledger.table import draw_table
from ui.ledger.targets import draw_targets
from ui.ledger.tasks import draw_tasks
from ui.ledger.use import draw_use
from ui.ledger.words import spoken, word
from ui.project_bar import draw_project_bar
from ui.scrolling import into_view
from ui.undo_bar import LEDGER_KINDS, draw_undo_bar

View = Literal["records", "tasks", "targets", "use", "plans"]
VIEWS: tuple[View, ...] = get_args(View)


def draw() -> None:
    """Draw the page."""
    ledger_look.apply()
    register = projects.register()
    draw_project_bar(register)
    who = identity.actor(register)
    with st.container(horizontal=True, vertical_alignment="center", key="ledger_head"):
        if who is not None:
            draw_signature(register, who)
        _draw_counts(register, who)
        when = chosen_day()
        if when is None:
            draw_choice()
    if who is None:
        draw_choice_of_person(register)
    if when is not None:
        guarded(partial(draw_past, register, when))
        return
    _draw_notice(register)
    opened = st.session_state.get(keys.LEDGER_OPEN)
    draft: ledger_edits.Draft | None = st.session_state.get(keys.LEDGER_DRAFT)
    if draft is None:  # what is typed into a form is taken back in the form
        draw_undo_bar(register, LEDGER_KINDS)
    if opened is not None:
        draw_record(register, *opened)
    elif draft is not None:
        draw_draft(register, draft)
    else:
        _draw_view(register)


def _draw_notice(register: Register) -> None:
    """Show what the last step did, and bring it to the eye: forms are longer than a screen."""
    notice: edits.Notice | None = st.session_state.get(keys.NOTICE)
    if notice is None:
        return
    with st.container(key="ledger_notice"):
        edits.draw_notice(register)
    into_view("ledger_notice", f"notice{id(notice)}")


def _draw_view(register: Register) -> None:
    view = st.segmented_control(
        word("view.title"),
        VIEWS,
        default=VIEWS[0],
        required=True,
        format_func=spoken(VIEWS, lambda name: word(f"view.{name}")),
        key=keys.LEDGER_VIEW,
        persist_state="session",
        label_visibility="collapsed",
    )
    {
        "records": draw_table,
        "tasks": draw_tasks,
        "targets": draw_targets,
        "use": draw_use,
        "plans": draw_plans,
    }[view](register)


def _draw_counts(register: Register, who: Actor | None) -> None:
    """Draw what waits for the person who sits here; nothing where nobody was asked anything."""
    tasks = list_tasks(register)
    if not tasks:
        return
    today = district_time.today()
    found = task_edits.count_tasks(tasks, who, today)
    with st.container(horizontal=True, gap="small", width="content"):
        if found.waiting:
            st.badge(word("head.waiting", count=found.waiting), color="blue")
        if found.overdue:
            st.badge(word("head.overdue", count=found.overdue), color="red")
        st.badge(word("head.open", count=found.open), color="gray")
