"""Covers, medians and centers against the exact solver alone and spopt: CPU seconds of one thread.

    python -m benchmarks.allocation_family [covers] [share] [median] [center] [spopt]

The same clustered towns as `benchmarks.allocation`, walks in the L1 metric in millimetres up to
`WALKS_M`, beyond which `PENALTY_MM` counts. HiGHS alone gets the same matrix without our
reductions, start or bound, and `ALONE_S` of wall clock. spopt (an environment of its own:
`spopt==0.7.0 pulp[highs]`) gets the same distances and the same HiGHS.
"""

import math
import sys
import time
from importlib import import_module

import highspy
import numpy as np
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from benchmarks.allocation import Towns, towns
from geo.catchments import Travel
from siting.allocation.center import p_center
from siting.allocation.cover.milp import build_cover
from siting.allocation.highs import opened
from siting.allocation.median import p_median
from siting.allocation.set_covering import CoveringProblem, _rows_to_cover, cover
from siting.allocation.walking.median_milp import build_median, levels, unit
from siting.allocation.walking.walks import WalkProblem, walks_of

WALKS_M = 5000.0
PENALTY_MM = 5_000_000
CENTER_WALKS_M = 12_000.0
ALONE_S = 60.0
PEER_S = 300.0
"""Wall clock of one of the peer's solves; a plan cut short counts as long as it took."""


def covering(world: Towns, share: float | None, *, money: bool = False) -> CoveringProblem:
    """Return covering of the same catchments; sites cost 2,000 to 18,000 yuan."""
    task = world.task
    cost = 2000 * np.random.default_rng(3).integers(1, 10, len(world.sites))
    return CoveringProblem(
        weights=task.weights,
        covered=task.covered,
        indptr=task.indptr,
        demand=task.demand,
        cost_yuan=cost,
        allowed=task.allowed,
        goal="money" if money else "stations",
        share=share,
    )


def walking(world: Towns, new: int, most_m: float) -> WalkProblem:
    """Return walks up to `most_m` between the same points and sites."""
    sites, points = len(world.sites), len(world.points)
    near = KDTree(world.points).query_ball_point(world.sites, most_m, p=1, return_sorted=True)
    counts = [len(part) for part in near]
    demand = np.concatenate([np.asarray(part, dtype=np.int32) for part in near])
    site = np.repeat(np.arange(sites), counts)
    apart = np.abs(world.points[demand] - world.sites[site]).sum(axis=1)
    travel = Travel(
        indptr=np.concatenate([[0], np.cumsum(counts)]),
        demand=demand,
        cost=np.rint(1000 * apart).astype(np.int32),
        method="street",
        site_status=np.zeros(sites, dtype=np.uint8),
        demand_status=np.zeros(points, dtype=np.uint8),
        cutoff=most_m,
    )
    everywhere = np.ones(sites, dtype=bool)
    penalty = PENALTY_MM if most_m <= WALKS_M else None
    return WalkProblem(travel, world.task.weights, ~everywhere, everywhere, new, penalty)


def covers(points: int, sites: int, limit_s: float, *, money: bool = False) -> None:
    """Print a cover of everybody, and what HiGHS alone makes of the same matrix."""
    task = covering(towns(points, sites, 10), None, money=money)
    begun = time.process_time()
    plan = cover(task, time_limit_s=limit_s)
    ours = time.process_time() - begun
    words = "yuan" if money else "stations"
    say(f"cover {points:,} x {sites:,}: {plan.value:,} {words}, bound {plan.bound:,}", ours)
    say(f"    gap {plan.gap:.2%}, {plan.status}; nobody reaches {len(plan.uncoverable):,}")
    open_demand = (task.weights > 0) & ~task.covered
    lp = build_cover(_rows_to_cover(task, open_demand))
    scale = float(np.gcd.reduce(task.cost))
    alone(lp, ours, lambda value: value * scale)


def share(points: int, sites: int, limit_s: float, *, money: bool) -> None:
    """Print the least that covers half of all weight."""
    task = covering(towns(points, sites, 10), 0.5, money=money)
    begun = time.process_time()
    plan = cover(task, time_limit_s=limit_s)
    words = "yuan" if money else "stations"
    say(
        f"half of {points:,} x {sites:,}: {plan.value:,} {words}, bound {plan.bound:,}, gap "
        f"{plan.gap:.2%}, {plan.status}",
        time.process_time() - begun,
    )


def median(points: int, sites: int, new: int, limit_s: float, *, beside: bool) -> None:
    """Print a median and, `beside`, what HiGHS alone makes of the same matrix."""
    task = walking(towns(points, sites, 10), new, WALKS_M)
    begun = time.process_time()
    plan = p_median(task, time_limit_s=limit_s)
    ours = time.process_time() - begun
    say(f"median {points:,} x {sites:,}, {new} new: mean walk {plan.mean / 1000:,.0f} m", ours)
    say(f"    gap {plan.gap:.2%}, {plan.status}, {len(plan.unreached)} points beyond reach")
    if beside:
        walks = walks_of(task)
        model = levels(walks)
        lp = build_median(walks, model)
        scale, base, whole = unit(model), model.base, float(task.weights.sum())
        alone(lp, ours, lambda value: (base + value * scale) / whole / 1000)


