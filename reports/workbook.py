"""The Excel annex: one sheet per list, all figures as numbers."""

from collections.abc import Callable

from geo.catchments import STRAIGHT_LINE_FACTOR
from reports import figures, plan_served, plan_spares, served
from reports.levels import total_line
from reports.report import Report
from reports.sheets import make_sheet, method_notes, told, yes_no
from reports.shown import hidden_points, mark, small_cells_sentence, town_lines
from reports.tables import Cell, Kind, Sheet, Value, write_sheets
from reports.workbook_beside import beside_sheets
from reports.workbook_served import served_sheets
from reports.workbook_year import station_sheet, year_sheets
from siting.adding_up import whole_levels
from siting.coverage.levels import Level
from siting.plan_results import PlanResult
from siting.results import ShareRow
from words import day, round_up, say


def workbook_bytes(report: Report) -> bytes:
    """Return annex.xlsx; the same report has the same bytes."""
    return write_sheets(
        annex_sheets(report),
        title=report.heading,
        made_on=report.made_on,
        lang=report.lang,
        empty=report.say("none"),
    )


def annex_sheets(report: Report) -> list[Sheet]:
    """Return the sheets of the annex in their order."""
    before = (_towns, station_sheet, _candidates, _plan)
    after = (_plan_effect, _spares, _unreached, _sources)
    return [
        _overview(report),
        *year_sheets(report),
        *served_sheets(report),
        *(make(report) for make in before),
        *beside_sheets(report),
        *(make(report) for make in after),
    ]


def _overview(report: Report) -> Sheet:
    result = report.coverage
    rows: list[tuple[str, Cell, str]] = []

    def add(key: str, value: Value, kind: Kind = "text", note: str = "") -> None:
        rows.append((figures.item_name(report, key), Cell(value, kind), note))

    add("district", report.heading)
    add("made_on", day(report.made_on, report.lang))
    add("stations", result.stations, "count")
    add("workers", result.workers_total, "count")
    _add_served(report, add)
    add("covered", result.workers_covered, "count")
    add("coverage", result.coverage, "percent", figures.measure_sentence(report))
    whole: Kind = "count" if float(result.cutoff_m).is_integer() else "number"
    add("cutoff", result.cutoff_m, whole, figures.method_sentence(report))
    method = report.say(f"overview.{result.method}", factor=STRAIGHT_LINE_FACTOR)
    add("method", method, note=figures.scope_sentence(report))
    if result.bracket is not None:
        straight = result.bracket.coverage_straight_line
        add("coverage_straight", straight, "percent", *figures.bracket_sentences(report))
    if report.parameters.standard:
        add("standard", report.parameters.standard)
    add("unsnapped", result.unsnapped_workers, "count")
    add("unreachable", len(result.unreachable_stations), "count")
    add("unattached", len(report.unattached_candidates), "count")
    if report.plan is not None:
        rows += _plan_overview(report, report.plan)
    add("hash", report.scenario_hash, note=report.say("internal"))
    return make_sheet(
        report,
        "overview",
        [("item", "text"), ("value", "text"), ("note", "text")],
        rows,
        notes=served.headline_sentences(report),
        filtered=False,
    )


def _add_served(report: Report, add: Callable[[str, Value, Kind, str], None]) -> None:
    """Add effective coverage, the headline first."""
    line = total_line(report)
    terms = served.terms_sentence(report)
    if not report.effective.effective.terms.weather.mild:
        add("workers_weighted", line.workers, "count", "")
    add("effective", line.verified, "count", "")
    add("effective_share", report.effective.effective.total.coverage, "percent", terms)
    shut = report.effective.door_shut
    if shut is not None:
        said = served.door_sentences(report)
        add("door_shut", round_up(shut * 100, 1) / 100, "percent", *said)
    add("unverified", line.unverified, "count", "")
    add("uncovered", line.uncovered, "count", "")
    add("not_on_record", report.effective.stations_unverified, "count", "")


def _proof(report: Report, plan: PlanResult) -> list[tuple[str, Cell, str]]:
    """Return how near the best a plan is, in the figure that it seeks."""
    said = figures.bound_sentence(report, plan)
    if plan.goal is None:
        return [
            ("bound", Cell(plan.bound_workers, "count"), said),
            ("gap", Cell(round_up(plan.gap * 100, 1) / 100, "percent"), ""),
        ]
    gap = plan.goal.gap
    share = None if gap is None else round_up(gap * 100, 1) / 100
    return [("gap", Cell(share, "percent"), said)]


