"""Weights from pairwise comparisons against published cases."""

import numpy as np
import pytest

from siting.rules.ahp import comparison, priorities

# T. L. Saaty (2008), Decision making with the analytic hierarchy process, Int. J. Services Sciences
# 1, 83-98: how much coffee, wine, tea, beer, soda, milk and water is drunk in the United States.
DRINKS = [
    [1, 9, 5, 2, 1, 1, 1 / 2],
    [1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
    [1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [1, 9, 4, 2, 1, 2, 1 / 2],
    [1, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [2, 9, 9, 3, 2, 3, 1],
]
# Choosing a leader, the example of Wikipedia's articles on the process: experience, education,
# charisma, age.
LEADER = [[1, 4, 3, 7], [1 / 4, 1, 1 / 3, 3], [1 / 3, 3, 1, 5], [1 / 7, 1 / 3, 1 / 5, 1]]


def test_consumption_of_drinks() -> None:
    found = priorities(np.array(DRINKS))
    published = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert np.round(found.weights, 3).tolist() == published
    assert found.consistency_ratio == pytest.approx(0.022, abs=5e-4)


def test_choosing_a_leader() -> None:
    found = priorities(np.array(LEADER))
    assert found.weights == pytest.approx([0.547, 0.127, 0.270, 0.056], abs=1e-3)
    assert found.consistency_ratio == pytest.approx(0.044, abs=1e-3)


def test_comparisons_of_true_weights_give_them_back() -> None:
    weights = np.array([0.5, 0.3, 0.15, 0.05])
    found = priorities(weights[:, None] / weights[None, :])
    assert found.weights == pytest.approx(weights)
    assert found.lambda_max == pytest.approx(4)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    "matrix", [[[1, 2]], [[1, 2], [2, 1]], [[1, 0], [0, 1]], [[1, -2], [-0.5, 1]]]
)
def test_what_is_no_comparison_is_refused(matrix: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="not"):
        priorities(np.array(matrix))


def test_a_comparison_may_be_written_as_a_fraction() -> None:
    assert comparison("1/3") == pytest.approx(1 / 3)
    assert [comparison(cell) for cell in (3, "x", "1/0", True, None)] == [
        3.0,
        None,
        None,
        None,
        None,
    ]
