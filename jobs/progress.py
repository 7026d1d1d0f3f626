"""How far a job has come: its function tells, its caller reads.

A job of `jobs.run` tells a share in a file of eight bytes, since its pipes carry the call and its
answer. A job of `jobs.start` reports whatever it has so far beside its answer.
"""

import os
import struct
from pathlib import Path
from typing import BinaryIO, Final

from jobs.wire import Answer, pack, send

VARIABLE: Final = "WARM_STATION_JOB_PROGRESS"
"""Environment variable of a job that names the file."""

_SHARE = struct.Struct("<d")
_READERS: list[BinaryIO] = []


def tell(share: float) -> None:
    """Tell the caller of this job that a share (0..1) is done; nothing where nobody asked."""
    name = os.environ.get(VARIABLE)
    if name:
        with Path(name).open("r+b") as file:
            file.write(_SHARE.pack(share))


def told(path: Path) -> float | None:
    """Return what a job told last; None: nothing yet."""
    content = path.read_bytes()
    return _SHARE.unpack(content)[0] if len(content) == _SHARE.size else None


def report(content: object) -> None:
    """Send the caller of this job what there is so far; nothing where nobody reads.

    Parameters
    ----------
    content
        Anything that multiprocessing can carry; the caller sees the latest, which outlives this
        process. From the thread of the call only.
    """
    for stream in _READERS:
        send(stream, pack(Answer("report", content)))


def report_to(stream: BinaryIO) -> None:
    """Send reports of this process there."""
    _READERS[:] = [stream]
