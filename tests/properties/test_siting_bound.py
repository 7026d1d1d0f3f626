"""The stages of a plan, each against what it claims: bounds, swaps, parts of problems."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.allocation import Problem, anneal, engine
from siting.allocation.bound import EXACT, Relaxation, priced
from siting.allocation.fixing import fixed, part_of
from siting.allocation.milp import solve_milp
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.search import greedy, money_left, value
from tests.properties.test_siting_allocation import problems
from tests.unit.siting.plans import best_value, problem

NEVER = float("inf")


def towns(seed: int, *, sites: int = 60, points: int = 400, **limits: int) -> Problem:
    """Return points and sites thrown on a square; a site reaches what is near it."""
    draws = np.random.default_rng(seed)
    where, places = draws.random((points, 2)), draws.random((sites, 2))
    near = np.abs(places[:, None, :] - where[None, :, :]).sum(axis=2) <= 0.12
    return problem(
        [np.flatnonzero(row).tolist() for row in near],
        draws.integers(1, 30, points).tolist(),
        cost=(2000 * draws.integers(1, 6, sites)).tolist(),
        **limits,  # type: ignore[arg-type]  # new and budget_yuan
    )


def exact(reduced: Reduced) -> float:
    """Return the best weight by the solver alone."""
    outcome = solve_milp(reduced, greedy(reduced, per_yuan=False), time_limit_s=60, seed=0)
    assert outcome.finished
    assert outcome.columns is not None
    return value(reduced, outcome.columns)


@given(problems(), st.integers(0, 2**32 - 1))
def test_any_prices_bound_every_plan(task: Problem | None, seed: int) -> None:
    if task is None:
        return
    reduced = reduce_problem(task)
    shares = np.random.default_rng(seed).random(len(reduced.weights))
    for prices in (reduced.weights * shares, reduced.weights, np.zeros(len(reduced.weights))):
        bound = priced(reduced, prices)
        assert reduced.base + bound.upper >= best_value(task) - 1e-6
        assert min(bound.site_price, bound.yuan_price) >= 0


@pytest.mark.parametrize(
    "limits", [{"new": 6}, {"budget_yuan": 40_000}, {"new": 8, "budget_yuan": 30_000}]
)
@pytest.mark.parametrize("seed", range(4))
def test_the_relaxation_closes_in_on_the_best_plan(seed: int, limits: dict[str, int]) -> None:
    reduced = reduce_problem(towns(seed, **limits))
    relaxation = Relaxation(reduced, greedy(reduced, per_yuan=False))
    relaxation.run(near=1e-4, deadline=NEVER)
    best = exact(reduced)
    upper = relaxation.best.upper * (1 + EXACT)  # sums of floating-point numbers
    assert relaxation.lower <= upper <= relaxation.lower * (1 + 1.1e-4)
    assert upper >= best
    assert relaxation.best.upper <= best * 1.05
    # Who distrusts the bound needs the prices only.
    assert (relaxation.prices >= 0).all()
    assert (relaxation.prices <= reduced.weights).all()
    again = priced(reduced, relaxation.prices).upper
    assert again == pytest.approx(relaxation.best.upper, rel=1e-12)


@pytest.mark.parametrize(
    "limits", [{"new": 6}, {"budget_yuan": 40_000}, {"new": 8, "budget_yuan": 30_000}]
)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("small", [0, engine.SMALL_NONZEROS])
def test_all_stages_together_find_and_prove_the_best(
    seed: int, limits: dict[str, int], small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SMALL_NONZEROS", small)
    reduced = reduce_problem(towns(seed, **limits))
    found = engine.best_plan(reduced, gap=0.0, time_limit_s=60, seed=seed)
    assert found.finished
    assert value(reduced, found.plan) == exact(reduced)
    assert found.bound == pytest.approx(value(reduced, found.plan), rel=1e-8)


@pytest.mark.skipif(not anneal.AVAILABLE, reason="no machine code on this platform")
@pytest.mark.parametrize(
    "limits", [{"new": 6}, {"budget_yuan": 40_000}, {"new": 8, "budget_yuan": 30_000}]
)
def test_annealing_stays_within_limits_and_repeats_itself(limits: dict[str, int]) -> None:
    reduced = reduce_problem(towns(9, **limits))
    start = greedy(reduced, per_yuan=False)
    pool = np.arange(reduced.columns)
    one, other = (
        anneal.annealed(reduced, start, pool, scale=50.0, steps=20_000, seed=3) for _ in range(2)
    )
    assert one == other
    assert len(set(one)) == len(one) <= reduced.new
    assert money_left(reduced, one) >= 0
    assert value(reduced, one) >= 0.95 * value(reduced, start)


def test_without_machine_code_plans_are_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    reduced = reduce_problem(towns(2, new=6))
    monkeypatch.setattr(anneal, "AVAILABLE", False)
    found = engine.best_plan(reduced, gap=0.0, time_limit_s=60, seed=0)
    assert (found.finished, value(reduced, found.plan)) == (True, exact(reduced))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_fixed_is_in_no_better_plan_or_in_every_one(seed: int) -> None:
    reduced = reduce_problem(towns(seed, new=5))
    relaxation = Relaxation(reduced, greedy(reduced, per_yuan=False))
    relaxation.run(near=1e-4, deadline=NEVER)
    reached = 0.98 * exact(reduced)
    never, always = fixed(reduced, relaxation.best, reached)
    assert never.any()
    for column in np.flatnonzero(never)[:5]:
        only = np.zeros(reduced.columns, dtype=bool)
        only[column] = True
        part = part_of(reduced, ~only, only)
        assert exact(part.reduced) + part.reduced.base - reduced.base <= reached * (1 + 1e-9)
    for column in np.flatnonzero(always):
        without = np.ones(reduced.columns, dtype=bool)
        without[column] = False
        part = part_of(reduced, without, np.zeros(reduced.columns, dtype=bool))
        assert exact(part.reduced) <= reached * (1 + 1e-9)


@given(problems(), st.integers(0, 2**32 - 1))
def test_a_part_weighs_plans_as_the_whole_does(task: Problem | None, seed: int) -> None:
    if task is None:
        return
    reduced = reduce_problem(task)
    draws = np.random.default_rng(seed)
    taken = draws.random(reduced.columns) < 0.3
    keep = ~taken & (draws.random(reduced.columns) < 0.7)
    part = part_of(reduced, keep, taken)
    plan = np.flatnonzero(draws.random(part.reduced.columns) < 0.5).tolist()
    whole = part.whole(plan)
    assert value(reduced, whole) + reduced.base == pytest.approx(
        value(part.reduced, plan) + part.reduced.base
    )
    assert sorted(part.start(whole)) == plan


def test_a_good_enough_plan_is_enough() -> None:
    reduced = reduce_problem(towns(5, new=8))
    near = engine.best_plan(reduced, gap=0.2, time_limit_s=60, seed=0)
    assert near.bound - value(reduced, near.plan) <= 0.2 * near.bound
    assert near.bound >= exact(reduced)


def test_no_time_leaves_a_plan_and_a_true_bound() -> None:
    reduced = reduce_problem(towns(6, new=8))
    began = time.monotonic()
    found = engine.best_plan(reduced, gap=0.0, time_limit_s=0.0, seed=0)
    assert time.monotonic() > began
    assert value(reduced, found.plan) > 0
    assert found.bound >= exact(replace(reduced))


@pytest.mark.parametrize("late", [-1, 10**9])
def test_lines_of_plans_and_a_late_proof_claim_nothing_false(
    late: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "EXACT_NONZEROS", -1)
    monkeypatch.setattr(engine, "LATE_NONZEROS", late)
    monkeypatch.setattr(engine, "IDLE_ROUNDS", 2)
    monkeypatch.setattr(engine, "CORE_COLUMNS", 0)
    # Its relaxation lies above the best plan.
    reduced = reduce_problem(towns(1, sites=120, points=600, new=14))
    found = engine.best_plan(reduced, gap=0.0, time_limit_s=0.4, seed=0)
    best = exact(reduced)
    assert engine.within(reduced, found.plan)
    assert value(reduced, found.plan) <= best * (1 + 1e-9)
    assert found.bound >= best * (1 - 1e-9)
    if found.finished:
        assert value(reduced, found.plan) == pytest.approx(best)
