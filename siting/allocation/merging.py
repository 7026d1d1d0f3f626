"""The best that can be put together of several plans (tour merging; Cook & Seymour 2003).

What all plans have in common stays; the exact solver chooses among their other columns. Columns
that share no row, directly or through others, are apart: where the choice is too large for the
solver, it is made batch by batch, each with as many columns as the plan so far has in it.
"""

from collections.abc import Callable

import numpy as np
from scipy.sparse.csgraph import connected_components

from siting.allocation.fixing import Part, part_of
from siting.allocation.problem import Bools, Int64
from siting.allocation.reduce import Reduced

MOST_PLANS = 8
BATCH_NONZEROS = 6_000
"""Up to this size merging takes the exact solver tenths of a second; of more plans fewer are merged
at a time, and of two plans it is made in batches."""

Exact = Callable[[Part, list[int]], list[int]]
"""Returns the best plan of the whole that the solver finds in a part, from a plan that is there."""


class Merging:
    """Merges plans of one problem; of how many at a time, it finds out once."""

    def __init__(self, reduced: Reduced) -> None:
        """Begin with as many plans at a time as there may be.

        Parameters
        ----------
        reduced
            With all that a plan must keep to.
        """
        self.reduced = reduced
        self._at_once = MOST_PLANS

    def merged(self, plan: list[int], others: list[list[int]], exact: Exact) -> list[int]:
        """Return a plan at least as good as `plan`, put together of it and of `others`.

        Parameters
        ----------
        plan, others
            Within the limits; those that are to be merged rather than others stand first.
        exact
            Asked for one part after the other.
        """
        for free in self._batches(plan, others):
            taken = np.zeros(self.reduced.columns, dtype=bool)
            taken[plan] = True
            plan = exact(part_of(self.reduced, free, taken & ~free), plan)
        return plan

    def _batches(self, plan: list[int], others: list[list[int]]) -> list[Bools]:
        """Return bool[k] for each batch: the columns that are chosen among."""
        while True:
            some = others[: self._at_once]
            times = np.zeros(self.reduced.columns, dtype=np.int64)
            for met in (plan, *some):
                times[met] += 1
            common = times == len(some) + 1
            free = (times > 0) & ~common
            if not free.any():
                return []
            part = part_of(self.reduced, free, common)
            if part.reduced.cover.nnz <= BATCH_NONZEROS:
                return [free]
            if len(some) == 1:
                return _apart(self.reduced, part)
            self._at_once = len(some) // 2


def _apart(reduced: Reduced, part: Part) -> list[Bools]:
    """Return the columns of a part in batches; what shares rows is in one."""
    cover = part.reduced.cover
    _, label = connected_components(cover @ cover.T, directed=False)
    sizes = np.bincount(label, weights=np.diff(cover.indptr))
    batch_of = (np.cumsum(sizes) - sizes) // BATCH_NONZEROS
    batch: Int64 = batch_of[label].astype(np.int64)
    found = []
    for number in np.unique(batch):
        free = np.zeros(reduced.columns, dtype=bool)
        free[np.array(part.columns)[batch == number]] = True
        found.append(free)
    return found
