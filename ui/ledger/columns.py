"""Which columns of a record stand where, and how a value reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.errors import PlannerError
from geo.tables import Column, columns, split_list
from register import KINDS, Event, Kind, Record, Register
from siting.hours_words import hours_in_words, shift_in_words
from ui.labels import label
from ui.language import current
from ui.ledger.words import kind_name, word
from words import Lang, yuan

BROWSED: tuple[Kind, ...] = (
    "stations",
    "candidates",
    "hosts",
    "enterprises",
    "needs",
    "visits",
    "inspections",
    "haves",
    "targets",
    "totals",
    "units",
)
"""The kinds that people look through as tables."""

LISTED: Mapping[Kind, tuple[str, ...]] = {
    "stations": ("name", "town", "state", "kind", "hours"),
    "candidates": ("name", "town", "state", "kind", "cost_yuan"),
    "hosts": ("name", "town", "host_type", "consent", "address"),
    "enterprises": ("name", "town", "workers", "shift", "verification", "claimed_by", "address"),
    "needs": ("topic", "town", "group", "records", "date", "channel"),
    "visits": ("station", "date", "visits"),
    "inspections": ("station", "date", "hazard", "deadline", "closed_on", "inspected_by"),
    "haves": ("station", "item", "date", "met", "checked_by"),
    "targets": ("unit", "year", "target", "due"),
    "totals": ("town", "workers", "date", "source"),
    "units": ("name", "unit_kind", "parent", "alias"),
}
"""Columns of the table of each kind, personal ones never."""

_WANTED: Mapping[Kind, tuple[str, ...]] = {
    "stations": (
        "town",
        "hours",
        "access",
        "services",
        "address",
        "host",
        "consent",
        "contact_phone",
        "responsible",
        "opened_on",
        "invested_yuan",
        "sign_installed_on",
    ),
    "candidates": ("town", "hours", "cost_yuan", "address", "host", "consent", "contact_phone"),
    "hosts": ("town", "address", "consent", "contact_phone", "visits_per_day"),
    "enterprises": (
        "town",
        "workers",
        "shift",
        "address",
        "claimed_by",
        "verification",
        "path_place",
    ),
    "inspections": ("deadline", "closed_on"),
    "haves": ("met", "photo"),
    "needs": ("town", "topic", "group", "date"),
}
"""Columns that a complete record has: what one lacks is followed up."""

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "money": ("cost_yuan", "invested_yuan", "invested_from", "invested_on"),
    "sign": ("sign_ordered_on", "sign_installed_on", "sign_installed_by"),
    "host": ("host", "host_type", "consent", "consent_until", "contact_name", "contact_phone"),
    "way": ("path_place", "path_on_way", "path_photo", "path_surveyed_on"),
}
_STATES_OF: Mapping[Kind, tuple[str, ...]] = {
    "stations": ("open", "planned", "suspended", "closed"),
    "candidates": ("proposed", "surveyed", "approved", "rejected"),
}


_IN_WORDS: Mapping[str, Callable[[str, Lang], str]] = {
    "hours": hours_in_words,
    "shift": shift_in_words,
}


@dataclass(frozen=True)
class Group:
    """Columns that belong together: `basic`, `money`, `sign`, `host` or `way`."""

    name: str
    columns: tuple[Column, ...]


@cache
def groups(kind: Kind) -> tuple[Group, ...]:
    """Return the columns of a kind in groups, all of them but the id; hosts are all basic."""
    held = {column.name: column for column in columns(kind) if column.name != "id"}
    grouped = kind in {"stations", "candidates", "enterprises"}
    later = [
        Group(name, tuple(held[column] for column in wanted if column in held))
        for name, wanted in _GROUPS.items()
        if grouped
    ]
    last = {"lon", "lat"}  # nobody reads these first
    taken = {column.name for group in later for column in group.columns}
    read_first = sorted(held.values(), key=lambda column: column.name in last)
    basic = Group("basic", tuple(c for c in read_first if c.name not in taken))
    return tuple(group for group in (basic, *later) if group.columns)


@cache
def column_of(kind: Kind, name: str) -> Column:
    """Return one column of a kind."""
    return next(column for column in columns(kind) if column.name == name)


def wanted(kind: Kind) -> tuple[Column, ...]:
    """Return the columns that a complete record of a kind has."""
    return tuple(column_of(kind, name) for name in _WANTED.get(kind, ()))


def lacking(record: Record) -> tuple[Column, ...]:
    """Return the columns that a complete record has and this one has not."""
    return tuple(c for c in wanted(record.kind) if record[c.name] in {None, ""})


def states_of(kind: Kind) -> tuple[str, ...]:
    """Return the states that a record of a kind can be given; empty: it has none."""
    return _STATES_OF.get(kind, ())


def title(register: Register, record: Record) -> str:
    """Return what people call a record."""
    return _title(register, record.kind, record.id, record.fields)


def event_title(register: Register, event: Event) -> str:
    """Return what people call the thing that an event is about, as it was then: never an id alone.

    What has no name of its own is called by its kind and what it is about.
    """
    facts = event.after or event.before or {}
    kind = next((kind for kind in KINDS if kind == event.kind), None)
    if kind is None or facts.get("name"):
        return str(facts.get("name") or event.record_id)
    return f"{kind_name(kind)} · {_title(register, kind, event.record_id, facts)}"


def _title(register: Register, kind: Kind, record_id: str, facts: Mapping[str, Any]) -> str:
    if facts.get("name"):
        return str(facts["name"])
    parts = {
        "needs": ("topic", "date"),
        "visits": ("station", "date"),
        "haves": ("station", "item", "date"),
        "inspections": ("station", "date", "hazard"),
        "targets": ("unit", "year"),
        "totals": ("town",),
        "tasks": ("task_kind", "unit"),
        "users": ("login",),
        "photos": ("photo_kind", "taken_on"),
    }.get(kind, ())
    named = [read(column_of(kind, part), facts.get(part), register) for part in parts]
    if kind in {"tasks", "photos"}:
        named.append(_about(register, facts))
    told = " · ".join(name for name in named if name)
    return told or word("table.unnamed", id=record_id)


def _about(register: Register, facts: Mapping[str, Any]) -> str:
    """Return what the record is called that a task or a photo is about."""
    kind = next((kind for kind in KINDS if kind == facts.get("about_kind")), None)
    try:
        return title(register, register.get(kind, str(facts["about"]))) if kind else ""
    except PlannerError:
        return str(facts["about"])


def read(column: Column, value: object, register: Register | None = None) -> str:
    """Return a value as people read it, "" where there is none.

    Parameters
    ----------
    column
        Whose value.
    value
        As the register holds it.
    register
        To name the records that a value refers to; None: their ids are shown.
    """
    if value is None or value == "":
        return ""
    if column.codes:
        between = "、" if current() == "zh" else ", "
        codes = split_list(str(value))
        return between.join(label(column.codes, code, current()) for code in codes)
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if isinstance(value, int | float):
        return _figure(column, value)
    if column.name in _IN_WORDS:
        return _IN_WORDS[column.name](str(value), current()) or str(value)
    return _named(column, str(value), register)


def _figure(column: Column, value: float) -> str:
    if column.unit == "yuan":
        return yuan(value, current())
    return str(value) if isinstance(value, int) else f"{value:.6f}".rstrip("0").rstrip(".")


def _named(column: Column, value: str, register: Register | None) -> str:
    if column.refers in {"", "units", "photos"} or register is None:
        return value
    kind = next(kind for kind in BROWSED if kind == column.refers)
    try:
        return str(register.get(kind, value).fields.get("name") or value)
    except PlannerError:
        return value
