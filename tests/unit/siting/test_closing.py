"""Stations closed and moved, against trying every way to close and open."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InfeasibleError, InputError
from siting.allocation import solve
from siting.model import Inputs, Parameters
from siting.planning import coverage
from siting.plans.closing import closing_of
from siting.plans.problem import problem_of
from siting.plans.proposing import propose
from siting.plans.wishes import FloorWish, Wishes, side_constraints
from siting.sites import site_travel
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=500.0)


def district(
    points: list[tuple[float, int]], stations: list[float], candidates: list[float]
) -> Inputs:
    """Return places along a line, in metres; stations s0, s1 ..., candidates c0, c1 ..."""
    heads = [
        {"id": f"d{n}", **place(at, 0), "workers": workers, "group": ("guard", "courier")[n % 2]}
        for n, (at, workers) in enumerate(points)
    ]
    open_now = [{"id": f"s{n}", "name": f"站{n}", **place(at, 0)} for n, at in enumerate(stations)]
    possible = [
        {"id": f"c{n}", **place(at, 0), "cost_yuan": 2000} for n, at in enumerate(candidates)
    ]
    return Inputs(
        table("demand", heads), table("stations", open_now), table("candidates", possible)
    )


def best(inputs: Inputs, new: int, wishes: Wishes) -> float | None:
    """Return the most that any way to close and open covers."""
    travel = site_travel(inputs, PARAMETERS)
    stations, candidates = len(inputs.stations), len(inputs.candidates)
    fixed = {int(n[1:]) for n in wishes.keep}
    gone = {int(n[1:]) for n in wishes.close}
    free = sorted(set(range(stations)) - fixed - gone)
    values = []
    most = min(wishes.closings + wishes.moves, len(free))
    for count in range(wishes.closings, most + 1):
        for closed in itertools.combinations(free, count):
            for size in range(new + count - wishes.closings + 1):
                for opened in itertools.combinations(range(candidates), size):
                    mask = np.zeros(stations + candidates, dtype=bool)
                    mask[sorted(set(range(stations)) - gone - set(closed))] = True
                    mask[[stations + one for one in opened]] = True
                    values.append(
                        float(travel.demand.point_hours[travel.matrix.covered(mask)].sum())
                    )
    return max(values) if values else None


AT = st.integers(0, 40).map(lambda step: 100.0 * step)


@settings(max_examples=6)
@given(
    st.lists(st.tuples(AT, st.integers(1, 30)), min_size=1, max_size=8),
    st.lists(AT, min_size=1, max_size=4, unique=True),
    st.lists(AT, min_size=1, max_size=4, unique=True),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 2),
    st.sampled_from([(), ("s0",)]),
)
def test_plans_close_and_move_the_best_way(
    points: list[tuple[float, int]],
    stations: list[float],
    candidates: list[float],
    new: int,
    closings: int,
    moves: int,
    keep: tuple[str, ...],
) -> None:
    inputs = district(points, stations, candidates)
    wishes = Wishes(keep=keep, closings=closings, moves=moves)
    most = best(inputs, new, wishes)
    if most is None:
        with pytest.raises(InfeasibleError):
            closing_of(inputs, wishes)
        return
    closing = closing_of(inputs, wishes)
    travel = site_travel(inputs, PARAMETERS)
    sides = side_constraints(closing.inputs, travel.demand, wishes)
    problem = closing.extended(
        problem_of(closing.inputs, travel, new, None, None, sides), travel, 0
    )
    settled = closing.settled(problem, solve(problem), travel)
    assert settled.solution.after == pytest.approx(most)
    assert settled.solution.bound == pytest.approx(most)
    closed = [one.id for one in settled.closed]
    assert closings <= len(closed) <= closings + moves
    assert len(settled.solution.chosen) <= new + len(closed) - closings
    assert not set(closed) & set(wishes.keep)
    gained = settled.solution.after - settled.solution.before + settled.lost
    assert sum(settled.solution.gains) == pytest.approx(gained)


def test_a_station_that_others_make_useless_moves_to_where_workers_are() -> None:
    inputs = district([(0, 10), (3000, 7)], [0.0, 50.0], [3000.0])
    plan = propose(inputs, PARAMETERS, new=0, wishes=Wishes(moves=2))
    assert [site.id for site in plan.selected] == ["c0"]
    assert len(plan.closed) == 1  # closing the other one, too, would win nothing
    assert (plan.workers_covered_before, plan.workers_covered_after) == (10, 17)
    assert plan.workers_lost_by_closing == 0
    assert plan.as_dict("zh")["closed"] == [
        {"id": plan.closed[0].id, "name": plan.closed[0].name, "asked": False, "workers_lost": 0}
    ]
    assert "撤掉现有驿站 1 座" in plan.remark_zh
    kept = propose(inputs, PARAMETERS, new=0, wishes=Wishes(moves=2, keep=("s0", "s1")))
    assert (kept.selected, kept.closed) == ((), ())


def test_a_station_closed_for_certain_is_told_with_what_it_costs() -> None:
    inputs = district([(0, 10), (3000, 7)], [0.0, 3000.0], [0.0])
    plan = propose(inputs, PARAMETERS, new=1, wishes=Wishes(close=("s1",)))
    assert [(one.id, one.asked, one.workers_lost) for one in plan.closed] == [("s1", True, 7)]
    assert (plan.workers_covered_before, plan.workers_covered_after) == (17, 10)
    assert plan.workers_lost_by_closing == 7
    assert plan.status == "optimal"


def test_new_stations_keep_their_distance_only_from_stations_that_stay() -> None:
    inputs = district([(0, 10), (600, 9)], [0.0], [300.0])
    near = propose(inputs, PARAMETERS, new=1, wishes=Wishes(spacing_m=350.0))
    assert near.selected == ()
    moved = propose(
        inputs, PARAMETERS, new=1, wishes=Wishes(spacing_m=350.0, closable=("all",), moves=1)
    )
    assert ([site.id for site in moved.selected], moved.workers_covered_after) == (["c0"], 19)


def test_a_group_is_lifted_to_its_floor() -> None:
    inputs = district([(0, 10), (3000, 7), (6000, 9)], [0.0], [3000.0, 6000.0])
    assert [s.id for s in propose(inputs, PARAMETERS, new=1).selected] == ["c1"]
    floor = FloorWish(1.0, field="group", code="courier")
    plan = propose(inputs, PARAMETERS, new=1, wishes=Wishes(floors=(floor,)))
    assert [site.id for site in plan.selected] == ["c0"]
    each = propose(
        inputs, PARAMETERS, new=1, wishes=Wishes(floors=(FloorWish(0.9, field="group"),))
    )
    assert each.status == "infeasible"
    assert "覆盖 52.6%（要求 90.0%）" in each.remark_zh


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        (Wishes(close=("?",)), "siting_plan_no_station"),
        (Wishes(close=("all",)), "siting_plan_no_station"),
        (Wishes(keep=("all",)), "siting_plan_no_station"),
        (Wishes(close=("s0",), keep=("s0",)), "siting_plan_kept_and_closed"),
        (Wishes(moves=-1), "siting_plan_closings"),
        (Wishes(floors=(FloorWish(0.5, field="window", code="?"),)), "siting_plan_no_value"),
    ],
)
def test_what_means_nothing_is_refused(wishes: Wishes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        propose(district([(0, 10)], [0.0], [50.0]), PARAMETERS, new=1, wishes=wishes)
    assert caught.value.code == code


def test_more_closings_than_stations_are_infeasible() -> None:
    plan = propose(district([(0, 10)], [0.0], [50.0]), PARAMETERS, new=1, wishes=Wishes(closings=2))
    assert plan.status == "infeasible"
    assert coverage(district([(0, 10)], [0.0], [50.0]), PARAMETERS).workers_covered == 10
