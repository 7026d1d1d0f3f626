"""A disk that fails or kills: run as a program, with faulty_disk.c preloaded, by the fault tests.

    failing_disk.py LIBRARY NUMBER,NUMBER,… (HOME DEED ERROR)…

Each round takes a fresh copy of the prepared home, arms the disk for the n-th call, does one of
`DEEDS` and compares what is there with what was said to be stored: on the register that is still
open, and on one opened anew. Prints one JSON object.
"""

import ctypes
import errno
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import pandas as pd

from geo.errors import PlannerError
from register import Home, Register
from register.backup import unpack
from register.tables import DECIDED_ON
from siting.model import LayerSource

WRITES, READS = 1, 2
ADDS, TABLES, ROWS = 60, 3, 400
State = dict[str, dict[str, Any]]


def state_of(register: Register) -> State:
    """Return every record that a decision reads, as its event would tell it."""
    return {
        kind: {record.id: record.facts() for record in register.records(kind, deleted=True)}
        for kind in DECIDED_ON
    }


def add_some(_home: Home, register: Register, expected: State) -> None:
    """Add candidates one by one; what was acknowledged is expected from then on."""
    for number in range(ADDS):
        added = register.add_candidate(116.3, 39.7, name=f"新{number}" + "字" * 500, who="张三")
        expected["candidates"][added.id] = added.facts()


def import_some(_home: Home, register: Register, expected: State) -> None:
    """Import tables of hosts, each all or nothing."""
    for number in range(TABLES):
        names = [f"H{number}-{row}" for row in range(ROWS)]
        table = pd.DataFrame({"id": names, "name": names, "lon": 116.3, "lat": 39.7})
        register.put_records("hosts", table, LayerSource("hosts", "台账"), who="张三")
        expected["hosts"] = state_of(register)["hosts"]


def back_up(home: Home, register: Register, _expected: State) -> None:
    """Write a backup: the register is as it was, whatever becomes of it."""
    home.back_up(register)


def restore(home: Home, _register: Register, expected: State) -> None:
    """Restore the backup that the home came with, made before there was any candidate."""
    home.restore(home.backups()[-1].path, who="张三")
    expected["candidates"] = {}


def open_it(home: Home, _register: Register, _expected: State) -> None:
    """Open the register: one of an old version is brought up to date."""
    opened = home.open_district()
    if opened is not None:
        opened.close()


DEEDS: dict[str, Callable[[Home, Register, State], None]] = {
    "adds": add_some,
    "imports": import_some,
    "backup": back_up,
    "restore": restore,
    "migration": open_it,
}


@dataclass
class Found:
    """What the rounds found; nothing should be `wrong`."""

    rounds: int = 0
    reached: int = 0
    refused: int = 0
    codes: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Trial:
    """One deed on one prepared home, with a disk that fails in one way."""

    def __init__(self, library: Path, prepared: Path, deed: str, error: str) -> None:
        self.library = ctypes.CDLL(str(library))
        self.library.disk_is_well.restype = ctypes.c_long
        self.prepared, self.deed, self.error = prepared, deed, error
        self.found = Found()
        self.before: State = self._state(self._fresh()) or {}  # nothing equals nothing

    def round(self, number: int) -> None:
        """Fail at the n-th call, and look at what is left."""
        home = self._fresh()
        self.found.rounds += 1
        deed = self._killed if self.error == "KILL" else self._failed
        allowed = deed(home, number)
        if self._state(home) not in allowed:
            self.found.wrong.append(f"{number}: opened anew")
        with closing(_open(home)) as register:  # and work goes on
            register.add_candidate(116.3, 39.7, name="之后", who="张三")
            if self.deed == "backup":
                home.back_up(register)
        for place, made in enumerate(home.backups()):
            scratch = home.folder / f"unpacked-{place}"
            scratch.mkdir()
            unpack(made.path, scratch)

    def _fresh(self) -> Home:
        folder = self.prepared.with_name("trial")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.prepared, folder)
        return Home(folder)

    def _state(self, home: Home) -> State | None:
        with closing(_open(home)) as register:
            return state_of(register) if register.verify().whole else None

    def _arm(self, home: Home, number: int) -> None:
        what = READS if self.error == "READ" else WRITES
        code = {"ENOSPC": errno.ENOSPC, "KILL": 0}.get(self.error, errno.EIO)
        below = str(home.folder).encode()
        # A full disk stays full; a bad sector is met once.
        self.library.disk_fails(below, what, ctypes.c_long(number), code, code == errno.ENOSPC)

    def _failed(self, home: Home, number: int) -> list[State]:
        expected = {kind: dict(records) for kind, records in self.before.items()}
        with ExitStack() as opened:
            # An old version is brought up to date when it is opened: that is the deed then.
            old = self.deed == "migration"
            register = None if old else opened.enter_context(closing(_open(home)))
            self._arm(home, number)
            try:
                DEEDS[self.deed](home, cast("Register", register), expected)
            except PlannerError as error:
                self.found.refused += 1
                self.found.codes[error.code] = self.found.codes.get(error.code, 0) + 1
            self.found.reached += self.library.disk_is_well() >= number
            # A disk that refuses to take back a renaming, too, leaves a restore to be finished.
            stuck = self.deed == "restore" and self.error == "ENOSPC" and expected == self.before
            if register is not None and not stuck and state_of(register) != expected:
                self.found.wrong.append(f"{number}: still open")
        return [expected, self._after()] if stuck else [expected]

    def _killed(self, home: Home, number: int) -> list[State]:
        child = os.fork()
        if child == 0:
            register = None if self.deed == "migration" else _open(home)
            self._arm(home, number)
            DEEDS[self.deed](home, cast("Register", register), {})
            os._exit(0)
        _, status = os.waitpid(child, 0)
        self.found.reached += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        return [self.before, self._after() if self.deed == "restore" else self.before]

    def _after(self) -> State:
        """Return the state that a restore brings."""
        return {**self.before, "candidates": {}}


def _open(home: Home) -> Register:
    opened = home.open_district()
    if opened is None:
        message = "the district is gone"
        raise AssertionError(message)
    return opened


def main(library: Path, numbers: list[int], trials: list[str]) -> None:
    """Run one round for each number and each trial (home, deed, error); print what was found."""
    found = {}
    for home, deed, error in zip(*[iter(trials)] * 3, strict=True):
        trial = Trial(library, Path(home), deed, error)
        for number in numbers:
            trial.round(number)
        found[f"{deed} {error}"] = asdict(trial.found)
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201 - our answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(n) for n in sys.argv[2].split(",")], sys.argv[3:])
