import itertools

import numpy as np
import pytest

from geo.errors import InfeasibleError, InputError
from siting.allocation import Problem, solve
from siting.allocation.reduce import reduce_problem
from siting.allocation.search import greedy, in_marginal_order, marginal_bound, value
from tests.unit.siting.plans import best_value, problem

CATCHMENTS = [[0, 1], [1, 2], [2, 3], [0, 3], []]


def test_the_best_pair_is_proved() -> None:
    task = problem(CATCHMENTS, [5, 1, 7, 2], new=2)
    solution = solve(task)
    assert solution.status == "optimal"
    assert (solution.before, solution.after, solution.bound) == (0, 15, 15)
    assert solution.gains == pytest.approx((9, 6))
    assert sum(solution.gains) == solution.after - solution.before


def test_existing_stations_keep_what_they_cover() -> None:
    task = problem(CATCHMENTS, [5, 1, 7, 2], covered=[2, 3], new=1)
    solution = solve(task)
    assert (solution.before, solution.after, solution.chosen) == (9, 15, (0,))


def test_ties_go_to_the_candidate_that_comes_first() -> None:
    task = problem([[0], [0], [1], [1]], [3, 3], new=2)
    assert solve(task).chosen == (0, 2)


def test_a_site_that_adds_nobody_is_not_chosen() -> None:
    solution = solve(problem([[0, 1], [0], [1]], [5, 5], new=3))
    assert solution.chosen == (0,)
    assert solution.status == "optimal"


def test_nothing_new_is_a_plan() -> None:
    solution = solve(problem(CATCHMENTS, [5, 1, 7, 2], covered=[0], new=0))
    assert (solution.chosen, solution.after, solution.bound) == ((), 5, 5)
    assert solution.status == "optimal"


def test_a_budget_and_a_number_hold_together() -> None:
    task = problem([[0], [1], [2]], [9, 5, 4], new=2, budget_yuan=5000, cost=[4000, 3000, 2000])
    solution = solve(task)
    # The best single site and any other are too dear; two cheap ones are as good and affordable.
    assert solution.after == 9
    assert sum(task.cost_yuan[list(solution.chosen)]) <= 5000


def test_greedy_alone_would_be_wrong() -> None:
    # The middle site looks best first, but the two outer ones cover everybody.
    task = problem([[1, 2, 3, 4], [0, 1, 2], [3, 4, 5]], [3, 2, 2, 2, 2, 3], new=2)
    reduced = reduce_problem(task)
    assert value(reduced, greedy(reduced, per_yuan=False)) < 14
    assert solve(task).after == 14


def test_candidates_that_may_not_be_chosen_are_not() -> None:
    task = problem([[0, 1], [0]], [5, 5], new=2, forbidden=[0])
    assert solve(task).chosen == (1,)


def test_rule_points_decide_among_plans_nearly_as_good() -> None:
    catchments, weights = [[0], [1], [2]], [1000, 999, 500]
    plain = problem(catchments, weights, new=1)
    ruled = problem(catchments, weights, new=1, points=[10, 90, 100])
    assert solve(plain, tolerance=0.005).chosen == (0,)
    solution = solve(ruled, tolerance=0.005)
    assert solution.chosen == (1,)
    assert solution.status == "within_gap"
    assert (solution.after, solution.bound, solution.points) == (999, 1000, 90)
    assert solve(ruled, tolerance=0.0).chosen == (0,)


def test_rules_do_not_eat_the_gain_of_a_small_plan() -> None:
    # Half a per cent of all that is covered would be half of what the one new site adds.
    task = problem(
        [[1], [2]], [100_000, 1000, 600], covered=[0], new=1, points=np.array([0.0, 100.0])
    )
    assert solve(task, tolerance=0.005).chosen == (0,)


def test_the_same_call_gives_the_same_plan() -> None:
    random = np.random.default_rng(3)
    catchments = [random.choice(90, 8, replace=False).tolist() for _ in range(30)]
    points = random.uniform(0, 100, 30)
    task = problem(catchments, random.integers(1, 40, 90).tolist(), new=5, points=points)
    first, second = solve(task, tolerance=0.01), solve(task, tolerance=0.01)
    assert first.chosen == second.chosen
    assert first.gains == second.gains


