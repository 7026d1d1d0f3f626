"""The steps of tasks as a screen takes them: stored first, told then; who may not is refused."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import streamlit as st

from geo.errors import PlannerError
from geo.reference import read_list
from register import Register
from register.photos import Shown, add_photo
from register.task_steps import (
    Reply,
    Request,
    accept,
    answer,
    ask,
    claim,
    send_back,
    withdraw,
)
from register.tasks import Task
from register.users import Actor
from ui import keys
from ui.identity import present, refusals_noted
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.words import done, doubt_hours, refused


@dataclass(frozen=True)
class Told:
    """What a unit wrote into the form of an answer; `photo` is the file that it sent."""

    text: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    photo: bytes | None = None
    proposed: str = ""


@dataclass(frozen=True)
class Count:
    """How many tasks wait for somebody.

    Attributes
    ----------
    open
        Of the unit, or of all units for who speaks for the district.
    overdue
        Those of them whose day has passed.
    waiting
        Those that this very person has the next step of.
    """

    open: int
    overdue: int
    waiting: int


def sorted_tasks(tasks: list[Task], who: Actor | None, today: date) -> list[Task]:
    """Return tasks as somebody works through them: their own first, overdue ones before others."""
    return sorted(
        tasks,
        key=lambda task: (
            not task.open,
            not waits_for(task, who),
            who is None or task.unit != who.unit,
            not task.overdue(today),
            task.due or date.max,
        ),
    )


def waits_for(task: Task, who: Actor | None) -> bool:
    """Tell whether the next step of a task is somebody's."""
    if who is None or not task.open:
        return False
    if task.state == "answered":
        return who.asks
    return task.unit == who.unit and who.answers_for(task.unit)  # who may for any stands in


def count_tasks(tasks: list[Task], who: Actor | None, today: date) -> Count:
    """Return how many tasks are open, overdue and waiting: a unit's own, or all."""
    unit = "" if who is None else who.unit
    listed = [task for task in tasks if task.open and (not unit or task.unit == unit)]
    return Count(
        len(listed),
        sum(task.overdue(today) for task in listed),
        sum(waits_for(task, who) for task in listed),
    )


def ask_for(register: Register, request: Request, form: str) -> None:
    """Ask a unit to do something."""

    def step(who: Actor) -> Task:
        return ask(register, request, actor=who, key=form)

    if _taken(register, step):
        ledger_edits.next_form()
        done("tasks.done_asked", unit=request.unit)


def claim_task(register: Register, task: Task) -> None:
    """Claim a task 认领."""
    if _taken(register, lambda who: claim(register, task.id, version=task.version, actor=who)):
        st.session_state[keys.TASK_ANSWERED] = task.id
        done("tasks.done_claimed", kind=_kind(task))


def answer_task(register: Register, task: Task, told: Told) -> None:
    """Answer a task; a photo is stored first, and named by the answer."""

    def step(who: Actor) -> Task:
        values, photo = dict(told.values), ""
        if told.photo is not None:
            if not who.answers_for(task.unit):  # before anything is stored
                return answer(register, task.id, Reply("-"), version=task.version, actor=who)
            photo = _photo(register, task, told.photo, who)
            if "path_photo" in _asked(task):
                values["path_photo"] = photo
        reply = Reply(told.text, values, photo, told.proposed)
        return answer(register, task.id, reply, version=task.version, actor=who)

    if _taken(register, step):
        st.session_state.pop(keys.TASK_ANSWERED, None)
        ledger_edits.next_form()
        done("tasks.done_answered", kind=_kind(task))
        doubt_hours(told.values)


def accept_task(register: Register, task: Task, about_version: int | None = None) -> None:
    """Accept an answer: what it says is written into its record."""

    def step(who: Actor) -> Task:
        return accept(
            register, task.id, version=task.version, actor=who, about_version=about_version
        )

    if _taken(register, step):
        done("tasks.done_accepted", kind=_kind(task))


def send_back_task(register: Register, task: Task, reason: str) -> None:
    """Return an answer with a reason."""
    step = partial(send_back, register, task.id, version=task.version, reason=reason)
    if _taken(register, lambda who: step(actor=who)):
        done("tasks.done_returned", unit=task.unit)


def withdraw_task(register: Register, task: Task, reason: str) -> None:
    """Take back what was asked, with a reason."""
    step = partial(withdraw, register, task.id, version=task.version, reason=reason)
    if _taken(register, lambda who: step(actor=who)):
        done("tasks.done_withdrawn", unit=task.unit)


def answered_on(register: Register, task: Task) -> int | None:
    """Return the version of its record that a task was answered on; None: it named no values."""
    said = register.get("tasks", task.id)["answer_values"]
    return json.loads(str(said))["version"] if said else None


def _taken(register: Register, step: Callable[[Actor], Task]) -> bool:
    try:
        with refusals_noted(register):
            step(present(register))
    except PlannerError as error:
        refused(error)
        return False
    return True


def _photo(register: Register, task: Task, content: bytes, who: Actor) -> str:
    shows = "way" if task.kind == "survey_way" else "other"
    shown = Shown(shows, task.about_kind if task.about else "", task.about)
    return add_photo(register, content, shown, who=who.who).id


def _asked(task: Task) -> tuple[str, ...]:
    return tuple(read_list("reference/task_kinds")[task.kind]["answers"])


def _kind(task: Task) -> str:
    return label("task_kinds", task.kind, current())