def _plan_overview(report: Report, plan: PlanResult) -> list[tuple[str, Cell, str]]:
    after = plan.workers_covered_after
    share = after / plan.workers_total if plan.workers_total else 0.0
    entries: list[tuple[str, Cell, str]] = [
        ("new", Cell(len(plan.selected), "count"), ""),
        ("covered_after", Cell(after, "count"), ""),
        ("coverage_after", Cell(share, "percent"), ""),
        *_proof(report, plan),
        ("cost", Cell(plan.cost_yuan, "yuan"), ""),
    ]
    effect = plan_served.effect_of(report)
    if effect is not None:
        verified = whole_levels(effect.after)[Level.VERIFIED]
        said = report.say("sentence_joint").join(plan_served.effect_sentences(report))
        entries[3:3] = [
            ("effective_after", Cell(verified, "count"), ""),
            ("effective_share_after", Cell(effect.after.coverage, "percent"), said),
        ]
    return [(figures.item_name(report, key), cell, note) for key, cell, note in entries]


def _towns(report: Report) -> Sheet:
    result = report.coverage
    after = report.plan.after if report.plan is not None else None
    printed = town_lines(report)
    total = ShareRow("", result.workers_total, result.workers_covered)
    columns: list[tuple[str, Kind]] = [
        ("town", "text"),
        ("workers", "count"),
        ("covered", "count"),
        ("coverage", "percent"),
    ]
    rows: list[list[Value | Cell]] = [
        [figures.town_name(report, row.name), *map(told, (row.workers, row.covered, row.coverage))]
        for row in printed
    ]
    totals: list[Value | Cell] = [
        report.say("total"),
        total.workers,
        total.covered,
        result.coverage,
    ]
    if after is not None:
        columns += [("covered_after", "count"), ("coverage_after", "percent")]
        for cells, row in zip(rows, printed, strict=True):
            cells += [told(row.covered_after), told(row.coverage_after)]
        totals += [after.workers_covered, after.coverage]
    return make_sheet(
        report,
        "towns",
        columns,
        rows,
        totals=totals,
        notes=[figures.headline(report), *method_notes(report), small_cells_sentence(report)],
    )


def _candidates(report: Report) -> Sheet:
    rows = []
    for line in figures.candidate_lines(report):
        evidence = line.evidence
        rows.append(
            (
                line.rank,
                line.id,
                line.name,
                line.town,
                line.kind,
                line.host,
                line.state,
                line.rule,
                figures.measure_name(report, evidence.measure) if evidence else "",
                evidence.subject if evidence else "",
                evidence.value if evidence else None,
                figures.unit_name(report, evidence.unit) if evidence else "",
                yes_no(report, answer=evidence.proxy) if evidence else "",
                line.points,
                yes_no(report, answer=line.selected),
                line.sentence,
            )
        )
    columns: list[tuple[str, Kind]] = [
        ("rank", "count"),
        ("id", "text"),
        ("name", "text"),
        ("town", "text"),
        ("kind", "text"),
        ("host", "text"),
        ("state", "text"),
        ("rule", "text"),
        ("measure", "text"),
        ("subject", "text"),
        ("evidence_value", "number"),
        ("evidence_unit", "text"),
        ("proxy", "text"),
        ("points", "number"),
        ("selected", "text"),
        ("sentence", "text"),
    ]
    return make_sheet(report, "candidates", columns, rows, notes=method_notes(report))


def _plan(report: Report) -> Sheet:
    columns: list[tuple[str, Kind]] = [
        ("order", "count"),
        ("id", "text"),
        ("name", "text"),
        ("town", "text"),
        ("kind", "text"),
        ("host", "text"),
        ("area_rule", "text"),
        ("workers_gained", "count"),
        ("cost", "yuan"),
        ("cost_assumed", "text"),
        ("blanks_assumed", "text"),
        ("reason", "text"),
    ]
    if report.plan is None:
        return make_sheet(
            report, "plan", columns, [], notes=[report.say("no_plan"), *method_notes(report)]
        )
    assumed = plan_served.assumed_names(report)
    rows = [
        (
            line.order,
            line.id,
            line.name,
            line.town,
            line.kind,
            line.host,
            line.rule,
            line.workers_gained,
            line.cost_yuan,
            yes_no(report, answer=line.cost_assumed),
            assumed.get(line.id, ("", ""))[1],
            line.reason,
        )
        for line in figures.plan_lines(report)
    ]
    gained = sum(site.workers_gained for site in report.plan.selected)
    totals = [report.say("total"), *[None] * 6, gained, report.plan.cost_yuan, *[None] * 3]
    notes = [
        *figures.plan_sentences(report, report.plan),
        *plan_served.effect_sentences(report),
        *method_notes(report),
    ]
    return make_sheet(report, "plan", columns, rows, totals=totals if rows else None, notes=notes)


