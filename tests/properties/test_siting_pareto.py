"""Fronts of two goals, against trying every plan."""

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from siting.allocation import Floor, Problem
from siting.allocation.pareto import (
    POINTS_LOSS,
    FrontPoint,
    front_of_least_share,
    front_of_money,
    front_of_points,
    least_share,
)
from tests.properties.test_siting_allocation import problems
from tests.unit.siting.plans import plans


def check(
    task: Problem,
    points: tuple[FrontPoint, ...],
    other: Callable[[tuple[int, ...]], float],
    *,
    more: int,
) -> None:
    """Check that what is said to be on the front is, and that plans are what they say."""
    every = [(task.value(plan), more * other(plan)) for plan in plans(task)]
    for point in points:
        assert tuple(sorted(point.chosen)) in {tuple(sorted(plan)) for plan in plans(task)}
        assert abs(point.after - task.value(point.chosen)) < 1e-6
        assert abs(point.other - other(point.chosen)) < 1e-6
        assert point.proved
        mine = (point.after, more * point.other)
        assert not any(
            (after >= mine[0] - 1e-7 and second > mine[1] + 1e-5)
            or (after > mine[0] + 1e-5 and second >= mine[1] - 1e-7)
            for after, second in every
        )
    assert len({(point.after, point.other) for point in points}) == len(points)


@given(problems())
def test_money(task: Problem | None) -> None:
    if task is None or task.asks_nothing:
        return
    points = front_of_money(task, time_limit_s=60.0)
    check(task, points, lambda plan: float(task.cost_yuan[list(plan)].sum()), more=-1)
    assert max(point.after for point in points) >= max(map(task.value, plans(task))) - 1e-6
    assert min(point.other for point in points) == 0 or points[0].after == task.value(())


@given(problems())
def test_points(task: Problem | None) -> None:
    if task is None or task.asks_nothing:
        return
    points = front_of_points(task, time_limit_s=60.0)
    best = max(map(task.value, plans(task)))
    useful = [task.value((site,)) > task.value(()) for site in range(task.candidates)]
    for point in points:
        assert point.after >= best * (1 - POINTS_LOSS) - 1e-6
        others = [plan for plan in plans(task) if all(useful[site] for site in plan)]
        assert not any(
            task.value(plan) >= point.after - 1e-7
            and task.points[list(plan)].sum() > point.other + 1e-5
            for plan in others
        )
        assert point.proved


@given(problems(), st.data())
def test_least_share(task: Problem | None, data: st.DataObject) -> None:
    if task is None or task.asks_nothing:
        return
    of = st.lists(st.integers(0, 1), min_size=len(task.weights), max_size=len(task.weights))
    town = np.array(data.draw(of))
    groups = tuple(Floor(str(name), town == name, 0.0) for name in (0, 1))
    held = tuple(group for group in groups if task.counted(group).any())
    points = front_of_least_share(task, groups, time_limit_s=60.0)
    if not held:
        assert points == ()
        return
    check(task, points, lambda plan: least_share(task, held, plan), more=1)
