"""Coverage against the mean walk, against all plans."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.allocation.pareto_walk import front_of_walk
from siting.allocation.walking.walks import WalkProblem
from tests.properties.test_siting_walks import walk_problems


@given(walk_problems(), st.integers(1, 6))
def test_no_plan_is_better_in_one_goal_and_not_worse_in_the_other(
    asked: WalkProblem | None, cutoff: int
) -> None:
    if asked is None or asked.penalty is None or asked.penalty <= cutoff:
        return
    numbers = np.arange(asked.travel.sites)
    front = front_of_walk(asked, numbers, cutoff=cutoff, most=30, time_limit_s=60.0)
    free = np.flatnonzero(asked.choice).tolist()
    every = [
        value(asked, cutoff, plan)
        for size in range(min(asked.new, len(free)) + 1)
        for plan in combinations(free, size)
    ]
    assert front
    for point in front:
        told = value(asked, cutoff, point.chosen)
        assert (point.after, point.other) == pytest.approx(told)
        assert point.proved
        for covered, walked in every:
            better = covered >= told[0] and walked <= told[1]
            assert not (better and (covered > told[0] + 1e-9 or walked < told[1] - 1e-9))
    # No weights make any plan better than all of these: the convex part of the front is whole.
    for share in np.linspace(0, 1, 11).tolist():
        worth = [share * covered - (1 - share) * walked for covered, walked in every]
        met = [share * point.after - (1 - share) * point.other for point in front]
        assert max(met) == pytest.approx(max(worth), abs=1e-6)


def value(asked: WalkProblem, cutoff: int, plan: tuple[int, ...]) -> tuple[float, float]:
    """Return the weight that a plan covers, and weight x way."""
    ways = asked.walked(plan)
    return float(asked.weights[ways <= cutoff].sum()), float((asked.weights * ways).sum())
