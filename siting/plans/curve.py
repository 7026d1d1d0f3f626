"""What each further station, or yuan, wins; where it begins to win little; which comes first.

The curve has the best plan of every size, each with its own proof: it is not one plan cut short.
The elbow is the point farthest above the straight line between the ends (Satopää et al. 2011,
"Finding a 'kneedle' in a haystack"). A roll-out opens the sites of one plan over the years, those
that win most first; its regret is what the best plan of the same size would cover more. The best
years are those of the nested plan that covers the most over all years together.
"""

from dataclasses import dataclass, replace

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation import solve_contained
from siting.allocation.bound import EXACT
from siting.allocation.counted.engine import best_rows
from siting.allocation.held import NONE_IN_TIME, Keeper
from siting.allocation.roll_out import solve_roll_out
from siting.costs import costs_yuan
from siting.plan_results import PlanResult, Unit
from siting.plans.goals.task import Task
from siting.results import Status, plain

MOST_POINTS = 40
"""A curve has at most so many plans: of a larger plan every second, third ... size."""

BUDGET_STEPS = 20
"""A curve over money has so many plans, beside the one for nothing."""

_FIGURES = ("workers_covered", "bound_workers", "coverage")


@dataclass(frozen=True)
class CurvePoint:
    """The best plan of one size.

    Attributes
    ----------
    new, budget_yuan
        The limits asked for; None: none.
    opened, cost_yuan
        What the plan opens and costs.
    workers_covered, bound_workers
        Average present workers (heads without windows) after it, and the most any plan covers.
    coverage
        Share of all workers.
    status
        As of a plan; `infeasible`: so few keep to no plan that is asked for.
    figure, figure_bound
        What the plan sought where that is not coverage, in the unit of the curve; None: coverage,
        or there is none, such as a longest walk where some have no station to walk to.
    """

    new: int | None
    budget_yuan: int | None
    opened: int
    cost_yuan: int
    workers_covered: float
    bound_workers: float
    coverage: float
    status: Status
    figure: float | None = None
    figure_bound: float | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        figures = {name: plain(getattr(self, name)) for name in _FIGURES}
        return {
            "new": self.new,
            "budget_yuan": self.budget_yuan,
            "opened": self.opened,
            "cost_yuan": self.cost_yuan,
            **figures,
            "status": self.status,
            "proved_optimal": self.status == "optimal",
        }


@dataclass(frozen=True)
class Curve:
    """Points from nothing to the size asked for, and the number of the elbow; None: too few.

    `goal` is what its plans seek, as the command line names it, and `unit` that of its figures.
    """

    points: tuple[CurvePoint, ...]
    elbow: int | None
    goal: str = "coverage"
    unit: Unit = "workers"

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON; figures of its own where it is not of coverage."""
        if self.goal == "coverage":
            return {"points": [point.as_dict() for point in self.points], "elbow": self.elbow}
        rows = [
            {**point.as_dict(), "figure": _plain(point.figure), "bound": _plain(point.figure_bound)}
            for point in self.points
        ]
        return {"points": rows, "elbow": self.elbow, "goal": self.goal, "unit": self.unit}


@dataclass(frozen=True)
class Year:
    """What one year of a roll-out opens.

    Attributes
    ----------
    year
        1, 2, ...
    sites
        Candidates opened in it, the most gain first.
    workers_covered
        After it, with all opened before.
    regret_workers
        What the best plan of as many sites would cover more; 0 where the plan seeks something else.
    goal, unit
        What the plan seeks, as the command line names it, and the unit of its figures.
    figure, regret
        What it reaches of it after this year, and by how much the best plan of as many sites would
        be better; None: coverage.
    """

    year: int
    sites: tuple[str, ...]
    workers_covered: float
    regret_workers: float
    goal: str = "coverage"
    unit: Unit = "workers"
    figure: float | None = None
    regret: float | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON; figures of its own where it is not of coverage."""
        found: dict[str, object] = {
            "year": self.year,
            "sites": list(self.sites),
            "workers_covered": plain(self.workers_covered),
        }
        if self.goal == "coverage":
            return {**found, "regret_workers": plain(self.regret_workers)}
        own = {"figure": _plain(self.figure), "regret": _plain(self.regret)}
        if self.goal == "effective":  # coverage by distance is not what measures are for
            del found["workers_covered"]
        return {**found, "goal": self.goal, "unit": self.unit, **own}


def _plain(value: float | None) -> float | None:
    return None if value is None else plain(value)


