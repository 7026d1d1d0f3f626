"""The replay file: what a report was made of and what came out, so that it can be made again."""

import json
from dataclasses import asdict

from reports.report import Report
from reports.shown import Figure, small_cells_sentence, town_lines
from siting.results import plain, unattached_list

FORMAT = "warm-station-replay"
VERSION = 1


def replay_bytes(report: Report) -> bytes:
    """Return replay.json: one JSON object, UTF-8; the same report has the same bytes.

    Keys: `format`, `version`, `scenario_hash`, `title`, `lang`, `made_on`, `synthetic`,
    `parameters`, `layers` (source, licence, date and sha256 of each), `coverage` (as the command
    line prints it, with null for cells of few workers), `smallest_shown` and `small_cells` (which
    those are), `unattached_candidates` (id and why), `chosen` (ids in the plan's order) and `plan`
    (as the command line prints it; null without a plan).
    """
    plan = report.plan
    content = {
        "format": FORMAT,
        "version": VERSION,
        "scenario_hash": report.scenario_hash,
        "title": report.title,
        "lang": report.lang,
        "made_on": report.made_on.isoformat(),
        "synthetic": report.synthetic,
        "parameters": asdict(report.parameters),
        "layers": [asdict(credit) for credit in report.credits],
        "coverage": {**report.coverage.as_dict(), "towns": _towns(report)},
        "smallest_shown": report.smallest_shown,
        "small_cells": small_cells_sentence(report),
        "unattached_candidates": unattached_list(report.unattached_candidates),
        "chosen": [site.id for site in plan.selected] if plan is not None else [],
        "plan": plan.as_dict(report.lang) if plan is not None else None,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _towns(report: Report) -> list[dict[str, object]]:
    return [
        {
            "town": line.name,
            "workers": _plain(line.workers),
            "covered": _plain(line.covered),
            "coverage": None if isinstance(line.coverage, str) else line.coverage,
        }
        for line in town_lines(report)
    ]


def _plain(figure: Figure) -> float | None:
    return None if isinstance(figure, str) else plain(figure)
