"""The command that proposes: plan."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from commands.acting import EFFECTIVE, Acting, acting_options, answer_effective
from commands.answers import answer
from commands.curves import Beside, beside_plan, curve_options
from commands.inputs import attaching_lines, load, own_rules_of, parameters_of, terms_of
from commands.objectives import (
    COVERAGE,
    Goal,
    Question,
    answer_other,
    objective_options,
    require_fit,
)
from commands.options import OnTerms, Settings, Wish, deciding, on_terms, planning_options
from commands.register_place import Place, named
from commands.spares import spare_lines, spares_of, with_spares
from commands.stopping import Stoppable
from commands.usage import Misuse
from commands.wishing import wishes_of, wishing_options
from siting import district_time
from words import say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from siting.model import Inputs, Parameters
    from siting.plan_results import PlanResult
    from siting.planning import Rules


@click.command()
@deciding
@planning_options
@wishing_options
@objective_options
@acting_options
@on_terms
@curve_options
@click.option("--store", "keep", metavar="NAME", help="存入台账并起名 / store it in the register")
@click.option("--who", help="经办人，记入台账 / for the ledger")
def plan(
    *,
    keep: str | None,
    who: str | None,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Propose new stations, with a proven bound / 提出新增驿站方案."""
    from siting import planning  # noqa: PLC0415 -- start-up
    from siting.allocation.contained import prepare  # noqa: PLC0415 -- start-up
    from siting.lines import plan_lines  # noqa: PLC0415 -- start-up
    from siting.plans import proposing  # noqa: PLC0415 -- start-up
    from siting.plans.after_plan import opened_and_closed, plan_effect  # noqa: PLC0415 -- start-up
    from siting.service import service_of  # noqa: PLC0415 -- start-up

    wish, asked = Wish.taken_from(options), OnTerms.taken_from(options)
    today = options.pop("today") or district_time.today()
    wishes, goal = wishes_of(options), Goal.taken_from(options)
    further, acting = Beside.taken_from(options), Acting.taken_from(options)
    settings = Settings.of(options)
    acting.require(goal.objective)
    require_fit(goal, further)
    _refuse(goal, wish, settings, keep=keep, who=who)
    parameters = parameters_of(settings)
    prepare()  # the solver's process starts while files are read
    inputs, findings = load(settings)
    rules = own_rules_of(settings)
    inputs = acting.priced(inputs, settings)
    known = planning.walked(inputs, parameters)

    def store(result: "PlanResult") -> tuple[dict[str, int], list[str]]:
        if keep is None:
            return {}, []
        number = _kept(settings, inputs, parameters, result, rules, today, name=keep, who=who)
        return {"number": number}, [say("cli.plan_kept", settings.lang, number=number)]

    with Stoppable(settings.lang) as search:
        question = Question(
            goal=goal,
            wish=wish,
            wishes=wishes,
            inputs=inputs,
            parameters=parameters,
            known=known,
            rules=rules,
            today=today,
            settings=settings,
            search=search,
        )
        if goal.objective == EFFECTIVE:
            return answer_effective(question, acting, asked, findings, further)
        if goal.objective != COVERAGE:
            return answer_other(question, asked, findings, store, further)
        how = question.how
        result = proposing.propose(inputs, parameters, previous=known, watch=search.goes_on, **how)
        if search.stopped:  # who is in a hurry wants no more plans
            further = Beside()
        extra, told = beside_plan(
            inputs,
            parameters,
            result,
            further,
            known=known,
            how=how,
            lang=settings.lang,
            looked_at=search.looks_on,
        )
    service = service_of(inputs, parameters, terms_of(asked), previous=known)
    effect = plan_effect(service, *opened_and_closed(result))
    result = replace(result, effective=effect)
    more = attaching_lines(parameters, settings.lang)
    spares = spares_of(result, inputs, parameters)
    more = [*more, *spare_lines(spares, settings.lang), *told]
    kept, kept_lines = store(result) if result.found else ({}, [])
    more = [*more, *kept_lines]
    return answer(
        settings,
        inputs,
        {**with_spares(result.as_dict(settings.lang), spares), **extra, **kept},
        lambda: [*plan_lines(result, settings.lang), *more],
        findings,
        failed=not result.found,
    )


def _refuse(
    goal: Goal, wish: Wish, settings: Settings, *, keep: str | None, who: str | None
) -> None:
    """Refuse what a plan cannot be made from, or not be stored.

    Raises
    ------
    Misuse
        No candidates, no size, nowhere to store it.
    """
    if not settings.with_candidates and goal.objective != EFFECTIVE:
        raise Misuse("needs_candidates")
    if goal.objective in {COVERAGE, EFFECTIVE} and not wish.complete:
        raise Misuse("needs_number")
    if who is not None and keep is None:
        raise Misuse("option_alone", option="--who", needed="--store")
    if keep is None:
        return
    if goal.objective == EFFECTIVE:
        raise Misuse("store_measures")
    if not settings.register or settings.as_of is not None:
        raise Misuse("store_from_register")


def _kept(
    settings: Settings,
    inputs: "Inputs",
    parameters: "Parameters",
    result: "PlanResult",
    rules: "Rules | None",
    today: date,
    *,
    name: str,
    who: str | None,
) -> int:
    """Store a plan with its rules; return its number."""
    from register.plan_records import store_plan  # noqa: PLC0415 -- start-up
    from siting.planning import scenario_of  # noqa: PLC0415 -- start-up

    scenario = scenario_of(inputs, parameters, rules, today)
    with Place.named_by(settings).opened() as register:
        stored = store_plan(register, scenario, result, who=named(who), name=name, rules=rules)
    return stored.id
