"""The shipped list of Daxing's units as records of a register, to be edited afterwards.

data/reference/units.csv: 14 towns, 6 sub-districts, 2 industrial bases, and 的士职工之家, which has
no territory. What else the file lists, because the statistics office does, are no units of the
district's federation. The date there is that of the list of names; since when a unit exists the
file does not say, so that `valid_from` stays blank.
"""

import csv
from typing import Final

import pandas as pd

from geo.intake.codes import find_code
from geo.reference import DATA_FOLDER
from geo.tables import columns
from register.contents import ContentEdits
from register.records import Batch
from register.values import frame_of
from siting.model import LayerSource
from words import say

_LIST: Final = DATA_FOLDER / "reference" / "units.csv"
_WITHOUT_TERRITORY: Final = "none"


def shipped_units() -> pd.DataFrame:
    """Return the units, conforming to the schema: name, kind, other names, territory."""
    with _LIST.open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["name"]]
    return frame_of("units", [_unit(row) for row in listed])


def put_shipped_units(register: ContentEdits, *, who: str, why: str = "") -> Batch:
    """Take the units in as one batch that can be undone; those on record stay as they are."""
    there = {record.id for record in register.records("units")}
    frame = shipped_units()
    new = frame[~frame["name"].isin(there)].reset_index(drop=True)
    if new.empty:
        return Batch(None, unchanged=len(frame))
    told = say("register.why.units_source", "zh")
    source = LayerSource("units", told, "MIT", _date(), synthetic=register.synthetic)
    batch = register.put_records("units", new, source, who=who, why=why)
    return Batch(batch.id, batch.added, batch.changed, batch.removed, len(frame) - len(new))


def _date() -> str:
    with _LIST.open(encoding="utf-8", newline="") as file:
        return max(row["valid_from"] for row in csv.DictReader(file))


def _unit(row: dict[str, str]) -> dict[str, object]:
    kind = find_code("unit_kinds", row["unit_kind"])
    assigned: dict[str, object] = {column.name: None for column in columns("units")}
    return assigned | {
        "name": row["name"],
        "unit_kind": kind or "",
        "alias": row["alias"],
        "territory": kind != _WITHOUT_TERRITORY,
    }
