"""Plans by distance, second stations and seats: gaps against CPU seconds of one thread.

    python -m benchmarks.allocation_soft [gradual] [backup] [capacity] [alone]

The same clustered towns as `benchmarks.allocation`; ways in the L1 metric. Gradual coverage has the
product's own bands. For seats the workers of a point are there in two windows, a sixth of them
sits, and every fifth site is an existing station. `alone` gives HiGHS the same models, without our
reductions, start or bound, and `ALONE_S` of wall clock.
"""

import sys
import time
from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.spatial import KDTree

from benchmarks.allocation import towns
from benchmarks.allocation_family import alone, say
from siting.allocation import Problem, solve
from siting.allocation.backup import BackupProblem, backup_rows, solve_backup
from siting.allocation.capacity import CapacityProblem, solve_capacity
from siting.allocation.counted.milp import build_rows, level_unit
from siting.allocation.gradual import GradualProblem, solve_gradual
from siting.allocation.milp import build, scale
from siting.allocation.problem import Int64
from siting.allocation.reduce import reduce_problem
from siting.plans.goals.gradual import read_bands

LIMIT_S = 60.0


def weighed(points: int, sites: int, new: int) -> GradualProblem:
    """Return gradual coverage of the benchmark's towns, without existing stations."""
    world, bands = towns(points, sites, new), read_bands()
    far_m = bands[-1].most / 1000
    near = KDTree(world.points).query_ball_point(world.sites, far_m, p=1, return_sorted=True)
    counts = np.array([len(part) for part in near])
    demand = np.concatenate([np.asarray(part, dtype=np.int32) for part in near])
    site = np.repeat(np.arange(sites), counts)
    ways = np.abs(world.points[demand] - world.sites[site]).sum(axis=1)
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return GradualProblem(
        base=replace(world.task, indptr=indptr, demand=demand),
        cost=np.rint(1000 * ways).astype(np.int32),
        nearest=np.full(points, -1, dtype=np.int32),
        bands=bands,
    )


def gradual(points: int, sites: int, new: int, gaps: tuple[float, ...], *, beside: bool) -> None:
    """Print how long a plan within each gap takes."""
    task = weighed(points, sites, new)
    reduced, since = reduce_problem(task.stacked()), time.process_time()
    reduced = reduce_problem(task.stacked())
    spent = time.process_time() - since
    say(f"gradual {points:,} x {sites:,}, {new} new: {reduced.cover.shape[1]:,} rows", spent)
    for gap in gaps:
        begun = time.process_time()
        plan = solve_gradual(task, gap=gap, time_limit_s=LIMIT_S)
        spent = time.process_time() - begun
        say(f"    asked {gap:.2%}: {1 - plan.after / plan.bound:.3%}, {plan.status}", spent)
    if beside:
        alone(build(reduced), spent, lambda value: value * scale(reduced))


def backup(points: int, sites: int, new: int, gaps: tuple[float, ...], *, beside: bool) -> None:
    """Print how long a plan within each gap takes; the second station counts 0.3."""
    base = towns(points, sites, new).task
    task = BackupProblem(base, np.zeros(points, dtype=bool), 0.3)
    for gap in gaps:
        begun = time.process_time()
        plan = solve_backup(task, gap=gap, time_limit_s=LIMIT_S)
        spent = time.process_time() - begun
        say(f"backup {points:,} x {sites:,}, {new} new, asked {gap:.2%}:", spent)
        say(f"    {1 - plan.after / plan.bound:.3%}, {plan.status}")
    if beside:
        reduced, rows = backup_rows(task)
        alone(build_rows(reduced, rows), spent, lambda value: value * level_unit(rows))


def seated(points: int, sites: int, new: int, *, share: float) -> CapacityProblem:
    """Return seats in two windows; `share` of the site's workers on average have a seat."""
    base, draws = towns(points, sites, new).task, np.random.default_rng(2)
    old = np.arange(0, sites, 5)
    reach = sparse.csr_array(
        (np.ones(len(base.demand), dtype=bool), base.demand, base.indptr), shape=(sites, points)
    )
    left = np.setdiff1d(np.arange(sites), old)
    part = sparse.csr_array(reach[left])
    heads = np.stack([base.weights, draws.binomial(base.weights.astype(int), 0.4)], axis=1)
    mean = share * float((reach @ base.weights).mean())
    seats = _twice(np.rint(draws.uniform(0.5, 1.5, sites) * mean).astype(np.int64))
    return CapacityProblem(
        base=Problem(
            weights=heads @ np.array([3.0, 2.0]),
            covered=np.asarray(reach[old].sum(axis=0) > 0),
            indptr=part.indptr.astype(np.int64),
            demand=part.indices.astype(np.int32),
            cost_yuan=base.cost_yuan[left],
            allowed=base.allowed[left],
            new=new,
        ),
        heads=heads.astype(np.int64),
        hours=np.array([3.0, 2.0]),
        station_reach=sparse.csr_array(reach[old]),
        station_seats=seats[old],
        seats=seats[left],
    )


def _twice(seats: Int64) -> Int64:
    return np.repeat(seats[:, None], 2, axis=1)


def capacity(points: int, sites: int, new: int, share: float) -> None:
    """Print a plan with its gap."""
    task = seated(points, sites, new, share=share)
    begun = time.process_time()
    plan = solve_capacity(task, time_limit_s=LIMIT_S)
    spent = time.process_time() - begun
    say(f"seats for {share:.0%}, {points:,} x {sites:,}, {new} new:", spent)
    say(f"    {1 - plan.after / plan.bound:.3%}, {plan.status}, {plan.seconds:.1f} s of the clock")


def main() -> None:
    """Warm the kernels up and run the parts that are asked for."""
    asked = set(sys.argv[1:]) or {"gradual", "backup", "capacity"}
    solve(towns(20_000, 1000, 30).task, gap=3e-3)
    solve_backup(BackupProblem(towns(5000, 300, 20).task, np.zeros(5000, dtype=bool), 0.3))
    if "gradual" in asked:
        gradual(50_000, 2000, 100, (3e-3, 1e-3), beside="alone" in asked)
    if "backup" in asked:
        backup(50_000, 2000, 100, (3e-3, 1e-3), beside="alone" in asked)
    if "capacity" in asked:
        for share in (0.1, 0.5):
            capacity(2000, 100, 10, share)
            capacity(10_000, 500, 20, share)


if __name__ == "__main__":
    main()
