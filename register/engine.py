"""Engines, transactions and the errors of a database: what is common to SQLite and PostgreSQL.

A write is a function that is run in a write transaction, alone: `write` runs it again, once, when
the connection to the server broke. It must therefore look first whether it has been done.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from geo.errors import InputError, PlannerError
from register import on_postgres, on_sqlite
from register.on_sqlite import WRITE

BUSY_TIMEOUT_S = 10.0
"""How long a writer waits for another one before it gives up, seconds."""

T = TypeVar("T")


def open_engine(database: Path | str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Return an engine for an SQLite file or a database URL; `dispose` it when done.

    Raises
    ------
    InputError
        The URL is not one of PostgreSQL or SQLite.
    """
    if isinstance(database, Path):
        return on_sqlite.open_sqlite(database, busy_timeout_s=busy_timeout_s)
    url = _url(database)
    if url.get_backend_name() == "sqlite":
        return on_sqlite.open_sqlite(Path(url.database or ""), busy_timeout_s=busy_timeout_s)
    return on_postgres.open_postgres(url, busy_timeout_s=busy_timeout_s)


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
    with telling(), engine.execution_options(**{WRITE: True}).begin() as connection:
        yield connection


def write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` in a transaction that holds the write lock, and return what it returns.

    When the connection breaks, the whole is run once more, after the server is back: `work` must
    find out by itself that the first time was committed and only the answer was lost. The write
    lock makes that certain: it is had again only after the first transaction has ended, either way.

    Raises
    ------
    PlannerError
        The database cannot be written; nothing of the transaction was kept.
    """
    with telling():
        try:
            return _written(engine, work)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        if engine.dialect.name == "postgresql":
            on_postgres.await_server(engine)
        return _written(engine, work)


@contextmanager
def telling() -> Iterator[None]:
    """Turn a database's own errors into sentences for people."""
    try:
        yield
    except DBAPIError as error:
        raise PlannerError(_sentence(error), detail=str(error.orig).strip()) from error
    except SQLAlchemyError as error:
        raise PlannerError("register_unavailable", detail=str(error)) from error
    except UnicodeDecodeError as error:  # SQLite's message quotes a name that is damaged
        raise PlannerError("register_damaged", detail=str(error)) from error


def integrity_faults(connection: Connection) -> tuple[str, ...]:
    """Return what the database finds wrong with itself; a server checks itself."""
    if connection.dialect.name != "sqlite":
        return ()
    return on_sqlite.integrity_faults(connection)


def add_geometries(connection: Connection) -> None:
    """Give tables with positions a geometry, where the database knows such a thing."""
    if connection.dialect.name == "postgresql":
        on_postgres.add_geometries(connection)


def index_names(connection: Connection) -> set[str]:
    """Return what the indexes of a database are called."""
    if connection.dialect.name == "sqlite":
        return on_sqlite.index_names(connection)
    return on_postgres.index_names(connection)


def add_computed(connection: Connection, table: str, name: str, expression: str) -> None:
    """Add a column, `words` or `blanks`, that the database computes from a row's others.

    `table` and the names in `expression` are quoted already.
    """
    if connection.dialect.name == "sqlite":
        on_sqlite.add_computed(connection, table, name, expression)
    else:
        on_postgres.add_computed(connection, table, name, expression)


def index_words(
    connection: Connection, table: str, index: str, counted_by: list[str], sorted_by: list[str]
) -> None:
    """Make the index in which records are found by their words and by what they lack.

    `table` and the columns by which records are counted and sorted are quoted already.
    """
    if connection.dialect.name == "sqlite":
        on_sqlite.index_words(connection, table, index, [*counted_by, *sorted_by])
    else:
        on_postgres.index_words(connection, table, index, counted_by)


def _written(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.execution_options(**{WRITE: True}).begin() as connection:
        return work(connection)


def _sentence(error: DBAPIError) -> str:
    if isinstance(error.orig, sqlite3.Error):
        return on_sqlite.sentence_of(error.orig)
    return on_postgres.sentence_of(error)


def _url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise InputError("register_url") from None
    if url.drivername == "postgres":
        url = url.set(drivername="postgresql")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise InputError("register_url")
    return url
