"""Any search in a process of its own."""

import os
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import jobs
from geo.errors import InfeasibleError
from siting.allocation import CoveringProblem, Problem, cover
from siting.allocation.backup import BackupProblem, solve_backup
from siting.allocation.counted.engine import best_rows
from siting.allocation.held import Keeper, contained
from siting.allocation.near_best import best_plans, standings
from siting.allocation.pareto import front_of_money
from siting.allocation.problem import Floor
from siting.allocation.robust import RobustProblem, solve_robust
from siting.allocation.set_covering import Covering
from siting.allocation.solve import solve
from siting.allocation.stability import stability


def asked(share: float | None) -> CoveringProblem:
    random = np.random.default_rng(4)
    catchments = [np.sort(random.choice(300, 12, replace=False)) for _ in range(80)]
    return CoveringProblem(
        weights=random.integers(1, 20, 300).astype(float),
        covered=np.zeros(300, dtype=bool),
        indptr=np.arange(81) * 12,
        demand=np.concatenate(catchments).astype(np.int32),
        cost_yuan=random.integers(2, 9, 80) * 1000,
        allowed=np.ones(80, dtype=bool),
        goal="money",
        share=share,
    )


def covering() -> Problem:
    random = np.random.default_rng(5)
    catchments = [np.sort(random.choice(120, 10, replace=False)) for _ in range(30)]
    return Problem(
        weights=random.integers(1, 20, 120).astype(float),
        covered=np.zeros(120, dtype=bool),
        indptr=np.arange(31) * 10,
        demand=np.concatenate(catchments).astype(np.int32),
        cost_yuan=random.integers(2, 9, 30) * 1000,
        allowed=np.ones(30, dtype=bool),
        new=3,
    )


def tell_and_die(problem: CoveringProblem, *, watch: object, **settings: object) -> Covering:
    del settings
    assert watch is jobs.report
    told: list[Covering] = []
    cover(problem, watch=told.append)
    jobs.report(told[0])
    os.abort()


def hang_untold(problem: CoveringProblem, *, time_limit_s: float, **_: object) -> Covering:
    """Tell nothing; what there is at once is a plan."""
    if time_limit_s > 0:
        time.sleep(60)
    return cover(problem, time_limit_s=0.0)


def die_at_once(*_: object, **__: object) -> Covering:
    os.abort()


@pytest.mark.parametrize("share", [None, 0.6])
def test_the_answer_is_that_of_this_process(share: float | None) -> None:
    here, there = cover(asked(share)), contained(cover, asked(share), time_limit_s=30)
    assert here.status == "optimal"
    assert (there.chosen, there.value, there.bound, there.status) == (
        here.chosen, here.value, here.bound, here.status,
    )  # fmt: skip


@pytest.mark.parametrize("share", [None, 0.6])
def test_what_is_told_on_the_way_is_a_plan_with_a_true_bound(share: float | None) -> None:
    told: list[Covering] = []
    best = cover(asked(share), watch=told.append)
    assert told
    for plan in told:
        assert plan.after >= plan.target
        assert plan.bound <= best.value <= plan.value


def test_a_search_that_dies_leaves_what_it_told() -> None:
    plan = contained(tell_and_die, asked(None), time_limit_s=30)
    assert plan.after >= plan.target
    assert plan.bound <= plan.value


def test_a_search_that_told_nothing_has_what_there_is_at_once() -> None:
    plan = contained(hang_untold, asked(None), time_limit_s=0.2)
    assert plan.after >= plan.target
    assert plan.bound <= plan.value


def test_whoever_looks_on_may_stop_all_that_follows() -> None:
    keeper = Keeper(lambda glance: glance.seconds < 0)
    begun = time.monotonic()
    for _ in range(2):
        plan = keeper.run(hang_untold, asked(None), time_limit_s=50)
        assert plan.after >= plan.target
        assert keeper.stopped == "cancelled"
    assert time.monotonic() - begun < 30  # each would have slept for a minute


def test_without_any_plan_that_is_said() -> None:
    with pytest.raises(InfeasibleError) as caught:
        contained(die_at_once, asked(None), time_limit_s=5)
    assert caught.value.code == "siting_plan_none_in_time"
    assert caught.value.facts["stopped"] == "crash"


@pytest.mark.parametrize("sided", [False, True])
def test_every_kind_of_search_is_the_same_in_a_process(*, sided: bool) -> None:
    floors = (Floor("all", np.ones(120, dtype=bool), 0.2),) if sided else ()
    problem = replace(covering(), floors=floors)
    backup = BackupProblem(problem, np.zeros(120, dtype=bool), 0.3)
    robust = RobustProblem(problem, 0.1, np.zeros(120, dtype=np.int64))
    keeper = Keeper()
    near, far = solve_backup(backup), solve_backup(backup, search=keeper.of(best_rows))
    assert (far.after, far.bound, far.status) == (near.after, near.bound, "optimal")
    here, there = solve_robust(robust), solve_robust(robust, search=keeper.of(best_rows))
    assert (there.after, there.bound, there.status) == (here.after, here.bound, "optimal")
    first = solve(problem)
    firm = standings(problem, first.chosen)
    assert keeper.run(standings, problem, first.chosen, time_limit_s=30.0) == firm


def test_second_looks_tell_what_they_have_seen_so_far() -> None:
    problem = covering()
    first = solve(problem)
    told: list[Any] = []
    whole = best_plans(problem, first, 3, watch=told.append)
    assert [len(plans) for plans in told] == [1, 2]
    assert told[-1] == whole[:2]
    assert best_plans(problem, first, 3, time_limit_s=0.0) == whole[:1]
    told.clear()
    standings(problem, first.chosen, watch=told.append)
    assert [standing.site for standing in told[0]] == list(first.chosen)
    told.clear()
    stability(problem, first.chosen, draws=3, watch=told.append)
    assert [shown.draws for shown in told] == [0, 1, 2]
    told.clear()
    front = front_of_money(problem, steps=4, time_limit_s=30.0, watch=told.append)
    assert told[-1] == front
