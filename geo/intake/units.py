"""Names of units (镇街、产业基地): short, older and misspelt forms -> the union's own name.

A district's own list of units comes first. The shipped one, data/reference/units.csv, speaks only
for places in Daxing: other districts have towns of the same names.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.intake.meanings import normalise
from geo.reference import DATA_FOLDER
from geo.tables import split_list

_LIST: Final = DATA_FOLDER / "reference" / "units.csv"
SHIPPED_OUTLINE: Final = DATA_FOLDER / "open" / "daxing_outline_osm.geojson"
"""Daxing's outline: © OpenStreetMap contributors, ODbL 1.0."""
_UNIONS: Final = ("工会联合会", "工会委员会", "总工会", "工会")
_MARGIN_DEGREE: Final = 0.02  # a wrong datum moves places by 0.013 degrees


@dataclass(frozen=True)
class UnitNames:
    """The units of one district, as it lists them itself; without any it knows none.

    Attributes
    ----------
    spellings
        Every accepted spelling, normalised -> the name on the list.
    """

    spellings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[tuple[str, str]]) -> "UnitNames":
        """Return the names of units given as name and list of other names.

        A name is its own unit, whoever else has it for another name; another name that two units
        have is nobody's.
        """
        listed = [(name, split_list(others)) for name, others in units]
        claims: dict[str, set[str]] = {}
        for name, others in listed:
            for other in others:
                claims.setdefault(normalise(other), set()).add(name)
        shared = {given: next(iter(names)) for given, names in claims.items() if len(names) == 1}
        return cls(shared | {normalise(name): name for name, _ in listed})

    def find(self, given: str) -> str | None:
        """Return the unit of the list that a spelling means; None: none of them.

        A spelling that the shipped list knows counts where it means a unit of this one.
        """
        own = next((self.spellings[key] for key in _keys(given) if key in self.spellings), None)
        if own is not None:
            return own
        shipped = unit_name(given)
        return None if shipped is None else self.spellings.get(normalise(shipped))


@cache
def unit_names() -> Mapping[str, str]:
    """Return every accepted spelling, normalised -> the name that the union uses."""
    names: dict[str, str] = {}
    with _LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["name"] or row["nbs_name"]
            for given in (name, row["nbs_name"], *split_list(row["alias"])):
                if given:
                    names.setdefault(normalise(given), name)
    return names


def unit_name(given: str) -> str | None:
    """Return the union's name of a unit; None: the list has no such unit.

    A unit's union stands for the unit: 瀛海镇总工会 is 瀛海镇.
    """
    return next((unit_names()[key] for key in _keys(given) if key in unit_names()), None)


def _keys(given: str) -> tuple[str, ...]:
    """Return a name as lists spell it, and without the word for its union where it ends in one."""
    key = normalise(given)
    union = next((ending for ending in _UNIONS if key.endswith(ending)), "")
    return (key, key.removesuffix(union)) if union else (key,)


def full_unit_in(text: str) -> str | None:
    """Return the unit of Daxing that a text writes out in full, such as 青云店镇政府旁; else None.

    Short names do not count: 清源路 is a street, and need not lie in 清源街道. Two units: neither.
    """
    given = normalise(text)
    found = {name for spelling, name in _full_names().items() if name and spelling in given}
    return next(iter(found)) if len(found) == 1 else None


@cache
def _full_names() -> Mapping[str, str]:
    endings = tuple(normalise(ending) for ending in ("镇", "街道", "基地"))
    return {given: name for given, name in unit_names().items() if given.endswith(endings)}


def in_daxing(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> bool:
    """Tell whether the middle of these WGS-84 positions lies within Daxing's bounds."""
    if not len(lon):
        return False
    west, south, east, north = daxing_bounds()
    x, y = float(np.median(lon)), float(np.median(lat))
    return west <= x <= east and south <= y <= north


@cache
def daxing_bounds() -> tuple[float, float, float, float]:
    """Return west, south, east, north of Daxing with a margin, WGS-84 degrees."""
    outline = shapely.from_geojson(SHIPPED_OUTLINE.read_text(encoding="utf-8"))
    west, south, east, north = outline.bounds
    return (
        west - _MARGIN_DEGREE,
        south - _MARGIN_DEGREE,
        east + _MARGIN_DEGREE,
        north + _MARGIN_DEGREE,
    )
