"""What a command prints: one JSON object or sentences; findings go to stderr."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
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
    return {"file": finding.file, "sheet": finding.sheet, **finding.as_dict(lang)}


def tell_findings(findings: Sequence[Finding], lang: Lang) -> None:
    """Tell the first findings on stderr; JSON holds them all."""
    for finding in findings[:_SHOWN_FINDINGS]:
        place = [finding.file or ""]
        place += [finding.sheet] if finding.sheet is not None else []
        place += [say("cli.row", lang, row=finding.row)] if finding.row is not None else []
        place += [finding.column] if finding.column is not None else []
        click.echo(f"{' '.join(place)}: {finding.message(lang)}", err=True)
    if len(findings) > _SHOWN_FINDINGS:
        click.echo(say("cli.more", lang, count=len(findings) - _SHOWN_FINDINGS), err=True)


def print_answer(
    content: Mapping[str, object], lines: Callable[[], Sequence[str]], *, as_json: bool
) -> None:
    """Print an answer on stdout, as one JSON object or as lines, which are made only then."""
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(lines()))


def answer(
    settings: Settings,
    inputs: "Inputs",
    content: Mapping[str, object],
    lines: Callable[[], Sequence[str]],
    findings: Sequence[Finding],
    *,
    needed: Sequence[str] = ("demand", "stations"),
    written: Sequence[str] = (),
    failed: bool = False,
) -> int:
    """Print a result, and return the exit code.

    Parameters
    ----------
    lines
        The result in words; not said where a whole table was rejected.
    findings
        Of the input files; they have been told when the files were read.
    needed
        The tables without which there is nothing to say.
    written
        Lines on the files that were written, said in any case.
    failed
        There is no feasible plan.
    """
    lang = settings.lang
    told = [as_json_finding(finding, lang) for finding in findings]
    changes = [asdict(change) for change in inputs.street_changes]
    more = {"street_changes": changes, "synthetic": inputs.synthetic, "findings": told}
    if settings.register:
        more["as_of"] = None if settings.as_of is None else str(settings.as_of)
    warning = [say("cli.synthetic", lang)] if inputs.synthetic else []
    if settings.as_json and warning:
        click.echo(warning[0], err=True)

    def spoken() -> Sequence[str]:
        nothing = [
            say("cli.nothing_usable", lang, file=name)
            for name in _rejected_files(settings, inputs, findings, needed)
        ]
        return [*warning, *_changed(inputs, lang), *(nothing or lines()), *written]

    print_answer({**content, **more}, spoken, as_json=settings.as_json)
    refused = any(finding.severity == "error" for finding in findings)
    return REFUSED if failed or refused else DONE


def _changed(inputs: "Inputs", lang: Lang) -> list[str]:
    from siting.lines import street_change_text  # noqa: PLC0415 -- start-up

    return [street_change_text(change, lang) for change in inputs.street_changes]


def _rejected_files(
    settings: Settings, inputs: "Inputs", findings: Sequence[Finding], needed: Sequence[str]
) -> list[str]:
    """Return the needed tables of which every row was rejected."""
    blamed = {finding.file for finding in findings if finding.severity == "error"}
    given = {layer: getattr(settings, layer) for layer in needed}
    return [
        path.name
        for layer, path in given.items()
        if path is not None and path.name in blamed and not len(getattr(inputs, layer))
    ]
