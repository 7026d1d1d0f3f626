"""The commands that decide: coverage, score, report."""

from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.answers import answer
from commands.beside import beside
from commands.explaining import beside_report, report_options
from commands.inputs import (
    attaching,
    attaching_lines,
    load,
    name_of,
    own_rules_of,
    parameters_of,
    rules_of,
    terms_of,
)
from commands.objectives import COVERAGE, Goal, objective_options
from commands.options import (
    FILE,
    SMALLEST,
    OnTerms,
    Serving,
    Settings,
    Shaken,
    Wish,
    deciding,
    on_terms,
    planning_options,
    serving,
    shaking_options,
)
from commands.origins import origin_of
from commands.spares import spares_of
from commands.usage import Misuse
from commands.wishing import wishes_of, wishing_options
from geo.reference import read_list
from words import Lang, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from siting.model import Inputs
    from siting.plan_results import PlanResult

OTHER_ROWS = (None, "street")
"""Not rows of effective coverage: none asked for, and main streets, which stand beside it."""


@click.command()
@deciding
@serving
def coverage(**options: Any) -> int:  # noqa: ANN401 -- click's
    """Tell how many workers the existing stations reach and serve / 现有驿站覆盖多少职工."""
    from siting.coverage import bracketed  # noqa: PLC0415 -- start-up
    from siting.effective import evaluate_effective  # noqa: PLC0415 -- start-up
    from siting.effective_lines import by_lines, effective_lines  # noqa: PLC0415 -- start-up
    from siting.lines import coverage_lines  # noqa: PLC0415 -- start-up

    asked = Serving.taken_from(options)
    settings = Settings.of(options)
    parameters = parameters_of(settings)
    terms = terms_of(asked)
    inputs, findings = load(settings)
    found = evaluate_effective(inputs, parameters, terms)
    result = bracketed(inputs, found.nominal)
    more = beside(asked, settings, inputs, parameters, found)
    by = {} if asked.by in OTHER_ROWS else {"by": asked.by, "rows": found.rows_by(str(asked.by))}
    content = {
        **result.as_dict(),
        **attaching(parameters),
        "effective": {"season": asked.season, **found.as_dict(), **by},
        **more.content,
    }

    def lines() -> list[str]:
        by = [] if asked.by in OTHER_ROWS else by_lines(found, str(asked.by), settings.lang)
        return [
            *coverage_lines(result, settings.lang),
            *attaching_lines(parameters, settings.lang),
            *effective_lines(found, settings.lang),
            *by,
            *more.lines,
        ]

    return answer(settings, inputs, content, lines, [*findings, *more.findings])


@click.command()
@deciding
@shaking_options
def score(**options: Any) -> int:  # noqa: ANN401 -- click's
    """Score the candidates by the siting rules / 按选址规则给候选点打分."""
    from siting import planning  # noqa: PLC0415 -- start-up
    from siting.lines import area_lines, score_lines  # noqa: PLC0415 -- start-up
    from siting.rules import read_rules  # noqa: PLC0415 -- start-up

    shaken = Shaken.taken_from(options)
    settings = Settings.of(options)
    if not settings.with_candidates:
        raise Misuse("needs_candidates")
    parameters = parameters_of(settings)
    inputs, findings = load(settings)
    rules = rules_of(settings)
    today = shaken.today or date.today()  # noqa: DTZ011 -- the reader's own calendar day
    result = planning.evaluate(inputs, parameters, rules=rules, today=today)
    scores = result.scores
    if shaken.draws != 0:
        scores = planning.with_rank_ranges(
            inputs,
            parameters,
            result,
            rules=rules,
            today=today,
            draws=shaken.draws,
            seed=shaken.seed,
        )
    areas = planning.demand_by_area(inputs, parameters, rules=rules)
    content = {
        "candidates": [item.as_dict() for item in scores],
        "demand_areas": [row.as_dict() for row in areas],
        "today": today.isoformat(),
        "seed": shaken.seed,
        "cutoff_m": result.coverage.cutoff_m,
        "method": result.coverage.method,
        **attaching(parameters),
        "rules": settings.rules or read_rules(rules).name,
        "rules_version": scores[0].rules_version if scores else None,
        "rules_dated": scores[0].rules_dated or None if scores else None,
    }
    more = [*area_lines(areas, settings.lang), *attaching_lines(parameters, settings.lang)]
    return answer(
        settings,
        inputs,
        content,
        lambda: [*score_lines(scores, settings.lang), *more],
        findings,
        needed=("demand", "stations", "candidates"),
    )


