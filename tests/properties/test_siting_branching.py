"""Our own branch and bound on linear relaxations, against trying every plan."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.allocation import Problem, branching
from siting.allocation.engine import within
from siting.allocation.milp import MilpOutcome, solve_by_branching, solve_milp
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.search import value
from tests.properties.test_siting_sides import sided


def best_of(reduced: Reduced) -> tuple[float, list[int]] | None:
    """Return the best of all plans and any plan within the limits; None: there is none."""
    sizes = range(reduced.new + 1)
    every = (list(p) for k in sizes for p in itertools.combinations(range(reduced.columns), k))
    good = [plan for plan in every if within(reduced, plan)]
    return (max(value(reduced, plan) for plan in good), good[0]) if good else None


def grown(
    reduced: Reduced, start: list[int] | None, told: list[float], **options: float
) -> MilpOutcome:
    """Branch from a plan; keep every bound that is told on the way."""
    settings = {"near": 0.0, "time_limit_s": 60.0, **options}
    return solve_by_branching(reduced, start, watch=lambda _, bound: told.append(bound), **settings)


@given(sided(), st.sampled_from([1.0, 3.0]))
def test_the_best_plan_is_found_and_every_bound_on_the_way_holds(
    task: Problem | None, unit: float
) -> None:
    if task is None:
        return
    reduced = reduce_problem(replace(task, weights=task.weights / unit))
    best = best_of(reduced)
    if best is None or not reduced.columns:
        return
    told: list[float] = []
    ran = grown(reduced, best[1], told)
    assert ran.columns is not None
    assert ran.finished
    assert within(reduced, ran.columns)
    assert value(reduced, ran.columns) == pytest.approx(best[0], rel=1e-6)
    assert all(bound >= best[0] * (1 - 1e-9) - 1e-9 for bound in [*told, ran.bound])
    assert told == sorted(told, reverse=True)


@given(sided())
def test_without_a_plan_to_begin_with_the_best_is_found_or_that_there_is_none(
    task: Problem | None,
) -> None:
    if task is None:
        return
    reduced = reduce_problem(task)
    if not reduced.columns:
        return
    best, ran = best_of(reduced), grown(reduced, None, [])
    assert ran.finished
    assert ran.infeasible == (best is None) == (ran.columns is None)
    if best is not None and ran.columns is not None:
        assert within(reduced, ran.columns)
        assert value(reduced, ran.columns) == pytest.approx(best[0], rel=1e-6)


def tangled(seed: int, columns: int = 26) -> Reduced:
    """Return sites on a ring, each of which reaches what its neighbours reach, too."""
    draws = np.random.default_rng(seed)
    near = [[(site + step) % columns for step in (0, 1, 2, 5)] for site in range(columns)]
    indptr = np.arange(0, 4 * columns + 1, 4)
    return reduce_problem(
        Problem(
            weights=draws.integers(8, 12, columns).astype(float),
            covered=np.zeros(columns, dtype=bool),
            indptr=indptr,
            demand=np.concatenate(near).astype(np.int32),
            cost_yuan=np.full(columns, 2000),
            allowed=np.ones(columns, dtype=bool),
            new=5,
        )
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_tree_with_many_nodes_ends_where_the_solver_ends(seed: int) -> None:
    reduced = tangled(seed)
    told: list[float] = []
    ran = grown(reduced, [0], told)
    alone = solve_milp(reduced, [0], time_limit_s=60.0, seed=0)
    assert ran.columns is not None
    assert alone.columns is not None
    assert len(told) > 1
    assert value(reduced, ran.columns) == pytest.approx(value(reduced, alone.columns))
    assert ran.bound == pytest.approx(alone.bound)


def test_near_enough_is_where_it_stops_with_a_bound_that_holds() -> None:
    reduced = tangled(1)
    told: list[float] = []
    best = grown(reduced, [0], told).bound
    start = grown(reduced, [0], []).columns
    assert start is not None
    ran = grown(reduced, start, [], near=told[0] - best)
    assert not ran.finished
    assert best < ran.bound <= told[0]


def test_without_time_the_plan_stays_and_nothing_is_claimed() -> None:
    ran = grown(tangled(2), [3, 9], [], time_limit_s=0.0)
    assert (ran.columns, ran.finished) == ([3, 9], False)
    assert ran.bound == np.inf


def test_simplex_steps_cut_short_leave_bounds_that_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branching, "TRIED_STEPS", 1)
    monkeypatch.setattr(branching, "ROOT_STEPS", 1)
    reduced = tangled(3)
    told: list[float] = []
    ran = grown(reduced, [0], told)
    best = solve_milp(reduced, [0], time_limit_s=60.0, seed=0)
    assert ran.bound == pytest.approx(best.bound)
    assert min(told) >= best.bound - 1e-6


def test_without_a_plan_only_what_is_worth_more_is_sought() -> None:
    reduced = tangled(1)
    best = grown(reduced, None, [])
    assert best.columns is not None
    beyond = value(reduced, best.columns)
    more = grown(reduced, None, [], beyond=beyond)
    assert (more.columns, more.infeasible) == (None, True)
    again = grown(reduced, None, [], beyond=beyond - 1)
    assert again.columns is not None
    assert value(reduced, again.columns) == beyond
