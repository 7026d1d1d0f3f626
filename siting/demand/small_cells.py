"""Cells with few workers hidden where they leave the house, so that totals do not betray them.

Whoever knows the total of a column and all its shown cells knows the sum of the hidden ones. Cells
that need no hiding themselves are therefore hidden beside them, smallest first, until that sum says
nothing about a small cell that its mark does not say: complementary suppression [1]_, checked by
the interval that the sum leaves to each cell. Totals stay as they are and are always told.

References
----------
.. [1] Hundepool et al., Statistical Disclosure Control, Wiley 2012, chapter 4.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SMALLEST_SHOWN = 10
"""Fewer workers (<) than this in a cell are not told outside the house, unless somebody says
otherwise; 0 hides nothing [A]."""

Bool = NDArray[np.bool_]
Float64 = NDArray[np.float64]


def small(values: Float64, smallest: float) -> Bool:
    """Tell which cells hold somebody, but fewer than `smallest` (<)."""
    return (values > 0) & (values < smallest)


def hide(
    values: Float64,
    smallest: float,
    *,
    floor: Float64 | None = None,
    cap: Float64 | None = None,
) -> Bool:
    """Tell which cells of a column are not shown beside its total.

    Parameters
    ----------
    values
        Shape (n,), workers.
    smallest
        Fewest workers that may be told; 0 hides nothing.
    floor, cap
        What a reader knows each cell to be at least and at most, 0 and infinity unless given: the
        covered workers of a unit are not more than its workers. A cell that differs from its floor
        or its cap by some workers, but fewer than `smallest`, tells of that few people, too.

    Returns
    -------
    Bool
        True for these cells and for those hidden to protect them. An empty cell is always shown:
        nobody is in it.
    """
    low = np.zeros(len(values)) if floor is None else floor
    high = np.full(len(values), np.inf) if cap is None else cap
    above, below = small(values - low, smallest), small(high - values, smallest)
    hidden = above | below
    # Of whole people there is at least one, and at most one fewer than are told.
    few = np.minimum(smallest - 1, high - low)
    least = np.where(above, low + 1, np.where(below, high - few, np.maximum(low, smallest)))
    most = np.where(above, low + few, np.where(below, high - 1, high))
    total = float(values.sum())
    candidates = [i for i in np.argsort(values, kind="stable") if values[i] > 0 and not hidden[i]]
    for i in candidates:
        if not hidden.any() or _says_nothing(
            values, least, np.minimum(most, total), hidden, smallest
        ):
            break
        hidden[i] = True
    return hidden


def hide_within(values: Float64, groups: Sequence[Hashable], smallest: float) -> Bool:
    """Tell which cells are not shown where the total of each group is known; as `hide`."""
    hidden = np.zeros(len(values), dtype=bool)
    for members in pd.Series(range(len(values))).groupby(pd.Series(list(groups))).indices.values():
        hidden[members] = hide(values[members], smallest)
    return hidden


def _says_nothing(
    values: Float64, least: Float64, most: Float64, hidden: Bool, smallest: float
) -> bool:
    """Tell whether the sum of the hidden cells leaves each of them a whole range of `smallest`."""
    known = float(values[hidden].sum())
    low, high = float(least[hidden].sum()), float(most[hidden].sum())
    return low + smallest <= known <= high - smallest
