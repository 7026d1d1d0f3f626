"""The tables of the database.

A record's own columns are those of data/reference/schema.toml; a test fails when the migrations
have not followed it. JSON is kept as canonical text, so that a hash of it means the same in every
database. Times are UTC in ISO 8601 with microseconds and "Z": text that sorts as time does.
"""

from typing import Literal, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from geo.tables import ColumnType, columns

DecidedOn = Literal["stations", "candidates", "enterprises", "hosts", "needs"]
Kind = Literal[
    DecidedOn,
    "visits",
    "units",
    "haves",
    "inspections",
    "targets",
    "totals",
    "tasks",
    "users",
    "photos",
    "scenarios",
]
DECIDED_ON: tuple[DecidedOn, ...] = get_args(DecidedOn)
"""The kinds that a decision reads."""
KINDS: tuple[Kind, ...] = get_args(Kind)

OWN_DOOR: frozenset[Kind] = frozenset({"tasks", "photos"})
"""The kinds that are written by functions of their own only: `tasks`, `photos`."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

META = Table(
    "meta",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

LAYER = Table(
    "layer",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False, index=True),
    Column("sha256", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
)

_STANDS_ALONE = text("batch IS NULL OR batch = id")  # as `events.HEADING`
EVENT = Table(
    "event",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("why", Text, nullable=False),
    Column("key", Text, unique=True),
    Column("batch", Integer, index=True),
    Column("undoes", Integer, unique=True),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    # The id behind what is looked for: the database then need not read the long rows themselves.
    Index("ix_event_record", "kind", "record_id", "id"),
    Index("ix_event_at", "at", "id"),
    Index("ix_event_who", "who", "id"),
    # A page of the ledger shows an import by its heading event, and must not step over its rows.
    Index("ix_event_heading", "id", sqlite_where=_STANDS_ALONE, postgresql_where=_STANDS_ALONE),
    Index(
        "ix_event_kind", "kind", "id", sqlite_where=_STANDS_ALONE, postgresql_where=_STANDS_ALONE
    ),
)

PLAN = Table(
    "plan",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scenario", Text, nullable=False, index=True),
    Column("parameters", Text, nullable=False),
    Column("result", Text, nullable=False),
    # SHA-256 of the rule and standard files that it rests on, by their kinds: JSON.
    Column("editions", Text, nullable=False, server_default="{}"),
    Column("revision", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    # SHA-256 of the row's other columns: `plans.plan_hash`.
    Column("hash", Text, nullable=False, server_default=""),
)

FILE_PART = Table(
    "file_part",  # the bytes of layer files, where a team shares a database
    METADATA,
    Column("sha256", Text, primary_key=True),  # of the whole file
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

_TYPES: dict[ColumnType, type[Text | Double[float] | BigInteger | Boolean]] = {
    "text": Text,
    "list": Text,
    "date": Text,
    "flag": Boolean,
    "number": Double,
    "integer": BigInteger,
}


def _record_table(kind: Kind) -> Table:
    """Return the table of one kind: what we keep books of, then the columns of the schema."""
    own = []
    for column in columns(kind):
        if column.name == "id":
            continue
        own.append(
            Column(
                column.name,
                _TYPES[column.type],
                nullable=not (column.words or column.required),
                server_default="" if column.words else None,
            )
        )
    return Table(
        kind,
        METADATA,
        Column("seq", Integer, primary_key=True),  # the order of creation
        Column("id", Text, nullable=False, unique=True),
        Column("version", Integer, nullable=False),
        Column("deleted", Boolean, nullable=False),
        Column("created_at", Text, nullable=False),
        Column("created_by", Text, nullable=False),
        Column("updated_at", Text, nullable=False),
        Column("updated_by", Text, nullable=False),
        # The import that the record came with; none: somebody typed it in.
        Column("layer_id", Integer, ForeignKey("layer.id")),
        # SHA-256 of the row's other columns: `records.row_hash`.
        Column("hash", Text, nullable=False, server_default=""),
        *own,
    )


RECORDS: dict[Kind, Table] = {kind: _record_table(kind) for kind in KINDS}

# What a page of the ledger counts and sorts, for the kinds that there are many of.
for _table in (RECORDS["stations"], RECORDS["candidates"]):
    _seen = ("deleted", "town", "state", "updated_at", "name")
    Index(f"ix_{_table.name}_unit", *(_table.c[name] for name in _seen))
