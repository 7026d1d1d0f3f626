"""What stands beside a plan: plans of other sizes, its roll-out over years, why it is as it is.

Second looks at it (`commands.second_looks`) and what is left if hosts leave stand there, too.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from commands.explaining import beside_why, why_option
from commands.second_looks import Chances, SecondLooks, second_look_options, second_looks
from words import Lang

if TYPE_CHECKING:
    from siting.allocation.held import Watch
    from siting.model import Inputs, Parameters
    from siting.plan_results import PlanResult
    from siting.planning import Evaluation
    from siting.plans.goals.task import Task

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
    robust, best, swaps, stability, pareto
        Second looks at it.
    """

    curve: bool = False
    years: int | None = None
    why: bool = False
    robust: Chances | None = None
    best: int | None = None
    swaps: bool = False
    stability: int | None = None
    pareto: str | None = None

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Self:
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return self != Beside()

    @property
    def looks(self) -> SecondLooks:
        """The second looks."""
        return SecondLooks(self.robust, self.best, self.swaps, self.stability, self.pareto)


def curve_options(command: _Command) -> _Command:
    """Add the options."""
    curve = click.option(
        "--curve", is_flag=True, help="各规模的最佳方案 / the best plan of every size"
    )
    years = click.option(
        "--years", type=click.IntRange(1, 20), help="分几年建 / opened over so many years"
    )
    return curve(years(why_option(second_look_options(command))))


def beside_plan(
    inputs: "Inputs",
    parameters: "Parameters",
    plan: "PlanResult",
    asked: Beside,
    *,
    known: "Evaluation",
    how: dict[str, Any],
    lang: Lang,
    looked_at: "Watch | None" = None,
) -> tuple[dict[str, Any], list[str]]:
    """Return JSON keys and lines of what is asked for.

    Parameters
    ----------
    known
        The distances that the plan rests on.
    how
        What the plan was made with, as `propose` takes it: limits, rules, wishes, today.
    looked_at
        Shown every search while it is under way; False ends it, with what it has so far.
    """
    if not plan.found:
        return {}, []
    from siting.plans.robust import if_hosts_leave  # noqa: PLC0415 -- start-up
    from siting.plans.second_lines import leaving_lines  # noqa: PLC0415 -- start-up

    leaving = if_hosts_leave(inputs, known.travel, plan)
    content: dict[str, Any] = {"if_hosts_leave": [row.as_dict() for row in leaving]}
    lines = leaving_lines(leaving, lang)
    if not asked:
        return content, lines
    from siting.plans.goals.task import Limits, task_of  # noqa: PLC0415 -- start-up

    task = task_of(inputs, parameters, Limits(**how, looked_at=looked_at), previous=known)
    looks = second_looks(task, plan, asked.looks, parameters=parameters, known=known, lang=lang)
    why: tuple[dict[str, Any], list[str]] = ({}, [])
    if asked.why:
        why = beside_why(task, plan, lang)
    for more, told in (_by_size(task, plan, asked, lang), looks, why):
        content |= more
        lines += told
    return content, lines


def _by_size(
    task: "Task", plan: "PlanResult", asked: Beside, lang: Lang
) -> tuple[dict[str, Any], list[str]]:
    """Return the roll-out over years and the curve, where they are asked for."""
    from siting.lines import curve_lines, year_lines  # noqa: PLC0415 -- start-up
    from siting.plans.curve import best_years_from, curve_from, years_from  # noqa: PLC0415
    from siting.plans.second_lines import best_year_lines  # noqa: PLC0415 -- start-up

    content: dict[str, Any] = {}
    lines: list[str] = []
    if asked.years:
        rows = years_from(task, plan, asked.years)
        best = best_years_from(task, plan, rows)
        content = {"years": [row.as_dict() for row in rows], "best_years": best.as_dict()}
        lines += [*year_lines(rows, lang), *best_year_lines(best, lang)]
    if asked.curve:
        found = curve_from(task, task.limits.new, task.limits.budget_yuan)
        content["curve"] = found.as_dict()
        lines += curve_lines(found, lang)
    return content, lines
