"""Sizes and years of a plan for another goal than coverage: each size solved by itself.

As `siting.plans.curve` has it for coverage: what each further station wins of the goal, where it
begins to win little, and which of a plan's sites come first. Plans with a target, whose size it
sets, have no curve; a longest walk is not shortened site by site, so that it has no years.
"""

from dataclasses import replace

from siting.allocation.bound import EXACT
from siting.plan_results import PlanResult
from siting.plans.curve import (
    Curve,
    CurvePoint,
    Year,
    budgets_to,
    elbow_of,
    size_of,
    sizes_to,
    years_from,
)
from siting.plans.goals.case import GoalCase, Reached
from siting.plans.goals.for_goal import PlanAsked
from siting.plans.goals.soft_common import points_reached
from siting.results import Status

CURVED = frozenset({"gradual", "backup", "capacity", "median", "center"})
"""Goals whose plans have a size that may be another."""

PHASED = frozenset({"stations", "money", "gradual", "backup", "capacity", "median"})
"""Goals whose plans may be opened one site after the other."""


def goal_curve(case: GoalCase, new: int | None, budget_yuan: int | None) -> Curve:
    """Return the best plans of sizes up to `new` or, where that is None, up to `budget_yuan`.

    Parameters
    ----------
    case
        A plan for a goal in `CURVED`; its time limit is of each size. Rule points are left aside.
    new, budget_yuan
        With both, sizes vary and the budget holds for each.
    """
    asked = case.asked
    sizes = (
        [replace(asked, new=size, budget_yuan=budget_yuan) for size in sizes_to(new)]
        if new is not None
        else [replace(asked, new=None, budget_yuan=most) for most in budgets_to(budget_yuan or 0)]
    )
    points: list[CurvePoint] = []
    for size in sizes:
        found = _point(case, size)
        points.append(_no_worse(case, found, points[-1]) if points else found)
    return Curve(tuple(points), _elbow(case, points), case.goal.objective, case.goal.unit)


def goal_years(case: GoalCase, years: int) -> tuple[Year, ...]:
    """Return which sites of a plan are opened in which year, as many in each as in the others.

    In the plan's order, those that win most first. A plan with a target is told in workers covered.

    Parameters
    ----------
    case
        A plan for a goal in `PHASED`.
    years
        At least 1.
    """
    if case.goal.objective not in CURVED:
        task = replace(case.task, limits=replace(case.task.limits, tolerance=0.0))
        # Proved of the plan is that it needs the least, not that it covers the most.
        return years_from(task, replace(case.plan, status="time_limit"), years)
    places = case.task.places(case.plan)
    covered = points_reached(case.task, places)
    present, rows, opened = case.task.sites.demand.present, [], 0
    for year in range(1, years + 1):
        until = -(-len(places) * year // years)
        figure = case.stick.figure(list(places[:until]))
        row = Year(
            year,
            tuple(site.id for site in case.plan.selected[opened:until]),
            present(float(covered[until])),
            0.0,
            goal=case.goal.objective,
            unit=case.goal.unit,
            figure=figure,
            regret=_regret(case, until, figure),
        )
        rows.append(row)
        opened = until
    return tuple(rows)


def _regret(case: GoalCase, sites: int, figure: float | None) -> float:
    """Return by how much the best plan of so many sites is better."""
    if figure is None or not sites:
        return 0.0
    if sites == len(case.plan.selected) and case.plan.proved_optimal:
        return 0.0
    best = _solved(case, replace(case.asked, new=sites))
    return 0.0 if best.found is None else max(case.better_by(best.found, figure), 0.0)


def _solved(case: GoalCase, asked: PlanAsked) -> Reached:
    return case.solved(asked, replace(case.limits, tolerance=0.0))


def _point(case: GoalCase, asked: PlanAsked) -> CurvePoint:
    """Return the best plan of one size; where none keeps to all that is asked: nothing built."""
    if not (asked.new if asked.new is not None else asked.budget_yuan):
        return _nothing(case, asked, "optimal")
    found = _solved(case, asked)
    if found.plan is None:
        return _nothing(case, asked, "infeasible" if found.proved_none else "time_limit")
    plan: PlanResult = found.plan
    total = plan.workers_total
    return CurvePoint(
        new=asked.new,
        budget_yuan=asked.budget_yuan,
        opened=len(plan.selected),
        cost_yuan=plan.cost_yuan,
        workers_covered=plan.workers_covered_after,
        bound_workers=plan.bound_workers,
        coverage=plan.workers_covered_after / total if total else 0.0,
        status=plan.status,
        figure=found.found,
        figure_bound=found.bound,
    )


def _nothing(case: GoalCase, asked: PlanAsked, status: Status) -> CurvePoint:
    plan = case.plan
    before, total = plan.workers_covered_before, plan.workers_total
    return CurvePoint(
        new=asked.new,
        budget_yuan=asked.budget_yuan,
        opened=0,
        cost_yuan=0,
        workers_covered=before,
        bound_workers=total,
        coverage=before / total if total else 0.0,
        status=status,
        figure=case.goal.before,
        figure_bound=case.goal.before if status == "optimal" else None,
    )


def _no_worse(case: GoalCase, point: CurvePoint, before: CurvePoint) -> CurvePoint:
    """Return a point that opens what the smaller plan opens where that reaches more."""
    if before.figure is None or point.status == "infeasible":
        return point
    if point.figure is not None:
        least = EXACT * max(abs(before.figure), 1.0)
        if case.better_by(point.figure, before.figure) >= -least:
            return point
    return replace(
        before,
        new=point.new,
        budget_yuan=point.budget_yuan,
        figure_bound=point.figure_bound,
        status="time_limit",
    )


def _elbow(case: GoalCase, points: list[CurvePoint]) -> int | None:
    """Return the number of the elbow among the points that have a figure."""
    told = [(number, point) for number, point in enumerate(points) if point.figure is not None]
    sizes = [size_of(point) for _, point in told]
    worth = [(-1 if case.less else 1) * (point.figure or 0.0) for _, point in told]
    found = elbow_of(sizes, worth)
    return None if found is None else told[found][0]
