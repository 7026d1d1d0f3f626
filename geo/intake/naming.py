"""Units in the cells of a table, brought to the names of the list; every change is told."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from geo.intake.ledger import Ledger, Mask
from geo.intake.units import UnitNames, unit_name
from geo.tables import Column, columns

_SHOWN_CHARS: Final = 40
_HALF: Final = 0.5


def unit_columns(table: str) -> tuple[Column, ...]:
    """Return the columns of a table that name a unit."""
    return tuple(c for c in columns(table) if c.refers == "units" or c.name == "town")


def name_units(
    cells: Mapping[str, pd.Series],
    table: str,
    units: UnitNames,
    kept: Mask,
    ledger: Ledger,
    *,
    in_daxing: bool | None = None,
) -> dict[str, pd.Series]:
    """Return the columns that name units, each under the name that the list has for it.

    Parameters
    ----------
    cells
        Column -> text, one entry per row.
    units
        The district's own list, which comes before the shipped one.
    kept
        Rows that count.
    in_daxing
        Whether the table lies in Daxing, for whose units the shipped list speaks. None: it has no
        positions; then it does where at least half of the names are on that list.
    """
    named = [c for c in unit_columns(table) if c.name in cells]
    counts = {c.name: cells[c.name][kept].value_counts(sort=False) for c in named}
    given = {str(name) for count in counts.values() for name in count.index if name}
    if in_daxing is None:
        known = sum(unit_name(name) is not None for name in given)
        in_daxing = bool(given) and known >= _HALF * len(given)
    if not units.spellings and not in_daxing:
        return {}
    found = {name: units.find(name) or (unit_name(name) if in_daxing else None) for name in given}
    for column in named:
        _tell(column.name, counts[column.name], found, ledger)
    renamed = {name: unit for name, unit in found.items() if unit is not None}
    return {c.name: cells[c.name].replace(renamed).astype("str") for c in named}


def _tell(
    column: str, count: "pd.Series[int]", found: Mapping[str, str | None], ledger: Ledger
) -> None:
    for given in (str(name) for name in count.index if name):
        unit, facts = found[given], {"given": given[:_SHOWN_CHARS], "count": int(count[given])}
        if unit is None:
            ledger.note_of_column("intake_town_unknown", "warning", column, **facts)
        elif unit != given:
            ledger.note_of_column("intake_town_renamed", "info", column, name=unit, **facts)
