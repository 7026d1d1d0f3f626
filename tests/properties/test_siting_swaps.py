"""What sites of a plan are worth by each goal, against closing and opening them one by one."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.catchments import Travel
from siting.allocation import Problem
from siting.allocation.backup import BackupProblem
from siting.allocation.capacity import CapacityProblem
from siting.allocation.gradual import GradualProblem
from siting.allocation.lazy_search import Goal
from siting.allocation.swaps import Swaps
from siting.allocation.worths import ByBand, Longest, PointGoal, Twice, Walked, seats_goal
from tests.properties.test_siting_soft_goals import backup, capacity, gradual, way_to_nearest
from tests.unit.siting.plans import plans

BEYOND = 50


def rows(asked: GradualProblem) -> Travel:
    """Return the ways of all candidates as a travel matrix."""
    base = asked.base
    return Travel(
        indptr=base.indptr,
        demand=base.demand,
        cost=asked.cost,
        method="street",
        site_status=np.zeros(base.candidates, dtype=np.uint8),
        demand_status=np.zeros(len(base.weights), dtype=np.uint8),
        cutoff=BEYOND / 1000,
    )


def walked(asked: GradualProblem) -> Walked:
    """Return the goal of the mean walk; without a station the way counts as `BEYOND`."""
    before = np.where(asked.nearest < 0, BEYOND, asked.nearest).astype(np.int64)
    return Walked(rows(asked), asked.base.weights, before)


def ways(asked: GradualProblem, plan: list[int]) -> list[int]:
    """Return the way of every point, by looking at one station after the other."""
    found = (way_to_nearest(asked, tuple(plan), at) for at in range(len(asked.base.weights)))
    return [BEYOND if way is None else way for way in found]


def check(goal: Goal, task: Problem, data: st.DataObject) -> None:
    """Compare every swap of a drawn plan with the worth of the plans themselves."""
    feasible = plans(task)[:60]
    assume(feasible)
    plan = data.draw(st.sampled_from(feasible))
    swaps = Swaps(goal, task, plan)
    after, before = goal.value(list(plan)), goal.value([])
    assert swaps.gained.sum() == pytest.approx(after - before)
    free = np.array(data.draw(st.lists(st.booleans(), min_size=task.candidates)))
    free = free[: task.candidates]
    free[list(plan)] = False
    for position, site in enumerate(plan):
        rest = [other for other in plan if other != site]
        assert swaps.alone[position] == pytest.approx(goal.value([site]) - before)
        assert swaps.lost[position] == pytest.approx(after - goal.value(rest))
        most = goal.most_beside(rest)
        gains = [goal.value([*rest, one]) - goal.value(rest) for one in range(task.candidates)]
        gains = [0.0 if one in rest else gain for one, gain in enumerate(gains)]
        assert (most >= np.array(gains) - 1e-6).all()
        if isinstance(goal, PointGoal):
            assert most.tolist() == pytest.approx(gains)
        found = swaps.best_without(position, free, np.zeros(task.candidates))
        best = max((gains[one] for one in np.flatnonzero(free)), default=0.0)
        if best <= 1e-6:
            assert found is None
        else:
            assert found is not None
            assert free[found[0]]
            assert (found[1], gains[found[0]]) == pytest.approx((best, best))


@given(backup(), st.data())
def test_swaps_with_second_stations(asked: BackupProblem | None, data: st.DataObject) -> None:
    assume(asked is not None)
    if asked is None:
        return
    goal = Twice(asked)
    for plan in plans(asked.base)[:20]:
        assert goal.value(list(plan)) == pytest.approx(asked.value(plan))
    check(goal, asked.base, data)


@given(gradual(), st.data())
def test_swaps_by_distance(asked: GradualProblem | None, data: st.DataObject) -> None:
    assume(asked is not None)
    if asked is None:
        return
    goal = ByBand(asked, rows(asked))
    for plan in plans(asked.base)[:20]:
        assert goal.value(list(plan)) == pytest.approx(asked.value(plan))
    check(goal, asked.base, data)


@given(gradual(), st.data())
def test_swaps_by_the_mean_and_the_longest_walk(
    asked: GradualProblem | None, data: st.DataObject
) -> None:
    assume(asked is not None)
    if asked is None:
        return
    mean = walked(asked)
    counting = asked.base.weights > 0
    longest = Longest(mean, counting)
    for plan in map(list, plans(asked.base)[:20]):
        walks = np.array(ways(asked, plan))
        assert -mean.value(plan) == pytest.approx(float((walks * asked.base.weights).sum()))
        assert -longest.value(plan) == walks[counting].max(initial=0)
    check(mean, asked.base, data)
    check(longest, asked.base, data)


@given(capacity(), st.data())
def test_swaps_by_seats(asked: CapacityProblem | None, data: st.DataObject) -> None:
    assume(asked is not None)
    if asked is None:
        return
    check(seats_goal(asked), asked.base, data)
