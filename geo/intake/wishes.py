"""What people chose beside the table and the datum: encoding, corrections, where to look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import shapely

from geo.intake.units import UnitNames

DATUM: Final = "datum"
"""Column of a correction that is no cell, but the datum of the row."""


@dataclass(frozen=True)
class Wishes:
    """Choices of one reading; without any the file is read as it stands.

    Attributes
    ----------
    encoding
        Of a text, as Python calls it (`utf-8`, `gb18030`, `utf-16`, `big5`, …); None: found out.
    corrections
        (row in the original file, schema column) -> the text to take instead of the cell's: what
        people typed, or a finding's `repair` that they accepted. The column `DATUM` states the
        datum of that row alone: `wgs84` for one that was placed on the map.
    skipped
        Rows of the original file that people leave out; they count as nothing.
    outline
        The district, WGS-84: points outside it are told. None: Daxing's where the table lies there.
    area
        Of a population grid, the cells whose middle lies in it (WGS-84) and no others; a grid of a
        whole country can be read so. None: all cells. Other files are read as they are.
    town_places
        Unit -> longitude and latitude (WGS-84) of its middle: rows without a position are put
        there, marked as to be verified. Empty: they stay apart, to be placed by hand.
    units
        The district's own list of units: its names come before those of the shipped list.
    """

    encoding: str | None = None
    corrections: Mapping[tuple[int, str], str] = field(default_factory=dict)
    skipped: frozenset[int] = frozenset()
    outline: shapely.Geometry | None = None
    area: shapely.Geometry | None = None
    town_places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    units: UnitNames = field(default_factory=UnitNames)
