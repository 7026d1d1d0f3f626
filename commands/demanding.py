"""The command that makes demand of head counts and other sources: demand."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
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

    from geo.intake.wishes import Wishes
    from geo.zones import Zones
    from siting.calibration import Factor
    from siting.demand_build import Built, HeadSource, Official, SourceFacts
    from siting.presence import Profile


@click.command()
@click.option("--enterprises", type=FILE, help="企业台账 / enterprises with head counts")
@click.option(
    "--shift",
    default="day",
    show_default=True,
    help="未填班制的按此算 / of those that state none: day, two_shift, three_shift, or times",
)
@click.option(
    "--shift-of", multiple=True, metavar="ID=SHIFT", help="个别企业的班制 / of one of them"
)
@click.option("--heads", type=FILE, multiple=True, help="不分时段的人数表 / demand without windows")
@click.option("--group", default="", help="人数表未填群体的算作 / group of heads that name none")
@click.option(
    "--apart", is_flag=True, help="各来源互不重复，不扣减 / sources count different people"
)
@click.option("--streets", type=FILE, help="道路网，按长度分摊环卫工人 / streets for sweepers")
@click.option(
    "--sweepers", type=float, callback=not_negative, help="环卫工人总数 / sweepers in all"
)
@click.option("--needs", type=FILE, help="职工诉求 / stated need: 12345, 12351, meetings")
@click.option(
    "--need-heads",
    type=float,
    callback=not_negative,
    help="一件诉求折算的人数（假设） / heads that one record stands for, an assumption",
)
@click.option("--towns", type=FILE, help="镇街边界 / polygons with a name")
@click.option("--boundary", type=FILE, help="行政区范围，裁切人口网格 / district, to cut grids by")
@click.option("--calibrate", type=FILE, help="各镇街职工总数 / official totals: town, workers")
@click.option(
    "--calibrate-group",
    multiple=True,
    help="总数只含这些群体 / groups that the totals count; none: everybody",
)
@click.option("--profile", type=FILE, help="在岗比例表 / presence of groups and shifts by window")
@click.option("--map", "mapping", multiple=True, help="TABLE.COLUMN=HEADING")
@click.option("--out", type=FILE, required=True, help=".csv, .parquet, .geojson")
@speaking
def demand(*, out: Path, as_json: bool, lang: Lang, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Make demand by window of several sources, nobody twice / 由多种来源推算各时段需求."""
    from geo.tables import save_table  # noqa: PLC0415 -- start-up
    from siting.demand_build import build  # noqa: PLC0415 -- start-up

    _keep_sources(out, options)
    findings: list[Finding] = []
    with reading(lang):
        sources, left_out = _sources(options, findings, lang)
        official = _official(options, findings, sources)
        profile = _profile(options)
    tell_findings(findings, lang)
    built = build(sources, official, profile)
    save_table(built.demand, out)
    content = {
        "sources": [_source_json(facts) for facts in built.made.sources],
        "heads": _plain(built.heads["workers"].sum()),
        "worker_hours": _plain(sum(facts.worker_hours for facts in built.made.sources)),
        "factors": [factor.as_dict() for factor in built.made.factors],
        "needs_left_out": left_out,
        "assumed": _assumed(built),
        "rows": len(built.demand),
        "findings": [as_json_finding(finding, lang) for finding in findings],
        "out": str(out),
    }
    print_answer(content, lambda: _lines(built, left_out, out, lang), as_json=as_json)
    return REFUSED if any(finding.severity == "error" for finding in findings) else DONE


def _assumed(built: "Built") -> list[str]:
    """Return what the demand rests on that nobody has stated or counted."""
    sources = built.made.sources
    found = {
        "presence": any(facts.presence_assumed for facts in sources),
        "shifts": any(facts.shift_assumed for facts in sources),
        "heads": any(facts.heads_assumed for facts in sources),
        "places": any(facts.kind == "streets" for facts in sources),
    }
    return [name for name, is_so in found.items() if is_so]


def _source_json(facts: "SourceFacts") -> dict[str, object]:
    """Return one source; `heads` are those it names itself, before anything is done to them."""
    told = {k: _plain(v) if isinstance(v, float) else v for k, v in asdict(facts).items()}
    heads = {"heads": told.pop("given"), "heads_in_demand": told.pop("heads")}
    return {"source": told.pop("name"), **heads, **told}


def _keep_sources(out: Path, options: Mapping[str, Any]) -> None:
    """Refuse to write over a file that is to be read, and names that are no table.

    Raises
    ------
    Misuse, InputError
    """
    from geo.tables import check_suffix  # noqa: PLC0415 -- start-up

    check_suffix(out, positions=True)
    named = (options[name] for name in ("enterprises", "calibrate", "needs", "profile"))
    for path in (*named, *options["heads"]):
        if path is not None and path.exists() and out.exists() and out.samefile(path):
            raise Misuse("out_is_file", file=path.name)


