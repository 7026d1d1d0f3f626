"""SQLite, a register in one file: the one module that knows it.

Every write transaction takes the write lock at its start (`BEGIN IMMEDIATE`), so that what it read
is still true when it writes; readers see one consistent state and wait for nobody. WAL with
`synchronous=FULL`: what was committed survives a killed process and a power cut.
"""

import os
import sqlite3
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

WRITE = "register_write"
"""Execution option of a connection: whether its transaction is going to write."""

_INODE = "register_inode"
_SENTENCES = {
    "SQLITE_BUSY": "register_busy",
    "SQLITE_LOCKED": "register_busy",
    "SQLITE_FULL": "register_disk_full",
    "SQLITE_READONLY": "register_read_only",
    "SQLITE_PERM": "register_read_only",
    "SQLITE_CANTOPEN": "register_cannot_open",
    "SQLITE_IOERR": "register_disk_error",
    "SQLITE_CORRUPT": "register_damaged",
    "SQLITE_NOTADB": "register_damaged",
}


def open_sqlite(database: Path, *, busy_timeout_s: float) -> Engine:
    """Return an engine for a file; `dispose` it when done."""
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": busy_timeout_s})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    if os.name != "nt":  # there nobody can move a file that is open
        event.listen(engine, "connect", partial(_remember, database))
        event.listen(engine, "checkout", partial(_still_there, database))
    return engine


def salvage(engine: Engine) -> None:
    """Open a damaged file from now on so that what is left of it can be read, and never written."""

    def read_only(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        # The first of the two reads a file that is shorter than it says of itself.
        for pragma in ("writable_schema=ON", "query_only=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    engine.dispose()
    event.listen(engine, "connect", read_only, insert=True)


def sentence_of(error: sqlite3.Error) -> str:
    """Return the code of the sentence that tells people of an error."""
    name = getattr(error, "sqlite_errorname", "")
    primary = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE -> SQLITE_IOERR
    return _SENTENCES.get(primary, "register_unavailable")


def integrity_faults(connection: Connection) -> tuple[str, ...]:
    """Return what the file finds wrong with itself."""
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return tuple(str(line) for line in found if line != "ok")


def index_names(connection: Connection) -> set[str]:
    """Return what the indexes are called."""
    query = "SELECT name FROM sqlite_master WHERE type = 'index'"
    return set(connection.exec_driver_sql(query).scalars())


def add_computed(connection: Connection, table: str, name: str, expression: str) -> None:
    """Add a computed column; it takes room in its index only."""
    sort = {"words": "TEXT", "blanks": "INTEGER"}[name]
    connection.exec_driver_sql(
        f"ALTER TABLE {table} ADD COLUMN {name} {sort} GENERATED ALWAYS AS ({expression}) VIRTUAL"
    )


def index_words(connection: Connection, table: str, index: str, held: list[str]) -> None:
    """Make the index that holds all that a page is made by: only its own rows are read.

    Reading it from end to end takes 20 ms for 100,000 stations, whatever the words; an index of
    trigrams would not help with the two characters that most Chinese words have.
    """
    names = ", ".join((*held, "blanks", "words"))
    connection.exec_driver_sql(f"CREATE INDEX {index} ON {table} ({names})")


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we begin our transactions ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
    if write and _has_moved(connection.info, Path(connection.engine.url.database or "")):
        # Moved after this connection was lent, by one who held the lock that we have now.
        connection.invalidate()
        raise OperationalError(None, None, sqlite3.OperationalError(), connection_invalidated=True)


def _remember(database: Path, _connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    entry.info[_INODE] = _inode(database)


def _still_there(
    database: Path,
    _connection: DBAPIConnection,
    entry: ConnectionPoolEntry,
    _proxy: PoolProxiedConnection,
) -> None:
    """Open the database anew if it was moved away, as a restore does, and another took its place.

    What is written through the old connection would be found nowhere.
    """
    if _has_moved(entry.info, database):
        raise DisconnectionError


def _has_moved(info: Mapping[str, object], database: Path) -> bool:
    return _INODE in info and info[_INODE] != _inode(database)


def _inode(database: Path) -> tuple[int, int] | None:
    try:
        found = database.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
