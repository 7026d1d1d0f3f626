"""Which product made a report: its version, its code and the lists that decide, by their hashes."""

import tomllib
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from geo.reference import DATA_FOLDER

_ROOT = DATA_FOLDER.parent
_DECIDING = ("geo", "siting")
_LISTS = ("reference", "standards")


@cache
def product() -> dict[str, Any]:
    """Return what tells one product from another.

    Keys: `version`, as it calls itself; `code`, one SHA-256 of all that decides (`geo`, `siting`);
    `lists`, the SHA-256 of each file in data/reference and data/standards. Do not change what you
    get.
    """
    lists = [path for folder in _LISTS for path in sorted((DATA_FOLDER / folder).glob("*.toml"))]
    return {
        "version": _version(),
        "code": _code(),
        "lists": {
            f"{path.parent.name}/{path.stem}": sha256(_text(path)).hexdigest() for path in lists
        },
    }


def _version() -> str:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def _code() -> str:
    digest = sha256()
    for room in _DECIDING:
        for path in sorted((_ROOT / room).rglob("*.py")):
            digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + _text(path))
    return digest.hexdigest()


def _text(path: Path) -> bytes:
    """Return a file as it is stored on every system: lines end alike."""
    return path.read_bytes().replace(b"\r\n", b"\n")
