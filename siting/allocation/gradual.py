"""Gradual coverage: a station is worth less the longer the way to it, by bands of distance.

Every demand point takes the best band that any open station offers, existing ones included: the
generalised maximal covering problem (Berman & Krass 2002; Church & Roberts 1983).

It is maximal covering of stacked rows. With bands d_1 < d_2 < ... and worths v_1 > v_2 > ... > 0
each point becomes one row per band l with the weight w (v_l - v_{l+1}), v of the band after the
last 0, which a site covers if the way is at most d_l. A point whose nearest open station lies in
band l has exactly its rows l and beyond covered, and w times the sum of their steps is w v_l:
every plan has the same value in both, and so every plan, bound and proof of one is of the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.catchments import ABSENT
from geo.errors import InputError
from siting.allocation.bound import EXACT
from siting.allocation.problem import Float64, Floor, Problem
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S, Solution, solve

Int32 = NDArray[np.int32]


@dataclass(frozen=True)
class Band:
    """Whoever has at most `most` (inclusive) to an open station counts `worth` (0..1]."""

    most: int
    worth: float


@dataclass(frozen=True, eq=False)
class GradualProblem:
    """Gradual coverage of d demand points by existing stations and s candidates.

    Attributes
    ----------
    base
        Maximal covering within the widest cut-off: weights, catchments, limits, wishes; floors
        count whoever is within the last band.
    cost
        int32 per entry of `base.demand`: the way, in the unit of the bands.
    nearest
        int32[d]: the way to the nearest existing station, `ABSENT` where none is within reach.
    bands
        Nearer ones first; a way beyond the last is worth nothing.

    Raises
    ------
    InputError
        No bands, or none farther, or one worth more than a nearer one, than 1, or nothing.
    """

    base: Problem
    cost: Int32
    nearest: Int32
    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        """Refuse bands that do not decay."""
        require_bands(self.bands)

    def worths(self, chosen: tuple[int, ...]) -> Float64:
        """Return float64[d]: the worth of each point's best band with `chosen`, from the ways."""
        far = np.iinfo(np.int32).max
        way = np.where(self.nearest == ABSENT, far, self.nearest)
        for site in chosen:
            part = slice(self.base.indptr[site], self.base.indptr[site + 1])
            np.minimum.at(way, self.base.demand[part], self.cost[part])
        worths = np.array([*(band.worth for band in self.bands), 0.0])
        return worths[np.searchsorted([band.most for band in self.bands], way, side="left")]

    def value(self, chosen: tuple[int, ...]) -> float:
        """Return the weight that counts with `chosen`, recomputed from the ways alone."""
        return float((self.base.weights * self.worths(chosen)).sum())

    def stacked(self) -> Problem:
        """Return the same as maximal covering: a row per band and point, band after band."""
        base, size = self.base, len(self.base.weights)
        steps = -np.diff([*(band.worth for band in self.bands), 0.0])
        reached = np.where(self.nearest == ABSENT, np.iinfo(np.int32).max, self.nearest)
        within = [self._within(band.most) for band in self.bands]
        catchments = sparse.csr_array(sparse.hstack(within, format="csr"))
        outermost = (len(self.bands) - 1) * size
        return replace(
            base,
            weights=np.concatenate([base.weights * step for step in steps]),
            covered=np.concatenate([reached <= band.most for band in self.bands]),
            indptr=catchments.indptr.astype(np.int64),
            demand=catchments.indices.astype(np.int32),
            floors=tuple(_in_last_band(floor, outermost) for floor in base.floors),
        )

    def _within(self, most: int) -> sparse.csr_array:
        """Return bool[s, d]: the catchments within a way."""
        base = self.base
        shape = base.candidates, len(base.weights)
        near = self.cost <= most
        before = np.concatenate([[0], np.cumsum(near)])
        return sparse.csr_array((near[near], base.demand[near], before[base.indptr]), shape=shape)


def require_bands(bands: tuple[Band, ...]) -> None:
    """Refuse bands that do not decay.

    Raises
    ------
    InputError
        As `GradualProblem`.
    """
    if not bands:
        raise InputError("siting_bands_none")
    before = Band(-1, np.inf)
    for number, band in enumerate(bands, 1):
        if not (0 < band.worth <= 1 and band.worth < before.worth and band.most > before.most):
            raise InputError("siting_bands_order", number=number, worth=band.worth)
        before = band


@dataclass(frozen=True, kw_only=True)
class GradualPlan(Solution):
    """A plan with its proof, in weight times worth of the best band.

    Attributes
    ----------
    by_band_before, by_band_after
        Weight (not times worth) whose best band is each of the bands, and beyond the last.
    """

    by_band_before: tuple[float, ...]
    by_band_after: tuple[float, ...]


def solve_gradual(
    problem: GradualProblem,
    *,
    tolerance: float = 0.0,
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    search: Callable[..., Solution] = solve,
) -> GradualPlan:
    """Return a plan, a bound on every plan, and what is proved; parameters as for `solve`.

    Parameters
    ----------
    search
        `solve`, or what has it run elsewhere (`siting.allocation.contained`).

    Notes
    -----
    Found and proved as maximal covering of stacked rows; what is claimed is recomputed from the
    ways.
    """
    found = search(
        problem.stacked(), tolerance=tolerance, gap=gap, time_limit_s=time_limit_s, seed=seed
    )
    values = [problem.value(found.chosen[:count]) for count in range(len(found.chosen) + 1)]
    bound = max(found.bound, values[-1])
    if bound - values[-1] <= EXACT * bound:  # the two sums differ by rounding
        bound = values[-1]
    return GradualPlan(
        chosen=found.chosen,
        gains=tuple(np.diff(values).tolist()),
        before=values[0],
        after=values[-1],
        bound=bound,
        status=found.status,
        points=found.points,
        seconds=found.seconds,
        stopped=found.stopped,
        by_band_before=_by_band(problem, ()),
        by_band_after=_by_band(problem, found.chosen),
    )


def _by_band(problem: GradualProblem, chosen: tuple[int, ...]) -> tuple[float, ...]:
    worths, weights = problem.worths(chosen), problem.base.weights
    levels = [*(band.worth for band in problem.bands), 0.0]
    return tuple(float(weights[worths == level].sum()) for level in levels)


def _in_last_band(floor: Floor, before: int) -> Floor:
    """Return a floor on the rows of the last band; `before`: rows of the bands before it."""
    weights = None if floor.weights is None else np.append(np.zeros(before), floor.weights)
    points = np.append(np.zeros(before, dtype=bool), floor.points)
    return replace(floor, points=points, weights=weights)
