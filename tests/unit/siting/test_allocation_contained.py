"""Searches in a process of their own: the same answers, and what stands when one is stopped."""

import os
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import jobs
from geo.errors import InfeasibleError
from siting.allocation import Problem, contained, solve
from siting.allocation.contained import begin, solve_contained
from siting.allocation.engine import Found
from siting.allocation.held import Glance
from siting.allocation.problem import Floor
from siting.allocation.reduce import Reduced
from tests.unit.siting.plans import best_value, problem

MIB = 2**20
BETTER = [1, 2]
"""Columns of the best plan of `task`; greedy takes the first one."""


@pytest.fixture
def task() -> Problem:
    return problem([[1, 2, 3, 4], [0, 1, 2], [3, 4, 5], [6]], [3, 2, 2, 2, 2, 3, 1], new=2)


def large() -> Problem:
    random = np.random.default_rng(5)
    catchments = [random.choice(3000, 60, replace=False).tolist() for _ in range(400)]
    return problem(catchments, random.integers(1, 40, 3000).tolist(), new=40)


def hang(reduced: Reduced, *_: object) -> Found:
    del reduced
    jobs.report(Found(BETTER, 14.0, finished=False))
    time.sleep(60)
    raise AssertionError


def die(reduced: Reduced, *_: object) -> Found:
    del reduced
    jobs.report(Found(BETTER, 15.0, finished=False))
    os.abort()


def die_at_once(*_: object) -> Found:
    os.abort()


def devour(reduced: Reduced, *_: object) -> Found:
    del reduced
    jobs.report(Found(BETTER, 15.0, finished=False))
    raise AssertionError(len(bytearray(4096 * MIB)))


@pytest.mark.parametrize("tolerance", [0.0, 0.01])
def test_the_answer_is_that_of_this_process(tolerance: float) -> None:
    random = np.random.default_rng(3)
    catchments = [random.choice(90, 8, replace=False).tolist() for _ in range(30)]
    points = random.uniform(0, 100, 30)
    asked = problem(catchments, random.integers(1, 40, 90).tolist(), new=5, points=points)
    here, there = solve(asked, tolerance=tolerance), solve_contained(asked, tolerance=tolerance)
    assert here.status != "time_limit"
    assert there.stopped is None
    assert (there.chosen, there.gains, there.after, there.bound, there.status, there.points) == (
        here.chosen, here.gains, here.after, here.bound, here.status, here.points,
    )  # fmt: skip


def test_no_process_is_asked_where_the_first_plan_is_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contained, "_search", die_at_once)
    solution = solve_contained(problem([[0], [1]], [5, 7], new=2))
    assert (solution.chosen, solution.status) == ((1, 0), "optimal")
    assert solve_contained(problem([[0]], [5], new=0)).chosen == ()


def test_a_search_that_hangs_is_killed_and_its_best_plan_stands(
    task: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contained, "_search", hang)
    begun = time.monotonic()
    seen: list[float | None] = []

    def watch(search: Glance) -> bool:
        seen.append(search.gap)
        return search.gap != 0

    solution = solve_contained(task, looked_at=watch)
    assert time.monotonic() - begun < 30  # it would have slept for a minute
    # The bound that it told meets its plan: that is a proof, whoever stopped it.
    assert (solution.after, solution.bound, solution.status) == (14, 14, "optimal")
    assert seen[-1] == 0


@pytest.mark.parametrize(("function", "why"), [(die, "crash"), (devour, "memory")])
def test_a_search_that_dies_leaves_its_best_plan_and_bound(
    task: Problem, monkeypatch: pytest.MonkeyPatch, function: Callable[..., Found], why: str
) -> None:
    monkeypatch.setattr(contained, "_search", function)
    solution = solve_contained(task, memory_bytes=2048 * MIB)
    assert solution.stopped == why
    assert (solution.after, solution.bound, solution.status) == (14, 15, "time_limit")


def test_without_any_word_from_the_search_the_first_plan_stands(
    task: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contained, "_search", die_at_once)
    solution = solve_contained(task)
    assert solution.stopped == "crash"
    assert 0 < solution.after < best_value(task) <= solution.bound


def test_a_time_limit_is_hard_and_what_stands_is_no_proof() -> None:
    solution = solve_contained(large(), time_limit_s=0.3)
    assert (solution.status, solution.stopped) == ("time_limit", "time")
    assert solution.bound > solution.after > 0


def test_a_search_is_looked_at_stopped_and_left_without_a_process() -> None:
    search = begin(large(), time_limit_s=60)
    assert not search.over()
    first = search.covered
    assert 0 < first <= search.bound
    search.stop()
    solution = search.solution()
    assert (solution.status, solution.stopped) == ("time_limit", "cancelled")
    assert solution.after >= first
    assert search.over()


def test_where_only_the_solver_knows_a_plan_there_is_none_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # One site must cover both floors; greedy takes the larger one first.
    monkeypatch.setattr(contained, "_first", lambda _: None)
    both = np.array([True, True, False])
    asked = replace(
        problem([[0, 2], [1, 2], [0, 1]], [1, 1, 9], new=1), floors=(Floor("both", both, 1.0),)
    )
    assert solve_contained(asked).chosen == (2,)
    monkeypatch.setattr(contained, "_search", die_at_once)
    with pytest.raises(InfeasibleError) as caught:
        solve_contained(asked)
    assert caught.value.code == "siting_plan_none_in_time"


def test_what_cannot_be_kept_to_together_is_said_as_in_this_process() -> None:
    floors = (
        Floor("one", np.array([True, False]), 1.0),
        Floor("two", np.array([False, True]), 1.0),
    )
    asked = replace(problem([[0], [1]], [1, 1], new=1), floors=floors)
    with pytest.raises(InfeasibleError) as caught:
        solve_contained(asked)
    assert caught.value.code == "siting_plan_conflict"


def test_points_that_were_not_compared_are_told_apart_from_a_proof(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Greedy is proved the best at once; only points are left to be looked for.
    asked = replace(problem([[0, 1], [0]], [9, 1], new=1), points=np.array([1.0, 2.0]))
    done = solve_contained(asked, tolerance=0.1)
    assert (done.chosen, done.status, done.points_left) == ((1,), "within_gap", False)
    monkeypatch.setattr(contained, "_search", die_at_once)
    cut_short = solve_contained(asked, tolerance=0.1)
    assert (cut_short.chosen, cut_short.status) == ((0,), "optimal")
    assert cut_short.points_left
    assert not solve_contained(asked).points_left
