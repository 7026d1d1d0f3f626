"""Plans against spopt and against the exact solver alone: CPU seconds of one thread, gaps, ratios.

    python -m benchmarks.allocation [spopt] [district] [draws] [city] [nation] [cordeau] [bound]
        [sides] [fair]

Clustered towns (shares after Zipf), weights log-normal, a site reaches what lies within 500 m in
the L1 metric, which stands for streets. spopt builds and solves the same covering in the same
process with the same HiGHS (through PuLP), at an equal gap; it must cover as much. It lives in an
environment of its own, beside what the project needs: `spopt==0.7.0 pulp[highs]`.
"""

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from siting.allocation import Floor, Problem, Quota, solve
from siting.allocation.bound import Relaxation
from siting.allocation.engine import Found, best_plan
from siting.allocation.fairness import build_fairest, fairest, shares_of
from siting.allocation.highs import run
from siting.allocation.milp import build, solve_milp
from siting.allocation.reduce import Reach, Reduced, reduce_problem, streamed
from siting.allocation.search import greedy, value

RADIUS_M = 500.0
EQUAL_GAP = 1e-4
NEAR = 1.2e-3
ALONE_S = 30.0
SEEDS = (1, 2, 3)
"""How long a proof takes depends on the instance: several of each size."""

_AT_A_TIME = 1000


@dataclass(frozen=True, eq=False)
class Towns:
    """Points, sites and the problem between them; metres; the town of each point and site."""

    points: NDArray[np.float64]
    sites: NDArray[np.float64]
    task: Problem
    town: NDArray[np.int64]
    site_town: NDArray[np.int64]


CITY_KM2, NATION_KM2 = 2500.0, 25_000.0
USUAL, UNEVEN = (1.0, 0.9), (2.0, 1.0)
"""Mean and standard deviation of logarithms: weights of four and of twelve in the mean."""

GRID = 30.0
_PART = 1_000_000


def towns(
    points: int,
    sites: int,
    new: int,
    *,
    area_km2: float | None = None,
    seed: int = 1,
    weighing: tuple[float, float] = USUAL,
) -> Towns:
    """Return clustered towns; on 1,000 km2 for each 50,000 points if no area is given.

    `weighing`: mean and standard deviation of the logarithms of the weights.
    """
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
    weights = np.rint(np.exp(draws.normal(*weighing, points))).clip(1)
    indptr, demand = _reached(where, places)
    task = Problem(
        weights=weights,
        covered=np.zeros(points, dtype=bool),
        indptr=indptr,
        demand=demand,
        cost_yuan=np.full(sites, 2000),
        allowed=np.ones(sites, dtype=bool),
        new=new,
    )
    nearest = KDTree(centre)
    return Towns(where, places, task, nearest.query(where)[1], nearest.query(places)[1])


