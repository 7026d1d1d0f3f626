"""Stated need beside other goals than coverage, against every plan tried out."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.catchments import Travel
from siting.allocation import CoveringProblem, Problem, cover, solve
from siting.allocation.gradual import Band, GradualProblem, solve_gradual
from siting.plans.goals.need_least import serving_most
from siting.plans.stated_need import NeedRows, Weighed
from siting.rules import read_rules

RULE = read_rules("daxing").stated_need
SITES = 6


def ways(reach: np.ndarray, cost: np.ndarray) -> Travel:
    """Return a travel matrix from bool[sites, points] and int[sites, points]."""
    site, point = np.nonzero(reach)
    return Travel(
        indptr=np.concatenate([[0], np.cumsum(np.bincount(site, minlength=len(reach)))]),
        demand=point.astype(np.int32),
        cost=cost[site, point].astype(np.int32),
        method="street",
        site_status=np.zeros(len(reach), dtype=np.uint8),
        demand_status=np.zeros(reach.shape[1], dtype=np.uint8),
        cutoff=0.5,
    )


def requests(draws: np.random.Generator) -> NeedRows:
    """Draw requests; the first site is a station, the others are candidates."""
    assert RULE is not None
    size = int(draws.integers(1, 6))
    reach = draws.random((SITES + 1, size)) < 0.35
    cost = draws.integers(0, 500, reach.shape)
    return NeedRows(RULE, draws.integers(2, 6, size).astype(float), 40.0, ways(reach, cost))


def town(draws: np.random.Generator) -> tuple[np.ndarray, Travel]:
    points = int(draws.integers(2, 12))
    reach = draws.random((SITES, points)) < 0.4
    weights = draws.integers(0, 9, points).astype(float)
    return weights, ways(reach, draws.integers(0, 500, reach.shape))


def opened_with(chosen: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(SITES + 1, dtype=bool)
    mask[[0, *(1 + site for site in chosen)]] = True
    return mask


COLUMNS = 1 + np.arange(SITES)


@given(st.integers(0, 2**31), st.booleans(), st.sampled_from([None, 0.3, 0.7]))
def test_of_plans_that_cost_no_more_the_one_with_the_most_requests(
    seed: int,
    money: bool,  # noqa: FBT001 -- drawn
    share: float | None,
) -> None:
    draws = np.random.default_rng(seed)
    (weights, walk), needs = town(draws), requests(draws)
    weights[0] += 1
    if share is not None:
        share *= float(weights[walk.covered(np.ones(SITES, dtype=bool))].sum() / weights.sum())
        if share <= 0:
            return
    problem = CoveringProblem(
        weights=weights,
        covered=np.zeros(len(weights), dtype=bool),
        indptr=walk.indptr,
        demand=walk.demand,
        cost_yuan=draws.integers(1, 4, SITES) * 1000,
        allowed=np.ones(SITES, dtype=bool),
        goal="money" if money else "stations",
        share=share,
    )
    least = cover(problem)
    found, decided = serving_most(
        problem, least, needs,
        columns=COLUMNS, opened=opened_with(()), search=solve, time_limit_s=30.0, seed=0,
    )  # fmt: skip
    enough = [
        plan
        for size in range(SITES + 1)
        for plan in combinations(range(SITES), size)
        if problem.cost[list(plan)].sum() <= least.value
        and weights[problem.reached(plan)].sum() >= problem.target * (1 - 1e-9)
    ]
    best = max(needs.within(opened_with(plan)) for plan in enough)
    assert needs.within(opened_with(found.chosen)) == best
    assert found.chosen in enough
    assert (found.value, found.bound, found.status) == (least.value, least.value, "optimal")
    assert decided.proved
    assert decided.second


@given(st.integers(0, 2**31))
def test_requests_weigh_by_the_way_in_gradual_plans(seed: int) -> None:
    draws = np.random.default_rng(seed)
    (weights, walk), needs = town(draws), requests(draws)
    bands = (Band(200, 1.0), Band(500, 0.4))
    base = Problem(
        weights=40.0 * weights,
        covered=np.zeros(len(weights), dtype=bool),
        indptr=walk.indptr,
        demand=walk.demand,
        cost_yuan=np.full(SITES, 2000),
        allowed=np.ones(SITES, dtype=bool),
        new=2,
    )
    problem = GradualProblem(base, walk.cost, np.full(len(weights), -1, dtype=np.int32), bands)
    weighed = Weighed(needs, COLUMNS, opened_with(()), solve, bands)
    found = solve_gradual(problem, search=weighed)
    worth = {plan: problem.value(plan) for plan in combinations(range(SITES), 2)}

    def both(plan: tuple[int, ...]) -> float:
        near = needs.walk.nearest(opened_with(plan))
        steps = np.select([near < 0, near <= 200, near <= 500], [0.0, 1.0, 0.4])
        return problem.value(plan) + float((needs.weights * steps).sum())

    assert np.isclose(both(found.chosen), max(both(plan) for plan in worth))
    assert weighed.proved
    assert found.after == problem.value(found.chosen)
    assert found.bound >= max(worth.values()) * (1 - 1e-9)
    assert found.status in {"optimal", "within_gap"}