def _plan_effect(report: Report) -> Sheet:
    """Return what the plan is of use once its sites are open."""
    rows = [
        (line.name, line.now, line.after, line.change)
        for line in plan_served.effect_lines_by_level(report)
    ]
    columns: list[tuple[str, Kind]] = [
        ("item", "text"),
        ("now", "count"),
        ("after", "count"),
        ("change", "count"),
    ]
    said = plan_served.effect_sentences(report) or (report.say("no_plan_effect"),)
    notes = [*said, served.terms_sentence(report), figures.measure_sentence(report)]
    return make_sheet(report, "plan_effect", columns, rows, notes=notes, filtered=False)


def _spares(report: Report) -> Sheet:
    """Return who could stand in where a host of the plan declines."""
    columns: list[tuple[str, Kind]] = [
        ("order", "count"),
        ("spare_of", "text"),
        ("spare_number", "count"),
        ("spare", "text"),
        ("host", "text"),
        ("spare_walk", "text"),
        ("spare_keeps", "text"),
        ("consent", "text"),
    ]
    rows = [
        (line.order, line.site, line.number or None, *plan_spares.spare_cells(report, line))
        for line in plan_spares.spare_lines(report)
    ]
    notes = [report.say("spares_meant" if rows else "no_spares"), *method_notes(report)]
    return make_sheet(report, "plan_spares", columns, rows, notes=notes)


def _unreached(report: Report) -> Sheet:
    result = report.coverage
    workers: dict[str, Value | Cell] = {
        identity: told(mark(report, number) if hide_it else number)
        for identity, number, hide_it in zip(
            result.point_id, result.point_workers.tolist(), hidden_points(report), strict=True
        )
    }
    towns = figures.first_towns(report.inputs.demand)
    stations = figures.station_rows(report)
    rows: list[tuple[Value | Cell, ...]] = [
        (
            report.say("unreached.demand"),
            identity,
            "",
            towns.get(identity, ""),
            workers.get(identity),
            report.say("unreached.demand_note"),
        )
        for identity in result.unsnapped_demand
    ]
    for identity in result.unreachable_stations:
        record = stations.get(identity, {})
        rows.append(
            (
                report.say("unreached.station"),
                identity,
                figures.text(record, "name"),
                figures.text(record, "town"),
                None,
                report.say("unreached.station_note"),
            )
        )
    candidates = figures.candidate_rows(report)
    for identity, why in report.unattached_candidates.items():
        record = candidates.get(identity, {})
        rows.append(
            (
                report.say("unreached.candidate"),
                identity,
                figures.text(record, "name"),
                figures.text(record, "town"),
                None,
                report.say(
                    "unreached.candidate_note", why=say(f"siting.unattached.{why}", report.lang)
                ),
            )
        )
    columns: list[tuple[str, Kind]] = [
        ("what", "text"),
        ("id", "text"),
        ("name", "text"),
        ("town", "text"),
        ("workers", "count"),
        ("note", "text"),
    ]
    notes = (*figures.unreached_sentences(report), small_cells_sentence(report))
    return make_sheet(report, "unreached", columns, rows, notes=notes)


def _sources(report: Report) -> Sheet:
    rows = [
        (
            figures.layer_name(report, credit.layer),
            figures.source_text(report, credit),
            figures.licence_text(report, credit),
            credit.date,
            yes_no(report, answer=credit.synthetic),
            credit.sha256,
        )
        for credit in report.credits
    ]
    columns: list[tuple[str, Kind]] = [
        ("layer", "text"),
        ("source", "text"),
        ("licence", "text"),
        ("date", "text"),
        ("synthetic", "text"),
        ("sha256", "text"),
    ]
    return make_sheet(report, "sources", columns, rows, notes=[figures.method_sentence(report)])
