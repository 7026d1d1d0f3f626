"""PostgreSQL, a register that a team shares over the network: the one module that knows it.

Every write transaction takes one advisory lock at its start, so that there is one writer at a time
and what it read is still true when it writes; the lock goes with the transaction, whatever ends
it. Readers see one consistent state (`REPEATABLE READ`, read only) and wait for nobody.
"""

import time
from collections.abc import Mapping
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from register.on_sqlite import WRITE

CONNECT_TIMEOUT_S = 10
"""How long to wait for the server to answer a new connection, seconds."""

STATEMENT_TIMEOUT_S = 300
"""How long one statement may take, seconds."""

ABANDONED_S = 60
"""When the server takes the write lock from a transaction whose program is silent, seconds."""

READING_S = 3600
"""When the server ends a reader whose program is silent, seconds."""

SILENT_NETWORK_S = 20
"""When a connection is given up whose other end does not acknowledge what we send, seconds."""

RESTART_S = 15.0
"""How long a write whose connection broke waits for the server to be there again, seconds."""

LOCK: Final = 0x77_61_72_6D  # "warm"
"""The advisory lock that a writer holds, in the register's own database."""

_PAUSE_S = 0.1
# Of writers: the snapshot of each statement is taken after the write lock was had.
_ISOLATION = r"-c default_transaction_isolation=read\ committed"
_LOST = "register_connection_lost"
_SENTENCES: Mapping[str, str] = {
    "40001": "register_busy",  # serialization_failure
    "40P01": "register_busy",  # deadlock_detected
    "55P03": "register_busy",  # lock_not_available: the write lock, in time
    "57014": "register_too_slow",  # query_canceled: the statement's time limit
    "53100": "register_disk_full",
    "53300": "register_server_full",  # too_many_connections
    "25006": "register_server_read_only",
    "42501": "register_server_refused",  # insufficient_privilege
    "28P01": "register_password",
    "28000": "register_password",
    "58030": "register_disk_error",
    "XX001": "register_damaged",  # data_corrupted
    "XX002": "register_damaged",  # index_corrupted
    "25P03": _LOST,  # idle_in_transaction_session_timeout
    "57P01": _LOST,  # admin_shutdown, pg_terminate_backend
    "57P02": _LOST,  # crash_shutdown
    "57P03": "register_not_reachable",  # cannot_connect_now: starting up or shutting down
}
# What libpq says of a refused connection carries no code, only the server's own words.
_REFUSED = {
    "password authentication failed": "register_password",
    "no password supplied": "register_password",
    "认证失败": "register_password",
    "FATAL:  role": "register_password",
    "does not exist": "register_no_database",
    "too many clients": "register_server_full",
    "remaining connection slots": "register_server_full",
}


def open_postgres(url: URL, *, busy_timeout_s: float) -> Engine:
    """Return an engine for a database on a server; `dispose` it when done."""
    limits = {
        "lock_timeout": busy_timeout_s,
        "statement_timeout": STATEMENT_TIMEOUT_S,
        "idle_in_transaction_session_timeout": ABANDONED_S,
    }
    settings = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "tcp_user_timeout": SILENT_NETWORK_S * 1000,
        "keepalives_idle": SILENT_NETWORK_S,
        "client_encoding": "utf8",
        "application_name": "warm-station-planner",
        "options": " ".join((_ISOLATION, *(f"-c {n}={int(s * 1000)}" for n, s in limits.items()))),
    }
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), connect_args=settings, pool_pre_ping=True
    )
    event.listen(engine, "begin", _begin)
    return engine


def sentence_of(error: DBAPIError) -> str:
    """Return the code of the sentence that tells people of an error."""
    code: str = getattr(error.orig, "sqlstate", None) or ""
    if code in _SENTENCES:
        return _SENTENCES[code]
    if error.connection_invalidated or code.startswith("08"):
        return _LOST
    if not code:
        said = str(error.orig)
        return next((s for words, s in _REFUSED.items() if words in said), "register_not_reachable")
    return "register_unavailable"


def await_server(engine: Engine) -> None:
    """Wait until the server takes connections: one that is started again needs a moment.

    Raises
    ------
    DBAPIError
        It does not within RESTART_S.
    """
    until = time.monotonic() + RESTART_S
    while True:
        try:
            engine.connect().close()
        except DBAPIError:
            if time.monotonic() > until:
                raise
        else:
            return
        time.sleep(_PAUSE_S)


def add_geometries(connection: Connection) -> None:
    """Give every table with positions a PostGIS point and its index, where PostGIS can be had.

    The column `geom` is made by the database from `lon` and `lat`; other programs (QGIS, SQL) read
    it, we never do. Without PostGIS, or without the right to install it, nothing changes.
    """
    if not _has_extension(connection, "postgis"):
        return
    query = (
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_schema = current_schema() GROUP BY table_name ORDER BY table_name"
    )
    for table, names in connection.exec_driver_sql(query).all():
        if {"lon", "lat"} <= set(names) and "geom" not in names:
            quoted = connection.dialect.identifier_preparer.quote(table)
            connection.exec_driver_sql(
                f"ALTER TABLE {quoted} ADD COLUMN geom geometry(Point, 4326)"
                " GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED"
            )
            connection.exec_driver_sql(
                f"CREATE INDEX {quoted_index(connection, table)} ON {quoted} USING gist (geom)"
            )


def quoted_index(connection: Connection, table: str) -> str:
    """Return the name of the index on a table's points, quoted."""
    return connection.dialect.identifier_preparer.quote(f"ix_{table}_geom")


def index_names(connection: Connection) -> set[str]:
    """Return what the indexes are called."""
    query = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    return set(connection.exec_driver_sql(query).scalars())


def add_computed(connection: Connection, table: str, name: str, expression: str) -> None:
    """Add a computed column."""
    sort = {"words": "text", "blanks": "bigint"}[name]
    connection.exec_driver_sql(
        f"ALTER TABLE {table} ADD COLUMN {name} {sort} GENERATED ALWAYS AS ({expression}) STORED"
    )


def index_words(connection: Connection, table: str, index: str, counted_by: list[str]) -> None:
    """Make the index of what is lacking and, where pg_trgm is or may be installed, of the words.

    An index of trigrams finds words of three characters and more; shorter ones are looked for in
    the column from end to end, and all are where there is no pg_trgm.
    """
    names = ", ".join((*counted_by, "blanks"))
    connection.exec_driver_sql(f"CREATE INDEX {index} ON {table} ({names})")
    if _has_extension(connection, "pg_trgm"):
        connection.exec_driver_sql(f"CREATE INDEX ON {table} USING gin (words gin_trgm_ops)")


def _has_extension(connection: Connection, name: str) -> bool:
    """Tell whether this database has an extension, after trying to install it."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"CREATE EXTENSION IF NOT EXISTS {name}")
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
    return name in connection.exec_driver_sql("SELECT extname FROM pg_extension").scalars().all()


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITE, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # A reader holds nobody up, and may have a million events to think about.
        longest = READING_S * 1000
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {longest}")
