"""Backups: one file that holds a register and everything beside it, and that proves itself.

A zip with the database as one consistent state, every file that is named by its SHA-256, and
`backup.json`, which says whose register it is and lists each part with its size and SHA-256. It is
written aside, read back in full and then renamed: there is no half backup. Unpacking trusts nothing
in it: what is not listed is not touched, names are of our own making or the file is refused.
"""

import json
import re
import shutil
import sqlite3
import struct
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from geo.errors import FileRefusedError, PlannerError
from geo.whole import whole_file
from register import events
from register.aside import aside_in, sweep
from register.engine import open_engine, reading
from register.events import stamp, time_of
from register.layers import force_folder
from register.tables import EVENT, META
from register.verification import Verification, verification
from siting import district_time

DATABASE: Final = "register.db"
"""Name of the database in a backup, and in a project's folder."""

FILES: Final = "layers"
"""Folder of the files named by their SHA-256, in a backup and in a project's folder."""

SUFFIX: Final = ".zip"
MAX_PARTS: Final = 500_000
"""Most files that a backup may list."""

_MANIFEST = "backup.json"
_FORMAT = "warm-station-backup"
_VERSION = 1
_MAX_MANIFEST_BYTES = 200 * MAX_PARTS
_LEVEL = 1  # of zlib: an eighth of the database's size, in half the time of the usual 6
_CHUNK_BYTES = 1 << 20
_SPARE_BYTES = 16 << 20  # of the disk, left free for the database's own drafts
_LONGEST_NAME = 40
_OURS = re.compile(r"(?:[a-z0-9_]{1,40}/)?[0-9a-f]{64}(?:\.[a-z0-9]{1,12})?")
_ZIP = b"PK\x03\x04"
_BROKEN = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    AttributeError,  # these four: of a manifest that is no manifest
    LookupError,
    TypeError,
    ValueError,
    RuntimeError,  # encrypted, nested without end, a way of packing that is not known
)


@dataclass(frozen=True)
class Backup:
    """One backup, as it says itself.

    Attributes
    ----------
    name
        Of the district.
    synthetic
        Whether it is of the sample.
    register
        Hash of the register's first event: two registers never share it.
    revision, head
        Id and hash of the last event in it.
    made_at
        UTC.
    daily
        Whether the schedule made it, which removes its own old ones; a person's are kept.
    """

    path: Path
    name: str
    synthetic: bool
    register: str
    revision: int
    head: str
    made_at: datetime
    daily: bool

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        return self.path.stat().st_size


@dataclass(frozen=True)
class _Part:
    size: int
    sha256: str


@dataclass(frozen=True)
class _Manifest:
    """What `backup.json` holds."""

    name: str
    sort: str
    register: str
    revision: int
    head: str
    made_at: str
    daily: bool
    parts: dict[str, _Part] = field(default_factory=dict)

    def of(self, path: Path) -> Backup:
        return Backup(
            path=path,
            name=self.name,
            synthetic=self.sort == "sample",
            register=self.register,
            revision=self.revision,
            head=self.head,
            made_at=time_of(self.made_at),
            daily=self.daily,
        )


def write(connection: Connection, files: Path, folder: Path, *, daily: bool = False) -> Backup:
    """Write a backup of a register into `folder` while others go on writing, and check it.

    Parameters
    ----------
    connection
        A transaction that reads the register.
    files
        Its folder of layer files and photos.

    Raises
    ------
    PlannerError
        The register itself is damaged, or the disk refuses; there is no new backup then.
    """
    if connection.dialect.name != "sqlite":
        raise PlannerError("register_backup_elsewhere", folder=files)
    with _told(folder), aside_in(folder) as aside:
        copy = aside / DATABASE
        _copy(connection, copy)
        manifest = _checked(copy, files, daily=daily)
        target = _free_name(folder, manifest)
        with whole_file(target) as draft:
            _pack(draft, manifest, copy, files)
            draft.flush()
            for _name, chunks in _parts_of(Path(draft.name), manifest):
                deque(chunks, maxlen=0)  # taking every byte compares it with what was to be written
        force_folder(folder)
    return manifest.of(target)


