"""Rule points as the second goal of second stations, seats and short walks: against all plans."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from siting.allocation import Problem
from siting.allocation.backup import BackupProblem
from siting.allocation.capacity import CapacityProblem
from siting.allocation.lazy_search import Goal
from siting.allocation.second_goal import (
    Exact,
    backup_model,
    floor_of,
    median_model,
    more_points,
    seats_model,
    wanted,
)
from siting.allocation.walking.walks import WalkProblem
from siting.allocation.worths import Twice, Walked, seats_goal
from tests.properties.test_siting_sides import kept
from tests.properties.test_siting_soft_goals import backup, capacity
from tests.properties.test_siting_walks import walk_problems
from tests.unit.siting.plans import plans

TOLERANCES = st.sampled_from([0.0, 0.005, 0.1, 0.5])


def useful(goal: Goal, task: Problem, plan: tuple[int, ...]) -> bool:
    """Tell whether every site adds something; what wishes ask for need not."""
    after = goal.value(list(plan))
    return all(
        after - goal.value([one for one in plan if one != site]) > 1e-9 * max(abs(after), 1.0)
        or wanted(task, plan, site)
        for site in plan
    )


def check(goal: Goal, task: Problem, exact: "partial[Exact | None]", data: st.DataObject) -> None:
    points = [data.draw(st.integers(0, 9)) for _ in range(task.candidates)]
    task = replace(task, points=np.array(points, dtype=float))
    every = [plan for plan in plans(task) if kept(task, plan) and useful(goal, task, plan)]
    assume(every)
    first = max(every, key=lambda plan: goal.value(list(plan)))
    assume(first)
    best = goal.value(list(first))
    floor = floor_of(goal.value([]), best, data.draw(TOLERANCES))
    near = [plan for plan in every if goal.value(list(plan)) >= floor - 1e-9 * max(abs(floor), 1)]
    most = max(sum(points[site] for site in plan) for plan in near)
    alone = more_points(goal, task, first, floor, exact=lambda: None, time_limit_s=30.0)
    assert set(alone.chosen) in [set(plan) for plan in near]
    assert not alone.finished
    found = more_points(goal, task, first, floor, exact=exact, time_limit_s=30.0)
    assert found.finished
    assert found.points == pytest.approx(most)
    assert set(found.chosen) in [set(plan) for plan in near]


@given(backup(), st.data())
def test_points_of_plans_with_second_stations(
    asked: BackupProblem | None, data: st.DataObject
) -> None:
    assume(asked is not None)
    if asked is not None:
        check(Twice(asked), asked.base, partial(backup_model, asked), data)


@given(capacity(), st.data())
def test_points_of_plans_with_seats(asked: CapacityProblem | None, data: st.DataObject) -> None:
    assume(asked is not None)
    if asked is None:
        return
    check(seats_goal(asked), asked.base, partial(seats_model, asked), data)


@given(walk_problems(), st.data())
def test_points_of_plans_with_short_walks(asked: WalkProblem | None, data: st.DataObject) -> None:
    if asked is None or asked.penalty is None or not (asked.new and asked.choice.any()):
        return
    if median_model(asked, 0) is None:
        return
    sites = asked.travel.sites
    task = Problem(
        weights=asked.weights,
        covered=np.zeros(len(asked.weights), dtype=bool),
        indptr=asked.travel.indptr.astype(np.int64),
        demand=asked.travel.demand,
        cost_yuan=np.zeros(sites, dtype=np.int64),
        allowed=asked.choice,
        new=asked.new,
    )
    goal = Walked(asked.travel, asked.weights, asked.walked(()))
    check(goal, task, partial(median_model, asked, 0), data)
