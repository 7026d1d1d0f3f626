"""Records with versions, read and written inside a transaction; every change has its event."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from geo.errors import ConflictError, InputError, PlannerError
from geo.tables import columns
from register.events import Event, Ledger, stamp, time_of
from register.tables import RECORDS, Kind
from register.values import Value, Values, canonical
from siting import district_time

_UNHASHED = frozenset({"seq", "hash"})


@dataclass(frozen=True)
class Record:
    """One station, candidate, enterprise, host or stated need.

    Attributes
    ----------
    fields
        The columns of its schema but `id`: text "" and numbers None where missing; lists as text
        separated by ";".
    version
        1 at first, one more at every change: what `update` wants back.
    layer_id
        The import that it came with; None: somebody typed it in.
    created_at, updated_at
        UTC.
    """

    kind: Kind
    id: str
    version: int
    deleted: bool
    fields: Mapping[str, Value]
    layer_id: int | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str

    def __getitem__(self, column: str) -> Value:
        """Return one value, or the id."""
        return self.id if column == "id" else self.fields[column]

    def facts(self) -> dict[str, Any]:
        """Return what an event says of the record."""
        return {
            **self.fields,
            "version": self.version,
            "deleted": self.deleted,
            "layer_id": self.layer_id,
        }

    def row(self) -> dict[str, Value]:
        """Return the record as a row of its table."""
        return {"id": self.id, **self.fields}


@dataclass(frozen=True)
class Change:
    """What is to become of a record: columns, `deleted`, `layer_id`; what is absent stays."""

    record: Record
    state: Mapping[str, Any]
    undoes: int | None = None


@dataclass(frozen=True)
class Batch:
    """What an import did; `id` (of its heading event) is None when it changed nothing."""

    id: int | None
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0


def row_hash(row: Mapping[Any, Any]) -> str:
    """Return the SHA-256 (hex) of a record's row: every column but `seq` and `hash`.

    What is missing ("" or None) is left out, so that a column added later changes no hash.
    """
    held = {
        name: value
        for name, value in row.items()
        if name not in _UNHASHED and value is not None and value != ""
    }
    return sha256(canonical(held).encode()).hexdigest()


def find(connection: Connection, kind: Kind, record_id: str) -> Record | None:
    """Return a record, a deleted one too; None if there never was one.

    Raises
    ------
    PlannerError
        Its row is not what was written.
    """
    table = RECORDS[kind]
    row = connection.execute(select(table).where(table.c.id == record_id)).one_or_none()
    return None if row is None else _record(kind, row)


def get(connection: Connection, kind: Kind, record_id: str) -> Record:
    """Return a record, a deleted one too.

    Raises
    ------
    InputError
        There never was one.
    """
    record = find(connection, kind, record_id)
    if record is None:
        raise InputError("register_no_record", id=record_id)
    return record


def all_of(connection: Connection, kind: Kind, *, deleted: bool = False) -> tuple[Record, ...]:
    """Return the records of a kind in the order of their creation; `deleted` adds the deleted.

    Raises
    ------
    PlannerError
        A row is not what was written; the facts name the first.
    """
    return tuple(_built(kind, held) for held in rows_of(connection, kind, deleted=deleted))


def chosen(connection: Connection, kind: Kind, query: Select[Any]) -> tuple[Record, ...]:
    """Return the records that a query of the table's whole rows finds, in its order.

    Raises
    ------
    PlannerError
        As `all_of`.
    """
    return tuple(_built(kind, held) for held in _checked(connection, kind, query))


def rows_of(
    connection: Connection, kind: Kind, *, deleted: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield what `all_of` makes records of, as plain rows: the quick way to a whole table.

    Raises
    ------
    PlannerError
        As `all_of`.
    """
    table = RECORDS[kind]
    query = select(table).order_by(table.c.seq)
    if not deleted:
        query = query.where(table.c.deleted.is_(False))
    return _checked(connection, kind, query)


def without_layer(connection: Connection, kind: Kind) -> dict[str, int]:
    """Return id -> version of the records that are of no layer, in the order of their creation."""
    table = RECORDS[kind]
    own = select(table.c.id, table.c.version).where(
        table.c.layer_id.is_(None), table.c.deleted.is_(False)
    )
    return {str(row.id): int(row.version) for row in connection.execute(own.order_by(table.c.seq))}


def unchecked(connection: Connection, kind: Kind) -> Iterator[tuple[Record, bool]]:
    """Yield every record of a kind, and whether its row is what was written."""
    for row in connection.execute(select(RECORDS[kind])):
        held = row._mapping  # noqa: SLF001 - as in _record
        yield _built(kind, held), row_hash(held) == held["hash"]


