"""What the register said after an event: read from the ledger, which keeps every state.

History is never rewritten: the state of a record at an event is what the record's latest event up
to then left, whatever came after. An event whose facts are not those of its hash is refused.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, func, select

from geo.errors import PlannerError
from geo.tables import columns
from register import events, layers, records
from register.events import time_of
from register.layers import SETTINGS, Layer
from register.records import Record
from register.tables import EVENT, KINDS, RECORDS, Kind
from siting.model import LayerSource

Rows = tuple[Mapping[str, Any], ...]
"""Records as plain rows: `id`, the columns of their schema, and what we keep books of."""


@dataclass(frozen=True)
class State:
    """One consistent state of the register.

    Attributes
    ----------
    rows
        Of the kinds that were asked for, without deleted records, in the order of creation.
    layers
        Those in use, by their kinds; imports are none.
    sources
        Where these rows and layers came from, oldest first.
    """

    rows: Mapping[Kind, Rows]
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
        held = {kind: tuple(records.rows_of(connection, kind)) for kind in kinds}
        used = {layer.kind: layer for layer in stored if layer.active}
    else:
        held = {kind: tuple(rows_at(connection, kind, event_id)) for kind in kinds}
        used = layers_at(connection, event_id)
    named = {layer.id for layer in used.values() if not layer.kind.startswith(SETTINGS)}
    for rows in held.values():
        named.update(row["layer_id"] for row in rows)
    sources = tuple(layer.provenance() for layer in stored if layer.id in named)
    return State(held, used, sources)


def records_at(
    connection: Connection, kind: Kind, event_id: int, *, deleted: bool = False
) -> tuple[Record, ...]:
    """Return the records of a kind after an event, in the order of creation.

    `deleted` adds those that were deleted then.

    Raises
    ------
    PlannerError
        An event is not what was written.
    """
    names = [column.name for column in columns(kind) if column.name != "id"]
    return tuple(
        Record(
            kind=kind,
            id=row["id"],
            version=row["version"],
            deleted=row["deleted"],
            fields={name: row[name] for name in names},
            layer_id=row["layer_id"],
            created_at=time_of(row["created_at"]),
            created_by=row["created_by"],
            updated_at=time_of(row["updated_at"]),
            updated_by=row["updated_by"],
        )
        for row in rows_at(connection, kind, event_id, deleted=deleted)
    )


def rows_at(
    connection: Connection, kind: Kind, event_id: int, *, deleted: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield what `records_at` makes records of, as plain rows.

    A column that came to the schema later is empty.

    Raises
    ------
    PlannerError
        As `records_at`.
    """
    empty = {column.name: "" if column.words else None for column in columns(kind)}
    table = RECORDS[kind]
    latest = _latest(kind, event_id).subquery()
    query = (
        select(EVENT, table.c.created_at, table.c.created_by, table.c.seq)
        .join(latest, latest.c.id == EVENT.c.id)
        .join(table, table.c.id == EVENT.c.record_id)
    )
    names = (*EVENT.c.keys(), "created_at", "created_by", "seq")
    # Sorted here: a database would put the long rows aside on its disk for that.
    for row in sorted(connection.execute(query), key=itemgetter(-1)):
        event = dict(zip(names, row, strict=True))
        facts = _facts(event)
        if deleted or not facts["deleted"]:
            yield {
                **empty,
                **facts,
                "id": event["record_id"],
                "created_at": event["created_at"],
                "created_by": event["created_by"],
                "updated_at": event["at"],
                "updated_by": event["who"],
            }


def layers_at(connection: Connection, event_id: int) -> dict[str, Layer]:
    """Return the layers in use after an event by their kinds; imports are none.

    Raises
    ------
    PlannerError
        An event is not what was written.
    """
    latest = _latest("layers", event_id).where(EVENT.c.record_id.not_in(KINDS))
    query = select(EVENT).where(EVENT.c.id.in_(latest)).order_by(EVENT.c.id)
    found = (_facts(row) for row in connection.execute(query).mappings())
    return {facts["kind"]: Layer(**facts) for facts in found if facts}


def _latest(kind: str, event_id: int) -> Select[tuple[int]]:
    """Return the ids of the latest events up to then, one for each thing of a kind."""
    return (
        select(func.max(EVENT.c.id).label("id"))
        .where(EVENT.c.kind == kind, EVENT.c.id <= event_id)
        .group_by(EVENT.c.record_id)
    )


def _facts(event: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what an event left; nothing where it left nothing."""
    if not events.is_whole(event):
        raise PlannerError("register_event_damaged", event=event["id"])
    facts: dict[str, Any] = json.loads(event["after"]) if event["after"] else {}
    return facts
