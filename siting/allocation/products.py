"""Sums over what columns reach, for steps that take thousands of them.

From half a million incidences on they are compiled: every entry is 1, so that only the pattern is
read, and the arrays of one step stay in the processor's cache. Below, and without machine code,
they are sparse products: nothing need be compiled, and the numbers are the same but for rounding.
"""

# The kernels take what numba infers; `Products`, which calls them, is typed.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: ANN001, ANN202

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.streets.compiled import COMPILED, kernel
from siting.allocation.problem import Float64
from siting.allocation.reduce import LARGE_NONZEROS

Uint32 = NDArray[np.uint32]


class Products:
    """Of a sparse array of ones: k columns of a plan by r rows of demand."""

    def __init__(self, cover: sparse.csr_array) -> None:
        """Turn it round once.

        Parameters
        ----------
        cover
            sparse float64[k, r]: 1 where a column covers a row.
        """
        self._cover = cover
        self._compiled = COMPILED and cover.nnz >= LARGE_NONZEROS
        if self._compiled:
            pattern = sparse.csr_array(
                (np.ones(cover.nnz, dtype=np.int8), cover.indices, cover.indptr), shape=cover.shape
            )
            self._columns = unsigned(cover)
            self._rows = unsigned(pattern.T.tocsr())
        else:
            self._turned: sparse.csr_array = cover.T.tocsr()

    def of_rows(self, shares: Float64) -> Float64:
        """Return float64[r]: the sum over the columns that cover each row."""
        if not self._compiled:
            return np.asarray(self._turned @ shares)
        return _summed(*self._rows, shares)

    def of_columns(self, prices: Float64) -> Float64:
        """Return float64[k]: the sum over the rows that each column covers."""
        if not self._compiled:
            return np.asarray(self._cover @ prices)
        return _summed(*self._columns, prices)


def unsigned(matrix: sparse.csr_array) -> tuple[Uint32, Uint32]:
    """Return both indices of a sparse array as kernels read them: quicker without a sign.

    Those of the entries are seen in another way, not copied, where they are as wide.
    """
    entries = matrix.indices
    seen = entries.view(np.uint32) if entries.dtype == np.int32 else entries.astype(np.uint32)
    return matrix.indptr.astype(np.uint32), seen


def _summed(indptr: Uint32, indices: Uint32, values: Float64) -> Float64:
    found = np.empty(len(indptr) - 1)
    _sum(indptr, indices, values, found)
    return found


@kernel
def _sum(indptr, indices, values, found):  # pragma: no cover - machine code
    # Four sums at a time: one alone would wait for each of its additions.
    for row in range(len(found)):
        end = indptr[row + 1]
        one = two = three = four = 0.0
        q = indptr[row]
        while q + np.uint32(4) <= end:
            one += values[indices[q]]
            two += values[indices[q + np.uint32(1)]]
            three += values[indices[q + np.uint32(2)]]
            four += values[indices[q + np.uint32(3)]]
            q += np.uint32(4)
        while q < end:
            one += values[indices[q]]
            q += np.uint32(1)
        found[row] = (one + two) + (three + four)
