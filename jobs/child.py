"""The process of one job: `python -m jobs.child LIMITS` takes a call, gives its answer."""

import json
import math
import os
import sys
import traceback
from collections.abc import Mapping

from jobs.wire import Answer, Limits, find, pack, plain, unpack_call

if sys.platform != "win32":  # Windows has none: there the caps of the caller and the kill remain
    import resource


def limit_resources(limits: Limits) -> None:
    """Ask the operating system to stop this process at its limits, and to write no core file.

    Windows has no such limits. macOS accepts that of memory without enforcing it.
    """
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if limits.cpu_s is not None:
            seconds = max(1, math.ceil(limits.cpu_s))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        for kind, most in (
            (resource.RLIMIT_AS, limits.memory_bytes),
            (resource.RLIMIT_FSIZE, limits.file_bytes),
            (resource.RLIMIT_NOFILE, limits.open_files),
        ):
            if most is not None:
                resource.setrlimit(kind, (most, most))


def answer(request: bytes) -> bytes:
    """Make the call in `request` and return the bytes of its answer, whatever happens."""
    try:
        call = unpack_call(request)
        return pack(Answer("value", find(call.module, call.name)(*call.args)))
    except MemoryError:
        return pack(Answer("memory", None))
    except Exception as error:  # noqa: BLE001 -- the outermost handler of this process: all is answered
        return pack(_failure(error))


def main() -> None:
    """Serve one call."""
    limits = Limits(**json.loads(sys.argv[1]))
    # What libraries print must not mix with the answer: stdout becomes stderr for everybody else.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        request = sys.stdin.buffer.read()
        limit_resources(limits)
        out.write(answer(request))


def _failure(error: Exception) -> Answer:
    code, facts = getattr(error, "code", None), getattr(error, "facts", None)
    if isinstance(code, str) and isinstance(facts, Mapping):
        kind = type(error)
        return Answer("told", (kind.__module__, kind.__qualname__, code, plain(facts)))
    return Answer("failed", (type(error).__name__, traceback.format_exc()))


if __name__ == "__main__":
    main()
