"""The worst that a few hosts can do by leaving: how many workers stay covered whoever they are.

Of all sets of k open stations the one that leaves the fewest covered: exactly for one and for two.
For more, a set that is bad (the worst two, then whoever takes the most with them), and a bound on
every set: who is reached by m <= k stations is lost only with all of them, so that each of them may
be charged an m-th; no k stations take more than the k greatest charges.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from siting.allocation.problem import Bools, Float64, Int64
from siting.sums import sum_by

EXACT_UP_TO = 2
"""Of so many that leave the worst is found by trying; of more it lies between two figures."""


@dataclass(frozen=True)
class Worst:
    """What is covered after k stations are gone.

    Attributes
    ----------
    gone
        The stations whose leaving is as bad as found, ascending.
    left
        Weight covered without them.
    least
        No k stations leave less covered; equal to `left` where that is the worst.
    """

    gone: tuple[int, ...]
    left: float
    least: float

    @property
    def proved(self) -> bool:
        """Whether no other k stations would leave fewer covered."""
        return self.least >= self.left


def worst_leaving(reach: sparse.csr_array, weights: Float64, staying: Bools, count: int) -> Worst:
    """Return the worst that `count` stations can do.

    Parameters
    ----------
    reach
        sparse float64[n, d]: 1 where an open station that may leave reaches a demand point.
    weights
        float64[d], >= 0.
    staying
        bool[d]: points that stations which stay cover, whoever leaves.
    count
        At least 1; more than there are stations means all of them.

    Examples
    --------
    Two stations share the 30 in the middle: one that leaves takes its own 20 at most, both all.

    >>> reach = sparse.csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]))
    >>> workers, nobody = np.array([10.0, 30.0, 20.0]), np.zeros(3, dtype=bool)
    >>> worst_leaving(reach, workers, nobody, 1)
    Worst(gone=(1,), left=40.0, least=40.0)
    >>> worst_leaving(reach, workers, nobody, 2).left
    0.0
    """
    stations = reach.shape[0]
    count = min(count, stations)
    open_weight = np.where(staying, 0.0, weights)
    times = np.asarray(reach.sum(axis=0)).ravel().astype(np.int64)
    covered = float(weights[staying | (times > 0)].sum())
    if count == 0:
        return Worst((), covered, covered)
    gone = _worst_few(reach, open_weight, times, count)
    left = covered - _taken(reach, open_weight, times, gone)
    if count <= EXACT_UP_TO or count == stations:
        return Worst(gone, left, left)
    shares = np.where((times > 0) & (times <= count), open_weight / np.maximum(times, 1), 0.0)
    charged = np.sort(reach @ shares)[::-1]
    return Worst(gone, left, min(left, max(covered - float(charged[:count].sum()), 0.0)))


def _worst_few(
    reach: sparse.csr_array, weights: Float64, times: Int64, count: int
) -> tuple[int, ...]:
    alone = reach @ np.where(times == 1, weights, 0.0)
    gone = [int(np.argmax(alone))] if count == 1 else _worst_pair(reach, weights, times, alone)
    while len(gone) < count:
        left = times - np.asarray(reach[gone].sum(axis=0)).ravel().astype(np.int64)
        more = reach @ np.where(left == 1, weights, 0.0)
        more[gone] = -1.0
        gone.append(int(np.argmax(more)))
    return tuple(sorted(gone))


def _worst_pair(
    reach: sparse.csr_array, weights: Float64, times: Int64, alone: Float64
) -> list[int]:
    """Return the pair that takes the most: each its own, and whom nobody else reaches but the two.

    A pair that nobody hangs on together takes no more than the two with the most of their own.
    """
    first, second = np.argsort(-alone, kind="stable")[:2].tolist()
    shared = np.flatnonzero((times == 2) & (weights > 0))
    if not len(shared):
        return [first, second]
    by_point = reach.T.tocsr()[shared]
    by_point.sort_indices()
    pairs = by_point.indices.reshape(-1, 2).astype(np.int64)
    keys, which = np.unique(pairs[:, 0] * len(alone) + pairs[:, 1], return_inverse=True)
    one, two = np.divmod(keys, len(alone))
    taken = sum_by(which, weights[shared], len(keys)) + alone[one] + alone[two]
    best = int(np.argmax(taken))
    if taken[best] <= alone[first] + alone[second]:
        return [first, second]
    return [int(one[best]), int(two[best])]


def _taken(reach: sparse.csr_array, weights: Float64, times: Int64, gone: tuple[int, ...]) -> float:
    lost = np.asarray(reach[list(gone)].sum(axis=0)).ravel() == times
    return float(weights[lost & (times > 0)].sum())
