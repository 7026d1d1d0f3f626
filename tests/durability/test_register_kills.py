"""Killed at any moment: nothing that was acknowledged is lost, nothing is half there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from register import Register

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START_S = 5.0
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")


def kill(where: str, folder: Path, rounds: int, writers: int) -> dict[str, float]:
    database = where if "://" in where else Path(where)
    Register.create(database, folder, name="大兴区", sort="real", who="张三").close()
    program = Path(__file__).with_name("killed_writers.py")
    arguments = [str(program), where, str(folder), str(rounds), str(writers), "1"]
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def assert_nothing_lost(found: dict[str, float], rounds: int) -> None:
    assert found["acknowledged"] >= rounds  # they did write before they died
    assert (found["lost"], found["torn"], found["broken"]) == (0, 0, 0)


def test_killed_writers_lose_nothing(where: str, tmp_path: Path) -> None:
    assert_nothing_lost(kill(where, tmp_path / "layers", rounds=5, writers=2), 5)


@pytest.mark.full
def test_killed_writers_lose_nothing_in_1000_kills(where: str, tmp_path: Path) -> None:
    found = kill(where, tmp_path / "layers", rounds=1000, writers=4)
    print(found)  # noqa: T201 - the figures for docs/methods/register.md
    assert_nothing_lost(found, 1000)
    assert found["slowest_start_s"] <= LONGEST_START_S
