"""What each limit, wish and rule of a plan costs in workers: by solving the plan without it.

A price is what the best plan without something covers more than the best plan with it; of one more
station, or of more money, what it wins. Both plans come with a bound, so that a price that is not
proved has a least and a most. Rule points, the second goal, are left out of both plans: what they
cost has a price of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Literal

from geo.errors import InfeasibleError
from siting.allocation import solve_contained
from siting.allocation.bound import EXACT
from siting.plan_results import PlanResult, Unit
from siting.plans.goals.task import Limits, Task
from siting.plans.reasons import wish_sentences
from siting.plans.wishes import NO_WISHES, Wishes, side_constraints
from siting.results import plain

MORE_YUAN = 10_000
"""A budget is priced by so much more of it, yuan."""

PRICE_LIMIT_S = 10.0
"""Each plan that a price takes stops after so long, with its gap."""

PRICED = ("require", "forbid", "quotas", "floors", "spacing_m")

PriceKind = Literal[
    "station",
    "money",
    "wish",
    "wishes",
    "filters",
    "points",
    "needs",
    "points_needs",
    "target",
    "fewer",
    "less_money",
]


@dataclass(frozen=True)
class Price:
    """What one thing costs, or wins, in average present workers or in the unit of a plan's goal.

    Attributes
    ----------
    kind
        `station`: one more; `money`: `MORE_YUAN` more; `wish`: one of the planner's; `wishes`: all
        of them; `filters`: what the rules forbid; `points`: the second goal of the rules; `needs`:
        stated need that weighs in the choice; `points_needs`: both of these together. Where a share
        of the workers is sought with the least: `target`, what a share one percentage point higher
        takes more; `fewer`, `less_money`: by how many workers the best plan of one station, or of
        `MORE_YUAN`, less misses the target.
    wish
        The wish alone; nothing for the other kinds.
    amount
        As the plans found say; what is true lies between `least` and `most`.
    goal, unit
        What the plan seeks, as the command line names it, and the unit of the figures.
    covered
        Of `fewer` and `less_money`: the workers that such a plan covers; None: another kind.
    """

    kind: PriceKind
    wish: Wishes
    amount: float
    least: float
    most: float
    goal: str = "coverage"
    unit: Unit = "workers"
    covered: float | None = None

    @property
    def proved(self) -> bool:
        """Whether both plans are proved the best: the figure is exact."""
        return self.most - self.least <= EXACT * max(self.most, 1.0)

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        told = {lang: wish_sentences(self.wish, lang) for lang in ("zh", "en")}
        return {
            "what": self.kind,
            "wish_zh": "".join(told["zh"]) or None,
            "wish_en": "".join(told["en"]) or None,
            "workers" if self.unit == "workers" else "amount": plain(self.amount),
            "unit": self.unit,
            "least": plain(self.least),
            "most": plain(self.most),
            "proved": self.proved,
        }


@dataclass(frozen=True)
class _Value:
    """What the best plan found covers, and the most that any plan covers."""

    found: float
    bound: float


def price_plan(
    task: Task, plan: PlanResult, *, time_limit_s: float = PRICE_LIMIT_S
) -> tuple[Price, ...]:
    """Return the prices of a plan: limits first, then wishes, then rules.

    Parameters
    ----------
    task
        What the plan is made from: of the same inputs.
    time_limit_s
        Of each plan that is solved; there are about as many as there are wishes.
    """
    if not plan.found:
        return ()
    pricing = _Pricing(task, plan, time_limit_s)
    return (*pricing.limits(), *pricing.wishes(), *pricing.rules())


class _Pricing:
    def __init__(self, task: Task, plan: PlanResult, time_limit_s: float) -> None:
        self.task = task
        self.time_limit_s = time_limit_s
        self.plan = _Value(plan.workers_covered_after, plan.bound_workers)
        points = task.scores is not None and task.limits.tolerance > 0
        kinds: dict[tuple[bool, bool], PriceKind] = {
            (True, False): "points",
            (False, True): "needs",
            (True, True): "points_needs",
        }
        self.weighed = kinds.get((points, task.needs is not None))
        self.best = self._best() if self.weighed and not plan.proved_optimal else self.plan

    def limits(self) -> Iterator[Price]:
        asked = self.task.limits
        if asked.new is not None:
            yield self._price("station", replace(asked, new=asked.new + 1))
        if asked.budget_yuan is not None:
            yield self._price("money", replace(asked, budget_yuan=asked.budget_yuan + MORE_YUAN))

    def wishes(self) -> Iterator[Price]:
        """Yield what each wish costs; and all together, which may be more than their sum."""
        asked, priced = self.task.limits, 0
        for one, others in apart(asked.wishes):
            if all(getattr(one, name) == getattr(NO_WISHES, name) for name in PRICED):
                continue  # which stations are closed is what the plan begins with
            priced += 1
            yield self._price("wish", replace(asked, wishes=others), one)
        if priced > 1:
            free = replace(asked.wishes, require=(), forbid=(), quotas=(), floors=(), spacing_m=0.0)
            yield self._price("wishes", replace(asked, wishes=free))

    def rules(self) -> Iterator[Price]:
        scores = self.task.scores
        if scores is None:
            return
        if any(item.excluded for item in scores):
            free = self._solved(replace(self.task, scores=None))
            yield self._between("filters", free, self.best)
        if self.weighed:
            yield self._between(self.weighed, self.best, _Value(self.plan.found, self.plan.found))

    def _price(self, kind: PriceKind, limits: Limits, wish: Wishes = NO_WISHES) -> Price:
        task = replace(self.task, limits=limits)
        if kind in {"wish", "wishes"}:
            sides = side_constraints(
                task.inputs, task.sites.demand, task.limits.wishes, task.scores
            )
            task = replace(task, sides=sides)
        return self._between(kind, self._solved(task), self.best, wish)

    def _best(self) -> _Value:
        """Return the most coverage with everything but rule points."""
        found = self._solved(self.task)
        return _Value(max(found.found, self.plan.found), min(found.bound, self.plan.bound))

    def _solved(self, task: Task) -> _Value:
        """Return what the best plan covers; at least what this plan does, which is one of them."""
        problem, present = task.problem(), task.sites.demand.present
        try:
            found = solve_contained(
                problem,
                time_limit_s=self.time_limit_s,
                seed=task.limits.seed,
                looked_at=task.limits.looked_at,
            )
        except InfeasibleError:  # none was found in time: this plan is one
            return _Value(self.plan.found, present(float(problem.weights.sum())))
        after = max(present(found.after), self.plan.found)
        return _Value(after, max(present(found.bound), after))

    @staticmethod
    def _between(kind: PriceKind, free: _Value, kept: _Value, wish: Wishes = NO_WISHES) -> Price:
        return Price(
            kind,
            wish,
            amount=max(free.found - kept.found, 0.0),
            least=max(free.found - kept.bound, 0.0),
            most=max(free.bound - kept.found, 0.0),
        )


def apart(wishes: Wishes) -> Iterator[tuple[Wishes, Wishes]]:
    """Yield each wish alone, and all the others without it."""
    for field in fields(wishes):
        value = getattr(wishes, field.name)
        if isinstance(value, tuple):
            for number, item in enumerate(value):
                others = (*value[:number], *value[number + 1 :])
                yield _with(NO_WISHES, field.name, (item,)), _with(wishes, field.name, others)
        elif value != getattr(NO_WISHES, field.name):
            nothing = getattr(NO_WISHES, field.name)
            yield _with(NO_WISHES, field.name, value), _with(wishes, field.name, nothing)


def _with(wishes: Wishes, name: str, value: object) -> Wishes:
    held = {field.name: getattr(wishes, field.name) for field in fields(wishes)}
    return Wishes(**{**held, name: value})