def add(
    connection: Connection,
    ledger: Ledger,
    kind: Kind,
    new: Iterable[tuple[str, Values]],
    *,
    layer_id: int | None = None,
    batch: int | None = None,
) -> list[Record]:
    """Insert new records; the caller knows that their ids are free."""
    when = time_of(ledger.at)
    records = [
        Record(
            kind=kind,
            id=record_id,
            version=1,
            deleted=False,
            fields=values,
            layer_id=layer_id,
            created_at=when,
            created_by=ledger.who,
            updated_at=when,
            updated_by=ledger.who,
        )
        for record_id, values in new
    ]
    if records:
        connection.execute(insert(RECORDS[kind]), [_row(record) for record in records])
    for record in records:
        ledger.append("add", (kind, record.id), None, record.facts(), batch=batch)
    return records


def change(
    connection: Connection,
    ledger: Ledger,
    kind: Kind,
    changes: Sequence[Change],
    action: str,
    *,
    batch: int | None = None,
) -> list[Record]:
    """Write the next version of some records of one kind, in one statement."""
    changed = [_next(change, ledger) for change in changes]
    if not changed:
        return []
    table = RECORDS[kind]
    rows = [{f"_{name}": value for name, value in _row(record).items()} for record in changed]
    written = {*changed[0].facts(), "updated_at", "updated_by", "hash"}
    connection.execute(
        update(table)
        .where(table.c.id == bindparam("_id"))
        .values({name: bindparam(f"_{name}") for name in written}),
        [{name: row[name] for name in ("_id", *(f"_{name}" for name in written))} for row in rows],
    )
    for given, record in zip(changes, changed, strict=True):
        ledger.append(
            action,
            (kind, record.id),
            given.record.facts(),
            record.facts(),
            batch=batch,
            undoes=given.undoes,
        )
    return changed


def there(record: Record) -> Record:
    """Return the record.

    Raises
    ------
    InputError
        It is deleted.
    """
    if record.deleted:
        raise InputError("register_deleted", id=record.id)
    return record


def expect_version(record: Record, version: int) -> None:
    """Refuse a writer who has not seen the latest version.

    Raises
    ------
    ConflictError
        Somebody changed it since; the facts say who and when (local time of this machine).
    """
    if record.version != version:
        raise ConflictError("register_changed", **_blame(record))


def undoing(record: Record, event: Event) -> Change:
    """Return the change that brings a record back to what it was before `event`.

    The caller knows that the record is as that event left it.
    """
    state = {"deleted": True} if event.before is None else dict(event.before)
    return Change(record, state, event.id)


def changed_since(record: Record, event: Event) -> ConflictError:
    """Return why an event cannot be undone whose record was changed again."""
    return ConflictError("register_undo_changed", event=event.id, **_blame(record))


def _next(change: Change, ledger: Ledger) -> Record:
    record, state = change.record, change.state
    return replace(
        record,
        version=record.version + 1,
        deleted=state.get("deleted", record.deleted),
        layer_id=state.get("layer_id", record.layer_id),
        fields={name: state.get(name, value) for name, value in record.fields.items()},
        updated_at=time_of(ledger.at),
        updated_by=ledger.who,
    )


def _row(record: Record) -> dict[str, Any]:
    row = {
        "id": record.id,
        **record.facts(),
        "created_at": stamp(record.created_at),
        "created_by": record.created_by,
        "updated_at": stamp(record.updated_at),
        "updated_by": record.updated_by,
    }
    return {**row, "hash": row_hash(row)}


def _blame(record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "name": record.fields.get("name") or record.id,
        "who": record.updated_by,
        "when": district_time.to_the_minute(record.updated_at),
        "version": record.version,
    }


def _record(kind: Kind, row: Row[Any]) -> Record:
    held = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name, underscored to spare columns
    return _built(kind, _whole(kind, dict(held)))


def _whole(kind: Kind, held: dict[str, Any]) -> dict[str, Any]:
    if row_hash(held) != held["hash"]:
        raise PlannerError("register_record_damaged", kind=kind, id=held["id"])
    return held


def _checked(connection: Connection, kind: Kind, query: Select[Any]) -> Iterator[dict[str, Any]]:
    names = RECORDS[kind].c.keys()
    for row in connection.execute(query):
        yield _whole(kind, dict(zip(names, row, strict=True)))


def _built(kind: Kind, held: Mapping[Any, Any]) -> Record:
    return Record(
        kind=kind,
        id=held["id"],
        version=held["version"],
        deleted=held["deleted"],
        fields={c.name: held[c.name] for c in columns(kind) if c.name != "id"},
        layer_id=held["layer_id"],
        created_at=time_of(held["created_at"]),
        created_by=held["created_by"],
        updated_at=time_of(held["updated_at"]),
        updated_by=held["updated_by"],
    )
