"""Rows of a compressed sparse table."""

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]


def take_rows(indptr: Int64, rows: Int64) -> tuple[Int64, Int64]:
    """Return where some rows begin when they stand one after the other, and their entries.

    Parameters
    ----------
    indptr
        int64[n + 1]; the entries of row i are indptr[i] .. indptr[i + 1].
    rows
        int64[k]: the rows to take, in the order of the answer; one may stand there twice.

    Returns
    -------
    tuple of int64[k + 1] and int64[m]
        The `indptr` of the rows taken, and the numbers of their m entries.
    """
    start = indptr[rows]
    size = indptr[rows + 1] - start
    taken = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(size, out=taken[1:])
    return taken, np.repeat(start - taken[:-1], size) + np.arange(taken[-1])
