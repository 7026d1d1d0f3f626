"""`Home`: the folder that holds the sample and the district, two registers that never mix."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from geo.errors import InputError, PlannerError
from register.layers import force_folder
from register.register import Register
from register.sample import SAMPLE_MAKER, SHIPPED_SAMPLE, read_sample, sample_name
from words import say

HOME_VARIABLE = "WARM_STATION_HOME"
"""Environment variable that names the folder."""

DATABASE_VARIABLE = "WARM_STATION_DATABASE"
"""Environment variable that names the database of a team, as a URL; without it: a file."""

_DATABASE = "register.db"
_LAYERS = "layers"
_ASIDE = ".making-"
_ASIDE_S = 3600.0  # making a project takes seconds; what is older has no maker any more


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
        if not self._database("sample").exists():
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
        return self._open("district") if self._database("district").exists() else None

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
                folder / _DATABASE, folder / _LAYERS, name=name, sort="real", who=maker
            ).close()

        if self._database("district").exists() or not self._build("district", make):
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
        stamp = f"{datetime.now(UTC).astimezone():%Y%m%d-%H%M%S}"
        aside = self.folder / f"district-{stamp}"
        number = 1
        while aside.exists():
            number += 1
            aside = self.folder / f"district-{stamp}-{number}"
        try:
            district.rename(aside)
        except OSError as error:
            raise PlannerError(
                "register_home_not_writable", folder=self.folder, detail=error.strerror
            ) from error
        force_folder(self.folder)
        return aside

    def _make_sample(self, folder: Path) -> None:
        contents = read_sample(self._shipped)
        name = sample_name(self._shipped)
        with Register.create(
            folder / _DATABASE, folder / _LAYERS, name=name, sort="sample", who=SAMPLE_MAKER
        ) as register:
            register.fill(contents, who=SAMPLE_MAKER, why=say("register.why.shipped", "zh"))

    def _database(self, project: str) -> Path:
        return self.folder / project / _DATABASE

    def _open(self, project: str) -> Register:
        folder = self.folder / project
        return Register(folder / _DATABASE, folder / _LAYERS, sample=self._shipped)

    def _open_team(self, database: str) -> Register | None:
        try:
            return Register(database, self._team_files(), sample=self._shipped)
        except PlannerError as error:
            if error.code == "register_empty":
                return None
            raise

    def _team_files(self) -> Path:
        """Return the folder of the copies of a team's files; named by their hashes, never mixed."""
        return self.folder / "team" / _LAYERS

    def _build(self, project: str, make: Callable[[Path], None]) -> bool:
        """Make a project aside and put it in place whole; False: another process was first."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            aside = Path(tempfile.mkdtemp(dir=self.folder, prefix=_ASIDE))
        except OSError as error:
            raise PlannerError(
                "register_home_not_writable", folder=self.folder, detail=error.strerror
            ) from error
        try:
            make(aside)
            force_folder(aside)
            return self._put_in_place(aside, self.folder / project)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what a process left that was killed while it made a project."""
        for left in self.folder.glob(f"{_ASIDE}*"):
            with suppress(FileNotFoundError):  # another process has just put it in place
                if time.time() - left.stat().st_mtime > _ASIDE_S:
                    shutil.rmtree(left, ignore_errors=True)

    def _put_in_place(self, aside: Path, target: Path) -> bool:
        try:
            aside.rename(target)
        except OSError as error:
            if (target / _DATABASE).exists():
                return False
            raise PlannerError(
                "register_home_not_writable", folder=self.folder, detail=error.strerror
            ) from error
        force_folder(self.folder)
        return True
