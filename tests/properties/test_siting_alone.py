"""Who serves whom alone, and the open share, on random instances against plain loops."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from siting.coverage import read_demand
from siting.coverage.alone import served_alone
from siting.coverage.cells import hours_by_cell
from siting.coverage.levels import Level, read_supply
from siting.coverage.mends import worker_hours_at
from siting.coverage.reach import read_reach
from siting.model import Parameters
from tests.many import many
from tests.properties.effective_worlds import CUTOFF_M, OWN_M, TERMS, World, records, worlds
from tests.unit.siting.tables import matrix


@given(worlds())
@settings(max_examples=many(80), deadline=None)
def test_who_is_served_alone_as_plain_loops_say(world: World) -> None:
    demand, cells = read_demand(world.demand, Parameters()), world.cells()
    travel = matrix(world.metres, world.points, cutoff_m=CUTOFF_M)
    reach = read_reach(travel, np.ones(len(world.stations), dtype=bool))
    supply = read_supply(world.stations, cells, TERMS)
    every = hours_by_cell(demand, cells)
    hours = worker_hours_at(every, reach.best(supply.level), (Level.VERIFIED,))
    found = served_alone(reach, supply.level, hours)
    order = {name: number for number, name in enumerate(dict.fromkeys(world.demand["id"]))}
    served, alone = np.zeros((2, len(world.stations)))
    for number, row in enumerate(records(world.demand)):
        first = cells.groups.index(row["group"]) * len(cells.parts)
        for place, part in enumerate(cells.parts):
            if cells.windows[part.window] != row["window"]:
                continue
            point, weight = order[row["id"]], demand.row_hours[number] * part.share
            helpers = [
                site
                for site, near in enumerate(world.metres)
                if point in near
                and supply.level[int(near[point] <= OWN_M), site, first + place] == Level.VERIFIED
            ]
            for site in helpers:
                served[site] += weight
                alone[site] += weight if len(helpers) == 1 else 0.0
    np.testing.assert_allclose(found.served, served)
    np.testing.assert_allclose(found.alone, alone)
    # What is lost without a station is what it serves alone.
    total = world.result().total.verified
    for site in range(len(world.stations)):
        others = np.arange(len(world.stations)) != site
        best = read_reach(travel, others).best(supply.level)
        lost = total - demand.present(float(worker_hours_at(every, best, (Level.VERIFIED,)).sum()))
        assert lost == pytest.approx(demand.present(float(alone[site])), abs=1e-9)


@given(worlds())
@settings(max_examples=many(60), deadline=None)
def test_asking_for_more_of_a_window_never_covers_more(world: World) -> None:
    shares = (0.25, 0.5, 0.75, 1.0)
    found = [world.result(replace(TERMS, open_share=share)).total.verified for share in shares]
    assert all(less >= more - 1e-9 for less, more in pairwise(found))
