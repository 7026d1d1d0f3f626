"""Sliders that add up, and comparisons in pairs with their reciprocals."""

import pytest

from ui.rules.weights import matrix_of, nearest_comparison, rebalanced


def test_the_others_keep_their_ratios() -> None:
    found = rebalanced({"a": 0.5, "b": 0.3, "c": 0.2}, "a", 0.25)
    assert found == {"a": 25.0, "b": 45.0, "c": 30.0}
    assert rebalanced({"a": 1.0, "b": 0.0, "c": 0.0}, "a", 0.5) == {"a": 50, "b": 25, "c": 25}
    assert rebalanced({"a": 0.2, "b": 0.8}, "a", 1.0) == {"a": 100, "b": 0}


@pytest.mark.parametrize(
    ("ratio", "step"), [(1, "1"), (2.9, "3"), (0.34, "1/3"), (50, "9"), (0.01, "1/9")]
)
def test_a_ratio_comes_to_the_nearest_step(ratio: float, step: str) -> None:
    assert nearest_comparison(ratio) == step


def test_reciprocals_are_filled_in() -> None:
    pairs = {("a", "b"): "3", ("a", "c"): "1/5", ("b", "c"): "1"}
    assert matrix_of(("a", "b", "c"), pairs) == [
        ["1", "3", "1/5"],
        ["1/3", "1", "1"],
        ["5", "1", "1"],
    ]
