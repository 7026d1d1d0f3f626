"""A process that serves one call after another: `python -m jobs.server`; see `jobs.handle`.

It ends when whoever started it closes its input or is gone, even in the middle of a call; when a
call takes longer than its limit, should nobody kill it; and after `IDLE_S` without a call.
"""

import os
import signal
import sys
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from typing import BinaryIO, Final

from jobs.child import answer
from jobs.progress import report_to
from jobs.wire import IDLE_S, Order, receive, send, unpack_order

if sys.platform != "win32":  # Windows has no such limits
    import resource

GRACE_S: Final = 2.0
"""Seconds beyond the limit of a call: whoever asked kills first, as a rule."""


def main() -> None:
    """Serve calls until there are no more."""
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it decides
    calls: SimpleQueue[bytes] = SimpleQueue()
    # What libraries print must not mix with the answers: stdout becomes stderr for everybody else.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        report_to(out)
        Thread(target=_listen, args=(sys.stdin.buffer, calls), daemon=True).start()
        while True:
            try:
                order = unpack_order(calls.get(timeout=IDLE_S))
            except Empty:
                os._exit(0)
            _serve(order, out)


def _serve(order: Order, out: BinaryIO) -> None:
    end = Timer(order.wall_s + GRACE_S, os._exit, (1,))
    end.daemon = True
    end.start()
    _limit_memory(order.memory_bytes)
    packed = answer(order.call)
    _limit_memory(None)
    end.cancel()
    send(out, packed)


def _listen(stream: BinaryIO, calls: "SimpleQueue[bytes]") -> None:
    """Take calls while another one may be served; without a caller the process ends at once."""
    while True:
        message = receive(stream)
        if message is None:
            os._exit(0)
        calls.put(message)


def _limit_memory(memory_bytes: int | None) -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(
            resource.RLIMIT_AS, (hard if memory_bytes is None else memory_bytes, hard)
        )


if __name__ == "__main__":
    main()
