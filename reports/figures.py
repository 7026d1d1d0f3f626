"""Sentences and rows, read from one `Report`: what the workbook and the document print alike.

Nothing is decided here, and nothing is computed apart from quotients of two printed figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.catchments import STRAIGHT_LINE_FACTOR
from geo.reference import read_list
from geo.tables import split_list
from reports.report import Report
from siting.lines import bracket_text, street_change_text
from siting.model import LayerSource
from siting.results import CandidateScore, Evidence, PlanResult, SelectedSite, plain
from words import Lang, count, day, distance, has, percent, round_up, say, yuan

_WHOLE_FROM = 100
# Parameters of a plan that are printed with the coverage that it starts from.
_SAID_ELSEWHERE = frozenset(
    {"cutoff_m", "attach_cap_m", "alternatives_m", "standard", "windows", "groups", "scenario"}
)
_OF_RULES = frozenset({"rules", "rules_version", "tolerance"})
TOP_CANDIDATES = 20
"""Candidates that the document prints by rank; the workbook holds all."""


@dataclass(frozen=True)
class CandidateLine:
    """One candidate as it is printed; what was not scored or measured is None."""

    id: str
    name: str
    town: str
    kind: str
    host: str
    state: str
    rule: str
    evidence: Evidence | None
    points: float | None
    rank: int | None
    sentence: str
    selected: bool
    highlighted: bool


@dataclass(frozen=True)
class PlanLine:
    """One site of the plan as it is printed."""

    order: int
    id: str
    name: str
    town: str
    kind: str
    host: str
    rule: str
    workers_gained: float
    cost_yuan: int
    cost_assumed: bool
    reason: str


def label(listing: str, code: str, lang: Lang) -> str:
    """Return the name of `code` in data/reference/<listing>.toml, the code itself if unknown."""
    entry = read_list(f"reference/{listing}").get(code)
    return str(entry[lang]) if entry else code


def labels(listing: str, codes: str, lang: Lang) -> str:
    """Return the names of a list cell, joined as the language joins them."""
    joint = "、" if lang == "zh" else ", "
    return joint.join(label(listing, code, lang) for code in split_list(codes))


def town_name(report: Report, name: str) -> str:
    """Return the name of a unit; "" is demand outside all units."""
    return name or report.say("outside_units")


def rule_name(report: Report, area_type: str) -> str:
    """Return the short name of a siting rule."""
    return say(f"siting.rule.{area_type}", report.lang)


def unit_name(report: Report, unit: str) -> str:
    """Return the name of a unit of measurement; an unknown one as it is."""
    key = f"reports.units.{unit}"
    return say(key, report.lang) if has(key, report.lang) else unit


def layer_name(report: Report, layer: str) -> str:
    """Return the name of a layer; an unknown one as it is."""
    key = f"reports.layers.{layer}"
    return say(key, report.lang) if has(key, report.lang) else layer


def at_most_points(share: float) -> str:
    """Write a difference of shares in percentage points, rounded up: it follows "at most"."""
    return f"{round_up(share * 100, 1):.1f}"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries by column."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def candidate_rows(report: Report) -> dict[str, dict[str, Any]]:
    """Return the candidates' records by id."""
    return _by_id(report.inputs.candidates)


def station_rows(report: Report) -> dict[str, dict[str, Any]]:
    """Return the stations' records by id."""
    return _by_id(report.inputs.stations)


def first_towns(demand: pd.DataFrame) -> dict[str, str]:
    """Return the unit of every demand point by id; "" is outside all units."""
    once = demand.drop_duplicates("id")
    return dict(zip(once["id"].astype(str), once["town"].fillna("").astype(str), strict=True))


def text(record: Mapping[str, Any], column: str) -> str:
    """Return a text of a record, "" where it is missing."""
    value = record.get(column, "")
    return "" if pd.isna(value) else str(value)


def number(record: Mapping[str, Any], column: str) -> float | int | None:
    """Return a number of a record as Python's own, None where it is missing."""
    value = record.get(column)
    if value is None or pd.isna(value):
        return None
    return plain(float(value))