def _sources(
    options: Mapping[str, Any], findings: list[Finding], lang: Lang
) -> "tuple[list[HeadSource], dict[str, int]]":
    """Return each source of heads, and the records of need that are none; units filled in."""
    from geo.zones import fill_towns, read_zones  # noqa: PLC0415 -- start-up
    from siting.demand_build import HeadSource  # noqa: PLC0415 -- start-up
    from siting.demand_sources import enterprise_heads, need_heads  # noqa: PLC0415 -- start-up

    found: list[HeadSource] = []
    apart = bool(options["apart"])
    if options["enterprises"] is not None:
        listed = _read(options, options["enterprises"], "enterprises", findings)
        shifts = dict(_shift_of(given) for given in options["shift_of"])
        heads = enterprise_heads(listed, options["shift"], shifts)
        found.append(HeadSource(options["enterprises"].name, "enterprises", heads))
    for path in options["heads"]:
        heads = _read(options, path, "demand", findings)
        heads["group"] = heads["group"].where(heads["group"] != "", options["group"])
        found.append(HeadSource(path.name, "heads", heads, apart=apart))
    if options["sweepers"] is not None:
        found.append(_sweepers(options, lang))
    left_out: dict[str, int] = {}
    if options["needs"] is not None:
        if options["need_heads"] is None:
            raise Misuse("needs_need_heads")
        stated = _read(options, options["needs"], "needs", findings)
        heads, left_out = need_heads(stated, options["need_heads"])
        found.append(HeadSource(options["needs"].name, "needs", heads))
    if not found:
        raise Misuse("needs_heads")
    if options["towns"] is None:
        return found, left_out
    zones = read_zones(options["towns"])
    return [replace(one, heads=fill_towns(one.heads, zones)) for one in found], left_out


def _sweepers(options: Mapping[str, Any], lang: Lang) -> "HeadSource":
    from geo.streets import load_streets  # noqa: PLC0415 -- start-up
    from siting.demand_build import HeadSource  # noqa: PLC0415 -- start-up
    from siting.demand_sources import SWEPT, street_heads  # noqa: PLC0415 -- start-up

    if options["streets"] is None:
        raise Misuse("needs_streets_sweepers")
    heads = street_heads(load_streets(options["streets"]), options["sweepers"], SWEPT)
    return HeadSource(say("cli.sweepers", lang), "streets", heads)


def _official(
    options: Mapping[str, Any], findings: list[Finding], sources: "Sequence[HeadSource]"
) -> "Official":
    """Return the official totals; short names of units mean those that the heads have."""
    from siting.calibration import official_by_unit  # noqa: PLC0415 -- start-up
    from siting.demand_build import Official  # noqa: PLC0415 -- start-up

    if options["calibrate"] is None:
        return Official()
    totals = _read(options, options["calibrate"], "totals", findings)
    towns = {str(town) for source in sources for town in source.heads["town"].unique()}
    return Official(official_by_unit(totals, towns), tuple(options["calibrate_group"]))


def _profile(options: Mapping[str, Any]) -> "Profile | None":
    from siting.presence import read_profile_file  # noqa: PLC0415 -- start-up

    return None if options["profile"] is None else read_profile_file(options["profile"])


def _wishes(options: Mapping[str, Any]) -> "Wishes":
    """Return what is asked of every file: of population grids, the cells of the district."""
    import shapely  # noqa: PLC0415 -- start-up

    from geo.intake.wishes import Wishes  # noqa: PLC0415 -- start-up
    from geo.zones import read_zones  # noqa: PLC0415 -- start-up

    if options["boundary"] is None:
        return Wishes()
    zones: Zones = read_zones(options["boundary"], named=False)
    return Wishes(area=shapely.union_all(zones.polygons))


def _read(
    options: Mapping[str, Any], path: Path, table: str, findings: list[Finding]
) -> "pd.DataFrame":
    from geo.intake import read_table  # noqa: PLC0415 -- start-up

    mapping = mapping_of(options["mapping"]).get(table)
    intake = read_table(path, table, mapping=mapping, wishes=_wishes(options))
    findings += intake.findings
    return intake.frame


def _shift_of(given: str) -> tuple[str, str]:
    name, _, shift = given.rpartition("=")
    if not name or not shift:
        raise Misuse("shift_form", given=given)
    return name, shift


def _plain(value: float) -> float | int:
    from siting.results import plain  # noqa: PLC0415 -- start-up

    return plain(value)


def _lines(built: "Built", left_out: Mapping[str, int], out: Path, lang: Lang) -> list[str]:
    lines = [line for facts in built.made.sources for line in _source_lines(facts, lang)]
    if any(left_out.values()):
        lines.append(say("cli.needs_left_out", lang, **left_out))
    changed = [factor for factor in built.made.factors if factor.official is not None]
    if changed:
        lines.append(say("cli.calibrated", lang))
    lines += [_factor_line(factor, lang) for factor in changed]
    if any(facts.presence_assumed for facts in built.made.sources):
        lines.append(say("cli.presence_assumed", lang))
    return [*lines, say("cli.written", lang, file=out)]


def _source_lines(facts: "SourceFacts", lang: Lang) -> list[str]:
    lines = [say("cli.heads", lang, source=facts.name, heads=count(facts.given, lang))]
    if facts.twice:
        lines.append(say("cli.heads_twice", lang, heads=count(facts.twice, lang)))
    if facts.shift_assumed:
        lines.append(say("cli.shift_assumed", lang, share=f"{facts.shift_assumed:.0%}"))
    return lines


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
