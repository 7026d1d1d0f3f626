"""Nobody is counted twice: what one source counts of a group is taken off the next one near by."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import LocalFrame

Float64 = NDArray[np.float64]

FARTHEST_M: Final = 1000.0
"""The same people are never looked for beyond this (>), metres: half a diagonal of 1.4 km."""
ALONE_M: Final = 250.0
"""How far a point reaches that has no neighbour to share the ground with, metres."""
_HALF_DIAGONAL: Final = 0.5**0.5
_SLACK: Final = 1.01  # cells are squares on a map, not on the ground


def only_new(later: pd.DataFrame, earlier: pd.DataFrame, within_m: float | None = None) -> Float64:
    """Return the heads of each row of `later` that `earlier` does not count already.

    Rows are compared group by group. The heads of every earlier row are taken off the nearest place
    of `later` with that group, if it lies within reach (<=), from its rows in their order and never
    below zero: a cell of 40 workers with a firm of 100 in it has nobody else.

    Parameters
    ----------
    later, earlier
        Tables of heads, WGS-84.
    within_m
        Reach, metres. None: what a place stands for, half the diagonal of a square of the median
        distance between neighbours, at most `FARTHEST_M`.
    """
    left = later["workers"].to_numpy(dtype=np.float64).copy()
    groups = later["group"].to_numpy(dtype=object)
    counted = earlier["group"].to_numpy(dtype=object)
    for group in dict.fromkeys(groups.tolist()):
        mine, theirs = np.flatnonzero(groups == group), np.flatnonzero(counted == group)
        if len(theirs):
            left[mine] = _left(later.iloc[mine], earlier.iloc[theirs], within_m)
    return left


def _left(later: pd.DataFrame, earlier: pd.DataFrame, within_m: float | None) -> Float64:
    """Return what is left of the heads of one group."""
    lon, lat = (later[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    frame = LocalFrame(float(lon.mean()), float(lat.mean()))
    places, place_of = np.unique(np.column_stack(frame.to_m(lon, lat)), axis=0, return_inverse=True)
    tree = cKDTree(places)
    reach = _reach_m(places, tree) if within_m is None else within_m
    theirs = np.column_stack(frame.to_m(earlier["lon"].to_numpy(), earlier["lat"].to_numpy()))
    away, nearest = tree.query(theirs)
    near = away <= reach
    heads = earlier["workers"].to_numpy(dtype=np.float64)
    taken = np.bincount(nearest[near], weights=heads[near], minlength=len(places))
    left = later["workers"].to_numpy(dtype=np.float64).copy()
    for row, place in enumerate(place_of.ravel().tolist()):
        off = min(left[row], taken[place])
        left[row] -= off
        taken[place] -= off
    return left


def _reach_m(places: Float64, tree: cKDTree) -> float:
    """Return how far from its place people stand whom a place counts, metres."""
    if len(places) == 1:
        return ALONE_M
    apart, _ = tree.query(places, k=2)
    return min(FARTHEST_M, float(np.median(apart[:, 1])) * _HALF_DIAGONAL * _SLACK)
