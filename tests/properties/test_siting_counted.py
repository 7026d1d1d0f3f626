"""Plans for which the second station counts, too, against trying every plan."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from geo.errors import InfeasibleError, InputError
from siting.allocation import Problem
from siting.allocation.counted.bound import CountedRelaxation, priced_rows
from siting.allocation.leaving import worst_leaving
from siting.allocation.robust import RobustProblem, robust_reduced, robust_rows, solve_robust
from tests.properties.test_siting_allocation import problems
from tests.properties.test_siting_sides import kept, sided
from tests.unit.siting.plans import plans, problem

CHANCES = st.sampled_from([0.0, 0.1, 0.5, 0.9])


@st.composite
def robust(draw: st.DrawFn, tasks: st.SearchStrategy[Problem | None]) -> RobustProblem | None:
    task = draw(tasks)
    if task is None:
        return None
    times = st.integers(1, 3)
    existing = np.array([draw(times) if covered else 0 for covered in task.covered])
    return RobustProblem(task, draw(CHANCES), existing, draw(CHANCES))


def by_outcomes(asked: RobustProblem, chosen: tuple[int, ...]) -> float:
    """Expected coverage, by every way in which new and existing stations may be out of use."""
    task, expected = asked.problem, 0.0
    for point, weight in enumerate(task.weights.tolist()):
        new = [j for j in chosen if point in task.demand[task.indptr[j] : task.indptr[j + 1]]]
        chances = [asked.leave] * len(new) + [asked.existing_leave] * int(asked.existing[point])
        for outs in itertools.product((True, False), repeat=len(chances)):
            chance = np.prod([q if out else 1 - q for q, out in zip(chances, outs, strict=True)])
            expected += weight * float(chance) * (not all(outs))
    return expected


@given(robust(problems()))
def test_no_plan_is_expected_to_cover_more(asked: RobustProblem | None) -> None:
    if asked is None:
        return
    found = solve_robust(asked)
    every = plans(asked.problem)
    assert tuple(sorted(found.chosen)) in {tuple(sorted(plan)) for plan in every}
    assert found.after == pytest.approx(by_outcomes(asked, found.chosen))
    assert found.before == pytest.approx(by_outcomes(asked, ()))
    assert found.after == pytest.approx(max(asked.expected(plan) for plan in every))
    assert found.status == "optimal"
    assert found.bound >= found.after


@given(robust(sided()))
def test_a_robust_plan_keeps_to_what_is_asked(asked: RobustProblem | None) -> None:
    if asked is None:
        return
    allowed = [plan for plan in plans(asked.problem) if kept(asked.problem, plan)]
    if not allowed:
        with pytest.raises(InfeasibleError):
            solve_robust(asked)
        return
    found = solve_robust(asked)
    assert kept(asked.problem, found.chosen)
    assert found.after == pytest.approx(max(asked.expected(plan) for plan in allowed))
    assert found.status == "optimal"


@given(robust(problems()), st.randoms(use_true_random=False), st.floats(0, 1e-3))
def test_any_prices_bound_every_plan(
    asked: RobustProblem | None, random: np.random.Generator, yuan: float
) -> None:
    if asked is None:
        return
    reduced = robust_reduced(asked)
    rows = robust_rows(asked, reduced)
    prices = np.array([random.random() * 30 for _ in rows.levels])
    best = max(asked.expected(plan) for plan in plans(asked.problem)) - asked.expected(())
    assert priced_rows(rows, prices, yuan).upper >= best - 1e-9
    relaxation = CountedRelaxation(rows, [])
    relaxation.run(near=1e-4, deadline=np.inf, most=400)
    assert best - 1e-6 <= relaxation.best.upper
    assert relaxation.lower <= relaxation.best.upper * (1 + 1e-9)


@given(st.data())
def test_nobody_else_who_leaves_takes_more(data: st.DataObject) -> None:
    stations, points = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 8))
    cells = st.lists(st.booleans(), min_size=points, max_size=points)
    reach = np.array([data.draw(cells) for _ in range(stations)], dtype=float)
    weights = np.array([data.draw(st.integers(0, 9)) for _ in range(points)], dtype=float)
    staying = np.array(data.draw(cells))
    count = data.draw(st.integers(1, 4))
    found = worst_leaving(sparse.csr_array(reach), weights, staying, count)

    def covered(gone: tuple[int, ...]) -> float:
        others = np.delete(reach, gone, axis=0)
        return float(weights[staying | (others.sum(axis=0) > 0)].sum())

    sets = list(itertools.combinations(range(stations), min(count, stations)))
    worst = min(covered(gone) for gone in sets)
    assert found.left == pytest.approx(covered(found.gone))
    assert found.gone in sets
    assert found.least <= worst + 1e-9
    if count <= 2 or count >= stations:
        assert found.left == pytest.approx(worst)
        assert found.proved


@pytest.mark.parametrize("leave", [-0.1, 1.0, float("nan")])
def test_what_is_no_chance_is_refused(leave: float) -> None:
    task = problem([[0], [1]], [10, 20], new=1)
    with pytest.raises(InputError, match=str(leave).replace("1.0", "1")):
        RobustProblem(task, leave, np.zeros(2, dtype=np.int64))
