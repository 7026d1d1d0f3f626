"""The command that writes what people take away: report."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.acting import EFFECTIVE
from commands.answers import answer
from commands.curves import Beside as RowsBeside
from commands.explaining import beside_report, report_options
from commands.ground import ground_of, with_lent_outline
from commands.inputs import (
    attaching,
    load,
    name_of,
    own_rules_of,
    parameters_of,
    rules_of,
    terms_of,
)
from commands.kept import kept_of, scenario_option
from commands.objectives import (
    COVERAGE,
    Goal,
    Question,
    objective_options,
    plan_of,
    require_fit,
)
from commands.options import (
    FILE,
    SMALLEST,
    OnTerms,
    Settings,
    Wish,
    deciding,
    on_terms,
    planning_options,
)
from commands.origins import origin_of
from commands.register_place import Place
from commands.spares import spares_of
from commands.stopping import Stoppable
from commands.usage import Misuse
from commands.wishing import wishes_of, wishing_options
from geo.reference import read_list
from siting import district_time
from words import say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from siting.model import Inputs, Parameters
    from siting.plan_results import PlanResult
    from siting.progress import YearWork

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Signed:
    """The options that say who answers for a report, and to whom it goes."""

    compiled_by: str
    reviewed_by: str
    sent_to: str | None
    map_number: str | None

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> "Signed":
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})


def signing_options(command: _Command) -> _Command:
    """Add who answers for a report."""
    options = (
        click.option("--compiled-by", default="", help="填报人；不写则留空手填 / compiled by"),
        click.option("--reviewed-by", default="", help="审核人 / reviewed by"),
        click.option("--sent-to", help="报送单位  [default: 北京市总工会] / sent to"),
        click.option(
            "--map-number", help="审图号，默认用台账里的 / map number  [default: register's]"
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@deciding
@planning_options
@wishing_options
@objective_options
@report_options
@scenario_option
@click.option("--out", type=FILE, required=True, help="输出文件夹 / folder")
@click.option("--format", "formats", help="docx,pdf,xlsx,html,gpkg,geojson,kml,csv,json")
@signing_options
@click.option("--title", help="标题 / the district's name")
@click.option(
    "--template", type=FILE, help="本区的 Word 模板（.docx），默认用台账里的 / a Word template"
)
@click.option(
    "--bundle", is_flag=True, help="附上全部图层，可重放，内部保存 / add the layers, for replay"
)
@SMALLEST
@on_terms
def report(
    *,
    out: Path,
    formats: str | None,
    bundle: bool,
    title: str | None,
    smallest: float | None,
    template: Path | None,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Write the report and its annexes / 生成报告和附表."""
    from reports.bundle import DEFAULT_FORMATS, write_bundle  # noqa: PLC0415 -- start-up
    from reports.replay_layers import FOLDER as LAYERS_FOLDER  # noqa: PLC0415 -- start-up
    from reports.replay_layers import write_layers  # noqa: PLC0415 -- start-up
    from reports.report import make_report  # noqa: PLC0415 -- start-up
    from reports.template import read_template  # noqa: PLC0415 -- start-up
    from siting import planning, scenario  # noqa: PLC0415 -- start-up
    from siting.demand.small_cells import SMALLEST_SHOWN  # noqa: PLC0415 -- start-up
    from siting.effective import evaluate_effective  # noqa: PLC0415 -- start-up
    from siting.judging import judge  # noqa: PLC0415 -- start-up
    from siting.plans.after_plan import opened_and_closed, plan_effect  # noqa: PLC0415 -- start-up
    from siting.standards import standard_names  # noqa: PLC0415 -- start-up

    wish, asked = Wish.taken_from(options), OnTerms.taken_from(options)
    today = options.pop("today") or district_time.today()
    wishes, signed = wishes_of(options), Signed.taken_from(options)
    further = {name: options.pop(name) for name in ("why", "curve", "years")}
    named = options.pop("scenario")
    goal, settings = Goal.taken_from(options), Settings.of(options)
    other = goal.objective != COVERAGE
    require_fit(goal, RowsBeside(**further))
    if goal.objective == EFFECTIVE:
        raise Misuse("objective_report")
    own = _template(settings) if template is None else read_template(template)
    kept = kept_of(named, settings, planned=wish.complete or other)
    parameters, terms = parameters_of(settings), terms_of(asked)
    inputs, findings = load(settings)
    if kept is not None:
        parameters, terms = kept.told.variant.parameters, kept.told.variant.terms
        inputs = kept.inputs(inputs)
    inputs = with_lent_outline(inputs)
    evaluation = planning.evaluate(inputs, parameters, rules=rules_of(settings), today=today)
    found = evaluate_effective(inputs, parameters, terms, previous=evaluation)
    question = Question(
        goal=goal,
        wish=wish,
        wishes=wishes,
        inputs=inputs,
        parameters=parameters,
        known=evaluation,
        rules=own_rules_of(settings),
        today=today,
        settings=settings,
        search=Stoppable(settings.lang),
    )
    proposal = _proposal(question) if kept is None else kept.plan(inputs, parameters, evaluation)
    if proposal is not None:
        effect = plan_effect(found.service, *opened_and_closed(proposal))
        proposal = replace(proposal, effective=effect)
    work = _work(settings, inputs, parameters, today)
    made = make_report(
        inputs,
        parameters,
        found,
        evaluation.scores,
        proposal,
        title=title or _title(inputs, settings),
        made_on=district_time.today(),
        lang=settings.lang,
        scenario_hash=_scenario(proposal) or scenario.scenario_hash(inputs, parameters),
        smallest_shown=SMALLEST_SHOWN if smallest is None else smallest,
        spares=None if proposal is None else spares_of(proposal, inputs, parameters),
        beside=beside_report(
            inputs,
            parameters,
            proposal if kept is None else None,
            further,
            known=evaluation,
            how=question.how,
        ),
        origin=origin_of(settings, today),
        work=work,
        template=own,
        scenario=None if kept is None else kept.told,
        base=ground_of(inputs, Place.named_by(settings) if settings.register else None),
        standards=judge(inputs, parameters, standard_names(), terms),
        **{**asdict(signed), "map_number": _map_number(settings, signed)},
    )
    chosen = tuple(formats.split(",")) if formats else DEFAULT_FORMATS
    # Whatever is asked for: no report without what it takes to make it again.
    chosen = chosen if "json" in chosen else (*chosen, "json")
    files = [str(path) for path in write_bundle(made, out, chosen, settings.lang)]
    if bundle:
        files += [str(path) for path in write_layers(inputs, out / LAYERS_FOLDER)]
        click.echo(say("replay.bundled", settings.lang), err=True)
    content = {
        "out": str(out),
        "files": files,
        "coverage": made.coverage.as_dict(),
        "effective": {"season": asked.season, **found.as_dict()},
        **attaching(parameters),
        "plan": proposal.as_dict(settings.lang) if proposal is not None else None,
        "smallest_shown": made.smallest_shown,
    }
    failed = proposal is not None and not proposal.found
    return answer(settings, inputs, content, list, findings, written=files, failed=failed)


