"""What the register said after an event: read from the ledger, which keeps every state.

History is never rewritten: the state of a record at an event is what the record's latest event up
to then left, whatever came after. An event whose facts are not those of its hash is refused.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from geo.errors import PlannerError
from geo.tables import columns
from register import events, layers, records
from register.events import time_of
from register.layers import Layer
from register.records import Record
from register.tables import EVENT, KINDS, RECORDS, Kind
from register.values import Values
from siting.model import LayerSource


@dataclass(frozen=True)
class State:
    """One consistent state of the whole register.

    Attributes
    ----------
    records
        Of the kinds that were asked for, without deleted ones, in the order of creation.
    layers
        Those in use, by their kinds; imports are none.
    sources
        Where these records and layers came from, oldest first.
    """

    records: Mapping[Kind, tuple[Record, ...]]
    layers: Mapping[str, Layer]
    sources: tuple[LayerSource, ...]


def state(connection: Connection, kinds: Sequence[Kind], event_id: int | None) -> State:
    """Return what the register says of some kinds: now (None), or after an event.

    Raises
    ------
    PlannerError
        A row, or an event of the past, is not what was written.
    """
    stored = layers.all_layers(connection)
    if event_id is None:
        held = {kind: records.all_of(connection, kind) for kind in kinds}
        used = {layer.kind: layer for layer in stored if layer.active}
    else:
        held = {kind: records_at(connection, kind, event_id) for kind in kinds}
        used = layers_at(connection, event_id)
    named = {layer.id for layer in used.values()}
    named |= {record.layer_id for found in held.values() for record in found if record.layer_id}
    sources = tuple(layer.provenance() for layer in stored if layer.id in named)
    return State(held, used, sources)


def records_at(
    connection: Connection, kind: Kind, event_id: int, *, deleted: bool = False
) -> tuple[Record, ...]:
    """Return the records of a kind after an event, in the order of creation.

    `deleted` adds those that were deleted then. A column that came to the schema later is empty.

    Raises
    ------
    PlannerError
        An event is not what was written.
    """
    empty: Values = {
        column.name: "" if column.words else None for column in columns(kind) if column.name != "id"
    }
    return tuple(
        _record(kind, row, facts, empty)
        for row, facts in _states(connection, kind, event_id)
        if deleted or not facts["deleted"]
    )


def layers_at(connection: Connection, event_id: int) -> dict[str, Layer]:
    """Return the layers in use after an event by their kinds; imports are none.

    Raises
    ------
    PlannerError
        An event is not what was written.
    """
    latest = (
        select(func.max(EVENT.c.id))
        .where(EVENT.c.kind == "layers", EVENT.c.record_id.not_in(KINDS), EVENT.c.id <= event_id)
        .group_by(EVENT.c.record_id)
    )
    query = select(EVENT).where(EVENT.c.id.in_(latest)).order_by(EVENT.c.id)
    found = [_whole(row) for row in connection.execute(query).mappings()]
    return {row["record_id"]: Layer(**json.loads(row["after"])) for row in found if row["after"]}


def _states(
    connection: Connection, kind: Kind, event_id: int
) -> Iterator[tuple[RowMapping, dict[str, Any]]]:
    """Yield each record's latest event up to then, with its row's books, and its facts."""
    table = RECORDS[kind]
    latest = (
        select(func.max(EVENT.c.id).label("id"))
        .where(EVENT.c.kind == kind, EVENT.c.id <= event_id)
        .group_by(EVENT.c.record_id)
        .subquery()
    )
    books = (table.c.created_at, table.c.created_by)
    query = (
        select(EVENT, *books)
        .join(latest, latest.c.id == EVENT.c.id)
        .join(table, table.c.id == EVENT.c.record_id)
        .order_by(table.c.seq)
    )
    for row in connection.execute(query).mappings():
        yield _whole(row), json.loads(row["after"])


def _whole(row: RowMapping) -> RowMapping:
    if not events.is_whole(row):
        raise PlannerError("register_event_damaged", event=row["id"])
    return row


def _record(kind: Kind, row: RowMapping, facts: dict[str, Any], empty: Values) -> Record:
    return Record(
        kind=kind,
        id=row["record_id"],
        version=facts["version"],
        deleted=facts["deleted"],
        fields={name: facts.get(name, missing) for name, missing in empty.items()},
        layer_id=facts["layer_id"],
        created_at=time_of(row["created_at"]),
        created_by=row["created_by"],
        updated_at=time_of(row["at"]),
        updated_by=row["who"],
    )
