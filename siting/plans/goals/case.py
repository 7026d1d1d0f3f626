"""A plan for another goal than coverage with what it was made from: to explain, price and size it.

Whatever is asked of it is answered by making the plan anew with one thing changed, or by recounting
what sets of its sites are worth (`siting.plans.goals.yardsticks`).
"""

from dataclasses import dataclass, replace
from functools import cached_property

from geo.errors import InfeasibleError
from siting.model import Inputs, Parameters
from siting.plan_results import LEAST, OwnGoal, PlanResult
from siting.planning import Evaluation
from siting.plans.asked import goal_in
from siting.plans.goals.for_goal import PlanAsked, plan_for
from siting.plans.goals.task import Limits, Task, task_of
from siting.plans.goals.yardsticks import Yardstick, yardstick_of


@dataclass(frozen=True)
class Reached:
    """What the best plan found reaches of a goal.

    Attributes
    ----------
    plan
        None: nothing keeps to what is asked, or nothing was found in time.
    found, bound
        In the goal's own unit; no plan is better than `bound`. None: there is none.
    proved_none
        Whether it is proved that no plan keeps to what is asked.
    """

    plan: PlanResult | None
    found: float | None
    bound: float | None
    proved_none: bool = False


@dataclass(frozen=True, eq=False)
class GoalCase:
    """One plan.

    Attributes
    ----------
    plan
        As `ForGoal.as_plan` has it, or as it was stored; `plan.goal` is there.
    limits
        What it was asked: rules, wishes, tolerance, time limit; its size is the plan's own.
    known
        Distances up to the cut-off.
    """

    inputs: Inputs
    parameters: Parameters
    plan: PlanResult
    limits: Limits
    known: Evaluation

    @property
    def goal(self) -> OwnGoal:
        """What it sought and reached."""
        if self.plan.goal is None:
            msg = "a plan for coverage has no goal of its own"
            raise ValueError(msg)
        return self.plan.goal

    @property
    def less(self) -> bool:
        """Whether less is better."""
        return self.goal.unit in LEAST

    @cached_property
    def asked(self) -> PlanAsked:
        """What it sought, and how large it could be."""
        return goal_in(self.plan)

    @cached_property
    def task(self) -> Task:
        """The same question as of maximal covering; where no size was asked, the plan's own."""
        new, budget = self.asked.new, self.asked.budget_yuan
        if new is None and budget is None:
            new = len(self.plan.selected)
        limits = replace(self.limits, new=new, budget_yuan=budget)
        return task_of(self.inputs, self.parameters, limits, previous=self.known)

    @cached_property
    def stick(self) -> Yardstick:
        """What it is measured by."""
        return yardstick_of(self.task, self.parameters, self.plan.parameters)

    def solved(self, asked: PlanAsked, limits: Limits) -> Reached:
        """Return what the best plan reaches where something else is asked.

        Raises
        ------
        InputError
            What is asked means nothing.
        """
        try:
            found = plan_for(self.inputs, self.parameters, asked, limits, self.known)
        except InfeasibleError:
            return Reached(None, None, None)
        plan, goal = found.as_plan(), found.goal
        if not plan.found:
            return Reached(None, None, None, proved_none=plan.status == "infeasible")
        return Reached(plan, goal.after, goal.bound)

    def better_by(self, one: float, than: float) -> float:
        """Return by how much one figure is better than another; below 0: worse."""
        return than - one if self.less else one - than
