"""Plans that must keep to quotas, pairs and floors, against trying every plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InfeasibleError, InputError
from siting.allocation import Floor, Problem, Quota, solve
from tests.properties.test_siting_allocation import problems
from tests.unit.siting.plans import plans, problem


@st.composite
def sided(draw: st.DrawFn) -> Problem | None:
    """Draw a problem with side constraints; None where there is nothing to choose from."""
    task = draw(problems())
    if task is None or not task.candidates:
        return None
    site = st.integers(0, task.candidates - 1)
    some = st.lists(site, max_size=task.candidates, unique=True)
    quotas = []
    for number in range(draw(st.integers(0, 2))):
        least = draw(st.integers(0, 2))
        most = draw(st.none() | st.integers(least, 3))
        quotas.append(Quota(f"q{number}", tuple(draw(some)), least, most))
    pair = st.tuples(site, site).filter(lambda pair: pair[0] != pair[1])
    floors = [
        Floor(f"f{number}", np.array(draw(_points(task))), draw(st.sampled_from([0.2, 0.5, 1.0])))
        for number in range(draw(st.integers(0, 2)))
    ]
    return replace(
        task,
        quotas=tuple(quotas),
        apart=tuple(draw(st.lists(pair, max_size=3))),
        floors=tuple(floors),
    )


def _points(task: Problem) -> st.SearchStrategy[list[bool]]:
    size = len(task.weights)
    return st.lists(st.booleans(), min_size=size, max_size=size)


def kept(task: Problem, plan: tuple[int, ...]) -> bool:
    """Tell by plain counting whether a plan keeps to everything."""
    for quota in task.quotas:
        count = len(set(plan) & set(quota.sites))
        if count < quota.least or (quota.most is not None and count > quota.most):
            return False
    if any(one in plan and two in plan for one, two in task.apart):
        return False
    reached = task.reached(plan)
    return all(
        task.weights[floor.points & reached].sum()
        >= floor.share * task.weights[floor.points].sum() - 1e-9
        for floor in task.floors
    )


@given(sided())
def test_plans_are_the_best_of_all_that_keep_to_everything(task: Problem | None) -> None:
    if task is None:
        return
    allowed = [plan for plan in plans(task) if kept(task, plan)]
    if not allowed:
        with pytest.raises(InfeasibleError):
            solve(task)
        return
    solution = solve(task)
    assert kept(task, solution.chosen)
    assert tuple(sorted(solution.chosen)) in allowed
    assert solution.after == pytest.approx(max(task.value(plan) for plan in allowed))
    assert solution.status == "optimal"
    assert sum(solution.gains) == pytest.approx(solution.after - solution.before)


@given(sided())
def test_points_are_a_second_goal_beside_them(task: Problem | None) -> None:
    if task is None:
        return
    allowed = [plan for plan in plans(task) if kept(task, plan)]
    if not allowed:
        return
    solution = solve(task, tolerance=0.05)
    assert kept(task, solution.chosen)
    best = max(task.value(plan) for plan in allowed)
    assert solution.after >= best - 0.05 * best - 1e-6


def test_what_cannot_be_kept_to_is_named_with_what_is_possible() -> None:
    task = problem(
        [[0], [1], [2]],
        [10, 20, 30],
        new=1,
        covered=[],
    )
    asked = replace(
        task,
        quotas=(Quota("东片区", (0, 1), least=2),),
        floors=(Floor("西片区", np.array([False, False, True]), 0.5),),
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(asked)
    assert caught.value.code == "siting_plan_conflict"
    told = caught.value.message("zh")
    assert ("东片区" in told) != ("西片区 (" in told) or "东片区 (50%)" in told


def test_a_required_site_is_opened_even_if_it_adds_nobody() -> None:
    task = problem([[0], [1], [0, 1]], [10, 20], new=2)
    solution = solve(replace(task, quotas=(Quota("必选", (0,), least=1, most=1),)))
    assert 0 in solution.chosen
    assert solution.after == 30


@pytest.mark.parametrize(
    "asked",
    [
        {"quotas": (Quota("x", (0,), least=2, most=1),)},
        {"quotas": (Quota("x", (0,), least=-1),)},
        {"floors": (Floor("x", np.ones(2, dtype=bool), 1.5),)},
    ],
)
def test_what_means_nothing_is_refused(asked: dict[str, tuple[object, ...]]) -> None:
    task = problem([[0], [1]], [10, 20], new=1)
    with pytest.raises(InputError, match="x"):
        replace(task, **asked)  # type: ignore[arg-type]  # quotas or floors
