"""Full checks and backups in a process of their own: the app answers people meanwhile.

A million events take half a minute of a core, most of it in Python, which would hold up every
other thread of the process.
"""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final, TypeVar

import jobs
from geo.errors import PlannerError
from jobs import JobFailedError, LimitReached
from register.backup import Backup
from register.reader import Reader
from register.verification import Verification

LONGEST_S: Final = 3600.0
"""How long a full check or a backup may take, seconds by the wall clock."""

_POLITE = 10  # of the operating system's niceness: people come first
_Result = TypeVar("_Result")

Watch = Callable[[float | None], bool]
"""Called several times a second with the share (0..1) that is done; False ends the work."""


def check(register: Reader, watch: Watch) -> Verification | None:
    """Compare everything with what the ledger says, as `Reader.verify`, in another process.

    Its `health` counts what was found. None: `watch` ended it.

    Raises
    ------
    PlannerError
        The register cannot be opened there, or the process died or took too long.
    """
    found = _aside(verified, register.database, register.folder, watch=watch)
    if found is not None:
        register.take_verification(found)
    return found


def back_up(register: Reader, folder: Path, *, daily: bool, watch: Watch) -> Backup | None:
    """Write a backup, as `Reader.back_up`, in another process. None: `watch` ended it.

    Raises
    ------
    PlannerError
        As `Reader.back_up`, or the process died or took too long.
    """
    return _aside(backed_up, register.database, register.folder, folder, daily, watch=watch)


def verified(database: Path | str, folder: Path) -> Verification:
    """Verify a register: the function of a job.

    Raises
    ------
    PlannerError
        It cannot be opened.
    """
    _step_back()
    with Reader(database, folder) as register:
        return register.verify(jobs.tell)


def backed_up(database: Path | str, files: Path, folder: Path, daily: bool) -> Backup:  # noqa: FBT001 - a job's arguments have no names
    """Write a backup: the function of a job.

    Raises
    ------
    PlannerError
        As `Reader.back_up`.
    """
    _step_back()
    with Reader(database, files) as register:
        return register.back_up(folder, daily=daily)


class FullCheck:
    """One full check at a time, and how far it is; threads may share it.

    Attributes
    ----------
    share
        What of the check that runs now is done, 0..1; None: none runs.
    stopped
        Whether somebody ended the last one.
    failure
        Why the last one could not be done.
    """

    def __init__(self) -> None:
        self.share: float | None = None
        self.stopped = False
        self.failure: PlannerError | None = None
        self._going = Lock()

    def start(self, register: Reader) -> None:
        """Check in a thread that waits for the other process."""
        self.share = 0.0 if self.share is None else self.share
        Thread(target=self.run, args=(register,), name="full check", daemon=True).start()

    def run(self, register: Reader) -> None:
        """Check now, and return when it is done; while one runs, nothing is done."""
        if not self._going.acquire(blocking=False):
            return
        try:
            self.share, self.stopped, self.failure = 0.0, False, None
            check(register, self._seen)
        except PlannerError as error:
            self.failure = error
        finally:
            self.share = None
            self._going.release()

    def stop(self) -> None:
        """End the check that runs; its process is killed within a moment."""
        self.stopped = True

    def _seen(self, share: float | None) -> bool:
        self.share = share or self.share
        return not self.stopped


def _aside(function: Callable[..., _Result], *args: Any, watch: Watch) -> _Result | None:  # noqa: ANN401 - whatever the function takes
    try:
        return jobs.run(function, *args, wall_s=LONGEST_S, watch=watch)
    except LimitReached as error:
        if error.limit == "cancelled":
            return None
        raise PlannerError("register_check_ended", detail=str(error)) from error
    except JobFailedError as error:
        raise PlannerError("register_check_ended", detail=error.kind) from error


def _step_back() -> None:
    """Leave the processor to those who answer people."""
    if hasattr(os, "nice"):
        os.nice(_POLITE)
