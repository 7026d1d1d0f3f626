"""Lists of measures of other sizes, and over years: what more of them, or waiting, is worth.

As `siting.plans.curve` has it for new stations, by effective coverage: each size is a list made by
itself; years take the measures of one list in its order, and the regret is what the best list of
as many serves more.
"""

from collections.abc import Callable

from siting.actions.results import ActionPlan
from siting.allocation.bound import EXACT
from siting.plans.curve import Curve, CurvePoint, Year, budgets_to, elbow_of, size_of, sizes_to

GOAL = "effective"

Make = Callable[[int | None, int | None], ActionPlan]
"""Makes the best list for a number of places and a budget, yuan; None: no such limit."""


def action_curve(make: Make, new: int | None, budget_yuan: int | None) -> Curve:
    """Return the best lists of sizes up to `new` or, where that is None, up to `budget_yuan`.

    With both, sizes vary and the budget holds for each.
    """
    sizes: list[tuple[int | None, int | None]] = (
        [(size, budget_yuan) for size in sizes_to(new)]
        if new is not None
        else [(None, money) for money in budgets_to(budget_yuan or 0)]
    )
    points = [_point(make(*size), *size) for size in sizes]
    told = [(at, point) for at, point in enumerate(points) if point.status != "infeasible"]
    found = elbow_of([size_of(point) for _, point in told], [p.figure or 0.0 for _, p in told])
    return Curve(tuple(points), None if found is None else told[found][0], GOAL, "workers")


def action_years(make: Make, plan: ActionPlan, years: int) -> tuple[Year, ...]:
    """Return which measures of a list are taken in which year, as many in each as in the others.

    Parameters
    ----------
    plan
        The list, whose budget, if there is one, holds for each part of it.
    years
        At least 1.
    """
    rows, done, reached = [], 0, plan.workers_before
    budget = plan.parameters.get("budget_yuan")
    money = None if budget is None else int(str(budget))
    for year in range(1, years + 1):
        until = -(-len(plan.selected) * year // years)
        fresh = plan.selected[done:until]
        reached += sum(one.workers_gained for one in fresh)
        best = make(until, money).workers_after if until else reached
        regret = max(best - reached, 0.0)
        row = Year(
            year,
            tuple(one.id for one in fresh),
            plan.nominal_before.workers_covered,
            0.0,
            goal=GOAL,
            figure=reached,
            regret=regret if regret > EXACT * max(best, 1.0) else 0.0,
        )
        rows.append(row)
        done = until
    return tuple(rows)


def _point(plan: ActionPlan, new: int | None, budget_yuan: int | None) -> CurvePoint:
    nominal = plan.nominal_after
    return CurvePoint(
        new=new,
        budget_yuan=budget_yuan,
        opened=len(plan.selected),
        cost_yuan=plan.cost_yuan,
        workers_covered=nominal.workers_covered,
        bound_workers=nominal.workers_total,
        coverage=nominal.coverage,
        status=plan.status,
        figure=plan.workers_after,
        figure_bound=plan.bound_workers,
    )
