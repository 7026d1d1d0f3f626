"""A report made again from its replay file and the inputs that were found; nothing is solved."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from reports.replaying import Replay
from reports.report import Report, make_report
from siting import planning
from siting.candidates import spare_hosts
from siting.effective import evaluate_effective
from siting.judging import Judgement, judge
from siting.model import Inputs
from siting.plans.after_plan import opened_and_closed, plan_effect
from siting.plans.chosen_set import evaluated
from siting.plans.variant import with_variant
from siting.standards import standard_names
from siting.street_changes import AddPath, CloseStreet, StreetChange, with_street_changes
from words import percent

HEADLINE: Final[tuple[tuple[str, tuple[str, ...], Callable[[Any], str]], ...]] = (
    ("workers", ("coverage", "workers_total"), lambda value: f"{value:,.0f}"),
    ("nominal", ("coverage", "coverage"), percent),
    ("effective", ("effective", "coverage"), percent),
    ("after", ("plan", "workers_covered_after"), lambda value: f"{value:,.0f}"),
    ("effective_after", ("plan", "effective", "coverage_after"), percent),
    ("cost", ("plan", "cost_yuan"), lambda value: f"{value:,.0f}"),
)
"""What people look at first: its word, where it stands in the file, and how it is written."""


def report_again(asked: Replay, inputs: Inputs) -> Report:
    """Return the report that a replay file was written for, made of the inputs that were found.

    Coverage and scores are computed; of the plan, what the chosen set brings.
    """
    parameters, origin = asked.parameters, asked.origin
    known = (
        planning.walked(inputs, parameters)
        if origin.rules is None
        else planning.evaluate(inputs, parameters, rules=origin.rules, today=origin.today)
    )
    effective = evaluate_effective(inputs, parameters, asked.terms, previous=known)
    plan, spares = asked.plan, None
    if plan is not None:
        plan = evaluated(inputs, known.travel, plan)
        effect = plan_effect(effective.service, *opened_and_closed(plan))
        plan = replace(plan, effective=effect)
        if asked.spares:
            spares = spare_hosts(inputs, parameters, [site.id for site in plan.selected])
    return make_report(
        inputs,
        parameters,
        effective,
        known.scores,
        plan,
        title=asked.title,
        made_on=asked.made_on,
        lang=asked.lang,
        scenario_hash=asked.scenario_hash,
        smallest_shown=asked.smallest_shown,
        spares=spares,
        origin=origin,
        standards=_judged(asked, inputs),
        **asked.details,
    )


def with_changes_of(asked: Replay, inputs: Inputs) -> Inputs:
    """Return inputs whose streets are changed as they were; those of a bundle are already."""
    return with_street_changes(inputs, _changes(asked))


def with_places_of(asked: Replay, inputs: Inputs) -> Inputs:
    """Return inputs whose candidates stand where the scenario has them; streets stay."""
    scenario = asked.details["scenario"]
    if scenario is None:
        return inputs
    return with_variant(inputs, replace(scenario.variant, streets=()))


def figure_at(content: Mapping[str, Any], path: tuple[str, ...]) -> Any:  # noqa: ANN401 -- JSON
    """Return what stands at a place of a replay file; None: nothing does."""
    found: Any = content
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _judged(asked: Replay, inputs: Inputs) -> Judgement | None:
    """Return what the standards of then say; those that are gone today are left out."""
    names = [name for name in asked.standards if name in standard_names()]
    return judge(inputs, asked.parameters, names, asked.terms) if names else None


def _changes(asked: Replay) -> list[StreetChange]:
    return [
        CloseStreet(change.places[0])
        if change.kind == "closed"
        else AddPath(change.places, name=change.street)
        for change in asked.street_changes
    ]
