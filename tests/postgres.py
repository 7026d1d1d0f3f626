"""Fixtures of a PostgreSQL server, for the register: WARM_STATION_POSTGRES names it."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url

from register.engine import open_engine
from register.schema import bring_up_to_date

BOTH = ["sqlite", "postgresql"] if os.environ.get("WARM_STATION_POSTGRES") else ["sqlite"]
"""Without a server test_register_postgres.py says what was left out: once, not for each test."""


@pytest.fixture(scope="session")
def postgres() -> URL:
    """Return a PostgreSQL server on which databases may be made; without it skip."""
    server = os.environ.get("WARM_STATION_POSTGRES")
    if not server:
        pytest.skip("WARM_STATION_POSTGRES names no server: see .ci/postgres")
    return make_url(server).set(drivername="postgresql+psycopg")


@contextmanager
def database_on(server: URL, template: str | None = None) -> Iterator[str]:
    """Make a database, give its URL, remove it in the end."""
    name = f"wsp_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        source = f" TEMPLATE {template}" if template else ""
        connection.exec_driver_sql(f"CREATE DATABASE {name}{source}")
    try:
        url = server.set(drivername="postgresql", database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


@pytest.fixture(scope="session")
def template(postgres: URL) -> Iterator[str]:
    """Return the name of a database that has all tables: others are copied from it in no time."""
    with database_on(postgres) as url:
        engine = open_engine(url)
        bring_up_to_date(engine)
        engine.dispose()
        yield str(make_url(url).database)


@pytest.fixture
def team_database(postgres: URL, template: str) -> Iterator[str]:
    """Return the URL of a database of one's own, with all tables and no register yet."""
    with database_on(postgres, template) as url:
        yield url


@pytest.fixture(params=BOTH)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return what names a database on a command line: a file, and a URL where there is a server."""
    if request.param == "sqlite":
        return str(tmp_path / "register.db")
    url: str = request.getfixturevalue("team_database")
    return url


@pytest.fixture
def new_database(postgres: URL) -> Iterator[Callable[[], str]]:
    """Return a maker of databases as the server makes them: nothing in them."""
    with ExitStack() as made:
        yield lambda: made.enter_context(database_on(postgres))
