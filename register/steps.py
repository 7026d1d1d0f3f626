"""What an event changed, column by column: the history of a record as people read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from geo.tables import columns
from register.events import Event
from register.tables import KINDS

Outcome = Literal["added", "changed", "removed", "brought_back"]

_BOOKS = frozenset({"version", "deleted", "layer_id"})


@dataclass(frozen=True)
class Difference:
    """One column before and after an event: None where it was empty."""

    column: str
    before: object
    after: object


@dataclass(frozen=True)
class Step:
    """One event in the history of a thing.

    Attributes
    ----------
    event
        Who, when and why.
    outcome
        What became of the thing; undoing an addition removes it.
    differences
        Columns whose value changed, in the order of the schema; of what was added, what it came
        with.
    """

    event: Event
    outcome: Outcome
    differences: tuple[Difference, ...]


def step(event: Event) -> Step:
    """Return what an event changed."""
    before, after = _held(event.before), _held(event.after)
    names = _names(event, before, after)
    differences = tuple(
        Difference(name, _value(before, name), _value(after, name))
        for name in names
        if _value(before, name) != _value(after, name)
    )
    return Step(event, _outcome(event), differences)


def _outcome(event: Event) -> Outcome:
    was, is_there = _there(event.before), _there(event.after)
    if was and not is_there:
        return "removed"
    if is_there and not was:
        return "added" if event.before is None and event.action != "undo" else "brought_back"
    return "changed"


def _there(facts: Mapping[str, Any] | None) -> bool:
    return facts is not None and not facts.get("deleted", False)


def _held(facts: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {} if facts is None else facts


def _names(event: Event, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    kind = next((kind for kind in KINDS if kind == event.kind), None)
    if kind is not None:
        return tuple(column.name for column in columns(kind) if column.name != "id")
    return tuple(name for name in {**before, **after} if name not in _BOOKS)


def _value(facts: Mapping[str, Any], name: str) -> object:
    """Return a value; what is empty is None, whether the event names the column or not."""
    value = facts.get(name)
    return None if value == "" else value
