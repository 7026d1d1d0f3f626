"""The commands that decide: coverage, score."""

from typing import Any

import click

from commands.answers import answer
from commands.beside import beside
from commands.inputs import (
    attaching,
    attaching_lines,
    load,
    parameters_of,
    rules_of,
    terms_of,
)
from commands.options import (
    Serving,
    Settings,
    Shaken,
    deciding,
    serving,
    shaking_options,
)
from commands.usage import Misuse
from siting import district_time

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
    today = shaken.today or district_time.today()
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
