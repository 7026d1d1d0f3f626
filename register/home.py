"""`Home`: the folder that holds the sample and the district, two registers that never mix."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from geo.errors import InputError, PlannerError
from register import backup, restore
from register.accounts import FILE as ACCOUNTS
from register.aside import aside_in
from register.backup import DATABASE, FILES, Backup
from register.layers import force_folder
from register.register import Register
from register.restore import Restored
from register.sample import SAMPLE_MAKER, SHIPPED_SAMPLE, read_sample, sample_name
from register.schema import version_of
from words import say

HOME_VARIABLE = "WARM_STATION_HOME"
"""Environment variable that names the folder."""

DATABASE_VARIABLE = "WARM_STATION_DATABASE"
"""Environment variable that names the database of a team, as a URL; without it: a file."""

BACKUPS_VARIABLE = "WARM_STATION_BACKUPS"
"""Environment variable that names the folder of backups: better on another disk."""

Project = Literal["sample", "district"]

_BACKUPS = "backups"


def default_folder() -> Path:
    """Return the folder that WARM_STATION_HOME names, else `var` beside the app."""
    named = os.environ.get(HOME_VARIABLE, "")
    return Path(named) if named else Path(__file__).resolve().parents[1] / "var"


class Home:
    """Where the registers of one installation live.

    Parameters
    ----------
    folder
        Made when first needed; None: `default_folder()`. It must be on a local disk.
    sample
        The shipped sample; read only.
    database
        URL of the database that holds a team's district, layer files included; the folder then
        holds copies of those. None: a file in the folder, unless the folder is None, too, and
        WARM_STATION_DATABASE names one.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        sample: Path = SHIPPED_SAMPLE,
        database: str | None = None,
    ) -> None:
        if folder is None and database is None:
            database = os.environ.get(DATABASE_VARIABLE)
        self.folder = default_folder() if folder is None else folder
        self._team = database or None
        self._shipped = sample

    def open_sample(self) -> Register:
        """Open this installation's copy of the sample; the first time it is made.

        What people added to it stays until `reset_sample`. Two processes may come at once.

        Raises
        ------
        PlannerError
            The shipped sample is missing, or the folder cannot be written.
        """
        if not self._exists("sample"):
            self._build("sample", self._make_sample)
        return self._open("sample")

    def reset_sample(self, *, who: str) -> Register:
        """Bring the sample back to what was shipped; it can be undone, event by event.

        Whoever has the sample open sees the change: nothing is done behind anybody's back.

        Raises
        ------
        PlannerError
            As `open_sample`.
        """
        register = self.open_sample()
        try:
            contents = read_sample(self._shipped)
            register.fill(contents, who=who, why=say("register.why.reset", "zh"))
        except BaseException:
            register.close()
            raise
        return register

    def open_district(self) -> Register | None:
        """Open the district's own register; None: nobody has created one.

        Raises
        ------
        PlannerError
            It cannot be opened.
        """
        if self._team is not None:
            return self._open_team(self._team)
        return self._open("district") if self._exists("district") else None

    def create_district(self, name: str, *, who: str = "") -> Register:
        """Create the district's own register, empty.

        Raises
        ------
        InputError
            There is one already, or `name` is empty.
        PlannerError
            The folder cannot be written.
        """
        maker = who or say("register.local_user", "zh")
        if self._team is not None:
            files = self._team_files()
            Register.create(self._team, files, name=name, sort="real", who=maker).close()
            return Register(self._team, files, sample=self._shipped)

        def make(folder: Path) -> None:
            Register.create(
                folder / DATABASE, folder / FILES, name=name, sort="real", who=maker
            ).close()

        if self._exists("district") or not self._build("district", make):
            raise InputError("register_exists")
        return self._open("district")

    def set_aside_district(self) -> Path:
        """Move the district's register to a dated folder beside it; a new one can then be created.

        Nothing is deleted. Close every `Register` of the district first.

        Returns
        -------
        Path
            The folder that holds it from now on: give it its old name to have it back.

        Raises
        ------
        PlannerError
            There is none, or the folder cannot be written.
        """
        if self._team is not None:
            raise PlannerError("register_team_set_aside")
        district = self.folder / "district"
        try:
            with restore.writers_out(district):
                aside = restore.set_aside(district)
        except OSError as error:
            raise self._not_writable(error) from error
        force_folder(self.folder)
        return aside

    @property
    def on_server(self) -> bool:
        """Whether the district lives in a database on a server, which is backed up there."""
        return self._team is not None

    @property
    def accounts_at(self) -> Path | str:
        """Where the accounts are: a file here, or a team's database."""
        return self._team or self.folder / ACCOUNTS

    @property
    def backups_folder(self) -> Path:
        """Where backups are: the folder that WARM_STATION_BACKUPS names, else `backups` here."""
        named = os.environ.get(BACKUPS_VARIABLE, "")
        return Path(named) if named else self.folder / _BACKUPS

    def back_up(self, register: Register, *, daily: bool = False) -> Backup:
        """Write a backup of a register while others go on writing, and check it.

        Parameters
        ----------
        daily
            Whether the schedule asks, which removes its own old ones (`prune`).

        Raises
        ------
        PlannerError
            The register itself is damaged, lives on a server, or the disk refuses; there is no new
            backup then, and the old ones are as they were.
        """
        return register.back_up(self.backups_folder, daily=daily)

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups that are there, of whichever register, newest first."""
        return backup.listed(self.backups_folder)

    def restore(self, path: Path, *, who: str, project: Project = "district") -> Restored:
        """Put the register of a backup in the place of a project's, which is set aside whole.

        Raises
        ------
        FileRefusedError
            It is not a backup of ours, is damaged, was written by a newer version, or is of the
            other project. Nothing was changed.
        PlannerError
            The disk is full or refuses, somebody is writing, or the district lives on a server.
            Nothing was changed.
        """
        if self._team is not None and project == "district":
            raise PlannerError("register_restore_elsewhere")
        return restore.restore(
            path,
            self.folder / project,
            synthetic=project == "sample",
            sample=self._shipped,
            who=who,
        )

    def migrate(self, project: Project = "district") -> tuple[str | None, str | None]:
        """Bring the tables of a project up to date, as every opening does.

        Returns
        -------
        tuple
            The version of the tables before and after; None: there were none.

        Raises
        ------
        InputError
            There is no such register.
        PlannerError
            It cannot be opened, is damaged, or was written by a newer version.
        """
        if project == "district" and self._team is not None:
            database: Path | str = self._team
        elif self._exists(project):
            database = self.folder / project / DATABASE
        else:
            raise InputError("register_empty")
        before = version_of(database)
        with self.open_sample() if project == "sample" else self._required():
            return before, version_of(database)

    def _required(self) -> Register:
        register = self.open_district()
        if register is None:
            raise InputError("register_empty")
        return register

    def _make_sample(self, folder: Path) -> None:
        contents = read_sample(self._shipped)
        name = sample_name(self._shipped)
        with Register.create(
            folder / DATABASE, folder / FILES, name=name, sort="sample", who=SAMPLE_MAKER
        ) as register:
            register.fill(contents, who=SAMPLE_MAKER, why=say("register.why.shipped", "zh"))

    def _open(self, project: Project) -> Register:
        folder = self.folder / project
        return Register(folder / DATABASE, folder / FILES, sample=self._shipped)

    def _open_team(self, database: str) -> Register | None:
        try:
            return Register(database, self._team_files(), sample=self._shipped)
        except PlannerError as error:
            if error.code == "register_empty":
                return None
            raise

    def _team_files(self) -> Path:
        """Return the folder of the copies of a team's files; named by their hashes, never mixed."""
        return self.folder / "team" / FILES

    def _build(self, project: Project, make: Callable[[Path], None]) -> bool:
        """Make a project aside and put it in place whole; False: another process was first."""
        try:
            with aside_in(self.folder) as aside:
                make(aside)
                force_folder(aside)
                return self._put_in_place(aside, self.folder / project)
        except OSError as error:
            raise self._not_writable(error) from error

    def _put_in_place(self, aside: Path, target: Path) -> bool:
        try:
            aside.rename(target)
        except OSError:
            if (target / DATABASE).exists():
                return False
            raise
        force_folder(self.folder)
        return True

    def _exists(self, project: Project) -> bool:
        try:
            restore.settle(self.folder / project)
        except OSError as error:
            raise self._not_writable(error) from error
        return (self.folder / project / DATABASE).exists()

    def _not_writable(self, error: OSError) -> PlannerError:
        return PlannerError(
            "register_home_not_writable", folder=self.folder, detail=error.strerror or str(error)
        )
