"""Why a plan is as it is, on the command line: `--why`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from words import Lang

if TYPE_CHECKING:
    from siting.model import Inputs, Parameters
    from siting.planning import Evaluation
    from siting.plans.explaining import PlanWhy
    from siting.results import PlanResult

_Command = TypeVar("_Command", bound=Callable[..., Any])


def why_option(command: _Command) -> _Command:
    """Add the option."""
    return click.option(
        "--why",
        is_flag=True,
        help="每个点为什么入选，每项要求代价多少 / why each site, and what each wish costs",
    )(command)


def why_of(
    inputs: "Inputs",
    parameters: "Parameters",
    plan: "PlanResult",
    *,
    known: "Evaluation",
    how: dict[str, Any],
) -> "PlanWhy":
    """Return why a plan is as it is.

    Parameters
    ----------
    known
        The distances that the plan rests on.
    how
        What the plan was made with, as `propose` takes it: limits, rules, wishes, today.
    """
    from siting.plans.explaining import PlanWhy, explain_sites  # noqa: PLC0415 -- start-up
    from siting.plans.pricing import price_plan  # noqa: PLC0415 -- start-up
    from siting.plans.task import Limits, task_of  # noqa: PLC0415 -- start-up

    task = task_of(inputs, parameters, Limits(**how), previous=known)
    return PlanWhy(explain_sites(task, plan), price_plan(task, plan))


def beside_why(
    inputs: "Inputs",
    parameters: "Parameters",
    plan: "PlanResult",
    *,
    known: "Evaluation",
    how: dict[str, Any],
    lang: Lang,
) -> tuple[dict[str, Any], list[str]]:
    """Return the JSON key `why` and its lines; nothing where there is no plan."""
    if plan.status == "infeasible":
        return {}, []
    from siting.plans.why_lines import why_lines  # noqa: PLC0415 -- start-up
    from siting.plans.wishes import called  # noqa: PLC0415 -- start-up

    found = why_of(inputs, parameters, plan, known=known, how=how)
    names = dict(zip(inputs.candidates["id"], called(inputs.candidates), strict=True))
    return {"why": found.as_dict()}, why_lines(found, lang, names)
