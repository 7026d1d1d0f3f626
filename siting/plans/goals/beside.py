"""What stands beside a plan for another goal than coverage: why, other sizes, years."""

from siting.plans.explaining import explain_sites
from siting.plans.goals.case import GoalCase
from siting.plans.goals.pricing import price_goal
from siting.plans.why import PlanWhy


def why_goal(case: GoalCase) -> PlanWhy:
    """Return why each site is there, and what each limit, wish and rule costs."""
    return PlanWhy(explain_sites(case.task, case.plan, case.stick), price_goal(case))
