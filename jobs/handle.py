"""A call under way in a process of its own: what it reported so far, its answer, its end.

A process that has answered serves the next call (starting one takes half a second of imports); one
that was killed or that died is replaced. Where `run` waits for its answer, a `Job` is looked at:
between two looks whoever asked is free, and what was reported last survives the process.
"""

import atexit
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import BinaryIO, Final, Generic, TypeVar, cast

from jobs.errors import LimitReached
from jobs.runner import death, environment_with, opened
from jobs.wire import IDLE_S, Answer, Call, Order, find, pack, receive, send, unpack_answer

_Result = TypeVar("_Result")
_LOOK_S = 0.2  # a wait is cut into pieces, so that Ctrl-C is heard on every system
_MOST_IDLE: Final = 2
_ENVIRONMENT = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""One call, one thread: those of BLAS spin and take a gigabyte of address space."""


class _Server:
    """A process of `jobs.server` and what it sends."""

    def __init__(self) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when the process is
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "jobs.server"],  # -P: no stranger's `jobs`
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=environment_with(_ENVIRONMENT),
            start_new_session=True,  # Ctrl-C goes to whoever asked, who ends the job or not
        )
        self.inbox: SimpleQueue[bytes | None] = SimpleQueue()
        self.ignored = 0
        self.since = time.monotonic()
        Thread(
            target=_collect, args=(cast("BinaryIO", self.process.stdout), self.inbox), daemon=True
        ).start()

    def order(self, order: Order) -> None:
        """Send a call; where the process is gone, reading its answer will tell."""
        with suppress(OSError):
            send(cast("BinaryIO", self.process.stdin), pack(order))

    def next(self, wait_s: float) -> Answer | None:
        """Return the next answer; None: the process is gone.

        Raises
        ------
        Empty
            There is none yet.
        """
        while True:
            data = self.inbox.get(timeout=wait_s) if wait_s > 0 else self.inbox.get_nowait()
            if data is None:
                return None
            answer = unpack_answer(data)
            if not self.ignored:
                return answer
            self.ignored -= answer.kind != "report"

    def kill(self) -> None:
        """End the process; its reader ends with it."""
        self.process.kill()
        self.process.wait()
        with suppress(OSError):  # what was still to be written has no reader
            cast("BinaryIO", self.process.stdin).close()
        self.errors.close()

    def died(self) -> LimitReached:
        """Return how the process ended by itself."""
        self.process.wait()
        self.errors.seek(0)
        return death(self.process.returncode, self.errors.read(), None)


class _Idle:
    """Processes that wait for a call."""

    def __init__(self) -> None:
        self.servers: list[_Server] = []
        self.lock = Lock()

    def take(self) -> _Server:
        """Return a process that waits, or a new one."""
        with self.lock:
            while self.servers:
                server = self.servers.pop()
                fresh = time.monotonic() - server.since < IDLE_S / 2
                if fresh and server.process.poll() is None:
                    return server
                server.kill()
        return _Server()

    def give(self, server: _Server) -> None:
        """Keep a process for the next call."""
        server.since = time.monotonic()
        with self.lock:
            if len(self.servers) < _MOST_IDLE:
                self.servers.append(server)
                return
        server.kill()

    def clear(self) -> None:
        """End all."""
        with self.lock:
            while self.servers:
                self.servers.pop().kill()


_IDLE = _Idle()
atexit.register(_IDLE.clear)


class Job(Generic[_Result]):
    """A call under way; made by `start`.

    One thread at a time may look at it. A job that nobody holds any longer is killed.
    """

    def __init__(self, server: _Server, order: Order) -> None:
        self._server = server
        self._until = time.monotonic() + order.wall_s
        self._order = order
        self._told: object = None
        self._answer: Answer | None = None
        self._error: LimitReached | None = None
        self._end = weakref.finalize(self, server.kill)
        server.order(order)

    @property
    def told(self) -> object:
        """What the function reported last by `jobs.report`; None: nothing yet."""
        self._look(0.0)
        return self._told

    def over(self, wait_s: float = 0.0) -> bool:
        """Tell whether there is an answer or an end, waiting at most so long for it."""
        until = time.monotonic() + wait_s
        while not self._settled:
            left = until - time.monotonic()
            self._look(min(max(left, 0.0), _LOOK_S))
            if left <= 0:
                break
        return self._settled

    def cancel(self) -> None:
        """Kill the process, unless it has answered already; what it told stays."""
        self._look(0.0)
        self._stop(LimitReached("cancelled"))

    def result(self) -> _Result:
        """Return what the function returned, waiting for it.

        Raises
        ------
        LimitReached, JobFailedError, Exception
            As `jobs.run`.
        """
        while not self.over(_LOOK_S):
            pass
        if self._answer is None:
            raise cast("LimitReached", self._error)
        return cast("_Result", opened(self._answer, self._order.memory_bytes))

    @property
    def _settled(self) -> bool:
        return self._answer is not None or self._error is not None

    def _look(self, wait_s: float) -> None:
        """Take what has arrived; wait at most so long for the first of it."""
        while not self._settled:
            left = self._until - time.monotonic()
            try:
                answer = self._server.next(min(wait_s, max(left, 0.0)))
            except Empty:
                if left <= 0:
                    self._stop(LimitReached("time", self._order.wall_s))
                return
            wait_s = 0.0
            if answer is None:
                self._stop(self._server.died())
            elif answer.kind == "report":
                self._told = answer.content
            else:
                self._answer = answer
                self._end.detach()
                _IDLE.give(self._server)

    def _stop(self, why: LimitReached) -> None:
        if not self._settled:
            self._error = why
            self._end()


def start(
    function: Callable[..., _Result],
    *args: object,
    wall_s: float,
    memory_bytes: int | None = None,
) -> Job[_Result]:
    """Begin `function(*args)` in another process and return at once.

    Parameters
    ----------
    function
        A function at the top level of an importable module; of ours, on our own data: the process
        serves other calls before and after.
    args
        Anything that multiprocessing can carry.
    wall_s
        Seconds of wall clock from now; then the process is killed.
    memory_bytes
        Bytes of address space of the whole process; enforced on Linux.
    """
    return Job(_IDLE.take(), Order(_call(function, *args), wall_s, memory_bytes))


def prepare(function: Callable[..., object]) -> None:
    """Have a process at hand that has imported what `function` needs; does not wait for it."""
    server = _IDLE.take()
    server.ignored += 1
    server.order(Order(_call(_imported, function.__module__, function.__qualname__), IDLE_S, None))
    _IDLE.give(server)


def _imported(module: str, name: str) -> None:
    find(module, name)


def _call(function: Callable[..., object], *args: object) -> bytes:
    return pack(Call(function.__module__, function.__qualname__, args))


def _collect(stream: BinaryIO, inbox: "SimpleQueue[bytes | None]") -> None:
    with suppress(OSError, ValueError), stream:
        while (message := receive(stream)) is not None:
            inbox.put(message)
    inbox.put(None)
