"""What a plan seeks: the most coverage, or something else, each with its own answer.

--objective coverage    the most workers with so many stations, or so much money (the plan command)
--objective stations    a share of the workers, or all that can be, with the fewest stations
--objective money       the same with the least money
--objective median      the least mean walk with so many new stations
--objective center      the least longest walk with so many new stations
--objective gradual     the most workers weighed by the way to the nearest station (--bands)
--objective backup      the most workers with a station, and with a second one (--second-share)
--objective capacity    the most workers who find a seat in every window (--at-once)
--objective effective   the most workers whom stations really serve (commands.acting)
--target 0.9            the share; without it everybody whom some candidate reaches
--walk-m 2000           how far walks are followed

A further objective is a function from a `Question` to an `Answer`, and a name in `OBJECTIVES`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from commands.acting import EFFECTIVE
from commands.answers import answer
from commands.beside_goals import beside_goal, require_for
from commands.curves import Beside
from commands.inputs import attaching_lines, terms_of
from commands.options import FILE, OnTerms, Settings, Wish, positive
from commands.spares import spare_lines, with_spares
from commands.stopping import Stoppable
from commands.usage import Misuse
from geo.findings import Finding

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from siting.model import Inputs, Parameters
    from siting.plan_results import ForGoal, PlanResult
    from siting.planning import Evaluation, Rules
    from siting.plans.goals.task import Limits
    from siting.plans.wishes import Wishes

_Command = TypeVar("_Command", bound=Callable[..., Any])

COVERAGE = "coverage"
"""What a plan seeks unless told otherwise; this and `EFFECTIVE` are not in `OBJECTIVES`."""


_SOFT_OPTIONS = {"bands": "gradual", "second_share": "backup", "at_once": "capacity"}


@dataclass(frozen=True)
class Goal:
    """The options that say what a plan seeks.

    Attributes
    ----------
    objective
        `COVERAGE`, `EFFECTIVE` or a name in `OBJECTIVES`.
    target
        Share (0..1] of all workers that is to be covered; None: not said.
    walk_m
        Walks are followed so far, metres; None: as the objective has it.
    bands
        A file of bands of distance and what a worker counts in each; None: the product's own.
    second_share
        What a second station counts (0..1/2); None: as the objective has it.
    at_once
        Share (0..1] of the workers present that sits down at one time; None: the product's own.
    """

    objective: str
    target: float | None
    walk_m: float | None
    bands: Path | None
    second_share: float | None
    at_once: float | None

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Self:
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})


@dataclass(frozen=True, kw_only=True)
class Question:
    """What an objective may look at.

    Attributes
    ----------
    goal, wish, wishes
        What is asked for: by the objective, how large, which sites.
    known
        Coverage, and the distances up to the cut-off.
    rules, today
        None: without rules; the day on which hosts' consents are judged.
    settings
        The options that all deciding commands share.
    search
        Hears Ctrl-C while plans are looked for.
    """

    goal: Goal
    wish: Wish
    wishes: "Wishes"
    inputs: "Inputs"
    parameters: "Parameters"
    known: "Evaluation"
    rules: "Rules | None"
    today: date
    settings: Settings
    search: Stoppable

    @property
    def how(self) -> dict[str, Any]:
        """What a plan is made with, as `siting.plans.proposing.propose` takes it."""
        own = {"rules": self.rules, "wishes": self.wishes, "today": self.today}
        return {**asdict(self.wish), **own}

    @property
    def limits(self) -> "Limits":
        """The same, as other plans take it."""
        from siting.plans.goals.task import Limits  # noqa: PLC0415 -- start-up

        return Limits(**self.how, looked_at=self.search.looks_on)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an objective answers.

    Attributes
    ----------
    plan
        What is stored of it; its JSON keys are those of `content`.
    content
        JSON keys; `selected` is a list with an `id` in each, in the order of the plan.
    lines
        The same in words, in the language of the settings.
    effect
        The sentence on effective coverage after the plan: it says what plans are chosen by.
    failed
        There is no plan.
    """

    plan: "ForGoal"
    content: Mapping[str, Any]
    lines: Callable[[], list[str]]
    effect: str = "siting.plan.effect"
    failed: bool = False


