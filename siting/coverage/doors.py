"""How much of the time that counts as covered the door is really open.

A station that is open for the stated share of a window on a day counts for the whole window. What
that leaves out is told beside the figure: somebody who comes at any time of the window finds the
best of his stations open for so much of it.
"""

from collections.abc import Sequence

import numpy as np

from siting.coverage.cells import Cells
from siting.coverage.levels import Level, Supply
from siting.coverage.points import Float64
from siting.coverage.reach import Reach
from siting.hours import open_shares
from siting.windows import window


def door_hours(
    hours: Sequence[str], cells: Cells, worker_hours: Float64, reach: Reach, supply: Supply
) -> float:
    """Return the verified worker-hours during which a serving station is open.

    Of several stations that serve somebody the one that is open longest counts alone, so that this
    is a lower bound. Where no time is named every hour counts.

    Parameters
    ----------
    hours
        Opening hours of the s stations.
    worker_hours
        float64[p, c], as `hours_by_cell` has them.
    reach, supply
        Of the stations that count.
    """
    shares = np.array([_shares(text, cells) for text in hours]).reshape(
        len(hours), len(cells.parts)
    )
    values, code = np.unique(shares, return_inverse=True)
    rank = np.tile(code.reshape(shares.shape).astype(np.uint16) + 1, len(cells.groups))
    serves = np.where(supply.level == Level.VERIFIED, rank, 0).astype(np.uint16)
    longest = np.concatenate([[0.0], values])[reach.best(serves)]
    return float((longest * worker_hours).sum())


def _shares(text: str, cells: Cells) -> list[float]:
    """Return the share of each part's hours on one of its days in which a place is open."""
    found = []
    for part in cells.parts:
        code = cells.windows[part.window]
        each = open_shares(text, window(code), cells.monday) if code else (1.0,)
        found.append(each[part.day] or 0.0)
    return found
