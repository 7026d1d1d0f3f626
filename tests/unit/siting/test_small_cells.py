"""Few workers hidden: no small cell can be computed from what is told."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.demand.small_cells import hide, hide_within

K = 3
"""Small, so that every table that says the same can be written down."""


def consistent(values: list[int], hidden: list[bool]) -> list[tuple[int, ...]]:
    """Return every column of whole numbers that says what is told of this one."""
    spare = sum(value for value, hide_it in zip(values, hidden, strict=True) if hide_it)
    ranges = [
        [value] if not hide_it else (range(1, K) if value < K else range(K, spare + 1))
        for value, hide_it in zip(values, hidden, strict=True)
    ]
    return [column for column in product(*ranges) if sum(column) == sum(values)]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=5))
def test_the_total_says_nothing_of_a_small_cell(values: list[int]) -> None:
    hidden = hide(np.array(values, dtype=float), K).tolist()
    assert all(hidden[i] for i, value in enumerate(values) if 0 < value < K)
    assert not any(hidden[i] for i, value in enumerate(values) if value == 0)
    if not any(hidden) or all(hidden[i] for i, value in enumerate(values) if value):
        return  # nothing to hide, or nothing is told but the total
    columns = consistent(values, hidden)
    for i, value in enumerate(values):
        if 0 < value < K:
            assert {column[i] for column in columns} == set(range(1, K))


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=3))
def test_a_unit_of_which_few_are_covered_or_few_are_not(rows: list[tuple[int, int]]) -> None:
    workers = np.array([max(row) for row in rows], dtype=float)
    covered = np.array([min(row) for row in rows], dtype=float)
    hidden = hide(covered, K, cap=workers)
    for all_of, some, hide_it in zip(workers, covered, hidden, strict=True):
        if 0 < some < K or 0 < all_of - some < K:
            assert hide_it or some == 0
    if not hidden.any() or hidden[covered > 0].all():
        return
    told = [
        [int(some)] if not hide_it else range(int(all_of) + 1)
        for all_of, some, hide_it in zip(workers, covered, hidden, strict=True)
    ]
    columns = [column for column in product(*told) if sum(column) == covered.sum()]
    for i, hide_it in enumerate(hidden):
        if hide_it:
            assert len({column[i] for column in columns}) > 1


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([50, 60, 70], [50, 60, 70]),
        ([0, 60, 70], [0, 60, 70]),
        ([4, 60, 70], [None, None, 70]),  # 4 = total - 60 - 70 otherwise
        ([4, 5, 60, 70], [None, None, None, 70]),  # 9 in two cells: still too little said less
        ([5, 5, 5, 5, 60], [None, None, None, None, 60]),
        ([10, 60], [10, 60]),
        ([9.5, 60], [None, None]),
        ([4], [None]),
    ],
)
def test_the_smallest_others_are_hidden_too(values: list[float], shown: list[float | None]) -> None:
    hidden = hide(np.array(values, dtype=float), 10)
    assert [None if hid else value for value, hid in zip(values, hidden, strict=True)] == shown


def test_nothing_is_hidden_when_somebody_says_so() -> None:
    assert not hide(np.array([1.0, 2.0, 60.0]), 0).any()


def test_a_gain_of_few_is_hidden() -> None:
    before, after = np.array([100.0, 100.0, 40.0]), np.array([104.0, 150.0, 80.0])
    assert hide(after, 10, floor=before).tolist() == [True, False, True]


def test_each_group_has_its_own_total() -> None:
    values = np.array([4.0, 60.0, 4.0, 70.0, 80.0])
    groups = [("甲", True), ("甲", True), ("乙", True), ("甲", False), ("乙", True)]
    assert hide_within(values, groups, 10).tolist() == [True, True, True, False, True]
