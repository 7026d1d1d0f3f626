"""Layers: files beside the database, named by their SHA-256, and one active layer of each kind.

A file is complete under its name or not there: it is written aside, forced to disk and renamed. It
is never changed or removed by us; what an import brought is kept there too, as it was read.
"""

import io
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Row, insert, select, update

from geo.errors import ConflictError, InputError, PlannerError
from geo.streets import Network, load_streets
from geo.streets.storage import to_bytes
from register import shared_files
from register.events import Event, Ledger
from register.shared_files import fetch, holds, share
from register.tables import LAYER
from register.values import conform
from siting.model import LayerSource

_CACHED_LAYERS = 4
_MADE_OF = b"made_of"

SETTINGS = "settings/"
"""How kinds of layers begin that hold a setting: nobody's data, with no source to credit."""


@dataclass(frozen=True)
class Layer:
    """One file and where it came from.

    Attributes
    ----------
    kind
        `demand`, `streets`, `outline`, `labels` …; for an import the kind of its records.
    sha256
        Of the file's bytes, in hex; `file` is its name under the register's `layers` folder.
    active
        Whether it is the one in use; imports are never active.
    """

    id: int
    kind: str
    sha256: str
    file: str
    size_bytes: int
    source: str
    licence: str
    date: str
    synthetic: bool
    active: bool

    def provenance(self) -> LayerSource:
        """Return what exports print."""
        return LayerSource(
            self.kind, self.source, self.licence, self.date, self.sha256, self.synthetic
        )


@dataclass(frozen=True)
class Stored:
    """A file that has been stored, not yet a layer."""

    sha256: str
    path: Path
    size_bytes: int


def store(folder: Path, content: Path | bytes, suffix: str) -> Stored:
    """Store a file under its SHA-256 and return its name; nothing is written if it is there.

    Raises
    ------
    PlannerError
        The disk is full or refuses.
    """
    try:
        data = content if isinstance(content, bytes) else content.read_bytes()
        digest = sha256(data).hexdigest()
        stored = Stored(digest, folder / f"{digest}{suffix}", len(data))
        if not holds(stored.path, digest):
            _write(folder, stored.path.name, data)
    except OSError as error:
        raise PlannerError("register_layer_not_stored", detail=error.strerror) from error
    return stored