def name_or_id(record: Mapping[str, Any], identity: str) -> str:
    """Return the name of a record, its id where it has none."""
    return text(record, "name") or identity


def who(report: Report, *, before_figure: bool = False) -> str:
    """Return what is counted: workers, or average present workers."""
    group = "who_before" if before_figure else "who"
    return say(f"siting.{group}.{report.coverage.measure}", report.lang)


def column_name(report: Report, key: str) -> str:
    """Return the heading of a column; over windows, workers are said to be an average."""
    return _named(report, "columns", key)


def item_name(report: Report, key: str) -> str:
    """Return the name of a line of the overview; over windows as `column_name`."""
    return _named(report, "overview", key)


def headline(report: Report) -> str:
    """Say how many workers are covered."""
    result = report.coverage
    return report.say(
        "headline",
        who=who(report, before_figure=True),
        stations=count(result.stations, report.lang),
        total=count(result.workers_total, report.lang),
        covered=count(result.workers_covered, report.lang),
        share=percent(result.coverage),
    )


def method_sentence(report: Report) -> str:
    """Say what covered means: the cut-off, and along streets or in a straight line."""
    return report.say(
        f"method.{report.coverage.method}",
        cutoff=distance(report.coverage.cutoff_m, report.lang),
        cap=distance(report.parameters.attach_cap_m, report.lang),
        factor=STRAIGHT_LINE_FACTOR,
    )


def bracket_sentences(report: Report) -> tuple[str, ...]:
    """Say what straight lines would give, as the command line does; nothing without streets."""
    result = report.coverage
    if result.bracket is None:
        return ()
    return (bracket_text(result.bracket, result.measure, report.lang),)


def measure_sentence(report: Report) -> str:
    """Say what is counted: heads, or worker-hours as average present workers."""
    result = report.coverage
    return report.say(
        f"measure.{result.measure}",
        hours=f"{plain(result.hours_per_week):,}",
        total=count(result.worker_hours_total, report.lang),
        covered=count(result.worker_hours_covered, report.lang),
    )


def scope_sentence(report: Report) -> str:
    """Say which groups and windows are counted."""
    chosen = report.parameters
    everything = report.say("all")
    joint = report.say("list_joint")

    def names(listing: str, codes: tuple[str, ...] | None) -> str:
        if codes is None:
            return everything
        return joint.join(label(listing, code, report.lang) for code in codes)

    return report.say(
        "scope", groups=names("groups", chosen.groups), windows=names("windows", chosen.windows)
    )


def unreached_sentences(report: Report) -> tuple[str, ...]:
    """Say what cannot be reached, in heads and by number; the names are listed beside it."""
    result = report.coverage
    said = []
    if result.unsnapped_demand:
        said.append(
            report.say(
                "unsnapped",
                who=who(report, before_figure=True),
                points=count(len(result.unsnapped_demand), report.lang),
                workers=count(result.unsnapped_workers, report.lang),
                cap=distance(report.parameters.attach_cap_m, report.lang),
            )
        )
    if result.unreachable_stations:
        said.append(
            report.say("unreachable", stations=count(len(result.unreachable_stations), report.lang))
        )
    said = said or [report.say("all_reached")]
    if report.unattached_candidates:
        number = count(len(report.unattached_candidates), report.lang)
        said.append(report.say("unattached", candidates=number))
    return tuple(said)


def plan_sentences(report: Report, plan: PlanResult) -> tuple[str, ...]:
    """Say what the plan adds, what it costs, and how near the best it is."""
    lang = report.lang
    remark = plan.remark_zh if lang == "zh" else plan.remark_en
    remarks = (remark,) if remark else ()
    if not plan.selected:
        return (report.say(f"plan_empty.{plan.status}"), *remarks)
    before = _share(plan.workers_covered_before, plan)
    after = _share(plan.workers_covered_after, plan)
    gain = report.say(
        "plan_gain",
        who=who(report),
        new=count(len(plan.selected), lang),
        covered_before=count(plan.workers_covered_before, lang),
        covered_after=count(plan.workers_covered_after, lang),
        before=percent(before),
        after=percent(after),
        points=f"{(after - before) * 100:.1f}",
    )
    assumed = sum(site.cost_assumed for site in plan.selected)
    key = "plan_cost_assumed" if assumed else "plan_cost"
    cost = report.say(key, cost=yuan(plan.cost_yuan, lang), assumed=count(assumed, lang))
    return gain, bound_sentence(report, plan), cost, *remarks


