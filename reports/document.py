"""What is printed: a page of sentences with one table, then the lists, then how it was reckoned."""

from collections.abc import Sequence

from reports import figures, plan_served, plan_spares, served, year
from reports.blocks import Block
from reports.document_beside import write_beside
from reports.document_served import write_first_table, write_served
from reports.document_year import write_ledger, write_year
from reports.drawn import scene_of
from reports.figures import CandidateLine, PlanLine
from reports.outline import Columns, Outline
from reports.report import Report
from reports.shown import small_cells_sentence, town_lines
from reports.static_map import map_plate
from siting.plan_results import PlanResult
from words import count, percent


def document_blocks(report: Report) -> list[Block]:
    """Return everything that is printed, from top to bottom; Word and PDF print the same."""
    outline = Outline(report)
    _write_first(outline)
    write_ledger(outline)
    _write_siting(outline)
    _write_map(outline)
    _write_method(outline)
    _write_signatures(outline)
    return outline.blocks


def first_blocks(report: Report) -> list[Block]:
    """Return the blocks of the first page, and some more: a page is never taken for full."""
    outline = Outline(report)
    _write_first(outline)
    return outline.blocks


def document_bytes(report: Report) -> bytes:
    """Return report.docx; the same report has the same bytes."""
    # Late: neither the app when it starts nor the PDF needs the word processor.
    from reports.typography import printed  # noqa: PLC0415

    return printed(
        document_blocks(report),
        report.heading,
        lang=report.lang,
        made_on=report.made_on,
        template=report.template,
    )


def pdf_bytes(report: Report) -> bytes:
    """Return report.pdf: the same blocks; the same report has the same bytes, in our fonts."""
    # Late: the app must not load the typesetter when it starts.
    from reports.pdf import print_pdf  # noqa: PLC0415

    return print_pdf(
        document_blocks(report), report.heading, lang=report.lang, made_on=report.made_on
    )


def _write_first(outline: Outline) -> None:
    """Write the title, the first page and the sections on what stands."""
    outline.title()
    _write_summary(outline)
    write_year(outline)
    write_served(outline)


def _write_summary(outline: Outline) -> None:
    """Write the first page: sentences, one table, and who answers for them."""
    report = outline.report
    outline.section("summary")
    outline.write(
        served.headline_sentence(report),
        year.year_sentence(report),
        *served.worst_sentences(report),
    )
    if report.plan is not None:
        outline.write(figures.plan_brief(report, report.plan))
    write_first_table(outline)
    outline.notes(*year.basis_sentences(report))


def _write_siting(outline: Outline) -> None:
    """Write the plan, what it does for the units, and the candidates it was chosen from."""
    report, plan = outline.report, outline.report.plan
    outline.section("siting")
    outline.part("plan")
    if plan is None:
        outline.write(report.say("no_plan"))
    else:
        outline.write(*figures.plan_sentences(report, plan))
        if plan.selected:
            outline.note(report.say("plan_nominal"))
            _plan_table(outline, plan, figures.plan_lines(report))
            _effect(outline)
            write_beside(outline)
            _spares(outline)
        if plan.after is not None and any(row.name for row in plan.after.towns):
            outline.part("plan_towns")
            _town_table(outline, plan)
    outline.part("candidates")
    _candidate_table(outline, figures.printed_candidates(report))


def _write_map(outline: Outline) -> None:
    """Write the map with its notes, where there is anything to draw."""
    scene = scene_of(outline.report)
    if scene is None:
        return
    outline.section("map")
    outline.figure("map_planned" if scene.plan else "map", map_plate(scene))
    outline.notes(*scene.notes)


def _write_method(outline: Outline) -> None:
    """Write definitions, parameters, sources."""
    report = outline.report
    outline.section("method")
    outline.part("definitions")
    outline.write(
        report.say("served.definition"),
        figures.method_sentence(report),
        *figures.bracket_sentences(report),
        figures.measure_sentence(report),
        figures.scope_sentence(report),
        report.say("definitions"),
        report.say("rounding"),
        small_cells_sentence(report),
    )
    outline.part("parameters")
    _parameter_table(outline)
    outline.part("sources")
    _source_table(outline)


def _write_signatures(outline: Outline) -> None:
    """Write who is to sign, and what this paper is not."""
    report = outline.report
    blank = report.say("blank")
    signatures = report.say(
        "signatures",
        compiled_by=report.compiled_by or blank,
        reviewed_by=report.reviewed_by or blank,
    )
    outline.paragraph("Signature Line", signatures)
    outline.paragraph("Note", report.say("map_use", use=report.internal) + report.say("internal"))


def _town_table(outline: Outline, plan: PlanResult) -> None:
    """Write nominal coverage by unit, today and with the plan."""
    columns: Columns = [
        ("town", 54.0, "left"),
        ("coverage", 32.0, "right"),
        ("covered_after", 38.0, "right"),
        ("coverage_after", 32.0, "right"),
    ]
    rows = [
        [
            figures.town_name(outline.report, row.name),
            outline.share(row.coverage),
            outline.counted(row.covered_after),
            outline.share(row.coverage_after),
        ]
        for row in town_lines(outline.report)
    ]
    after = plan.workers_covered_after
    totals = [
        outline.report.say("total"),
        percent(outline.report.coverage.coverage),
        count(after, outline.report.lang),
        percent(after / plan.workers_total if plan.workers_total else 0.0),
    ]
    outline.table("towns", columns, rows, totals)