def parquet(frame: pd.DataFrame, made_of: str = "") -> bytes:
    """Return a table as Parquet, compressed with Zstandard.

    `made_of` says what the table was made of: the file carries it, so that neither is without the
    other.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if made_of:
        told = {**(table.schema.metadata or {}), _MADE_OF: made_of.encode()}
        table = table.replace_schema_metadata(told)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def made_of(path: Path) -> str:
    """Return what the table of a Parquet file says it was made of; "": it says nothing."""
    metadata = pq.read_schema(path).metadata or {}
    return bytes(metadata.get(_MADE_OF, b"")).decode()


def streets_file(network: Network) -> bytes:
    """Return a street network as the bytes of our own format."""
    return to_bytes(network)


def put(
    connection: Connection, ledger: Ledger, kind: str, stored: Stored, source: LayerSource
) -> Layer:
    """Note a stored file as a layer that is not active yet."""
    share(connection, stored.path, stored.sha256)
    noted = connection.execute(
        insert(LAYER).values(
            kind=kind,
            sha256=stored.sha256,
            file=stored.path.name,
            size_bytes=stored.size_bytes,
            source=source.source,
            licence=source.licence,
            date=source.date,
            synthetic=source.synthetic,
            active=False,
            created_at=ledger.at,
            created_by=ledger.who,
        )
    )
    (layer_id,) = noted.inserted_primary_key or (0,)
    return get(connection, layer_id)


def use(
    ledger: Ledger,
    *,
    kind: str,
    stored: Stored,
    source: LayerSource,
) -> Layer:
    """Put a stored file in use as the layer of its kind, unless it is already."""
    connection = ledger.connection
    used = active(connection, kind)
    if used is not None and used.provenance() == replace(source, layer=kind, sha256=stored.sha256):
        return used
    layer = put(connection, ledger, kind, stored, source)
    activate(connection, ledger, kind, layer.id)
    return get(connection, layer.id)


def activate(
    connection: Connection,
    ledger: Ledger,
    kind: str,
    layer_id: int | None,
    *,
    undoes: int | None = None,
) -> None:
    """Make a layer the one in use of its kind; None: no layer of that kind is in use."""
    before = active(connection, kind)
    connection.execute(update(LAYER).where(LAYER.c.kind == kind).values(active=False))
    if layer_id is not None:
        connection.execute(update(LAYER).where(LAYER.c.id == layer_id).values(active=True))
    after = active(connection, kind)
    ledger.append(
        "activate" if undoes is None else "undo",
        ("layers", kind),
        None if before is None else asdict(before),
        None if after is None else asdict(after),
        undoes=undoes,
    )


def undo(connection: Connection, ledger: Ledger, event: Event) -> None:
    """Put the layer back in use that was in use before `event`.

    The caller knows that the layer in use is the one that the event left.
    """
    layer_id = _layer_id(event.before)
    activate(connection, ledger, event.record_id, layer_id, undoes=event.id)


def changed_since(connection: Connection, event: Event) -> ConflictError | None:
    """Return why an event cannot be undone after which another layer was put in use."""
    now = active(connection, event.record_id)
    if _layer_id(event.after) == (None if now is None else now.id):
        return None
    return ConflictError("register_undo_layer_changed", event=event.id)


def active(connection: Connection, kind: str) -> Layer | None:
    """Return the layer of a kind that is in use."""
    query = select(LAYER).where(LAYER.c.kind == kind, LAYER.c.active.is_(True))
    row = connection.execute(query).one_or_none()
    return None if row is None else _layer(row)


def get(connection: Connection, layer_id: int) -> Layer:
    """Return one layer.

    Raises
    ------
    InputError
        There is none.
    """
    row = connection.execute(select(LAYER).where(LAYER.c.id == layer_id)).one_or_none()
    if row is None:
        raise InputError("register_no_layer", layer=layer_id)
    return _layer(row)


def all_layers(connection: Connection) -> tuple[Layer, ...]:
    """Return every layer ever stored, oldest first."""
    return tuple(_layer(row) for row in connection.execute(select(LAYER).order_by(LAYER.c.id)))


def bring(connection: Connection, folder: Path, layer: Layer | None) -> None:
    """Copy a layer's file from the database, if a team shares it and it is not here yet.

    Raises
    ------
    PlannerError
        The database does not hold what was stored, or the copy cannot be written.
    """
    if layer is not None:
        fetch(connection, folder / layer.file, layer.sha256)


def path_of(folder: Path, layer: Layer) -> Path:
    """Return a layer's file after comparing its bytes with its SHA-256.

    Raises
    ------
    PlannerError
        The file is missing or is not what was stored.
    """
    path = folder / layer.file
    try:
        whole = holds(path, layer.sha256)
    except OSError as error:
        raise PlannerError("register_layer_not_read", detail=error.strerror) from error
    if not whole:
        raise PlannerError("register_layer_damaged", file=layer.file)
    return path


def is_whole(connection: Connection, folder: Path, layer: Layer) -> bool:
    """Tell whether a layer's file is there and is what was stored."""
    return shared_files.is_whole(connection, folder / layer.file, layer.sha256)


@lru_cache(maxsize=_CACHED_LAYERS)
def streets_of(folder: Path, layer: Layer) -> Network:
    """Return the streets of a layer; kept for the process, since a file never changes.

    Raises
    ------
    PlannerError
        As `path_of`.
    """
    return load_streets(path_of(folder, layer))


@lru_cache(maxsize=_CACHED_LAYERS)
def demand_of(folder: Path, layer: Layer) -> pd.DataFrame:
    """Return the demand of a layer; kept for the process: copy it before you change it.

    Raises
    ------
    PlannerError
        As `path_of`.
    """
    return conform("demand", pd.read_parquet(path_of(folder, layer)))


def _write(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(folder / name)
    finally:
        Path(aside).unlink(missing_ok=True)
    force_folder(folder)


def force_folder(folder: Path) -> None:
    """Force the names in a folder to disk, where the system lets one open a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _layer_id(facts: Mapping[str, Any] | None) -> int | None:
    return None if facts is None else int(facts["id"])


def _layer(row: Row[Any]) -> Layer:
    return Layer(
        id=row.id,
        kind=row.kind,
        sha256=row.sha256,
        file=row.file,
        size_bytes=row.size_bytes,
        source=row.source,
        licence=row.licence,
        date=row.date,
        synthetic=row.synthetic,
        active=row.active,
    )
