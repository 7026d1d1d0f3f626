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
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from jobs.errors import JobFailedError, LimitReached
from jobs.wire import Answer, Call, Limits, find, pack, unpack_answer

_Result = TypeVar("_Result")
_DETAIL_CHARS = 2000


def run(
    function: Callable[..., _Result],
    *args: object,
    wall_s: float,
    cpu_s: float | None = None,
    memory_bytes: int | None = None,
    file_bytes: int | None = None,
    open_files: int | None = None,
    environment: Mapping[str, str] | None = None,
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

    Returns
    -------
    _Result
        What the function returned.

    Raises
    ------
    LimitReached
        The process was stopped at a limit, or died.
    JobFailedError
        The function raised an exception that is not for people.
    Exception
        An exception that carries a `code` and `facts` arrives as the same class, code and facts.
    """
    limits = json.dumps(Limits(cpu_s, memory_bytes, file_bytes, open_files)._asdict())
    request = pack(Call(function.__module__, function.__qualname__, args))
    with subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no shell
        [sys.executable, "-P", "-m", "jobs.child", limits],  # -P: no stranger's `jobs`
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(environment),
    ) as process:
        try:
            out, err = process.communicate(request, timeout=wall_s)
        except subprocess.TimeoutExpired as error:
            raise LimitReached("time", wall_s) from error
        finally:
            process.kill()
    if process.returncode != 0 or not out:
        raise _death(process.returncode, err, cpu_s)
    return cast("_Result", _open(unpack_answer(out), memory_bytes))


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)  # noqa: PTH100 -- "" is the current folder
    return {**os.environ, **(extra or {}), "PYTHONPATH": path}


def _death(returncode: int, err: bytes, cpu_s: float | None) -> LimitReached:
    detail = err.decode("utf-8", "replace")[-_DETAIL_CHARS:]
    if hasattr(signal, "SIGXCPU") and returncode == -signal.SIGXCPU:
        return LimitReached("cpu", cpu_s, detail)
    return LimitReached("crash", None, detail)


def _open(answer: Answer, memory_bytes: int | None) -> object:
    if answer.kind == "value":
        return answer.content
    if answer.kind == "memory":
        raise LimitReached("memory", memory_bytes)
    if answer.kind == "failed":
        raise JobFailedError(*answer.content)
    module, name, code, facts = answer.content
    raise find(module, name)(code, **facts)
