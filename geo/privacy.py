"""Personal data masked: what `personal` columns of the schema show to those who may not see them.

The first character of a name and the ends of a phone number stay, so that two entries can be told
apart and a known number be recognised; nobody can be called by what is left. Masking what is masked
changes nothing.
"""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.tables import Personal, columns

HIDDEN = "**"
"""What stands for the rest of a name, whatever its length, and for whole texts."""

PHONE_HEAD, PHONE_TAIL = 3, 4
"""Digits of a phone number that stay, of 11 as of 12: 138****0000."""

_SHORTEST_SHOWN = 10  # a number with fewer digits would be given away by seven of them
_SEPARATORS = re.compile(r"[;；、,，/\n]+")
_NUMBER = re.compile(r"\+?[\d*](?:[\d*\s\-()（）]*[\d*])?")
_REMARK = re.compile(r"[(（].*")


def mask(personal: Personal, text: str) -> str:
    """Return what may be shown of one cell.

    Parameters
    ----------
    personal
        Of the column: `name`, `phone`, `text`, or "" for what is nobody's.
    text
        The cell; "" stays "", so that one sees that nothing is known.
    """
    if not personal or not text:
        return text
    if personal == "text":
        return HIDDEN
    parts = [part.strip() for part in _SEPARATORS.split(text)]
    one = _name if personal == "name" else _phone
    return "、".join(one(part) for part in parts if part)


def masked_values(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns and values of a row of `table` with its personal data masked."""
    hidden = {column.name: column.personal for column in columns(table) if column.personal}
    return {
        name: mask(hidden[name], value) if name in hidden and isinstance(value, str) else value
        for name, value in values.items()
    }


def masked_frame(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `table` with their personal data masked; the frame itself stays as it is."""
    shown = frame.copy()
    for column in columns(table):
        if column.personal and column.name in shown:
            cells = [mask(column.personal, str(cell)) for cell in shown[column.name].fillna("")]
            shown[column.name] = pd.Series(cells, index=shown.index, dtype="str")
    return shown


def personal_columns(table: str) -> tuple[str, ...]:
    """Return the columns of `table` that say who somebody is or how to reach them."""
    return tuple(column.name for column in columns(table) if column.personal)


def unmasked(table: str, given: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` with every mask of what is stored replaced by what is stored.

    Who saw a masked row and gives it back, in a form or a file, has said nothing about what was
    hidden from them.
    """
    held = masked_values(table, stored)
    hidden = personal_columns(table)
    return {
        name: stored[name] if name in hidden and name in held and value == held[name] else value
        for name, value in given.items()
    }


def _name(text: str) -> str:
    return text[0] + HIDDEN


def _phone(text: str) -> str:
    """Return the numbers of a text, each masked, without what stands around them."""
    found = [_digits(number) for number in _NUMBER.findall(_REMARK.sub("", text) or text)]
    return "、".join(found) or HIDDEN


def _digits(number: str) -> str:
    digits = [character for character in number if character.isdigit() or character == "*"]
    if len(digits) < _SHORTEST_SHOWN:
        return "*" * len(digits)
    hidden = "*" * (len(digits) - PHONE_HEAD - PHONE_TAIL)
    return "".join((*digits[:PHONE_HEAD], hidden, *digits[-PHONE_TAIL:]))
