"""The command that takes hosts out of OpenStreetMap: hosts."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.answers import DONE, print_answer
from commands.options import FILE, speaking
from commands.trouble import reading
from commands.usage import Misuse
from geo.reference import read_list
from words import Lang, count, say

if TYPE_CHECKING:  # numpy and osmium take their time
    from geo.hosts import HostRules, HostsFound
    from geo.streets import Network


@click.command()
@click.argument("source", type=FILE)
@click.option("--streets", type=FILE, help="临哪一侧，按此路网判断 / streets that areas face")
@click.option("--towns", type=FILE, help="镇街边界 / polygons with a name")
@click.option("--rules", type=FILE, help="标签对照表（TOML） / which tags mean which host")
@click.option("--out", type=FILE, required=True, help=".csv, .parquet, .geojson")
@speaking
def hosts(
    *,
    source: Path,
    streets: Path | None,
    towns: Path | None,
    rules: Path | None,
    out: Path,
    lang: Lang,
    as_json: bool,
) -> int:
    """Take hosts out of an OpenStreetMap file / 从 OSM 文件提取依托单位."""
    from geo.hosts import extract_hosts  # noqa: PLC0415 -- start-up
    from geo.tables import check_suffix, save_table  # noqa: PLC0415 -- start-up
    from geo.zones import fill_towns, read_zones  # noqa: PLC0415 -- start-up

    check_suffix(out, positions=True)
    if out.exists() and source.exists() and out.samefile(source):
        raise Misuse("out_is_file", file=source.name)
    with reading(lang):
        found = extract_hosts(source, _network(source, streets), rules=_rules(rules))
        frame = found.frame if towns is None else fill_towns(found.frame, read_zones(towns))
    save_table(frame, out)
    content = {**found.as_dict(), "out": str(out)}
    print_answer(content, lambda: _lines(found, out, lang), as_json=as_json)
    return DONE


def _network(source: Path, streets: Path | None) -> "Network | None":
    """Return the streets that were named, else those of the file itself; None: it has none."""
    from geo.errors import FileRefusedError  # noqa: PLC0415 -- start-up
    from geo.streets import load_streets  # noqa: PLC0415 -- start-up
    from geo.streets.load import osm_form  # noqa: PLC0415 -- start-up

    if streets is not None:
        return load_streets(streets)
    if not osm_form(source):
        return None  # the extraction says what is wrong with it
    try:
        return load_streets(source)
    except FileRefusedError as error:
        if error.code != "streets_no_edges":
            raise
        return None


def _rules(path: Path | None) -> "HostRules | None":
    from geo.errors import InputError  # noqa: PLC0415 -- start-up
    from geo.hosts import parse_host_rules  # noqa: PLC0415 -- start-up

    if path is None:
        return None
    try:
        content: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("hosts_rules_not_toml", file=path.name) from error
    return parse_host_rules(content, path.name)


def _lines(found: "HostsFound", out: Path, lang: Lang) -> list[str]:
    told = found.as_dict()
    types = read_list("reference/host_types")
    separator = "、" if lang == "zh" else ", "
    kinds = separator.join(
        f"{types[code][lang]} {count(number, lang)}" for code, number in told["by_type"].items()
    )
    placed = separator.join(
        f"{say(f'cli.hosts_placed_{how}', lang)} {count(number, lang)}"
        for how, number in told["placed"].items()
    )
    lines = [
        say("cli.hosts_found", lang, count=count(told["hosts"], lang), kinds=kinds or "0"),
        say("cli.hosts_placed", lang, placed=placed),
        say(
            "cli.hosts_known",
            lang,
            named=count(told["named"], lang),
            hours=count(told["with_hours"], lang),
            address=count(told["with_address"], lang),
        ),
    ]
    if found.left_out:
        lines.append(say("cli.hosts_left_out", lang, count=count(len(found.left_out), lang)))
    if found.hours_unread:
        lines.append(say("cli.hosts_hours_unread", lang, count=count(found.hours_unread, lang)))
    return [*lines, say("cli.written", lang, file=out)]
