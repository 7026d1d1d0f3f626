"""Swaps of single sites, against closing and opening them one by one."""

from hypothesis import assume, given
from hypothesis import strategies as st

from siting.allocation import Problem
from siting.allocation.exchange import Exchange
from tests.properties.test_siting_sides import kept, sided
from tests.unit.siting.plans import plans


@given(sided(), st.data())
def test_every_swap_is_what_closing_and_opening_gives(
    task: Problem | None, data: st.DataObject
) -> None:
    assume(task is not None)
    if task is None:
        return
    feasible = [plan for plan in plans(task) if kept(task, plan)]
    assume(feasible)
    plan = data.draw(st.sampled_from(feasible))
    swaps = Exchange(task, plan)
    value = task.value(plan)
    for position, site in enumerate(plan):
        others = tuple(other for other in plan if other != site)
        assert abs(swaps.alone[position] - (task.value((site,)) - task.value(()))) < 1e-6
        assert abs(swaps.lost[position] - (value - task.value(others))) < 1e-6
        gains = swaps.gains_without(position)
        broken = [limit.broken for limit in swaps.limits(position)]
        for candidate in set(range(task.candidates)) - set(others):
            swapped = (*others, candidate)
            assert abs(gains[candidate] - (task.value(swapped) - task.value(others))) < 1e-6
            cost = int(task.cost_yuan[list(swapped)].sum())
            fits = task.budget_yuan is None or cost <= task.budget_yuan
            assert any(b[candidate] for b in broken) == (not (fits and kept(task, swapped)))
