"""Engines, transactions and the errors of a database: the one place that knows SQLite.

Every write transaction takes the write lock at its start (`BEGIN IMMEDIATE`), so that what it read
is still true when it writes; readers see one consistent state. WAL with `synchronous=FULL`: what
was committed survives a killed process and a power cut.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from geo.errors import PlannerError

BUSY_TIMEOUT_S = 10.0
"""How long a writer waits for another one before it gives up, seconds."""

_WRITE = "register_write"
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


def open_engine(database: Path | str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Return an engine for an SQLite file or a database URL; `dispose` it when done."""
    if isinstance(database, str):
        return create_engine(database)
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": busy_timeout_s})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that reads one consistent state.

    Raises
    ------
    PlannerError
        The database cannot be read; the code says why.
    """
    with telling(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that holds the write lock, committed when the block ends well.

    Raises
    ------
    PlannerError
        The database cannot be written; nothing of the transaction was kept.
    """
    with telling(), engine.execution_options(**{_WRITE: True}).begin() as connection:
        yield connection


@contextmanager
def telling() -> Iterator[None]:
    """Turn a database's own errors into sentences for people."""
    try:
        yield
    except DatabaseError as error:
        code = _sqlite_code(error.orig)
        raise PlannerError(code, detail=str(error.orig)) from error
    except SQLAlchemyError as error:
        raise PlannerError("register_unavailable", detail=str(error)) from error


def integrity_faults(connection: Connection) -> tuple[str, ...]:
    """Return what the database finds wrong with itself; other databases check themselves."""
    if connection.dialect.name != "sqlite":
        return ()
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return tuple(str(line) for line in found if line != "ok")


def _sqlite_code(error: BaseException | None) -> str:
    if not isinstance(error, sqlite3.Error):
        return "register_unavailable"
    name = getattr(error, "sqlite_errorname", "")
    primary = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE -> SQLITE_IOERR
    return _SENTENCES.get(primary, "register_unavailable")


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we begin our transactions ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
