"""What each limit, wish and rule of a plan costs in the unit of its goal: by making it without.

As `siting.plans.pricing` has it for coverage. Where a share of the workers is sought with the least
the limit is the target: it is told what one percentage point more takes, and how many workers the
best plan of one station, or of some money, less would miss it by.
"""

from collections.abc import Iterator
from dataclasses import replace

from geo.errors import InfeasibleError
from siting.allocation.contained import solve_contained
from siting.plans.goals.case import GoalCase, Reached
from siting.plans.goals.for_goal import PlanAsked
from siting.plans.goals.task import Limits
from siting.plans.pricing import MORE_YUAN, PRICE_LIMIT_S, PRICED, Price, PriceKind, apart
from siting.plans.wishes import NO_WISHES, Wishes

ONE_POINT = 0.01
"""A target is priced by so much more of it."""


def price_goal(case: GoalCase, *, time_limit_s: float = PRICE_LIMIT_S) -> tuple[Price, ...]:
    """Return the prices of a plan: limits first, then wishes, then rules.

    Parameters
    ----------
    time_limit_s
        Of each plan that is made; there are about as many as there are wishes.
    """
    if not case.plan.found or case.goal.after is None:
        return ()
    pricing = _Pricing(case, time_limit_s)
    return (*pricing.limits(), *pricing.wishes(), *pricing.rules())


class _Pricing:
    def __init__(self, case: GoalCase, time_limit_s: float) -> None:
        self.case, self.asked = case, case.asked
        self.how = replace(case.limits, time_limit_s=time_limit_s, tolerance=0.0)
        goal = case.goal
        self.plan = Reached(case.plan, goal.after, goal.bound)
        self.weighed = case.plan.status == "within_gap" and case.plan.rules is not None
        self.best = self._at_least(case.solved(self.asked, self.how)) if self.weighed else self.plan

    def limits(self) -> Iterator[Price]:
        asked = self.asked
        if asked.new is not None:
            yield from self._price("station", replace(asked, new=asked.new + 1), self.how)
        if asked.budget_yuan is not None:
            more = replace(asked, budget_yuan=asked.budget_yuan + MORE_YUAN)
            yield from self._price("money", more, self.how)
        if self.case.goal.unit in {"stations", "yuan"}:
            yield from self._fewer()
        if asked.target is not None and asked.target + ONE_POINT <= 1:
            yield from self._target(replace(asked, target=asked.target + ONE_POINT))

    def wishes(self) -> Iterator[Price]:
        """Yield what each wish costs; and all together, which may be more than their sum."""
        wishes, priced = self.how.wishes, 0
        for one, others in apart(wishes):
            if all(getattr(one, name) == getattr(NO_WISHES, name) for name in PRICED):
                continue
            priced += 1
            yield from self._price("wish", self.asked, replace(self.how, wishes=others), one)
        if priced > 1:
            free = replace(wishes, require=(), forbid=(), quotas=(), floors=(), spacing_m=0.0)
            yield from self._price("wishes", self.asked, replace(self.how, wishes=free))

    def rules(self) -> Iterator[Price]:
        scores = self.case.task.scores
        if scores is not None and any(item.excluded for item in scores):
            yield from self._price("filters", self.asked, replace(self.how, rules=None))
        if self.weighed:
            kept = Reached(None, self.plan.found, self.plan.found)
            yield from self._between("points", self.best, kept)

    def _price(
        self, kind: PriceKind, asked: PlanAsked, how: Limits, wish: Wishes = NO_WISHES
    ) -> Iterator[Price]:
        """Yield the price; none where such a plan could not be found in time."""
        free = self._at_least(self.case.solved(asked, how))
        yield from self._between(kind, free, self.best, wish)

    def _at_least(self, found: Reached) -> Reached:
        """Return what a plan that is freer reaches: this plan is one of them."""
        own = self.plan.found
        if found.found is None or own is None:
            return Reached(None, own, None)
        best = found.found if self.case.better_by(found.found, own) > 0 else own
        return replace(found, found=best)

    def _between(
        self, kind: PriceKind, free: Reached, kept: Reached, wish: Wishes = NO_WISHES
    ) -> Iterator[Price]:
        case, goal = self.case, self.case.goal
        if free.found is None or kept.found is None or free.bound is None or kept.bound is None:
            return
        yield Price(
            kind,
            wish,
            amount=max(case.better_by(free.found, kept.found), 0.0),
            least=max(case.better_by(free.found, kept.bound), 0.0),
            most=max(case.better_by(free.bound, kept.found), 0.0),
            goal=goal.objective,
            unit=goal.unit,
        )

    def _target(self, asked: PlanAsked) -> Iterator[Price]:
        """Yield what a higher target takes more; infinity: no plan reaches it."""
        case, goal = self.case, self.case.goal
        found = case.solved(asked, self.how)
        if found.proved_none:
            never = float("inf")
            yield Price("target", NO_WISHES, never, never, never, goal.objective, goal.unit)
        if found.found is None or found.bound is None or goal.after is None or goal.bound is None:
            return
        yield Price(
            "target",
            NO_WISHES,
            amount=max(found.found - goal.after, 0.0),
            least=max(found.bound - goal.after, 0.0),
            most=max(found.found - goal.bound, 0.0),
            goal=goal.objective,
            unit=goal.unit,
        )

    def _fewer(self) -> Iterator[Price]:
        """Yield by how many workers the best plan of one step less misses the target."""
        case, by_money = self.case, self.case.goal.unit == "yuan"
        left = int(case.goal.after or 0) - (MORE_YUAN if by_money else 1)
        if left < 0:
            return
        sized = replace(
            case.task.limits,
            new=None if by_money else left,
            budget_yuan=left if by_money else None,
        )
        task = replace(case.task, limits=sized)
        present, total = task.sites.demand.present, case.plan.workers_total
        needed = case.plan.workers_covered_before + (case.stick.short([]) or 0.0)
        try:
            found = solve_contained(
                task.problem(), time_limit_s=self.how.time_limit_s, seed=self.how.seed
            )
        except InfeasibleError:
            return
        covered, bound = present(found.after), min(present(found.bound), total)
        yield Price(
            "less_money" if by_money else "fewer",
            NO_WISHES,
            amount=max(needed - covered, 0.0),
            least=max(needed - bound, 0.0),
            most=max(needed - covered, 0.0),
            goal=case.goal.objective,
            unit="workers",
            covered=covered,
        )
