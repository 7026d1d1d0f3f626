"""The worst gap areas with their names, and the mends of each, the cheapest per worker first."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.costs import (
    action_cost_yuan,
    costs_yuan,
    default_cost_yuan,
    hours_cost_yuan,
    services_cost_yuan,
)
from siting.coverage.cells import Cells
from siting.coverage.gaps import Gap, gaps
from siting.coverage.levels import UNCOVERED, Levels, Supply
from siting.coverage.mends import (
    TO_OPEN,
    Mend,
    MendKind,
    Missed,
    mends,
    missed,
    openings,
    worker_hours_at,
)
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
    before the others. They are found when somebody asks: a map of all areas needs none.
    """

    gap: Gap
    place: GapPlace
    find: Callable[[], tuple[PricedMend, ...]]

    @cached_property
    def mends(self) -> tuple[PricedMend, ...]:
        """The mends, found once."""
        return self.find()

    @property
    def without_mend(self) -> bool:
        """Whether no single change wins a substantial part: a site has to be found here."""
        return not any(is_substantial(item.mend, self.gap) for item in self.mends)


@dataclass(frozen=True, eq=False)
class Ground:
    """What gaps are found in: demand, who reaches what, and what sites answer.

    Attributes
    ----------
    hours, best
        float64[p, c] and uint8[p, c]: worker-hours, and how far the stations get them.
    point_hours
        float64[p, levels], as `EffectiveCoverage` has them.
    stations
        Who reaches those that count, and what all stations answer.
    idle
        Who would reach those that do not count and could be opened.
    candidates
        Who would reach those that may be chosen, and what they answer.
    """

    inputs: Inputs
    demand: Demand
    cells: Cells
    hours: Float64
    best: Levels
    point_hours: Float64
    stations: tuple[Reach, Supply]
    idle: Reach
    candidates: tuple[Reach, Supply]
    weather: Weather = MILD

    @cached_property
    def uncovered(self) -> Float64:
        """float64[p, c]: the worker-hours that no station can serve."""
        return worker_hours_at(self.hours, self.best, UNCOVERED)

    def mends(self, points: NDArray[np.int64] | None = None) -> tuple[Mend, ...]:
        """Return every mend of the gap, or of some points' part of it, the most workers first."""
        if points is None:
            points = np.arange(self.demand.points)
        hours, best = self.hours[points], self.best[points]
        (reach, supply), (near, new) = self.stations, self.candidates
        stations = self.inputs.stations
        of_state = [TO_OPEN.get(state, "new") for state in stations["state"]]
        of_candidate: list[MendKind] = ["new"] * len(self.inputs.candidates)

        def whom(reach: Reach) -> Missed:
            return missed(reach.only(points), hours, best)

        found = (
            *mends(stations, supply, whom(reach), self.demand, self.cells),
            *openings(of_state, supply, whom(self.idle), self.demand, self.cells),
            *openings(of_candidate, new, whom(near), self.demand, self.cells),
        )
        return tuple(sorted(found, key=lambda mend: -mend.workers))


def gap_areas(ground: Ground) -> tuple[GapArea, ...]:
    """Return the gap areas, the most uncovered workers first."""
    inputs, demand = ground.inputs, ground.demand
    hours = [ground.weather.window_hours(code) for code in ground.cells.windows]
    found = gaps(demand, ground.cells, ground.uncovered, ground.point_hours, hours)
    places = named_places(inputs, demand, found, ground.uncovered.sum(axis=1))
    costs = costs_yuan(inputs.candidates)
    return tuple(
        GapArea(gap, place, partial(_mends, gap, ground, costs))
        for gap, place in zip(found, places, strict=True)
    )


def area_causes(gap: Gap) -> dict[str, float]:
    """Return the uncovered workers of an area by cause."""
    return {level.name.lower(): gap.by_cause[level] for level in UNCOVERED}


def is_substantial(mend: Mend, gap: Gap) -> bool:
    """Tell whether a mend wins a substantial part of an area (>=)."""
    return mend.workers >= SUBSTANTIAL * gap.workers


def _mends(gap: Gap, ground: Ground, costs: Costs) -> tuple[PricedMend, ...]:
    priced = [_priced(mend, costs, ground.inputs.stations) for mend in ground.mends(gap.points)]

    def place(item: PricedMend) -> tuple[bool, float]:
        return (not is_substantial(item.mend, gap), item.yuan_per_worker)

    return tuple(sorted(priced, key=place)[:TOLD_MENDS])


def _priced(mend: Mend, costs: Costs, stations: pd.DataFrame) -> PricedMend:
    if mend.kind == "new":
        return PricedMend(mend, int(costs[0][mend.site]), bool(costs[1][mend.site]))
    if mend.kind == "planned":
        record = stations.iloc[mend.site]
        yuan = default_cost_yuan(str(record["kind"]), str(record["host_type"]))
    elif mend.kind == "services":
        yuan = services_cost_yuan(mend.services)
    elif mend.kind == "hours":
        yuan = hours_cost_yuan(mend.windows)
    else:
        yuan = action_cost_yuan(mend.kind)
    return PricedMend(mend, yuan, cost_assumed=True)