def curve_from(task: Task, new: int | None, budget_yuan: int | None) -> Curve:
    """Return the best plans of sizes up to `new` or, where that is None, up to `budget_yuan`.

    Parameters
    ----------
    task
        What plans are made from; its own limits on size do not count, its time limit is of each.
    new, budget_yuan
        As for `propose`; with both, sizes vary and the budget holds for each.
    """
    limits: list[tuple[int | None, int | None]] = (
        [(size, budget_yuan) for size in sizes_to(new)]
        if new is not None
        else [(None, money) for money in budgets_to(budget_yuan or 0)]
    )
    points: list[CurvePoint] = []
    for size, money in limits:
        found = _point(task, size, money)
        # A plan that a time limit cut short may cover fewer than a smaller one: that stands then.
        points.append(_no_worse(found, points[-1]) if points else found)
    return Curve(tuple(points), _elbow(points))


def years_from(task: Task, plan: PlanResult, years: int) -> tuple[Year, ...]:
    """Return which sites of a plan are opened in which year, as many in each as in the others.

    Earlier years take one more where they cannot be equal.

    Parameters
    ----------
    years
        At least 1.
    """
    # By coverage alone: what rule points take is regret, too.
    most = replace(task, limits=replace(task.limits, tolerance=0.0))
    sites = plan.selected
    opened, covered, rows = 0, plan.workers_covered_before, []
    for year in range(1, years + 1):
        until = -(-len(sites) * year // years)
        fresh = sites[opened:until]
        covered += sum(site.workers_gained for site in fresh)
        best = covered
        if until and (until < len(sites) or not plan.proved_optimal):
            best = _point(most, until, task.limits.budget_yuan).workers_covered
        ids = tuple(site.id for site in fresh)
        rows.append(Year(year, ids, covered, max(best - covered, 0.0)))
        opened = until
    return tuple(rows)


@dataclass(frozen=True)
class BestYears:
    """Sites by year so that the sum over all years of those covered is the greatest.

    Attributes
    ----------
    free
        Whether any sites may be opened; if not, those of the plan, which rules or wishes ask for.
    years
        As a roll-out has them.
    workers_years, bound_workers_years
        Average present workers, summed over the years, and the most of any nested plan.
    by_gain_workers_years
        The same sum of the roll-out that opens those of the plan first that win most.
    status
        As of a plan.
    """

    free: bool
    years: tuple[Year, ...]
    workers_years: float
    bound_workers_years: float
    by_gain_workers_years: float
    status: Status

    @property
    def gap(self) -> float:
        """(bound - sum) / bound; 0 where there is nothing to cover."""
        if self.bound_workers_years <= 0:
            return 0.0
        return max((self.bound_workers_years - self.workers_years) / self.bound_workers_years, 0.0)

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "sites_free": self.free,
            "years": [row.as_dict() for row in self.years],
            "workers_years": plain(self.workers_years),
            "bound_workers_years": plain(self.bound_workers_years),
            "by_gain_workers_years": plain(self.by_gain_workers_years),
            "gap": self.gap,
            "status": self.status,
            "proved_optimal": self.status == "optimal",
        }


def best_years_from(task: Task, plan: PlanResult, by_gain: tuple[Year, ...]) -> BestYears:
    """Return the best nested plan over the years of a roll-out, with as many sites in each.

    Parameters
    ----------
    by_gain
        The roll-out of the plan (`years_from`).

    Notes
    -----
    Where rules or wishes ask for more than numbers, the sites stay those of the plan, which keeps
    to them, and only their order is sought: the bound is that of all orders.
    """
    problem, limits, demand = task.problem(), task.limits, task.sites.demand
    chosen = task.places(plan)
    free = task.scores is None and not problem.sided
    if chosen and not free:
        allowed = np.zeros_like(problem.allowed)
        allowed[list(chosen)] = True
        problem = replace(problem, allowed=allowed)
    place = dict(zip((site.id for site in plan.selected), chosen, strict=True))
    found = solve_roll_out(
        problem,
        tuple(len(row.sites) for row in by_gain),
        starts=(tuple(tuple(place[site] for site in row.sites) for row in by_gain),),
        time_limit_s=limits.time_limit_s,
        seed=limits.seed,
        search=Keeper(limits.looked_at).of(best_rows),
    )
    opened = _with_the_rest(found.years, chosen if not free else (), by_gain)
    best = [row.workers_covered + row.regret_workers for row in by_gain]
    covered = [demand.present(after) for after in found.after]
    rows = tuple(
        Year(row.year, task.ids(sites), after, max(most - after, 0.0))
        for row, sites, after, most in zip(by_gain, opened, covered, best, strict=True)
    )
    return BestYears(
        free=free,
        years=rows,
        workers_years=sum(covered),
        bound_workers_years=demand.present(found.bound),
        by_gain_workers_years=sum(row.workers_covered for row in by_gain),
        status=found.status,
    )


