"""Merged demand against sets compared one by one; merged plans against every choice among them."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from siting.allocation import merging, products, reduce
from siting.allocation.fixing import Part
from siting.allocation.merging import Merging
from siting.allocation.milp import solve_milp
from siting.allocation.products import Products
from siting.allocation.reduce import Reach, Reduced, reduce_problem, same_reach, streamed
from siting.allocation.search import value
from tests.unit.siting.plans import problem

SEEDS = st.integers(0, 2**32 - 1)


def drawn_reach(draws: np.random.Generator, columns: int, points: int) -> sparse.csr_array:
    return sparse.csr_array((draws.random((columns, points)) < 0.3).astype(float))


@given(SEEDS, st.integers(1, 7), st.integers(1, 40))
def test_points_are_one_row_if_and_only_if_the_same_columns_reach_them(
    seed: int, columns: int, points: int
) -> None:
    draws = np.random.default_rng(seed)
    cover = drawn_reach(draws, columns, points)
    used = draws.random(points) < 0.8
    row, first, merged = same_reach(Reach.by(cover), used)
    by_point = cover.toarray().T
    sets = {tuple(by_point[p]) for p in range(points) if used[p] and by_point[p].any()}
    assert len(first) == merged.shape[1] == len(sets)
    for point in range(points):
        if not (used[point] and by_point[point].any()):
            assert row[point] == -1
            continue
        assert (merged.toarray()[:, row[point]] == by_point[point]).all()
        assert first[row[point]] <= point
    assert (np.diff(first) > 0).all()


def test_keys_that_say_too_much_is_the_same_are_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    cover = sparse.csr_array(np.array([[1.0, 1, 0], [0, 1, 1]]))
    drawn = reduce._keys
    seen: list[int] = []

    def careless(reach: Reach, seed: int) -> np.typing.NDArray[np.uint64]:
        seen.append(seed)
        return np.zeros(reach.points, dtype=np.uint64) if seed == 0 else drawn(reach, seed)

    monkeypatch.setattr(reduce, "_keys", careless)
    row, _, merged = same_reach(Reach.by(cover), np.ones(3, dtype=bool))
    assert seen == [0, 1]
    assert row.tolist() == [0, 1, 2]
    assert (merged.toarray() == cover.toarray()).all()


def test_a_point_listed_twice_is_reached_once() -> None:
    reach = Reach(np.array([0, 3, 5]), np.array([0, 0, 1, 1, 2], dtype=np.int32), 3)
    row, _, merged = same_reach(reach, np.ones(3, dtype=bool))
    assert row.tolist() == [0, 1, 2]
    assert merged.toarray().tolist() == [[1, 1, 0], [0, 1, 1]]


@given(SEEDS, st.integers(1, 3))
def test_a_few_incidences_at_a_time_are_as_good_as_all(seed: int, block: int) -> None:
    cover = drawn_reach(np.random.default_rng(seed), 6, 12)
    whole = same_reach(Reach.by(cover), np.ones(12, dtype=bool))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reduce, "_BLOCK", block)
        parts = same_reach(Reach.by(cover), np.ones(12, dtype=bool))
    assert (whole.row == parts.row).all()
    assert (whole.cover.toarray() == parts.cover.toarray()).all()


@given(SEEDS, st.integers(2, 5))
def test_rows_stand_side_by_side_and_are_the_same(seed: int, links: int) -> None:
    cover = drawn_reach(np.random.default_rng(seed), 6, 12)
    used = np.ones(12, dtype=bool)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reduce, "LARGE_NONZEROS", 0)
        patched.setattr(reduce, "_LINKS", links)
        found = same_reach(Reach.by(cover), used)
    whole = same_reach(Reach.by(cover), used)
    assert found.cover.shape == whole.cover.shape
    assert ((found.row < 0) == (whole.row < 0)).all()
    reached = np.flatnonzero(found.row >= 0)
    assert (found.row[found.first] == np.arange(len(found.first))).all()
    moved = found.cover.toarray()[:, found.row[reached]]
    assert (moved == whole.cover.toarray()[:, whole.row[reached]]).all()


@given(SEEDS)
def test_demand_that_comes_in_parts_weighs_plans_as_the_whole(seed: int) -> None:
    draws = np.random.default_rng(seed)
    covers = [drawn_reach(draws, 5, int(points)) for points in draws.integers(1, 30, 3)]
    weights = [draws.random(cover.shape[1]) for cover in covers]
    parts = ((some, Reach.by(cover)) for some, cover in zip(weights, covers, strict=True))
    summed, reach = streamed(parts)
    together = sparse.hstack(covers, format="csr")
    few = np.zeros((5, len(summed)))
    for column in range(5):
        few[column, reach.demand[reach.indptr[column] : reach.indptr[column + 1]]] = 1
    for plan in itertools.product([False, True], repeat=5):
        opened = np.array(plan)
        all_weight = np.concatenate(weights)[together.toarray()[opened].any(axis=0)].sum()
        assert summed[few[opened].any(axis=0)].sum() == pytest.approx(all_weight)


@given(SEEDS)
def test_compiled_sums_are_products(seed: int) -> None:
    draws = np.random.default_rng(seed)
    cover = drawn_reach(draws, 9, 31)
    prices, shares = draws.random(31), draws.random(9)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(products, "LARGE_NONZEROS", 0)
        sums = Products(cover)
    assert sums.of_columns(prices) == pytest.approx(cover @ prices)
    assert sums.of_rows(shares) == pytest.approx(cover.T @ shares)


def _towns(draws: np.random.Generator) -> Reduced:
    """Return sites of three towns that share nothing."""
    catchments = [
        (np.flatnonzero(draws.random(8) < 0.5) + 8 * town).tolist()
        for town in range(3)
        for _ in range(4)
    ]
    weights = draws.integers(1, 30, 24).tolist()
    return reduce_problem(problem(catchments, weights, new=5))


@given(SEEDS, st.sampled_from([1, 10_000]))
def test_a_merged_plan_is_the_best_of_its_batches(seed: int, batch: int) -> None:
    draws = np.random.default_rng(seed)
    reduced = _towns(draws)
    plan, *others = (draws.permutation(reduced.columns)[: reduced.new].tolist() for _ in range(3))

    def exact(part: Part, best: list[int]) -> list[int]:
        outcome = solve_milp(part.reduced, part.start(best), time_limit_s=60, seed=0)
        assert outcome.columns is not None
        return part.whole(outcome.columns)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(merging, "BATCH_NONZEROS", batch)
        found = Merging(reduced).merged(plan, others, exact)
    assert len(found) <= reduced.new
    assert set(found) <= set(plan).union(*others)
    assert value(reduced, found) >= value(reduced, plan) - 1e-9
    if batch > reduced.cover.nnz:
        among = sorted(set(plan).union(*others))
        common = set(plan).intersection(*others)
        best = max(
            value(reduced, list(chosen))
            for chosen in itertools.combinations(among, min(reduced.new, len(among)))
            if common <= set(chosen)
        )
        assert value(reduced, found) == pytest.approx(best)
