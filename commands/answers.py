"""What a command prints: one JSON object or sentences; findings go to stderr."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from commands.options import Settings
from geo.findings import Finding
from words import Lang, say

if TYPE_CHECKING:  # pandas takes its time
    from siting.model import Inputs

DONE, REFUSED, FAILED = 0, 1, 2
"""Exit codes: done; input refused, rows rejected or no feasible plan; usage or internal error."""

_SHOWN_FINDINGS = 20


def as_json_finding(finding: Finding, lang: Lang) -> dict[str, object]:
    """Return what JSON tells of a finding."""
    return {"file": finding.file, **finding.as_dict(lang)}


def tell_findings(findings: Sequence[Finding], lang: Lang, *, as_json: bool) -> None:
    """Tell the first findings on stderr; JSON holds them all."""
    if as_json:
        return
    for finding in findings[:_SHOWN_FINDINGS]:
        place = [finding.file or ""]
        place += [say("cli.row", lang, row=finding.row)] if finding.row is not None else []
        place += [finding.column] if finding.column is not None else []
        click.echo(f"{' '.join(place)}: {finding.message(lang)}", err=True)
    if len(findings) > _SHOWN_FINDINGS:
        click.echo(say("cli.more", lang, count=len(findings) - _SHOWN_FINDINGS), err=True)


def print_answer(content: Mapping[str, object], lines: Sequence[str], *, as_json: bool) -> None:
    """Print an answer on stdout, as one JSON object or as lines."""
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(lines))


def answer(
    settings: Settings,
    inputs: "Inputs",
    content: Mapping[str, object],
    lines: Sequence[str],
    findings: Sequence[Finding],
    *,
    failed: bool = False,
) -> int:
    """Print a result with the findings of its files, and return the exit code."""
    tell_findings(findings, settings.lang, as_json=settings.as_json)
    told = [as_json_finding(finding, settings.lang) for finding in findings]
    more = {"synthetic": inputs.synthetic, "findings": told}
    warning = [say("cli.synthetic", settings.lang)] if inputs.synthetic else []
    print_answer({**content, **more}, [*warning, *lines], as_json=settings.as_json)
    refused = any(finding.severity == "error" for finding in findings)
    return REFUSED if failed or refused else DONE
