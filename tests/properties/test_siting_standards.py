"""Several standards on random instances, against plain loops over what their words say."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.catchments import STRAIGHT_LINE_FACTOR
from siting.coverage import read_demand
from siting.coverage.cells import read_cells
from siting.coverage.levels import Level, Terms, read_supply
from siting.judging import Judgement, judge_ways
from siting.model import Inputs, Parameters
from siting.standards import Limit, Rule, Standard, read_standard
from siting.weather import Weather
from siting.within import Ways
from tests.many import many
from tests.properties.effective_worlds import OWN_M, TERMS, World, records, worlds
from tests.unit.siting.tables import matrix

FAR_M = 2000.0
METRES = st.sampled_from([0, 200, OWN_M, OWN_M + 1, 500, 999, 1000, 1001, 1250])
SECONDS = st.sampled_from([0, 60, 299, 300, 301, 600])


@dataclass(frozen=True)
class Distances:
    """Metres on foot and as the crow flies, seconds by e-bike; one {point: cost} per station."""

    walk: list[dict[int, float]]
    circle: list[dict[int, float]]
    ride: list[dict[int, float]] | None

    def ways(self, points: int) -> Ways:
        longer = [{p: m * STRAIGHT_LINE_FACTOR for p, m in row.items()} for row in self.circle]
        circle = matrix(longer, points, cutoff_m=FAR_M * STRAIGHT_LINE_FACTOR)
        ride = None
        if self.ride is not None:
            ride = replace(matrix(self.ride, points, cutoff_m=3600.0), cost_unit="ms")
        return Ways(matrix(self.walk, points, cutoff_m=FAR_M), circle, ride)

    def within(self, station: int, point: int, limit: Limit, share: float) -> bool:
        if limit.way == "circle":
            cost, most = self.circle[station].get(point), limit.metres
        elif limit.way == "ebike" and self.ride is not None:
            cost, most = self.ride[station].get(point), limit.seconds or 0.0
        else:
            cost, most = self.walk[station].get(point), limit.metres
        return cost is not None and cost <= most * share


@st.composite
def distances(draw: st.DrawFn, world: World) -> Distances:
    """Return costs of every kind; they need not fit each other."""

    def table(cost: st.SearchStrategy[int]) -> list[dict[int, float]]:
        points = st.sampled_from(range(world.points)) if world.points else st.nothing()
        row = st.dictionaries(points, cost, max_size=world.points)
        return [
            {p: float(c) for p, c in (draw(row) if world.points else {}).items()}
            for _ in world.records()
        ]

    ride = table(SECONDS) if draw(st.booleans()) else None
    return Distances(table(METRES), table(METRES), ride)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    limits = st.sampled_from(
        [
            Limit("walk", 500.0),
            Limit("walk", 1000.0),
            Limit("circle", 1000.0),
            Limit("circle", 500.0),
            Limit("ebike", 1250.0, 300.0),
        ]
    )
    chosen = draw(st.lists(limits, min_size=1, max_size=2, unique_by=lambda item: item.way))
    groups = draw(st.sampled_from([("*",), ("food_rider",), ("sweeper", "enterprise")]))
    return Rule(tuple(chosen), groups, draw(st.sampled_from([0.0, 3.0, 30.0])))


@st.composite
def standards(draw: st.DrawFn, name: str) -> Standard:
    last = replace(draw(rules()), groups=("*",), workers_from_per_km2=0.0)
    found = draw(st.lists(rules(), max_size=2))
    least = draw(st.integers(1, 3))
    return Standard(name, "", "", (*found, last), "", "", least, 0.5, 1000.0, ())


def density_of(world: World, point: int) -> float:
    """All the world's places are within metres of each other: everybody over the circle's area."""
    demand = read_demand(world.demand, Parameters())
    assert point < demand.points
    return float(demand.point_hours.sum() / demand.hours_per_week / np.pi)


def levels_of(
    world: World, apart: Distances, norm: Standard, row: dict[str, Any], terms: Terms
) -> list[Level]:
    """Return how far enough stations get the workers of one row, day by day of its window."""
    share = terms.weather.reach_share
    point = list(dict.fromkeys(world.demand["id"])).index(row["id"])
    density = density_of(world, point)
    rule = next(
        item
        for item in norm.rules
        if ("*" in item.groups or row["group"] in item.groups)
        and density >= item.workers_from_per_km2
    )
    supply = read_supply(world.stations, read_cells(pd.DataFrame([row]), terms.monday), terms).level
    near = [
        station
        for station in range(len(world.stations))
        if all(apart.within(station, point, limit, share) for limit in rule.limits)
    ]
    found = []
    for day in range(supply.shape[2]):
        levels = sorted(
            int(supply[int(apart.walk[station].get(point, FAR_M) <= OWN_M), station, day])
            for station in near
        )
        enough = len(levels) >= norm.least_stations
        found.append(Level(levels[-norm.least_stations]) if enough else Level.OUT_OF_REACH)
    return found


def judged(
    world: World, apart: Distances, norms: tuple[Standard, ...], terms: Terms = TERMS
) -> Judgement:
    demand, cells = read_demand(world.demand, Parameters()), world.cells(terms)
    inputs = Inputs(world.demand, world.stations)
    return judge_ways(inputs, norms, (demand, cells), apart.ways(world.points), terms)


@given(st.data(), worlds(), st.sampled_from([1.0, 0.8]))
@settings(max_examples=many(80), deadline=None)
def test_every_row_gets_as_far_as_plain_loops_say(
    data: st.DataObject, world: World, share: float
) -> None:
    apart, norm = data.draw(distances(world)), data.draw(standards("one"))
    terms = replace(TERMS, weather=Weather(reach_share=share))
    found = judged(world, apart, (norm,), terms).judged[0].coverage
    expected = [levels_of(world, apart, norm, row, terms) for row in records(world.demand)]
    assert world.levels(found) == expected


@given(st.data(), worlds())
@settings(max_examples=many(40), deadline=None)
def test_disagreements_are_the_workers_of_one_standard_alone(
    data: st.DataObject, world: World
) -> None:
    apart = data.draw(distances(world))
    one, other = data.draw(standards("one")), data.draw(standards("other"))
    result = judged(world, apart, (one, other))
    (between,) = result.disagreements()
    first, second = (item.coverage.total.nominal for item in result.judged)
    moved = between.only_first.sum() - between.only_second.sum()
    assert moved == pytest.approx(first - second, abs=1e-9)
    assert min(between.only_first.min(initial=0), between.only_second.min(initial=0)) == 0


@given(st.data(), worlds())
@settings(max_examples=many(40), deadline=None)
def test_asking_for_two_stations_never_covers_more_and_a_longer_limit_never_fewer(
    data: st.DataObject, world: World
) -> None:
    apart = data.draw(distances(world))
    base = {"zh": "", "en": "", "source": "", "sentence": "", "pass_share": 0.5}
    norms = tuple(
        read_standard(name, {**base, **more})
        for name, more in {
            "near": {"cutoff_m": 500.0},
            "far": {"cutoff_m": 1000.0},
            "two": {"cutoff_m": 1000.0, "least_stations": 2},
            "both": {"cutoff_m": 1000.0, "radius_m": 1000.0},
        }.items()
    )
    near, far, two, both = (item.coverage.level for item in judged(world, apart, norms).judged)
    assert (near <= far).all()
    assert (two <= far).all()
    assert (both <= far).all()
