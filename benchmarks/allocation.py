"""Plans against spopt and against the exact solver alone: CPU seconds of one thread, gaps, ratios.

    python -m benchmarks.allocation [spopt] [district] [city] [bound]

Clustered towns (shares after Zipf), weights log-normal, a site reaches what lies within 500 m in
the L1 metric, which stands for streets. spopt builds and solves the same covering in the same
process with the same HiGHS (through PuLP), at an equal gap; it must cover as much. It lives in an
environment of its own, beside what the project needs: `spopt==0.7.0 pulp[highs]`.
"""

import resource
import sys
import time
from dataclasses import dataclass
from importlib import import_module

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from siting.allocation import Problem, solve
from siting.allocation.bound import Relaxation
from siting.allocation.milp import build
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.search import greedy

RADIUS_M = 500.0
EQUAL_GAP = 1e-4


@dataclass(frozen=True, eq=False)
class Towns:
    """Points, sites and the problem between them; metres."""

    points: NDArray[np.float64]
    sites: NDArray[np.float64]
    task: Problem


CITY_KM2 = 2500.0


def towns(
    points: int, sites: int, new: int, *, area_km2: float | None = None, seed: int = 1
) -> Towns:
    """Return clustered towns; on 1,000 km2 for each 50,000 points if no area is given."""
    draws = np.random.default_rng(seed)
    area_km2 = points / 50 if area_km2 is None else area_km2
    side_m = 1000.0 * area_km2**0.5
    count = max(round(22 * area_km2 / 1000), 3)
    share = 1 / np.arange(1, count + 1) ** 0.8
    share /= share.sum()
    centre = draws.uniform(0.05, 0.95, (count, 2)) * side_m

    def thrown(number: int) -> NDArray[np.float64]:
        town = draws.choice(count, number, p=share)
        spread = 800 + 4200 * np.sqrt(share[town] * count / 22)[:, None]
        where = centre[town] + draws.normal(0, 1, (number, 2)) * spread
        anywhere = draws.random(number) < 0.12
        where[anywhere] = draws.uniform(0, side_m, (int(anywhere.sum()), 2))
        return np.asarray(np.clip(where, 0, side_m), dtype=np.float64)

    where, places = thrown(points), thrown(sites)
    weights = np.rint(np.exp(draws.normal(1.0, 0.9, points))).clip(1)
    reached = KDTree(where).query_ball_point(places, RADIUS_M, p=1, return_sorted=True)
    task = Problem(
        weights=weights,
        covered=np.zeros(points, dtype=bool),
        indptr=np.concatenate([[0], np.cumsum([len(part) for part in reached])]),
        demand=np.concatenate([np.asarray(part, dtype=np.int32) for part in reached]),
        cost_yuan=np.full(sites, 2000),
        allowed=np.ones(sites, dtype=bool),
        new=new,
    )
    return Towns(where, places, task)


def against_spopt(points: int, sites: int, new: int) -> None:
    """Print how long both build and solve, and what both cover."""
    pulp, peer = import_module("pulp"), import_module("spopt.locate")
    world = towns(points, sites, new)
    begun = time.process_time()
    reduced = reduce_problem(world.task)
    build(reduced)
    ours_build = time.process_time() - begun
    begun = time.process_time()
    ours = solve(world.task, gap=EQUAL_GAP)
    ours_solve = max(time.process_time() - begun - ours_build, 1e-4)
    begun = time.process_time()
    apart = cdist(world.points, world.sites, "cityblock")
    model = peer.MCLP.from_cost_matrix(apart, world.task.weights, RADIUS_M, new)
    their_build = time.process_time() - begun
    begun = time.process_time()
    model = model.solve(pulp.HiGHS(msg=False, threads=1, gapRel=EQUAL_GAP))
    their_solve = time.process_time() - begun
    theirs = float(pulp.value(model.problem.objective))
    _say(f"{points:,} x {sites:,}, {new} new: build {their_build / ours_build:,.0f}x", ours_build)
    _say(f"    solve at gap {EQUAL_GAP:.2%}: {their_solve / ours_solve:.1f}x", ours_solve)
    _say(f"    covered: ours {ours.after:,.0f}, spopt {theirs:,.0f}; our bound {ours.bound:,.0f}")


def by_gap(
    points: int,
    sites: int,
    new: int,
    gaps: tuple[float, ...],
    limit_s: float,
    *,
    area_km2: float | None = None,
) -> None:
    """Print how long a plan within each gap takes."""
    world = towns(points, sites, new, area_km2=area_km2)
    begun = time.process_time()
    reduced = reduce_problem(world.task)
    _say(f"{points:,} x {sites:,}, {new} new: {reduced.cover.shape[1]:,} rows", _since(begun))
    for gap in gaps:
        begun = time.process_time()
        plan = solve(world.task, gap=gap, time_limit_s=limit_s)
        reached = 1 - plan.after / plan.bound
        _say(f"    asked {gap:.2%}, reached {reached:.3%}, {plan.status}", _since(begun))
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    _say(f"    peak memory {peak_gb:.2f} GB, with what made the instance")


def against_interior_point(points: int, sites: int, new: int, near: float = 1e-3) -> None:
    """Print how long the bound takes, and the relaxation by HiGHS's interior point method."""
    reduced = reduce_problem(towns(points, sites, new).task)
    begun = time.process_time()
    relaxation = Relaxation(reduced, greedy(reduced, per_yuan=False))
    relaxation.run(near=near, deadline=float("inf"))
    ours = _since(begun)
    begun = time.process_time()
    upper = _interior_point(reduced)
    theirs = _since(begun)
    apart = relaxation.best.upper / upper - 1
    _say(f"bound to {near:.2%}: {theirs / ours:.1f}x, {apart:.3%} above the relaxation", ours)


def _interior_point(reduced: Reduced) -> float:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # theirs has no types
    solver.silent()
    for option, value in (("solver", "ipm"), ("run_crossover", "off"), ("threads", 1)):
        solver.setOptionValue(option, value)
    model = build(reduced)
    model.integrality_ = []
    solver.passModel(model)
    solver.run()
    return float(solver.getObjectiveValue()) * float(reduced.weights.max())


def _since(begun: float) -> float:
    return time.process_time() - begun


def _say(words: str, seconds: float | None = None) -> None:
    sys.stdout.write(words + ("" if seconds is None else f" ({seconds:.3f} s)") + "\n")
    sys.stdout.flush()


def main() -> None:
    """Warm the kernels up and run the parts that are asked for."""
    asked = set(sys.argv[1:]) or {"district", "bound"}
    solve(towns(500, 50, 5).task)
    if "spopt" in asked:
        against_spopt(1000, 100, 10)
        against_spopt(5000, 500, 25)
        against_spopt(10_000, 1000, 40)
    if "district" in asked:
        by_gap(50_000, 2000, 100, (0.003, 0.0012, 0.0), 60)
        by_gap(50_000, 10_000, 100, (0.01, 0.005), 60)
    if "city" in asked:
        by_gap(1_000_000, 20_000, 500, (0.015, 0.01), 300, area_km2=CITY_KM2)
    if "bound" in asked:
        against_interior_point(50_000, 10_000, 100)


if __name__ == "__main__":
    main()
