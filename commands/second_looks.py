"""A second look at a plan: hosts that leave, plans nearly as good, shaken demand, a second goal.

--robust q=0.1                the plan with the most expected coverage if each host leaves with q
--robust q=0.1,existing=0.05  existing stations, too, with a probability of their own
--best 5                      the five plans that cover the most
--swaps                       what may stand in for each site at next to no price
--stability 100               how often each site is chosen under shaken demand
--pareto money|points|towns|walk   what coverage costs of a second goal
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from commands.usage import TYPED_WIDE, Misuse
from words import Lang, say

if TYPE_CHECKING:
    from siting.model import Parameters
    from siting.plan_results import PlanResult
    from siting.planning import Evaluation
    from siting.plans.goals.task import Task

_Command = TypeVar("_Command", bound=Callable[..., Any])

_CHANCE = r"(0(?:\.\d+)?|1(?:\.0+)?|\.\d+)"
_ROBUST = re.compile(rf"q={_CHANCE}(?:,existing={_CHANCE})?")
_MOST_PLANS = 50
_MOST_DRAWS = 10_000


class Chances(NamedTuple):
    """With which probability (0..1) a new and an existing station is out of use."""

    leave: float
    existing: float


def _chances(ctx: click.Context, param: click.Parameter, text: str | None) -> Chances | None:
    """Read the probabilities."""
    del ctx, param
    if text is None:
        return None
    found = _ROBUST.fullmatch(text.translate(TYPED_WIDE))
    if found is None or float(found[1]) >= 1:
        raise Misuse("robust_unread", text=text)
    return Chances(float(found[1]), float(found[2] or 0))


def second_look_options(command: _Command) -> _Command:
    """Add the options."""
    options = (
        click.option(
            "--robust",
            metavar="q=SHARE[,existing=SHARE]",
            callback=_chances,
            help="驿站退出的概率，求期望覆盖最多的方案 / chance that a host leaves",
        ),
        click.option(
            "--best",
            type=click.IntRange(2, _MOST_PLANS),
            help="覆盖最多的几个方案 / so many of the best plans",
        ),
        click.option(
            "--swaps",
            is_flag=True,
            help="每个点可以换成谁、少覆盖几人 / what may stand in for each site",
        ),
        click.option(
            "--stability",
            type=click.IntRange(1, _MOST_DRAWS),
            metavar="N",
            help="人数变动 N 次，看各点入选的比例 / plans under N draws of demand",
        ),
        click.option(
            "--pareto",
            type=click.Choice(("money", "points", "towns", "walk")),
            help="覆盖与经费、得分、最差镇街、步行的取舍 / coverage against a second goal",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


class SecondLooks(NamedTuple):
    """Which of them are asked for."""

    robust: Chances | None
    best: int | None
    swaps: bool
    stability: int | None
    pareto: Any


def second_looks(
    task: "Task",
    plan: "PlanResult",
    asked: SecondLooks,
    *,
    parameters: "Parameters",
    known: "Evaluation",
    lang: Lang,
) -> tuple[dict[str, Any], list[str]]:
    """Return JSON keys and lines of what is asked for.

    Parameters
    ----------
    task
        What the plan was made from.
    known
        The distances that the plan rests on.
    """
    from siting.plans import second_lines  # noqa: PLC0415 -- start-up

    content: dict[str, Any] = {}
    lines: list[str] = []
    if task.scores is not None and (asked.robust or asked.best or asked.swaps):
        lines.append(say("looks.without_points", lang))
    if asked.robust is not None:
        from siting.plans.robust import robust_from  # noqa: PLC0415 -- start-up

        robust = robust_from(task, plan, asked.robust.leave, asked.robust.existing)
        content["robust"] = robust.as_dict()
        lines += second_lines.robust_lines(robust, lang)
    if asked.best is not None or asked.swaps:
        more, told = _near_best(task, plan, asked, lang)
        content |= more
        lines += told
    if asked.stability is not None:
        stable = _stability(task, parameters, plan, asked.stability, known)
        content["stability"] = stable.as_dict()
        lines += second_lines.stability_lines(stable, lang)
    if asked.pareto is not None:
        from siting.plans.pareto import front_from  # noqa: PLC0415 -- start-up

        front = front_from(task, asked.pareto, parameters)
        content["pareto"] = front.as_dict()
        lines += second_lines.front_lines(front, lang)
    return content, lines


def _near_best(
    task: "Task", plan: "PlanResult", asked: SecondLooks, lang: Lang
) -> tuple[dict[str, Any], list[str]]:
    from siting.plans import second_lines  # noqa: PLC0415 -- start-up
    from siting.plans.near_best import best_from, swaps_from  # noqa: PLC0415 -- start-up

    content: dict[str, Any] = {}
    lines: list[str] = []
    if asked.best is not None:
        plans = best_from(task, plan, asked.best)
        content["best"] = [row.as_dict() for row in plans]
        lines += second_lines.best_lines(plans, lang)
    if asked.swaps:
        swaps = swaps_from(task, plan)
        content["swaps"] = swaps.as_dict()
        lines += second_lines.swap_lines(swaps, lang)
    return content, lines


def _stability(
    task: "Task",
    parameters: "Parameters",
    plan: "PlanResult",
    draws: int,
    known: "Evaluation",
) -> Any:  # noqa: ANN401 -- StablePlan, imported late
    from siting.plans.stability import shaken_points, stability_from  # noqa: PLC0415 -- start-up

    limits, points = task.limits, list[Any]()
    if limits.rules is not None:
        points += shaken_points(
            task.inputs,
            parameters,
            known,
            rules=limits.rules,
            today=limits.today,
            draws=draws,
            seed=limits.seed,
        )
    return stability_from(task, plan, draws=draws, points=points)
