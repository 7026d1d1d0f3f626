"""Second looks at plans of a district: hosts that leave, years, swaps, next best plans, draws.

    python -m benchmarks.allocation_second [robust] [phased] [near] [stability]

The district of `benchmarks.allocation` (50,000 points, 2,000 sites, 100 new). CPU seconds of one
thread; a limit on the clock ends each of them.
"""

import sys
import time
from collections.abc import Callable
from functools import cache

import numpy as np

from benchmarks.allocation import towns
from siting.allocation import Problem, solve
from siting.allocation.near_best import best_plans, standings
from siting.allocation.robust import RobustProblem, solve_robust
from siting.allocation.roll_out import solve_roll_out
from siting.allocation.solve import Solution
from siting.allocation.stability import stability

POINTS, SITES, NEW = 50_000, 2_000, 100
CLOCK_S = 40.0


def robust() -> None:
    """Plan for hosts that leave with one tenth, with three tenths."""
    existing = np.zeros(POINTS, dtype=np.int64)
    for leave in (0.1, 0.3):
        asked = RobustProblem(_district(), leave, existing)
        for gap in (0.005, 0.003):
            begun = time.process_time()
            found = solve_robust(asked, gap=gap, time_limit_s=CLOCK_S)
            share = (found.bound - found.after) / found.bound
            _say(f"q = {leave}, to {gap:.1%}: gap {share:.2%}, {found.status}", begun)


def phased() -> None:
    """Say which sites in which of three years."""
    for gap in (0.005, 0.003):
        begun = time.process_time()
        found = solve_roll_out(_district(), (34, 33, 33), gap=gap, time_limit_s=CLOCK_S)
        share = (found.bound - found.total) / found.bound
        _say(f"three years, to {gap:.1%}: gap {share:.2%}, {found.status}", begun)


def near() -> None:
    """Find what may stand in for each of the sites, and the next two plans."""
    task, plan = _district(), _plan()
    begun = time.process_time()
    rows = standings(task, plan.chosen, time_limit_s=CLOCK_S)
    counted = {
        need: sum(row.need == need for row in rows) for need in ("free", "needed", "unknown")
    }
    _say(f"swaps of {len(rows)} sites: {counted}", begun)
    begun = time.process_time()
    plans = best_plans(task, plan, 3, time_limit_s=CLOCK_S)
    told = ", ".join(f"{row.solution.after:.0f} of {row.solution.bound:.0f}" for row in plans)
    _say(f"three best plans: {told}", begun)


def shaken() -> None:
    """Draw demand twenty times."""
    plan = _plan()
    begun = time.process_time()
    found = stability(_district(), plan.chosen, draws=20)
    least, most = found.regret / found.total, found.regret_bound / found.total
    _say(f"20 draws: regret {least.mean():.3%}, at most {most.mean():.2%} on average", begun)


@cache
def _district() -> Problem:
    return towns(POINTS, SITES, NEW).task


@cache
def _plan() -> Solution:
    return solve(_district(), gap=0.003, time_limit_s=CLOCK_S)


def _say(words: str, begun: float) -> None:
    sys.stdout.write(f"{words}; {time.process_time() - begun:.1f} s CPU\n")
    sys.stdout.flush()


BENCHMARKS: dict[str, Callable[[], None]] = {
    "robust": robust,
    "phased": phased,
    "near": near,
    "stability": shaken,
}


def main() -> None:
    """Run those named on the command line, or all."""
    solve_roll_out(towns(50_000, 2_000, 10).task, (5, 5), time_limit_s=2.0)  # compiles
    for name in sys.argv[1:] or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