def _with_the_rest(
    years: tuple[tuple[int, ...], ...], chosen: tuple[int, ...], by_gain: tuple[Year, ...]
) -> list[tuple[int, ...]]:
    """Return the years with the sites that add nobody, and are asked for, where there is room."""
    opened = {site for sites in years for site in sites}
    rest = [site for site in chosen if site not in opened]
    rows = []
    for sites, row in zip(years, by_gain, strict=True):
        room = len(row.sites) - len(sites)
        rows.append((*sites, *rest[:room]))
        rest = rest[room:]
    return rows


def sizes_to(most: int) -> list[int]:
    """Return the sizes that a curve has, 0 and the largest among them."""
    step = max(-(-most // MOST_POINTS), 1)
    return sorted({*range(0, most + 1, step), most})


def budgets_to(budget_yuan: int) -> list[int]:
    """Return the budgets that a curve has, yuan: nothing and the largest among them."""
    return sorted({budget_yuan * step // BUDGET_STEPS for step in range(BUDGET_STEPS + 1)})


def _point(task: Task, new: int | None, budget_yuan: int | None) -> CurvePoint:
    """Return the best plan within limits; where none keeps to all that is asked: nothing built."""
    limits, demand = task.limits, task.sites.demand
    asked = replace(task, limits=replace(limits, new=new, budget_yuan=budget_yuan))
    total = float(demand.point_hours.sum())
    chosen: tuple[int, ...] = ()
    try:
        found = solve_contained(
            asked.problem(),
            tolerance=0.0 if task.scores is None else limits.tolerance,
            time_limit_s=limits.time_limit_s,
            seed=limits.seed,
            looked_at=limits.looked_at,
        )
    except InfeasibleError as error:
        now = task.sites.matrix.covered(task.existing)
        after = bound = float(demand.point_hours[now].sum())
        status: Status = "infeasible"
        if error.code == NONE_IN_TIME:  # nothing is proved but what all could cover
            every = task.open_with(tuple(range(len(task.inputs.candidates))))
            bound = float(demand.point_hours[task.sites.matrix.covered(every)].sum())
            status = "time_limit"
    else:
        chosen, after, bound, status = found.chosen, found.after, found.bound, found.status
    return CurvePoint(
        new=new,
        budget_yuan=budget_yuan,
        opened=len(chosen),
        cost_yuan=int(costs_yuan(task.inputs.candidates)[0][list(chosen)].sum()),
        workers_covered=demand.present(after),
        bound_workers=demand.present(bound),
        coverage=after / total if total else 0.0,
        status=status,
    )


def _no_worse(point: CurvePoint, before: CurvePoint) -> CurvePoint:
    """Return a point that opens what the smaller plan opens where that covers more."""
    if point.workers_covered >= before.workers_covered * (1 - EXACT):
        return point
    bound = max(point.bound_workers, before.workers_covered)
    status: Status = "optimal" if bound <= before.workers_covered * (1 + EXACT) else "time_limit"
    return replace(
        before,
        new=point.new,
        budget_yuan=point.budget_yuan,
        bound_workers=bound,
        status=status,
    )


def _elbow(points: list[CurvePoint]) -> int | None:
    """Return the number of the point farthest above the line between the ends, if any is."""
    sizes = [size_of(point) for point in points]
    return elbow_of(sizes, [point.workers_covered for point in points])


def elbow_of(sizes: list[float], covered: list[float]) -> int | None:
    """Return the number of the point farthest above the line between the ends, if any is.

    Parameters
    ----------
    sizes, covered
        Both rise from the first point to the last.
    """
    if len(sizes) < 3 or sizes[-1] <= sizes[0] or covered[-1] <= covered[0]:
        return None
    above = [
        _share(high, covered) - _share(size, sizes)
        for size, high in zip(sizes, covered, strict=True)
    ]
    best = max(range(len(sizes)), key=lambda number: above[number])
    return best if above[best] > EXACT else None


def _share(value: float, ends: list[float]) -> float:
    return (value - ends[0]) / (ends[-1] - ends[0])


def size_of(point: CurvePoint) -> float:
    """Return stations, or yuan where only money was limited."""
    return float(point.budget_yuan or 0) if point.new is None else float(point.new)
