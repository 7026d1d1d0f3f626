"""Mends and live changes against computing everything again with the record changed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.coverage import read_demand
from siting.coverage.cells import Cells, read_cells
from siting.coverage.effective import effective_coverage
from siting.coverage.levels import UNCOVERED, Level, Levels, Supply, read_supply
from siting.coverage.live import LiveEffective
from siting.coverage.mends import mends, questions, worker_hours_at, worker_hours_in_reach
from siting.coverage.points import Demand, Float64
from siting.coverage.reach import Reach, read_reach
from siting.model import Parameters
from tests.properties.effective_worlds import CUTOFF_M, OWN_M, TERMS, World, stations, worlds
from tests.unit.siting.tables import matrix, table


def prepared(world: World) -> tuple[Demand, Cells, Reach, Supply]:
    demand, cells = read_demand(world.demand, Parameters()), read_cells(world.demand)
    travel = matrix(world.metres, world.points, cutoff_m=CUTOFF_M)
    reach = read_reach(travel, np.ones(len(world.stations), dtype=bool))
    return demand, cells, reach, read_supply(world.stations, cells, TERMS)


def by_level(world: World) -> Float64:
    return np.array(world.result().total.by_level)


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_a_mend_wins_whom_the_changed_record_wins(world: World) -> None:
    demand, cells, reach, supply = prepared(world)
    best = reach.best(supply.level)
    gap = worker_hours_at(demand, cells, best, UNCOVERED)
    found = mends(world.stations, supply, worker_hours_in_reach(reach, gap), demand, cells)
    before = world.result()
    for mend in found:
        better = world.stations.copy()
        if mend.kind == "services":
            held = better["services"].tolist()[mend.site]
            better.loc[mend.site, "services"] = ";".join([held, *mend.services]).strip(";")
        else:
            better.loc[mend.site, mend.kind] = {"hours": "24/7", "access": "public"}[mend.kind]
        after = replace(world, stations=better).result()
        was_uncovered = np.isin(before.row_level, UNCOVERED)
        won = was_uncovered & (after.row_level == Level.VERIFIED)
        assert mend.workers == pytest.approx(demand.present(float(demand.row_hours[won].sum())))


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_who_asks_every_question_leaves_nobody_unverified(world: World) -> None:
    demand, cells, reach, supply = prepared(world)
    best = reach.best(supply.level)
    open_ones = worker_hours_at(demand, cells, best, (Level.UNVERIFIED,))
    asked = questions(supply, worker_hours_in_reach(reach, open_ones), demand)
    told = world.stations.copy()
    good = {"hours": "24/7", "access": "public", "services": "water;seat;microwave;toilet"}
    for question in asked:
        assert question.workers > 0
        for blank in question.blanks:
            told.loc[question.site, blank] = good[blank]
    after = replace(world, stations=told).result().total
    assert after.unverified == pytest.approx(0)
    total = world.result().total
    assert after.verified >= total.verified + total.unverified - 1e-9


@given(st.data(), worlds())
@settings(max_examples=100, deadline=None)
def test_live_changes_give_what_computing_again_gives(data: st.DataObject, world: World) -> None:
    demand, cells, reach, supply = prepared(world)
    live = LiveEffective(reach, supply.level, demand, cells)
    numbers = list(range(len(world.stations)))
    for step in range(data.draw(st.integers(1, 5))):
        what = data.draw(st.sampled_from(["add", "remove", "change", "move"]))
        world, numbers = changed(data, world, live, what, numbers, step)
        np.testing.assert_allclose(live.workers_by_level, by_level(world), atol=1e-9)
        demand, cells, reach, supply = prepared(world)
        np.testing.assert_array_equal(live.best, reach.best(supply.level))


def changed(
    data: st.DataObject,
    world: World,
    live: LiveEffective,
    what: str,
    numbers: list[int],
    step: int,
) -> tuple[World, list[int]]:
    """Change one station in the live state and in the table."""
    rows, metres = world.records(), list(world.metres)
    row = data.draw(st.integers(0, len(rows) - 1)) if rows else -1
    if what != "add" and row < 0:
        return world, numbers
    record = data.draw(stations(100 + step))
    level = level_of(world, record)
    reached = {point: float(OWN_M + point % 2) for point in range(step % (world.points + 1))}
    points = list(reached)
    own = [int(m <= OWN_M) for m in reached.values()]
    if what == "add":
        numbers = [*numbers, live.add(points, own, level)]
        rows, metres = [*rows, record], [*metres, reached]
    elif what == "remove":
        live.remove(numbers[row])
        numbers = [n for i, n in enumerate(numbers) if i != row]
        rows = [r for i, r in enumerate(rows) if i != row]
        metres = [m for i, m in enumerate(metres) if i != row]
    elif what == "change":
        live.change(numbers[row], level)
        rows[row] = record
    else:
        numbers = [*numbers]
        numbers[row] = live.move(numbers[row], points, own, level)
        rows[row], metres[row] = record, reached
    return replace(world, stations=table("stations", rows), metres=metres), numbers


def level_of(world: World, record: dict[str, object]) -> Levels:
    cells = read_cells(world.demand)
    return read_supply(table("stations", [record]), cells, TERMS).level[:, 0]


def test_no_demand_has_no_mends() -> None:
    world = World(table("demand", []), 0, table("stations", []), [])
    demand, cells, reach, supply = prepared(world)
    live = LiveEffective(reach, supply.level, demand, cells)
    assert sum(live.workers_by_level) == 0
    hours = worker_hours_at(demand, cells, live.best, UNCOVERED)
    assert mends(world.stations, supply, worker_hours_in_reach(reach, hours), demand, cells) == ()
    assert effective_coverage(demand, cells, live.best, TERMS).total.coverage == 0
