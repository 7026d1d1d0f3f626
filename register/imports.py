"""Whole tables taken in as one batch, and batches taken back."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import Connection

from geo.privacy import unmasked
from register import events, layers, records
from register.events import Event, Ledger
from register.layers import Stored
from register.records import Batch, Change, Record
from register.tables import KINDS, Kind
from register.undoing import problem_of
from register.values import Values
from siting.model import LayerSource


def take(
    ledger: Ledger,
    *,
    kind: Kind,
    rows: Iterable[tuple[str, Values]],
    stored: Stored,
    source: LayerSource,
    replace: bool = False,
) -> Batch:
    """Add new rows, change known ones and bring back deleted ones, as one batch.

    A deleted record that comes back counts as added: nobody could see it. A row that says what the
    register holds already is left alone. Names and phones that come back as they are shown masked
    stay what they are. With `replace` records that the table does not name are removed. A heading
    event carries the counts; every record has its own.
    """
    connection = ledger.connection
    known = {record.id: record for record in records.all_of(connection, kind, deleted=True)}
    new: list[tuple[str, Values]] = []
    back: list[tuple[Record, Values]] = []
    changed: list[tuple[Record, Values]] = []
    named: set[str] = set()
    for record_id, given in rows:
        named.add(record_id)
        record = known.get(record_id)
        if record is None:
            new.append((record_id, given))
            continue
        values = unmasked(kind, given, record.fields)
        if record.deleted:
            back.append((record, values))
        elif record.fields != values:
            changed.append((record, values))
    gone = [r for r in known.values() if replace and not r.deleted and r.id not in named]
    same = len(named) - len(new) - len(back) - len(changed)
    if not new and not back and not changed and not gone:
        return Batch(None, unchanged=same)
    layer = layers.put(connection, ledger, kind, stored, source)
    batch = ledger.next_id
    done = Batch(batch, len(new) + len(back), len(changed), len(gone), same)
    facts = {"layer": asdict(layer), **asdict(done)}
    ledger.append("import", ("layers", kind), None, facts, batch=batch)
    records.add(connection, ledger, kind, new, layer_id=layer.id, batch=batch)
    renewed = [
        Change(record, {**values, "deleted": False, "layer_id": layer.id})
        for record, values in (*back, *changed)
    ]
    records.change(connection, ledger, kind, renewed, "update", batch=batch)
    removed = [Change(record, {"deleted": True}) for record in gone]
    records.change(connection, ledger, kind, removed, "remove", batch=batch)
    return done


def undo(connection: Connection, ledger: Ledger, event: Event) -> Event:
    """Undo one event, or a whole batch by the event that heads it; return the new event.

    Raises
    ------
    ConflictError
        What it changed has been changed again since; nothing was undone.
    InputError
        It has been undone already, or it is of a sort that cannot be undone.
    """
    problem = problem_of(connection, event)
    if problem is not None:
        raise problem
    undoing = ledger.next_id
    kind = _kind(event.kind)
    if event.batch == event.id:
        _undo_batch(connection, ledger, event)
    elif kind is not None:
        record = records.get(connection, kind, event.record_id)
        change = records.undoing(record, event)
        records.change(connection, ledger, kind, [change], "undo")
    else:
        layers.undo(connection, ledger, event)
    ledger.flush()
    return events.by_id(connection, undoing)


def _undo_batch(connection: Connection, ledger: Ledger, event: Event) -> None:
    batch = ledger.next_id
    ledger.append(
        "undo",
        (event.kind, event.record_id),
        event.after,
        event.before,
        batch=batch,
        undoes=event.id,
    )
    # A row that was taken back by itself stays so.
    rows = [row for row in events.of_batch(connection, event.id) if row.undone_by is None]
    for kind in KINDS:
        of_kind = [row for row in rows if row.kind == kind]
        if of_kind:
            held = {r.id: r for r in records.all_of(connection, kind, deleted=True)}
            changes = [records.undoing(held[row.record_id], row) for row in of_kind]
            records.change(connection, ledger, kind, changes, "undo", batch=batch)


def _kind(name: str) -> Kind | None:
    return next((kind for kind in KINDS if kind == name), None)
