"""What a printed report is made of: one list of blocks, which Word and PDF print alike.

A block says what it is (`Role`) and what it keeps together with; what that looks like is the
printer's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

TEXT_WIDTH_MM: Final = 156.0
"""Width of the text of both printers: A4 less the margins of GB/T 9704-2012."""

Align = Literal["left", "center", "right"]
Role = Literal[
    "Body",
    "Title",
    "Subtitle",
    "Level 1",
    "Level 2",
    "Caption Line",
    "Cell",
    "Note",
    "Label",
    "Signature Line",
]


@dataclass(frozen=True)
class Picture:
    """A PNG in a cell of a table; `alt` says the same to those who cannot see it."""

    png: bytes
    width_mm: float
    height_mm: float
    alt: str


@dataclass(frozen=True)
class TableColumn:
    """One column of a printed table; `width_mm` of all columns sum up to the text width."""

    heading: str
    width_mm: float
    align: Align = "left"


@dataclass(frozen=True)
class Paragraph:
    """Text of one role; `keep_with_next` keeps it on the page of what follows."""

    role: Role
    text: str
    keep_with_next: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a head.

    Attributes
    ----------
    columns, rows
        Heads and cells; every row has as many cells as there are columns.
    totals
        A last row that stands out; None: there is none.
    keep_with_next
        Whether its last row stays on the page of what follows.
    """

    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[str | Picture]]
    totals: Sequence[str] | None = None
    keep_with_next: bool = False


@dataclass(frozen=True)
class Plate:
    """A drawing over the width of the text, on a page with its caption.

    Attributes
    ----------
    svg
        The drawing; its text names no font that is not ours.
    width_mm, height_mm
        Its size in print.
    alt
        The same for those who cannot see it.
    """

    svg: str
    width_mm: float
    height_mm: float
    alt: str


Block = Paragraph | Table | Plate