def test_a_time_limit_never_says_optimal_without_proof() -> None:
    random = np.random.default_rng(5)
    catchments = [random.choice(3000, 60, replace=False).tolist() for _ in range(400)]
    task = problem(catchments, random.integers(1, 40, 3000).tolist(), new=40)
    solution = solve(task, time_limit_s=0.2)
    assert solution.status == "time_limit"
    assert solution.bound > solution.after > 0


@pytest.mark.parametrize(
    ("new", "budget_yuan", "code"),
    [
        (None, None, "siting_plan_no_limit"),
        (-1, None, "siting_plan_new_negative"),
        (None, -1, "siting_plan_budget_negative"),
    ],
)
def test_limits_without_meaning_are_refused(
    new: int | None, budget_yuan: int | None, code: str
) -> None:
    with pytest.raises(InputError) as error:
        problem([[0]], [1], new=new, budget_yuan=budget_yuan)
    assert error.value.code == code


def test_what_cannot_be_built_is_said() -> None:
    with pytest.raises(InfeasibleError, match=r"1,999.*cheapest.*2,000"):
        problem([[0]], [1], budget_yuan=1999)
    with pytest.raises(InfeasibleError, match="None of the 1 candidates"):
        problem([[0]], [1], new=1, forbidden=[0])
    with pytest.raises(InputError, match="no candidates"):
        problem([], [1], new=1)
    assert solve(problem([], [1], new=0)).chosen == ()


def test_reduction_merges_equal_sets_and_keeps_every_value() -> None:
    task = problem([[0, 1, 2], [2, 3], [4]], [1, 2, 4, 8, 0], covered=[], new=2)
    reduced = reduce_problem(task)
    # Points 0 and 1 are one row; point 4 has no weight, so candidate 2 has no column.
    assert sorted(reduced.weights.tolist()) == [3, 4, 8]
    assert reduced.site.tolist() == [0, 1]
    for columns in ([], [0], [1], [0, 1]):
        assert value(reduced, columns) == task.value(reduced.sites(columns))


def test_the_bound_from_single_gains_bounds_every_plan() -> None:
    task = problem(
        CATCHMENTS, [5, 1, 7, 2], new=2, budget_yuan=5000, cost=[2000, 3000, 2000, 4000, 1]
    )
    reduced = reduce_problem(task)
    for columns in itertools.chain([[]], ([c] for c in range(reduced.columns))):
        assert marginal_bound(reduced, columns) >= best_value(task)


def test_marginal_order_puts_the_greatest_gain_first() -> None:
    reduced = reduce_problem(problem([[0], [1], [1]], [1, 5], new=3))
    assert in_marginal_order(reduced, [0, 1, 2]) == [1, 0]


def test_the_example_of_the_package_holds() -> None:
    task = Problem(
        weights=np.array([10.0, 20.0, 30.0]),
        covered=np.zeros(3, dtype=bool),
        indptr=np.array([0, 2, 3]),
        demand=np.array([0, 1, 2], dtype=np.int32),
        cost_yuan=np.array([2000, 2000]),
        allowed=np.ones(2, dtype=bool),
        new=1,
    )
    solution = solve(task)
    assert (solution.chosen, solution.after, solution.bound, solution.status) == (
        (0,), 30.0, 30.0, "optimal",
    )  # fmt: skip


def test_no_site_is_made_useless_by_the_others() -> None:
    # The first site looks best, but the other two leave it nothing; nobody else is to be won.
    solution = solve(problem([[1, 2, 3], [0, 1], [2, 3, 4]], [3, 2, 2, 2, 3], new=3))
    assert set(solution.chosen) == {1, 2}
    assert solution.status == "optimal"


@pytest.mark.parametrize("budget_yuan", [10**19, 10**30, 10**400])
def test_a_budget_beyond_all_money_buys_everything_useful(budget_yuan: int) -> None:
    # Overlapping catchments, so that the solver is asked as well.
    task = problem(
        [[1, 2, 3, 4], [0, 1, 2], [3, 4, 5]], [3, 2, 2, 2, 2, 3], new=2, budget_yuan=budget_yuan
    )
    assert solve(task).after == 14
    assert solve(problem([[0], [1]], [5, 7], budget_yuan=budget_yuan)).status == "optimal"


def test_points_are_not_lost_to_a_site_that_completes_the_plan() -> None:
    task = problem(
        [[1], [0, 1]], [1, 9], new=None, budget_yuan=0, cost=[0, 0], points=np.array([1.0, 0.0])
    )
    solution = solve(task, tolerance=0.3)
    assert (solution.chosen, solution.points, solution.bound) == ((0,), 1.0, 10.0)
