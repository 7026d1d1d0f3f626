"""Covers of random instances, against trying every plan; reductions and bounds on the way."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from geo.errors import InfeasibleError
from siting.allocation import anneal
from siting.allocation.cover import dominance
from siting.allocation.cover import engine as cover_engine
from siting.allocation.cover.bound import CoverRelaxation, fixed_cover, priced_cover
from siting.allocation.cover.dominance import Cover, reduce_cover
from siting.allocation.cover.search import RowWeighting, covers, greedy_cover
from siting.allocation.set_covering import Covering, CoveringProblem, cover

NEVER = float("inf")


@st.composite
def coverings(draw: st.DrawFn) -> CoveringProblem | None:
    """Draw a problem; None where the share drawn is out of reach."""
    points, sites = draw(st.integers(1, 9)), draw(st.integers(0, 7))
    some = st.lists(st.integers(0, points - 1), max_size=points, unique=True)
    reach = [sorted(draw(some)) for _ in range(sites)]
    covered, allowed = np.zeros(points, dtype=bool), np.ones(sites, dtype=bool)
    covered[draw(some)] = True
    if sites:
        allowed[draw(st.lists(st.integers(0, sites - 1), max_size=2))] = False
    try:
        return CoveringProblem(
            weights=np.array([draw(st.integers(0, 20)) for _ in range(points)], dtype=float),
            covered=covered,
            indptr=np.cumsum([0, *map(len, reach)]),
            demand=np.array([d for part in reach for d in part], dtype=np.int32),
            cost_yuan=np.array([draw(st.integers(0, 6)) * 1000 for _ in range(sites)], dtype=int),
            allowed=allowed,
            goal=draw(st.sampled_from(["stations", "money"])),
            share=draw(st.none() | st.sampled_from([0.3, 0.5, 0.75, 0.9, 1.0])),
        )
    except InfeasibleError:
        return None


def least(task: CoveringProblem) -> int:
    """Return the least cost of a plan that covers what is asked for, by trying every plan."""
    sites = np.flatnonzero(task.allowed).tolist()
    every = itertools.chain.from_iterable(
        itertools.combinations(sites, size) for size in range(len(sites) + 1)
    )
    goal = task.target * (1 - 1e-9)
    met = [plan for plan in every if task.weights[task.reached(plan)].sum() >= goal]
    return min(int(task.cost[list(plan)].sum()) for plan in met)


def check(task: CoveringProblem, plan: Covering) -> None:
    assert plan.value == plan.bound == least(task) == task.cost[list(plan.chosen)].sum()
    assert plan.status == "optimal"
    assert plan.after == task.weights[task.reached(plan.chosen)].sum()
    assert plan.after >= task.target * (1 - 1e-9)
    assert task.allowed[list(plan.chosen)].all()
    reach = task.reached(np.flatnonzero(task.allowed))
    assert list(plan.uncoverable) == np.flatnonzero(~reach & (task.weights > 0)).tolist()


@given(coverings())
def test_covers_cost_the_least_of_all_plans(task: CoveringProblem | None) -> None:
    if task is not None:
        check(task, cover(task))


@given(coverings())
def test_without_machine_code_covers_are_the_same(task: CoveringProblem | None) -> None:
    if task is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dominance, "COMPILED", False)
        patch.setattr(anneal, "AVAILABLE", False)
        check(task, cover(task))


def thrown(seed: int, *, rows: int = 120, columns: int = 60, reach: float = 0.2) -> Cover:
    """Return points and sites thrown on a square, every point within reach of some site."""
    draws = np.random.default_rng(seed)
    where, places = draws.random((rows, 2)), draws.random((columns, 2))
    apart = np.abs(places[:, None, :] - where[None, :, :]).sum(axis=2)
    near = (apart <= reach) | (apart == apart.min(axis=0))
    by_site = sparse.csr_array(near.astype(float))
    return Cover(np.arange(columns), by_site, draws.integers(1, 5, columns))


@pytest.mark.parametrize("seed", range(4))
def test_parts_searched_one_by_one_cost_what_the_whole_does(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = thrown(seed, rows=60, columns=40), thrown(seed + 50, rows=80, columns=50, reach=0.15)
    beside = sparse.csr_array(sparse.block_diag([one.cover, two.cover]))
    whole = Cover(np.arange(90), beside, np.concatenate([one.cost, two.cost]))
    # Without the solver's quick way every part goes through search, bound and fixing.
    monkeypatch.setattr(cover_engine, "EASY_NONZEROS", 1)
    alone = [best(part) for part in (one, two)]
    found = best(whole)
    assert (found.finished, found.bound) == (True, found.cost)
    assert found.cost == sum(part.cost for part in alone)
    assert set(found.sites) <= set(range(90))
    monkeypatch.setattr(cover_engine, "EASY_NONZEROS", 2000)
    assert best(whole).cost == found.cost


def best(whole: Cover) -> cover_engine.Covered:
    return cover_engine.best_cover(whole, gap=0.0, deadline=NEVER, seed=0)


def test_parts_have_nothing_in_common_and_leave_nothing_out() -> None:
    blocks = [thrown(seed, rows=10 * seed, columns=6 * seed).cover for seed in (3, 1, 2)]
    cover_of = sparse.csr_array(sparse.block_diag(blocks))
    whole = Cover(np.arange(36), cover_of, np.ones(36, dtype=np.int64))
    assert len(dominance.parts_of(whole, 10_000)) == 1
    for least_size in (1, 100, 10_000):
        parts = dominance.parts_of(whole, least_size)
        assert len(parts) > 2 or least_size > 1
        assert sorted(site for part in parts for site in part.site) == list(range(36))
        assert sum(part.rows for part in parts) == whole.rows
        assert sum(part.cover.nnz for part in parts) == whole.cover.nnz
        assert all((np.diff(part.cover.T.tocsr().indptr) > 0).all() for part in parts)


@pytest.mark.parametrize("seed", range(6))
def test_reductions_with_and_without_machine_code_agree(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = thrown(seed, reach=0.1 + 0.05 * seed)
    fast = reduce_cover(whole)
    monkeypatch.setattr(dominance, "COMPILED", False)
    slow = reduce_cover(whole)
    assert (fast.taken, fast.site.tolist()) == (slow.taken, slow.site.tolist())
    assert (fast.cover != slow.cover).nnz == 0
    assert fast.columns + len(fast.taken) < whole.columns


@pytest.mark.parametrize("seed", range(6))
def test_the_relaxation_bounds_the_best_cover_and_fixes_rightly(seed: int) -> None:
    whole = thrown(seed)
    best = cover_engine.best_cover(whole, gap=0.0, deadline=NEVER, seed=0)
    assert (best.finished, best.bound) == (True, best.cost)
    relaxation = CoverRelaxation(whole)
    relaxation.run(near=1e-4, deadline=NEVER, most=20_000)
    assert relaxation.best.lower <= best.cost + 1e-6
    assert relaxation.upper == pytest.approx(relaxation.best.lower, rel=2e-4)
    assert relaxation.upper >= relaxation.best.lower
    # Who distrusts the bound needs the prices only.
    assert (relaxation.prices >= 0).all()
    assert priced_cover(whole, relaxation.prices).lower == relaxation.best.lower
    # What is fixed for a cover one yuan dearer leaves the best one alone.
    never, always = fixed_cover(whole, relaxation.best, best.cost + 1)
    assert not never[list(best.sites)].any()
    assert set(np.flatnonzero(always)) <= set(best.sites)


@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_any_prices_bound_every_cover(world: int, seed: int) -> None:
    whole = thrown(world % 50, rows=12, columns=8, reach=0.4)
    prices = 3 * np.random.default_rng(seed).random(whole.rows)
    best = cover_engine.best_cover(whole, gap=0.0, deadline=NEVER, seed=0)
    assert priced_cover(whole, prices).lower <= best.cost + 1e-9


def test_local_search_repeats_itself_and_never_gets_dearer() -> None:
    whole = thrown(3, rows=400, columns=150, reach=0.12)
    costs = []
    for _ in range(2):
        search = RowWeighting(whole, greedy_cover(whole), seed=5)
        first = search.cost
        search.run(3000)
        assert covers(whole, search.best)
        assert search.cost <= first
        costs.append((search.cost, search.best.tolist()))
    assert costs[0] == costs[1]


def test_time_that_is_up_leaves_a_cover_and_a_true_bound() -> None:
    whole = thrown(3, rows=400, columns=150, reach=0.12)
    found = cover_engine.best_cover(whole, gap=0.0, deadline=0.0, seed=0)
    best = cover_engine.best_cover(whole, gap=0.0, deadline=NEVER, seed=0)
    assert found.bound <= best.cost <= found.cost
