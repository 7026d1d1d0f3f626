"""Tasks as they are read: what the district asks of units, and how far it has come."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geo.reference import read_list
from register.reader import Reader
from register.records import Record, there
from register.values import Value

Place = tuple[float, float]
"""Longitude and latitude, WGS-84 degrees."""

_TEXTS = (
    "unit",
    "request",
    "about_kind",
    "about",
    "asked_by",
    "claimed_by",
    "answer",
    "photo",
    "reason",
)


@dataclass(frozen=True)
class Task:
    """One task.

    Attributes
    ----------
    version
        What the next step wants back.
    kind, state
        Codes of task_kinds and task_states in data/reference.
    unit
        Who is asked.
    about_kind, about
        The record that the task is about, or that the answer proposes; "" where there is none.
    place
        Where a site is asked for.
    values
        What the answer says of the record, by column.
    """

    id: str
    version: int
    kind: str
    state: str
    unit: str
    request: str
    about_kind: str
    about: str
    place: Place | None
    due: date | None
    asked_by: str
    claimed_by: str
    answer: str
    values: Mapping[str, Value]
    photo: str
    reason: str

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return bool(read_list("reference/task_states")[self.state]["open"])

    def overdue(self, today: date) -> bool:
        """Tell whether the task is open after its day; on the day itself it is in time."""
        return self.open and self.due is not None and self.due < today


def get_task(register: Reader, task_id: str) -> Task:
    """Return one task.

    Raises
    ------
    InputError
        There is none, or it is deleted.
    """
    return task_of(there(register.get("tasks", task_id)))


def list_tasks(register: Reader, *, unit: str | None = None, closed: bool = False) -> list[Task]:
    """Return open tasks, the earliest due first, then those without a day; `closed` adds the rest.

    Parameters
    ----------
    register
        Where they are kept.
    unit
        Those that this unit is asked; None: all.
    closed
        Whether accepted and withdrawn ones are listed too.
    """
    found = (task_of(record) for record in register.records("tasks"))
    wanted = [t for t in found if unit in (None, t.unit) and (closed or t.open)]
    return sorted(wanted, key=lambda task: task.due or date.max)


def task_of(record: Record) -> Task:
    """Return a record of the kind `tasks` as a task."""
    held = {name: str(record[name]) for name in _TEXTS}
    said = record["answer_values"]
    lon, lat, due = record["place_lon"], record["place_lat"], str(record["due"])
    return Task(
        id=record.id,
        version=record.version,
        kind=str(record["task_kind"]),
        state=str(record["task_state"]),
        place=None if lon is None or lat is None else (float(lon), float(lat)),
        due=date.fromisoformat(due) if due else None,
        values=json.loads(str(said))["values"] if said else {},
        **held,
    )
