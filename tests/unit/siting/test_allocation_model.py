"""The model, written out, against a file checked in: read it beside docs/methods."""

from pathlib import Path

import highspy
import numpy as np
import pytest

from siting.allocation.milp import PointsGoal, build
from siting.allocation.reduce import reduce_problem
from tests.unit.siting.plans import problem

SECOND = PointsGoal(60.0, apart=((0, 1, 3),))
GOLDEN = Path(__file__).resolve().parents[2] / "golden"


@pytest.mark.parametrize("goal", ["coverage", "points"])
def test_the_model_is_the_one_written_out(goal: str, tmp_path: Path) -> None:
    task = problem(
        [[0, 1], [1, 2], [3], [2, 3]],
        [10, 20, 30, 40],
        new=2,
        budget_yuan=8000,
        cost=[2000, 4000, 3000, 5000],
        points=np.array([10.0, 20.0, 30.0, 40.0]),
    )
    reduced = reduce_problem(task)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.passModel(build(reduced, SECOND if goal == "points" else None))
    written = tmp_path / "model.lp"
    solver.writeModel(str(written))
    golden = (GOLDEN / f"mclp_{goal}.lp").read_text(encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden
