"""Who came in and what was refused: a file of its own, one line of JSON each.

The ledger says what was changed, and its hashes chain only that: an attempt that changed nothing is
noted here, beside it, and can never disturb it.
"""

import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

NAME = "access.jsonl"
"""Of the file, in the folder of the installation."""

MAX_BYTES = 5 << 20
"""Size from which on a new file is begun; one older file is kept beside it."""

_LONGEST = 200  # signs of a fact: what strangers send must not fill the disk
_LOG = logging.getLogger(__name__)


def note(folder: Path, what: str, **facts: str) -> None:
    """Write one line; a disk that refuses is told to the server's log and stops nobody.

    Parameters
    ----------
    folder
        Of the installation.
    what
        What happened, one word.
    facts
        Who, and what else is known of it.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"at": now, "what": what} | {name: text[:_LONGEST] for name, text in facts.items()}
    try:
        _append(folder / NAME, json.dumps(line, ensure_ascii=False) + "\n")
    except OSError:
        _LOG.exception("the access log cannot be written: %s", line)


def last(folder: Path, number: int) -> tuple[Mapping[str, str], ...]:
    """Return the newest lines, newest first; a line that was cut off is left out."""
    try:
        lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    return tuple(found for line in reversed(lines[-number:]) if (found := _read(line)))


def _read(line: str) -> Mapping[str, str] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else None


def _append(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.stat().st_size >= MAX_BYTES:
        file.replace(file.with_suffix(".old.jsonl"))
    # One write to a file opened for appending: lines of two processes never mix.
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
