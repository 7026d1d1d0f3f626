"""What stands beside a plan for another goal than coverage: `--why`, `--curve`, `--years`."""

from typing import TYPE_CHECKING, Any

from commands.acting import EFFECTIVE
from commands.curves import Beside
from commands.options import Wish
from commands.usage import Misuse
from words import Lang

if TYPE_CHECKING:
    from siting.actions.results import ActionPlan
    from siting.actions.sizes import Make
    from siting.model import Inputs, Parameters
    from siting.plan_results import PlanResult
    from siting.planning import Evaluation
    from siting.plans.goals.case import GoalCase
    from siting.plans.goals.task import Limits

_OF_COVERAGE = ("robust", "best", "swaps", "stability", "pareto")
_TARGETS = ("stations", "money")


def require_for(objective: str, asked: Beside) -> None:
    """Refuse what means nothing beside a plan for some goal.

    Raises
    ------
    Misuse
        Second looks, which are of coverage; sizes of a plan whose target sets its size; years of
        a plan for the longest walk; why a list of measures is as it is, which stands in it.
    """
    for name in _OF_COVERAGE:
        if getattr(asked, name):
            raise Misuse("objective_beside", option=f"--{name}", objective=objective)
    if asked.why and objective == EFFECTIVE:
        raise Misuse("beside_measures")
    if asked.curve and objective in _TARGETS:
        raise Misuse("curve_of_target", objective=objective)
    if asked.years and objective == "center":
        raise Misuse("years_of_center")


def beside_goal(
    inputs: "Inputs",
    parameters: "Parameters",
    plan: "PlanResult",
    asked: Beside,
    *,
    limits: "Limits",
    known: "Evaluation",
    lang: Lang,
) -> tuple[dict[str, Any], list[str]]:
    """Return JSON keys and lines of what is asked for.

    Parameters
    ----------
    limits
        What the plan was asked: rules, wishes, time limit.
    known
        The distances that the plan rests on.
    """
    if not (asked and plan.found and plan.selected):
        return {}, []
    from siting.plans.goals.case import GoalCase  # noqa: PLC0415 -- start-up

    case = GoalCase(inputs, parameters, plan, limits, known)
    content: dict[str, Any] = {}
    lines: list[str] = []
    if asked.years:
        more, told = _years(case, asked.years, lang)
        content |= more
        lines += told
    if asked.curve:
        more, told = _curve(case, lang)
        content |= more
        lines += told
    if asked.why:
        more, told = _why(case, lang)
        content |= more
        lines += told
    return content, lines


def beside_actions(
    make: "Make", plan: "ActionPlan", wish: Wish, asked: Beside, lang: Lang
) -> tuple[dict[str, Any], list[str]]:
    """Return the same for a list of measures: its sizes and its years.

    Parameters
    ----------
    make
        Makes the best list of another size.
    wish
        How large it may be.
    """
    from siting.actions.sizes import action_curve, action_years  # noqa: PLC0415 -- start-up
    from siting.plans.goals.size_lines import curve_lines, year_lines  # noqa: PLC0415 -- start-up

    content: dict[str, Any] = {}
    lines: list[str] = []
    if asked.years and plan.selected:
        rows = action_years(make, plan, asked.years)
        content["years"] = [row.as_dict() for row in rows]
        lines += year_lines(rows, lang)
    if asked.curve:
        curve = action_curve(make, wish.new, wish.budget_yuan)
        content["curve"] = curve.as_dict()
        lines += curve_lines(curve, lang)
    return content, lines


def _why(case: "GoalCase", lang: Lang) -> tuple[dict[str, Any], list[str]]:
    from siting.plans.goals.beside import why_goal  # noqa: PLC0415 -- start-up
    from siting.plans.why_lines import why_lines  # noqa: PLC0415 -- start-up
    from siting.plans.wishes import called  # noqa: PLC0415 -- start-up

    why = why_goal(case)
    table = case.inputs.candidates
    names = dict(zip(table["id"], called(table), strict=True))
    return {"why": why.as_dict()}, why_lines(why, lang, names)


def _curve(case: "GoalCase", lang: Lang) -> tuple[dict[str, Any], list[str]]:
    from siting.plans.goals.curve import goal_curve  # noqa: PLC0415 -- start-up
    from siting.plans.goals.size_lines import curve_lines  # noqa: PLC0415 -- start-up

    found = goal_curve(case, case.asked.new, case.asked.budget_yuan)
    return {"curve": found.as_dict()}, curve_lines(found, lang)


def _years(case: "GoalCase", years: int, lang: Lang) -> tuple[dict[str, Any], list[str]]:
    from siting.plans.goals.curve import goal_years  # noqa: PLC0415 -- start-up
    from siting.plans.goals.size_lines import year_lines  # noqa: PLC0415 -- start-up

    rows = goal_years(case, years)
    return {"years": [row.as_dict() for row in rows]}, year_lines(rows, lang)
