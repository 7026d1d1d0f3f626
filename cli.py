"""The command line: the same use cases as the app's, on files (`python cli.py COMMAND --help`).

stdout with `--json` is exactly one JSON object; everything else goes to stderr. Exit codes: 0 done;
1 input refused, rows rejected, or no feasible plan; 2 usage or internal error.
"""

import io
import json
import logging
import math
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from geo.errors import PlannerError
from geo.findings import Finding
from words import LANGUAGES, Lang, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from geo.intake import Intake
    from geo.intake.evidence import DatumEvidence
    from geo.streets import Network
    from siting.model import Inputs, Parameters
    from siting.results import PlanResult

DONE, REFUSED, FAILED = 0, 1, 2
KINDS = ("stations", "candidates", "demand", "enterprises", "hosts", "needs", "visits", "units")
LAYERS = ("demand", "stations", "candidates", "enterprises", "hosts", "needs")
_SHOWN_FINDINGS = 20
_APP = Path(__file__).resolve().with_name("streamlit_app.py")
_LOG = logging.getLogger(__name__)
_Command = TypeVar("_Command", bound=Callable[..., Any])


class Door(click.Group):
    """Turns whatever a command raises into a sentence and an exit code."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> NoReturn:  # noqa: ANN401 -- click's
        """Run one command and leave with its exit code."""
        words = list(sys.argv[1:] if args is None else args)
        lang: Lang = "en" if "--lang=en" in words or _follows(words, "--lang", "en") else "zh"
        options["standalone_mode"] = False
        try:
            code = super().main(words, *more, **options)
        except click.ClickException as error:
            code = _complain("usage", error.format_message(), words, lang, FAILED)
        except click.Abort:
            code = _complain("aborted", say("cli.aborted", lang), words, lang, FAILED)
        except PlannerError as error:
            code = _complain(error.code, error.message(lang), words, lang, REFUSED)
        except OSError as error:
            text = say(
                "cli.file_trouble", lang, file=error.filename or "", why=error.strerror or ""
            )
            code = _complain("file", text, words, lang, FAILED)
        except Exception as error:  # noqa: BLE001 -- the outermost handler of the command line
            _LOG.exception("internal error")
            text = say("cli.internal", lang, kind=type(error).__name__)
            code = _complain("internal", text, words, lang, FAILED)
        sys.exit(code)


@dataclass(frozen=True)
class Settings:
    """The options that all deciding commands share."""

    streets: Path | None
    demand: Path
    stations: Path
    candidates: Path | None
    towns: Path | None
    enterprises: Path | None
    hosts: Path | None
    needs: Path | None
    cutoff_m: float | None
    standard: str | None
    attach_cap_m: float
    rules: str | None
    datum: tuple[str, ...]
    mapping: tuple[str, ...]
    lang: Lang
    as_json: bool


@dataclass(frozen=True)
class Wish:
    """The options of a plan."""

    new: int | None
    budget_yuan: int | None
    time_limit_s: float
    seed: int

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> "Wish":
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})

    @property
    def complete(self) -> bool:
        """Whether it says how much is wished for."""
        return self.new is not None or self.budget_yuan is not None


FILE = click.Path(path_type=Path)


def _positive(_: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Refuse zero, negative numbers, NaN and infinity."""
    if value is not None and not (math.isfinite(value) and value > 0):
        message = f"--{option.name}: {value} is not a finite number above 0"
        raise click.BadParameter(message.replace("_", "-"))
    return value


def _speaking(command: _Command) -> _Command:
    """Add the options of every command: language and JSON."""
    command = click.option(
        "--json", "as_json", is_flag=True, help="一个 JSON 对象 / one JSON object"
    )(command)
    choice = click.Choice(LANGUAGES)
    return click.option("--lang", type=choice, default="zh", help="语言 / language")(command)


