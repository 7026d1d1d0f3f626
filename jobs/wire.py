"""How a call and its answer travel between two processes of ours: multiprocessing's own transport.

Never used for files: what travels was made by this program on this machine a moment ago.
"""

import importlib
import struct
from collections.abc import Callable, Mapping
from multiprocessing.reduction import ForkingPickler
from typing import Any, BinaryIO, Final, Literal, NamedTuple

Plain = bool | int | float | str | None


class Limits(NamedTuple):
    """What the process of a job may take; None: as much as the system gives.

    `cpu_s` seconds of processor time; `memory_bytes` of address space; `file_bytes` the size of any
    file that it writes, 0: it can write none; `open_files` how many files are open at once, the
    three standard streams and every library while it is loaded included.
    """

    cpu_s: float | None = None
    memory_bytes: int | None = None
    file_bytes: int | None = None
    open_files: int | None = None


class Call(NamedTuple):
    """A top-level function by its import path, and its arguments."""

    module: str
    name: str
    args: tuple[object, ...]


class Answer(NamedTuple):
    """What came of a call.

    `kind` says what `content` is: `value` the returned value, `told` a (module, class, code, facts)
    of an exception for people, `failed` a (class, traceback), `memory` nothing, `report` what the
    function had to report on the way: more will come.
    """

    kind: Literal["value", "told", "failed", "memory", "report"]
    content: Any


class Order(NamedTuple):
    """A packed call to a process that serves several, and its limits.

    `wall_s` seconds after which the process ends itself, should nobody else end it;
    `memory_bytes` of address space, None: as much as the system gives.
    """

    call: bytes
    wall_s: float
    memory_bytes: int | None


IDLE_S: Final = 300.0
"""Seconds without a call after which a process that serves several ends itself."""

_LENGTH: Final = struct.Struct("<Q")


def send(stream: BinaryIO, data: bytes) -> None:
    """Write one message, its length before it."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """Read one message; None: the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None


def pack(message: Call | Answer | Order) -> bytes:
    """Return the bytes of `message`."""
    return bytes(ForkingPickler.dumps(tuple(message)))


def unpack_order(data: bytes) -> Order:
    """Return the order in `data`."""
    return Order(*ForkingPickler.loads(data))


def unpack_call(data: bytes) -> Call:
    """Return the call in `data`."""
    return Call(*ForkingPickler.loads(data))


def unpack_answer(data: bytes) -> Answer:
    """Return the answer in `data`."""
    return Answer(*ForkingPickler.loads(data))


def find(module: str, name: str) -> Callable[..., Any]:
    """Import the function or class `name` of `module`."""
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts with everything but plain values and sequences of them turned into text."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, Plain) else str(value)