def _proposal(question: Question) -> "PlanResult | None":
    """Return the plan that is asked for; None: none is, or there are no candidates."""
    from siting.plans import proposing  # noqa: PLC0415 -- start-up

    settings = question.settings
    if not settings.with_candidates:
        return None
    if question.goal.objective != COVERAGE:
        return plan_of(question)
    if question.wish.complete:
        inputs, parameters = question.inputs, question.parameters
        return proposing.propose(inputs, parameters, previous=question.known, **question.how)
    click.echo(say("cli.no_plan", settings.lang), err=True)
    return None


def _work(
    settings: Settings, inputs: "Inputs", parameters: "Parameters", today: date
) -> "YearWork":
    """Return the year's work: a register's, or what the table of stations alone tells."""
    from siting.progress import year_work  # noqa: PLC0415 -- start-up

    rules, as_of = rules_of(settings), settings.as_of
    if not settings.register:
        return year_work(inputs, parameters, until=today, rules=rules)
    from register.year import year_work_of  # noqa: PLC0415 -- start-up

    with Place.named_by(settings).opened() as register:
        until = today if as_of is None else district_time.local(register.event_at(as_of).at).date()
        return year_work_of(register, inputs, parameters, until=until, rules=rules, as_of=as_of)


def _map_number(settings: Settings, signed: Signed) -> str:
    """Return the number under which the district's maps are approved; "": none."""
    if signed.map_number is not None or not settings.register:
        return signed.map_number or ""
    from register.settings import APPROVAL, settled  # noqa: PLC0415 -- start-up

    with Place.named_by(settings).opened() as register:
        return settled(register, APPROVAL) or ""


def _template(settings: Settings) -> bytes | None:
    """Return the register's own template of the Word file; None: ours."""
    if not settings.register:
        return None
    from register.settings import TEMPLATE, settled_file  # noqa: PLC0415 -- start-up

    with Place.named_by(settings).opened() as register:
        return settled_file(register, TEMPLATE)


def _title(inputs: "Inputs", settings: Settings) -> str:
    """Return the name of the register, the sample's own title, or one that names no place."""
    own = [source for source in inputs.sources if source.layer != "outline"]
    sample = bool(own) and all(source.synthetic for source in own)
    if (settings.sample and settings.as_of is None) or (sample and not settings.register):
        return str(read_list("sample/sample")["title"][settings.lang])
    return name_of(settings) or say("cli.title", settings.lang)


def _scenario(proposal: "PlanResult | None") -> str:
    return "" if proposal is None else str(proposal.parameters["scenario"])