def _deciding(command: _Command) -> _Command:
    """Add the options of the commands that decide: files, cut-off, rules."""
    options = (
        click.option("--streets", type=FILE, help="道路网 / .osm.pbf, .osm, .graphml, .wsn"),
        click.option("--demand", type=FILE, required=True, help="需求点 / demand points"),
        click.option("--stations", type=FILE, required=True, help="现有驿站 / existing stations"),
        click.option("--candidates", type=FILE, help="候选点 / candidate sites"),
        click.option("--towns", type=FILE, help="镇街边界 / polygons with a name"),
        click.option("--enterprises", type=FILE, help="企业 / enterprises"),
        click.option("--hosts", type=FILE, help="依托单位 / hosts"),
        click.option("--needs", type=FILE, help="职工诉求 / stated needs"),
        click.option(
            "--cutoff-m",
            type=float,
            callback=_positive,
            help="服务半径（米，含） / cut-off, inclusive",
        ),
        click.option("--standard", help="标准名称 / a standard, instead of --cutoff-m"),
        click.option(
            "--attach-cap-m", type=float, callback=_positive, default=200.0, show_default=True
        ),
        click.option("--rules", help="选址规则 / rule file or name"),
        click.option("--datum", multiple=True, help="坐标基准 / [TABLE=]wgs84|gcj02|bd09|EPSG:n"),
        click.option("--map", "mapping", multiple=True, help="TABLE.COLUMN=HEADING"),
    )
    for option in reversed(options):
        command = option(command)
    return _speaking(command)


