"""Models with levels and with years, written out: read them beside docs/methods."""

from pathlib import Path

import highspy
import numpy as np
import pytest

from siting.allocation.counted.anneal import AVAILABLE, annealed_rows
from siting.allocation.counted.bound import CountedRelaxation
from siting.allocation.counted.engine import best_rows
from siting.allocation.counted.milp import build_rows
from siting.allocation.counted.rows import Rows, greedy_plan
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.robust import RobustProblem, robust_reduced, robust_rows
from siting.allocation.roll_out import phased_problem, phased_rows
from tests.unit.siting.plans import problem

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
TASK = problem([[0, 1], [1, 2], [2, 3]], [10, 20, 30, 40], new=2, budget_yuan=5000)


def robust_model() -> tuple[Reduced, Rows]:
    asked = RobustProblem(TASK, 0.5, np.array([1, 0, 0, 0]), 0.25)
    reduced = robust_reduced(asked)
    return reduced, robust_rows(asked, reduced)


def phased_model() -> tuple[Reduced, Rows]:
    base = reduce_problem(TASK)
    phased = phased_problem(base, (1, 1))
    return phased, phased_rows(phased, base.columns, (1, 1))


@pytest.mark.parametrize(("name", "model"), [("robust", robust_model), ("phased", phased_model)])
def test_the_model_is_the_one_written_out(name: str, model: object, tmp_path: Path) -> None:
    reduced, rows = robust_model() if model is robust_model else phased_model()
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.passModel(build_rows(reduced, rows))
    written = tmp_path / "model.lp"
    solver.writeModel(str(written))
    golden = (GOLDEN / f"counted_{name}.lp").read_text(encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden


def scattered(points: int, sites: int, new: int) -> tuple[Reduced, Rows]:
    """Return a robust problem of sites that each reach a few of many points on a line."""
    draws = np.random.default_rng(1)
    where = np.sort(draws.random(points))
    reached = [np.flatnonzero(abs(where - at) < 0.02).tolist() for at in draws.random(sites)]
    task = problem(reached, np.rint(draws.lognormal(1, 1, points)).tolist(), new=new)
    asked = RobustProblem(task, 0.2, np.zeros(points, dtype=np.int64))
    reduced = robust_reduced(asked)
    return reduced, robust_rows(asked, reduced)


def test_larger_problems_are_near_their_bound_and_within_limits() -> None:
    reduced, rows = scattered(400, 80, 8)
    found = best_rows(reduced, rows, sided=False, time_limit_s=5.0)
    assert rows.within(found.plan)
    assert rows.value(found.plan) >= rows.value(greedy_plan(rows, []))
    assert found.bound >= rows.value(found.plan)
    assert found.bound <= 1.01 * rows.value(found.plan)


@pytest.mark.full
@pytest.mark.skipif(not AVAILABLE, reason="without machine code nothing is annealed")
def test_annealing_keeps_to_the_limits_and_betters_greedy() -> None:
    reduced, rows = scattered(20_000, 1_000, 40)
    start = greedy_plan(rows, [])
    relaxation = CountedRelaxation(rows, start)
    relaxation.run(near=1e-3, deadline=np.inf, most=400)
    pool = np.arange(rows.columns)
    how = {"scale": relaxation.best.place, "steps": 200_000, "seed": 3}
    found = annealed_rows(rows, start, pool, **how)  # type: ignore[arg-type]  # three of a kind
    assert found == annealed_rows(rows, start, pool, **how)  # type: ignore[arg-type]  # the same
    assert rows.within(found)
    assert len(set(found)) == len(found)
    best = best_rows(reduced, rows, sided=False, time_limit_s=10.0)
    assert rows.value(best.plan) >= rows.value(start)
    assert rows.value(found) <= best.bound