def _plan_table(outline: Outline, plan: PlanResult, lines: Sequence[PlanLine]) -> None:
    report, lang = outline.report, outline.report.lang
    columns: Columns = [
        ("order", 13.0, "center"),
        ("name", 24.0, "left"),
        ("town", 18.0, "left"),
        ("area_rule", 17.0, "left"),
        ("workers_gained", 16.0, "right"),
        ("cost", 21.0, "right"),
        ("reason", 47.0, "left"),
    ]
    rows = [
        [
            str(line.order),
            line.name,
            line.town,
            line.rule,
            count(line.workers_gained, lang),
            _cost(report, line),
            line.reason,
        ]
        for line in lines
    ]
    gained = sum(site.workers_gained for site in plan.selected)
    totals = [
        report.say("total"),
        *[""] * 3,
        count(gained, lang),
        f"{plan.cost_yuan:,}",
        "",
    ]
    outline.table("plan", columns, rows, totals)


def _effect(outline: Outline) -> None:
    """Write what the plan is of use once its sites are open."""
    report, effect = outline.report, plan_served.effect_of(outline.report)
    if effect is None:
        return
    outline.part("plan_effect")
    for sentence in plan_served.effect_sentences(report):
        outline.note(sentence)
    columns: Columns = [
        ("item", 72.0, "left"),
        ("now", 28.0, "right"),
        ("after", 28.0, "right"),
        ("change", 28.0, "right"),
    ]
    rows = [
        [line.name, count(line.now, report.lang), count(line.after, report.lang), line.signed]
        for line in plan_served.effect_lines_by_level(report)
    ]
    share = [figures.column_name(report, "effective_share")]
    totals = [*share, *plan_served.coverage_moved(report, effect)]
    outline.table("plan_effect", columns, rows, totals)


def _spares(outline: Outline) -> None:
    """Write who could stand in where a host of the plan declines."""
    report = outline.report
    lines = plan_spares.spare_lines(report, plan_spares.PRINTED)
    if not lines:
        return
    outline.part("plan_spares")
    if not any(line.number for line in lines):
        outline.write(report.say("no_spare_anywhere"))
        return
    outline.note(report.say("spares_meant"))
    columns: Columns = [
        ("order", 12.0, "center"),
        ("spare_of", 34.0, "left"),
        ("spare", 44.0, "left"),
        ("host", 24.0, "left"),
        ("spare_walk", 20.0, "right"),
        ("spare_keeps", 22.0, "right"),
    ]
    rows = [
        [str(line.order), line.site, *plan_spares.spare_cells(report, line)[:4]] for line in lines
    ]
    outline.table("plan_spares", columns, rows)


def _cost(report: Report, line: PlanLine) -> str:
    cost = f"{line.cost_yuan:,}"
    return report.say("assumed_mark", cost=cost) if line.cost_assumed else cost


def _candidate_table(outline: Outline, lines: Sequence[CandidateLine]) -> None:
    report = outline.report
    columns: Columns = [
        ("rank", 12.0, "center"),
        ("name", 32.0, "left"),
        ("town", 22.0, "left"),
        ("rule", 21.0, "left"),
        ("evidence", 43.0, "left"),
        ("points", 14.0, "right"),
        ("selected", 12.0, "center"),
    ]
    rows = [
        [
            str(line.rank) if line.rank is not None else "",
            line.name,
            line.town,
            line.rule,
            figures.evidence_text(report, line.evidence),
            f"{line.points:.1f}" if line.points is not None else "",
            report.say("yes") if line.selected else "",
        ]
        for line in lines
    ]
    total = count(len(figures.candidate_lines(report)), report.lang)
    printed = count(len(lines), report.lang)
    outline.note(report.say("candidates_note", printed=printed, total=total))
    outline.table("candidates", columns, rows)


def _parameter_table(outline: Outline) -> None:
    columns: Columns = [("item", 34.0, "left"), ("value", 122.0, "left")]
    report = outline.report
    rows = [*served.term_rows(report), *figures.parameter_rows(report)]
    outline.table("parameters", columns, rows)


def _source_table(outline: Outline) -> None:
    report = outline.report
    columns: Columns = [
        ("layer", 28.0, "left"),
        ("source", 66.0, "left"),
        ("licence", 38.0, "left"),
        ("date", 24.0, "left"),
    ]
    rows = [
        [
            figures.layer_name(report, credit.layer),
            figures.source_text(report, credit),
            figures.licence_text(report, credit) or report.say("not_stated"),
            credit.date or report.say("not_stated"),
        ]
        for credit in report.credits
    ]
    # Nobody signs an empty page: the last table goes along with the signatures.
    outline.table("sources", columns, rows, signed=True)
