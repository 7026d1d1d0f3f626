"""Plans that must keep to quotas, pairs and floors, against trying every plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InfeasibleError, InputError
from siting.allocation import Floor, Problem, Quota, anneal, engine, solve
from siting.allocation.bound import Relaxation, priced
from siting.allocation.milp import solve_milp
from siting.allocation.reduce import reduce_problem
from siting.allocation.search import value
from siting.allocation.sided.anneal import Course, sided_annealed
from siting.allocation.sided.floor_sites import with_implied_quotas
from siting.allocation.sided.prices import SidePrices
from tests.properties.test_siting_allocation import problems
from tests.properties.test_siting_bound import towns
from tests.unit.siting.plans import plans, problem


@st.composite
def sided(draw: st.DrawFn) -> Problem | None:
    """Draw a problem with side constraints; None where there is nothing to choose from."""
    task = draw(problems())
    if task is None or not task.candidates:
        return None
    site, size = st.integers(0, task.candidates - 1), len(task.weights)
    some = st.lists(site, max_size=task.candidates, unique=True)
    quotas = []
    for number in range(draw(st.integers(0, 2))):
        least = draw(st.integers(0, 2))
        most = draw(st.none() | st.integers(least, 3))
        quotas.append(Quota(f"q{number}", tuple(draw(some)), least, most))
    pair = st.tuples(site, site).filter(lambda pair: pair[0] != pair[1])
    counts = st.none() | st.lists(st.integers(0, 9), min_size=size, max_size=size).map(np.array)
    floors = [
        Floor(
            f"f{number}",
            np.array(draw(_points(task))),
            draw(st.sampled_from([0.2, 0.5, 1.0])),
            draw(counts),
        )
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
    for floor in task.floors:
        counts = task.weights if floor.weights is None else floor.weights
        inside = counts[floor.points & reached].sum()
        if inside < floor.share * counts[floor.points].sum() - 1e-9:
            return False
    return True


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


@given(sided(), st.integers(0, 2**32 - 1))
def test_any_prices_bound_every_plan_that_keeps_to_everything(
    task: Problem | None, seed: int
) -> None:
    if task is None:
        return
    allowed = [plan for plan in plans(task) if kept(task, plan)]
    if not allowed:
        return
    whole = reduce_problem(task)
    draws = np.random.default_rng(seed)
    for reduced in (whole, with_implied_quotas(whole, limit_s=1.0, seed=0)):
        sides = reduced.sides
        asked = SidePrices(
            draws.random(len(sides.needed)) * draws.choice([0.0, 1.0, 5.0]),
            draws.normal(0, 10, len(sides.least)),
        )
        prices = asked.weights(sides, reduced.weights) * draws.random(len(reduced.weights))
        upper = reduced.base + priced(reduced, prices, asked).upper
        assert upper >= max(task.value(plan) for plan in allowed) - 1e-6


def _asked(seed: int) -> Problem:
    """Return towns with floors, quotas and pairs that a plan must give something up for."""
    task = towns(seed, new=8)
    draws = np.random.default_rng(seed)
    town = draws.integers(0, 3, len(task.weights))
    free = task.reached(solve(task).chosen)
    floors = tuple(
        Floor(f"town {t}", town == t, 1.05 * float(task.weights[free & (town == t)].sum())
              / float(task.weights[town == t].sum()))
        for t in (0, 1)
    )  # fmt: skip
    groups = np.arange(task.candidates).reshape(-1, 4)
    return replace(
        task,
        floors=floors,
        quotas=(
            Quota("first half", tuple(range(task.candidates // 2)), least=3, most=5),
            *(Quota(f"host {n}", tuple(group.tolist()), most=1) for n, group in enumerate(groups)),
        ),
        apart=((0, 9), (9, 20), (0, 20), (33, 44)),
    )


@pytest.mark.skipif(not anneal.AVAILABLE, reason="no machine code on this platform")
def test_the_annealed_search_keeps_to_sides_and_the_bound_to_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "SMALL_NONZEROS", 0)
    reduced = reduce_problem(_asked(1))
    alone = solve_milp(reduced, [], time_limit_s=60, seed=0)
    assert alone.finished
    assert alone.columns is not None
    best = value(reduced, alone.columns)
    found = engine.best_plan(reduced, gap=0.0, time_limit_s=60, seed=0)
    assert engine.within(reduced, found.plan)
    assert value(reduced, found.plan) == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    relaxation = Relaxation(reduced, found.plan)
    relaxation.run(near=1e-4, deadline=float("inf"))
    assert best <= relaxation.best.upper <= best * 1.05
    again = priced(reduced, relaxation.prices, relaxation.side_prices)
    assert again.upper == pytest.approx(relaxation.best.upper, rel=1e-12)
    course = Course(
        np.arange(reduced.columns), 50.0, relaxation.side_prices.floors, steps=20_000, seed=3
    )
    one, other = (sided_annealed(reduced, found.plan, course) for _ in range(2))
    assert one == other
    assert engine.within(reduced, one)
    # From a plan that lacks what floors and quotas ask for, swaps find one that has it.
    assert engine.within(reduced, sided_annealed(reduced, [], course, any_plan=True))


def test_pairs_of_a_clique_are_one_quota() -> None:
    task = problem([[0], [1], [2], [3]], [1, 2, 3, 4], new=4)
    sides = reduce_problem(replace(task, apart=((0, 1), (1, 2), (2, 0), (2, 3)))).sides
    members = sorted(np.flatnonzero(row).tolist() for row in sides.members.toarray())
    assert members == [[0, 1, 2], [2, 3]]
    assert sides.most.tolist() == [1, 1]


def test_a_floor_may_count_others_than_the_goal() -> None:
    # The second point has nobody who counts in the goal, but couriers who count in the floor.
    task = problem([[0], [1]], [10, 0], new=1)
    couriers = Floor("快递员", np.ones(2, dtype=bool), 0.5, weights=np.array([1.0, 9.0]))
    assert solve(task).chosen == (0,)
    solution = solve(replace(task, floors=(couriers,)))
    assert (solution.chosen, solution.after, solution.status) == ((1,), 0.0, "optimal")
