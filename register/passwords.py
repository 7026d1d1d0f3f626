"""Passwords of local accounts: how they are kept (Argon2id), and which are refused.

The rules follow NIST SP 800-63B, section 3.1.1: length counts, which signs does not; what is common
or says who somebody is is refused; no password expires by itself.
"""

import secrets
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from geo.errors import InputError

MIN_LENGTH = 10
"""Shortest password, signs (inclusive)."""

MAX_LENGTH = 128
"""Longest password, signs (inclusive): hashing must not become a way to keep the server busy."""

HASHER = PasswordHasher()
"""Argon2id with the second recommended option of RFC 9106: 64 MiB, 3 passes, 4 lanes."""

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another one
_GROUPS, _GROUP = 4, 4
_COMMON = Path(__file__).resolve().parents[1] / "data" / "reference" / "common_passwords.txt"
_LEAST_NAME = 3  # a shorter part of somebody's name is in many a good password
_FEWEST_SIGNS = 4  # different ones: aaaaaaaaaa and 1212121212 are refused
_AT_ONCE = BoundedSemaphore(2)  # 64 MiB each: many attempts together must not take the memory


def temporary() -> str:
    """Return a password that nobody guesses and everybody can read out: 79 bits."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return HASHER.hash(_normal(password))


def matches(kept: str, password: str) -> bool:
    """Tell whether a password is the one that was kept; with nothing kept it takes as long."""
    if len(password) > MAX_LENGTH:
        return False
    with _AT_ONCE:
        try:
            HASHER.verify(kept or _nobody(HASHER), _normal(password))
        except (VerifyMismatchError, InvalidHashError):
            return False
    return bool(kept)


def refuse_weak(password: str, *names: str) -> None:
    """Refuse a password that others would guess.

    Parameters
    ----------
    password
        As it was typed.
    names
        What somebody is called: a password that contains one of them is guessed first.

    Raises
    ------
    InputError
        It is too short, too long, common, or made of a name.
    """
    plain = _normal(password)
    if len(plain) < MIN_LENGTH:
        raise InputError("password_short", least=MIN_LENGTH)
    if len(plain) > MAX_LENGTH:
        raise InputError("password_long", most=MAX_LENGTH)
    folded = plain.casefold()
    if folded in _common() or _is_run(folded):
        raise InputError("password_common")
    for name in names:
        part = _normal(name).casefold().split("@")[0].strip()
        if len(part) >= _LEAST_NAME and part in folded:
            raise InputError("password_name")


def _is_run(text: str) -> bool:
    """Tell whether a text repeats few signs, or counts up or down."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(set(text)) < _FEWEST_SIGNS or steps in ({1}, {-1})


def _normal(password: str) -> str:
    """Return a password as every keyboard writes it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


@cache
def _nobody(hasher: PasswordHasher) -> str:
    """Return the hash that is compared where nobody has that name: it must take as long."""
    return hasher.hash("")
