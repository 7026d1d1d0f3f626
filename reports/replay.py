"""The replay file: what a report was made of and what came out, so that it can be made again."""

import json
from dataclasses import asdict, fields
from typing import Any, get_args

from reports.levels import By, LevelLine, level_lines
from reports.product import product
from reports.replay_layers import layer_hashes
from reports.report import Report
from reports.shown import Figure, small_cells_sentence, town_lines
from siting.coverage.levels import UNCOVERED, Terms
from siting.judging import Judged
from siting.plan_results import unattached_list
from siting.plans.recorded import to_record
from siting.results import plain

FORMAT = "warm-station-replay"
VERSION = 2
"""Of the file: 1 had no `made_from`, and cannot be replayed."""


def replay_bytes(report: Report) -> bytes:
    """Return replay.json: one JSON object, UTF-8; the same report has the same bytes.

    Keys: `format`, `version`, `scenario_hash`, `title`, `lang`, `made_on`, `synthetic`,
    `parameters`, `layers` (source, licence, date and sha256 of each), `coverage` (as the command
    line prints it, with null for cells of few workers), `smallest_shown` and `small_cells` (which
    those are), `effective` (terms, and effective coverage by unit, group and window, its questions
    and gap areas, in the same way), `unattached_candidates` (id and why), `chosen` (ids in the
    plan's order) and `plan` (as the command line prints it; null without a plan), `scores` (points
    and rank of every candidate), `standards` (district's shares and verdict under each; null where
    they were not asked) and `made_from`: see `made_from`.
    """
    content = replay_content(report)
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def replay_content(report: Report) -> dict[str, Any]:
    """Return what `replay_bytes` writes, as it is before it becomes text."""
    plan = report.plan
    return {
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
        "effective": _effective(report),
        "smallest_shown": report.smallest_shown,
        "small_cells": small_cells_sentence(report),
        "unattached_candidates": unattached_list(report.unattached_candidates),
        "chosen": [site.id for site in plan.selected] if plan is not None else [],
        "plan": plan.as_dict(report.lang) if plan is not None else None,
        "scores": [
            {
                "id": score.id,
                "area_types": list(score.area_types),
                "points": plain(score.points),
                "rank": score.rank,
            }
            for score in report.scores
        ],
        "standards": _standards(report),
        "made_from": made_from(report),
    }


def made_from(report: Report) -> dict[str, Any]:
    """Return what it takes to make the report again.

    Keys: `product` (version and hashes of its code and lists), `layers` (content hash by layer, see
    `reports.replay_layers`), `files` and `register` (where those came from), `rules` (with the text
    of the rule file), `today`, `terms`, `street_changes`, `plan` (the stored plan, exact, in both
    languages; null without one), `spares` (whether spare hosts stand in the report), `beside` (what
    stood beside the plan, see `reports.beside`), `highlight_ids`, `compiled_by`, `reviewed_by`,
    `sent_to`, `map_number`, `work` (the year's work as it was told: it is quoted, not computed
    anew), `standards` (names of those that were asked), `scenario` (the kept scenario that it is
    about, see `reports.scenario_told`; null: none).
    """
    plan = report.plan
    return {
        "product": product(),
        "layers": layer_hashes(report.inputs),
        **report.origin.as_dict(),
        "terms": terms_dict(report.effective.effective.terms),
        "street_changes": [asdict(change) for change in report.inputs.street_changes],
        "plan": None if plan is None else to_record(plan),
        "spares": report.spares is not None,
        "beside": [f.name for f in fields(report.beside) if getattr(report.beside, f.name)],
        "highlight_ids": list(report.highlight_ids),
        "compiled_by": report.compiled_by,
        "reviewed_by": report.reviewed_by,
        "sent_to": report.sent_to,
        "map_number": report.map_number,
        "work": None if report.work is None else report.work.as_dict(),
        "standards": [item.standard.name for item in _judged(report)],
        "scenario": None if report.scenario is None else report.scenario.as_dict(),
    }


def terms_dict(terms: Terms) -> dict[str, Any]:
    """Return the terms of effective coverage as plain JSON."""
    return {
        "monday": terms.monday.isoformat(),
        "open_share": terms.open_share,
        "kind_defaults": terms.kind_defaults,
        "weather": terms.weather.as_dict(),
    }


def _standards(report: Report) -> list[dict[str, object]] | None:
    if report.standards is None:
        return None
    return [
        {
            "name": item.standard.name,
            "coverage": item.coverage.total.coverage,
            "nominal_coverage": item.nominal.total.nominal_coverage,
            "verdict": item.verdict(item.coverage.total),
        }
        for item in _judged(report)
    ]


def _judged(report: Report) -> tuple[Judged, ...]:
    return () if report.standards is None else report.standards.judged


def _towns(report: Report) -> list[dict[str, object]]:
    return [
        {
            "town": line.name,
            "workers": _exact(line.workers, row.workers),
            "covered": _exact(line.covered, row.covered),
            "coverage": None if isinstance(line.coverage, str) else line.coverage,
        }
        for row, line in zip(report.coverage.towns, town_lines(report), strict=True)
    ]


def _effective(report: Report) -> dict[str, object]:
    """Return effective coverage as the command line prints it, without few workers."""
    found: dict[str, Any] = report.effective.as_dict()
    smallest = report.smallest_shown
    for listed in ("questions", "mends", "gaps"):
        for entry in found[listed]:
            _hide_few(entry, smallest)
    return {**found, **{f"{by}s": _levels(report, by) for by in get_args(By)}}


def _hide_few(entry: dict[str, Any], smallest: float) -> None:
    """Put null for few workers into a question, a mend or a gap area, and into its mends."""
    for name in ("workers", "heads", "made_sure"):
        if 0 < entry.get(name, 0) < smallest:
            entry[name] = None
    causes = entry.get("causes", {})
    if any(0 < workers < smallest for workers in causes.values()):
        entry["causes"] = dict.fromkeys(causes)
    for mend in entry.get("mends", ()):
        _hide_few(mend, smallest)


def _levels(report: Report, by: By) -> list[dict[str, object]]:
    """Return exact rows, with null where `level_lines` has a mark."""
    told = []
    for row, line in zip(report.effective.rows(by), level_lines(report, by), strict=False):
        exact = {by: row.name, **report.effective.figures(row, by)}
        marks = {
            "workers": line.workers,
            **_in_reach(line, exact),
            "verified": line.verified,
            "unverified": line.unverified,
            "uncovered": line.uncovered,
            "coverage": line.coverage,
        }
        exact.update({key: None for key, mark in marks.items() if isinstance(mark, str)})
        exact["causes"] = {
            level.name.lower(): None
            if isinstance(line.by_level[level], str)
            else plain(row.by_level[level])
            for level in UNCOVERED
        }
        told.append(exact)
    return told


def _in_reach(line: LevelLine, exact: dict[str, Any]) -> dict[str, Figure]:
    """Return the printed figures of those in reach; in heat and cold they are not the nominal ones.

    The latter then stand under `coverage` alone, where few workers are hidden among themselves.
    """
    if "in_reach" not in exact:
        return {"nominal": line.nominal, "nominal_coverage": line.nominal_coverage}
    del exact["nominal"], exact["nominal_coverage"]
    return {"in_reach": line.nominal, "in_reach_coverage": line.nominal_coverage}


def _exact(figure: Figure, exact: float) -> float | None:
    """Return the exact figure, null where a mark is printed for it."""
    return None if isinstance(figure, str) else plain(exact)
