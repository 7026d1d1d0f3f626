"""The command that prepares and inspects a street network."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.answers import DONE, print_answer
from commands.inputs import read_streets
from commands.options import FILE, speaking
from words import Lang, count, distance, percent, say

if TYPE_CHECKING:  # numpy and osmium take their time
    from geo.streets import NetworkSummary


@click.command()
@click.argument("source", type=FILE, required=False)
@click.option("--place", help="地名，联网下载 / download by name")
@click.option("--out", type=FILE, help="输出 .wsn / our own file")
@speaking
def streets(
    *, source: Path | None, place: str | None, out: Path | None, lang: Lang, as_json: bool
) -> int:
    """Prepare or inspect a street network / 准备或查看道路网."""
    from geo.streets import save_network, summary  # noqa: PLC0415 -- start-up

    if (source is None) == (place is None):
        raise click.UsageError(say("cli.streets_or_place", lang))
    if place is not None and out is None:
        raise click.UsageError(say("cli.needs_out", lang))
    net = read_streets(source, place)
    found = summary(net)
    lines = _lines(found, lang)
    if out is not None:
        save_network(net, out)
        lines.append(say("cli.written", lang, file=out))
    content = {**found.as_dict(), "out": str(out) if out is not None else None}
    print_answer(content, lines, as_json=as_json)
    return DONE


def _lines(found: "NetworkSummary", lang: Lang) -> list[str]:
    """Return what is in a network, in words."""
    separator = "、" if lang == "zh" else ", "
    classes = separator.join(
        f"{name or say('cli.unnamed_class', lang)} {km:,.1f}" for name, km in found.class_km.items()
    )
    meta, unknown = found.meta, say("cli.unknown", lang)
    return [
        say(
            "cli.streets_size",
            lang,
            nodes=count(found.nodes, lang),
            edges=count(found.edges, lang),
            street_km=f"{found.street_km:,.1f}",
        ),
        say(
            "cli.streets_parts",
            lang,
            components=count(found.components, lang),
            share=percent(found.largest_component_share),
            islands=count(found.islands, lang),
            below=distance(meta.island_below_m, lang),
            island_km=f"{found.island_km:,.1f}",
        ),
        say("cli.streets_classes", lang, classes=classes),
        say(
            "cli.streets_source",
            lang,
            source=meta.source or unknown,
            date=meta.date or unknown,
            licence=meta.licence or unknown,
            profile=meta.profile,
        ),
    ]
