"""Who is to be covered, and whom a bundle would effectively cover.

An item is a row of the demand table on some days of its window: a demand point, a group and a part
of a window. A bundle covers it where it is in reach and open, admits it and offers what it needs,
all on record or taken as usual: verified, on the terms of `siting.coverage.levels`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catchments import Travel
from geo.rows import take_rows
from siting.actions.bundles import Bundle
from siting.coverage.cells import Cells
from siting.coverage.levels import FILTERS, Terms, read_supply
from siting.coverage.points import Demand, Float64
from siting.filters import Passed, own_grounds_m
from siting.service import nearer

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
_MM_PER_M = 1000.0
_COLUMNS = ("hours", "access", "services", "kind")


@dataclass(frozen=True, eq=False)
class Items:
    """Demand rows on parts of their windows, point by point; n items.

    Attributes
    ----------
    indptr
        int64[p + 1]: the items of each demand point.
    row, cell
        int64[n]: the demand row and the cell of each.
    hours
        float64[n], > 0: worker-hours per week.
    """

    demand: Demand
    cells: Cells
    indptr: Int64
    row: Int64
    cell: Int64
    hours: Float64

    @property
    def size(self) -> int:
        """Number of items."""
        return len(self.row)

    @cached_property
    def point(self) -> Int64:
        """int64[n]: the demand point of each."""
        return self.demand.row_point[self.row]

    @cached_property
    def group(self) -> Int64:
        """int64[n]: the number of the group of each."""
        return self.cell // len(self.cells.parts)

    @cached_property
    def window(self) -> Int64:
        """int64[n]: the number of the window of each."""
        return self.cells.part_window[self.cell % len(self.cells.parts)]

    @cached_property
    def town(self) -> Int64:
        """int64[n]: the number of the unit of each."""
        return self.cells.row_town[self.row].astype(np.int64)


def read_items(demand: Demand, cells: Cells) -> Items:
    """Return the items of a demand table that have any worker-hours."""
    counted = np.flatnonzero(demand.row_hours > 0)
    window = cells.row_window[counted]
    parts = np.bincount(cells.part_window, minlength=len(cells.windows))[window]
    row = np.repeat(counted, parts)
    step = np.arange(len(row)) - np.repeat(np.cumsum(parts) - parts, parts)
    part = cells.first_part[cells.row_window[row]] + step
    order = np.argsort(demand.row_point[row], kind="stable")
    row, part = row[order], part[order]
    indptr = np.zeros(demand.points + 1, dtype=np.int64)
    np.cumsum(np.bincount(demand.row_point[row], minlength=demand.points), out=indptr[1:])
    return Items(
        demand=demand,
        cells=cells,
        indptr=indptr,
        row=row,
        cell=cells.row_group[row].astype(np.int64) * len(cells.parts) + part,
        hours=demand.row_hours[row] * cells.part_share[part],
    )


@dataclass(frozen=True, eq=False)
class Near:
    """The items in reach of one place.

    Attributes
    ----------
    item
        int64[m]: ascending.
    own
        int64[m]: 1 where it is on the grounds of the place's host.
    cell
        int64[m].
    """

    item: Int64
    own: Int64
    cell: Int64


class Served:
    """Whom bundles serve; every text of a record is read once.

    Parameters
    ----------
    items
        Who is to be covered.
    matrix
        Walks from all stations, then all candidates, up to the cut-off.
    terms
        On which a station is of use; its weather shortens ways.
    bundles
        All that will be asked about.
    """

    def __init__(
        self, items: Items, matrix: Travel, terms: Terms, bundles: Iterable[Bundle]
    ) -> None:
        self._items = items
        self._matrix = nearer(matrix, terms.weather.reach_share)
        self._near: dict[int, Near] = {}
        records = [bundle.record for bundle in bundles]
        self._hours = _answers("hours", [(r.hours, "") for r in records], items.cells, terms)
        self._access = _answers("access", [(r.access, r.kind) for r in records], items.cells, terms)
        self._services = _answers(
            "services", [(r.services, "") for r in records], items.cells, terms
        )

    def near(self, place: int) -> Near:
        """Return the items in reach of a row of the travel matrix."""
        found = self._near.get(place)
        if found is None:
            entries = slice(self._matrix.indptr[place], self._matrix.indptr[place + 1])
            points = self._matrix.demand[entries].astype(np.int64)
            own = self._matrix.cost_mm[entries] <= round(own_grounds_m() * _MM_PER_M)
            indptr, item = take_rows(self._items.indptr, points)
            held = np.repeat(own.astype(np.int64), np.diff(indptr))
            found = self._near[place] = Near(item, held, self._items.cell[item])
        return found

    def mask(self, bundle: Bundle) -> Bools:
        """Return bool[m]: which of the items near its place a bundle serves."""
        record, near = bundle.record, self.near(bundle.place)
        passed = (
            self._hours[record.hours, ""]
            & self._access[record.access, record.kind]
            & self._services[record.services, ""]
        )
        found: Bools = passed[near.own, near.cell]
        return found


def _answers(
    name: str, texts: list[tuple[str, str]], cells: Cells, terms: Terms
) -> dict[tuple[str, str], Bools]:
    """Return bool[2, c] for each text of one column: whether it passes its filter, verified."""
    distinct = list(dict.fromkeys(texts))
    frame = pd.DataFrame(
        {column: [""] * len(distinct) for column in _COLUMNS}
        | {"kind": [kind for _, kind in distinct]}
        | {name: [text for text, _ in distinct]},
        dtype="str",
    )
    passed = read_supply(frame, cells, terms).passed[FILTERS.index(name)] == Passed.YES
    return {text: passed[:, number] for number, text in enumerate(distinct)}