def _planning(command: _Command) -> _Command:
    """Add the options of the commands that plan."""
    options = (
        click.option("--new", type=click.IntRange(min=0), help="新增驿站数 / new stations"),
        click.option("--budget-yuan", type=click.IntRange(min=0), help="预算（元） / budget"),
        click.option(
            "--time-limit-s", type=float, callback=_positive, default=30.0, show_default=True
        ),
        click.option("--seed", type=int, default=0, show_default=True),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group(cls=Door, context_settings={"max_content_width": 100})
def cli() -> None:
    """暖心驿站规划 / warm-station planner."""


@cli.command()
@_deciding
def coverage(**options: Any) -> int:  # noqa: ANN401 -- click's
    """Tell how many workers the existing stations reach / 现有驿站覆盖多少职工."""
    from siting import planning  # noqa: PLC0415 -- start-up
    from siting.lines import coverage_lines  # noqa: PLC0415 -- start-up

    settings = Settings(**options)
    parameters = _parameters(settings)
    inputs, findings = _load(settings)
    result = planning.coverage(inputs, parameters)
    lines = coverage_lines(result, settings.lang)
    return _answer(settings, inputs, result.as_dict(), lines, findings)


@cli.command()
@_deciding
@_planning
def plan(**options: Any) -> int:  # noqa: ANN401 -- click's
    """Propose new stations, with a proven bound / 提出新增驿站方案."""
    from siting import planning  # noqa: PLC0415 -- start-up
    from siting.lines import plan_lines  # noqa: PLC0415 -- start-up

    wish = Wish.taken_from(options)
    settings = Settings(**options)
    if settings.candidates is None:
        raise click.UsageError(say("cli.needs_candidates", settings.lang))
    if not wish.complete:
        raise click.UsageError(say("cli.needs_number", settings.lang))
    parameters = _parameters(settings)
    inputs, findings = _load(settings)
    result = planning.propose(inputs, parameters, rules=settings.rules, **asdict(wish))
    lines = plan_lines(result, settings.lang)
    failed = result.status == "infeasible"
    return _answer(settings, inputs, result.as_dict(settings.lang), lines, findings, failed=failed)


@cli.command()
@_deciding
def score(**options: Any) -> int:  # noqa: ANN401 -- click's
    """Score the candidates by the siting rules / 按选址规则给候选点打分."""
    from siting import planning  # noqa: PLC0415 -- start-up
    from siting.lines import score_lines  # noqa: PLC0415 -- start-up

    settings = Settings(**options)
    if settings.candidates is None:
        raise click.UsageError(say("cli.needs_candidates", settings.lang))
    parameters = _parameters(settings)
    inputs, findings = _load(settings)
    result = planning.evaluate(inputs, parameters, rules=settings.rules or "daxing")
    content = {
        "candidates": [item.as_dict() for item in result.scores],
        "cutoff_m": result.coverage.cutoff_m,
        "method": result.coverage.method,
        "rules": settings.rules or "daxing",
    }
    lines = score_lines(result.scores, settings.lang)
    return _answer(settings, inputs, content, lines, findings)


@cli.command()
@_deciding
@_planning
@click.option("--out", type=FILE, required=True, help="输出文件夹 / folder")
@click.option("--format", "formats", help="docx,xlsx,html,gpkg")
@click.option("--title", help="标题 / the district's name")
def report(
    *,
    out: Path,
    formats: str | None,
    title: str | None,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Write the report and its annexes / 生成报告和附表."""
    from reports.bundle import WRITERS, write_bundle  # noqa: PLC0415 -- start-up
    from reports.report import make_report  # noqa: PLC0415 -- start-up
    from siting import planning, scenario  # noqa: PLC0415 -- start-up

    wish = Wish.taken_from(options)
    settings = Settings(**options)
    parameters = _parameters(settings)
    inputs, findings = _load(settings)
    evaluation = planning.evaluate(inputs, parameters, rules=settings.rules or "daxing")
    proposal = None
    if settings.candidates is not None and wish.complete:
        proposal = planning.propose(inputs, parameters, rules=settings.rules, **asdict(wish))
    elif settings.candidates is not None:
        click.echo(say("cli.no_plan", settings.lang), err=True)
    made = make_report(
        inputs,
        parameters,
        evaluation.coverage,
        evaluation.scores,
        proposal,
        title=title or say("cli.title", settings.lang),
        made_on=date.today(),  # noqa: DTZ011 -- the reader's own calendar day
        lang=settings.lang,
        scenario_hash=_scenario(proposal) or scenario.scenario_hash(inputs, parameters),
    )
    chosen = tuple(formats.split(",")) if formats else tuple(WRITERS)
    files = [str(path) for path in write_bundle(made, out, chosen, settings.lang)]
    content = {
        "out": str(out),
        "files": files,
        "coverage": evaluation.coverage.as_dict(),
        "plan": proposal.as_dict(settings.lang) if proposal is not None else None,
    }
    failed = proposal is not None and proposal.status == "infeasible"
    return _answer(settings, inputs, content, files, findings, failed=failed)


@cli.command("import")
@click.argument("file", type=FILE)
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help="表的种类 / table")
@click.option("--datum", default="wgs84", show_default=True, help="wgs84|gcj02|bd09|EPSG:n")
@click.option("--sheet", help="工作表或图层 / sheet or layer")
@click.option("--map", "mapping", multiple=True, help="COLUMN=HEADING")
@click.option("--streets", type=FILE, help="真实道路，核对坐标基准 / real streets, as evidence")
@click.option("--boundary", type=FILE, help="区界，核对坐标基准 / the district's outline")
@click.option("--check", is_flag=True, help="只检查 / write nothing")
@click.option("--out", type=FILE, help=".csv, .parquet, .geojson")
@_speaking
def import_table(  # noqa: PLR0913 -- one parameter per option
    *,
    file: Path,
    kind: str,
    datum: str,
    sheet: str | None,
    mapping: tuple[str, ...],
    streets: Path | None,
    boundary: Path | None,
    check: bool,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Check a file, and write what is good of it / 检查并导入文件."""
    from geo.intake import read_table  # noqa: PLC0415 -- start-up
    from geo.tables import save_table  # noqa: PLC0415 -- start-up

    if out is None and not check:
        raise click.UsageError(say("cli.needs_out", lang))
    full = tuple(m if m.startswith(f"{kind}.") else f"{kind}.{m}" for m in mapping)
    wanted = _mapping(full, lang).get(kind, {})
    intake = read_table(file, kind, datum=datum, sheet=sheet, mapping=wanted)
    evidence = _evidence(intake, streets, boundary)
    if out is not None and not check:
        save_table(intake.frame, out)
    content = {
        "imported": intake.imported,
        "rejected": intake.rejected,
        "findings": [_finding(finding, lang) for finding in intake.findings],
        "datum": {"declared": intake.datum, "evidence": [e.as_dict() for e in evidence] or None},
        "out": str(out) if out is not None and not check else None,
    }
    lines = [say("cli.imported", lang, imported=intake.imported, rejected=intake.rejected)]
    lines += [item.sentence(lang) for item in evidence]
    _tell_findings(intake.findings, lang, as_json=as_json)
    _print(content, lines, as_json=as_json)
    return REFUSED if intake.rejected else DONE


@cli.command()
@click.argument("source", type=FILE, required=False)
@click.option("--place", help="地名，联网下载 / download by name")
@click.option("--out", type=FILE, help="输出 .wsn / our own file")
@_speaking
def streets(
    *, source: Path | None, place: str | None, out: Path | None, lang: Lang, as_json: bool
) -> int:
    """Prepare or inspect a street network / 准备或查看道路网."""
    from geo.streets import save_network, summary  # noqa: PLC0415 -- start-up

    if (source is None) == (place is None):
        raise click.UsageError(say("cli.streets_or_place", lang))
    if place is not None and out is None:
        raise click.UsageError(say("cli.needs_out", lang))
    net = _read_streets(source, place)
    if out is not None:
        save_network(net, out)
    content = {**summary(net).as_dict(), "out": str(out) if out is not None else None}
    lines = [f"{name}: {value}" for name, value in content.items() if not isinstance(value, dict)]
    _print(content, lines, as_json=as_json)
    return DONE


@cli.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True)
def serve(*, port: int, address: str) -> int:
    """Open the app in a browser / 打开应用."""
    command = [sys.executable, "-m", "streamlit", "run", str(_APP)]
    command += [f"--server.port={port}", f"--server.address={address}"]
    return subprocess.call(command)  # noqa: S603 -- our own interpreter and file, no shell


def _load(settings: Settings) -> "tuple[Inputs, tuple[Finding, ...]]":
    from siting.files import InputFiles, read_inputs  # noqa: PLC0415 -- start-up

    tables = {layer: getattr(settings, layer) for layer in LAYERS}
    files = InputFiles(
        tables={layer: path for layer, path in tables.items() if path is not None},
        streets=settings.streets,
        towns=settings.towns,
        datums=_datums(settings.datum, settings.lang),
        mappings=_mapping(settings.mapping, settings.lang),
    )
    return read_inputs(files)


def _parameters(settings: Settings) -> "Parameters":
    from siting.model import DEFAULT_CUTOFF_M, Parameters  # noqa: PLC0415 -- start-up
    from siting.standards import standard  # noqa: PLC0415 -- start-up

    if settings.standard is not None and settings.cutoff_m is not None:
        raise click.UsageError(say("cli.standard_or_cutoff", settings.lang))
    cutoff_m = settings.cutoff_m or DEFAULT_CUTOFF_M
    if settings.standard is not None:
        cutoff_m = standard(settings.standard).cutoff_m
    return Parameters(
        cutoff_m=cutoff_m, attach_cap_m=settings.attach_cap_m, standard=settings.standard
    )


def _scenario(proposal: "PlanResult | None") -> str:
    return "" if proposal is None else str(proposal.parameters["scenario"])


def _evidence(
    intake: "Intake", streets: Path | None, boundary: Path | None
) -> "tuple[DatumEvidence, ...]":
    from geo.intake.evidence import datum_evidence  # noqa: PLC0415 -- start-up
    from geo.zones import read_zones  # noqa: PLC0415 -- start-up

    if (streets is None and boundary is None) or "lon" not in intake.frame.columns:
        return ()
    return datum_evidence(
        intake.frame["lon"].to_numpy(),
        intake.frame["lat"].to_numpy(),
        intake.datum,
        streets=_read_streets(streets, None) if streets is not None else None,
        boundary=read_zones(boundary, named=False) if boundary is not None else None,
    )


def _datums(given: tuple[str, ...], lang: Lang) -> dict[str, str]:
    """Return layer -> datum of `DATUM` (all layers) and `LAYER=DATUM`."""
    layers = (*LAYERS, "towns")
    datums: dict[str, str] = {}
    for item in given:
        layer, equals, datum = item.partition("=")
        if equals and layer not in layers:
            raise click.UsageError(say("cli.datum_form", lang, given=item))
        datums.update({layer: datum} if equals else dict.fromkeys(layers, item))
    return datums


def _mapping(given: tuple[str, ...], lang: Lang) -> dict[str, dict[str, str]]:
    """Return table -> column -> heading of `TABLE.COLUMN=HEADING`."""
    mapping: dict[str, dict[str, str]] = {}
    for item in given:
        place, _, heading = item.partition("=")
        table, _, column = place.partition(".")
        if table not in KINDS or not column or not heading:
            raise click.UsageError(say("cli.map_form", lang, given=item))
        mapping.setdefault(table, {})[column] = heading
    return mapping


def _read_streets(source: Path | None, place: str | None) -> "Network":
    if source is not None:
        from geo.streets import load_streets  # noqa: PLC0415 -- start-up

        return load_streets(source)
    from geo.streets.download import download_streets  # noqa: PLC0415 -- osmnx takes seconds

    return download_streets(place or "")


def _answer(
    settings: Settings,
    inputs: "Inputs",
    content: Mapping[str, object],
    lines: Sequence[str],
    findings: Sequence[Finding],
    *,
    failed: bool = False,
) -> int:
    """Print a result with the findings of its files, and return the exit code."""
    _tell_findings(findings, settings.lang, as_json=settings.as_json)
    told = [_finding(finding, settings.lang) for finding in findings]
    more = {"synthetic": inputs.synthetic, "findings": told}
    warning = [say("cli.synthetic", settings.lang)] if inputs.synthetic else []
    _print({**content, **more}, [*warning, *lines], as_json=settings.as_json)
    refused = any(finding.severity == "error" for finding in findings)
    return REFUSED if failed or refused else DONE


def _finding(finding: Finding, lang: Lang) -> dict[str, object]:
    return {"file": finding.file, **finding.as_dict(lang)}


def _tell_findings(findings: Sequence[Finding], lang: Lang, *, as_json: bool) -> None:
    if as_json:
        return
    for finding in findings[:_SHOWN_FINDINGS]:
        place = [finding.file or ""]
        place += [say("cli.row", lang, row=finding.row)] if finding.row is not None else []
        place += [finding.column] if finding.column is not None else []
        click.echo(f"{' '.join(place)}: {finding.message(lang)}", err=True)
    if len(findings) > _SHOWN_FINDINGS:
        click.echo(say("cli.more", lang, count=len(findings) - _SHOWN_FINDINGS), err=True)


def _print(content: Mapping[str, object], lines: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(lines))


def _complain(code: str, message: str, words: Sequence[str], lang: Lang, exit_code: int) -> int:
    if "--json" in words:
        error = {"error": {"code": code, "message": message}}
        click.echo(json.dumps(error, ensure_ascii=False))
    click.echo(say("cli.error", lang, message=message), err=True)
    return exit_code


def _follows(words: Sequence[str], option: str, value: str) -> bool:
    return (option, value) in pairwise(words)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Chinese Windows pipes GBK by default
            stream.reconfigure(encoding="utf-8")
    cli()
