"""Many processes editing one record: the second writer sees a conflict, no edit is lost."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from register import Register

ROOT = Path(__file__).resolve().parents[2]
COUNT_UP = """
import sys
from pathlib import Path
from geo.errors import ConflictError
from register import Register
where, folder, wanted = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
with Register(where if "://" in where else Path(where), folder) as register:
    print("ready", flush=True)
    sys.stdin.readline()
    done = conflicts = 0
    while done < wanted:
        seen = register.get("stations", "S1")
        changes = {"seats": seen["seats"] + 1}
        try:
            register.update("stations", "S1", changes, version=seen.version, who="甲")
            done += 1
        except ConflictError:
            conflicts += 1
print(conflicts)
"""


def count_up(where: str, folder: Path, processes: int, edits: int) -> None:
    database = where if "://" in where else Path(where)
    with Register.create(database, folder, name="大兴区", sort="real", who="张三") as register:
        register.add("stations", {"id": "S1", "lon": 116.3, "lat": 39.7, "seats": 0}, who="张三")
        writers = [
            subprocess.Popen(
                [sys.executable, "-W", "error", "-c", COUNT_UP, where, str(folder), str(edits)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(processes)
        ]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        start = time.perf_counter()
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()
        conflicts = sum(int(writer.communicate()[0]) for writer in writers)
        seconds = time.perf_counter() - start
        print(f"{processes * edits} edits, {conflicts} conflicts, {seconds:.1f} s")  # noqa: T201
        assert [writer.returncode for writer in writers] == [0] * processes
        last = register.get("stations", "S1")
        assert last["seats"] == processes * edits
        assert last.version == processes * edits + 1
        assert len(register.history("stations", "S1")) == processes * edits + 1
        assert conflicts > 0  # they did meet
        assert register.verify().whole


def test_no_edit_of_two_processes_is_lost(where: str, tmp_path: Path) -> None:
    count_up(where, tmp_path, processes=2, edits=100)


@pytest.mark.full
def test_no_edit_of_eight_processes_is_lost(where: str, tmp_path: Path) -> None:
    count_up(where, tmp_path, processes=8, edits=500)