def _covering(question: Question) -> Answer:
    """Cover the target, or whomever some candidate reaches, for the least."""
    from siting.plans.goals.covering import least_covering  # noqa: PLC0415 -- start-up
    from siting.plans.goals.least_lines import covering_lines  # noqa: PLC0415 -- start-up

    goal, wish, lang = question.goal, question.wish, question.settings.lang
    refuse(goal, new=wish.new, budget_yuan=wish.budget_yuan, walk_m=goal.walk_m)
    plan = least_covering(
        question.inputs,
        question.parameters,
        sought="money" if goal.objective == "money" else "stations",
        target=goal.target,
        rules=question.rules,
        wishes=question.wishes,
        time_limit_s=wish.time_limit_s,
        seed=wish.seed,
        previous=question.known,
        today=question.today,
        looked_at=question.search.looks_on,
    )
    return Answer(
        plan=plan,
        content=plan.as_dict(lang),
        lines=lambda: covering_lines(plan, lang),
        failed=plan.status == "infeasible",
    )


def _walking(question: Question) -> Answer:
    """Make the mean walk, or the longest, short."""
    from siting.plans.goals.least_lines import walking_lines  # noqa: PLC0415 -- start-up
    from siting.plans.goals.walking import shortest_walks  # noqa: PLC0415 -- start-up

    goal, wish, lang = question.goal, question.wish, question.settings.lang
    refuse(goal, target=goal.target, budget_yuan=wish.budget_yuan)
    if wish.new is None:
        raise Misuse("objective_new", objective=goal.objective)
    plan = shortest_walks(
        question.inputs,
        question.parameters,
        shortened="center" if goal.objective == "center" else "median",
        new=wish.new,
        walk_m=goal.walk_m,
        rules=question.rules,
        wishes=question.wishes,
        time_limit_s=wish.time_limit_s,
        seed=wish.seed,
        previous=question.known,
        today=question.today,
        looked_at=question.search.looks_on,
    )
    return Answer(
        plan=plan,
        content=plan.as_dict(lang),
        lines=lambda: walking_lines(plan, lang),
        effect="siting.walk.effect",
        failed=plan.bound_m is None,
    )


def _soft(question: Question) -> Answer:
    """Weigh workers by distance, by a second station, or by seats."""
    from commands.objectives_soft import answer_soft  # noqa: PLC0415 -- it needs this module

    return answer_soft(question)


OBJECTIVES: dict[str, Callable[[Question], Answer]] = {
    "stations": _covering,
    "money": _covering,
    "median": _walking,
    "center": _walking,
    "gradual": _soft,
    "backup": _soft,
    "capacity": _soft,
}
"""What a plan may seek beside coverage: name -> what answers it."""


