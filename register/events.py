"""The append-only ledger: who did what when and why, chained by hashes.

An event is written in the transaction of its change and never altered. Its hash is the SHA-256 of
its own facts and of the hash before it, so that an altered, removed or inserted event breaks the
chain from there on. Undoing writes a further event that names the one it undoes.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, or_, select

from geo.errors import InputError, PlannerError
from register.tables import EVENT, RECORDS
from register.values import canonical, text_of

FIRST_HASH = "0" * 64
"""What the first event is chained to."""

HEADING = or_(EVENT.c.batch.is_(None), EVENT.c.batch == EVENT.c.id)
"""An event that stands for itself, or for an import and all its rows."""

_TOLD_EVERY = 10_000
# All events are more than a server should send, or a program hold, at once.
_FEW: dict[str, Any] = {"execution_options": {"yield_per": 1000}}

_HASHED = (
    "id",
    "at",
    "who",
    "action",
    "kind",
    "record_id",
    "before",
    "after",
    "why",
    "key",
    "batch",
    "undoes",
    "prev_hash",
)


@dataclass(frozen=True)
class Event:
    """One change.

    Attributes
    ----------
    id
        1, 2, 3 … without holes.
    at
        UTC.
    who, why
        As people gave them.
    action
        `create`, `rename`, `add`, `update`, `remove`, `import`, `activate`, `undo` or `plan`.
    kind, record_id
        A kind of record and its id, or `layers` and the layer's kind, or `plans` and a number.
    before, after
        The record's facts; None where there was no record.
    key
        Idempotency key of the caller, or one made for this write; on the first event of a write.
    batch
        Id of the event that heads an import; the events of its rows carry it.
    undoes, undone_by
        Ids of the event that this one undoes, and of the one that undid this.
    """

    id: int
    at: datetime
    who: str
    action: str
    kind: str
    record_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    why: str
    key: str | None
    batch: int | None
    undoes: int | None
    undone_by: int | None


@dataclass
class Ledger:
    """The events of one write transaction; `flush` writes them.

    The transaction holds the write lock, so that two writers cannot chain to one event. The first
    event carries the write's idempotency key.
    """

    connection: Connection
    who: str
    why: str = ""
    key: str | None = None
    at: str = field(default_factory=lambda: stamp(datetime.now(UTC)))
    _pending: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the chain's end.

        Raises
        ------
        InputError
            Nobody is named, or a text cannot be stored.
        """
        self.who, self.why = text_of(self.who), text_of(self.why)
        if not self.who:
            raise InputError("register_who_missing")
        last = self.connection.execute(
            select(EVENT.c.id, EVENT.c.hash).order_by(EVENT.c.id.desc()).limit(1)
        ).one_or_none()
        self._begun_after = self._last_id = int(last.id) if last else 0
        self._last_hash: str = last.hash if last else FIRST_HASH

    @property
    def next_id(self) -> int:
        """Id of the event that is appended next."""
        return self._last_id + 1

    def done(self, action: str, kind: str) -> Event | None:
        """Return the event that this write's key has caused already; None: it is to be done.

        Raises
        ------
        InputError
            The key has been used for another sort of change.
        """
        event = by_key(self.connection, self.key)
        if event is not None and (event.action, event.kind) != (action, kind):
            raise InputError("register_key_reused", key=self.key)
        return event

    def append(
        self,
        action: str,
        record: tuple[str, str],
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        *,
        batch: int | None = None,
        undoes: int | None = None,
    ) -> int:
        """Append one event about `record` (kind, id); return the event's id."""
        facts: dict[str, Any] = {
            "id": self.next_id,
            "at": self.at,
            "who": self.who,
            "action": action,
            "kind": record[0],
            "record_id": record[1],
            "before": None if before is None else canonical(before),
            "after": None if after is None else canonical(after),
            "why": self.why,
            "key": self.key if self._last_id == self._begun_after else None,
            "batch": batch,
            "undoes": undoes,
            "prev_hash": self._last_hash,
        }
        facts["hash"] = _hash(facts)
        self._last_id += 1
        self._last_hash = facts["hash"]
        self._pending.append(facts)
        return self._last_id

    def flush(self) -> None:
        """Write what was appended."""
        if self._pending:
            self.connection.execute(insert(EVENT), self._pending)
            self._pending = []


def stamp(when: datetime) -> str:
    """Return a time as the database keeps it."""
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def time_of(text: str) -> datetime:
    """Return the time that `stamp` wrote."""
    return datetime.fromisoformat(text)


def revision(connection: Connection) -> int:
    """Return the id of the last event; 0 before the first."""
    last: int | None = connection.execute(
        select(EVENT.c.id).order_by(EVENT.c.id.desc()).limit(1)
    ).scalar()
    return last or 0


def by_key(connection: Connection, key: str | None) -> Event | None:
    """Return the event that an idempotency key has already caused."""
    if key is None:
        return None
    return _one(connection, _query().where(EVENT.c.key == key))


