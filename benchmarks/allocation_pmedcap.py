"""Capacitated p-medians of OR-Library beside ours: what may be compared, and what may not.

    WARM_STATION_DATA=... python -m benchmarks.allocation_pmedcap

pmedcap (Osman & Christofides 1994) serves every customer whole from one median whose capacity
holds; distances are Euclidean, cut to whole numbers. The project lets workers of one place go to
several stations and has no such problem, so nothing here is the published task, and none of it is
proved against it:

- the bound is the p-median's, capacities left out: true for the published task, and weak;
- the plan has p medians within their capacities, but a customer's demand may be split: medians from
  our p-median, then best swaps, each weighed by the cheapest transport. A split costs at most what
  whole customers do at the same medians, so the published value may lie above this one.

A customer counts its distance once, whatever its demand; the share of it that goes to a median
counts that share of the distance.
"""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from geo.catchments import Travel
from siting.allocation.median import p_median
from siting.allocation.walking.walks import WalkProblem

LIMIT_S = 20.0


@dataclass(frozen=True, eq=False)
class Capacitated:
    """n customers, each a possible median: int64[n, n] distances, int64[n] demand, and limits."""

    apart: NDArray[np.int64]
    demand: NDArray[np.int64]
    medians: int
    capacity: int
    published: int


def read(file: Path) -> Capacitated:
    """Return an instance: number and best known, then n, p and capacity, then x, y and demand."""
    numbers = np.array(file.read_text(encoding="ascii").split(), dtype=np.int64)
    _, published, size, medians, capacity = numbers[:5].tolist()
    rows = numbers[5 : 5 + 4 * size].reshape(size, 4)
    where = rows[:, 1:3].astype(float)
    apart = np.floor(np.hypot(*(where[:, None, :] - where[None, :, :]).transpose(2, 0, 1)))
    return Capacitated(apart.astype(np.int64), rows[:, 3], medians, capacity, published)


def without_capacities(task: Capacitated) -> WalkProblem:
    """Return the p-median of the same customers."""
    size = len(task.demand)
    travel = Travel(
        indptr=np.arange(size + 1) * size,
        demand=np.tile(np.arange(size, dtype=np.int32), size),
        cost=task.apart.ravel().astype(np.int32),
        method="street",
        site_status=np.zeros(size, dtype=np.uint8),
        demand_status=np.zeros(size, dtype=np.uint8),
        cutoff=float(task.apart.max()) / 1000,
    )
    everywhere = np.ones(size, dtype=bool)
    return WalkProblem(travel, np.ones(size), ~everywhere, everywhere, task.medians)


def transport(task: Capacitated, sites: list[int]) -> tuple[float, int]:
    """Return the least distance with these medians, demand split, and how many are split.

    Infinite where they have too little room.
    """
    size, opened = len(task.demand), len(sites)
    cost = task.apart[sites].ravel().astype(float)
    whole = sparse.hstack([sparse.eye_array(size)] * opened)
    loads = sparse.block_diag([task.demand.astype(float).reshape(1, -1)] * opened)
    room = np.full(opened, float(task.capacity))
    found = linprog(
        cost,
        A_ub=loads,
        b_ub=room,
        A_eq=whole,
        b_eq=np.ones(size),
        bounds=(0, None),
        method="highs",
    )
    if found.x is None:
        return np.inf, 0
    shares = found.x.reshape(opened, size)
    return float(found.fun), int(((shares > 1e-6) & (shares < 1 - 1e-6)).any(axis=0).sum())


def swapped(task: Capacitated, sites: list[int], until: float) -> list[int]:
    """Return medians after swaps, each the first that wins, until none does or time is up."""
    plan, best = list(sites), transport(task, sites)[0]
    order = np.argsort(task.apart, axis=1, kind="stable")
    place, idle = 0, 0
    while idle < len(plan) and time.process_time() < until:
        idle += 1
        for other in order[plan[place]].tolist():
            trial = [*plan[:place], other, *plan[place + 1 :]]
            if other in plan or _least(task, trial) >= best:
                continue
            value = transport(task, trial)[0]
            if value < best - 1e-6:
                plan, best, idle = trial, value, 0
                break
        place = (place + 1) % len(plan)
    return plan


def _least(task: Capacitated, sites: list[int]) -> float:
    """Return what medians cost without capacities: no transport is cheaper."""
    return float(task.apart[sites].min(axis=0).sum())


def main() -> None:
    """Print a line for each instance."""
    folder = Path(os.environ["WARM_STATION_DATA"]) / "instances" / "orlib_pmedcap"
    for name in pd.read_csv(folder / "expected.csv")["instance"].tolist():
        task = read(folder / f"{name}.txt")
        begun = time.process_time()
        median = p_median(without_capacities(task), time_limit_s=LIMIT_S)
        plan = swapped(task, list(median.chosen), begun + LIMIT_S)
        value, split = transport(task, plan)
        spent = time.process_time() - begun
        sys.stdout.write(
            f"{name}: published {task.published} (customers whole); ours {value:.1f} with {split} "
            f"customers split ({value / task.published - 1:+.2%}); without capacities "
            f"{median.value:.0f} ({median.status}), bound {median.bound / task.published - 1:+.2%} "
            f"({spent:.2f} s)\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