def bound_sentence(report: Report, plan: PlanResult) -> str:
    """Say how far at most the plan is from the best one; rounded up, as it is a promise."""
    if plan.status == "infeasible":
        return report.say("plan_empty.infeasible")
    if plan.proved_optimal:
        return report.say("bound_optimal")
    missing = max(0.0, plan.bound_workers - plan.workers_covered_after)
    return report.say(
        "bound_time_limit" if plan.status == "time_limit" else "bound_gap",
        who=who(report),
        points=at_most_points(_share(missing, plan)),
        workers=count(round_up(missing), report.lang),
        bound=count(round_up(plan.bound_workers), report.lang),
    )


def plan_lines(report: Report) -> list[PlanLine]:
    """Return the sites of the plan in their order."""
    if report.plan is None:
        return []
    records = candidate_rows(report)
    scores = {score.id: score for score in report.scores}
    return [
        _plan_line(report, site, records.get(site.id, {}), scores.get(site.id))
        for site in report.plan.selected
    ]


def candidate_lines(report: Report) -> list[CandidateLine]:
    """Return every candidate: the scored ones by rank, then the others in their own order."""
    records = candidate_rows(report)
    chosen = {site.id for site in report.plan.selected} if report.plan else set()
    ranked = sorted(report.scores, key=lambda score: score.rank)
    scored = {score.id for score in ranked}
    lines = [_candidate_line(report, s.id, records.get(s.id, {}), s, chosen) for s in ranked]
    lines += [
        _candidate_line(report, identity, record, None, chosen)
        for identity, record in records.items()
        if identity not in scored
    ]
    return lines


def printed_candidates(report: Report) -> list[CandidateLine]:
    """Return the candidates of the document: the first by rank, the selected, the highlighted."""
    return [
        line
        for position, line in enumerate(candidate_lines(report))
        if position < TOP_CANDIDATES or line.selected or line.highlighted
    ]


def evidence_text(report: Report, evidence: Evidence | None) -> str:
    """Write one measured fact: what was measured, the figure, its unit."""
    if evidence is None:
        return ""
    said = report.say(
        "evidence",
        measure=measure_name(report, evidence.measure),
        value=_figure(evidence.value),
        unit=unit_name(report, evidence.unit),
    )
    stand_in = report.say("stand_in") if evidence.proxy else ""
    remarks = [remark for remark in (evidence.subject, stand_in) if remark]
    if not remarks:
        return said
    return said + report.say("evidence_remarks", remarks=report.say("remark_joint").join(remarks))


def measure_name(report: Report, measure: str) -> str:
    """Return the name of a rule's measure; one of a district's own rule file as it is."""
    key = f"siting.measure.{measure}"
    return say(key, report.lang) if has(key, report.lang) else measure


def source_text(report: Report, credit: LayerSource) -> str:
    """Write the source of a layer; one that is not stated, or invented, is called so."""
    source = credit.source or report.say("no_source")
    return report.say("synthetic_source", source=source) if credit.synthetic else source


def parameter_rows(report: Report) -> list[tuple[str, str]]:
    """Return what was set: of the reckoning, then of the plan, then of the report."""
    chosen = report.parameters
    rows = [
        ("cutoff_m", distance(chosen.cutoff_m, report.lang)),
        ("attach_cap_m", distance(chosen.attach_cap_m, report.lang)),
        ("alternatives_m", distance(chosen.alternatives_m, report.lang)),
        ("standard", chosen.standard or report.say("own_figure")),
        *(
            ("street_changes", street_change_text(change, report.lang))
            for change in report.inputs.street_changes
        ),
        ("crs", report.say("wgs84")),
    ]
    if report.plan is not None:
        rows += _plan_settings(report, report.plan)
    if report.scores and report.scores[0].rules:
        scored = report.scores[0]
        named = report.say("rule_file", name=scored.rules, version=scored.rules_version)
        rows.append(("scored_by", named))
    rows += [("made_on", day(report.made_on, report.lang)), ("hash", report.scenario_hash)]
    return [(parameter_name(report, key), value) for key, value in rows]


