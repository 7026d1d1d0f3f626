"""The greatest least share, against trying every plan."""

from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.allocation import Floor, Problem, Quota, anneal, fairness, solve
from siting.allocation.engine import within
from siting.allocation.fairness import build_fairest, fairest, shares_of
from tests.properties.test_siting_bound import towns
from tests.properties.test_siting_sides import kept, sided
from tests.unit.siting.plans import plans, problem

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def least(task: Problem, fair: tuple[Floor, ...], plan: tuple[int, ...]) -> float:
    """Return the share of the worst-off by plain counting."""
    reached = task.reached(plan)
    shares = []
    for floor in fair:
        counts = task.weights if floor.weights is None else floor.weights
        total = counts[floor.points].sum()
        if total > 0:
            shares.append(counts[floor.points & reached].sum() / total)
    return float(min(shares))


@given(sided(), st.integers(0, 2**32 - 1))
def test_no_plan_does_better_for_the_worst_off(task: Problem | None, seed: int) -> None:
    if task is None:
        return
    draws = np.random.default_rng(seed)
    town = draws.integers(0, 3, len(task.weights))
    fair = tuple(Floor(f"town {n}", town == n, 0.0) for n in range(3))
    allowed = [plan for plan in plans(task) if kept(task, plan)]
    if not allowed or not task.weights.any():
        return
    shares = shares_of(task, fair)
    found = fairest(shares, time_limit_s=20.0, seed=0)
    best = max(least(task, fair, plan) for plan in allowed)
    assert found.share == pytest.approx(best)
    assert found.proved
    chosen = shares.reduced.sites(list(found.plan))
    assert kept(task, chosen)
    assert least(task, fair, chosen) == pytest.approx(found.share)
    # Then coverage, while the worst-off keeps its share: goals in their order of rank.
    lifted = tuple(replace(floor, share=found.share * (1 - 1e-9)) for floor in fair)
    second = solve(replace(task, floors=(*task.floors, *lifted)))
    as_fair = [plan for plan in allowed if least(task, fair, plan) >= best - 1e-9]
    assert second.after == pytest.approx(max(task.value(plan) for plan in as_fair))


@pytest.mark.skipif(not anneal.AVAILABLE, reason="no machine code on this platform")
def test_swaps_and_prices_come_near_what_the_exact_solver_proves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = towns(3, new=9)
    town = np.random.default_rng(3).integers(0, 4, len(task.weights))
    fair = tuple(Floor(f"town {n}", town == n, 0.0) for n in range(4))
    half = Quota("first half", tuple(range(task.candidates // 2)), most=5)
    shares = shares_of(replace(task, quotas=(half,)), fair)
    exact = fairest(shares, time_limit_s=60.0, seed=0)
    assert exact.proved
    monkeypatch.setattr(fairness, "SMALL_NONZEROS", 0)
    monkeypatch.setattr(fairness, "EXACT_NONZEROS", 0)
    near = fairest(shares, time_limit_s=1.5, seed=0)
    assert 0.8 * exact.share <= near.share <= exact.share * (1 + 1e-9)
    assert exact.share * (1 - 1e-9) <= near.bound <= exact.share * 1.25
    assert within(shares.at(near.share * (1 - 1e-9)), list(near.plan))


def test_the_model_is_the_one_written_out(tmp_path: Path) -> None:
    task = problem([[0, 1], [1, 2], [3], [2, 3]], [10, 20, 30, 40], new=2, covered=[])
    north = np.array([True, True, False, False])
    quota = Quota("east", (0, 1, 2), most=1)
    shares = shares_of(
        replace(task, quotas=(quota,)), (Floor("north", north, 0.0), Floor("south", ~north, 0.0))
    )
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # theirs has no types
    solver.silent()
    solver.passModel(build_fairest(shares))
    solver.writeModel(str(tmp_path / "model.lp"))
    written = (tmp_path / "model.lp").read_text(encoding="utf-8")
    assert written == (GOLDEN / "fairest.lp").read_text(encoding="utf-8")
