"""Folders in which something is made until it is whole, and what killed makers left of them."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = ".making-"
_ABANDONED_S = 3600.0  # making anything here takes a minute; what is older has no maker any more


@contextmanager
def aside_in(folder: Path) -> Iterator[Path]:
    """Lend an empty folder inside `folder`, removed in the end unless it was renamed.

    Raises
    ------
    OSError
        `folder` cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    lent = Path(tempfile.mkdtemp(dir=folder, prefix=_PREFIX))
    try:
        yield lent
    finally:
        shutil.rmtree(lent, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what a process left that was killed at work: folders of ours and drafts of files."""
    for left in (*folder.glob(f"{_PREFIX}*"), *folder.glob(".*.draft")):
        remove_abandoned(left)


def remove_abandoned(left: Path) -> None:
    """Remove a folder or a draft that has been left for so long that nobody works on it."""
    with suppress(FileNotFoundError):  # not there, or another process has just put it in place
        if time.time() - left.stat().st_mtime <= _ABANDONED_S:
            return
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink()