def center(points: int, sites: int, new: int, limit_s: float) -> None:
    """Print a center."""
    task = walking(towns(points, sites, 10), new, CENTER_WALKS_M)
    begun = time.process_time()
    plan = p_center(task, unreachable="leave_out", time_limit_s=limit_s)
    say(
        f"center {points:,} x {sites:,}, {new} new: {plan.value / 1000:,.0f} m, bound "
        f"{plan.bound / 1000:,.0f}, gap {plan.gap:.2%}, {plan.status}, "
        f"{len(plan.left_out)} left out",
        time.process_time() - begun,
    )


def against_spopt(points: int, sites: int, new: int) -> None:
    """Print how long both take for a cover and a median of all distances, built and solved."""
    pulp, peer = import_module("pulp"), import_module("spopt.locate")
    world = towns(points, sites, 10)
    apart = np.rint(1000 * cdist(world.points, world.sites, "cityblock"))
    solver = pulp.HiGHS(msg=False, threads=1, timeLimit=PEER_S)
    whole = np.ones(sites, dtype=bool)
    travel = Travel(
        indptr=np.arange(sites + 1) * points,
        demand=np.tile(np.arange(points, dtype=np.int32), sites),
        cost=apart.T.ravel().astype(np.int32),
        method="street",
        site_status=np.zeros(sites, dtype=np.uint8),
        demand_status=np.zeros(points, dtype=np.uint8),
        cutoff=float(apart.max()) / 1000,
    )
    task = WalkProblem(travel, world.task.weights, ~whole, whole, new)
    begun = time.process_time()
    plan = p_median(task)
    ours = time.process_time() - begun
    begun = time.process_time()
    theirs = peer.PMedian.from_cost_matrix(apart, world.task.weights, p_facilities=new)
    theirs = theirs.solve(solver)
    spent = time.process_time() - begun
    value = float(pulp.value(theirs.problem.objective))
    say(f"median {points:,} x {sites:,}, {new} new: spopt takes {spent / ours:,.1f}x", ours)
    status = pulp.LpStatus[theirs.problem.status]
    say(f"    ours {plan.value:,.0f} ({plan.status}), spopt {value:,.0f} ({status})")
    reached = (apart <= 500_000).any(axis=1)
    problem = covering(world, None)
    begun = time.process_time()
    least = cover(problem)
    ours = time.process_time() - begun
    begun = time.process_time()
    lscp = peer.LSCP.from_cost_matrix(apart[reached], 500_000).solve(solver)
    spent = time.process_time() - begun
    value = float(pulp.value(lscp.problem.objective))
    say(f"cover {points:,} x {sites:,}: spopt takes {spent / ours:,.1f}x", ours)
    say(f"    ours {least.value} ({least.status}), spopt {value:,.0f}")


def alone(lp: highspy.HighsLp, ours: float, shown: object) -> None:
    """Print what HiGHS reaches without us in `ALONE_S`."""
    begun = time.process_time()
    solver = opened(lp, time_limit_s=ALONE_S, seed=0)
    solver.run()
    spent = time.process_time() - begun
    info = solver.getInfo()
    said = [shown(value) for value in (info.objective_function_value, info.mip_dual_bound)]  # type: ignore[operator]
    met = f"{said[0]:,.0f}, bound {said[1]:,.0f}" if math.isfinite(said[0]) else "no plan"
    say(f"    HiGHS alone: {met}, {spent / max(ours, 1e-9):,.1f}x our time", spent)


def say(words: str, seconds: float | None = None) -> None:
    """Print a line at once."""
    sys.stdout.write(words + ("" if seconds is None else f" ({seconds:.2f} s)") + "\n")
    sys.stdout.flush()


def main() -> None:
    """Warm the kernels up and run the parts that are asked for."""
    asked = set(sys.argv[1:]) or {"covers", "median", "center"}
    small = towns(1000, 60, 5)
    cover(covering(small, None))
    cover(covering(small, 0.4))
    p_median(walking(small, 5, WALKS_M))
    if "covers" in asked:
        covers(50_000, 2000, 30)
        covers(50_000, 2000, 30, money=True)
        covers(50_000, 10_000, 30)
    if "share" in asked:
        share(50_000, 2000, 30, money=False)
        share(50_000, 2000, 30, money=True)
    if "median" in asked:
        median(10_000, 500, 30, 30, beside=True)
        median(50_000, 2000, 100, 60, beside=False)
    if "center" in asked:
        center(50_000, 2000, 20, 40)
        center(50_000, 2000, 100, 40)
    if "spopt" in asked:
        against_spopt(1000, 100, 10)
        against_spopt(2000, 100, 10)


if __name__ == "__main__":
    main()
