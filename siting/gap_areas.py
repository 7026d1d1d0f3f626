"""The worst gap areas with their names, and the mends of each, the cheapest per worker first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siting.costs import access_cost_yuan, costs_yuan, hours_cost_yuan, services_cost_yuan
from siting.coverage.cells import Cells
from siting.coverage.gaps import Gap, gaps
from siting.coverage.levels import UNCOVERED, Supply
from siting.coverage.mends import Mend, mends, new_stations, worker_hours_in_reach
from siting.coverage.points import Demand, Float64
from siting.coverage.reach import Reach
from siting.gap_places import GapPlace, named_places
from siting.model import Inputs
from siting.weather import MILD, Weather

Costs = tuple[NDArray[np.int64], NDArray[np.bool_]]
TOLD_MENDS = 4
SUBSTANTIAL = 0.2
"""Least share of an area's uncovered workers that a mend worth telling first wins."""


@dataclass(frozen=True)
class PricedMend:
    """A mend, what it costs, and whether that is our assumption and not the record's own figure."""

    mend: Mend
    cost_yuan: int
    cost_assumed: bool

    @property
    def yuan_per_worker(self) -> float:
        """Cost per average present worker it wins."""
        return self.cost_yuan / self.mend.workers


@dataclass(frozen=True, eq=False)
class GapArea:
    """A gap area, where it is, and up to `TOLD_MENDS` mends, the cheapest per worker first.

    A mend's workers are those of this area only. Mends that win at least `SUBSTANTIAL` of it come
    before the others.
    """

    gap: Gap
    place: GapPlace
    mends: tuple[PricedMend, ...]

    @property
    def without_mend(self) -> bool:
        """Whether no single change wins a substantial part: a site has to be found here."""
        return not any(is_substantial(item.mend, self.gap) for item in self.mends)


@dataclass(frozen=True, eq=False)
class Ground:
    """What gap areas are found in: demand, who reaches what, and what sites answer."""

    inputs: Inputs
    demand: Demand
    cells: Cells
    uncovered: Float64
    point_hours: Float64
    stations: tuple[Reach, Supply]
    candidates: tuple[Reach, Supply]
    weather: Weather = MILD


def gap_areas(ground: Ground) -> tuple[GapArea, ...]:
    """Return the gap areas, the most uncovered workers first."""
    inputs, demand = ground.inputs, ground.demand
    hours = [ground.weather.window_hours(code) for code in ground.cells.windows]
    found = gaps(demand, ground.cells, ground.uncovered, ground.point_hours, hours)
    places = named_places(inputs, demand, found, ground.uncovered.sum(axis=1))
    costs = costs_yuan(inputs.candidates)
    return tuple(
        GapArea(gap, place, _mends(gap, ground, costs))
        for gap, place in zip(found, places, strict=True)
    )


def area_causes(gap: Gap) -> dict[str, float]:
    """Return the uncovered workers of an area by cause."""
    return {level.name.lower(): gap.by_cause[level] for level in UNCOVERED}


def is_substantial(mend: Mend, gap: Gap) -> bool:
    """Tell whether a mend wins a substantial part of an area (>=)."""
    return mend.workers >= SUBSTANTIAL * gap.workers


def _mends(gap: Gap, ground: Ground, costs: Costs) -> tuple[PricedMend, ...]:
    hours = ground.uncovered[gap.points]
    reach, supply = ground.stations
    near, new = ground.candidates
    found = (
        *mends(
            ground.inputs.stations,
            supply,
            worker_hours_in_reach(reach.only(gap.points), hours),
            ground.demand,
            ground.cells,
        ),
        *new_stations(
            new, worker_hours_in_reach(near.only(gap.points), hours), ground.demand, ground.cells
        ),
    )
    priced = [_priced(mend, costs) for mend in found]

    def place(item: PricedMend) -> tuple[bool, float]:
        return (not is_substantial(item.mend, gap), item.yuan_per_worker)

    return tuple(sorted(priced, key=place)[:TOLD_MENDS])


def _priced(mend: Mend, costs: Costs) -> PricedMend:
    if mend.kind == "new":
        return PricedMend(mend, int(costs[0][mend.site]), bool(costs[1][mend.site]))
    yuan = {
        "hours": hours_cost_yuan(),
        "access": access_cost_yuan(),
        "services": services_cost_yuan(mend.services),
    }
    return PricedMend(mend, yuan[mend.kind], cost_assumed=True)