def objective_options(command: _Command) -> _Command:
    """Add the options; what a plan may seek is read when the program starts."""
    options = (
        click.option(
            "--objective",
            type=click.Choice((COVERAGE, EFFECTIVE, *OBJECTIVES)),
            default=COVERAGE,
            show_default=True,
            help="求什么：覆盖、用得上、驿站最少、花钱最少、步行最短、按远近、第二座、座位 / goal",
        ),
        click.option(
            "--target",
            type=float,
            callback=_share,
            metavar="SHARE",
            help="要覆盖的职工比例，如 0.9；不写为凡能覆盖的都覆盖 / share of workers to cover",
        ),
        click.option(
            "--walk-m",
            type=float,
            callback=positive,
            help="步行算到多远（米） / walks are followed so far",
        ),
        click.option("--bands", type=FILE, help="距离分档文件 / bands of distance and their worth"),
        click.option(
            "--second-share",
            type=float,
            metavar="SHARE",
            help="第二座驿站的权重，0 到 0.5 / what a second station counts  [default: 0.3]",
        ),
        click.option(
            "--at-once",
            type=float,
            callback=_share,
            metavar="SHARE",
            help="在岗职工中同一时刻要坐的比例 / share that sits down at one time",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _share(_: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Refuse what is no share."""
    if value is not None and not 0 < value <= 1:
        raise Misuse("not_a_share", option=option.opts[0], value=f"{value:g}")
    return value


def require_fit(goal: Goal, beside: Beside) -> None:
    """Refuse options that only other goals have.

    Parameters
    ----------
    beside
        What is asked for beside the plan.

    Raises
    ------
    Misuse
        An option that means nothing for this objective.
    """
    for name, objective in _SOFT_OPTIONS.items():
        if getattr(goal, name) is not None and goal.objective != objective:
            option = f"--{name.replace('_', '-')}"
            raise Misuse("objective_needed", option=option, objective=objective)
    if goal.objective == COVERAGE:
        if goal.target is not None:
            raise Misuse("objective_needed", option="--target", objective="stations, money")
        if goal.walk_m is not None:
            raise Misuse("objective_needed", option="--walk-m", objective="median, center")
        return
    if goal.objective == EFFECTIVE:
        refuse(goal, target=goal.target, walk_m=goal.walk_m)
    require_for(goal.objective, beside)


def refuse(goal: Goal, **asked: object) -> None:
    """Refuse options that an objective has no use for.

    Raises
    ------
    Misuse
        One of them is set.
    """
    for name, value in asked.items():
        if value is not None and value is not False:  # 0 is set, too
            option = f"--{name.replace('_', '-')}"
            raise Misuse("objective_without", option=option, objective=goal.objective)


def plan_of(question: Question) -> "PlanResult":
    """Return the plan for an objective in `OBJECTIVES` as it is stored and reported.

    Raises
    ------
    Misuse, PlannerError
        As the objective.
    """
    from siting.plans.chosen_set import evaluated  # noqa: PLC0415 -- start-up

    plan = OBJECTIVES[question.goal.objective](question).plan.as_plan()
    return evaluated(question.inputs, question.known.travel, plan)


Store = Callable[["PlanResult"], tuple[dict[str, int], list[str]]]
"""Stores a plan where that was asked; returns JSON keys and lines that say so."""


def answer_other(
    question: Question,
    asked: OnTerms,
    findings: Sequence[Finding],
    store: Store,
    beside: Beside,
) -> int:
    """Answer by the objective that is asked for, print it, and return the exit code.

    Effective coverage after the plan and spare hosts stand beside it as beside every plan, and what
    is asked for `beside` it.
    """
    from siting.candidates import spare_hosts  # noqa: PLC0415 -- start-up
    from siting.lines import effect_lines  # noqa: PLC0415 -- start-up
    from siting.plans.after_plan import plan_effect  # noqa: PLC0415 -- start-up
    from siting.service import service_of  # noqa: PLC0415 -- start-up

    settings, inputs, parameters = question.settings, question.inputs, question.parameters
    found = OBJECTIVES[question.goal.objective](question)
    sites = [str(site["id"]) for site in found.content["selected"]]
    service = service_of(inputs, parameters, terms_of(asked), previous=question.known)
    effect = plan_effect(service, sites, question.wishes.close)
    spares = spare_hosts(inputs, parameters, sites)
    kept, told = ({}, []) if found.failed else store(found.plan.as_plan())
    extra, more = beside_goal(
        inputs,
        parameters,
        found.plan.as_plan(),
        Beside() if question.search.stopped else beside,
        limits=question.limits,
        known=question.known,
        lang=settings.lang,
    )

    def lines() -> list[str]:
        effective = effect_lines(effect, settings.lang, said=found.effect) if sites else []
        attached = attaching_lines(parameters, settings.lang)
        spared = spare_lines(spares, settings.lang)
        return [*found.lines(), *effective, *attached, *spared, *more, *told]

    content = {
        "objective": question.goal.objective,
        **with_spares(found.content, spares),
        "effective": effect.as_dict(),
        **extra,
        **kept,
    }
    return answer(settings, inputs, content, lines, findings, failed=found.failed)
