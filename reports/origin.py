"""Where the tables of a report came from, so that somebody can find them again a year later."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Self

from geo.errors import InputError
from siting.rules import RuleBook, read_rules_text


@dataclass(frozen=True)
class SourceFile:
    """One file that a report was made from, and how it was read.

    Attributes
    ----------
    layer
        A table, `streets`, `towns` or `area_zones`.
    name, size_bytes, sha256
        Of the file as it was; the hash in hex.
    datum
        That was stated for its positions; None: nothing was stated.
    mapping
        Schema column -> heading, where it was stated.
    """

    layer: str
    name: str
    size_bytes: int
    sha256: str
    datum: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RegisterState:
    """The state of a register that a report was made from.

    Attributes
    ----------
    name
        Of the district.
    event
        The last event that counted: `Reader.inputs(as_of=event)` reads that state again.
    synthetic
        Whether it is the sample's register.
    """

    name: str
    event: int
    synthetic: bool


@dataclass(frozen=True, eq=False)
class Origin:
    """Files or a state of a register; rules and the day that scores were made by.

    Attributes
    ----------
    rules
        None: candidates were not scored, or nobody knows by what.
    refused
        Why rules of then cannot be read by the product of today; `rules` is None then.
    today
        The day on which hosts' consents were judged; None: none had run out.
    files
        Empty where the tables are a register's.
    register
        None where they are files'.
    """

    rules: RuleBook | None = None
    today: date | None = None
    files: tuple[SourceFile, ...] = ()
    register: RegisterState | None = None
    refused: InputError | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        book = self.rules
        return {
            "rules": None
            if book is None
            else {
                "name": book.name,
                "version": book.version,
                "dated": book.dated,
                "sha256": book.sha256,
                "text": book.text,
            },
            "today": None if self.today is None else self.today.isoformat(),
            "files": [asdict(file) for file in self.files],
            "register": None if self.register is None else asdict(self.register),
        }

    @classmethod
    def from_dict(cls, held: Mapping[str, Any]) -> Self:
        """Return what `as_dict` wrote; rules that cannot be read any more are `refused`.

        Raises
        ------
        KeyError, TypeError, ValueError
            It is not what `as_dict` wrote.
        """
        rules, today, register = held["rules"], held["today"], held["register"]
        book, refused = (None, None) if rules is None else _rules(rules)
        return cls(
            rules=book,
            today=None if today is None else date.fromisoformat(today),
            files=tuple(SourceFile(**file) for file in held["files"]),
            register=None if register is None else RegisterState(**register),
            refused=refused,
        )


UNKNOWN = Origin()
"""Nobody said where the tables came from: only a bundle can bring them back."""


def _rules(held: Mapping[str, Any]) -> tuple[RuleBook | None, InputError | None]:
    text, name = str(held["text"]), str(held["name"])
    try:
        book = read_rules_text(text, name)
    except InputError as error:
        return None, error
    return replace(book, version=int(held["version"]), dated=str(held["dated"])), None
