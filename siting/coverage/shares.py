"""Worker-hours by unit, group and window, in the orders that people know."""

import csv
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TypeVar

from geo.reference import DATA_FOLDER, read_list
from siting.windows import windows

T = TypeVar("T")


@cache
def unit_order() -> dict[str, int]:
    """Return the place of each unit (镇街、产业基地) in data/reference/units.csv."""
    path = DATA_FOLDER / "reference" / "units.csv"
    if not path.is_file():
        return {}  # a district whose unit list is not drawn up yet: by name
    with path.open(encoding="utf-8-sig", newline="") as lines:
        names = dict.fromkeys(row["name"] for row in csv.DictReader(lines))
    return {name: place for place, name in enumerate(names)}


@cache
def group_order() -> dict[str, int]:
    """Return the place of each worker group in data/reference/groups.toml."""
    return {code: place for place, code in enumerate(read_list("reference/groups"))}


@cache
def window_order() -> dict[str, int]:
    """Return the place of each time window in data/reference/windows.toml."""
    return {code: place for place, code in enumerate(windows())}


def in_order(
    rows: Iterable[T], name: Callable[[T], str], order: Mapping[str, int]
) -> tuple[T, ...]:
    """Return rows as `order` has their names, unknown ones by name, the nameless last."""

    def place(row: T) -> tuple[bool, int, str]:
        return (not name(row), order.get(name(row), len(order)), name(row))

    return tuple(sorted(rows, key=place))