def read(path: Path) -> Backup:
    """Return what a file says of itself; cheap.

    Raises
    ------
    FileRefusedError
        It is not a backup of ours, is damaged, or was written by a newer version.
    """
    return _manifest_of(path).of(path)


def unpack(path: Path, target: Path) -> Backup:
    """Unpack a backup into an empty folder and compare every byte with its hash.

    Raises
    ------
    FileRefusedError
        As `read`; or a part is missing or is not what was written.
    PlannerError
        The disk is too small.
    """
    manifest = _manifest_of(path)
    needed = sum(part.size for part in manifest.parts.values()) + _SPARE_BYTES
    free = shutil.disk_usage(target).free
    if needed > free:
        raise PlannerError(
            "register_restore_no_space", needed_mb=needed >> 20, free_mb=max(free, 0) >> 20
        )
    with _told(target):
        for name, chunks in _parts_of(path, manifest):
            held = target / name
            held.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(held) as file:
                for chunk in chunks:
                    file.write(chunk)
        for made in (*(each for each in target.rglob("*") if each.is_dir()), target):
            force_folder(made)
    return manifest.of(path)


def listed(folder: Path) -> tuple[Backup, ...]:
    """Return the backups in a folder, newest first; other files there are not ours to judge."""
    found = []
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            found.append(read(path))
        except FileRefusedError:
            continue
    return tuple(sorted(found, key=lambda backup: (backup.made_at, backup.path), reverse=True))


def end_of(connection: Connection, *, last: bool = False) -> str:
    """Return the hash of a register's first event, by which it is known, or of its last."""
    order = EVENT.c.id.desc() if last else EVENT.c.id
    found: str = connection.execute(select(EVENT.c.hash).order_by(order).limit(1)).scalar_one()
    return found


def prune(folder: Path, register: str, keep: int) -> tuple[Path, ...]:
    """Remove all but the last `keep` daily backups of one register; return what was removed."""
    daily = [b.path for b in listed(folder) if b.daily and b.register == register]
    gone = tuple(daily[keep:])
    for path in gone:
        path.unlink(missing_ok=True)
    sweep(folder)
    return gone


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlannerError(
            "register_backup_not_written", folder=folder, detail=error.strerror or str(error)
        ) from error


def _copy(connection: Connection, target: Path) -> None:
    """Copy the database page by page, in one step: one consistent state, whoever is writing."""
    source = connection.connection.driver_connection
    if not isinstance(source, sqlite3.Connection):
        message = f"not a connection of SQLite: {source!r}"
        raise TypeError(message)
    try:
        with closing(sqlite3.connect(target)) as copy:
            # A draft: if it dies with us, nobody misses it.
            copy.execute("PRAGMA synchronous=OFF")
            copy.execute("PRAGMA journal_mode=OFF")
            source.backup(copy)
    except sqlite3.Error as error:
        raise OperationalError("backup", None, error) from error


def _checked(copy: Path, files: Path, *, daily: bool) -> _Manifest:
    """Verify a copy with the files that it names; return what is to be said of it."""
    engine = open_engine(copy)
    try:
        with reading(engine) as connection:
            found = verification(connection, files)
            if not found.whole:
                raise PlannerError("register_backup_not_whole", detail=summary(found))
            meta = {row.name: row.value for row in connection.execute(select(META))}
            first, head = end_of(connection), end_of(connection, last=True)
            revision = events.revision(connection)
    finally:
        engine.dispose()
    return _Manifest(
        name=meta["name"],
        sort=meta["sort"],
        register=first,
        revision=revision,
        head=head,
        made_at=stamp(datetime.now(UTC)),
        daily=daily,
    )


def summary(found: Verification) -> str:
    """Return where a verification found something, briefly: what it calls each place."""
    places = {name: len(value) for name, value in vars(found).items() if value}
    return ", ".join(f"{name}: {number}" for name, number in places.items())


