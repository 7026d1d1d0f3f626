"""Rules and standards as they were: a stored plan names its editions, and they are read again.

An edition is a file kept under its SHA-256 and noted as a layer of the kind `rules/NAME` or
`standards/NAME`. It is never in use as a layer is: it decides nothing by itself, is no source of
the inputs and changes no scenario. The plans that rest on it say in their events which it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select

from geo.errors import InputError
from geo.reference import DATA_FOLDER
from register import layers
from register.events import Ledger
from register.layers import Layer, Stored
from register.reader import Reader
from register.tables import LAYER
from siting.model import LayerSource
from siting.rules import RuleBook

Sort = Literal["rules", "standards"]
_SUFFIX = ".toml"


@dataclass(frozen=True)
class Edition:
    """One rule or standard file as it was read.

    Attributes
    ----------
    sort, name
        Which: `rules`, `daxing`.
    content
        Of the file, as it is read by `siting`.
    """

    sort: Sort
    name: str
    content: bytes

    @property
    def kind(self) -> str:
        """What the register calls it: `rules/daxing`."""
        return f"{self.sort}/{self.name}"

    @property
    def sha256(self) -> str:
        """Of the content, in hex."""
        return sha256(self.content).hexdigest()


def editions_of(
    parameters: Mapping[str, Any], rules: str | Path | RuleBook | None = None
) -> tuple[Edition, ...]:
    """Return the files that a plan's parameters name, as they are at this moment.

    Parameters
    ----------
    parameters
        With `rules` and `standard`, as `siting.plans.proposing.propose` gives them back; None: no
        such.
    rules
        The rule file that was asked for, or the rules, where it is not a built-in one.

    Raises
    ------
    OSError
        A file is not there.
    """
    found = []
    name = parameters.get("rules")
    if name is not None:
        found.append(Edition("rules", str(name), _rules(str(name), rules)))
    standard = parameters.get("standard")
    if standard is not None:
        path = _shipped("standards", str(standard))
        found.append(Edition("standards", str(standard), path.read_bytes()))
    return tuple(found)


def store(folder: Path, editions: Iterable[Edition]) -> tuple[tuple[Edition, Stored], ...]:
    """Store the files, before the write lock is taken.

    Raises
    ------
    PlannerError
        The disk is full or refuses.
    """
    return tuple((each, layers.store(folder, each.content, _SUFFIX)) for each in editions)


def note(
    ledger: Ledger, stored: Iterable[tuple[Edition, Stored]], *, synthetic: bool
) -> dict[str, str]:
    """Note stored files unless they are noted; return their SHA-256 by what they are called."""
    noted = {}
    for edition, file in stored:
        query = select(LAYER.c.id).where(
            LAYER.c.kind == edition.kind, LAYER.c.sha256 == file.sha256
        )
        if ledger.connection.execute(query).first() is None:
            source = LayerSource(edition.kind, edition.name, synthetic=synthetic)
            layers.put(ledger.connection, ledger, edition.kind, file, source)
        noted[edition.kind] = file.sha256
    return noted


def editions(register: Reader, sort: Sort, name: str) -> tuple[Layer, ...]:
    """Return every edition of one file of rules or one standard, oldest first."""
    return tuple(layer for layer in register.layers() if layer.kind == f"{sort}/{name}")


def edition(register: Reader, fingerprint: str) -> bytes:
    """Return the content of an edition by its SHA-256.

    Raises
    ------
    InputError
        There is none.
    PlannerError
        Its file is missing or damaged.
    """
    for layer in register.layers():
        if layer.sha256 == fingerprint and layer.kind.startswith(("rules/", "standards/")):
            return register.file_of(layer.id).read_bytes()
    raise InputError("version_not_there", sha256=fingerprint)


def _rules(name: str, rules: str | Path | RuleBook | None) -> bytes:
    if isinstance(rules, RuleBook):
        return rules.text.encode()
    if rules is not None and Path(rules).is_file():
        return Path(rules).read_bytes()
    return _shipped("rules", name).read_bytes()


def _shipped(sort: Sort, name: str) -> Path:
    return DATA_FOLDER / sort / f"{name}{_SUFFIX}"