@click.command()
@deciding
@planning_options
@wishing_options
@objective_options
@report_options
@click.option("--out", type=FILE, required=True, help="输出文件夹 / folder")
@click.option("--format", "formats", help="docx,pdf,xlsx,html,gpkg,json")
@click.option("--title", help="标题 / the district's name")
@click.option(
    "--bundle", is_flag=True, help="附上全部图层，可重放，内部保存 / add the layers, for replay"
)
@SMALLEST
@on_terms
def report(
    *,
    out: Path,
    formats: str | None,
    bundle: bool,
    title: str | None,
    smallest: float | None,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Write the report and its annexes / 生成报告和附表."""
    from reports.bundle import WRITERS, write_bundle  # noqa: PLC0415 -- start-up
    from reports.replay_layers import FOLDER as LAYERS_FOLDER  # noqa: PLC0415 -- start-up
    from reports.replay_layers import write_layers  # noqa: PLC0415 -- start-up
    from reports.report import make_report  # noqa: PLC0415 -- start-up
    from siting import planning, scenario  # noqa: PLC0415 -- start-up
    from siting.effective import evaluate_effective  # noqa: PLC0415 -- start-up
    from siting.plans import proposing  # noqa: PLC0415 -- start-up
    from siting.plans.after_plan import opened_and_closed, plan_effect  # noqa: PLC0415 -- start-up
    from siting.small_cells import SMALLEST_SHOWN  # noqa: PLC0415 -- start-up

    wish, asked = Wish.taken_from(options), OnTerms.taken_from(options)
    today = options.pop("today") or date.today()  # noqa: DTZ011 -- the reader's own calendar day
    wishes = wishes_of(options)
    further = {name: options.pop(name) for name in ("why", "curve", "years")}
    if Goal.taken_from(options).objective != COVERAGE:
        raise Misuse("objective_report")
    settings = Settings.of(options)
    parameters, terms = parameters_of(settings), terms_of(asked)
    inputs, findings = load(settings)
    evaluation = planning.evaluate(inputs, parameters, rules=rules_of(settings), today=today)
    found = evaluate_effective(inputs, parameters, terms, previous=evaluation)
    proposal = None
    how = {**asdict(wish), "rules": own_rules_of(settings), "wishes": wishes, "today": today}
    if settings.with_candidates and wish.complete:
        proposal = proposing.propose(inputs, parameters, previous=evaluation, **how)
        effect = plan_effect(found.service, *opened_and_closed(proposal))
        proposal = replace(proposal, effective=effect)
    elif settings.with_candidates:
        click.echo(say("cli.no_plan", settings.lang), err=True)
    made = make_report(
        inputs,
        parameters,
        found,
        evaluation.scores,
        proposal,
        title=title or name_of(settings) or _title(inputs, settings.lang),
        made_on=date.today(),  # noqa: DTZ011 -- the reader's own calendar day
        lang=settings.lang,
        scenario_hash=_scenario(proposal) or scenario.scenario_hash(inputs, parameters),
        smallest_shown=SMALLEST_SHOWN if smallest is None else smallest,
        spares=None if proposal is None else spares_of(proposal, inputs, parameters),
        beside=beside_report(inputs, parameters, proposal, further, known=evaluation, how=how),
        origin=origin_of(settings, today),
    )
    chosen = tuple(formats.split(",")) if formats else tuple(WRITERS)
    # Whatever is asked for: no report without what it takes to make it again.
    chosen = chosen if "json" in chosen else (*chosen, "json")
    files = [str(path) for path in write_bundle(made, out, chosen, settings.lang)]
    if bundle:
        files += [str(path) for path in write_layers(inputs, out / LAYERS_FOLDER)]
        click.echo(say("replay.bundled", settings.lang), err=True)
    content = {
        "out": str(out),
        "files": files,
        "coverage": made.coverage.as_dict(),
        "effective": {"season": asked.season, **found.as_dict()},
        **attaching(parameters),
        "plan": proposal.as_dict(settings.lang) if proposal is not None else None,
        "smallest_shown": made.smallest_shown,
    }
    failed = proposal is not None and not proposal.found
    return answer(settings, inputs, content, list, findings, written=files, failed=failed)


def _title(inputs: "Inputs", lang: Lang) -> str:
    """Return the sample's own title, or one that names no place."""
    if inputs.sources and all(source.synthetic for source in inputs.sources):
        return str(read_list("sample/sample")["title"][lang])
    return say("cli.title", lang)


def _scenario(proposal: "PlanResult | None") -> str:
    return "" if proposal is None else str(proposal.parameters["scenario"])
