"""The command that makes demand of head counts and other sources: demand."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.answers import DONE, REFUSED, as_json_finding, print_answer, tell_findings
from commands.demand_inputs import Asked
from commands.options import FILE, not_negative, speaking
from commands.register_place import Place, named, placed, signed
from commands.trouble import reading
from commands.usage import Misuse
from words import Lang, count, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from siting.demand.build import Built, SourceFacts
    from siting.demand.calibration import Factor


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
@click.option(
    "--register",
    is_flag=True,
    help="企业、诉求、道路、在岗比例取自台账 / the rest is of the register",
)
@click.option("--calibrated", is_flag=True, help="按台账的职工总数校准 / to its official totals")
@click.option("--store", is_flag=True, help="采用为台账的现用需求 / put it in force there")
@placed
@signed
@click.option("--out", type=FILE, help=".csv, .parquet, .geojson")
@speaking
def demand(*, as_json: bool, lang: Lang, who: str | None, why: str, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Make demand by window of several sources, nobody twice / 由多种来源推算各时段需求."""
    from siting.demand.build import build  # noqa: PLC0415 -- start-up

    place = Place.taken_from(options)
    out: Path | None = options["out"]
    _check(options, place)
    asked = Asked(options)
    with reading(lang):
        held = asked.held(place)
        sources, left_out = asked.sources(held)
        official = asked.official(held, sources)
    findings = asked.findings
    tell_findings(findings, lang)
    built = build(sources, official, held.profile)
    event = _store(place, built, lang, named(who), why) if options["store"] else None
    if out is not None:
        from geo.tables import save_table  # noqa: PLC0415 -- start-up

        save_table(built.demand, out)
    content = {
        "sources": [_source_json(facts, lang) for facts in built.made.sources],
        "heads": _plain(built.heads["workers"].sum()),
        "worker_hours": _plain(sum(facts.worker_hours for facts in built.made.sources)),
        "factors": [factor.as_dict() for factor in built.made.factors],
        "needs_left_out": left_out,
        "assumed": _assumed(built),
        "rows": len(built.demand),
        "findings": [as_json_finding(finding, lang) for finding in findings],
        "out": None if out is None else str(out),
        "event": event,
    }
    print_answer(content, lambda: _lines(built, left_out, options, lang), as_json=as_json)
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


def _source_json(facts: "SourceFacts", lang: Lang) -> dict[str, object]:
    """Return one source; `heads` are those it names itself, before anything is done to them."""
    told = {k: _plain(v) if isinstance(v, float) else v for k, v in asdict(facts).items()}
    heads = {"heads": told.pop("given"), "heads_in_demand": told.pop("heads")}
    del told["name"]
    return {"source": _name(facts, lang), **heads, **told}


def _check(options: Mapping[str, Any], place: Place) -> None:
    """Refuse options that do not go together, and to write over a file that is to be read.

    Raises
    ------
    Misuse, InputError
    """
    from geo.tables import check_suffix  # noqa: PLC0415 -- start-up

    if not options["register"] and (options["store"] or options["calibrated"] or place != _NOWHERE):
        raise Misuse("demand_needs_register")
    if options["calibrated"] and options["calibrate"] is not None:
        raise Misuse("demand_one_calibration")
    out: Path | None = options["out"]
    if out is None:
        if not options["store"]:
            raise Misuse("missing_parameter", option="--out")
        return
    check_suffix(out, positions=True)
    single = (options[name] for name in ("enterprises", "calibrate", "needs", "profile"))
    for path in (*single, *options["heads"]):
        if path is not None and path.exists() and out.exists() and out.samefile(path):
            raise Misuse("out_is_file", file=path.name)


_NOWHERE = Place(database=None, home=None, sample=False)


def _store(place: Place, built: "Built", lang: Lang, who: str, why: str) -> int:
    """Put the demand in force in the register and return the event, which can be undone."""
    from siting.model import LayerSource  # noqa: PLC0415 -- start-up

    names = "；".join(_name(facts, lang) for facts in built.made.sources)
    with place.opened() as register:
        source = LayerSource(
            "demand", say("demand.source", lang, names=names), synthetic=register.synthetic
        )
        register.put_demand(built.demand, source, who=who, why=why, made_of=built.made.as_json())
        return register.revision()


def _name(facts: "SourceFacts", lang: Lang) -> str:
    """Return what people call a source; what has no name of its own is called by its sort."""
    return facts.name or say(f"demand.named_{facts.kind}", lang)


def _plain(value: float) -> float | int:
    from siting.results import plain  # noqa: PLC0415 -- start-up

    return plain(value)


def _lines(
    built: "Built", left_out: Mapping[str, int], options: Mapping[str, Any], lang: Lang
) -> list[str]:
    lines = [line for facts in built.made.sources for line in _source_lines(facts, lang)]
    if any(left_out.values()):
        lines.append(say("cli.needs_left_out", lang, **left_out))
    changed = [factor for factor in built.made.factors if factor.official is not None]
    if changed:
        lines.append(say("cli.calibrated", lang))
    lines += [_factor_line(factor, lang) for factor in changed]
    if any(facts.presence_assumed for facts in built.made.sources):
        lines.append(say("cli.presence_assumed", lang))
    if options["store"]:
        lines.append(say("cli.demand_stored", lang))
    if options["out"] is not None:
        lines.append(say("cli.written", lang, file=options["out"]))
    return lines


def _source_lines(facts: "SourceFacts", lang: Lang) -> list[str]:
    lines = [say("cli.heads", lang, source=_name(facts, lang), heads=count(facts.given, lang))]
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
