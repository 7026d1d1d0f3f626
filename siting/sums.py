"""Sums by index."""

import numpy as np
from numpy.typing import NDArray


def sum_by(
    index: NDArray[np.integer], values: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    """Return float64[size]: the sum of `values` per `index`, 0 where there are none."""
    return np.asarray(np.bincount(index, weights=values, minlength=size), dtype=np.float64)
