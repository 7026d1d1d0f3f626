"""Set covering: what it refuses, what it names, and the models written out."""

from pathlib import Path

import highspy
import numpy as np
import pytest
from scipy import sparse

from geo.catchments import Travel
from geo.errors import InfeasibleError, InputError
from siting.allocation.cover import engine as cover_engine
from siting.allocation.cover import share as cover_share
from siting.allocation.cover.dominance import Cover
from siting.allocation.cover.milp import ShareGoal, build_cover
from siting.allocation.set_covering import (
    CoveringProblem,
    cover,
    covering_problem,
    cutoffs_needed,
)

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


def walks(rows: list[list[tuple[int, int]]], points: int) -> Travel:
    """Return a travel matrix from (demand point, millimetres) per site."""
    entries = [entry for row in rows for entry in row]
    return Travel(
        indptr=np.cumsum([0, *map(len, rows)]),
        demand=np.array([point for point, _ in entries], dtype=np.int32),
        cost=np.array([cost for _, cost in entries], dtype=np.int32),
        method="street",
        site_status=np.zeros(len(rows), dtype=np.uint8),
        demand_status=np.zeros(points, dtype=np.uint8),
        cutoff=2000.0,
    )


TRAVEL = walks(
    [[(0, 100), (1, 500)], [(1, 400), (2, 500)], [(2, 300), (3, 501)], [(3, 900), (4, 1900)]], 6
)
WEIGHTS = np.array([5.0, 4.0, 3.0, 2.0, 1.0, 1.0])
COST = np.array([0, 3000, 2000, 2000])


def asked(share: float | None, goal: str = "stations", cutoff: int = 500) -> CoveringProblem:
    existing = np.array([True, False, False, False])
    return covering_problem(
        TRAVEL,
        WEIGHTS,
        existing,
        COST,
        cutoff=cutoff,
        share=share,
        goal=goal,  # type: ignore[arg-type]  # as tests name it
    )


def test_existing_stations_cover_already_and_the_cut_off_is_inclusive() -> None:
    plan = cover(asked(None))
    assert (plan.before, plan.after, plan.target) == (9.0, 12.0, 12.0)
    assert (plan.value, plan.bound, plan.status, plan.gap) == (1, 1, "optimal", 0.0)
    assert plan.chosen in {(1,), (2,)}
    assert cover(asked(None, goal="money")).chosen == (2,)


def test_what_no_candidate_covers_is_named_with_the_cut_off_it_takes() -> None:
    plan = cover(asked(None))
    assert plan.uncoverable == (3, 4, 5)
    assert cutoffs_needed(TRAVEL, plan.uncoverable).tolist() == [501, 1900, -1]


def test_a_share_counts_those_whom_nobody_reaches() -> None:
    assert cover(asked(0.5)).chosen == ()
    plan = cover(asked(0.75))
    assert (plan.value, plan.after) == (1, 12.0)
    with pytest.raises(InfeasibleError, match=r"80\.0%.*75\.0%"):
        asked(0.8)
    with pytest.raises(InputError, match=r"1\.2"):
        asked(1.2)


def test_nothing_to_cover_takes_nothing() -> None:
    plan = cover(asked(None, cutoff=0))
    assert (plan.chosen, plan.value, plan.status) == ((), 0, "optimal")
    assert plan.uncoverable == (0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize("name", ["cover_all", "cover_share"])
def test_the_model_is_the_one_written_out(name: str, tmp_path: Path) -> None:
    reach = sparse.csr_array(np.array([[1.0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]]))
    left = Cover(np.array([0, 2, 5]), reach, np.array([4000, 2000, 6000]))
    goal = ShareGoal(np.array([10.0, 20.0, 30.0, 40.0]), 90.0) if name == "cover_share" else None
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.passModel(build_cover(left, goal))
    written = tmp_path / "model.lp"
    solver.writeModel(str(written))
    golden = (GOLDEN / f"{name}.lp").read_text(encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden


@pytest.mark.parametrize("share", [None, 0.5])
def test_without_time_there_is_a_plan_and_no_solver_is_asked(
    share: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = np.random.default_rng(2)
    sites, points, each = 30, 200, 24
    problem = CoveringProblem(
        weights=draws.integers(1, 9, points).astype(float),
        covered=np.zeros(points, dtype=bool),
        indptr=np.arange(sites + 1) * each,
        demand=np.concatenate(
            [np.sort(draws.choice(points, each, replace=False)) for _ in range(sites)]
        ).astype(np.int32),
        cost_yuan=np.full(sites, 2000),
        allowed=np.ones(sites, dtype=bool),
        share=share,
    )
    best = cover(problem)
    asked: list[object] = []
    for module in (cover_engine, cover_share):
        monkeypatch.setattr(module, "solve_cover", lambda *_, **__: asked.append(1))
    rushed = cover(problem, time_limit_s=0.0)
    assert not asked
    assert rushed.bound <= best.bound <= best.value <= rushed.value
    assert rushed.after >= rushed.target
