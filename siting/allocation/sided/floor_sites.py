"""How many sites each floor needs at least: quotas that floors imply, for a tighter bound.

The relaxation reaches a floor with parts of sites. The fewest whole sites that reach it alone are a
partial covering of its own (Daskin & Owen 1999), small and mostly proved in milliseconds; any bound
on it, rounded up, is a quota that every plan keeps to which keeps to the floor.
"""

import time
from dataclasses import replace

import numpy as np
from scipy import sparse

from siting.allocation.cover.dominance import Cover
from siting.allocation.cover.share import cheapest_share
from siting.allocation.problem import Bools
from siting.allocation.reduce import Reduced

_LEAST_S = 0.05
_SMALLER = 1e-7
"""Floors are asked for a little less here than in the plan: a quota must not rest on rounding."""


def with_implied_quotas(reduced: Reduced, *, limit_s: float, seed: int) -> Reduced:
    """Return the same problem with the least number of sites of each floor as quotas besides.

    Parameters
    ----------
    limit_s
        Wall clock for all floors; what is not proved by then is asked for as far as it is.
    seed
        Of every draw.
    """
    sides = reduced.sides
    deadline = time.monotonic() + limit_s
    groups, least = [], []
    for floor in range(len(sides.needed)):
        left_s = (deadline - time.monotonic()) / (len(sides.needed) - floor)
        counting, needs = _needs(reduced, floor, max(left_s, _LEAST_S), seed)
        if needs:
            groups.append(counting)
            least.append(needs)
        if time.monotonic() > deadline:
            break
    if not groups:
        return reduced
    added = sparse.csr_array(np.array(groups, dtype=np.float64))
    tight = replace(
        sides,
        names=(*("" for _ in groups), *sides.names),
        members=sparse.vstack([added, sides.members], format="csr"),
        least=np.concatenate([np.array(least, dtype=np.int64), sides.least]),
        most=np.concatenate([np.full(len(groups), reduced.columns), sides.most]),
    )
    return replace(reduced, sides=tight)


def _needs(reduced: Reduced, floor: int, limit_s: float, seed: int) -> tuple[Bools, int]:
    """Return bool[k]: columns that count in a floor; and how many of them it needs."""
    inside = reduced.sides.inside[[floor]]
    rows = inside.indices[inside.data > 0]
    weights = inside.data[inside.data > 0]
    within = reduced.cover[:, rows].tocsr()
    counting = np.diff(within.indptr) > 0
    needed = float(reduced.sides.needed[floor]) * (1 - _SMALLER)
    if needed <= 0 or float(weights.sum()) < needed:
        return counting, 0
    columns = np.flatnonzero(counting)
    whole = Cover(columns, within[columns].tocsr(), np.ones(len(columns), dtype=np.int64))
    deadline = time.monotonic() + limit_s
    found = cheapest_share(whole, weights, needed, gap=0.0, deadline=deadline, seed=seed)
    return counting, int(found.bound)
