"""The bytes of a file, or its place on disk where only a part of it is read."""

from pathlib import Path
from typing import Final

from geo.errors import FileRefusedError
from geo.intake.formats import is_raster
from geo.intake.limits import MAX_FILE_BYTES, MAX_GRID_FILE_BYTES

_MARK_BYTES: Final = 4


def read_bytes(source: Path | bytes, name: str) -> bytes:
    """Return the bytes of a file of at most `limits.MAX_FILE_BYTES`.

    Raises
    ------
    FileRefusedError
        `intake_not_readable` or `intake_too_large`.
    """
    if isinstance(source, bytes):
        return source
    try:
        _check_bytes(source, name, MAX_FILE_BYTES)
        return source.read_bytes()
    except OSError as error:
        raise FileRefusedError("intake_not_readable", file=name) from error


def content_of(source: Path | bytes, name: str) -> Path | bytes:
    """Return the bytes of a file; a raster stays where it is, since only a part of it is read.

    Raises
    ------
    FileRefusedError
        As `read_bytes`; of rasters, more than `limits.MAX_GRID_FILE_BYTES`.
    """
    if isinstance(source, bytes):
        return source
    try:
        raster = False
        if source.is_file():  # of a pipe nothing may be tasted
            with source.open("rb") as file:
                raster = is_raster(file.read(_MARK_BYTES))
    except OSError as error:
        raise FileRefusedError("intake_not_readable", file=name) from error
    if not raster:
        return read_bytes(source, name)
    _check_bytes(source, name, MAX_GRID_FILE_BYTES)
    return source.resolve()


def _check_bytes(source: Path, name: str, most: int) -> None:
    if source.stat().st_size > most:
        raise FileRefusedError("intake_too_large", file=name, limit_mib=most // 2**20)
