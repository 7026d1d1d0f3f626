"""The plan and the candidates: sentences, and rows as they are printed."""

from dataclasses import dataclass
from typing import Any

from reports.figures.names import (
    candidate_rows,
    label,
    measure_name,
    name_or_id,
    rule_name,
    text,
    unit_name,
    who,
)
from reports.report import Report
from siting.plan_results import PlanResult, SelectedSite
from siting.plans.goals.lines import goal_sentence
from siting.results import CandidateScore, Evidence, plain
from words import Lang, count, percent, round_up, say, yuan

_WHOLE_FROM = 100
_NAMES = "\0"
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
        points=moved_points(before, after),
    )
    assumed = sum(site.cost_assumed for site in plan.selected)
    key = (
        "plan_cost_assumed" if assumed and not _told_assumed(remark, assumed, lang) else "plan_cost"
    )
    cost = report.say(key, cost=yuan(plan.cost_yuan, lang), assumed=count(assumed, lang))
    return gain, bound_sentence(report, plan), cost, *remarks


def _told_assumed(remark: str, number: int, lang: Lang) -> bool:
    """Tell whether the remark names the sites with assumed costs already."""
    sentence = say("siting.plan.assumed", lang, count=number, names=_NAMES)
    return sentence.partition(_NAMES)[0] in remark


def plan_brief(report: Report, plan: PlanResult) -> str:
    """Say what the plan adds and costs, in one sentence without how it was found."""
    if not plan.selected:
        return report.say(f"plan_empty.{plan.status}")
    effect = plan.effective
    facts = {
        "new": count(len(plan.selected), report.lang),
        "before": percent(_share(plan.workers_covered_before, plan)),
        "after": percent(_share(plan.workers_covered_after, plan)),
        "cost": yuan(plan.cost_yuan, report.lang),
    }
    if effect is None:
        return report.say("plan_short", **facts)
    return report.say(
        "plan_short_effective",
        effective_before=percent(effect.before.coverage),
        effective_after=percent(effect.after.coverage),
        **facts,
    )


def bound_sentence(report: Report, plan: PlanResult) -> str:
    """Say how far at most the plan is from the best one; rounded up, as it is a promise."""
    if plan.status == "infeasible":
        return report.say("plan_empty.infeasible")
    if plan.status == "given":
        return report.say("bound_given")
    if plan.goal is not None:
        return goal_sentence(plan, plan.goal, report.lang)
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


def unattached_names(report: Report) -> list[str]:
    """Return the candidates that streets do not reach, each with why."""
    found = candidate_rows(report)
    return [
        report.say(
            "unattached_one",
            name=name_or_id(found.get(identity, {}), identity),
            why=say(f"siting.unattached.{why}", report.lang),
        )
        for identity, why in report.unattached_candidates.items()
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


def moved_points(before: float, after: float) -> str:
    """Write how far a share moves in percentage points: the difference of the two as printed."""
    return f"{float(percent(after)[:-1]) - float(percent(before)[:-1]):.1f}"


def at_most_points(share: float) -> str:
    """Write a difference of shares in percentage points, rounded up: it follows "at most"."""
    return f"{round_up(share * 100, 1):.1f}"


def _figure(value: float) -> str:
    """Write a measured figure: one decimal where it is small."""
    return f"{round(value):,}" if abs(value) >= _WHOLE_FROM else f"{plain(round(value, 1)):,}"


def _share(workers: float, plan: PlanResult) -> float:
    return workers / plan.workers_total if plan.workers_total else 0.0


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
        sentence = score.says(lang)
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