def by_id(connection: Connection, event_id: int) -> Event:
    """Return one event.

    Raises
    ------
    InputError
        There is none.
    """
    event = _one(connection, _query().where(EVENT.c.id == event_id))
    if event is None:
        raise InputError("register_no_event", event=event_id)
    return event


def of_batch(connection: Connection, batch: int) -> tuple[Event, ...]:
    """Return the events of an import's rows in their order, without the heading one."""
    query = _query().where(EVENT.c.batch == batch, EVENT.c.id != batch)
    return _all(connection, query.order_by(EVENT.c.id))


def of_record(
    connection: Connection, kind: str, record_id: str, *, photos: bool = False
) -> tuple[Event, ...]:
    """Return what happened to one record, oldest first; `photos`: and to the photos of it."""
    own = and_(EVENT.c.kind == kind, EVENT.c.record_id == record_id)
    query = _query().where(about((kind,), record_id) if photos else own)
    return _all(connection, query.order_by(EVENT.c.id))


def about(kinds: Collection[str], record_id: str) -> ColumnElement[bool]:
    """Return that an event is about a record of one of these kinds, or about a photo of it."""
    photo = RECORDS["photos"].c
    of_it = select(photo.id).where(photo.about == record_id, photo.about_kind.in_(kinds))
    return or_(
        and_(EVENT.c.kind.in_(kinds), EVENT.c.record_id == record_id),
        and_(EVENT.c.kind == "photos", EVENT.c.record_id.in_(of_it)),
    )


def latest(connection: Connection, limit: int, since: int) -> tuple[Event, ...]:
    """Return up to `limit` events with an id above `since`, newest first."""
    return chosen(connection, (EVENT.c.id > since,), limit)


def chosen(
    connection: Connection, conditions: Iterable[ColumnElement[bool]], limit: int
) -> tuple[Event, ...]:
    """Return up to `limit` events that meet every condition on `EVENT`, newest first."""
    # Ids are sorted, not the long rows.
    few = select(EVENT.c.id).where(*conditions).order_by(EVENT.c.id.desc()).limit(limit)
    query = _query().where(EVENT.c.id.in_(few.subquery().select()))
    return _all(connection, query.order_by(EVENT.c.id.desc()))


def chain_faults(connection: Connection, passed: Callable[[int], None]) -> Iterator[int]:
    """Yield the id of each event that does not follow from the one before it.

    `passed` is called with the number of an event now and then.
    """
    last_id, last_hash = 0, FIRST_HASH
    for row in connection.execute(select(EVENT).order_by(EVENT.c.id), **_FEW).mappings():
        follows = row["id"] == last_id + 1 and row["prev_hash"] == last_hash
        if not follows or not is_whole(row):
            yield row["id"]
        if row["id"] % _TOLD_EVERY == 0:
            passed(row["id"])
        last_id, last_hash = row["id"], row["hash"]


def is_whole(row: Mapping[Any, Any]) -> bool:
    """Tell whether the facts of one row of the ledger are those of its hash."""
    return bool(row["hash"] == _hash(row))


def last_states(connection: Connection) -> dict[tuple[str, str], str | None]:
    """Return, per record, the canonical JSON that its latest event says it holds."""
    query = select(EVENT.c.kind, EVENT.c.record_id, EVENT.c.after).order_by(EVENT.c.id)
    return {(row.kind, row.record_id): row.after for row in connection.execute(query, **_FEW)}


def _hash(facts: Mapping[Any, Any]) -> str:
    return sha256(canonical([facts[name] for name in _HASHED]).encode()).hexdigest()


_UNDOING = EVENT.alias("undoing")


def _query() -> Select[Any]:
    joined = EVENT.outerjoin(_UNDOING, _UNDOING.c.undoes == EVENT.c.id)
    return select(EVENT, _UNDOING.c.id.label("undone_by")).select_from(joined)


def _one(connection: Connection, query: Select[Any]) -> Event | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else _event(row)


def _all(connection: Connection, query: Select[Any]) -> tuple[Event, ...]:
    found: Sequence[Row[Any]] = connection.execute(query).all()
    return tuple(_event(row) for row in found)


def _event(row: Row[Any]) -> Event:
    # SQLAlchemy's documented name, underscored to spare columns
    if not is_whole(row._mapping):  # noqa: SLF001
        raise PlannerError("register_event_damaged", event=row.id)
    return Event(
        id=row.id,
        at=time_of(row.at),
        who=row.who,
        action=row.action,
        kind=row.kind,
        record_id=row.record_id,
        before=None if row.before is None else json.loads(row.before),
        after=None if row.after is None else json.loads(row.after),
        why=row.why,
        key=row.key,
        batch=row.batch,
        undoes=row.undoes,
        undone_by=row.undone_by,
    )
