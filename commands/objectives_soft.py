"""Plans for softer goals on the command line: weighed by distance, a second station, seats."""

from typing import TYPE_CHECKING

from commands.objectives import Answer, Question, refuse
from commands.usage import Misuse

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from siting.plans.goals.soft_result import SoftPlan


def answer_soft(question: Question) -> Answer:
    """Return the plan for the objective that is asked for.

    Raises
    ------
    Misuse
        No size, or options of other objectives.
    """
    from siting.plans.goals.soft_lines import soft_lines  # noqa: PLC0415 -- start-up

    goal, wish, lang = question.goal, question.wish, question.settings.lang
    refuse(goal, target=goal.target, walk_m=goal.walk_m)
    if not wish.complete:
        raise Misuse("needs_number")
    plan = _PLANS[goal.objective](question)
    return Answer(
        plan=plan,
        content=plan.as_dict(lang),
        lines=lambda: soft_lines(plan, lang),
        effect=f"siting.soft.effect_{goal.objective}",
        failed=plan.status == "infeasible",
    )


def _gradual(question: Question) -> "SoftPlan":
    from siting.plans.goals.gradual import propose_gradual, read_bands  # noqa: PLC0415 -- start-up

    return propose_gradual(
        question.inputs,
        question.parameters,
        question.limits,
        bands=read_bands(question.goal.bands),
        previous=question.known,
    )


def _backup(question: Question) -> "SoftPlan":
    from siting.plans.goals.backup import SECOND_SHARE, propose_backup  # noqa: PLC0415 -- start-up

    share = question.goal.second_share
    return propose_backup(
        question.inputs,
        question.parameters,
        question.limits,
        second_share=SECOND_SHARE if share is None else share,
        previous=question.known,
    )


def _capacity(question: Question) -> "SoftPlan":
    from siting.plans.goals.capacity import propose_capacity  # noqa: PLC0415 -- start-up

    return propose_capacity(
        question.inputs,
        question.parameters,
        question.limits,
        at_once=question.goal.at_once,
        previous=question.known,
    )


_PLANS = {"gradual": _gradual, "backup": _backup, "capacity": _capacity}
