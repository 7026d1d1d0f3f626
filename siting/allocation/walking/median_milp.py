"""The p-median as a sparse matrix, for HiGHS: one unknown for every distance a point may walk.

x_j = 1: site j opens; z_dk = 1: no open site within the k-th distance D_dk of point d. Minimise
sum over d, k of w_d (D_d,k+1 - D_dk) z_dk, beyond sum w_d D_d1, where
z_dk + the x of the sites at exactly D_dk >= z_d,k-1, z_d0 = 1, and the sum of x is at most p
(Cornuejols, Nemhauser & Wolsey 1980; Elloumi 2010). The last distance is the cap. Points whose
nearest distances have the same sites share their unknowns.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from siting.allocation.highs import run
from siting.allocation.problem import Bools, Float64
from siting.allocation.walking.walks import Walks


@dataclass(frozen=True, eq=False)
class MedianOutcome:
    """What HiGHS found.

    Attributes
    ----------
    chosen
        bool[k]: open columns of its best plan; None: it has none.
    bound
        No plan costs less, the base included; minus infinity if it has no bound yet.
    finished
        Whether it stopped because it was done, not because time was up.
    """

    chosen: Bools | None
    bound: float
    finished: bool


@dataclass(frozen=True, eq=False)
class MedianModel:
    """Unknowns beyond the sites, and the constraints that bind them.

    Attributes
    ----------
    before
        int per unknown z: the z that it follows; -1: none.
    sites
        Columns at exactly the distance of each z.
    price
        float64: weighted cost of each z.
    base
        Weighted cost of the nearest ways, and of the base.
    """

    before: list[int]
    sites: list[tuple[int, ...]]
    price: Float64
    base: float


def levels(walks: Walks) -> MedianModel:
    """Return the unknowns: a tree of sets of sites, nearest first, shared where they agree."""
    known: dict[tuple[int, tuple[int, ...]], int] = {}
    before: list[int] = []
    sites: list[tuple[int, ...]] = []
    price: list[float] = []
    base = walks.base
    for point, weight in enumerate(walks.weights.tolist()):
        part = slice(walks.indptr[point], walks.indptr[point + 1])
        cost, column = walks.cost[part], walks.column[part]
        begins = np.flatnonzero(np.diff(cost, prepend=-1))
        ends = [*begins[1:].tolist(), len(cost)]
        steps = np.diff(np.append(cost[begins], walks.cap[point]))
        base += weight * float(cost[0])
        last = -1
        for begin, end, step in zip(begins.tolist(), ends, steps.tolist(), strict=True):
            key = last, tuple(column[begin:end].tolist())
            last = known.setdefault(key, len(before))
            if last == len(before):
                before.append(key[0])
                sites.append(key[1])
                price.append(0.0)
            price[last] += weight * step
    return MedianModel(before, sites, np.array(price), base)


def build_median(walks: Walks, model: MedianModel | None = None) -> highspy.HighsLp:
    """Return the model, costs divided by their mean so that tolerances fit them."""
    model = levels(walks) if model is None else model
    columns, unknowns = walks.columns, len(model.before)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns + unknowns, unknowns + 1
    lp.sense_ = highspy.ObjSense.kMinimize
    lp.col_cost_ = np.concatenate([np.zeros(columns), model.price / unit(model)])
    lp.col_lower_, lp.col_upper_ = np.zeros(columns + unknowns), np.ones(columns + unknowns)
    first = np.array(model.before) < 0
    lp.row_lower_ = np.concatenate([first.astype(float), [-np.inf]])
    lp.row_upper_ = np.concatenate([np.full(unknowns, np.inf), [float(walks.new)]])
    matrix = _constraints(walks, model)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    whole, part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [whole] * columns + [part] * unknowns
    lp.col_names_ = [f"x{site}" for site in walks.site] + [f"z{at}" for at in range(unknowns)]
    return lp


def solve_median(walks: Walks, start: Bools, *, time_limit_s: float, seed: int) -> MedianOutcome:
    """Run HiGHS on one thread from the plan `start`; the time limit is wall clock, in seconds."""
    model = levels(walks)
    values = [*start.astype(float).tolist(), *_unserved(model, start)]
    ran = run(
        build_median(walks, model), values, walks.columns, time_limit_s=time_limit_s, seed=seed
    )
    return MedianOutcome(
        chosen=ran.chosen,
        bound=model.base + ran.bound * unit(model),
        finished=ran.finished and not ran.infeasible,
    )


def unit(model: MedianModel) -> float:
    """Return the number by which costs are divided in the model."""
    return float(model.price.mean()) or 1.0


def _unserved(model: MedianModel, start: Bools) -> list[float]:
    """Return z of the plan `start`."""
    values: list[float] = []
    for before, sites in zip(model.before, model.sites, strict=True):
        above = 1.0 if before < 0 else values[before]
        values.append(0.0 if start[list(sites)].any() else above)
    return values


def _constraints(walks: Walks, model: MedianModel) -> sparse.csc_array:
    unknowns = len(model.before)
    counts = [len(sites) for sites in model.sites]
    row = np.repeat(np.arange(unknowns), counts)
    column = np.array([site for sites in model.sites for site in sites], dtype=np.int64)
    opens = sparse.csr_array((np.ones(len(row)), (row, column)), shape=(unknowns, walks.columns))
    before = np.array(model.before)
    after = np.flatnonzero(before >= 0)
    minus = sparse.csr_array(
        (-np.ones(len(after)), (after, before[after])), shape=(unknowns, unknowns)
    )
    follow = sparse.eye_array(unknowns) + minus
    number = sparse.csr_array(np.ones((1, walks.columns)))
    return sparse.block_array([[opens, follow], [number, None]], format="csc")
