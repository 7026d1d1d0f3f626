"""A server that crashes and is started again while people save: done once, or told that it was not.

It starts a server of its own, which only Debian's programs can do.
"""

import os
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from geo.errors import PlannerError
from register import Register

SCRIPT = Path(__file__).resolve().parents[2] / ".ci" / "postgres"
LOST = {"register_connection_lost", "register_not_reachable"}

if not os.environ.get("WARM_STATION_POSTGRES") or shutil.which("apt-get") is None:
    pytest.skip(
        "WARM_STATION_POSTGRES names no server, or this is not Debian: no server was started again",
        allow_module_level=True,
    )


def control(*words: str) -> str:
    done = subprocess.run([str(SCRIPT), *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def server() -> Iterator[str]:
    url = control("start")
    yield url
    control("stop", url)


def save_on(register: Register, stop: threading.Event, notes: dict[str, str]) -> None:
    """Save one candidate after the other; note what became of each."""
    turn = 0
    while not stop.is_set():
        turn += 1
        name = f"{register.folder.name}-{turn}"
        try:
            register.add_candidate(116.3, 39.7, name=name, who="张三")
            notes[name] = "saved"
        except PlannerError as error:
            notes[name] = error.code


def crash(server: str, folder: Path, times: int, writers: int) -> dict[str, str]:
    """Crash the server so often under so many writers; return what became of each candidate."""
    notes: dict[str, str] = {}
    stop = threading.Event()
    with ExitStack() as opened:
        own = Register.create(server, folder, name="大兴区", sort="real", who="张三")
        opened.enter_context(own)
        others = [
            opened.enter_context(Register(server, folder / f"w{number}"))
            for number in range(writers)
        ]
        threads = [threading.Thread(target=save_on, args=(other, stop, notes)) for other in others]
        for thread in threads:
            thread.start()
        for _time in range(times):
            stop.wait(0.5)
            control("restart", server, "immediate")
        stop.wait(0.5)
        stop.set()
        for thread in threads:
            thread.join()
        stored = Counter(str(record["name"]) for record in own.records("candidates"))
        assert own.verify().whole
    saved = {name for name, note in notes.items() if note == "saved"}
    assert {stored[name] for name in saved} == {1}
    assert set(stored.values()) == {1}
    # Nobody knows of these alone: the connection broke a second time.
    assert stored.keys() - saved <= {n for n, note in notes.items() if note in LOST}
    assert set(notes.values()) <= {"saved", *LOST}
    return notes


def test_a_server_that_crashes_twice_doubles_and_loses_nothing(server: str, tmp_path: Path) -> None:
    assert len(crash(server, tmp_path, times=2, writers=2)) > 10


@pytest.mark.full
def test_a_server_that_crashes_30_times_doubles_and_loses_nothing(
    server: str, tmp_path: Path
) -> None:
    notes = crash(server, tmp_path, times=30, writers=4)
    print(Counter(notes.values()))  # noqa: T201 - for docs/methods/register.md
