"""What stands beside a plan: the best plans of other sizes, and its roll-out over years."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from words import Lang

if TYPE_CHECKING:
    from siting.model import Inputs, Parameters
    from siting.planning import Evaluation
    from siting.results import PlanResult

_Command = TypeVar("_Command", bound=Callable[..., Any])


def curve_options(command: _Command) -> _Command:
    """Add the options."""
    curve = click.option(
        "--curve", is_flag=True, help="各规模的最佳方案 / the best plan of every size"
    )
    years = click.option(
        "--years", type=click.IntRange(1, 20), help="分几年建 / opened over so many years"
    )
    return curve(years(command))


def beside_plan(
    inputs: "Inputs",
    parameters: "Parameters",
    plan: "PlanResult",
    *,
    known: "Evaluation",
    curve: bool,
    years: int | None,
    how: dict[str, Any],
    lang: Lang,
) -> tuple[dict[str, Any], list[str]]:
    """Return JSON keys and lines of what is asked for.

    Parameters
    ----------
    known
        The distances that the plan rests on.
    how
        What the plan was made with, as `propose` takes it: limits, rules, wishes, today.
    """
    if plan.status == "infeasible" or not (curve or years):
        return {}, []
    from siting.lines import curve_lines, year_lines  # noqa: PLC0415 -- start-up
    from siting.plans.curve import coverage_curve, roll_out  # noqa: PLC0415 -- start-up

    content: dict[str, Any] = {}
    lines: list[str] = []
    if years:
        others = {name: value for name, value in how.items() if name != "new"}
        rows = roll_out(inputs, parameters, plan, years, previous=known, **others)
        content["years"] = [row.as_dict() for row in rows]
        lines += year_lines(rows, lang)
    if curve:
        found = coverage_curve(inputs, parameters, previous=known, **how)
        content["curve"] = found.as_dict()
        lines += curve_lines(found, lang)
    return content, lines
