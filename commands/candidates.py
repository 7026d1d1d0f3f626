"""The command that proposes candidates: candidates."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.answers import answer
from commands.inputs import attaching, load, parameters_of
from commands.options import FILE, Settings, deciding, positive
from commands.usage import Misuse
from geo.reference import read_list
from words import Lang, count, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from siting.candidates import Generated, Origin
    from siting.candidates import Settings as Figures
    from siting.model import Inputs, Parameters

_SHOWN = 10


@click.command()
@deciding
@click.option(
    "--from",
    "origins",
    metavar="NAME,…",
    help="来源 / host, gate, front, hard, scattered  [default: all]",
)
@click.option(
    "--spacing-m", type=float, callback=positive, help="临街点间距（米） / between fronts"
)
@click.option(
    "--least-firm", type=click.IntRange(min=0), help="企业职工不少于 / head count of a large firm"
)
@click.option("--spares", is_flag=True, help="列出每处的备选依托单位 / rank spare hosts of each")
@click.option("--out", type=FILE, required=True, help=".csv, .parquet, .geojson")
def candidates(
    *,
    origins: str | None,
    spacing_m: float | None,
    least_firm: int | None,
    spares: bool,
    out: Path,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Propose candidates at hosts and where none is known / 从依托单位等生成候选点."""
    from geo.tables import check_suffix, save_table  # noqa: PLC0415 -- start-up
    from geo.zones import read_zones  # noqa: PLC0415 -- start-up
    from siting.candidates import generate  # noqa: PLC0415 -- start-up

    chosen = _origins(origins)
    settings = Settings.of(options)
    check_suffix(out, positions=True)
    _keep_sources(settings, out)
    parameters = parameters_of(settings)
    inputs, findings = load(settings)
    found = generate(
        inputs,
        parameters,
        origins=chosen,
        settings=_figures(spacing_m, least_firm),
        zones=None if settings.towns is None else read_zones(settings.towns),
        lang=settings.lang,
    )
    save_table(found.frame, out)
    content = {**found.as_dict(), **attaching(parameters), "out": str(out)}
    if spares:
        _add_spares(content, found, inputs, parameters)
    lang = settings.lang
    return answer(
        settings,
        inputs,
        content,
        lambda: _lines(found, lang),
        findings,
        written=[say("cli.written", lang, file=out)],
    )


def _origins(given: str | None) -> "tuple[Origin, ...]":
    from siting.candidates import ORIGINS  # noqa: PLC0415 -- start-up

    if given is None:
        return ORIGINS
    asked = [part.strip() for part in given.split(",") if part.strip()]
    unknown = [part for part in asked if part not in ORIGINS]
    if unknown or not asked:
        raise Misuse("candidates_from", given=given, known="、".join(ORIGINS))
    return tuple(origin for origin in ORIGINS if origin in asked)


def _figures(spacing_m: float | None, least_firm: int | None) -> "Figures":
    from siting.candidates import read_settings  # noqa: PLC0415 -- start-up

    figures = read_settings()
    if spacing_m is not None:
        figures = replace(figures, front_spacing_m=spacing_m)
    if least_firm is not None:
        figures = replace(figures, gate_least_workers=float(least_firm))
    return figures


def _keep_sources(settings: Settings, out: Path) -> None:
    """Refuse to write over a file that is to be read."""
    for name in ("streets", "demand", "stations", "candidates", "enterprises", "hosts"):
        path: Path | None = getattr(settings, name)
        if path is not None and path.exists() and out.exists() and out.samefile(path):
            raise Misuse("out_is_file", file=path.name)


def _add_spares(
    content: dict[str, Any], found: "Generated", inputs: "Inputs", parameters: "Parameters"
) -> None:
    """Add the spare hosts of each candidate, as if it alone were built."""
    from siting.candidates import spare_hosts  # noqa: PLC0415 -- start-up

    given = replace(inputs, candidates=found.frame)
    ids = [str(row["id"]) for row in content["candidates"]]
    ranked = spare_hosts(given, parameters, ids, together=False)
    for row in content["candidates"]:
        row["spares"] = [spare.as_dict() for spare in ranked[str(row["id"])]]


def _lines(found: "Generated", lang: Lang) -> list[str]:
    told = found.as_dict()
    lines = [
        say(
            "cli.candidates_of",
            lang,
            origin=say(f"candidates.origin.{origin}", lang),
            found=count(numbers["found"], lang),
            kept=count(numbers["kept"], lang),
        )
        for origin, numbers in told["by_origin"].items()
        if origin not in found.lacking
    ]
    lines += [
        say(
            "cli.candidates_lack",
            lang,
            origin=say(f"candidates.origin.{origin}", lang),
            lack=say(f"candidates.lacking.{lack}", lang),
        )
        for origin, lack in found.lacking.items()
    ]
    kinds = read_list("reference/kinds")
    separator = say("candidates.and", lang)
    listed = separator.join(
        f"{kinds[code][lang]} {count(number, lang)}" for code, number in told["by_kind"].items()
    )
    total = count(len(found.frame), lang)
    lines.append(say("cli.candidates_all", lang, count=total, kinds=listed or "0"))
    for row in told["candidates"][:_SHOWN]:
        reason = row[f"kind_reason_{lang}"]
        lines.append(say("cli.candidates_row", lang, name=row["name"] or row["id"], reason=reason))
    if len(found.frame) > _SHOWN:
        lines.append(say("cli.more", lang, count=len(found.frame) - _SHOWN))
    return lines
