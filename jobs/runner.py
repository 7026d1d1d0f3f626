"""Runs one function in a process of its own and kills it at its limit.

A fresh interpreter is started rather than `multiprocessing`'s spawn, which would import the
program's main script again (under Streamlit: the whole app) and gives no way to set the environment
before the first import, where GDAL reads it.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

from jobs.errors import JobFailedError, LimitReached
from jobs.progress import VARIABLE, told
from jobs.wire import Answer, Call, Limits, find, pack, unpack_answer

_Result = TypeVar("_Result")
_DETAIL_CHARS = 2000
_LOOK_S = 0.2  # how often a caller who watches a job looks at it


def run(
    function: Callable[..., _Result],
    *args: object,
    wall_s: float,
    cpu_s: float | None = None,
    memory_bytes: int | None = None,
    file_bytes: int | None = None,
    open_files: int | None = None,
    environment: Mapping[str, str] | None = None,
    watch: Callable[[float | None], bool] | None = None,
) -> _Result:
    """Call `function(*args)` in a process of its own.

    Parameters
    ----------
    function
        A function at the top level of an importable module.
    args
        Anything that multiprocessing can carry.
    wall_s
        Seconds of wall clock, start-up included (0.2–2 s); then the process is killed.
    cpu_s
        Seconds of processor time; enforced on Linux and macOS.
    memory_bytes
        Bytes of address space; enforced on Linux.
    file_bytes
        Bytes of any file that it writes, 0 for none; enforced on Linux and macOS.
    open_files
        Files open at once; enforced on Linux and macOS.
    environment
        Variables set before the process imports anything, on top of ours.
    watch
        Called several times a second with the share (0..1) that the function told last by
        `jobs.tell`, None before; the job goes on while it returns True, and is killed else.

    Returns
    -------
    _Result
        What the function returned.

    Raises
    ------
    LimitReached
        The process was stopped at a limit or by `watch`, or died.
    JobFailedError
        The function raised an exception that is not for people.
    Exception
        An exception that carries a `code` and `facts` arrives as the same class, code and facts.
    """
    limits = json.dumps(Limits(cpu_s, memory_bytes, file_bytes, open_files)._asdict())
    request = pack(Call(function.__module__, function.__qualname__, args))
    with (
        _watched(watch) as (told_there, goes_on),
        subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no shell
            [sys.executable, "-P", "-m", "jobs.child", limits],  # -P: no stranger's `jobs`
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment_with({**(environment or {}), **told_there}),
        ) as process,
    ):
        try:
            out, err = _communicate(process, request, wall_s, goes_on)
        finally:
            process.kill()
    if process.returncode != 0 or not out:
        raise death(process.returncode, err, cpu_s)
    return cast("_Result", opened(unpack_answer(out), memory_bytes))


@contextmanager
def _watched(
    watch: Callable[[float | None], bool] | None,
) -> Iterator[tuple[dict[str, str], Callable[[], bool] | None]]:
    """Lend a job the file in which it tells how far it is; return how to ask whether it goes on."""
    if watch is None:
        yield {}, None
        return
    with tempfile.TemporaryDirectory(prefix="job-") as aside:
        file = Path(aside) / "share"
        file.touch()
        yield {VARIABLE: str(file)}, lambda: watch(told(file))


def _communicate(
    process: "subprocess.Popen[bytes]",
    request: bytes,
    wall_s: float,
    goes_on: Callable[[], bool] | None,
) -> tuple[bytes, bytes]:
    until = time.monotonic() + wall_s
    given: bytes | None = request
    while True:
        left = max(0.0, until - time.monotonic())
        wait = left if goes_on is None else min(left, _LOOK_S)
        try:
            return process.communicate(given, timeout=wait)
        except subprocess.TimeoutExpired as error:
            given = None  # it is on its way
            if time.monotonic() >= until:
                raise LimitReached("time", wall_s) from error
            if goes_on is not None and not goes_on():
                raise LimitReached("cancelled") from error


def environment_with(extra: Mapping[str, str]) -> dict[str, str]:
    """Return our environment and `extra`, in which a process of ours finds the same modules."""
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)  # noqa: PTH100 -- "" is the current folder
    return {**os.environ, **extra, "PYTHONPATH": path}


def death(returncode: int, err: bytes, cpu_s: float | None) -> LimitReached:
    """Return at which limit a process died, from its return code and what it wrote of errors."""
    detail = err.decode("utf-8", "replace")[-_DETAIL_CHARS:]
    if hasattr(signal, "SIGXCPU") and returncode == -signal.SIGXCPU:
        return LimitReached("cpu", cpu_s, detail)
    return LimitReached("crash", None, detail)


def opened(answer: Answer, memory_bytes: int | None) -> object:
    """Return the value of an answer, or raise what happened instead."""
    if answer.kind == "value":
        return answer.content
    if answer.kind == "memory":
        raise LimitReached("memory", memory_bytes)
    if answer.kind == "failed":
        raise JobFailedError(*answer.content)
    module, name, code, facts = answer.content
    raise find(module, name)(code, **facts)
