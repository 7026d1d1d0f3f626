"""Nested plans over years, against trying every one."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.allocation import Problem
from siting.allocation.roll_out import RollOut, solve_roll_out
from tests.properties.test_siting_allocation import problems
from tests.unit.siting.plans import problem


def nested(task: Problem, sizes: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """Yield every way to open sites by year within the sizes and the budget: what is open."""
    sites = [site for site in range(task.candidates) if task.allowed[site]]
    money = float("inf") if task.budget_yuan is None else task.budget_yuan
    for when in itertools.product(range(len(sizes) + 1), repeat=len(sites)):
        opened = [site for site, year in zip(sites, when, strict=True) if year < len(sizes)]
        if any(when.count(year) > size for year, size in enumerate(sizes)):
            continue
        if task.cost_yuan[opened].sum() <= money:
            yield [
                tuple(site for site, at in zip(sites, when, strict=True) if at <= year)
                for year in range(len(sizes))
            ]


def check(task: Problem, sizes: tuple[int, ...], found: RollOut) -> None:
    """Check what a roll-out says of itself."""
    assert len(found.years) == len(sizes)
    assert all(len(sites) <= size for sites, size in zip(found.years, sizes, strict=True))
    everything = [site for sites in found.years for site in sites]
    assert len(set(everything)) == len(everything)
    for year, after in enumerate(found.after):
        assert after == pytest.approx(task.value(sum(found.years[: year + 1], ())))


@given(problems(), st.lists(st.integers(0, 2), min_size=1, max_size=3))
def test_no_other_order_serves_more(task: Problem | None, years: list[int]) -> None:
    if task is None or task.asks_nothing or task.candidates > 5:
        return
    sizes = tuple(years)
    found = solve_roll_out(task, sizes)
    check(task, sizes, found)
    best = max(sum(task.value(opened) for opened in plan) for plan in nested(task, sizes))
    assert found.total == pytest.approx(best)
    assert found.status == "optimal"
    assert found.bound >= found.total


def test_the_best_first_year_is_not_part_of_the_best_last() -> None:
    task = problem([[0, 1], [1, 2, 3], [3, 4]], [10, 10, 8, 10, 10], new=2)
    soon = solve_roll_out(task, (1, 1), starts=(((0,), (2,)),))
    assert soon.years == ((1,), (0,))
    assert list(soon.after) == [28.0, 38.0]
    later = solve_roll_out(task, (1, 1, 0, 0, 0, 0))
    assert later.total == 20 + 5 * 40
    assert {*later.years[0], *later.years[1]} == {0, 2}