def _free_name(folder: Path, manifest: _Manifest) -> Path:
    """Return a name that tells people whose backup it is and of when, and that is not taken."""
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in manifest.name)[:_LONGEST_NAME]
    when = f"{district_time.local(time_of(manifest.made_at)):%Y%m%d-%H%M%S}"
    base = f"{safe}-{when}{'-daily' if manifest.daily else ''}"
    target, number = folder / f"{base}{SUFFIX}", 1
    while target.exists():
        number += 1
        target = folder / f"{base}-{number}{SUFFIX}"
    return target


def _pack(draft: BinaryIO, manifest: _Manifest, copy: Path, files: Path) -> None:
    """Write the parts, and then the list of what was written."""
    found = sorted(files.rglob("*")) if files.exists() else []
    named = {path.relative_to(files).as_posix(): path for path in found if path.is_file()}
    ours = {f"{FILES}/{name}": path for name, path in named.items() if _OURS.fullmatch(name)}
    with ZipFile(draft, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as packed:
        for name, path in {DATABASE: copy, **ours}.items():
            manifest.parts[name] = _put(packed, name, path)
        facts = {"format": _FORMAT, "version": _VERSION, **asdict(manifest)}
        packed.writestr(_MANIFEST, json.dumps(facts, ensure_ascii=False, sort_keys=True))


def _put(packed: ZipFile, name: str, path: Path) -> _Part:
    digest, size = sha256(), 0
    with path.open("rb") as source, packed.open(name, "w", force_zip64=True) as member:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    return _Part(size, digest.hexdigest())


def _parts_of(path: Path, manifest: _Manifest) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield each listed part and its bytes; whoever takes the last byte knows the hash is right."""
    with _readable(path), ZipFile(path) as packed:
        for name, part in manifest.parts.items():
            yield name, _chunks(packed, name, part, path)


def _chunks(packed: ZipFile, name: str, part: _Part, path: Path) -> Iterator[bytes]:
    digest, size = sha256(), 0
    with _readable(path):
        with packed.open(name) as member:
            while chunk := member.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
                yield chunk
        if (size, digest.hexdigest()) != (part.size, part.sha256):
            raise BadZipFile(name)


def _manifest_of(path: Path) -> _Manifest:
    with _readable(path):
        with path.open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP:
                raise FileRefusedError("register_backup_foreign", file=path.name)
        with ZipFile(path) as packed:
            if _MANIFEST not in packed.namelist():
                raise FileRefusedError("register_backup_foreign", file=path.name)
            info = packed.getinfo(_MANIFEST)
            if info.file_size > _MAX_MANIFEST_BYTES:
                raise BadZipFile(_MANIFEST)
            facts = json.loads(packed.read(info))
        return _manifest(facts, path)


def _manifest(facts: Any, path: Path) -> _Manifest:  # noqa: ANN401 - whatever JSON held
    if facts["format"] != _FORMAT:
        raise FileRefusedError("register_backup_foreign", file=path.name)
    if int(facts["version"]) > _VERSION:
        raise FileRefusedError("register_backup_newer", file=path.name)
    parts = {
        str(name): _Part(int(p["size"]), str(p["sha256"])) for name, p in facts["parts"].items()
    }
    if DATABASE not in parts or len(parts) > MAX_PARTS or not all(map(_is_ours, parts)):
        raise BadZipFile(_MANIFEST)
    return _Manifest(
        name=str(facts["name"]),
        sort=str(facts["sort"]),
        register=str(facts["register"]),
        revision=int(facts["revision"]),
        head=str(facts["head"]),
        made_at=stamp(time_of(str(facts["made_at"]))),
        daily=bool(facts["daily"]),
        parts=parts,
    )


def _is_ours(name: str) -> bool:
    """Tell whether a part's name is one that we give: it leads nowhere but where it belongs."""
    folder, _, rest = name.partition("/")
    return name == DATABASE or (folder == FILES and _OURS.fullmatch(rest) is not None)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what reading a broken file raises into a refusal of it."""
    try:
        yield
    except FileRefusedError:  # is a ValueError, too
        raise
    except _BROKEN as error:
        raise FileRefusedError("register_backup_damaged", file=path.name) from error
    except OSError as error:
        raise FileRefusedError(
            "register_backup_not_read", file=path.name, detail=error.strerror or str(error)
        ) from error
