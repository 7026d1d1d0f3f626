"""How far a job has come: its function tells, its caller reads.

A file of eight bytes between the two, since the pipes carry the call and its answer.
"""

import os
import struct
from pathlib import Path
from typing import Final

VARIABLE: Final = "WARM_STATION_JOB_PROGRESS"
"""Environment variable of a job that names the file."""

_SHARE = struct.Struct("<d")


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
