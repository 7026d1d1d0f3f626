"""What stands beside a plan: plans of other sizes, its roll-out over years, why it is as it is."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from commands.explaining import beside_why, why_option
from words import Lang

if TYPE_CHECKING:
    from siting.model import Inputs, Parameters
    from siting.planning import Evaluation
    from siting.results import PlanResult

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Beside:
    """What is asked for beside a plan.

    Attributes
    ----------
    curve
        The best plan of every size.
    years
        Over so many years it is opened; None: nobody asked.
    why
        Why each site is in it, and what each wish costs.
    """

    curve: bool
    years: int | None
    why: bool

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Self:
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return self.curve or self.years is not None or self.why


def curve_options(command: _Command) -> _Command:
    """Add the options."""
    curve = click.option(
        "--curve", is_flag=True, help="各规模的最佳方案 / the best plan of every size"
    )
    years = click.option(
        "--years", type=click.IntRange(1, 20), help="分几年建 / opened over so many years"
    )
    return curve(years(why_option(command)))


def beside_plan(
    inputs: "Inputs",
    parameters: "Parameters",
    plan: "PlanResult",
    asked: Beside,
    *,
    known: "Evaluation",
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
    if plan.status == "infeasible" or not asked:
        return {}, []
    from siting.lines import curve_lines, year_lines  # noqa: PLC0415 -- start-up
    from siting.plans.curve import coverage_curve, roll_out  # noqa: PLC0415 -- start-up

    content: dict[str, Any] = {}
    lines: list[str] = []
    if asked.years:
        others = {name: value for name, value in how.items() if name != "new"}
        rows = roll_out(inputs, parameters, plan, asked.years, previous=known, **others)
        content["years"] = [row.as_dict() for row in rows]
        lines += year_lines(rows, lang)
    if asked.curve:
        found = coverage_curve(inputs, parameters, previous=known, **how)
        content["curve"] = found.as_dict()
        lines += curve_lines(found, lang)
    if asked.why:
        key, told = beside_why(inputs, parameters, plan, known=known, how=how, lang=lang)
        content |= key
        lines += told
    return content, lines
