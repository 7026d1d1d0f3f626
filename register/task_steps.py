"""What the district asks of units: asked, claimed 认领, answered, accepted or returned.

    asked --claim--> claimed --answer--> answered --accept--> accepted
                        ^                   |
                        |               send_back (with a reason)
                     answer <-- returned <--+
    every open state --withdraw--> withdrawn

The district asks, accepts, sends back and withdraws; the unit that is asked claims and answers
(`users.Actor`). Each step changes the task's version and is one event. Accepting writes the answer
into the record that it is about, in the same transaction, by an event of that record.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.errors import InputError
from geo.reference import read_list
from register import records
from register.events import Ledger
from register.records import Change, Record, there
from register.references import check_references, with_unit_names
from register.tables import KINDS, Kind
from register.tasks import Place, Task, task_of
from register.users import Actor
from register.values import Values, canonical, check_changes, complete, new_id
from register.writer import Writer


@dataclass(frozen=True)
class Request:
    """What the district asks of a unit.

    Attributes
    ----------
    kind
        A code of data/reference/task_kinds.toml.
    about
        Id of the record that this kind of task is about; "" where it is about none.
    place
        Where a site is asked for.
    """

    kind: str
    unit: str
    text: str = ""
    about: str = ""
    place: Place | None = None
    due: date | str | None = None


@dataclass(frozen=True)
class Reply:
    """What a unit answers; at least one of it.

    Attributes
    ----------
    text
        In words.
    values
        What the record is to say, by column: those that the kind of task asks for.
    photo
        Id of a photo of the register.
    proposed
        Id of the record that the unit made, where the kind of task asks for one.
    """

    text: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    photo: str = ""
    proposed: str = ""


def ask(register: Writer, request: Request, *, actor: Actor, key: str | None = None) -> Task:
    """Ask a unit to do something.

    Raises
    ------
    InputError
        The actor does not speak for the district, there is no such unit or record, or a value
        cannot be stored.
    """
    _speaks_for_district(actor)
    lon, lat = request.place or (None, None)
    given = {
        "task_kind": request.kind,
        "unit": request.unit,
        "request": request.text,
        "about": request.about,
        "place_lon": lon,
        "place_lat": lat,
        "due": request.due,
        "task_state": "asked",
        "asked_by": actor.who,
    }
    values = complete("tasks", given)
    values["about_kind"] = about_kind = str(_kind(request.kind)["about"])
    task_id = new_id("tasks")

    def work(ledger: Ledger) -> Task:
        done = ledger.done("add", "tasks")
        if done is not None:
            return task_of(records.get(ledger.connection, "tasks", done.record_id))
        asked = with_unit_names(ledger.connection, "tasks", values)
        check_references(ledger.connection, "tasks", asked)
        if about_kind:
            there(records.get(ledger.connection, _record_kind(about_kind), request.about))
        (record,) = records.add(ledger.connection, ledger, "tasks", [(task_id, asked)])
        return task_of(record)

    return register.write(work, who=actor.who, key=key)


def claim(
    register: Writer, task_id: str, *, version: int, actor: Actor, key: str | None = None
) -> Task:
    """Claim a task for the unit that is asked 认领.

    Raises
    ------
    ConflictError
        Somebody else took a step first.
    InputError
        The actor does not work for the unit, or the task is not one that can be claimed.
    """

    def step(_ledger: Ledger, task: Record) -> dict[str, object]:
        _answers_for(actor, task)
        _expect(task, "task_cannot_claim", "asked")
        return {"task_state": "claimed", "claimed_by": actor.who}

    return _take(register, task_id, step, version=version, actor=actor, key=key)


def answer(
    register: Writer,
    task_id: str,
    reply: Reply,
    *,
    version: int,
    actor: Actor,
    key: str | None = None,
) -> Task:
    """Answer a task that was claimed or returned.

    Raises
    ------
    ConflictError
        Somebody else took a step first.
    InputError
        The actor does not work for the unit, the task cannot be answered now, nothing is answered,
        or something is answered that was not asked.
    """

    def step(ledger: Ledger, task: Record) -> dict[str, object]:
        _answers_for(actor, task)
        _expect(task, "task_cannot_answer", "claimed", "returned")
        if not (reply.text.strip() or reply.values or reply.photo or reply.proposed):
            raise InputError("task_nothing_answered")
        said: dict[str, object] = {
            "task_state": "answered",
            "answer": reply.text,
            "photo": reply.photo,
            "answer_values": _answered(ledger, task, reply.values) if reply.values else "",
        }
        return said | _proposed(ledger, task, reply.proposed) if reply.proposed else said

    return _take(register, task_id, step, version=version, actor=actor, key=key)


def accept(
    register: Writer,
    task_id: str,
    *,
    version: int,
    actor: Actor,
    about_version: int | None = None,
    key: str | None = None,
) -> Task:
    """Accept an answer: what it says is written into the record that the task is about.

    Parameters
    ----------
    register, task_id, version, actor, key
        As `claim`.
    about_version
        Version of the record that the actor saw; None: the one that the unit answered on.

    Raises
    ------
    ConflictError
        Somebody else took a step first, or changed the record since.
    InputError
        The actor does not speak for the district, there is no answer, or the record is deleted.
    """

    def after(ledger: Ledger, task: Record) -> None:
        if task["answer_values"]:
            _write_answer(ledger, task, about_version)

    step = _ruling(actor, "accepted", "task_cannot_accept", "answered")
    return _take(register, task_id, step, version=version, actor=actor, key=key, after=after)


def send_back(
    register: Writer,
    task_id: str,
    *,
    version: int,
    actor: Actor,
    reason: str,
    key: str | None = None,
) -> Task:
    """Return an answer to the unit, with a reason.

    Raises
    ------
    ConflictError
        Somebody else took a step first.
    InputError
        The actor does not speak for the district, there is no answer, or no reason is given.
    """
    step = _ruling(actor, "returned", "task_cannot_send_back", "answered", reason=reason)
    return _take(register, task_id, step, version=version, actor=actor, why=reason, key=key)


def withdraw(
    register: Writer,
    task_id: str,
    *,
    version: int,
    actor: Actor,
    reason: str,
    key: str | None = None,
) -> Task:
    """Take back what was asked, with a reason.

    Raises
    ------
    ConflictError
        Somebody else took a step first.
    InputError
        The actor does not speak for the district, the task is closed, or no reason is given.
    """
    still_open = ("asked", "claimed", "answered", "returned")
    step = _ruling(actor, "withdrawn", "task_cannot_withdraw", *still_open, reason=reason)
    return _take(register, task_id, step, version=version, actor=actor, why=reason, key=key)


def _ruling(
    actor: Actor, state: str, refusal: str, *states: str, reason: str | None = None
) -> Callable[[Ledger, Record], Mapping[str, object]]:
    """Return the district's step to `state`; it needs a reason unless there is none to give."""

    def step(_ledger: Ledger, task: Record) -> Mapping[str, object]:
        _speaks_for_district(actor)
        _expect(task, refusal, *states)
        return {"task_state": state, "reason": "" if reason is None else _reason(reason)}

    return step


