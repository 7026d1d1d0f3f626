"""The command that makes demand of head counts: demand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.answers import DONE, REFUSED, as_json_finding, print_answer, tell_findings
from commands.inputs import mapping_of
from commands.options import FILE, not_negative, speaking
from commands.trouble import reading
from commands.usage import Misuse
from geo.findings import Finding
from words import Lang, count, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    import pandas as pd

    from siting.demand_sources import Factor

SWEPT = ("trunk", "primary", "secondary", "tertiary")


@click.command()
@click.option("--enterprises", type=FILE, help="企业台账 / enterprises with head counts")
@click.option(
    "--shift", default="day", show_default=True, help="班制 / day, two_shift, three_shift"
)
@click.option(
    "--shift-of", multiple=True, metavar="ID=SHIFT", help="个别企业的班制 / of one of them"
)
@click.option("--heads", type=FILE, multiple=True, help="不分时段的人数表 / demand without windows")
@click.option("--group", default="", help="人数表未填群体的算作 / group of heads that name none")
@click.option("--streets", type=FILE, help="道路网，按长度分摊环卫工人 / streets for sweepers")
@click.option(
    "--sweepers", type=float, callback=not_negative, help="环卫工人总数 / sweepers in all"
)
@click.option("--towns", type=FILE, help="镇街边界 / polygons with a name")
@click.option("--calibrate", type=FILE, help="各镇街职工总数 / official totals: town, workers")
@click.option("--map", "mapping", multiple=True, help="TABLE.COLUMN=HEADING")
@click.option("--out", type=FILE, required=True, help=".csv, .parquet, .geojson")
@speaking
def demand(*, out: Path, as_json: bool, lang: Lang, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Make demand by window of head counts, shifts and official totals / 由人数推算各时段需求."""
    from geo.tables import save_table  # noqa: PLC0415 -- start-up
    from siting.demand_sources import calibrated, in_windows, joined  # noqa: PLC0415 -- start-up

    _keep_sources(out, (options["enterprises"], options["calibrate"], *options["heads"]))
    findings: list[Finding] = []
    with reading(lang):
        parts = _parts(options, findings, lang)
        every = joined([part for _, part in parts])
        official = _official(options, findings, set(every["town"]))
    tell_findings(findings, lang)
    heads, factors = calibrated(every, official) if official else (every, ())
    table = in_windows(heads)
    save_table(table, out)
    content = {
        "sources": [
            {"source": name, "points": int(part["id"].nunique()), "heads": _heads(part)}
            for name, part in parts
        ],
        "heads": _heads(heads),
        "factors": [factor.as_dict() for factor in factors],
        "assumed": ["presence", "shifts"],
        "rows": len(table),
        "findings": [as_json_finding(finding, lang) for finding in findings],
        "out": str(out),
    }
    print_answer(content, lambda: _lines(parts, factors, out, lang), as_json=as_json)
    return REFUSED if any(finding.severity == "error" for finding in findings) else DONE


def _keep_sources(out: Path, sources: Sequence[Path | None]) -> None:
    """Refuse to write over a file that is to be read, and names that are no table.

    Raises
    ------
    Misuse, InputError
    """
    from geo.tables import check_suffix  # noqa: PLC0415 -- start-up

    check_suffix(out, positions=True)
    for path in sources:
        if path is not None and path.exists() and out.exists() and out.samefile(path):
            raise Misuse("out_is_file", file=path.name)


def _parts(
    options: Mapping[str, Any], findings: list[Finding], lang: Lang
) -> "list[tuple[str, pd.DataFrame]]":
    """Return each source of heads with its name; units filled in from polygons."""
    from geo.streets import load_streets  # noqa: PLC0415 -- start-up
    from geo.zones import fill_towns, read_zones  # noqa: PLC0415 -- start-up
    from siting.demand_sources import enterprise_heads, street_heads  # noqa: PLC0415 -- start-up

    parts = []
    if options["enterprises"] is not None:
        listed = _read(options, options["enterprises"], "enterprises", findings)
        shifts = dict(_shift_of(given) for given in options["shift_of"])
        heads = enterprise_heads(listed, options["shift"], shifts)
        parts.append((options["enterprises"].name, heads))
    for path in options["heads"]:
        heads = _read(options, path, "demand", findings)
        heads["group"] = heads["group"].where(heads["group"] != "", options["group"])
        parts.append((path.name, heads))
    if options["sweepers"] is not None:
        if options["streets"] is None:
            raise Misuse("needs_streets_sweepers")
        net = load_streets(options["streets"])
        parts.append((say("cli.sweepers", lang), street_heads(net, options["sweepers"], SWEPT)))
    if not parts:
        raise Misuse("needs_heads")
    if options["towns"] is None:
        return parts
    zones = read_zones(options["towns"])
    return [(name, fill_towns(part, zones)) for name, part in parts]


def _official(
    options: Mapping[str, Any], findings: list[Finding], towns: set[str]
) -> dict[str, float]:
    """Return unit -> official heads; short names of units mean those that the heads have."""
    from geo.intake.units import unit_name  # noqa: PLC0415 -- start-up

    if options["calibrate"] is None:
        return {}
    totals = _read(options, options["calibrate"], "totals", findings)
    full = [unit_name(town) or town for town in totals["town"]]
    names = [
        long if long in towns else town for long, town in zip(full, totals["town"], strict=True)
    ]
    return dict(zip(names, totals["workers"].astype(float), strict=True))


def _read(
    options: Mapping[str, Any], path: Path, table: str, findings: list[Finding]
) -> "pd.DataFrame":
    from geo.intake import read_table  # noqa: PLC0415 -- start-up

    intake = read_table(path, table, mapping=mapping_of(options["mapping"]).get(table))
    findings += intake.findings
    return intake.frame


def _shift_of(given: str) -> tuple[str, str]:
    name, _, shift = given.rpartition("=")
    if not name or not shift:
        raise Misuse("shift_form", given=given)
    return name, shift


def _heads(part: "pd.DataFrame") -> float | int:
    from siting.results import plain  # noqa: PLC0415 -- start-up

    return plain(part["workers"].sum())


def _lines(
    parts: "Sequence[tuple[str, pd.DataFrame]]", factors: "Sequence[Factor]", out: Path, lang: Lang
) -> list[str]:
    lines = [
        say("cli.heads", lang, source=name, heads=count(part["workers"].sum(), lang))
        for name, part in parts
    ]
    changed = [factor for factor in factors if factor.official is not None]
    if changed:
        lines.append(say("cli.calibrated", lang))
    lines += [_factor_line(factor, lang) for factor in changed]
    return [*lines, say("cli.presence_assumed", lang), say("cli.written", lang, file=out)]


def _factor_line(factor: "Factor", lang: Lang) -> str:
    if factor.factor is None:
        told = say("cli.factor_none", lang)
    else:
        told = f"× {factor.factor:.2f}" + (say("cli.factor_far", lang) if factor.far else "")
    return say(
        "cli.factor",
        lang,
        town=factor.town or say("cli.outside", lang),
        before=count(factor.before, lang),
        official=count(factor.official or 0.0, lang),
        factor=told,
    )
