"""Street files that strangers send: `geo.streets.load_streets` in a process of its own.

So are those that enter the register. What the person at the terminal names beside a decision
(`--streets`), or has prepared (`streets`), is read without it: whoever can name it can read it, and
a nation's streets need all the memory there is.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from geo.errors import FileRefusedError
from geo.intake.guarded import Limits, guard
from geo.intake.limits import (
    MAX_FILE_BYTES,
    STREETS_CPU_S,
    STREETS_MEMORY_BYTES,
    STREETS_WALL_S,
)
from geo.streets import Network, load_streets

STREETS_LIMITS: Final = Limits(STREETS_WALL_S, STREETS_CPU_S, STREETS_MEMORY_BYTES)
_NAME_ON_DISK = "upload"


def read_street_file(path: Path) -> Network:
    """Return the walking network in a file on disk, which may be larger than what can be sent.

    Raises
    ------
    FileRefusedError
        What `load_streets` raises; `intake_limit_time`, `intake_limit_memory`.
    """
    read = guard(load_streets, path.resolve(), name=path.name, limits=STREETS_LIMITS)
    return replace(read)  # arrays that travelled between processes become read-only again


def read_streets(data: bytes, name: str) -> Network:
    """Return the walking network in a street file that somebody sent.

    Parameters
    ----------
    name
        What messages and the network's source call the file; nothing is written under it.

    Raises
    ------
    FileRefusedError
        What `load_streets` raises; `intake_too_large`, `intake_limit_time`, `intake_limit_memory`.
    """
    if len(data) > MAX_FILE_BYTES:
        raise FileRefusedError("intake_too_large", file=name, limit_mib=MAX_FILE_BYTES // 2**20)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / _NAME_ON_DISK
        path.write_bytes(data)
        try:
            read = guard(load_streets, path, name=name, limits=STREETS_LIMITS)
        except FileRefusedError as error:
            raise type(error)(error.code, **{**error.facts, "file": name}) from error
    source = read.meta.source.replace(f"({_NAME_ON_DISK})", f"({name})")
    # A new network: arrays that travelled between processes become read-only again.
    return replace(read, meta=replace(read.meta, source=source))
