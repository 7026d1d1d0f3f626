"""Plans under shaken demand, against trying every plan of every draw."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.allocation import Problem, solve
from siting.allocation import stability as module
from siting.allocation.stability import stability
from tests.properties.test_siting_allocation import problems
from tests.properties.test_siting_sides import kept, sided
from tests.unit.siting.plans import plans, problem


@pytest.mark.parametrize("small", [True, False])
@settings(max_examples=15)
@given(task=problems() | sided(), seed=st.integers(0, 3))
def test_regrets_lie_where_they_are_said_to_lie(
    *, small: bool, task: Problem | None, seed: int
) -> None:
    every = [] if task is None else [plan for plan in plans(task) if kept(task, plan)]
    if task is None or task.asks_nothing or not every:
        return
    chosen = solve(task).chosen
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SMALL_NONZEROS", 20_000 if small else -1)
        found = stability(task, chosen, draws=2, spread=0.5, seed=seed)
    random = np.random.default_rng(seed)
    for draw in range(2):
        weights = task.weights * np.exp(0.5 * random.standard_normal(len(task.weights)))
        shaken = replace(task, weights=weights)
        regret = max(shaken.value(plan) for plan in every) - shaken.value(chosen)
        margin = 1e-6 * max(float(weights.sum()), 1.0)
        assert found.regret[draw] <= regret + margin
        assert found.regret_bound[draw] >= regret - margin
        assert not small or found.regret[draw] == pytest.approx(regret, abs=margin)
        assert found.total[draw] == pytest.approx(float(weights.sum()))
    assert found.draws == 2
    assert ((found.chosen_share >= 0) & (found.chosen_share <= 1)).all()


def test_the_same_seed_draws_the_same_and_no_spread_changes_nothing() -> None:
    task = problem([[0], [1], [2]], [10, 11, 12], new=2)
    one, two = (stability(task, (2, 1), draws=20, seed=7) for _ in range(2))
    assert one.chosen_share.tolist() == two.chosen_share.tolist()
    assert stability(task, (2, 1), draws=3, spread=0.0).chosen_share.tolist() == [0, 1, 1]
    assert stability(task, (2, 1), draws=3, time_limit_s=-1.0).draws == 0


def test_points_of_a_draw_decide_with_it() -> None:
    task = problem([[0], [0], [1]], [10, 20], new=2, points=[50, 10, 10])
    either = [np.array([50.0, 10, 10]), np.array([10.0, 50, 10])]
    found = stability(task, (0, 2), draws=2, points=either, tolerance=0.01)
    assert found.chosen_share.tolist() == [0.5, 0.5, 1.0]
