"""Rules and standards as they were: every edition that was in force is kept and fetched again.

An edition is a layer of the kind `rules/NAME` or `standards/NAME`: a file named by its SHA-256. A
plan names the fingerprints of those that it was made by, and `edition` gives back the very bytes.
"""

from typing import Literal

from geo.errors import InputError
from register.layers import Layer
from register.reader import Reader
from register.register import Register
from siting.model import LayerSource

Sort = Literal["rules", "standards"]


def keep_edition(
    register: Register, sort: Sort, name: str, content: bytes, *, who: str, why: str = ""
) -> Layer:
    """Keep a rule or standard file and put it in force; what is in force already is left alone.

    Parameters
    ----------
    register
        Where.
    sort, name
        Which: `rules`, `daxing`.
    content
        Of the file, as it is read by `siting`.
    who, why
        As in every change.

    Raises
    ------
    PlannerError
        The disk or the database refuses.
    """
    kind = f"{sort}/{name}"
    source = LayerSource(kind, name, synthetic=register.synthetic)
    return register.put_layer(kind, content, source, suffix=".toml", who=who, why=why)


def editions(register: Reader, sort: Sort, name: str) -> tuple[Layer, ...]:
    """Return every edition of one file of rules or one standard, oldest first."""
    return tuple(layer for layer in register.layers() if layer.kind == f"{sort}/{name}")


def edition(register: Reader, sha256: str) -> bytes:
    """Return the content of an edition by its fingerprint.

    Raises
    ------
    InputError
        There is none.
    PlannerError
        Its file is missing or damaged.
    """
    for layer in register.layers():
        if layer.sha256 == sha256 and layer.kind.startswith(("rules/", "standards/")):
            return register.file_of(layer.id).read_bytes()
    raise InputError("version_not_there", sha256=sha256)
