"""A backup put in the place of a register; the one that was there is set aside whole.

The backup is unpacked beside the register, brought up to date, verified in full, and only then
renamed into its place: three renamings, and whoever is killed between them leaves what `settle`
finishes when the register is next looked for. Nothing is deleted.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from geo.errors import FileRefusedError, PlannerError
from register import backup as backups
from register.aside import aside_in, remove_abandoned
from register.backup import DATABASE, FILES, Backup
from register.engine import open_engine, writing
from register.events import Ledger
from register.layers import force_folder
from register.reader import read_meta
from register.register import Register
from siting import district_time
from words import say

_DAMAGED = {"register_damaged", "register_empty"}


@dataclass(frozen=True)
class Restored:
    """What a restore did.

    Attributes
    ----------
    backup
        What was restored.
    aside
        The folder that holds the register that was there before; None: there was none. Give it its
        old name to have it back.
    """

    backup: Backup
    aside: Path | None


def restore(path: Path, target: Path, *, synthetic: bool, sample: Path, who: str) -> Restored:
    """Put the register of a backup in the place of the one in `target`.

    What was written to the old register until that moment is in the folder set aside. Whoever has
    it open in another process goes on with the restored one. The ledger says who restored what.

    Parameters
    ----------
    path
        The backup.
    target
        Folder of the project.
    synthetic
        Whether it holds the sample.

    Raises
    ------
    FileRefusedError
        It is not a backup of ours, is damaged, was written by a newer version, or is of the sample
        where the district is wanted, or the other way round. Nothing was changed.
    PlannerError
        The disk is full or refuses, or somebody is writing. Nothing was changed.
    """
    with _told(target), aside_in(target.parent) as aside:
        backup = backups.unpack(path, aside)
        if backup.synthetic != synthetic:
            raise FileRefusedError("register_backup_other_project", file=path.name)
        _prove(aside, backup, sample=sample, who=who)
        return Restored(backup, _take_the_place(aside, target))


def settle(target: Path) -> None:
    """Finish what a restore had begun that was killed between its renamings.

    Raises
    ------
    OSError
        The system refuses.
    """
    ready = _ready(target)
    if target.exists():
        remove_abandoned(ready)  # killed before it changed anything
    elif ready.exists():
        try:
            ready.rename(target)
        except OSError:
            if not target.exists():  # no other process has just done it
                raise


def set_aside(target: Path) -> Path:
    """Rename a project's folder to a dated name beside it, and return that.

    Raises
    ------
    OSError
        There is none, or the system refuses.
    """
    stamp = f"{district_time.now():%Y%m%d-%H%M%S}"
    aside, number = target.with_name(f"{target.name}-{stamp}"), 1
    while aside.exists():
        number += 1
        aside = target.with_name(f"{target.name}-{stamp}-{number}")
    target.rename(aside)
    return aside


@contextmanager
def writers_out(target: Path) -> Iterator[None]:
    """Hold the write lock of the register in `target`, so that nothing is written as it moves.

    Raises
    ------
    PlannerError
        Somebody else is writing, for longer than one waits.
    """
    with ExitStack() as held:
        # Windows moves no folder with an open file in it: there the system itself refuses.
        if os.name != "nt" and (target / DATABASE).exists():
            engine = open_engine(target / DATABASE)
            held.callback(engine.dispose)
            try:
                held.enter_context(writing(engine))
            except PlannerError as error:
                if error.code == "register_busy":
                    raise
                # So damaged that it cannot be locked: nobody can write to it either.
        yield


def _prove(aside: Path, backup: Backup, *, sample: Path, who: str) -> None:
    """Open what was unpacked, compare it with its own ledger and with what the backup says."""
    damaged = FileRefusedError("register_backup_damaged", file=backup.path.name)
    try:
        with Register(aside / DATABASE, aside / FILES, sample=sample) as register:
            said = (backup.name, backup.synthetic, backup.revision)
            if not register.verify().whole or said != (
                register.name,
                register.synthetic,
                register.revision(),
            ):
                raise damaged
            _note(register, backup, who)
    except PlannerError as error:
        if error.code in _DAMAGED:
            raise damaged from error
        raise


def _note(register: Register, backup: Backup, who: str) -> None:
    """Write into the restored ledger that it was restored."""

    def work(ledger: Ledger) -> None:
        if ledger.done("restore", "register") is None:
            meta = read_meta(ledger.connection)
            ledger.append("restore", ("register", "meta"), meta, meta)

    when = district_time.to_the_minute(backup.made_at)
    why = say("register.why.restored", "zh", file=backup.path.name, when=when)
    register.write(work, who=who, why=why)


def _take_the_place(aside: Path, target: Path) -> Path | None:
    ready = _ready(target)
    with writers_out(target):
        # What is left there is of a restore that was killed before it changed anything.
        shutil.rmtree(ready, ignore_errors=True)
        aside.rename(ready)
        force_folder(ready)
        force_folder(target.parent)
        kept = None
        try:
            if target.exists():
                kept = set_aside(target)
            settle(target)
        except OSError:
            if kept is not None and not target.exists():
                kept.rename(target)
            shutil.rmtree(ready, ignore_errors=True)
            raise
    with suppress(OSError):  # it is in its place; a power cut now would bring back the old one
        force_folder(target.parent)
    return kept


def _ready(target: Path) -> Path:
    return target.with_name(f".restored-{target.name}")


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlannerError(
            "register_home_not_writable", folder=target.parent, detail=error.strerror or str(error)
        ) from error
