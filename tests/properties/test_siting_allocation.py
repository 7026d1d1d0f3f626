"""Plans on random instances, against trying every plan."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InfeasibleError, InputError
from siting.allocation import Problem, Solution, solve
from siting.allocation.reduce import reduce_problem
from siting.allocation.search import in_marginal_order, value
from siting.allocation.solve import MAX_SHARE_OF_GAIN
from tests.unit.siting.plans import best_value, plans, problem

YUAN = 1000


@st.composite
def problems(draw: st.DrawFn, *, whole: bool = True) -> Problem | None:
    """Draw a problem; None where there is nothing to choose from."""
    points, sites = draw(st.integers(1, 9)), draw(st.integers(0, 7))
    some = st.lists(st.integers(0, points - 1), max_size=points, unique=True)
    weight = st.integers(0, 20) if whole else st.floats(0, 20, allow_subnormal=False)
    new = draw(st.none() | st.integers(0, 4))
    budget = draw(st.none() | st.integers(0, 12)) if new is not None else draw(st.integers(0, 12))
    try:
        return problem(
            [draw(some) for _ in range(sites)],
            [draw(weight) for _ in range(points)],
            covered=draw(some),
            new=new,
            budget_yuan=None if budget is None else budget * YUAN,
            cost=[draw(st.integers(0, 6)) * YUAN for _ in range(sites)],
            forbidden=draw(st.lists(st.integers(0, sites - 1), max_size=2)) if sites else [],
            points=[draw(st.integers(0, 100)) for _ in range(sites)],
        )
    except (InfeasibleError, InputError):
        return None


def check(task: Problem, solution: Solution) -> None:
    """Check everything that a solution claims of itself."""
    assert solution.chosen in [tuple(plan) for plan in _orders(task, solution)]
    assert solution.after == pytest.approx(task.value(solution.chosen))
    assert solution.before == pytest.approx(task.value(()))
    assert sum(solution.gains) == pytest.approx(solution.after - solution.before)
    assert all(gain > 0 for gain in solution.gains)
    assert list(solution.gains) == sorted(solution.gains, reverse=True)
    assert _useful(task, solution.chosen)
    assert solution.bound >= solution.after
    assert (solution.status == "optimal") == (solution.bound == solution.after)


def _orders(task: Problem, solution: Solution) -> list[tuple[int, ...]]:
    allowed = set(plans(task))
    return [solution.chosen] if tuple(sorted(solution.chosen)) in allowed else []


@given(problems())
def test_plans_are_the_best_of_all_plans(task: Problem | None) -> None:
    if task is None:
        return
    solution = solve(task)
    check(task, solution)
    assert solution.status == "optimal"
    assert solution.after == pytest.approx(best_value(task))


@given(problems(whole=False))
def test_weights_need_not_be_whole(task: Problem | None) -> None:
    if task is None:
        return
    solution = solve(task)
    check(task, solution)
    assert solution.after == pytest.approx(best_value(task), rel=1e-7)
    assert solution.bound >= best_value(task) * (1 - 1e-12)


@given(problems(), st.sampled_from([0.005, 0.05, 0.3]))
def test_rules_take_the_most_points_within_the_tolerance(
    task: Problem | None, tolerance: float
) -> None:
    if task is None:
        return
    solution = solve(task, tolerance=tolerance)
    check(task, solution)
    best, before = best_value(task), task.value(())
    floor = best - min(tolerance * best, MAX_SHARE_OF_GAIN * (best - before))
    assert solution.after >= floor - 1e-6
    assert solution.bound == pytest.approx(best)
    # Plans in which a site adds nobody do not count, whatever points it has.
    worthy = [plan for plan in plans(task) if task.value(plan) >= floor and _useful(task, plan)]
    assert solution.chosen in worthy or tuple(sorted(solution.chosen)) in worthy
    assert solution.points == max(float(task.points[list(plan)].sum()) for plan in worthy)


def _useful(task: Problem, plan: tuple[int, ...]) -> bool:
    whole = task.value(plan)
    return all(task.value(tuple(p for p in plan if p != site)) < whole for site in plan)


@given(problems())
def test_one_more_site_never_covers_fewer(task: Problem | None) -> None:
    if task is None or task.new is None:
        return
    more = (
        Problem(
            weights=task.weights,
            covered=task.covered,
            indptr=task.indptr,
            demand=task.demand,
            cost_yuan=task.cost_yuan,
            allowed=task.allowed,
            new=max(task.new, 1),
            budget_yuan=task.budget_yuan,
        )
        if task.candidates and task.payable.any()
        else task
    )
    assert solve(more).after >= solve(task).after


@given(problems())
def test_a_copy_of_a_demand_point_doubles_it(task: Problem | None) -> None:
    if task is None:
        return
    size = len(task.weights)
    rows = np.split(task.demand, task.indptr[1:-1])
    twice = Problem(
        weights=np.tile(task.weights, 2),
        covered=np.tile(task.covered, 2),
        indptr=task.indptr * 2,
        demand=np.concatenate([np.concatenate([row, row + size]) for row in rows])
        if task.candidates
        else task.demand,
        cost_yuan=task.cost_yuan,
        allowed=task.allowed,
        new=task.new,
        budget_yuan=task.budget_yuan,
    )
    assert solve(twice).after == pytest.approx(2 * solve(task).after)


@given(problems(whole=False), st.randoms())
def test_values_of_a_plan_are_those_of_its_first_sites(task: Problem | None, some: Random) -> None:
    if task is None:
        return
    chosen = tuple(some.sample(range(task.candidates), some.randint(0, task.candidates)))
    expected = [task.value(chosen[:count]) for count in range(len(chosen) + 1)]
    assert task.values(chosen).tolist() == pytest.approx(expected)


@given(problems(), st.randoms())
def test_the_order_takes_the_greatest_gain_of_all_the_first_of_equals(
    task: Problem | None, some: Random
) -> None:
    if task is None:
        return
    reduced = reduce_problem(task)
    plan = some.sample(range(reduced.columns), some.randint(0, reduced.columns))
    ordered: list[int] = []
    left = sorted(plan)
    while left:
        before = value(reduced, ordered)
        best = max(left, key=lambda column: (value(reduced, [*ordered, column]), -column))
        if value(reduced, [*ordered, best]) <= before:
            break
        left.remove(best)
        ordered.append(best)
    assert in_marginal_order(reduced, plan) == ordered
