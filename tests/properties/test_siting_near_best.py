"""The next best plans and swaps, against trying every plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.allocation import Problem, solve
from siting.allocation.near_best import best_plans, standings
from tests.properties.test_siting_allocation import problems
from tests.properties.test_siting_sides import kept, sided
from tests.unit.siting.plans import plans, problem


@given(problems() | sided(), st.integers(1, 2))
def test_plans_come_in_their_order(task: Problem | None, differ: int) -> None:
    every = [] if task is None else [plan for plan in plans(task) if kept(task, plan)]
    if task is None or task.asks_nothing or not every:
        return
    found = best_plans(task, solve(task), 4, differ=differ)
    allowed = [set(plan) for plan in every]
    for ranked in found:
        chosen = ranked.solution.chosen
        assert set(chosen) in allowed
        assert ranked.proved
        assert task.value(chosen) == pytest.approx(max(task.value(tuple(plan)) for plan in allowed))
        allowed = [
            plan
            for plan in allowed
            if min(len(set(chosen) - plan), len(plan - set(chosen))) >= differ
        ]
    assert len(found) == 4 or not allowed or not found[-1].solution.chosen


@given(problems() | sided(), st.sampled_from([0.0, 0.1, 0.5]))
def test_swaps_and_needs_are_those_of_all_plans(task: Problem | None, near: float) -> None:
    every = [] if task is None else [plan for plan in plans(task) if kept(task, plan)]
    if task is None or not every:
        return
    solution = solve(task)
    chosen, least = solution.chosen, (1 - near) * solution.after
    good = [set(plan) for plan in every if task.value(plan) >= least - 1e-7]
    for standing in standings(task, chosen, near=near, most=99):
        swapped = {
            site: task.value(plan)
            for plan in every
            for site in set(plan) - set(chosen)
            if set(plan) == set(chosen) - {standing.site} | {site}
            if task.value(plan) >= least - 1e-7
        }
        assert {swap.site for swap in standing.swaps} == set(swapped)
        for swap in standing.swaps:
            assert solution.after - swap.price == pytest.approx(swapped[swap.site])
        prices = [swap.price for swap in standing.swaps]
        assert prices == sorted(prices)
        assert standing.need == ("needed" if all(standing.site in p for p in good) else "free")


def test_without_time_nothing_is_claimed() -> None:
    task = problem([[0], [1], [2]], [10, 20, 1], new=2)
    needs = [standing.need for standing in standings(task, (1, 0), time_limit_s=0.0)]
    assert needs == ["unknown", "unknown"]


def test_of_one_candidate_only_building_nothing_is_another_plan() -> None:
    task = problem([[0]], [10, 10], covered=[1], new=1)
    (standing,) = standings(task, (0,), near=0.5)
    assert standing.need == "free"
    (standing,) = standings(task, (0,), near=0.4)
    assert standing.need == "needed"