def parameter_name(report: Report, name: str) -> str:
    """Return the name of a parameter; an unknown one as it is."""
    key = f"reports.parameters.{name}"
    return say(key, report.lang) if has(key, report.lang) else name


def _plan_settings(report: Report, plan: PlanResult) -> list[tuple[str, str]]:
    """Return what the plan was asked for; without rules, that it did not weigh any."""
    left_out = _SAID_ELSEWHERE if plan.rules else _SAID_ELSEWHERE | _OF_RULES
    rows = [("status", report.say(f"statuses.{plan.status}"))]
    if not plan.rules:
        rows.append(("rules", report.say("rules_not_weighed")))
    return rows + [
        (key, _setting(report, value))
        for key, value in plan.parameters.items()
        if key not in left_out
    ]


def _named(report: Report, group: str, key: str) -> str:
    averaged = f"{group}_averaged.{key}"
    if report.averaged and has(f"reports.{averaged}", report.lang):
        return report.say(averaged)
    return report.say(f"{group}.{key}")


def _setting(report: Report, value: object) -> str:
    if value is None:
        return report.say("not_set")
    if isinstance(value, bool):
        return report.say("yes" if value else "no")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{plain(value):,}"
    if isinstance(value, (list, tuple)):
        return report.say("list_joint").join(_setting(report, item) for item in value)
    return str(value)


def _figure(value: float) -> str:
    """Write a measured figure: one decimal where it is small."""
    return f"{round(value):,}" if abs(value) >= _WHOLE_FROM else f"{plain(round(value, 1)):,}"


def _share(workers: float, plan: PlanResult) -> float:
    return workers / plan.workers_total if plan.workers_total else 0.0


def _by_id(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {str(record["id"]): record for record in records(frame)}


def _plan_line(
    report: Report, site: SelectedSite, record: dict[str, Any], score: CandidateScore | None
) -> PlanLine:
    lang = report.lang
    return PlanLine(
        order=site.order,
        id=site.id,
        name=name_or_id(record, site.id),
        town=text(record, "town"),
        kind=label("kinds", text(record, "kind"), lang),
        host=label("host_types", text(record, "host_type"), lang),
        rule=_deciding_rule(report, score),
        workers_gained=site.workers_gained,
        cost_yuan=site.cost_yuan,
        cost_assumed=site.cost_assumed,
        reason=site.reason_zh if lang == "zh" else site.reason_en,
    )


def _candidate_line(
    report: Report,
    identity: str,
    record: dict[str, Any],
    score: CandidateScore | None,
    chosen: set[str],
) -> CandidateLine:
    lang = report.lang
    sentence = ""
    if score is not None:
        sentence = score.sentence_zh if lang == "zh" else score.sentence_en
    return CandidateLine(
        id=identity,
        name=name_or_id(record, identity),
        town=text(record, "town"),
        kind=label("kinds", text(record, "kind"), lang),
        host=label("host_types", text(record, "host_type"), lang),
        state=label("states", text(record, "state"), lang),
        rule=_deciding_rule(report, score),
        evidence=score.evidence[0] if score is not None and score.evidence else None,
        points=score.points if score is not None else None,
        rank=score.rank if score is not None else None,
        sentence=sentence,
        selected=identity in chosen,
        highlighted=identity in report.highlight_ids,
    )


def _deciding_rule(report: Report, score: CandidateScore | None) -> str:
    if score is None:
        return ""
    if score.evidence:
        return rule_name(report, score.evidence[0].area_type)
    return report.say("list_joint").join(rule_name(report, kind) for kind in score.area_types)
