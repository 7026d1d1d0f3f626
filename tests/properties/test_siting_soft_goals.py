"""Plans weighed by distance, by a second station or by seats, against trying every plan."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from geo.errors import InfeasibleError
from siting.allocation import Problem
from siting.allocation.backup import BackupProblem, backup_rows, solve_backup
from siting.allocation.capacity import CapacityProblem, seating_of, solve_capacity
from siting.allocation.counted.milp import build_rows
from siting.allocation.gradual import Band, GradualProblem, solve_gradual
from siting.allocation.highs import run
from siting.allocation.lazy_search import most_beside
from siting.allocation.seats.milp import build_seats, solve_seats
from siting.allocation.seats.prices import SeatPrices
from tests.properties.test_siting_allocation import problems
from tests.properties.test_siting_sides import kept, sided
from tests.unit.siting.plans import plans

TASKS = problems() | sided()
FAR = 20


@st.composite
def gradual(draw: st.DrawFn) -> GradualProblem | None:
    task = draw(TASKS)
    if task is None:
        return None
    way = st.integers(0, FAR)
    steps = draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 5)), min_size=1, max_size=3))
    most = np.cumsum([length for length, _ in steps]).tolist()
    worth = (np.cumsum([drop for _, drop in reversed(steps)])[::-1] / 15).tolist()
    return GradualProblem(
        base=task,
        cost=np.array([draw(way) for _ in task.demand], dtype=np.int32),
        nearest=np.array([draw(way) if near else -1 for near in task.covered], dtype=np.int32),
        bands=tuple(Band(*pair) for pair in zip(most, worth, strict=True)),
    )


@st.composite
def backup(draw: st.DrawFn) -> BackupProblem | None:
    task = draw(TASKS)
    if task is None:
        return None
    twice = np.array([near and draw(st.booleans()) for near in task.covered], dtype=bool)
    return BackupProblem(task, twice, draw(st.sampled_from([0.0, 0.1, 0.3, 0.5])))


@st.composite
def capacity(draw: st.DrawFn) -> CapacityProblem | None:
    task = draw(TASKS)
    if task is None:
        return None
    windows, stations = draw(st.integers(1, 2)), draw(st.integers(0, 2))
    points, some = len(task.weights), st.integers(0, 5)

    def table(rows: int) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
        drawn = [draw(some) for _ in range(rows * windows)]
        return np.array(drawn, dtype=np.int64).reshape(rows, windows)

    reach = np.array([[draw(st.booleans()) for _ in range(points)] for _ in range(stations)])
    reach = reach.reshape(stations, points).astype(bool)
    heads, hours = table(points), np.array([draw(st.integers(1, 3)) for _ in range(windows)]) * 1.0
    return CapacityProblem(
        base=replace(task, weights=heads @ hours, covered=reach.sum(axis=0) > 0),
        heads=heads,
        hours=hours,
        station_reach=sparse.csr_array(reach),
        station_seats=table(stations),
        seats=table(task.candidates),
    )


def best(task: Problem, worth: Callable[[tuple[int, ...]], float]) -> float | None:
    """Return the most that any plan is worth; None: none keeps to everything."""
    return max((worth(plan) for plan in plans(task) if kept(task, plan)), default=None)


def way_to_nearest(asked: GradualProblem, chosen: tuple[int, ...], point: int) -> int | None:
    """The nearest open station of a point, by looking at one after the other."""
    task, ways = asked.base, []
    if asked.nearest[point] >= 0:
        ways.append(int(asked.nearest[point]))
    for site in chosen:
        entries = range(task.indptr[site], task.indptr[site + 1])
        ways += [int(asked.cost[entry]) for entry in entries if task.demand[entry] == point]
    return min(ways, default=None)


def by_walking(asked: GradualProblem, chosen: tuple[int, ...]) -> float:
    total = 0.0
    for point, weight in enumerate(asked.base.weights.tolist()):
        way = way_to_nearest(asked, chosen, point)
        within = [band.worth for band in asked.bands if way is not None and way <= band.most]
        total += weight * (within[0] if within else 0.0)
    return total


@given(gradual())
def test_no_plan_is_worth_more_by_distance(asked: GradualProblem | None) -> None:
    if asked is None:
        return
    # Every plan has the same value walked, recomputed and stacked: the reduction is exact. A floor
    # is one of the last band.
    stacked = asked.stacked()
    for plan in plans(asked.base)[:40]:
        assert asked.value(plan) == pytest.approx(by_walking(asked, plan))
        assert stacked.value(plan) == pytest.approx(by_walking(asked, plan))
    wanted = best(stacked, lambda plan: by_walking(asked, plan))
    if wanted is None:
        with pytest.raises(InfeasibleError):
            solve_gradual(asked)
        return
    found = solve_gradual(asked)
    assert found.after == pytest.approx(wanted)
    assert kept(stacked, found.chosen)
    assert (found.status, found.bound >= found.after) == ("optimal", True)
    assert sum(found.by_band_after) == pytest.approx(asked.base.weights.sum())
    worths = [*(band.worth for band in asked.bands), 0.0]
    assert np.dot(worths, found.by_band_after) == pytest.approx(found.after)


@given(backup())
def test_no_plan_is_worth_more_with_second_stations(asked: BackupProblem | None) -> None:
    if asked is None:
        return
    wanted = best(asked.base, asked.value)
    if wanted is None:
        with pytest.raises(InfeasibleError):
            solve_backup(asked)
        return
    reduced, rows = backup_rows(asked)
    assert (rows.levels[:, 0] >= rows.levels[:, 1] - 1e-9).all()
    found = solve_backup(asked)
    assert found.after == pytest.approx(wanted)
    assert found.after == pytest.approx(by_counting(asked, found.chosen))
    assert kept(asked.base, found.chosen)
    assert (found.status, found.bound >= found.after) == ("optimal", True)
    place = {int(site): column for column, site in enumerate(reduced.site)}
    columns = [place[site] for site in found.chosen]
    assert found.before + rows.value(columns) == pytest.approx(found.after)


def by_counting(asked: BackupProblem, chosen: tuple[int, ...]) -> float:
    """What counts, by counting the stations of one point after the other."""
    task, total = asked.base, 0.0
    for point, weight in enumerate(task.weights.tolist()):
        near = int(task.covered[point]) + int(asked.twice[point])
        near += sum(
            point in task.demand[task.indptr[site] : task.indptr[site + 1]] for site in chosen
        )
        total += weight * (0.0, 1 - asked.share, 1.0)[min(near, 2)]
    return total


@given(capacity())
def test_no_plan_seats_more(asked: CapacityProblem | None) -> None:
    if asked is None:
        return
    wanted = best(asked.base, asked.value)
    if wanted is None:
        with pytest.raises(InfeasibleError):
            solve_capacity(asked)
        return
    found = solve_capacity(asked)
    assert found.after == pytest.approx(wanted)
    assert kept(asked.base, found.chosen)
    assert (found.status, found.bound >= found.after) == ("optimal", True)
    assert sum(found.gains) == pytest.approx(found.after - found.before)
    seats = np.vstack([asked.station_seats, asked.seats[list(found.chosen)]])
    assert (found.loads <= seats).all()
    assert (found.standing >= 0).all()
    seated = (asked.heads - found.standing).sum(axis=0)
    assert (seated == found.loads.sum(axis=0)).all()
    assert float(seated @ asked.hours) == found.after


@given(capacity())
def test_bounds_on_seats_hold_and_the_model_agrees(asked: CapacityProblem | None) -> None:
    if asked is None or best(asked.base, asked.value) is None:
        return
    reduced, goal = seating_of(asked)
    place = {int(site): column for column, site in enumerate(reduced.site)}
    worth = {
        tuple(place[site] for site in plan): asked.value(plan)
        for plan in plans(asked.base)
        if kept(asked.base, plan) and all(site in place for site in plan)
    }
    wanted = max(worth.values())
    some: list[tuple[int, ...]] = list(worth)[:6]
    for plan in some:
        assert goal.value(list(plan)) == worth[plan]
        assert most_beside(goal, reduced, list(plan)) >= wanted - 1e-6
        most = goal.most_beside(list(plan))
        for column in range(reduced.columns):
            gain = goal.value([*plan, column]) - worth[plan] if column not in plan else 0.0
            assert gain <= most[column] + 1e-6
    prices = SeatPrices(reduced, goal)
    for _ in range(3):
        assert prices.best.upper >= wanted
        never = set(np.flatnonzero(prices.never(wanted - 0.5)).tolist())
        assert all(never.isdisjoint(plan) for plan, value in worth.items() if value == wanted)
        prices.run(reached=wanted, near=0.0, deadline=np.inf, most=20)
    any_prices = goal.hours * np.random.default_rng(len(worth)).random(goal.heads.shape)
    assert prices.priced(any_prices).upper >= wanted
    _, start = min((value, list(plan)) for plan, value in worth.items())
    if reduced.columns and len(goal.heads):
        every = np.zeros(reduced.columns, dtype=bool)
        outcome = solve_seats(reduced, goal, start, every, time_limit_s=10.0, seed=0)
        assert outcome.finished
        assert outcome.bound == pytest.approx(wanted, abs=1e-6)


def test_seats_are_found_by_moving_others() -> None:
    # Both may sit at the first station, one of them also at the second: who moves leaves a seat.
    asked = CapacityProblem(
        base=Problem(
            weights=np.array([3.0, 3.0]),
            covered=np.array([True, True]),
            indptr=np.array([0, 1]),
            demand=np.array([0], dtype=np.int32),
            cost_yuan=np.array([2000]),
            allowed=np.array([True]),
            new=1,
        ),
        heads=np.array([[3], [3]]),
        hours=np.array([2.0]),
        station_reach=sparse.csr_array(np.array([[True, True]])),
        station_seats=np.array([[3]]),
        seats=np.array([[2]]),
    )
    found = solve_capacity(asked)
    assert (found.before, found.after, found.chosen) == (6.0, 10.0, (0,))
    assert found.loads.tolist() == [[3], [2]]
    assert found.standing.sum() == 1


@pytest.mark.full
@pytest.mark.parametrize("seed", range(6))
def test_the_exact_solver_alone_finds_no_better_plan(seed: int) -> None:
    draws = np.random.default_rng(seed)
    points, sites, new = 900, 80, 8
    where, places = draws.uniform(0, 4000, (points, 2)), draws.uniform(0, 4000, (sites, 2))
    ways = np.abs(places[:, None, :] - where[None, :, :]).sum(axis=2)
    site, point = np.nonzero(ways <= 1000)
    heads = draws.integers(0, 30, (points, 2))
    base = Problem(
        weights=heads @ np.array([3.0, 2.0]),
        covered=np.asarray((ways[:10] <= 700).sum(axis=0) > 0),
        indptr=np.concatenate([[0], np.cumsum(np.bincount(site, minlength=sites))]),
        demand=point.astype(np.int32),
        cost_yuan=1000 * draws.integers(2, 9, sites),
        allowed=np.ones(sites, dtype=bool),
        new=new,
        budget_yuan=4000 * new if seed % 2 else None,
    )
    old = sparse.csr_array(ways[:10] <= 700)
    seats = draws.integers(50, 400, (sites, 2))
    asked = CapacityProblem(base, heads, np.array([3.0, 2.0]), old, seats[:10], seats)
    reduced, goal = seating_of(asked)
    alone = run(build_seats(reduced, goal), [], reduced.columns, time_limit_s=120.0, seed=1)
    assert alone.chosen is not None
    chosen = tuple(reduced.site[np.flatnonzero(alone.chosen)].tolist())
    found = solve_capacity(asked, time_limit_s=120.0)
    assert (found.status, found.after) == ("optimal", asked.value(chosen))
    twice = BackupProblem(base, np.asarray((ways[:10] <= 700).sum(axis=0) > 1), 0.3)
    reduced, rows = backup_rows(twice)
    alone = run(build_rows(reduced, rows), [], reduced.columns, time_limit_s=120.0, seed=1)
    assert alone.chosen is not None
    chosen = tuple(reduced.site[np.flatnonzero(alone.chosen)].tolist())
    plan = solve_backup(twice, time_limit_s=120.0)
    assert plan.status == "optimal"
    assert plan.after == pytest.approx(twice.value(chosen))
