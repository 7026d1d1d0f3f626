"""A plan after one change: CPU and wall-clock seconds and the gap, at 50,000 points x 2,000 sites.

    python -m benchmarks.interactive [reach in metres ...]

The towns of `benchmarks.allocation`; a longer reach makes the catchments overlap more. The first
answer reduces the catchments; every further one is for the question before it, changed in one
thing. `later` is what the search in the background has reached after so many seconds more.
"""

import sys
import time
from dataclasses import replace

import numpy as np
from scipy.spatial import KDTree

from benchmarks.allocation import RADIUS_M, Towns, towns
from siting.allocation import Problem, solve
from siting.allocation.again import Again
from siting.allocation.contained import prepare
from siting.allocation.problem import Quota

LATER_S = 3.0


def reaching(world: Towns, reach_m: float) -> Problem:
    """Return the same towns with another reach."""
    if reach_m == RADIUS_M:
        return world.task
    near = KDTree(world.points).query_ball_point(world.sites, reach_m, p=1, return_sorted=True)
    return replace(
        world.task,
        indptr=np.concatenate([[0], np.cumsum([len(part) for part in near])]),
        demand=np.concatenate([np.asarray(part, dtype=np.int32) for part in near]),
    )


def changes(problem: Problem) -> list[tuple[str, Problem]]:
    """Return questions, each the one before it changed in one thing."""
    draws = np.random.default_rng(7)
    more = replace(problem, new=110)
    fewer = replace(problem, new=95)
    money = replace(fewer, new=None, budget_yuan=180_000)
    heavier = replace(
        money, weights=money.weights * np.where(draws.random(len(money.weights)) < 0.3, 2, 1)
    )
    best = Again().answer(heavier).chosen
    pinned = replace(heavier, quotas=(Quota("", (int(draws.integers(problem.candidates)),), 1),))
    allowed = pinned.allowed.copy()
    allowed[best[0]] = False
    return [
        ("100 new", problem),
        ("110 new", more),
        ("95 new", fewer),
        ("180,000 yuan", money),
        ("a third weighs twice", heavier),
        ("one pinned", pinned),
        ("the best one rejected", replace(pinned, allowed=allowed)),
    ]


def main() -> None:
    """Warm the kernels up and ask."""
    Again().answer(towns(500, 50, 5).task)
    solve(towns(5000, 400, 20).task)
    prepare()
    world = towns(50_000, 2000, 100)
    for reach in [float(word) for word in sys.argv[1:]] or [RADIUS_M, 1000.0]:
        problem = reaching(world, reach)
        print(f"reach {reach:,.0f} m: {len(problem.demand):,} incidences")
        again = Again()
        for name, question in changes(problem):
            begun, cpu = time.perf_counter(), time.process_time()
            search = again.begin(question)
            wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
            gap = 1 - search.covered / search.bound
            search.over(LATER_S)
            later = 1 - search.covered / search.bound
            search.stop()
            plan = search.solution()
            print(
                f"    {name:22} {wall:.2f} s, CPU {cpu:.2f} s, gap {gap:.3%}, "
                f"later {later:.3%}, {plan.status}"
            )


if __name__ == "__main__":
    main()
