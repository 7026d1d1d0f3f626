"""Whether a register is whole, and what follows when it is not: it can be read, not changed.

At opening the file's length is compared with what it says of itself, and the database checks its
own pages where that takes less than a second; the full check, which compares everything with the
ledger, is for the background (`Reader.check`). Damage met while reading counts the same.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from geo.errors import PlannerError
from register import layers
from register.engine import reading
from register.on_sqlite import salvage, sentence_of
from register.verification import Verification, verification

QUICK_CHECK_BYTES = 512 << 20
"""Largest database (inclusive) whose pages are all checked as it is opened; 870 MB took 0.7 s."""

DAMAGED = "register_damaged"
"""Code of the error that says a database file is broken."""


@dataclass(frozen=True)
class Health:
    """What is known of a register's state.

    Attributes
    ----------
    database
        What is wrong in the database, in a technician's words; anything here: read only.
    files
        Names of layer files and photos that are missing or are not what was stored; the records
        can be changed all the same, since a backup brings back the very same bytes.
    checked
        Whether everything was compared with the ledger since the register was opened.
    """

    database: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    checked: bool = False

    @property
    def read_only(self) -> bool:
        """Whether changes are refused."""
        return bool(self.database)

    @property
    def whole(self) -> bool:
        """Whether nothing is known to be wrong."""
        return not self.database and not self.files


class Watch:
    """What is known of the health of one opened register; threads may share it.

    Parameters
    ----------
    engine
        Its database.
    files
        Its folder of layer files and photos.
    """

    def __init__(self, engine: Engine, files: Path) -> None:
        self.health = Health()
        self._engine = engine
        self._files = files
        self._lock = Lock()
        event.listen(engine, "handle_error", self._met)

    def admit(self) -> None:
        """Let a write pass.

        Raises
        ------
        PlannerError
            The database is damaged: what is written now would be lost when it is restored.
        """
        if self.health.read_only:
            raise PlannerError("register_damaged_read_only", detail=self.health.database[0])

    def glance(self) -> None:
        """Check the file as it is opened, before anything is written to it.

        Raises
        ------
        PlannerError
            It is no database at all, or cannot be opened.
        """
        name = self._engine.url.database
        if self._engine.dialect.name != "sqlite" or not name:
            return
        try:
            with reading(self._engine) as connection:
                self._found(database=_glance(connection, Path(name)))
        except PlannerError as error:
            if error.code != DAMAGED:
                raise
        if self.health.read_only:
            salvage(self._engine)

    def check(self, tell: Callable[[float], None]) -> Verification:
        """Compare everything with the ledger; what is found counts from now on.

        `tell` is called with the share (0..1) that is done.

        Raises
        ------
        PlannerError
            The database cannot be read to the end; the reason counts, too.
        """
        try:
            with reading(self._engine) as connection:
                found = verification(connection, self._files, tell)
        except PlannerError as error:
            if error.code != DAMAGED:
                raise
            return Verification(database=self.health.database or (str(error),))
        self.take(found)
        return found

    def take(self, found: Verification) -> None:
        """Let count what a full check found, here or in another process."""
        wrong = (
            *found.database,
            *(f"event {number}" for number in found.events),
            *(f"{kind} {record_id}" for kind, record_id in found.records),
        )
        with self._lock:
            self.health = Health(database=wrong, files=found.layers, checked=True)

    def look_for_files(self) -> None:
        """Note the layers in use whose file is missing or has another size.

        Its bytes are compared with its hash whenever it is read. The files of a register on a
        server are in its database.
        """
        if self._engine.dialect.name != "sqlite":
            return
        with reading(self._engine) as connection:
            used = [layer for layer in layers.all_layers(connection) if layer.active]
        self._found(files=tuple(layer.file for layer in used if not _is_there(self._files, layer)))

    def _met(self, context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, sqlite3.Error) and sentence_of(error) == DAMAGED:
            self._found(database=(str(error),))

    def _found(self, *, database: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> None:
        with self._lock:
            self.health = replace(
                self.health,
                database=tuple(dict.fromkeys((*self.health.database, *database))),
                files=tuple(dict.fromkeys((*self.health.files, *files))),
            )


def _glance(connection: Connection, database: Path) -> tuple[str, ...]:
    """Return what is wrong with a database file that one can see in less than a second."""
    page_bytes = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    log = database.with_name(f"{database.name}-wal")
    pending = log.exists() and log.stat().st_size > 0  # then the last pages may be in the log only
    # Never by opening it: closing it again would drop every lock that this process has on it.
    size = database.stat().st_size
    if size % page_bytes or (size < pages * page_bytes and not pending):
        return (f"{size} bytes, where {pages} pages of {page_bytes} bytes should be",)
    if size > QUICK_CHECK_BYTES:
        return ()
    found = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    return tuple(str(line) for line in found if line != "ok")


def _is_there(files: Path, layer: layers.Layer) -> bool:
    path = files / layer.file
    return path.exists() and path.stat().st_size == layer.size_bytes
