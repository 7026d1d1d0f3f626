"""Weights from pairwise comparisons: the analytic hierarchy process (AHP).

The weights are the principal right eigenvector of the matrix of comparisons, scaled to a sum of 1;
how far the comparisons contradict each other is told by the consistency ratio CR = CI / RI with
CI = (lambda_max - n) / (n - 1) [1]_. RI are Saaty's mean CI of random matrices [1]_, table 1-4.

.. [1] T. L. Saaty (1980), The Analytic Hierarchy Process, McGraw-Hill.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RANDOM_INDEX = (
    0.0,
    0.0,
    0.58,
    0.90,
    1.12,
    1.24,
    1.32,
    1.41,
    1.45,
    1.49,
    1.51,
    1.48,
    1.56,
    1.57,
    1.59,
)
"""Saaty's RI for 1 to 15 things that are compared."""

MOST_COMPARED = len(RANDOM_INDEX)
_RECIPROCAL_SLACK = 0.02


@dataclass(frozen=True)
class Priorities:
    """What pairwise comparisons say.

    Attributes
    ----------
    weights
        Sum 1, in the order of the matrix.
    lambda_max
        The principal eigenvalue; n where nothing contradicts.
    consistency_ratio
        0: nothing contradicts. Saaty asks for at most 0.10.
    """

    weights: tuple[float, ...]
    lambda_max: float
    consistency_ratio: float


def priorities(comparisons: NDArray[np.float64]) -> Priorities:
    """Return weights and consistency of a positive matrix.

    Parameters
    ----------
    comparisons
        float64[n, n]; entry (i, j) is how many times as important i is as j.

    Raises
    ------
    ValueError
        It is not square, not positive, of more than `MOST_COMPARED` things, or (j, i) is not the
        reciprocal of (i, j), by more than 2 %: 0.33 may stand for 1/3.
    """
    size = len(comparisons)
    if comparisons.shape != (size, size) or not 1 <= size <= MOST_COMPARED:
        msg = f"{comparisons.shape}: not square, or more than {MOST_COMPARED}"
        raise ValueError(msg)
    if not (np.isfinite(comparisons).all() and (comparisons > 0).all()):
        msg = "not positive"
        raise ValueError(msg)
    if (np.abs(comparisons * comparisons.T - 1) > _RECIPROCAL_SLACK).any():
        msg = "not reciprocal"
        raise ValueError(msg)
    values, vectors = np.linalg.eig(comparisons)
    # A positive matrix has one greatest eigenvalue, real, with a vector of one sign (Perron).
    greatest = int(np.argmax(values.real))
    vector = np.abs(vectors[:, greatest].real)
    lambda_max = float(values[greatest].real)
    random_index = RANDOM_INDEX[size - 1]
    index = (lambda_max - size) / (size - 1) if size > 1 else 0.0
    ratio = max(0.0, index) / random_index if random_index else 0.0
    return Priorities(tuple((vector / vector.sum()).tolist()), lambda_max, ratio)


@dataclass(frozen=True)
class Contradiction:
    """The comparison that contradicts the others most.

    Attributes
    ----------
    first, second
        Places in the matrix.
    stated, implied
        How many times as important the first is as the second: as compared, and as all weights say.
    """

    first: int
    second: int
    stated: float
    implied: float


def worst_pair(comparisons: NDArray[np.float64], weights: tuple[float, ...]) -> Contradiction:
    """Return the pair whose comparison is farthest, as a factor, from the ratio of its weights.

    Saaty's own way to find what to think over first: the greatest a_ij w_j / w_i.
    """
    held = np.asarray(weights)
    implied = held[:, None] / held[None, :]
    off = np.triu(np.abs(np.log(comparisons / implied)), 1)
    first, second = (int(place) for place in np.unravel_index(int(off.argmax()), off.shape))
    stated = float(comparisons[first, second])
    return Contradiction(first, second, stated, float(implied[first, second]))


def comparison(cell: object) -> float | None:
    """Return one comparison as written: 3, 0.5 or "1/3"; None: it is none."""
    if isinstance(cell, str):
        above, slash, below = cell.partition("/")
        if not (slash and above.strip().isdigit() and below.strip().isdigit() and int(below)):
            return None
        return int(above) / int(below)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return float(cell)
