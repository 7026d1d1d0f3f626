"""Covers, medians and centers in a process of their own."""

import os
import time

import numpy as np
import pytest

import jobs
from geo.errors import InfeasibleError
from siting.allocation import CoveringProblem, cover
from siting.allocation.least_contained import contained
from siting.allocation.set_covering import Covering


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


def tell_and_die(problem: CoveringProblem, *, watch: object, **settings: object) -> Covering:
    del settings
    assert watch is jobs.report
    told: list[Covering] = []
    cover(problem, watch=told.append)
    jobs.report(told[0])
    os.abort()


def hang_at_once(*_: object, **__: object) -> Covering:
    time.sleep(60)
    raise AssertionError


@pytest.mark.parametrize("share", [None, 0.6])
def test_the_answer_is_that_of_this_process(share: float | None) -> None:
    here, there = cover(asked(share)), contained(cover, asked(share))
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
    plan = contained(tell_and_die, asked(None))
    assert plan.after >= plan.target
    assert plan.bound <= plan.value


def test_without_any_plan_that_is_said() -> None:
    with pytest.raises(InfeasibleError) as caught:
        contained(hang_at_once, asked(None), time_limit_s=0.2)
    assert caught.value.code == "siting_plan_none_in_time"
