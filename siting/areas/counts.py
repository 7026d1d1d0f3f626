"""What is in an area that somebody drew: its workers and what they have, its stations, its gaps.

Workers belong to the area by their demand points, a point on the border included. Whether they are
covered was decided for the whole district, along streets: a station outside the area covers people
inside it, and the border cuts nothing off.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.streets import attach, street_names
from siting.coverage.effective import LevelRow, sum_levels
from siting.coverage.levels import Level
from siting.coverage.shares import group_order, in_order
from siting.demand.small_cells import SMALLEST_SHOWN, hide
from siting.service import Service

MOST_WORST = 5
"""So many demand points with the most uncovered workers are named."""

Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class WorstPoint:
    """A demand point whose workers no station serves.

    Attributes
    ----------
    lon, lat
        WGS-84 degrees.
    street, town
        The street that it is attached to, the unit that it is in; "" where there is none.
    uncovered
        Average present workers.
    """

    id: str
    lon: float
    lat: float
    street: str
    town: str
    uncovered: float


@dataclass(frozen=True, eq=False)
class AreaCount:
    """What is in an area; workers are average present workers.

    Attributes
    ----------
    points
        Demand points of the area.
    total, groups
        Its workers by how far their stations get them; groups in the order of their list, only
        those that are there.
    nominal_workers, nominal_covered
        Its workers, and those with a station within the cut-off, whatever the terms.
    towns
        Units that its demand points are in, those with the most points first.
    stations, candidates
        Ids of those within, in the order of their tables.
    worst
        The points with the most uncovered workers, the most first; none of few workers.
    smallest
        Fewer workers (<) than this are not told.
    """

    points: int
    total: LevelRow
    groups: tuple[LevelRow, ...]
    nominal_workers: float
    nominal_covered: float
    towns: tuple[str, ...]
    stations: tuple[str, ...]
    candidates: tuple[str, ...]
    worst: tuple[WorstPoint, ...]
    smallest: float

    @property
    def nominal_coverage(self) -> float:
        """Share within the cut-off of a station; 0 without workers."""
        return self.nominal_covered / self.nominal_workers if self.nominal_workers else 0.0

    @cached_property
    def few(self) -> bool:
        """Whether so few workers are there that not even their number is told."""
        return 0 < self.total.workers < self.smallest

    @cached_property
    def parts_told(self) -> bool:
        """Whether covered and uncovered ones are told: none of them are few."""
        return not self.few and not _few_parts(self.total, self.smallest)

    @cached_property
    def told(self) -> tuple[bool, ...]:
        """Which of `groups` are told: rows of few workers are not, nor what would betray them."""
        hidden = np.array([_few_parts(row, self.smallest) for row in self.groups], dtype=bool)
        for column in ("workers", "verified", "unverified", "uncovered"):
            cells = np.array([getattr(row, column) for row in self.groups], dtype=float)
            hidden |= hide(cells, self.smallest)
        return tuple((~hidden & self.parts_told).tolist())


def count_area(
    service: Service, area: shapely.Geometry, *, smallest: float = SMALLEST_SHOWN
) -> AreaCount:
    """Return what is in an area.

    Parameters
    ----------
    service
        Of the stations that exist, on the terms of the moment.
    area
        WGS-84 degrees; its border belongs to it.
    smallest
        Fewest workers that may be told; 0: all are.
    """
    demand, nominal = service.demand, service.nominal
    inside = shapely.intersects_xy(area, demand.point_lon, demand.point_lat)
    by_point, by_cell = sum_levels(service.hours[inside], service.best[inside])
    uncovered = by_point[:, : Level.UNVERIFIED].sum(axis=1)
    numbers = np.flatnonzero(inside)
    town = _towns(service)
    names, points_of = np.unique(town[inside].astype(str), return_counts=True)
    most_first = np.argsort(-points_of, kind="stable")
    return AreaCount(
        points=len(numbers),
        total=_row("", by_cell.sum(axis=0), demand.hours_per_week),
        groups=_groups(service, by_cell),
        nominal_workers=float(nominal.point_workers[inside].sum()),
        nominal_covered=float(nominal.point_covered[inside].sum()),
        towns=tuple(str(name) for name in names[most_first]),
        stations=_within(service, "stations", area),
        candidates=_within(service, "candidates", area),
        worst=_worst(service, numbers, uncovered, town, smallest),
        smallest=smallest,
    )


def _few_parts(row: LevelRow, smallest: float) -> bool:
    parts = (row.workers, row.verified, row.unverified, row.uncovered, row.nominal)
    return any(0 < part < smallest for part in parts)


def _row(name: str, hours: NDArray[np.float64], per_week: float) -> LevelRow:
    return LevelRow(name, tuple((hours / per_week).tolist()))


def _groups(service: Service, by_cell: NDArray[np.float64]) -> tuple[LevelRow, ...]:
    cells = service.cells
    hours = by_cell.reshape(len(cells.groups), len(cells.parts), len(Level)).sum(axis=1)
    rows = [
        _row(name, part, service.demand.hours_per_week)
        for name, part in zip(cells.groups, hours, strict=True)
        if part.sum() > 0
    ]
    return in_order(rows, lambda row: row.name, group_order())


def _towns(service: Service) -> NDArray[np.object_]:
    """Return object[p]: the unit of each demand point, of the first row that names it."""
    demand = service.demand
    towns = np.empty(demand.points, dtype=object)
    towns[demand.row_point[::-1]] = service.inputs.demand["town"].to_numpy(dtype=object)[::-1]
    return towns


def _within(service: Service, table: str, area: shapely.Geometry) -> tuple[str, ...]:
    frame = service.inputs.stations if table == "stations" else service.inputs.candidates
    lon, lat = frame["lon"].to_numpy(dtype=float), frame["lat"].to_numpy(dtype=float)
    return tuple(frame["id"][shapely.intersects_xy(area, lon, lat)].astype(str))


def _worst(
    service: Service,
    numbers: NDArray[np.intp],
    uncovered: NDArray[np.float64],
    town: NDArray[np.object_],
    smallest: float,
) -> tuple[WorstPoint, ...]:
    workers = uncovered / service.demand.hours_per_week
    ranked = np.argsort(-workers, kind="stable")[:MOST_WORST]
    ranked = ranked[(workers[ranked] > 0) & (workers[ranked] >= smallest)]
    points = numbers[ranked]
    lon, lat = service.demand.point_lon[points], service.demand.point_lat[points]
    return tuple(
        WorstPoint(service.demand.point_id[point], float(x), float(y), street, str(town[point]), w)
        for point, x, y, street, w in zip(
            points.tolist(),
            lon,
            lat,
            _streets(service, lon, lat),
            workers[ranked].tolist(),
            strict=True,
        )
    )


def _streets(service: Service, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str]:
    streets = service.inputs.streets
    names = [""] * len(lon)
    if streets is None or not names:
        return names
    at = attach(streets, lon, lat)
    for place, name in zip(
        np.flatnonzero(at.ok), street_names(streets, at.edge[at.ok]), strict=True
    ):
        names[place] = str(name)
    return names
