"""Where the register is that commands are about: a folder, and a team's database."""

from pathlib import Path

import pytest

from tests.postgres import BOTH, postgres, team_database, template

__all__ = ["postgres", "team_database", "template"]


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> list[object]:
    """Return the options that name a register; on a server the folder holds copies of files."""
    home: list[object] = ["--home", tmp_path / "home"]
    if request.param == "sqlite":
        return home
    return [*home, "--database", request.getfixturevalue("team_database")]
