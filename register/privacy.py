"""Who sees whose names and phones: `sees_personal` of data/reference/roles.toml.

`any`: everybody's; `own`: those of the unit that they work for; `none`, or no role at all:
nobody's, they are masked (`geo.privacy`). What may be shown is decided here, pages and exports
only ask.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from geo.privacy import masked_frame, masked_values
from geo.reference import read_list
from register.events import Event
from register.finding import unit_column
from register.records import Record
from register.steps import Difference, Step
from register.tables import KINDS, Kind
from register.tasks import Task
from register.values import canonical


def sees_personal(role: str, *, unit: str = "", of_unit: str = "") -> bool:
    """Tell whether somebody sees the names and phones in a unit's records.

    Parameters
    ----------
    role
        A code of data/reference/roles.toml; "": nobody in particular, who sees none.
    unit
        The unit that they work for.
    of_unit
        The unit that the record belongs to; "": the district's.

    Raises
    ------
    KeyError
        There is no such role.
    """
    if not role:
        return False
    right = read_list("reference/roles")[role]["sees_personal"]
    return bool(right == "any" or (right == "own" and unit and unit == of_unit))


def masked(record: Record, role: str, *, unit: str = "") -> Record:
    """Return a record as somebody may see it; `role` and `unit` as in `sees_personal`."""
    fields = _shown(record.kind, record.fields, role, unit)
    return replace(record, fields=fields)


def masked_rows(kind: Kind, frame: pd.DataFrame, role: str, *, unit: str = "") -> pd.DataFrame:
    """Return rows of a kind as somebody may see them; the frame itself stays as it is."""
    name = unit_column(kind)
    units = frame[name].astype(str) if name in frame else pd.Series("", index=frame.index)
    hidden = [not sees_personal(role, unit=unit, of_unit=of_unit) for of_unit in units]
    shown = frame.copy()
    if any(hidden):
        shown.loc[hidden] = masked_frame(kind, frame.loc[hidden])
        if kind == "tasks":
            told = zip(frame["about_kind"], frame["answer_values"], hidden, strict=True)
            shown["answer_values"] = [
                _answer(str(about), str(said)) if hide else said for about, said, hide in told
            ]
    return shown


def masked_event(event: Event, role: str, *, unit: str = "") -> Event:
    """Return an event with what it tells of before and after as somebody may see it."""
    kind = _kind(event.kind)
    if kind is None:
        return event
    return replace(
        event,
        before=None if event.before is None else _shown(kind, event.before, role, unit),
        after=None if event.after is None else _shown(kind, event.after, role, unit),
    )


def masked_step(step: Step, role: str, *, unit: str = "") -> Step:
    """Return a step of a history as somebody may see it.

    A phone that was changed is told as changed, even if what is shown of it is the same.
    """
    kind = _kind(step.event.kind)
    if kind is None:
        return step
    seen = masked_event(step.event, role, unit=unit)
    before, after = seen.before or {}, seen.after or {}
    told = tuple(
        Difference(
            d.column,
            before.get(d.column) if d.before is not None else None,
            after.get(d.column) if d.after is not None else None,
        )
        for d in step.differences
    )
    return replace(step, event=seen, differences=told)


def masked_task(task: Task, role: str, *, unit: str = "") -> Task:
    """Return a task with what its answer says as somebody may see it."""
    kind = _kind(task.about_kind)
    if kind is None or sees_personal(role, unit=unit, of_unit=task.unit):
        return task
    return replace(task, values=masked_values(kind, task.values))


def _shown(kind: Kind, values: Mapping[str, Any], role: str, unit: str) -> dict[str, Any]:
    """Return the values of a record, or of one side of an event, as somebody may see them."""
    name = unit_column(kind)
    if sees_personal(role, unit=unit, of_unit=str(values.get(name) or "") if name else ""):
        return dict(values)
    shown = masked_values(kind, values)
    if kind == "tasks":
        about, said = values.get("about_kind"), values.get("answer_values")
        shown["answer_values"] = _answer(str(about or ""), str(said or ""))
    return shown


def _answer(about_kind: str, said: str) -> str:
    """Return the values that an answer tells of a record, masked: JSON as `task_steps` keeps it."""
    about = _kind(about_kind)
    if about is None or not said:
        return said
    held = json.loads(said)
    return canonical({**held, "values": masked_values(about, held["values"])})


def _kind(name: str) -> Kind | None:
    return next((kind for kind in KINDS if kind == name), None)
