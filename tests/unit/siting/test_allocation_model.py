"""The model, written out, against a file checked in: read it beside docs/methods."""

from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest

from siting.allocation import Floor, Quota
from siting.allocation.milp import PointsGoal, build
from siting.allocation.reduce import Reduced, reduce_problem
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
    written = written_out(reduced, tmp_path, SECOND if goal == "points" else None)
    assert written == (GOLDEN / f"mclp_{goal}.lp").read_text(encoding="utf-8")


def test_quotas_pairs_and_floors_are_rows_written_out(tmp_path: Path) -> None:
    task = problem([[0, 1], [1, 2], [3], [2, 3]], [10, 20, 30, 40], new=3)
    asked = replace(
        task,
        quotas=(Quota("east", (0, 1, 2), least=1, most=2),),
        apart=((0, 2), (2, 3), (0, 3)),
        floors=(
            Floor("north", np.array([True, True, False, False]), 0.5),
            Floor("couriers", np.ones(4, dtype=bool), 0.25, weights=np.array([4.0, 0.0, 4.0, 8.0])),
        ),
    )
    written = written_out(reduce_problem(asked), tmp_path)
    assert written == (GOLDEN / "mclp_sides.lp").read_text(encoding="utf-8")


def written_out(reduced: Reduced, folder: Path, second: PointsGoal | None = None) -> str:
    """Return the model as the solver writes it."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.passModel(build(reduced, second))
    solver.writeModel(str(folder / "model.lp"))
    return (folder / "model.lp").read_text(encoding="utf-8")
