"""Why a plan is as it is, on the command line: `--why`."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from words import Lang

if TYPE_CHECKING:
    from reports.beside import Beside
    from siting.model import Inputs, Parameters
    from siting.plan_results import PlanResult
    from siting.planning import Evaluation
    from siting.plans.goals.case import GoalCase
    from siting.plans.goals.task import Task
    from siting.plans.why import PlanWhy

_Command = TypeVar("_Command", bound=Callable[..., Any])


def why_option(command: _Command) -> _Command:
    """Add the option."""
    return click.option(
        "--why",
        is_flag=True,
        help="每个点为什么入选，每项要求代价多少 / why each site, and what each wish costs",
    )(command)


def report_options(command: _Command) -> _Command:
    """Add the options by which a report tells more of its plan."""
    for option in (
        click.option("--curve", is_flag=True, help="列出各规模的最佳方案 / the best of every size"),
        click.option(
            "--years", type=click.IntRange(1, 20), help="分几年建 / opened over so many years"
        ),
    ):
        command = option(command)
    return why_option(command)


def beside_report(
    inputs: "Inputs",
    parameters: "Parameters",
    plan: "PlanResult | None",
    asked: dict[str, Any],
    *,
    known: "Evaluation",
    how: dict[str, Any],
) -> "Beside":
    """Return what a report tells of its plan beside it; nothing without a plan.

    Parameters
    ----------
    asked
        The options of `report_options`.
    known, how
        The distances that the plan rests on; what it was made with, as `propose` takes it.
    """
    from reports.beside import NOTHING_BESIDE, Beside  # noqa: PLC0415 -- start-up
    from siting.plans.curve import curve_from, years_from  # noqa: PLC0415 -- start-up
    from siting.plans.goals.case import GoalCase  # noqa: PLC0415 -- start-up
    from siting.plans.goals.task import Limits, task_of  # noqa: PLC0415 -- start-up

    if plan is None or not plan.found or not any(asked.values()):
        return NOTHING_BESIDE
    if plan.goal is not None:
        return _beside_goal(GoalCase(inputs, parameters, plan, Limits(**how), known), asked)
    task = task_of(inputs, parameters, Limits(**how), previous=known)
    # The most that each size can cover: rule points, the second goal, are left aside.
    most = replace(task, limits=replace(task.limits, tolerance=0.0))
    return Beside(
        why_of(task, plan) if asked["why"] else None,
        curve_from(most, how["new"], how["budget_yuan"]) if asked["curve"] else None,
        years_from(task, plan, asked["years"]) if asked["years"] else (),
    )


def _beside_goal(case: "GoalCase", asked: dict[str, Any]) -> "Beside":
    """Return the same of a plan for another goal than coverage."""
    from reports.beside import Beside  # noqa: PLC0415 -- start-up
    from siting.plans.goals.beside import why_goal  # noqa: PLC0415 -- start-up
    from siting.plans.goals.curve import goal_curve, goal_years  # noqa: PLC0415 -- start-up

    size = case.asked
    return Beside(
        why_goal(case) if asked["why"] else None,
        goal_curve(case, size.new, size.budget_yuan) if asked["curve"] else None,
        goal_years(case, asked["years"]) if asked["years"] else (),
    )


def why_of(task: "Task", plan: "PlanResult") -> "PlanWhy":
    """Return why a plan is as it is."""
    from siting.plans.explaining import explain_sites  # noqa: PLC0415 -- start-up
    from siting.plans.pricing import price_plan  # noqa: PLC0415 -- start-up
    from siting.plans.why import PlanWhy  # noqa: PLC0415 -- start-up

    return PlanWhy(explain_sites(task, plan), price_plan(task, plan))


def beside_why(task: "Task", plan: "PlanResult", lang: Lang) -> tuple[dict[str, Any], list[str]]:
    """Return the JSON key `why` and its lines."""
    from siting.plans.why_lines import why_lines  # noqa: PLC0415 -- start-up
    from siting.plans.wishes import called  # noqa: PLC0415 -- start-up

    candidates = task.inputs.candidates
    names = dict(zip(candidates["id"], called(candidates), strict=True))
    found = why_of(task, plan)
    return {"why": found.as_dict()}, why_lines(found, lang, names)
