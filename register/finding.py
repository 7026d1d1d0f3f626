"""How records are found by the words in their texts and by what they lack.

Every record table has two columns that the database computes from the others: `words`, all free
text of a record, and `blanks`, one bit for each empty column. A narrow index holds both, so that a
page filters that and not the long rows. They are no part of the schema of records: they are made
when a register is opened in which they are missing or are not those of today's columns.
"""

from collections.abc import Collection
from functools import cache
from hashlib import sha256

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, column

from geo.tables import Column, columns
from register import engine
from register.tables import KINDS, RECORDS, Kind

UNIT_COLUMNS = ("town", "unit")
"""Columns that say which unit a record belongs to; a kind has one of them or none."""
STATE_COLUMNS = ("state", "task_state")
"""Columns that say how far a record has come; a kind has one of them or none."""

_WORDS = column("words", Text)
_BLANKS = column("blanks", BigInteger)
_FOR_PROGRAMS = frozenset({"hours", "answer_values"})  # text that nobody reads as such


def unit_column(kind: Kind) -> str | None:
    """Return the column that says which unit a record of a kind belongs to."""
    return _first(kind, UNIT_COLUMNS)


def state_column(kind: Kind) -> str | None:
    """Return the column that says how far a record of a kind has come."""
    return _first(kind, STATE_COLUMNS)


def holding(kind: Kind, text: str) -> list[ColumnElement[bool]]:
    """Return that each word of `text` stands in the id or a free text of a record, in any case."""
    del kind  # every table's columns are called the same
    # SQLite's LIKE knows no case of Latin letters; a server keeps them small.
    return [_WORDS.contains(word.lower(), autoescape=True) for word in text.split()]


def lacking(kind: Kind, names: Collection[str]) -> list[ColumnElement[bool]]:
    """Return that columns are empty, all of them; one that must be filled never is."""
    bits = _bits(kind)
    if not set(names) <= bits.keys():
        return [_BLANKS < 0]
    # Not "= bit": a server takes that for a rare thing, and sorts what it should only count.
    return [_BLANKS.bitwise_and(bits[name]) != 0 for name in sorted(set(names))]


def is_made(connection: Connection) -> bool:
    """Tell whether every table has these columns as they are made of today's columns."""
    return set(_indexes(connection).values()) <= engine.index_names(connection)


def make(connection: Connection) -> None:
    """Make what is missing or outdated, in a write transaction."""
    there = engine.index_names(connection)
    quote = connection.dialect.identifier_preparer.quote
    for kind, index in _indexes(connection).items():
        if index in there:
            continue
        _remove(connection, kind, there)
        table = quote(kind)
        for name, expression in _definitions(connection, kind).items():
            engine.add_computed(connection, table, name, expression)
        counted_by, sorted_by = (list(map(quote, names)) for names in _held(kind))
        engine.index_words(connection, table, index, counted_by, sorted_by)


def remove(connection: Connection) -> None:
    """Remove all of it: a migration must not stumble over what is computed from its columns."""
    there = engine.index_names(connection)
    for kind in KINDS:
        _remove(connection, kind, there)


def _remove(connection: Connection, kind: Kind, there: set[str]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    old = [name for name in there if name.startswith(f"{_stem(kind)}_")]
    for name in old:
        connection.exec_driver_sql(f"DROP INDEX {quote(name)}")
    for name in ("words", "blanks") if old else ():
        connection.exec_driver_sql(f"ALTER TABLE {quote(kind)} DROP COLUMN {name}")


def _indexes(connection: Connection) -> dict[Kind, str]:
    """Return what each index is called: another definition, another name."""
    found: dict[Kind, str] = {}
    for kind in KINDS:
        told = repr((_definitions(connection, kind), _held(kind)))
        found[kind] = f"{_stem(kind)}_{sha256(told.encode()).hexdigest()[:8]}"
    return found


def _stem(kind: Kind) -> str:
    return f"ix_{kind}_found"


def _definitions(connection: Connection, kind: Kind) -> dict[str, str]:
    quote = connection.dialect.identifier_preparer.quote
    texts = [quote(c.name) for c in columns(kind) if c.name == "id" or _searched(c)]
    texts = texts if "id" in texts else ["id", *texts]
    # A word has no line break in it: it never stands across two texts.
    held = " || '\n' || ".join(texts)
    empty = {c.name: "= ''" if c.words else "IS NULL" for c in columns(kind)}
    blanks = [
        f"CASE WHEN {quote(name)} {empty[name]} THEN {bit} ELSE 0 END"
        for name, bit in _bits(kind).items()
    ]
    return {
        "words": held if connection.dialect.name == "sqlite" else f"lower({held})",
        "blanks": " + ".join(blanks) or "0",
    }


@cache
def _bits(kind: Kind) -> dict[str, int]:
    free = (c for c in columns(kind) if c.name != "id" and not c.required)
    return {c.name: 1 << place for place, c in enumerate(free)}


def _held(kind: Kind) -> tuple[list[str], list[str]]:
    """Return the columns by which a page counts records, and those by which it sorts them."""
    counted = ("deleted", unit_column(kind), state_column(kind))
    sorted_by = ("updated_at", _first(kind, ("name",)))
    return [name for name in counted if name], [name for name in sorted_by if name]


def _searched(column_: Column) -> bool:
    free = column_.type == "text" and not column_.codes
    return free and not column_.personal and column_.name not in {"id", *_FOR_PROGRAMS}


def _first(kind: Kind, names: Collection[str]) -> str | None:
    held = RECORDS[kind].c
    return next((name for name in names if name in held), None)
