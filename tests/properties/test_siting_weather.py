"""Weather on random instances: weighted hours and shortened ways against plain loops."""

from dataclasses import replace
from datetime import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.coverage import read_demand
from siting.coverage.cells import hours_by_cell
from siting.coverage.effective import effective_coverage
from siting.coverage.levels import Level, read_supply
from siting.coverage.reach import read_reach
from siting.coverage.weighted import weighted
from siting.model import Parameters
from siting.service import nearer
from siting.weather import HourWeight, Weather
from siting.windows import windows
from tests.many import many
from tests.properties.effective_worlds import CUTOFF_M, TERMS, WINDOWS, World, worlds
from tests.unit.siting.tables import matrix

MINUTES = st.integers(0, 24 * 4 - 1).map(lambda quarter: quarter * 15)


@st.composite
def hours(draw: st.DrawFn) -> HourWeight:
    start, end = (time(m // 60, m % 60) for m in (draw(MINUTES), draw(MINUTES)))
    return HourWeight(start, end, draw(st.sampled_from([0.5, 1.0, 2.0, 3.5])))


def minute_by_minute(item: HourWeight, code: str) -> float:
    """Return the mean weight of a window, looked at every minute of it."""
    when = windows()[code]
    start, low, high = (60 * t.hour + t.minute for t in (when.start, item.start, item.end))
    weights = []
    for minute in range(round(when.hours_per_day * 60)):
        clock = (start + minute) % (24 * 60)
        inside = low <= clock < high if low < high else clock >= low or clock < high
        weights.append(item.weight if inside else 1.0)
    return float(np.mean(weights))


@given(hours(), st.sampled_from(tuple(windows())))
@settings(max_examples=many(80), deadline=None)
def test_a_window_weighs_as_its_minutes_do(item: HourWeight, code: str) -> None:
    weather = Weather(hours=(item,))
    assert weather.window_weight(code) == pytest.approx(minute_by_minute(item, code))


@given(worlds(), hours(), st.sampled_from([1.0, 0.6, 0.5]), st.sampled_from([None, WINDOWS[:2]]))
@settings(max_examples=many(80), deadline=None)
def test_covered_hours_are_those_of_the_shorter_ways_each_times_its_weight(
    world: World, item: HourWeight, share: float, chosen: tuple[str, ...] | None
) -> None:
    weather = Weather(share, (item,))
    parameters = Parameters(windows=chosen)
    if not len(world.demand):
        return
    cells = world.cells()
    plain = read_demand(world.demand, parameters)
    demand = weighted(plain, cells, parameters, weather)
    travel = nearer(matrix(world.metres, world.points, cutoff_m=CUTOFF_M), share)
    reach = read_reach(travel, np.ones(len(world.stations), dtype=bool))
    terms = replace(TERMS, weather=weather)
    best = reach.best(read_supply(world.stations, cells, terms).level)
    found = effective_coverage(demand, cells, hours_by_cell(demand, cells), best, terms)

    # The same stations without those entries that are too far in this weather.
    limit = CUTOFF_M * share
    near = [{p: m for p, m in row.items() if m <= limit} for row in world.metres]
    nearby = replace(world, metres=near)
    levels = nearby.levels(nearby.result())
    asked = parameters.windows or tuple(dict.fromkeys(world.demand["window"]))
    weights = {code: minute_by_minute(item, code) for code in asked}
    every = sum(windows()[code].hours_per_week * weights[code] for code in asked)
    covered = sum(
        workers * windows()[code].hours_per_day * weights[code] * got.count(Level.VERIFIED)
        for workers, code, got in zip(
            world.demand["workers"], world.demand["window"], levels, strict=True
        )
        if code in asked
    )
    assert found.total.verified == pytest.approx(covered / every)
    heads = {row.name: row.workers for row in found.windows}
    for code, workers in world.demand.groupby("window")["workers"].sum().items():
        if code in asked:
            assert heads[str(code)] == pytest.approx(workers)
