"""A rule file changed by machine: versions, weights, comparisons, quotas; its comments stay.

TOML is changed line by line, where every table has a header of its own and every key a line, as in
the shipped file. What comes of it is read again by the callers: nothing is taken on trust.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from geo.errors import InputError
from siting.results import AreaType
from siting.rules.book import Criterion, RuleBook, RuleQuota
from siting.rules.files import AREA_RULE, read_rules_text
from siting.rules.quotas import quota_text
from siting.rules.sections import origin_of

Group = AreaType | Literal["common"]
"""A table with criteria: an area's, or the common ones."""

COMMON: Literal["common"] = "common"
MOST_RATIO = 0.1
"""Saaty: comparisons that contradict each other more are to be thought over."""

# Rows of a matrix begin with a bracket, too, but with a number or a quotation mark in it.
_HEADER = re.compile(r"^\s*\[{1,2}\s*[A-Za-z]")


def with_version(text: str, version: int, name: str) -> str:
    """Return a rule file with another version.

    Raises
    ------
    InputError
        `rules_not_by_line`: the version has no line of its own.
    """
    return _set(text, "file.version", str(version), name)


def names_of(book: RuleBook, group: Group) -> tuple[str, ...]:
    """Return what is weighed in a group: its criteria; among the common ones the area's rule."""
    criteria = book.common.criteria if group == COMMON else _criteria(book, group)
    names = tuple(one.name for one in criteria)
    return (*names, AREA_RULE) if group == COMMON else names


def weights_of(book: RuleBook, group: Group) -> dict[str, float]:
    """Return the weights of a group by name; their sum is 1."""
    criteria = book.common.criteria if group == COMMON else _criteria(book, group)
    found = {one.name: one.weight for one in criteria}
    return found | {AREA_RULE: book.common.rule_weight} if group == COMMON else found


def with_weights(book: RuleBook, group: Group, weights: Mapping[str, float]) -> RuleBook:
    """Return the rules with the weights of one group set by hand; comparisons there are dropped.

    Parameters
    ----------
    weights
        By the names of `names_of`, >= 0, not all 0.

    Raises
    ------
    InputError
        The weights cannot be used, or the file is not written line by line.
    """
    text = _without(book.text, f"{group}.ahp")
    for number, name in enumerate(names_of(book, group), start=1):
        key = _key_of(group, number, name)
        text = _put(text, key, f"{weights[name]:g}", book.name)
    return _read(text, book)


def with_comparisons(
    book: RuleBook, group: Group, order: Sequence[str], matrix: Sequence[Sequence[str]]
) -> RuleBook:
    """Return the rules with a group weighed by pairwise comparisons instead of by hand.

    Parameters
    ----------
    order
        The names of `names_of`.
    matrix
        Row by row how many times as important each is as each: "3", "1", "1/5".

    Raises
    ------
    InputError
        The comparisons contradict each other too much, or the file is not written line by line.
    """
    text = _without(book.text, f"{group}.ahp")
    for number, name in enumerate(names_of(book, group), start=1):
        text = _drop(text, _key_of(group, number, name))
    rows = ", ".join("[" + ", ".join(_cell(cell) for cell in row) + "]" for row in matrix)
    told = ", ".join(f'"{name}"' for name in order)
    own = f"[{group}.ahp]\norder = [{told}]\nmost_ratio = {MOST_RATIO:g}\nmatrix = [{rows}]\n"
    return _read(f"{text.rstrip()}\n\n{own}", book)


def with_rule_weight(book: RuleBook, area: AreaType, weight: float) -> RuleBook:
    """Return the rules with the factor of one area's points, 0..1.

    Raises
    ------
    InputError
        As `with_weights`.
    """
    return _read(_put(book.text, f"{area}.weight", f"{weight:g}", book.name), book)


def with_quotas(book: RuleBook, quotas: Sequence[RuleQuota]) -> RuleBook:
    """Return the rules with these quotas instead of those that they have.

    Raises
    ------
    InputError
        As `with_weights`.
    """
    text = book.text
    while (bare := _without(text, "quotas[1]")) != text:
        text = bare
    told = "".join(f"\n{quota_text(quota)}" for quota in quotas)
    return _read(f"{text.rstrip()}\n{told}", book)


def _criteria(book: RuleBook, group: Group) -> tuple[Criterion, ...]:
    return next(rule.criteria for rule in book.rules if rule.area_type == group)


def _key_of(group: Group, number: int, name: str) -> str:
    return f"{group}.rule_weight" if name == AREA_RULE else f"{group}.criteria[{number}].weight"


def _cell(cell: str) -> str:
    return f'"{cell}"' if "/" in cell else cell


def _read(text: str, book: RuleBook) -> RuleBook:
    return read_rules_text(text, book.name)


def _set(text: str, key: str, value: str, file: str) -> str:
    """Return a text with the value of a key that has a line of its own."""
    number = origin_of(file, text).lines.get(key)
    if number is None:
        raise InputError("rules_not_by_line", file=file, key=key)
    lines = text.splitlines(keepends=True)
    head, _, rest = lines[number - 1].partition("=")
    _, hash_sign, comment = rest.partition("#")
    end = f"  #{comment}" if hash_sign else "\n"
    lines[number - 1] = f"{head.rstrip()} = {value}{end}"
    return "".join(lines)


def _put(text: str, key: str, value: str, file: str) -> str:
    """Return a text with a key set, or added under its table's header."""
    lines = origin_of(file, text).lines
    if key in lines:
        return _set(text, key, value, file)
    table, _, name = key.rpartition(".")
    if table not in lines:
        raise InputError("rules_not_by_line", file=file, key=key)
    parts = text.splitlines(keepends=True)
    parts.insert(lines[table], f"{name} = {value}\n")
    return "".join(parts)


def _drop(text: str, key: str) -> str:
    number = origin_of("", text).lines.get(key)
    parts = text.splitlines(keepends=True)
    return text if number is None else "".join(parts[: number - 1] + parts[number:])


def _without(text: str, table: str) -> str:
    """Return a text without one table: from its header to the next."""
    start = origin_of("", text).lines.get(table)
    if start is None:
        return text
    parts = text.splitlines(keepends=True)
    end = next((n for n in range(start, len(parts)) if _HEADER.match(parts[n])), len(parts))
    return "".join(parts[: start - 1] + parts[end:])
