import os
import sys
import time
from pathlib import Path

import pytest

from geo.errors import FileRefusedError
from jobs import JobFailedError, LimitReached, run, tell

MIB = 2**20
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs limits of a POSIX system")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces address space")


def add(left: int, right: int) -> int:
    return left + right


def chatter() -> str:
    sys.stdout.write("noise\n")
    os.write(1, b"native noise\n")
    return "answer"


def loop() -> None:
    while True:
        pass


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def devour(count: int) -> int:
    return len(bytearray(count))


def refuse(name: str) -> None:
    code = "intake_empty"
    raise FileRefusedError(code, file=name, where=len, rows=[1, 2])


def blunder() -> None:
    message = "ours"
    raise ZeroDivisionError(message)


def die() -> None:
    os.abort()


def write(path: Path, count: int) -> int:
    return path.write_bytes(bytes(count))


def hold(count: int) -> int:
    held = [os.dup(0) for _ in range(count)]
    return len(held)


def variable(name: str) -> str | None:
    return os.environ.get(name)


def test_a_value_comes_back_from_another_process() -> None:
    assert run(add, 2, 3, wall_s=30) == 5
    assert run(os.getpid, wall_s=30) != os.getpid()


def test_what_the_function_prints_does_not_mix_with_the_answer() -> None:
    assert run(chatter, wall_s=30) == "answer"


def tell_and_wait() -> str:
    tell(0.25)
    time.sleep(60)
    return "too late"


def test_whoever_watches_sees_how_far_it_is_and_ends_it() -> None:
    seen: list[float | None] = []

    def watch(share: float | None) -> bool:
        seen.append(share)
        return share is None

    with pytest.raises(LimitReached) as caught:
        run(tell_and_wait, wall_s=30, watch=watch)
    assert caught.value.limit == "cancelled"
    assert seen[-1] == 0.25
    assert run(add, 2, 3, wall_s=30, watch=lambda _share: True) == 5
    tell(0.5)  # outside a job nobody asked


def test_an_endless_sleep_is_killed_at_its_wall_clock() -> None:
    start = time.monotonic()
    with pytest.raises(LimitReached) as caught:
        run(sleep, 60.0, wall_s=1.5)
    assert caught.value.limit == "time"
    assert caught.value.value == 1.5
    assert time.monotonic() - start < 50  # it wanted 60, however busy the machine is


@posix
def test_an_endless_loop_is_stopped_at_its_processor_time() -> None:
    with pytest.raises(LimitReached) as caught:
        run(loop, wall_s=60, cpu_s=1)
    assert caught.value.limit == "cpu"


@linux
def test_memory_beyond_the_limit_is_refused() -> None:
    with pytest.raises(LimitReached) as caught:
        run(devour, 2048 * MIB, wall_s=60, memory_bytes=1024 * MIB)
    assert caught.value.limit == "memory"
    assert run(devour, 16 * MIB, wall_s=60, memory_bytes=1024 * MIB) == 16 * MIB


@posix
def test_a_process_writes_no_file_beyond_its_limit(tmp_path: Path) -> None:
    with pytest.raises((JobFailedError, LimitReached)):
        run(write, tmp_path / "large", 4096, wall_s=30, file_bytes=1024)
    with pytest.raises((JobFailedError, LimitReached)):
        run(write, tmp_path / "any", 1, wall_s=30, file_bytes=0)
    assert run(write, tmp_path / "small", 1024, wall_s=30, file_bytes=1024) == 1024
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 2048


@posix
def test_a_process_holds_no_more_files_than_its_limit() -> None:
    assert run(hold, 8, wall_s=30, open_files=32) == 8
    with pytest.raises(JobFailedError, match="Too many open files"):
        run(hold, 64, wall_s=30, open_files=32)


def test_a_process_that_dies_is_a_limit_reached() -> None:
    with pytest.raises(LimitReached) as caught:
        run(die, wall_s=30)
    assert caught.value.limit == "crash"


def test_an_error_for_people_arrives_with_its_code_and_plain_facts() -> None:
    with pytest.raises(FileRefusedError) as caught:
        run(refuse, "a.csv", wall_s=30)
    assert caught.value.code == "intake_empty"
    assert caught.value.facts["file"] == "a.csv"
    assert caught.value.facts["rows"] == [1, 2]
    assert isinstance(caught.value.facts["where"], str)


def test_an_error_of_ours_arrives_with_its_traceback() -> None:
    with pytest.raises(JobFailedError, match="ZeroDivisionError") as caught:
        run(blunder, wall_s=30)
    assert "in blunder" in caught.value.trace


def test_the_environment_is_set_before_anything_is_imported() -> None:
    assert run(variable, "OGR_SKIP", wall_s=30, environment={"OGR_SKIP": "VRT"}) == "VRT"
    assert run(variable, "OGR_SKIP", wall_s=30) == os.environ.get("OGR_SKIP")
