import numpy as np

from geo.rows import take_rows


def test_rows_are_taken_in_any_order_and_twice() -> None:
    indptr = np.array([0, 2, 2, 5])
    taken, entry = take_rows(indptr, np.array([2, 0, 1, 2]))
    assert taken.tolist() == [0, 3, 5, 5, 8]
    assert entry.tolist() == [2, 3, 4, 0, 1, 2, 3, 4]


def test_no_row_has_no_entry() -> None:
    taken, entry = take_rows(np.array([0, 1]), np.array([], dtype=np.int64))
    assert (taken.tolist(), entry.tolist()) == ([0], [])
