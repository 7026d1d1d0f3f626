"""The daily backup: made while the app's server runs, its failures kept until they are told.

It and the full check run in processes of their own (`checking`).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread

from geo.errors import PlannerError
from register import backup, checking
from register.backup import Backup
from register.checking import FullCheck
from register.home import Home
from register.register import Register

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Schedule:
    """When the district is backed up, and how many of these backups are kept.

    Attributes
    ----------
    every
        Age from which the last backup is too old, if anything has been changed since.
    keep
        How many daily backups of one register are kept; those made by hand are never removed.
    look
        How often the server looks whether a backup is due; after a failure it tries again then.
    first
        How long after its start the server looks for the first time: people come first.
    """

    every: timedelta = timedelta(days=1)
    keep: int = 14
    look: timedelta = timedelta(minutes=15)
    first: timedelta = timedelta(minutes=1)


DAILY = Schedule()


@dataclass(frozen=True)
class Failure:
    """A backup that could not be made."""

    at: datetime
    error: PlannerError


class Keeper:
    """Backs up the district by a schedule, and checks it in full once after it was opened.

    Parameters
    ----------
    home
        Where backups go.
    district
        Returns the district's register as it is open in this process; None: there is none.
    """

    def __init__(
        self, home: Home, district: Callable[[], Register | None], schedule: Schedule = DAILY
    ) -> None:
        self.schedule = schedule
        self.failure: Failure | None = None
        self.full_check = FullCheck()
        self._home = home
        self._district = district
        self._end = Event()
        self._starting = Lock()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Look at the clock in a thread of its own from now on; a second call changes nothing."""
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="daily backup", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread, and what it is at: a backup appears whole or not at all."""
        self._end.set()
        self.full_check.stop()
        if self._thread is not None:
            self._thread.join()

    def look(self, now: datetime) -> Backup | None:
        """Check the register if nobody has yet, and back it up if that is due; return the backup.

        What goes wrong is kept in `failure` until a backup succeeds.
        """
        try:
            made = self._look(now)
        except PlannerError as error:
            _LOG.warning("no daily backup: %s", error)
            self.failure = Failure(now, error)
            return None
        if made is not None:
            self.failure = None
        return made

    def _look(self, now: datetime) -> Backup | None:
        register = self._district()
        if register is None:
            return None
        if not register.health.checked and not self.full_check.stopped:
            self.full_check.run(register)
        if self._home.on_server or not self._is_due(register, now):
            return None
        made = checking.back_up(
            register, self._home.backups_folder, daily=True, watch=self._goes_on
        )
        if made is None:
            return None
        backup.prune(self._home.backups_folder, made.register, self.schedule.keep)
        return made

    def _goes_on(self, _share: float | None) -> bool:
        return not self._end.is_set()

    def _is_due(self, register: Register, now: datetime) -> bool:
        """Tell whether something has been changed since a backup that is too old, or ever."""
        own = register.backups_in(self._home.backups_folder)
        if not own:
            return register.revision() > 1  # the first event is that it was created
        fresh = timedelta(0) <= now - own[0].made_at < self.schedule.every
        return not fresh and own[0].head != register.head()

    def _run(self) -> None:
        wait = self.schedule.first
        while not self._end.wait(wait.total_seconds()):
            self.look(datetime.now(UTC))
            wait = self.schedule.look
