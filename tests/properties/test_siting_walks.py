"""p-medians and p-centers of random instances, against trying every plan; bounds on the way."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.catchments import ABSENT, Travel
from geo.errors import InfeasibleError, InputError
from siting.allocation.center import p_center
from siting.allocation.cover import dominance
from siting.allocation.median import p_median
from siting.allocation.walking import median_bound, median_search
from siting.allocation.walking.center_proof import Decision
from siting.allocation.walking.center_ways import CenterWays, Within
from siting.allocation.walking.median_bound import Volume, fixed_walks, priced_walks
from siting.allocation.walking.median_tree import Goal, branched
from siting.allocation.walking.walks import WalkProblem, walks_of

NEVER = float("inf")


def ways(cost: np.ndarray, beyond: int) -> Travel:
    """Return a travel matrix from int[sites, points]; what is above `beyond` is absent."""
    site, point = np.nonzero(cost <= beyond)
    return Travel(
        indptr=np.concatenate([[0], np.cumsum(np.bincount(site, minlength=len(cost)))]),
        demand=point.astype(np.int32),
        cost=cost[site, point].astype(np.int32),
        method="street",
        site_status=np.zeros(len(cost), dtype=np.uint8),
        demand_status=np.zeros(cost.shape[1], dtype=np.uint8),
        cutoff=beyond / 1000,
    )


@st.composite
def walk_problems(draw: st.DrawFn) -> WalkProblem | None:
    """Draw a problem; None where it is one that is refused."""
    points, sites = draw(st.integers(1, 8)), draw(st.integers(1, 7))
    row = st.lists(st.integers(0, 12), min_size=points, max_size=points)
    some = st.lists(st.integers(0, sites - 1), max_size=2)
    existing, allowed = np.zeros(sites, dtype=bool), np.ones(sites, dtype=bool)
    existing[draw(some)] = True
    allowed[draw(some)] = False
    try:
        return WalkProblem(
            travel=ways(np.array([draw(row) for _ in range(sites)]), draw(st.integers(4, 12))),
            weights=np.array([draw(st.integers(0, 9)) for _ in range(points)], dtype=float),
            existing=existing,
            allowed=allowed,
            new=draw(st.integers(0, 4)),
            penalty=draw(st.none() | st.integers(12, 30)),
        )
    except InputError:
        return None


def every_plan(task: WalkProblem) -> list[tuple[int, ...]]:
    sites = np.flatnonzero(task.choice).tolist()
    return list(combinations(sites, min(task.new, len(sites))))


def medians(task: WalkProblem) -> list[float]:
    """Return the cost of every plan; infinite where somebody with weight is left unreached."""
    out = []
    for plan in every_plan(task):
        walked = task.walked(plan)
        lost = ((walked == ABSENT) & (task.weights > 0)).any()
        out.append(NEVER if lost else float(task.weights @ np.maximum(walked, 0)))
    return out


def check_median(task: WalkProblem) -> None:
    costs = medians(task)
    if NEVER in costs:
        with pytest.raises(InfeasibleError):
            p_median(task)
        return
    plan = p_median(task)
    assert plan.value == plan.bound == min(costs)
    assert plan.status == "optimal"
    assert plan.value == float(task.weights @ np.maximum(task.walked(plan.chosen), 0))
    assert set(plan.chosen) <= set(np.flatnonzero(task.choice).tolist())
    assert len(plan.chosen) <= task.new


@given(walk_problems())
def test_medians_are_the_best_of_all_plans(task: WalkProblem | None) -> None:
    if task is not None:
        check_median(task)


@given(walk_problems())
def test_without_machine_code_medians_are_the_same(task: WalkProblem | None) -> None:
    if task is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        for module in (median_bound, median_search, dominance):
            patch.setattr(module, "COMPILED", False)
        check_median(task)


@given(walk_problems())
def test_centers_are_the_best_of_all_plans(task: WalkProblem | None) -> None:
    if task is None:
        return
    counted = task.travel.covered(task.existing | task.allowed) & (task.weights > 0)
    near = [task.travel.nearest(task.opened(plan))[counted] for plan in every_plan(task)]
    worst = [int(walked.max(initial=0)) for walked in near if (walked != ABSENT).all()]
    lost = np.flatnonzero(~counted & (task.weights > 0)).tolist()
    if lost:
        with pytest.raises(InfeasibleError):
            p_center(task)
    if not worst:
        with pytest.raises(InfeasibleError):
            p_center(task, unreachable="leave_out")
        return
    plan = p_center(task, unreachable="leave_out")
    assert plan.value == plan.bound == min(worst)
    assert plan.status == "optimal"
    assert list(plan.left_out) == lost
    assert len(plan.chosen) <= task.new
    walked = task.travel.nearest(task.opened(plan.chosen))
    assert walked[counted].max(initial=0) == plan.value
    assert all(walked[point] == plan.value for point in plan.farthest)


@given(st.integers(0, 2**31))
def test_a_radius_is_decided_as_by_trying_every_plan(seed: int) -> None:
    draws = np.random.default_rng(seed)
    points, sites = draws.integers(3, 9, 2).tolist()
    reach = draws.uniform(0.15, 0.6)
    within = draws.random((sites, points)) < reach
    within[draws.integers(0, sites, points), np.arange(points)] = True
    everywhere = np.ones(sites, dtype=bool)
    cost = np.where(within, 5, 9)
    task = WalkProblem(ways(cost, 9), np.ones(points), ~everywhere, everywhere, sites)
    near = Within(CenterWays(task), 5)
    least = next(
        size
        for size in range(1, sites + 1)
        if any(within[list(plan)].any(axis=0).all() for plan in combinations(range(sites), size))
    )
    for new in range(sites + 1):
        decision = Decision(near, np.array([0]), new)
        while (answer := decision.run(1, NEVER)) == "open":
            assert decision.plan is None
        assert answer == ("plan" if new >= least else "short")
        if decision.plan is not None:
            assert len(decision.plan) <= new
            assert within[decision.plan].any(axis=0).all()


def square(seed: int, *, points: int = 200, sites: int = 40, new: int = 5) -> WalkProblem:
    """Return points and sites thrown on a square of one kilometre."""
    draws = np.random.default_rng(seed)
    where, places = draws.random((points, 2)), draws.random((sites, 2))
    cost = np.rint(1e6 * np.abs(places[:, None, :] - where[None, :, :]).sum(axis=2))
    return WalkProblem(
        travel=ways(cost.astype(int), 600_000),
        weights=draws.integers(1, 30, points).astype(float),
        existing=np.arange(sites) < 2,
        allowed=np.ones(sites, dtype=bool),
        new=new,
        penalty=900_000,
    )


@pytest.mark.parametrize("seed", range(4))
def test_prices_bound_every_plan_and_fix_rightly(seed: int) -> None:
    task = square(seed)
    best = p_median(task)
    assert best.status == "optimal"
    walks = walks_of(task)
    plan = np.isin(walks.site, best.chosen)
    assert walks.total(plan) == best.value
    volume = Volume.beside(walks, plan)
    volume.run(reached=best.value, near=0.0, deadline=NEVER, most=500)
    assert 0.95 * best.value < volume.best.lower <= best.value * (1 + 1e-9)
    # Who distrusts the bound needs the prices only.
    assert (volume.prices <= walks.weights * walks.cap * (1 + 1e-12)).all()
    assert priced_walks(walks, volume.prices).lower == volume.best.lower
    never, always = fixed_walks(walks, volume.best, best.value + 1)
    assert not never[plan].any()
    assert plan[always].all()


@given(st.integers(0, 9), st.integers(0, 2**31))
def test_any_prices_bound_every_median(world: int, seed: int) -> None:
    task = square(world, points=12, sites=8, new=2)
    walks = walks_of(task)
    prices = walks.weights * walks.cap * np.random.default_rng(seed).random(len(walks.weights))
    assert priced_walks(walks, prices).lower <= min(medians(task)) * (1 + 1e-12)


@given(st.integers(0, 2**31), st.booleans())
def test_branching_from_a_poor_plan_finds_the_best(seed: int, whole: bool) -> None:  # noqa: FBT001 -- drawn
    draws = np.random.default_rng(seed)
    points, sites, new = (int(draws.integers(*ends)) for ends in ((5, 30), (4, 12), (1, 5)))
    task = square(seed, points=points, sites=sites, new=min(new, sites - 1))
    if not whole:
        task = replace(task, weights=task.weights * draws.random(points))
    walks = walks_of(task)
    poor = np.arange(walks.columns) < walks.new
    value, best = walks.total(poor), min(medians(task))
    goal = Goal(1e-9, whole)
    proof = branched(Volume.beside(walks, poor), value, goal, deadline=NEVER)
    assert np.isclose(proof.value, best, rtol=1e-9)
    assert best * (1 - 2e-9) <= proof.bound <= best * (1 + 1e-9)
    if proof.sites is None:
        assert proof.value == value
    else:
        assert len(proof.sites) <= walks.new
        assert np.isclose(walks.total(np.isin(walks.site, proof.sites)), proof.value)
    # Time that is up leaves a true bound.
    rushed = branched(Volume.beside(walks, poor), value, goal, deadline=0.0)
    assert rushed.bound <= best * (1 + 1e-9) <= rushed.value * (1 + 2e-9)


def test_whoever_watches_branching_is_told_true_bounds_and_plans() -> None:
    task = square(3, points=200, sites=60, new=6)
    walks = walks_of(task)
    poor = np.arange(walks.columns) < walks.new
    told: list[tuple[tuple[int, ...] | None, float]] = []
    proof = branched(
        Volume.beside(walks, poor),
        walks.total(poor),
        Goal(1e-9, whole=True),
        deadline=NEVER,
        told=lambda sites, bound: told.append((sites, bound)),
    )
    assert proof.value == proof.bound == p_median(task).value
    assert any(sites is not None for sites, _ in told)
    assert all(bound <= proof.value for _, bound in told)


def test_costs_of_thousands_of_millions_are_proved_too() -> None:
    task = square(11, points=300, sites=30, new=4)
    many = replace(task, weights=np.rint(task.weights * 97.0))
    plan = p_median(many)
    assert plan.value > 1e9
    assert (plan.bound, plan.status) == (plan.value, "optimal")


def test_the_same_call_gives_the_same_plan() -> None:
    assert p_median(square(7)).chosen == p_median(square(7)).chosen
    assert p_center(square(7)).chosen == p_center(square(7)).chosen


def test_time_that_is_up_leaves_a_plan_and_a_true_bound() -> None:
    task = square(8, points=400, sites=80, new=8)
    rushed, best = p_median(task, time_limit_s=0.0), p_median(task)
    assert rushed.bound <= best.value <= rushed.value
    assert len(rushed.chosen) == 8
