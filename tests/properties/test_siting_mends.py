"""Mends and live changes against computing everything again with the record changed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.coverage import read_demand
from siting.coverage.cells import Cells, hours_by_cell, read_cells
from siting.coverage.effective import effective_coverage
from siting.coverage.levels import UNCOVERED, Level, Levels, Supply, read_supply
from siting.coverage.live import LiveEffective
from siting.coverage.mends import Mend, mends, missed, openings, questions
from siting.coverage.points import Demand, Float64
from siting.coverage.reach import Reach, read_reach
from siting.model import Parameters
from siting.windows import windows
from tests.many import many
from tests.properties.effective_worlds import CUTOFF_M, OWN_M, TERMS, World, stations, worlds
from tests.unit.siting.tables import matrix, table

GOOD = {"hours": "24/7", "access": "public", "services": "water;seat;microwave;toilet"}


def prepared(world: World, cells: Cells | None = None) -> tuple[Demand, Cells, Reach, Supply]:
    demand, cells = read_demand(world.demand, Parameters()), cells or world.cells()
    travel = matrix(world.metres, world.points, cutoff_m=CUTOFF_M)
    reach = read_reach(travel, np.ones(len(world.stations), dtype=bool))
    return demand, cells, reach, read_supply(world.stations, cells, TERMS)


def by_level(world: World) -> Float64:
    return np.array(world.result().total.by_level)


def assert_wins(mend: Mend, before: World, after: World) -> None:
    """Compare a mend with computing everything again: from which level everybody came."""
    hours = {Level.UNVERIFIED: 0.0, Level.OUT_OF_REACH: 0.0}
    rows = before.records_of_demand()
    for row, was, now in zip(
        rows, before.levels(before.result()), after.levels(after.result()), strict=True
    ):
        for old, new in zip(was, now, strict=True):
            if new == Level.VERIFIED and old != new:
                came = Level.OUT_OF_REACH if old in UNCOVERED else old
                hours[came] += row["workers"] * windows()[row["window"]].hours_per_day
    every = sum(windows()[code].hours_per_week for code in {row["window"] for row in rows})
    assert mend.workers == pytest.approx(hours[Level.OUT_OF_REACH] / every)
    assert mend.made_sure == pytest.approx(hours[Level.UNVERIFIED] / every)


@given(worlds())
@settings(max_examples=many(50), deadline=None)
def test_a_mend_wins_whom_the_changed_record_wins(world: World) -> None:
    demand, cells, reach, supply = prepared(world)
    best = reach.best(supply.level)
    near = missed(reach, hours_by_cell(demand, cells), best)
    for mend in mends(world.stations, supply, near, demand, cells):
        better = world.stations.copy()
        if mend.kind == "services":
            held = better["services"].tolist()[mend.site]
            better.loc[mend.site, "services"] = ";".join([held, *mend.services]).strip(";")
        else:
            better.loc[mend.site, mend.kind] = {"hours": "24/7", "access": "public"}[mend.kind]
        assert_wins(mend, world, replace(world, stations=better))


@given(worlds())
@settings(max_examples=many(50), deadline=None)
def test_opening_a_site_wins_whom_one_more_station_wins(world: World) -> None:
    if world.stations.empty:
        return
    # The last station is not open yet.
    others = replace(world, stations=world.stations.iloc[:-1], metres=world.metres[:-1])
    demand, cells, _, supply = prepared(world)
    travel = matrix(world.metres, world.points, cutoff_m=CUTOFF_M)
    last = np.arange(len(world.stations)) == len(world.stations) - 1
    best = read_reach(travel, ~last).best(supply.level)
    near = missed(read_reach(travel, last), hours_by_cell(demand, cells), best)
    found = openings(["reopen"] * len(world.stations), supply, near, demand, cells)
    told = world.stations.copy()
    for mend in found:
        for blank in mend.assumed:
            told.loc[mend.site, blank] = GOOD[blank]
        assert_wins(mend, others, replace(world, stations=told))


@given(worlds())
@settings(max_examples=many(50), deadline=None)
def test_who_asks_every_question_leaves_nobody_unverified(world: World) -> None:
    demand, cells, reach, supply = prepared(world)
    near = missed(reach, hours_by_cell(demand, cells), reach.best(supply.level))
    asked = questions(supply, near, demand)
    told = world.stations.copy()
    for question in asked:
        assert question.workers > 0
        for blank in question.blanks:
            told.loc[question.site, blank] = GOOD[blank]
    after = replace(world, stations=told).result().total
    assert after.unverified == pytest.approx(0)
    total = world.result().total
    assert after.verified >= total.verified + total.unverified - 1e-9


@given(st.data(), worlds())
@settings(max_examples=many(50), deadline=None)
def test_live_changes_give_what_computing_again_gives(data: st.DataObject, world: World) -> None:
    every_day = read_cells(world.demand, TERMS.monday)
    demand, cells, reach, supply = prepared(world, every_day)
    live = LiveEffective(reach, supply.level, hours_by_cell(demand, cells))
    numbers = list(range(len(world.stations)))
    for step in range(data.draw(st.integers(1, 5))):
        what = data.draw(st.sampled_from(["add", "remove", "change", "move"]))
        world, numbers = changed(data, world, live, what, numbers, step)
        now = live.hours_by_level / demand.hours_per_week
        np.testing.assert_allclose(now, by_level(world), atol=1e-9)
        demand, cells, reach, supply = prepared(world, every_day)
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
    cells = read_cells(world.demand, TERMS.monday)
    return read_supply(table("stations", [record]), cells, TERMS).level[:, 0]


def test_no_demand_has_no_mends() -> None:
    world = World(table("demand", []), 0, table("stations", []), [])
    demand, cells, reach, supply = prepared(world)
    hours = hours_by_cell(demand, cells)
    live = LiveEffective(reach, supply.level, hours)
    assert live.hours_by_level.sum() == 0
    near = missed(reach, hours, live.best)
    assert mends(world.stations, supply, near, demand, cells) == ()
    assert effective_coverage(demand, cells, hours, live.best, TERMS).total.coverage == 0
