"""Questions that follow one another: every answer feasible, every bound true, the best at the end.

Each question changes the one before it in one thing, as a planner does.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import jobs
from geo.errors import InfeasibleError, InputError
from siting.allocation import Problem, Solution, anneal, solve
from siting.allocation.again import Again, keep
from siting.allocation.engine import Found
from siting.allocation.problem import Quota
from siting.allocation.reduce import reduce_problem
from siting.allocation.solve import searched
from tests.properties.test_siting_allocation import problems
from tests.unit.siting.plans import plans, problem

YUAN = 1000


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search here: other tests ask other processes."""

    class Here:
        def __init__(self, found: Found) -> None:
            self.told = None
            self.result = lambda: found

        def over(self, wait_s: float = 0.0) -> bool:
            return wait_s >= 0

    def start(
        function: object, reduced: object, plan: list[int], *rest: object, **_: object
    ) -> Here:
        del function
        tolerance, gap, limit_s, seed = rest
        return Here(
            searched(
                reduced,  # type: ignore[arg-type]
                tolerance=tolerance,  # type: ignore[arg-type]
                gap=gap,  # type: ignore[arg-type]
                time_limit_s=limit_s,  # type: ignore[arg-type]
                seed=seed,  # type: ignore[arg-type]
                start=plan,
            )
        )

    monkeypatch.setattr(jobs, "start", start)


@st.composite
def changed(draw: st.DrawFn, problem: Problem) -> Problem | None:
    """Draw a question that follows; None: it asks what means nothing."""
    site = st.integers(0, problem.candidates - 1)
    how = draw(st.sampled_from(["new", "budget", "weights", "pin", "reject", "back"]))
    change: dict[str, object] = {}
    if how == "new":
        change = {"new": draw(st.integers(1, 4))}
    elif how == "budget":
        change = {"budget_yuan": draw(st.integers(1, 12)) * YUAN}
    elif how == "weights":
        weight = st.integers(0, 20).map(float)
        size = len(problem.weights)
        change = {"weights": np.array(draw(st.lists(weight, min_size=size, max_size=size)))}
    elif how == "pin":
        change = {"quotas": (*problem.quotas, Quota("pinned", (draw(site),), 1))}
    elif how == "reject":
        allowed = problem.allowed.copy()
        allowed[draw(site)] ^= True
        change = {"allowed": allowed}
    else:
        change = {"quotas": ()}
    try:
        return replace(problem, **change)  # type: ignore[arg-type]
    except (InfeasibleError, InputError):
        return None


def keeping_to(task: Problem) -> Iterator[tuple[int, ...]]:
    """Yield every plan within the limits that has what is pinned."""
    for plan in plans(task):
        if all(set(quota.sites) <= set(plan) for quota in task.quotas):
            yield plan


def check(task: Problem, solution: Solution) -> None:
    """Check an answer against every plan."""
    allowed = set(keeping_to(task))
    best = max(task.value(plan) for plan in allowed)
    assert tuple(sorted(solution.chosen)) in allowed
    assert solution.after == pytest.approx(task.value(solution.chosen))
    assert solution.bound >= best - 1e-9
    assert sum(solution.gains) == pytest.approx(solution.after - solution.before)
    if solution.status == "optimal":
        assert solution.after == pytest.approx(best)


@given(problems(), st.data())
def test_answers_that_follow_one_another_are_plans_with_true_bounds(
    first: Problem | None, data: st.DataObject
) -> None:
    if first is None or not first.candidates:
        return
    again, task = Again(), first
    for _ in range(3):
        if any(keeping_to(task)):
            check(task, again.answer(task, within_s=0.02))
            found = again.begin(task, within_s=0.02).solution()
            check(task, found)
            assert found.status == "optimal"
            assert found.after == pytest.approx(solve(task).after)
        task = data.draw(changed(task)) or task


def test_what_is_kept_fits_the_same_catchments_only() -> None:
    task = problem([[0, 1], [1, 2]], [5, 1, 7], new=1)
    kept = keep(task)
    assert kept.fits(
        replace(task, new=2, weights=task.weights * 2, allowed=np.array([True, False]))
    )
    assert not kept.fits(replace(task, covered=np.array([True, False, False])))
    assert not kept.fits(problem([[0, 1], [1]], [5, 1, 7], new=1))
    assert not kept.fits(replace(task, cost_yuan=task.cost_yuan + 1))


@pytest.mark.skipif(not anneal.AVAILABLE, reason="without machine code swaps are plain")
def test_what_another_process_compiles_is_what_searches_run() -> None:
    anneal.compile_kernel()
    assert anneal.at_hand()
    made: object = anneal._run
    kinds = list(getattr(made, "signatures"))  # noqa: B009 -- what numba adds has no type
    reduced = reduce_problem(problem([[0, 1], [1, 2], [2, 3]], [5, 1, 7, 2], new=1))
    found = anneal.annealed(reduced, [0], np.arange(3), scale=1.0, steps=100, seed=0)
    assert found == [2]
    assert list(getattr(made, "signatures")) == kinds  # noqa: B009 -- the same
