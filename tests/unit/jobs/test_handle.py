import os
import sys
import time

import pytest

from geo.errors import FileRefusedError
from jobs import JobFailedError, LimitReached, prepare, report, start
from jobs.handle import _IDLE

MIB = 2**20
posix = pytest.mark.skipif(sys.platform == "win32", reason="asks for processes of a POSIX system")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces address space")


def count_up(most: int) -> int:
    for number in range(most + 1):
        report(number)
    return most


def report_and_wait(content: object, seconds: float) -> None:
    report(content)
    time.sleep(seconds)


def report_and_die() -> None:
    report(os.getpid())
    os.abort()


def devour(count: int) -> int:
    report("before")
    return len(bytearray(count))


def refuse() -> None:
    code = "intake_empty"
    raise FileRefusedError(code, file="a.csv")


def blunder() -> None:
    message = "ours"
    raise ZeroDivisionError(message)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_value_comes_back_and_the_last_report_stays() -> None:
    job = start(count_up, 3, wall_s=60)
    assert job.result() == 3
    assert job.told == 3
    assert job.over()
    report("nobody reads this")  # outside a job


def test_a_process_that_has_answered_serves_the_next_call() -> None:
    process = start(os.getpid, wall_s=60).result()
    assert start(os.getpid, wall_s=60).result() == process != os.getpid()


def test_two_jobs_at_once_have_a_process_each() -> None:
    first, second = start(os.getpid, wall_s=60), start(os.getpid, wall_s=60)
    assert first.result() != second.result()


@posix
def test_a_cancelled_job_is_gone_at_once_and_what_it_reported_stays() -> None:
    job = start(report_and_wait, "so far", 60.0, wall_s=60)
    while job.told is None:
        job.over(0.05)
    process = job._server.process.pid
    begun = time.monotonic()
    job.cancel()
    assert time.monotonic() - begun < 30  # it would have slept for a minute
    assert job.told == "so far"
    assert not alive(process)
    with pytest.raises(LimitReached) as caught:
        job.result()
    assert caught.value.limit == "cancelled"


def test_a_job_that_hangs_is_killed_at_its_limit() -> None:
    job = start(report_and_wait, "so far", 60.0, wall_s=0.4)
    with pytest.raises(LimitReached) as caught:
        job.result()
    assert caught.value.limit == "time"
    assert caught.value.value == 0.4


@posix
def test_a_job_that_dies_leaves_what_it_reported() -> None:
    job = start(report_and_die, wall_s=60)
    with pytest.raises(LimitReached) as caught:
        job.result()
    assert caught.value.limit == "crash"
    assert isinstance(job.told, int)
    assert not alive(job.told)


@linux
def test_memory_beyond_the_limit_is_refused_and_the_next_call_has_its_own() -> None:
    job = start(devour, 2048 * MIB, wall_s=60, memory_bytes=1024 * MIB)
    with pytest.raises(LimitReached) as caught:
        job.result()
    assert caught.value.limit == "memory"
    assert job.told == "before"
    assert start(devour, 16 * MIB, wall_s=60, memory_bytes=1024 * MIB).result() == 16 * MIB


def test_errors_arrive_as_from_any_job() -> None:
    with pytest.raises(FileRefusedError) as caught:
        start(refuse, wall_s=60).result()
    assert caught.value.facts["file"] == "a.csv"
    with pytest.raises(JobFailedError, match="ZeroDivisionError"):
        start(blunder, wall_s=60).result()


@posix
def test_a_job_that_nobody_holds_is_killed() -> None:
    job = start(report_and_wait, "so far", 60.0, wall_s=60)
    process = job._server.process.pid
    assert alive(process)
    del job
    assert not alive(process)


def test_a_process_that_was_prepared_answers_the_next_call_only() -> None:
    prepare(count_up)
    job = start(count_up, 2, wall_s=60)
    assert job.result() == 2
    assert job.told == 2


@posix
def test_a_process_ends_when_its_caller_is_gone() -> None:
    job = start(report_and_wait, "so far", 60.0, wall_s=60)
    while job.told is None:
        job.over(0.05)
    caller = job._server.process
    assert caller.stdin is not None
    caller.stdin.close()  # as the system does when a program ends
    assert caller.wait(timeout=30) == 0


@posix
def test_no_process_is_left_when_those_that_wait_are_let_go() -> None:
    process = start(os.getpid, wall_s=60).result()
    assert alive(process)
    _IDLE.clear()
    assert not alive(process)
