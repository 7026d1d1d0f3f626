"""Files of a register that a team shares: their bytes are in its database, each folder has copies.

A file and the row that speaks of it are so committed together, and one backup of the database holds
both; a shared folder would be a second thing to set up, to back up and to fall out of step. A copy
is made when a file is first read, and made again when it is not what its name says. A register in
a file needs none of this: its folder is the only one.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select

from geo.errors import PlannerError
from geo.whole import whole_file
from register.tables import FILE_PART

PART_BYTES: Final = 4 << 20
"""Size of the parts that a file is cut into: one row each; an empty file has none."""

_CHUNK_BYTES = 1 << 20
_CACHED_CHECKS = 1024


def is_shared(connection: Connection) -> bool:
    """Tell whether the database holds the files, too."""
    return connection.dialect.name == "postgresql"


def share(connection: Connection, path: Path, digest: str) -> None:
    """Store a file's bytes in the transaction that speaks of them, unless they are there already.

    Raises
    ------
    PlannerError
        The file cannot be read.
    """
    if not is_shared(connection) or _is_held(connection, digest):
        return
    try:
        with path.open("rb") as file:
            parts = enumerate(iter(partial(file.read, PART_BYTES), b""))
            for part, content in parts:
                row = {"sha256": digest, "part": part, "content": content}
                connection.execute(insert(FILE_PART), row)
    except OSError as error:
        raise PlannerError("register_layer_not_stored", detail=error.strerror) from error


def fetch(connection: Connection, path: Path, digest: str) -> None:
    """Make the copy of a file whole, if the database holds the file and the copy is not.

    Raises
    ------
    PlannerError
        The database does not hold what was stored, or the copy cannot be written.
    """
    if not is_shared(connection) or _is_copied(path, digest):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            if _pour(connection, digest, file.write) != digest:
                raise PlannerError("register_layer_damaged", file=path.name)
    except OSError as error:
        raise PlannerError("register_layer_not_read", detail=error.strerror) from error


def is_whole(connection: Connection, path: Path, digest: str) -> bool:
    """Tell whether a file is what was stored: in the database, if it is shared, else here."""
    if is_shared(connection):
        return _pour(connection, digest, len) == digest
    return holds(path, digest)


def holds(path: Path, digest: str) -> bool:
    """Tell whether a file is there and is what its name says."""
    if not path.exists():
        return False
    found = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            found.update(chunk)
    return found.hexdigest() == digest


def _is_held(connection: Connection, digest: str) -> bool:
    query = select(FILE_PART.c.part).where(FILE_PART.c.sha256 == digest).limit(1)
    return connection.execute(query).scalar() is not None


def _pour(connection: Connection, digest: str, take: Callable[[bytes], object]) -> str:
    """Hand the parts of a file over, one by one, and return the SHA-256 of all."""
    parts = select(FILE_PART.c.content).where(FILE_PART.c.sha256 == digest)
    found = sha256()
    for content in connection.execute(
        parts.order_by(FILE_PART.c.part).execution_options(yield_per=1)
    ).scalars():
        found.update(content)
        take(content)
    return found.hexdigest()


def _is_copied(path: Path, digest: str) -> bool:
    try:
        now = path.stat()
    except FileNotFoundError:
        return False
    return _was_whole(path, digest, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=_CACHED_CHECKS)
def _was_whole(path: Path, digest: str, _mtime_ns: int, _size_bytes: int) -> bool:
    """Tell whether a copy is whole; looked at once for as long as its time and size stay."""
    return holds(path, digest)
