"""Which register a command is about: the options that name it, and the register opened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.options import PLACE, Settings
from commands.usage import Misuse
from words import say

if TYPE_CHECKING:  # databases take their time
    from geo.intake.units import UnitNames
    from register import Home, Register
    from register.home import Project

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Place:
    """The options that name a register."""

    database: str | None
    home: Path | None
    sample: bool

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> "Place":
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})

    @classmethod
    def named_by(cls, settings: Settings) -> "Place":
        """Return the register that a command takes its data from."""
        return cls(settings.database, settings.home, settings.sample)

    @property
    def project(self) -> "Project":
        """Which of the two registers of a home."""
        return "sample" if self.sample else "district"

    def at_home(self) -> "Home":
        """Return where the register lives.

        Raises
        ------
        Misuse
            `--database` does not say `postgresql://`.
        """
        from register import Home  # noqa: PLC0415 -- start-up

        if self.database is not None and "://" not in self.database:
            raise Misuse("register_database_form", given=self.database)
        return Home(self.home, database=self.database)

    def units(self) -> "UnitNames | None":
        """Return the register's own list of units; None: nobody has made the register yet."""
        home = self.at_home()
        register = home.open_sample() if self.sample else home.open_district()
        if register is None:
            return None
        with register:
            return register.unit_names()

    @contextmanager
    def opened(self) -> "Iterator[Register]":
        """Open the register, and close it in the end.

        Raises
        ------
        InputError
            `register_empty`: nobody has made one.
        PlannerError
            It cannot be opened.
        """
        from geo.errors import InputError  # noqa: PLC0415 -- start-up

        home = self.at_home()
        register = home.open_sample() if self.sample else home.open_district()
        if register is None:
            raise InputError("register_empty")
        with register:
            yield register


def placed(command: _Command) -> _Command:
    """Add the options that name a register."""
    for option in reversed(PLACE):
        command = option(command)
    return command


def signed(command: _Command) -> _Command:
    """Add who changes something, and why."""
    command = click.option("--why", default="", help="原因，记入台账 / for the ledger")(command)
    return click.option("--who", help="经办人，记入台账 / for the ledger")(command)


def named(who: str | None) -> str:
    """Return whom the ledger names: as given, or whoever sits at this computer."""
    return who or say("register.local_user", "zh")