def _reached(
    where: NDArray[np.float64], places: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return what lies within reach of each place, a thousand places at a time."""
    tree, sizes, parts = KDTree(where), [np.zeros(1, dtype=np.int64)], []
    for start in range(0, len(places), _AT_A_TIME):
        found = tree.query_ball_point(
            places[start : start + _AT_A_TIME], RADIUS_M, p=1, return_sorted=True
        )
        sizes.append(np.array([len(part) for part in found]))
        parts.append(np.concatenate(found).astype(np.int32))
    return np.cumsum(np.concatenate(sizes)), np.concatenate(parts)


def against_spopt(points: int, sites: int, new: int) -> None:
    """Print how long both build and solve, and what both cover, on several instances."""
    for seed in SEEDS:
        _against_spopt(towns(points, sites, new, seed=seed))


def _against_spopt(world: Towns) -> None:
    pulp, peer = import_module("pulp"), import_module("spopt.locate")
    points, sites, new = len(world.points), len(world.sites), world.task.new
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
    # Not kept: `solve` makes its own, and the peak would count both.
    rows = reduce_problem(world.task).cover.shape[1]
    _say(f"{points:,} x {sites:,}, {new} new: {rows:,} rows", _since(begun))
    for gap in gaps:
        begun = time.process_time()
        plan = solve(world.task, gap=gap, time_limit_s=limit_s)
        reached = 1 - plan.after / plan.bound
        _say(f"    asked {gap:.2%}, reached {reached:.3%}, {plan.status}", _since(begun))
    _say_peak()


def by_draw(points: int, sites: int, new: int, seeds: range, limit_s: float) -> None:
    """Print how far the relaxation lies above the plans of several draws, and how they end."""
    for weighing in (USUAL, UNEVEN):
        for seed in seeds:
            world = towns(points, sites, new, seed=seed, weighing=weighing)
            reduced = reduce_problem(world.task)
            relaxation = Relaxation(reduced, greedy(reduced, per_yuan=False))
            relaxation.run(near=1e-5, deadline=float("inf"))
            begun, near = time.process_time(), [np.inf]
            watch = partial(_note_near, reduced, begun, near)
            found = best_plan(reduced, gap=0.0, time_limit_s=limit_s, seed=0, watch=watch)
            took, most = _since(begun), relaxation.best.upper
            reached = value(reduced, found.plan)
            _say(
                f"weights {weighing}, draw {seed}: {reached:,.0f}, relaxation"
                f" {1 - reached / most:.3%} above; gap {NEAR:.2%} after {min(near):.2f} s,"
                f" {1 - reached / found.bound:.3%} at the end",
                took,
            )


def _note_near(reduced: Reduced, begun: float, near: list[float], found: Found) -> None:
    if 1 - value(reduced, found.plan) / found.bound <= NEAR:
        near.append(_since(begun))


def uniform(points: int, sites: int, radius: float, new: int) -> None:
    """Print how long points on a square of 30 x 30 take, looked at part by part, and the proof.

    As Cordeau, Furini & Ljubic (2019) draw them, with numpy's draws: sites and points anywhere,
    weights from 1 to 100, as the crow flies.
    """
    draws = np.random.default_rng(1)
    places = draws.uniform(0, GRID, (sites, 2))
    seconds = {"who reaches whom": 0.0, "merged": 0.0, "proved": 0.0}

    def parts() -> Iterator[tuple[NDArray[np.float64], Reach]]:
        for _ in range(points // _PART):
            east, north = draws.uniform(0, GRID, (2, _PART))
            weights = draws.integers(1, 101, _PART).astype(float)
            begun = time.process_time()
            near = [_near(place, east, north, radius) for place in places]
            starts = np.cumsum([0, *(len(some) for some in near)])
            demand = np.concatenate(near).astype(np.int32)
            seconds["who reaches whom"] += _since(begun)
            begun = time.process_time()
            yield weights, Reach(starts, demand, _PART)
            seconds["merged"] += _since(begun)

    weights, reach = streamed(parts())
    task = Problem(
        weights=weights,
        covered=np.zeros(len(weights), dtype=bool),
        indptr=reach.indptr.astype(np.int64),
        demand=reach.demand.astype(np.int32),
        cost_yuan=np.full(sites, 2000),
        allowed=np.ones(sites, dtype=bool),
        new=new,
    )
    begun = time.process_time()
    plan = solve(task, time_limit_s=600)
    seconds["proved"] = _since(begun)
    _say(
        f"{points:,} points x {sites} sites, {len(weights):,} rows: {plan.status} {plan.after:,.0f}"
    )
    for what, took in seconds.items():
        _say(f"    {what}", took)
    _say_peak()


def _near(
    place: NDArray[np.float64],
    east: NDArray[np.float64],
    north: NDArray[np.float64],
    radius: float,
) -> NDArray[np.int64]:
    apart = (east - place[0]) ** 2 + (north - place[1]) ** 2
    return np.flatnonzero(apart <= radius**2)


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


def with_sides(points: int, sites: int, new: int, limit_s: float) -> None:
    """Print the gap of plans with floors, quotas, pairs; and what HiGHS makes of the same model."""
    world = towns(points, sites, new)
    names = np.unique(world.town)
    least, most = max(new // 50, 1), max(new // 12, 1)
    of_town = tuple(
        Quota(f"town {name}", tuple(np.flatnonzero(world.site_town == name).tolist()), least, most)
        for name in names
    )
    thrown = np.random.default_rng(5).permutation(sites).tolist()
    bundles = tuple(
        Quota(f"host {at}", tuple(thrown[at : at + 4]), most=1) for at in range(0, sites, 4)
    )
    near = tuple((one, two) for one, two in KDTree(world.sites).query_pairs(800.0))
    asked = {
        "floors of 5 %": replace(world.task, floors=_floors(world, 0.05)),
        "floors of 12 %": replace(world.task, floors=_floors(world, 0.12)),
        f"in each town {least} to {most}": replace(world.task, quotas=of_town),
        f"{len(bundles):,} exclusive bundles of 4": replace(world.task, quotas=bundles),
        f"{len(near):,} pairs nearer than 800 m": replace(world.task, apart=near),
        "all but bundles, floors of 8 %": replace(
            world.task, floors=_floors(world, 0.08), quotas=of_town, apart=near
        ),
    }
    for name, task in asked.items():
        begun = time.process_time()
        plan = solve(task, time_limit_s=limit_s)
        _say(f"{name}: gap {_gap(plan.after, plan.bound)}, {plan.status}", _since(begun))
        reduced = reduce_problem(task)
        place = {int(site): column for column, site in enumerate(reduced.site)}
        for start, words in (([], "alone"), ([place[s] for s in plan.chosen], "from our plan")):
            begun = time.process_time()
            ran = solve_milp(reduced, start, time_limit_s=ALONE_S, seed=0)
            found = 0.0 if ran.columns is None else value(reduced, ran.columns)
            _say(f"    HiGHS {words}: gap {_gap(found, ran.bound)}", _since(begun))


def most_even(points: int, sites: int, new: int, limit_s: float) -> None:
    """Print the greatest least share of towns and its bound; and what HiGHS makes of the model."""
    world = towns(points, sites, new)
    shares = shares_of(world.task, _floors(world, 0.0))
    begun = time.process_time()
    found = fairest(shares, time_limit_s=limit_s, seed=0)
    _say(f"least share {found.share:.4f}, bound {found.bound:.4f}", _since(begun))
    begun = time.process_time()
    model = build_fairest(shares)
    nothing = [0.0] * model.num_col_
    ran = run(model, nothing, len(shares.reduced.site), time_limit_s=ALONE_S, seed=0)
    alone = 0.0 if ran.chosen is None else shares.least(np.flatnonzero(ran.chosen).tolist())
    _say(f"    HiGHS alone: {alone:.4f}, bound {ran.bound:.4f}", _since(begun))


def _floors(world: Towns, share: float) -> tuple[Floor, ...]:
    names = np.unique(world.town)
    return tuple(Floor(f"town {name}", world.town == name, share) for name in names)


def _gap(found: float, bound: float) -> str:
    return (
        f"{max(1 - found / bound, 0.0):.2%}"
        if np.isfinite(bound) and bound > 0
        else "without a bound"
    )


def _interior_point(reduced: Reduced) -> float:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # theirs has no types
    solver.silent()
    for option, setting in (("solver", "ipm"), ("run_crossover", "off"), ("threads", 1)):
        solver.setOptionValue(option, setting)
    model = build(reduced)
    model.integrality_ = []
    solver.passModel(model)
    solver.run()
    return float(solver.getObjectiveValue()) * float(reduced.weights.max())


def _say_peak() -> None:
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    _say(f"    peak memory {peak_gb:.2f} GB, with what made the instance")


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
    if "draws" in asked:
        by_draw(50_000, 2000, 100, range(1, 6), 60.0)
    _by_gaps(asked)
    if "cordeau" in asked:
        uniform(20_000_000, 100, 5.5, 10)
    if "sides" in asked:
        with_sides(50_000, 2000, 100, 20.0)
    if "fair" in asked:
        most_even(50_000, 2000, 100, 30.0)
    if "bound" in asked:
        against_interior_point(50_000, 10_000, 100)


def _by_gaps(asked: set[str]) -> None:
    if "district" in asked:
        by_gap(50_000, 2000, 100, (0.003, 0.0012, 0.0), 60)
        by_gap(50_000, 10_000, 100, (0.01, 0.005), 60)
    if "city" in asked:
        by_gap(1_000_000, 20_000, 500, (0.015, 0.01), 300, area_km2=CITY_KM2)
    if "nation" in asked:
        by_gap(10_000_000, 200_000, 5000, (0.022,), 1800, area_km2=NATION_KM2)


if __name__ == "__main__":
    main()