def _take(
    register: Writer,
    task_id: str,
    step: Callable[[Ledger, Record], Mapping[str, object]],
    *,
    version: int,
    actor: Actor,
    why: str = "",
    key: str | None = None,
    after: Callable[[Ledger, Record], None] | None = None,
) -> Task:
    """Take one step: `step` refuses it or says what becomes of the task, `after` does the rest."""

    def work(ledger: Ledger) -> Task:
        task = records.get(ledger.connection, "tasks", task_id)
        if ledger.done("update", "tasks") is not None:
            return task_of(task)
        records.expect_version(there(task), version)
        new = check_changes("tasks", step(ledger, task))
        check_references(ledger.connection, "tasks", new)
        (changed,) = records.change(
            ledger.connection, ledger, "tasks", [Change(task, new)], "update"
        )
        if after is not None:
            after(ledger, changed)
        return task_of(changed)

    return register.write(work, who=actor.who, why=why, key=key)


def _answered(ledger: Ledger, task: Record, values: Mapping[str, object]) -> str:
    """Return an answer's values as they are kept: checked, with the version answered on."""
    asked = _kind(str(task["task_kind"]))["answers"]
    for name in values:
        if name not in asked:
            raise InputError("task_not_asked", column=name)
    about = _record_kind(str(task["about_kind"]))
    record = there(records.get(ledger.connection, about, str(task["about"])))
    checked = with_unit_names(ledger.connection, about, check_changes(about, values))
    check_references(ledger.connection, about, checked)
    return canonical({"version": record.version, "values": checked})


def _proposed(ledger: Ledger, task: Record, proposed: str) -> dict[str, object]:
    kind = _kind(str(task["task_kind"])).get("proposes", "")
    if not kind:
        raise InputError("task_no_proposal_asked")
    there(records.get(ledger.connection, _record_kind(kind), proposed))
    return {"about_kind": kind, "about": proposed}


def _write_answer(ledger: Ledger, task: Record, about_version: int | None) -> None:
    said = json.loads(str(task["answer_values"]))
    about = _record_kind(str(task["about_kind"]))
    record = there(records.get(ledger.connection, about, str(task["about"])))
    records.expect_version(record, said["version"] if about_version is None else about_version)
    new: Values = said["values"]
    check_references(ledger.connection, about, new)
    if any(record.fields[name] != value for name, value in new.items()):
        records.change(ledger.connection, ledger, about, [Change(record, new)], "update")


def _speaks_for_district(actor: Actor) -> None:
    if not actor.asks:
        raise InputError("task_for_district")


def _answers_for(actor: Actor, task: Record) -> None:
    if not actor.answers_for(str(task["unit"])):
        raise InputError("task_for_unit", unit=task["unit"])


def _expect(task: Record, refusal: str, *states: str) -> None:
    if task["task_state"] not in states:
        raise InputError(refusal)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise InputError("task_reason_missing")
    return reason


def _kind(task_kind: str) -> Mapping[str, Any]:
    known: Mapping[str, Any] = read_list("reference/task_kinds")[task_kind]
    return known


def _record_kind(name: str) -> Kind:
    return next(kind for kind in KINDS if kind == name)
