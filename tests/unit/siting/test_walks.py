"""p-median and p-center: what they refuse, what they name, and the model written out."""

from pathlib import Path

import highspy
import numpy as np
import pytest

from geo.errors import InfeasibleError, InputError
from siting.allocation.center import p_center
from siting.allocation.median import p_median
from siting.allocation.walking.median_milp import build_median
from siting.allocation.walking.walks import WalkProblem, walks_of
from tests.unit.siting.test_set_covering import walks

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
LINE = walks(
    [
        [(0, 100), (1, 400)],
        [(0, 400), (1, 200), (2, 300)],
        [(1, 500), (2, 100), (3, 400)],
        [(2, 500), (3, 0)],
    ],
    5,
)


def asked(new: int, penalty: int | None = 1000, weights: str = "54321") -> WalkProblem:
    return WalkProblem(
        travel=LINE,
        weights=np.array([float(weight) for weight in weights]),
        existing=np.array([True, False, False, False]),
        allowed=np.array([True, True, True, True]),
        new=new,
        penalty=penalty,
    )


def test_the_existing_station_stays_and_the_penalty_is_stated() -> None:
    nothing, one = p_median(asked(0)), p_median(asked(1))
    # 5 x 100 + 4 x 400, then 3, 2 and 1 workers beyond reach.
    assert (nothing.value, nothing.unreached) == (500 + 1600 + 6000, (2, 3, 4))
    assert (one.chosen, one.value, one.unreached) == ((2,), 500 + 1600 + 300 + 800 + 1000, (4,))
    assert (one.status, one.mean, one.gap) == ("optimal", one.value / 15, 0.0)


def test_without_a_penalty_nobody_may_be_beyond_reach() -> None:
    with pytest.raises(InfeasibleError, match=r"2 demand points.*(3)"):
        p_median(asked(1, penalty=None))
    assert p_median(asked(3, penalty=None, weights="54320")).value == 500 + 800 + 300


def test_the_longest_walk_and_who_walks_it() -> None:
    with pytest.raises(InfeasibleError, match="1 demand points"):
        p_center(asked(2))
    plan = p_center(asked(2), unreachable="leave_out")
    assert (plan.value, plan.bound, plan.status, plan.left_out) == (300, 300, "optimal", (4,))
    assert (plan.chosen, plan.farthest) == ((1, 3), (2,))
    with pytest.raises(InfeasibleError, match="0 new stations"):
        p_center(asked(0), unreachable="leave_out")


@pytest.mark.parametrize(
    ("new", "penalty", "code"),
    [(-1, 1000, "siting_walk_new_negative"), (1, 499, "siting_walk_penalty_small")],
)
def test_what_means_nothing_is_refused(new: int, penalty: int, code: str) -> None:
    with pytest.raises(InputError) as error:
        asked(new, penalty)
    assert error.value.code == code
    with pytest.raises(InputError) as error:
        WalkProblem(LINE, np.ones(5), np.zeros(4, dtype=bool), np.ones(4, dtype=bool), new=0)
    assert error.value.code == "siting_walk_none_open"


def test_the_model_is_the_one_written_out(tmp_path: Path) -> None:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.passModel(build_median(walks_of(asked(1))))
    written = tmp_path / "model.lp"
    solver.writeModel(str(written))
    golden = (GOLDEN / "median.lp").read_text(encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden
