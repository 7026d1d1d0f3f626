"""The database's tables brought up to date: run whenever a register is opened."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from geo.errors import PlannerError
from register import finding
from register.engine import add_geometries, open_engine, reading, writing

_SCRIPTS = Path(__file__).resolve().parent / "migrations"


def version_of(database: Path | str) -> str | None:
    """Return the version of the tables in a database; None: it has none of ours.

    Raises
    ------
    PlannerError
        The database cannot be opened.
    """
    engine = open_engine(database)
    try:
        with reading(engine) as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that are missing, all or none; two processes may try at once.

    Raises
    ------
    PlannerError
        The database was written by a newer version of the product, or cannot be opened.
    """
    with reading(engine) as connection:
        if _is_current(connection) and finding.is_made(connection):
            return
    with writing(engine) as connection:
        if not _is_current(connection):
            command.upgrade(_config(connection), "head")
            add_geometries(connection)
        finding.make(connection)


def _is_current(connection: Connection) -> bool:
    found = MigrationContext.configure(connection).get_current_revision()
    known = _versions()
    if found is not None and found not in known:
        raise PlannerError("register_newer", revision=found)
    return found == known[0]


@cache
def _versions() -> tuple[str, ...]:
    """Return what the versions of our tables are called, newest first: every script is compiled."""
    scripts = ScriptDirectory(str(_SCRIPTS))
    return tuple(script.revision for script in scripts.walk_revisions())


def _config(connection: Connection) -> Config:
    config = Config()
    # A per cent sign in a folder's name would be read as a place to fill in.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
