"""The command that prepares and inspects a street network."""

from pathlib import Path

import click

from commands.answers import DONE, print_answer
from commands.inputs import read_streets
from commands.options import FILE, speaking
from words import Lang, say


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
    if out is not None:
        save_network(net, out)
    content = {**summary(net).as_dict(), "out": str(out) if out is not None else None}
    lines = [f"{name}: {value}" for name, value in content.items() if not isinstance(value, dict)]
    print_answer(content, lines, as_json=as_json)
    return DONE
