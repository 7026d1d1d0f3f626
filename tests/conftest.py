"""What all tests share: where outside data are, and how hypothesis runs."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import alembic.command
import pytest
from hypothesis import HealthCheck, settings

from tests.many import ALL, many
from tests.ready_tables import repeating

settings.register_profile(
    ALL, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("house", settings.get_profile(ALL), max_examples=many(100))
settings.load_profile("house")  # `--hypothesis-profile=all` takes its place before tests are read

os.environ.pop("WARM_STATION_DATABASE", None)  # no test ever touches a team's database


@pytest.fixture(scope="session", autouse=True)
def tables_made_once() -> Iterator[None]:
    """Let a worker run the register's migrations for its first new file and repeat their outcome.

    A test makes a register in a hundredth of a second then; processes of their own run them all.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alembic.command, "upgrade", repeating(alembic.command.upgrade))
        yield


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in the test's own process, for tests of what is read and not of the guard.

    A process for every file takes half a second each; `tests/hostile` reads every format in one.
    """

    def here(function: Callable[..., object], *args: object, **_: object) -> object:
        return function(*args)

    monkeypatch.setattr("geo.intake.guarded.guard", here)


@pytest.fixture(scope="session")
def outside_data() -> Path:
    """Return the folder of real files for judging; without it skip, or fail where it must be."""
    folder = os.environ.get("WARM_STATION_DATA")
    if folder and Path(folder).is_dir():
        return Path(folder)
    missing = "WARM_STATION_DATA names no folder: the real files for judging are not here"
    if os.environ.get("CI_REQUIRES_OUTSIDE_DATA"):
        pytest.fail(missing)
    pytest.skip(missing)
